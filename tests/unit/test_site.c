/* links: zoneinfo */
#include "constellation.h"

#include "site/site.h"

static const char *const now = "2026-11-23T09:30:00Z";

static struct trust_secret *a_key(uint8_t fill)
{
    uint8_t seed[32];
    uint8_t id[8];
    memset(seed, fill, sizeof seed);
    memset(id, fill, sizeof id);
    struct trust_secret *secret = trust_secret_new(seed, id);
    assert_non_null(secret);
    return secret;
}

static void add_windows(struct constellation *of)
{
    char text[2048];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n"
             "title: Silence <b>\"&'\ntitle.ar: صمت\ntitle.he: שקט\ntitle.it: Silenzio\ngesture: "
             "silence\n"
             "tone: mourning\nrule: 2 august at 10:25 in Europe/Rome for 1m\n"
             "at: 2027 2027-08-02T08:25:00Z\nfor: 1m\nrest: 24h\nexpires: 2035-01-01T00:00:00Z\n",
             of->root_id, 1U);
    constellation_add(of, text, 2);
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n"
             "title: Candles\ngesture: candles\ntone: vigil\nrule: 25 april at 20:00 everywhere\n"
             "on: 2027 2027-04-25\nwave: 20:00\nfor: 15m\nexpires: 2035-01-01T00:00:00Z\n",
             of->root_id, 2U);
    constellation_add(of, text, 1);
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n"
             "title: Sunset\ngesture: candles\ntone: vigil\nrule: 21 june at sunset at Bologna\n"
             "on: 2027 2027-06-21\nwave: place\nat: 2027 2027-06-21T19:03:11Z Bologna\n"
             "at: 2027 2027-06-21T20:03:11Z ../../etc/passwd\nfor: 15m\n"
             "expires: 2035-01-01T00:00:00Z\n",
             of->root_id, 3U);
    constellation_add(of, text, 2);
}

struct built {
    struct constellation of;
    struct view *view;
    struct zoneinfo *zones;
    struct trust_secret *key;
    struct site site;
    size_t signed_count;
};

/* named: whether the root names the key that signs. */
static void build(struct built *built, bool named, const char *url)
{
    built->key = a_key(7);
    struct record_public_key public;
    trust_secret_public(built->key, &public);
    char base64[RECORD_PUBLIC_KEY_TEXT_SIZE];
    record_public_key_write(&public, base64);
    char line[256];
    snprintf(line, sizeof line, "feed: %s https://example.org/f/\n", base64);
    constellation_init(&built->of, "Bologna <remembers> & \"more\"", named ? line : "");
    add_windows(&built->of);
    built->view = constellation_view(&built->of, now);
    built->zones = zoneinfo_open(NULL);
    assert_non_null(built->zones);
    static const char *const zone[] = {"Europe/Rome", "Africa/Casablanca", "Asia/Calcutta",
                                       "Asia/Kolkata"};
    struct site_request request = {
        .source =
            {
                .view = built->view,
                .entry = built->of.entry,
                .entry_count = built->of.count,
                .leap = leap_builtin(),
                .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
                .now = at_instant(now),
            },
        .zoneinfo = built->zones,
        .zone = zone,
        .zone_count = 4,
        .url = url,
        .key = built->key,
    };
    struct site_error error = {{0}};
    built->site = (struct site){0};
    if (site_build(&request, &built->site, &built->signed_count, &error) != SITE_OK ||
        site_finish(&built->site, &error) != SITE_OK) {
        print_error("%s\n", error.message);
        fail();
    }
}

static void unbuild(struct built *built)
{
    site_free(&built->site);
    zoneinfo_close(built->zones);
    trust_secret_free(built->key);
    view_free(built->view);
    constellation_free(&built->of);
}

/* What most cases look at, made once: without an address, and with one. */
static struct built without_address, with_address;

static int build_all(void **state)
{
    (void)state;
    build(&without_address, true, NULL);
    build(&with_address, true, "https://example.org/f/");
    return 0;
}

