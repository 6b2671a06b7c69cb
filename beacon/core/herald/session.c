/* session.c -- a connection's own row of ticks: numbered, and each naming the one before. */
#include <string.h>

#include "herald/internal.h"

void herald_open_session(struct herald_session *session, const uint8_t id[static 8])
{
    *session = (struct herald_session){.is_up = true};
    memcpy(session->id, id, sizeof session->id);
}

bool herald_sign(struct herald *herald, struct herald_session *session,
                 const struct herald_clocks *clocks, struct tick *tick,
                 struct herald_update *update)
{
    if (!session->is_up || !utc_is_in_range(clocks->utc)) {
        return false;
    }
    memcpy(tick->root, herald->root.bytes, sizeof tick->root);
    memcpy(tick->session, session->id, sizeof tick->session);
    tick->counter = session->counter;
    tick->time = clocks->utc;
    tick->has_error = clocks->has_error;
    tick->error_ns = clocks->has_error ? clocks->error_ns : 0;
    tick->has_tai = clocks->has_tai && clocks->tai_minus_utc_s >= TICK_TAI_MIN_S &&
                    clocks->tai_minus_utc_s <= TICK_TAI_MAX_S;
    tick->tai_minus_utc_s = tick->has_tai ? clocks->tai_minus_utc_s : 0;
    tick->has_previous = session->counter > 0;
    memcpy(tick->previous, session->previous, sizeof tick->previous);
    update->tick_size = tick_write(tick, herald->secret, update->tick);
    tick_hash(update->tick, update->tick_size, session->previous);
    session->is_up = session->counter < UINT32_MAX; /* 27 years at five a second */
    session->counter += session->is_up;
    return true;
}
