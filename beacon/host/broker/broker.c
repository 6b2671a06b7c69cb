#include "broker/broker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/bound.h"
#include "broker/files.h"

enum {
    START_DEADLINE_MS = 10 * 1000,
    START_LOOK_MS = 20,
    RESTART_MS = 500,
    STOP_DEADLINE_MS = 2 * 1000,
    PORT_TRIES = 5, /* a free port may be taken by another before mosquitto has it */
};

enum phase { STARTING, RUNNING, RESTARTING, ENDED, STOPPING };

struct broker {
    uv_loop_t *loop;
    struct broker_options options;
    struct broker_handlers handlers;
    struct broker_files files;
    char program[128];
    char url[40];
    int port, websockets_port;
    enum phase phase;
    int tries;
    bool has_been_ready, is_let_go;
    uv_process_t *process; /* NULL: none; freed in its close callback */
    uv_pipe_t *log;        /* its standard error; freed in its close callback */
    char line[512];        /* the line being received */
    size_t line_len;
    char complaint[200]; /* the last line that it calls an error; for people alone */
    uint64_t started_ms; /* by the loop's clock */
    uv_timer_t timer;    /* looks while it starts, deadline of stopping, wait before a restart */
    void (*stopped)(void *context);
    void *stopped_context;
};

/* ---- ports and programs ---- */

static int free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int port = 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
        port = ntohs(at.sin_port);
    }
    if (fd >= 0) {
        close(fd);
    }
    return port;
}

/* New ones, where nobody chose them; whether there are such. */
static bool choose_ports(struct broker *broker)
{
    const struct broker_options *options = &broker->options;
    bool chooses_websockets = options->has_websockets && options->websockets_port == 0;
    broker->port = options->port != 0 ? options->port : free_port();
    broker->websockets_port = chooses_websockets ? free_port() : options->websockets_port;
    return options->port == 0 || chooses_websockets;
}