static int unbuild_all(void **state)
{
    (void)state;
    unbuild(&without_address);
    unbuild(&with_address);
    return 0;
}

static const struct site_content *file(const struct built *built, const char *folder,
                                       const char *more)
{
    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "%s%.16s%s", folder, built->of.root_id, more);
    const struct site_content *found = site_find(&built->site, path);
    if (found == NULL) {
        print_error("no %s\n", path);
        fail();
    }
    return found;
}

static bool holds(const struct site_content *in, const char *what)
{
    return memmem(in->bytes, in->size, what, strlen(what)) != NULL;
}

static void a_site_holds_feeds_pages_and_an_index(void **state)
{
    (void)state;
    const struct built *built = &without_address;
    static const char *const folders[] = {"plain/", "ar/", "it/", "mul/"};
    static const char *const sunset[] = {"Sunset · Bologna", "Sunset · بولونيا", "Sunset · Bologna",
                                         "Sunset · Bologna"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(holds(file(built, folders[i], ".ics"), "END:VCALENDAR\r\n"));
        file(built, folders[i], ".ics.minisig");
        assert_true(holds(file(built, folders[i], "/Europe/Rome.ics"), sunset[i]));
        assert_ptr_equal(file(built, folders[i], "/Asia/Calcutta.ics"),
                         file(built, folders[i], "/Asia/Kolkata.ics"));
        assert_false(holds(file(built, folders[i], "/Africa/Casablanca.ics"), "Bologna\r\n"));
        file(built, folders[i], "/gesture/silence.ics");
        file(built, folders[i], "/window/00000000000000000000000000000001.ics");
    }
    assert_true(holds(file(built, "plain/", "-tentative.ics"), "not yet confirmed (1/2): Candles"));
    assert_true(holds(file(built, "plain/", "/Europe/Rome-alarm.ics"), "BEGIN:VALARM"));
    assert_true(holds(file(built, "plain/", ".ics"), "· ../../etc/passwd")); /* as a place's name */
    for (size_t i = 0; i < built->site.count; i++) {
        assert_true(site_path_is_sound(built->site.file[i].path));
    }
    assert_true(holds(file(built, "it/", "/window/00000000000000000000000000000003.html"),
                      "comincia lì; giorno e notte come alle 19:03 UTC</figcaption>"));
    const struct site_content *index = site_find(&built->site, SITE_INDEX);
    assert_non_null(index);
    assert_true(holds(index, "style.css\t"));
}

static void signatures_are_by_the_site_key_that_the_root_names(void **state)
{
    (void)state;
    const struct built *built = &without_address;
    const struct site_content *feed = file(built, "it/", ".ics");
    const struct site_content *beside = file(built, "it/", ".ics.minisig");
    struct trust_signature signature;
    struct record_public_key public;
    trust_secret_public(built->key, &public);
    assert_int_equal(trust_signature_read(beside->bytes, beside->size, &signature), TRUST_OK);
    assert_int_equal(trust_verify(&signature, &public, feed->bytes, feed->size), TRUST_OK);
    char comment[2 * SITE_PATH_SIZE];
    snprintf(comment, sizeof comment, "tocsin feed it/%.16s.ics", built->of.root_id);
    assert_string_equal(signature.comment, comment);
    size_t feeds = 0;
    for (size_t i = 0; i < built->site.count; i++) {
        size_t len = strlen(built->site.file[i].path);
        feeds += len > 4 && strcmp(built->site.file[i].path + len - 4, ".ics") == 0;
    }
    assert_int_equal(built->signed_count, feeds);

    struct built unnamed;
    build(&unnamed, false, NULL);
    assert_int_equal(unnamed.signed_count, 0);
    unbuild(&unnamed);
}

