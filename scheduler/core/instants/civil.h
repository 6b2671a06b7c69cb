/* instants/civil.h -- dates and times of day as people write them, in the proleptic Gregorian
 * calendar with astronomical year numbers.  Knows no zone and no leap second. */
#ifndef INSTANTS_CIVIL_H
#define INSTANTS_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "instants/instant.h"

enum weekday { MONDAY = 1, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY }; /* ISO 8601 */

struct civil_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

struct civil_time {
    int32_t hour;   /* 0..23 */
    int32_t minute; /* 0..59 */
    int32_t second; /* 0..59 */
    int32_t ns;     /* 0..999,999,999 */
};

struct civil {
    struct civil_date date;
    struct civil_time time;
};

bool civil_is_leap_year(int32_t year);

/* Days in a month of a year; 0 when month is not 1..12. */
int32_t civil_days_in_month(int32_t year, int32_t month);

/* Whether the date exists: 30 february does not. */
bool civil_date_is_valid(struct civil_date date);
bool civil_time_is_valid(struct civil_time time);

/* Days since 1970-01-01 of a valid date, and back.  Exact for any year within +-5,000,000. */
int32_t civil_day_number(struct civil_date date);
struct civil_date civil_from_day_number(int32_t days);

enum weekday civil_weekday(int32_t day_number);

int civil_date_compare(struct civil_date a, struct civil_date b);

/* Nanoseconds since 1970-01-01T00:00 on the same (unnamed) clock, and back. */
int64_t civil_to_ns(struct civil at);
struct civil civil_from_ns(int64_t ns);

/* The civil clock of UTC itself. */
utc civil_to_utc(struct civil at);
struct civil civil_from_utc(utc at);

#endif
