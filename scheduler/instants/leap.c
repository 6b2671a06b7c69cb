#include "instants/leap.h"

#include <string.h>

/* leap-seconds.list counts from 1900-01-01; we count from 1970-01-01. */
static const int64_t ntp_epoch_s = INT64_C(2208988800);

static const struct leap_table builtin = {
    .count = 28,
    .entry = {{63072000, 10},   {78796800, 11},   {94694400, 12},   {126230400, 13},
              {157766400, 14},  {189302400, 15},  {220924800, 16},  {252460800, 17},
              {283996800, 18},  {315532800, 19},  {362793600, 20},  {394329600, 21},
              {425865600, 22},  {489024000, 23},  {567993600, 24},  {631152000, 25},
              {662688000, 26},  {709948800, 27},  {741484800, 28},  {773020800, 29},
              {820454400, 30},  {867715200, 31},  {915148800, 32},  {1136073600, 33},
              {1230768000, 34}, {1341100800, 35}, {1435708800, 36}, {1483228800, 37}},
    .expires_utc_s = INT64_C(1814140800), /* 2027-06-28 */
};

const struct leap_table *leap_builtin(void)
{
    return &builtin;
}

struct reader {
    const char *at, *end;
};

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
        r->at++;
    }
}

static bool read_number(struct reader *r, int64_t *out)
{
    skip_blanks(r);
    int64_t value = 0;
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && r->at - from < 15) {
        value = value * 10 + (*r->at++ - '0');
    }
    *out = value;
    return r->at > from;
}

bool leap_table_read(const char *text, size_t len, struct leap_table *out)
{
    struct leap_table table = {0};
    bool has_expiry = false;
    if (len > 65536) {
        return false;
    }
    const char *end = text + len;
    while (text < end) {
        const char *eol = memchr(text, '\n', (size_t)(end - text));
        struct reader r = {text, eol != NULL ? eol : end};
        text = eol != NULL ? eol + 1 : end;
        int64_t when, offset;
        if (r.end - r.at >= 2 && r.at[0] == '#') {
            if (r.at[1] == '@') {
                r.at += 2;
                if (!read_number(&r, &when)) {
                    return false;
                }
                table.expires_utc_s = when - ntp_epoch_s;
                has_expiry = true;
            }
            continue;
        }
        skip_blanks(&r);
        if (r.at == r.end || *r.at == '#' || *r.at == '\r') {
            continue;
        }
        if (!read_number(&r, &when) || !read_number(&r, &offset) || offset > 1000 ||
            table.count == LEAP_ENTRIES_MAX) {
            return false;
        }
        when -= ntp_epoch_s;
        if (table.count > 0 && table.entry[table.count - 1].from_utc_s >= when) {
            return false;
        }
        table.entry[table.count].from_utc_s = when;
        table.entry[table.count++].tai_minus_utc_s = (int32_t)offset;
    }
    if (!has_expiry || table.count == 0) {
        return false;
    }
    *out = table;
    return true;
}

int32_t leap_tai_minus_utc(const struct leap_table *table, utc at, enum certainty *certainty)
{
    int32_t offset = table->entry[0].tai_minus_utc_s;
    for (size_t i = table->count; i-- > 0;) {
        if (at.ns >= table->entry[i].from_utc_s * NS_PER_S) {
            offset = table->entry[i].tai_minus_utc_s;
            break;
        }
    }
    if (certainty != NULL) {
        *certainty = at.ns < table->entry[0].from_utc_s * NS_PER_S  ? BEFORE_UTC
                     : at.ns >= table->expires_utc_s * NS_PER_S     ? BEYOND_LEAP_TABLE
                                                                    : CERTAIN;
    }
    return offset;
}

instant leap_from_utc(const struct leap_table *table, utc at, enum certainty *certainty)
{
    int64_t offset = leap_tai_minus_utc(table, at, certainty);
    return (instant){at.ns + offset * NS_PER_S};
}

utc leap_to_utc(const struct leap_table *table, instant at, enum certainty *certainty)
{
    utc answer = {at.tai_ns - table->entry[0].tai_minus_utc_s * NS_PER_S};
    for (size_t i = table->count; i-- > 0;) {
        int64_t start_tai = (table->entry[i].from_utc_s + table->entry[i].tai_minus_utc_s) * NS_PER_S;
        if (at.tai_ns >= start_tai) {
            answer.ns = at.tai_ns - table->entry[i].tai_minus_utc_s * NS_PER_S;
            break;
        }
        if (i > 0 && at.tai_ns >= start_tai - NS_PER_S * (table->entry[i].tai_minus_utc_s -
                                                          table->entry[i - 1].tai_minus_utc_s)) {
            /* inside the inserted second: the last nanosecond before it */
            answer.ns = table->entry[i].from_utc_s * NS_PER_S - 1;
            break;
        }
    }
    leap_tai_minus_utc(table, answer, certainty);
    return answer;
}
