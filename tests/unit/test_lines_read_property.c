/* Rules put together at random. */
#include "check.h"
#include "deep.h"

#include "lines/lines.h"
#include "rules/rule.h"

static uint64_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

static const char *one_of(const char *const *list, uint32_t count)
{
    return list[below(count)];
}

#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void add_select(char *out, size_t size, int depth)
{
    size_t len = strlen(out);
    if (depth == 0 || below(3) == 0) {
        snprintf(out + len, size - len, "%s",
                 ONE_OF("25 april", "easter", "29 february else 28 february", "every friday",
                        "last day of month", "every full moon", "13th full moon of year",
                        "december solstice", "2027-04-25", "12 yekatit ethiopic",
                        "30 kislev hebrew else 1 tevet", "4th saturday of november",
                        "total lunar eclipse", "blue moon", "every 3 weeks from 2027-01-01"));
        return;
    }
    bool is_open = below(4) == 0;
    snprintf(out + len, size - len, "%s", is_open ? "(" : "");
    if (is_open) {
        add_select(out, size, depth - 1);
        len = strlen(out);
        snprintf(out + len, size - len, "%s",
                 ONE_OF(" and ", " or ", " minus ", " if sunday then next monday or ",
                        " only on friday and "));
        if (strstr(out + len, "then") != NULL || strstr(out + len, "only") != NULL) {
            out[len] = '\0'; /* adjustments end what stands in parentheses */
            snprintf(out + len, size - len, "%s",
                     ONE_OF(" if sunday then next monday", " only on friday", " skip monday"));
        } else {
            add_select(out, size, depth - 1);
        }
        len = strlen(out);
        snprintf(out + len, size - len, ")");
        return;
    }
    snprintf(out + len, size - len, "%s",
             ONE_OF("2 days before ", "3 weeks after ", "5 working days after ",
                    "3rd sunday on or before ", "nearest friday to ", "weekend containing ",
                    "nearest weekend to ", "iso week of ", "first full moon after ",
                    "nearest new moon to ", "2nd solar eclipse before "));
    add_select(out, size, depth - 1);
}

static void rules_put_together_at_random_have_a_fixed_point(void **state)
{
    (void)state;
    seed = 20261123;
    print_message("seed %llu\n", (unsigned long long)seed);
    size_t read = 0, tries = is_deep() ? 5000 : 1000;
    for (size_t i = 0; i < tries; i++) {
        char text[900] = "", first[RULE_TEXT_SIZE], second[RULE_TEXT_SIZE];
        add_select(text, sizeof text, 4);
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%s%s%s%s",
                 ONE_OF("", " if saturday, sunday then next monday",
                        " also if friday then previous day", " only in odd years"),
                 ONE_OF(" at 20:00 in Europe/Rome", " at 18:00 UTC",
                        " at sunset + 20m at Rome, Lisboa, Athens else skip",
                        " at 20:00 everywhere"),
                 ONE_OF("", " for 15m", " for 90s", " for 2h"),
                 ONE_OF("", " since 1946", " until 2045", " except 2028, 2029-01-01",
                        " anniversary of 1945-04-25 round", " every 4 years from 2024",
                        " rotate [a, \"b c\"] by month from 2027"));
        struct rule *rule;
        struct rule_error error;
        enum rule_result result = lines_read(text, strlen(text), &rule, &error);
        if (result != RULE_OK && strstr(error.message, "several days") != NULL) {
            continue; /* a weekend has no time of day */
        }
        if (result != RULE_OK) {
            print_error("%s\n%zu: %s; expected %s\n", text, error.column, error.message,
                        error.expected);
            fail();
        }
        len = rule_write(rule, first);
        rule_free(rule);
        if (lines_read(first, len, &rule, &error) != RULE_OK) {
            print_error("%s\nwas written as\n%s\n%s\n", text, first, error.message);
            fail();
        }
        rule_write(rule, second);
        rule_free(rule);
        assert_string_equal(second, first);
        read++;
    }
    assert_true(read > tries * 3 / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_put_together_at_random_have_a_fixed_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
