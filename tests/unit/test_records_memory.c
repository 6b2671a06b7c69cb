/* Every allocation of reading and writing fails once, and from then on. */
#include "records_paper.h"

#define FAULT_MEMORY
#include "faults.h"

static const char text[] = HEAD AT TAIL "x-a: 1\n";

static void reading_without_memory_is_an_error(void **state)
{
    (void)state;
    int sites = 0;
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        for (int at = 1;; at++) {
            struct record *record = NULL;
            struct record_error error = {0};
            fault_arm(at, from_then_on, 0);
            bool done = record_read((const uint8_t *)text, sizeof text - 1, leap_builtin(), &record,
                                    &error);
            bool struck = fault_disarm();
            assert_int_equal(done, !struck);
            assert_int_equal(record != NULL, done);
            record_free(record);
            if (!struck) {
                break;
            }
            assert_non_null(strstr(error.message, "no memory"));
            sites++;
        }
    }
    assert_int_equal(sites, 2); /* one block, twice */
}

static void writing_without_memory_is_an_error(void **state)
{
    (void)state;
    struct record *record = NULL;
    struct record_error error;
    assert_true(
        record_read((const uint8_t *)text, sizeof text - 1, leap_builtin(), &record, &error));
    int sites = 0;
    for (int at = 1;; at++) {
        char out[RECORD_SIZE_MAX];
        size_t size;
        fault_arm(at, false, 0);
        bool done = record_write(record, leap_builtin(), out, &size, &error);
        bool struck = fault_disarm();
        assert_int_equal(done, !struck);
        if (!struck) {
            break;
        }
        assert_non_null(strstr(error.message, "no memory"));
        sites++;
    }
    assert_int_equal(sites, 1);
    record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_without_memory_is_an_error),
        cmocka_unit_test(writing_without_memory_is_an_error),
    };
#ifdef __SANITIZE_ADDRESS__
    printf("AddressSanitizer has the allocator: nothing to do\n");
    return sizeof tests == 0;
#else
    return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
