#include "tocsin-beacon/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "files/files.h"
#include "instants/civil.h"
#include "instants/stamp.h"
#include "sandbox/sandbox.h"
#include "say/say.h"
#include "service/service.h"
#include "text/text.h"
#include "tocsin-beacon/clocks.h"

enum {
    LOOK_MS = 1000,        /* is there something new in the store? */
    STATUS_MS = 60 * 1000, /* and a word of life on the status topic */
    STOP_MS = 4 * 1000,    /* a thread may hang in the resolver; nobody waits for it */
};

/* ---- the herald ---- */

static bool step(struct beacon *beacon, struct herald_event *event);

static void on_wake(uv_timer_t *timer)
{
    step(timer->loop->data, &(struct herald_event){.kind = HERALD_WAKE});
}

static void on_attend(uv_timer_t *timer)
{
    step(timer->loop->data, &(struct herald_event){.kind = HERALD_ATTEND});
}

static void tell_clock(struct beacon *beacon, const struct herald_clocks *clocks)
{
    if (beacon->was_clock_told && beacon->is_synchronised == clocks->has_error) {
        return;
    }
    beacon->is_synchronised = clocks->has_error;
    beacon->was_clock_told = true;
    if (clocks->has_error) {
        say_news("clock %s, within %.1f ms",
                 clocks_vouch_state() == CLOCKS_VOUCHED ? "as its owner vouches for it"
                                                        : "synchronised",
                 (double)clocks->error_ns / 1e6);
    } else if (clocks_vouch_state() == CLOCKS_VOUCH_VOID) {
        say_news(
            "somebody has set the clock, or this host slept: --clock-error no longer holds, and "
            "every tick says that its clock is unsynchronised; start again to vouch for it anew");
    } else {
        say_news("clock unsynchronised: running, and every tick says so; start chrony or "
                 "systemd-timesyncd");
    }
}

/* libuv counts from its own idea of now, which may be some milliseconds old. */
static void wake_after(struct beacon *beacon, uv_timer_t *timer, uv_timer_cb then, span wait)
{
    uv_update_time(&beacon->loop);
    uv_timer_start(timer, then, (uint64_t)((wait.ns + NS_PER_MS - 1) / NS_PER_MS), 0);
}

static void give_view(struct beacon *beacon);

static bool step(struct beacon *beacon, struct herald_event *event)
{
    struct herald_update update;
    event->clocks = clocks_read(beacon->leap);
    tell_clock(beacon, &event->clocks);
    herald_step(&beacon->herald, event, &update);
    if (!beacon->is_stopping) { /* before anything that takes time */
        wake_after(beacon, &beacon->wake, on_wake, update.wake);
        if (update.has_attend) {
            wake_after(beacon, &beacon->attend, on_attend, update.attend);
        }
    }
    beacon_record(beacon, event, &update);
    /* Sent before anything is printed: a slow terminal delays no tick. */
    for (size_t i = 0; i < beacon->link_count; i++) {
        if (update.send >> i & 1) {
            link_send_tick(&beacon->link[i]);
        }
        if (update.answer >> i & 1) {
            ear_answer(&beacon->link[i]);
        }
        ear_look(&beacon->link[i]);
    }
    beacon_tell(&update.news);
    if (update.news.kind != HERALD_QUIET || event->kind == HERALD_LINK_DOWN ||
        event->kind == HERALD_LINK_UP || event->kind == HERALD_VIEW) {
        supervision_tell(beacon, &event->clocks);
    }
    last_tick_keep(beacon, update.wake);
    if (update.wants_view) {
        give_view(beacon);
    }
    return update.has_attend;
}

/* ---- records ---- */

