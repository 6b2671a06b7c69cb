/* links: zoneinfo */
/* Whole feeds, whatever is in them: zones, places, folds, and more than one feed holds. */
#include "feeds_read.h"

static void a_wave_meets_each_zone_at_its_own_clock(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n", "title: Candles\n",
                                  "on: 2027 2027-04-25\non: gap 2027-03-28\non: twice 2027-10-31\n"
                                  "wave: 02:30\n",
                                  "15m"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct zoneinfo *zones = zoneinfo_open(NULL);
    assert_non_null(zones);
    struct feed_request request = request_of(view, "");
    struct feed_list list = written(&request);
    assert_int_equal(list.feed[0].event_count, 0);
    feed_list_free(&list);

    request.part = FEED_ZONE;
    request.zone = zoneinfo_find(zones, "Europe/Rome");
    list = written(&request);
    const char *feed = (const char *)list.feed[0].bytes;
    assert_int_equal(list.feed[0].event_count, 3);
    assert_line(feed, "TZID:Europe/Rome");
    assert_line(feed, "DTSTART;TZID=Europe/Rome:20270425T023000");
    assert_line(feed, "DTEND;TZID=Europe/Rome:20270425T024500");
    assert_line(feed,
                "DTSTART;TZID=Europe/Rome:20270328T030000"); /* the first instant after the gap */
    assert_line(feed, "DTSTART;TZID=Europe/Rome:20271031T023000"); /* the earlier of the two */
    assert_line(feed, "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3");
    assert_line(feed, "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10");
    assert_null(strstr(feed, "RDATE"));
    feed_list_free(&list);
    zoneinfo_close(zones);
    view_free(view);
    constellation_free(&of);
}

/* libical, given nothing but our VTIMEZONE under a name it cannot know, finds the same offsets as
 * the zone itself, every six hours from a year before the horizon to its end. */
static void every_zone_is_read_back_with_its_own_offsets(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n", "title: Candles\n",
                                  "on: 2027 2027-04-25\nwave: 20:00\n", "15m"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct zoneinfo *zones = zoneinfo_open(NULL);
    assert_non_null(zones);
    assert_true(zoneinfo_count(zones) > 300);
    struct feed_request request = request_of(view, "");
    request.part = FEED_ZONE;
    int64_t from = leap_to_utc(leap_builtin(), request.horizon.from, NULL).ns;
    int64_t to = leap_to_utc(leap_builtin(), request.horizon.to, NULL).ns;
    size_t compared = 0;
    for (size_t i = 0; i < zoneinfo_count(zones); i++) {
        request.zone = zoneinfo_find(zones, zoneinfo_entry(zones, i).name);
        assert_non_null(request.zone);
        struct feed_list list = written(&request);
        assert_null(strstr((const char *)list.feed[0].bytes, "RDATE"));
        icalcomponent *calendar = icalparser_parse_string((const char *)list.feed[0].bytes);
        icalcomponent *part = icalcomponent_new_clone(
            icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT));
        icalproperty_set_tzid(icalcomponent_get_first_property(part, ICAL_TZID_PROPERTY),
                              "Unknown");
        icaltimezone *zone = icaltimezone_new();
        assert_int_equal(icaltimezone_set_component(zone, part), 1);
        for (int64_t at = from; at < to; at += NS_PER_DAY / 4, compared++) {
            struct civil c = civil_from_utc((utc){at});
            icaltimetype time = icaltime_null_time();
            time.year = c.date.year;
            time.month = c.date.month;
            time.day = c.date.day;
            time.hour = c.time.hour;
            int is_daylight;
            int read = icaltimezone_get_utc_offset_of_utc_time(zone, &time, &is_daylight);
            if (read != zone_at(request.zone, (utc){at}).offset_s) {
                print_error("%s at %04d-%02d-%02dT%02d: read %d\n%s", zone_name(request.zone),
                            c.date.year, c.date.month, c.date.day, c.time.hour, read,
                            (const char *)list.feed[0].bytes);
                fail();
            }
        }
        icaltimezone_free(zone, 1);
        icalcomponent_free(calendar);
        feed_list_free(&list);
    }
    assert_true(compared > 300 * 4 * 1000);
    icalmemory_free_ring();
    zoneinfo_close(zones);
    view_free(view);
    constellation_free(&of);
}

static void places_have_feeds_of_their_own(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n", "title: Sunset\n",
                                  "on: 2027 2027-06-21\nwave: place\n"
                                  "at: 2027 2027-06-21T19:03:11.5Z Bologna\n"
                                  "at: 2027 2027-06-21T20:05:02Z Lisboa; o cais, norte\n",
                                  "15m"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct text *place;
    size_t count;
    assert_true(feed_places(view, &view->root[0].id, &place, &count));
    assert_int_equal(count, 2);
    struct feed_request request = request_of(view, "");
    request.part = FEED_PLACE;
    request.place = place[0];
    struct feed_list list = written(&request);
    assert_int_equal(list.feed[0].event_count, 1);
    assert_line((const char *)list.feed[0].bytes, "DTSTART:20270621T190311Z");
    assert_line((const char *)list.feed[0].bytes, "LOCATION:Bologna");
    feed_list_free(&list);
    request.place = place[1];
    list = written(&request);
    assert_line((const char *)list.feed[0].bytes, "LOCATION:Lisboa\\; o cais\\, norte");
    assert_line((const char *)list.feed[0].bytes,
                "X-WR-CALNAME:Everywhere · Lisboa\\; o cais\\, norte");
    feed_list_free(&list);
    free(place);
    view_free(view);
    constellation_free(&of);
}

