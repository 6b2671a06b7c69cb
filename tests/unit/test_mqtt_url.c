#include "check.h"

#include "mqtt/url.h"

static void broker_urls_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        int port;
        bool is_tls;
    } good[] = {
        {"mqtt://localhost", "localhost", 1883, false},
        {"mqtts://broker.example", "broker.example", 8883, true},
        {"MQTTS://broker.example", "broker.example", 8883, true},
        {"mqtt://127.0.0.1:65535", "127.0.0.1", 65535, false},
        {"mqtt://[::1]:1", "::1", 1, false},
        {"mqtts://[2001:db8::1]", "2001:db8::1", 8883, true},
        {"unix:/run/mosquitto.sock", "/run/mosquitto.sock", 0, false},
    };
    const char *why;
    struct mqtt_url url;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(mqtt_url_read(good[i].text, &url, &why));
        assert_string_equal(url.host, good[i].host);
        assert_int_equal(url.port, good[i].port);
        assert_int_equal(url.is_tls, good[i].is_tls);
    }
    static const char *const bad[] = {
        "",           "mqtt://",         "mqtt://:1883",     "mqtt://a:0",     "mqtt://a:65536",
        "mqtt://a:",  "mqtt://a:1x",     "mqtt://a:-1",      "mqtt://u@a",     "mqtt://u:p@a",
        "mqtt://a/b", "mqtt://a?b",      "http://a",         "mqtt:/a",        "unix:",
        "unix:a",     "mqtt://[::1",     "mqtt://[::1]1883", "mqtt://a b",     "ws://a",
        "MQTT:/a",    "mqtt://a:000001", "mqtt://[]",        "mqtt://a:18 83", "mqtt://a:01883",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why = NULL;
        assert_false(mqtt_url_read(bad[i], &url, &why));
        assert_non_null(why);
    }
    char text[400] = "mqtt://";
    memset(text + 7, 'a', 300);
    assert_false(mqtt_url_read(text, &url, &why));
    text[7 + 255] = '\0';
    assert_true(mqtt_url_read(text, &url, &why));
    strcpy(text, "unix:/");
    memset(text + 6, 'a', 107);
    text[5 + 108] = '\0';
    assert_false(mqtt_url_read(text, &url, &why));
    text[5 + 107] = '\0';
    assert_true(mqtt_url_read(text, &url, &why));
}

static void a_space_in_a_url_is_what_is_blamed(void **state)
{
    (void)state;
    static const char *const bad[] = {"mqtt://127.0.0.1:18 83", "mqtt:// h", "mqtts://h\t/x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mqtt_url url;
        const char *why = NULL;
        assert_false(mqtt_url_read(bad[i], &url, &why));
        assert_non_null(strstr(why, "no space"));
    }
}

static void brokers_of_this_machine_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_local;
    } cases[] = {
        {"unix:/run/broker", true},   {"mqtt://localhost", true},
        {"mqtt://127.0.0.1:9", true}, {"mqtts://[::1]:9", true},
        {"mqtt://127.3.2.1", true},   {"mqtt://127.example", false},
        {"mqtt://10.0.0.1", false},   {"mqtt://localhost.org", false},
        {"mqtt://[::2]", false},      {"mqtt://27.127.0.1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why;
        struct mqtt_url url;
        assert_true(mqtt_url_read(cases[i].text, &url, &why));
        assert_int_equal(mqtt_url_is_local(&url), cases[i].is_local);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broker_urls_are_read_strictly),
        cmocka_unit_test(a_space_in_a_url_is_what_is_blamed),
        cmocka_unit_test(brokers_of_this_machine_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
