#include "calendars/hebrew.h"

enum {
    MONTHS = 13,
    CHESHVAN = 2,
    KISLEV = 3,
    ADAR_I = 6,
    PARTS_OF_DAY = 25920,     /* 24 hours of 1080 parts */
    PARTS_OF_MOLAD = 13753,   /* a lunation is 29 days, 12 hours and 793 parts */
    PARTS_OF_FIRST = 12084,   /* of the molad that the reckoning begins with */
    LUNATIONS_OF_CYCLE = 235, /* in 19 years, of which 7 have 13 months */
};

static const int32_t epoch = -2092590; /* 1 Tishri 1: 7 October 3761 BCE, Julian */

static bool is_leap_year(int32_t year)
{
    return (7 * year + 1) % 19 < 7;
}

/* Days from the epoch to the molad of a year's Tishri, the new year put off to keep it from sunday,
 * wednesday and friday. */
static int32_t days_to_molad(int32_t year)
{
    int32_t months = (LUNATIONS_OF_CYCLE * year - 234) / 19;
    int64_t parts = PARTS_OF_FIRST + INT64_C(1) * PARTS_OF_MOLAD * months;
    int32_t day = 29 * months + (int32_t)(parts / PARTS_OF_DAY);
    return 3 * (day + 1) % 7 < 3 ? day + 1 : day;
}

/* Put off further where a year would be too long or the one before it too short. */
static int32_t new_year(int32_t year)
{
    int32_t before = days_to_molad(year - 1), at = days_to_molad(year),
            after = days_to_molad(year + 1);
    return epoch + at + (after - at == 356 ? 2 : at - before == 382 ? 1 : 0);
}

/* Of a month in a leap year or another, of so many days. */
static int32_t month_length(int32_t month, bool is_leap, int32_t days)
{
    static const uint8_t usual[MONTHS] = {30, 29, 30, 29, 30, 30, 29, 30, 29, 30, 29, 30, 29};
    return month == ADAR_I && !is_leap           ? 0
           : month == CHESHVAN && days % 10 == 5 ? 30 /* a full year: 355 or 385 days */
           : month == KISLEV && days % 10 == 3   ? 29 /* a lacking one: 353 or 383 */
                                                 : usual[month - 1];
}

int32_t hebrew_to_day(struct calendar_date date)
{
    int32_t first = new_year(date.year), days = new_year(date.year + 1) - first, day = first;
    for (int32_t month = 1; month < date.month && month <= MONTHS; month++) {
        day += month_length(month, is_leap_year(date.year), days);
    }
    return day + date.day - 1;
}

void hebrew_from_day(int32_t day, struct calendar_date *date)
{
    /* 19 years have 6939.69 days: the guess is a year or two late */
    int32_t year = (int32_t)(INT64_C(100) * 19 * (day - epoch) / 693969) + 2, month = 1;
    while (new_year(year) > day) {
        year--;
    }
    int32_t first = new_year(year), days = new_year(year + 1) - first, rest = day - first;
    while (rest >= month_length(month, is_leap_year(year), days)) {
        rest -= month_length(month, is_leap_year(year), days);
        month++;
    }
    *date = (struct calendar_date){year, month, rest + 1, false};
}
