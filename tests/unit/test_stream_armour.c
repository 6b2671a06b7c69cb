/* links: */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "seed.h"
#include "stream/armour.h"

static const uint8_t bundle[] = "11:a record or,1:1,18:something that was s,";

static void assert_read(const char *text)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_int_equal(armour_read(text, strlen(text), &bytes, &size), ARMOUR_OK);
    assert_int_equal(size, sizeof bundle);
    assert_memory_equal(bytes, bundle, sizeof bundle);
    free(bytes);
}

/* Each line of the text behind `before`, ended by `after`. */
static char *reflowed(const char *text, const char *before, const char *after)
{
    size_t room = 3 * strlen(text) + 200;
    char *out = calloc(1, room), *to = out;
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        to += snprintf(to, room - (size_t)(to - out), "%s%.*s%s", before, (int)len, line, after);
        line += len + (line[len] == '\n');
    }
    return out;
}

static void it_survives_what_a_chat_does_to_it(void **state)
{
    (void)state;
    static const char *const way[][2] = {
        {"", "\n"},       {"", "\r\n"},         {"> ", "\n"},
        {">> ", "\n"},    {"    ", "\n\n"},     {"", " "},
        {"", ""},         {"| ", " |\n"},       {"\t", "\n"},
        {"", "\u00a0\n"}, {"\u200b", "\u2028"}, {"* ", "\n"},
    };
    char *text = armour_write(bundle, sizeof bundle);
    assert_non_null(text);
    assert_read(text);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        char *other = reflowed(text, way[i][0], way[i][1]);
        char letter[2000];
        snprintf(letter, sizeof letter, "Dear Bela,\nthis is what I have:\n%sYours, Anna\n", other);
        assert_read(other);
        assert_read(letter);
        free(other);
    }
    free(text);
}

static void what_was_lost_on_the_way_is_noticed(void **state)
{
    (void)state;
    char *text = armour_write(bundle, sizeof bundle);
    size_t len = strlen(text);
    uint8_t *bytes;
    size_t size;
    for (size_t i = 0; i < len; i++) { /* one character lost, one changed, the rest lost */
        char other[400];
        memcpy(other, text, len + 1);
        memmove(other + i, other + i + 1, len - i);
        bool is_space = text[i] == '\n' || text[i] == ' ';
        enum armour_result lost = armour_read(other, len - 1, &bytes, &size);
        assert_true(is_space ? lost == ARMOUR_OK : lost != ARMOUR_OK);
        if (lost == ARMOUR_OK) {
            free(bytes);
        }
        memcpy(other, text, len + 1);
        other[i] = text[i] == 'x' ? 'y' : 'x';
        if (i < len - 1) {
            assert_int_not_equal(armour_read(other, len, &bytes, &size), ARMOUR_OK);
        }
        enum armour_result cut = armour_read(text, i, &bytes, &size);
        bool is_whole = i == len - 1; /* but for the last line end */
        assert_true(is_whole ? cut == ARMOUR_OK : cut == ARMOUR_CUT || cut == ARMOUR_NONE);
        if (is_whole) {
            free(bytes);
        }
    }
    assert_int_equal(armour_read("", 0, &bytes, &size), ARMOUR_NONE);
    free(text);
}

static void bytes_of_any_length_come_back(void **state)
{
    (void)state;
    struct seed seed = seed_take("bytes of any length");
    for (size_t size = 0; size < 600; size++) {
        uint8_t in[600], *out;
        size_t got;
        for (size_t i = 0; i < size; i++) {
            in[i] = (uint8_t)seed_next(&seed);
        }
        char *text = armour_write(in, size);
        assert_int_equal(armour_read(text, strlen(text), &out, &got), ARMOUR_OK);
        assert_int_equal(got, size);
        assert_memory_equal(in, out, size);
        free(out);
        free(text);
    }
}

/* A thread of letters: a call, quoted, and below it that it was called off. */
static void all_that_are_in_a_text_are_read(void **state)
{
    (void)state;
    static const uint8_t other[] = "9:called off,1:0,";
    char *first = armour_write(bundle, sizeof bundle - 1),
         *second = armour_write(other, sizeof other);
    char *quoted = reflowed(first, "> ", "\n"), letter[4000];
    uint8_t *bytes = NULL;
    size_t size = 0;
    snprintf(letter, sizeof letter, "Anna wrote:\n%s\nit is called off:\n%s", quoted, second);
    assert_int_equal(armour_read(letter, strlen(letter), &bytes, &size), ARMOUR_OK);
    assert_int_equal(size, sizeof bundle - 1 + sizeof other);
    assert_memory_equal(bytes, bundle, sizeof bundle - 1);
    assert_memory_equal(bytes + sizeof bundle - 1, other, sizeof other);
    free(bytes);
    /* one that is damaged or cut may be the one that counts */
    letter[strlen(letter) - 6] = '\0';
    assert_int_equal(armour_read(letter, strlen(letter), &bytes, &size), ARMOUR_CUT);
    snprintf(letter, sizeof letter, "%s%s", second, quoted);
    char *inside = letter + strlen(second) + 40;
    *inside = *inside == 'A' ? 'B' : 'A';
    assert_int_equal(armour_read(letter, strlen(letter), &bytes, &size), ARMOUR_DAMAGED);
    free(quoted);
    free(second);
    free(first);
}

static void each_result_has_its_words(void **state)
{
    (void)state;
    assert_string_equal(armour_result_text(ARMOUR_OK), "");
    assert_non_null(strstr(armour_result_text(ARMOUR_NONE), "no bundle"));
    assert_non_null(strstr(armour_result_text(ARMOUR_CUT), "cut short"));
    assert_non_null(strstr(armour_result_text(ARMOUR_DAMAGED), "damaged"));
    assert_non_null(strstr(armour_result_text(ARMOUR_NO_MEMORY), "memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_result_has_its_words),
        cmocka_unit_test(it_survives_what_a_chat_does_to_it),
        cmocka_unit_test(what_was_lost_on_the_way_is_noticed),
        cmocka_unit_test(bytes_of_any_length_come_back),
        cmocka_unit_test(all_that_are_in_a_text_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