static void pages_escape_what_people_wrote_and_show_the_root(void **state)
{
    (void)state;
    const struct built *built = &with_address;
    const struct site_content *page = site_find(&built->site, "it/index.html");
    assert_non_null(page);
    assert_true(holds(page, "<html lang=\"it\">"));
    assert_true(holds(page, "Bologna &lt;remembers&gt; &amp; &quot;more&quot;"));
    assert_false(holds(page, "<remembers>"));
    assert_true(holds(page, "Iscriviti"));
    assert_true(holds(page, "href=\"webcal://example.org/f/it/"));
    assert_true(holds(page, "href=\"https://example.org/f/it/"));
    assert_true(holds(page, "<svg class=\"qr\""));
    assert_true(holds(page, "datetime=\"2027-08-02T08:25:00Z\">lunedì 2 agosto 2027</time>"));
    assert_true(holds(page, "<b data-f=\"hour\">10:25</b>")); /* Rome's clock, before any script */
    assert_true(holds(page, "<span dir=\"ltr\">08:25 UTC</span>"));
    assert_true(holds(page, "minisign -Vm "));
    assert_false(holds(page, "style=\""));
    assert_false(holds(page, " onclick"));
    for (size_t i = 0; i < 64; i += 4) {
        char group[32];
        snprintf(group, sizeof group, "<span>%.4s</span>", built->of.root_id + i);
        assert_true(holds(page, group));
    }
    assert_true(holds(site_find(&built->site, "ar/index.html"), "<html lang=\"ar\" dir=\"rtl\">"));
    const struct site_content *plain = site_find(&built->site, "index.html");
    assert_true(holds(plain, "Silence &lt;b&gt;&quot;&amp;&#39;"));
    assert_true(holds(plain, "Not yet confirmed (1)"));
    assert_true(holds(plain, "Signed by 1 of 3 organizers"));
    assert_false(holds(plain, "<b>"));
    assert_false(holds(site_find(&without_address.site, "it/index.html"), "\"webcal:"));
}

/* A title in a language that the page does not speak says so; the page's own words keep theirs.
 * (A page with English words from right to left tore dates and titles apart.) */
static void a_page_speaks_one_language_and_marks_the_others(void **state)
{
    (void)state;
    const struct built *built = &without_address;
    const struct site_content *hebrew = site_find(&built->site, "he/index.html");
    assert_true(holds(hebrew, "<html lang=\"he\" dir=\"rtl\">"));
    assert_true(holds(hebrew, "dir=\"auto\">שקט</a>"));
    assert_true(holds(hebrew, "dir=\"auto\" lang=\"\">Candles</a>"));
    assert_true(holds(hebrew, "lang=\"he\" aria-current=\"page\">"));
    const struct site_content *arabic = site_find(&built->site, "ar/index.html");
    assert_true(holds(arabic, "dir=\"auto\">صمت</a>"));
    assert_true(holds(arabic, "<bdi lang=\"\">Bologna"));
    assert_true(holds(site_find(&built->site, "index.html"),
                      " aria-current=\"page\">As it was written</a>"));

    /* a language that we speak and no title has: its words, and the feeds of the original */
    const struct site_content *japanese = site_find(&built->site, "ja/index.html");
    assert_true(holds(japanese, "<html lang=\"ja\">"));
    assert_true(holds(japanese, "カレンダーファイル"));
    assert_true(holds(japanese, "href=\"../plain/"));
    assert_null(site_find(&built->site, "ja/sky.ics"));

    const struct site_content *where = site_find(&built->site, "it/where.html");
    assert_true(holds(where, ">Casablanca</a>"));
    assert_true(holds(where, "<h2>Italia</h2>"));
    where = site_find(&built->site, "ja/where.html");
    assert_true(holds(where, "<h2>モロッコ</h2>") && holds(where, ">カサブランカ</a>"));
    assert_true(holds(where, "data-zone=\"Europe/Rome\""));
}

