/* links: zoneinfo */
#include "constellation.h"

#include <libical/ical.h>

#include "feeds/feed.h"
#include "zoneinfo/zoneinfo.h"

static const char *const now = "2026-11-23T09:30:00Z";

/* A window's text: lines is what comes between the titles and `expires`. */
static const char *window_text(const struct constellation *of, unsigned uid, const char *seq,
                               const char *titles, const char *times, const char *length)
{
    static char text[CONSTELLATION_TEXT_MAX];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\n%smade: 2026-11-20T12:00:00Z\n%s"
             "gesture: silence\ntone: mourning\nrule: 2 august at 10:25 in Europe/Rome for 1m\n%s"
             "for: %s\nexpires: 2035-01-01T00:00:00Z\n",
             of->root_id, uid, seq, titles, times, length);
    return text;
}

static struct feed_request request_of(const struct view *view, const char *language)
{
    return (struct feed_request){
        .view = view,
        .root = &view->root[0],
        .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
        .leap = leap_builtin(),
        .part = FEED_SHARED,
        .language = language,
    };
}

static struct feed_list written(const struct feed_request *request)
{
    struct feed_list list;
    char error[FEED_ERROR_SIZE];
    enum feed_result result = feed_write(request, &list, error);
    if (result != FEED_OK) {
        print_error("feed_write: %d %s\n", (int)result, error);
        fail();
    }
    return list;
}

static char *only_feed(const struct view *view, const char *language)
{
    struct feed_request request = request_of(view, language);
    struct feed_list list = written(&request);
    assert_int_equal(list.count, 1);
    char *text = (char *)list.feed[0].bytes;
    list.feed[0].bytes = NULL;
    feed_list_free(&list);
    return text;
}

/* The text with its folds undone: RFC 5545 section 3.1. */
static char *unfolded(const char *text)
{
    char *out = malloc(strlen(text) + 1);
    size_t len = 0;
    assert_non_null(out);
    while (*text != '\0') {
        if (strncmp(text, "\r\n ", 3) == 0) {
            text += 3;
        } else {
            out[len++] = *text++;
        }
    }
    out[len] = '\0';
    return out;
}

static void assert_line(const char *feed, const char *line)
{
    char *flat = unfolded(feed);
    char wanted[2048];
    snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
    if (strstr(flat, wanted) == NULL) {
        print_error("no line \"%s\" in\n%s\n", line, flat);
        fail();
    }
    free(flat);
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        count++;
    }
    return count;
}

static const char bologna_titles[] =
    "title: A minute for Bologna\n"
    "title.it: Un minuto per Bologna\n"
    "about: At the station, 1980.\\nQuietly; together, \\\\ please\n"
    "about.it: Alla stazione.\n";
static const char bologna_times[] =
    "at: 2027 2027-08-02T08:25:00Z\nat: 2028 2028-08-02T08:25:00Z\n";

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
        cmocka_unit_test(a_confirmed_moment_says_all_its_properties),
        cmocka_unit_test(languages_share_uids_and_one_feed_has_them_all),
        cmocka_unit_test(too_few_signatures_are_tentative),
        cmocka_unit_test(cancelled_stays_thirty_days_with_a_prefix_and_then_goes),
        cmocka_unit_test(rebuilding_gives_the_same_bytes_all_day),
        cmocka_unit_test(one_edit_changes_one_event_and_keeps_its_uid),
        cmocka_unit_test(days_are_dates_and_rests_follow),
        cmocka_unit_test(a_wave_meets_each_zone_at_its_own_clock),
        cmocka_unit_test(every_zone_is_read_back_with_its_own_offsets),
        cmocka_unit_test(places_have_feeds_of_their_own),
        cmocka_unit_test(what_looks_like_calendar_syntax_stays_text),
        cmocka_unit_test(titles_of_every_length_are_folded_soundly),
        cmocka_unit_test(long_feeds_are_split_and_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
