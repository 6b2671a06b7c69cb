/* mqtt against a real mosquitto, and against peers that misbehave. */
#include "check.h"

#include <fcntl.h>

#include "mqtt/mqtt.h"
#include "real_broker.h"

struct ear {
    uv_loop_t loop;
    struct mqtt *mqtt;
    int connections, losses, messages, retained;
    int wanted_connections, wanted_losses, wanted_messages;
    bool is_closed;
    char why[160];
    char last[64];
    size_t last_size;
};

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)mqtt;
    ((struct ear *)context)->connections++;
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    (void)mqtt;
    struct ear *ear = context;
    ear->losses++;
    snprintf(ear->why, sizeof ear->why, "%s", why);
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct ear *ear = context;
    ear->messages++;
    ear->retained += message->is_retained;
    ear->last_size = message->size;
    snprintf(ear->last, sizeof ear->last, "%.*s", (int)(message->size < 60 ? message->size : 60),
             (const char *)message->payload);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t age = now.tv_sec * NS_PER_S + now.tv_nsec - message->arrived.ns;
    assert_true(age >= 0 && age < NS_PER_S);
}

static void on_mqtt_closed(void *context)
{
    ((struct ear *)context)->is_closed = true;
}

static bool has_enough(void *context)
{
    struct ear *ear = context;
    return ear->connections >= ear->wanted_connections && ear->losses >= ear->wanted_losses &&
           ear->messages >= ear->wanted_messages;
}

static bool has_closed(void *context)
{
    return ((struct ear *)context)->is_closed;
}

static void ear_open(struct ear *ear, struct mqtt_options options, int port, char url[static 64])
{
    *ear = (struct ear){0};
    uv_loop_init(&ear->loop);
    if (options.url == NULL) {
        snprintf(url, 64, "mqtt://127.0.0.1:%d", port);
        options.url = url;
    }
    const char *why = NULL;
    ear->mqtt = mqtt_new(
        &ear->loop, &options,
        &(struct mqtt_handlers){
            .connected = on_connected, .lost = on_lost, .message = on_message, .context = ear},
        &why);
    if (ear->mqtt == NULL) {
        print_error("%s\n", why);
    }
    assert_non_null(ear->mqtt);
}

static void ear_wait(struct ear *ear, int connections, int losses, int messages)
{
    ear->wanted_connections = connections;
    ear->wanted_losses = losses;
    ear->wanted_messages = messages;
    if (!real_run_until(&ear->loop, has_enough, ear)) {
        print_error("after 40 s: %d connections, %d losses (%s), %d messages; wanted %d, %d, %d\n",
                    ear->connections, ear->losses, ear->why, ear->messages, connections, losses,
                    messages);
        fail();
    }
}

static void ear_close(struct ear *ear)
{
    mqtt_close(ear->mqtt, on_mqtt_closed, ear);
    assert_true(real_run_until(&ear->loop, has_closed, ear));
    uv_run(&ear->loop, UV_RUN_DEFAULT); /* whatever still closes; hangs if a handle was left open */
    assert_int_equal(uv_loop_close(&ear->loop), 0);
}

static void a_message_goes_round_and_a_kept_one_is_marked(void **state)
{
    (void)state;
    for (int version = 0; version < 2; version++) {
        struct real_broker broker = {0};
        assert_true(real_broker_start(&broker));
        struct ear a, b;
        char url_a[64], url_b[64];
        ear_open(&a, (struct mqtt_options){.use_v5 = version == 0}, broker.port, url_a);
        assert_true(mqtt_subscribe(a.mqtt, "x/tick", 0));
        assert_false(mqtt_publish(a.mqtt, "x/tick", "no", 2, 0, false, 0)); /* not yet connected */
        ear_wait(&a, 1, 0, 0);
        assert_true(mqtt_is_connected(a.mqtt));
        assert_true(mqtt_publish(a.mqtt, "x/tick", "fresh", 5, 0, true, 60));
        ear_wait(&a, 1, 0, 1);
        assert_string_equal(a.last, "fresh");
        assert_int_equal(a.retained, 0);
        ear_open(&b, (struct mqtt_options){.use_v5 = version == 1, .jitter_first_connect = true},
                 broker.port, url_b);
        assert_true(mqtt_subscribe(b.mqtt, "x/tick", 0));
        ear_wait(&b, 1, 0, 1);
        assert_string_equal(b.last, "fresh");
        assert_int_equal(b.retained, 1);
        ear_close(&b);
        ear_close(&a);
        real_broker_stop(&broker, SIGTERM);
    }
}