/* What is called off is never what comes next, and what too few have signed has no page. */
static void a_window_has_a_page_once_it_counts(void **state)
{
    (void)state;
    const struct built *built = &with_address;
    const struct site_content *page =
        file(built, "it/", "/window/00000000000000000000000000000001.html");
    assert_true(holds(page, "<h1><span dir=\"auto\">Silenzio</span></h1>"));
    assert_true(holds(page, "/window/00000000000000000000000000000001.ics\""));
    assert_true(holds(page, "\"startDate\":\"2027-08-02T08:25:00Z\""));
    assert_true(holds(page, "\"name\":\"Bologna \\u003cremembers\\u003e"));
    assert_true(holds(page, "Il riposo che segue: 1 giorno"));
    assert_true(holds(page, "property=\"og:url\" content=\"https://example.org/f/it/"));
    page = file(built, "plain/", "/window/00000000000000000000000000000003.html");
    assert_true(
        holds(page, "Europe/Rome 2027-06-21T19:03:11Z Bologna\n- 2027-06-21T20:03:11Z ../"));
    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "plain/%.16s/window/%032x.html", built->of.root_id, 2U);
    assert_null(site_find(&built->site, path));
}

/* A site without an address, a key or many zones; with the page for phones where a window has a
 * kit. */
static void build_with_kit(const struct constellation *of, const struct view *view,
                           const struct view_window *kit, struct site *site)
{
    struct zoneinfo *zones = zoneinfo_open(NULL);
    static const char *const zone[] = {"Europe/Rome"};
    const struct site_request request = {
        .source = {.view = view,
                   .entry = of->entry,
                   .entry_count = of->count,
                   .leap = leap_builtin(),
                   .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
                   .now = at_instant(now)},
        .zoneinfo = zones,
        .zone = zone,
        .zone_count = 1,
        .has_phones = kit != NULL,
        .kit = &kit,
        .kit_count = kit != NULL,
    };
    *site = (struct site){0};
    struct site_error error;
    size_t signed_count;
    assert_int_equal(site_build(&request, site, &signed_count, &error), SITE_OK);
    assert_int_equal(site_finish(site, &error), SITE_OK);
    zoneinfo_close(zones);
}

static void build_plain(const struct constellation *of, struct site *site)
{
    struct view *view = constellation_view(of, now);
    build_with_kit(of, view, NULL, site);
    view_free(view);
}

/* Not of another constellation's window that has the same uid. */
static void a_window_s_page_links_its_own_kit(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Bologna", "");
    add_windows(&of);
    struct view *view = constellation_view(&of, now);
    const struct view_window *own = NULL;
    for (size_t i = 0; i < view->window_count; i++) {
        own = view->window[i].uid.bytes[15] == 1 ? &view->window[i] : own;
    }
    assert_non_null(own);
    struct view_window namesake = *own;
    namesake.root.bytes[0] ^= 1;
    for (int is_own = 0; is_own < 2; is_own++) {
        struct site site;
        char path[SITE_PATH_SIZE], kit[SITE_PATH_SIZE];
        build_with_kit(&of, view, is_own ? own : &namesake, &site);
        snprintf(path, sizeof path, "it/%.16s/window/%032x.html", of.root_id, 1U);
        site_window_path(&own->root, &own->uid, "zip", kit);
        assert_non_null(site_find(&site, path));
        assert_int_equal(holds(site_find(&site, path), kit), is_own);
        site_free(&site);
    }
    view_free(view);
    constellation_free(&of);
}

/* Two changes that both have their signatures: what stood before holds, and the page says why. */
static void what_is_contested_is_said(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Valley", "");
    char text[1024];
    static const char form[] =
        "tocsin window 1\nroot: %s\nuid: %032x\nseq: %d\n%smade: 2026-11-2%dT12:00:00Z\n"
        "title: Night\ngesture: noise\ntone: vigil\nrule: as the at lines say\n"
        "at: a 2027-01-01T2%d:00:00Z\nfor: 15m\nexpires: 2035-01-01T00:00:00Z\n";
    snprintf(text, sizeof text, form, of.root_id, 1U, 0, "", 0, 0);
    const struct record *first = constellation_add(&of, text, 2);
    char id[RECORD_ID_TEXT_SIZE];
    char prev[96];
    record_id_write(&first->id, id);
    snprintf(prev, sizeof prev, "prev: %s\n", id);
    for (int rival = 1; rival <= 2; rival++) {
        snprintf(text, sizeof text, form, of.root_id, 1U, 1, prev, rival, rival);
        constellation_add(&of, text, 2);
        snprintf(text, sizeof text, form, of.root_id, 2U, 0, "", rival, rival);
        constellation_add(&of, text, 2); /* from the start: none of it holds */
    }
    struct site site;
    build_plain(&of, &site);
    const struct site_content *german = site_find(&site, "de/index.html");
    assert_true(holds(german, "<p class=\"warn\">Eine Änderung ist strittig"));
    assert_true(holds(german, "data-at=\"2027-01-01T20:00:00Z\""));
    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "de/%.16s/window/%032x.html", of.root_id, 2U);
    assert_true(holds(site_find(&site, path), "class=\"next off\""));
    assert_false(holds(site_find(&site, path), "2.ics")); /* no feed of its own */
    site_free(&site);
    constellation_free(&of);
}

