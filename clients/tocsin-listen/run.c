/* run.c -- the loop of a running listener: callbacks become events. */
#include "tocsin-listen/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "service/service.h"
#include "tocsin-listen/output_queue.h"

static const int64_t VIEW_EVERY_NS = 60 * NS_PER_S;
static const int64_t RELOAD_EVERY_NS = 10 * NS_PER_S;

/* A beacon that was caught lying is not believed again. */
static void hear_proof(void *context, const struct state_proof *proof)
{
    struct listen *listen = context;
    if (!proof->is_read) {
        listen_note(listen, "state", "%s", proof->why);
        return;
    }
    listen_step(listen, &(struct listener_event){.kind = LISTENER_PROOF,
                                                 .bytes = proof->tick[0],
                                                 .size = proof->size[0],
                                                 .second = proof->tick[1],
                                                 .second_size = proof->size[1],
                                                 .where = proof->where});
}

/* --- callbacks ------------------------------------------------------------------------------ */

/* A bell_tell. */
static void tell_bell(void *context, const struct bell_news *news)
{
    struct listen *listen = context;
    switch (news->kind) {
    case BELL_READY:
        listen->bell_wants[0] = '\0';
        listen_note(listen, "bell", "the bell is ready: %s", news->text);
        break;
    case BELL_WANTING:
    case BELL_UNUSABLE:
        if (strcmp(listen->bell_wants, news->text) == 0) {
            return; /* told: as the program began, or a second ago */
        }
        snprintf(listen->bell_wants, sizeof listen->bell_wants, "%s", news->text);
        listen_note(listen, "bell", "the bell will not ring, unless this is mended: %s",
                    news->text);
        break;
    case BELL_RUNG:
        listen_note(listen, "bell", "the bell rang, %" PRId64 " us after the release",
                    news->after.ns / NS_PER_US);
        break;
    case BELL_FAILED:
        listen->has_failed_one = true;
        report_failure(listen, news->text);
        listen_note(listen, "bell", "the bell did not ring: %s", news->text);
        break;
    }
}

/* An actions_poll callback. */
static void tell_started(void *context, const struct show_start *start)
{
    struct listen *listen = context;
    show_started(&listen->show, start);
    report_started(listen, start);
}

static void poll_hooks(struct listen *listen, mono now)
{
    actions_poll(&listen->actions, now, tell_started, listen_tell_hook, listen);
    if (actions_is_idle(&listen->actions)) {
        hook_output_renew(hook_output(listen->actions.hook));
        if (listen->options->once && listen->has_started_one) {
            listen_stop(listen, listen->has_failed_one ? EXIT_OUTSIDE : EXIT_DONE);
        }
    }
}

/* A disk_handlers' told. */
static void hear_disk(void *context, const char *text)
{
    listen_note(context, "state", "%s", text);
}

/* A replica_keep. */
static void keep_records(void *context, const uint8_t *bytes, size_t size)
{
    struct listen *listen = context;
    if (!disk_keep_records(&listen->disk, bytes, size)) {
        listen_note(listen, "store",
                    "the disk is too slow: records of brokers are used, and not all of them kept");
    }
}

static void open_disk(struct listen *listen)
{
    listen->has_disk = listen->state.lock >= 0; /* a drill keeps nothing */
    if (!listen->has_disk) {
        return;
    }
    disk_open(&listen->disk, &listen->loop, &listen->state,
              &(struct disk_handlers){listen_marked, hear_disk, listen});
    if (!listen->replica.may_write) {
        return;
    }
    struct ledger_policy policy = anchors_policy(&listen->replica.anchors);
    struct store_error error;
    if (disk_open_store(&listen->disk, listen->options->store, &listen->leap,
                        &(struct store_source){.root = policy.root,
                                               .root_count = policy.root_count,
                                               .anchor = policy.anchor,
                                               .anchor_count = policy.anchor_count},
                        &error)) {
        listen->replica.keep = keep_records;
        listen->replica.keep_context = listen;
    } else {
        listen_note(listen, "store", "%s", error.message); /* the loop keeps them, as it can */
    }
}

/* What was to be written and was not. */
static void tell_losses(struct listen *listen)
{
    uint64_t lost = output_take_lost();
    if (lost > 0) {
        listen_note(listen, "output", "%" PRIu64 " lines were lost: nobody read standard output",
                    lost);
    }
    if (!flight_flush(listen->flight)) {
        listen_note(listen, "log",
                    "--log: the disk is full, fails or is too slow: the log ends here");
    }
}

/* The listener asks when it wants to be woken; what else looks at the world now and then does so on
 * the same occasion, so that an idle listener seldom wakes. */
