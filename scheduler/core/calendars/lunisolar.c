#include "calendars/lunisolar.h"

enum { MONTHS_MAX = 13 };

/* The months from one 11th to before the next. */
struct sui {
    int32_t count;
    int32_t first[MONTHS_MAX + 1]; /* days; one more for the end of the last */
    int32_t leap;                  /* index of the leap month, or -1 */
};

struct sky_of {
    struct almanac *almanac;
    const struct leap_table *leaps;
    enum calendar calendar;
};

static int32_t day_of(const struct sky_of *sky, instant at)
{
    static const int64_t of_1929_s = -1293868800, of_1912_s = -1830384000;
    int64_t s = leap_to_utc(sky->leaps, at, NULL).ns / NS_PER_S;
    bool is_korean = sky->calendar == CALENDAR_DANGI;
    s += s < (is_korean ? of_1912_s : of_1929_s) ? 27940 : is_korean ? 32400 : 28800;
    int32_t day = (int32_t)(s / 86400 - (s % 86400 < 0 ? 1 : 0));
    /* the new moon of 23 April 1906, eight minutes before midnight in Beijing, was reckoned to fall
     * on the 24th: so it stands in the almanacs of both countries */
    return day == -23264 ? day + 1 : day;
}

/* The last new moon on or before a day, and those after it, into first; how many, up to max. */
static int32_t new_moons_from(const struct sky_of *sky, int32_t day, int32_t *first, int32_t max)
{
    int32_t count = 0, year = civil_from_day_number(day).year;
    for (int32_t y = year - 1; y <= year + 2 && count < max; y++) {
        const struct sky_event *events;
        size_t events_count;
        if (!almanac_year(sky->almanac, sky->leaps, SKY_NEW_MOON, y, &events, &events_count)) {
            return 0;
        }
        for (size_t i = 0; i < events_count && count < max; i++) {
            int32_t at = day_of(sky, events[i].at);
            count = at <= day ? 0 : count; /* a later beginning */
            first[count++] = at;
        }
    }
    return count;
}

static bool solstice_day(const struct sky_of *sky, int32_t year, int32_t *out)
{
    const instant *terms;
    if (!almanac_principal_terms(sky->almanac, sky->leaps, year, &terms)) {
        return false;
    }
    *out = day_of(sky, terms[ALMANAC_TERMS - 1]);
    return true;
}

/* Whether a principal term falls in [from, to). */
static bool has_term(const struct sky_of *sky, int32_t from, int32_t to)
{
    int32_t year = civil_from_day_number(from).year;
    for (int32_t y = year; y <= year + 1; y++) {
        const instant *terms;
        if (!almanac_principal_terms(sky->almanac, sky->leaps, y, &terms)) {
            continue;
        }
        for (int i = 0; i < ALMANAC_TERMS; i++) {
            int32_t day = day_of(sky, terms[i]);
            if (day >= from && day < to) {
                return true;
            }
        }
    }
    return false;
}

/* The sui that ends with the winter solstice of a year. */
static bool find_sui(const struct sky_of *sky, int32_t year, struct sui *out)
{
    int32_t begins, ends, moons[MONTHS_MAX + 2];
    if (!solstice_day(sky, year - 1, &begins) || !solstice_day(sky, year, &ends)) {
        return false;
    }
    int32_t count = new_moons_from(sky, begins, moons, MONTHS_MAX + 2);
    if (count < MONTHS_MAX + 2) {
        return false;
    }
    out->count = moons[MONTHS_MAX] <= ends ? 13 : 12;
    out->leap = -1;
    for (int32_t i = 0; i <= out->count; i++) {
        out->first[i] = moons[i];
    }
    for (int32_t i = 0; i < out->count && out->count == 13 && out->leap < 0; i++) {
        out->leap = has_term(sky, moons[i], moons[i + 1]) ? -1 : i;
    }
    return true;
}

/* Index of a month in the sui that holds it, or -1. */
static int32_t find_month(const struct sui *sui, int32_t month, bool is_leap)
{
    int32_t number = 10; /* the month before the first one, the 11th */
    for (int32_t i = 0; i < sui->count; i++) {
        number = i == sui->leap ? number : number % 12 + 1;
        if (number == month && (i == sui->leap) == is_leap) {
            return i;
        }
    }
    return -1;
}

bool lunisolar_to_day(struct almanac *almanac, const struct leap_table *leaps,
                      enum calendar calendar, struct calendar_date date, int32_t *day)
{
    struct sky_of sky = {almanac, leaps, calendar};
    struct sui sui;
    /* the 11th and 12th months of a year lie in the sui that ends with the next year's solstice */
    if (date.month < 1 || date.month > 12 ||
        !find_sui(&sky, date.year + (date.month >= 11 ? 1 : 0), &sui)) {
        return false;
    }
    int32_t i = find_month(&sui, date.month, date.is_leap);
    if (i < 0 || date.day < 1 || date.day > sui.first[i + 1] - sui.first[i]) {
        return false;
    }
    *day = sui.first[i] + date.day - 1;
    return true;
}

bool lunisolar_year(struct almanac *almanac, const struct leap_table *leaps, enum calendar calendar,
                    int32_t day, int32_t *year)
{
    int32_t guess = civil_from_day_number(day).year, new_year;
    struct calendar_date first = {guess, 1, 1, false};
    *year = guess;
    if (!lunisolar_to_day(almanac, leaps, calendar, first, &new_year)) {
        return true; /* at the edge of the range: dates there are passed over one by one */
    }
    *year = day < new_year ? guess - 1 : guess;
    return true;
}
