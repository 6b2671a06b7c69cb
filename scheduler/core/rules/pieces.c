#include "rules/pieces.h"

#include <stdio.h>
#include <string.h>

#include "words/words.h"

enum { RUN_MAX = 6 };

struct cutter {
    const char *at, *end;
    enum language language;
    struct piece *out;
    size_t count;
    bool is_stamp; /* a clock follows its date's T */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char peek(const struct cutter *c, size_t ahead)
{
    return (size_t)(c->end - c->at) > ahead ? c->at[ahead] : '\0';
}

static bool add(struct cutter *c, struct piece piece)
{
    if (c->count + 1 >= PIECES_MAX) {
        return false;
    }
    c->out[c->count++] = piece;
    return true;
}

static bool add_word(struct cutter *c, const char *word)
{
    return add(c, (struct piece){.kind = PIECE_WORD, .word = word});
}

/* --- numbers, clocks and dates ------------------------------------------------------------------
 */

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
        return add_word(c, "utc");
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
    return hours == 0 ? add_word(c, "utc") : add(c, zone);
}

static bool add_clock(struct cutter *c, int32_t hour, int32_t minute, int32_t second, size_t len,
                      bool is_h)
{
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    c->at += len;
    return add(c, (struct piece){.kind = PIECE_CLOCK,
                                 .seconds = hour * 3600 + minute * 60 + second,
                                 .is_h_clock = is_h}) &&
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
    return add(c, piece);
}

/* 03/04/2027, 03/04: which is the day? */
static bool cut_slashed(struct cutter *c, int32_t first, size_t len, char sign)
{
    int32_t second, year = 0;
    size_t more = digits_at(c, len + 1, 2, &second), at = len + 1 + more;
    if (more == 0) {
        return false;
    }
    if (peek(c, at) == sign) {
        if (digits_at(c, at + 1, 4, &year) != 4) {
            return false;
        }
        at += 5;
    }
    if (!ends(c, at) || first > 31 || second > 31) {
        return false;
    }
    if (second > 12) {
        return add_date(c, year, first, second, at);
    }
    if (first > 12 || first == second || sign == '.') {
        return add_date(c, year, second, first, at);
    }
    c->at += at;
    return add(c, (struct piece){.kind = PIECE_DATES,
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
            return more == 2 && add_clock(c, value, minutes, 0, at, true);
        }
        c->at += at;
        return add(c, (struct piece){.kind = PIECE_SPAN, .seconds = value * 3600 + minutes * 60});
    }
    if (unit == 'h' && ends(c, len + 1)) {
        if (value > 23) {
            c->at += len + 1;
            return add(c, (struct piece){.kind = PIECE_SPAN, .seconds = value * 3600});
        }
        return add_clock(c, value, 0, 0, len + 1, true);
    }
    if ((unit == 'm' || unit == 's') &&
        (ends(c, len + 1) ||
         (unit == 'm' && peek(c, len + 1) == 'i' && peek(c, len + 2) == 'n' && ends(c, len + 3)))) {
        c->at += len + (ends(c, len + 1) ? 1 : 3);
        return add(c,
                   (struct piece){.kind = PIECE_SPAN, .seconds = value * (unit == 'm' ? 60 : 1)});
    }
    *is_cut = false;
    return true;
}

/* 8pm, 8p.m. */
static size_t half_day_at(const struct cutter *c, size_t at, bool *is_pm)
{
    char half = (char)(peek(c, at) | 0x20);
    size_t dot = peek(c, at + 1) == '.' ? 1 : 0;
    if ((half != 'a' && half != 'p') || (peek(c, at + 1 + dot) | 0x20) != 'm' ||
        !ends(c, at + 2 + dot)) {
        return 0;
    }
    *is_pm = half == 'p';
    return 2 + dot + (dot > 0 && peek(c, at + 2 + dot) == '.' ? 1 : 0);
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
        if ((size_t)(c->end - c->at) >= len + n && words_equal(c->at + len, n, endings[i], n) &&
            ends(c, len + n)) {
            *is_cut = true;
            c->at += len + n;
            return add(c, (struct piece){.kind = PIECE_ORDINAL, .n = value});
        }
    }
    if (peek(c, len) == '.' && !is_digit(peek(c, len + 1))) {
        *is_cut = true;
        c->at += len + 1;
        return add(c, (struct piece){.kind = PIECE_ORDINAL, .n = value});
    }
    return true;
}

