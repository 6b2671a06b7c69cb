#include "ear/ear.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "ear/frame.h"
#include "ear/login.h"
#include "mqtt/url.h"

enum {
    SUBSCRIPTIONS_MAX = 256,
    SILENCE_MAX_MS = 10 * 1000,
    RETRY_FIRST_MS = 500,
    RETRY_MAX_MS = 30 * 1000,
    SETTLED_MS = 60 * 1000,
    LOOK_MS = 1000,
    MORE_MS = 4, /* between two turns of one flood */
    SOCKET = 3,
};

static const int64_t TURN_NS = 4 * NS_PER_MS, ARRIVAL_MAX_NS = 100 * NS_PER_MS;

struct ear {
    uv_loop_t *loop;
    struct ear_handlers handlers;
    char *url;      /* owned */
    uint8_t *login; /* owned, in guarded memory: it has the password */
    size_t login_size;
    char *will_topic; /* owned; NULL: none */
    uint8_t will[EAR_WILL_SIZE_MAX];
    size_t will_size;
    pid_t pid;  /* 0: none */
    int socket; /* -1: none */
    bool is_up, is_closing, is_polled;
    uint64_t started_ms, heard_ms, retry_ms, retry_at_ms;
    int64_t empty_ns; /* CLOCK_MONOTONIC_RAW when there was last nothing to read */
    struct {
        char *topic; /* owned; NULL: none */
        int qos;
    } subscription[SUBSCRIPTIONS_MAX];
    uv_poll_t poll;
    uv_timer_t look, more;
    int open_handles;
    size_t used;
    uint8_t bytes[FRAME_ROOM];
};

static int64_t read_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* ---- the process ---- */

/* After the fork, before exec: safe calls only. */
static void become_ear(int socket)
{
    int null = open("/dev/null", O_RDWR);
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char name[] = EAR_PROGRAM, *const arguments[] = {name, NULL};
    if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
        dup2(null, STDERR_FILENO) >= 0 &&
        (socket == SOCKET ? fcntl(SOCKET, F_SETFD, 0) : dup2(socket, SOCKET)) >= 0 &&
        close_range(SOCKET + 1, ~0U, 0) == 0) {
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve("/proc/self/exe", arguments, environ);
    }
    _exit(127);
}

