/* step.c -- one step of the mind with the clocks as they are, and all that follows from it: what is
 * said, kept, asked and set. */
#include <string.h>

#include "tocsin-listen/internal.h"
#include "tocsin-listen/reasons.h"

/* An actions_tell. */
void listen_tell_hook(void *context, const char *text, bool is_failure)
{
    struct listen *listen = context;
    listen->has_failed_one = listen->has_failed_one || is_failure;
    if (is_failure) {
        report_failure(listen, text);
    }
    listen_note(listen, "hook", "%s", text);
}

static bool is_any_ahead(const struct listener *listener)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        enum listener_state state = listener->occurrence[i].state;
        if (state == LISTENER_WAITING || state == LISTENER_ARMED) {
            return true;
        }
    }
    return false;
}

void listen_stop(struct listen *listen, int code)
{
    listen->exit_code = code;
    uv_stop(&listen->loop);
}

static bool is_missed(const struct listener_news *news)
{
    return news->kind == NEWS_JOINED || news->kind == NEWS_MISSED || news->kind == NEWS_BEFORE ||
           news->kind == NEWS_WITHDRAWN;
}

/* A gesture is said to have begun, and by what is known for certain it may still lie ahead: a
 * beacon may know better, until it is over. */
static bool may_be_mistaken(const struct listen *listen)
{
    for (size_t i = 0; i < listen->listener.occurrence_count && !listen->options->offline; i++) {
        const struct listener_occurrence *occurrence = &listen->listener.occurrence[i];
        const struct discipline_estimate *estimate =
            listener_estimate(&listen->listener, &occurrence->name.root);
        if (occurrence->state == LISTENER_JOINED &&
            estimate->earliest.tai_ns < occurrence->starts.tai_ns) {
            return true;
        }
    }
    return false;
}

/* --once: the answer is no when what was waited for can no longer come. */
static void judge_once(struct listen *listen)
{
    for (size_t i = 0; i < listen->update.news_count; i++) {
        listen->has_missed_one = listen->has_missed_one || is_missed(&listen->update.news[i]);
    }
    if (listen->options->once && listen->has_missed_one && !listen->has_started_one &&
        !is_any_ahead(&listen->listener) && !may_be_mistaken(listen)) {
        listen_stop(listen, EXIT_NO);
    }
}

static void keep_start_of(struct listen *listen, const struct fire_report *report)
{
    const struct listener_occurrence *occurrence = listener_find(&listen->listener, report->id);
    if (occurrence == NULL) {
        return;
    }
    const struct discipline_estimate *estimate =
        listener_estimate(&listen->listener, &occurrence->name.root);
    struct discipline_clocks clocks = listen_read_clocks(listen);
    struct show_start start = {
        .occurrence = *occurrence,
        .planned = {occurrence->start.ns - listen->options->latency.ns},
        .actual = listener_utc(&listen->listener, discipline_at(estimate, report->released)),
        .late = {report->released.ns - report->target.ns},
        .is_bounded = estimate->is_bounded,
        .rests = show_rest(estimate),
        .basis = estimate->basis,
        .beacons = estimate->agreeing,
    };
    start.host_error.ns = clocks.host.ns - (clocks.now.ns - report->released.ns) - start.planned.ns;
    if (estimate->is_bounded) {
        int64_t error = start.actual.ns - start.planned.ns;
        start.earliest_error.ns = error - instant_since(estimate->best, estimate->earliest).ns;
        start.latest_error.ns = error + instant_since(estimate->latest, estimate->best).ns;
    }
    actions_keep_start(&listen->actions, &start, listen_tell_hook, listen);
}

/* Measures a start, of which people hear once the hook has started; the event that tells the mind.
 * A shot that was dropped the mind finds out by its own clocks. */
static struct listener_event hear_report(struct listen *listen, const struct fire_report *report)
{
    if (report->is_missed) {
        return (struct listener_event){.kind = LISTENER_CLOCKS};
    }
    keep_start_of(listen, report);
    listen->has_started_one = true;
    return (struct listener_event){
        .kind = LISTENER_FIRED, .id = report->id, .released = report->released};
}

static void one_step(struct listen *listen, struct listener_event *event)
{
    event->clocks = listen_read_clocks(listen);
    recorder_step(listen->flight, event, listen->view_at);
    listener_step(&listen->listener, event, &listen->update);
    for (size_t i = 0; i < listen->update.news_count && !listen->is_looking; i++) {
        if (listen->update.news[i].kind != NEWS_STARTED) { /* shown with its figures */
            show_news(&listen->show, listener_now(&listen->listener, NULL),
                      &listen->update.news[i]);
        }
        report_news(listen, &listen->update.news[i]);
    }
    judge_once(listen);
}

