#include "rules/scan.h"

#include <string.h>
#include <strings.h>

#include "instants/stamp.h"
#include "words/letter.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A word keeps - and ' between letters; once it has a slash it is a zone's name and keeps more. */
static size_t word_length(const char *text, size_t len)
{
    bool is_zone = false;
    size_t i = 0;
    for (; i < len; i++) {
        char c = text[i];
        bool is_inner = i > 0 && i + 1 < len && is_letter(text[i + 1]);
        if (c == '/' && is_inner) {
            is_zone = true;
        } else if (!is_letter(c) && !((c == '-' || c == '\'') && is_inner) && c != '_' &&
                   !(is_zone && (is_digit(c) || c == '+' || c == '-'))) {
            break;
        }
    }
    return i;
}

static bool ends_here(const char *text, size_t len, size_t at)
{
    return at >= len || (!is_letter(text[at]) && !is_digit(text[at]));
}

static int32_t leading_number(const char *text, size_t digits)
{
    int32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* "20:00", "9:30", "20:00:30" */
static bool scan_clock(const char *text, size_t len, struct token *out)
{
    size_t n = 0;
    while (n < len && (is_digit(text[n]) || text[n] == ':')) {
        n++;
    }
    char padded[9] = "0";
    size_t pad = n > 1 && text[1] == ':' ? 1 : 0;
    if (n + pad > 8 || n < 4) {
        return false;
    }
    memcpy(padded + pad, text, n);
    out->kind = stamp_read_time(padded, n + pad, &out->clock) ? TOKEN_CLOCK : TOKEN_BAD;
    out->len = n;
    return true;
}

/* 2027-04-25, perhaps with a time after it. */
static bool scan_date(const char *text, size_t len, struct token *out)
{
    if (len < 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    size_t n = 10;
    if (len > 10 && (text[10] == 'T' || text[10] == 't')) {
        while (n < len && !is_blank(text[n]) && text[n] != ',' && text[n] != ')') {
            n++;
        }
        out->kind = stamp_read(text, n, &out->at) ? TOKEN_INSTANT : TOKEN_BAD;
    } else {
        bool is_date = ends_here(text, len, 10) && stamp_read_date(text, 10, &out->date);
        out->kind = is_date ? TOKEN_DATE : TOKEN_BAD;
    }
    out->len = n;
    return true;
}

span scan_span(int32_t n, int32_t seconds)
{
    int64_t all = (int64_t)n * seconds, most = INT64_MAX / NS_PER_S;
    return (span){(all < most ? all : most) * NS_PER_S};
}

static bool scan_duration(const char *text, size_t len, size_t digits, struct token *out)
{
    static const struct {
        char unit;
        int32_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    if (digits >= len || digits > 7 || !ends_here(text, len, digits + 1)) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if ((text[digits] | 0x20) == units[i].unit) {
            out->kind = TOKEN_DURATION;
            out->is_days = units[i].unit == 'd';
            out->duration = scan_span(leading_number(text, digits), units[i].seconds);
            out->len = digits + 1;
            return true;
        }
    }
    return false;
}

static bool scan_ordinal(const char *text, size_t len, size_t digits, struct token *out)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < 4; i++) {
        if (digits + 2 <= len && strncasecmp(text + digits, endings[i], 2) == 0 &&
            ends_here(text, len, digits + 2)) {
            out->kind = TOKEN_ORDINAL;
            out->len = digits + 2;
            return true;
        }
    }
    return false;
}

static void scan_number(const char *text, size_t len, struct token *out)
{
    size_t digits = 0;
    while (digits < len && is_digit(text[digits])) {
        digits++;
    }
    out->kind = TOKEN_BAD;
    out->len = digits;
    if (digits == 4 && scan_date(text, len, out)) {
        return;
    }
    if (digits <= 2 && digits < len && text[digits] == ':' && scan_clock(text, len, out)) {
        return;
    }
    if (digits > 7) {
        return;
    }
    out->number = leading_number(text, digits);
    if (scan_duration(text, len, digits, out) || scan_ordinal(text, len, digits, out)) {
        return;
    }
    out->kind = TOKEN_NUMBER;
    if (digits < len && text[digits] == '.') {
        size_t fraction = 0;
        while (digits + 1 + fraction < len && is_digit(text[digits + 1 + fraction])) {
            fraction++;
        }
        /* "25." is how some languages write 25th */
        out->has_fraction = fraction > 0;
        for (size_t i = 0; i < 3; i++) {
            out->thousandth =
                out->thousandth * 10 + (i < fraction ? text[digits + 1 + i] - '0' : 0);
        }
        out->len = digits + 1 + fraction;
    }
    if (!ends_here(text, len, out->len)) {
        out->kind = TOKEN_BAD;
    }
}

static void scan_one(const char *text, size_t len, struct token *out)
{
    out->text = text;
    if (is_digit(*text)) {
        scan_number(text, len, out);
    } else if (is_letter(*text)) {
        out->kind = TOKEN_WORD;
        out->len = word_length(text, len);
    } else if (*text == '"') {
        const char *end = memchr(text + 1, '"', len - 1);
        out->kind = end != NULL && end > text + 1 ? TOKEN_QUOTED : TOKEN_BAD;
        out->len = end != NULL ? (size_t)(end - text) + 1 : len;
    } else {
        out->kind = memchr(",()[]+-%", *text, 8) != NULL ? TOKEN_SIGN : TOKEN_BAD;
        out->number = (unsigned char)*text;
        out->len = 1;
    }
}

bool scan(const char *text, size_t len, struct token out[static TOKENS_MAX], size_t *count)
{
    size_t at = 0, n = 0;
    for (;;) {
        while (at < len && is_blank(text[at])) {
            at++;
        }
        if (n == TOKENS_MAX) {
            return false;
        }
        out[n] = (struct token){.kind = TOKEN_END, .text = text + at};
        if (at == len) {
            *count = n + 1;
            return true;
        }
        scan_one(text + at, len - at, &out[n]);
        at += out[n].len;
        if (out[n].kind == TOKEN_QUOTED) {
            out[n].text++;
            out[n].len -= 2;
        }
        n++;
    }
}
