/* What a broker says, to a listener's connection: any bytes, in two pieces, after a welcome or
 * without one, and then it hangs up.  The connection tells that it is up, hands on messages, tells
 * once that it was lost, in this order, and can be closed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mqtt/mqtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MESSAGE_MAX = 4096, PATIENCE_MS = 15 * 1000 };

static struct hearing {
    const uint8_t *bytes;
    size_t size;
    int broker, times_up, times_lost;
    uv_poll_t coming;
    uv_timer_t deadline;
    struct mqtt *mqtt;
} hearing;

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)context;
    (void)mqtt;
    demand(hearing.times_up == 0 && hearing.times_lost == 0);
    hearing.times_up++;
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)context;
    demand(hearing.times_up == 1 && hearing.times_lost == 0 && mqtt_is_connected(mqtt));
    demand(message->size <= MESSAGE_MAX && strlen(message->topic) < 65536);
    static uint8_t copy[MESSAGE_MAX];
    memcpy(copy, message->payload, message->size); /* each byte that is promised is there */
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    (void)context;
    demand(hearing.times_lost == 0 && why[0] != '\0' && !mqtt_is_connected(mqtt));
    hearing.times_lost++;
    uv_close((uv_handle_t *)&hearing.deadline, NULL);
    mqtt_close(mqtt, NULL, NULL);
}

static void on_deadline(uv_timer_t *timer)
{
    (void)timer;
    abort(); /* it has not noticed that the broker is gone */
}

/* The whole life of a broker: it says all at once, and reads nothing. */
static void on_coming(uv_poll_t *poll, int status, int events)
{
    (void)events;
    uv_os_fd_t listening = -1;
    demand(status == 0 && uv_fileno((uv_handle_t *)poll, &listening) == 0);
    int fd = accept(listening, NULL, NULL);
    demand(fd >= 0);
    static const uint8_t welcome[] = {0x20, 2, 0, 0};
    bool is_polite = hearing.size == 0 || (hearing.bytes[0] & 1) != 0;
    size_t first = hearing.size / 3;
    demand(!is_polite || write(fd, welcome, sizeof welcome) == sizeof welcome);
    demand(write(fd, hearing.bytes, first) == (ssize_t)first);
    demand(write(fd, hearing.bytes + first, hearing.size - first) ==
           (ssize_t)(hearing.size - first));
    shutdown(fd,
             SHUT_WR); /* closed while there is something to read, it would take back its words */
    hearing.broker = fd;
    uv_close((uv_handle_t *)poll, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 65536) {
        return -1;
    }
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char url[sizeof at.sun_path + 8];
    snprintf(at.sun_path, sizeof at.sun_path, "/tmp/tocsin-fuzz-%ld.socket", (long)getpid());
    snprintf(url, sizeof url, "unix:%s", at.sun_path);
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    demand(listening >= 0 && bind(listening, (struct sockaddr *)&at, sizeof at) == 0 &&
           listen(listening, 1) == 0);
    uv_loop_t loop;
    const char *why;
    hearing = (struct hearing){.bytes = bytes, .size = size};
    demand(uv_loop_init(&loop) == 0);
    uv_timer_init(&loop, &hearing.deadline);
    uv_timer_start(&hearing.deadline, on_deadline, PATIENCE_MS, 0);
    uv_poll_init(&loop, &hearing.coming, listening);
    uv_poll_start(&hearing.coming, UV_READABLE, on_coming);
    static const struct mqtt_login nobody;
    hearing.mqtt = mqtt_new(
        &loop, &(struct mqtt_options){.url = url, .login = &nobody, .receive_max = MESSAGE_MAX},
        &(struct mqtt_handlers){.connected = on_connected, .lost = on_lost, .message = on_message},
        &why);
    demand(hearing.mqtt != NULL && mqtt_subscribe(hearing.mqtt, "tocsin/1/+/tick/+", 0));
    demand(uv_run(&loop, UV_RUN_DEFAULT) == 0);
    demand(hearing.times_lost == 1 && uv_loop_close(&loop) == 0);
    close(hearing.broker);
    close(listening);
    unlink(at.sun_path);
    return 0;
}
