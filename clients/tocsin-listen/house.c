#include "tocsin-listen/house.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tocsin-listen/output.h"

static const int64_t VIEW_EVERY_NS = 60 * NS_PER_S;
static const int64_t RELOAD_EVERY_NS = 10 * NS_PER_S;

void house_read_clocks(const struct house *house, struct discipline_clocks *out)
{
    struct clock_reading reading;
    clock_read(&house->clock, &reading);
    *out = (struct discipline_clocks){
        .now = reading.now,
        .raw = reading.raw,
        .host = reading.host,
        .is_synchronised = reading.kernel.is_synchronised,
        .bound = reading.kernel.error,
        .slept = reading.slept,
    };
}

void house_note(struct house *house, const char *event, const char *text)
{
    show_note(&house->show, listener_now(&house->listener, NULL), event, text);
}

/* A gestures_tell. */
static void tell_hook(void *context, const char *text, bool is_failure)
{
    struct house *house = context;
    house->has_failed_one = house->has_failed_one || is_failure;
    house_note(house, "hook", text);
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

static void stop(struct house *house, int code)
{
    house->exit_code = code;
    uv_stop(&house->loop);
}

static bool is_missed(const struct listener_news *news)
{
    return news->kind == NEWS_JOINED || news->kind == NEWS_MISSED || news->kind == NEWS_BEFORE ||
           news->kind == NEWS_WITHDRAWN;
}

/* A gesture is said to have begun, and by what is known for certain it may still lie ahead: a
 * beacon may know better, until it is over. */
static bool may_be_mistaken(const struct house *house)
{
    for (size_t i = 0; i < house->listener.occurrence_count && !house->options->offline; i++) {
        const struct listener_occurrence *occurrence = &house->listener.occurrence[i];
        const struct discipline_estimate *estimate =
            listener_estimate(&house->listener, &occurrence->name.root);
        if (occurrence->state == LISTENER_JOINED &&
            estimate->earliest.tai_ns < occurrence->starts.tai_ns) {
            return true;
        }
    }
    return false;
}

/* --once: the answer is no when what was waited for can no longer come. */
static void judge_once(struct house *house)
{
    for (size_t i = 0; i < house->update.news_count; i++) {
        house->has_missed_one = house->has_missed_one || is_missed(&house->update.news[i]);
    }
    if (house->options->once && house->has_missed_one && !house->has_started_one &&
        !is_any_ahead(&house->listener) && !may_be_mistaken(house)) {
        stop(house, EXIT_NO);
    }
}

static void keep_start_of(struct house *house, const struct fire_report *report)
{
    const struct listener_occurrence *occurrence = listener_find(&house->listener, report->id);
    if (occurrence == NULL) {
        return;
    }
    const struct discipline_estimate *estimate =
        listener_estimate(&house->listener, &occurrence->name.root);
    struct discipline_clocks clocks;
    house_read_clocks(house, &clocks);
    struct show_start start = {
        .occurrence = *occurrence,
        .planned = {occurrence->start.ns - house->options->latency.ns},
        .actual = listener_utc(&house->listener, discipline_at(estimate, report->released)),
        .late = {report->released.ns - report->target.ns},
        .is_bounded = estimate->is_bounded,
        .basis = estimate->basis,
        .beacons = estimate->agreeing,
    };
    start.host_error.ns = clocks.host.ns - (clocks.now.ns - report->released.ns) - start.planned.ns;
    if (estimate->is_bounded) {
        int64_t error = start.actual.ns - start.planned.ns;
        start.earliest_error.ns = error - instant_since(estimate->best, estimate->earliest).ns;
        start.latest_error.ns = error + instant_since(estimate->latest, estimate->best).ns;
    }
    gestures_keep_start(&house->gestures, &start, tell_hook, house);
}

/* Measures a start, of which people hear once the hook has started; the event that tells the mind.
 * A shot that was dropped the mind finds out by its own clocks. */
static struct listener_event hear_report(struct house *house, const struct fire_report *report)
{
    if (report->is_missed) {
        return (struct listener_event){.kind = LISTENER_CLOCKS};
    }
    keep_start_of(house, report);
    house->has_started_one = true;
    return (struct listener_event){
        .kind = LISTENER_FIRED, .id = report->id, .released = report->released};
}

static void one_step(struct house *house, struct listener_event *event)
{
    house_read_clocks(house, &event->clocks);
    recorder_note_step(&house->recorder, event, house->view_at);
    listener_step(&house->listener, event, &house->update);
    for (size_t i = 0; i < house->update.news_count; i++) {
        if (house->update.news[i].kind != NEWS_STARTED) { /* shown with its figures */
            show_news(&house->show, listener_now(&house->listener, NULL), &house->update.news[i]);
        }
    }
    judge_once(house);
}

static void keep_memory(struct house *house)
{
    struct listener_memory memory[LISTENER_CONSTELLATIONS_MAX];
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t memories = listener_memories(&house->listener, memory);
    size_t count = listener_newest_stamps(&house->listener, newest);
    char why[300];
    if (!state_save_memory(&house->state, memory, memories, newest, count, why)) {
        house_note(house, "state", why);
    }
}

/* Makes the marks durable, all at once; the ids of those that the mind waits for go into out. */
static size_t keep_marks(struct house *house, uint64_t out[static HOUSE_MARKS_MAX])
{
    char why[300];
    size_t count = 0;
    if (house->mark_count > 0 &&
        !state_add_marks(&house->state, house->mark, house->mark_count, why)) {
        house_note(house, "state", why);
    }
    for (size_t i = 0; i < house->mark_count; i++) {
        if (house->mark_id[i] != 0) {
            out[count++] = house->mark_id[i];
        }
    }
    house->mark_count = 0;
    return count;
}

static void set_gestures(struct house *house)
{
    gestures_set(&house->gestures, &house->listener, &house->update, house->listener.at, tell_hook,
                 house);
}

/* One step, and what it asks for but shots and marks, which follow once for a chain of steps. */
static void chain_step(struct house *house, struct listener_event *event)
{
    one_step(house, event);
    const struct listener_update *update = &house->update;
    char why[300];
    /* One of each occurrence and one of each report at the most, so there is room. */
    for (size_t i = 0; i < update->mark_count && house->mark_count < HOUSE_MARKS_MAX; i++) {
        house->mark[house->mark_count] = update->mark[i];
        house->mark_id[house->mark_count++] = update->mark_id[i];
    }
    if (update->has_ask && update->ask_link < house->link_count) {
        wire_ask(house);
    }
    if (update->has_proof && !state_save_proof(&house->state, &update->proof_beacon, update->proof,
                                               update->proof_size, why)) {
        house_note(house, "state", why);
    }
    if (update->save_memory) {
        keep_memory(house);
    }
}

static void hear_reports(struct house *house)
{
    struct fire_report report;
    while (gestures_take_report(&house->gestures, &report)) {
        struct listener_event event = hear_report(house, &report);
        chain_step(house, &event);
    }
}

static void schedule_wake(struct house *house)
{
    struct discipline_clocks clocks;
    house_read_clocks(house, &clocks);
    int64_t wait = house->update.wake.ns - clocks.now.ns;
    /* The countdown turns over with the second. */
    int64_t into_second = listener_now(&house->listener, NULL).ns % NS_PER_S;
    into_second = into_second < 0 ? into_second + NS_PER_S : into_second;
    wait = wait < NS_PER_S - into_second ? wait : NS_PER_S - into_second;
    uint64_t ms = wait <= 0 ? 0 : (uint64_t)((wait + NS_PER_MS - 1) / NS_PER_MS);
    /* Never put off: ticks that come just before each second would put it off for ever, and with it
     * the look at the files and at a clock that was set. */
    if (!uv_is_active((uv_handle_t *)&house->wake) || uv_timer_get_due_in(&house->wake) > ms) {
        uv_timer_start(&house->wake, house->wake.timer_cb, ms, 0);
    }
}

/* However many start at one instant: the shots are set, and the disk is asked, once. */
static void step_and_follow(struct house *house, struct listener_event *event)
{
    uint64_t waiting[HOUSE_MARKS_MAX];
    size_t count;
    chain_step(house, event);
    hear_reports(house);
    set_gestures(house); /* before the disk: what was called off stays silent */
    while ((count = keep_marks(house, waiting)) > 0) {
        for (size_t i = 0; i < count; i++) {
            chain_step(house, &(struct listener_event){.kind = LISTENER_MARKED, .id = waiting[i]});
        }
        hear_reports(house);
        set_gestures(house);
    }
}

void house_step(struct house *house, struct listener_event *event)
{
    step_and_follow(house, event);
    /* At every step, not at the timer alone: a tick that arrives on the second puts the timer off
     * to the next one. */
    show_countdown(&house->show, listener_estimate(&house->listener, NULL),
                   listener_next(&house->listener), wire_up_count(house), house->link_count);
    schedule_wake(house);
}

void house_alert(void *context, const struct view_alert *alert)
{
    struct house *house = context;
    char sentence[VIEW_SENTENCE_SIZE];
    view_alert_write(alert, sentence);
    house_note(house, "alert", sentence);
}

/* Tells the mind what the shelf means at an instant, for one root or (NULL) for all. */
static void view_at(struct house *house, utc now, const struct record_id *root)
{
    struct view *view;
    if (!utc_is_in_range(now) ||
        !replica_view(&house->replica, leap_from_utc(&house->leap, now, NULL), &view)) {
        return;
    }
    house->view_at = now;
    struct listener_event event = {.kind = LISTENER_RECORDS, .view = view};
    if (root != NULL) {
        event.has_root = true;
        event.root = *root;
    }
    house_step(house, &event);
    view_tell_new(&house->told, view, house_alert, house);
    view_free(view);
}

/* Each constellation's records by its own time: what another's beacons say of it decides nothing.
 */
void house_view(struct house *house)
{
    struct discipline_clocks clocks;
    house_read_clocks(house, &clocks);
    bool is_known = false;
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct listener_constellation *one = &house->listener.constellation[i];
        if (one->in_use) {
            struct record_id root = one->root;
            is_known = true;
            view_at(house,
                    house->options->has_at ? house->options->at
                                           : listener_now(&house->listener, &root),
                    &root);
        }
    }
    if (!is_known) {
        view_at(house, house->options->has_at ? house->options->at : clocks.host, NULL);
    }
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_estimate *estimate = &house->listener.constellation[i].estimate;
        house->viewed[i].best = estimate->best;
        house->viewed[i].at = estimate->at;
    }
    house->viewed_at = clocks.now;
    wire_subscribe(house);
}

