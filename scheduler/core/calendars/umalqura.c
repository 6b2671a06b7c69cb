#include "calendars/umalqura.h"

static int32_t month_length(int32_t year, int32_t month)
{
    return 29 + (umalqura_long_months[year - UMALQURA_FIRST] >> (month - 1) & 1);
}

static int32_t year_length(int32_t year)
{
    int32_t days = 0;
    for (int32_t month = 1; month <= 12; month++) {
        days += month_length(year, month);
    }
    return days;
}

bool umalqura_to_day(struct calendar_date date, int32_t *day)
{
    if (date.year < UMALQURA_FIRST || date.year >= UMALQURA_FIRST + UMALQURA_YEARS ||
        date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > month_length(date.year, date.month)) {
        return false;
    }
    *day = umalqura_first_day + date.day - 1;
    for (int32_t year = UMALQURA_FIRST; year < date.year; year++) {
        *day += year_length(year);
    }
    for (int32_t month = 1; month < date.month; month++) {
        *day += month_length(date.year, month);
    }
    return true;
}

bool umalqura_from_day(int32_t day, struct calendar_date *date)
{
    int32_t rest = day - umalqura_first_day, year = UMALQURA_FIRST, month = 1;
    while (rest >= 0 && year < UMALQURA_FIRST + UMALQURA_YEARS && rest >= year_length(year)) {
        rest -= year_length(year++);
    }
    if (rest < 0 || year == UMALQURA_FIRST + UMALQURA_YEARS) {
        return false;
    }
    while (rest >= month_length(year, month)) {
        rest -= month_length(year, month++);
    }
    *date = (struct calendar_date){year, month, rest + 1, false};
    return true;
}
