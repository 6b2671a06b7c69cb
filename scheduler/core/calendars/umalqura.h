/* calendars/umalqura.h -- the Hijri calendar of Umm al-Qura: a table, for no rule gives it. */
#ifndef CALENDARS_UMALQURA_H
#define CALENDARS_UMALQURA_H

#include "calendars/calendar.h"

enum { UMALQURA_FIRST = 1365, UMALQURA_YEARS = 136 };

extern const int32_t umalqura_first_day;
extern const uint16_t umalqura_long_months[UMALQURA_YEARS];

/* Of a year, a month and a day that the table has; false: of others. */
bool umalqura_to_day(struct calendar_date date, int32_t *day);
bool umalqura_from_day(int32_t day, struct calendar_date *date);

#endif
