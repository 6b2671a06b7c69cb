#include "bell/bell.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bell/ringer.h"
#include "clock/clock.h"

enum { LINE_SIZE = BELL_TEXT_SIZE + 40 };

/* One process after another; its handles outlive it until libuv has closed them. */
struct player {
    struct bell *bell;
    uv_process_t process;
    uv_pipe_t said;
    int open_handles;
    size_t used;
    char line[LINE_SIZE];
};

struct bell {
    uv_loop_t *loop;
    struct bell_options options;
    bell_tell tell;
    void *context;
    int orders[2]; /* one pipe for all processes: the fire thread's number never changes */
    _Atomic int64_t released_ns;
    atomic_bool is_asked;  /* GO was written, and nothing heard of it */
    uint64_t asked_ms;     /* when that was first seen; 0: not yet */
    struct player *player; /* NULL: none */
    bool is_heard;         /* this process has said something */
    bool is_playing, is_resting, is_quitting, is_closing;
    uint64_t again_ms;
    uv_timer_t patience; /* with one that should end */
};

static void tell(struct bell *bell, enum bell_news_kind kind, mono at, const char *text)
{
    struct bell_news news = {
        .kind = kind, .at = at, .after = {at.ns - atomic_load(&bell->released_ns)}};
    snprintf(news.text, sizeof news.text, "%s", text);
    if (!bell->is_closing) {
        bell->tell(bell->context, &news);
    }
}

static void order(struct bell *bell, char what)
{
    (void)!write(bell->orders[1], &what, 1);
}

/* Of a process that has gone. */
static void forget_orders(struct bell *bell)
{
    char old[256];
    struct pollfd there = {.fd = bell->orders[0], .events = POLLIN};
    while (poll(&there, 1, 0) > 0 && read(bell->orders[0], old, sizeof old) > 0) {
    }
}

/* GO, and there is nobody to obey it. */
static void judge_unheard(struct bell *bell, const char *why)
{
    if (atomic_exchange(&bell->is_asked, false)) {
        tell(bell, BELL_FAILED, clock_mono(), why);
    }
}

/* --- what it says ----------------------------------------------------------------------------- */

/* Any answer to GO takes is_asked back, so that a process which ends later is no second failure of
 * the same start.  A line of GPIO alone has no end that is told: it never counts as playing. */
static void hear(struct bell *bell, char *line)
{
    char *end = line;
    mono at = {line[0] != '\0' && line[1] == ' ' ? strtoll(line + 2, &end, 10) : 0};
    const char *text = *end == ' ' ? end + 1 : end;
    bell->is_heard = true;
    switch (line[0]) {
    case RINGER_READY:
        tell(bell, BELL_READY, at, text);
        break;
    case RINGER_WANTING:
        tell(bell, BELL_WANTING, at, text);
        break;
    case RINGER_UNUSABLE:
        tell(bell, BELL_UNUSABLE, at, text);
        break;
    case RINGER_RUNG:
    case RINGER_FAILED:
        bell->is_playing = line[0] == RINGER_RUNG && bell->options.sound != NULL;
        atomic_store(&bell->is_asked, false);
        tell(bell, line[0] == RINGER_RUNG ? BELL_RUNG : BELL_FAILED, at, text);
        break;
    case RINGER_OVER:
        bell->is_playing = false;
        break;
    default:
        break;
    }
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
    (void)wanted;
    struct player *player = handle->data;
    out->base = player->line + player->used;
    out->len = sizeof player->line - 1 - player->used;
}

static void on_said(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
    (void)buffer;
    struct player *player = stream->data;
    if (got < 0) {
        uv_read_stop(stream);
        return;
    }
    player->used += (size_t)got;
    for (;;) {
        char *end = memchr(player->line, '\n', player->used);
        if (end == NULL) {
            break;
        }
        *end = '\0';
        hear(player->bell, player->line);
        size_t taken = (size_t)(end + 1 - player->line);
        memmove(player->line, end + 1, player->used - taken);
        player->used -= taken;
    }
    player->used = player->used == sizeof player->line - 1 ? 0 : player->used; /* no line of ours */
}

/* --- the process ------------------------------------------------------------------------------ */

static void on_patience(uv_timer_t *timer)
{
    struct bell *bell = timer->data;
    if (bell->player != NULL && uv_is_active((uv_handle_t *)&bell->player->process)) {
        uv_process_kill(&bell->player->process, SIGKILL);
    }
}

/* The line goes back, and it ends; a driver may hang. */
static void quit(struct bell *bell)
{
    enum { PATIENCE_MS = 1000 };
    bell->is_quitting = true;
    order(bell, RINGER_QUIT);
    uv_timer_start(&bell->patience, on_patience, PATIENCE_MS, 0);
}

static void free_bell(uv_handle_t *handle)
{
    struct bell *bell = handle->data;
    close(bell->orders[0]);
    close(bell->orders[1]);
    free(bell);
}

static void on_closed(uv_handle_t *handle)
{
    struct player *player = handle->data;
    if (--player->open_handles > 0) {
        return;
    }
    struct bell *bell = player->bell;
    if (bell->player == player) {
        bell->player = NULL;
    }
    free(player);
    if (bell->is_closing) {
        uv_close((uv_handle_t *)&bell->patience, free_bell);
    }
}

