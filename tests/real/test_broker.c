/* links: mqtt */
/* The embedded mosquitto: who may publish, where it listens, what happens when it dies. */
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>

#include "real_broker.h"

#include "broker/bound.h"
#include "broker/broker.h"
#include "mqtt/mqtt.h"

#define ASK "tocsin/1/0011223344556677/ask/aabbccddeeff0011"

struct stage {
    struct mqtt_login login;
    uv_loop_t loop;
    struct broker *broker;
    int ready, ended;
    bool is_final, is_stopped, is_closed;
    char why[256];
    int wanted_ready, wanted_ended;
    int messages, wanted_messages, connections, wanted_connections;
    char last[64];
};

static void on_ready(void *context, struct broker *broker)
{
    (void)broker;
    ((struct stage *)context)->ready++;
}

static void on_ended(void *context, struct broker *broker, const char *why, bool is_final)
{
    (void)broker;
    struct stage *stage = context;
    stage->ended++;
    stage->is_final = is_final;
    snprintf(stage->why, sizeof stage->why, "%s", why);
}

static void on_stopped(void *context)
{
    ((struct stage *)context)->is_stopped = true;
}

static void on_closed(void *context)
{
    ((struct stage *)context)->is_closed = true;
}

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)mqtt;
    ((struct stage *)context)->connections++;
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct stage *stage = context;
    stage->messages++;
    snprintf(stage->last, sizeof stage->last, "%.*s", (int)message->size,
             (const char *)message->payload);
}

static bool is_there(void *context)
{
    struct stage *stage = context;
    return stage->ready >= stage->wanted_ready && stage->ended >= stage->wanted_ended &&
           stage->messages >= stage->wanted_messages &&
           stage->connections >= stage->wanted_connections;
}

static bool has_stopped(void *context)
{
    return ((struct stage *)context)->is_stopped;
}

static bool has_closed(void *context)
{
    return ((struct stage *)context)->is_closed;
}

static void stage_open(struct stage *stage, struct broker_options options)
{
    *stage = (struct stage){0};
    uv_loop_init(&stage->loop);
    char error[256] = "";
    stage->broker = broker_start(&stage->loop, &options,
                                 &(struct broker_handlers){on_ready, on_ended, stage}, error);
    if (stage->broker == NULL) {
        print_error("%s\n", error);
    }
    assert_non_null(stage->broker);
}

static void stage_wait(struct stage *stage)
{
    if (!real_run_until(&stage->loop, is_there, stage)) {
        print_error("ready %d, ended %d (%s), connections %d, messages %d\n", stage->ready,
                    stage->ended, stage->why, stage->connections, stage->messages);
        fail();
    }
}

static void stage_close(struct stage *stage)
{
    broker_stop(stage->broker, on_stopped, stage);
    assert_true(real_run_until(&stage->loop, has_stopped, stage));
    uv_run(&stage->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&stage->loop), 0);
}

static struct mqtt *enter(struct stage *stage, bool as_beacon)
{
    const char *why;
    struct mqtt_options options = {.url = broker_url(stage->broker)};
    if (as_beacon) {
        stage->login =
            (struct mqtt_login){.user = BROKER_USER, .password = broker_password(stage->broker)};
        options.login = &stage->login;
    }
    struct mqtt *mqtt = mqtt_new(
        &stage->loop, &options,
        &(struct mqtt_handlers){.connected = on_connected, .message = on_message, .context = stage},
        &why);
    assert_non_null(mqtt);
    return mqtt;
}

static void leave(struct stage *stage, struct mqtt *mqtt)
{
    stage->is_closed = false;
    mqtt_close(mqtt, on_closed, stage);
    assert_true(real_run_until(&stage->loop, has_closed, stage));
}

/* Each attempt is thrown away unseen; the question after it, on the same connection, arrives: had
 * the attempt been let through, it would have been heard before. */
