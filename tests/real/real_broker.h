/* real_broker.h -- a real mosquitto for tests in C: a free port, started, killed, started again. */
#ifndef REAL_BROKER_H
#define REAL_BROKER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uv.h>

/* What hangs fails; nothing that works waits for it, on however slow a machine. */
enum { REAL_PATIENCE_MS = 60 * 1000 };

struct real_broker {
    int port;
    pid_t pid;
    char extra[512]; /* further lines of its configuration */
};

static inline int real_listen(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline int real_port_of(int fd)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    getsockname(fd, (struct sockaddr *)&at, &size);
    return ntohs(at.sin_port);
}

/* A port below those that the kernel gives to whoever asks for any, held by a name for this
 * process, as ports.py does. */
static inline int real_free_port(void)
{
    for (int port = 10000 + getpid() % 20000;; port = port < 30000 ? port + 1 : 10000) {
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        int size =
            snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "tocsin test port %d", port);
        int held = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (held < 0) {
            abort();
        }
        socklen_t whole = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)size);
        int fd = bind(held, (struct sockaddr *)&name, whole) == 0 ? real_listen(port) : -1;
        if (fd >= 0) {
            close(fd); /* the name stays */
            return port;
        }
        close(held);
    }
}

static inline bool real_answers(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool yes = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return yes;
}

/* Starts (again) on broker->port, or a free one if that is 0; true once it answers. */
static inline bool real_broker_start(struct real_broker *broker)
{
    if (broker->port == 0) {
        broker->port = real_free_port();
    }
    char path[64];
    snprintf(path, sizeof path, "mosquitto-%d.conf", broker->port);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    fprintf(file, "user %s\nlistener %d 127.0.0.1\nallow_anonymous true\npersistence false\n%s",
            geteuid() == 0 ? "root" : "mosquitto", broker->port, broker->extra);
    fclose(file);
    broker->pid = fork();
    if (broker->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
        if (freopen("mosquitto.log", "a", stderr) == NULL) {
            _exit(126);
        }
        execlp("mosquitto", "mosquitto", "-c", path, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < REAL_PATIENCE_MS / 20; i++) { /* usually once */
        if (real_answers(broker->port)) {
            return true;
        }
        if (waitpid(broker->pid, NULL, WNOHANG) != 0) {
            broker->pid = 0;
            return false;
        }
        poll(NULL, 0, 20);
    }
    return false;
}

static inline void real_broker_stop(struct real_broker *broker, int with_signal)
{
    if (broker->pid > 0) {
        kill(broker->pid, with_signal);
        waitpid(broker->pid, NULL, 0);
        broker->pid = 0;
    }
}

static inline void real_on_deadline(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static inline void real_on_closed(uv_handle_t *handle)
{
    *(bool *)handle->data = true;
}

/* Runs the loop until is_done(context), or until patience ends; whether it was done. */
static inline bool real_run_until(uv_loop_t *loop, bool (*is_done)(void *context), void *context)
{
    bool is_late = false;
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    timer.data = &is_late;
    uv_update_time(loop);
    uv_timer_start(&timer, real_on_deadline, REAL_PATIENCE_MS, 0);
    while (!is_done(context) && !is_late) {
        uv_run(loop, UV_RUN_ONCE);
    }
    bool is_closed = false;
    timer.data = &is_closed;
    uv_close((uv_handle_t *)&timer, real_on_closed);
    while (!is_closed) {
        uv_run(loop, UV_RUN_ONCE);
    }
    return is_done(context);
}

#endif
