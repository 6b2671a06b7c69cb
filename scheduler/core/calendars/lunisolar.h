/* calendars/lunisolar.h -- the Chinese and the Korean (Dangi) calendar, from the true Moon and Sun.
 *
 * The rule of 1645, as GB/T 33661-2017 states it: a month begins on the day of its new moon; the
 * one with the winter solstice is the 11th; where thirteen begin from one 11th to before the next,
 * the first of them without a principal term is a leap month.  Days are those of UTC+8, before 1929
 * of Beijing's mean sun (+7:45:40); Korea's those of UTC+9 from 1912 on, before of Beijing's sun,
 * too. As published tables have them from 1900 to 2096 and, Korea's, from 1890 to 2049
 * (tests/golden/calendars); earlier dates are what the rule gives, not always what was printed. */
#ifndef CALENDARS_LUNISOLAR_H
#define CALENDARS_LUNISOLAR_H

#include "calendars/almanac.h"
#include "calendars/calendar.h"

/* Years 1701 to 2248.  False: no such date, or out of reach. */
bool lunisolar_to_day(struct almanac *almanac, const struct leap_table *leaps,
                      enum calendar calendar, struct calendar_date date, int32_t *day);

/* The calendar's year under way on a day, numbered by the Gregorian year in which it begins. */
bool lunisolar_year(struct almanac *almanac, const struct leap_table *leaps, enum calendar calendar,
                    int32_t day, int32_t *year);

#endif
