/* links: plan rules zones records view sky instants */
#include "check.h"

#include "lines/lines.h"
#include "plan_world.h"

static const char made[] = "2026-11-23T12:00:00Z";

/* A window as an honest maker signs it, until a test changes a line. */
static struct plan *plan;
static struct record_window honest(const char *text, const char *to)
{
    struct record_window is = {.rule = {text, strlen(text)}, .made = when(made)};
    struct rule *rule;
    assert_int_equal(lines_read(text, strlen(text), &rule, NULL), RULE_OK);
    plan_free(plan);
    assert_int_equal(plan_resolve(rule, &world, at(made), at(to), NULL, &plan, NULL), PLAN_OK);
    rule_free(rule);
    plan_fill(plan, &is);
    return is;
}

static struct plan_review *review_of(const struct record_window *is)
{
    struct plan_review *review = plan_review(is, &world, at("2026-12-01T00:00:00Z"));
    assert_non_null(review);
    return review;
}

static void assert_verdict(const struct record_window *is, enum plan_verdict verdict,
                           size_t differences)
{
    struct plan_review *review = review_of(is);
    assert_int_equal(review->verdict, verdict);
    assert_int_equal(review->difference_count, differences);
    plan_review_free(review);
}

static void what_was_resolved_honestly_agrees_in_each_shape(void **state)
{
    (void)state;
    static const char *const rule[] = {
        "2 august at 10:25 in Europe/Rome for 1m",
        "every full moon for 5m",
        "every thursday at 15:30 UTC for 30m",
        "every day at 20:00 everywhere for 15m",
        "21 june at sunset at Rome, Tokyo for 1m",
        "weekend containing 25 april",
        "every 7 days from 2026-11-01 at 12:00 UTC for 1m",
    };
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++) {
        struct record_window is = honest(rule[i], "2031-11-23T12:00:00Z");
        struct plan_review *review = review_of(&is);
        if (review->verdict != PLAN_AGREES) {
            fail_msg("%s: %zu differences", rule[i], review->difference_count);
        }
        assert_int_equal(review->agreed, is.at_count + is.on_count);
        assert_true(review->is_canonical || i > 0);
        plan_review_free(review);
    }
}

static void a_date_signed_for_another_day_stands_beside_what_the_rule_says(void **state)
{
    (void)state;
    struct record_window is =
        honest("1 january at 10:25 in Europe/Rome for 1m", "2028-11-23T12:00:00Z");
    plan->at[0].at = when("2027-01-07T03:25:00Z");
    struct plan_review *review = review_of(&is);
    assert_int_equal(review->verdict, PLAN_CONTRADICTS);
    assert_int_equal(review->difference_count, 1);
    const struct plan_difference *one = &review->difference[0];
    assert_int_equal(one->kind, PLAN_MOVED);
    assert_text_equal(one->key, "2027");
    assert_int_equal(one->is_signed.ns, at("2027-01-07T03:25:00Z").ns);
    assert_int_equal(one->by_rule.ns, at("2027-01-01T09:25:00Z").ns);
    plan_review_free(review);
    plan->at[0].at = when("2027-01-01T09:25:01Z"); /* a civil clock knows no error */
    assert_verdict(&is, PLAN_CONTRADICTS, 1);
}

static void a_date_left_out_or_put_in_is_named(void **state)
{
    (void)state;
    struct record_window is = honest("every thursday at 15:30 UTC for 30m", "2027-03-01T00:00:00Z");
    struct record_at without[RECORD_OCCURRENCES_MAX];
    size_t count = is.at_count;
    memcpy(without, is.at, count * sizeof *without);
    memmove(&without[3], &without[4], (count - 4) * sizeof *without);
    is.at = without;
    is.at_count = count - 1;
    struct plan_review *review = review_of(&is);
    assert_int_equal(review->difference_count, 1);
    assert_int_equal(review->difference[0].kind, PLAN_NOT_SIGNED);
    assert_text_equal(review->difference[0].key, "2026-12-17");
    plan_review_free(review);

    is = honest("every thursday at 15:30 UTC for 30m", "2027-03-01T00:00:00Z");
    is.at++; /* the first one is gone: made was before it */
    is.at_count--;
    assert_verdict(&is, PLAN_CONTRADICTS, 1);
    is.at--; /* the last one: a horizon ends somewhere */
    assert_verdict(&is, PLAN_AGREES, 0);

    plan->at[plan->at_count] = (struct record_at){{"extra", 5}, when("2027-01-01T09:25:00Z"), {0}};
    is.at_count = plan->at_count + 1;
    review = review_of(&is);
    assert_int_equal(review->difference_count, 1);
    assert_int_equal(review->difference[0].kind, PLAN_NOT_BY_RULE);
    plan_review_free(review);
}

