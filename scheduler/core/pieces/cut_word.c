/* cut_word.c -- pieces that begin with a letter: the longest run of words that means something. */
#include <stdio.h>
#include <string.h>

#include "pieces/cutter.h"
#include "words/words.h"

enum { RUN_MAX = 6 };

/* What a table of phrases says of one: its first character tells the kind of piece, so that a
 * language's table stays one line a phrase and needs no column for what few of them have. */
static bool add_meaning(struct cutter *c, const char *means)
{
    const char *rest = means + 1;
    struct piece piece = {.kind = PIECE_WORD, .word = means};
    struct phrase_days days;
    const struct word *found;
    uint32_t weekdays = 0;
    int n = 0, minutes = 0;
    switch (*means) {
    case '#':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_NUMBER, .n = n, .is_spelled = true};
        break;
    case '~':
        sscanf(rest, "%d:%d", &n, &minutes);
        piece = (struct piece){
            .kind = PIECE_CLOCK, .seconds = n * 3600 + minutes * 60, .is_spoken = true};
        break;
    case '+':
        sscanf(rest, "%d", &minutes);
        piece = (struct piece){.kind = PIECE_SPAN, .seconds = minutes * 60};
        break;
    case '%':
        for (; *rest != '\0'; rest++) {
            weekdays |= 1U << (*rest - '0');
        }
        piece = weekdays_piece(weekdays);
        break;
    case '=':
    case '?':
    case '&':
        days = phrases_days(means);
        piece = (struct piece){.kind = PIECE_RULE, .word = days.readings, .ask = days.ask};
        piece.weekdays = days.ask == ASK_WEEKEND || days.ask == ASK_SATURDAY ? WORKDAYS : 0;
        break;
    case '^':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_ORDINAL, .n = n};
        break;
    case '*':
        sscanf(rest, "%d", &n);
        piece = (struct piece){.kind = PIECE_WEEKDAY, .n = n, .is_plural = true};
        break;
    case '@':
        piece = (struct piece){.kind = PIECE_ZONE};
        snprintf(piece.zone, sizeof piece.zone, "%s", rest);
        break;
    case '\0':
        return true;
    default:
        if (strncmp(means, "every ", 6) == 0) { /* every evening: of each day its evening */
            return cut_add(c, weekdays_piece(EVERY_DAY)) && cut_add(c, word_piece(means + 6));
        }
        if (strcmp(means, "around") == 0) {
            piece = (struct piece){.kind = PIECE_WORD, .word = "at", .is_rough = true};
        } else if (strcmp(means, "article") == 0) {
            piece = (struct piece){.kind = PIECE_NUMBER, .n = 1, .is_article = true};
        } else if ((found = words_find(WORD_SUN, means, strcspn(means, "|"), NULL)) != NULL) {
            piece.kind = PIECE_SUN;
            piece.n = found->value;
        } else if (words_find(WORD_EVENT, means, strlen(means), NULL) != NULL) {
            piece.kind = PIECE_EVENT;
        } else if ((found = words_find(WORD_WEEKDAY, means, strlen(means), NULL)) != NULL) {
            piece.kind = PIECE_WEEKDAY;
            piece.n = found->value;
        }
        break;
    }
    return cut_add(c, piece);
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
        *out = (struct piece){
            .kind = PIECE_SUN, .n = word->value, .word = words_name(WORD_SUN, word->value)};
    } else if ((word = words_find(WORD_MONTH_OF, text, len, NULL)) != NULL) {
        *out = (struct piece){.kind = PIECE_MONTH, .word = word->text};
    } else if ((word = words_find(WORD_CALENDAR, text, len, NULL)) != NULL ||
               (word = words_find(WORD_TERM, text, len, NULL)) != NULL) {
        *out = word_piece(word->text);
    } else {
        return false;
    }
    return true;
}

static bool find_weekday(enum language language, const char *at, const char *end, struct piece *out)
{
    size_t len = (size_t)(end - at);
    const char *means = phrases_find(language, at, len);
    const struct word *word = means != NULL ? words_find(WORD_WEEKDAY, means, strlen(means), NULL)
                                            : words_find(WORD_WEEKDAY, at, len, NULL);
    if (word == NULL) {
        return false;
    }
    *out = (struct piece){.kind = PIECE_WEEKDAY, .n = word->value};
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
            *out = word_piece(words[i]);
            return true;
        }
    }
    return false;
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
    return cut_add(c, piece);
}

