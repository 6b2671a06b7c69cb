/* links: zoneinfo */
/* Of what is called off, changed, dropped or contested: what a calendar that had it is told. */
#include "feeds_read.h"

static size_t events_on(const struct constellation *of, const char *day, const char *line)
{
    struct view *view = constellation_view(of, day);
    struct feed_source source = source_on(of, view, day);
    struct feed_request request = request_of(view, "");
    char *feed = only_text(&source, &request);
    size_t count = count_of(feed, line);
    free(feed);
    view_free(view);
    return count;
}

static const char *cancel_text(const struct constellation *of, unsigned uid,
                               const struct record *prev, const char *made)
{
    static char text[1024];
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&prev->id, id);
    snprintf(text, sizeof text,
             "tocsin cancel 1\nroot: %s\nuid: %032x\nseq: 1\nprev: %s\n"
             "made: %s\nreason: The square is closed\n",
             of->root_id, uid, id, made);
    return text;
}

static void cancelled_stays_until_its_day_and_thirty_days_at_least(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of,
        window_text(&of, 7, "seq: 0\n", bologna_titles,
                    "at: soon 2026-11-30T08:25:00Z\nat: 2027 2027-08-02T08:25:00Z\n", "1m"),
        2);
    constellation_add(&of, cancel_text(&of, 7, record, "2026-11-22T08:00:00Z"), 2);
    struct view *view = constellation_view(&of, now);
    char *feed = only_feed(&of, view, "");
    assert_line(feed, "STATUS:CANCELLED");
    assert_line(feed, "SEQUENCE:7");
    assert_line(feed, "DTSTAMP:20261122T080000Z");
    assert_line(feed, "SUMMARY:Cancelled: A minute for Bologna");
    assert_non_null(strstr(feed, "The square is closed"));
    free(feed);
    view_free(view);
    static const char cancelled[] = "STATUS:CANCELLED";
    assert_int_equal(events_on(&of, now, cancelled), 2);
    assert_int_equal(events_on(&of, "2026-12-22T07:00:00Z", cancelled), 2); /* thirty days */
    assert_int_equal(events_on(&of, "2026-12-23T07:00:00Z", cancelled),
                     1); /* its own day is ahead */
    assert_int_equal(events_on(&of, "2027-08-02T12:00:00Z", cancelled), 1);
    assert_int_equal(events_on(&of, "2027-08-03T00:00:00Z", cancelled), 0);
    constellation_free(&of);
}

static void what_was_over_when_it_was_called_off_took_place(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of,
        window_text(&of, 7, "seq: 0\n", bologna_titles,
                    "at: past 2026-11-21T08:25:00Z\nat: soon 2026-11-30T08:25:00Z\n", "1m"),
        2);
    constellation_add(&of, cancel_text(&of, 7, record, "2026-11-22T08:00:00Z"), 2);
    assert_int_equal(events_on(&of, now, "STATUS:CANCELLED"), 1);
    assert_int_equal(events_on(&of, now, "DTSTART:20261130T082500Z"), 1);
    constellation_free(&of);
}

static void of_a_series_that_is_called_off_the_next_twelve_stay(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    static char times[4096];
    size_t len = 0;
    for (int day = 0; day < 60; day++) {
        struct civil_date date =
            civil_from_day_number(civil_day_number((struct civil_date){2026, 11, 1}) + day);
        len += (size_t)snprintf(times + len, sizeof times - len, "on: d%02d %04d-%02d-%02d\n", day,
                                date.year, date.month, date.day);
    }
    snprintf(times + len, sizeof times - len, "wave: 20:00\n");
    const struct record *record =
        constellation_add(&of, window_text(&of, 7, "seq: 0\n", bologna_titles, times, "15m"), 2);
    constellation_add(&of, cancel_text(&of, 7, record, "2026-11-22T08:00:00Z"), 2);
    assert_int_equal(events_on(&of, "2026-11-23T09:00:00Z", "STATUS:CANCELLED"), 12);
    assert_int_equal(events_on(&of, "2026-11-23T09:00:00Z", "DATE:20261122"), 1);
    assert_int_equal(events_on(&of, "2026-12-09T09:00:00Z", "STATUS:CANCELLED"), 12);
    assert_int_equal(events_on(&of, "2026-12-09T09:00:00Z", "DTSTART;VALUE=DATE:20261208"), 1);
    assert_int_equal(events_on(&of, "2027-02-01T09:00:00Z", "STATUS:CANCELLED"), 0);
    constellation_free(&of);
}

