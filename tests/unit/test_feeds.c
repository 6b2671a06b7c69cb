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
    char *feed = only_feed(view, "it");

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
        "SEQUENCE:0",
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

    char *plain = only_feed(view, "");
    char *many = only_feed(view, FEED_MANY_LANGUAGES);
    assert_line(plain, "SUMMARY:A minute for Bologna");
    assert_line(plain,
                "DESCRIPTION:At the station\\, 1980.\\nQuietly\\; together\\, \\\\ please\\n\\n"
                "silence · mourning · 2027-08-02T08:25:00Z\\n"
                "2 august at 10:25 in Europe/Rome for 1m\\nBologna remembers");
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

static void too_few_signatures_are_tentative(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 1);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(view, "it");
    assert_line(feed, "STATUS:TENTATIVE");
    assert_null(strstr(feed, "CONFIRMED"));
    char *flat = unfolded(feed);
    assert_non_null(strstr(flat, "non ancora confermato (1/2)"));
    free(flat);
    free(feed);
    view_free(view);
    constellation_free(&of);
}

static void cancelled_stays_thirty_days_with_a_prefix_and_then_goes(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    char id[RECORD_ID_TEXT_SIZE];
    char text[1024];
    record_id_write(&record->id, id);
    snprintf(text, sizeof text,
             "tocsin cancel 1\nroot: %s\nuid: %032x\nseq: 1\nprev: %s\n"
             "made: 2026-11-22T08:00:00Z\nreason: The square is closed\n",
             of.root_id, 7U, id);
    constellation_add(&of, text, 2);
    struct view *view = constellation_view(&of, now);
    struct feed_request request = request_of(view, "");
    struct feed_list list = written(&request);
    const char *feed = (const char *)list.feed[0].bytes;
    assert_line(feed, "STATUS:CANCELLED");
    assert_line(feed, "SEQUENCE:1");
    assert_line(feed, "DTSTAMP:20261122T080000Z");
    assert_line(feed, "SUMMARY:Cancelled: A minute for Bologna");
    assert_non_null(strstr(feed, "The square is closed"));
    feed_list_free(&list);

    request.horizon = feed_horizon_at(leap_builtin(), at_utc("2026-12-22T07:00:00Z"));
    list = written(&request);
    assert_int_equal(list.feed[0].event_count, 2);
    feed_list_free(&list);
    request.horizon = feed_horizon_at(leap_builtin(), at_utc("2026-12-23T00:00:00Z"));
    list = written(&request);
    assert_int_equal(list.feed[0].event_count, 0);
    assert_null(strstr((const char *)list.feed[0].bytes, "VEVENT"));
    feed_list_free(&list);
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
    char *first = only_feed(view, "it");
    view_free(view);
    /* another order of arrival, another hour */
    struct constellation turned = of;
    for (size_t i = 0; i < of.count; i++) {
        turned.entry[i] = of.entry[of.count - 1 - i];
    }
    view = constellation_view(&turned, "2026-11-23T23:59:59Z");
    char *second = only_feed(view, "it");
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
    char *before = only_feed(view, "");
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
    char *after = only_feed(view, "");
    assert_int_equal(count_of(after, "BEGIN:VEVENT"), 40);
    assert_int_equal(events_changed(before, after), 1);
    char uid[128];
    snprintf(uid, sizeof uid, "UID:%032x.only.%.16s", 17U, of.root_id);
    assert_line(before, uid);
    assert_line(after, uid);
    assert_line(after, "DTSTART:20270803T090000Z");
    assert_line(after, "SEQUENCE:1");
    free(before);
    free(after);
    view_free(view);
    constellation_free(&of);
}

static void days_are_dates_and_rests_follow(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(&of,
                      window_text(&of, 1, "seq: 0\n", "title: Murals\n",
                                  "on: 2027 2027-04-24\nwave: day\n", "2d"),
                      2);
    constellation_add(&of,
                      window_text(&of, 2, "seq: 0\n", "title: Silence\ntitle.it: Silenzio\n",
                                  "at: 2027 2027-04-25T18:00:00Z\n", "15m\nrest: 24h"),
                      2);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(view, "");
    assert_line(feed, "DTSTART;VALUE=DATE:20270424");
    assert_line(feed, "DTEND;VALUE=DATE:20270426");
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    free(feed);

    assert_true(feed_has_rests(view, &view->root[0].id));
    struct feed_request request = request_of(view, "it");
    request.part = FEED_REST;
    struct feed_list list = written(&request);
    const char *rest = (const char *)list.feed[0].bytes;
    assert_int_equal(list.feed[0].event_count, 1);
    assert_line(rest, "DTSTART:20270425T181500Z");
    assert_line(rest, "DTEND:20270426T181500Z");
    assert_line(rest, "SUMMARY;LANGUAGE=it:Riposo: Silenzio");
    assert_line(rest, "X-WR-CALNAME:Bologna remembers · Riposo · it");
    feed_list_free(&list);
    view_free(view);
    constellation_free(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_confirmed_moment_says_all_its_properties),
        cmocka_unit_test(languages_share_uids_and_one_feed_has_them_all),
        cmocka_unit_test(too_few_signatures_are_tentative),
        cmocka_unit_test(cancelled_stays_thirty_days_with_a_prefix_and_then_goes),
        cmocka_unit_test(rebuilding_gives_the_same_bytes_all_day),
        cmocka_unit_test(one_edit_changes_one_event_and_keeps_its_uid),
        cmocka_unit_test(days_are_dates_and_rests_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