/* l'eclissi, d'octobre, all'alba: what stands before the apostrophe is a word of its own. */
static bool cut_elision(struct cutter *c, const char *end)
{
    const char *at = c->at;
    end += end < c->end && *end == '\'' ? 1 : 0; /* all'8 novembre */
    while (at < end && *at != '\'' && (unsigned char)*at != 0xe2) {
        at++;
    }
    size_t mark = at == end ? 0 : *at == '\'' ? 1 : 3;
    if (mark == 0 || (size_t)(c->end - at) < mark + 1) {
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

/* Letters that several clocks go by, or one that others take for another: all that they may
 * mean. */
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
    size_t len = (size_t)(word_end(c->at, c->end) - c->at);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i][0]) == len && memcmp(known[i][0], c->at, len) == 0) {
            c->at += len;
            return cut_add(c, (struct piece){.kind = PIECE_ZONE, .word = known[i][1]});
        }
    }
    return false;
}

/* Whether a place is named here, by at most three words. */
static bool is_place_here(const struct cutter *c, const char *at)
{
    struct piece piece;
    const char *end = at;
    for (int words = 0; words < 3 && end < c->end && is_letter(*end); words++) {
        end = word_end(end, c->end);
        if (place_named(at, (size_t)(end - at), &piece) ||
            place_inflected(at, (size_t)(end - at), c->language, &piece)) {
            return true;
        }
        end = skip_blanks(end, c->end);
    }
    return false;
}

/* Piazza Maggiore, Plaza de Mayo, place du Capitole: what follows the word for such a place, up to
 * what means something else.  A rule keeps the city alone. */
static bool cut_venue(struct cutter *c)
{
    struct piece piece;
    bool is_of = false;
    const char *at = skip_blanks(c->at, c->end);
    for (int words = 0; words < 6 && at < c->end && is_letter(*at); words++) {
        const char *end = word_end(at, c->end);
        size_t len = (size_t)(end - at);
        const char *means = phrases_find(c->language, at, len);
        bool is_joint = means != NULL && (*means == '\0' || strcmp(means, "of") == 0);
        if (is_place_here(c, at) ||
            (!is_of && !is_joint &&
             (means != NULL || find_name(at, len, &piece) ||
              (c->language == LANGUAGE_EN && find_keyword(at, len, &piece))))) {
            break;
        }
        is_of = is_joint && *means != '\0';
        c->at = end;
        at = skip_blanks(end, c->end);
    }
    return cut_add(c, word_piece("venue"));
}

/* Nikolaikirche, Theaterplatz: the word for such a place at the end of its name. */
static bool is_venue_by_ending(const struct cutter *c, const char *end)
{
    static const char *const endings[] = {
        "platz",   "straße", "strasse", "kirche",  "markt",  "park",  "brücke", "bahnhof", "halle",
        "theater", "museum", "denkmal", "schloss", "garten", "allee", "ufer",   "haus",    "turm"};
    size_t len = (size_t)(end - c->at);
    for (size_t i = 0; i < sizeof endings / sizeof *endings && c->language == LANGUAGE_DE; i++) {
        size_t n = strlen(endings[i]);
        if (len > n + 1 && *c->at >= 'A' && *c->at <= 'Z' &&
            words_equal(end - n, n, endings[i], n)) {
            return true;
        }
    }
    return false;
}

/* Trafalgar Square: a name that is not known before the word for such a place. */
static bool cut_named_venue(struct cutter *c)
{
    struct piece piece;
    const char *at = c->at, *only = word_end(at, c->end);
    if (is_venue_by_ending(c, only)) {
        c->at = only;
        return cut_add(c, word_piece("venue"));
    }
    for (int words = 0; words < 3 && at < c->end && is_letter(*at); words++) {
        const char *end = word_end(at, c->end);
        const char *means = phrases_find(c->language, at, (size_t)(end - at));
        if (means != NULL || find_name(at, (size_t)(end - at), &piece)) {
            if (words == 0 || means == NULL || *means != '$') {
                return false;
            }
            c->at = end;
            return cut_add(c, word_piece("venue"));
        }
        at = skip_blanks(end, c->end);
    }
    return false;
}

