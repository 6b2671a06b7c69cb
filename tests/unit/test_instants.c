#include "check.h"

#include "instants/civil.h"
#include "instants/leap.h"
#include "instants/stamp.h"

static utc at(const char *text)
{
    utc out;
    assert_true(stamp_read(text, strlen(text), &out));
    return out;
}

static void every_day_of_the_range_survives_the_round_trip(void **state)
{
    (void)state;
    int32_t first = civil_day_number((struct civil_date){1700, 1, 1});
    int32_t last = civil_day_number((struct civil_date){2250, 1, 1});
    assert_int_equal((int64_t)first * 86400, UTC_EARLIEST_S);
    assert_int_equal((int64_t)last * 86400, UTC_LATEST_S);
    struct civil_date before = civil_from_day_number(first - 1);
    for (int32_t day = first; day <= last; day++) {
        struct civil_date date = civil_from_day_number(day);
        assert_true(civil_date_is_valid(date));
        assert_int_equal(civil_day_number(date), day);
        assert_int_equal(civil_date_compare(before, date), -1);
        before = date;
    }
}

static void weekdays_are_the_almanacs(void **state)
{
    (void)state;
    assert_int_equal(civil_weekday(civil_day_number((struct civil_date){1945, 4, 25})), WEDNESDAY);
    assert_int_equal(civil_weekday(civil_day_number((struct civil_date){1789, 7, 14})), TUESDAY);
    assert_int_equal(civil_weekday(civil_day_number((struct civil_date){2026, 11, 23})), MONDAY);
}

