#include "site/rule_zone.h"

#include <stdio.h>
#include <string.h>

#include "places/places.h"

/* What a canonical line names after a word: up to the next one, of a place up to its length. */
static struct text named_after(struct text rule, const char *word, const char *stop, size_t from)
{
    const char *at = memmem(rule.at + from, rule.len - from, word, strlen(word));
    if (at == NULL) {
        return (struct text){NULL, 0};
    }
    at += strlen(word);
    size_t left = rule.len - (size_t)(at - rule.at);
    const char *end = memmem(at, left, stop, strlen(stop));
    return (struct text){at, end == NULL ? left : (size_t)(end - at)};
}

/* The zone that a canonical line names after " in ", or else that of the place after " at ".
 * place: by the name of which the map finds it; "" if the zone is called after no city. */
static bool read_rule(struct text rule, char zone[static ZONE_NAME_SIZE],
                      char place[static PLACE_NAME_SIZE])
{
    static const struct {
        const char *word, *stop;
    } by[] = {{" in ", " "}, {" at ", " for "}};
    struct place known;
    for (size_t b = 0; b < sizeof by / sizeof *by; b++) {
        struct text text = named_after(rule, by[b].word, by[b].stop, 0);
        for (; text.at != NULL;
             text = named_after(rule, by[b].word, by[b].stop, (size_t)(text.at - rule.at))) {
            zone[0] = place[0] = '\0';
            if (b == 0 && text.len < ZONE_NAME_SIZE) {
                snprintf(zone, ZONE_NAME_SIZE, "%.*s", (int)text.len, text.at);
                const char *slash = strrchr(zone, '/');
                snprintf(place, PLACE_NAME_SIZE, "%s", slash == NULL ? "" : slash + 1);
                for (char *at = place; *at != '\0'; at++) {
                    *at = *at == '_' ? ' ' : *at;
                }
                bool is_city = places_find(place, strlen(place), &known) == PLACES_FOUND &&
                               strcmp(known.zone, zone) == 0;
                place[is_city ? strlen(place) : 0] = '\0';
            } else if (b == 1 && places_find(text.at, text.len, &known) == PLACES_FOUND) {
                snprintf(zone, ZONE_NAME_SIZE, "%s", known.zone);
                snprintf(place, PLACE_NAME_SIZE, "%.*s", (int)text.len, text.at);
            }
            if (strchr(zone, '/') != NULL && zoneinfo_is_name(zone)) {
                return true;
            }
        }
    }
    return false;
}

static const struct zone *zone_of_rule(struct zoneinfo *zoneinfo, struct text rule)
{
    char zone[ZONE_NAME_SIZE];
    char place[PLACE_NAME_SIZE];
    return read_rule(rule, zone, place) ? zoneinfo_find(zoneinfo, zone) : NULL;
}

bool rule_place_find(struct text rule, char out[static PLACE_NAME_SIZE])
{
    char zone[ZONE_NAME_SIZE];
    return read_rule(rule, zone, out) && out[0] != '\0';
}

static const struct zone *zone_of_place(struct zoneinfo *zoneinfo, struct text text)
{
    struct place place;
    return places_find(text.at, text.len, &place) == PLACES_FOUND && place.zone[0] != '\0'
               ? zoneinfo_find(zoneinfo, place.zone)
               : NULL;
}

const struct zone *rule_zone_find(struct zoneinfo *zoneinfo, enum record_wave wave,
                                  struct text rule, struct text place)
{
    switch (wave) {
    case WAVE_NONE:
        return zone_of_rule(zoneinfo, rule);
    case WAVE_PLACE:
        return zone_of_place(zoneinfo, place);
    case WAVE_CLOCK:
    case WAVE_DAY:
    default:
        return NULL;
    }
}