static void send_all_records(struct beacon *beacon)
{
    uint8_t *stream;
    size_t size;
    uint32_t omitted;
    if (!records_stream(beacon->records, clocks_read(beacon->leap).utc, &stream, &size, &omitted)) {
        say_news("the records cannot be put together: listeners keep the earlier ones");
        return;
    }
    bool is_new = beacon->stream == NULL || size != beacon->stream_size ||
                  memcmp(stream, beacon->stream, size) != 0;
    free(beacon->stream);
    beacon->stream = stream;
    beacon->stream_size = size;
    if (omitted != beacon->omitted && omitted > 0) {
        say_news("the records topic is full: %u record%s left out, of those that start last",
                 omitted, text_s(omitted));
    }
    beacon->omitted = omitted;
    for (size_t i = 0; i < beacon->link_count && is_new; i++) {
        link_send_records(&beacon->link[i]);
    }
}

static void say_alert(void *context, const struct view_alert *alert)
{
    char sentence[VIEW_SENTENCE_SIZE];
    (void)context;
    view_alert_write(alert, sentence);
    say_news("alert: %s", sentence);
}

static void give_view(struct beacon *beacon)
{
    const struct view *view = records_view(beacon->records, clocks_read(beacon->leap).utc);
    if (view == NULL) {
        say_news("out of memory for the view: the earlier one stays");
        return;
    }
    struct herald_event event = {.kind = HERALD_VIEW, .view = view};
    step(beacon, &event);
    view_tell_new(&beacon->seen, view, NULL, say_alert, NULL);
    send_all_records(beacon);
}

static void take_up(struct beacon *beacon)
{
    give_view(beacon);
    for (size_t i = 0; i < beacon->link_count; i++) {
        link_send_status(&beacon->link[i], TICK_STATUS_UP);
    }
}

static void on_store_changed(void *context, bool is_rescan)
{
    (void)is_rescan;
    struct beacon *beacon = context;
    if (records_look(beacon->records)) {
        take_up(beacon);
    }
}

static void on_status(uv_timer_t *timer)
{
    struct beacon *beacon = timer->loop->data;
    if (beat_if_due(beacon)) {
        on_store_changed(beacon, false);
    }
    for (size_t i = 0; i < beacon->link_count; i++) {
        link_send_status(&beacon->link[i], TICK_STATUS_UP);
    }
}

/* ---- beginning and end ---- */

static void on_part_closed(void *context);

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

