#include "rules/front.h"

#include <stdio.h>
#include <string.h>

#include "rules/sentence.h"
#include "rules/slots.h"
#include "rules/write.h"

/* The pieces of the line are put into slots -- what it selects, the time, where, how long, bounds
 * -- and the slots written as the reader likes them.  Where a slot has several readings, every
 * combination is read, and the line is asked back. */

/* The reading of one combination, into out; false: it is none. */
static bool read_combination(struct line *line, size_t select, size_t time, struct parser *p,
                             struct rule *rule, char out[static RULE_TEXT_SIZE])
{
    char text[RULE_TEXT_MAX + 1], length[40];
    line_say_length(line, length);
    const char *at = line->times.text[time];
    int n = snprintf(text, sizeof text, "%s%s%s%s%s", line->selected.text[select],
                     *at != '\0' ? " " : "", at, length, line->bounds);
    if (n <= 0 || (size_t)n >= sizeof text) {
        return false;
    }
    enum rule_result result = read_once(text, (size_t)n, p, rule);
    char *and = text;
    while (result != RULE_OK && p->is_never_both && (and = strstr(and, " and ")) != NULL) {
        /* what can never be both is meant as one or the other */
        memcpy(and, " or  ", 5);
        line->notice = "\"and\" asks for days on which both hold, and these never fall on one day: "
                       "read as \"or\"";
        result = read_once(text, (size_t)n, p, rule);
    }
    if (result == RULE_OK) {
        rule_write(rule, out);
    }
    return result == RULE_OK;
}

static bool arrange(struct line *line)
{
    if (!line_fill(line)) {
        return false;
    }
    bool is_whole = line_say_selected(line) && !(line->seconds != 0 && line->until >= 0);
    size_t len = strlen(line->selected.text[0]);
    if (strncmp(line->bounds, " since", 6) == 0 && len == 10 &&
        strspn(line->selected.text[0], "0123456789-") == len) {
        return false; /* one day, and since another: a stretch, perhaps */
    }
    if (is_whole) {
        line_doubt_day(line);
    }
    if (line->is_night) { /* when in the night? */
        line_ask(line, "which moment of the night?  Write a time, or sunset and a city");
    }
    return line_say_time(line) && (is_whole || (line->selects == 0 && line->question[0] != '\0'));
}

static enum front_answer answer(struct line *line, struct parser *p, struct rule *rule,
                                struct rule_error *error, bool is_told,
                                char first[static RULE_TEXT_SIZE])
{
    char text[RULE_TEXT_SIZE];
    size_t found = 0;
    struct rule_error told = {0};
    if (line->refusal[0] != '\0' && is_told) {
        return FRONT_UNKNOWN;
    }
    if (line->refusal[0] != '\0') {
        snprintf(told.message, sizeof told.message, "%s", line->refusal);
        *error = told;
        return FRONT_REFUSES;
    }
    for (size_t i = 0; i < line->selected.count; i++) {
        for (size_t k = 0; k < line->times.count; k++) {
            if (!read_combination(line, i, k, p, rule, text)) {
                continue;
            }
            if (found++ == 0) {
                memcpy(first, text, sizeof text);
            }
            size_t len = strlen(text);
            if (told.readings < RULE_READINGS_MAX && len < RULE_READING_SIZE) {
                memcpy(told.reading[told.readings++], text, len + 1);
            }
        }
    }
    if (found == 0 && p->has_failed && !is_told && line->question[0] == '\0') {
        memcpy(told.message, p->message, sizeof told.message); /* what cannot be in such a rule */
        *error = told;
        return FRONT_REFUSES;
    }
    if (found == 0 && (line->question[0] == '\0' || is_told)) {
        return FRONT_UNKNOWN;
    }
    if (line->question[0] == '\0') {
        return found == 1 ? FRONT_READ : FRONT_UNKNOWN;
    }
    told.is_question = true;
    snprintf(told.message, sizeof told.message, "%s", line->question);
    *error = told;
    return FRONT_ASKS;
}