/* A window that was cancelled (1), one whose dates an amendment all took back (2), and one that has
 * lost a single date (3); of the second the first date was held. */
static void add_called_off(struct constellation *of)
{
    static const char form[] =
        "tocsin window 1\nroot: %s\nuid: %032x\nseq: %d\n%smade: 2026-11-%02dT12:00:00Z\n"
        "title: Night\ngesture: noise\ntone: vigil\nrule: as the at lines say\n"
        "at: a 2026-11-%02dT20:00:00Z\nat: b 2027-01-03T21:00:00Z\n%sfor: 15m\n"
        "expires: 2035-01-01T00:00:00Z\n";
    for (unsigned uid = 1; uid <= 3; uid++) {
        char text[1024];
        char id[RECORD_ID_TEXT_SIZE];
        char prev[96];
        int first = uid == 2 ? 22 : 29;
        snprintf(text, sizeof text, form, of->root_id, uid, 0, "", 20, first, "");
        record_id_write(&constellation_add(of, text, 2)->id, id);
        snprintf(prev, sizeof prev, "prev: %s\n", id);
        if (uid == 1) {
            snprintf(text, sizeof text,
                     "tocsin cancel 1\nroot: %s\nuid: %032x\nseq: 1\n%s"
                     "made: 2026-11-22T12:00:00Z\nreason: A <storm> is near\n",
                     of->root_id, uid, prev);
        } else {
            snprintf(text, sizeof text, form, of->root_id, uid, 1, prev, 23, first, "off: b\n");
        }
        constellation_add(of, text, 2);
    }
}

/* What lay ahead and is called off did not take place: its page says so and why, and puts it in no
 * calendar and on no paper. */
static void what_is_called_off_says_so_on_its_page(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Valley", "");
    add_called_off(&of);
    struct site site;
    build_plain(&of, &site);
    for (unsigned uid = 1; uid <= 3; uid++) {
        char path[SITE_PATH_SIZE];
        snprintf(path, sizeof path, "de/%.16s/window/%032x.html", of.root_id, uid);
        const struct site_content *page = site_find(&site, path);
        assert_non_null(page);
        bool is_all = uid < 3;
        assert_int_equal(holds(page, "<h1>Abgesagt<br><s dir=\"auto\""), is_all);
        assert_int_equal(holds(page, "data-print hidden"), !is_all);
        assert_int_equal(holds(page, "Nur dies,"), !is_all);
        assert_int_equal(holds(page, "schema.org/EventCancelled"), is_all);
        assert_true(holds(page, "data-share"));
        assert_false(holds(page, "Es hat stattgefunden."));
        assert_true(holds(page, "<s><time data-f=\"date\" datetime=\"2027-01-03T21:00:00Z\">"));
        assert_int_equal(holds(page, "<s><time data-f=\"date\" datetime=\"2026-11-29T20:00:00Z\">"),
                         uid == 1);
        assert_int_equal(holds(page, "dir=\"auto\">A &lt;storm&gt; is near</p>"), uid == 1);
        assert_int_equal(
            holds(page, "name=\"description\" content=\"Abgesagt · A &lt;storm&gt; is near\""),
            uid == 1);
        snprintf(path, sizeof path, "%.16s/%032x.svg", of.root_id, uid);
        assert_int_equal(site_find(&site, path) != NULL, !is_all);
        assert_int_equal(holds(page, "class=\"map\""), !is_all);
    }
    site_free(&site);
    constellation_free(&of);
}

