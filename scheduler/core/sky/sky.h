/* sky/sky.h -- what the sky does and when: phases, seasons, eclipses, apsides and meteor showers
 * for everybody, and rise, set, twilight, noon and the look of an eclipse for a place.
 *
 * Knows nothing of zones, calendars or leap seconds: instants in, instants out.  Every event
 * carries its error; how far its UTC can be believed is leap_to_utc's to say.
 *
 * Definitions (the same for every function here):
 *   phases, seasons   apparent geocentric longitude of date, with light time and aberration
 *   eclipses          greatest: the shadow's axis nearest the Earth's centre (solar), the Moon's
 *                     centre nearest the shadow's axis (lunar)
 *   apsides           extremes of the geometric distance of the centres
 *   rise, set         upper limb at true topocentric altitude -(34' + semidiameter - dip), which is
 *                     959.63" at 1 AU for the Sun, 1737.4 km for the Moon; a height above the sea
 *                     lowers the horizon by its dip
 *   twilights         Sun's centre at -6, -12, -18 degrees, no refraction, no dip
 *   noon              upper transit of the Sun
 *
 * Sources: the Moon by ELP/MPP02 (moon_table.c), the Sun by series fitted to JPL DE431 and DE405
 * (sun_table.c), IAU 2006 precession and IAU 2000A/B nutation by ERFA, deltaT by instants/deltat.h.
 * Measured against the Swiss Ephemeris (DE431), seconds of TT, greatest and root mean square error:
 *
 *                    1900 to 2100       1700 to 2250       2000 to 2049 (fitted to nothing there)
 *   phases           0.042   0.011      0.056   0.013      0.042   0.015
 *   seasons          0.070   0.022      0.141   0.034      0.057   0.022
 *   solar eclipses                                         0.050   0.025
 *   lunar eclipses                                         0.027   0.012
 *   apsides          3.8     0.27       6.9     0.31       4.2     0.30
 *
 * Rise, set and twilights at the same deltaT: the Sun 0.2 s to latitude 57, 0.9 s to 75; the
 * Moon 1.3 s below 60, 9 s to 75; but where a path only grazes the horizon, what error_s says.
 */
#ifndef SKY_SKY_H
#define SKY_SKY_H

#include <stddef.h>

#include "instants/instant.h"

enum sky_kind {
    SKY_NEW_MOON,
    SKY_FIRST_QUARTER,
    SKY_FULL_MOON,
    SKY_LAST_QUARTER,
    SKY_MARCH_EQUINOX,
    SKY_JUNE_SOLSTICE,
    SKY_SEPTEMBER_EQUINOX,
    SKY_DECEMBER_SOLSTICE,
    SKY_SOLAR_ECLIPSE,
    SKY_LUNAR_ECLIPSE,
    SKY_PERIGEE,
    SKY_APOGEE,
    SKY_METEOR_SHOWER,
    /* from here on: only for a place */
    SKY_SUNRISE,
    SKY_SUNSET,
    SKY_NOON,
    SKY_CIVIL_DAWN,
    SKY_CIVIL_DUSK,
    SKY_NAUTICAL_DAWN,
    SKY_NAUTICAL_DUSK,
    SKY_ASTRONOMICAL_DAWN,
    SKY_ASTRONOMICAL_DUSK,
    SKY_MOONRISE,
    SKY_MOONSET,
    SKY_KINDS, /* how many there are */
};

/* A set of kinds. */
typedef uint32_t sky_kinds;
#define SKY_SET(kind)     (UINT32_C(1) << (kind))
#define SKY_GLOBAL_KINDS  (SKY_SET(SKY_SUNRISE) - 1)
#define SKY_ALL_KINDS     (SKY_SET(SKY_KINDS) - 1)
#define SKY_PLACE_KINDS   (SKY_ALL_KINDS & ~SKY_GLOBAL_KINDS)
#define SKY_PHASE_KINDS   UINT32_C(0x00f)
#define SKY_SEASON_KINDS  UINT32_C(0x0f0)
#define SKY_ECLIPSE_KINDS UINT32_C(0x300)

/* The name in commands and tables ("new-moon"), and back; find returns false for an unknown
 * name. */
