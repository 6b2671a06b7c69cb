/* links: stream */
#include "check.h"

#include <stdlib.h>

#include "stream/stream.h"
#include "tocsin-listen/intake.h"

/* What was judged, as "record:signature" pairs in order. */
static struct {
    char text[1 << 20];
    size_t used, pieces, messages, malformed;
    bool is_good;
} judged;

static bool note_piece(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    struct stream stream;
    struct stream_item item;
    bool is_malformed;
    stream_init(&stream, bytes, size);
    assert_true(stream_next(&stream, &item, &is_malformed));
    for (size_t i = 0; i < item.signature_count; i++) {
        judged.used +=
            (size_t)snprintf(judged.text + judged.used, sizeof judged.text - judged.used,
                             "%.*s:%.*s ", (int)item.record_size, (const char *)item.record,
                             (int)item.signature[i].size, (const char *)item.signature[i].bytes);
    }
    judged.pieces++;
    assert_false(stream_next(&stream, &item, &is_malformed));
    assert_false(is_malformed);
    return judged.is_good;
}

static void note_end(void *context, bool is_malformed)
{
    (void)context;
    judged.messages++;
    judged.malformed += is_malformed;
}

static struct intake intake;

static int set_up(void **state)
{
    (void)state;
    memset(&judged, 0, sizeof judged);
    intake_open(&intake, note_piece, note_end, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    intake_close(&intake);
    return 0;
}

static size_t write_text(const char *text, uint8_t *out)
{
    return stream_write_netstring((const uint8_t *)text, strlen(text), out);
}

/* An item with so many signatures; what it should become is added to expected. */
static size_t write_item(const char *name, int signatures, uint8_t *out, char *expected)
{
    char text[32];
    size_t size = write_text(name, out);
    snprintf(text, sizeof text, "%d", signatures);
    size += write_text(text, out + size);
    for (int i = 0; i < signatures; i++) {
        snprintf(text, sizeof text, "s%d", i);
        size += write_text(text, out + size);
        sprintf(expected + strlen(expected), "%s:s%d ", name, i);
    }
    return size;
}

static const uint64_t LONG_NS = UINT64_C(3600) * NS_PER_S;

static void every_signature_is_judged_once_with_its_record(void **state)
{
    (void)state;
    static uint8_t bytes[64 * 1024];
    static char expected[64 * 1024];
    expected[0] = '\0';
    for (int message = 0; message < 5; message++) {
        size_t size = 0;
        for (int item = 0; item < 20; item++) {
            char name[32];
            snprintf(name, sizeof name, "m%di%d", message, item);
            size += write_item(name, (message * 20 + item) % 65, bytes + size, expected);
        }
        assert_true(intake_put(&intake, 0, 0, bytes, size));
    }
    uint64_t now = uv_hrtime();
    for (int turn = 0; intake_step(&intake, now, LONG_NS, false); turn++) {
        now += NS_PER_S;
        assert_true(turn < 100);
    }
    assert_string_equal(judged.text, expected);
    assert_int_equal(judged.messages, 5);
    assert_int_equal(judged.malformed, 0);
}

static void what_breaks_off_ends_its_message_and_no_other(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    char expected[1024] = "";
    size_t size = write_item("whole", 2, bytes, expected);
    memcpy(bytes + size, "9:half", 6);
    assert_true(intake_put(&intake, 0, 0, bytes, size + 6));
    size = write_item("next", 2, bytes, expected);
    assert_true(intake_put(&intake, 0, 0, bytes, size));
    assert_true(intake_put(&intake, 0, 0, bytes, 0)); /* an empty message */
    while (intake_step(&intake, uv_hrtime(), LONG_NS, false)) {
    }
    assert_string_equal(judged.text, expected);
    assert_int_equal(judged.messages, 3);
    assert_int_equal(judged.malformed, 1);
}

static size_t count_judged(void)
{
    size_t count = 0;
    for (size_t i = 0; i < judged.used; i++) {
        count += judged.text[i] == ' ';
    }
    return count;
}

static void near_a_start_two_hundred_a_second_of_each_constellation(void **state)
{
    (void)state;
    static uint8_t bytes[64 * 1024];
    static char ignored[64 * 1024];
    ignored[0] = '\0';
    size_t size = 0;
    for (int item = 0; item < 40; item++) {
        size += write_item("r", 60, bytes + size, ignored);
    }
    for (size_t constellation = 0; constellation < 2; constellation++) {
        assert_true(intake_put(&intake, constellation, constellation, bytes, size));
    }
    uint64_t begun = uv_hrtime(), now = begun;
    for (int second = 0; second <= 5; second++) {
        assert_true(intake_step(&intake, now, LONG_NS, true));
        size_t most = (size_t)(second + 1) * 2 * INTAKE_NEAR_RATE;
        assert_true(count_judged() <= most + 2 * 4 && count_judged() + 2 * 4 >= most);
        now += NS_PER_S;
    }
}

static void who_brought_something_good_comes_first(void **state)
{
    (void)state;
    static uint8_t bytes[64 * 1024];
    static char ignored[64 * 1024];
    ignored[0] = '\0';
    judged.is_good = true;
    size_t size = write_item("good", 1, bytes, ignored);
    assert_true(intake_put(&intake, 1, 0, bytes, size));
    assert_false(intake_step(&intake, uv_hrtime(), LONG_NS, true));
    judged.is_good = false;
    size = 0;
    for (int item = 0; item < 10; item++) {
        size += write_item("flood", 60, bytes + size, ignored);
    }
    assert_true(intake_put(&intake, 0, 0, bytes, size));
    size = write_item("cancel", 3, bytes, ignored);
    assert_true(intake_put(&intake, 1, 0, bytes, size));
    judged.used = 0;
    (void)intake_step(&intake, uv_hrtime(), LONG_NS, true);
    assert_memory_equal(judged.text, "cancel:s0 cancel:s1 cancel:s2 flood:s0", 38);
}

/* What a thief signs is good, and so is what everybody may copy: it keeps nobody waiting for
 * long. */
static void a_flood_of_good_ones_keeps_nobody_waiting(void **state)
{
    (void)state;
    static uint8_t bytes[64 * 1024];
    static char ignored[64 * 1024];
    ignored[0] = '\0';
    judged.is_good = true;
    size_t size = 0;
    for (int item = 0; item < 40; item++) {
        size += write_item("flood", 60, bytes + size, ignored);
    }
    for (size_t link = 0; link < 3; link++) {
        assert_true(intake_put(&intake, link, 0, bytes, size));
    }
    (void)intake_step(&intake, uv_hrtime(), LONG_NS, true);
    size = write_item("cancel", 3, bytes, ignored);
    assert_true(intake_put(&intake, 3, 0, bytes, size));
    judged.used = 0;
    (void)intake_step(&intake, uv_hrtime() + NS_PER_S, LONG_NS, true);
    char *cancel = strstr(judged.text, "cancel:s2");
    assert_non_null(cancel);
    *cancel = '\0';
    size_t before = 0;
    for (const char *at = judged.text; (at = strstr(at, "flood")) != NULL; at++) {
        before++;
    }
    assert_in_range(before, 0, 3 * 4); /* a piece of each of the others */
}

static void a_flood_finds_no_more_room_than_its_own(void **state)
{
    (void)state;
    static uint8_t bytes[100 * 1024];
    size_t taken = 0;
    while (intake_put(&intake, 0, 0, bytes, sizeof bytes)) {
        taken++;
    }
    assert_int_equal(taken, INTAKE_ROOM / (int)sizeof bytes);
    assert_true(intake_put(&intake, 1, 0, bytes, sizeof bytes));
    assert_false(intake_put(&intake, 1, 0, bytes, INTAKE_ROOM));
}

static void a_turn_ends_when_its_time_is_over(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    char ignored[1024] = "";
    assert_true(intake_put(&intake, 0, 0, bytes, write_item("r", 8, bytes, ignored)));
    assert_true(intake_step(&intake, uv_hrtime(), 0, false));
    assert_int_equal(judged.pieces, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_signature_is_judged_once_with_its_record, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_breaks_off_ends_its_message_and_no_other, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(near_a_start_two_hundred_a_second_of_each_constellation,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_brought_something_good_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flood_of_good_ones_keeps_nobody_waiting, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_flood_finds_no_more_room_than_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_ends_when_its_time_is_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
