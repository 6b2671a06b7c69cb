#include "check.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#include "view/arena.h"

static size_t between(const void *from, const void *to)
{
    return (size_t)((const char *)to - (const char *)from);
}

static void what_is_taken_stands_side_by_side_aligned_and_zero(void **state)
{
    (void)state;
    const size_t unit = sizeof(max_align_t);
    struct arena arena = {0};
    const size_t size[] = {1, unit - 1, unit, unit + 1, 0, 3 * unit};
    const size_t units[] = {1, 1, 1, 2, 0, 3};
    void *at[6];
    for (size_t i = 0; i < 6; i++) {
        at[i] = arena_take(&arena, 1, size[i]);
        assert_int_equal((uintptr_t)at[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < size[i]; k++) {
            assert_int_equal(((unsigned char *)at[i])[k], 0);
        }
        memset(at[i], 0xFF, size[i]);
        assert_int_equal(i == 0 ? 0 : between(at[i - 1], at[i]), i == 0 ? 0 : units[i - 1] * unit);
    }
    assert_ptr_equal(arena_take(&arena, 0, 8), (char *)at[5] + 3 * unit); /* none is somewhere */
    arena_free(&arena);
}

/* A block is used up to its end, and what is larger has one of its own. */
static void any_size_has_its_room(void **state)
{
    (void)state;
    enum { UNIT = sizeof(max_align_t), BLOCK = 2048 * UNIT, LARGE = 1 << 24 };
    struct arena arena = {0};
    char *first = arena_take(&arena, BLOCK - UNIT, 1), *last = arena_take(&arena, UNIT, 1);
    assert_int_equal(between(first, last), BLOCK - UNIT);
    char *large = arena_take(&arena, LARGE, 1), *next = arena_take(&arena, 1, 1);
    memset(large, 0xFF, LARGE);
    assert_true(next < large || next >= large + LARGE);
    memset(first, 0xFF, BLOCK);
    assert_int_equal(*next, 0);
    assert_false(arena.has_failed);
    arena_free(&arena);
    assert_null(arena.last);
}

static void what_nobody_has_is_refused_and_remembered(void **state)
{
    (void)state;
    const size_t try[][2] = {{SIZE_MAX / 2 + 1, 2}, {1, SIZE_MAX}, {SIZE_MAX / 16 + 2, 16}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        struct arena arena = {0};
        assert_non_null(arena_take(&arena, 1, 1));
        assert_null(arena_take(&arena, try[i][0], try[i][1]));
        assert_true(arena.has_failed);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_stands_side_by_side_aligned_and_zero),
        cmocka_unit_test(any_size_has_its_room),
        cmocka_unit_test(what_nobody_has_is_refused_and_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
