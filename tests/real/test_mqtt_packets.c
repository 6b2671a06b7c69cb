/* What libmosquitto does with packets that no honest broker sends: in version 3.1.1, which
 * listeners speak, it may refuse anything, and must neither abort nor crash; in version 5 it aborts
 * at a property it does not know, which is why only brokers of this machine are spoken to in it. */
#include "check.h"

#include "deep.h"
#include <mosquitto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static int listen_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strcpy(at.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

/* One client hears these bytes after the broker's welcome. */
static void hear(int listening, int version, const uint8_t *bytes, size_t size)
{
    struct mosquitto *mosq = mosquitto_new("t-1", true, NULL);
    assert_non_null(mosq);
    mosquitto_int_option(mosq, MOSQ_OPT_PROTOCOL_VERSION, version);
    assert_int_equal(mosquitto_connect(mosq, "broker.socket", 0, 60), MOSQ_ERR_SUCCESS);
    int fd = accept(listening, NULL, NULL);
    assert_true(fd >= 0);
    static const uint8_t welcome_4[] = {0x20, 2, 0, 0}, welcome_5[] = {0x20, 3, 0, 0, 0};
    bool is_4 = version == MQTT_PROTOCOL_V311;
    if (draw(8) != 0) {
        assert_true(write(fd, is_4 ? welcome_4 : welcome_5, is_4 ? 4 : 5) > 0);
    }
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
    for (int i = 0; i < 64 && mosquitto_loop_read(mosq, 1) == MOSQ_ERR_SUCCESS; i++) {
    }
    (void)mosquitto_loop_misc(mosq);
    mosquitto_destroy(mosq);
}

/* Some packets with a right length or nearly, of any type, whose bodies are noise, small numbers or
 * a message. */
static size_t make_packets(uint8_t out[static 2048])
{
    size_t at = 0;
    for (uint32_t n = 1 + draw(4); n > 0; n--) {
        uint32_t size = draw(4) == 0 ? draw(8) : draw(200);
        uint32_t told = draw(8) == 0 ? draw(256) : size;
        out[at++] = (uint8_t)draw(256);
        if (told >= 128) {
            out[at++] = (uint8_t)(told | 128);
            told = draw(64) == 0 ? 128 : 1;
        }
        out[at++] = (uint8_t)(told & 127);
        bool is_small = draw(2) == 0;
        for (uint32_t i = 0; i < size; i++) {
            out[at++] = (uint8_t)(is_small ? draw(6) : draw(256));
        }
    }
    return at;
}

static int status_of_child(void (*run)(int listening), int listening)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(2);
        }
        run(listening);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    return status;
}

static void run_random(int listening)
{
    uint8_t packets[2048];
    int runs = is_deep() ? 2000000 : 50000;
    for (int i = 0; i < runs; i++) {
        hear(listening, MQTT_PROTOCOL_V311, packets, make_packets(packets));
    }
}

static void run_unknown_property(int listening)
{
    for (int i = 0; i < 32; i++) { /* some of them greet first */
        static const uint8_t publish[] = {0x30, 7, 0, 1, 'x', 2, 0x7f, 0, 'y'};
        hear(listening, MQTT_PROTOCOL_V5, publish, sizeof publish);
    }
}

static int listening;

static void strange_packets_in_the_older_version_do_no_harm(void **state)
{
    (void)state;
    random_state = 20261123;
    print_message("seed %llu\n", (unsigned long long)random_state);
    assert_int_equal(status_of_child(run_random, listening), 0);
}

/* When this fails the library has been mended, and version 5 may be spoken to everyone. */
static void an_unknown_property_in_version_5_aborts_the_library(void **state)
{
    (void)state;
    int status = status_of_child(run_unknown_property, listening);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    mosquitto_lib_init();
    listening = listen_at("broker.socket");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strange_packets_in_the_older_version_do_no_harm),
        cmocka_unit_test(an_unknown_property_in_version_5_aborts_the_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
