/* rehearse.c -- --rehearse: the mind on a pretend clock. */
#include "tocsin-listen/internal.h"

/* The earliest shot that may be released; shot_count when there is none. */
static size_t earliest_shot(const struct listener_update *update)
{
    size_t earliest = update->shot_count;
    for (size_t i = 0; i < update->shot_count; i++) {
        if (!update->shot[i].is_held &&
            (earliest == update->shot_count ||
             update->shot[i].target.ns < update->shot[earliest].target.ns)) {
            earliest = i;
        }
    }
    return earliest;
}

/* A pretend world: marks are durable at once, shots are released on the instant. */
struct rehearsal {
    utc begin;
    int64_t now_ns; /* since then */
    uint64_t marked[LISTENER_SHOTS_MAX];
    size_t marked_count;
    uint64_t id; /* of the occurrence that is rehearsed; 0: not yet chosen */
    bool has_fired;
};

/* What follows from the last update: the next event, at its time. */
static struct listener_event follow(struct listen *listen, struct rehearsal *rehearsal)
{
    const struct listener_update *update = &listen->update;
    for (size_t i = 0; i < update->mark_count; i++) {
        if (update->mark_id[i] != 0 && rehearsal->marked_count < LISTENER_SHOTS_MAX) {
            rehearsal->marked[rehearsal->marked_count++] = update->mark_id[i];
        }
    }
    if (rehearsal->marked_count > 0) {
        return (struct listener_event){.kind = LISTENER_MARKED,
                                       .id = rehearsal->marked[--rehearsal->marked_count]};
    }
    size_t shot = earliest_shot(update);
    bool is_ahead = shot < update->shot_count && !rehearsal->has_fired;
    if (is_ahead && update->shot[shot].target.ns <= rehearsal->now_ns + 1) {
        rehearsal->has_fired = update->shot[shot].id == rehearsal->id;
        return (struct listener_event){.kind = LISTENER_FIRED,
                                       .id = update->shot[shot].id,
                                       .released = update->shot[shot].target};
    }
    int64_t wake_ns = update->wake.ns;
    if (is_ahead && update->shot[shot].target.ns < wake_ns) {
        wake_ns = update->shot[shot].target.ns;
    }
    rehearsal->now_ns =
        wake_ns - 1 > rehearsal->now_ns ? wake_ns - 1 : rehearsal->now_ns + NS_PER_MS;
    return (struct listener_event){.kind = LISTENER_CLOCKS};
}

int listen_rehearse(struct listen *listen)
{
    static struct rehearsal rehearsal;
    rehearsal.begin =
        listen->options->has_at ? listen->options->at : listen_read_clocks(listen).host;
    struct listener_event event = {.kind = LISTENER_CLOCKS,
                                   .clocks = listen_stand_at(listen, rehearsal.begin, 0)};
    if (!listen_tell_view(listen, &event)) {
        return EXIT_OUTSIDE;
    }
    listen_show_news(listen);
    const struct listener_occurrence *next = listener_next(&listen->listener);
    if (next == NULL) {
        return say_no(
            "nothing to rehearse: no occurrence in force lies ahead for this site; --check "
            "says why");
    }
    rehearsal.id = next->id;
    while (next != NULL && next->state != LISTENER_OVER) {
        event = follow(listen, &rehearsal);
        int64_t early_ns = next->start.ns - rehearsal.begin.ns - 605 * NS_PER_S;
        if (event.kind == LISTENER_CLOCKS && rehearsal.now_ns < early_ns) {
            rehearsal.now_ns = early_ns; /* nothing happens before */
        }
        event.clocks = listen_stand_at(listen, rehearsal.begin, rehearsal.now_ns);
        listener_step(&listen->listener, &event, &listen->update);
        listen_show_news(listen);
        next = listener_find(&listen->listener, rehearsal.id);
        if (next != NULL && next->state != LISTENER_OVER) {
            show_countdown(&listen->show, listener_estimate(&listen->listener, NULL), next, 0, 0);
        }
    }
    show_finish(&listen->show);
    return rehearsal.has_fired ? EXIT_DONE : EXIT_NO;
}
