/* How a city is written: in a language, for its clock, and which others are called so. */
#include <stdio.h>
#include <string.h>

#include "places/internal.h"

static bool is_city(const char *text, size_t len, uint16_t city)
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    size_t count = cities_find(text, len, name);
    return count > 0 && name[0]->city == city && is_much_larger(name, count);
}

void city_write_in(const char *name, unsigned bit, char out[static PLACE_NAME_SIZE])
{
    const struct gazetteer_name *known[NAMESAKES_MAX];
    struct place place;
    size_t len = strlen(name);
    snprintf(out, PLACE_NAME_SIZE, "%s", name);
    if (position_read(name, len, &place) != PLACES_NONE || cities_find(name, len, known) == 0) {
        return;
    }
    uint16_t city = known[0]->city;
    for (size_t i = 0; i < gazetteer_names; i++) {
        if (gazetteer_name[i].city != city || (gazetteer_name[i].languages >> bit & 1) == 0) {
            continue;
        }
        const char *said = gazetteer_string(bit == LANGUAGE_EN ? gazetteer_city[city].name
                                                               : gazetteer_name[i].text);
        const char *country = gazetteer_country[gazetteer_city[city].country].code;
        snprintf(out, PLACE_NAME_SIZE, "%s", said);
        if (!is_city(out, strlen(out), city)) {
            snprintf(out, PLACE_NAME_SIZE, "%s, %s", said, country);
        }
        if (!is_city(out, strlen(out), city)) {
            snprintf(out, PLACE_NAME_SIZE, "%s", name);
        }
        return;
    }
}

void places_write_in(const char *name, enum language language, char out[static PLACE_NAME_SIZE])
{
    city_write_in(name, language, out);
}

void city_of_zone(const char *zone, char out[static PLACE_NAME_SIZE])
{
    const char *slash = strrchr(zone, '/');
    snprintf(out, PLACE_NAME_SIZE, "%s", slash != NULL ? slash + 1 : zone);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
}

bool places_of_zone(const char *zone, char out[static PLACE_NAME_SIZE])
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    char last[PLACE_NAME_SIZE];
    struct place place;
    city_of_zone(zone, last);
    size_t count = strchr(zone, '/') != NULL ? cities_find(last, strlen(last), name) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct gazetteer_city *city = &gazetteer_city[name[i]->city];
        if (strcmp(gazetteer_zone[city->zone], zone) == 0) {
            city_give(city, &place);
            places_write(&place, out);
            return true;
        }
    }
    return false;
}

bool places_has_namesake(const char *text, size_t len, const char *countries)
{
    enum { SMALLER = 15 }; /* times: still meant by those who live near it */
    struct wanted wanted;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    size_t count = wanted_read(text, len, &wanted) ? cities_find_namesakes(&wanted, name) : 0;
    for (size_t i = 1; i < count; i++) {
        const struct gazetteer_city *first = &gazetteer_city[name[0]->city],
                                    *city = &gazetteer_city[name[i]->city];
        if (city->country != first->country &&
            strstr(countries, gazetteer_country[city->country].code) != NULL &&
            SMALLER * (int64_t)city->population >= first->population) {
            return true;
        }
    }
    return false;
}

bool places_has_other(const char *text, size_t len, enum language language, bool is_spoken)
{
    struct wanted wanted;
    const struct gazetteer_name *first[NAMESAKES_MAX];
    if (!wanted_read(text, len, &wanted) || cities_find_namesakes(&wanted, first) == 0) {
        return false;
    }
    const struct gazetteer_city *is = &gazetteer_city[first[0]->city];
    if (is_spoken && (is->flags & GAZETTEER_PRINCIPAL) != 0) {
        return false;
    }
    for (size_t i = names_from(&wanted.name);
         i < gazetteer_names && key_is(&wanted.name, gazetteer_string(gazetteer_name[i].text));
         i++) {
        const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
        if (city != is && (gazetteer_name[i].languages >> language & 1) != 0 &&
            city_lies_in(city, &wanted) &&
            5 * (int64_t)city->population > 2 * (int64_t)is->population) {
            return true;
        }
    }
    return false;
}

bool places_is_region(const char *text, size_t len)
{
    struct wanted wanted;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    const char *comma = memchr(text, ',', len);
    if (!wanted_read(text, comma != NULL ? (size_t)(comma - text) : len, &wanted)) {
        return false;
    }
    size_t count = cities_find_namesakes(&wanted, name);
    for (size_t i = 0; i < count; i++) {
        if (key_is(&wanted.name, gazetteer_string(gazetteer_city[name[i]->city].region))) {
            return false;
        }
    }
    for (size_t i = 0; i < gazetteer_cities; i++) {
        if (key_is(&wanted.name, gazetteer_string(gazetteer_city[i].region))) {
            return true;
        }
    }
    return false;
}

size_t places_region_at(const char *text, size_t len)
{
    size_t end = 0;
    for (int words = 0; words < 3 && end < len && text[end] != ','; words++) {
        while (end < len && text[end] == ' ') {
            end++;
        }
        while (end < len && text[end] != ' ' && text[end] != ',') {
            end++;
        }
        if (places_is_region(text, end)) {
            return end;
        }
    }
    return 0;
}

bool places_is_told_by_region(const char *text, size_t len, size_t name_len)
{
    struct place told, alone;
    return places_find(text, len, &told) == PLACES_FOUND &&
           (places_find(text, name_len, &alone) != PLACES_FOUND ||
            strcmp(told.name, alone.name) != 0);
}

bool places_is_region_elsewhere(const char *text, size_t len, const char *zone)
{
    struct key key;
    key_of(text, len, &key);
    for (size_t i = 0; i < gazetteer_cities; i++) {
        if (key_is(&key, gazetteer_string(gazetteer_city[i].region)) &&
            strcmp(gazetteer_zone[gazetteer_city[i].zone], zone) != 0) {
            return true;
        }
    }
    return false;
}
