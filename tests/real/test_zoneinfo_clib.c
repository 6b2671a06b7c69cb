/* Our zones against the C library's, which reads the same files by its own code: every zone of
 * zone1970.tab, every noon of 1970 to 2100 and the seconds around every transition.
 * links: zones instants */
#include "check.h"

#include <time.h>

#include "zoneinfo/zoneinfo.h"

static struct zoneinfo *info;

static void assert_same(const struct zone *zone, int64_t s)
{
    struct zone_local ours = zone_at(zone, (utc){s * NS_PER_S});
    time_t t = s;
    struct tm theirs;
    assert_non_null(localtime_r(&t, &theirs));
    struct civil civil = zone_to_civil(zone, (utc){s * NS_PER_S});
    if (ours.offset_s != theirs.tm_gmtoff || ours.is_dst != (theirs.tm_isdst > 0) ||
        strcmp(ours.abbreviation, theirs.tm_zone) != 0 || civil.date.day != theirs.tm_mday ||
        civil.time.hour != theirs.tm_hour || civil.time.second != theirs.tm_sec) {
        print_error("%s at %lld: %d %d %s, the C library %ld %d %s\n", zone_name(zone),
                    (long long)s, ours.offset_s, ours.is_dst, ours.abbreviation, theirs.tm_gmtoff,
                    theirs.tm_isdst, theirs.tm_zone);
        fail();
    }
    struct zone_answer answer = zone_from_civil(zone, civil);
    assert_int_not_equal(answer.kind, ZONE_NONE);
    assert_true(answer.earlier.ns == s * NS_PER_S || answer.later.ns == s * NS_PER_S);
}

/* In the gap or the overlap of a transition, what the civil answers must be. */
static void assert_answers(const struct zone *zone, int64_t t)
{
    int32_t before = zone_at(zone, (utc){(t - 1) * NS_PER_S}).offset_s;
    int32_t after = zone_at(zone, (utc){t * NS_PER_S}).offset_s;
    if (after > before) {
        struct zone_answer gap = zone_from_civil(zone, civil_from_ns((t + before) * NS_PER_S));
        assert_int_equal(gap.kind, ZONE_NONE);
        assert_int_equal(gap.earlier.ns, t * NS_PER_S);
    } else if (after < before) {
        struct zone_answer two = zone_from_civil(zone, civil_from_ns((t + after) * NS_PER_S));
        assert_int_equal(two.kind, ZONE_TWO);
        assert_int_equal(two.earlier.ns, (t + after - before) * NS_PER_S);
        assert_int_equal(two.later.ns, t * NS_PER_S);
    }
}

static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    size_t transitions = 0, count = zoneinfo_count(info);
    assert_in_range(count, 300, 600);
    int64_t end = INT64_C(86400) * civil_day_number((struct civil_date){2101, 1, 1});
    for (size_t i = 0; i < count; i++) {
        const char *name = zoneinfo_entry(info, i).name;
        const struct zone *zone = zoneinfo_find(info, name);
        assert_non_null(zone);
        setenv("TZ", name, 1);
        tzset();
        for (int64_t noon = 43200; noon < end; noon += 86400) {
            assert_same(zone, noon);
        }
        utc at = {0};
        while (zone_next_transition(zone, at, &at) && at.ns < end * NS_PER_S) {
            int64_t t = at.ns / NS_PER_S;
            for (int64_t near = -2; near <= 2; near++) {
                assert_same(zone, t + near);
            }
            assert_answers(zone, t);
            transitions++;
        }
    }
    print_message("%zu zones, %zu transitions, %lld noons each\n", count, transitions,
                  (long long)(end / 86400));
}

static void every_name_of_the_system_can_be_read(void **state)
{
    (void)state;
    assert_non_null(zoneinfo_find(info, "europe/ROME"));
    assert_string_equal(zone_name(zoneinfo_find(info, "europe/rome")), "Europe/Rome");
    assert_non_null(zoneinfo_find(info, "utc"));
    assert_non_null(zoneinfo_version(info));
    struct zoneinfo_entry first = zoneinfo_entry(info, 0);
    assert_string_equal(first.name, "Europe/Andorra");
    assert_within(first.latitude_deg, 42.5, 1e-9);
    assert_within(first.longitude_deg, 1 + 31 / 60.0, 1e-9);
}

static void names_never_become_paths(void **state)
{
    (void)state;
    static const char *const bad[] = {"../../etc/passwd",
                                      "/etc/passwd",
                                      "Europe/../Europe/Rome",
                                      "Europe//Rome",
                                      "Europe/",
                                      "",
                                      ".",
                                      "a b",
                                      "Europe/Rome\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(zoneinfo_find(info, bad[i]));
    }
    assert_null(zoneinfo_find(info, "Europe"));       /* a folder */
    assert_null(zoneinfo_find(info, "zone1970.tab")); /* '.' */
    assert_null(zoneinfo_find(info, "right/Europe/Rome"));
    assert_string_equal(zoneinfo_why(info), "counts leap seconds; use the zone outside right/");
    assert_null(zoneinfo_find(info, "Europe/Atlantis"));
}

int main(void)
{
    info = zoneinfo_open(NULL);
    if (info == NULL) {
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_the_system_can_be_read),
        cmocka_unit_test(names_never_become_paths),
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    zoneinfo_close(info);
    return failed;
}