/* The next version of window 7: lines is what stands after the titles. */
static const struct record *amend_with(struct constellation *of, const struct record *before,
                                       const char *made, const char *titles, const char *lines,
                                       size_t signers)
{
    char id[RECORD_ID_TEXT_SIZE];
    char text[CONSTELLATION_TEXT_MAX];
    record_id_write(&before->id, id);
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: %u\nprev: %s\nmade: %s\n%s%s",
             of->root_id, 7U, before->is.window.seq + 1, id, made, titles, lines);
    return constellation_add(of, text, signers);
}

static const struct record *amend_until(struct constellation *of, const struct record *before,
                                        const char *made, const char *titles, const char *times,
                                        size_t signers, const char *expires)
{
    char lines[CONSTELLATION_TEXT_MAX];
    snprintf(lines, sizeof lines,
             "gesture: silence\ntone: mourning\nrule: 2 august at 10:25 in Europe/Rome for 1m\n%s"
             "for: 1m\nexpires: %s\n",
             times, expires);
    return amend_with(of, before, made, titles, lines, signers);
}

static const struct record *amend(struct constellation *of, const struct record *before,
                                  const char *made, const char *titles, const char *times,
                                  size_t signers)
{
    return amend_until(of, before, made, titles, times, signers, "2035-01-01T00:00:00Z");
}

/* A later amendment of something else does not bring it back. */
static void a_key_is_cancelled_by_the_date_of_the_record_that_called_it_off(void **state)
{
    (void)state;
    static const char first[] = "at: a 2026-12-01T10:00:00Z\nat: b 2027-06-07T10:00:00Z\n"
                                "at: c 2027-06-08T10:00:00Z\n";
    static const char second[] = "at: a 2026-12-01T10:00:00Z\nat: b 2027-06-07T10:00:00Z\n"
                                 "off: a\n";
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of, window_text(&of, 7, "seq: 0\n", "title: Old\n", first, "1m"), 2);
    record = amend(&of, record, "2026-11-22T12:00:00Z", "title: New\n", second, 2);
    assert_int_equal(events_on(&of, now, "SUMMARY:Cancelled: New"), 2); /* a is off, c is dropped */
    assert_int_equal(events_on(&of, now, "DTSTART:20270608T100000Z"), 1);
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 1);
    amend(&of, record, "2027-02-01T12:00:00Z", "title: Newer\n", second, 2);
    assert_int_equal(events_on(&of, "2027-02-02T12:00:00Z", "STATUS:CANCELLED"), 1); /* c alone */
    assert_int_equal(events_on(&of, "2027-06-09T00:00:00Z", "STATUS:CANCELLED"), 0);
    constellation_free(&of);
}

static void a_place_is_cancelled_by_the_date_of_the_record_that_dropped_it(void **state)
{
    (void)state;
    static const char lines[] =
        "gesture: silence\ntone: mourning\nrule: 7 june at 20:00 in Europe/Rome for 1m\n"
        "on: a 2027-06-07\nwave: place\nat: a 2027-06-07T18:00:00Z Rome\nfor: 1m\n"
        "expires: 2035-01-01T00:00:00Z\n";
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of,
                          window_text(&of, 7, "seq: 0\n", "title: Wave\n",
                                      "on: a 2027-06-07\nwave: place\n"
                                      "at: a 2027-06-07T17:00:00Z Athens\n"
                                      "at: a 2027-06-07T18:00:00Z Rome\n",
                                      "1m"),
                          2);
    record = amend_with(&of, record, "2026-11-22T12:00:00Z", "title: Wave\n", lines, 2);
    amend_with(&of, record, "2027-06-01T12:00:00Z", "title: Wave\n", lines, 2);
    assert_int_equal(events_on(&of, "2027-06-02T12:00:00Z", "STATUS:CANCELLED"), 1); /* Athens */
    assert_int_equal(events_on(&of, "2027-06-09T00:00:00Z", "STATUS:CANCELLED"), 0);
    constellation_free(&of);
}

