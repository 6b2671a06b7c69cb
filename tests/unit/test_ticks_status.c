#include "check.h"

#include "ticks/status.h"
#include "ticks/topic.h"

static void topics_are_as_tocsin_ticks_5_has_them(void **state)
{
    (void)state;
    struct record_id root = {{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88}};
    struct record_key_id key = {{0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe}};
    uint8_t nonce[32] = {0xaa, 0xbb};
    char topic[TICK_TOPIC_SIZE];
    /* the key id as minisign displays it: the little-endian number */
    tick_topic_write(TICK_TOPIC_TICK, &root, &key, topic);
    assert_string_equal(topic, "tocsin/1/0011223344556677/tick/fedcba9876543210");
    tick_topic_write(TICK_TOPIC_RECORDS, &root, &key, topic);
    assert_string_equal(topic, "tocsin/1/0011223344556677/records/fedcba9876543210");
    tick_topic_write(TICK_TOPIC_STATUS, &root, &key, topic);
    assert_string_equal(topic, "tocsin/1/0011223344556677/status/fedcba9876543210");
    tick_topic_write_answer(&root, &key, nonce, topic);
    assert_string_equal(topic,
                        "tocsin/1/0011223344556677/ask/fedcba9876543210/answer/aabb000000000000");
}

static void a_status_comes_back_as_it_was_written(void **state)
{
    (void)state;
    const struct tick_status all[] = {
        {.state = TICK_STATUS_LOST},
        {.state = TICK_STATUS_STOPPED},
        {.is_synchronised = true, .windows = 3, .omitted = 1},
        {.windows = UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[TICK_STATUS_SIZE];
        struct tick_status out;
        size_t len = tick_status_write(&all[i], text);
        assert_true(len < TICK_STATUS_SIZE);
        assert_true(tick_status_read(text, len, &out));
        assert_memory_equal(&out, &all[i], sizeof out);
        for (size_t cut = 0; cut < len; cut++) {
            char exact[TICK_STATUS_SIZE];
            memcpy(exact, text, cut);
            (void)!tick_status_read(exact, cut, &out); /* whatever it says, it stays inside */
        }
    }
    static const char *const bad[] = {
        "",
        "tocsin status 2\nstate: up\n",
        "tocsin status 1\nstate: down\n",
        "tocsin status 1\nstate: up\nclock: synchronised\nwindows: 4294967296\nomitted: 0\n",
        "tocsin status 1\nstate: up\nclock: synchronised\nwindows: 01\nomitted: 0\n",
        "tocsin status 1\nstate: up\nclock: synchronised\nwindows: 1\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tick_status out;
        assert_false(tick_status_read(bad[i], strlen(bad[i]), &out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_as_tocsin_ticks_5_has_them),
        cmocka_unit_test(a_status_comes_back_as_it_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
