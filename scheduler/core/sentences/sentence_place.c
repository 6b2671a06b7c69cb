/* sentence_place.c -- cities and zones in a sentence: by their names in its language, and with what
 * a preposition becomes before them: d'Athènes, au Caire, all'Aquila. */
#include <stdio.h>
#include <string.h>

#include "sentences/sentence.h"
#include "words/words.h"

const char *const sentence_arabic_ordinals[] = {"أول",  "ثاني", "ثالث", "رابع", "خامس",
                                                "سادس", "سابع", "ثامن", "تاسع", "عاشر"};

/* What a name begins with, or is, that asks for another form of the preposition before it; the
 * article goes into the preposition. */
static const struct contraction {
    enum language language;
    const char *beginning;
    enum sentence_form form;
    bool is_whole, is_article;
} contractions[] = {
    {LANGUAGE_FR, "Le ", SENTENCE_LE, false, true},
    {LANGUAGE_FR, "Les ", SENTENCE_LES, false, true},
    {LANGUAGE_IT, "Il ", SENTENCE_LE, false, true},
    {LANGUAGE_IT, "La ", SENTENCE_LES, false, true},
    {LANGUAGE_IT, "L'", SENTENCE_VOWEL, false, true},
    {LANGUAGE_IT, "A", SENTENCE_A, false, false},
    {LANGUAGE_PT, "Rio de Janeiro", SENTENCE_VOWEL, true, false},
    {LANGUAGE_PT, "Porto", SENTENCE_VOWEL, true, false},
    {LANGUAGE_PT, "Cairo", SENTENCE_VOWEL, true, false},
    {LANGUAGE_PT, "Recife", SENTENCE_VOWEL, true, false},
};

static const struct contraction *contraction_of(const char *name, enum language language)
{
    for (size_t i = 0; i < sizeof contractions / sizeof *contractions; i++) {
        const struct contraction *is = &contractions[i];
        size_t len = strlen(is->beginning);
        if (is->language == language && strncmp(name, is->beginning, len) == 0 &&
            (!is->is_whole || name[len] == '\0')) {
            return is;
        }
    }
    return NULL;
}

enum sentence_form sentence_form_before(const char *name, enum language language, size_t *article)
{
    static const char *const vowels[] = {"A", "E", "I", "O", "U", "É", "È", "Î", "Â", "Ô"};
    const struct contraction *is = contraction_of(name, language);
    *article = is != NULL && is->is_article ? strlen(is->beginning) : 0;
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels && language == LANGUAGE_FR; i++) {
        if (strncmp(name, vowels[i], strlen(vowels[i])) == 0) {
            return SENTENCE_VOWEL;
        }
    }
    return is != NULL ? is->form : SENTENCE_PLAIN;
}

/* Whether a place is found by the name, and is called so in the language. */
static bool is_called(const char *name, size_t len, enum language language, struct place *out)
{
    char known[PLACE_NAME_SIZE], said[PLACE_NAME_SIZE];
    if (places_find(name, len, out) != PLACES_FOUND) {
        return false;
    }
    places_write(out, known);
    places_write_in(known, language, said);
    return words_equal(name, len, said, strlen(said)) ||
           (strlen(known) == len && memcmp(known, name, len) == 0);
}

bool sentence_place_heard(const char *text, size_t len, enum language language, struct place *out)
{
    char name[PLACE_NAME_SIZE];
    if (len == 0 || len >= PLACE_NAME_SIZE) {
        return false;
    }
    if (is_called(text, len, language, out)) {
        return true;
    }
    for (size_t i = 0; i < sizeof contractions / sizeof *contractions; i++) {
        if (contractions[i].language == language && contractions[i].is_article &&
            len + strlen(contractions[i].beginning) < PLACE_NAME_SIZE) {
            snprintf(name, sizeof name, "%s%.*s", contractions[i].beginning, (int)len, text);
            if (is_called(name, strlen(name), language, out)) {
                return true;
            }
        }
    }
    return false;
}

/* Etc/GMT+3 is three hours behind UTC, and people write that UTC-3. */
static const char fixed[] = "Etc/GMT";

void sentence_zone(const char *zone, enum language language, char out[static PLACE_NAME_SIZE])
{
    char city[PLACE_NAME_SIZE];
    const char *hours = zone + sizeof fixed - 1;
    if (strncmp(zone, fixed, sizeof fixed - 1) == 0 && (*hours == '+' || *hours == '-')) {
        snprintf(out, PLACE_NAME_SIZE, "UTC%c%s", *hours == '+' ? '-' : '+', hours + 1);
    } else if (places_of_zone(zone, city)) {
        places_write_in(city, language, out);
    } else {
        snprintf(out, PLACE_NAME_SIZE, "%s", zone);
    }
}

bool sentence_zone_heard(const char *text, size_t len, enum language language,
                         char out[static PLACE_NAME_SIZE])
{
    struct place place;
    char said[PLACE_NAME_SIZE];
    if (len > 4 && len <= 6 && (memcmp(text, "UTC+", 4) == 0 || memcmp(text, "UTC-", 4) == 0) &&
        strspn(text + 4, "0123456789") == len - 4) {
        snprintf(out, PLACE_NAME_SIZE, "%s%c%.*s", fixed, text[3] == '+' ? '-' : '+',
                 (int)(len - 4), text + 4);
        return true;
    }
    if (!sentence_place_heard(text, len, language, &place) || place.is_position ||
        !places_of_zone(place.zone, said) || strcmp(said, place.name) != 0) {
        return false;
    }
    snprintf(out, PLACE_NAME_SIZE, "%s", place.zone);
    return true;
}
