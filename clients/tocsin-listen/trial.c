/* trial.c -- looking and trying: --check, --rehearse and --replay.  The real mind, no gesture. */
#include <errno.h>
#include <string.h>

#include "tocsin-listen/house.h"

/* The clocks of somebody who stands at an instant. */
static void stand_at(utc at, int64_t passed_ns, struct discipline_clocks *out)
{
    *out = (struct discipline_clocks){
        .now = {passed_ns + 1},
        .host = {at.ns + passed_ns},
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
        stand_at(house->options->at, 0, &event.clocks);
    } else {
        house_read_clocks(house, &event.clocks);
    }
    if (!tell_view(house, &event)) {
        return EXIT_OUTSIDE;
    }
    const struct discipline_estimate *estimate = &house->listener.estimate;
    if (estimate->doubt != DOUBT_NONE) {
        say_note("%s", listener_doubt_text(estimate->doubt));
    }
    size_t count = 0;
    for (size_t i = 0; i < house->listener.occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &house->listener.occurrence[i];
        if (occurrence->state != LISTENER_OVER) {
            show_check(&house->show, estimate, occurrence, house->options->latency);
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

int house_rehearse(struct house *house)
{
    if (!are_commands_sound(house)) {
        return EXIT_USAGE;
    }
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    struct discipline_clocks real;
    house_read_clocks(house, &real);
    utc begin = house->options->has_at ? house->options->at : real.host;
    stand_at(begin, 0, &event.clocks);
    if (!tell_view(house, &event)) {
        return EXIT_OUTSIDE;
    }
    event = (struct listener_event){.kind = LISTENER_CLOCKS}; /* the view is gone */
    const struct listener_occurrence *next = listener_next(&house->listener, begin);
    if (next == NULL) {
        return say_no("nothing to rehearse: no occurrence in force lies ahead for this site");
    }
    int64_t now_ns = next->start.ns - begin.ns - 605 * NS_PER_S;
    now_ns = now_ns > 0 ? now_ns : 0;
    uint64_t id = next->id;
    bool has_fired = false;
    for (;;) {
        stand_at(begin, now_ns, &event.clocks);
        listener_step(&house->listener, &event, &house->update);
        utc now = house->listener.estimate.best;
        for (size_t i = 0; i < house->update.news_count; i++) {
            show_news(&house->show, now, &house->update.news[i]);
        }
        next = listener_find(&house->listener, id);
        if (next == NULL || next->state == LISTENER_OVER) {
            break;
        }
        show_countdown(&house->show, &house->listener.estimate, next, 0, 0);
        size_t shot = earliest_shot(&house->update);
        if (house->update.mark_count > 0 && house->update.mark_id[0] != 0) {
            event =
                (struct listener_event){.kind = LISTENER_MARKED, .id = house->update.mark_id[0]};
        } else if (shot < house->update.shot_count && !has_fired &&
                   house->update.shot[shot].target.ns <= event.clocks.now.ns) {
            event = (struct listener_event){.kind = LISTENER_FIRED,
                                            .id = house->update.shot[shot].id,
                                            .released = house->update.shot[shot].target};
            has_fired = true;
        } else {
            int64_t wake_ns = house->update.wake.ns;
            if (shot < house->update.shot_count && !has_fired &&
                house->update.shot[shot].target.ns < wake_ns) {
                wake_ns = house->update.shot[shot].target.ns;
            }
            now_ns = wake_ns - 1 > now_ns ? wake_ns - 1 : now_ns + NS_PER_MS;
            event = (struct listener_event){.kind = LISTENER_CLOCKS};
        }
    }
    show_finish(&house->show);
    return has_fired ? EXIT_DONE : EXIT_NO;
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
    for (size_t i = 0; i < house->update.news_count; i++) {
        show_news(&house->show, house->listener.estimate.best, &house->update.news[i]);
    }
    show_countdown(&house->show, &house->listener.estimate,
                   listener_next(&house->listener, house->listener.estimate.best), 0, 0);
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
