/* links: words */
#include "check.h"

#include "words/interface.h"

static void every_phrase_is_said_in_every_language(void **state)
{
    (void)state;
    size_t count = 0;
    for (const char *name; (name = interface_name(count)) != NULL; count++) {
        for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
            const char *said = interface_say((enum interface_language)i, name);
            assert_non_null(said);
            assert_int_not_equal(said[0], '\0');
            /* the numbers of the English phrase are there, too */
            const char *english = interface_say(INTERFACE_EN, name);
            assert_int_equal(strchr(said, '#') != NULL, strchr(english, '#') != NULL);
            assert_int_equal(strchr(said, '$') != NULL, strchr(english, '$') != NULL);
        }
        for (size_t other = 0; other < count; other++) {
            assert_string_not_equal(interface_name(other), name);
        }
    }
    assert_true(count > 40);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) { /* the columns stand as the enum does */
        assert_string_equal(interface_say((enum interface_language)i, "phrase"),
                            interface_calendar((enum interface_language)i)->code);
    }
    assert_null(interface_say(INTERFACE_EN, "no such phrase"));
}

static void a_tag_has_the_language_of_its_first_part(void **state)
{
    (void)state;
    assert_int_equal(interface_find("it"), INTERFACE_IT);
    assert_int_equal(interface_find("pt-br"), INTERFACE_PT);
    assert_int_equal(interface_find(""), INTERFACE_LANGUAGES);
    assert_int_equal(interface_find("ita"), INTERFACE_LANGUAGES);
    assert_int_equal(interface_find("i"), INTERFACE_LANGUAGES);
    assert_string_equal(interface_own_name("uk"), "Українська");
    assert_string_equal(interface_own_name("tr"), "Türkçe");
    assert_null(interface_own_name("xx"));
    assert_true(interface_is_right_to_left("he"));
    assert_true(interface_is_right_to_left("ar-eg"));
    assert_false(interface_is_right_to_left("el"));
}

static void dates_are_written_as_each_language_does(void **state)
{
    (void)state;
    static const struct {
        enum interface_language language;
        const char *full, *day, *day_year;
    } all[] = {
        {INTERFACE_EN, "Monday 2 August 2027", "2 Aug", "2 Aug 2027"},
        {INTERFACE_ES, "lunes, 2 de agosto de 2027", "2 ago", "2 ago 2027"},
        {INTERFACE_DE, "Montag, 2. August 2027", "2. Aug.", "2. Aug. 2027"},
        {INTERFACE_HE, "יום שני, 2 באוגוסט 2027", "2 באוג׳", "2 באוג׳ 2027"},
        {INTERFACE_JA, "2027年8月2日月曜日", "8月2日", "2027年8月2日"},
    };
    char out[INTERFACE_DATE_SIZE];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        interface_write_date(all[i].language, DATE_FULL, 2027, 8, 2, 0, out);
        assert_string_equal(out, all[i].full);
        interface_write_date(all[i].language, DATE_DAY, 2027, 8, 2, 0, out);
        assert_string_equal(out, all[i].day);
        interface_write_date(all[i].language, DATE_DAY_YEAR, 2027, 8, 2, 0, out);
        assert_string_equal(out, all[i].day_year);
    }
}

static void lengths_are_counted_as_each_language_does(void **state)
{
    (void)state;
    static const struct {
        enum interface_language language;
        uint64_t seconds;
        const char *said;
    } all[] = {
        {INTERFACE_EN, 0, "0 seconds"},        {INTERFACE_EN, 1, "1 second"},
        {INTERFACE_EN, 60, "1 minute"},        {INTERFACE_EN, 5400, "1 hour 30 minutes"},
        {INTERFACE_EN, 86400, "1 day"},        {INTERFACE_EN, 90061, "1 day 1 hour"},
        {INTERFACE_EN, 2592000, "30 days"},    {INTERFACE_PL, 3 * 60, "3 minuty"},
        {INTERFACE_PL, 12 * 60, "12 minut"},   {INTERFACE_PL, 22 * 60, "22 minuty"},
        {INTERFACE_UK, 21 * 60, "21 хвилина"}, {INTERFACE_UK, 11 * 60, "11 хвилин"},
        {INTERFACE_AR, 60, "دقيقة"},           {INTERFACE_AR, 120, "دقيقتان"},
        {INTERFACE_AR, 180, "3 دقائق"},        {INTERFACE_AR, 15 * 60, "15 دقيقة"},
        {INTERFACE_HE, 7200, "שעתיים"},        {INTERFACE_FR, 0, "0\u00a0seconde"},
        {INTERFACE_JA, 900, "15 分"},
    };
    char out[INTERFACE_LENGTH_SIZE];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        interface_write_length(all[i].language, all[i].seconds, out);
        assert_string_equal(out, all[i].said);
    }
}

/* Every day and every length that a record may have fits. */
static void nothing_is_too_long(void **state)
{
    (void)state;
    char date[INTERFACE_DATE_SIZE];
    char length[INTERFACE_LENGTH_SIZE];
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        for (int month = 1; month <= 12; month++) {
            for (int weekday = 0; weekday < 7; weekday++) {
                interface_write_date((enum interface_language)i, DATE_FULL, 2250, month, 30,
                                     weekday, date);
            }
        }
        interface_write_length((enum interface_language)i, UINT64_MAX, length);
        interface_write_length((enum interface_language)i, 719 * 3600 + 59 * 60, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phrase_is_said_in_every_language),
        cmocka_unit_test(a_tag_has_the_language_of_its_first_part),
        cmocka_unit_test(dates_are_written_as_each_language_does),
        cmocka_unit_test(lengths_are_counted_as_each_language_does),
        cmocka_unit_test(nothing_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