const char *sky_kind_name(enum sky_kind kind);
TOCSIN_MUST_USE bool sky_kind_find(const char *name, size_t len, enum sky_kind *out);

/* Where somebody stands. */
struct sky_place {
    double latitude_rad;  /* north positive, +-pi/2 */
    double longitude_rad; /* east positive, +-pi */
    double height_m;      /* above the sea, and above the visible horizon: -500 to 9,000 */
};

bool sky_place_is_valid(const struct sky_place *place);

enum sky_eclipse_type {
    SKY_PENUMBRAL, /* lunar only */
    SKY_PARTIAL,
    SKY_ANNULAR, /* solar only */
    SKY_HYBRID,  /* solar only: annular in part of its path, total in another */
    SKY_TOTAL,
};

const char *sky_eclipse_type_name(enum sky_eclipse_type type);

struct sky_eclipse {
    enum sky_eclipse_type type;
    bool is_central;     /* solar: the axis meets the Earth */
    int32_t saros;       /* series number */
    double gamma;        /* least distance of the axis, Earth radii, north positive */
    double magnitude;    /* solar: greatest; lunar: umbral, negative when the umbra is missed */
    double penumbral;    /* lunar: penumbral magnitude; 0 for solar */
    double latitude_rad; /* solar: where the eclipse is greatest; lunar: where the Moon stands
                            overhead */
    double longitude_rad;
    double
        duration_s; /* solar, central: of totality or annularity there; lunar: of the umbral part */
};

struct sky_event {
    enum sky_kind kind;
    instant at;
    double tt_jd;   /* Julian date, Terrestrial Time: the event's identity */
    double error_s; /* half-width of an honest bar; for a place, includes that of the Earth's
                       turning */
    union {
        int32_t lunation; /* phases: Brown's number of the lunation the phase belongs to */
        struct sky_eclipse eclipse; /* eclipses */
        double distance_km;         /* apsides */
        int32_t shower;             /* meteor showers: for sky_shower_get */
        struct {
            double altitude_rad; /* true, topocentric, of the centre */
            double azimuth_rad;  /* from north through east, 0 to 2 pi */
        } place;                 /* kinds for a place */
    };
};

/* --- searching a span ---------------------------------------------------------------------- */

enum sky_status {
    SKY_OK = 0,
    SKY_BAD_PLACE,    /* a latitude beyond +-90, a longitude beyond +-180, an absurd height */
    SKY_NEEDS_PLACE,  /* kinds that only a place has, and none was given */
    SKY_OUT_OF_RANGE, /* from or to outside 1700 to 2250 */
    SKY_BAD_SPAN,     /* to before from */
};

/* One sentence for a person. */
const char *sky_status_text(enum sky_status status);

enum { SKY_SOURCES = 8, SKY_QUEUE = 32 };

/* A search under way; the caller's storage, nothing to close.  Fields are private. */
struct sky_search {
    sky_kinds kinds;
    struct sky_place place;
    instant from, to;
    size_t count;
    struct sky_source {
        const struct sky_maker *maker;
        int64_t step; /* the maker's next */
        bool is_done;
        size_t head, len; /* of the queue: events of one step, in order of time */
        struct sky_event queue[SKY_QUEUE];
    } sources[SKY_SOURCES];
};

/* Prepares to list the events of kinds in [from, to), in order of time; place may be NULL when no
 * kind needs one. */
enum sky_status sky_search_init(struct sky_search *search, sky_kinds kinds,
                                const struct sky_place *place, instant from, instant to);

/* The next event into *out; false when there are no more. */
TOCSIN_MUST_USE bool sky_search_next(struct sky_search *search, struct sky_event *out);

/* --- one event ------------------------------------------------------------------------------ */

/* The first instant after when the Sun's apparent longitude of date is longitude_rad (any solar
 * term; 0 is the march equinox); error_s as for seasons. */
TOCSIN_MUST_USE bool sky_next_solar_longitude(double longitude_rad, instant after, instant *out,
                                              double *error_s);

/* --- the Sun and the Moon for a place --------------------------------------------------------- */

enum sky_body { SKY_SUN, SKY_MOON };

