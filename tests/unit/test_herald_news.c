/* What the beacon tells people has a kind, and each kind has words of its own.
 * links: view trust records */
#include "check.h"

#include "herald/herald.h"

static void every_kind_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char line[HERALD_NEWS][HERALD_LINE_SIZE];
    for (int kind = 0; kind < HERALD_NEWS; kind++) {
        struct herald_news news = {.kind = (enum herald_news_kind)kind,
                                   .in_force = UINT32_MAX,
                                   .number = UINT64_MAX,
                                   .has_t0 = true,
                                   .left = {INT64_MAX / 2}};
        herald_news_write(&news, line[kind]);
        assert_true(strlen(line[kind]) + 1 < HERALD_LINE_SIZE);
        assert_int_equal(*line[kind] == '\0', kind == HERALD_QUIET);
        for (int before = 0; before < kind; before++) {
            assert_string_not_equal(line[kind], line[before]);
        }
    }
}

static void a_tick_tells_how_long_it_is_to_the_moment(void **state)
{
    (void)state;
    static const struct {
        int64_t left_ms;
        const char *expected;
    } one[] = {
        {4800, "tick 7, 4.8 s left"},
        {20000, "tick 7, 20 s left"},
        {560000, "tick 7, 9 min 20 s left"},
        {11520000, "tick 7, 3 h 12 min left"},
        {1036800000, "tick 7, 12 days left"},
        {0, "tick 7, now"},
        {-49, "tick 7, now"},
        {-3000, "tick 7, begun 3 s ago"},
    };
    char line[HERALD_LINE_SIZE];
    struct herald_news news = {.kind = HERALD_TICKED, .number = 7, .has_t0 = true};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        news.left.ns = one[i].left_ms * NS_PER_MS;
        herald_news_write(&news, line);
        assert_string_equal(line, one[i].expected);
    }
    news.has_t0 = false;
    herald_news_write(&news, line);
    assert_string_equal(line, "tick 7, nothing declared");
    news.in_force = 1;
    herald_news_write(&news, line);
    assert_string_equal(line, "tick 7, no moment to come");
    news.kind = HERALD_UNHEARD;
    herald_news_write(&news, line);
    assert_string_equal(line, "no moment to come, no link: nothing sent");
}

static void windows_are_counted_and_the_next_moment_is_named(void **state)
{
    (void)state;
    char line[HERALD_LINE_SIZE];
    struct herald_news news = {.kind = HERALD_IN_FORCE, .in_force = 1};
    herald_news_write(&news, line);
    assert_string_equal(line, "1 window in force");
    news.in_force = 2;
    news.has_t0 = true; /* 1970 */
    herald_news_write(&news, line);
    assert_string_equal(line, "2 windows in force, the next moment at 1970-01-01T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_wording_of_its_own),
        cmocka_unit_test(a_tick_tells_how_long_it_is_to_the_moment),
        cmocka_unit_test(windows_are_counted_and_the_next_moment_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
