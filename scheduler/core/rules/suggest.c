/* suggest.c -- what is told of a line that was refused: where, why, and the nearest valid rule. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/read.h"
#include "text/text.h"

/* Candidates are made by one change at the token where reading stopped: a word for one that is
 * nearly the same, or a small word that joins.  Nothing that was typed is taken away and no number
 * is changed, so whatever is suggested has every number, hour, year, weekday and place of the line;
 * and where two candidates mean different things, none is suggested. */

struct trial {
    const struct parser *failed;
    struct parser *parser; /* owned */
    struct rule *rule;     /* owned */
    char text[RULE_TEXT_MAX + 64];
    char line[RULE_TEXT_SIZE];
    int left; /* readings that may still be made */
    bool found, is_doubtful;
    char *out;
    size_t size;
};

/* Reads the failed text with [from, to) replaced. */
static bool try_instead(struct trial *trial, const char *from, const char *to, const char *middle,
                        size_t len_of_middle)
{
    const struct parser *p = trial->failed;
    size_t before = (size_t)(from - p->text), after = (size_t)(p->text + p->len - to);
    int n = snprintf(trial->text, sizeof trial->text, "%.*s%.*s%.*s", (int)before, p->text,
                     (int)len_of_middle, middle, (int)after, to);
    if (n < 0 || (size_t)n > RULE_TEXT_MAX || trial->left-- <= 0 ||
        read_once(trial->text, (size_t)n, trial->parser, trial->rule) != RULE_OK) {
        return false;
    }
    size_t len = rule_write(trial->rule, trial->line);
    if (trial->found) {
        trial->is_doubtful = trial->is_doubtful || strcmp(trial->line, trial->out) != 0;
    } else if (len < trial->size) {
        memcpy(trial->out, trial->line, len + 1);
        trial->found = true;
    }
    return true;
}

struct candidate {
    const char *text;
    size_t len;
    int distance;
};

static int by_distance(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return (x->distance > y->distance) - (x->distance < y->distance);
}

enum { CANDIDATES_MAX = 256 };

static void consider(struct candidate *list, size_t *count, const struct token *t, const char *text,
                     size_t len)
{
    int distance = words_distance(t->text, t->len, text, len);
    int most = t->len <= 4 ? 1 : t->len <= 7 ? 2 : 3;
    if (distance <= most && *count < CANDIDATES_MAX) {
        list[(*count)++] = (struct candidate){text, len, distance};
    }
}

/* The words of times and clauses, as tree_words has those of forms. */
static const char words_of_clauses[] =
    "since|until|except|move|add|anniversary of|round|rotate|everywhere|in|at|for|sunset|sunrise|"
    "minutes|hours|times";

/* One word after the other, over all forms and the clauses: false after the last.  Both cursors
 * begin as 0 and NULL. */
static bool next_word(int *form, const char **at, size_t *len)
{
    *at = *at == NULL ? tree_words(NODE_DATE) : *at + *len;
    while (**at == '\0') {
        if (++*form > NODE_KINDS) {
            return false;
        }
        *at = *form == NODE_KINDS ? words_of_clauses : tree_words((enum node_kind) * form);
    }
    *at += **at == '|';
    *len = strcspn(*at, "|");
    return true;
}

/* Words that are spelled nearly like the token. */
static bool try_spellings(struct trial *trial, const struct token *t)
{
    struct candidate list[CANDIDATES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < trial->failed->expected; i++) {
        const char *text = trial->failed->expect[i];
        consider(list, &count, t, text, strlen(text));
    }
    for (int kind = 0; kind < WORD_KINDS; kind++) {
        size_t words;
        const struct word *word = words_of((enum word_kind)kind, &words);
        for (size_t i = 0; i < words; i++) {
            consider(list, &count, t, word[i].text, strlen(word[i].text));
        }
    }
    const char *at = NULL;
    int form = 0;
    for (size_t len = 0; next_word(&form, &at, &len);) {
        consider(list, &count, t, at, len);
    }
    qsort(list, count, sizeof *list, by_distance);
    for (size_t i = 0; i < count && i < 24; i++) {
        if (trial->found && list[i].distance > list[i - 1].distance) {
            break; /* those that are as near were all tried */
        }
        (void)try_instead(trial, t->text, t->text + t->len, list[i].text, list[i].len);
    }
    return trial->found;
}

