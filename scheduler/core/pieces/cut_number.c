/* cut_number.c -- pieces that begin with a digit or a sign: clocks, dates, durations, ordinals. */
#include <stdio.h>
#include <string.h>

#include "pieces/cutter.h"
#include "words/words.h"

/* A run of at most `most` digits at at + from; its length. */
static size_t digits_at(const struct cutter *c, size_t from, size_t most, int32_t *value)
{
    size_t n = 0;
    *value = 0;
    while (n < most && is_digit(peek(c, from + n))) {
        *value = *value * 10 + (peek(c, from + n) - '0');
        n++;
    }
    return is_digit(peek(c, from + n)) ? 0 : n;
}

static bool ends(const struct cutter *c, size_t at)
{
    return !is_letter(peek(c, at)) && !is_digit(peek(c, at));
}

/* The time zone right after a clock: Z, +02:00. */
static bool cut_offset(struct cutter *c)
{
    int32_t hours, minutes = 0;
    char sign = peek(c, 0);
    if ((sign == 'Z' || sign == 'z') && ends(c, 1)) {
        c->at++;
        return cut_add(c, word_piece("utc"));
    }
    if (!c->is_stamp || (sign != '+' && sign != '-') || digits_at(c, 1, 2, &hours) != 2 ||
        peek(c, 3) != ':' || digits_at(c, 4, 2, &minutes) != 2 || !ends(c, 6)) {
        return true;
    }
    struct piece zone = {.kind = PIECE_ZONE};
    if (minutes != 0 || hours > 14) {
        return false;
    }
    snprintf(zone.zone, sizeof zone.zone, "Etc/GMT%c%d", sign == '+' ? '-' : '+', hours);
    c->at += 6;
    return hours == 0 ? cut_add(c, word_piece("utc")) : cut_add(c, zone);
}

/* How a clock was written: 20:00, 20h, 8 pm. */
enum writing { WITH_COLON, WITH_H, WITH_HALF };

static bool add_clock(struct cutter *c, int32_t hour, int32_t minute, int32_t second, size_t len,
                      enum writing writing)
{
    bool is_day_end = hour == 24 && minute == 0 && second == 0;
    if ((hour > 23 && !is_day_end) || minute > 59 || second > 59) {
        return false;
    }
    bool is_padded = *c->at == '0';
    c->at += len;
    return cut_add(c, (struct piece){.kind = PIECE_CLOCK,
                                     .seconds = hour * 3600 + minute * 60 + second,
                                     .is_padded = is_padded,
                                     .is_h_clock = writing == WITH_H,
                                     .is_half = writing == WITH_HALF}) &&
           cut_offset(c);
}

static bool add_date(struct cutter *c, int32_t year, int32_t month, int32_t day, size_t len)
{
    struct piece piece = {.kind = PIECE_DATE, .date = {year, month, day}};
    struct civil_date checked = {year == 0 ? 2028 : year, month, day};
    if (!civil_date_is_valid(checked)) {
        return false;
    }
    c->at += len;
    return cut_add(c, piece);
}

/* 03/04/2027, 03/04: which is the day? */
static bool cut_slashed(struct cutter *c, int32_t first, size_t len, char sign)
{
    int32_t second, year = 0;
    size_t more = digits_at(c, len + 1, 2, &second), at = len + 1 + more;
    if (more == 0) {
        return false;
    }
    bool is_short = false; /* 13.5.27 */
    if (peek(c, at) == sign) {
        size_t digits = digits_at(c, at + 1, 4, &year);
        is_short = digits == 2;
        if (digits != 4 && !is_short) {
            return false;
        }
        year += is_short ? 2000 : 0;
        at += 1 + digits;
    }
    if (!ends(c, at) || first > 31 || second > 31) {
        return false;
    }
    if (second > 12) {
        return add_date(c, year, first, second, at);
    }
    struct civil_date back = {2000 + first, second, year - 2000}; /* 20-04-25 */
    if (is_short && sign == '-' && civil_date_is_valid(back)) {
        c->at += at;
        return cut_add(
            c, (struct piece){.kind = PIECE_DATES, .date = {year, second, first}, .other = back});
    }
    /* only English writes the month first */
    if (first > 12 || first == second || sign == '.' || c->language != LANGUAGE_EN) {
        return add_date(c, year, second, first, at);
    }
    c->at += at;
    return cut_add(c, (struct piece){.kind = PIECE_DATES,
                                     .date = {year, second, first},
                                     .other = {year, first, second}});
}