static void a_broker_that_comes_back_is_found_again(void **state)
{
    (void)state;
    struct real_broker broker = {0};
    assert_true(real_broker_start(&broker));
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){.use_v5 = true}, broker.port, url);
    assert_true(mqtt_subscribe(ear.mqtt, "x/tick", 0));
    ear_wait(&ear, 1, 0, 0);
    for (int round = 1; round <= 3; round++) {
        /* by turns killed and stopped: the next connection gets the same socket number */
        real_broker_stop(&broker, round % 2 == 1 ? SIGKILL : SIGTERM);
        ear_wait(&ear, round, ear.losses + 1, 0);
        assert_false(mqtt_is_connected(ear.mqtt));
        assert_false(mqtt_publish(ear.mqtt, "x/tick", "lost", 4, 0, false, 0));
        assert_true(real_broker_start(&broker));
        ear_wait(&ear, round + 1, 0, 0);
        int before = ear.messages;
        assert_true(mqtt_publish(ear.mqtt, "x/tick", "again", 5, 0, false, 0));
        ear_wait(&ear, round + 1, 0, before + 1); /* subscribed again without being asked */
    }
    ear_close(&ear);
    real_broker_stop(&broker, SIGTERM);
}

static void nobody_there_is_said_and_tried_again(void **state)
{
    (void)state;
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){0}, real_free_port(), url);
    ear_wait(&ear, 0, 2, 0);
    assert_string_equal(ear.why, "Connection refused");
    ear_close(&ear);

    ear_open(&ear, (struct mqtt_options){.url = "unix:/nonexistent/socket"}, 0, url);
    ear_wait(&ear, 0, 1, 0);
    ear_close(&ear);
}

