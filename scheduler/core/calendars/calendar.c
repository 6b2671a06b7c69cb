#include "calendars/calendar.h"

#include <stdio.h>
#include <string.h>

#include "calendars/hebrew.h"
#include "calendars/umalqura.h"
#include "words/words.h"

int32_t calendar_longest_month(enum calendar calendar, int32_t month)
{
    static const char hebrew[] = "\36\36\36\35\36\36\35\36\35\36\35\36\35";
    if (month < 1 || month > 13) {
        return 0;
    }
    switch (calendar) {
    case CALENDAR_GREGORIAN:
    case CALENDAR_JULIAN:
        return civil_days_in_month(2000, month);
    case CALENDAR_HEBREW:
        return hebrew[month - 1];
    case CALENDAR_ETHIOPIC:
    case CALENDAR_COPTIC:
        return month == 13 ? 6 : 30;
    case CALENDAR_PERSIAN:
        return month <= 6 ? 31 : month <= 12 ? 30 : 0;
    case CALENDAR_INDIAN:
        return month <= 6 ? 31 : month <= 12 ? 30 : 0;
    case CALENDAR_BENGALI:
        return month <= 6 ? 31 : month <= 12 ? 30 : 0;
    case CALENDAR_HIJRI_UMALQURA:
    case CALENDAR_HIJRI_CIVIL:
    case CALENDAR_CHINESE:
    case CALENDAR_DANGI:
        return month <= 12 ? 30 : 0;
    case CALENDARS:
        break;
    }
    return 0;
}

void calendar_month_name(enum calendar calendar, int32_t month, bool is_leap, char out[static 48])
{
    if (calendar == CALENDAR_GREGORIAN || calendar == CALENDAR_JULIAN) {
        snprintf(out, 48, "%s", words_name(WORD_MONTH, month));
    } else if (calendar == CALENDAR_CHINESE || calendar == CALENDAR_DANGI) {
        snprintf(out, 48, "%smonth %d", is_leap ? "leap " : "", month % 100);
    } else {
        snprintf(out, 48, "%s", words_name(WORD_MONTH_OF, (int32_t)calendar * 100 + month));
    }
}

/* --- Julian: as the Gregorian with a leap day every fourth year ------------------------------- */

static int32_t julian_to_day(int32_t year, int32_t month, int32_t day)
{
    /* the year begins in March; 1 March of year 0 was day -719470 */
    int32_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
    return 365 * y + floor_div(y, 4) + (153 * m + 2) / 5 + day - 1 - 719470;
}

static void julian_from_day(int32_t day, struct calendar_date *date)
{
    int32_t since = day + 719470, y = floor_div(4 * since + 3, 1461);
    int32_t rest = since - (365 * y + floor_div(y, 4)), m = (5 * rest + 2) / 153;
    date->day = rest - (153 * m + 2) / 5 + 1;
    date->month = m < 10 ? m + 3 : m - 9;
    date->year = y + (m >= 10 ? 1 : 0);
}

/* --- Coptic and Ethiopic: twelve months of 30 days, then 5, or 6 before a Julian leap year ---- */

static const int32_t coptic_epoch = -615558;   /* 1 Tout 1: 29 August 284 Julian */
static const int32_t ethiopic_epoch = -716367; /* 1 Meskerem 1: 29 August 8 Julian */

static int32_t coptic_to_day(int32_t epoch, struct calendar_date d)
{
    return epoch + 365 * (d.year - 1) + floor_div(d.year, 4) + 30 * (d.month - 1) + d.day - 1;
}

static void coptic_from_day(int32_t epoch, int32_t day, struct calendar_date *date)
{
    int32_t year = floor_div(4 * (day - epoch) + 1463, 1461);
    int32_t rest = day - coptic_to_day(epoch, (struct calendar_date){year, 1, 1, false});
    *date = (struct calendar_date){year, rest / 30 + 1, rest % 30 + 1, false};
}

/* --- Hijri civil: the tabular calendar, leap years 2 5 7 10 13 16 18 21 24 26 29 of 30 -------- */

static const int32_t hijri_epoch = -492148; /* 1 Muharram 1: 16 July 622 Julian */