/* 1h30m, 90s, 20h, 20h30, 15min */
static bool cut_units(struct cutter *c, int32_t value, size_t len, bool *is_cut)
{
    int32_t minutes;
    size_t more = 0;
    char unit = (char)(peek(c, len) | 0x20);
    *is_cut = true;
    if (unit == 'h' && (more = digits_at(c, len + 1, 2, &minutes)) > 0) {
        bool is_span = (peek(c, len + 1 + more) | 0x20) == 'm';
        size_t at = len + 1 + more + (is_span ? 1 : 0);
        at += is_span && peek(c, at) == 'i' && peek(c, at + 1) == 'n' ? 2 : 0;
        if (!ends(c, at)) {
            return false;
        }
        if (!is_span) {
            return more == 2 && add_clock(c, value, minutes, 0, at, WITH_H);
        }
        c->at += at;
        return cut_add(c,
                       (struct piece){.kind = PIECE_SPAN, .seconds = value * 3600 + minutes * 60});
    }
    if (unit == 'h' && ends(c, len + 1)) {
        if (value > 23) {
            c->at += len + 1;
            return cut_add(c, (struct piece){.kind = PIECE_SPAN, .seconds = value * 3600});
        }
        return add_clock(c, value, 0, 0, len + 1, WITH_H);
    }
    if (len < 4 && (unit == 'm' || unit == 's') && /* 2028s is no duration */
        (ends(c, len + 1) ||
         (unit == 'm' && peek(c, len + 1) == 'i' && peek(c, len + 2) == 'n' && ends(c, len + 3)))) {
        c->at += len + (ends(c, len + 1) ? 1 : 3);
        return cut_add(
            c, (struct piece){.kind = PIECE_SPAN, .seconds = value * (unit == 'm' ? 60 : 1)});
    }
    *is_cut = false;
    return true;
}

/* 8pm, 8p.m.: goes past what stands at *at, and makes the hour one of the day; false: no clock of
 * twelve hours has it. */
static bool half_day_at(const struct cutter *c, size_t *at, int32_t *hour, enum writing *writing)
{
    char half = (char)(peek(c, *at) | 0x20);
    size_t dot = peek(c, *at + 1) == '.' ? 1 : 0, end = *at + 2 + dot;
    if ((half != 'a' && half != 'p') || (peek(c, end - 1) | 0x20) != 'm' || !ends(c, end)) {
        return true;
    }
    if (*hour < 1 || *hour > 12) {
        return false;
    }
    *hour = *hour % 12 + (half == 'p' ? 12 : 0);
    *at = end + (dot > 0 && peek(c, end) == '.' ? 1 : 0);
    *writing = WITH_HALF;
    return true;
}

static bool cut_ordinal(struct cutter *c, int32_t value, size_t len, bool *is_cut)
{
    static const char *const endings[] = {"st",  "nd",   "rd",  "th",  "er", "ère", "re", "e",
                                          "ème", "ième", "º",   "ª",   "°",  "o",   "a",  "-го",
                                          "-ша", "-га",  "-тя", "-та", "-й", "-я",  "-а", "-ше",
                                          "-те", "η",    "ος",  "ο",   "ης", "ή"};
    *is_cut = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        bool has_stroke = endings[i][0] != '-' || peek(c, len) == '-'; /* 1 та 15 */
        if (has_stroke && (size_t)(c->end - c->at) >= len + n &&
            words_equal(c->at + len, n, endings[i], n) && ends(c, len + n)) {
            *is_cut = true;
            c->at += len + n;
            return cut_add(c, (struct piece){.kind = PIECE_ORDINAL, .n = value});
        }
    }
    if (peek(c, len) == '.' && !is_digit(peek(c, len + 1))) {
        *is_cut = true;
        c->at += len + 1;
        return cut_add(c, (struct piece){.kind = PIECE_ORDINAL, .n = value});
    }
    return true;
}

bool cut_position(struct cutter *c, bool *is_cut)
{
    char text[64];
    size_t at = peek(c, 0) == '-' ? 1 : 0, dots = 0, commas = 0;
    while (is_digit(peek(c, at)) || peek(c, at) == '.' || peek(c, at) == ',' ||
           (peek(c, at) == '-' && peek(c, at - 1) == ',')) {
        dots += peek(c, at) == '.';
        commas += peek(c, at) == ',';
        at++;
    }
    struct place place;
    *is_cut = dots > 0 && (commas == 1 || commas == 2) && at < sizeof text &&
              places_find(c->at, at, &place) == PLACES_FOUND;
    if (!*is_cut) {
        return true;
    }
    struct piece piece = {.kind = PIECE_PLACE, .n = 1};
    memcpy(piece.name, place.name, sizeof piece.name);
    memcpy(piece.zone, place.zone, sizeof piece.zone);
    c->at += at;
    return cut_add(c, piece);
}

