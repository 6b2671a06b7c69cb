#include "places/show.h"

#include <stdio.h>
#include <string.h>

#include "places/internal.h"
#include "words/cities.h"

_Static_assert((int)LANGUAGE_EL == (int)INTERFACE_EL, "the gazetteer's bits are those of both");

/* The country's code at the end as the language has it: "Athen, Griechenland" */
static void show_country(enum interface_language language, char out[static PLACE_NAME_SIZE])
{
    char *comma = strrchr(out, ',');
    const char *country = comma == NULL ? NULL : cities_name(language, comma + strlen(", "));
    if (country != NULL) {
        snprintf(comma, PLACE_NAME_SIZE - (size_t)(comma - out), "%s%s",
                 interface_say(language, "comma"), country);
    }
}

bool places_show(const char *name, size_t len, enum interface_language language,
                 char out[static PLACE_NAME_SIZE])
{
    struct place place;
    if (places_find(name, len, &place) != PLACES_FOUND) {
        return false;
    }
    /* CLDR may call a zone after its island or country: English tells whether it is the city */
    const char *english = cities_name(INTERFACE_EN, place.zone);
    if (place.is_position) {
        snprintf(out, PLACE_NAME_SIZE, "%s", place.name);
    } else if (english != NULL && strcmp(english, place.name) == 0) {
        snprintf(out, PLACE_NAME_SIZE, "%s", cities_name(language, place.zone));
    } else {
        city_write_in(place.name, language, out);
        show_country(language, out);
    }
    return true;
}

void places_show_zone(const char *zone, enum interface_language language,
                      char out[static PLACE_NAME_SIZE])
{
    char city[PLACE_NAME_SIZE];
    const char *known = cities_name(language, zone);
    if (known != NULL) {
        snprintf(out, PLACE_NAME_SIZE, "%s", known);
    } else if (places_of_zone(zone, city)) {
        city_write_in(city, language, out);
        out[strcspn(out, ",")] = '\0'; /* the country of one that has namesakes */
    } else {
        city_of_zone(zone, out);
    }
}

const char *places_show_country(const char *code, enum interface_language language)
{
    return cities_name(language, code);
}
