#include "instants/leap.h"

#include <math.h>
#include <string.h>

#include "instants/deltat.h"

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

/* The form is the IERS's and NIST's leap-seconds.list: "#@" has the expiry, other lines a second of
 * NTP's epoch and TAI-UTC from it on.  A list without expiry, or out of order, is no list: better
 * the built-in one, whose end we know. */
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
        *certainty = at.ns < table->entry[0].from_utc_s * NS_PER_S ? BEFORE_UTC
                     : at.ns >= table->expires_utc_s * NS_PER_S    ? BEYOND_LEAP_TABLE
                                                                   : CERTAIN;
    }
    return offset;
}

/* TAI - UT1 in ns at ut (counted from 1970), made to end on last_ns at end_ns, where UTC begins. */
static int64_t tai_minus_ut1(int64_t ut_ns, int64_t end_ns, int64_t last_ns)
{
    const double ramp_days = 365;
    int64_t ut_s = ut_ns / NS_PER_S; /* whole seconds first: a double cannot hold all ns of today */
    double days = (double)ut_s / 86400 + (double)(ut_ns % NS_PER_S) * 1e-9 / 86400;
    double offset_s = deltat_s(days - 10957.5) - 32.184;
    int64_t end_s = end_ns / NS_PER_S;
    double end_days = (double)end_s / 86400;
    if (end_days - days < ramp_days) {
        double share = 1 - (end_days - days) / ramp_days;
        offset_s += share * ((double)last_ns * 1e-9 - (deltat_s(end_days - 10957.5) - 32.184));
    }
    return llround(offset_s * 1e9);
}

instant leap_from_utc(const struct leap_table *table, utc at, enum certainty *certainty)
{
    int64_t offset = leap_tai_minus_utc(table, at, certainty);
    int64_t begin_ns = table->entry[0].from_utc_s * NS_PER_S;
    if (at.ns < begin_ns) {
        return (instant){at.ns + tai_minus_ut1(at.ns, begin_ns, offset * NS_PER_S)};
    }
    return (instant){at.ns + offset * NS_PER_S};
}

/* Where UT1 gains on TAI, two nanoseconds of UT1 share one of TAI: prefer the rounder. */
static utc ut1_from_tai(const struct leap_table *table, instant at)
{
    int64_t begin_ns = table->entry[0].from_utc_s * NS_PER_S;
    int64_t last_ns = table->entry[0].tai_minus_utc_s * NS_PER_S;
    int64_t ut = at.tai_ns - last_ns;
    for (int i = 0; i < 4; i++) {
        ut = at.tai_ns - tai_minus_ut1(ut, begin_ns, last_ns);
    }
    int64_t best = ut;
    for (int64_t near = ut - 2; near <= ut + 2; near++) {
        bool hits = near + tai_minus_ut1(near, begin_ns, last_ns) == at.tai_ns;
        bool has_hit = best + tai_minus_ut1(best, begin_ns, last_ns) == at.tai_ns;
        if (hits && (!has_hit || near % NS_PER_US == 0)) {
            best = near;
        }
    }
    return (utc){best};
}

utc leap_to_utc(const struct leap_table *table, instant at, enum certainty *certainty)
{
    utc answer = {0};
    int64_t begin_tai = (table->entry[0].from_utc_s + table->entry[0].tai_minus_utc_s) * NS_PER_S;
    if (at.tai_ns < begin_tai) {
        answer = ut1_from_tai(table, at);
        leap_tai_minus_utc(table, answer, certainty);
        return answer;
    }
    for (size_t i = table->count; i-- > 0;) {
        int64_t start_tai =
            (table->entry[i].from_utc_s + table->entry[i].tai_minus_utc_s) * NS_PER_S;
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
