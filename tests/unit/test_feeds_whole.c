/* links: zoneinfo */
/* Whole feeds, whatever is in them: zones, places, folds, and more than one feed holds. */
#include "feeds_read.h"

#include "feeds/sky_feed.h"

/* 02:30 on a day that has none in Rome, and on one that has two. */
static void add_candles(struct constellation *of)
{
    constellation_add(of,
                      window_text(of, 1, "seq: 0\n", "title: Candles\n",
                                  "on: 2027 2027-04-25\non: gap 2027-03-28\non: twice 2027-10-31\n"
                                  "wave: 02:30\n",
                                  "15m"),
                      2);
}

static void a_wave_meets_each_zone_at_its_own_clock_and_is_written_in_utc(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    add_candles(&of);
    constellation_add(&of, window_text(&of, 2, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    struct view *view = constellation_view(&of, now);
    struct zoneinfo *zones = zoneinfo_open(NULL);
    assert_non_null(zones);
    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "");
    request.zone = zoneinfo_find(zones, "Europe/Rome");
    char *feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 5);
    assert_line(feed, "DTSTART:20270425T003000Z");
    assert_line(feed, "DTEND:20270425T004500Z");
    assert_line(feed, "DTSTART:20270328T010000Z"); /* the first instant after the gap */
    assert_line(feed, "DTSTART:20271031T003000Z"); /* the earlier of the two */
    assert_line(feed, "DTSTART:20270802T082500Z");
    char *flat = unfolded(feed);
    assert_non_null(strstr(flat, "silence · mourning · 10:25–10:26\\n"));
    free(flat);
    assert_line(feed, "X-TOCSIN-ZONES:2026f");
    assert_null(strstr(feed, "TZID"));
    assert_null(strstr(feed, "VTIMEZONE"));
    assert_null(strstr(feed, "Europe/Rome"));
    free(feed);
    zoneinfo_close(zones);
    view_free(view);
    constellation_free(&of);
}

static void without_a_zone_a_wave_is_a_whole_day_that_begins_with_the_hour(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    add_candles(&of);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "");
    assert_int_equal(count_of(feed, "SUMMARY:02:30 · Candles"), 3);
    assert_line(feed, "DTSTART;VALUE=DATE:20270425");
    assert_line(feed, "DTEND;VALUE=DATE:20270426");
    char *flat = unfolded(feed);
    assert_non_null(strstr(flat, "silence · mourning · 02:30–02:45\\n"));
    free(flat);
    assert_null(strstr(feed, "X-TOCSIN-ZONES"));
    free(feed);
    view_free(view);
    constellation_free(&of);
}

