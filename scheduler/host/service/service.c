#include "service/service.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int supervisor = -1;
static span patience;
static mono alive_at;
static bool was_alive;
static char status[SERVICE_STATUS_SIZE];

/* sd_notify(3): the path of a socket, or @ and a name of the abstract kind. */
static bool connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(name);
    if ((name[0] != '/' && name[0] != '@') || len >= sizeof address.sun_path) {
        return false;
    }
    memcpy(address.sun_path, name, len);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    supervisor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return supervisor >= 0 &&
           connect(supervisor, (const struct sockaddr *)&address,
                   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0;
}

void service_open(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    const char *watchdog = getenv("WATCHDOG_USEC"), *of = getenv("WATCHDOG_PID");
    if (name != NULL && !connect_to(name) && supervisor >= 0) {
        close(supervisor);
        supervisor = -1;
    }
    bool is_ours = of == NULL || strtoll(of, NULL, 10) == getpid();
    if (watchdog != NULL && supervisor >= 0 && is_ours) {
        errno = 0;
        long long us = strtoll(watchdog, NULL, 10);
        if (errno == 0 && us > 0 && us <= INT64_MAX / 1000) {
            patience.ns = us * 1000;
        }
    }
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

span service_patience(void)
{
    return patience;
}

static void tell(const char *text)
{
    if (supervisor >= 0) {
        (void)send(supervisor, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

void service_ready(void)
{
    tell("READY=1");
}

void service_stopping(void)
{
    tell("STOPPING=1");
}

void service_alive(mono now)
{
    if (patience.ns > 0 && (!was_alive || now.ns - alive_at.ns >= patience.ns / 3)) {
        was_alive = true;
        alive_at = now;
        tell("WATCHDOG=1");
    }
}

void service_status(const char *format, ...)
{
    char text[SERVICE_STATUS_SIZE] = "STATUS=";
    size_t head = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + head, sizeof text - head, format, args);
    va_end(args);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) { /* another line would be another message */
            *c = '?';
        }
    }
    if (strcmp(text, status) != 0) {
        memcpy(status, text, sizeof status);
        tell(text);
    }
}
