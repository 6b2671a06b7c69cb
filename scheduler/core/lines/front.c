#include "lines/front.h"

#include <stdio.h>
#include <string.h>

#include "lines/line.h"
#include "rules/write.h"
#include "sentences/sentences.h"
#include "text/text.h"
#include "words/asks.h"
#include "words/words.h"

/* The pieces of the line are put into slots -- what it selects, the time,
 * where, how long, bounds
 * -- and the slots written as the reader likes them.  Where a slot has several
 * readings, every combination is read, and the line is asked back. */

/* A line that is read in one language, and what comes of it. */
struct attempt {
    const char *text;
    size_t len;
    enum language language;
    struct parser *p;
    struct rule *rule;
    bool is_told;              /* the reader knows what is wrong */
    struct rule_error error;   /* of questions and refusals */
    char line[RULE_TEXT_SIZE]; /* of FRONT_READ, the canonical one */
    size_t reached;            /* where what has no meaning begins */
    const char *notice;
    struct piece namesake; /* a place of which several are called so, for which it is refused */
};

/* The reading of one combination, into out; false: it is none. */
static bool read_combination(struct line *line, size_t select, size_t time, struct parser *p,
                             struct rule *rule, char out[static RULE_TEXT_SIZE])
{
    char text[RULE_TEXT_MAX + 1], length[40], bounds[BOUNDS_SIZE];
    line_say_length(line, length);
    line_say_bounds(line, bounds);
    const char *at = line->times.text[time];
    int n = snprintf(text, sizeof text, "%s%s%s%s%s", line->selected.text[select],
                     *at != '\0' ? " " : "", at, length, bounds);
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
    if (line->bounds.count > 0 && line->bounds.bound[0].kind == BOUND_SINCE && len == 10 &&
        strspn(line->selected.text[0], "0123456789-") == len) {
        return false; /* one day, and since another: a stretch, perhaps */
    }
    if (line->is_night && line->has_clock && line->clock < 6 * 3600) {
        line->is_night_hour = true; /* у ніч на 26 квітня о 1:23 */
        line->is_night = false;
    }
    if (is_whole) {
        line_doubt_day(line);
    }
    if (line->is_night) { /* when in the night? */
        line_ask(line, "which moment of the night?  Write a time, or sunset and a city");
    }
    return line_say_time(line) && (is_whole || (line->selects == 0 && line->question[0] != '\0'));
}

/* Every combination of what the slots may mean is written as a canonical line and read by the
 * strict reader: what it refuses is no reading.  One that is left is the rule, but never where a
 * question was raised on the way; then all that are left are its readings. */
static enum front_answer answer(struct line *line, struct attempt *at)
{
    struct parser *p = at->p;
    char text[RULE_TEXT_SIZE];
    size_t found = 0;
    struct rule_error told = {0};
    if (line->refusal[0] != '\0') {
        snprintf(told.message, sizeof told.message, "%s", line->refusal);
        told.language = line->is_in_english ? LANGUAGE_EN : line->reader;
        at->error = told;
        return FRONT_REFUSES;
    }
    for (size_t i = 0; i < line->selected.count && !line->is_unsaid; i++) {
        for (size_t k = 0; k < line->times.count; k++) {
            if (!read_combination(line, i, k, p, at->rule, text)) {
                continue;
            }
            if (found++ == 0) {
                memcpy(at->line, text, sizeof text);
            }
            size_t len = strlen(text);
            if (told.readings < RULE_READINGS_MAX && len < RULE_READING_SIZE) {
                memcpy(told.reading[told.readings++], text, len + 1);
            }
        }
    }
    if (found == 0 && p->message[0] != '\0' && !at->is_told && line->question[0] == '\0') {
        memcpy(told.message, p->message, sizeof told.message); /* what cannot be in such a rule */
        told.language = p->told;
        at->error = told;
        return FRONT_REFUSES;
    }
    if (found == 0 && (line->question[0] == '\0' || (at->is_told && !line->is_unsaid))) {
        return FRONT_UNKNOWN;
    }
    if (line->question[0] == '\0') {
        return found == 1 ? FRONT_READ : FRONT_UNKNOWN;
    }
    told.is_question = true;
    snprintf(told.message, sizeof told.message, "%s", line->question);
    told.language = line->is_in_english ? LANGUAGE_EN : line->reader;
    at->error = told;
    return FRONT_ASKS;
}