/* Its window ended before it began: nobody was ever told of it. */
static void what_was_dropped_beyond_the_end_is_not_called_off(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of,
                          window_text(&of, 7, "seq: 0\n", "title: Old\n",
                                      "at: a 2034-12-01T10:00:00Z\nat: b 2034-12-02T10:00:00Z\n"
                                      "at: c 2035-06-01T10:00:00Z\n",
                                      "1m"),
                          2);
    amend(&of, record, "2034-06-01T12:00:00Z", "title: New\n", "at: a 2034-12-01T10:00:00Z\n", 2);
    assert_int_equal(events_on(&of, "2034-06-02T00:00:00Z", "STATUS:CANCELLED"), 1); /* b */
    assert_int_equal(events_on(&of, "2034-06-02T00:00:00Z", "DTSTART:20350601"), 0);
    constellation_free(&of);
}

/* It stood in calendars until an amendment let the window end before it. */
static void what_the_end_now_comes_before_is_called_off(void **state)
{
    (void)state;
    static const char times[] = "at: a 2027-06-07T10:00:00Z\nat: b 2028-06-07T10:00:00Z\n";
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of, window_text(&of, 7, "seq: 0\n", "title: Old\n", times, "1m"), 2);
    assert_int_equal(events_on(&of, now, "STATUS:CANCELLED"), 0);
    amend_until(&of, record, "2026-11-22T12:00:00Z", "title: New\n", times, 2,
                "2028-01-01T00:00:00Z");
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 1);
    assert_int_equal(events_on(&of, now, "SUMMARY:Cancelled: New"), 1);
    assert_int_equal(events_on(&of, now, "DTSTART:20280607T100000Z"), 1);
    constellation_free(&of);
}

/* The organizers end the constellation earlier: what was to come after that is off. */
static void what_the_end_of_the_root_now_comes_before_is_called_off(void **state)
{
    (void)state;
    struct constellation of = {0};
    struct record *root = forge_make_root((struct forge_root){
        .threshold = 2, .organizer = {1, 2, 3}, .expires = "2036-01-01T00:00:00Z"});
    put(&of, root, BY(1, 2, 3));
    record_id_write(&root->id, of.root_id);
    of.anchor.root = root;
    constellation_add(&of,
                      window_text(&of, 7, "seq: 0\n", "title: Old\n",
                                  "at: a 2027-06-07T10:00:00Z\nat: b 2028-06-07T10:00:00Z\n",
                                  "1m\nrest: 1h"),
                      2);
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 4);
    put(&of,
        forge_make_root((struct forge_root){.prev = root,
                                            .threshold = 2,
                                            .organizer = {1, 2, 3},
                                            .expires = "2028-01-01T00:00:00Z"}),
        BY(1, 2, 3));
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 2);
    assert_int_equal(events_on(&of, now, "STATUS:CANCELLED"), 2); /* b, and the rest after it */
    assert_int_equal(events_on(&of, now, "SEQUENCE:8"), 4);
    constellation_free(&of);
}

/* The feed of one gesture, of what is not in force, or of all. */
static char *feed_on(const struct constellation *of, const char *day, const char *gesture,
                     bool is_tentative)
{
    struct view *view = constellation_view(of, day);
    struct feed_source source = source_on(of, view, day);
    struct feed_request request = request_of(view, "it");
    request.gesture = (struct text){gesture, strlen(gesture)};
    request.is_tentative = is_tentative;
    char *feed = only_text(&source, &request);
    view_free(view);
    return feed;
}

static char *feed_of(const struct constellation *of, const char *gesture, bool is_tentative)
{
    return feed_on(of, now, gesture, is_tentative);
}