/* A beacon that was caught lying is not believed again. */
static void hear_proof(void *context, const struct state_proof *proof)
{
    struct house *house = context;
    if (!proof->is_read) {
        house_note(house, "state", proof->why);
        return;
    }
    house_step(house, &(struct listener_event){.kind = LISTENER_PROOF,
                                               .bytes = proof->tick[0],
                                               .size = proof->size[0],
                                               .second = proof->tick[1],
                                               .second_size = proof->size[1],
                                               .where = proof->where});
}

/* --- callbacks ------------------------------------------------------------------------------ */

/* A gestures_poll callback. */
static void tell_started(void *context, const struct show_start *start)
{
    struct house *house = context;
    show_started(&house->show, start);
}

static void poll_hooks(struct house *house, mono now)
{
    gestures_poll(&house->gestures, now, tell_started, tell_hook, house);
    if (hook_is_idle(house->gestures.hook)) {
        hook_output_renew(hook_output(house->gestures.hook));
        if (house->options->once && house->has_started_one) {
            stop(house, house->has_failed_one ? EXIT_OUTSIDE : EXIT_DONE);
        }
    }
}

/* The clock was corrected or set: what the view left out as long past may lie ahead. */
static bool has_clock_moved(const struct house *house)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_estimate *estimate = &house->listener.constellation[i].estimate;
        int64_t moved = instant_since(estimate->best, house->viewed[i].best).ns -
                        mono_since(estimate->at, house->viewed[i].at).ns;
        if (house->listener.constellation[i].in_use && (moved > NS_PER_S || moved < -NS_PER_S)) {
            return true;
        }
    }
    return false;
}

