/* links: ear */
/* Of an ear that is in a stranger's hands: when it says that a message came. */
#include "check.h"

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ear/ear.h"
#include "ear/frame.h"

static int64_t raw_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* ---- the ear: this program, executed anew ---- */

static const int64_t lies[] = {INT64_MIN, -3600 * NS_PER_S, -150 * NS_PER_MS, 3600 * NS_PER_S,
                               INT64_MAX};
enum { LIES = sizeof lies / sizeof *lies };

/* Until it is told to subscribe to something. */
static bool await_word(uint8_t bytes[static FRAME_ROOM])
{
    struct frame frame = {.kind = FRAME_OPEN};
    size_t size = 0;
    while (frame.kind != FRAME_SUBSCRIBE) {
        size_t used;
        if (frame_read(bytes, size, &frame, &used) == FRAME_WHOLE) {
            memmove(bytes, bytes + used, size -= used);
            continue;
        }
        ssize_t got = recv(3, bytes + size, FRAME_ROOM - size, 0);
        if (got <= 0) {
            return false;
        }
        size += (size_t)got;
    }
    return true;
}

static int say_when_it_came(void)
{
    static uint8_t bytes[FRAME_ROOM];
    if (!await_word(bytes)) {
        return 1;
    }
    for (size_t i = 0; i < LIES; i++) {
        bool is_absolute = lies[i] == INT64_MIN || lies[i] == INT64_MAX;
        struct frame frame = {.kind = FRAME_MESSAGE,
                              .arrived_ns = is_absolute ? lies[i] : raw_ns() + lies[i],
                              .topic = "t",
                              .topic_size = 1};
        size_t size = frame_write(&frame, bytes);
        if (send(3, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
            return 1;
        }
    }
    while (recv(3, bytes, sizeof bytes, 0) > 0) {
    }
    return 0;
}

/* ---- who it belongs to ---- */

struct heard {
    size_t count;
    int64_t before_ns; /* before anything was read */
};

static void on_message(void *context, struct ear *ear, const struct ear_message *message)
{
    struct heard *heard = context;
    (void)ear;
    assert_true(heard->before_ns > 0);
    assert_true(message->arrived.ns >= heard->before_ns - 100 * NS_PER_MS);
    assert_true(message->arrived.ns <= raw_ns());
    heard->count++;
}

static void on_up(void *context, struct ear *ear)
{
    (void)context;
    (void)ear;
}

static void on_lost(void *context, struct ear *ear, const char *why)
{
    (void)context;
    (void)ear;
    fail_msg("%s", why);
}

/* It is left unread for longer than that, so that what it says could be true for all we saw. */
static void what_an_ear_says_of_an_arrival_is_held_within_a_tenth_of_a_second(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct ear_handlers handlers = {
        .connected = on_up, .lost = on_lost, .message = on_message, .context = &heard};
    uv_loop_t loop;
    const char *why;
    assert_int_equal(uv_loop_init(&loop), 0);
    struct ear *ear =
        ear_new(&loop, "mqtt://127.0.0.1:1", &(struct mqtt_login){0}, &handlers, &why);
    assert_non_null(ear);
    uv_run(&loop, UV_RUN_NOWAIT); /* starts it */
    assert_true(ear_subscribe(ear, "t", 0));
    nanosleep(&(struct timespec){.tv_nsec = 400 * NS_PER_MS}, NULL);
    heard.before_ns = raw_ns();
    while (heard.count < LIES) {
        uv_run(&loop, UV_RUN_ONCE);
    }
    ear_close(ear);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(int argc, char *argv[])
{
    if (argc > 0 && strcmp(argv[0], EAR_PROGRAM) == 0) {
        return say_when_it_came();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_ear_says_of_an_arrival_is_held_within_a_tenth_of_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
