#include "rules/front.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/text.h"
#include "words/asks.h"

void parser_expect(struct parser *p, const char *what)
{
    if (p->at > p->furthest) {
        p->furthest = p->at;
        p->expected = 0;
    }
    if (p->at < p->furthest) {
        return;
    }
    for (size_t i = 0; i < p->expected; i++) {
        if (strcmp(p->expect[i], what) == 0) {
            return;
        }
    }
    if (p->expected < EXPECTED_MAX) {
        p->expect[p->expected++] = what;
    }
}

bool parser_fail(struct parser *p, size_t token, const char *format, ...)
{
    if (!p->has_failed) {
        va_list args;
        va_start(args, format);
        const char *english = format;
        format = asks_in(p->reader, format);
        p->told = format == english ? LANGUAGE_EN : p->reader;
        vsnprintf(p->message, sizeof p->message, format, args);
        va_end(args);
        p->has_failed = true;
        p->wrong = token;
    }
    return false;
}

bool take_quietly(struct parser *p, const char *phrase)
{
    size_t at = p->at;
    while (*phrase != '\0') {
        size_t len = strcspn(phrase, " ");
        const struct token *t = &p->token[at];
        if (t->kind != TOKEN_WORD || t->len != len || strncasecmp(t->text, phrase, len) != 0) {
            return false;
        }
        phrase += len + (phrase[len] == ' ' ? 1 : 0);
        at++;
    }
    p->at = at;
    return true;
}

bool take(struct parser *p, const char *phrase)
{
    if (take_quietly(p, phrase)) {
        return true;
    }
    parser_expect(p, phrase);
    return false;
}

bool take_sign(struct parser *p, char sign)
{
    const struct token *t = parser_token(p);
    if (t->kind == TOKEN_SIGN && t->number == sign) {
        p->at++;
        return true;
    }
    return false;
}

bool take_number(struct parser *p, const char *what, int32_t *out)
{
    const struct token *t = parser_token(p);
    if (t->kind != TOKEN_NUMBER || t->has_fraction) {
        parser_expect(p, what);
        return false;
    }
    *out = t->number;
    p->at++;
    return true;
}

bool take_date(struct parser *p, struct civil_date *out)
{
    if (parser_token(p)->kind != TOKEN_DATE) {
        parser_expect(p, "a date like 2027-04-25");
        return false;
    }
    *out = p->token[p->at++].date;
    return true;
}

bool take_clock(struct parser *p, struct civil_time *out)
{
    if (parser_token(p)->kind == TOKEN_CLOCK) {
        *out = p->token[p->at++].clock;
        return true;
    }
    parser_expect(p, "a time like 20:00");
    return false;
}

bool take_word(struct parser *p, enum word_kind kind, const char *what, int32_t *out)
{
    size_t run = 0;
    while (run < 4 && p->token[p->at + run].kind == TOKEN_WORD) {
        run++;
    }
    for (; run > 0; run--) {
        const char *from = parser_token(p)->text;
        const struct token *last = &p->token[p->at + run - 1];
        const struct word *word =
            words_find(kind, from, (size_t)(last->text + last->len - from), NULL);
        if (word != NULL) {
            *out = word->value;
            p->at += run;
            return true;
        }
    }
    parser_expect(p, what);
    return false;
}

bool take_weekdays(struct parser *p, uint32_t *mask)
{
    int32_t weekday;
    *mask = 0;
    do {
        if (take_quietly(p, "weekend") || take_quietly(p, "weekends")) {
            *mask |= 1U << SATURDAY | 1U << SUNDAY;
        } else if (take_word(p, WORD_WEEKDAY, "a weekday", &weekday)) {
            *mask |= 1U << weekday;
        } else {
            return false;
        }
    } while (take_sign(p, ',') || take_quietly(p, "or") || take_quietly(p, "and"));
    return true;
}

bool parser_keep_name(struct parser *p, const char *from, size_t len, char *out, size_t size)
{
    if (len >= size) {
        return parser_fail(p, p->at, "a name of more than %zu bytes", size - 1);
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = from[i] == '\t' || from[i] == '\n' || from[i] == '\r' ? ' ' : from[i];
    }
    out[len] = '\0';
    return true;
}

bool take_zone(struct parser *p, char out[static ZONE_NAME_SIZE])
{
    const struct token *t = parser_token(p);
    if (t->kind != TOKEN_WORD) {
        parser_expect(p, "a zone like Europe/Rome");
        return false;
    }
    for (size_t i = 0; i < t->len; i++) {
        if ((unsigned char)t->text[i] >= 0x80 || t->text[i] == '\'') {
            return parser_fail(p, p->at, "\"%.*s\" is not the name of a zone", (int)t->len,
                               t->text);
        }
    }
    /* EST stays where it is, CET moves to summer: names of one word say too little */
    if (memchr(t->text, '/', t->len) == NULL && !words_equal(t->text, t->len, "utc", 3)) {
        struct place place;
        if (places_find(t->text, t->len, &place) == PLACES_FOUND) {
            parser_expect(p, "a zone like Europe/Rome");
            return false;
        }
        return parser_doubt_place(p, p->at, t->text, t->len);
    }
    p->at++;
    if (t->len >= ZONE_NAME_SIZE) {
        return parser_keep_name(p, t->text, t->len, out, ZONE_NAME_SIZE);
    }
    char name[PLACE_NAME_SIZE];
    places_zone_name(t->text, t->len, name);
    memcpy(out, name, t->len + 1);
    return true;
}