static void what_has_another_gesture_or_no_rest_any_more_is_called_off_where_it_was(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of,
                          window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times,
                                      "1m\nrest: 24h\nurl: https://example.org/"),
                          2);
    amend_with(&of, record, "2026-11-22T12:00:00Z", "title: Noise\n",
               "gesture: noise\ntone: vigil\nrule: 2 august at 10:25 in Europe/Rome for 1m\n"
               "at: 2027 2027-08-02T08:30:00Z\nfor: 1m\nexpires: 2035-01-01T00:00:00Z\n",
               2);
    /* those who have the silences: both dates, and the rest after each */
    char *feed = feed_of(&of, "silence", false);
    assert_int_equal(count_of(feed, "STATUS:CANCELLED"), 4);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 0);
    assert_int_equal(count_of(feed, "SEQUENCE:7"), 4);
    assert_int_equal(count_of(feed, "DESCRIPTION:Invece: rumore"), 2); /* of 2028 nothing is left */
    assert_int_equal(count_of(feed, "DTSTART:20270802T083000Z"), 1); /* the hour that it has now */
    assert_line(feed, "SUMMARY:Annullato: Riposo: Noise");
    free(feed);
    feed = feed_of(&of, "noise", false); /* which had neither 2028 nor a rest */
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 1);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 1);
    free(feed);
    feed = feed_of(&of, "", false);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 1);
    assert_int_equal(count_of(feed, "STATUS:CANCELLED"), 3); /* 2028, and both rests */
    free(feed);

    /* addresses that people have stay, with what they had in it */
    struct view *view = constellation_view(&of, now);
    struct text *gesture;
    size_t count;
    assert_true(feed_gestures(view, &view->root[0].id, &gesture, &count));
    assert_int_equal(count, 2);
    free(gesture);
    char(*tag)[FEED_LANGUAGE_SIZE];
    assert_true(feed_languages(view, &view->root[0].id, &tag, &count));
    assert_int_equal(count, 1); /* Italian, which the last version is without */
    free(tag);
    view_free(view);
    constellation_free(&of);
}

/* Two of three, an hour before, ask for something else: what comes next is told as it will ring. */
static void what_a_lock_keeps_is_told_as_it_was(void **state)
{
    (void)state;
    static const char day[] = "2027-08-02T07:25:00Z";
    char base64[RECORD_PUBLIC_KEY_TEXT_SIZE], more[200];
    struct record_public_key beacon = forge_public(9);
    struct constellation of;
    record_public_key_write(&beacon, base64);
    snprintf(more, sizeof more, "beacon: %s beacon\nlock: 24h\n", base64);
    constellation_init(&of, "Bologna remembers", more);
    const struct record *record = constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    struct record_id holds[] = {of.anchor.root->id, record->id};
    qsort(holds, 2, sizeof *holds, forge_by_id);
    put(&of, forge_make_heartbeat(of.anchor.root, 9, "2027-07-31T20:00:00Z", holds, 2), BY(9));
    amend_with(&of, record, "2027-08-02T07:00:00Z", "title: Noise\n",
               "gesture: noise\ntone: vigil\nrule: 2 august at 10:25 in Europe/Rome for 3h\n"
               "at: 2027 2027-08-02T08:25:00Z\nat: 2028 2028-08-02T08:25:00Z\nfor: 3h\n"
               "expires: 2035-01-01T00:00:00Z\n",
               2);
    char *feed = feed_on(&of, day, "silence", false);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 1);
    assert_line(feed, "SUMMARY;LANGUAGE=it:Un minuto per Bologna");
    assert_line(feed, "DTEND:20270802T082600Z");
    assert_int_equal(count_of(feed, "STATUS:CANCELLED"), 1); /* 2028 is no silence any more */
    free(feed);
    feed = feed_on(&of, day, "noise", false);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 1);
    assert_line(feed, "DTSTART:20280802T082500Z");
    assert_line(feed, "DTEND:20280802T112500Z");
    free(feed);
    feed = feed_on(&of, day, "", false);
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 2);
    assert_int_equal(count_of(feed, "STATUS:CONFIRMED"), 2);
    assert_int_equal(count_of(feed, "SUMMARY:Noise"), 1);
    free(feed);
    constellation_free(&of);
}

static void a_proposal_that_counts_now_or_never_will_is_none_any_more(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record =
        constellation_add(&of,
                          window_text(&of, 7, "seq: 0\n", bologna_titles,
                                      "at: a 2027-08-02T08:25:00Z\nat: b 2028-08-02T08:25:00Z\n",
                                      "1m\nurl: https://evil.example/"),
                          1);
    amend(&of, record, "2026-11-22T12:00:00Z", bologna_titles, "at: a 2027-08-02T08:30:00Z\n", 1);
    char *feed = feed_of(&of, "", true);
    assert_int_equal(count_of(feed, "STATUS:TENTATIVE"), 1);
    assert_int_equal(count_of(feed, "STATUS:CANCELLED"), 1); /* b was taken back */
    assert_int_equal(count_of(feed, "evil"), 0);
    free(feed);
    sign(&of, of.record[2], 2);
    feed = feed_of(&of, "", true);
    assert_int_equal(count_of(feed, "STATUS:CANCELLED"), 2);
    assert_line(feed, "SUMMARY;LANGUAGE=it:Confermato: Un minuto per Bologna");
    assert_line(feed, "SUMMARY;LANGUAGE=it:Annullato: Un minuto per Bologna");
    free(feed);
    feed = feed_of(&of, "", false); /* b was in nobody's calendar */
    assert_int_equal(count_of(feed, "BEGIN:VEVENT"), 1);
    assert_line(feed, "STATUS:CONFIRMED");
    free(feed);
    amend(&of, of.record[2], "2026-11-23T12:00:00Z", bologna_titles, "at: a 2027-08-02T08:40:00Z\n",
          2);
    feed = feed_of(&of, "", true); /* "Confirmed" is said of the hour that it has now */
    assert_int_equal(count_of(feed, "DTSTART:20270802T084000Z"), 1);
    assert_int_equal(count_of(feed, "DTSTART:20270802T083000Z"), 0);
    free(feed);
    constellation_free(&of);
}