/* Digits of other scripts, dashes, quotation marks and blanks as ASCII has them. */
static size_t make_plain(const char *text, size_t len, char out[static RULE_TEXT_MAX + 1])
{
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        unsigned char a = (unsigned char)text[i], b = i + 1 < len ? (unsigned char)text[i + 1] : 0,
                      c = i + 2 < len ? (unsigned char)text[i + 2] : 0;
        char plain = '\0';
        size_t size = a >= 0xe0 ? 3 : 2;
        if (a == 0xd9 && b >= 0xa0 && b <= 0xa9) {
            plain = (char)('0' + b - 0xa0); /* Arabic */
        } else if (a == 0xdb && b >= 0xb0 && b <= 0xb9) {
            plain = (char)('0' + b - 0xb0); /* Persian */
        } else if (a == 0xef && b == 0xbc && c >= 0x90 && c <= 0x99) {
            plain = (char)('0' + c - 0x90); /* full width */
        } else if (a == 0xe2 && b == 0x80 && (c == 0x93 || c == 0x94 || c == 0x91)) {
            plain = '-';
        } else if (a == 0xe2 && b == 0x80 && (c == 0x99 || c == 0x98)) {
            plain = '\'';
        } else if (a == 0xd8 && b == 0x8c) {
            plain = ',';
        } else if (a == 0xc2 && b == 0xa0) {
            plain = ' ';
        } else if (a == 0xe2 && b == 0x80 && c == 0xaf) {
            plain = ' ';
        } else {
            plain = a == '\t' || a == '\n' || a == '\r' ? ' ' : text[i];
            size = 1;
        }
        out[used++] = plain;
        i += size;
    }
    out[used] = '\0';
    return used;
}

static enum front_answer read_in(const char *text, size_t len, enum language language,
                                 struct parser *p, struct rule *rule, struct rule_error *error,
                                 bool is_told, char first[static RULE_TEXT_SIZE], size_t *reached,
                                 const char **notice)
{
    char heard[RULE_TEXT_SIZE];
    if (sentence_hear(text, len, language, heard) &&
        read_once(heard, strlen(heard), p, rule) == RULE_OK) {
        rule_write(rule, first);
        return FRONT_READ;
    }
    struct piece piece[PIECES_MAX];
    struct line line = {.piece = piece, .language = language, .until = -1};
    if (!pieces_read(text, len, language, piece, reached)) {
        return FRONT_UNKNOWN;
    }
    pieces_join(piece);
    if (!arrange(&line)) {
        return FRONT_UNKNOWN;
    }
    enum front_answer is = answer(&line, p, rule, error, is_told, first);
    *notice = line.notice;
    return is;
}

/* The word at which reading stopped, and how many characters are before it. */
static void keep_trouble(const char *text, size_t len, size_t reached, enum language language,
                         struct front_trouble *trouble)
{
    size_t end = reached;
    while (end < len && text[end] != ' ' && text[end] != ',' && end - reached < 40) {
        end++;
    }
    while (end < len && (text[end] & 0xc0) == 0x80) {
        end++; /* a whole character */
    }
    *trouble = (struct front_trouble){.language = language, .is_all = reached == len};
    snprintf(trouble->word, sizeof trouble->word, "%.*s", (int)(end - reached), text + reached);
    for (size_t i = 0; i < reached; i++) {
        trouble->reached += (text[i] & 0xc0) == 0x80 ? 0 : 1;
    }
}

enum front_answer front_read(const char *text, size_t len, struct parser *p, struct rule *rule,
                             struct rule_error *error, struct front_trouble *trouble)
{
    size_t farthest = 0;
    const char *notice = NULL;
    *trouble = (struct front_trouble){.language = LANGUAGE_EN};
    char plain[RULE_TEXT_MAX + 1], line[RULE_TEXT_SIZE], other[RULE_TEXT_SIZE];
    if (len > RULE_TEXT_MAX) {
        return FRONT_UNKNOWN;
    }
    bool is_told = p->has_failed; /* the reader knows what is wrong */
    len = make_plain(text, len, plain);
    enum front_answer best = FRONT_UNKNOWN;
    for (int language = 0; language < LANGUAGES; language++) {
        struct rule_error told;
        size_t reached = 0;
        const char *noted = NULL;
        enum front_answer is = read_in(plain, len, (enum language)language, p, rule, &told, is_told,
                                       other, &reached, &noted);
        if (reached > farthest) {
            farthest = reached;
            keep_trouble(plain, len, reached, (enum language)language, trouble);
        }
        if (is == FRONT_READ && best == FRONT_READ && strcmp(line, other) != 0) {
            *error = (struct rule_error){.is_question = true, .readings = 2};
            snprintf(error->message, sizeof error->message,
                     "two languages read this line differently");
            snprintf(error->reading[0], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, line);
            snprintf(error->reading[1], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, other);
            return FRONT_ASKS;
        }
        if (is < best) {
            best = is;
            if (is == FRONT_READ) {
                notice = noted;
                memcpy(line, other, sizeof line);
            } else {
                *error = told;
            }
        }
        if (best != FRONT_UNKNOWN && language == LANGUAGE_EN) {
            break; /* English first, and whole */
        }
    }
    if (best == FRONT_READ && read_once(line, strlen(line), p, rule) != RULE_OK) {
        return FRONT_UNKNOWN;
    }
    rule->notice = best == FRONT_READ ? notice : NULL;
    return best;
}
