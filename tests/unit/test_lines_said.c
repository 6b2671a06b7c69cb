/* Lines as people say them: read as they are meant, asked back where they could mean several
 * things, and never as something else.
 * links: rules words places zones sky instants */
#include "deep.h"
#include "lines_canonical.h"
#include "sentences/sentences.h"

#include "words/asks.h"

static void of_too_many_places_the_limit_and_the_way_are_told(void **state)
{
    (void)state;
    char is[RULE_TEXT_SIZE];
    struct rule_error error;
    static const char *const nine[] = {
        "21 june at sunset in Rome, Lisbon, Athens, Genoa, Oslo, Paris, Berlin, Madrid and Vienna",
        "21 giugno al tramonto a Roma, Lisbona, Atene, Genova, Oslo, Parigi, Berlino, Madrid, "
        "Vienna e Varsavia"};
    for (size_t i = 0; i < 2; i++) {
        assert_false(canonical(nine[i], is, &error));
        assert_non_null(strstr(error.message, "no more than 8 places are read here: up to 32 can"));
    }
}

static void every_rule_is_said_as_in_the_table_and_heard(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/golden/rules/sentences.tsv", "r");
    char row[LINE_SIZE * 3], code[3], means[LINE_SIZE], is[SENTENCE_SIZE];
    size_t rows = 0, wrong = 0;
    assert_non_null(file);
    while (fgets(row, sizeof row, file) != NULL) {
        struct rule *rule;
        char *said = strrchr(row, '\t');
        assert_int_equal(sscanf(row, "%2s\t%399[^\t]", code, means), 2);
        row[strcspn(row, "\n")] = '\0';
        assert_int_equal(lines_read(means, strlen(means), &rule, NULL), RULE_OK);
        sentence_say(rule, language_find(code), is);
        rule_free(rule);
        char heard[RULE_TEXT_SIZE], canonical_text[RULE_TEXT_SIZE];
        assert_true(canonical(means, canonical_text, NULL));
        if (strcmp(is, said + 1) != 0 || !canonical(is, heard, NULL) ||
            strcmp(heard, canonical_text) != 0) {
            print_error("%s %s\n  is    %s\n  heard %s\n", code, said + 1, is, heard);
            wrong++;
        }
        rows++;
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(wrong, 0);
    assert_true(rows >= 150);
}

/* au Caire, all'Aquila, d'Athènes: each city in each language, and its zone. */
static void a_city_in_a_sentence_is_the_same_city(void **state)
{
    (void)state;
    size_t cities = 0, cursor = 0;
    struct place place;
    char line[RULE_TEXT_SIZE], heard[RULE_TEXT_SIZE], said[SENTENCE_SIZE], name[PLACE_NAME_SIZE];
    while (places_next(&cursor, &place)) {
        struct rule *rule;
        if (cities++ % (is_deep() ? 1 : 5) != 0) {
            continue;
        }
        places_write(&place, name);
        for (int with_clock = 0; with_clock < 2; with_clock++) {
            snprintf(line, sizeof line, "8 may at %s at %s", with_clock ? "20:00" : "sunset", name);
            if (!canonical(line, line, NULL) ||
                lines_read(line, strlen(line), &rule, NULL) != RULE_OK) {
                continue; /* a dot in its name */
            }
            for (int language = 0; language < LANGUAGES; language++) {
                sentence_say(rule, (enum language)language, said);
                if (!canonical(said, heard, NULL) || strcmp(heard, line) != 0) {
                    print_error("%s\n  said  %s\n  heard %s\n", line, said, heard);
                    fail();
                }
            }
            rule_free(rule);
        }
    }
    assert_true(cities > 400);
}

static void what_is_asked_back_has_its_readings(void **state)
{
    (void)state;
    static const struct {
        const char *said, *one, *other;
    } asked[] = {
        {"03/04/2027 at 20:00 UTC", "2027-04-03 at 20:00 UTC", "2027-03-04 at 20:00 UTC"},
        {"1 may at 8 in Rome", "1 may at 08:00 in Europe/Rome", "1 may at 20:00 in Europe/Rome"},
        {"1 may at 20:00", "1 may at 20:00 everywhere", "1 may at 20:00 UTC"},
        {"1 may at 20:00 CET", "1 may at 20:00 in Etc/GMT-1", "1 may at 20:00 in Europe/Berlin"},
        {"every second tuesday", "2nd tuesday of month", "every 2 weeks from 2027-01-05"},
        {"every other friday", "every 2 weeks from 2027-01-01", "every 2 weeks from 2027-01-08"},
        {"15 nisan", "15 april", "15 nisan hebrew"},
        {"summer solstice", "june solstice", "december solstice"},
        {"1 ramadan", "1 ramadan hijri umalqura", "1 ramadan hijri civil"},
        {"два дні до Великодня", "2 days before easter", "2 days before orthodox easter"},
        {"25 april at 20:00 at Springfield", "25 april at 20:00 in America/Chicago",
         "25 april at 20:00 in America/New_York"},
        {"ogni venerdì alle 2 di notte a Napoli", "every friday at 02:00 in Europe/Rome",
         "every saturday at 02:00 in Europe/Rome"},
        {"thursday at half seven in the evening in Leeds",
         "every thursday at 18:30 in Europe/London", "every thursday at 19:30 in Europe/London"},
        {"werktags um 8 Uhr in Graz", "every day skip saturday, sunday at 08:00 in Europe/Vienna",
         "every day skip sunday at 08:00 in Europe/Vienna"},
        {"next friday at 18:00 in Rome", "every friday at 18:00 in Europe/Rome", NULL},
        {"tomorrow at 20:00 in Rome", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct rule_error error;
        char text[RULE_TEXT_SIZE];
        assert_false(canonical(asked[i].said, text, &error));
        print_message("%s\n  %s\n  %s\n  %s\n", asked[i].said, error.message, error.reading[0],
                      error.reading[1]);
        assert_true(error.is_question);
        assert_int_equal(error.readings >= 2, asked[i].other != NULL);
        assert_string_equal(error.reading[0], asked[i].one != NULL ? asked[i].one : "");
        assert_string_equal(error.reading[1], asked[i].other != NULL ? asked[i].other : "");
        for (size_t k = 0; k < error.readings; k++) { /* each is a canonical line */
            assert_true(canonical(error.reading[k], text, NULL));
            assert_string_equal(text, error.reading[k]);
        }
    }
}

static void days_are_offered_from_today_on(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        struct civil_date today;
        const char *first;
    } asked[] = {
        {"every other friday", {2031, 12, 30}, "every 2 weeks from 2032-01-02"},
        {"un jueves de cada dos", {2029, 3, 1}, "every 2 weeks from 2029-03-01"},
        {"every other friday", {0}, ""},
        {"every second tuesday", {0}, "2nd tuesday of month"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct rule *rule;
        struct rule_error error;
        assert_int_equal(lines_read_for(asked[i].said, strlen(asked[i].said), LANGUAGE_EN,
                                        asked[i].today, &rule, &error),
                         RULE_BAD_TEXT);
        assert_true(error.is_question);
        assert_string_equal(error.reading[0], asked[i].first);
    }
}

static void a_word_that_is_spelled_nearly_so_is_offered(void **state)
{
    (void)state;
    static const char *const slips[][2] = {
        {"evry friday at 18:00 in Rome", "every friday at 18:00 in Europe/Rome"},
        {"25 apirl at 20:00 in Rome", "25 april at 20:00 in Europe/Rome"},
        {"jeden Freitga um 18 Uhr in Wien", "every friday at 18:00 in Europe/Vienna"},
        {"ogni vnerdì alle 18 a Roma", "every friday at 18:00 in Europe/Rome"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        struct rule_error error;
        char text[RULE_TEXT_SIZE];
        assert_false(canonical(slips[i][0], text, &error));
        assert_string_equal(error.nearest, slips[i][1]);
    }
}

/* Whether a translation takes the arguments of the English, or the first of them. */
static bool takes_arguments_of(const char *english, const char *format)
{
    while ((format = strchr(format, '%')) != NULL) {
        size_t len = strcspn(format, "dsufgcx") + 1;
        english = strchr(english, '%');
        if (english == NULL || strncmp(english, format, len) != 0) {
            return false;
        }
        english += len;
        format += len;
    }
    return true;
}

static void a_question_comes_in_the_language_of_its_reader(void **state)
{
    (void)state;
    static const char *const question[] = {"1 may at 8 in Rome",
                                           "1 may at 20:00",
                                           "next friday",
                                           "every saturday except public holidays at 18:00 UTC",
                                           "every frobday at 18:00 in Rome",
                                           "every 5000 days from 2027-01-01",
                                           "600 weeks before easter",
                                           "every 2 weeks",
                                           "penumbral solar eclipse",
                                           "25 april at 20:00 at 95.0,10.0",
                                           "1 may at 20:00 in Keene, New Hampshire",
                                           "evening of 1 may"};
    for (size_t i = 0; i < sizeof question / sizeof *question; i++) {
        char english[sizeof((struct rule_error *)0)->message] = "";
        for (int language = 0; language < LANGUAGES; language++) {
            struct rule *rule;
            struct rule_error error;
            assert_int_equal(lines_read_for(question[i], strlen(question[i]),
                                            (enum language)language, today, &rule, &error),
                             RULE_BAD_TEXT);
            assert_int_equal(error.language, language);
            if (language == LANGUAGE_EN) {
                memcpy(english, error.message, sizeof english);
            } else {
                assert_string_not_equal(error.message, english);
            }
        }
    }
    for (int language = 0; language < LANGUAGES;
         language++) { /* the columns stand as the enum does */
        assert_int_equal(language_find(asks_in((enum language)language, "en")), language);
    }
    for (size_t i = 0; asks_english(i) != NULL; i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            const char *format = asks_in((enum language)language, asks_english(i));
            assert_true(takes_arguments_of(asks_english(i), format));
        }
    }
}

static void days_of_several_readings_name_what_is_asked(void **state)
{
    (void)state;
    size_t count, asked = 0;
    for (int language = 0; language < LANGUAGES; language++) {
        const struct phrase *phrase = phrases_of((enum language)language, &count);
        for (size_t i = 0; i < count; i++) {
            bool is_asked = *phrase[i].means == '?' || *phrase[i].means == '&';
            asked += is_asked ? 1 : 0;
            assert_true(!is_asked || phrases_days(phrase[i].means).ask != ASK_NOTHING);
            assert_true(*phrase[i].means != '=' || strchr(phrase[i].means, '|') == NULL);
        }
    }
    assert_true(asked > 100);
    static const char *const lines[][2] = {
        {"carnaval a las 20:00 en Madrid", "which of them?"},
        {"eid at 20:00 UTC", "which of them?"},
        {"الجمعة العظيمة الساعة 20:00 في القاهرة", "the western or the orthodox easter?"},
        {"ramadan at 20:00 in Rome", "its first day, or each of its days?"},
        {"every friday at 20:00 in Rome until june 2027", "its first day, or each of its days?"},
        {"fridays at 20:00 in Rome until june",
         "of which year?  Write it: from 1 may 2027 to 15 june 2027"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[RULE_TEXT_SIZE];
        struct rule_error error = {0};
        assert_false(canonical(lines[i][0], text, &error));
        assert_string_equal(error.message, lines[i][1]);
    }
}

/* As it is written in Switzerland, and where a keyboard has no such letter. */
static void what_has_a_sharp_s_is_read_with_two_others(void **state)
{
    (void)state;
    size_t count, sharps = 0;
    const struct phrase *phrase = phrases_of(LANGUAGE_DE, &count);
    for (size_t i = 0; i < count; i++) {
        const char *sharp = strstr(phrase[i].text, "ß");
        if (sharp != NULL) {
            char swiss[80];
            snprintf(swiss, sizeof swiss, "%.*sss%s", (int)(sharp - phrase[i].text), phrase[i].text,
                     sharp + strlen("ß"));
            const char *means = phrases_find(LANGUAGE_DE, swiss, strlen(swiss));
            assert_string_equal(means != NULL ? means : swiss, phrase[i].means);
            sharps++;
        }
    }
    assert_true(sharps > 0);
}

static void what_never_is_both_is_one_or_the_other(void **state)
{
    (void)state;
    char text[RULE_TEXT_SIZE];
    assert_true(canonical("every new moon and every full moon", text, NULL));
    assert_string_equal(text, "every new moon or every full moon");
    assert_true(canonical("every friday and every full moon", text, NULL));
    assert_string_equal(text, "every friday and every full moon");
    struct rule_error error;
    assert_false(canonical("sunday 1 may 2027 at 20:00 in Rome", text, &error));
    assert_string_equal(error.message, "2027-05-01 is a saturday, not a sunday");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_too_many_places_the_limit_and_the_way_are_told),
        cmocka_unit_test(every_rule_is_said_as_in_the_table_and_heard),
        cmocka_unit_test(a_city_in_a_sentence_is_the_same_city),
        cmocka_unit_test(what_is_asked_back_has_its_readings),
        cmocka_unit_test(days_are_offered_from_today_on),
        cmocka_unit_test(a_word_that_is_spelled_nearly_so_is_offered),
        cmocka_unit_test(a_question_comes_in_the_language_of_its_reader),
        cmocka_unit_test(days_of_several_readings_name_what_is_asked),
        cmocka_unit_test(what_has_a_sharp_s_is_read_with_two_others),
        cmocka_unit_test(what_never_is_both_is_one_or_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
