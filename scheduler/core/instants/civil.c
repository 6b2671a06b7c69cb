#include "instants/civil.h"

bool civil_is_leap_year(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t civil_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) {
        return 0;
    }
    return days[month - 1] + (month == 2 && civil_is_leap_year(year) ? 1 : 0);
}

bool civil_date_is_valid(struct civil_date date)
{
    return date.day >= 1 && date.day <= civil_days_in_month(date.year, date.month);
}

bool civil_time_is_valid(struct civil_time time)
{
    return time.hour >= 0 && time.hour <= 23 && time.minute >= 0 && time.minute <= 59 &&
           time.second >= 0 && time.second <= 59 && time.ns >= 0 && time.ns < NS_PER_S;
}

/* Quotient rounded towards minus infinity, so that days before 1970 count like the others. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/* The year is taken to begin in March, so that the leap day is its last: month lengths from March
 * follow (153 m + 2) / 5. */
int32_t civil_day_number(struct civil_date date)
{
    int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
    int64_t month = date.month <= 2 ? date.month + 9 : date.month - 3;
    int64_t days = 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) +
                   (153 * month + 2) / 5 + date.day - 1;
    return (int32_t)(days - 719468); /* 0000-03-01 is that many days before 1970-01-01 */
}

struct civil_date civil_from_day_number(int32_t days)
{
    int64_t z = (int64_t)days + 719468;
    int64_t era = floor_div(z, 146097); /* 400 years */
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil_date date = {
        .year = (int32_t)(year + era * 400 + (month >= 10 ? 1 : 0)),
        .month = (int32_t)(month < 10 ? month + 3 : month - 9),
        .day = (int32_t)(of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

enum weekday civil_weekday(int32_t day_number)
{
    int64_t from_monday = ((int64_t)day_number + 3) % 7; /* 1970-01-01 was a Thursday */
    return (enum weekday)((from_monday < 0 ? from_monday + 7 : from_monday) + 1);
}

int civil_date_compare(struct civil_date a, struct civil_date b)
{
    if (a.year != b.year) {
        return a.year < b.year ? -1 : 1;
    }
    if (a.month != b.month) {
        return a.month < b.month ? -1 : 1;
    }
    return (a.day > b.day) - (a.day < b.day);
}

int64_t civil_to_ns(struct civil at)
{
    int64_t seconds = (int64_t)civil_day_number(at.date) * 86400 + at.time.hour * 3600 +
                      at.time.minute * 60 + at.time.second;
    return seconds * NS_PER_S + at.time.ns;
}

struct civil civil_from_ns(int64_t ns)
{
    int64_t days = floor_div(ns, NS_PER_DAY);
    int64_t rest = ns - days * NS_PER_DAY;
    int64_t seconds = rest / NS_PER_S;
    return (struct civil){
        .date = civil_from_day_number((int32_t)days),
        .time = {.hour = (int32_t)(seconds / 3600),
                 .minute = (int32_t)(seconds / 60 % 60),
                 .second = (int32_t)(seconds % 60),
                 .ns = (int32_t)(rest % NS_PER_S)},
    };
}

utc civil_to_utc(struct civil at)
{
    return (utc){civil_to_ns(at)};
}

struct civil civil_from_utc(utc at)
{
    return civil_from_ns(at.ns);
}