static void who_asks_may_do_nothing_else(void **state)
{
    (void)state;
    static const char *const forbidden[] = {
        "tocsin/1/0011223344556677/ask/aabbccddeeff0012",
        "tocsin/1/0011223344556678/ask/aabbccddeeff0011",
        "tocsin/1/0011223344556677/ask/aabbccddeeff0011/answer/0000000000000000",
        "tocsin/1/0011223344556677/records/aabbccddeeff0011",
        "tocsin/1/0011223344556677/status/aabbccddeeff0011",
        "somewhere/else",
    };
    enum { FORBIDDEN = sizeof forbidden / sizeof *forbidden, QUESTION = 32 };
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK});
    stage.wanted_ready = 1;
    stage_wait(&stage);
    struct mqtt *stranger = enter(&stage, false), *eavesdropper = enter(&stage, false);
    struct mqtt *beacon = enter(&stage, true);
    assert_true(mqtt_subscribe(beacon, "tocsin/1/#", 0));
    assert_true(mqtt_subscribe(eavesdropper, ASK, 0)); /* what others ask is nobody's business */
    assert_true(mqtt_subscribe(eavesdropper, ASK "/answer/0000000000000001", 0));
    stage.wanted_connections = 3;
    stage_wait(&stage);
    for (int i = 0; i < FORBIDDEN; i++) {
        char question[QUESTION + 1];
        snprintf(question, sizeof question, "question %23d", i);
        mqtt_publish(stranger, forbidden[i], question, QUESTION, 0, i % 2 == 1, 0);
        mqtt_publish(stranger, ASK, question, QUESTION, 0, false, 0);
        stage.wanted_messages = i + 1;
        stage_wait(&stage);
        assert_string_equal(stage.last, question);
    }
    /* and whoever waits for an answer hears it */
    mqtt_publish(beacon, ASK "/answer/0000000000000001", "answer", 6, 0, false, 0);
    stage.wanted_messages = FORBIDDEN + 2; /* the beacon hears everything */
    stage_wait(&stage);
    assert_string_equal(stage.last, "answer");
    assert_int_equal(stage.messages, FORBIDDEN + 2);
    leave(&stage, stranger);
    leave(&stage, eavesdropper);
    leave(&stage, beacon);
    stage_close(&stage);
}

/* Thirty-two bytes, QoS 0, not retained: what the broker's own rules cannot say. */
static void a_question_is_a_question_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        int qos;
        bool is_retained;
    } no_question[] = {{0, 0, false},  {31, 0, false}, {33, 0, false},   {262144, 0, false},
                       {32, 1, false}, {32, 0, true},  {262144, 0, true}};
    static char bytes[262144];
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK});
    assert_true(broker_is_guarded(stage.broker));
    stage.wanted_ready = 1;
    stage_wait(&stage);
    struct mqtt *stranger = enter(&stage, false), *beacon = enter(&stage, true);
    assert_true(mqtt_subscribe(beacon, "tocsin/1/#", 0));
    stage.wanted_connections = 2;
    stage_wait(&stage);
    for (size_t i = 0; i < sizeof no_question / sizeof *no_question; i++) {
        mqtt_publish(stranger, ASK, bytes, no_question[i].size, no_question[i].qos,
                     no_question[i].is_retained, 0);
        mqtt_publish(stranger, ASK, "thirty-two bytes, as it should b", 32, 0, false, 0);
        stage.wanted_messages = (int)i + 1;
        stage_wait(&stage);
        assert_string_equal(stage.last, "thirty-two bytes, as it should b");
    }
    /* the beacon's own topics are none of its business */
    mqtt_publish(beacon, "tocsin/1/0011223344556677/records/aabbccddeeff0011", "kept", 4, 1, true,
                 0);
    stage.wanted_messages++;
    stage_wait(&stage);
    assert_string_equal(stage.last, "kept");
    leave(&stage, stranger);
    leave(&stage, beacon);
    stage.messages = 0;
    beacon = enter(&stage, true); /* and none of these lies there for whoever comes next */
    assert_true(mqtt_subscribe(beacon, "tocsin/1/#", 0));
    stage.wanted_messages = 1;
    stage_wait(&stage);
    assert_string_equal(stage.last, "kept");
    assert_int_equal(stage.messages, 1);
    leave(&stage, beacon);
    stage_close(&stage);
}

static void only_the_beacon_publishes_and_anyone_may_ask(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK});
    stage.wanted_ready = 1;
    stage_wait(&stage);
    struct mqtt *listener = enter(&stage, false);
    struct mqtt *beacon = enter(&stage, true);
    assert_true(mqtt_subscribe(listener, "tocsin/1/0011223344556677/tick/aabbccddeeff0011", 0));
    assert_true(mqtt_subscribe(beacon, "tocsin/1/0011223344556677/tick/aabbccddeeff0011", 0));
    assert_true(mqtt_subscribe(beacon, "tocsin/1/0011223344556677/ask/aabbccddeeff0011", 0));
    stage.wanted_connections = 2;
    stage_wait(&stage);
    /* The first is thrown away; the second, later on the same connection, arrives at the beacon
     * alone: had the first been let through, it would have been heard before. */
    mqtt_publish(listener, "tocsin/1/0011223344556677/tick/aabbccddeeff0011", "forged", 6, 0, true,
                 0);
    mqtt_publish(listener, "tocsin/1/0011223344556677/ask/aabbccddeeff0011",
                 "thirty-two bytes, as it should b", 32, 0, false, 0);
    stage.wanted_messages = 1;
    stage_wait(&stage);
    assert_string_equal(stage.last, "thirty-two bytes, as it should b");
    mqtt_publish(beacon, "tocsin/1/0011223344556677/tick/aabbccddeeff0011", "true", 4, 0, true, 0);
    stage.wanted_messages = 3; /* both hear it */
    stage_wait(&stage);
    assert_string_equal(stage.last, "true");
    assert_int_equal(stage.messages, 3);
    leave(&stage, listener);
    leave(&stage, beacon);
    stage_close(&stage);
}

