/* trial.c -- looking and trying: --check, --rehearse and --replay.  The real mind, no gesture. */
#include <errno.h>
#include <string.h>

#include "tocsin-listen/house.h"

/* The clocks of somebody who stands at an instant and waits, through leap seconds too. */
static void stand_at(const struct house *house, utc at, int64_t passed_ns,
                     struct discipline_clocks *out)
{
    instant now = {leap_from_utc(&house->leap, at, NULL).tai_ns + passed_ns};
    *out = (struct discipline_clocks){
        .now = {passed_ns + 1},
        .raw = {passed_ns + 1},
        .host = leap_to_utc(&house->leap, now, NULL),
        .is_synchronised = true,
    };
}

static bool tell_view(struct house *house, struct listener_event *event)
{
    struct view *view;
    if (!utc_is_in_range(event->clocks.host) ||
        !replica_view(&house->replica, leap_from_utc(&house->leap, event->clocks.host, NULL),
                      &view)) {
        say_error("the records make no view: too little memory, or a clock outside 1700 to 2250");
        return false;
    }
    event->kind = LISTENER_RECORDS;
    event->view = view;
    listener_step(&house->listener, event, &house->update);
    view_tell_new(&house->told, view, house_alert, house);
    view_free(view);
    return true;
}

/* A command that cannot be started is found out now, not at T-0. */
static bool are_commands_sound(struct house *house)
{
    char why[300];
    if (!gestures_read(&house->gestures, house->options->run, house->options->pipe, why)) {
        say_error("%s", why);
        return false;
    }
    return true;
}

int house_check(struct house *house)
{
    if (!are_commands_sound(house)) {
        return EXIT_USAGE;
    }
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    if (house->options->has_at) {
        stand_at(house, house->options->at, 0, &event.clocks);
    } else {
        house_read_clocks(house, &event.clocks);
    }
    if (!tell_view(house, &event)) {
        return EXIT_OUTSIDE;
    }
    const struct discipline_estimate *estimate = listener_estimate(&house->listener, NULL);
    if (estimate->doubt != DOUBT_NONE) {
        say_note("%s", listener_doubt_text(estimate->doubt));
    }
    size_t count = 0;
    for (size_t i = 0; i < house->listener.occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &house->listener.occurrence[i];
        if (occurrence->state != LISTENER_OVER) {
            show_check(&house->show, listener_estimate(&house->listener, &occurrence->name.root),
                       occurrence, house->options->latency);
            count += occurrence->state == LISTENER_WAITING;
        }
    }
    house_introduce_anchors(house);
    if (count == 0) {
        say_error("nothing would fire: no occurrence in force lies ahead for this site");
    }
    return count > 0 ? EXIT_DONE : EXIT_NO;
}

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

static void show_all_news(struct house *house)
{
    for (size_t i = 0; i < house->update.news_count; i++) {
        show_news(&house->show, listener_now(&house->listener, NULL), &house->update.news[i]);
    }
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
static struct listener_event follow(struct house *house, struct rehearsal *rehearsal)
{
    const struct listener_update *update = &house->update;
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

int house_rehearse(struct house *house)
{
    if (!are_commands_sound(house)) {
        return EXIT_USAGE;
    }
    static struct rehearsal rehearsal;
    struct discipline_clocks real;
    house_read_clocks(house, &real);
    rehearsal.begin = house->options->has_at ? house->options->at : real.host;
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    stand_at(house, rehearsal.begin, 0, &event.clocks);
    if (!tell_view(house, &event)) {
        return EXIT_OUTSIDE;
    }
    show_all_news(house);
    const struct listener_occurrence *next = listener_next(&house->listener);
    if (next == NULL) {
        return say_no("nothing to rehearse: no occurrence in force lies ahead for this site");
    }
    rehearsal.id = next->id;
    while (next != NULL && next->state != LISTENER_OVER) {
        event = follow(house, &rehearsal);
        int64_t early_ns = next->start.ns - rehearsal.begin.ns - 605 * NS_PER_S;
        if (event.kind == LISTENER_CLOCKS && rehearsal.now_ns < early_ns) {
            rehearsal.now_ns = early_ns; /* nothing happens before */
        }
        stand_at(house, rehearsal.begin, rehearsal.now_ns, &event.clocks);
        listener_step(&house->listener, &event, &house->update);
        show_all_news(house);
        next = listener_find(&house->listener, rehearsal.id);
        if (next != NULL && next->state != LISTENER_OVER) {
            show_countdown(&house->show, listener_estimate(&house->listener, NULL), next, 0, 0);
        }
    }
    show_finish(&house->show);
    return rehearsal.has_fired ? EXIT_DONE : EXIT_NO;
}

static bool begin_replay(void *context, struct recorder_beginning *beginning)
{
    struct house *house = context;
    if (beginning->zone[0] != '\0') {
        beginning->options.site.zone = house_find_zone(beginning->zone);
        if (beginning->options.site.zone == NULL) {
            return false;
        }
    }
    listener_init(&house->listener, &beginning->options, beginning->mark, beginning->mark_count,
                  beginning->newest, beginning->newest_count);
    return true;
}

static void show_step(void *context, const struct listener_event *event)
{
    (void)event;
    struct house *house = context;
    show_all_news(house);
    show_countdown(&house->show, listener_estimate(&house->listener, NULL),
                   listener_next(&house->listener), 0, 0);
}

int house_replay(struct house *house)
{
    FILE *file = fopen(house->options->replay, "re");
    if (file == NULL) {
        return say_usage("--replay %s: %s", house->options->replay, strerror(errno));
    }
    struct recorder_player player = {
        .replica = &house->replica,
        .leap = &house->leap,
        .listener = &house->listener,
        .update = &house->update,
        .begin = begin_replay,
        .stepped = show_step,
        .context = house,
    };
    char why[300];
    bool done = recorder_replay(file, &player, why);
    fclose(file);
    show_finish(&house->show);
    if (!done) {
        say_error("--replay %s: %s", house->options->replay, why);
    }
    return done ? EXIT_DONE : EXIT_USAGE;
}