static void on_last_resort(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void stop(struct beacon *beacon, int exit_code)
{
    if (beacon->is_stopping) {
        return;
    }
    beacon->is_stopping = true;
    beacon->exit_code = exit_code;
    service_stopping();
    last_tick_save(beacon);
    uv_timer_stop(&beacon->wake);
    uv_timer_stop(&beacon->attend);
    if (beacon->broker != NULL) {
        broker_let_go(beacon->broker);
    }
    watch_stop(beacon->watch);
    uv_timer_stop(&beacon->status);
    uv_timer_stop(&beacon->inbox_look);
    uv_timer_start(&beacon->last_resort, on_last_resort, STOP_MS, 0);
    beacon->closing = 1;
    for (size_t i = 0; i < beacon->link_count; i++) {
        beacon->closing += (beacon->link[i].voice != NULL) + (beacon->link[i].ear != NULL);
        link_close(&beacon->link[i], on_part_closed, beacon);
    }
    on_part_closed(beacon);
}

/* First the connections, so that the last status still reaches our own broker; then that one. */
static void on_part_closed(void *context)
{
    struct beacon *beacon = context;
    if (--beacon->closing > 0) {
        return;
    }
    if (beacon->broker != NULL) {
        struct broker *broker = beacon->broker;
        beacon->broker = NULL;
        beacon->closing = 1;
        broker_stop(broker, on_part_closed, beacon);
        return;
    }
    uv_walk(&beacon->loop, close_handle, NULL); /* our own: nobody else has any left */
}

static void on_signal(uv_signal_t *handle, int number)
{
    say_news("stopping (%s)", number == SIGINT ? "interrupted" : "asked to");
    stop(handle->loop->data, EXIT_DONE);
}

static void on_broker_ready(void *context, struct broker *broker)
{
    struct beacon *beacon = context;
    struct link *link = &beacon->link[0]; /* kept free for it */
    if (link->voice != NULL) {
        say_news("our broker is back: %s", broker_url(broker));
        return;
    }
    if (!broker_is_guarded(broker)) {
        say_news("our broker takes questions of any size: its plugin tocsin-guard.so is not where "
                 "the package puts it, other users cannot read it there, or mosquitto not load it");
    }
    printf("broker %s\n", broker_url(broker));
    if (broker_websockets_port(broker) != 0) {
        printf("broker ws://127.0.0.1:%d\n", broker_websockets_port(broker));
    }
    fflush(stdout);
    beacon->login = (struct mqtt_login){.user = BROKER_USER, .password = broker_password(broker)};
    if (!link_open(link, broker_url(broker), &beacon->login)) {
        stop(beacon, EXIT_OUTSIDE);
    }
}

static void on_broker_ended(void *context, struct broker *broker, const char *why, bool is_final)
{
    (void)broker;
    struct beacon *beacon = context;
    if (is_final) {
        say_error("%s", why);
        stop(beacon, EXIT_OUTSIDE);
    } else {
        say_news("our broker ended (%s): starting it again", why);
    }
}

static bool open_state(struct beacon *beacon)
{
    const struct options *options = beacon->options;
    struct files_error why;
    if (options->state != NULL && !files_make_folder(AT_FDCWD, options->state, 0700, &why)) {
        say_error("--state %s", why.message);
        return false;
    }
    return true;
}

/* What may be said of certificates by a host whose clock nothing vouches for. */
static void judge_own_clock(struct beacon *beacon)
{
    struct herald_clocks clocks = clocks_read(beacon->leap);
    utc least = clock_least();
    beacon->abroad = beacon->options->login;
    least = clocks.utc.ns > least.ns ? clocks.utc : least;
    snprintf(beacon->least_s, sizeof beacon->least_s, "%" PRId64, least.ns / NS_PER_S);
    beacon->abroad.least_s = clocks.has_error ? NULL : beacon->least_s;
    for (size_t i = 0; i < beacon->options->broker_count && !clocks.has_error; i++) {
        if (text_has_scheme(beacon->options->broker[i], "mqtts:")) {
            say_news("nothing vouches for this host's clock: from when a broker's certificate is "
                     "valid is not judged, and its end by %s, the least that it can be",
                     stamp_date_text(civil_from_utc(least).date).text);
            return;
        }
    }
}

/* A broker of our own takes link 0 and begins when its port is known; the others begin at once, and
 * none waits for another: every broker may be down at the start. */
static bool open_brokers(struct beacon *beacon)
{
    judge_own_clock(beacon);
    const struct options *options = beacon->options;
    char error[256];
    size_t first = options->has_embedded_broker ? 1 : 0;
    beacon->link_count = first + options->broker_count;
    for (size_t i = 0; i < options->broker_count; i++) {
        if (!link_open(&beacon->link[first + i], options->broker[i], &beacon->abroad)) {
            beacon->exit_code = EXIT_USAGE;
            return false;
        }
    }
    if (options->has_embedded_broker) {
        beacon->broker = broker_start(
            &beacon->loop,
            &(struct broker_options){.ask_topic = beacon->topic[TICK_TOPIC_ASK],
                                     .port = options->port,
                                     .has_websockets = options->has_websockets,
                                     .websockets_port = options->websockets_port,
                                     .websockets_anywhere = options->websockets_anywhere},
            &(struct broker_handlers){on_broker_ready, on_broker_ended, beacon}, error);
        if (beacon->broker == NULL) {
            say_error("%s", error);
            return false;
        }
    }
    return true;
}

/* Before anybody is spoken to.  The key and the store are open, the state's folder is there; the
 * broker of our own makes its folder in one of these. */
static void shut_in(const struct beacon *beacon)
{
    const struct options *options = beacon->options;
    const struct mqtt_login *login = &options->login;
    bool has_broker = options->has_embedded_broker;
    char guard[BROKER_PATH_MAX];
    const char *lack = sandbox_lack(sandbox_enter(&(struct sandbox){
        .read = {options->root, options->inbox, login->ca_file, login->cert_file, login->key_file,
                 has_broker && broker_guard(guard) ? guard : NULL},
        .written = {beacon->records->dir, options->state, has_broker ? "/tmp" : NULL,
                    has_broker ? getenv("RUNTIME_DIRECTORY") : NULL,
                    has_broker ? getenv("XDG_RUNTIME_DIR") : NULL},
        .starts_programs = has_broker}));
    if (lack != NULL) {
        say_news("%s", lack);
    }
}

/* False, with the exit code set and the reason said, when there is nothing to run for. */
static bool begin(struct beacon *beacon)
{
    beacon->exit_code = EXIT_OUTSIDE;
    if (!open_state(beacon)) {
        return false;
    }
    last_tick_load(beacon);
    give_view(beacon);
    if (!beacon->herald.is_beacon) {
        beacon->exit_code =
            say_no("key %s is not among the root's beacons: give the key of one that is, or add it "
                   "with `tocsin root rotate`",
                   record_key_id_text(&beacon->herald.key).text);
        return false;
    }
    shut_in(beacon);
    if (!open_brokers(beacon)) {
        return false;
    }
    if (!watch_start(&beacon->loop, beacon->records->dir, on_store_changed, beacon,
                     &beacon->watch)) {
        say_news(
            "changes of the store will not be noticed (%s): raise fs.inotify.max_user_watches and "
            "start again",
            strerror(errno));
    }
    if (beat_if_due(beacon)) {
        on_store_changed(beacon, false);
    }
    uv_timer_start(&beacon->status, on_status, STATUS_MS, STATUS_MS);
    return supervision_begin(beacon);
}

/* One loop and no threads: timers, signals and brokers become events, herald_step decides.  The
 * state is static, as handles must outlive the callbacks that close them, and there is one beacon a
 * process. */
int run(const struct options *options, const struct leap_table *leap, struct records *records,
        const struct trust_secret *secret, struct flight *flight)
{
    static struct beacon storage;
    struct beacon *beacon = &storage;
    *beacon = (struct beacon){.options = options,
                              .leap = leap,
                              .records = records,
                              .flight = flight,
                              .step = step,
                              .take_up = take_up,
                              .kept_tick = {INT64_MIN}};
    herald_init(&beacon->herald, &records->root, secret, leap, options->cadence);
    for (int which = TICK_TOPIC_TICK; which <= TICK_TOPIC_ASK; which++) {
        tick_topic_write((enum tick_topic)which, &records->root, &beacon->herald.key,
                         beacon->topic[which]);
    }
    if (uv_loop_init(&beacon->loop) != 0) {
        return say_outside("no event loop: too many open files?");
    }
    beacon->loop.data = beacon; /* for the callbacks of all that follow, but for turns */
    uv_timer_init(&beacon->loop, &beacon->wake);
    uv_timer_init(&beacon->loop, &beacon->attend);
    uv_timer_init(&beacon->loop, &beacon->status);
    uv_timer_init(&beacon->loop, &beacon->inbox_look);
    uv_timer_init(&beacon->loop, &beacon->alive);
    uv_timer_init(&beacon->loop, &beacon->last_resort);
    for (size_t i = 0; i < HERALD_LINKS_MAX; i++) {
        struct link *link = &beacon->link[i];
        link->beacon = beacon;
        link->number = i;
        uv_timer_init(&beacon->loop, &link->turn);
        link->turn.data = link;
    }
    uv_signal_init(&beacon->loop, &beacon->interrupt);
    uv_signal_init(&beacon->loop, &beacon->terminate);
    uv_signal_start(&beacon->interrupt, on_signal, SIGINT);
    uv_signal_start(&beacon->terminate, on_signal, SIGTERM);
    if (!begin(beacon)) {
        stop(beacon, beacon->exit_code);
    }
    uv_run(&beacon->loop, UV_RUN_DEFAULT);
    view_seen_free(&beacon->seen);
    free(beacon->stream);
    inbox_free(beacon->inbox);
    for (size_t i = 0; i < beacon->link_count; i++) {
        free(beacon->link[i].answers);
    }
    return beacon->exit_code;
}
