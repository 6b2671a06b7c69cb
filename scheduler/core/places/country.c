/* Countries by their codes and names. */
#include <string.h>

#include "places/internal.h"

bool country_find(const char *text, size_t len, uint8_t *out)
{
    struct key key;
    key_of(text, len, &key);
    size_t i = 0, first = 0;
    while (i < gazetteer_countries && !key_is(&key, gazetteer_country[i].name) &&
           !(key.count == 2 && key_is(&key, gazetteer_country[i].code))) {
        i++;
    }
    if (i == gazetteer_countries) {
        return false;
    }
    while (memcmp(gazetteer_country[first].code, gazetteer_country[i].code, 2) != 0) {
        first++;
    }
    *out = (uint8_t)first;
    return true;
}

bool places_find_country(const char *text, size_t len, char out[static 3])
{
    uint8_t country;
    if (!country_find(text, len, &country)) {
        return false;
    }
    memcpy(out, gazetteer_country[country].code, 3);
    return true;
}

const char *places_country_name(const char *code)
{
    for (size_t i = 0; strlen(code) == 2 && i < gazetteer_countries; i++) {
        if (memcmp(gazetteer_country[i].code, code, 2) == 0) {
            return gazetteer_country[i].name;
        }
    }
    return NULL;
}