/* 2027-04-25, 2027/4/25, and the T of a stamp. */
static bool cut_date(struct cutter *c, int32_t year, char sign)
{
    int32_t month = 0, day = 0;
    size_t months = digits_at(c, 5, 2, &month), at = 5 + months;
    size_t days = months > 0 && peek(c, at) == sign ? digits_at(c, at + 1, 2, &day) : 0;
    if (days == 0 || !add_date(c, year, month, day, at + 1 + days)) {
        return false;
    }
    if ((peek(c, 0) | 0x20) == 't' && is_digit(peek(c, 1))) {
        c->at++;
        c->is_stamp = true;
    }
    return ends(c, 0) || is_digit(peek(c, 0));
}

/* 18:00, 18:00:30, 6:00 pm, 18:00h */
static bool cut_clock(struct cutter *c, int32_t hour, int32_t minute, size_t at)
{
    int32_t second = 0;
    enum writing writing = WITH_COLON;
    if (peek(c, at) == ':' && digits_at(c, at + 1, 2, &second) == 2) {
        at += 3;
    }
    if (!half_day_at(c, &at, &hour, &writing)) {
        return false;
    }
    if (writing == WITH_COLON && (peek(c, at) | 0x20) == 'h') {
        at++;
    } else if (writing == WITH_COLON && (peek(c, at) | 0x20) != 'z' && !ends(c, at)) {
        return false;
    }
    return add_clock(c, hour, minute, second, at, writing);
}

/* 18.30, 6.30 pm, 25.4., 25.4.2027; the second number is `digits` long and ends at `at`. */
static bool cut_dotted(struct cutter *c, int32_t first, size_t len, int32_t second, size_t digits)
{
    size_t at = len + 1 + digits;
    enum writing writing = WITH_COLON;
    if (peek(c, at) == '.') {
        return is_digit(peek(c, at + 1)) ? cut_slashed(c, first, len, '.')
                                         : add_date(c, 0, second, first, at + 1);
    }
    return digits == 2 && half_day_at(c, &at, &first, &writing) && ends(c, at) &&
           add_clock(c, first, second, 0, at, writing);
}

/* What digits are is told by what follows them, the most telling first: 2027-04-25, 18:00, 18.30 or
 * 25.4., 25/4, 6 pm, 3h, 3rd, and a number last.  What begins like one of them and does not end
 * like it is none (false): a guess would be dated. */
bool cut_number(struct cutter *c)
{
    int32_t value, next;
    size_t len = digits_at(c, 0, 4, &value), more;
    bool is_cut;
    if (!cut_position(c, &is_cut)) {
        return false;
    }
    if (is_cut || len == 0) {
        return is_cut;
    }
    char sign = peek(c, len);
    if (len == 4 && (sign == '-' || sign == '/')) {
        return cut_date(c, value, sign);
    }
    if (len <= 2 && sign == ':' && digits_at(c, len + 1, 2, &next) == 2) {
        return cut_clock(c, value, next, len + 3);
    }
    if (len <= 2 && sign == '.' && (more = digits_at(c, len + 1, 2, &next)) > 0) {
        return cut_dotted(c, value, len, next, more);
    }
    if (len <= 2 && (sign == '/' || (sign == '-' && is_digit(peek(c, len + 1))))) {
        size_t then = digits_at(c, len + 1, 2, &next);
        if (sign == '/' || (then > 0 && peek(c, len + 1 + then) == '-')) {
            return cut_slashed(c, value, len, sign);
        }
    }
    size_t at = len;
    enum writing writing = WITH_COLON;
    if (len <= 2 && !half_day_at(c, &at, &value, &writing)) {
        return false;
    }
    if (writing == WITH_HALF) {
        return add_clock(c, value, 0, 0, at, writing);
    }
    if (!cut_units(c, value, len, &is_cut)) {
        return false;
    }
    if (!is_cut && !cut_ordinal(c, value, len, &is_cut)) {
        return false;
    }
    if (is_cut) {
        return true;
    }
    if (!ends(c, len)) {
        return false;
    }
    c->at += len;
    return cut_add(c, (struct piece){.kind = PIECE_NUMBER, .n = value});
}

/* UTC+2, GMT-3: the zone's name has the other sign. */
bool cut_from_utc(struct cutter *c)
{
    int32_t hours;
    struct piece *last = c->count > 0 ? &c->out[c->count - 1] : NULL;
    size_t n = digits_at(c, 1, 2, &hours);
    if (last == NULL || last->kind != PIECE_WORD || strcmp(last->word, "utc") != 0 || n == 0 ||
        hours > 14 || !ends(c, 1 + n) || peek(c, 1 + n) == ':') {
        return false;
    }
    char sign = *c->at;
    *last = (struct piece){.kind = PIECE_ZONE};
    snprintf(last->zone, sizeof last->zone, "Etc/GMT%c%d", sign == '+' ? '-' : '+', hours);
    c->at += 1 + n;
    return true;
}
