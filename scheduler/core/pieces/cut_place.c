/* cut_place.c -- names of places as they stand in a sentence: inflected, with a country behind a
 * comma, or the name of a country itself. */
#include <stdio.h>
#include <string.h>

#include "pieces/cutter.h"
#include "words/countries.h"
#include "words/words.h"

bool place_named(const char *text, size_t len, struct piece *out)
{
    struct place place;
    enum places_answer answer = places_find(text, len, &place);
    if (answer == PLACES_SEVERAL && len < sizeof out->name) {
        *out = (struct piece){.kind = PIECE_PLACE, .is_doubtful = true};
        memcpy(out->name, text, len);
        return true;
    }
    if (answer != PLACES_FOUND) {
        return false;
    }
    *out = (struct piece){.kind = PIECE_PLACE};
    places_write(&place, out->name);
    memcpy(out->zone, place.zone, sizeof out->zone);
    return true;
}

const char *language_countries(enum language language)
{
    static const char *const countries[LANGUAGES] = {
        [LANGUAGE_EN] = "",
        [LANGUAGE_IT] = "IT CH SM",
        [LANGUAGE_ES] = "ES MX AR CO CL PE VE EC UY PY BO CR CU DO GT HN NI PA SV PR",
        [LANGUAGE_FR] = "FR BE CH CA LU SN CI ML BF NE TD CM GA CG CD BJ TG GN MG HT",
        [LANGUAGE_DE] = "DE AT CH LI",
        [LANGUAGE_PT] = "PT BR AO MZ CV GW ST TL",
        [LANGUAGE_PL] = "PL",
        [LANGUAGE_UK] = "UA",
        [LANGUAGE_AR] = "EG SD DZ MA TN LY SY LB JO PS IQ SA YE OM AE QA BH KW MR",
        [LANGUAGE_EL] = "GR CY",
    };
    return countries[language];
}

/* Names that a language gives to two cities, of which the table of places has each by another, or
 * to a region or a season more than to a city. */
static const char *shared_name(const char *text, size_t len, enum language language)
{
    static const struct {
        enum language language;
        const char *name, *other;
    } shared[] = {
        {LANGUAGE_EN, "Ontario", "\"Ontario, US\", or a city of the province"},
        {LANGUAGE_EN, "Virginia", "\"Virginia, ZA\", or a city of the state"},
        {LANGUAGE_EN, "Spring", "\"Spring, US\", or from which day until which"},
        {LANGUAGE_EN, "San Jose", "\"San Jose, California, US\" or \"San José, CR\""},
        {LANGUAGE_IT, "Monaco", "\"Munich\" or \"Monaco, MC\""},
        {LANGUAGE_FR, "Vienne", "\"Vienna\" or \"Vienne, FR\""},
        {LANGUAGE_PL, "Brześć", "\"Brest, BY\" or \"Brest, FR\""},
        {LANGUAGE_PL, "Brześciu", "\"Brest, BY\" or \"Brest, FR\""},
        {LANGUAGE_EL, "Αλεξάνδρεια", "\"Alexandria, EG\", or the position 40.63,22.44"},
        {LANGUAGE_EL, "Τρίπολη", "\"Tripoli, LY\", \"Tripoli, LB\" or \"Tripoli, GR\""},
        {LANGUAGE_FR, "Valence", "\"Valence, FR\" or \"Valencia, ES\""},
    };
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (shared[i].language == language &&
            words_equal(text, len, shared[i].name, strlen(shared[i].name))) {
            return shared[i].other;
        }
    }
    return NULL;
}

/* Where people who write a language look first: who writes Spanish means Barcelona in Spain, but of
 * León in Mexico and León in Spain it cannot be known. */
static const char *home_of(enum language language)
{
    return language == LANGUAGE_ES   ? "ES"
           : language == LANGUAGE_FR ? "FR BE CH CA"
           : language == LANGUAGE_PT ? "PT BR"
                                     : language_countries(language);
}

void place_doubt_namesake(const char *text, size_t len, enum language language, struct piece *out)
{
    const char *both = shared_name(text, len, language);
    if (both != NULL && len < sizeof out->name) {
        *out = (struct piece){.kind = PIECE_PLACE, .is_doubtful = true, .word = both};
        memcpy(out->name, text, len);
        return;
    }
    struct place place;
    if (out->is_doubtful || len >= sizeof out->name ||
        places_find(out->name, strlen(out->name), &place) != PLACES_FOUND) {
        return;
    }
    const char *spoken = language_countries(language);
    bool is_spoken = strstr(spoken, place.country) != NULL;
    if (places_has_namesake(text, len, is_spoken ? home_of(language) : spoken) ||
        places_has_other(text, len, language, is_spoken)) {
        *out = (struct piece){.kind = PIECE_PLACE, .is_doubtful = true};
        memcpy(out->name, text, len);
    }
}