static void dates_in_a_row_have_the_comma_of_the_language(void **state)
{
    (void)state;
    struct constellation of;
    constellation_init(&of, "Valley", "");
    char text[1024];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n"
             "title: Night\ngesture: noise\ntone: vigil\nrule: as the at lines say\n"
             "at: a 2027-01-01T20:00:00Z\nat: b 2027-01-02T20:00:00Z\n"
             "at: c 2027-01-03T20:00:00Z\nfor: 15m\nexpires: 2035-01-01T00:00:00Z\n",
             of.root_id, 1U);
    constellation_add(&of, text, 2);
    struct site site;
    build_plain(&of, &site);
    assert_true(holds(site_find(&site, "de/index.html"), "</time>, <time data-then"));
    assert_true(holds(site_find(&site, "ar/index.html"), "</time>، <time data-then"));
    assert_true(holds(site_find(&site, "ja/index.html"), "</time>、<time data-then"));
    assert_true(holds(site_find(&site, "ja/index.html"), "日金曜日、20:00 UTC"));
    assert_true(holds(site_find(&site, "de/index.html"), "<span data-f=\"utc\" hidden>"));
    site_free(&site);
    constellation_free(&of);
}

/* Of more windows than the first page has room for, that page has those that come first, and says
 * where all are; a constellation without any says so, and where to subscribe all the same. */
static void few_windows_or_many_have_their_pages(void **state)
{
    (void)state;
    struct constellation many;
    struct constellation none;
    constellation_init(&many, "Many", "");
    constellation_init(&none, "None", "");
    for (unsigned i = 0; i < 26; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2026-11-20T12:00:00Z\n"
                 "title: Night %u.\ngesture: noise\ntone: vigil\nrule: every day at 20:00 UTC\n"
                 "at: a 2027-01-%02uT20:%02u:00Z\nfor: 15m\nexpires: 2035-01-01T00:00:00Z\n",
                 many.root_id, i + 1, i, 1 + i / 2, i);
        constellation_add(&many, text, 2);
    }
    for (size_t which = 0; which < 2; which++) {
        struct constellation *of = which == 0 ? &many : &none;
        struct site site;
        build_plain(of, &site);
        const struct site_content *index = site_find(&site, "index.html");
        char path[SITE_PATH_SIZE];
        snprintf(path, sizeof path, "%.16s.html", of->root_id);
        const struct site_content *all = site_find(&site, path);
        if (which == 0) {
            assert_true(holds(index, "All that is coming (26)</a>"));
            assert_true(holds(index, ">Night 23.</a>") && !holds(index, ">Night 24.</a>"));
            assert_non_null(all);
            assert_true(holds(all, ">Night 25.</a>"));
            assert_true(index->size < 60000);
        } else {
            assert_true(holds(index, "<section class=\"next\" data-none>"));
            assert_true(holds(index, "Nothing is declared for the time ahead."));
            assert_true(holds(index, "data-sub=\"main\""));
            assert_null(all);
        }
        site_free(&site);
        constellation_free(of);
    }
}

/* Where a relative link from a page leads to: false outside of the site. */
static bool resolve(const char *page, const char *link, size_t len, char out[SITE_PATH_SIZE])
{
    const char *slash = strrchr(page, '/');
    snprintf(out, SITE_PATH_SIZE, "%.*s", slash == NULL ? 0 : (int)(slash - page), page);
    while (len >= 3 && memcmp(link, "../", 3) == 0) {
        if (out[0] == '\0') {
            return false;
        }
        slash = strrchr(out, '/');
        out[slash == NULL ? 0 : slash - out] = '\0';
        link += 3;
        len -= 3;
    }
    size_t used = strlen(out);
    snprintf(out + used, SITE_PATH_SIZE - used, "%s%.*s", used > 0 ? "/" : "", (int)len, link);
    return true;
}