static void it_is_started_again_when_it_is_killed(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK});
    stage.wanted_ready = 1;
    stage_wait(&stage);
    char url[64];
    snprintf(url, sizeof url, "%s", broker_url(stage.broker));
    char command[200];
    snprintf(command, sizeof command,
             "kill -9 $(ss -Hltnp 'sport = :%s' | sed 's/.*pid=\\([0-9]*\\).*/\\1/')",
             strrchr(url, ':') + 1);
    assert_int_equal(system(command), 0);
    stage.wanted_ended = 1;
    stage.wanted_ready = 2;
    stage_wait(&stage);
    assert_false(stage.is_final);
    assert_string_equal(broker_url(stage.broker), url);
    stage_close(&stage);
}

static void a_taken_port_is_named_with_the_remedy(void **state)
{
    (void)state;
    int taken = real_listen(0);
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK, .port = real_port_of(taken)});
    stage.wanted_ended = 1;
    stage_wait(&stage);
    assert_true(stage.is_final);
    char expected[128];
    snprintf(expected, sizeof expected, "port %d is taken: choose another with --port",
             real_port_of(taken));
    assert_string_equal(stage.why, expected);
    stage_close(&stage);
    close(taken);
}

static void websockets_open_to_the_world_are_refused(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK, .has_websockets = true});
    stage.wanted_ended = 0;
    while (stage.ready + stage.ended == 0) {
        uv_run(&stage.loop, UV_RUN_ONCE);
    }
    if (stage.ended > 0) { /* as with mosquitto 2.0.11; a later one may keep to loopback */
        assert_true(stage.is_final);
        assert_non_null(strstr(stage.why, "to every interface"));
    }
    stage_close(&stage);

    stage_open(&stage, (struct broker_options){
                           .ask_topic = ASK, .has_websockets = true, .websockets_anywhere = true});
    stage.wanted_ready = 1;
    stage_wait(&stage);
    assert_true(broker_websockets_port(stage.broker) > 0);
    assert_true(real_answers(broker_websockets_port(stage.broker)));
    stage_close(&stage);
}

/* How many sockets of ours listen, and how many of them beyond loopback. */
static size_t listening(size_t *open)
{
    struct bound_socket at[BOUND_MAX];
    size_t count = bound_sockets(getpid(), at);
    *open = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(at[i].port > 0);
        *open += !at[i].is_on_loopback;
    }
    return count;
}

static void the_kernel_tells_who_listens_in_every_family(void **state)
{
    (void)state;
    size_t open;
    assert_int_equal(listening(&open), 0);
    int local = real_listen(0);
    assert_int_equal(listening(&open), 1);
    assert_int_equal(open, 0);
    for (int family = 0; family < 2; family++) {
        int fd = socket(family == 0 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
        assert_int_equal(listen(fd, 1), 0); /* unbound: every interface, a free port */
        assert_int_equal(listening(&open), 2);
        assert_int_equal(open, 1);
        close(fd);
    }
    int six = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (bind(six, (struct sockaddr *)&at, sizeof at) == 0) {
        listen(six, 1);
        assert_int_equal(listening(&open), 2);
        assert_int_equal(open, 0);
    }
    close(six);
    assert_true(bound_is_taken(real_port_of(local)));
    int port = real_port_of(local);
    close(local);
    assert_false(bound_is_taken(port));
}

static int count_folders(void)
{
    int count = 0;
    DIR *folder = opendir("/tmp");
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += strncmp(entry->d_name, "tocsin-broker-", 14) == 0;
    }
    closedir(folder);
    return count;
}

static void nothing_is_left_in_the_folder(void **state)
{
    (void)state;
    unsetenv("XDG_RUNTIME_DIR");
    int before = count_folders();
    struct stage stage;
    stage_open(&stage, (struct broker_options){.ask_topic = ASK});
    stage.wanted_ready = 1;
    stage_wait(&stage);
    stage_close(&stage);
    assert_int_equal(count_folders(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_tells_who_listens_in_every_family),
        cmocka_unit_test(only_the_beacon_publishes_and_anyone_may_ask),
        cmocka_unit_test(who_asks_may_do_nothing_else),
        cmocka_unit_test(a_question_is_a_question_and_nothing_else),
        cmocka_unit_test(it_is_started_again_when_it_is_killed),
        cmocka_unit_test(a_taken_port_is_named_with_the_remedy),
        cmocka_unit_test(websockets_open_to_the_world_are_refused),
        cmocka_unit_test(nothing_is_left_in_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
