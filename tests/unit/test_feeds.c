/* links: zoneinfo */
#include "feeds_read.h"

static void a_confirmed_moment_says_all_its_properties(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "it");

    char line[256];
    char id[RECORD_ID_TEXT_SIZE];
    snprintf(line, sizeof line, "UID:%032x.2027.%.16s", 7U, of.root_id);
    assert_line(feed, line);
    record_id_write(&record->id, id);
    snprintf(line, sizeof line, "X-TOCSIN-RECORD:%s", id);
    assert_line(feed, line);
    static const char *const lines[] = {
        "DTSTAMP:20261120T120000Z",
        "LAST-MODIFIED:20261120T120000Z",
        "SEQUENCE:5", /* two signatures over the window, three over the root */
        "DTSTART:20270802T082500Z",
        "DTEND:20270802T082600Z",
        "SUMMARY;LANGUAGE=it:Un minuto per Bologna",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "CATEGORIES:silence",
        "VERSION:2.0",
        "NAME:Bologna remembers · it",
        "X-WR-CALNAME:Bologna remembers · it",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_line(feed, lines[i]);
    }
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    static const char *const never[] = {"RRULE",  "RDATE",     "VALARM",   "ATTACH",
                                        "METHOD", "ORGANIZER", "VTIMEZONE"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        assert_null(strstr(feed, never[i]));
    }
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void languages_share_uids_and_one_feed_has_them_all(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    struct view *view = constellation_view(&of, now);
    char(*tag)[FEED_LANGUAGE_SIZE];
    size_t count;
    assert_true(feed_languages(view, &view->root[0].id, &tag, &count));
    assert_int_equal(count, 1);
    assert_string_equal(tag[0], "it");
    free(tag);

    char *plain = only_feed(&of, view, "");
    char *many = only_feed(&of, view, FEED_MANY_LANGUAGES);
    assert_line(plain, "SUMMARY:A minute for Bologna");
    assert_line(plain,
                "DESCRIPTION:At the station\\, 1980.\\nQuietly\\; together\\, \\\\ please\\n\\n"
                "silence · mourning · 08:25–08:26 UTC\\n"
                "2 August at 10:25 in Rome for 1 minute\\nBologna remembers");
    assert_line(many, "SUMMARY:A minute for Bologna · Un minuto per Bologna");
    char uid[128];
    snprintf(uid, sizeof uid, "UID:%032x.2028.%.16s", 7U, of.root_id);
    assert_line(plain, uid);
    assert_line(many, uid);
    free(plain);
    free(many);
    view_free(view);
    constellation_free(&of);
}

static void what_is_not_in_force_has_a_feed_of_its_own(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of,
                      window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times,
                                  "1m\nurl: https://evil.example/"),
                      1);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "it");
    assert_null(strstr(feed, "Bologna\r\n"));
    assert_line(feed, "SUMMARY:Non è ancora annunciato nulla");
    free(feed);

    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "it");
    request.is_tentative = true;
    feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    assert_line(feed, "STATUS:TENTATIVE");
    assert_line(feed, "SUMMARY;LANGUAGE=it:non ancora confermato (1/2): Un minuto per Bologna");
    assert_null(strstr(feed, "evil")); /* one key alone puts no link anywhere */
    free(feed);

    /* nor does it open feeds: of a window, a language, a gesture, a place's clock */
    struct record_id root = view->root[0].id;
    char(*tag)[FEED_LANGUAGE_SIZE];
    struct text *text;
    size_t count;
    assert_false(feed_has_window(&view->window[0]));
    assert_true(feed_languages(view, &root, &tag, &count));
    assert_int_equal(count, 0);
    free(tag);
    assert_true(feed_gestures(view, &root, &text, &count));
    assert_int_equal(count, 0);
    free(text);
    view_free(view);
    constellation_free(&of);
}

/* RFC 5545 3.6: a calendar has at least one component. */
static void a_feed_without_events_says_so_on_the_day_of_the_root(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "de");
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 1);
    char line[128];
    snprintf(line, sizeof line, "UID:nothing.%.16s", of.root_id);
    assert_line(feed, line);
    assert_line(feed, "DTSTART;VALUE=DATE:20260101");
    assert_line(feed, "DTEND;VALUE=DATE:20260102");
    assert_line(feed, "SUMMARY:Noch ist nichts angekündigt");
    assert_line(feed, "SEQUENCE:3");
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void rebuilding_gives_the_same_bytes_all_day(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    constellation_add(
        &of, window_text(&of, 8, "seq: 0\n", "title: B\n", "at: a 2027-08-02T08:25:00Z\n", "2h"),
        2);
    struct view *view = constellation_view(&of, now);
    char *first = only_feed(&of, view, "it");
    view_free(view);
    /* another order of arrival, another hour */
    struct constellation turned = of;
    for (size_t i = 0; i < of.count; i++) {
        turned.entry[i] = of.entry[of.count - 1 - i];
    }
    view = constellation_view(&turned, "2026-11-23T23:59:59Z");
    char *second = only_feed(&turned, view, "it");
    assert_string_equal(first, second);
    free(first);
    free(second);
    view_free(view);
    constellation_free(&of);
}

/* How many events of b are not in a, byte for byte. */
static size_t events_changed(const char *a, const char *b)
{
    size_t changed = 0;
    for (const char *at = b; (at = strstr(at, "BEGIN:VEVENT")) != NULL;) {
        const char *end = strstr(at, "END:VEVENT");
        assert_non_null(end);
        char *event = strndup(at, (size_t)(end - at));
        assert_non_null(event);
        changed += strstr(a, event) == NULL;
        free(event);
        at = end;
    }
    return changed;
}