static int32_t hijri_to_day(struct calendar_date d)
{
    return hijri_epoch + 354 * (d.year - 1) + floor_div(3 + 11 * d.year, 30) + 29 * (d.month - 1) +
           d.month / 2 + d.day - 1;
}

static void hijri_from_day(int32_t day, struct calendar_date *date)
{
    int32_t year = floor_div(30 * (day - hijri_epoch) + 10646, 10631), month = 12;
    while (month > 1 && hijri_to_day((struct calendar_date){year, month, 1, false}) > day) {
        month--;
    }
    int32_t first = hijri_to_day((struct calendar_date){year, month, 1, false});
    *date = (struct calendar_date){year, month, day - first + 1, false};
}

/* --- Persian: eight leap years in 33.  In force from 1304 (1925), by a law that asks for the
 * equinox before noon at 52.5 degrees east: so it is from 1800 to 2249, by our sky. */

static const int32_t persian_epoch = -492268; /* 1 Farvardin 1: 19 March 622 Julian */

static int32_t persian_to_day(struct calendar_date d)
{
    return persian_epoch + 365 * (d.year - 1) + floor_div(8 * d.year + 21, 33) +
           (d.month <= 7 ? 31 * (d.month - 1) : 30 * (d.month - 1) + 6) + d.day - 1;
}

static void persian_from_day(int32_t day, struct calendar_date *date)
{
    int32_t year = floor_div(33 * (day - persian_epoch) + 3, 12053) + 1, month = 12;
    while (persian_to_day((struct calendar_date){year, 1, 1, false}) > day) {
        year--;
    }
    while (month > 1 && persian_to_day((struct calendar_date){year, month, 1, false}) > day) {
        month--;
    }
    int32_t first = persian_to_day((struct calendar_date){year, month, 1, false});
    *date = (struct calendar_date){year, month, day - first + 1, false};
}

/* --- Indian national: the Saka era, 1 Chaitra on 22 March, on the 21st of a leap year. */

static int32_t indian_month_length(int32_t year, int32_t month)
{
    return month == 1 ? (civil_is_leap_year(year + 78) ? 31 : 30) : month <= 6 ? 31 : 30;
}

static int32_t indian_new_year(int32_t year)
{
    int32_t day = civil_is_leap_year(year + 78) ? 21 : 22;
    return civil_day_number((struct civil_date){year + 78, 3, day});
}

/* --- Bengali of Bangladesh, as revised in 2019 ------------------------------------------------ */

/* 1 Boishakh is 14 April; six months of 31 days, five of 30, and Falgun has 29, or 30 in a
 * Gregorian leap year. */

static int32_t bengali_month_length(int32_t year, int32_t month)
{
    /* Falgun of year y lies in February and March of y + 594 */
    return month <= 6 ? 31 : month == 11 && !civil_is_leap_year(year + 594) ? 29 : 30;
}

static int32_t bengali_new_year(int32_t year)
{
    return civil_day_number((struct civil_date){year + 593, 4, 14});
}

/* --- the two of them: a new year dated in our calendar, and months of known lengths ----------- */

struct known_months {
    int32_t (*new_year)(int32_t year);
    int32_t (*month_length)(int32_t year, int32_t month);
    int32_t offset; /* of the Gregorian year in which a year begins */
};

static const struct known_months indian = {indian_new_year, indian_month_length, 78};
static const struct known_months bengali = {bengali_new_year, bengali_month_length, 593};

static int32_t known_to_day(const struct known_months *of, struct calendar_date d)
{
    int32_t day = of->new_year(d.year);
    for (int32_t month = 1; month < d.month; month++) {
        day += of->month_length(d.year, month);
    }
    return day + d.day - 1;
}

static void known_from_day(const struct known_months *of, int32_t day, struct calendar_date *date)
{
    int32_t year = civil_from_day_number(day).year - of->offset;
    year -= day < of->new_year(year) ? 1 : 0;
    int32_t rest = day - of->new_year(year), month = 1;
    while (rest >= of->month_length(year, month)) {
        rest -= of->month_length(year, month++);
    }
    *date = (struct calendar_date){year, month, rest + 1, false};
}

/* --- all of them ---------------------------------------------------------------------------- */

