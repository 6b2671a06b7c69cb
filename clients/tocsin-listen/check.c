/* check.c -- --check: what would fire when, or why not. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "tocsin-listen/internal.h"
#include "tocsin-listen/reasons.h"

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
    view_tell_new(&listen->seen, view, NULL, listen_alert, listen);
    view_free(view);
    return true;
}

/* --- hearing, for some seconds ---------------------------------------------------------------- */

enum { HEAR_MS = 8000, ASK_MS = 3500, LOOK_MS = 100 };

static bool is_beacon_known(const struct listen *listen)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (listen->listener.beacon[i].in_use &&
            (listen->listener.beacon[i].was_heard || listen->is_there[i])) {
            return true;
        }
    }
    return false;
}

/* Each broker has let us in or said no, some beacon is there, and who must ask has asked. */
static bool is_settled(const struct listen *listen, uint64_t passed_ms)
{
    for (size_t i = 0; i < listen->link_count; i++) {
        if (!listen->link[i].was_up && listen->link[i].why[0] == '\0') {
            return false;
        }
    }
    bool has_time = listener_estimate(&listen->listener, NULL)->is_bounded || passed_ms > ASK_MS;
    return (is_beacon_known(listen) && has_time) || links_up_count(listen) == 0;
}

static void on_wake(uv_timer_t *timer)
{
    listen_step(timer->loop->data, &(struct listener_event){.kind = LISTENER_CLOCKS});
}

static void on_look(uv_timer_t *timer)
{
    struct listen *listen = timer->loop->data;
    uint64_t passed_ms = (uv_hrtime() - listen->looking_since) / NS_PER_MS;
    if (passed_ms > HEAR_MS || is_settled(listen, passed_ms)) {
        uv_stop(&listen->loop);
    }
}

/* Speaks to the brokers as it would, and sets nothing. */
static bool hear(struct listen *listen)
{
    if (uv_loop_init(&listen->loop) != 0) {
        return false;
    }
    uv_timer_init(&listen->loop, &listen->wake);
    uv_timer_init(&listen->loop, &listen->look);
    uv_timer_init(&listen->loop, &listen->judging);
    listen->loop.data = listen;
    listen->looking_since = uv_hrtime();
    uv_timer_start(&listen->wake, on_wake, 0, 0);
    bool done = wire_open(listen);
    if (done && listen->link_count > 0) {
        uv_timer_start(&listen->look, on_look, LOOK_MS, LOOK_MS);
        uv_run(&listen->loop, UV_RUN_DEFAULT);
    }
    return done;
}

static void end_hearing(struct listen *listen)
{
    wire_close(listen);
    uv_close((uv_handle_t *)&listen->wake, NULL);
    uv_close((uv_handle_t *)&listen->look, NULL);
    uv_close((uv_handle_t *)&listen->judging, NULL);
    uv_run(&listen->loop, UV_RUN_DEFAULT);
    uv_loop_close(&listen->loop);
}

/* --- what is told ----------------------------------------------------------------------------- */

static void line(struct listen *listen, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void line(struct listen *listen, const char *event, const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    show_finding(&listen->show, listener_now(&listen->listener, NULL), event, text);
}

static void describe_commands(const struct options *options, char out[static SHOW_LINE_SIZE])
{
    struct options_action action;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; options_action(options, i, &action); i++) {
        if (action.value != NULL && used < SHOW_LINE_SIZE - 300) {
            used += (size_t)snprintf(out + used, 300, "%s%s%s%.250s", used > 0 ? ", " : "",
                                     action.name, action.value[0] != '\0' ? " " : "", action.value);
        }
    }
}

static size_t tell_starts(struct listen *listen)
{
    size_t count = 0;
    char what[SHOW_LINE_SIZE];
    describe_commands(listen->options, what);
    for (size_t i = 0; i < listen->listener.occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &listen->listener.occurrence[i];
        if (occurrence->state != LISTENER_OVER) {
            show_check(&listen->show, listener_estimate(&listen->listener, &occurrence->name.root),
                       occurrence, listen->options->latency, what);
            count += occurrence->state == LISTENER_WAITING || occurrence->state == LISTENER_ARMED;
        }
    }
    return count;
}