static void one_edit_changes_one_event_and_keeps_its_uid(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *first = NULL;
    for (unsigned i = 0; i < 40; i++) {
        const struct record *record =
            constellation_add(&of,
                              window_text(&of, i, "seq: 0\n", "title: One of many\n",
                                          "at: only 2027-08-02T08:25:00Z\n", "1m"),
                              2);
        first = i == 17 ? record : first;
    }
    struct view *view = constellation_view(&of, now);
    char *before = only_feed(&of, view, "");
    view_free(view);
    char id[RECORD_ID_TEXT_SIZE];
    char seq[128];
    record_id_write(&first->id, id);
    snprintf(seq, sizeof seq, "seq: 1\nprev: %s\n", id);
    constellation_add(&of,
                      window_text(&of, 17, seq, "title: One of many, moved\n",
                                  "at: only 2027-08-03T09:00:00Z\n", "1m"),
                      2);
    view = constellation_view(&of, now);
    char *after = only_feed(&of, view, "");
    assert_int_equal(count_of(after, "BEGIN:VEVENT"), 40);
    assert_int_equal(events_changed(before, after), 1);
    char uid[128];
    snprintf(uid, sizeof uid, "UID:%032x.only.%.16s", 17U, of.root_id);
    assert_line(before, uid);
    assert_line(after, uid);
    assert_line(after, "DTSTART:20270803T090000Z");
    assert_line(before, "SEQUENCE:5");
    assert_line(after, "SEQUENCE:7");
    free(before);
    free(after);
    view_free(view);
    constellation_free(&of);
}

static void days_are_dates_and_rest_follows_every_kind(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n", "title: Murals\n",
                                  "on: 2027 2027-04-24\nwave: day\n", "2d\nrest: 24h"),
                      2);
    constellation_add(&of,
                      window_text(&of, 2, "seq: 0\n", "title: Silence\ntitle.it: Silenzio\n",
                                  "at: 2027 2027-04-25T18:00:00Z\n", "15m\nrest: 24h"),
                      2);
    constellation_add(&of,
                      window_text(&of, 3, "seq: 0\n", "title: Candles\n",
                                  "on: 2027 2027-05-01\nwave: 20:00\n", "15m\nrest: 12h"),
                      2);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "it");
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 6);
    assert_line(feed, "DTSTART;VALUE=DATE:20270424");
    assert_line(feed, "DTEND;VALUE=DATE:20270426");
    assert_line(feed, "SUMMARY:Riposo: Murals");
    assert_line(feed, "DTSTART;VALUE=DATE:20270426");
    assert_line(feed, "DTSTART:20270425T181500Z");
    assert_line(feed, "DTEND:20270426T181500Z");
    assert_line(feed, "SUMMARY;LANGUAGE=it:Riposo: Silenzio");
    assert_line(feed, "SUMMARY:20:00 · Candles");
    assert_line(feed, "SUMMARY:20:15 · Riposo: Candles");
    char uid[128];
    snprintf(uid, sizeof uid, "UID:%032x.2027.%.16s.rest", 3U, of.root_id);
    assert_line(feed, uid);
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void what_is_shorter_than_a_minute_is_written_a_minute_long(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(
        &of,
        window_text(&of, 1, "seq: 0\n", "title: A beat\n", "at: a 2027-04-25T18:00:30.5Z\n", "1s"),
        2);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "");
    assert_line(feed, "DTSTART:20270425T180030Z");
    assert_line(feed, "DTEND:20270425T180130Z");
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void reminders_are_for_those_who_ask(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    constellation_add(&of,
                      window_text(&of, 8, "seq: 0\n", "title: Murals\n",
                                  "on: 2027 2027-04-24\nwave: day\n", "2d"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "");
    request.has_alarms = true;
    char *feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "\r\nTRIGGER:-PT15M\r\n"), 2);
    assert_int_equal(count_of(feed, "\r\nTRIGGER:-P1D\r\n"), 2);
    assert_int_equal(count_of(feed, "\r\nTRIGGER:-PT12H\r\n"), 1); /* noon before a whole day */
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void one_gesture_one_window_or_every_constellation(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    constellation_add(&of, window_text(&of, 8, "seq: 0\n", "title: Other\n", bologna_times, "2m"),
                      2);
    struct view *view = constellation_view(&of, now);
    struct feed_source source = source_of(&of, view);
    struct feed_request request = request_of(view, "it");
    request.gesture = (struct text){"silence", 7};
    char *feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 4);
    assert_line(feed, "X-WR-CALNAME:Bologna remembers · silenzio · it");
    free(feed);
    request.gesture = (struct text){"noise", 5};
    feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "UID:nothing."), 1);
    free(feed);
    request.gesture = (struct text){0};
    request.window = &view->window[1];
    feed = only_text(&source, &request);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    assert_line(feed, "SUMMARY:Other");
    free(feed);
    struct feed_request all = {.language = "it"};
    feed = only_text(&source, &all);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 4);
    free(feed);
    view_free(view);
    constellation_free(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_confirmed_moment_says_all_its_properties),
        cmocka_unit_test(languages_share_uids_and_one_feed_has_them_all),
        cmocka_unit_test(what_is_not_in_force_has_a_feed_of_its_own),
        cmocka_unit_test(a_feed_without_events_says_so_on_the_day_of_the_root),
        cmocka_unit_test(rebuilding_gives_the_same_bytes_all_day),
        cmocka_unit_test(one_edit_changes_one_event_and_keeps_its_uid),
        cmocka_unit_test(days_are_dates_and_rest_follows_every_kind),
        cmocka_unit_test(what_is_shorter_than_a_minute_is_written_a_minute_long),
        cmocka_unit_test(reminders_are_for_those_who_ask),
        cmocka_unit_test(one_gesture_one_window_or_every_constellation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
