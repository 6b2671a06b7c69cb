/* check.c -- --check: what would fire when, or why not. */
#include "tocsin-listen/internal.h"

/* The clocks of somebody who stands at an instant and waits, through leap seconds too. */
void listen_stand_at(const struct listen *listen, utc at, int64_t passed_ns,
                     struct discipline_clocks *out)
{
    instant now = {leap_from_utc(&listen->leap, at, NULL).tai_ns + passed_ns};
    *out = (struct discipline_clocks){
        .now = {passed_ns + 1},
        .raw = {passed_ns + 1},
        .host = leap_to_utc(&listen->leap, now, NULL),
        .is_synchronised = true,
    };
}

bool listen_tell_view(struct listen *listen, struct listener_event *event)
{
    struct view *view;
    if (!utc_is_in_range(event->clocks.host) ||
        !replica_view(&listen->replica, leap_from_utc(&listen->leap, event->clocks.host, NULL),
                      &view)) {
        say_error("the records make no view: too little memory, or a clock outside 1700 to 2250");
        return false;
    }
    event->kind = LISTENER_RECORDS;
    event->view = view;
    listener_step(&listen->listener, event, &listen->update);
    view_tell_new(&listen->seen, view, listen_alert, listen);
    view_free(view);
    return true;
}

int listen_check(struct listen *listen)
{
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    if (listen->options->has_at) {
        listen_stand_at(listen, listen->options->at, 0, &event.clocks);
    } else {
        listen_read_clocks(listen, &event.clocks);
    }
    if (!listen_tell_view(listen, &event)) {
        return EXIT_OUTSIDE;
    }
    const struct discipline_estimate *estimate = listener_estimate(&listen->listener, NULL);
    if (estimate->doubt != DOUBT_NONE) {
        say_note("%s", listener_doubt_text(estimate->doubt));
    }
    size_t count = 0;
    for (size_t i = 0; i < listen->listener.occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &listen->listener.occurrence[i];
        if (occurrence->state != LISTENER_OVER) {
            show_check(&listen->show, listener_estimate(&listen->listener, &occurrence->name.root),
                       occurrence, listen->options->latency);
            count += occurrence->state == LISTENER_WAITING;
        }
    }
    listen_introduce_anchors(listen);
    if (count == 0) {
        say_error("nothing would fire: no occurrence in force lies ahead for this site");
    }
    return count > 0 ? EXIT_DONE : EXIT_NO;
}