/* Equal shapes have equal bytes, and zones of one clock have equal shapes. */
static void zones_that_are_equal_have_the_same_bytes(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    add_candles(&of);
    constellation_add(&of, window_text(&of, 2, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    struct view *view = constellation_view(&of, now);
    struct zoneinfo *zones = zoneinfo_open(NULL);
    assert_non_null(zones);
    struct feed_source source = source_of(&of, view);
    struct feed_book *book = feed_book_new(&source);
    assert_non_null(book);
    size_t count = zoneinfo_name_count(zones);
    assert_true(count > 500);
    struct seen {
        uint8_t shape[FEED_SHAPE_SIZE];
        char *text;
    } *seen = test_calloc(count, sizeof *seen);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        struct feed_request request = request_of(view, "it");
        request.zone = zoneinfo_find(zones, zoneinfo_name_get(zones, i).name);
        assert_non_null(request.zone);
        uint8_t shape[FEED_SHAPE_SIZE];
        assert_true(feed_shape(book, &request, shape));
        char *text = only_text(&source, &request);
        size_t k = 0;
        for (; k < distinct; k++) {
            bool same_shape = memcmp(seen[k].shape, shape, sizeof shape) == 0;
            assert_int_equal(same_shape, strcmp(seen[k].text, text) == 0);
            if (same_shape) {
                break;
            }
        }
        if (k < distinct) {
            free(text);
        } else {
            memcpy(seen[distinct].shape, shape, sizeof shape);
            seen[distinct++].text = text;
        }
    }
    assert_true(distinct > 30 && distinct < 120);
    for (size_t i = 0; i < distinct; i++) {
        free(seen[i].text);
    }
    test_free(seen);
    feed_book_free(book);
    zoneinfo_close(zones);
    view_free(view);
    constellation_free(&of);
}

/* A gesture of every night would make its feeds a seventh larger. */
static void of_a_hundred_dates_each_tells_the_rule_and_of_more_none(void **state)
{
    (void)state;
    for (int dates = 100; dates <= 101; dates++) {
        static char times[CONSTELLATION_TEXT_MAX / 2];
        size_t len = 0;
        for (int i = 0; i < dates; i++) {
            struct civil_date day =
                civil_from_day_number(civil_day_number((struct civil_date){2027, 1, 1}) + i);
            len += (size_t)snprintf(times + len, sizeof times - len,
                                    "at: k%03d %04d-%02d-%02dT10:00:00Z\n", i, day.year, day.month,
                                    day.day);
        }
        struct constellation of;
        constellation_init(&of, "Every night", "");
        constellation_add(&of, window_text(&of, 1, "seq: 0\n", "title: Pots\n", times, "1m"), 2);
        struct view *view = constellation_view(&of, now);
        char *feed = only_feed(&of, view, "");
        assert_int_equal(count_of(feed, "BEGIN:VEVENT"), dates);
        assert_int_equal(count_of(feed, "2 August at 10:25"), dates == 100 ? dates : 0);
        free(feed);
        view_free(view);
        constellation_free(&of);
    }
}

static void places_are_told_in_the_title_and_have_uids_of_their_own(void **state)
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
    assert_true(feed_places(view, &place, &count));
    assert_int_equal(count, 2);
    char *feed = only_feed(&of, view, "");
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    assert_line(feed, "DTSTART:20270621T190311Z");
    assert_line(feed, "LOCATION:Bologna");
    assert_line(feed, "SUMMARY:Sunset · Bologna");
    assert_line(feed, "SUMMARY:Sunset · Lisboa\\; o cais\\, norte");
    assert_line(feed, "LOCATION:Lisboa\\; o cais\\, norte");
    struct record_id hash;
    char hex[RECORD_ID_TEXT_SIZE];
    char uid[128];
    record_id_of((const uint8_t *)"Bologna", 7, &hash);
    record_id_write(&hash, hex);
    snprintf(uid, sizeof uid, "UID:%032x.2027.%.16s.%.16s", 1U, of.root_id, hex);
    assert_line(feed, uid);
    free(feed);

    struct zoneinfo *zones = zoneinfo_open(NULL);
    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "");
    request.zone = zoneinfo_find(zones, "Europe/Rome");
    request.place = place;
    request.place_count = 1;
    feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 1);
    assert_line(feed, "SUMMARY:Sunset · Bologna");
    assert_non_null(strstr(feed, "21:03:11"));
    free(feed);
    zoneinfo_close(zones);
    free(place);
    view_free(view);
    constellation_free(&of);
}