void listen_keep_memory(struct listen *listen)
{
    struct keep keep;
    keep.memory_count = listener_memories(&listen->listener, keep.memory);
    keep.newest_count = listener_newest_stamps(&listen->listener, keep.newest);
    if (listen->has_disk) {
        disk_keep_memory(&listen->disk, &keep);
    }
}

/* Has the marks made durable, all at once; the ids of those that the mind need not wait for go into
 * out. */
static size_t keep_marks(struct listen *listen, uint64_t out[static LISTEN_MARKS_MAX])
{
    size_t count = 0;
    bool is_awaited =
        listen->has_disk && listen->mark_count > 0 &&
        disk_keep_marks(&listen->disk, listen->mark, listen->mark_id, listen->mark_count);
    for (size_t i = 0; i < listen->mark_count && !is_awaited; i++) {
        if (listen->mark_id[i] != 0) {
            out[count++] = listen->mark_id[i];
        }
    }
    listen->mark_count = 0;
    return listen->is_looking ? 0 : count;
}

static void set_actions(struct listen *listen)
{
    if (!listen->is_looking) {
        actions_set(&listen->actions, &listen->listener, &listen->update, listen->listener.at,
                    listen_tell_hook, listen);
    }
}

/* One step, and what it asks for but shots and marks, which follow once for a chain of steps. */
static void chain_step(struct listen *listen, struct listener_event *event)
{
    one_step(listen, event);
    const struct listener_update *update = &listen->update;
    /* One of each occurrence and one of each report at the most, so there is room. */
    for (size_t i = 0; i < update->mark_count && listen->mark_count < LISTEN_MARKS_MAX; i++) {
        listen->mark[listen->mark_count] = update->mark[i];
        listen->mark_id[listen->mark_count++] = update->mark_id[i];
    }
    if (update->has_ask && update->ask_link < listen->link_count) {
        links_ask(listen);
    }
    if (update->has_proof && listen->has_disk) {
        disk_keep_proof(&listen->disk, &update->proof_root, &update->proof_beacon, update->proof,
                        update->proof_size);
    }
    if (update->save_memory) {
        listen_keep_memory(listen);
    }
}

static void hear_reports(struct listen *listen)
{
    struct fire_report report;
    while (!listen->is_looking && actions_take_report(&listen->actions, &report)) {
        struct listener_event event = hear_report(listen, &report);
        chain_step(listen, &event);
    }
}

static void schedule_wake(struct listen *listen)
{
    int64_t wait = listen->update.wake.ns - listen_read_clocks(listen).now.ns;
    /* The countdown turns over with the second. */
    int64_t into_second = listener_now(&listen->listener, NULL).ns % NS_PER_S;
    into_second = into_second < 0 ? into_second + NS_PER_S : into_second;
    wait = wait < NS_PER_S - into_second ? wait : NS_PER_S - into_second;
    uint64_t ms = wait <= 0 ? 0 : (uint64_t)((wait + NS_PER_MS - 1) / NS_PER_MS);
    /* Never put off: ticks that come just before each second would put it off for ever, and with it
     * the look at the files and at a clock that was set. */
    if (!uv_is_active((uv_handle_t *)&listen->wake) || uv_timer_get_due_in(&listen->wake) > ms) {
        uv_timer_start(&listen->wake, listen->wake.timer_cb, ms, 0);
    }
}

static void follow(struct listen *listen)
{
    uint64_t kept[LISTEN_MARKS_MAX];
    size_t count;
    hear_reports(listen);
    set_actions(listen); /* before the disk: what was called off stays silent */
    while ((count = keep_marks(listen, kept)) > 0) {
        for (size_t i = 0; i < count; i++) {
            chain_step(listen, &(struct listener_event){.kind = LISTENER_MARKED, .id = kept[i]});
        }
        hear_reports(listen);
        set_actions(listen);
    }
}

void listen_marked(void *context, const uint64_t *id, size_t count)
{
    struct listen *listen = context;
    for (size_t i = 0; i < count; i++) {
        chain_step(listen, &(struct listener_event){.kind = LISTENER_MARKED, .id = id[i]});
    }
    follow(listen);
    schedule_wake(listen);
}

