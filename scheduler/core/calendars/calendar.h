/* calendars/calendar.h -- the calendars that are reckoned; those of the sky are lunisolar.h's. */
#ifndef CALENDARS_CALENDAR_H
#define CALENDARS_CALENDAR_H

#include "instants/civil.h"

/* All are reckoned here, the Chinese and the Korean (Dangi) from the sky, Umm al-Qura from a table;
 * Bengali is that of Bangladesh as revised in 2019. */
enum calendar {
    CALENDAR_GREGORIAN = 0,
    CALENDAR_JULIAN,
    CALENDAR_HEBREW,
    CALENDAR_HIJRI_UMALQURA,
    CALENDAR_HIJRI_CIVIL,
    CALENDAR_PERSIAN,
    CALENDAR_ETHIOPIC,
    CALENDAR_COPTIC,
    CALENDAR_CHINESE,
    CALENDAR_DANGI,
    CALENDAR_INDIAN,
    CALENDAR_BENGALI,
    CALENDARS,
};

/* year: as the calendar counts it (Chinese and Dangi: the Gregorian year in which theirs begins).
 * month: from 1; Hebrew 1 is Tishri, 6 Adar I (leap years only), 7 Adar, 8 Nisan.  is_leap: a leap
 * month, Chinese and Dangi. */
struct calendar_date {
    int32_t year, month, day;
    bool is_leap;
};

/* Days of the longest year's month; 0 when the calendar has no such month. */
int32_t calendar_longest_month(enum calendar calendar, int32_t month);

/* "april", "nisan", "leap month 6". */
void calendar_month_name(enum calendar calendar, int32_t month, bool is_leap, char out[static 48]);

/* The day number of a date; false when it does not exist (30 Adar in a short year), or lies outside
 * what the calendar's table knows (Umm al-Qura: 1365 to 1500 AH), or the calendar is the sky's. */
bool calendar_to_day(enum calendar calendar, struct calendar_date date, int32_t *day);
bool calendar_from_day(enum calendar calendar, int32_t day, struct calendar_date *date);

/* Day numbers of Easter Sunday: Western, and Orthodox (Julian reckoning, Gregorian date). */
int32_t calendar_easter(int32_t year);
int32_t calendar_orthodox_easter(int32_t year);

/* Division that rounds down, and what it leaves: 0 or more.  b is positive. */
static inline int32_t floor_div(int32_t a, int32_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

static inline int32_t floor_mod(int32_t a, int32_t b)
{
    return a - b * floor_div(a, b);
}

#endif