static void on_wake(uv_timer_t *timer)
{
    struct listen *listen = timer->loop->data;
    tell_losses(listen);
    mono now = listen_read_clocks(listen).now;
    bool is_news = false;
    if (now.ns - listen->reloaded_at.ns > RELOAD_EVERY_NS) {
        listen->reloaded_at = now;
        is_news = follow_look(listen);
        if (listen->has_disk) {
            disk_keep_room(&listen->disk);
        }
    }
    if (listen->has_disk) {
        disk_look(&listen->disk);
    }
    is_news = supervision_look(listen, now) || is_news;
    if (is_news || listen_has_clock_moved(listen) ||
        now.ns - listen->viewed_at.ns > VIEW_EVERY_NS) {
        listen_view(listen);
    } else {
        listen_step(listen, &(struct listener_event){.kind = LISTENER_CLOCKS});
    }
    poll_hooks(listen, now);
    supervision_turn(listen, now);
    wire_look(listen);
    report_look(listen);
}

static void on_fired(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct listen *listen = poll->loop->data;
    listen_step(listen, &(struct listener_event){.kind = LISTENER_CLOCKS});
    poll_hooks(listen, listen->listener.at);
}

static void on_hook(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct listen *listen = poll->loop->data;
    poll_hooks(listen, listen_read_clocks(listen).now);
}

static void on_output(uv_poll_t *poll, int status, int events);

static void on_output_rested(uv_timer_t *timer)
{
    struct listen *listen = timer->loop->data;
    uv_poll_start(&listen->output, UV_READABLE, on_output);
}

/* What commands write goes to standard error, as far as it is little. */
static void on_output(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct listen *listen = poll->loop->data;
    struct hook_output *output = hook_output(listen->actions.hook);
    static char text[HOOK_OUTPUT_CHUNK];
    uint64_t left_out;
    size_t size = hook_output_take(output, clock_mono(), text);
    show_output(&listen->show, text, size);
    if (hook_output_is_worth_telling(output, &left_out)) {
        char sentence[200];
        snprintf(sentence, sizeof sentence,
                 "the commands write more than is passed on: %" PRIu64 " bytes are left out so far",
                 left_out);
        listen_tell_hook(listen, sentence, false);
    }
    uv_poll_stop(&listen->output);
    uv_timer_start(&listen->output_rest, on_output_rested, HOOK_OUTPUT_REST_MS, 0);
}

static void arm_clock_set(struct listen *listen)
{
    struct itimerspec far = {.it_value = {.tv_sec = INT32_MAX}};
    timerfd_settime(listen->clock_set_timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far,
                    NULL);
}

/* Somebody set the host's clock: the plan follows at once. */
static void on_clock_set(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct listen *listen = poll->loop->data;
    uint64_t ignored;
    (void)!read(listen->clock_set_timer, &ignored, sizeof ignored);
    arm_clock_set(listen);
    listen_step(listen, &(struct listener_event){.kind = LISTENER_CLOCKS});
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct listen *listen = handle->loop->data;
    if (number == SIGCHLD) {
        poll_hooks(listen, listen_read_clocks(listen).now);
    } else {
        listen_stop(listen, !listen->options->once     ? EXIT_DONE
                            : listen->has_failed_one   ? EXIT_OUTSIDE
                            : !listen->has_started_one ? EXIT_NO
                                                       : EXIT_DONE);
    }
}

/* --- opening and closing ---------------------------------------------------------------------- */

/* Ours only: the ears' handles are closed by ear_close. */
static void close_handles(struct listen *listen)
{
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&listen->wake,        (uv_handle_t *)&listen->fired,
        (uv_handle_t *)&listen->clock_set,   (uv_handle_t *)&listen->interrupt,
        (uv_handle_t *)&listen->terminate,   (uv_handle_t *)&listen->child,
        (uv_handle_t *)&listen->look,        (uv_handle_t *)&listen->hangup,
        (uv_handle_t *)&listen->hook,        (uv_handle_t *)&listen->output,
        (uv_handle_t *)&listen->output_rest, (uv_handle_t *)&listen->judging,
    };
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
        uv_close(handles[i], NULL);
    }
}

/* All descriptors and timers before anything is armed: once a shot stands, no want of memory or
 * descriptors may be met any more.  A timer that the kernel cancels when the clock is set is the
 * only news of that which needs no looking. */