const struct place_case place_cases[] = {
    {LANGUAGE_UK, "єві", "їв"},  {LANGUAGE_UK, "ові", "ів"},  {LANGUAGE_UK, "еві", "ів"},
    {LANGUAGE_UK, "зі", "га"},   {LANGUAGE_UK, "ці", "ця"},   {LANGUAGE_UK, "ці", "ка"},
    {LANGUAGE_UK, "жжі", "жжя"}, {LANGUAGE_UK, "рі", "ро"},   {LANGUAGE_UK, "і", "а"},
    {LANGUAGE_UK, "і", "ь"},     {LANGUAGE_UK, "і", ""},      {LANGUAGE_UK, "ому", "е"},
    {LANGUAGE_UK, "ах", "и"},    {LANGUAGE_UK, "ку", "к"},    {LANGUAGE_UK, "у", ""},
    {LANGUAGE_UK, "ові", ""},    {LANGUAGE_UK, "ові", "ов"},  {LANGUAGE_PL, "ie", "a"},
    {LANGUAGE_PL, "owie", "ów"}, {LANGUAGE_PL, "ie", ""},     {LANGUAGE_PL, "iu", ""},
    {LANGUAGE_PL, "u", ""},      {LANGUAGE_PL, "zi", "z"},    {LANGUAGE_PL, "ach", "e"},
    {LANGUAGE_PL, "ach", "y"},   {LANGUAGE_PL, "dze", "ga"},  {LANGUAGE_PL, "cie", "t"},
    {LANGUAGE_PL, "ycie", "yt"}, {LANGUAGE_PL, "i", "a"},     {LANGUAGE_PL, "rze", "r"},
    {LANGUAGE_PL, "imiu", "im"}, {LANGUAGE_PL, "cy", "ca"},   {LANGUAGE_PL, "rku", "rk"},
    {LANGUAGE_PL, "niu", "ń"},   {LANGUAGE_PL, "inie", "in"}, {LANGUAGE_PL, "zie", "d"},
    {LANGUAGE_DE, "er", ""},     {LANGUAGE_UK, "ях", "і"},    {LANGUAGE_UK, "ому", "ий"},
    {LANGUAGE_UK, "ці", "к"},    {LANGUAGE_PL, "i", "ia"},    {LANGUAGE_PL, "y", ""},
    {LANGUAGE_PL, "cu", "iec"},  {LANGUAGE_PL, "em", "e"},    {LANGUAGE_PL, "u", "e"},
    {LANGUAGE_PL, "ie", "o"},    {LANGUAGE_PL, "i", ""},      {LANGUAGE_EL, "ο", "ος"},
    {LANGUAGE_EL, "α", "ας"},    {LANGUAGE_EL, "ους", "οι"},  {LANGUAGE_EL, "η", "ης"},
    {LANGUAGE_UK, "а", ""},      {LANGUAGE_UK, "и", "а"},     {LANGUAGE_UK, "єва", "їв"},
    {LANGUAGE_UK, "ова", "ів"},  {LANGUAGE_PL, "a", ""},      {LANGUAGE_PL, "owa", "ów"},
    {LANGUAGE_PL, "y", "a"},     {LANGUAGE_UK, "ї", "й"},
};

size_t place_case_count(void)
{
    return sizeof place_cases / sizeof *place_cases;
}

/* A city in the case that follows "in": w Krakowie, у Києві. */
bool place_inflected(const char *text, size_t len, enum language language, struct piece *out)
{
    /* بالقاهرة, بمصر: "in" is written together with the name */
    if (language == LANGUAGE_AR && len > 6 && memcmp(text, "ب", 2) == 0) {
        return place_named(text + 2, len - 2, out) ||
               place_country(text + 2, len - 2, language, out);
    }
    bool found = false;
    for (size_t i = 0; i < sizeof place_cases / sizeof *place_cases; i++) {
        size_t n = strlen(place_cases[i].ending);
        char name[PLACE_NAME_SIZE];
        struct piece piece;
        if (place_cases[i].language != language || len <= n + 2 || len >= sizeof name - 8 ||
            !words_equal(text + len - n, n, place_cases[i].ending, n)) {
            continue;
        }
        int used =
            snprintf(name, sizeof name, "%.*s%s", (int)(len - n), text, place_cases[i].nominative);
        if (!place_named(name, (size_t)used, &piece)) {
            continue;
        }
        if (found && strcmp(piece.name, out->name) != 0) {
            return false; /* two cities: say it in the nominative */
        }
        *out = piece;
        found = true;
    }
    return found;
}