static void people_are_told_the_weekday(void **state)
{
    (void)state;
    static const char *const week[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (int32_t i = 0; i < 7; i++) {
        assert_string_equal(stamp_weekday((struct civil_date){2026, 11, 23 + i}), week[i]);
    }
    assert_string_equal(stamp_civil_text((struct civil){{1945, 4, 5}, {0, 7, 9, 500}}).text,
                        "Thu 1945-04-05 00:07:09");
}

static void stamps_have_one_spelling(void **state)
{
    (void)state;
    static const char *const good[] = {"2026-11-23T12:00:00Z", "1700-01-01T00:00:00Z",
                                       "2249-12-31T23:59:59.999999999Z", "2027-08-02T08:25:00.5Z",
                                       "1969-12-31T23:59:59.000000001Z"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char text[STAMP_TEXT_SIZE];
        stamp_write(at(good[i]), text);
        assert_string_equal(text, good[i]);
    }
    static const char *const bad[] = {
        "2026-11-23t12:00:00Z",   "2026-11-23T12:00:00z",    "2026-11-23T12:00:60Z",
        "2026-11-23T12:00:00.0Z", "2026-11-23T12:00:00.50Z", "2026-11-23T12:00:00.Z",
        "2026-02-29T12:00:00Z",   "2026-11-23T24:00:00Z",    "1699-12-31T23:59:59Z",
        "2250-01-01T00:00:00Z",   "2026-11-23T12:00:00",     "2026-11-23T12:00:00.1234567891Z",
        "2026-11-23 12:00:00Z",   "+026-11-23T12:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        utc out;
        assert_false(stamp_read(bad[i], strlen(bad[i]), &out));
    }
}

static void durations_have_one_spelling(void **state)
{
    (void)state;
    span out;
    assert_true(duration_read("90m", 3, false, &out));
    assert_int_equal(out.ns, 5400 * NS_PER_S);
    assert_true(duration_read("1s", 2, false, &out));
    assert_true(duration_read("720h", 4, false, &out));
    assert_true(duration_read("2d", 2, true, &out));
    static const char *const bad[] = {"60s",  "0s", "721h", "05m", "1d",
                                      "1.5h", "h",  "",     "-1s", "2 h"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(duration_read(bad[i], strlen(bad[i]), false, &out));
    }
    assert_false(duration_read("48h", 3, true, &out));
    assert_false(duration_read("31d", 3, true, &out));
}

static void of_two_instants_one_is_earlier(void **state)
{
    (void)state;
    const instant a = {-5}, b = {7};
    assert_int_equal(instant_earlier(a, b).tai_ns, -5);
    assert_int_equal(instant_earlier(b, a).tai_ns, -5);
    assert_int_equal(instant_later(a, b).tai_ns, 7);
    assert_int_equal(instant_later(b, a).tai_ns, 7);
}

static void leap_seconds_step_the_difference(void **state)
{
    (void)state;
    const struct leap_table *table = leap_builtin();
    enum certainty certainty;
    assert_int_equal(leap_tai_minus_utc(table, at("2016-12-31T23:59:59Z"), &certainty), 36);
    assert_int_equal(leap_tai_minus_utc(table, at("2017-01-01T00:00:00Z"), &certainty), 37);
    assert_int_equal(certainty, CERTAIN);
    leap_tai_minus_utc(table, at("2040-01-01T00:00:00Z"), &certainty);
    assert_int_equal(certainty, BEYOND_LEAP_TABLE);
    instant before = leap_from_utc(table, at("2016-12-31T23:59:59Z"), NULL);
    instant after = leap_from_utc(table, at("2017-01-01T00:00:00Z"), NULL);
    assert_int_equal(instant_since(after, before).ns, 2 * NS_PER_S);
    instant inside = {before.tai_ns + 3 * NS_PER_S / 2};
    char text[STAMP_TEXT_SIZE];
    stamp_write(leap_to_utc(table, inside, NULL), text);
    assert_string_equal(text, "2016-12-31T23:59:59.999999999Z");
    for (size_t i = 0; i < table->count; i++) {
        for (int64_t off = -3; off <= 3; off++) {
            utc u = {(table->entry[i].from_utc_s + off) * NS_PER_S + 5};
            if (i > 0 || off >= 0) {
                assert_int_equal(leap_to_utc(table, leap_from_utc(table, u, NULL), NULL).ns, u.ns);
            }
        }
    }
}

static void the_system_s_list_agrees_with_the_built_in_table(void **state)
{
    (void)state;
    static const char list[] = "#$\t 3676924800\n#@\t3928521600\n2272060800\t10\t# 1 Jan 1972\n"
                               "2287785600\t11\t# 1 Jul 1972\n";
    struct leap_table table;
    assert_true(leap_table_read(list, sizeof list - 1, &table));
    assert_int_equal(table.count, 2);
    assert_int_equal(table.entry[1].from_utc_s, leap_builtin()->entry[1].from_utc_s);
    assert_false(leap_table_read("2272060800 10\n", 14, &table));         /* no expiry */
    assert_false(leap_table_read("#@ 3928521600\n22x 10\n", 21, &table)); /* malformed */
}

static void lengths_of_time_are_read_as_people_give_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns; /* -1: refused */
    } table[] = {
        {"80ms", 80 * NS_PER_MS},
        {"1.5s", 1500 * NS_PER_MS},
        {"0", 0},
        {"0s", 0},
        {"60s", 60 * NS_PER_S},
        {"250us", 250 * NS_PER_US},
        {"60.1s", -1},
        {"", -1},
        {"s", -1},
        {"5", -1},
        {"-1s", -1},
        {"5m", -1},
        {"nans", -1},
        {"infs", -1},
        {"1 s", -1},
        {"1sx", -1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        span out = {-1};
        assert_int_equal(span_read(table[i].text, (span){60 * NS_PER_S}, &out), table[i].ns >= 0);
        assert_int_equal(out.ns, table[i].ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_two_instants_one_is_earlier),
        cmocka_unit_test(every_day_of_the_range_survives_the_round_trip),
        cmocka_unit_test(weekdays_are_the_almanacs),
        cmocka_unit_test(people_are_told_the_weekday),
        cmocka_unit_test(stamps_have_one_spelling),
        cmocka_unit_test(durations_have_one_spelling),
        cmocka_unit_test(leap_seconds_step_the_difference),
        cmocka_unit_test(the_system_s_list_agrees_with_the_built_in_table),
        cmocka_unit_test(lengths_of_time_are_read_as_people_give_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