/* Whether the word means something as it stands, which another would take away. */
static bool has_meaning(const struct token *t)
{
    struct place place;
    for (int kind = 0; kind < WORD_KINDS; kind++) {
        if (words_find((enum word_kind)kind, t->text, t->len, NULL) != NULL) {
            return true;
        }
    }
    const char *at = NULL;
    int form = 0;
    for (size_t len = 0; next_word(&form, &at, &len);) {
        if (words_equal(t->text, t->len, at, len)) {
            return true;
        }
    }
    return places_find(t->text, t->len, &place) != PLACES_NONE;
}

/* Small words that join, left out. */
static bool try_joints(struct trial *trial, const struct token *t)
{
    static const char *const joints[] = {"of", "at", "in", "to", "from", "by", "then", "moon"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        char text[16];
        snprintf(text, sizeof text, " %s ", joints[i]);
        (void)try_instead(trial, t->text, t->text, text, strlen(text));
    }
    return trial->found;
}

/* A month of another calendar without the calendar's name. */
static bool try_calendars(struct trial *trial, const struct token *t)
{
    for (int32_t calendar = 0; calendar < CALENDARS; calendar++) {
        char text[64];
        snprintf(text, sizeof text, " %s ", words_name(WORD_CALENDAR, calendar));
        (void)try_instead(trial, t->text, t->text, text, strlen(text));
    }
    return trial->found;
}

/* "20:00 local" is everywhere's 20:00; otherwise it would be taken for the name of a place. */
static bool try_meaning(struct trial *trial, const struct token *t)
{
    static const char local[] = "local";
    return t->len == sizeof local - 1 && memcmp(t->text, local, t->len) == 0 &&
           try_instead(trial, t->text, t->text + t->len, "everywhere", 10);
}

static void try_all(struct trial *trial)
{
    const struct parser *p = trial->failed;
    const struct token *t = &p->token[p->has_failed ? p->wrong : p->furthest];
    if (t->kind == TOKEN_WORD && try_meaning(trial, t)) {
        return;
    }
    if (t->kind != TOKEN_WORD || has_meaning(t) || !try_spellings(trial, t)) {
        (void)(try_joints(trial, t) || (p->has_failed && try_calendars(trial, t)));
    }
}

static void suggest(const struct parser *p, char *out, size_t size)
{
    struct trial *trial = malloc(sizeof *trial);
    *out = '\0';
    if (trial == NULL) {
        return;
    }
    *trial = (struct trial){.failed = p, .left = 120, .out = out, .size = size};
    trial->parser = malloc(sizeof *trial->parser);
    trial->rule = malloc(sizeof *trial->rule);
    if (trial->parser != NULL && trial->rule != NULL) {
        trial->parser->is_trial = true;
        try_all(trial);
        if (trial->is_doubtful) {
            *out = '\0';
        }
    }
    free(trial->parser);
    free(trial->rule);
    free(trial);
}

/* Line and column of a token, both from 1; columns in characters. */
static void locate(const struct parser *p, size_t token, struct rule_error *error)
{
    text_locate(p->text, p->token[token].text, &error->line, &error->column);
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

void read_trouble(const struct parser *p, struct rule_error *error)
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
            read_ask(p->reader, error, "the rule ends too early");
        } else if (t->kind == TOKEN_BAD) {
            read_ask(p->reader, error, "\"%.*s\" is no word, number, date or time",
                     (int)(t->len < 40 ? t->len : 40), t->text);
        } else {
            read_ask(p->reader, error, "\"%.*s\" does not fit here",
                     (int)(t->len < 60 ? t->len : 60), t->text);
        }
    }
    if (!p->is_asking) {
        suggest(p, error->nearest, sizeof error->nearest);
    }
}