void place_doubt_inflected(const char *text, size_t len, enum language language, struct piece *out)
{
    struct piece other;
    if (!out->is_doubtful && len < sizeof out->name &&
        place_inflected(text, len, language, &other) && strcmp(other.name, out->name) != 0) {
        *out = (struct piece){.kind = PIECE_PLACE, .is_doubtful = true};
        memcpy(out->name, text, len);
    }
}

/* The zone of a country whose clocks are all alike; "": they are not. */
static void use_zone_of_country(struct piece *country)
{
    struct place place;
    size_t cursor = 0;
    while (places_next(&cursor, &place)) {
        if (strcmp(place.country, country->name) != 0) {
            continue;
        }
        if (country->zone[0] != '\0' && strcmp(country->zone, place.zone) != 0) {
            country->zone[0] = '\0';
            return;
        }
        memcpy(country->zone, place.zone, sizeof country->zone);
    }
}

/* The code of a country by its name in a language, perhaps inflected. */
static bool find_country(const char *text, size_t len, enum language language, char out[static 3])
{
    const char *code = countries_find(language, text, len);
    if (code == NULL) {
        return places_find_country(text, len, out);
    }
    memcpy(out, code, 3);
    return true;
}

/* Short names of countries, which are other words in small letters. */
static const char *short_country(const char *text, size_t len)
{
    static const char *const names[][2] = {{"US", "US"}, {"U.S", "US"}, {"U.S.A", "US"},
                                           {"UK", "GB"}, {"U.K", "GB"}, {"UAE", "AE"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i][0]) == len && memcmp(names[i][0], text, len) == 0) {
            return names[i][1];
        }
    }
    return NULL;
}

/* A country, unless a state of another that has other clocks is called so. */
bool place_country(const char *text, size_t len, enum language language, struct piece *out)
{
    char country[3];
    const char *code = language == LANGUAGE_EN ? short_country(text, len) : NULL;
    if (code != NULL) {
        memcpy(country, code, sizeof country);
    } else if (len < 3 || !find_country(text, len, language, country)) {
        return false;
    }
    *out = (struct piece){.kind = PIECE_COUNTRY};
    memcpy(out->name, country, sizeof country);
    use_zone_of_country(out);
    return !places_is_region_elsewhere(text, len, out->zone);
}

/* "Athens, Georgia": the parts after a comma belong to the name where a place is called so. */
const char *place_end(const char *from, const char *end, const char *limit, enum language language,
                      struct piece *out)
{
    const char *best = NULL, *city_end = end;
    struct piece piece;
    for (int parts = 0; parts < 2; parts++) {
        const char *at = end;
        while (at < limit && *at == ' ') {
            at++;
        }
        if (at == limit || *at != ',') {
            break;
        }
        do {
            at++;
        } while (at < limit && *at == ' ');
        const char *part = at;
        for (int words = 0; words < 3 && at < limit && is_letter(*at); words++) {
            end = word_end(at, limit);
            char country[3], name[PLACE_NAME_SIZE];
            struct place itself;
            bool is_country = find_country(part, (size_t)(end - part), language, country);
            bool is_city =
                !is_country && places_find(part, (size_t)(end - part), &itself) != PLACES_NONE &&
                !places_is_told_by_region(from, (size_t)(end - from), (size_t)(city_end - from));
            int used = snprintf(name, sizeof name, "%.*s, %s", (int)(city_end - from), from,
                                is_country ? country : "");
            if (!is_city && (place_named(from, (size_t)(end - from), &piece) ||
                             (is_country && (size_t)used < sizeof name &&
                              place_named(name, (size_t)used, &piece)))) {
                *out = piece;
                best = end;
            }
            at = end;
            while (at < limit && *at == ' ') {
                at++;
            }
        }
        end = best != NULL ? best : end;
        if (best == NULL) {
            break;
        }
    }
    return best;
}

/* "en La Habana": whether the last word of a phrase begins the name of a city. */
bool place_begins(const char *from, const char *phrase_end, const char *end)
{
    struct piece place;
    const char *at = phrase_end;
    while (at > from && at[-1] != ' ') {
        at--;
    }
    return at > from && end > phrase_end && place_named(at, (size_t)(end - at), &place);
}
