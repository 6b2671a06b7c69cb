/* links: plan rules zones records view sky instants */
#include "check.h"

#include "lines/lines.h"
#include "plan_world.h"

static struct plan *plan_of(const char *text, const char *from, const char *to)
{
    struct rule *rule;
    struct rule_error error;
    if (lines_read(text, strlen(text), &rule, &error) != RULE_OK) {
        fail_msg("%s: %s", text, error.message);
    }
    struct plan *plan;
    assert_int_equal(plan_resolve(rule, &world, at(from), at(to), NULL, &plan, &error), PLAN_OK);
    rule_free(rule);
    return plan;
}

static enum plan_result refusal(const char *text, const span *duration, const char *from,
                                const char *to)
{
    struct rule *rule;
    struct plan *plan = NULL;
    assert_int_equal(lines_read(text, strlen(text), &rule, NULL), RULE_OK);
    enum plan_result result = plan_resolve(rule, &world, at(from), at(to), duration, &plan, NULL);
    rule_free(rule);
    plan_free(plan);
    return result;
}

static void an_annual_rule_becomes_at_lines_with_the_year_as_key(void **state)
{
    (void)state;
    struct plan *plan = plan_of("2 august at 10:25 in Europe/Rome for 1m", "2026-11-23T12:00:00Z",
                                "2028-11-23T12:00:00Z");
    assert_int_equal(plan->wave, WAVE_NONE);
    assert_int_equal(plan->at_count, 2);
    assert_int_equal(plan->on_count, 0);
    assert_text_equal(plan->at[0].key, "2027");
    assert_text_equal(plan->at[1].key, "2028");
    assert_instant_equal(plan->at[0].at, when("2027-08-02T09:25:00Z"));
    assert_int_equal(plan->duration.ns, 60 * NS_PER_S);
    assert_instant_equal(plan_expiry(plan, (span){0}, leap_builtin()),
                         when("2029-01-01T00:00:00Z"));
    plan_free(plan);
}

static void a_wave_becomes_on_lines(void **state)
{
    (void)state;
    struct plan *plan = plan_of("25 april at 20:00 everywhere for 15m", "2026-11-23T12:00:00Z",
                                "2028-11-23T12:00:00Z");
    assert_int_equal(plan->wave, WAVE_CLOCK);
    assert_int_equal(plan->wave_time.hour, 20);
    assert_int_equal(plan->at_count, 0);
    assert_int_equal(plan->on_count, 2);
    assert_text_equal(plan->on[0].key, "2027");
    assert_int_equal(plan->on[0].date.day, 25);
    instant start, end;
    plan_extent(plan, 0, leap_builtin(), &start, &end);
    assert_instant_equal(start, when("2027-04-25T06:00:00Z"));
    assert_instant_equal(end, when("2027-04-26T08:15:00Z"));
    plan_free(plan);
}

static void a_series_stops_at_what_a_record_may_hold(void **state)
{
    (void)state;
    struct plan *plan = plan_of("every thursday at 15:30 UTC for 30m", "2026-11-23T12:00:00Z",
                                "2036-11-23T12:00:00Z");
    assert_int_equal(plan->at_count, RECORD_OCCURRENCES_MAX);
    assert_true(plan->was_cut);
    for (size_t i = 1; i < plan->at_count; i++) {
        assert_int_equal(instant_compare(plan->at[i - 1].at, plan->at[i].at), -1);
        for (size_t k = 0; k < i; k++) {
            assert_true(plan->at[k].key.len != plan->at[i].key.len ||
                        memcmp(plan->at[k].key.at, plan->at[i].key.at, plan->at[i].key.len) != 0);
        }
    }
    plan_free(plan);
}

static void a_wave_by_place_is_cut_between_dates_and_never_within_one(void **state)
{
    (void)state;
    has_more_zones = true;
    struct plan *plan = plan_of("21 june at sunset at Rome, Tokyo, Nairobi for 10m",
                                "2026-11-23T12:00:00Z", "2126-11-23T12:00:00Z");
    assert_int_equal(plan->wave, WAVE_PLACE);
    assert_true(plan->was_cut);
    assert_int_equal(plan->on_count, 50); /* three places and a date, 50 times: 200 lines */
    assert_int_equal(plan->at_count, 150);
    for (size_t i = 0; i < plan->at_count; i++) {
        assert_int_equal(plan->at[i].at.tai_ns % NS_PER_S, 0);
        assert_true(plan->at[i].place.len > 0);
    }
    plan_free(plan);
    has_more_zones = false;
}

