#include "herald/herald.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "herald/internal.h"

/* The sleep is short, so that a step of the clock is noticed soon. */
static const int64_t nap_ns = 5 * NS_PER_S;
/* The view is taken afresh this often, and sooner when more was coming than the list holds. */
static const int64_t view_ns = 600 * NS_PER_S;

void herald_init(struct herald *herald, const struct record_id *root,
                 const struct trust_secret *secret, const struct leap_table *leap,
                 enum cadence cadence)
{
    *herald = (struct herald){.root = *root, .secret = secret, .leap = leap, .cadence = cadence};
    struct record_public_key key;
    trust_secret_public(secret, &key);
    herald->key = key.id;
    herald->last_stamp.ns = INT64_MIN;
}

static utc next_due(const struct herald *herald, utc now)
{
    utc starts[HERALD_OCCURRENCES_MAX];
    return cadence_next(herald->cadence, now, starts, herald_starts(herald, starts));
}

static uint32_t links_up(const struct herald *herald)
{
    uint32_t up = 0;
    for (size_t i = 0; i < HERALD_LINKS_MAX; i++) {
        up |= (uint32_t)herald->link[i].is_up << i;
    }
    return up;
}

static enum herald_news_kind in_force_kind(const struct herald *herald)
{
    return herald->is_beacon ? HERALD_IN_FORCE : HERALD_NOT_NAMED;
}

static bool is_same(const struct herald_news *a, const struct herald_news *b)
{
    return a->kind == b->kind && a->in_force == b->in_force &&
           (a->kind == HERALD_NOT_NAMED ||
            (a->has_t0 == b->has_t0 && (!a->has_t0 || a->t0.ns == b->t0.ns)));
}

static void on_view(struct herald *herald, const struct herald_event *event,
                    struct herald_update *update)
{
    utc now = event->clocks.utc;
    const struct herald_news before = herald_awaited(herald, now, in_force_kind(herald));
    bool was_told = herald->was_told;
    herald_take_view(herald, event->view, now);
    herald->was_told = true;
    herald->view_until.ns = now.ns + view_ns;
    if (herald->is_cut) { /* well before what fell out of the list comes near */
        utc last = herald->occurrence[HERALD_OCCURRENCES_MAX / 2].t0;
        if (last.ns < herald->view_until.ns) {
            herald->view_until.ns = last.ns > now.ns + NS_PER_S ? last.ns : now.ns + NS_PER_S;
        }
    }
    const struct herald_news after = herald_awaited(herald, now, in_force_kind(herald));
    if (!was_told || !is_same(&before, &after)) {
        update->news = after;
    }
    utc due = next_due(herald, now);
    if (!was_told) {
        herald->due = now; /* whoever is connected hears of it at once */
    } else if (due.ns < herald->due.ns) {
        herald->due = due;
    }
}

static void on_wake(struct herald *herald, const struct herald_event *event,
                    struct herald_update *update)
{
    utc now = event->clocks.utc;
    if (herald->was_told && now.ns >= herald->view_until.ns) {
        herald->view_until.ns = now.ns + view_ns;
        update->wants_view = true;
    }
    utc next = next_due(herald, now);
    if (herald->due.ns > next.ns) {
        herald->due = next; /* the clock was set back: what was due then is too far away now */
    }
    if (now.ns < herald->due.ns) {
        return;
    }
    herald->due = next;
    if (!herald->was_told || !herald->is_beacon) {
        return;
    }
    update->send = links_up(herald);
    update->news = herald_awaited(herald, now, update->send == 0 ? HERALD_UNHEARD : HERALD_TICKED);
    if (update->send != 0) {
        update->news.number = herald->ticks++;
    }
}

static void on_stamp(struct herald *herald, const struct herald_event *event,
                     struct herald_update *update)
{
    utc now = event->clocks.utc;
    struct tick tick = {0};
    int64_t until_next = utc_since(herald->due, now).ns;
    tick.next_ms = until_next > 0 ? (uint32_t)(until_next / NS_PER_MS) : 0;
    tick.window_count = herald_nearest(herald, now, tick.window);
    if (!herald_sign(herald, &herald->link[event->link], &event->clocks, &tick, update)) {
        return;
    }
    utc starts[HERALD_OCCURRENCES_MAX];
    update->expiry_s = cadence_expiry_s(
        cadence_period(herald->cadence, now, starts, herald_starts(herald, starts)));
    if (now.ns < herald->last_stamp.ns) {
        update->news = (struct herald_news){.kind = HERALD_CLOCK_BACK,
                                            .left = utc_since(herald->last_stamp, now)};
    }
    herald->last_stamp = now;
}

void herald_step(struct herald *herald, const struct herald_event *event,
                 struct herald_update *update)
{
    *update = (struct herald_update){0};
    assert(event->link < HERALD_LINKS_MAX);
    switch (event->kind) {
    case HERALD_VIEW:
        on_view(herald, event, update);
        break;
    case HERALD_LINK_UP:
        herald_open_session(&herald->link[event->link], event->session);
        if (herald->was_told && herald->is_beacon) {
            update->send = UINT32_C(1) << event->link;
        }
        break;
    case HERALD_LINK_DOWN:
        herald->link[event->link].is_up = false;
        break;
    case HERALD_WAKE:
        on_wake(herald, event, update);
        break;
    case HERALD_STAMP:
        on_stamp(herald, event, update);
        break;
    case HERALD_EAR_UP:
    case HERALD_EAR_DOWN:
    case HERALD_ASKED:
    case HERALD_ATTEND:
    case HERALD_ANSWER:
        herald_answer_step(herald, event, update);
        break;
    }
    int64_t sleep = utc_since(herald->due, event->clocks.utc).ns;
    sleep = sleep < NS_PER_MS ? NS_PER_MS : sleep;
    update->wake.ns = !herald->was_told || sleep > nap_ns ? nap_ns : sleep;
    herald_answer_when_due(herald, event, update);
}