static bool cut_position(struct cutter *c, bool *is_cut)
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
    return add(c, piece);
}

static bool cut_number(struct cutter *c)
{
    int32_t value, minute, second = 0;
    size_t len = digits_at(c, 0, 4, &value), more;
    bool is_cut, is_pm = false;
    if (!cut_position(c, &is_cut)) {
        return false;
    }
    if (is_cut) {
        return true;
    }
    if (len == 0) {
        return false;
    }
    char sign = peek(c, len);
    if (len == 4 && (sign == '-' || sign == '/')) {
        int32_t month = 0, day = 0;
        size_t months = digits_at(c, 5, 2, &month), at = 5 + months;
        size_t days = months > 0 && peek(c, at) == sign ? digits_at(c, at + 1, 2, &day) : 0;
        if (days == 0 || !add_date(c, value, month, day, at + 1 + days)) {
            return false;
        }
        if ((peek(c, 0) | 0x20) == 't' && is_digit(peek(c, 1))) {
            c->at++;
            c->is_stamp = true;
        }
        return ends(c, 0) || is_digit(peek(c, 0));
    }
    if (len <= 2 && sign == ':' && digits_at(c, len + 1, 2, &minute) == 2) {
        size_t at = len + 3;
        if (peek(c, at) == ':' && digits_at(c, at + 1, 2, &second) == 2) {
            at += 3;
        }
        size_t half = half_day_at(c, at, &is_pm);
        if (half > 0 && (value < 1 || value > 12)) {
            return false;
        }
        value = half == 0 ? value : value % 12 + (is_pm ? 12 : 0);
        if (half == 0 && !ends(c, at) && (peek(c, at) | 0x20) != 'z' &&
            (peek(c, at) | 0x20) != 'h') {
            return false;
        }
        at += half == 0 && (peek(c, at) | 0x20) == 'h' ? 1 : 0;
        return add_clock(c, value, minute, second, at + half, false);
    }
    if (len <= 2 && sign == '.' && (more = digits_at(c, len + 1, 2, &minute)) > 0) {
        size_t at = len + 1 + more;
        bool is_date = peek(c, at) == '.';
        if (is_date && is_digit(peek(c, at + 1))) {
            return cut_slashed(c, value, len, '.');
        }
        if (is_date) { /* 1.5. */
            return add_date(c, 0, minute, value, at + 1);
        }
        size_t half = half_day_at(c, at, &is_pm);
        if (more != 2 || (half > 0 && (value < 1 || value > 12))) {
            return false;
        }
        value = half == 0 ? value : value % 12 + (is_pm ? 12 : 0);
        return ends(c, at + half) && add_clock(c, value, minute, 0, at + half, false);
    }
    if (len <= 2 && (sign == '/' || (sign == '-' && is_digit(peek(c, len + 1))))) {
        size_t then = digits_at(c, len + 1, 2, &minute);
        if (sign == '/' || (then > 0 && peek(c, len + 1 + then) == '-')) {
            return cut_slashed(c, value, len, sign);
        }
    }
    size_t half = len <= 2 ? half_day_at(c, len, &is_pm) : 0;
    if (half > 0) {
        return value >= 1 && value <= 12 &&
               add_clock(c, value % 12 + (is_pm ? 12 : 0), 0, 0, len + half, false);
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
    return add(c, (struct piece){.kind = PIECE_NUMBER, .n = value});
}

/* --- words --------------------------------------------------------------------------------------
 */

static bool is_word_inner(const char *at, const char *end, bool is_zone)
{
    char next = at + 1 < end ? at[1] : '\0';
    return is_letter(*at) || *at == '_' || *at == '/' ||
           ((*at == '-' || *at == '\'' || *at == '.') && is_letter(next)) ||
           (is_zone && (is_digit(*at) || *at == '+' || *at == '-'));
}

static const char *end_of_word(const char *at, const char *end)
{
    bool is_zone = false;
    while (at < end && is_word_inner(at, end, is_zone)) {
        is_zone = is_zone || *at == '/';
        at++;
    }
    return at;
}

static bool add_meaning(struct cutter *c, const char *means)
{
    const char *rest = means + 1;
    struct piece piece = {.kind = PIECE_WORD, .word = means};
    int n = 0;
    switch (*means) {
    case '#':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_NUMBER, .n = n};
        break;
    case '^':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_ORDINAL, .n = n};
        break;
    case '*':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_WEEKDAY, .n = n, .is_plural = true};
        break;
    case '=':
        piece = (struct piece){.kind = PIECE_RULE, .word = rest};
        break;
    case '@':
        piece = (struct piece){.kind = PIECE_ZONE};
        snprintf(piece.zone, sizeof piece.zone, "%s", rest);
        break;
    case '\0':
        return true;
    default:
        if (strcmp(means, "article") == 0) {
            piece = (struct piece){.kind = PIECE_NUMBER, .n = 1, .is_article = true};
        } else if (words_find(WORD_SUN, means, strlen(means), NULL) != NULL) {
            piece.kind = PIECE_SUN;
        } else if (words_find(WORD_EVENT, means, strlen(means), NULL) != NULL) {
            piece.kind = PIECE_EVENT;
        }
        break;
    }
    return add(c, piece);
}