static void keep_room(struct house *house)
{
    char why[300];
    if (!state_keep_room(&house->state, why)) {
        house_note(house, "state", why);
    }
}

/* What was to be written and was not. */
static void tell_losses(struct house *house)
{
    uint64_t lost = output_take_lost();
    if (lost > 0) {
        char text[100];
        snprintf(text, sizeof text, "%" PRIu64 " lines were lost: nobody read standard output",
                 lost);
        house_note(house, "output", text);
    }
    if (!recorder_flush(&house->recorder)) {
        house_note(house, "log",
                   "--log: the disk is full, fails or is too slow: the log ends here");
    }
}

static void on_wake(uv_timer_t *timer)
{
    struct house *house = timer->data;
    tell_losses(house);
    struct discipline_clocks clocks;
    house_read_clocks(house, &clocks);
    bool is_news = false;
    if (clocks.now.ns - house->reloaded_at.ns > RELOAD_EVERY_NS) {
        house->reloaded_at = clocks.now;
        is_news = follow_look(house);
        keep_room(house);
    }
    if (is_news || has_clock_moved(house) || clocks.now.ns - house->viewed_at.ns > VIEW_EVERY_NS) {
        house_view(house);
    } else {
        house_step(house, &(struct listener_event){.kind = LISTENER_CLOCKS});
    }
    poll_hooks(house, clocks.now);
}