static bool spawn(struct ear *ear)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = _Fork();
    if (pid == 0) {
        become_ear(ends[1]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    ear->pid = pid;
    ear->socket = ends[0];
    return true;
}

static void collect(struct ear *ear)
{
    if (ear->pid != 0 && waitpid(ear->pid, NULL, WNOHANG) == ear->pid) {
        ear->pid = 0;
    }
}

static void release(struct ear *ear)
{
    if (--ear->open_handles > 0) {
        return;
    }
    for (size_t i = 0; i < SUBSCRIPTIONS_MAX; i++) {
        free(ear->subscription[i].topic);
    }
    free(ear->url);
    free(ear->will_topic);
    sodium_free(ear->login);
    free(ear);
}

static void on_poll_closed(uv_handle_t *handle)
{
    struct ear *ear = handle->data;
    ear->is_polled = false;
    release(ear);
}

static void end_process(struct ear *ear)
{
    if (ear->pid != 0) {
        kill(ear->pid, SIGKILL);
    }
    if (ear->socket >= 0) {
        uv_poll_stop(&ear->poll);
        uv_close((uv_handle_t *)&ear->poll, on_poll_closed);
        close(ear->socket);
        ear->socket = -1;
    }
    uv_timer_stop(&ear->more);
    ear->used = 0;
    ear->is_up = false;
    collect(ear);
}

static void fail(struct ear *ear, const char *why)
{
    end_process(ear);
    uint64_t now_ms = uv_now(ear->loop);
    bool was_settled = now_ms - ear->started_ms > SETTLED_MS;
    ear->retry_ms = was_settled || ear->retry_ms == 0 ? RETRY_FIRST_MS : 2 * ear->retry_ms;
    ear->retry_ms = ear->retry_ms < RETRY_MAX_MS ? ear->retry_ms : RETRY_MAX_MS;
    ear->retry_at_ms = now_ms + ear->retry_ms;
    if (!ear->is_closing) {
        ear->handlers.lost(ear->handlers.context, ear, why);
    }
}

/* An ear that does not take a few hundred bytes hangs. */
static void send_frame(struct ear *ear, const struct frame *frame)
{
    static uint8_t bytes[FRAME_ROOM];
    if (ear->socket < 0 || frame->topic_size > FRAME_TOPIC_MAX) {
        return;
    }
    size_t size = frame_write(frame, bytes);
    ssize_t sent = send(ear->socket, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    explicit_bzero(bytes, size); /* one of them has the password */
    if (sent != (ssize_t)size) {
        ear->heard_ms = 0; /* on_look ends it: not here, inside of a caller's step */
        shutdown(ear->socket, SHUT_RDWR);
    }
}

static void send_subscription(struct ear *ear, size_t i)
{
    send_frame(ear, &(struct frame){.kind = FRAME_SUBSCRIBE,
                                    .flag = (uint8_t)ear->subscription[i].qos,
                                    .topic = ear->subscription[i].topic,
                                    .topic_size = strlen(ear->subscription[i].topic)});
}

/* ---- what it says ---- */

static void hear_message(struct ear *ear, const struct frame *frame)
{
    char topic[FRAME_TOPIC_MAX + 1];
    memcpy(topic, frame->topic, frame->topic_size);
    topic[frame->topic_size] = '\0';
    int64_t now_ns = read_ns(CLOCK_MONOTONIC_RAW);
    int64_t least_ns =
        now_ns - ARRIVAL_MAX_NS > ear->empty_ns ? now_ns - ARRIVAL_MAX_NS : ear->empty_ns;
    int64_t arrived_ns = frame->arrived_ns < least_ns ? least_ns : frame->arrived_ns;
    ear->handlers.message(ear->handlers.context, ear,
                          &(struct ear_message){
                              .topic = topic,
                              .payload = frame->payload,
                              .size = frame->size,
                              .is_retained = frame->flag != 0,
                              .arrived = {arrived_ns < now_ns ? arrived_ns : now_ns},
                          });
}

static void hear_down(struct ear *ear, const struct frame *frame)
{
    char why[200];
    size_t size = frame->size < sizeof why - 1 ? frame->size : sizeof why - 1;
    for (size_t i = 0; i < size; i++) {
        why[i] =
            (char)(frame->payload[i] < 0x20 || frame->payload[i] == 0x7f ? '?' : frame->payload[i]);
    }
    why[size] = '\0';
    ear->is_up = false;
    ear->handlers.lost(ear->handlers.context, ear, why);
}

/* Of the topics that were asked for; a broker's words go no further. */
static void hear_denied(struct ear *ear, const struct frame *frame)
{
    for (size_t i = 0; i < SUBSCRIPTIONS_MAX && ear->handlers.denied != NULL; i++) {
        const char *topic = ear->subscription[i].topic;
        if (topic != NULL && strlen(topic) == frame->topic_size &&
            memcmp(topic, frame->topic, frame->topic_size) == 0) {
            ear->handlers.denied(ear->handlers.context, ear, topic);
            return;
        }
    }
}

/* False: no ear of ours says this. */
static bool hear(struct ear *ear, const struct frame *frame)
{
    switch (frame->kind) {
    case FRAME_UP:
        ear->is_up = true;
        ear->handlers.connected(ear->handlers.context, ear);
        return true;
    case FRAME_DOWN:
        hear_down(ear, frame);
        return true;
    case FRAME_MESSAGE:
        hear_message(ear, frame);
        return true;
    case FRAME_DENIED:
        hear_denied(ear, frame);
        return true;
    case FRAME_BEAT:
        return true;
    case FRAME_WILL:
    case FRAME_OPEN:
    case FRAME_SUBSCRIBE:
    case FRAME_UNSUBSCRIBE:
    case FRAME_PUBLISH:
        break;
    }
    return false;
}

/* Frames that are there, until the turn is over; FRAME_WHOLE: there are more. */
static enum frame_result hear_frames(struct ear *ear, int64_t until_ns)
{
    size_t at = 0;
    enum frame_result result = FRAME_WHOLE;
    while (result == FRAME_WHOLE && read_ns(CLOCK_MONOTONIC) < until_ns) {
        struct frame frame;
        size_t used;
        result = frame_read(ear->bytes + at, ear->used - at, &frame, &used);
        if (result == FRAME_WHOLE) {
            at += used;
            if (!hear(ear, &frame)) {
                result = FRAME_BAD;
            }
        }
    }
    memmove(ear->bytes, ear->bytes + at, ear->used - at);
    ear->used -= at;
    return result;
}

static void on_more(uv_timer_t *timer);

static void take_turn(struct ear *ear)
{
    int64_t until_ns = read_ns(CLOCK_MONOTONIC) + TURN_NS;
    for (;;) {
        enum frame_result result = hear_frames(ear, until_ns);
        if (result == FRAME_BAD) {
            fail(ear, "its ear talks nonsense");
            return;
        }
        if (result == FRAME_WHOLE) { /* the turn is over */
            uv_timer_start(&ear->more, on_more, MORE_MS, 0);
            return;
        }
        ssize_t got =
            recv(ear->socket, ear->bytes + ear->used, sizeof ear->bytes - ear->used, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            ear->empty_ns = read_ns(CLOCK_MONOTONIC_RAW);
            return;
        }
        if (got <= 0) {
            fail(ear, "its ear has ended");
            return;
        }
        ear->used += (size_t)got;
        ear->heard_ms = uv_now(ear->loop);
    }
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct ear *ear = poll->data;
    if (!uv_is_active((uv_handle_t *)&ear->more)) { /* else its next turn is not yet */
        take_turn(ear);
    }
    if (ear->socket >= 0 && uv_is_active((uv_handle_t *)&ear->more)) {
        uv_poll_stop(&ear->poll);
    }
}

static void on_more(uv_timer_t *timer)
{
    struct ear *ear = timer->data;
    if (ear->socket >= 0) {
        take_turn(ear);
    }
    if (ear->socket >= 0 && !uv_is_active((uv_handle_t *)&ear->more)) {
        uv_poll_start(&ear->poll, UV_READABLE, on_readable);
    }
}

/* A new ear knows nothing of the one that failed: the will goes before the address, as a broker
 * takes it with the welcome alone, and subscriptions after it. */
static void start(struct ear *ear)
{
    ear->started_ms = ear->heard_ms = uv_now(ear->loop);
    if (!spawn(ear)) {
        fail(ear, "no process or descriptor for its ear");
        return;
    }
    if (uv_poll_init(ear->loop, &ear->poll, ear->socket) != 0) {
        close(ear->socket);
        ear->socket = -1;
        fail(ear, "its ear cannot be listened to");
        return;
    }
    ear->poll.data = ear;
    ear->is_polled = true;
    ear->open_handles++;
    ear->empty_ns = read_ns(CLOCK_MONOTONIC_RAW);
    uv_poll_start(&ear->poll, UV_READABLE, on_readable);
    if (ear->will_topic != NULL) {
        send_frame(ear, &(struct frame){.kind = FRAME_WILL,
                                        .topic = ear->will_topic,
                                        .topic_size = strlen(ear->will_topic),
                                        .payload = ear->will,
                                        .size = ear->will_size});
    }
    send_frame(ear, &(struct frame){.kind = FRAME_OPEN,
                                    .topic = ear->url,
                                    .topic_size = strlen(ear->url),
                                    .payload = ear->login,
                                    .size = ear->login_size});
    for (size_t i = 0; i < SUBSCRIPTIONS_MAX; i++) {
        if (ear->subscription[i].topic != NULL) {
            send_subscription(ear, i);
        }
    }
}

static void on_look(uv_timer_t *timer)
{
    struct ear *ear = timer->data;
    uint64_t now_ms = uv_now(ear->loop);
    collect(ear);
    if (ear->socket >= 0 && now_ms - ear->heard_ms > SILENCE_MAX_MS) {
        fail(ear, "its ear hangs");
    } else if (ear->socket < 0 && ear->pid == 0 && !ear->is_polled && now_ms >= ear->retry_at_ms) {
        start(ear);
    }
}

/* ---- for the listener ---- */

struct ear *ear_new(uv_loop_t *loop, const char *url, const struct mqtt_login *login,
                    const struct ear_handlers *handlers, const char **why)
{
    struct mqtt_url read;
    if (!mqtt_url_read(url, &read, why)) {
        return NULL;
    }
    struct ear *ear = calloc(1, sizeof *ear);
    *why = "out of memory";
    if (ear == NULL || (ear->url = strdup(url)) == NULL || sodium_init() < 0 ||
        (ear->login = sodium_malloc(LOGIN_SIZE_MAX)) == NULL) {
        goto undo;
    }
    *why = "the login is too long";
    if (!login_write(login, ear->login, &ear->login_size) || strlen(url) > FRAME_TOPIC_MAX) {
        goto undo;
    }
    ear->loop = loop;
    ear->handlers = *handlers;
    ear->socket = -1;
    uv_timer_init(loop, &ear->look);
    uv_timer_init(loop, &ear->more);
    ear->open_handles = 2;
    ear->look.data = ear->more.data = ear;
    uv_timer_start(&ear->look, on_look, 0, LOOK_MS);
    return ear;

undo:
    if (ear != NULL) {
        sodium_free(ear->login);
        free(ear->url);
    }
    free(ear);
    return NULL;
}

static void on_closed(uv_handle_t *handle)
{
    release(handle->data);
}

void ear_finish(struct ear *ear)
{
    enum { ROUNDS = 20 };
    if (ear->socket >= 0) {
        shutdown(ear->socket, SHUT_WR); /* it obeys what it was told before, and goes */
    }
    for (int i = 0; i < ROUNDS && ear->pid != 0; i++) {
        struct timespec pause = {.tv_nsec = 10 * NS_PER_MS};
        nanosleep(&pause, NULL);
        collect(ear);
    }
    ear_close(ear);
}

void ear_close(struct ear *ear)
{
    ear->is_closing = true;
    end_process(ear);
    if (ear->pid != 0) {
        waitpid(ear->pid, NULL, 0); /* it was killed */
    }
    uv_close((uv_handle_t *)&ear->look, on_closed);
    uv_close((uv_handle_t *)&ear->more, on_closed);
}

bool ear_is_connected(const struct ear *ear)
{
    return ear->is_up;
}

const char *ear_url(const struct ear *ear)
{
    return ear->url;
}

bool ear_subscribe(struct ear *ear, const char *topic, int qos)
{
    size_t i = 0;
    while (i < SUBSCRIPTIONS_MAX && ear->subscription[i].topic != NULL) {
        i++;
    }
    if (i == SUBSCRIPTIONS_MAX || (ear->subscription[i].topic = strdup(topic)) == NULL) {
        return false;
    }
    ear->subscription[i].qos = qos;
    send_subscription(ear, i);
    return true;
}

void ear_unsubscribe(struct ear *ear, const char *topic)
{
    for (size_t i = 0; i < SUBSCRIPTIONS_MAX; i++) {
        if (ear->subscription[i].topic != NULL && strcmp(ear->subscription[i].topic, topic) == 0) {
            send_frame(ear, &(struct frame){.kind = FRAME_UNSUBSCRIBE,
                                            .topic = topic,
                                            .topic_size = strlen(topic)});
            free(ear->subscription[i].topic);
            ear->subscription[i].topic = NULL;
        }
    }
}

bool ear_set_will(struct ear *ear, const char *topic, const void *payload, size_t size)
{
    if (size > sizeof ear->will || ear->will_topic != NULL ||
        (ear->will_topic = strdup(topic)) == NULL) {
        return false;
    }
    memcpy(ear->will, payload, size);
    ear->will_size = size;
    return true;
}

void ear_publish(struct ear *ear, const char *topic, const void *payload, size_t size,
                 bool is_retained)
{
    if (ear->is_up && size <= FRAME_PAYLOAD_MAX) {
        send_frame(ear, &(struct frame){.kind = FRAME_PUBLISH,
                                        .flag = is_retained,
                                        .topic = topic,
                                        .topic_size = strlen(topic),
                                        .payload = payload,
                                        .size = size});
    }
}