struct node parser_blank(enum node_kind kind)
{
    return (struct node){
        .kind = kind, .a = TREE_NONE, .b = TREE_NONE, .from = TREE_NONE, .place = TREE_NONE};
}

int32_t parser_node(struct parser *p, struct node node)
{
    if (p->rule->nodes == TREE_NODES_MAX) {
        parser_fail(p, p->at, "a rule of more than %d parts", TREE_NODES_MAX);
        return TREE_NONE;
    }
    p->rule->node[p->rule->nodes] = node;
    return p->rule->nodes++;
}

enum rule_result read_once(const char *text, size_t len, struct parser *p, struct rule *rule)
{
    memset(rule, 0, sizeof *rule);
    p->text = text;
    p->len = len;
    p->at = p->furthest = p->expected = p->wrong = 0;
    p->depth = 0;
    p->has_failed = p->is_asking = p->is_never_both = false;
    p->message[0] = '\0';
    p->rule = rule;
    if (!scan(text, len, p->token, &p->tokens)) {
        p->tokens = 1;
        p->token[0] = (struct token){.kind = TOKEN_BAD, .text = text};
        parser_fail(p, 0, "a rule of too many words");
        return RULE_BAD_TEXT;
    }
    rule->root = read_sets(p);
    if (rule->root != TREE_NONE && !p->has_failed) {
        rule->root = read_adjusts(p, rule->root);
    }
    if (rule->root == TREE_NONE || p->has_failed || !read_clauses(p)) {
        return RULE_BAD_TEXT;
    }
    return RULE_OK;
}

/* Line and column of a token, both from 1; columns in characters. */
static void locate(const struct parser *p, size_t token, struct rule_error *error)
{
    error->line = error->column = 1;
    for (const char *c = p->text; c < p->token[token].text; c++) {
        if (*c == '\n') {
            error->line++;
            error->column = 1;
        } else if (!text_is_inside(*c)) {
            error->column++;
        }
    }
    if (p->token[token].kind == TOKEN_QUOTED) {
        error->column--;
    }
}

static void list_expected(const struct parser *p, struct rule_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < p->expected; i++) {
        const char *joint = i == 0 ? "" : i + 1 == p->expected ? " or " : ", ";
        int n = snprintf(error->expected + used, sizeof error->expected - used, "%s%s", joint,
                         p->expect[i]);
        if (n < 0 || used + (size_t)n >= sizeof error->expected - 5) {
            snprintf(error->expected + used, sizeof error->expected - used, " ...");
            return;
        }
        used += (size_t)n;
    }
}

static void ask(enum language reader, struct rule_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void ask(enum language reader, struct rule_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format = asks_in(reader, format);
    error->language = reader;
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
}

static void tell(const struct parser *p, struct rule_error *error)
{
    *error = (struct rule_error){0};
    if (p->has_failed) {
        locate(p, p->wrong, error);
        memcpy(error->message, p->message, sizeof error->message);
        error->language = p->told;
    } else {
        const struct token *t = &p->token[p->furthest];
        locate(p, p->furthest, error);
        list_expected(p, error);
        if (t->kind == TOKEN_END) {
            ask(p->reader, error, "the rule ends too early");
        } else if (t->kind == TOKEN_BAD) {
            ask(p->reader, error, "\"%.*s\" is no word, number, date or time",
                (int)(t->len < 40 ? t->len : 40), t->text);
        } else {
            ask(p->reader, error, "\"%.*s\" does not fit here", (int)(t->len < 60 ? t->len : 60),
                t->text);
        }
    }
    if (!p->is_asking) {
        suggest(p, error->nearest, sizeof error->nearest);
    }
}

/* The places where a byte order mark, control bytes or malformed UTF-8 would hide. */
static bool is_clean(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 ? c != '\n' && c != '\t' && c != '\r' : c == 0x7f) {
            return false;
        }
        if (c < 0x80) {
            at++;
        } else if (words_fold(&at, end) >= 0x110000) {
            return false;
        }
    }
    return true;
}