/* A digit of another script, a dash, a quotation mark or a blank as ASCII has it; else 0. */
static char plain_of(uint32_t c)
{
    static const uint32_t nought[] = {0x660, 0x6f0, 0xff10}; /* Arabic, Persian, full width */
    for (size_t i = 0; i < sizeof nought / sizeof *nought; i++) {
        if (c >= nought[i] && c <= nought[i] + 9) {
            return (char)('0' + c - nought[i]);
        }
    }
    return c == 0x2011 || c == 0x2013 || c == 0x2014                         ? '-'
           : c == 0x2018 || c == 0x2019                                      ? '\''
           : c == 0x60c                                                      ? ','
           : c == 0xa0 || c == 0x202f || c == '\t' || c == '\n' || c == '\r' ? ' '
                                                                             : '\0';
}

static size_t make_plain(const char *text, size_t len, char out[static RULE_TEXT_MAX + 1])
{
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        uint32_t point = 0;
        size_t size = text_decode(text + i, len - i, &point);
        char plain = plain_of(point);
        if (plain == '\0') {
            plain = text[i];
            size = 1;
        }
        out[used++] = plain;
        i += size;
    }
    out[used] = '\0';
    return used;
}

static enum front_answer read_pieces(struct attempt *at)
{
    struct piece piece[PIECES_MAX];
    struct line line = {.piece = piece,
                        .language = at->language,
                        .reader = at->p->reader,
                        .today = at->p->today,
                        .until = -1};
    if (!pieces_read(at->text, at->len, at->language, piece, &at->reached)) {
        return FRONT_UNKNOWN;
    }
    pieces_join(piece);
    if (!arrange(&line)) {
        return FRONT_UNKNOWN;
    }
    enum front_answer is = answer(&line, at);
    at->notice = line.notice;
    if (line.namesake != NULL && is == FRONT_REFUSES) {
        at->namesake = *line.namesake;
    }
    return is;
}

