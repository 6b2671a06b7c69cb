#include "listener/listener.h"

#include <stdio.h>
#include <string.h>

#include "listener/internal.h"

static const int64_t BEAT_NS = NS_PER_S;
static const int64_t SAVE_EVERY_NS = 300 * NS_PER_S;
/* Messages that a broker holds back move a verdict to and fro. */
static const int64_t JUDGE_EVERY_NS = 10 * NS_PER_S;

void listener_init(struct listener *listener, const struct listener_room *room,
                   const struct listener_options *options, const struct listener_mark *mark,
                   size_t mark_count, const struct listener_newest *newest, size_t newest_count)
{
    memset(listener, 0, sizeof *listener);
    listener->options = *options;
    room_enter(listener, room);
    discipline_init(&listener->discipline,
                    &(struct discipline_options){.trust_replay = options->trust_replay},
                    room->source, room->beacons);
    for (size_t i = mark_count < room->marks ? 0 : mark_count - room->marks; i < mark_count; i++) {
        listener->mark[listener->mark_count++] = mark[i];
    }
    for (size_t i = 0; i < newest_count && i < LISTENER_BEACONS_MAX; i++) {
        listener->newest[listener->newest_count++] = newest[i];
    }
}

/* A site that follows one root knows which one is meant. */
static const char *name_for(const struct listener *listener,
                            const struct listener_constellation *constellation)
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        count += listener->constellation[i].in_use;
    }
    return count > 1 ? constellation->name : "";
}

/* The beacon that is followed though it does not know the time. */
static const char *name_of_followed(const struct listener *listener, size_t which)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->constellation == which &&
            listener->constellation[which].estimate.verdict[number_of(listener, beacon)] ==
                VERDICT_UNBOUNDED) {
            return beacon->name;
        }
    }
    return "";
}

static void tell_doubt(struct listener *listener, size_t which, struct listener_update *update)
{
    struct listener_constellation *constellation = &listener->constellation[which];
    enum discipline_doubt doubt = constellation->estimate.doubt;
    if (constellation->has_told_doubt ? doubt != constellation->told_doubt : doubt != DOUBT_NONE) {
        bool is_together = doubt == DOUBT_TOGETHER && constellation->estimate.agreeing == 1;
        struct listener_news *news = tell(update, is_together ? SAID_TOGETHER : SAID_DOUBT);
        strcpy(news->name, name_for(listener, constellation));
        strcpy(news->where, is_together ? name_of_followed(listener, which) : "");
        news->doubt = doubt;
    }
    constellation->told_doubt = doubt;
    constellation->has_told_doubt = true;
}

/* By how much a beacon's interval misses what the sources agree on, at least. */
static int64_t missed_by_ns(const struct discipline_interval *said,
                            const struct discipline_interval *joint)
{
    span ahead = instant_since(said->earliest, joint->latest);
    span behind = instant_since(joint->earliest, said->latest);
    return ahead.ns > 0 ? ahead.ns : -behind.ns;
}

/* Beacons that a majority of the clocks contradicts are named to people, and again when they
 * agree. */
static void tell_verdicts(struct listener *listener, size_t which, struct listener_update *update)
{
    const struct discipline_estimate *estimate = &listener->constellation[which].estimate;
    if (estimate->doubt == DOUBT_NO_MAJORITY) {
        return; /* nobody can say who is wrong */
    }
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        size_t i = number_of(listener, beacon);
        enum discipline_verdict verdict = estimate->verdict[i];
        bool is_contrary = verdict == VERDICT_DISAGREES;
        if (beacon->constellation != which || is_contrary == beacon->was_contrary ||
            (!is_contrary && verdict != VERDICT_AGREES) ||
            (beacon->has_told && estimate->raw.ns - beacon->told.ns < JUDGE_EVERY_NS)) {
            continue;
        }
        beacon->was_contrary = is_contrary;
        beacon->has_told = true;
        beacon->told = estimate->raw;
        struct listener_news *news =
            tell_of_beacon(update, is_contrary ? SAID_CONTRADICTS : SAID_AGREES, beacon);
        double by_s = (double)missed_by_ns(&estimate->source[i], &estimate->joint) / 1e9;
        snprintf(news->where, sizeof news->where, "%+.3f s", by_s);
    }
}

/* A stamp is kept on disk once a majority of several sources stands behind it: one that is far
 * ahead would silence its beacon for as long. */