/* Every link and picture of a page leads to a file of the site. */
static void links_lead_somewhere(void **state)
{
    (void)state;
    const struct built *built = &without_address;
    char bundle[SITE_PATH_SIZE];
    struct record_id root;
    assert_true(record_id_read(built->of.root_id, 64, &root));
    site_root_bundle_path(&root, bundle);
    size_t links = 0;
    for (size_t i = 0; i < built->site.count; i++) {
        const char *name = built->site.file[i].path;
        if (strstr(name, ".html") == NULL) {
            continue;
        }
        const char *text = (const char *)built->site.content[built->site.file[i].content].bytes;
        static const char *const attribute[] = {"href=\"", "src=\""};
        for (size_t a = 0; a < 2; a++) {
            for (const char *at = text; (at = strstr(at, attribute[a])) != NULL; links++) {
                at += strlen(attribute[a]);
                size_t len = strcspn(at, "\"#");
                char target[SITE_PATH_SIZE];
                if (*at == '#') {
                    continue;
                }
                if (!resolve(name, at, len, target) ||
                    (strcmp(target, bundle) != 0 && site_find(&built->site, target) == NULL)) {
                    print_error("%s links to %.*s\n", name, (int)len, at);
                    fail();
                }
            }
        }
    }
    assert_true(links > 200);
}

static void only_sound_paths_are_taken(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    "/a",   "a/",  "a//b",  "..",    "../a", "a/../b",
                                      ".a",  "a/.b", "a b", "a\\b",  "a%2fb", "é",    "a\nb",
                                      "a:b", "a?b",  "~",   "a/./b", "a\x01", "*"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(site_path_is_sound(bad[i]));
    }
    static const char *const good[] = {"a", "a/b.ics", "it/0123/Etc/GMT+5.ics", "a_b-c.d"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(site_path_is_sound(good[i]));
    }
    struct site site = {0};
    struct site_error error;
    assert_int_equal(site_take(&site, "../a", calloc(1, 1), 1, &error), SITE_UNSOUND);
    assert_int_equal(site_take(&site, "a", calloc(1, 1), 1, &error), SITE_OK);
    assert_int_equal(site_take(&site, "a", calloc(1, 1), 1, &error), SITE_OK);
    assert_int_equal(site_finish(&site, &error), SITE_UNSOUND);
    site_free(&site);
}

static void building_again_gives_the_same_bytes(void **state)
{
    (void)state;
    const struct built *one = &with_address;
    struct built two;
    build(&two, true, "https://example.org/f/");
    assert_int_equal(one->site.count, two.site.count);
    for (size_t i = 0; i < one->site.count; i++) {
        assert_string_equal(one->site.file[i].path, two.site.file[i].path);
        assert_int_equal(one->site.file[i].content, two.site.file[i].content);
    }
    assert_int_equal(one->site.content_count, two.site.content_count);
    for (size_t i = 0; i < one->site.content_count; i++) {
        assert_memory_equal(one->site.content[i].hash, two.site.content[i].hash, SITE_HASH_SIZE);
    }
    unbuild(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_holds_feeds_pages_and_an_index),
        cmocka_unit_test(signatures_are_by_the_site_key_that_the_root_names),
        cmocka_unit_test(a_page_speaks_one_language_and_marks_the_others),
        cmocka_unit_test(a_window_has_a_page_once_it_counts),
        cmocka_unit_test(a_window_s_page_links_its_own_kit),
        cmocka_unit_test(few_windows_or_many_have_their_pages),
        cmocka_unit_test(what_is_contested_is_said),
        cmocka_unit_test(what_is_called_off_says_so_on_its_page),
        cmocka_unit_test(dates_in_a_row_have_the_comma_of_the_language),
        cmocka_unit_test(pages_escape_what_people_wrote_and_show_the_root),
        cmocka_unit_test(links_lead_somewhere),
        cmocka_unit_test(only_sound_paths_are_taken),
        cmocka_unit_test(building_again_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, build_all, unbuild_all);
}
