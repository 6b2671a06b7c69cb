#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/big.h"

/* A terminal of our own: what stands in each cell, and whether anything went over an edge. */
enum { ROWS_MAX = 90, COLUMNS_MAX = 320 };

static struct screen {
    size_t rows, columns, row, column;
    bool is_inked, was_outside, has_control;
    char cell[ROWS_MAX][COLUMNS_MAX]; /* '#': painted */
} screen;

static void obey(const char *parameters, size_t length, char final)
{
    char text[40] = "";
    memcpy(text, parameters, length < 39 ? length : 39);
    if (final == 'H') {
        char *second;
        screen.row = strtoul(text, &second, 10) - 1;
        screen.column = strtoul(second + 1, NULL, 10) - 1;
    } else if (final == 'K') {
        memset(screen.cell[screen.row] + screen.column, ' ', COLUMNS_MAX - screen.column);
    } else if (final == 'm') {
        screen.is_inked =
            strcmp(text, "0") != 0 && strcmp(text, "1") != 0 && strcmp(text, "2") != 0;
    }
}

static void print(char c)
{
    screen.has_control |= (unsigned char)c < 0x20 || c == 0x7f;
    screen.was_outside |= screen.row >= screen.rows || screen.column >= screen.columns;
    if (screen.row < ROWS_MAX && screen.column < COLUMNS_MAX) {
        screen.cell[screen.row][screen.column] = screen.is_inked ? '#' : c;
    }
    screen.column++;
}

static void show(const struct big_scene *scene)
{
    static char out[BIG_SIZE];
    memset(&screen, 0, sizeof screen);
    memset(screen.cell, ' ', sizeof screen.cell);
    screen.rows = scene->rows;
    screen.columns = scene->columns;
    size_t size = big_draw(scene, out);
    for (size_t i = 0; i < size; i++) {
        if (out[i] == '\033') {
            size_t begin = i + 2, end = begin;
            while (end < size && (out[end] < '@' || out[end] > '~')) {
                end++;
            }
            obey(out + begin, end - begin, out[end]);
            i = end;
        } else {
            print(out[i]);
        }
    }
}

static struct big_scene scene_of(size_t rows, size_t columns, int64_t left_s)
{
    return (struct big_scene){.rows = rows,
                              .columns = columns,
                              .has_colour = true,
                              .state = BIG_ARMED,
                              .left = {left_s * NS_PER_S},
                              .title = "A minute of silence for Bologna",
                              .when = "Mon 2027-08-02 10:25:00 Europe/Rome",
                              .foot = "armed  clock +-4.0 ms, proved  beacons 2/2  brokers 1/1",
                              .news = {"one", "two", "three"}};
}

static void digits_are_short_when_the_start_is_near(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {273845 * NS_PER_S, "3d04:04"},
        {86400 * NS_PER_S, "1d00:00"},
        {86399 * NS_PER_S, "23:59:59"},
        {3600 * NS_PER_S, "1:00:00"},
        {3599 * NS_PER_S, "59:59"},
        {60 * NS_PER_S, "1:00"},
        {59 * NS_PER_S, "59"},
        {NS_PER_S + 1, "2"},
        {1, "1"},
        {0, "0"},
        {-5 * NS_PER_S, "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char digits[40];
        big_digits((span){cases[i].ns}, digits);
        assert_string_equal(digits, cases[i].text);
    }
}

static void a_four_is_drawn_as_one(void **state)
{
    (void)state;
    struct big_scene scene = scene_of(24, 80, 4);
    show(&scene);
    size_t first = 2;
    while (memchr(screen.cell[first], '#', COLUMNS_MAX) == NULL) {
        first++;
    }
    const char *left = memchr(screen.cell[first], '#', COLUMNS_MAX);
    size_t wide = strspn(left, "#"); /* a pixel */
    assert_true(wide >= 5);
    size_t painted = 0;
    for (size_t row = first; row < 24; row++) {
        for (size_t column = 0; column < 80; column++) {
            painted += screen.cell[row][column] == '#';
        }
    }
    assert_int_equal(painted % (9 * wide), 0); /* nine of its fifteen pixels */
    assert_non_null(strstr(screen.cell[0], scene.title));
    assert_non_null(strstr(screen.cell[1], scene.when));
    assert_non_null(strstr(screen.cell[20], scene.foot));
    assert_memory_equal(screen.cell[23], "three", 5);
}

static void no_terminal_is_too_small_or_too_large(void **state)
{
    (void)state;
    static const int64_t lefts[] = {0, 9, 59, 3599, 86399, 86400 * 999};
    for (size_t rows = 1; rows < ROWS_MAX; rows += rows < 14 ? 1 : 7) {
        for (size_t columns = 1; columns < COLUMNS_MAX; columns += columns < 40 ? 1 : 23) {
            for (size_t i = 0; i < sizeof lefts / sizeof *lefts; i++) {
                struct big_scene scene = scene_of(rows, columns, lefts[i]);
                show(&scene);
                assert_false(screen.was_outside);
                assert_false(screen.has_control);
            }
        }
    }
}

static void a_larger_terminal_has_larger_digits(void **state)
{
    (void)state;
    size_t before = 0;
    static const size_t sizes[][2] = {{24, 60}, {24, 80}, {40, 132}, {80, 300}};
    for (size_t i = 0; i < 4; i++) {
        struct big_scene scene = scene_of(sizes[i][0], sizes[i][1], 3599);
        show(&scene);
        size_t painted = 0;
        for (size_t row = 0; row < scene.rows; row++) {
            for (size_t column = 0; column < scene.columns; column++) {
                painted += screen.cell[row][column] == '#';
            }
        }
        assert_true(painted > before);
        before = painted;
    }
}

static void a_wide_title_is_cut_at_a_character_that_fits(void **state)
{
    (void)state;
    static char out[BIG_SIZE];
    struct big_scene scene = scene_of(24, 10, 5);
    scene.title = "\u9ed9\u54c0\u9ed9\u54c0\u9ed9\u54c0\u9ed9\u54c0"; /* eight of two columns */
    size_t size = big_draw(&scene, out);
    static const char five[] = "\u9ed9\u54c0\u9ed9\u54c0\u9ed9\033[0m";
    assert_non_null(memmem(out, size, five, sizeof five - 1));
}

static void without_colour_it_is_reversed(void **state)
{
    (void)state;
    static char out[BIG_SIZE];
    struct big_scene scene = scene_of(24, 80, 5);
    scene.has_colour = false;
    size_t size = big_draw(&scene, out);
    assert_non_null(memmem(out, size, "\033[7m", 4));
    assert_null(memmem(out, size, "\033[46m", 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_short_when_the_start_is_near),
        cmocka_unit_test(a_four_is_drawn_as_one),
        cmocka_unit_test(no_terminal_is_too_small_or_too_large),
        cmocka_unit_test(a_larger_terminal_has_larger_digits),
        cmocka_unit_test(a_wide_title_is_cut_at_a_character_that_fits),
        cmocka_unit_test(without_colour_it_is_reversed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
