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

/* A later date than ours is no proof either: it may have come with other bytes. */
static void only_the_very_date_is_unchanged(void **state)
{
    (void)state;
    const struct content content = {.modified = {NOW.ns - NOW.ns % NS_PER_S}};
    assert_true(routes_unchanged_since(&content, "Wed, 18 Nov 2026 11:06:40 GMT"));
    static const char *const others[] = {"Wed, 18 Nov 2026 11:06:39 GMT",
                                         "Wed, 18 Nov 2026 11:06:41 GMT", "junk", "",
                                         "Sun, 06 Nov 2107 08:49:37 GMT"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(routes_unchanged_since(&content, others[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_read_in_its_three_forms),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_date_written_is_read_again),
        cmocka_unit_test(only_the_very_date_is_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
