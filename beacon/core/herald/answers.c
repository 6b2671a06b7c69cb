/* answers.c -- the ears: when the questions that wait are answered, and when they must not be. */
#include <stdlib.h>
#include <string.h>

#include "herald/internal.h"

/* At most 50 answering ticks a second and ear. */
static const int64_t APART_NS = 20 * NS_PER_MS;
/* None shortly before a regular tick, which the whole crowd would otherwise wait behind. */
static const int64_t QUIET_NS = 20 * NS_PER_MS;
/* utc and mono are read one after the other; further apart than this they have parted. */
static const int64_t STEP_NS = 100 * NS_PER_US;

static int64_t ahead_of_mono(const struct herald_clocks *clocks)
{
    return clocks->utc.ns - clocks->mono.ns;
}

/* Both stamps must be of one clock that was right all along: `error` is what it is now. */
static bool is_one_clock(const struct herald *herald, const struct herald_ear *ear,
                         const struct herald_clocks *clocks)
{
    if (!clocks->has_error || llabs(ahead_of_mono(clocks) - ear->ahead_ns) > STEP_NS) {
        return false;
    }
    /* Inside a leap second, and a second on both sides, there may be two moments of one name. */
    utc before = {ear->asked.ns - NS_PER_S}, after = {clocks->utc.ns + NS_PER_S};
    return !clocks->is_leap_near && leap_tai_minus_utc(herald->leap, before, NULL) ==
                                        leap_tai_minus_utc(herald->leap, after, NULL);
}

/* The earliest moment for the next answering tick. */
static utc next_answer(const struct herald *herald, const struct herald_ear *ear, utc now)
{
    utc at = now;
    int64_t since_ns = utc_since(now, ear->answered).ns;
    if (ear->has_answered && since_ns >= 0 && since_ns < APART_NS) {
        at.ns = ear->answered.ns + APART_NS;
    }
    if (at.ns > herald->due.ns - QUIET_NS) { /* after that tick, then, which moves `due` on */
        at.ns = herald->due.ns > now.ns ? herald->due.ns : now.ns + NS_PER_MS;
    }
    return at;
}

void herald_answer_when_due(struct herald *herald, const struct herald_event *event,
                            struct herald_update *update)
{
    utc now = event->clocks.utc;
    for (size_t i = 0; i < HERALD_LINKS_MAX; i++) {
        if (!herald->ear[i].is_asked) {
            continue;
        }
        int64_t wait_ns = utc_since(next_answer(herald, &herald->ear[i], now), now).ns;
        if (wait_ns == 0 && event->kind == HERALD_ATTEND) {
            update->answer |= UINT32_C(1) << i;
        } else if (!update->has_attend || wait_ns < update->attend.ns) {
            update->has_attend = true;
            update->attend.ns = wait_ns;
        }
    }
}

static void on_answer(struct herald *herald, const struct herald_event *event,
                      struct herald_update *update)
{
    struct herald_ear *ear = &herald->ear[event->link];
    ear->is_asked = false;
    if (!is_one_clock(herald, ear, &event->clocks)) {
        return;
    }
    struct tick tick = {.has_echo = true};
    memcpy(tick.echo, event->echo, sizeof tick.echo);
    if (herald_sign(herald, &ear->session, &event->clocks, &tick, update)) {
        ear->has_answered = true;
        ear->answered = event->clocks.utc;
    }
}

void herald_answer_step(struct herald *herald, const struct herald_event *event,
                        struct herald_update *update)
{
    struct herald_ear *ear = &herald->ear[event->link];
    switch (event->kind) {
    case HERALD_EAR_UP:
        *ear = (struct herald_ear){0};
        herald_open_session(&ear->session, event->session);
        break;
    case HERALD_EAR_DOWN:
        *ear = (struct herald_ear){0};
        break;
    case HERALD_ASKED:
        ear->is_asked = ear->session.is_up && herald->is_beacon;
        ear->ahead_ns = ahead_of_mono(&event->clocks);
        ear->asked = event->clocks.utc;
        break;
    case HERALD_ANSWER:
        on_answer(herald, event, update);
        break;
    case HERALD_ATTEND:
    case HERALD_VIEW:
    case HERALD_LINK_UP:
    case HERALD_LINK_DOWN:
    case HERALD_WAKE:
    case HERALD_STAMP:
        break;
    }
}