/* Mon-Fri, lunedì-venerdì: two weekdays and the stroke between them. */
static bool cut_weekdays(struct cutter *c)
{
    const char *end = word_end(c->at, c->end), *stroke = memchr(c->at, '-', (size_t)(end - c->at));
    struct piece first, last;
    if (stroke == NULL || !find_weekday(c->language, c->at, stroke, &first) ||
        !find_weekday(c->language, stroke + 1, end, &last)) {
        return false;
    }
    c->at = end;
    return cut_add(c, first) && cut_add(c, (struct piece){.kind = PIECE_SIGN, .n = '-'}) &&
           cut_add(c, last);
}

/* The longest run of words wins, as "full moon" means more than "full"; but a run whose last word
 * begins the name of a city gives that word back.  Phrases come before names, names before places:
 * of namesakes the commoner meaning. */
bool cut_word(struct cutter *c)
{
    if (cut_abbreviation(c) || cut_weekdays(c)) {
        return true;
    }
    const char *end[RUN_MAX] = {c->at};
    size_t run = 0;
    const char *at = c->at;
    static const char and_sunday[] = "وأحد"; /* but for its hamza it is "one" */
    if (c->language == LANGUAGE_AR && (size_t)(word_end(at, c->end) - at) == strlen(and_sunday) &&
        memcmp(at, and_sunday, strlen(and_sunday)) == 0) {
        c->at += 2;
        return cut_add(c, word_piece("and"));
    }
    while (run < RUN_MAX && at < c->end && is_letter(*at)) {
        at = word_end(at, c->end);
        end[run++] = at;
        while (at < c->end &&
               (*at == ' ' || *at == '.' || (*at == '-' && at + 1 < c->end && at[1] == ' '))) {
            at++; /* Buß- und Bettag */
        }
    }
    for (size_t words = run; run > 0; run--) {
        if (run < words && run > 1 && place_begins(c->at, end[run - 1], end[run])) {
            continue;
        }
        size_t len = (size_t)(end[run - 1] - c->at);
        struct piece piece;
        const char *means = phrases_find(c->language, c->at, len);
        bool is_place = false;
        if (means != NULL) {
            c->at = end[run - 1];
            bool is_shortened = peek(c, 0) == '.' && (peek(c, 1) == ' ' || peek(c, 1) == '\0');
            c->at += is_shortened ? 1 : 0; /* godz. 19 */
            if (*means == '$') {
                return cut_venue(c);
            }
            return add_meaning(c, means);
        }
        if (!find_name(c->at, len, &piece) &&
            !(c->language == LANGUAGE_EN && find_keyword(c->at, len, &piece))) {
            is_place =
                place_named(c->at, len, &piece) || place_country(c->at, len, c->language, &piece);
            if (!is_place && !place_inflected(c->at, len, c->language, &piece)) {
                const char *far =
                    run == 1 ? place_end(c->at, end[0], c->end, c->language, &piece) : NULL;
                if (far == NULL) {
                    continue;
                }
                c->at = far;
                return cut_add(c, piece);
            }
        }
        const char *far =
            is_place ? place_end(c->at, end[run - 1], c->end, c->language, &piece) : NULL;
        if (far == NULL && piece.kind == PIECE_PLACE) {
            place_doubt_namesake(c->at, len, c->language, &piece);
            place_doubt_inflected(c->at, len, c->language, &piece);
        }
        c->at = far != NULL ? far : end[run - 1];
        return cut_add(c, piece);
    }
    if (c->language == LANGUAGE_AR && end[0] - c->at > 4 && memcmp(c->at, "و", 2) == 0) {
        c->at += 2; /* وخميس: "and" is written together with the next word */
        return cut_add(c, word_piece("and"));
    }
    return cut_zone(c, end[0]) || cut_elision(c, end[0]) || cut_named_venue(c);
}
