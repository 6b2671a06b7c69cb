/* Cities in a line: never another than is meant, and asked about no oftener than must be.
 * links: words places zones sky instants */
#include "check.h"

#include <math.h>

#include "pieces/cutter.h"
#include "places/gazetteer.h"
#include "words/words.h"

static bool asks(const char *name, enum language language)
{
    struct piece piece;
    assert_true(place_named(name, strlen(name), &piece));
    place_doubt_namesake(name, strlen(name), language, &piece);
    return piece.is_doubtful;
}

static void a_city_is_asked_about_where_readers_may_mean_another(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum language language;
        bool is_asked;
    } names[] = {
        {"Barcelona", LANGUAGE_ES, false}, /* four times that of Venezuela, and at home */
        {"La Paz", LANGUAGE_ES, false},    {"Guadalajara", LANGUAGE_ES, true},
        {"Córdoba", LANGUAGE_ES, true},    {"Cartagena", LANGUAGE_ES, true},
        {"León", LANGUAGE_ES, true},       {"Valencia", LANGUAGE_ES, true},
        {"Santarém", LANGUAGE_PT, true},   {"طرابلس", LANGUAGE_AR, true},
        {"Florencia", LANGUAGE_ES, true}, /* Florence, or that in Colombia */
        {"San José", LANGUAGE_ES, true},  /* that of California is larger */
        {"بيت لحم", LANGUAGE_AR, false},   {"Monaco", LANGUAGE_EN, false},
        {"London", LANGUAGE_EN, false},    {"Paris", LANGUAGE_FR, false},
        {"Roma", LANGUAGE_IT, false},      {"Durham", LANGUAGE_EN, true},
        {"Granada", LANGUAGE_EN, true},    {"Granada", LANGUAGE_ES, true},
        {"Victoria", LANGUAGE_EN, true},   {"Birmingham", LANGUAGE_EN, false},
        {"Córdoba", LANGUAGE_EN, true},    {"Gallipoli", LANGUAGE_EN, true},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (asks(names[i].name, names[i].language) != names[i].is_asked) {
            print_error("%s in language %d\n", names[i].name, (int)names[i].language);
            fail();
        }
    }
}

/* Of all names of the table in a language: how many are asked about, and whether the others are
 * ever a guess between two cities of like weight. */
static void few_names_are_asked_about_and_none_is_a_guess(void **state)
{
    (void)state;
    static const double most[LANGUAGES] = {0.05, 0.05, 0.05, 0.05, 0.05,
                                           0.05, 0.05, 0.05, 0.05, 0.05};
    size_t at_home = 0;
    for (int language = 0; language < LANGUAGES; language++) {
        size_t names = 0, asked = 0;
        for (size_t i = 0; i < gazetteer_names; i++) {
            const char *name = gazetteer_string(gazetteer_name[i].text);
            if ((gazetteer_name[i].languages >> language & 1) == 0) {
                continue;
            }
            names++;
            struct piece piece;
            struct place place;
            if (asks(name, (enum language)language)) {
                asked++;
                continue;
            }
            assert_true(place_named(name, strlen(name), &piece));
            assert_int_equal(places_find(piece.name, strlen(piece.name), &place), PLACES_FOUND);
            const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
            bool is_it = fabs(place.latitude_deg - city->latitude_e4 / 1e4) < 1e-6 &&
                         fabs(place.longitude_deg - city->longitude_e4 / 1e4) < 1e-6;
            /* another is read only where it has far more people */
            if (!is_it) {
                const struct gazetteer_city *read = NULL;
                for (size_t k = 0; k < gazetteer_cities; k++) {
                    if (fabs(gazetteer_city[k].latitude_e4 / 1e4 - place.latitude_deg) < 1e-6 &&
                        fabs(gazetteer_city[k].longitude_e4 / 1e4 - place.longitude_deg) < 1e-6) {
                        read = &gazetteer_city[k];
                    }
                }
                assert_non_null(read);
                /* but that of its own people, as Bethlehem in Arabic */
                if (5 * (int64_t)city->population > 2 * (int64_t)read->population) {
                    print_message("%s in language %d is %s, not %s\n", name, language, piece.name,
                                  gazetteer_string(city->name));
                    assert_true(city->population <= 5 * read->population);
                    assert_true(++at_home <= 3);
                }
            }
        }
        print_message("language %d: %zu of %zu names are asked about\n", language, asked, names);
        assert_true((double)asked < most[language] * (double)names);
    }
}

/* w Warszawie, у Києві, στην Αθήνα: each form of each name that the table of cases makes. */
static void an_inflected_name_is_never_another_city(void **state)
{
    (void)state;
    size_t forms = 0, read = 0, wrong = 0;
    for (size_t i = 0; i < gazetteer_names; i++) {
        const char *name = gazetteer_string(gazetteer_name[i].text);
        struct piece nominative, inflected;
        for (size_t k = 0; k < place_case_count(); k++) {
            enum language language = place_cases[k].language;
            size_t len = strlen(name), end = strlen(place_cases[k].nominative);
            char form[PLACE_NAME_SIZE];
            if ((gazetteer_name[i].languages >> language & 1) == 0 || len <= end + 2 ||
                strcmp(name + len - end, place_cases[k].nominative) != 0 ||
                !place_named(name, len, &nominative) || nominative.is_doubtful) {
                continue;
            }
            int size = snprintf(form, sizeof form, "%.*s%s", (int)(len - end), name,
                                place_cases[k].ending);
            forms++;
            bool is_read = place_named(form, (size_t)size, &inflected) ||
                           place_inflected(form, (size_t)size, language, &inflected);
            if (is_read) {
                place_doubt_inflected(form, (size_t)size, language, &inflected);
            }
            read += is_read && !inflected.is_doubtful;
            if (is_read && !inflected.is_doubtful && strcmp(inflected.name, nominative.name) != 0) {
                print_message("%s of %s is read as %s\n", form, name, inflected.name);
                wrong++;
            }
        }
    }
    print_message("%zu of %zu forms are read, %zu as another city\n", read, forms, wrong);
    assert_int_equal(wrong, 0);
    assert_true(read > forms / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_city_is_asked_about_where_readers_may_mean_another),
        cmocka_unit_test(few_names_are_asked_about_and_none_is_a_guess),
        cmocka_unit_test(an_inflected_name_is_never_another_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