static bool open_loop(struct listen *listen)
{
    if (uv_loop_init(&listen->loop) != 0) {
        return false;
    }
    listen->clock_set_timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    uv_timer_init(&listen->loop, &listen->wake);
    uv_timer_init(&listen->loop, &listen->look);
    uv_timer_init(&listen->loop, &listen->output_rest);
    uv_timer_init(&listen->loop, &listen->judging);
    uv_signal_init(&listen->loop, &listen->interrupt);
    uv_signal_init(&listen->loop, &listen->terminate);
    uv_signal_init(&listen->loop, &listen->child);
    uv_signal_init(&listen->loop, &listen->hangup);
    if (listen->clock_set_timer < 0 ||
        uv_poll_init(&listen->loop, &listen->fired, fire_descriptor(listen->actions.fire)) != 0 ||
        uv_poll_init(&listen->loop, &listen->hook, hook_descriptor(listen->actions.hook)) != 0 ||
        uv_poll_init(&listen->loop, &listen->output, hook_output(listen->actions.hook)->ends[0]) !=
            0 ||
        uv_poll_init(&listen->loop, &listen->clock_set, listen->clock_set_timer) != 0) {
        return false;
    }
    listen->loop.data = listen; /* for the callbacks of all these */
    uv_timer_start(&listen->wake, on_wake, 0, 0);
    uv_signal_start(&listen->interrupt, on_signal, SIGINT);
    uv_signal_start(&listen->terminate, on_signal, SIGTERM);
    uv_signal_start(&listen->child, on_signal, SIGCHLD);
    if (isatty(STDIN_FILENO) || isatty(STDOUT_FILENO) || isatty(STDERR_FILENO)) {
        uv_signal_start(&listen->hangup, on_signal, SIGHUP);
    } /* else it is ignored: listen.c */
    uv_poll_start(&listen->fired, UV_READABLE, on_fired);
    uv_poll_start(&listen->hook, UV_READABLE, on_hook);
    uv_poll_start(&listen->output, UV_READABLE, on_output);
    arm_clock_set(listen);
    uv_poll_start(&listen->clock_set, UV_READABLE, on_clock_set);
    return true;
}

static void introduce(struct listen *listen)
{
    if (listen->options->is_drill) {
        listen_note(listen, "ready", "a drill: the records are of this run, and nothing is kept");
        if (listen->options->has_file && getenv("TOCSIN_BOOT_ID") == NULL) { /* the units set it */
            listen_note(listen, "ready",
                        "a drill with your rights, not with those of the service: for these, "
                        "sudo systemctl start tocsin-listen-drill");
        }
    } else {
        listen_introduce_anchors(listen);
    }
    if (listen->options->has_file && !options_has_action(listen->options)) {
        listen_note(listen, "hook",
                    "nothing rings here: a gesture would only be shown; say what is to start in "
                    "the file of options (run, pipe, sound, gpio)");
    }
    struct fire_grants grants = fire_granted(listen->actions.fire);
    size_t records;
    (void)replica_entries(&listen->replica, &records);
    listen_note(listen, "ready", "%zu record%s; starting %s real-time priority%s", records,
                text_s(records), grants.has_fifo ? "with" : "without",
                grants.has_fifo
                    ? ""
                    : " (a few ms late under load; allow it with LimitRTPRIO or CAP_SYS_NICE)");
    if (listen->clock.pretence != NULL) {
        listen_note(listen, "clock", "%s", listen->clock.pretence);
    }
}

int listen_run(struct listen *listen)
{
    char why[300];
    int terminal = -1;
    if (listen->options->bell) {
        terminal = open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (terminal < 0) {
            return say_usage("--bell: no terminal to ring");
        }
    }
    if (!actions_open(&listen->actions, listen->options, &listen->clock, terminal, why)) {
        return say_usage("%s", why);
    }
    if (!open_loop(listen)) {
        return say_outside("no file descriptors for the event loop: raise the limit (ulimit -n)");
    }
    const struct bell_options *bell = &listen->options->ring;
    if (options_has_bell(listen->options)) {
        listen->actions.bell = bell_new(&listen->loop, bell, tell_bell, listen);
        listen->actions.is_bell_held = bell->gpio != NULL;
        if (listen->actions.bell == NULL) {
            return say_outside("no memory or descriptors for the bell");
        }
    }
    bool has_room = state_keep_room(&listen->state, why); /* before the first mark */
    open_disk(listen);
    listen_view(listen);
    if (!listen->options->is_drill) {
        state_load_proofs(&listen->state, hear_proof, listen);
    }
    introduce(listen);
    if (!has_room) { /* told now, not when a start is near */
        listen_note(listen, "state", "%s", why);
    }
    if (listen->actions.bell != NULL) {
        tell_bell(listen, &listen->tried);
    }
    follow_start(listen);
    if (report_open(listen) && wire_open(listen)) {
        if (listen->link_count == 0 && !listen->options->offline) {
            listen_note(listen, "broker", "no broker is known: only files and this host's clock");
        }
        service_ready();
        uv_run(&listen->loop, UV_RUN_DEFAULT);
        service_stopping();
        listen_keep_memory(listen);
    }
    show_finish(&listen->show);
    actions_close(&listen->actions);
    wire_close(listen);
    if (listen->report != NULL) {
        report_close(listen->report);
    }
    watch_stop(listen->watch);
    close_handles(listen);
    if (listen->has_disk && !disk_close(&listen->disk)) {
        fflush(NULL);
        _exit(listen->exit_code); /* its thread cannot be ended while the kernel holds it */
    }
    uv_run(&listen->loop, UV_RUN_DEFAULT);
    uv_loop_close(&listen->loop);
    close(listen->clock_set_timer);
    if (terminal >= 0) {
        close(terminal);
    }
    return listen->exit_code;
}