static void a_place_is_called_what_the_feed_s_readers_call_it(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Everywhere", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n",
                                  "title: Solstice\ntitle.de: Sonnenwende\ntitle.it: Solstizio\n",
                                  "on: 2027 2027-06-21\nwave: place\n"
                                  "at: 2027 2027-06-21T19:12:00Z Barcelona, ES\n"
                                  "at: 2027 2027-06-21T19:13:00Z Genoa\n"
                                  "at: 2027 2027-06-21T19:14:00Z The big lime\n",
                                  "15m"),
                      2);
    struct view *view = constellation_view(&of, now);
    static const struct {
        const char *language, *line;
    } said[] = {
        {"", "SUMMARY:Solstice · Barcelona"},
        {"it", "SUMMARY;LANGUAGE=it:Solstizio · Genova"},
        {"it", "LOCATION:Barcellona"},
        {"de", "LOCATION:Genua"},
        {"de", "SUMMARY;LANGUAGE=de:Sonnenwende · The big lime"},
        {FEED_MANY_LANGUAGES,
         "SUMMARY:Solstice · Sonnenwende · Solstizio · Genoa / Genua / Genova"},
        {FEED_MANY_LANGUAGES, "LOCATION:The big lime"},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        char *feed = only_feed(&of, view, said[i].language);
        assert_line(feed, said[i].line);
        free(feed);
    }
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
    char *feed = only_feed(&of, view, "");
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
        char *feed = only_feed(&of, view, "");
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
    constellation_add(&of,
                      window_text(&of, 99, "seq: 0\n", "title: Once a year\n",
                                  "at: 2029 2029-08-02T08:25:00Z\n", "1m"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "");
    struct feed_list list = written(&source, &request);
    assert_true(list.count >= 3);
    assert_string_equal(list.feed[0].name, "");
    assert_string_equal(list.feed[1].name, "-2026");
    size_t events = 0;
    for (size_t i = 0; i < list.count; i++) {
        assert_true(list.feed[i].size <= FEED_SIZE_MAX);
        assert_true(list.feed[i].event_count <= FEED_EVENTS_MAX);
        events += list.feed[i].event_count;
        for (size_t k = i + 1; k < list.count; k++) {
            assert_string_not_equal(list.feed[i].name, list.feed[k].name);
        }
    }
    assert_int_equal(events, 14 * 190 + 1); /* none twice, none lost */
    /* the first holds what comes next of every window, be it years away */
    const char *first = (const char *)list.feed[0].bytes;
    assert_int_equal(list.feed[0].event_count, FEED_EVENTS_MAX);
    assert_line(first, "DTSTART:20261123T000000Z");
    assert_line(first, "SUMMARY:Once a year");
    assert_null(strstr(first, "DTSTART:202606"));
    feed_list_free(&list);
    view_free(view);
    constellation_free(&of);
}

/* The instants of `tocsin sky`, which tests/golden/sky holds. */
static void the_sky_has_a_feed_without_any_window(void **state)
{
    (void)state;
    struct feed_source source = {
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
        .now = at_instant(now),
    };
    struct feed feed = {.name = ""};
    char error[FEED_ERROR_SIZE];
    assert_int_equal(sky_feed_write(&source, "it", SKY_FEED_WHOLE, &feed, error), FEED_OK);
    const char *text = (const char *)feed.bytes;
    assert_int_equal(count_of(text, "BEGIN:VEVENT"), feed.event_count);
    assert_true(feed.event_count > 4 * (49 + 4 + 4) && feed.event_count < 4 * (51 + 4 + 7));
    assert_line(text, "UID:new-moon.1287.sky");
    assert_line(text, "UID:december-solstice.2027.sky");
    assert_line(text, "UID:solar-eclipse.136-2027.sky");
    assert_line(text, "SUMMARY;LANGUAGE=it:Eclissi di Sole");
    assert_non_null(strstr(text, "DTSTART:20270107T2024"));
    assert_non_null(strstr(text, "DTSTART:20271222T0242"));
    assert_non_null(strstr(text, "DTSTART:20270802T1006"));
    assert_null(strstr(text, "X-TOCSIN-RECORD"));
    free(feed.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wave_meets_each_zone_at_its_own_clock_and_is_written_in_utc),
        cmocka_unit_test(without_a_zone_a_wave_is_a_whole_day_that_begins_with_the_hour),
        cmocka_unit_test(zones_that_are_equal_have_the_same_bytes),
        cmocka_unit_test(of_a_hundred_dates_each_tells_the_rule_and_of_more_none),
        cmocka_unit_test(places_are_told_in_the_title_and_have_uids_of_their_own),
        cmocka_unit_test(a_place_is_called_what_the_feed_s_readers_call_it),
        cmocka_unit_test(what_looks_like_calendar_syntax_stays_text),
        cmocka_unit_test(titles_of_every_length_are_folded_soundly),
        cmocka_unit_test(the_sky_has_a_feed_without_any_window),
        cmocka_unit_test(long_feeds_are_split_and_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
