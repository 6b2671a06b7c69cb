/* Feeds of 10,000 events beside libical building and writing the same events bare; then a whole
 * site. links: zoneinfo */
#include "constellation.h"

#include <libical/ical.h>
#include <time.h>

#include "site/site.h"

enum { ROUNDS = 5, WINDOWS = 50, EACH = 200 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* other load counts for neither */
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void declare(struct constellation *of, unsigned uid, const char *titles, const char *times)
{
    static char text[2 * CONSTELLATION_TEXT_MAX];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n%s"
             "gesture: silence\ntone: mourning\nrule: as the lines say\n%sfor: 15m\n"
             "expires: 2035-01-01T00:00:00Z\n",
             of->root_id, uid, titles, times);
    constellation_add(of, text, 2);
}

/* What libical alone takes for as many events with the same properties, in one calendar. */
static double plain_libical(const struct view *view, size_t *size)
{
    double from = now_ms();
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//bench//EN"));
    for (size_t w = 0; w < view->window_count; w++) {
        for (size_t i = 0; i < view->window[w].occurrence_count; i++) {
            char uid[80];
            snprintf(uid, sizeof uid, "%032zx.k%03zu.0123456789abcdef", w, i);
            struct icaltimetype at = icaltime_null_time();
            at.year = 2027;
            at.month = 8;
            at.day = 2;
            at.hour = 8;
            at.zone = icaltimezone_get_utc_timezone();
            icalcomponent *event = icalcomponent_new_vevent();
            icalcomponent_add_property(event, icalproperty_new_uid(uid));
            icalcomponent_add_property(event, icalproperty_new_dtstamp(at));
            icalcomponent_add_property(event, icalproperty_new_lastmodified(at));
            icalcomponent_add_property(event, icalproperty_new_sequence(0));
            icalcomponent_add_property(event, icalproperty_new_dtstart(at));
            icalcomponent_add_property(event, icalproperty_new_dtend(at));
            icalcomponent_add_property(event,
                                       icalproperty_new_summary("A minute of silence, together"));
            icalcomponent_add_property(
                event, icalproperty_new_description("silence · mourning · 2027-08-02T08:25:00Z\n"
                                                    "as the lines say\nBench"));
            icalcomponent_add_property(event, icalproperty_new_categories("silence"));
            icalcomponent_add_property(event, icalproperty_new_status(ICAL_STATUS_CONFIRMED));
            icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
            icalproperty *x = icalproperty_new_x("FREE");
            icalproperty_set_x_name(x, "X-MICROSOFT-CDO-BUSYSTATUS");
            icalcomponent_add_property(event, x);
            x = icalproperty_new_x(
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
            icalproperty_set_x_name(x, "X-TOCSIN-RECORD");
            icalcomponent_add_property(event, x);
            icalcomponent_add_component(calendar, event);
        }
    }
    char *text = icalcomponent_as_ical_string_r(calendar);
    *size = strlen(text);
    free(text);
    icalcomponent_free(calendar);
    return now_ms() - from;
}

static struct feed_source source_of(const struct constellation *of, const struct view *view)
{
    return (struct feed_source){
        .view = view,
        .entry = of->entry,
        .entry_count = of->count,
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), at_utc("2026-11-23T09:30:00Z")),
        .now = at_instant("2026-11-23T09:30:00Z"),
    };
}

static void ten_thousand(void)
{
    struct constellation of;
    constellation_init(&of, "Bench", "");
    static char times[CONSTELLATION_TEXT_MAX];
    for (unsigned w = 0; w < WINDOWS; w++) {
        size_t len = 0;
        for (int i = 0; i < EACH; i++) {
            struct civil_date date =
                civil_from_day_number(civil_day_number((struct civil_date){2026, 6, 1}) + 6 * i);
            len += (size_t)snprintf(times + len, sizeof times - len,
                                    "at: k%03d %04d-%02d-%02dT%02u:%02u:00Z\n", i, date.year,
                                    date.month, date.day, w % 24, w);
        }
        declare(&of, w, "title: A minute of silence, together\n", times);
    }
    struct view *view = constellation_view(&of, "2026-11-23T09:30:00Z");
    struct feed_source source = source_of(&of, view);
    struct feed_request request = {.root = &view->root[0], .language = ""};
    double ours[ROUNDS];
    double bare[ROUNDS];
    size_t events = 0;
    size_t size = 0;
    size_t bare_size = 0;
    size_t files = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct feed_list list;
        char error[FEED_ERROR_SIZE];
        double from = now_ms();
        struct feed_book *book = feed_book_new(&source);
        assert_int_equal(feed_write(book, &request, &list, error), FEED_OK);
        ours[round] = now_ms() - from;
        feed_book_free(book);
        events = size = 0;
        files = list.count;
        for (size_t i = 0; i < list.count; i++) {
            events += list.feed[i].event_count;
            size += list.feed[i].size;
        }
        feed_list_free(&list);
        bare[round] = plain_libical(view, &bare_size);
    }
    double mine = median(ours);
    double theirs = median(bare);
    printf("feed, written and read back   %6.1f ms for %zu events in %zu files, %.1f MB\n", mine,
           events, files, (double)size / 1e6);
    printf("libical, built and written    %6.1f ms for %d events, %.1f MB, nothing read back\n",
           theirs, WINDOWS * EACH, (double)bare_size / 1e6);
    printf("ratio                         %6.2f\n", mine / theirs);
    view_free(view);
    constellation_free(&of);
}

static void whole_site(void)
{
    static const char *const tags[] = {"ar", "de", "el", "es", "fr", "he",
                                       "it", "ja", "pl", "pt", "uk", "zh"};
    struct constellation of;
    constellation_init(&of, "Bench", "");
    for (unsigned w = 0; w < 100; w++) {
        char titles[1024] = "title: Candles\n";
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            size_t len = strlen(titles);
            snprintf(titles + len, sizeof titles - len, "title.%s: Candles in %s\n", tags[i],
                     tags[i]);
        }
        char times[128];
        snprintf(times, sizeof times, "on: 2027 2027-%02u-%02u\nwave: 20:00\n", w % 12 + 1,
                 w % 28 + 1);
        declare(&of, w, titles, times);
    }
    struct view *view = constellation_view(&of, "2026-11-23T09:30:00Z");
    struct zoneinfo *zones = zoneinfo_open(NULL);
    struct site_request request = {
        .source = source_of(&of, view),
        .zoneinfo = zones,
    };
    struct site site = {0};
    struct site_error error;
    size_t signed_count;
    double from = now_ms();
    assert_int_equal(site_build(&request, &site, &signed_count, &error), SITE_OK);
    assert_int_equal(site_finish(&site, &error), SITE_OK);
    double took = now_ms() - from;
    size_t size = 0;
    for (size_t i = 0; i < site.count; i++) {
        size += site.content[site.file[i].content].size;
    }
    size_t distinct = 0;
    for (size_t i = 0; i < site.content_count; i++) {
        distinct += site.content[i].size;
    }
    printf(
        "site of 100 waves, %zu zones, 12 languages: %.1f s, %zu files, %.0f MB, %.0f MB of them "
        "distinct\n",
        zoneinfo_name_count(zones), took / 1e3, site.count, (double)size / 1e6,
        (double)distinct / 1e6);
    site_free(&site);
    zoneinfo_close(zones);
    view_free(view);
    constellation_free(&of);
}

int main(void)
{
    if (sodium_init() < 0) {
        return EXIT_FAILURE;
    }
    ten_thousand();
    whole_site();
    return 0;
}
