/* Pieces of text: equality, order, characters. */
#include "check.h"

#include "text/json.h"

static struct text of(const char *word)
{
    return (struct text){word, strlen(word)};
}

static void texts_are_compared_by_their_bytes(void **state)
{
    (void)state;
    const char *const ascending[] = {"", "a", "ab", "abc", "b", "\xc3\xa0"};
    for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 6; k++) {
            int order = text_compare(of(ascending[i]), of(ascending[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
            assert_int_equal(text_equal(of(ascending[i]), of(ascending[k])), i == k);
            assert_int_equal(text_is(of(ascending[i]), ascending[k]), i == k);
        }
    }
    assert_true(text_equal((struct text){NULL, 0}, of("")));
    assert_true(text_is((struct text){NULL, 0}, ""));
    assert_int_equal(text_compare((struct text){NULL, 0}, of("")), 0);
}

static void a_beginning_is_all_of_it(void **state)
{
    (void)state;
    assert_true(text_begins("tocsin root 1", 13, "tocsin "));
    assert_true(text_begins("tocsin ", 7, "tocsin "));
    assert_false(text_begins("tocsin ", 6, "tocsin "));
    assert_false(text_begins("Tocsin ", 7, "tocsin "));
    assert_true(text_begins("", 0, ""));
    assert_true(text_has_scheme("MQTTS://host", "mqtts:"));
    assert_false(text_has_scheme("mqtt://host", "mqtts:"));
    assert_false(text_has_scheme("mqtt", "mqtts:"));
    assert_true(text_is_web(of("http://a")) && text_is_web(of("https://a")));
    assert_false(text_is_web(of("http://")) || text_is_web(of("https://")));
    assert_false(text_is_web(of("HTTP://a")) || text_is_web(of("mqtt://a")) || text_is_web(of("")));
}

/* Every code point, written as RFC 3629 says, reads back; nothing else does. */
static void every_character_is_decoded_and_nothing_else(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint8_t bytes[4] = {(uint8_t)c};
        size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = size - 1; size > 1 && i > 0; i--) {
            bytes[i] = (uint8_t)(0x80U | ((c >> (6 * (size - 1 - i))) & 0x3FU));
        }
        bytes[0] = (uint8_t)(size == 1 ? c : lead[size] | c >> (6 * (size - 1)));
        uint32_t point = 0;
        bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        assert_int_equal(text_decode((const char *)bytes, 4, &point), is_surrogate ? 0 : size);
        assert_int_equal(point, is_surrogate ? 0 : c);
        assert_int_equal(text_decode((const char *)bytes, size - 1, &point), 0);
    }
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xc3(",
                                      "\xe2\x82(",
                                      "\xf0\x9f\x98("};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t point;
        assert_int_equal(text_decode(bad[i], strlen(bad[i]), &point), 0);
    }
}

static void a_cut_falls_between_characters(void **state)
{
    (void)state;
    static const char text[] = "a\xc3\xa0\xe2\x82\xac\xf0\x9f\x98\x80";
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t most = 0; most < 12; most++) {
        assert_int_equal(text_cut(text, sizeof text - 1, most), expected[most]);
    }
}

static void digits_of_base_16_are_lower_case(void **state)
{
    (void)state;
    assert_true(text_is_hex(of("0123456789abcdef")) && text_is_hex(of("")));
    assert_false(text_is_hex(of("A")) || text_is_hex(of("g")) || text_is_hex(of("0x1")));
    assert_false(text_is_hex((struct text){"a\0b", 3}));
}

/* All the bytes there are, in ASCII; others are parts of characters and stay. */
static void a_place_in_a_text_is_a_line_and_a_column_of_characters(void **state)
{
    (void)state;
    static const char text[] = "\xc3\xa0"
                               "a\n\xe2\x82\xac"
                               "b\n\n";
    static const size_t line[] = {1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 4},
                        column[] = {1, 2, 2, 3, 1, 2, 2, 2, 3, 1, 1};
    for (size_t i = 0; i < sizeof text; i++) {
        size_t is_line, is_column;
        text_locate(text, text + i, &is_line, &is_column);
        assert_int_equal(is_line, line[i]);
        assert_int_equal(is_column, column[i]);
    }
    assert_int_equal(text_characters(text, sizeof text - 1), 7);
    assert_int_equal(text_characters(text, 0), 0);
}

static void every_byte_of_a_json_string_is_as_json_wants_it(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char room[8], expected[8] = {(char)byte};
        if (byte == '\n') {
            strcpy(expected, "\\n");
        } else if (byte < 0x20 || byte == 0x7f) {
            snprintf(expected, sizeof expected, "\\u%04x", byte);
        } else if (byte == '"' || byte == '\\') {
            snprintf(expected, sizeof expected, "\\%c", byte);
        }
        assert_string_equal(text_json((char)byte, room), expected);
    }
}

static void write_members(struct draft *json)
{
    json_open(json, NULL, '{');
    json_text(json, "a", "1\"\n");
    json_decimal(json, "b", -1234, 3);
    json_open(json, "c", '[');
    json_number(json, NULL, INT64_MIN);
    json_null(json, NULL);
    json_close(json, ']');
    json_flag(json, "d", true);
    json_close(json, '}');
}