/* What a crossing is of; the altitudes are in this file's head. */
enum sky_horizon { SKY_HORIZON, SKY_CIVIL, SKY_NAUTICAL, SKY_ASTRONOMICAL };

enum { SKY_CROSSINGS_MAX = 8 };

struct sky_crossings {
    size_t count;
    struct sky_crossing {
        bool is_rising;
        instant at;
        double error_s;
        double azimuth_rad;
    } at[SKY_CROSSINGS_MAX];
    bool starts_above; /* when count is 0: true for a polar day, false for a polar night */
};

/* Every crossing of a horizon by a body in [from, to), which may be at most 49 h: a civil day of
 * any zone fits.  Horizons other than SKY_HORIZON are for the Sun only.  The count may be 0, 1, 2
 * or, near the poles, more. */
enum sky_status sky_crossings_find(enum sky_body body, enum sky_horizon horizon,
                                   const struct sky_place *place, instant from, instant to,
                                   struct sky_crossings *out);

/* Where a body stands. */
struct sky_position {
    double longitude_rad;       /* apparent, ecliptic of date */
    double latitude_rad;        /* apparent, ecliptic of date */
    double right_ascension_rad; /* apparent, true equator and equinox of date */
    double declination_rad;
    double distance_km;                                   /* of the centres */
    double overhead_latitude_rad, overhead_longitude_rad; /* the place that has it in the zenith */
};

/* Good to 1" (Sun) and 2" (Moon) within 1700 to 2250; false outside. */
TOCSIN_MUST_USE bool sky_position_at(enum sky_body body, instant at, struct sky_position *out);

/* True topocentric altitude and azimuth of the centre, no refraction. */
TOCSIN_MUST_USE bool sky_altitude_at(enum sky_body body, const struct sky_place *place, instant at,
                                     double *altitude_rad, double *azimuth_rad);

/* Fraction of the Moon's disk that is lit, 0 to 1. */
TOCSIN_MUST_USE bool sky_moon_lit(instant at, double *fraction);

/* --- an eclipse from a place ------------------------------------------------------------------ */

/* Contacts are those of smooth disks.  error_s covers what that leaves out: mountains and valleys
 * of the Moon's limb, 2", for a solar eclipse; the soft edge of the Earth's shadow, 20" of the
 * umbra and 60" of the penumbra, for a lunar one; and what is not known of deltaT. */
struct sky_eclipse_phase {
    bool happens; /* this contact exists at all */
    instant at;
    double error_s;      /* see below */
    double altitude_rad; /* of the Sun (solar) or Moon (lunar), centre, true */
    double azimuth_rad;
};

struct sky_local_eclipse {
    bool is_visible;            /* some of it happens above the horizon */
    enum sky_eclipse_type type; /* as seen there: solar PARTIAL, ANNULAR or TOTAL */
    /* solar: first contact, totality or annularity begins, ends, last contact;
     * lunar: partial begins, totality begins, ends, partial ends (or, penumbral, only greatest) */
    struct sky_eclipse_phase first, inner_first, maximum, inner_last, last;
    /* the moment with most of it above the horizon: maximum itself, or the rise or set beside it */
    struct sky_eclipse_phase best;
    double magnitude; /* at best: fraction of the Sun's (Moon's) diameter covered */
    double
        obscuration; /* at best: fraction of the Sun's disk covered; lunar: as magnitude, 0 to 1 */
};

/* The circumstances at a place of an eclipse that a search found.  False when event is no eclipse,
 * the place is invalid, or (solar) the penumbra misses the place. */
TOCSIN_MUST_USE bool sky_eclipse_from(const struct sky_event *event, const struct sky_place *place,
                                      struct sky_local_eclipse *out);

/* --- meteor showers --------------------------------------------------------------------------- */

struct sky_shower {
    const char *code; /* the IAU's three letters */
    const char *name; /* in English */
    double peak_deg;  /* Sun's longitude, equinox J2000, at the usual peak */
    int32_t zhr;      /* usual zenithal hourly rate; 0: variable */
};

/* NULL when there is none of that number. */
const struct sky_shower *sky_shower_get(int32_t shower);

#endif