static bool is_gathered(const struct listener *listener, const struct view_window *window,
                        struct text key)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        const struct listener_name *name = &listener->occurrence[i].name;
        if (record_uid_equal(&name->uid, &window->uid) &&
            record_id_equal(&name->root, &window->root) && text_is(key, name->key)) {
            return true;
        }
    }
    return false;
}

/* The next date of each window that does not start here, and why. */
static void tell_others(struct listen *listen, const struct view *view, instant now)
{
    const struct listener_site *site = &listen->listener.options.site;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        for (size_t j = 0; j < window->occurrence_count; j++) {
            const struct view_occurrence *one = &window->occurrence[j];
            char why[REASON_SIZE];
            if (one->end.tai_ns + 14 * 3600 * NS_PER_S < now.tai_ns ||
                is_gathered(&listen->listener, window, one->key) ||
                !reason_of(view, window, one, site, why)) {
                continue;
            }
            const struct record_window *record = &one->record->is.window;
            struct text title =
                record_prose_in(record->title, record->title_count, site->languages);
            show_check_not(&listen->show, &window->uid, one->has_start,
                           leap_to_utc(&listen->leap, one->start, NULL), title, why);
            break;
        }
    }
}

static void tell_links(struct listen *listen)
{
    for (size_t i = 0; i < listen->link_count; i++) {
        const struct link *link = &listen->link[i];
        if (!link->was_up) {
            line(listen, "broker", "%.200s: %.200s", ear_url(link->ear),
                 link->why[0] != '\0' ? link->why : "no answer yet");
        } else if (link->denied > 0) {
            line(listen, "broker", "%.200s: connected, but it does not grant %.200s",
                 ear_url(link->ear), link->denied_topic);
        } else {
            line(listen, "broker", "%.200s: connected", ear_url(link->ear));
        }
    }
    if (listen->link_count == 0) {
        line(listen, "broker", "none%s", listen->options->offline ? ": --offline" : "");
    }
}

static void tell_beacons(struct listen *listen)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        const struct listener_beacon *beacon = &listen->listener.beacon[i];
        if (beacon->in_use && listen->link_count > 0) {
            unsigned answers = beacon->asking.asked - beacon->asking.unanswered;
            line(listen, "beacon", "%s: %s%s", beacon->name,
                 beacon->is_liar                           ? "proven to lie, and ignored"
                 : beacon->was_heard                       ? "heard"
                 : beacon->asking.asked > 0 && answers > 0 ? "answers"
                 : listen->is_there[i] ? "there: its next tick comes within a minute"
                                       : "not heard",
                 beacon->asking.asked == 0 || answers > 0 || beacon->is_liar ? ""
                 : beacon->was_heard && !beacon->tick.has_error
                     ? "; it does not know the time itself"
                     : "; no question was answered");
        }
    }
}

/* How far the records may be trusted to be all. */
static void tell_freshness(struct listen *listen, const struct view *view, instant now)
{
    for (size_t i = 0; i < view->root_count; i++) {
        const struct view_root *root = &view->root[i];
        char sentence[VIEW_SENTENCE_SIZE];
        if (root->newest->is.root.beacon_count > 0) {
            view_freshness_write(root, now, sentence);
            line(listen, "records", "%s", sentence);
        }
    }
}

enum { RESTS_SIZE = 100 };

static void tell_rest_of_clock(const struct discipline_estimate *estimate,
                               char out[static RESTS_SIZE])
{
    if (estimate->is_proved) {
        snprintf(out, RESTS_SIZE, "proved by %zu of the root's %zu beacon%s", estimate->agreeing,
                 estimate->beacons, text_s(estimate->beacons));
    } else if (estimate->basis == BASIS_HOST) {
        strcpy(out, "by this host's own word");
    } else {
        snprintf(out, RESTS_SIZE,
                 "by the word of %zu of the root's %zu beacon%s, too few to prove it",
                 estimate->agreeing, estimate->beacons, text_s(estimate->beacons));
    }
}

