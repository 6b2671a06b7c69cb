/* names.c -- kinds of events by their names. */
#include <string.h>

#include "sky/sky.h"

static const char *const kind_names[SKY_KINDS] = {
    [SKY_NEW_MOON] = "new-moon",
    [SKY_FIRST_QUARTER] = "first-quarter",
    [SKY_FULL_MOON] = "full-moon",
    [SKY_LAST_QUARTER] = "last-quarter",
    [SKY_MARCH_EQUINOX] = "march-equinox",
    [SKY_JUNE_SOLSTICE] = "june-solstice",
    [SKY_SEPTEMBER_EQUINOX] = "september-equinox",
    [SKY_DECEMBER_SOLSTICE] = "december-solstice",
    [SKY_SOLAR_ECLIPSE] = "solar-eclipse",
    [SKY_LUNAR_ECLIPSE] = "lunar-eclipse",
    [SKY_PERIGEE] = "perigee",
    [SKY_APOGEE] = "apogee",
    [SKY_METEOR_SHOWER] = "meteor-shower",
    [SKY_SUNRISE] = "sunrise",
    [SKY_SUNSET] = "sunset",
    [SKY_NOON] = "noon",
    [SKY_CIVIL_DAWN] = "civil-dawn",
    [SKY_CIVIL_DUSK] = "civil-dusk",
    [SKY_NAUTICAL_DAWN] = "nautical-dawn",
    [SKY_NAUTICAL_DUSK] = "nautical-dusk",
    [SKY_ASTRONOMICAL_DAWN] = "astronomical-dawn",
    [SKY_ASTRONOMICAL_DUSK] = "astronomical-dusk",
    [SKY_MOONRISE] = "moonrise",
    [SKY_MOONSET] = "moonset",
};

const char *sky_kind_name(enum sky_kind kind)
{
    return kind_names[kind];
}

bool sky_kind_find(const char *name, size_t len, enum sky_kind *out)
{
    for (int kind = 0; kind < SKY_KINDS; kind++) {
        if (strlen(kind_names[kind]) == len && memcmp(kind_names[kind], name, len) == 0) {
            *out = (enum sky_kind)kind;
            return true;
        }
    }
    return false;
}

const char *sky_eclipse_type_name(enum sky_eclipse_type type)
{
    static const char *const names[] = {"penumbral", "partial", "annular", "hybrid", "total"};
    return names[type];
}

const char *sky_status_text(enum sky_status status)
{
    static const char *const texts[] = {
        [SKY_OK] = "fine",
        [SKY_BAD_PLACE] = ("no such place: latitude is -90 to 90 degrees, longitude -180 to 180, "
                           "height -500 to 9000 m"),
        [SKY_NEEDS_PLACE] = "rise, set, noon and twilight need a place",
        [SKY_OUT_OF_RANGE] = "dates must lie from 1700-01-01 to 2250-01-01",
        [SKY_BAD_SPAN] = "the span ends before it starts",
    };
    return texts[status];
}
