/* Meteor showers: they peak where the Earth crosses a stream, so by the Sun's longitude of J2000
 * and not by a date. */
#include <math.h>

#include "sky/angles.h"
#include "sky/scales.h"
#include "sky/search.h"
#include "sky/sun.h"

/* Peaks and rates of the best known showers: the working list of visual meteor showers of the
 * International Meteor Organization's Meteor Shower Calendars for 2022 and 2023 (edited by J.
 * Rendtel), as Stellarium carries it (plugins/MeteorShowers/resources/MeteorShowers.json at commit
 * 7646efaa: "peak", and "zhr" of 2022 or 2023 where the shower varies); every row was compared with
 * it.  In the order of the year from the march equinox; the digits say how well a peak is known. */
static const struct shower {
    struct sky_shower shower;
    double doubt_deg;
} showers[] = {
    {{"LYR", "Lyrids", 32.32, 18}, 0.05},
    {{"ETA", "eta-Aquariids", 45.5, 50}, 0.5},
    {{"SDA", "Southern delta-Aquariids", 127, 25}, 0.5},
    {{"CAP", "alpha-Capricornids", 127, 5}, 0.5},
    {{"PER", "Perseids", 140.0, 100}, 0.05},
    {{"AUR", "Aurigids", 158.6, 6}, 0.05},
    {{"DRA", "Draconids", 195.4, 0}, 0.05},
    {{"ORI", "Orionids", 208, 20}, 0.5},
    {{"NTA", "Northern Taurids", 230, 5}, 0.5},
    {{"LEO", "Leonids", 235.27, 10}, 0.05},
    {{"GEM", "Geminids", 262.2, 150}, 0.05},
    {{"URS", "Ursids", 270.7, 10}, 0.05},
    {{"QUA", "Quadrantids", 283.15, 110}, 0.05},
};

enum { SHOWERS = sizeof showers / sizeof *showers };

const struct sky_shower *sky_shower_get(int32_t shower)
{
    return shower >= 0 && shower < SHOWERS ? &showers[shower].shower : NULL;
}

static const double sidereal_year = 365.25636;
static const double equinox_2000 = 79.3;

/* Step SHOWERS * y + i is the shower i of the year that began with the march equinox of 2000 +
 * y. */
static int32_t shower_of(int64_t step)
{
    return (int32_t)((step % SHOWERS + SHOWERS) % SHOWERS);
}

static double mean_time(int64_t step)
{
    int32_t shower = shower_of(step);
    int64_t year = (step - shower) / SHOWERS; /* leaves no rest */
    return equinox_2000 + sidereal_year * ((double)year + showers[shower].shower.peak_deg / 360);
}

static double peak_find(int64_t step)
{
    double tt = mean_time(step), target = showers[shower_of(step)].shower.peak_deg * DEGREE_RAD;
    for (int i = 0; i < 5; i++) {
        double here = sun_at(tt_to_centuries(tt), ROUGH).longitude;
        tt += angle_towards_zero(target - here) * sidereal_year / TURN_RAD;
    }
    return tt;
}

static int64_t step_before(double tt)
{
    return (int64_t)floor((tt - equinox_2000) / sidereal_year) * SHOWERS - SHOWERS;
}

static double earliest(int64_t step)
{
    return mean_time(step) - 5;
}

static size_t make(int64_t step, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    (void)wanted;
    (void)place;
    int32_t shower = shower_of(step);
    double tt = peak_find(step);
    out[0] = (struct sky_event){
        .kind = SKY_METEOR_SHOWER,
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = showers[shower].doubt_deg / 360 * sidereal_year * 86400,
        .shower = shower,
    };
    return 1;
}

const struct sky_maker shower_maker = {SKY_SET(SKY_METEOR_SHOWER), step_before, earliest, make};
