/* clocks.c -- what clocks round the world show at a moment, and whether it is light there. */
#include "plan/plan.h"

#include "sky/sky.h"

/* Ten cities from west to east, half of them north and half south of the 30th parallel; coordinates
 * rounded to a hundredth of a degree, enough for day and night. */
static const struct {
    const char *name, *zone;
    double latitude_deg, longitude_deg;
} city[PLAN_PLACES] = {
    {"Los Angeles", "America/Los_Angeles", 34.05, -118.24},
    {"Mexico City", "America/Mexico_City", 19.43, -99.13},
    {"New York", "America/New_York", 40.71, -74.01},
    {"São Paulo", "America/Sao_Paulo", -23.55, -46.63},
    {"Lagos", "Africa/Lagos", 6.45, 3.39},
    {"Rome", "Europe/Rome", 41.89, 12.48},
    {"Nairobi", "Africa/Nairobi", -1.29, 36.82},
    {"Delhi", "Asia/Kolkata", 28.61, 77.21},
    {"Tokyo", "Asia/Tokyo", 35.68, 139.69},
    {"Auckland", "Pacific/Auckland", -36.85, 174.76},
};

static const double degree_rad = 0.017453292519943295;

static enum plan_light light_at(double latitude_deg, double longitude_deg, instant at)
{
    struct sky_place place = {.latitude_rad = latitude_deg * degree_rad,
                              .longitude_rad = longitude_deg * degree_rad};
    double altitude, azimuth;
    if (!sky_altitude_at(SKY_SUN, &place, at, &altitude, &azimuth)) {
        return PLAN_NIGHT; /* outside the years that a record can name */
    }
    if (altitude > -0.833 * degree_rad) {
        return PLAN_DAY;
    }
    return altitude > -6 * degree_rad ? PLAN_TWILIGHT : PLAN_NIGHT;
}

void plan_clocks(const struct rule_world *world, const struct leap_table *leap, utc at,
                 struct plan_clock out[static PLAN_PLACES])
{
    instant when = leap_from_utc(leap, at, NULL);
    for (size_t i = 0; i < PLAN_PLACES; i++) {
        out[i] = (struct plan_clock){.place = city[i].name};
        const struct zone *zone = world->zone_find(world->zones, city[i].zone);
        if (zone == NULL) {
            continue;
        }
        out[i].is_known = true;
        out[i].local = zone_to_civil(zone, at);
        out[i].weekday = civil_weekday(civil_day_number(out[i].local.date));
        out[i].light = light_at(city[i].latitude_deg, city[i].longitude_deg, when);
    }
}

const char *plan_light_name(enum plan_light light)
{
    static const char *const name[] = {"day", "twilight", "night"};
    return name[light];
}
