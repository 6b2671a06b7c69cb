/* A configuration file's text: OPTION = VALUE, line by line. */
#include "check.h"

#include "conf/lines.h"

#define TEXT(literal) (literal), sizeof(literal) - 1

static void options_and_values_are_read_and_comments_passed_over(void **state)
{
    (void)state;
    static const char text[] =
        "# tocsin\n\n  root = /etc/tocsin/root.bundle\nrun=/bin/ring a=b # c\n"
        "\t# another\noffline\r\nlatency\t=  80ms\t\n";
    struct conf_line line = {0};
    const char *why;
    size_t at = 0;
    assert_int_equal(conf_next_line(TEXT(text), &at, &line, &why), CONF_LINE);
    assert_string_equal(line.name, "root");
    assert_string_equal(line.value, "/etc/tocsin/root.bundle");
    assert_int_equal(line.number, 3);
    assert_int_equal(conf_next_line(TEXT(text), &at, &line, &why), CONF_LINE);
    assert_string_equal(line.name, "run");
    assert_string_equal(line.value, "/bin/ring a=b # c"); /* a # within a line is its own */
    assert_int_equal(conf_next_line(TEXT(text), &at, &line, &why), CONF_LINE);
    assert_string_equal(line.name, "offline");
    assert_false(line.has_value);
    assert_int_equal(line.number, 6);
    assert_int_equal(conf_next_line(TEXT(text), &at, &line, &why), CONF_LINE);
    assert_string_equal(line.name, "latency");
    assert_string_equal(line.value, "80ms");
    assert_int_equal(conf_next_line(TEXT(text), &at, &line, &why), CONF_END);
}

static void a_malformed_line_is_refused_with_its_number_and_what_to_write(void **state)
{
    (void)state;
    static char longest[CONF_VALUE_SIZE + 16] = "run = ";
    memset(longest + 6, 'x', CONF_VALUE_SIZE);
    static const struct {
        const char *text, *why;
        size_t size;
    } cases[] = {
        {"\n= x\n", "write OPTION = VALUE", 5},
        {"\nRoot = x\n", "write OPTION = VALUE", 10},
        {"\n--root = x\n", "without its dashes", 12},
        {"\nroot x\n", "write OPTION = VALUE", 8},
        {"\nbroker =  \n", "nothing stands after the =", 12},
        {"\nbroker = a\033[2J\n", "control character", 16},
        {"\nbroker = a\0b\n", "control character", 14},
    };
    struct conf_line line;
    const char *why;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 0;
        line.number = 0;
        assert_int_equal(conf_next_line(cases[i].text, cases[i].size, &at, &line, &why),
                         CONF_REFUSED);
        assert_int_equal(line.number, 2);
        assert_non_null(strstr(why, cases[i].why));
    }
    size_t at = 0;
    assert_int_equal(conf_next_line(longest, 6 + CONF_VALUE_SIZE, &at, &line, &why), CONF_REFUSED);
    at = 0;
    assert_int_equal(conf_next_line(longest, 6 + CONF_VALUE_SIZE - 1, &at, &line, &why), CONF_LINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_values_are_read_and_comments_passed_over),
        cmocka_unit_test(a_malformed_line_is_refused_with_its_number_and_what_to_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
