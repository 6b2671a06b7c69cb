/* What a hook reads of an occurrence, and whether an amendment changes that. */
#include "check.h"

#include "show/show.h"

static struct listener_occurrence candles(void)
{
    return (struct listener_occurrence){.start = {INT64_C(1800000000) * NS_PER_S},
                                        .end = {INT64_C(1800000060) * NS_PER_S},
                                        .tone = TONE_VIGIL,
                                        .title = "Candles",
                                        .gesture = "candles"};
}

static void what_changes_the_line_is_another_occasion(void **state)
{
    (void)state;
    const struct listener_occurrence was = candles();
    struct listener_occurrence is = was;
    assert_true(show_is_same_occasion(&was, &is));
    is.start.ns += NS_PER_S;
    assert_false(show_is_same_occasion(&was, &is));
    is = was;
    is.end.ns += NS_PER_S;
    assert_false(show_is_same_occasion(&was, &is));
    is = was;
    is.tone = TONE_MOURNING;
    assert_false(show_is_same_occasion(&was, &is));
    is = was;
    snprintf(is.title, sizeof is.title, "Candles, amended");
    assert_false(show_is_same_occasion(&was, &is));
    is = was;
    snprintf(is.gesture, sizeof is.gesture, "noise");
    assert_false(show_is_same_occasion(&was, &is));
}

static void what_it_does_not_tell_is_none(void **state)
{
    (void)state;
    const struct listener_occurrence was = candles();
    struct listener_occurrence is = was;
    is.state = LISTENER_RELEASED;
    is.id++;
    assert_true(show_is_same_occasion(&was, &is));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changes_the_line_is_another_occasion),
        cmocka_unit_test(what_it_does_not_tell_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