static void a_will_is_spoken_for_those_who_vanish_only(void **state)
{
    (void)state;
    struct real_broker broker = {0};
    assert_true(real_broker_start(&broker));
    struct ear witness, polite;
    char url_a[64], url_b[64];
    ear_open(&witness, (struct mqtt_options){0}, broker.port, url_a);
    assert_true(mqtt_subscribe(witness.mqtt, "x/status", 1));
    ear_wait(&witness, 1, 0, 0);
    struct mqtt_options options = {
        .will_topic = "x/status", .will_payload = "gone", .will_size = 4};
    ear_open(&polite, options, broker.port, url_b);
    ear_wait(&polite, 1, 0, 0);
    assert_true(mqtt_publish(polite.mqtt, "x/status", "bye", 3, 1, true, 0));
    ear_close(&polite);
    ear_wait(&witness, 1, 0, 1);
    assert_string_equal(witness.last, "bye");

    pid_t child = fork();
    if (child == 0) {
        struct ear rude;
        ear_open(&rude, options, broker.port, url_b);
        ear_wait(&rude, 1, 0, 0);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    ear_wait(&witness, 1, 0, 2);
    assert_string_equal(witness.last, "gone");
    ear_close(&witness);
    real_broker_stop(&broker, SIGTERM);
}

static void a_unix_socket_and_a_password_serve_as_well(void **state)
{
    (void)state;
    FILE *file = fopen("users", "w");
    assert_non_null(file);
    fputs("beacon:candle\n", file);
    fclose(file);
    assert_int_equal(system("mosquitto_passwd -U users"), 0);
    struct real_broker broker = {0};
    char cwd[256];
    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(broker.extra, sizeof broker.extra,
             "listener 0 %.200s/sock\npassword_file %.200s/users\nallow_anonymous false\n", cwd,
             cwd);
    assert_true(real_broker_start(&broker));
    const struct mqtt_login known = {.user = "beacon", .password = "candle"};
    const struct mqtt_login wrong = {.user = "beacon", .password = "no"};
    char url[64], unix_url[300];
    snprintf(unix_url, sizeof unix_url, "unix:%s/sock", cwd);
    struct ear ear;
    ear_open(&ear, (struct mqtt_options){.url = unix_url, .login = &known}, 0, url);
    ear_wait(&ear, 1, 0, 0);
    ear_close(&ear);
    for (int version = 0; version < 2; version++) {
        ear_open(&ear, (struct mqtt_options){.login = &wrong, .use_v5 = version == 1}, broker.port,
                 url);
        ear_wait(&ear, 0, 1, 0);
        assert_non_null(strstr(ear.why, "the broker refused"));
        ear_close(&ear);
    }
    real_broker_stop(&broker, SIGTERM);
}

/* A peer of ours on a thread: answers each connection as the script says. */
struct peer {
    int listening;
    pid_t pid;
};

static void peer_welcome(int fd, const uint8_t *answer, size_t size)
{
    uint8_t request[512];
    if (read(fd, request, sizeof request) > 0 && write(fd, answer, size) != (ssize_t)size) {
        _exit(1);
    }
}

/* Refuses MQTT 5 as an old broker does (CONNACK 1), takes 3.1.1. */
static void old_broker(int fd)
{
    uint8_t request[512];
    if (read(fd, request, sizeof request) < 9) {
        return;
    }
    bool is_v4 = request[8] == 4; /* the protocol level, after "MQTT" */
    uint8_t answer[] = {0x20, 2, 0, is_v4 ? 0 : 1};
    if (write(fd, answer, sizeof answer) == sizeof answer && is_v4) {
        while (read(fd, request, sizeof request) > 0) {
        }
    }
}

/* Announces a message of 256 MiB and sends it as fast as it can. */
static void flooding_broker(int fd)
{
    static uint8_t noise[65536];
    peer_welcome(fd, (const uint8_t[]){0x20, 2, 0, 0}, 4);
    static const uint8_t head[] = {0x30, 0xff, 0xff, 0xff, 0x7f, 0,  6,
                                   'x',  '/',  't',  'i',  'c',  'k'};
    if (write(fd, head, sizeof head) > 0) {
        for (size_t sent = 0; sent < (size_t)256 << 20; sent += sizeof noise) {
            if (write(fd, noise, sizeof noise) < 0) {
                return;
            }
        }
    }
}

/* Sends messages of QoS 2 and never releases one: the client must keep them all. */
static void hoarding_broker(int fd)
{
    static uint8_t packet[4 + 2 + 6 + 2 + 16384] = {0x34, 0x88, 0x80, 0x01, 0,   6,
                                                    'x',  '/',  't',  'i',  'c', 'k'};
    peer_welcome(fd, (const uint8_t[]){0x20, 2, 0, 0}, 4);
    for (uint16_t id = 1; id != 0; id++) {
        packet[12] = (uint8_t)(id >> 8);
        packet[13] = (uint8_t)id;
        if (write(fd, packet, 4 + 16392) < 0) {
            return;
        }
    }
}

/* Accepts and then says nothing at all. */
static void mute_broker(int fd)
{
    uint8_t request[512];
    while (read(fd, request, sizeof request) > 0) {
    }
}

/* Answers with bytes that are no MQTT. */
static void babbling_broker(int fd)
{
    static const uint8_t babble[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    peer_welcome(fd, babble, sizeof babble - 1);
}

static int peer_start(struct peer *peer, void (*serve)(int fd))
{
    peer->listening = real_listen(0);
    int port = real_port_of(peer->listening);
    peer->pid = fork();
    if (peer->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        for (int fd; (fd = accept(peer->listening, NULL, NULL)) >= 0;) {
            serve(fd);
            close(fd);
        }
        _exit(0);
    }
    close(peer->listening);
    return port;
}

static void peer_stop(struct peer *peer)
{
    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
}

static void an_old_broker_is_spoken_to_in_the_older_version(void **state)
{
    (void)state;
    struct peer peer;
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){.use_v5 = true}, peer_start(&peer, old_broker), url);
    ear_wait(&ear, 1, 1, 0);
    ear_close(&ear);
    peer_stop(&peer);
}