static bool find_program(char out[static 128])
{
    /* Daemons live in sbin, which a person's PATH may lack. */
    const char *path = getenv("PATH");
    char places[4096];
    snprintf(places, sizeof places, "%s:/usr/sbin:/usr/local/sbin:/sbin",
             path == NULL ? "/usr/bin:/bin" : path);
    for (char *save = NULL, *place = strtok_r(places, ":", &save); place != NULL;
         place = strtok_r(NULL, ":", &save)) {
        int len = snprintf(out, 128, "%s/mosquitto", place);
        if (place[0] == '/' && len > 0 && len < 128 && access(out, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- the process ---- */

static bool spawn(struct broker *broker, char error[static 256]);

static void on_freed(uv_handle_t *handle)
{
    free(handle);
}

static void close_log(struct broker *broker)
{
    if (broker->log != NULL) {
        uv_close((uv_handle_t *)broker->log, on_freed);
        broker->log = NULL;
    }
}

static void end_for_good(struct broker *broker, const char *why)
{
    broker->phase = ENDED;
    uv_timer_stop(&broker->timer);
    if (broker->process != NULL) {
        uv_process_kill(broker->process, SIGKILL);
    }
    if (broker->handlers.ended != NULL) {
        broker->handlers.ended(broker->handlers.context, broker, why, true);
    }
}

static bool is_among(const struct bound_socket *socket, size_t count, int port)
{
    for (size_t i = 0; i < count; i++) {
        if (socket[i].port == port) {
            return true;
        }
    }
    return false;
}

/* It runs when the kernel says that it listens where it was told to. */
static void on_look(uv_timer_t *timer)
{
    struct broker *broker = timer->data;
    struct bound_socket socket[BOUND_MAX];
    size_t count = broker->process != NULL ? bound_sockets(broker->process->pid, socket) : 0;
    if (!is_among(socket, count, broker->port) ||
        (broker->options.has_websockets && !is_among(socket, count, broker->websockets_port))) {
        if (uv_now(broker->loop) - broker->started_ms > START_DEADLINE_MS) {
            end_for_good(
                broker, count == 0 ? "mosquitto did not listen within 10 s, or where cannot be seen"
                                   : "mosquitto did not get ready within 10 s");
        }
        return;
    }
    uv_timer_stop(&broker->timer);
    for (size_t i = 0; i < count; i++) {
        if (!socket[i].is_on_loopback &&
            !(broker->options.websockets_anywhere && socket[i].port == broker->websockets_port)) {
            char why[256];
            snprintf(
                why, sizeof why,
                "this mosquitto opens its WebSockets port %d to every interface: put it behind "
                "a firewall and add --websockets-anywhere, or leave --websockets out",
                socket[i].port);
            end_for_good(broker, why);
            return;
        }
    }
    broker->phase = RUNNING;
    broker->has_been_ready = true;
    if (broker->handlers.ready != NULL) {
        broker->handlers.ready(broker->handlers.context, broker);
    }
}

static void read_line(struct broker *broker)
{
    broker->line[broker->line_len] = '\0';
    broker->line_len = 0;
    const char *text = strchr(broker->line, ' '); /* after the time stamp, if there is one */
    text =
        text != NULL && broker->line[0] >= '0' && broker->line[0] <= '9' ? text + 1 : broker->line;
    if (strncmp(text, "Error", 5) == 0) {
        snprintf(broker->complaint, sizeof broker->complaint, "%.190s", text);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)handle;
    (void)suggested;
    static char bytes[4096]; /* taken in on_read before anything else runs */
    *buffer = uv_buf_init(bytes, sizeof bytes);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct broker *broker = stream->data;
    if (size < 0) {
        close_log(broker);
        return;
    }
    for (ssize_t i = 0; i < size && broker->log == (uv_pipe_t *)stream; i++) {
        if (buffer->base[i] == '\n') {
            read_line(broker);
        } else if (broker->line_len < sizeof broker->line - 1) {
            broker->line[broker->line_len++] = buffer->base[i];
        }
    }
}

static void finish_stop(struct broker *broker);

static void on_restart(uv_timer_t *timer)
{
    struct broker *broker = timer->data;
    char error[256];
    if (!spawn(broker, error)) {
        end_for_good(broker, error);
    }
}

/* What it said last may still be in the pipe. */
static void read_rest(struct broker *broker)
{
    char rest[2048];
    uv_os_fd_t fd;
    ssize_t size = 0;
    if (broker->log == NULL) {
        return;
    }
    if (uv_fileno((uv_handle_t *)broker->log, &fd) == 0) {
        size = read(fd, rest, sizeof rest);
    }
    if (size > 0) {
        uv_buf_t buffer = uv_buf_init(rest, (unsigned)size);
        on_read((uv_stream_t *)broker->log, size, &buffer);
    }
    close_log(broker);
}

/* One that was never ready may have met a taken port, which another start avoids where nobody chose
 * it (whoever had it, perhaps a connection, may be gone), or a plugin that it cannot load.  What
 * has once been ready is started again with what it had, as long as the beacon runs. */
static void on_process_exit(uv_process_t *process, int64_t status, int signal_number)
{
    struct broker *broker = process->data;
    uv_close((uv_handle_t *)process, on_freed);
    broker->process = NULL;
    if (broker->phase == STOPPING) {
        finish_stop(broker);
        return;
    }
    if (broker->phase == ENDED || broker->is_let_go) {
        return;
    }
    read_rest(broker);
    uv_timer_stop(&broker->timer);
    char why[256];
    bool is_taken = bound_is_taken(broker->port);
    if (!broker->has_been_ready && ++broker->tries < PORT_TRIES && choose_ports(broker)) {
        if (spawn(broker, why)) {
            return;
        }
    } else if (!broker->has_been_ready && !is_taken && broker->files.guard[0] != '\0') {
        broker->files.guard[0] = '\0'; /* a broker without its plugin is better than none */
        if (spawn(broker, why)) {
            return;
        }
    } else if (is_taken && !broker->has_been_ready) {
        snprintf(why, sizeof why, "port %d is taken: choose another with --port", broker->port);
    } else if (broker->complaint[0] != '\0') {
        snprintf(why, sizeof why, "mosquitto: %s", broker->complaint);
    } else {
        snprintf(why, sizeof why, "mosquitto ended with %s %d",
                 signal_number != 0 ? "signal" : "status",
                 signal_number != 0 ? signal_number : (int)status);
    }
    if (!broker->has_been_ready) {
        end_for_good(broker, why);
        return;
    }
    broker->phase = RESTARTING;
    uv_timer_start(&broker->timer, on_restart, RESTART_MS, 0);
    if (broker->handlers.ended != NULL) {
        broker->handlers.ended(broker->handlers.context, broker, why, false);
    }
}

/* The child must not outlive us, whoever kills us: nobody would know that a broker without its
 * beacon is still there.  What it writes to its log is all that tells why it could not start. */
static bool spawn(struct broker *broker, char error[static 256])
{
    broker->complaint[0] = '\0';
    broker->line_len = 0;
    snprintf(broker->url, sizeof broker->url, "mqtt://127.0.0.1:%d", broker->port);
    if (!broker_files_write(&broker->files, broker->options.ask_topic, broker->port,
                            broker->websockets_port, error)) {
        return false;
    }
    char config[BROKER_PATH_MAX + 32];
    snprintf(config, sizeof config, "%s/mosquitto.conf", broker->files.dir);
    /* util-linux's setpriv asks the kernel to end mosquitto when we are killed.  The kernel forgets
     * that wish when a process changes its user, so as root setpriv does this, too, beforehand. */
    char setpriv[] = "/usr/bin/setpriv", death[] = "--pdeathsig=TERM", option[] = "-c";
    char user[64], group[64], groups[] = "--init-groups";
    char *as_other[] = {setpriv, user, group, groups, death, broker->program, option, config, NULL};
    char *as_we_are[] = {setpriv, death, broker->program, option, config, NULL};
    bool is_other = broker_files_user(user, group);
    char **arguments = is_other ? as_other : as_we_are;
    if (access(setpriv, X_OK) != 0) {
        arguments = as_we_are + 2;
    }
    broker->process = calloc(1, sizeof *broker->process);
    broker->log = calloc(1, sizeof *broker->log);
    if (broker->process == NULL || broker->log == NULL) {
        free(broker->process);
        free(broker->log);
        broker->process = NULL;
        broker->log = NULL;
        snprintf(error, 256, "out of memory");
        return false;
    }
    uv_pipe_init(broker->loop, broker->log, 0);
    broker->log->data = broker;
    broker->process->data = broker;
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        {.flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_WRITABLE_PIPE),
         .data.stream = (uv_stream_t *)broker->log},
    };
    char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char *environment[] = {path, NULL};
    uv_process_options_t options = {
        .exit_cb = on_process_exit,
        .file = arguments[0],
        .args = arguments,
        .env = environment,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int failed = uv_spawn(broker->loop, broker->process, &options);
    if (failed != 0) {
        snprintf(error, 256, "cannot start %s: %s", broker->program, uv_strerror(failed));
        uv_close((uv_handle_t *)broker->process, on_freed);
        broker->process = NULL;
        close_log(broker);
        return false;
    }
    /* Our own bound on memory is not the broker's: it serves thousands. */
    struct rlimit limit;
    if (prlimit(broker->process->pid, RLIMIT_DATA, NULL, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)prlimit(broker->process->pid, RLIMIT_DATA, &limit, NULL);
    }
    uv_read_start((uv_stream_t *)broker->log, on_alloc, on_read);
    broker->phase = STARTING;
    broker->started_ms = uv_now(broker->loop);
    uv_timer_start(&broker->timer, on_look, START_LOOK_MS, START_LOOK_MS);
    return true;
}

/* ---- the owner's side ---- */

struct broker *broker_start(uv_loop_t *loop, const struct broker_options *options,
                            const struct broker_handlers *handlers, char error[static 256])
{
    struct broker *broker = calloc(1, sizeof *broker);
    if (broker == NULL || sodium_init() < 0) {
        snprintf(error, 256, "out of memory");
        free(broker);
        return NULL;
    }
    broker->loop = loop;
    broker->options = *options;
    broker->handlers = *handlers;
    (void)choose_ports(broker);
    if (!find_program(broker->program)) {
        snprintf(error, 256,
                 "mosquitto is not installed: apt-get install mosquitto, or name a broker with "
                 "--broker");
        goto undo_broker;
    }
    if (!broker_files_make(&broker->files, error)) {
        goto undo_files;
    }
    uv_timer_init(loop, &broker->timer);
    broker->timer.data = broker;
    if (!spawn(broker, error)) {
        /* the loop still has to close the timer */
        broker->handlers = (struct broker_handlers){0};
        broker_stop(broker, NULL, NULL);
        return NULL;
    }
    return broker;

undo_files:
    broker_files_remove(&broker->files);
undo_broker:
    free(broker);
    return NULL;
}

const char *broker_url(const struct broker *broker)
{
    return broker->url;
}

const char *broker_password(const struct broker *broker)
{
    return broker->files.password;
}

bool broker_is_guarded(const struct broker *broker)
{
    return broker->files.guard[0] != '\0';
}

int broker_websockets_port(const struct broker *broker)
{
    return broker->websockets_port;
}

static void on_stop_deadline(uv_timer_t *timer)
{
    struct broker *broker = timer->data;
    if (broker->process != NULL) {
        uv_process_kill(broker->process, SIGKILL);
    }
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct broker *broker = handle->data;
    void (*stopped)(void *context) = broker->stopped;
    void *context = broker->stopped_context;
    broker_files_remove(&broker->files);
    free(broker);
    if (stopped != NULL) {
        stopped(context);
    }
}

static void finish_stop(struct broker *broker)
{
    close_log(broker);
    uv_close((uv_handle_t *)&broker->timer, on_timer_closed);
}

void broker_restart(struct broker *broker)
{
    if (broker->phase == RUNNING && broker->process != NULL) {
        uv_process_kill(broker->process, SIGKILL);
    }
}

void broker_let_go(struct broker *broker)
{
    broker->handlers = (struct broker_handlers){0};
    broker->is_let_go = true;
    if (broker->phase == RESTARTING) {
        uv_timer_stop(&broker->timer);
    }
}

void broker_stop(struct broker *broker, void (*done)(void *context), void *context)
{
    broker->handlers = (struct broker_handlers){0};
    broker->stopped = done;
    broker->stopped_context = context;
    broker->phase = STOPPING;
    if (broker->process == NULL) {
        finish_stop(broker);
        return;
    }
    uv_process_kill(broker->process, SIGTERM);
    uv_timer_start(&broker->timer, on_stop_deadline, STOP_DEADLINE_MS, 0);
}
