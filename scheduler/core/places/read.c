#include <string.h>

#include "places/places.h"
#include "words/words.h"

bool places_read(const char *text, struct places_choice *out, char why[static PLACE_DOUBT_SIZE])
{
    size_t len = strlen(text);
    enum places_answer answer = places_find(text, len, &out->one);
    out->kind = PLACES_ONE;
    if (answer == PLACES_FOUND) {
        return true;
    }
    if (answer == PLACES_NONE && words_equal(text, len, "all", 3)) {
        out->kind = PLACES_ALL;
        return true;
    }
    if (answer == PLACES_NONE && places_find_country(text, len, out->country)) {
        out->kind = PLACES_COUNTRY;
        return true;
    }
    places_doubt(text, len, why);
    return false;
}
