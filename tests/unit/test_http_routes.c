/* links: site instants */
#include "check.h"

#include "http/date.h"
#include "http/routes.h"

static const utc NOW = {INT64_C(1795000000) * NS_PER_S + 123}; /* 2026-11-18T11:06:40Z */

static void a_date_is_read_in_its_three_forms(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT \t"};
    utc at;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_true(http_date_read(forms[i], NOW, &at));
        assert_int_equal(at.ns, INT64_C(784111777) * NS_PER_S); /* date -d, GNU coreutils */
    }
    assert_true(http_date_read("Monday, 23-Nov-76 12:00:00 GMT", NOW, &at));
    assert_int_equal(at.ns, INT64_C(3373358400) * NS_PER_S); /* 2076 */
    assert_true(http_date_read("Wednesday, 23-Nov-77 12:00:00 GMT", NOW, &at));
    assert_int_equal(at.ns, INT64_C(249134400) * NS_PER_S); /* 1977 */
    assert_true(http_date_read("Sat, 31 Dec 2016 23:59:60 GMT", NOW, &at));
    assert_int_equal(at.ns, INT64_C(1483228799) * NS_PER_S);
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "junk",
        "0",
        "Sun",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sunday Nov  6 08:49:37 1994",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 0094 08:49:37 GMT",
        "Sun, 06 Nov 9999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994 GMT",
        "1994-11-06T08:49:37Z"};
    utc at;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (http_date_read(bad[i], NOW, &at)) {
            print_error("\"%s\" was read\n", bad[i]);
            fail();
        }
    }
}

static void a_date_written_is_read_again(void **state)
{
    (void)state;
    char text[HTTP_DATE_SIZE];
    http_date_write(NOW, text);
    assert_string_equal(text, "Wed, 18 Nov 2026 11:06:40 GMT");
    utc at;
    for (int64_t s = UTC_EARLIEST_S; s < UTC_LATEST_S; s += 10000019) {
        http_date_write((utc){s * NS_PER_S}, text);
        assert_true(http_date_read(text, NOW, &at));
        assert_int_equal(at.ns, s * NS_PER_S);
    }
}

static const char *modified(const struct routes *routes, const char *path)
{
    return MHD_get_response_header(routes_find(routes, path)->plain.answer, "Last-Modified");
}

/* The site with other bytes for its first file, seconds after NOW. */
static void show(struct site *site, char first, int64_t seconds, struct routes *routes)
{
    site->file[0].bytes[0] = (uint8_t)first;
    assert_true(routes_build(site, (utc){NOW.ns + seconds * NS_PER_S}, routes, routes));
}

static void a_path_is_modified_when_its_bytes_change(void **state)
{
    (void)state;
    struct site site = {0};
    struct site_error why;
    struct routes routes = {0};
    assert_int_equal(site_take(&site, "a.ics", (uint8_t *)strdup("1"), 1, &why), SITE_OK);
    assert_int_equal(site_take(&site, "b.ics", (uint8_t *)strdup("1"), 1, &why), SITE_OK);
    assert_int_equal(site_finish(&site, &why), SITE_OK);
    show(&site, '1', 0, &routes);
    assert_string_equal(modified(&routes, "/a.ics"), "Wed, 18 Nov 2026 11:06:40 GMT");
    show(&site, '1', 5, &routes);
    assert_string_equal(modified(&routes, "/a.ics"), "Wed, 18 Nov 2026 11:06:40 GMT");
    show(&site, '2', 10, &routes);
    assert_string_equal(modified(&routes, "/a.ics"), "Wed, 18 Nov 2026 11:06:50 GMT");
    assert_string_equal(modified(&routes, "/b.ics"), "Wed, 18 Nov 2026 11:06:40 GMT");

    /* twice in a second, then a clock that has gone back: a date would lie */
    show(&site, '3', 10, &routes);
    assert_null(modified(&routes, "/a.ics"));
    show(&site, '4', 3, &routes);
    assert_null(modified(&routes, "/a.ics"));
    assert_false(routes_unchanged_since(routes_find(&routes, "/a.ics"),
                                        "Wed, 18 Nov 2026 11:06:50 GMT",
                                        (utc){NOW.ns + 20 * NS_PER_S}));
    show(&site, '5', 11, &routes);
    assert_string_equal(modified(&routes, "/a.ics"), "Wed, 18 Nov 2026 11:06:51 GMT");
    routes_free(&routes);

    show(&site, '5', -(NOW.ns / NS_PER_S), &routes); /* a clock that is not set */
    assert_null(modified(&routes, "/a.ics"));
    routes_free(&routes);
    site_free(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_read_in_its_three_forms),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_date_written_is_read_again),
        cmocka_unit_test(a_path_is_modified_when_its_bytes_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
