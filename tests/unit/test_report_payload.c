#include "check.h"

#include <stdio.h>
#include <string.h>

#include "report/payload.h"

static void a_path_is_a_topic_and_a_name_becomes_one(void **state)
{
    (void)state;
    struct report_site site;
    assert_true(report_site_make("garden/bell.1", "Garden", &site));
    assert_string_equal(site.base, "garden/bell.1");
    assert_string_equal(site.node, "garden_bell_1");
    assert_true(report_site_make("", "The b\u00e9ll", &site));
    assert_string_equal(site.base, "tocsin/The_b__ll");
    static const char *const bad[] = {"a+b", "a/#", "a//b", "a/", "a b", "a\"b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(report_site_make(bad[i], "x", &site));
    }
    char longest[REPORT_BASE_SIZE];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_false(report_site_make(longest, "x", &site));
}

/* The longest of everything, with whatever must be escaped, is a whole object. */
static void every_payload_is_whole(void **state)
{
    (void)state;
    char topic[REPORT_TEXT_SIZE], out[REPORT_TEXT_SIZE], name[REPORT_NAME_SIZE], path[100];
    memset(name, '"', sizeof name);
    name[sizeof name - 1] = '\0';
    memset(path, 'p', sizeof path);
    path[sizeof path - 1] = '\0';
    struct report_site site;
    assert_true(report_site_make(path, name, &site));
    size_t count = 0;
    for (; report_announce(&site, count, topic, out); count++) {
        assert_true(strlen(topic) < 200 && strlen(out) + 1 < sizeof out);
        assert_int_equal(out[strlen(out) - 1], '}');
        assert_non_null(strstr(out, "\"availability_topic\":\"~/availability\""));
    }
    assert_int_equal(count, REPORT_ENTITIES);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    char out[REPORT_TEXT_SIZE];
    report_state_write(&(struct report_state){.state = "nothing"}, out);
    assert_string_equal(out, "{\"state\":\"nothing\",\"next\":null,\"doubt_ms\":null,\"beacons\":0,"
                             "\"brokers\":0}");
    report_state_write(&(struct report_state){.state = "now",
                                              .has_next = true,
                                              .next = {1785659100 * NS_PER_S},
                                              .end = {1785659160 * NS_PER_S},
                                              .title = "A \"minute\"",
                                              .gesture = "silence",
                                              .tone = "mourning",
                                              .has_doubt = true,
                                              .doubt = {2500 * NS_PER_US},
                                              .is_drill = true},
                       out);
    assert_string_equal(
        out,
        "{\"state\":\"now\",\"next\":\"2026-08-02T08:25:00Z\",\"end\":\"2026-08-02T08:26:00Z\","
        "\"title\":\"A \\\"minute\\\"\",\"gesture\":\"silence\",\"tone\":\"mourning\","
        "\"doubt_ms\":2.500,\"beacons\":0,\"brokers\":0,\"drill\":true}");
    report_event_write(&(struct report_event){.type = "started", .has_late = true, .late = {1500}},
                       out);
    assert_string_equal(out, "{\"event_type\":\"started\",\"late_us\":1.500}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_a_topic_and_a_name_becomes_one),
        cmocka_unit_test(every_payload_is_whole),
        cmocka_unit_test(what_is_not_known_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
