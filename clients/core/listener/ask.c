/* ask.c -- when a beacon is asked for the time, and which. */
#include <string.h>

#include "listener/internal.h"

enum {
    BURST = 8,          /* at first, and as many share one topic */
    ENOUGH = 16,        /* with fewer asked they come closer together */
    BEACONS_ASKED = 3,  /* of one root, unless more are needed to prove anything */
    UNANSWERED_MAX = 8, /* then another beacon is tried */
};
static const int64_t BURST_NS = 3 * NS_PER_S;
static const int64_t GAP_NS = 10 * NS_PER_S, SHORT_GAP_NS = 400 * NS_PER_MS;
/* Those of the first three seconds say how far the clock is off, not how fast it runs. */
static const int64_t FEW_GAP_NS = 8 * NS_PER_S;
static const int64_t LONGEST_GAP_NS = 3600 * NS_PER_S;
/* So close to T-0 an answer would come too late to be thought about. */
static const int64_t LAST_NS = 8 * NS_PER_S, LAST_OF_FEW_NS = 3500 * NS_PER_MS;
/* From a question to its answer: what a start waits for at most. */
static const int64_t ANSWER_NS = 2 * NS_PER_S;
static const int64_t SOON_NS = 10 * NS_PER_S; /* whoever alarms us makes us ask no more often */

void ask_anew(struct listener *listener, size_t constellation)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->constellation == constellation) {
            memset(&beacon->asking, 0, sizeof beacon->asking);
        }
    }
}

void ask_soon(struct listener *listener, size_t constellation)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->constellation == constellation) {
            beacon->asking.is_urgent = true;
        }
    }
}

/* Until the next start of the constellation; for ever when there is none. */
static int64_t left_ns(const struct listener *listener, size_t constellation)
{
    const struct listener_constellation *mine = &listener->constellation[constellation];
    int64_t left = INT64_MAX;
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &listener->occurrence[i];
        int64_t until = instant_since(occurrence->starts, mine->estimate.best).ns;
        if (record_id_equal(&occurrence->name.root, &mine->root) && until > 0 && until < left) {
            left = until;
        }
    }
    return left;
}

static double spread(double draw)
{
    return 0.7 + 0.6 * draw;
}

/* When the beacon is to be asked next; false: not any more before T-0. */
static bool next_at(const struct listener *listener, const struct listener_beacon *beacon,
                    mono_raw now, mono_raw *at)
{
    const struct listener_asking *asking = &beacon->asking;
    bool is_known = listener->constellation[beacon->constellation].estimate.is_bounded;
    int64_t left = left_ns(listener, beacon->constellation);
    bool is_far = is_known && left > NS_PER_DAY;
    *at = now;
    if (asking->asked == 0) {
        return true;
    }
    if (asking->is_urgent && now.ns - asking->last.ns >= SOON_NS) {
        return true;
    }
    if (asking->asked < BURST && !is_far) {
        at->ns =
            asking->first.ns + (int64_t)((double)BURST_NS * (asking->asked + asking->draw) / BURST);
        return true;
    }
    bool is_few = asking->asked < ENOUGH;
    if (left < (is_few ? LAST_OF_FEW_NS : LAST_NS) && is_known) {
        return false;
    }
    int64_t least = is_few ? SHORT_GAP_NS : GAP_NS;
    int64_t gap = left / 8;
    gap = gap > least ? gap : least;
    int64_t most = is_few && !is_far ? FEW_GAP_NS : LONGEST_GAP_NS;
    gap = gap < most ? gap : most;
    if (!is_known) { /* nor is what is left: the questions may have been lost */
        gap = gap < GAP_NS ? gap : asking->unanswered < 2 * BURST ? GAP_NS : 6 * GAP_NS;
    }
    at->ns = asking->last.ns + (int64_t)((double)gap * spread(asking->draw));
    return true;
}

/* How gladly it is asked: what answers before what is heard before what is only named. */
static int worth(const struct listener *listener, const struct listener_beacon *beacon)
{
    if (beacon->asking.unanswered >= UNANSWERED_MAX) {
        return 0;
    }
    return listener->discipline.source[number_of(listener, beacon)].latest.is_known ? 3
           : beacon->was_heard && !beacon->is_silent                                ? 2
                                                                                    : 1;
}