static void json_has_its_commas(void **state)
{
    (void)state;
    static const char expected[] =
        "{\"a\":\"1\\\"\\n\",\"b\":-1.234,\"c\":[-9223372036854775808,null],\"d\":true}";
    struct draft json = {0};
    write_members(&json);
    assert_string_equal(json.at, expected);
    draft_free(&json);
    char exact[sizeof expected];
    struct draft lent = draft_in(exact, sizeof exact);
    write_members(&lent);
    assert_string_equal(exact, expected);
}

/* Of two members the one that does not fit is left out, and what follows it fits. */
static void what_does_not_fit_is_cut_at_a_member(void **state)
{
    (void)state;
    for (size_t room = 3; room < 40; room++) {
        char line[40];
        struct draft json = draft_in(line, room);
        json_open(&json, NULL, '{');
        json_text(&json, "long", "0123456789");
        json_number(&json, "n", 1);
        json_close(&json, '}');
        assert_false(json.is_short_of_memory);
        assert_int_equal(json.len, strlen(line));
        assert_string_equal(line, room < 8    ? "{}"
                                  : room < 22 ? "{\"n\":1}"
                                  : room < 28 ? "{\"long\":\"0123456789\"}"
                                              : "{\"long\":\"0123456789\",\"n\":1}");
    }
    char small[2];
    struct draft none = draft_in(small, sizeof small);
    json_open(&none, NULL, '{');
    json_number(&none, "n", 1);
    assert_true(none.is_short_of_memory);
}

static void passwords_are_taken_out_of_addresses_and_nothing_else(void **state)
{
    (void)state;
    static const char *const line[][2] = {
        {"mqtt://user:geheim@host:1883: refused", "mqtt://user:*@host:1883: refused"},
        {"https://token@host/a@b", "https://*@host/a@b"},
        {"\"user:a:b@host:/path\" twice user:c@d", "\"user:*@host:/path\" twice user:*@d"},
        {"write to anna@example.org, 10:25 @home", "write to anna@example.org, 10:25 @home"},
        {"http://@host :@x @", "http://@host :@x @"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
        char text[80];
        snprintf(text, sizeof text, "%s", line[i][0]);
        text_hide_passwords(text);
        assert_string_equal(text, line[i][1]);
    }
}

static void numbers_are_digits_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t most;
        int is; /* -1: refused */
    } cases[] = {
        {"0", 0, 0},    {"7", 24, 7},     {"07", 24, 7},   {"24", 24, 24},
        {"25", 24, -1}, {"65536", 5, -1}, {"", 9, -1},     {"-1", 9, -1},
        {"+1", 9, -1},  {" 1", 9, -1},    {"1 ", 9, -1},   {"0x1", 9, -1},
        {"1.", 9, -1},  {"000009", 9, 9}, {"0010", 9, -1}, {"18446744073709551617", 9, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t number = 77;
        assert_int_equal(text_read_number(of(cases[i].text), cases[i].most, &number),
                         cases[i].is >= 0);
        assert_int_equal(number, cases[i].is >= 0 ? cases[i].is : 77);
    }
    uint32_t number;
    assert_true(text_read_number(of("4294967295"), UINT32_MAX, &number));
    assert_int_equal(number, UINT32_MAX);
    assert_false(text_read_number(of("4294967296"), UINT32_MAX, &number));
    assert_false(text_read_number((struct text){NULL, 0}, 9, &number));
}

static void an_address_is_a_host_and_perhaps_a_port(void **state)
{
    (void)state;
    static const struct {
        const char *address, *host, *rest;
        int port; /* 0: the rest is none */
    } cases[] = {
        {"host", "host", "", 0},
        {"host:1", "host", ":1", 1},
        {"host:65535", "host", ":65535", 65535},
        {"[2001:db8::1]:1883", "2001:db8::1", ":1883", 1883},
        {"[::1]", "::1", "", 0},
        {"[::1]8", "::1", "8", 0},
        {"[::1", "", "", 0},
        {"[", "", "", 0},
        {"", "", "", 0},
        {":80", "", ":80", 80},
        {"host:", "host", ":", 0},
        {"host:0", "host", ":0", 0},
        {"host:01883", "host", ":01883", 0},
        {"host:65536", "host", ":65536", 0},
        {"host:18 83", "host", ":18 83", 0},
        {"host:1/", "host", ":1/", 0},
        {"::1:80", "", "::1:80", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text rest, host = text_host(of(cases[i].address), &rest);
        int port = 0;
        assert_true(text_is(host, cases[i].host));
        assert_true(text_is(rest, cases[i].rest));
        assert_int_equal(text_read_port(rest, &port), cases[i].port > 0);
        assert_int_equal(port, cases[i].port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_compared_by_their_bytes),
        cmocka_unit_test(a_beginning_is_all_of_it),
        cmocka_unit_test(every_character_is_decoded_and_nothing_else),
        cmocka_unit_test(a_cut_falls_between_characters),
        cmocka_unit_test(a_place_in_a_text_is_a_line_and_a_column_of_characters),
        cmocka_unit_test(every_byte_of_a_json_string_is_as_json_wants_it),
        cmocka_unit_test(json_has_its_commas),
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_member),
        cmocka_unit_test(digits_of_base_16_are_lower_case),
        cmocka_unit_test(numbers_are_digits_alone),
        cmocka_unit_test(an_address_is_a_host_and_perhaps_a_port),
        cmocka_unit_test(passwords_are_taken_out_of_addresses_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