/* Three short lines like the one that was meant, in its language. */
static void show_examples(const struct front_trouble *trouble, struct parser *p, struct rule *rule,
                          struct rule_error *error)
{
    static const char *const examples[][3] = {
        [ABOUT_DATES] = {"25 april at 20:00 in Europe/Rome",
                         "1st sunday of may at 12:00 in Europe/Rome",
                         "2 days before easter at 18:00 UTC"},
        [ABOUT_WEEKDAYS] = {"every friday at 18:00 in Europe/Rome",
                            "last friday of month at 18:00 in Europe/Rome",
                            "every 2 weeks from 2027-05-07 at 18:00 in Europe/Rome"},
        [ABOUT_EVENTS] = {"every full moon", "nearest full moon to 25 april",
                          "every full moon at 21:00 in Europe/Rome"},
        [ABOUT_SUN] = {"25 april at sunset at Rome", "25 april at sunrise - 30m at Rome",
                       "every full moon at sunset at Rome"},
    };
    for (size_t i = 0; i < 3; i++) {
        const char *example = examples[trouble->about][i];
        char said[RULE_SAID_SIZE];
        if (read_once(example, strlen(example), p, rule) == RULE_OK) {
            rule_say(rule, trouble->language, said);
            snprintf(error->example[i], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, said);
        }
    }
}

/* A line that goes farther as people say it: what is not known there is asked for. */
static void tell_trouble(const struct front_trouble *trouble, struct parser *p, struct rule *rule,
                         struct rule_error *error)
{
    if (trouble->is_all && trouble->language == LANGUAGE_EN) {
        memcpy(error->nearest, trouble->nearest, sizeof error->nearest);
    }
    if (trouble->reached + 1 < error->column ||
        (trouble->is_all && trouble->language == LANGUAGE_EN)) {
        return;
    }
    *error = (struct rule_error){.is_question = true, .line = error->line, .column = error->column};
    show_examples(trouble, p, rule, error);
    if (trouble->is_all) {
        ask(p->reader, error, "how is this meant?  Each word is known, but not together");
        return;
    }
    error->line = 1;
    error->column = trouble->reached + 1;
    if (trouble->is_region) {
        ask(p->reader, error,
            "no such place in \"%.*s\" is known: write a city near it, or a position like "
            "44.49,11.34",
            (int)strlen(trouble->word), trouble->word);
        return;
    }
    ask(p->reader, error,
        "what is \"%s\"?  It is no word of a rule in any of ten languages, and no place that is "
        "known: write a city near it, its position, or other words",
        trouble->word);
    memcpy(error->nearest, trouble->nearest, sizeof error->nearest);
}

/* The line as it stands, or as people say it. */
static enum rule_result read_line(const char *text, size_t len, struct parser *p, struct rule *rule,
                                  struct rule_error *error, bool is_why_asked)
{
    p->is_trial = true;
    if (read_once(text, len, p, rule) == RULE_OK) {
        return RULE_OK;
    }
    struct front_trouble trouble;
    enum front_answer answer = front_read(text, len, p, rule, error, is_why_asked, &trouble);
    if (answer == FRONT_UNKNOWN && is_why_asked) {
        p->is_trial = false;
        (void)read_once(text, len, p, rule); /* again, for what was wrong */
        tell(p, error);
        bool is_word = trouble.is_all || strcspn(trouble.word, "0123456789") > 0;
        if (*error->nearest == '\0' && !p->has_failed && is_word) {
            tell_trouble(&trouble, p, rule, error);
        }
    }
    return answer == FRONT_READ ? RULE_OK : RULE_BAD_TEXT;
}

enum rule_result rule_read(const char *text, size_t len, struct rule **out,
                           struct rule_error *error)
{
    return rule_read_for(text, len, LANGUAGE_EN, (struct civil_date){0}, out, error);
}

enum rule_result rule_read_for(const char *text, size_t len, enum language reader,
                               struct civil_date today, struct rule **out, struct rule_error *error)
{
    struct rule_error unwanted;
    bool is_why_asked = error != NULL;
    error = is_why_asked ? error : &unwanted;
    *error = (struct rule_error){0};
    if (len > RULE_TEXT_MAX || !is_clean(text, len)) {
        if (len > RULE_TEXT_MAX) {
            ask(reader, error, "a rule of more than %d bytes", RULE_TEXT_MAX);
        } else {
            ask(reader, error, "not clean UTF-8 text");
        }
        return RULE_BAD_TEXT;
    }
    struct parser *p = malloc(sizeof *p);
    struct rule *rule = malloc(sizeof *rule);
    enum rule_result result = RULE_NO_MEMORY;
    if (p != NULL && rule != NULL) {
        p->reader = reader;
        p->today = today;
        result = read_line(text, len, p, rule, error, is_why_asked);
        if (result == RULE_OK) {
            *out = rule;
            rule = NULL;
        }
    } else {
        snprintf(error->message, sizeof error->message, "out of memory");
    }
    free(rule);
    free(p);
    return result;
}

enum rule_spelling rule_spell(const char *text, size_t len, char out[static RULE_TEXT_SIZE])
{
    struct rule *rule;
    if (rule_read(text, len, &rule, NULL) != RULE_OK) {
        return RULE_UNREAD;
    }
    size_t used = rule_write(rule, out);
    rule_free(rule);
    return used == len && memcmp(out, text, len) == 0 ? RULE_CANONICAL : RULE_READS_AS;
}

void rule_free(struct rule *rule)
{
    free(rule);
}
