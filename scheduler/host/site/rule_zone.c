#include "site/rule_zone.h"

#include <stdio.h>
#include <string.h>

#include "places/places.h"

/* The zone that a canonical line names after " in ", or that of the place after " at ". */
static const struct zone *zone_of_rule(struct zoneinfo *zoneinfo, struct text rule)
{
    static const char *const before[] = {" in ", " at "};
    for (size_t b = 0; b < 2; b++) {
        for (size_t i = 0; i + 4 < rule.len; i++) {
            if (memcmp(rule.at + i, before[b], 4) != 0) {
                continue;
            }
            const char *at = rule.at + i + 4;
            size_t left = rule.len - i - 4;
            const char *end = memmem(at, left, b == 0 ? " " : " for ", b == 0 ? 1 : 5);
            size_t len = end == NULL ? left : (size_t)(end - at);
            char name[ZONE_NAME_SIZE] = "";
            struct place place;
            if (b == 0 && len < sizeof name) {
                memcpy(name, at, len);
            } else if (b == 1 && places_find(at, len, &place) == PLACES_FOUND) {
                snprintf(name, sizeof name, "%s", place.zone);
            }
            const struct zone *zone = strchr(name, '/') != NULL && zoneinfo_is_name(name)
                                          ? zoneinfo_find(zoneinfo, name)
                                          : NULL;
            if (zone != NULL) {
                return zone;
            }
        }
    }
    return NULL;
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