static void durations_must_be_said_once_and_fit_a_record(void **state)
{
    (void)state;
    static const char from[] = "2026-11-23T12:00:00Z", to[] = "2028-11-23T12:00:00Z";
    span minute = {60 * NS_PER_S}, half = {NS_PER_S / 2}, month = {721 * 3600 * NS_PER_S};
    assert_int_equal(refusal("2 august at 10:25 UTC", NULL, from, to), PLAN_NO_DURATION);
    assert_int_equal(refusal("2 august at 10:25 UTC", &half, from, to), PLAN_BAD_DURATION);
    assert_int_equal(refusal("2 august at 10:25 UTC", &month, from, to), PLAN_BAD_DURATION);
    assert_int_equal(refusal("2 august at 10:25 UTC for 2m", &minute, from, to),
                     PLAN_TWO_DURATIONS);
    assert_int_equal(refusal("2020-08-02 at 10:25 UTC for 2m", NULL, from, to), PLAN_NO_OCCURRENCE);
    assert_int_equal(refusal("2 august at 10:25 in Europe/Paris for 2m", NULL, from, to),
                     PLAN_BAD_RULE);
}

static void an_amendment_keeps_keys_by_instant_and_moves_new_ones_off_them(void **state)
{
    (void)state;
    struct plan *before =
        plan_of("2 august at 10:25 UTC for 1m", "2026-11-23T12:00:00Z", "2028-11-23T12:00:00Z");
    struct record_window old = {0};
    plan_fill(before, &old);
    /* declared long ago with a key of its own, and again every month now */
    old.at = memcpy(calloc(2, sizeof *old.at), before->at, 2 * sizeof *old.at);
    ((struct record_at *)(uintptr_t)old.at)[0].key = (struct text){"first", 5};
    struct plan *after =
        plan_of("2 august at 10:25 UTC for 1m", "2026-11-23T12:00:00Z", "2029-11-23T12:00:00Z");
    plan_keep_keys(after, &old);
    assert_int_equal(after->at_count, 3);
    assert_text_equal(after->at[0].key, "first");
    assert_text_equal(after->at[1].key, "2028");
    assert_text_equal(after->at[2].key, "2029");
    plan_free(after);
    /* the date moves: whoever has marked it sees it move */
    after = plan_of("3 august at 10:25 UTC for 1m", "2026-11-23T12:00:00Z", "2028-11-23T12:00:00Z");
    plan_keep_keys(after, &old);
    assert_text_equal(after->at[0].key, "2027");
    assert_text_equal(after->at[1].key, "2028");
    plan_free(after);
    free((void *)(uintptr_t)old.at);
    plan_free(before);
}

static void clashes_are_told_with_their_rests(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int kind; /* -1: no clash */
    } cases[] = {
        {"2027-08-02 at 10:25 UTC for 1m", PLAN_SAME_TIME},
        {"2027-08-02 at 10:24 UTC for 1m", PLAN_IN_OUR_REST}, /* ends as theirs begins */
        {"2027-08-02 at 10:26 UTC for 1m", PLAN_IN_THEIR_REST},
        {"2027-08-03 at 10:25 UTC for 1m", PLAN_IN_THEIR_REST},
        {"2027-08-03 at 10:26 UTC for 1m", -1},
        {"2027-08-02 at 09:30 UTC for 1m", PLAN_IN_OUR_REST}, /* ours: an hour */
        {"2027-08-02 at 09:24 UTC for 1m", -1},
        {"2 august at 23:00 everywhere for 1h", PLAN_SAME_TIME}, /* somewhere */
    };
    struct record record = {.type = RECORD_WINDOW};
    record.is.window.uid = (struct record_uid){{7}};
    record.is.window.has_rest = true;
    record.is.window.rest.ns = NS_PER_DAY;
    struct view_occurrence occurrence = {.has_start = true,
                                         .start = when("2027-08-02T10:25:00Z"),
                                         .end = when("2027-08-02T10:26:00Z"),
                                         .state = OCCURRENCE_IN_FORCE};
    struct view_window window = {.uid = {{7}},
                                 .record = &record,
                                 .status = VIEW_CONFIRMED,
                                 .occurrence = &occurrence,
                                 .occurrence_count = 1};
    struct view view = {.window = &window, .window_count = 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan *plan = plan_of(cases[i].rule, "2026-11-23T12:00:00Z", "2027-11-23T12:00:00Z");
        struct plan_clash clash = {0};
        size_t found =
            plan_clashes(plan, (span){3600 * NS_PER_S}, &view, NULL, leap_builtin(), &clash, 1);
        print_message("%s\n", cases[i].rule);
        assert_int_equal(found, cases[i].kind >= 0);
        if (found > 0) {
            assert_int_equal(clash.kind, cases[i].kind);
            assert_ptr_equal(clash.theirs, &window);
        }
        assert_int_equal(
            plan_clashes(plan, (span){0}, &view, &record.is.window, leap_builtin(), &clash, 1), 0);
        record.is.window.root.bytes[0]++; /* another constellation's, with the same uid */
        assert_int_equal(
            plan_clashes(plan, (span){0}, &view, &record.is.window, leap_builtin(), &clash, 1),
            plan_clashes(plan, (span){0}, &view, NULL, leap_builtin(), &clash, 1));
        record.is.window.root.bytes[0]--;
        occurrence.state = OCCURRENCE_CANCELLED;
        assert_int_equal(plan_clashes(plan, (span){0}, &view, NULL, leap_builtin(), &clash, 1), 0);
        occurrence.state = OCCURRENCE_IN_FORCE;
        plan_free(plan);
    }
}