bool calendar_from_day(enum calendar calendar, int32_t day, struct calendar_date *date)
{
    struct civil_date civil;
    *date = (struct calendar_date){0};
    switch (calendar) {
    case CALENDAR_GREGORIAN:
        civil = civil_from_day_number(day);
        *date = (struct calendar_date){civil.year, civil.month, civil.day, false};
        return true;
    case CALENDAR_JULIAN:
        julian_from_day(day, date);
        return true;
    case CALENDAR_COPTIC:
        coptic_from_day(coptic_epoch, day, date);
        return true;
    case CALENDAR_ETHIOPIC:
        coptic_from_day(ethiopic_epoch, day, date);
        return true;
    case CALENDAR_HIJRI_CIVIL:
        hijri_from_day(day, date);
        return true;
    case CALENDAR_BENGALI:
        known_from_day(&bengali, day, date);
        return true;
    case CALENDAR_HEBREW:
        hebrew_from_day(day, date);
        return true;
    case CALENDAR_HIJRI_UMALQURA:
        return umalqura_from_day(day, date);
    case CALENDAR_PERSIAN:
        persian_from_day(day, date);
        return true;
    case CALENDAR_INDIAN:
        known_from_day(&indian, day, date);
        return true;
    case CALENDAR_CHINESE:
    case CALENDAR_DANGI:
    case CALENDARS:
        break;
    }
    return false;
}

/* Each reckoning counts days that its year may not have; rather than each knowing its own
 * exceptions, the day is turned back into a date, which must be the same. */
bool calendar_to_day(enum calendar calendar, struct calendar_date d, int32_t *day)
{
    if (d.year < 1 || d.year > 10000 || d.month < 1 || d.day < 1 || d.is_leap ||
        d.day > calendar_longest_month(calendar, d.month)) {
        return false;
    }
    switch (calendar) {
    case CALENDAR_GREGORIAN:
        *day = civil_day_number((struct civil_date){d.year, d.month, d.day});
        break;
    case CALENDAR_JULIAN:
        *day = julian_to_day(d.year, d.month, d.day);
        break;
    case CALENDAR_HEBREW:
        *day = hebrew_to_day(d);
        break;
    case CALENDAR_HIJRI_UMALQURA:
        return umalqura_to_day(d, day);
    case CALENDAR_HIJRI_CIVIL:
        *day = hijri_to_day(d);
        break;
    case CALENDAR_PERSIAN:
        *day = persian_to_day(d);
        break;
    case CALENDAR_ETHIOPIC:
        *day = coptic_to_day(ethiopic_epoch, d);
        break;
    case CALENDAR_COPTIC:
        *day = coptic_to_day(coptic_epoch, d);
        break;
    case CALENDAR_INDIAN:
        *day = known_to_day(&indian, d);
        break;
    case CALENDAR_BENGALI:
        *day = known_to_day(&bengali, d);
        break;
    case CALENDAR_CHINESE:
    case CALENDAR_DANGI:
    case CALENDARS:
        return false;
    }
    /* what does not come back does not exist: 29 february, 6 pagumen, 30 falgun */
    struct calendar_date back;
    return calendar_from_day(calendar, *day, &back) && back.year == d.year &&
           back.month == d.month && back.day == d.day;
}

/* Easter by the anonymous Gregorian computus (Nature, 20 April 1876; Meeus, Astronomical
 * Algorithms, ch. 8): exact for every year. */
int32_t calendar_easter(int32_t year)
{
    int32_t a = floor_mod(year, 19), b = floor_div(year, 100), c = floor_mod(year, 100);
    int32_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int32_t h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int32_t l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    int32_t month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
    return civil_day_number((struct civil_date){year, month, day});
}

/* The Julian computus (Meeus, ch. 8), its date read in the Julian calendar. */
int32_t calendar_orthodox_easter(int32_t year)
{
    int32_t a = floor_mod(year, 4), b = floor_mod(year, 7), c = floor_mod(year, 19);
    int32_t d = (19 * c + 15) % 30, e = (2 * a + 4 * b - d + 34) % 7;
    return julian_to_day(year, (d + e + 114) / 31, (d + e + 114) % 31 + 1);
}
