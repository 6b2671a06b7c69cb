/* A site written to a folder, then read by programs that are not ours: stock minisign, and calendar
 * readers through peers/read_feeds.py, each held against expected.tsv.
 * links: zoneinfo */
#include "constellation.h"

#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "site/site.h"

extern char **environ;

static const char *const now = "2026-11-23T09:30:00Z";

static const char *const zones[] = {"Europe/Rome",         "America/New_York", "Africa/Casablanca",
                                    "America/Santiago",    "Europe/Dublin",    "Asia/Kathmandu",
                                    "Australia/Lord_Howe", "Asia/Gaza",        "Pacific/Apia",
                                    "Africa/Cairo",        "America/St_Johns", "Etc/GMT+5"};

static int run(const char *const *argv)
{
    pid_t pid;
    int status;
    assert_int_equal(
        posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static const struct site_saving linked = {0};

/* Reads all that a folder's index names. */
static enum site_result load_all(const char *dir, size_t *count, struct site_error *error)
{
    struct site_listing *listing;
    enum site_result result = site_open(dir, &listing, error);
    if (result != SITE_OK) {
        return result;
    }
    *count = site_listed_count(listing);
    for (size_t i = 0; result == SITE_OK && i < *count; i++) {
        uint8_t *bytes;
        utc modified;
        result = site_read(listing, i, &bytes, &modified, error);
        if (result == SITE_OK) {
            free(bytes);
        }
    }
    site_close(listing);
    return result;
}

static bool is_listed(const char *dir, const char *path)
{
    struct site_listing *listing;
    struct site_error error;
    assert_int_equal(site_open(dir, &listing, &error), SITE_OK);
    bool found = false;
    for (size_t i = 0; i < site_listed_count(listing); i++) {
        found = found || strcmp(site_listed(listing, i)->path, path) == 0;
    }
    site_close(listing);
    return found;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What every reader must find: feed, uid, kind (utc, local, date), start, end, status, title.  Of
 * local times the instants are worked out by the reader's own clock, from the name of the zone. */
static FILE *expected;

struct event {
    unsigned uid;
    const char *key, *suffix, *kind, *start, *end, *status, *title;
};

static void expect(const struct constellation *of, const char *feed, const struct event *event)
{
    fprintf(expected, "%s\t%032x.%s.%.16s%s\t%s\t%s\t%s\t%s\t%s\n", feed, event->uid, event->key,
            of->root_id, event->suffix, event->kind, event->start, event->end, event->status,
            event->title);
}

static void add_window(struct constellation *of, unsigned uid, const char *titles,
                       const char *times, size_t signers)
{
    char text[CONSTELLATION_TEXT_MAX];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n%s"
             "gesture: silence\ntone: mourning\nrule: as the at lines say\n%s"
             "expires: 2035-01-01T00:00:00Z\n",
             of->root_id, uid, titles, times);
    constellation_add(of, text, signers);
}

static char long_title[700];

static void declare(struct constellation *of)
{
    add_window(of, 1, "title: Minute\ntitle.it: Un minuto; per \"Bologna\", \\\\o/ 警é😀\n",
               "at: 2027 2027-08-02T08:25:00Z\nat: 2028 2028-08-02T08:25:00Z\nfor: 1m\nrest: 24h\n",
               2);
    add_window(of, 2, "title: Murals\n", "on: 2027 2027-04-24\nwave: day\nfor: 2d\n", 2);
    add_window(of, 3, "title: Perhaps\n", "at: a 2027-02-28T23:59:30.5Z\nfor: 90s\n", 1);
    add_window(of, 4, "title: Not this one\n", "at: a 2027-05-01T10:00:00Z\noff: a\nfor: 1h\n", 2);
    char prose[720];
    for (int i = 0; i < 30; i++) {
        strcat(long_title, "警報の鐘が鳴る ");
    }
    strcat(long_title, "END:VEVENT");
    snprintf(prose, sizeof prose, "title: %s\n", long_title);
    add_window(of, 5, prose, "at: a 2027-06-01T10:00:00Z\nfor: 1h\n", 2);
    /* the hour that is there twice in Europe, and the one that is not there in New York */
    add_window(of, 6, "title: Candles\n",
               "on: a 2027-04-25\non: b 2027-10-31\non: c 2027-12-31\non: d 2028-03-12\n"
               "wave: 02:30\nfor: 15m\n",
               2);
    add_window(of, 7, "title: Sunset\n",
               "on: a 2027-06-21\nwave: place\nat: a 2027-06-21T19:03:11Z Bologna\n"
               "at: a 2027-06-21T20:05:11Z Lisboa\nfor: 15m\n",
               2);
    add_window(of, 8, "title: A beat\n", "at: a 2027-07-01T10:00:00Z\nfor: 1s\n", 2);
}

static const char minute[] = "Un minuto; per \"Bologna\", \\o/ 警é😀";
static const char minute_rest[] = "Riposo: Un minuto; per \"Bologna\", \\o/ 警é😀";

/* What both the feed of a zone and the one without have. */
static void expect_shared(const struct constellation *of, const char *feed)
{
    const struct event all[] = {
        {1, "2027", "", "utc", "2027-08-02T08:25:00Z", "2027-08-02T08:26:00Z", "CONFIRMED", minute},
        {1, "2028", "", "utc", "2028-08-02T08:25:00Z", "2028-08-02T08:26:00Z", "CONFIRMED", minute},
        {1, "2027", ".rest", "utc", "2027-08-02T08:26:00Z", "2027-08-03T08:26:00Z", "CONFIRMED",
         minute_rest},
        {1, "2028", ".rest", "utc", "2028-08-02T08:26:00Z", "2028-08-03T08:26:00Z", "CONFIRMED",
         minute_rest},
        {2, "2027", "", "date", "2027-04-24", "2027-04-26", "CONFIRMED", "Murals"},
        {4, "a", "", "utc", "2027-05-01T10:00:00Z", "2027-05-01T11:00:00Z", "CANCELLED",
         "Annullato: Not this one"},
        {5, "a", "", "utc", "2027-06-01T10:00:00Z", "2027-06-01T11:00:00Z", "CONFIRMED",
         long_title},
        {8, "a", "", "utc", "2027-07-01T10:00:00Z", "2027-07-01T10:01:00Z", "CONFIRMED", "A beat"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        expect(of, feed, &all[i]);
    }
}

static const char *const days[] = {"2027-04-25", "2027-10-31", "2027-12-31", "2028-03-12"};

static void expect_place(const struct constellation *of, const char *feed, const char *place,
                         const char *said, const char *start, const char *end, const char *status)
{
    bool is_decided = strcmp(status, "CANCELLED") == 0; /* in the feed of what is not in force */
    struct record_id hash;
    char hex[RECORD_ID_TEXT_SIZE];
    char suffix[24];
    char title[64];
    record_id_of((const uint8_t *)place, strlen(place), &hash);
    record_id_write(&hash, hex);
    snprintf(suffix, sizeof suffix, ".%.16s", hex);
    snprintf(title, sizeof title, "%sSunset · %s", is_decided ? "Confirmed: " : "", said);
    expect(of, feed, &(struct event){7, "a", suffix, "utc", start, end, status, title});
}

/* The wave by the clock, for readers of whatever zone. */
static void expect_days(const struct constellation *of, const char *feed, const char *status,
                        const char *title)
{
    for (size_t d = 0; d < 4; d++) {
        char key[2] = {(char)('a' + d), '\0'};
        char after[STAMP_TEXT_SIZE];
        struct civil_date date;
        assert_true(stamp_read_date(days[d], strlen(days[d]), &date));
        stamp_write_date(civil_from_day_number(civil_day_number(date) + 1), after);
        expect(of, feed, &(struct event){6, key, "", "date", days[d], after, status, title});
    }
}

/* What was a proposal until enough had signed. */
static void expect_decided(const struct constellation *of, const char *feed)
{
    char title[sizeof long_title + 16];
    snprintf(title, sizeof title, "Confirmed: %s", long_title);
    const struct event all[] = {
        {1, "2027", "", "utc", "2027-08-02T08:25:00Z", "2027-08-02T08:26:00Z", "CANCELLED",
         "Confirmed: Minute"},
        {1, "2028", "", "utc", "2028-08-02T08:25:00Z", "2028-08-02T08:26:00Z", "CANCELLED",
         "Confirmed: Minute"},
        {2, "2027", "", "date", "2027-04-24", "2027-04-26", "CANCELLED", "Confirmed: Murals"},
        {5, "a", "", "utc", "2027-06-01T10:00:00Z", "2027-06-01T11:00:00Z", "CANCELLED", title},
        {8, "a", "", "utc", "2027-07-01T10:00:00Z", "2027-07-01T10:01:00Z", "CANCELLED",
         "Confirmed: A beat"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        expect(of, feed, &all[i]);
    }
    expect_days(of, feed, "CANCELLED", "02:30 · Confirmed: Candles");
    expect_place(of, feed, "Bologna", "Bologna", "2027-06-21T19:03:11Z", "2027-06-21T19:18:11Z",
                 "CANCELLED");
    expect_place(of, feed, "Lisboa", "Lisbon", "2027-06-21T20:05:11Z", "2027-06-21T20:20:11Z",
                 "CANCELLED");
}

/* One subscription holds everything, for somebody in a zone and for somebody anywhere. */
static void expect_all(const struct constellation *of)
{
    char feed[SITE_PATH_SIZE];
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        snprintf(feed, sizeof feed, "it/%.16s/%s.ics", of->root_id, zones[z]);
        expect_shared(of, feed);
        for (size_t d = 0; d < 4; d++) {
            char key[2] = {(char)('a' + d), '\0'};
            char start[64];
            char end[64];
            snprintf(start, sizeof start, "%sT02:30:00", days[d]);
            snprintf(end, sizeof end, "%sT02:45:00", days[d]);
            expect(of, feed,
                   &(struct event){6, key, "", "local", start, end, "CONFIRMED", "Candles"});
        }
        if (strcmp(zones[z], "Europe/Rome") == 0) {
            expect_place(of, feed, "Bologna", "Bologna", "2027-06-21T19:03:11Z",
                         "2027-06-21T19:18:11Z", "CONFIRMED");
        }
    }
    snprintf(feed, sizeof feed, "it/%.16s.ics", of->root_id);
    expect_shared(of, feed);
    expect_days(of, feed, "CONFIRMED", "02:30 · Candles");
    expect_place(of, feed, "Bologna", "Bologna", "2027-06-21T19:03:11Z", "2027-06-21T19:18:11Z",
                 "CONFIRMED");
    expect_place(of, feed, "Lisboa", "Lisbona", "2027-06-21T20:05:11Z", "2027-06-21T20:20:11Z",
                 "CONFIRMED");
    snprintf(feed, sizeof feed, "plain/%.16s-tentative.ics", of->root_id);
    expect(of, feed,
           &(struct event){3, "a", "", "utc", "2027-02-28T23:59:30Z", "2027-03-01T00:01:00Z",
                           "TENTATIVE", "not yet confirmed (1/2): Perhaps"});
    expect_decided(of, feed);
}

static void stock_programs_read_what_was_meant(void **state)
{
    (void)state;
    uint8_t seed[32];
    uint8_t id[8];
    memset(seed, 9, sizeof seed);
    memset(id, 9, sizeof id);
    struct trust_secret *key = trust_secret_new(seed, id);
    struct record_public_key public;
    trust_secret_public(key, &public);
    char base64[RECORD_PUBLIC_KEY_TEXT_SIZE];
    record_public_key_write(&public, base64);
    char line[256];
    snprintf(line, sizeof line, "feed: %s https://example.org/f/\n", base64);

    struct constellation of;
    constellation_init(&of, "Bologna; remembers, \"all\"", line);
    expected = fopen("expected.tsv", "w");
    assert_non_null(expected);
    declare(&of);
    expect_all(&of);

    struct view *view = constellation_view(&of, now);
    struct zoneinfo *info = zoneinfo_open(NULL);
    struct site_request request = {
        .source =
            {
                .view = view,
                .entry = of.entry,
                .entry_count = of.count,
                .leap = leap_builtin(),
                .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
                .now = at_instant(now),
            },
        .zoneinfo = info,
        .zone = zones,
        .zone_count = sizeof zones / sizeof *zones,
        .url = "https://example.org/f/",
        .key = key,
    };
    struct site site = {0};
    struct site_error error = {{0}};
    size_t signed_count;
    assert_int_equal(site_build(&request, &site, &signed_count, &error), SITE_OK);
    assert_int_equal(site_finish(&site, &error), SITE_OK);
    assert_int_equal(site_save(&site, "site", &linked, &error), SITE_OK);
    assert_int_equal(fclose(expected), 0);

    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "site/it/%.16s.ics", of.root_id);
    assert_int_equal(run((const char *const[]){"minisign", "-Vqm", path, "-P", base64, NULL}), 0);
    snprintf(path, sizeof path, "site/it/%.16s/Europe/Rome.ics", of.root_id);
    assert_int_equal(run((const char *const[]){"minisign", "-Vqm", path, "-P", base64, NULL}), 0);
    FILE *spoil = fopen(path, "a");
    assert_non_null(spoil);
    fputs("X", spoil);
    fclose(spoil);
    assert_int_not_equal(run((const char *const[]){"minisign", "-Vqm", path, "-P", base64, NULL}),
                         0);

    /* what was spoiled is not handed out, and an export mends it */
    size_t loaded = 0;
    assert_int_equal(load_all("site", &loaded, &error), SITE_UNSOUND);
    assert_int_equal(site_save(&site, "site", &linked, &error), SITE_OK);
    assert_int_equal(load_all("site", &loaded, &error), SITE_OK);
    assert_int_equal(loaded, site.count);

    assert_int_equal(run((const char *const[]){"/usr/bin/python3",
                                               (SOURCE_DIR "/tests/real/peers/read_feeds.py"),
                                               "site", "expected.tsv", NULL}),
                     0);
    assert_int_equal(
        run((const char *const[]){
            "/usr/bin/python3", (SOURCE_DIR "/tests/real/peers/read_machine.py"), "site",
            "expected.tsv", (SOURCE_DIR "/scheduler/host/feeds/events.schema.json"), NULL}),
        0);
    site_free(&site);
    zoneinfo_close(info);
    trust_secret_free(key);
    view_free(view);
    constellation_free(&of);
}

static void put_file(struct site *site, const char *path, const char *text)
{
    struct site_error error;
    assert_int_equal(site_take(site, path, (uint8_t *)strdup(text), strlen(text), &error), SITE_OK);
}

static void an_export_keeps_the_folder_exactly(void **state)
{
    (void)state;
    struct site_error error;
    struct site one = {0};
    put_file(&one, "a/b/c.ics", "1");
    put_file(&one, "same.css", "2");
    assert_int_equal(site_finish(&one, &error), SITE_OK);
    assert_int_equal(site_save(&one, "kept", &linked, &error), SITE_OK);
    write_text("kept/of-a-person.txt", "hello");
    struct stat before;
    assert_int_equal(stat("kept/same.css", &before), 0);

    struct site two = {0};
    put_file(&two, "same.css", "2");
    put_file(&two, "d.ics", "3");
    assert_int_equal(site_finish(&two, &error), SITE_OK);
    assert_int_equal(site_save(&two, "kept", &linked, &error), SITE_OK);
    struct stat after;
    assert_int_equal(stat("kept/same.css", &after), 0);
    assert_int_equal(after.st_ino, before.st_ino); /* untouched */
    assert_int_equal(access("kept/a", F_OK), -1);
    assert_int_equal(access("kept/d.ics", F_OK), 0);
    assert_int_equal(access("kept/of-a-person.txt", F_OK), 0);
    size_t loaded = 0;
    assert_int_equal(load_all("kept", &loaded, &error), SITE_OK);
    assert_int_equal(loaded, 3); /* the index is one */
    assert_false(is_listed("kept", "of-a-person.txt"));

    /* a folder with other things, and no index, is not ours */
    assert_int_equal(mkdir("person", 0755), 0);
    write_text("person/diary.txt", "hello");
    assert_int_equal(site_save(&two, "person", &linked, &error), SITE_UNSOUND);
    assert_non_null(strstr(error.message, "give an empty or a new folder"));

    /* an index that asks for more than the folder's own files */
    write_text("kept/index.tsv",
               "path\tsize\tblake2b\n../expected.tsv\t1\t"
               "0000000000000000000000000000000000000000000000000000000000000000\n");
    assert_int_equal(load_all("kept", &loaded, &error), SITE_UNSOUND);
    write_text("kept/index.tsv", "path\tsize\tblake2b\nd.ics\t1");
    assert_int_equal(load_all("kept", &loaded, &error), SITE_UNSOUND);
    assert_int_equal(unlink("kept/d.ics"), 0);
    assert_int_equal(symlink("/etc/hostname", "kept/d.ics"), 0);
    write_text("kept/index.tsv",
               "path\tsize\tblake2b\nd.ics\t1\t"
               "0000000000000000000000000000000000000000000000000000000000000000\n");
    assert_int_equal(load_all("kept", &loaded, &error), SITE_FAILED);
    site_free(&one);
    site_free(&two);
}

static struct site numbered(int number, const char *last)
{
    struct site site = {0};
    struct site_error error;
    for (int i = 0; i < 20; i++) {
        char path[32];
        char text[64];
        snprintf(path, sizeof path, "f/%d.ics", i);
        snprintf(text, sizeof text, "%d of %d", i, number);
        put_file(&site, path, text);
    }
    put_file(&site, "z.ics", last);
    assert_int_equal(site_finish(&site, &error), SITE_OK);
    return site;
}

/* As by a server's orphan, a person and a timer. */
static void exports_at_once_do_not_meet(void **state)
{
    (void)state;
    enum { WRITERS = 3, EXPORTS = 100 };
    pid_t writer[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writer[i] = fork();
        assert_true(writer[i] >= 0);
        if (writer[i] == 0) {
            for (int k = 0; k < EXPORTS; k++) {
                struct site site = numbered(EXPORTS * i + k, "last");
                size_t loaded = 0;
                struct site_error error = {{0}};
                if (site_save(&site, "shared", &linked, &error) != SITE_OK ||
                    load_all("shared", &loaded, &error) != SITE_OK) {
                    fprintf(stderr, "%s\n", error.message);
                    _exit(1);
                }
                site_free(&site);
            }
            _exit(0);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writer[i], &status, 0), writer[i]);
        assert_int_equal(status, 0);
    }
}

static void a_first_export_that_was_cut_short_is_made_again(void **state)
{
    (void)state;
    struct site site = numbered(0, "this one does not fit in twenty bytes");
    struct site_error error;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){20, before.rlim_max});
    assert_int_equal(site_save(&site, "cut", &linked, &error), SITE_FAILED);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(access("cut/f/0.ics", F_OK), 0);
    assert_int_equal(site_save(&site, "cut", &linked, &error), SITE_OK);
    size_t loaded = 0;
    assert_int_equal(load_all("cut", &loaded, &error), SITE_OK);
    assert_int_equal(loaded, site.count);
    site_free(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_programs_read_what_was_meant),
        cmocka_unit_test(an_export_keeps_the_folder_exactly),
        cmocka_unit_test(exports_at_once_do_not_meet),
        cmocka_unit_test(a_first_export_that_was_cut_short_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