static void a_broker_that_talks_nonsense_is_left_and_tried_again(void **state)
{
    (void)state;
    struct peer peer;
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){0}, peer_start(&peer, babbling_broker), url);
    ear_wait(&ear, 0, 2, 0);
    ear_close(&ear);
    peer_stop(&peer);
}

static void a_mute_broker_is_given_up_after_ten_seconds(void **state)
{
    (void)state;
    struct peer peer;
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){0}, peer_start(&peer, mute_broker), url);
    ear_wait(&ear, 0, 1, 0);
    assert_string_equal(ear.why, "no answer within 10 s");
    ear_close(&ear);
    peer_stop(&peer);
}

static long peak_kib(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    assert_non_null(file);
    char line[256];
    long peak = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmHWM: %ld", &peak) == 1) {
            break;
        }
    }
    fclose(file);
    return peak;
}

static void a_flood_of_bytes_is_cut_off_by_the_memory_bound(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    const bool can_bound = false; /* the sanitizer's own shadow is larger than any bound */
#else
    const bool can_bound = true;
#endif
    if (!can_bound) {
        skip();
    }
    struct peer peer;
    int port = peer_start(&peer, flooding_broker);
    pid_t child = fork();
    if (child == 0) {
        assert_true(mqtt_bound_memory((size_t)32 << 20));
        struct ear ear;
        char url[64];
        ear_open(&ear, (struct mqtt_options){0}, port, url);
        ear_wait(&ear, 1, 1, 0);
        print_message("hostile broker: %s; peak %ld KiB\n", ear.why, peak_kib());
        _exit(peak_kib() < 64 * 1024 && ear.messages == 0 ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    peer_stop(&peer);
}

static void a_broker_that_sends_what_nobody_can_use_is_left(void **state)
{
    (void)state;
    struct peer peer;
    struct ear ear;
    char url[64];
    ear_open(&ear, (struct mqtt_options){0}, peer_start(&peer, hoarding_broker), url);
    ear_wait(&ear, 1, 1, 0);
    assert_string_equal(ear.why, "the broker sends what nobody can use");
    ear_close(&ear);
    peer_stop(&peer);
}

static void closing_in_the_midst_of_connecting_leaves_nothing_behind(void **state)
{
    (void)state;
    struct ear ear;
    char url[64];
    /* TEST-NET-1 (RFC 5737): nobody answers, the thread may hang for two minutes */
    ear_open(&ear, (struct mqtt_options){.url = "mqtt://192.0.2.1:1883"}, 0, url);
    uv_run(&ear.loop, UV_RUN_ONCE);
    ear_close(&ear);
    ear_open(&ear, (struct mqtt_options){.url = "mqtt://localhost:1"}, 0, url);
    ear_close(&ear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_goes_round_and_a_kept_one_is_marked),
        cmocka_unit_test(a_broker_that_comes_back_is_found_again),
        cmocka_unit_test(nobody_there_is_said_and_tried_again),
        cmocka_unit_test(a_will_is_spoken_for_those_who_vanish_only),
        cmocka_unit_test(a_unix_socket_and_a_password_serve_as_well),
        cmocka_unit_test(an_old_broker_is_spoken_to_in_the_older_version),
        cmocka_unit_test(a_broker_that_talks_nonsense_is_left_and_tried_again),
        cmocka_unit_test(a_mute_broker_is_given_up_after_ten_seconds),
        cmocka_unit_test(a_flood_of_bytes_is_cut_off_by_the_memory_bound),
        cmocka_unit_test(a_broker_that_sends_what_nobody_can_use_is_left),
        cmocka_unit_test(closing_in_the_midst_of_connecting_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
