#include "instants/stamp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exactly digits decimal digits. */
static bool read_digits(const char *text, int digits, int32_t *out)
{
    int32_t value = 0;
    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return true;
}

bool stamp_read_date(const char *text, size_t len, struct civil_date *out)
{
    struct civil_date date;
    if (len != 10 || text[4] != '-' || text[7] != '-' || !read_digits(text, 4, &date.year) ||
        !read_digits(text + 5, 2, &date.month) || !read_digits(text + 8, 2, &date.day) ||
        !civil_date_is_valid(date) || date.year < 1700 || date.year > 2249) {
        return false;
    }
    *out = date;
    return true;
}

bool stamp_read_time(const char *text, size_t len, struct civil_time *out)
{
    struct civil_time time = {0};
    if ((len != 5 && len != 8) || text[2] != ':' || !read_digits(text, 2, &time.hour) ||
        !read_digits(text + 3, 2, &time.minute)) {
        return false;
    }
    if (len == 8 && (text[5] != ':' || !read_digits(text + 6, 2, &time.second))) {
        return false;
    }
    if (!civil_time_is_valid(time)) {
        return false;
    }
    *out = time;
    return true;
}

/* ".5" to ".123456789": never empty, never ending in 0. */
static bool read_fraction(const char *text, size_t len, int32_t *ns)
{
    if (len < 2 || len > 10 || text[0] != '.' || text[len - 1] == '0') {
        return false;
    }
    int32_t value;
    if (!read_digits(text + 1, (int)len - 1, &value)) {
        return false;
    }
    for (size_t i = len - 1; i < 9; i++) {
        value *= 10;
    }
    *ns = value;
    return true;
}

bool stamp_read(const char *text, size_t len, utc *out)
{
    struct civil at;
    if (len < 20 || len > 30 || text[10] != 'T' || text[len - 1] != 'Z' ||
        !stamp_read_date(text, 10, &at.date) || !stamp_read_time(text + 11, 8, &at.time)) {
        return false;
    }
    if (len > 20 && !read_fraction(text + 19, len - 20, &at.time.ns)) {
        return false;
    }
    *out = civil_to_utc(at);
    return true;
}

bool stamp_read_given(const char *text, utc *out)
{
    struct civil at = {0};
    if (!stamp_read_date(text, strlen(text), &at.date)) {
        return stamp_read(text, strlen(text), out);
    }
    *out = civil_to_utc(at);
    return true;
}

size_t stamp_write(utc at, char out[static STAMP_TEXT_SIZE])
{
    struct civil c = civil_from_utc(at);
    int len = snprintf(out, STAMP_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", c.date.year % 10000,
                       c.date.month % 100, c.date.day % 100, c.time.hour % 100, c.time.minute % 100,
                       c.time.second % 100);
    if (c.time.ns != 0) {
        len += snprintf(out + len, STAMP_TEXT_SIZE - (size_t)len, ".%09d", c.time.ns);
        while (out[len - 1] == '0') {
            len--;
        }
    }
    out[len++] = 'Z';
    out[len] = '\0';
    return (size_t)len;
}

size_t stamp_write_date(struct civil_date date, char out[static STAMP_TEXT_SIZE])
{
    return (size_t)snprintf(out, STAMP_TEXT_SIZE, "%04d-%02d-%02d", date.year % 10000,
                            date.month % 100, date.day % 100);
}

struct stamp_text stamp_text(utc at)
{
    struct stamp_text out;
    stamp_write(at, out.text);
    return out;
}

struct stamp_text stamp_date_text(struct civil_date date)
{
    struct stamp_text out;
    stamp_write_date(date, out.text);
    return out;
}

void stamp_write_time(struct civil_time time, char out[static STAMP_TEXT_SIZE])
{
    int len = snprintf(out, STAMP_TEXT_SIZE, "%02d:%02d", time.hour, time.minute);
    if (time.second != 0) {
        snprintf(out + len, STAMP_TEXT_SIZE - (size_t)len, ":%02d", time.second);
    }
}

const char *stamp_weekday(struct civil_date date)
{
    static const char *const name[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return name[civil_weekday(civil_day_number(date))];
}

struct stamp_text stamp_civil_text(struct civil at)
{
    struct stamp_text out;
    snprintf(out.text, sizeof out.text, "%s %.10s %02d:%02d:%02d", stamp_weekday(at.date),
             stamp_date_text(at.date).text, at.time.hour % 100, at.time.minute % 100,
             at.time.second % 100);
    return out;
}

/* Whether a unit is the largest exact one is asked of the writer: what it would write is the only
 * spelling. */
bool duration_read(const char *text, size_t len, bool whole_days, span *out)
{
    if (len < 2 || len > 8 || text[0] == '0') {
        return false;
    }
    int32_t count;
    if (!read_digits(text, (int)len - 1, &count)) {
        return false;
    }
    int64_t seconds;
    switch (text[len - 1]) {
    case 's':
        seconds = count;
        break;
    case 'm':
        seconds = INT64_C(60) * count;
        break;
    case 'h':
        seconds = INT64_C(3600) * count;
        break;
    case 'd':
        seconds = INT64_C(86400) * count;
        break;
    default:
        return false;
    }
    span of = {seconds * NS_PER_S};
    char canonical[DURATION_TEXT_SIZE];
    if (whole_days != (text[len - 1] == 'd') || seconds > 720 * 3600 ||
        duration_write(of, whole_days, canonical) != len || memcmp(canonical, text, len) != 0) {
        return false;
    }
    *out = of;
    return true;
}

bool span_read(const char *text, span most, span *out)
{
    char *end;
    double value = strtod(text, &end);
    double unit = strcmp(end, "us") == 0   ? 1e3
                  : strcmp(end, "ms") == 0 ? 1e6
                  : strcmp(end, "s") == 0  ? 1e9
                                           : 0;
    if (end == text || !isfinite(value) || value < 0 || (unit < 1 && (value > 0 || *end != '\0')) ||
        value * unit > (double)most.ns) {
        return false;
    }
    out->ns = (int64_t)llround(value * unit);
    return true;
}

size_t duration_write(span of, bool whole_days, char out[static DURATION_TEXT_SIZE])
{
    int64_t seconds = of.ns / NS_PER_S;
    char unit = 's';
    if (whole_days && seconds % 86400 == 0) {
        seconds /= 86400;
        unit = 'd';
    } else if (seconds % 3600 == 0) {
        seconds /= 3600;
        unit = 'h';
    } else if (seconds % 60 == 0) {
        seconds /= 60;
        unit = 'm';
    }
    return (size_t)snprintf(out, DURATION_TEXT_SIZE, "%lld%c", (long long)seconds, unit);
}
