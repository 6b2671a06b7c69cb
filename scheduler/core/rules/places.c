#include "rules/places.h"

#include <string.h>

#include "words/words.h"

const struct rule_place *rule_place_get(size_t index)
{
    return index < places_count ? &places[index] : NULL;
}

bool rule_place_find(const char *name, size_t len, struct rule_place *out)
{
    for (size_t i = 0; i < places_count; i++) {
        if (words_equal(places[i].name, strlen(places[i].name), name, len)) {
            *out = places[i];
            return true;
        }
    }
    return false;
}
