#include "http/date.h"

#include <stdio.h>
#include <string.h>

#include "instants/civil.h"

enum { SHORT_NAME = 3 };

static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                   "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static bool take(const char **at, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(*at, word, len) != 0) {
        return false;
    }
    *at += len;
    return true;
}

static bool take_number(const char **at, int digits, int32_t *out)
{
    int32_t number = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        number = 10 * number + (**at - '0');
    }
    *out = number;
    return true;
}

static bool take_month(const char **at, int32_t *out)
{
    for (int32_t i = 0; i < 12; i++) {
        if (take(at, months[i])) {
            *out = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_time(const char **at, struct civil_time *out)
{
    bool whole = take_number(at, 2, &out->hour) && take(at, ":") &&
                 take_number(at, 2, &out->minute) && take(at, ":") &&
                 take_number(at, 2, &out->second);
    out->second = whole && out->second == 60 ? 59 : out->second; /* a leap second */
    return whole;
}

/* The day's name, long or short; which day it names is not compared with the date. */
static bool take_day(const char **at, bool *is_long)
{
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (take(at, days[i])) {
            *is_long = true;
            return true;
        }
        if (strncmp(*at, days[i], SHORT_NAME) == 0) {
            *at += SHORT_NAME;
            *is_long = false;
            return true;
        }
    }
    return false;
}

/* " 06 Nov 1994 08:49:37 GMT" */
static bool take_fixed(const char **at, struct civil *out)
{
    return take(at, " ") && take_number(at, 2, &out->date.day) && take(at, " ") &&
           take_month(at, &out->date.month) && take(at, " ") &&
           take_number(at, 4, &out->date.year) && take(at, " ") && take_time(at, &out->time) &&
           take(at, " GMT");
}

/* " 06-Nov-94 08:49:37 GMT": no year more than 50 years ahead is meant. */
static bool take_rfc850(const char **at, utc now, struct civil *out)
{
    int32_t this_year = civil_from_utc(now).date.year;
    bool whole = take(at, " ") && take_number(at, 2, &out->date.day) && take(at, "-") &&
                 take_month(at, &out->date.month) && take(at, "-") &&
                 take_number(at, 2, &out->date.year) && take(at, " ") &&
                 take_time(at, &out->time) && take(at, " GMT");
    out->date.year += this_year - this_year % 100;
    out->date.year -= out->date.year > this_year + 50 ? 100 : 0;
    return whole;
}

/* " Nov  6 08:49:37 1994" */
static bool take_asctime(const char **at, struct civil *out)
{
    return take(at, " ") && take_month(at, &out->date.month) && take(at, " ") &&
           take_number(at, take(at, " ") ? 1 : 2, &out->date.day) && take(at, " ") &&
           take_time(at, &out->time) && take(at, " ") && take_number(at, 4, &out->date.year);
}

bool http_date_read(const char *text, utc now, utc *out)
{
    struct civil read = {0};
    bool is_long;
    if (!take_day(&text, &is_long)) {
        return false;
    }
    bool whole = take(&text, ",")
                     ? is_long ? take_rfc850(&text, now, &read) : take_fixed(&text, &read)
                     : !is_long && take_asctime(&text, &read);
    if (!whole || text[strspn(text, " \t")] != '\0' || read.date.year < 1700 ||
        read.date.year > 2249 || !civil_date_is_valid(read.date) ||
        !civil_time_is_valid(read.time)) {
        return false;
    }
    *out = civil_to_utc(read);
    return true;
}

void http_date_write(utc at, char out[static HTTP_DATE_SIZE])
{
    struct civil civil = civil_from_utc(at);
    enum weekday day = civil_weekday(civil_day_number(civil.date));
    snprintf(out, HTTP_DATE_SIZE, "%.3s, %02u %s %04u %02u:%02u:%02u GMT", days[day - MONDAY],
             (unsigned)civil.date.day % 100, months[civil.date.month - 1],
             (unsigned)civil.date.year % 10000, (unsigned)civil.time.hour % 100,
             (unsigned)civil.time.minute % 100, (unsigned)civil.time.second % 100);
}