static void on_fired(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct house *house = poll->data;
    house_step(house, &(struct listener_event){.kind = LISTENER_CLOCKS});
    poll_hooks(house, house->listener.at);
}

static void on_hook(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct house *house = poll->data;
    struct discipline_clocks clocks;
    house_read_clocks(house, &clocks);
    poll_hooks(house, clocks.now);
}

static void on_output(uv_poll_t *poll, int status, int events);

static void on_output_rested(uv_timer_t *timer)
{
    struct house *house = timer->data;
    uv_poll_start(&house->output, UV_READABLE, on_output);
}

/* What commands write goes to standard error, as far as it is little. */
static void on_output(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct house *house = poll->data;
    struct hook_output *output = hook_output(house->gestures.hook);
    static char text[HOOK_OUTPUT_CHUNK];
    uint64_t left_out;
    size_t size = hook_output_take(output, clock_mono(), text);
    fwrite(text, 1, size, stderr);
    fflush(stderr);
    if (hook_output_is_worth_telling(output, &left_out)) {
        char sentence[200];
        snprintf(sentence, sizeof sentence,
                 "the commands write more than is passed on: %" PRIu64 " bytes are left out so far",
                 left_out);
        tell_hook(house, sentence, false);
    }
    uv_poll_stop(&house->output);
    uv_timer_start(&house->output_rest, on_output_rested, HOOK_OUTPUT_REST_MS, 0);
}

static void arm_clock_set(struct house *house)
{
    struct itimerspec far = {.it_value = {.tv_sec = INT32_MAX}};
    timerfd_settime(house->clock_set_timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far,
                    NULL);
}

/* Somebody set the host's clock: the plan follows at once. */
static void on_clock_set(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct house *house = poll->data;
    uint64_t ignored;
    (void)!read(house->clock_set_timer, &ignored, sizeof ignored);
    arm_clock_set(house);
    house_step(house, &(struct listener_event){.kind = LISTENER_CLOCKS});
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct house *house = handle->data;
    if (number == SIGCHLD) {
        struct discipline_clocks clocks;
        house_read_clocks(house, &clocks);
        poll_hooks(house, clocks.now);
    } else {
        stop(house, !house->options->once     ? EXIT_DONE
                    : house->has_failed_one   ? EXIT_OUTSIDE
                    : !house->has_started_one ? EXIT_NO
                                              : EXIT_DONE);
    }
}

/* --- opening and closing ------------------------------------------------------------------------
 */

/* Ours only: the ears' handles are closed by ear_close. */
static void close_handles(struct house *house)
{
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&house->wake,        (uv_handle_t *)&house->fired,
        (uv_handle_t *)&house->clock_set,   (uv_handle_t *)&house->interrupt,
        (uv_handle_t *)&house->terminate,   (uv_handle_t *)&house->child,
        (uv_handle_t *)&house->look,        (uv_handle_t *)&house->hangup,
        (uv_handle_t *)&house->hook,        (uv_handle_t *)&house->output,
        (uv_handle_t *)&house->output_rest, (uv_handle_t *)&house->judging,
    };
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
        uv_close(handles[i], NULL);
    }
}

