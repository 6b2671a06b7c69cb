/* rules/calendar.h -- the calendars computed here, and what is common to all of them. */
#ifndef RULES_CALENDAR_H
#define RULES_CALENDAR_H

#include "rules/rule.h"

/* Days of the longest year's month; 0 when the calendar has no such month. */
int32_t calendar_longest_month(enum rule_calendar calendar, int32_t month);

/* "april", "nisan", "leap month 6". */
void calendar_month_name(enum rule_calendar calendar, int32_t month, bool is_leap,
                         char out[static 48]);

/* Whether a calendar is computed here rather than asked from the world. */
bool calendar_is_ours(enum rule_calendar calendar);

/* As rule_calendars, for the calendars that are ours. */
bool calendar_to_day(enum rule_calendar calendar, struct rule_calendar_date date, int32_t *day);
bool calendar_from_day(enum rule_calendar calendar, int32_t day, struct rule_calendar_date *date);

/* Day numbers of Easter Sunday: Western, and Orthodox (Julian reckoning, Gregorian date). */
int32_t calendar_easter(int32_t year);
int32_t calendar_orthodox_easter(int32_t year);

#endif