/* A word of the tables that all languages share. */
static bool find_name(const char *text, size_t len, struct piece *out)
{
    const struct word *word;
    if ((word = words_find(WORD_MONTH, text, len, NULL)) != NULL) {
        bool is_doubtful = words_find(WORD_MONTH_OF, text, len, NULL) != NULL &&
                           words_find(WORD_MONTH_OF, text, len, NULL)->value / 100 != 1;
        *out = is_doubtful
                   ? (struct piece){.kind = PIECE_MONTH,
                                    .n = -word->value,
                                    .word = words_find(WORD_MONTH_OF, text, len, NULL)->text}
                   : (struct piece){.kind = PIECE_MONTH, .n = word->value};
    } else if ((word = words_find(WORD_WEEKDAY, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_WEEKDAY, .n = word->value};
    } else if ((word = words_find(WORD_EVENT, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_EVENT, .word = words_name(WORD_EVENT, word->value)};
    } else if ((word = words_find(WORD_SUN, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_SUN, .word = words_name(WORD_SUN, word->value)};
    } else if ((word = words_find(WORD_MONTH_OF, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_MONTH, .word = word->text};
    } else if ((word = words_find(WORD_CALENDAR, text, len, NULL)) != NULL ||
               (word = words_find(WORD_TERM, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_WORD, .word = word->text};
    } else {
        return false;
    }
    return true;
}

/* Words of the grammar that no table holds: the reader knows them in English. */
static bool find_keyword(const char *text, size_t len, struct piece *out)
{
    static const char *const words[] = {
        "total",      "partial",  "annular", "hybrid",   "penumbral", "weekend",
        "containing", "lunation", "working", "iso",      "if",        "then",
        "skip",       "only",     "minus",   "blue",     "moon",      "season",
        "seasonal",   "else",     "leap",    "lunations"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words_equal(text, len, words[i], strlen(words[i]))) {
            *out = (struct piece){.kind = PIECE_WORD, .word = words[i]};
            return true;
        }
    }
    return false;
}

static bool give_place(const char *text, size_t len, struct piece *out)
{
    struct place place;
    enum places_answer answer = places_find(text, len, &place);
    if (answer == PLACES_SEVERAL && len < sizeof out->name) {
        *out = (struct piece){.kind = PIECE_PLACE, .is_doubtful = true};
        memcpy(out->name, text, len);
        return true;
    }
    if (answer != PLACES_FOUND) {
        return false;
    }
    *out = (struct piece){.kind = PIECE_PLACE};
    places_write(&place, out->name);
    memcpy(out->zone, place.zone, sizeof out->zone);
    return true;
}

/* A city in the case that follows "in": w Krakowie, у Києві. */
static bool find_inflected(const char *text, size_t len, enum language language, struct piece *out)
{
    static const struct {
        enum language language;
        const char *ending, *nominative;
    } cases[] = {
        {LANGUAGE_UK, "єві", "їв"},  {LANGUAGE_UK, "ові", "ів"},  {LANGUAGE_UK, "еві", "ів"},
        {LANGUAGE_UK, "зі", "га"},   {LANGUAGE_UK, "ці", "ця"},   {LANGUAGE_UK, "ці", "ка"},
        {LANGUAGE_UK, "жжі", "жжя"}, {LANGUAGE_UK, "рі", "ро"},   {LANGUAGE_UK, "і", "а"},
        {LANGUAGE_UK, "і", "ь"},     {LANGUAGE_UK, "і", ""},      {LANGUAGE_UK, "ому", "е"},
        {LANGUAGE_UK, "ах", "и"},    {LANGUAGE_UK, "ку", "к"},    {LANGUAGE_UK, "у", ""},
        {LANGUAGE_UK, "ові", ""},    {LANGUAGE_UK, "ові", "ов"},  {LANGUAGE_PL, "ie", "a"},
        {LANGUAGE_PL, "owie", "ów"}, {LANGUAGE_PL, "ie", ""},     {LANGUAGE_PL, "iu", ""},
        {LANGUAGE_PL, "u", ""},      {LANGUAGE_PL, "zi", "z"},    {LANGUAGE_PL, "ach", "e"},
        {LANGUAGE_PL, "ach", "y"},   {LANGUAGE_PL, "dze", "ga"},  {LANGUAGE_PL, "cie", "t"},
        {LANGUAGE_PL, "ycie", "yt"}, {LANGUAGE_PL, "i", "a"},     {LANGUAGE_PL, "rze", "r"},
        {LANGUAGE_PL, "imiu", "im"}, {LANGUAGE_PL, "cy", "ca"},   {LANGUAGE_PL, "rku", "rk"},
        {LANGUAGE_PL, "niu", "ń"},   {LANGUAGE_PL, "inie", "in"}, {LANGUAGE_PL, "zie", "d"},
        {LANGUAGE_DE, "er", ""},
    };
    bool found = false;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].ending);
        char name[RULE_NAME_SIZE];
        struct piece piece;
        if (cases[i].language != language || len <= n + 2 || len >= sizeof name - 8 ||
            !words_equal(text + len - n, n, cases[i].ending, n)) {
            continue;
        }
        int used = snprintf(name, sizeof name, "%.*s%s", (int)(len - n), text, cases[i].nominative);
        if (!give_place(name, (size_t)used, &piece)) {
            continue;
        }
        if (found && strcmp(piece.name, out->name) != 0) {
            return false; /* two cities: say it in the nominative */
        }
        *out = piece;
        found = true;
    }
    return found;
}

/* A country whose clocks are all alike. */
static bool find_country(const char *text, size_t len, struct piece *out)
{
    char country[3];
    struct place place;
    size_t cursor = 0;
    if (len < 3 || !places_find_country(text, len, country)) {
        return false;
    }
    *out = (struct piece){.kind = PIECE_ZONE};
    while (places_next(&cursor, &place)) {
        if (strcmp(place.country, country) != 0) {
            continue;
        }
        if (out->zone[0] != '\0' && strcmp(out->zone, place.zone) != 0) {
            return false;
        }
        memcpy(out->zone, place.zone, sizeof out->zone);
    }
    return out->zone[0] != '\0';
}

/* "Athens, Georgia": the parts after a comma belong to the name where a place is called so. */
static const char *end_of_place(const char *from, const char *end, const char *limit,
                                struct piece *out)
{
    const char *best = NULL;
    struct piece piece;
    for (int parts = 0; parts < 2; parts++) {
        const char *at = end;
        while (at < limit && *at == ' ') {
            at++;
        }
        if (at == limit || *at != ',') {
            break;
        }
        do {
            at++;
        } while (at < limit && *at == ' ');
        const char *part = at;
        for (int words = 0; words < 3 && at < limit && is_letter(*at); words++) {
            end = end_of_word(at, limit);
            char country[3];
            struct place itself;
            bool is_city = !places_find_country(part, (size_t)(end - part), country) &&
                           places_find(part, (size_t)(end - part), &itself) != PLACES_NONE;
            if (!is_city && give_place(from, (size_t)(end - from), &piece)) {
                *out = piece;
                best = end;
            }
            at = end;
            while (at < limit && *at == ' ') {
                at++;
            }
        }
        end = best != NULL ? best : end;
        if (best == NULL) {
            break;
        }
    }
    return best;
}

static bool cut_zone(struct cutter *c, const char *end)
{
    struct piece piece = {.kind = PIECE_ZONE};
    size_t len = (size_t)(end - c->at);
    if (memchr(c->at, '/', len) == NULL || len >= sizeof piece.zone) {
        return false;
    }
    memcpy(piece.zone, c->at, len);
    c->at = end;
    return add(c, piece);
}

/* l'eclissi, d'octobre, all'alba: what stands before the apostrophe is a word of its own. */
static bool cut_elision(struct cutter *c, const char *end)
{
    const char *at = c->at;
    while (at < end && *at != '\'' && (unsigned char)*at != 0xe2) {
        at++;
    }
    size_t mark = at == end ? 0 : *at == '\'' ? 1 : 3;
    if (mark == 0 || (size_t)(end - at) < mark + 1) {
        return false;
    }
    char prefix[16];
    int n = snprintf(prefix, sizeof prefix, "%.*s'", (int)(at - c->at), c->at);
    const char *means =
        (size_t)n < sizeof prefix ? phrases_find(c->language, prefix, (size_t)n) : NULL;
    if (means == NULL || !add_meaning(c, means)) {
        return false;
    }
    c->at = at + mark;
    return true;
}

/* Letters that several clocks go by, or one that others take for another: all that they may mean.
 */
static bool cut_abbreviation(struct cutter *c)
{
    static const char *const known[][2] = {
        {"CET", "Etc/GMT-1|Europe/Berlin"},
        {"CEST", "Etc/GMT-2|Europe/Berlin"},
        {"MEZ", "Etc/GMT-1|Europe/Berlin"},
        {"MESZ", "Etc/GMT-2|Europe/Berlin"},
        {"EET", "Etc/GMT-2|Europe/Athens"},
        {"EEST", "Etc/GMT-3|Europe/Athens"},
        {"WET", "UTC|Europe/Lisbon"},
        {"WEST", "Etc/GMT-1|Europe/Lisbon"},
        {"MSK", "Etc/GMT-3|Europe/Moscow"},
        {"BST", "Europe/London|Asia/Dhaka"},
        {"IST", "Asia/Kolkata|Asia/Jerusalem|Europe/Dublin"},
        {"JST", "Etc/GMT-9|Asia/Tokyo"},
        {"CST", "Etc/GMT+6|America/Chicago|Asia/Shanghai"},
        {"CDT", "Etc/GMT+5|America/Chicago"},
        {"EST", "Etc/GMT+5|America/New_York"},
        {"EDT", "Etc/GMT+4|America/New_York"},
        {"ET", "Etc/GMT+5|America/New_York"},
        {"MST", "Etc/GMT+7|America/Denver"},
        {"MDT", "Etc/GMT+6|America/Denver"},
        {"MT", "Etc/GMT+7|America/Denver"},
        {"PST", "Etc/GMT+8|America/Los_Angeles"},
        {"PDT", "Etc/GMT+7|America/Los_Angeles"},
        {"PT", "Etc/GMT+8|America/Los_Angeles"},
        {"CT", "Etc/GMT+6|America/Chicago"},
        {"AST", "Etc/GMT+4|America/Halifax|Asia/Riyadh"},
        {"HST", "Etc/GMT+10|Pacific/Honolulu"},
        {"AEST", "Etc/GMT-10|Australia/Sydney"},
        {"AEDT", "Etc/GMT-11|Australia/Sydney"},
    };
    size_t len = (size_t)(end_of_word(c->at, c->end) - c->at);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i][0]) == len && memcmp(known[i][0], c->at, len) == 0) {
            c->at += len;
            return add(c, (struct piece){.kind = PIECE_ZONE, .word = known[i][1]});
        }
    }
    return false;
}