/* Two versions from the start: neither holds, and whoever knew one alone had it. */
static void what_is_contested_from_the_start_is_called_off_for_who_had_a_side(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", "title: One\n", "at: a 2027-08-02T08:25:00Z\n", "1m"),
        2);
    constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", "title: Two\n", "at: b 2027-08-03T08:25:00Z\n", "1m"),
        2);
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 0);
    assert_int_equal(events_on(&of, now, "STATUS:CANCELLED"), 2);
    constellation_free(&of);
}

static void a_contested_event_says_so_and_its_sequence_does_not_fall(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    amend(&of, record, "2026-11-22T12:00:00Z", "title: One\n", "at: 2027 2027-08-02T09:25:00Z\n",
          2);
    assert_int_equal(events_on(&of, now, "SEQUENCE:7"), 2); /* 2028 was dropped */
    amend(&of, record, "2026-11-21T12:00:00Z", "title: Two\n", "at: 2027 2027-08-02T07:25:00Z\n",
          2);
    assert_int_equal(events_on(&of, now, "SEQUENCE:9"), 2);
    assert_int_equal(events_on(&of, now, "LAST-MODIFIED:20261122T120000Z"), 2);
    assert_int_equal(events_on(&of, now, "DTSTART:20270802T082500Z"), 1);
    assert_int_equal(events_on(&of, now, "STATUS:CONFIRMED"), 2);
    assert_int_equal(events_on(&of, now, "DESCRIPTION:A change to this is disputed"), 2);
    constellation_free(&of);
}

/* A date that a record gives itself and that is yet to come dates nothing. */
static void what_says_it_was_made_tomorrow_dates_nothing_today(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna remembers", "");
    const struct record *record = constellation_add(
        &of, window_text(&of, 7, "seq: 0\n", bologna_titles, bologna_times, "1m"), 2);
    amend(&of, record, "2199-11-22T12:00:00Z", bologna_titles, bologna_times, 2);
    assert_int_equal(events_on(&of, now, "DTSTAMP:20261120T120000Z"), 2);
    assert_int_equal(events_on(&of, now, "SEQUENCE:7"), 2);
    constellation_free(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancelled_stays_until_its_day_and_thirty_days_at_least),
        cmocka_unit_test(what_was_over_when_it_was_called_off_took_place),
        cmocka_unit_test(of_a_series_that_is_called_off_the_next_twelve_stay),
        cmocka_unit_test(a_key_is_cancelled_by_the_date_of_the_record_that_called_it_off),
        cmocka_unit_test(a_place_is_cancelled_by_the_date_of_the_record_that_dropped_it),
        cmocka_unit_test(what_was_dropped_beyond_the_end_is_not_called_off),
        cmocka_unit_test(what_the_end_now_comes_before_is_called_off),
        cmocka_unit_test(what_the_end_of_the_root_now_comes_before_is_called_off),
        cmocka_unit_test(what_has_another_gesture_or_no_rest_any_more_is_called_off_where_it_was),
        cmocka_unit_test(what_a_lock_keeps_is_told_as_it_was),
        cmocka_unit_test(a_proposal_that_counts_now_or_never_will_is_none_any_more),
        cmocka_unit_test(what_is_contested_from_the_start_is_called_off_for_who_had_a_side),
        cmocka_unit_test(a_contested_event_says_so_and_its_sequence_does_not_fall),
        cmocka_unit_test(what_says_it_was_made_tomorrow_dates_nothing_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