static void keep_newest(struct listener *listener)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        const struct discipline_estimate *estimate =
            &listener->constellation[beacon->constellation].estimate;
        if (beacon->was_heard && beacon->tick.has_error && estimate->is_bounded &&
            estimate->joined > 1 &&
            estimate->verdict[number_of(listener, beacon)] == VERDICT_AGREES &&
            (!beacon->has_newest || beacon->tick.time.ns > beacon->newest.ns)) {
            beacon->newest = beacon->tick.time;
            beacon->has_newest = true;
        }
    }
}

/* The first place stands for the host alone until a root is known. */
static bool is_counted(const struct listener *listener, size_t constellation)
{
    return constellation == 0 || listener->constellation[constellation].in_use;
}

static void estimate_all(struct listener *listener, const struct discipline_clocks *clocks)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        if (is_counted(listener, i)) {
            discipline_estimate(&listener->discipline, i, clocks, listener->host,
                                &listener->constellation[i].estimate);
        }
    }
}

static void think(struct listener *listener, const struct listener_event *event,
                  struct listener_update *update)
{
    if (discipline_notice(&listener->discipline, &event->clocks)) {
        tell(update, SAID_SLEPT);
        for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
            ask_anew(listener, i); /* what is on its way cannot be counted: who knows how long */
        }
    }
    listener->host = leaps_of_host(listener, &event->clocks);
    listener->at = event->clocks.now;
    listener->has_stepped = true;
    estimate_all(listener, &event->clocks);
}

/* An event changes what is known; all that follows from it is derived anew each time, in this
 * order:
 *
 *   clocks -> estimate -> the event -> estimate again -> silence, questions -> plan -> doubts told
 *
 * so that no event has to know what another left undone, and a step that is left out costs no more
 * than time. */
void listener_step(struct listener *listener, const struct listener_event *event,
                   struct listener_update *update)
{
    memset(update, 0, sizeof *update);
    update->mark = listener->room.asked;
    update->mark_id = listener->room.asked_id;
    update->shot = listener->room.shot;
    update->wake.ns = event->clocks.now.ns + BEAT_NS;
    marking_judge(listener, event->clocks.now);
    think(listener, event, update);
    switch (event->kind) {
    case LISTENER_CLOCKS:
        break;
    case LISTENER_RECORDS:
        hear_roots(listener, event, update);
        estimate_all(listener, &event->clocks); /* of a root that is new, too */
        plan_records(listener, event, update);
        break;
    case LISTENER_LINK:
        if (event->link < LISTENER_LINKS_MAX) {
            listener->is_link_up[event->link] = event->is_up;
        }
        break;
    case LISTENER_TICK:
        hear_tick(listener, event, update);
        break;
    case LISTENER_ANSWER:
        answer_hear(listener, event, update);
        break;
    case LISTENER_STATUS:
        hear_status(listener, event, update);
        break;
    case LISTENER_MARKED:
        marking_durable(listener, event->id);
        break;
    case LISTENER_FIRED:
        plan_fired(listener, event, update);
        break;
    case LISTENER_PROOF:
        proof_hear(listener, event, update);
        break;
    }
    if (event->kind != LISTENER_CLOCKS) { /* what was heard counts at once */
        estimate_all(listener, &event->clocks);
    }
    keep_newest(listener);
    hear_silence(listener, event->clocks.raw, update);
    ask_step(listener, &event->clocks, update);
    plan_step(listener, &event->clocks, update);
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        tell_doubt(listener, i, update);
        tell_verdicts(listener, i, update);
    }
    if (event->clocks.now.ns - listener->saved_at.ns > SAVE_EVERY_NS) {
        update->save_memory = listener->saved_at.ns != 0;
        listener->saved_at = event->clocks.now;
    }
}

void listener_forgo(struct listener *listener, const struct listener_mark *mark)
{
    marking_keep_fired(listener, mark);
}

size_t listener_memories(const struct listener *listener,
                         struct listener_memory out[static LISTENER_CONSTELLATIONS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_memory *memory = &listener->discipline.constellation[i].memory;
        if (listener->constellation[i].in_use) {
            out[count++] = (struct listener_memory){
                .root = listener->constellation[i].root,
                .has_skew = memory->has_skew,
                .skew = memory->skew,
                .skew_doubt = memory->skew_doubt,
                .floor = listener_utc(listener, memory->floor),
            };
        }
    }
    return count;
}

size_t listener_newest_stamps(const struct listener *listener,
                              struct listener_newest out[static LISTENER_BEACONS_MAX])
{
    size_t count = 0;
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->has_newest) {
            out[count++] =
                (struct listener_newest){listener->constellation[beacon->constellation].root,
                                         beacon->key.id, beacon->newest};
        }
    }
    return count;
}
