/* links: instants */
#include "check.h"

#include "instants/stamp.h"
#include "zones/zone.h"

/* A version 2 file without explicit transitions: a v1 block of one type, the same again, a
 * footer. */
static size_t build(const char *footer, uint8_t out[static 512])
{
    static const uint8_t header[44] = {'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4};
    static const uint8_t block[10] = {0, 0, 0, 0, 0, 0, 'L', 'M', 'T', 0};
    size_t len = 0;
    for (int copy = 0; copy < 2; copy++) {
        memcpy(out + len, header, sizeof header);
        memcpy(out + len + sizeof header, block, sizeof block);
        len += sizeof header + sizeof block;
    }
    return len + (size_t)sprintf((char *)out + len, "\n%s\n", footer);
}

static struct zone *zone_of(const char *footer)
{
    uint8_t bytes[512];
    struct zone *zone = NULL;
    assert_int_equal(zone_read("Test/Zone", bytes, build(footer, bytes), &zone), ZONE_READ);
    return zone;
}

static void assert_stamp(utc at, const char *expected)
{
    char text[STAMP_TEXT_SIZE];
    stamp_write(at, text);
    assert_string_equal(text, expected);
}

static struct civil civil(int32_t y, int32_t m, int32_t d, int32_t hour, int32_t minute)
{
    return (struct civil){{y, m, d}, {hour, minute, 0, 0}};
}

static void a_gap_has_no_instant_and_tells_when_it_ends(void **state)
{
    (void)state;
    struct zone *zone = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
    struct zone_answer answer = zone_from_civil(zone, civil(2027, 3, 28, 2, 30));
    assert_int_equal(answer.kind, ZONE_NONE);
    assert_stamp(answer.earlier, "2027-03-28T01:00:00Z");
    assert_int_equal(zone_from_civil(zone, civil(2027, 3, 28, 1, 59)).kind, ZONE_ONE);
    assert_stamp(zone_from_civil(zone, civil(2027, 3, 28, 3, 0)).earlier, "2027-03-28T01:00:00Z");
    zone_free(zone);
}

static void an_hour_that_comes_twice_has_two_instants(void **state)
{
    (void)state;
    struct zone *zone = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
    struct zone_answer answer = zone_from_civil(zone, civil(2027, 10, 31, 2, 30));
    assert_int_equal(answer.kind, ZONE_TWO);
    assert_stamp(answer.earlier, "2027-10-31T00:30:00Z");
    assert_stamp(answer.later, "2027-10-31T01:30:00Z");
    assert_int_equal(zone_from_civil(zone, civil(2027, 10, 31, 3, 0)).kind, ZONE_ONE);
    assert_int_equal(zone_at(zone, answer.earlier).offset_s, 7200);
    assert_string_equal(zone_at(zone, answer.earlier).abbreviation, "CEST");
    zone_free(zone);
}

static void footers_say_every_form_of_posix(void **state)
{
    (void)state;
    struct zone *zone = zone_of("<-03>3"); /* no daylight time, a quoted name */
    assert_stamp(zone_start_of(zone, civil(2249, 6, 1, 20, 0)), "2249-06-01T23:00:00Z");
    assert_string_equal(zone_footer(zone), "<-03>3");
    utc at = {0};
    assert_false(zone_next_transition(zone, at, &at));
    zone_free(zone);
    zone = zone_of("IST-2IDT,M3.4.4/26,M10.5.0"); /* Friday before the last Sunday: 26 hours */
    assert_true(zone_next_transition(zone, zone_start_of(zone, civil(2027, 1, 1, 0, 0)), &at));
    assert_stamp(at, "2027-03-26T00:00:00Z");
    zone_free(zone);
    zone = zone_of("IST-1GMT0,M10.5.0,M3.5.0/1"); /* Dublin: winter is the exception */
    assert_true(zone_at(zone, zone_start_of(zone, civil(2027, 1, 1, 0, 0))).is_dst);
    zone_free(zone);
    zone = zone_of("XXX3EDT4,0/0,J365/23"); /* RFC 8536: daylight time all year */
    assert_int_equal(zone_at(zone, (utc){0}).offset_s, -4 * 3600);
    at.ns = 0;
    assert_false(zone_next_transition(zone, at, &at));
    zone_free(zone);
}

static void malformed_files_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const bad[] = {"CET",
                                      "CET-1CEST",
                                      "CET-1CEST,M13.1.0,M10.5.0",
                                      "X-1",
                                      "CET-25",
                                      "CET-1CEST,M3.5.0",
                                      "<CET-1",
                                      "CET-1 ",
                                      "CET-1CEST,M3.0.0,M10.5.0",
                                      "CET-1CEST,J0,J1"};
    uint8_t bytes[512];
    struct zone *zone = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(zone_read("Bad", bytes, build(bad[i], bytes), &zone), ZONE_BAD_FOOTER);
    }
    size_t len = build("CET-1", bytes);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_not_equal(zone_read("Cut", bytes, cut, &zone), ZONE_READ);
    }
    bytes[54 + 44] = 2; /* a +48 h offset in the 64-bit type */
    bytes[54 + 45] = 0xff;
    assert_int_equal(zone_read("Far", bytes, len, &zone), ZONE_BAD_DATA);
    assert_null(zone);
}

static void every_half_hour_of_a_century_survives_the_round_trip(void **state)
{
    (void)state;
    struct zone *zone =
        zone_of("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"); /* Lord Howe: half an hour */
    int64_t end = civil_to_utc(civil(2100, 1, 1, 0, 0)).ns;
    for (utc at = civil_to_utc(civil(2000, 1, 1, 0, 0)); at.ns < end; at.ns += 1800 * NS_PER_S) {
        struct zone_answer answer = zone_from_civil(zone, zone_to_civil(zone, at));
        assert_true(answer.earlier.ns == at.ns || answer.later.ns == at.ns);
        assert_int_equal(answer.kind, answer.earlier.ns == answer.later.ns ? ZONE_ONE : ZONE_TWO);
    }
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_has_no_instant_and_tells_when_it_ends),
        cmocka_unit_test(an_hour_that_comes_twice_has_two_instants),
        cmocka_unit_test(footers_say_every_form_of_posix),
        cmocka_unit_test(malformed_files_are_refused_by_name),
        cmocka_unit_test(every_half_hour_of_a_century_survives_the_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
