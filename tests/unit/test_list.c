#include "check.h"

#include <stdlib.h>

#include "list/list.h"

static void a_list_grows_and_keeps_what_it_holds(void **state)
{
    (void)state;
    struct {
        int *number;
        size_t count, room;
    } list = {0};
    for (int i = 0; i < 100; i++) {
        assert_true(LIST_ROOM(list.number, list.count, list.room));
        list.number[list.count++] = i;
    }
    for (int i = 0; i < 100; i++) {
        assert_int_equal(list.number[i], i);
    }
    assert_true(list.room >= 100);
    free(list.number);
}

static void where_there_is_no_memory_it_stays_as_it_is(void **state)
{
    (void)state;
    int *number = calloc(16, sizeof *number);
    assert_non_null(number);
    int *was = number;
    size_t room = SIZE_MAX / sizeof *number;
    assert_false(list_grow(&number, &room, sizeof *number));
    assert_ptr_equal(number, was);
    assert_int_equal(room, SIZE_MAX / sizeof *number);
    free(number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_grows_and_keeps_what_it_holds),
        cmocka_unit_test(where_there_is_no_memory_it_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
