/* footer.c -- a TZif file's footer: the rule for the years after its table (RFC 8536, 3.3). */
#include <string.h>

#include "zones/table.h"

/* A POSIX TZ string, IEEE 1003.1 section 8.3, with the wider hours of RFC 8536 section 3.3.1:
 *   CET-1CEST,M3.5.0,M10.5.0/3      <-03>3      IST-1GMT0,M10.5.0,M3.5.0/1 */

enum day_form { DAY_OF_MONTH_WEEK, DAY_JULIAN, DAY_ZERO_BASED };

struct change {
    enum day_form form;
    int32_t month, week, weekday; /* DAY_OF_MONTH_WEEK: weekday 0 is Sunday */
    int32_t day;
    int32_t time_s;
};

struct reader {
    const char *at, *end;
};

static bool take(struct reader *r, char c)
{
    if (r->at < r->end && *r->at == c) {
        r->at++;
        return true;
    }
    return false;
}

static bool read_number(struct reader *r, int32_t max, int32_t *out)
{
    int32_t value = 0;
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && r->at - from < 4) {
        value = value * 10 + (*r->at++ - '0');
    }
    *out = value;
    return r->at > from && value <= max;
}

static bool read_time(struct reader *r, int32_t max_hours, int32_t *out)
{
    bool is_negative = take(r, '-');
    int32_t hours, minutes = 0, seconds = 0;
    if (!is_negative) {
        take(r, '+');
    }
    if (!read_number(r, max_hours, &hours) || (take(r, ':') && !read_number(r, 59, &minutes)) ||
        (take(r, ':') && !read_number(r, 59, &seconds))) {
        return false;
    }
    int32_t total = hours * 3600 + minutes * 60 + seconds;
    *out = is_negative ? -total : total;
    return true;
}

/* Three or more letters, or anything alphanumeric or signed between < and >. */
static bool read_name(struct reader *r, char *out)
{
    bool is_quoted = take(r, '<');
    size_t len = 0;
    while (r->at < r->end) {
        char c = *r->at;
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_letter && !(is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'))) {
            break;
        }
        out[len++] = c;
        r->at++;
    }
    out[len] = '\0';
    return len >= 3 && (!is_quoted || take(r, '>'));
}

static bool read_change(struct reader *r, struct change *out)
{
    *out = (struct change){.time_s = 7200};
    if (!take(r, ',')) {
        return false;
    }
    if (take(r, 'M')) {
        out->form = DAY_OF_MONTH_WEEK;
        if (!read_number(r, 12, &out->month) || !take(r, '.') || !read_number(r, 5, &out->week) ||
            !take(r, '.') || !read_number(r, 6, &out->weekday) || out->month < 1 || out->week < 1) {
            return false;
        }
    } else if (take(r, 'J')) {
        out->form = DAY_JULIAN;
        if (!read_number(r, 365, &out->day) || out->day < 1) {
            return false;
        }
    } else {
        out->form = DAY_ZERO_BASED;
        if (!read_number(r, 365, &out->day)) {
            return false;
        }
    }
    return !take(r, '/') || read_time(r, 167, &out->time_s);
}

/* Local seconds since 1970 of a change, on the clock that holds before it. */
static int64_t change_in_year(const struct change *change, int32_t year)
{
    int32_t day = civil_day_number((struct civil_date){year, 1, 1});
    switch (change->form) {
    case DAY_JULIAN: /* 29 February is never counted */
        day += change->day - 1 + (change->day >= 60 && civil_is_leap_year(year) ? 1 : 0);
        break;
    case DAY_ZERO_BASED:
        day += change->day;
        break;
    case DAY_OF_MONTH_WEEK: {
        int32_t first = civil_day_number((struct civil_date){year, change->month, 1});
        int32_t weekday = (int32_t)civil_weekday(first) % 7; /* Sunday becomes 0 */
        day = first + (change->weekday - weekday + 7) % 7 + 7 * (change->week - 1);
        if (day >= first + civil_days_in_month(year, change->month)) {
            day -= 7;
        }
        break;
    }
    }
    return INT64_C(86400) * day + change->time_s;
}

/* Two changes at one instant (daylight time all year round) leave only the later one. */
static void append(struct zone *zone, size_t read_from_file, int64_t from_s, uint16_t type)
{
    if (zone->count > 0 && from_s <= zone->from_s[zone->count - 1]) {
        if (zone->count > read_from_file) {
            zone->type_of[zone->count - 1] = type;
        }
        return;
    }
    zone->from_s[zone->count] = from_s;
    zone->type_of[zone->count++] = type;
}

static int32_t year_of(int64_t s)
{
    int64_t earliest = -INT64_C(8835955200), latest = UTC_LATEST_S; /* 1690 .. 2250 */
    s = s < earliest ? earliest : s > latest ? latest : s;
    return civil_from_day_number((int32_t)(s / 86400)).year;
}

/* The footer (RFC 8536 3.3, a POSIX TZ rule) is played out into transitions to the end of our
 * range, so that there is one way to ask, whether an answer comes from the table or from the rule:
 *
 *     file's transitions          the footer's, two a year
 *     |----|-------|----|-------|......|....|......|....|....>  2251
 *                               ^ year of the last one: append drops what lies before it */
bool zone_play_footer(struct zone *zone, const char *text, size_t len)
{
    struct reader r = {text, text + len};
    uint16_t standard = ZONE_TYPES_MAX, daylight = ZONE_TYPES_MAX + 1;
    char *names = zone->abbreviations + 256;
    int32_t offset_s;
    struct change begins, ends;
    if (!read_name(&r, names) || !read_time(&r, 24, &offset_s)) {
        return false;
    }
    zone->type[standard] = (struct zone_type){-offset_s, false, 256};
    if (r.at == r.end) {
        if (zone->count == 0) {
            zone->before = standard;
        }
        return true;
    }
    if (!read_name(&r, names + ZONE_FOOTER_SIZE)) {
        return false;
    }
    zone->type[daylight] = (struct zone_type){-offset_s + 3600, true, 256 + ZONE_FOOTER_SIZE};
    if (r.at < r.end && *r.at != ',') {
        if (!read_time(&r, 24, &offset_s)) {
            return false;
        }
        zone->type[daylight].offset_s = -offset_s;
    }
    if (!read_change(&r, &begins) || !read_change(&r, &ends) || r.at != r.end) {
        return false;
    }
    size_t read_from_file = zone->count;
    int32_t year = zone->count == 0 ? 1690 : year_of(zone->from_s[zone->count - 1]);
    for (; year < 2252; year++) {
        int64_t on = change_in_year(&begins, year) - zone->type[standard].offset_s;
        int64_t off = change_in_year(&ends, year) - zone->type[daylight].offset_s;
        if (on < off) {
            append(zone, read_from_file, on, daylight);
            append(zone, read_from_file, off, standard);
        } else {
            append(zone, read_from_file, off, standard);
            append(zone, read_from_file, on, daylight);
        }
    }
    return true;
}