static bool open_loop(struct house *house)
{
    if (uv_loop_init(&house->loop) != 0) {
        return false;
    }
    house->clock_set_timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    uv_timer_init(&house->loop, &house->wake);
    uv_timer_init(&house->loop, &house->look);
    uv_timer_init(&house->loop, &house->output_rest);
    uv_timer_init(&house->loop, &house->judging);
    uv_signal_init(&house->loop, &house->interrupt);
    uv_signal_init(&house->loop, &house->terminate);
    uv_signal_init(&house->loop, &house->child);
    uv_signal_init(&house->loop, &house->hangup);
    if (house->clock_set_timer < 0 ||
        uv_poll_init(&house->loop, &house->fired, fire_descriptor(house->gestures.fire)) != 0 ||
        uv_poll_init(&house->loop, &house->hook, hook_descriptor(house->gestures.hook)) != 0 ||
        uv_poll_init(&house->loop, &house->output, hook_output(house->gestures.hook)->ends[0]) !=
            0 ||
        uv_poll_init(&house->loop, &house->clock_set, house->clock_set_timer) != 0) {
        return false;
    }
    house->wake.data = house->interrupt.data = house->terminate.data = house->child.data = house;
    house->hangup.data = house->hook.data = house->output.data = house->output_rest.data =
        house->judging.data = house;
    house->fired.data = house->clock_set.data = house->look.data = house;
    uv_timer_start(&house->wake, on_wake, 0, 0);
    uv_signal_start(&house->interrupt, on_signal, SIGINT);
    uv_signal_start(&house->terminate, on_signal, SIGTERM);
    uv_signal_start(&house->child, on_signal, SIGCHLD);
    if (isatty(STDIN_FILENO) || isatty(STDOUT_FILENO) || isatty(STDERR_FILENO)) {
        uv_signal_start(&house->hangup, on_signal, SIGHUP);
    } /* else it is ignored: listen.c */
    uv_poll_start(&house->fired, UV_READABLE, on_fired);
    uv_poll_start(&house->hook, UV_READABLE, on_hook);
    uv_poll_start(&house->output, UV_READABLE, on_output);
    arm_clock_set(house);
    uv_poll_start(&house->clock_set, UV_READABLE, on_clock_set);
    return true;
}

void house_introduce_anchors(struct house *house)
{
    const struct anchors *anchors = &house->replica.anchors;
    for (size_t i = 0; i < anchors->count; i++) {
        if (anchors_is_in_force(anchors, i)) {
            char said[ANCHORS_TEXT_SIZE], text[ANCHORS_TEXT_SIZE + 8];
            anchors_describe(anchors->record[i], said);
            snprintf(text, sizeof text, "root: %s", said);
            house_note(house, "root", text);
        }
    }
}

static void introduce(struct house *house)
{
    house_introduce_anchors(house);
    struct fire_grants grants = fire_granted(house->gestures.fire);
    size_t records = replica_record_count(&house->replica);
    char text[300];
    snprintf(text, sizeof text, "%zu record%s; starting %s real-time priority%s", records,
             records == 1 ? "" : "s", grants.has_fifo ? "with" : "without",
             grants.has_fifo
                 ? ""
                 : " (a few ms late under load; allow it with LimitRTPRIO or CAP_SYS_NICE)");
    house_note(house, "ready", text);
    if (house->clock.pretence != NULL) {
        house_note(house, "clock", house->clock.pretence);
    }
}

int house_run(struct house *house)
{
    char why[300], dir[3072];
    if (house->options->state == NULL && !state_default_dir(dir, sizeof dir)) {
        return say_usage("no home folder: give one for what was fired with --state");
    }
    int bell = -1;
    if (house->options->bell) {
        bell = open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (bell < 0) {
            return say_usage("--bell: no terminal to ring");
        }
    }
    if (!gestures_open(&house->gestures, &house->clock, house->options->run, house->options->pipe,
                       bell, why)) {
        return say_usage("%s", why);
    }
    if (!open_loop(house)) {
        return say_outside("no file descriptors for the event loop: raise the limit (ulimit -n)");
    }
    bool has_room = state_keep_room(&house->state, why); /* before the first mark */
    house_view(house);
    state_load_proofs(&house->state, hear_proof, house);
    introduce(house);
    if (!has_room) { /* told now, not when a start is near */
        house_note(house, "state", why);
    }
    follow_start(house);
    if (wire_open(house)) {
        if (house->link_count == 0 && !house->options->offline) {
            house_note(house, "broker", "no broker is known: only files and this host's clock");
        }
        uv_run(&house->loop, UV_RUN_DEFAULT);
        keep_memory(house);
    }
    show_finish(&house->show);
    gestures_close(&house->gestures);
    wire_close(house);
    watch_stop(house->watch);
    close_handles(house);
    uv_run(&house->loop, UV_RUN_DEFAULT);
    uv_loop_close(&house->loop);
    close(house->clock_set_timer);
    if (bell >= 0) {
        close(bell);
    }
    return house->exit_code;
}