static void a_celebration_on_a_day_of_mourning_is_found(void **state)
{
    (void)state;
#define REST                                                                                       \
    "continent: europe\ntag: x\nwhat: x\nkept: x\nsource: statute 1\nsays: x\n"                    \
    "source: press 2\nsays: x\n\n"
    static const char text[] =
        "id: a\nname: Liberation\nrule: 25 april\nsince: not known\ntone: celebration\n" REST
        "broken line\n\n"
        "id: b\nname: Broken\nrule: no rule at all\nsince: not known\ntone: mourning\n" REST
        "id: c\nname: Roma and Sinti\nrule: 2 august\nsince: not known\ntone: vigil\n" REST
        "id: d\nname: Another\nrule: 2 august\nsince: not known\ntone: mourning\n" REST;
    struct dates_reader catalogue = {.left = {text, sizeof text - 1}};
    struct dates_entry memory;
    size_t ours = 9;
    struct plan *plan =
        plan_of("2 august at 20:00 UTC for 1h", "2026-11-23T12:00:00Z", "2028-11-23T12:00:00Z");
    assert_true(plan_tone_clash(plan, &catalogue, &world, &ours, &memory));
    assert_int_equal(ours, 0);
    assert_int_equal(memory.tone, TONE_VIGIL);
    assert_text_equal(memory.name, "Roma and Sinti");
    assert_true(plan_tone_clash(plan, &catalogue, &world, &ours, &memory));
    assert_text_equal(memory.name, "Another");
    assert_false(plan_tone_clash(plan, &catalogue, &world, &ours, &memory));
    plan_free(plan);
    catalogue = (struct dates_reader){.left = {text, sizeof text - 1}};
    plan = plan_of("25 april at 20:00 UTC for 1h", "2026-11-23T12:00:00Z", "2028-11-23T12:00:00Z");
    assert_false(plan_tone_clash(plan, &catalogue, &world, &ours, &memory));
    plan_free(plan);
#undef REST
}

static void clocks_show_the_day_and_the_night(void **state)
{
    (void)state;
    struct plan_clock clock[PLAN_PLACES];
    plan_clocks(&world, leap_builtin(), at("2027-06-21T12:00:00Z"), clock);
    size_t known = 0;
    for (size_t i = 0; i < PLAN_PLACES; i++) {
        known += clock[i].is_known;
        if (strcmp(clock[i].place, "Rome") == 0) {
            assert_true(clock[i].is_known);
            assert_int_equal(clock[i].local.time.hour, 13);
            assert_int_equal(clock[i].weekday, MONDAY);
            assert_int_equal(clock[i].light, PLAN_DAY);
        }
    }
    assert_int_equal(known, 1); /* this world has no other zone, and says so */
    plan_clocks(&world, leap_builtin(), at("2027-06-21T23:00:00Z"), clock);
    for (size_t i = 0; i < PLAN_PLACES; i++) {
        if (clock[i].is_known) {
            assert_int_equal(clock[i].light, PLAN_NIGHT);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_annual_rule_becomes_at_lines_with_the_year_as_key),
        cmocka_unit_test(a_wave_becomes_on_lines),
        cmocka_unit_test(a_series_stops_at_what_a_record_may_hold),
        cmocka_unit_test(a_wave_by_place_is_cut_between_dates_and_never_within_one),
        cmocka_unit_test(durations_must_be_said_once_and_fit_a_record),
        cmocka_unit_test(an_amendment_keeps_keys_by_instant_and_moves_new_ones_off_them),
        cmocka_unit_test(clashes_are_told_with_their_rests),
        cmocka_unit_test(a_celebration_on_a_day_of_mourning_is_found),
        cmocka_unit_test(clocks_show_the_day_and_the_night),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