/* The places that a name may mean, by the table or, between quotation marks, as told with it. */
static size_t list_namesakes(const struct piece *place,
                             char out[static PLACE_NAMESAKES_MAX][PLACE_NAME_SIZE])
{
    size_t count = 0;
    if (place->word == NULL) {
        return places_namesakes(place->name, strlen(place->name), out);
    }
    for (const char *at = place->word;
         count < PLACE_NAMESAKES_MAX && (at = strchr(at, '"')) != NULL &&
         strchr(at + 1, '"') != NULL;
         at += strcspn(at + 1, "\"") + 2) {
        snprintf(out[count++], PLACE_NAME_SIZE, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
    }
    return count;
}

static void add_reading(struct rule_error *asked, const char *line)
{
    for (size_t i = 0; i < asked->readings; i++) {
        if (strcmp(asked->reading[i], line) == 0) {
            return;
        }
    }
    if (asked->readings < RULE_READINGS_MAX && strlen(line) < RULE_READING_SIZE) {
        snprintf(asked->reading[asked->readings++], RULE_READING_SIZE, "%s", line);
    }
}

/* The line with each of the places that one of its names may mean: what it says then is asked, but
 * where it is the same of all, as a clock is in cities of one country. */
static enum front_answer ask_namesakes(struct attempt *at)
{
    char name[PLACE_NAMESAKES_MAX][PLACE_NAME_SIZE], other[RULE_TEXT_MAX + 1];
    const struct piece *place = &at->namesake;
    const char *from = strstr(at->text, place->name);
    size_t count = from != NULL ? list_namesakes(place, name) : 0, size = strlen(place->name);
    char names[PLACE_DOUBT_SIZE] = "";
    bool is_all = true;
    struct rule_error asked = {.is_question = true, .language = at->p->reader};
    for (size_t i = 0; i < count; i++) {
        size_t before = (size_t)(from - at->text);
        int n = snprintf(other, sizeof other, "%.*s%s%.*s", (int)before, at->text, name[i],
                         (int)(at->len - before - size), from + size);
        if (n <= 0 || (size_t)n >= sizeof other) {
            continue;
        }
        struct attempt again = {.text = other,
                                .len = (size_t)n,
                                .language = at->language,
                                .p = at->p,
                                .rule = at->rule};
        enum front_answer is = read_pieces(&again);
        if (is == FRONT_READ) {
            add_reading(&asked, again.line);
        }
        for (size_t k = 0; is == FRONT_ASKS && k < again.error.readings; k++) {
            add_reading(&asked, again.error.reading[k]);
        }
        bool is_said = is == FRONT_READ || (is == FRONT_ASKS && again.error.readings > 0);
        is_all = is_all && is == FRONT_READ;
        if (is_said) {
            text_join(names, sizeof names, ", ", "\"%s\"", name[i]);
        }
    }
    if (asked.readings == 1 && is_all && count < PLACE_NAMESAKES_MAX && place->word == NULL) {
        memcpy(at->line, asked.reading[0], RULE_READING_SIZE);
        return FRONT_READ;
    }
    if (asked.readings < 2) {
        return FRONT_REFUSES;
    }
    struct line told = {.reader = at->p->reader};
    line_ask(&told, "\"%s\" are several: write %s", place->name, names);
    memcpy(asked.message, told.question, sizeof told.question);
    at->error = asked;
    return FRONT_ASKS;
}

static enum front_answer read_in(struct attempt *at)
{
    char heard[RULE_TEXT_SIZE];
    if (sentence_hear(at->text, at->len, at->language, heard) &&
        read_once(heard, strlen(heard), at->p, at->rule) == RULE_OK) {
        rule_write(at->rule, at->line);
        return FRONT_READ;
    }
    enum front_answer is = read_pieces(at);
    return at->namesake.kind == PIECE_PLACE && is == FRONT_REFUSES ? ask_namesakes(at) : is;
}

static size_t end_of_word(const char *text, size_t len, size_t from)
{
    size_t end = from;
    while (end < len && text[end] != ' ' && text[end] != ',' && end - from < 40) {
        end++;
    }
    while (end < len && text_is_inside(text[end])) {
        end++; /* a whole character */
    }
    return end;
}

/* What a line speaks of, by the pieces of it that are known. */
static enum front_about about(const struct piece *piece)
{
    enum front_about is = ABOUT_DATES;
    for (; piece->kind != PIECE_END; piece++) {
        if (piece->kind == PIECE_SUN || piece->kind == PIECE_EVENT) {
            return piece->kind == PIECE_SUN ? ABOUT_SUN : ABOUT_EVENTS;
        }
        is = piece->kind == PIECE_WEEKDAY ? ABOUT_WEEKDAYS : is;
    }
    return is;
}

/* The word at which reading stopped, and how many characters are before it. */
static void keep_trouble(const char *text, size_t len, size_t reached, enum language language,
                         struct front_trouble *trouble)
{
    struct piece piece[PIECES_MAX];
    size_t region = places_region_at(text + reached, len - reached), same;
    size_t end = region > 0 ? reached + region : end_of_word(text, len, reached);
    *trouble = (struct front_trouble){.language = language, .is_region = region > 0};
    trouble->is_all = pieces_read(text, len, language, piece, &same);
    trouble->about = about(piece);
    snprintf(trouble->word, sizeof trouble->word, "%.*s", (int)(end - reached), text + reached);
    trouble->reached = text_characters(text, reached);
}

/* Where a character stands, counted from 0. */
static size_t byte_of(const char *text, size_t character)
{
    size_t at = 0;
    for (; text[at] != '\0'; at++) {
        if (!text_is_inside(text[at]) && character-- == 0) {
            break;
        }
    }
    return at;
}

struct repair {
    const char *text;
    size_t len, from, to; /* of the word in it */
    enum language language;
    struct parser *p;
    struct rule *rule;
    int left; /* readings that may still be made */
    bool is_doubtful, has_weekday;
    char *nearest;
};

/* Whether a canonical line names a weekday. */
static bool names_weekday(const char *line)
{
    bool is_named = false;
    for (int32_t day = 1; day <= 7; day++) {
        is_named = is_named || strstr(line, words_name(WORD_WEEKDAY, day)) != NULL;
    }
    return is_named;
}

/* Reads the line with another word in its place. */
static void try_word(struct repair *r, const char *word)
{
    char text[RULE_TEXT_MAX + 1];
    int n = snprintf(text, sizeof text, "%.*s%s%.*s", (int)r->from, r->text, word,
                     (int)(r->len - r->to), r->text + r->to);
    struct attempt at = {.text = text, .language = r->language, .p = r->p, .rule = r->rule};
    at.len = (size_t)n;
    if (n < 0 || (size_t)n >= sizeof text || r->left-- <= 0 || read_in(&at) != FRONT_READ ||
        strlen(at.line) >= RULE_READING_SIZE || (r->has_weekday && !names_weekday(at.line))) {
        return;
    }
    r->is_doubtful = r->is_doubtful || (*r->nearest != '\0' && strcmp(r->nearest, at.line) != 0);
    snprintf(r->nearest, RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, at.line);
}

/* Words that are spelled nearly like the one that is not known. */
static void repair_word(struct repair *r)
{
    size_t count, len = r->to - r->from;
    const struct phrase *phrase = phrases_of(r->language, &count);
    for (int distance = 1; distance <= (len > 7 ? 2 : 1) && *r->nearest == '\0'; distance++) {
        for (size_t i = 0; i < count; i++) {
            if (strlen(phrase[i].text) > 3 && *phrase[i].means != '$' &&
                words_distance(r->text + r->from, len, phrase[i].text, strlen(phrase[i].text)) ==
                    distance) {
                try_word(r, phrase[i].text);
            }
        }
        for (int kind = WORD_MONTH; kind <= WORD_EVENT; kind++) {
            size_t words;
            const struct word *word = words_of((enum word_kind)kind, &words);
            for (size_t i = 0; i < words; i++) {
                if (strlen(word[i].text) > 3 && words_distance(r->text + r->from, len, word[i].text,
                                                               strlen(word[i].text)) == distance) {
                    try_word(r, word[i].text);
                }
            }
        }
    }
    if (r->is_doubtful) {
        *r->nearest = '\0';
    }
}

static bool is_known(const char *text, size_t len, enum language language)
{
    bool is_name = false;
    for (int kind = WORD_MONTH; kind <= WORD_EVENT; kind++) {
        is_name = is_name || words_find((enum word_kind)kind, text, len, NULL) != NULL;
    }
    return is_name || phrases_find(language, text, len) != NULL;
}

/* The line with the word mended that is not known; where all are, one of them may be a place that
 * is called nearly as a word is: Evry friday. */
static void repair(const char *text, size_t len, struct parser *p, struct rule *rule,
                   struct front_trouble *trouble)
{
    size_t from = trouble->is_all ? 0 : byte_of(text, trouble->reached);
    struct repair r = {.text = text,
                       .len = len,
                       .language = trouble->language,
                       .p = p,
                       .rule = rule,
                       .left = 24,
                       .has_weekday = trouble->about == ABOUT_WEEKDAYS,
                       .nearest = trouble->nearest};
    while (from < len && *trouble->nearest == '\0') {
        size_t end = end_of_word(text, len, from);
        bool has_digit = strcspn(text + from, "0123456789") < end - from;
        if (end >= from + 4 && !has_digit &&
            !is_known(text + from, end - from, trouble->language)) {
            r.from = from;
            r.to = end;
            repair_word(&r);
        }
        if (!trouble->is_all) {
            return;
        }
        from = end > from ? end : from + 1;
    }
}

enum front_answer front_read(const char *text, size_t len, struct parser *p, struct rule *rule,
                             struct rule_error *error, bool is_why_asked,
                             struct front_trouble *trouble)
{
    size_t farthest = 0;
    enum language there = LANGUAGE_EN;
    const char *notice = NULL;
    *trouble = (struct front_trouble){.language = LANGUAGE_EN};
    char plain[RULE_TEXT_MAX + 1], line[RULE_TEXT_SIZE];
    if (len > RULE_TEXT_MAX) {
        return FRONT_UNKNOWN;
    }
    bool is_told = p->has_failed; /* the reader knows what is wrong */
    len = make_plain(text, len, plain);
    enum front_answer best = FRONT_UNKNOWN;
    for (int language = 0; language < LANGUAGES; language++) {
        struct attempt at = {.text = plain,
                             .len = len,
                             .language = (enum language)language,
                             .p = p,
                             .rule = rule,
                             .is_told = is_told};
        enum front_answer is = read_in(&at);
        if (at.reached > farthest || language == LANGUAGE_EN) {
            farthest = at.reached;
            there = (enum language)language;
        }
        if (is == FRONT_READ && best == FRONT_READ && strcmp(line, at.line) != 0) {
            *error = (struct rule_error){.is_question = true, .readings = 2};
            snprintf(error->message, sizeof error->message, "%s",
                     asks_in(p->reader, "two languages read this line differently"));
            error->language = p->reader;
            snprintf(error->reading[0], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, line);
            snprintf(error->reading[1], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, at.line);
            return FRONT_ASKS;
        }
        if (is < best) {
            best = is;
            if (is == FRONT_READ) {
                notice = at.notice;
                memcpy(line, at.line, sizeof line);
            } else {
                *error = at.error;
            }
        }
        if (best != FRONT_UNKNOWN && language == LANGUAGE_EN) {
            break; /* English first, and whole */
        }
    }
    if (best == FRONT_UNKNOWN && is_why_asked) {
        keep_trouble(plain, len, farthest, there, trouble);
        if (!is_told) {
            repair(plain, len, p, rule, trouble);
        }
    }
    if (best == FRONT_READ && read_once(line, strlen(line), p, rule) != RULE_OK) {
        return FRONT_UNKNOWN;
    }
    rule->notice = best == FRONT_READ ? notice : NULL;
    return best;
}
