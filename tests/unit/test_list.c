#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "list/index.h"
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
    assert_false(LIST_EXACTLY(number, SIZE_MAX / sizeof *number + 1));
    assert_ptr_equal(number, was);
    number[15] = 7;
    assert_true(LIST_EXACTLY(number, 1000));
    number[999] = 9;
    assert_int_equal(number[15], 7);
    free(number);
}

struct hash {
    uint8_t bytes[LIST_HASH_SIZE];
};

static const uint8_t *hash_at(const void *list, size_t i)
{
    const struct hash *of = list;
    return of[i].bytes;
}

static void what_a_list_holds_is_found_by_its_hash_though_many_begin_alike(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static struct hash list[COUNT];
    struct list_index index = {0};
    assert_null(list_index_find(&index, list, hash_at, list[0].bytes));
    for (uint32_t i = 0; i < COUNT; i++) {
        list[i].bytes[0] = (uint8_t)(i % 7);
        memcpy(list[i].bytes + 8, &i, sizeof i);
        assert_true(list_index_room(&index, list, i, hash_at));
        uint32_t *slot = list_index_find(&index, list, hash_at, list[i].bytes);
        assert_int_equal(*slot, 0);
        *slot = i + 1;
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(*list_index_find(&index, list, hash_at, list[i].bytes), i + 1);
    }
    assert_true(index.slots >= 2 * COUNT);
    list_index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_grows_and_keeps_what_it_holds),
        cmocka_unit_test(where_there_is_no_memory_it_stays_as_it_is),
        cmocka_unit_test(what_a_list_holds_is_found_by_its_hash_though_many_begin_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