static void on_exit_of(uv_process_t *process, int64_t status, int number)
{
    struct player *player = process->data;
    struct bell *bell = player->bell;
    bell->is_playing = false;
    uv_timer_stop(&bell->patience);
    if (!bell->is_quitting) {
        char text[BELL_TEXT_SIZE];
        snprintf(text, sizeof text, "its process ended: %s %d", number != 0 ? "signal" : "status",
                 number != 0 ? number : (int)status);
        if (atomic_load(&bell->is_asked)) {
            judge_unheard(bell, text);
        } else {
            tell(bell, BELL_WANTING, clock_mono(), text);
        }
        bell->again_ms = uv_now(bell->loop) + 1000;
    }
    uv_close((uv_handle_t *)&player->process, on_closed);
    uv_close((uv_handle_t *)&player->said, on_closed);
}

/* Sound and pins need libraries that may hang or crash, and T-0 must not wait for them: they run in
 * a process of their own, this program itself by another name, which begins on an order in a pipe.
 * An option that was not given goes as an empty word, so that each keeps its place. */
static bool spawn(struct bell *bell)
{
    struct player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        return false;
    }
    const char *const given[] = {BELL_PROGRAM, bell->options.sound, bell->options.device,
                                 bell->options.gpio};
    char words[sizeof given / sizeof *given][4096];
    char *arguments[sizeof given / sizeof *given + 1] = {NULL};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        const char *absent = i == 2 ? "default" : "";
        snprintf(words[i], sizeof words[i], "%s", given[i] != NULL ? given[i] : absent);
        arguments[i] = words[i];
    }
    uv_stdio_container_t stdio[] = {
        {.flags = UV_INHERIT_FD, .data.fd = bell->orders[0]},
        {.flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_WRITABLE_PIPE),
         .data.stream = (uv_stream_t *)&player->said},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {.exit_cb = on_exit_of,
                                    .file = "/proc/self/exe",
                                    .args = arguments,
                                    .stdio_count = 3,
                                    .stdio = stdio};
    player->bell = bell;
    player->process.data = player->said.data = player;
    player->open_handles = 2;
    uv_pipe_init(bell->loop, &player->said, 0);
    forget_orders(bell);
    bell->player = player;
    bell->is_quitting = bell->is_resting = bell->is_heard = false;
    if (uv_spawn(bell->loop, &player->process, &options) != 0) {
        bell->is_quitting = true;
        uv_close((uv_handle_t *)&player->process, on_closed);
        uv_close((uv_handle_t *)&player->said, on_closed);
        return false;
    }
    uv_read_start((uv_stream_t *)&player->said, on_room, on_said);
    return true;
}

/* --- for the listener ------------------------------------------------------------------------- */

struct bell *bell_new(uv_loop_t *loop, const struct bell_options *options, bell_tell tell_news,
                      void *context)
{
    struct bell *bell = calloc(1, sizeof *bell);
    if (bell == NULL) {
        return NULL;
    }
    if (pipe2(bell->orders, O_CLOEXEC) != 0) {
        free(bell);
        return NULL;
    }
    fcntl(bell->orders[1], F_SETFL, O_NONBLOCK);
    uv_timer_init(loop, &bell->patience);
    bell->patience.data = bell;
    bell->loop = loop;
    bell->options = *options;
    bell->tell = tell_news;
    bell->context = context;
    return bell;
}

/* One that does not answer hangs. */
static void look(struct bell *bell)
{
    enum { ANSWER_MS = 2000 };
    if (!atomic_load(&bell->is_asked)) {
        bell->asked_ms = 0;
    } else if (bell->player == NULL) {
        judge_unheard(bell, "it was not there");
    } else if (bell->asked_ms == 0) {
        bell->asked_ms = uv_now(bell->loop);
    } else if (uv_now(bell->loop) - bell->asked_ms > ANSWER_MS) {
        judge_unheard(bell, "it hangs: it is ended");
        quit(bell);
    }
}

void bell_prepare(struct bell *bell)
{
    look(bell);
    bell->is_resting = false;
    if (bell->player == NULL && uv_now(bell->loop) >= bell->again_ms) {
        if (!spawn(bell)) {
            bell->again_ms = uv_now(bell->loop) + 1000;
            tell(bell, BELL_WANTING, clock_mono(), "no process or memory for it");
        }
    }
}

void bell_release(struct bell *bell)
{
    atomic_store(&bell->released_ns, clock_mono().ns);
    atomic_store(&bell->is_asked, true);
    order(bell, RINGER_GO);
}

void bell_rest(struct bell *bell)
{
    look(bell);
    if (bell->player == NULL || bell->is_quitting || atomic_load(&bell->is_asked)) {
        return;
    }
    if (!bell->is_heard) {
        return; /* what it lacks is worth knowing, even if it was not wanted after all */
    }
    if (!bell->is_playing) {
        quit(bell);
    } else if (!bell->is_resting) {
        bell->is_resting = true;
        order(bell, RINGER_REST);
    }
}

bool bell_is_idle(const struct bell *bell)
{
    return !bell->is_playing && !atomic_load(&bell->is_asked);
}

void bell_close(struct bell *bell)
{
    bell->is_closing = true;
    if (bell->player == NULL) {
        uv_close((uv_handle_t *)&bell->patience, free_bell);
    } else {
        quit(bell);
    }
}