/* "en La Habana": whether the last word of a phrase begins the name of a city. */
static bool begins_place(const char *from, const char *phrase_end, const char *end)
{
    struct piece place;
    const char *at = phrase_end;
    while (at > from && at[-1] != ' ') {
        at--;
    }
    return at > from && end > phrase_end && give_place(at, (size_t)(end - at), &place);
}

static bool cut_word(struct cutter *c)
{
    if (cut_abbreviation(c)) {
        return true;
    }
    const char *end[RUN_MAX] = {c->at};
    size_t run = 0;
    const char *at = c->at;
    while (run < RUN_MAX && at < c->end && is_letter(*at)) {
        at = end_of_word(at, c->end);
        end[run++] = at;
        while (at < c->end && (*at == ' ' || (*at == '.' && run > 0))) {
            at++;
        }
    }
    for (size_t words = run; run > 0; run--) {
        if (run < words && run > 1 && begins_place(c->at, end[run - 1], end[run])) {
            continue;
        }
        size_t len = (size_t)(end[run - 1] - c->at);
        struct piece piece;
        const char *means = phrases_find(c->language, c->at, len);
        bool is_place = false;
        if (means != NULL) {
            c->at = end[run - 1];
            return add_meaning(c, means);
        }
        if (!find_name(c->at, len, &piece) &&
            !(c->language == LANGUAGE_EN && find_keyword(c->at, len, &piece))) {
            is_place = give_place(c->at, len, &piece) || find_country(c->at, len, &piece);
            if (!is_place && !(run == 1 && find_inflected(c->at, len, c->language, &piece))) {
                const char *far = run == 1 ? end_of_place(c->at, end[0], c->end, &piece) : NULL;
                if (far == NULL) {
                    continue;
                }
                c->at = far;
                return add(c, piece);
            }
        }
        const char *far = is_place ? end_of_place(c->at, end[run - 1], c->end, &piece) : NULL;
        c->at = far != NULL ? far : end[run - 1];
        return add(c, piece);
    }
    return cut_zone(c, end[0]) || cut_elision(c, end[0]);
}

/* UTC+2, GMT-3: the zone's name has the other sign. */
static bool cut_from_utc(struct cutter *c)
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

bool pieces_read(const char *text, size_t len, enum language language,
                 struct piece out[static PIECES_MAX])
{
    struct cutter c = {.at = text, .end = text + len, .language = language, .out = out};
    while (c.at < c.end) {
        bool is_cut, ok;
        if (*c.at == ' ') {
            c.at++;
            continue;
        }
        if (is_digit(*c.at)) {
            ok = cut_number(&c);
        } else if (is_letter(*c.at)) {
            ok = cut_word(&c);
        } else if (*c.at == '-' && is_digit(peek(&c, 1)) && cut_position(&c, &is_cut) && is_cut) {
            ok = true;
        } else if ((*c.at == '+' || *c.at == '-') && cut_from_utc(&c)) {
            ok = true;
        } else {
            ok = strchr(",.;()-+", *c.at) != NULL &&
                 add(&c, (struct piece){.kind = PIECE_SIGN, .n = (unsigned char)*c.at});
            c.at++;
        }
        if (!ok) {
            return false;
        }
    }
    out[c.count] = (struct piece){.kind = PIECE_END};
    return c.count > 0;
}