/* Whether it is among those of its root that are asked. */
static bool is_chosen(const struct listener *listener, const struct listener_beacon *beacon)
{
    const struct listener_constellation *mine = &listener->constellation[beacon->constellation];
    size_t before = 0, needed = (mine->estimate.beacons + 1) / 2; /* one more than may lie */
    for (struct listener_beacon *other = NULL; (other = next_beacon(listener, other)) != NULL;) {
        if (!other->is_liar && other->constellation == beacon->constellation) {
            int more = worth(listener, other) - worth(listener, beacon);
            before += more > 0 || (more == 0 && other < beacon);
        }
    }
    return before < (needed > BEACONS_ASKED ? needed : BEACONS_ASKED);
}

/* Over the broker that it was heard by last, or over one after the other. */
static bool choose_link(const struct listener *listener, const struct listener_beacon *beacon,
                        size_t *out)
{
    size_t first = beacon->was_heard && beacon->asking.unanswered < UNANSWERED_MAX
                       ? beacon->link
                       : beacon->asking.asked;
    for (size_t i = 0; i < LISTENER_LINKS_MAX; i++) {
        *out = (first + i) % LISTENER_LINKS_MAX;
        if (listener->is_link_up[*out]) {
            return true;
        }
    }
    return false;
}

static void ask(struct listener *listener, struct listener_beacon *beacon, size_t link,
                mono_raw now, struct listener_update *update)
{
    struct listener_asking *asking = &beacon->asking;
    if (asking->number % BURST == 0) {
        asking->burst = ++listener->bursts;
        asking->number = 0;
    }
    struct listener_question *question = &asking->question[asking->next++ % LISTENER_OPEN_MAX];
    *question = (struct listener_question){.is_open = true, .link = link, .asked = now};
    tick_question_make(listener->options.nonce_seed, asking->burst, asking->number++,
                       question->nonce);
    if (asking->asked == 0) {
        asking->first = now;
        discipline_await(&listener->discipline, number_of(listener, beacon),
                         (mono_raw){now.ns + ANSWER_NS});
    }
    asking->last = now;
    asking->asked++;
    asking->unanswered++;
    asking->is_urgent = false;
    asking->draw = question->nonce[TICK_NONCE_SIZE - 1] / 256.0;
    update->has_ask = true;
    update->ask_link = link;
    update->ask_beacon = beacon->key.id;
    update->ask_root = listener->constellation[beacon->constellation].root;
    memcpy(update->ask_nonce, question->nonce, sizeof update->ask_nonce);
}

static bool may_ask(const struct listener *listener, const struct listener_beacon *beacon,
                    const struct discipline_clocks *clocks)
{
    const struct discipline_estimate *estimate =
        &listener->constellation[beacon->constellation].estimate;
    /* A synchronised host has a clock to trust: nobody needs to know that it is there, unless most
     * beacons make it doubt. */
    return !beacon->is_liar && !listener->options.no_ask &&
           (!clocks->is_synchronised || estimate->may_be_ahead) && is_chosen(listener, beacon);
}

void ask_step(struct listener *listener, const struct discipline_clocks *clocks,
              struct listener_update *update)
{
    mono_raw now = clocks->raw;
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        mono_raw at;
        size_t link;
        if (!may_ask(listener, beacon, clocks) || !choose_link(listener, beacon, &link) ||
            !next_at(listener, beacon, now, &at)) {
            continue;
        }
        if (at.ns > now.ns) {
            wake_by(update, (mono){clocks->now.ns + (at.ns - now.ns)});
        } else if (update->has_ask) {
            wake_by(update, clocks->now); /* one at a time */
        } else {
            ask(listener, beacon, link, now, update);
            if (next_at(listener, beacon, now, &at)) {
                wake_by(update, (mono){clocks->now.ns + (at.ns - now.ns)});
            }
        }
    }
}

void listener_sent(struct listener *listener, const uint8_t nonce[static TICK_NONCE_SIZE],
                   mono_raw at)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        for (size_t i = 0; i < LISTENER_OPEN_MAX; i++) {
            struct listener_question *question = &beacon->asking.question[i];
            if (memcmp(question->nonce, nonce, sizeof question->nonce) == 0 &&
                at.ns > question->asked.ns) {
                question->asked = at;
            }
        }
    }
}

bool ask_awaits(const struct listener *listener, size_t constellation, mono_raw *until)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->constellation == constellation && beacon->asking.asked > 0 &&
            !listener->discipline.source[number_of(listener, beacon)].latest.is_known) {
            until->ns = beacon->asking.first.ns + ANSWER_NS;
            return true;
        }
    }
    return false;
}
