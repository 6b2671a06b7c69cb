#include "check.h"

#include "stream/stream.h"

static bool next(const char *text, struct stream_item *item, bool *malformed)
{
    struct stream stream;
    stream_init(&stream, (const uint8_t *)text, strlen(text));
    return stream_next(&stream, item, malformed);
}

static void an_item_is_a_record_a_count_and_its_signatures(void **state)
{
    (void)state;
    struct stream stream;
    struct stream_item item;
    bool malformed;
    static const char text[] = "3:abc,1:2,1:x,0:,0:,1:0,";
    stream_init(&stream, (const uint8_t *)text, strlen(text));
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.record_size, 3);
    assert_memory_equal(item.record, "abc", 3);
    assert_int_equal(item.signature_count, 2);
    assert_int_equal(item.signature[0].size, 1);
    assert_int_equal(item.signature[1].size, 0);
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.record_size, 0);
    assert_int_equal(item.signature_count, 0);
    assert_false(stream_next(&stream, &item, &malformed));
    assert_false(malformed);
}

static void every_truncation_and_every_other_form_is_malformed(void **state)
{
    (void)state;
    struct stream_item item;
    bool malformed;
    static const char good[] = "3:abc,1:2,1:x,2:yz,";
    for (size_t size = 1; size < strlen(good); size++) {
        struct stream stream;
        stream_init(&stream, (const uint8_t *)good, size);
        assert_false(stream_next(&stream, &item, &malformed));
        assert_true(malformed);
        assert_ptr_equal(stream.at, good); /* where it broke off */
    }
    static const char *const bad[] = {
        "3abc,1:0,",   "3:abc;1:0,", "03:abc,1:0,", "-1:,1:0,",     ":,1:0,",         "3:abcd,1:0,",
        "3:abc,2:00,", "3:abc,0:,",  "3:abc,1:x,",  "3:abc,3:100,", "99999999999:x,", "x",
        "3:abc,2:65,", "3:abc,1: ,", " 3:abc,1:0,", "999999999:,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(next(bad[i], &item, &malformed));
        assert_true(malformed);
    }
}

/* Row 18: each limit at one below, at and above. */
static void sixty_four_signatures_and_no_more(void **state)
{
    (void)state;
    static char text[4096];
    for (int count = 63; count <= 65; count++) {
        struct stream_item item;
        bool malformed;
        int length = snprintf(text, sizeof text, "1:r,2:%d,", count);
        for (int i = 0; i < count; i++) {
            length += snprintf(text + length, sizeof text - (size_t)length, "1:s,");
        }
        assert_int_equal(next(text, &item, &malformed), count <= STREAM_SIGNATURES_MAX);
        assert_int_equal(malformed, count > STREAM_SIGNATURES_MAX);
    }
}

static void sixteen_mebibytes_and_no_more(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        size_t record = STREAM_SIZE_MAX - 10 - 4 + over; /* "16777206:" "," "1:0," */
        uint8_t *bytes = test_calloc(1, STREAM_SIZE_MAX + 1);
        uint8_t *zeros = test_calloc(1, record);
        size_t size = stream_write_netstring(zeros, record, bytes);
        size += stream_write_netstring((const uint8_t *)"0", 1, bytes + size);
        assert_int_equal(size, STREAM_SIZE_MAX + over);
        struct stream stream;
        struct stream_item item;
        bool malformed;
        stream_init(&stream, bytes, size);
        assert_int_equal(stream_next(&stream, &item, &malformed), over == 0);
        test_free(zeros);
        test_free(bytes);
    }
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static uint8_t bytes[20000], out[20010];
    static const size_t sizes[] = {0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10000, 16384};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memset(bytes, (int)i, sizes[i]);
        size_t size = stream_write_netstring(bytes, sizes[i], out);
        assert_int_equal(size, (size_t)snprintf(NULL, 0, "%zu:,", sizes[i]) + sizes[i]);
        assert_true(stream_is_one(out, size));
        size += stream_write_netstring((const uint8_t *)"0", 1, out + size);
        struct stream stream;
        struct stream_item item;
        bool malformed;
        stream_init(&stream, out, size);
        assert_true(stream_next(&stream, &item, &malformed));
        assert_int_equal(item.record_size, sizes[i]);
        assert_memory_equal(item.record, bytes, sizes[i]);
    }
    assert_false(stream_is_one((const uint8_t *)"tocsin", 6));
    assert_false(stream_is_one(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_a_record_a_count_and_its_signatures),
        cmocka_unit_test(every_truncation_and_every_other_form_is_malformed),
        cmocka_unit_test(sixty_four_signatures_and_no_more),
        cmocka_unit_test(sixteen_mebibytes_and_no_more),
        cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