static void what_looks_like_calendar_syntax_stays_text(void **state)
{
    (void)state;
    static const char *const titles[] = {
        "END:VEVENT",
        "x\\\\nATTACH:http://evil.example/",
        "a;LANGUAGE=it:b",
        "\"quoted\", ^n and \\\\;",
        "DTSTART:19700101T000000Z",
        "BEGIN:VALARM\\\\, TRIGGER:PT0S",
        "=?utf-8?q?x?= %0D%0AX-EVIL:1",
        "警報警報警報警報警報警報警報警報警報警報警報警報警報警報警報警報警報",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
    };
    struct constellation of;
    constellation_init(&of, "Names; with, \\\\ all", "");
    char prose[512];
    for (unsigned i = 0; i < sizeof titles / sizeof *titles; i++) {
        snprintf(prose, sizeof prose, "title: %s\nabout: %s\\n%s\n", titles[i], titles[i],
                 titles[i]);
        constellation_add(&of, window_text(&of, i, "seq: 0\n", prose, bologna_times, "1m"), 2);
    }
    struct view *view = constellation_view(&of, now);
    /* feed_write itself reads every property of every event back and compares it */
    char *feed = only_feed(view, "");
    assert_int_equal(count_of(feed, "\r\nBEGIN:VEVENT\r\n"), 2 * sizeof titles / sizeof *titles);
    assert_int_equal(count_of(feed, "\r\nATTACH"), 0);
    assert_int_equal(count_of(feed, "\r\nBEGIN:VALARM"), 0);
    for (const char *line = feed; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line <= 75);
        line = end + 2;
    }
    free(feed);
    view_free(view);
    constellation_free(&of);
}

/* libical 3.0.16 breaks some lines within the CR LF that ends them; which ones depends on length.
 */
static void titles_of_every_length_are_folded_soundly(void **state)
{
    (void)state;
    static const char *const letter[] = {"a", "\u00e8", "\u8b66", "\U0001F600"};
    for (size_t l = 0; l < sizeof letter / sizeof *letter; l++) {
        struct constellation of;
        constellation_init(&of, "Lengths", "");
        char prose[2048] = "title: ";
        for (unsigned len = 1; len <= 200; len++) {
            size_t end = len == 1 ? strlen("title: ") : strlen(prose) - 1;
            snprintf(prose + end, sizeof prose - end, "%s\n", letter[l]);
            constellation_add(
                &of, window_text(&of, len, "seq: 0\n", prose, "at: a 2027-08-02T08:25:00Z\n", "1m"),
                2);
        }
        struct view *view = constellation_view(&of, now);
        char *feed = only_feed(view, "");
        assert_int_equal(count_of(feed, "\r\nBEGIN:VEVENT\r\n"), 200);
        free(feed);
        view_free(view);
        constellation_free(&of);
    }
}

static void long_feeds_are_split_and_lose_nothing(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Many", "");
    static char times[14000];
    for (unsigned w = 0; w < 14; w++) {
        size_t len = 0;
        for (int day = 0; day < 190; day++) {
            struct civil_date date =
                civil_from_day_number(civil_day_number((struct civil_date){2026, 6, 1}) + 5 * day);
            len += (size_t)snprintf(times + len, sizeof times - len,
                                    "at: k%03d %04d-%02d-%02dT%02u:00:00Z\n", day, date.year,
                                    date.month, date.day, w);
        }
        constellation_add(&of, window_text(&of, w, "seq: 0\n", "title: Again\n", times, "1m"), 2);
    }
    struct view *view = constellation_view(&of, now);
    struct feed_request request = request_of(view, "");
    struct feed_list list = written(&request);
    assert_true(list.count >= 4);
    assert_string_equal(list.feed[0].name, "");
    assert_string_equal(list.feed[1].name, "-2026");
    size_t events = 0;
    for (size_t i = 0; i < list.count; i++) {
        assert_true(list.feed[i].size <= FEED_SIZE_MAX);
        assert_true(list.feed[i].event_count <= FEED_EVENTS_MAX);
        events += i == 0 ? 0 : list.feed[i].event_count;
    }
    assert_int_equal(events, 14 * 190);
    /* the first holds what comes next */
    assert_int_equal(list.feed[0].event_count, FEED_EVENTS_MAX);
    assert_line((const char *)list.feed[0].bytes, "DTSTART:20261123T000000Z");
    assert_null(strstr((const char *)list.feed[0].bytes, "DTSTART:202606"));
    feed_list_free(&list);
    view_free(view);
    constellation_free(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wave_meets_each_zone_at_its_own_clock),
        cmocka_unit_test(every_zone_is_read_back_with_its_own_offsets),
        cmocka_unit_test(places_have_feeds_of_their_own),
        cmocka_unit_test(what_looks_like_calendar_syntax_stays_text),
        cmocka_unit_test(titles_of_every_length_are_folded_soundly),
        cmocka_unit_test(long_feeds_are_split_and_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
