/* calendars/hebrew.h -- the Hebrew calendar in integers.
 * Source: Reingold and Dershowitz, Calendrical Calculations, 4th ed., ch. 8; equal to @hebcal/core
 * in every year from 5461 to 6009 (tests/golden/calendars/hebrew.tsv). */
#ifndef CALENDARS_HEBREW_H
#define CALENDARS_HEBREW_H

#include "calendars/calendar.h"

/* Months are counted from Tishri; the 6th, Adar I, is one of leap years only.  What does not exist
 * gives the day that it would be. */
int32_t hebrew_to_day(struct calendar_date date);
void hebrew_from_day(int32_t day, struct calendar_date *date);

#endif