void listen_step(struct listen *listen, struct listener_event *event)
{
    /* However many start at one instant: the shots are set, and the disk is asked, once. */
    chain_step(listen, event);
    follow(listen);
    if (!listen->is_looking) {
        /* At every step, not at the timer alone: a tick that arrives on the second puts the timer
         * off to the next one. */
        show_countdown(&listen->show, listener_estimate(&listen->listener, NULL),
                       listener_next(&listen->listener), links_up_count(listen),
                       listen->link_count);
    }
    schedule_wake(listen);
}

/* A site that is none of a wave's places hears so, once. */
static void tell_places(struct listen *listen, const struct view *view)
{
    const struct listener_site *site = &listen->listener.options.site;
    for (size_t i = 0; i < view->window_count && !listen->is_looking; i++) {
        const struct view_window *window = &view->window[i];
        char why[REASON_SIZE];
        bool is_told = listen->told_places == LISTENER_UIDS_MAX;
        for (size_t j = 0; j < listen->told_places && !is_told; j++) {
            is_told = record_uid_equal(&listen->told_place[j].uid, &window->uid) &&
                      record_id_equal(&listen->told_place[j].root, &window->root);
        }
        if (!is_told && site->place != NULL &&
            reason_no_place(window, site, listener_estimate(&listen->listener, &window->root)->best,
                            why)) {
            const struct record_window *record = &window->occurrence[0].record->is.window;
            struct text title =
                record_prose_in(record->title, record->title_count, site->languages);
            listen->told_place[listen->told_places].root = window->root;
            listen->told_place[listen->told_places++].uid = window->uid;
            listen_note(listen, "place", "%.*s does not ring here: %s",
                        (int)(title.len < 200 ? title.len : 200), title.at, why);
        }
    }
}

/* Records that nobody brings are not missed by themselves: says when too few beacons vouch that
 * nothing is missing, and when enough do again.  By this root's time, or (NULL) by the host's. */
static void tell_freshness(struct listen *listen, const struct view *view,
                           const struct record_id *root, instant now)
{
    for (size_t i = 0; i < view->root_count && i < LISTENER_CONSTELLATIONS_MAX; i++) {
        if (root != NULL && !record_id_equal(&view->root[i].id, root)) {
            continue;
        }
        bool is_stale = view_freshness(&view->root[i], now).is_stale;
        if (is_stale != listen->is_stale[i] && !listen->is_looking) {
            char sentence[VIEW_SENTENCE_SIZE];
            view_freshness_write(&view->root[i], now, sentence);
            listen_note(listen, "records", "%s", sentence);
        }
        listen->is_stale[i] = is_stale;
    }
}

/* Tells the mind what the shelf means at an instant, for one root or (NULL) for all. */
static void view_at(struct listen *listen, utc now, const struct record_id *root)
{
    struct view *view;
    if (!utc_is_in_range(now) ||
        !replica_view(&listen->replica, leap_from_utc(&listen->leap, now, NULL), &view)) {
        return;
    }
    listen->view_at = now;
    struct listener_event event = {.kind = LISTENER_RECORDS, .view = view};
    if (root != NULL) {
        event.has_root = true;
        event.root = *root;
    }
    listen_step(listen, &event);
    view_tell_new(&listen->seen, view, root, listen_alert, listen);
    tell_freshness(listen, view, root, leap_from_utc(&listen->leap, now, NULL));
    tell_places(listen, view);
    view_free(view);
}

/* Each constellation's records by its own time: what another's beacons say of it decides
 * nothing. */
void listen_view(struct listen *listen)
{
    struct discipline_clocks clocks = listen_read_clocks(listen);
    bool is_known = false;
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct listener_constellation *one = &listen->listener.constellation[i];
        if (one->in_use) {
            struct record_id root = one->root;
            is_known = true;
            view_at(listen,
                    listen->options->has_at ? listen->options->at
                                            : listener_now(&listen->listener, &root),
                    &root);
        }
    }
    if (!is_known) {
        view_at(listen, listen->options->has_at ? listen->options->at : clocks.host, NULL);
    }
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_estimate *estimate = &listen->listener.constellation[i].estimate;
        listen->viewed[i].best = estimate->best;
        listen->viewed[i].at = estimate->at;
    }
    listen->viewed_at = clocks.now;
    links_subscribe(listen);
}

/* The clock was corrected or set: what the view left out as long past may lie ahead. */
bool listen_has_clock_moved(const struct listen *listen)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_estimate *estimate = &listen->listener.constellation[i].estimate;
        int64_t moved = instant_since(estimate->best, listen->viewed[i].best).ns -
                        mono_since(estimate->at, listen->viewed[i].at).ns;
        if (listen->listener.constellation[i].in_use && (moved > NS_PER_S || moved < -NS_PER_S)) {
            return true;
        }
    }
    return false;
}
