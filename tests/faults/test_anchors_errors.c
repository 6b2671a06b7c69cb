/* links: ledger records trust stream view */
/* wraps: malloc calloc realloc reallocarray */
/* Every request for memory of anchors_take is refused once, and then from there on: that is said,
 * never "not a root", and the anchors there were stay as they are (the asan build looks for
 * leaks). */
#include "forge.h"

#include "anchors/anchors.h"
#include "stream/stream.h"

#include "refused_memory.h"

static void want_of_memory_is_said_and_takes_nothing(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    size_t size = 0;
    struct record *one =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}, .name = "One"});
    struct record *two =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {3, 4}, .name = "Two"});
    struct record *before =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {5, 6}, .name = "Before"});
    const struct record *each[] = {one, two};
    for (size_t i = 0; i < 2; i++) {
        size += stream_write_netstring(each[i]->bytes, each[i]->size, bytes + size);
        size += stream_write_netstring((const uint8_t *)"0", 1, bytes + size);
    }
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        enum anchors_result result = ANCHORS_NO_MEMORY;
        for (long at = 1; result != ANCHORS_TAKEN; at++) {
            struct anchors anchors;
            char why[ANCHORS_WHY_SIZE] = "";
            anchors_init(&anchors, leap_builtin(), 3);
            assert_int_equal(anchors_take(&anchors, before->bytes, before->size, why),
                             ANCHORS_TAKEN);
            refuse(at, goes_on == 1);
            result = anchors_take(&anchors, bytes, size, why);
            refuse_none();
            if (result == ANCHORS_TAKEN) {
                assert_int_equal(anchors.count, 3);
                assert_in_range(at, 10, 100);
            } else {
                assert_int_equal(result, ANCHORS_NO_MEMORY);
                assert_string_equal(why, "too little memory");
                assert_int_equal(anchors.count, 1);
                assert_true(record_id_equal(&anchors.id[0], &before->id));
            }
            anchors_close(&anchors);
        }
    }
    record_free(one);
    record_free(two);
    record_free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(want_of_memory_is_said_and_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