static void tell_clock(struct listen *listen)
{
    const struct discipline_estimate *estimate = listener_estimate(&listen->listener, NULL);
    char doubt[40], rests[RESTS_SIZE];
    show_doubt(estimate, doubt);
    if (estimate->doubt != DOUBT_NONE) {
        line(listen, "clock", "%s", listener_doubt_text(estimate->doubt));
    } else {
        tell_rest_of_clock(estimate, rests);
        line(listen, "clock", "known %s, %s (this host's is %ssynchronised)", doubt, rests,
             listen_read_clocks(listen).is_synchronised ? "" : "not ");
    }
}

static void tell_rest(struct listen *listen)
{
    const struct options *options = listen->options;
    char what[SHOW_LINE_SIZE];
    describe_commands(options, what);
    if (listen->state.dir[0] == '\0') {
        line(listen, "state", "none: say with --state where fired gestures are to be remembered");
    } else if (access(listen->state.dir, F_OK) != 0) {
        line(listen, "state", "%.400s: it will be made", listen->state.dir);
    } else if (access(listen->state.dir, R_OK | W_OK | X_OK) != 0) {
        line(listen, "state", "%.400s: %s", listen->state.dir, strerror(errno));
    } else {
        line(listen, "state", "%.400s: %zu mark%s", listen->state.dir, listen->state.mark_count,
             text_s(listen->state.mark_count));
    }
    line(listen, "hook", "%.500s", what[0] != '\0' ? what : "none: a start would only be shown");
    if (options_has_bell(options)) {
        line(listen, "bell", "%s%.300s",
             listen->tried.kind == BELL_READY ? "" : "would not ring: ", listen->tried.text);
    }
}

/* With --at nobody was spoken to, so there is nothing to tell of brokers, beacons and the clock.
 * Where nothing would fire the answer is no, but only after all the rest, which says why. */
static int tell(struct listen *listen, utc now)
{
    struct view *view = NULL;
    size_t count = tell_starts(listen);
    bool is_in_range = utc_is_in_range(now);
    instant at = is_in_range ? leap_from_utc(&listen->leap, now, NULL) : (instant){0};
    bool has_view = is_in_range && replica_view(&listen->replica, at, &view);
    if (has_view) {
        tell_others(listen, view, at);
    }
    listen_introduce_anchors(listen);
    bool knows_windows = has_view && view->window_count > 0;
    if (has_view) {
        tell_freshness(listen, view, at);
        view_free(view);
    }
    if (!listen->options->has_at) {
        tell_links(listen);
        tell_beacons(listen);
        tell_clock(listen);
    }
    tell_rest(listen);
    if (count == 0) {
        say_error("nothing would fire: %s",
                  knows_windows ? "no occurrence in force lies ahead for this site"
                                : "no window is known here: give its bundle with --bundle, "
                                  "--inbox or --store, or a broker that has it");
    }
    return count > 0 ? EXIT_DONE : EXIT_NO;
}

int listen_check(struct listen *listen)
{
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    listen->is_looking = true;
    if (listen->options->has_at) {
        event.clocks = listen_stand_at(listen, listen->options->at, 0);
        return listen_tell_view(listen, &event) ? tell(listen, event.clocks.host) : EXIT_OUTSIDE;
    }
    event.clocks = listen_read_clocks(listen);
    if (!listen_tell_view(listen, &event)) {
        return EXIT_OUTSIDE;
    }
    int code = EXIT_USAGE;
    if (hear(listen)) {
        code = tell(listen, listener_now(&listen->listener, NULL));
    }
    end_hearing(listen);
    return code;
}