static void waves_are_held_against_their_rule_too(void **state)
{
    (void)state;
    struct record_window is =
        honest("25 april at 20:00 everywhere for 15m", "2028-11-23T12:00:00Z");
    plan->on[1].date.day = 26;
    assert_verdict(&is, PLAN_CONTRADICTS, 1);
    plan->on[1].date.day = 25;
    is.wave_time.hour = 21;
    struct plan_review *review = review_of(&is);
    assert_true(review->clock_differs && review->verdict == PLAN_CONTRADICTS);
    plan_review_free(review);
    is.wave_time.hour = 20;
    is.duration.ns *= 2;
    review = review_of(&is);
    assert_true(review->duration_differs && review->verdict == PLAN_CONTRADICTS);
    plan_review_free(review);

    is = honest("21 june at sunset at Rome, Tokyo for 1m", "2028-11-23T12:00:00Z");
    is.at_count--; /* the last date lacks a place */
    review = review_of(&is);
    assert_int_equal(review->difference_count, 1);
    assert_int_equal(review->difference[0].kind, PLAN_NOT_SIGNED);
    plan_review_free(review);

    is = honest("25 april at 20:00 everywhere for 15m", "2028-11-23T12:00:00Z");
    static const char moment[] = "25 april at 20:00 UTC for 15m";
    is.rule = (struct text){moment, sizeof moment - 1};
    review = review_of(&is);
    assert_true(review->kind_differs && review->verdict == PLAN_CONTRADICTS);
    plan_review_free(review);
}

static void the_sky_may_differ_by_both_bounds_and_no_more(void **state)
{
    (void)state;
    struct record_window is = honest("every full moon for 5m", "2027-11-23T12:00:00Z");
    struct plan_review *review = review_of(&is);
    int64_t most = (int64_t)(2 * review->error_s * NS_PER_S);
    assert_true(review->error_s > 0);
    plan_review_free(review);
    plan->at[2].at.tai_ns += most;
    assert_verdict(&is, PLAN_AGREES, 0);
    plan->at[2].at.tai_ns += 2 * NS_PER_S;
    struct plan_review *late = review_of(&is);
    assert_int_equal(late->verdict, PLAN_CONTRADICTS);
    plan_review_free(late);
}

static void a_leap_second_that_came_since_excuses_a_second_of_the_sky(void **state)
{
    (void)state;
    struct record_window is = honest("every full moon for 5m", "2029-11-23T12:00:00Z");
    struct leap_table announced = *leap_builtin();
    announced.entry[announced.count].from_utc_s = at("2027-07-01T00:00:00Z").ns / NS_PER_S;
    announced.entry[announced.count].tai_minus_utc_s = 38;
    announced.count++;
    announced.expires_utc_s += 86400 * 365;
    struct record_at same_text[RECORD_OCCURRENCES_MAX]; /* UTC as signed, by the new table */
    for (size_t i = 0; i < is.at_count; i++) {
        same_text[i] = is.at[i];
        same_text[i].at =
            leap_from_utc(&announced, leap_to_utc(leap_builtin(), is.at[i].at, NULL), NULL);
    }
    is.at = same_text;
    world.leaps = &announced;
    assert_verdict(&is, PLAN_AGREES, 0);
    world.leaps = NULL;
}

static void a_rule_that_cannot_be_read_here_is_not_checked(void **state)
{
    (void)state;
    struct record_window is = honest("2 august at 10:25 UTC for 1m", "2028-11-23T12:00:00Z");
    static const char *const strange[] = {"at the third cry of the owl",
                                          "2 august at 10:25 in Nowhere/City for 1m"};
    for (size_t i = 0; i < 2; i++) {
        is.rule = (struct text){strange[i], strlen(strange[i])};
        struct plan_review *review = review_of(&is);
        assert_int_equal(review->verdict, PLAN_NOT_CHECKED);
        assert_int_not_equal(review->error.message[0], '\0');
        plan_review_free(review);
    }
}

static void a_signed_window_is_shown_like_a_plan_of_its_own(void **state)
{
    (void)state;
    struct record_window is =
        honest("2 august at 10:25 in Europe/Rome for 1m", "2028-11-23T12:00:00Z");
    struct plan_review *review = review_of(&is);
    struct plan *shown = plan_of_window(&is, leap_builtin(), review);
    assert_int_equal(shown->occurrence_count, 2);
    assert_string_equal(shown->occurrence[1].key, "2028");
    assert_string_equal(shown->occurrence[1].zone, "Europe/Rome");
    assert_int_equal(shown->occurrence[1].start.ns, at("2028-08-02T09:25:00Z").ns);
    plan_free(shown);
    plan_review_free(review);
}

static int open_review(void **state)
{
    has_more_zones = true;
    return open_world(state);
}

static int close_review(void **state)
{
    plan_free(plan);
    return close_world(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_resolved_honestly_agrees_in_each_shape),
        cmocka_unit_test(a_date_signed_for_another_day_stands_beside_what_the_rule_says),
        cmocka_unit_test(a_date_left_out_or_put_in_is_named),
        cmocka_unit_test(waves_are_held_against_their_rule_too),
        cmocka_unit_test(the_sky_may_differ_by_both_bounds_and_no_more),
        cmocka_unit_test(a_leap_second_that_came_since_excuses_a_second_of_the_sky),
        cmocka_unit_test(a_rule_that_cannot_be_read_here_is_not_checked),
        cmocka_unit_test(a_signed_window_is_shown_like_a_plan_of_its_own),
    };
    return cmocka_run_group_tests(tests, open_review, close_review);
}
