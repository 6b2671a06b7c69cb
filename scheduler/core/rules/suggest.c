#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/read.h"

/* Candidates are made by one change at the token where reading stopped: a word for one that is
 * nearly the same, a smaller number, a word that was expected, one word less.  The first that reads
 * as a rule is the suggestion. */

struct trial {
    const struct parser *failed;
    struct parser *parser; /* owned */
    struct rule *rule;     /* owned */
    char text[RULE_TEXT_MAX + 64];
    int left; /* readings that may still be made */
    bool found;
};

/* Reads the failed text with [from, to) replaced. */
static bool try_instead(struct trial *trial, const char *from, const char *to, const char *middle)
{
    const struct parser *p = trial->failed;
    size_t before = (size_t)(from - p->text), after = (size_t)(p->text + p->len - to);
    int n = snprintf(trial->text, sizeof trial->text, "%.*s%s%.*s", (int)before, p->text, middle,
                     (int)after, to);
    if (n < 0 || (size_t)n > RULE_TEXT_MAX || trial->left-- <= 0) {
        return false;
    }
    trial->found = read_once(trial->text, (size_t)n, trial->parser, trial->rule) == RULE_OK;
    return trial->found;
}

struct candidate {
    const char *text;
    int distance;
};

static int by_distance(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return (x->distance > y->distance) - (x->distance < y->distance);
}

enum { CANDIDATES_MAX = 256 };

static void consider(struct candidate *list, size_t *count, const struct token *t, const char *text)
{
    int distance = words_distance(t->text, t->len, text, strlen(text));
    int most = t->len <= 4 ? 1 : t->len <= 7 ? 2 : 3;
    if (distance <= most && *count < CANDIDATES_MAX) {
        list[(*count)++] = (struct candidate){text, distance};
    }
}

/* Words that are spelled nearly like the token. */
static bool try_spellings(struct trial *trial, const struct token *t)
{
    static const char *const others[] = {"every",        "nearest",
                                         "first",        "last",
                                         "easter",       "orthodox easter",
                                         "weekend",      "containing",
                                         "before",       "after",
                                         "on or after",  "on or before",
                                         "days",         "weeks",
                                         "working days", "lunation",
                                         "since",        "until",
                                         "except",       "move",
                                         "add",          "anniversary of",
                                         "round",        "rotate",
                                         "everywhere",   "in",
                                         "at",           "for",
                                         "sunset",       "sunrise",
                                         "visible from", "total",
                                         "partial",      "annular",
                                         "then",         "next",
                                         "previous",     "full",
                                         "new",          "moon",
                                         "quarter",      "solstice",
                                         "equinox",      "eclipse",
                                         "solar",        "lunar",
                                         "orthodox",     "skip",
                                         "only",         "minus",
                                         "year",         "month",
                                         "season",       "minutes",
                                         "hours",        "times"};
    struct candidate list[CANDIDATES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < trial->failed->expected; i++) {
        consider(list, &count, t, trial->failed->expect[i]);
    }
    for (int kind = 0; kind < WORD_KINDS; kind++) {
        size_t words;
        const struct word *word = words_of((enum word_kind)kind, &words);
        for (size_t i = 0; i < words; i++) {
            consider(list, &count, t, word[i].text);
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        consider(list, &count, t, others[i]);
    }
    qsort(list, count, sizeof *list, by_distance);
    for (size_t i = 0; i < count && i < 24; i++) {
        if (try_instead(trial, t->text, t->text + t->len, list[i].text)) {
            return true;
        }
    }
    return false;
}

/* The largest smaller number that makes sense: 30 february, 13th of a month. */
static bool try_numbers(struct trial *trial, const struct token *t)
{
    for (int32_t n = t->number - 1; n >= 0 && n >= t->number - 400;
         n = n > t->number - 4 ? n - 1 : n / 2 - (n < 2)) {
        char text[16];
        const char *ending = t->kind != TOKEN_ORDINAL ? ""
                             : n == 1                 ? "st"
                             : n == 2                 ? "nd"
                             : n == 3                 ? "rd"
                                                      : "th";
        snprintf(text, sizeof text, "%d%s", n, ending);
        if (try_instead(trial, t->text, t->text + t->len, text)) {
            return true;
        }
    }
    return false;
}

/* 2027-02-30: the last day of its month. */
static bool try_shorter_date(struct trial *trial, const struct token *t)
{
    int year, month, day;
    if (t->len != 10 || sscanf(t->text, "%4d-%2d-%2d", &year, &month, &day) != 3 || month < 1 ||
        month > 12) {
        return false;
    }
    char text[32];
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, civil_days_in_month(year, month));
    return try_instead(trial, t->text, t->text + t->len, text);
}

static bool try_expected(struct trial *trial, const struct token *t)
{
    for (size_t i = 0; i < trial->failed->expected; i++) {
        const char *what = trial->failed->expect[i];
        char text[96];
        /* what can stand for a class of words */
        what = strcmp(what, "a zone like Europe/Rome") == 0 ? "Europe/Rome"
               : strcmp(what, "a time like 20:00") == 0     ? "20:00"
               : strcmp(what, "the end of the rule") == 0   ? ""
               : strcmp(what, "a duration like 15m") == 0   ? "15m"
               : strcmp(what, "a calendar") == 0            ? ""
                                                            : what;
        if (*what == '\0') {
            continue;
        }
        snprintf(text, sizeof text, " %s ", what);
        if (try_instead(trial, t->text, t->text, text)) {
            return true;
        }
    }
    return false;
}

/* A month of another calendar without the calendar's name. */
static bool try_calendars(struct trial *trial, const struct token *t)
{
    for (int32_t calendar = 0; calendar < RULE_CALENDARS; calendar++) {
        char text[64];
        snprintf(text, sizeof text, " %s ", words_name(WORD_CALENDAR, calendar));
        if (try_instead(trial, t->text, t->text, text)) {
            return true;
        }
    }
    return false;
}

/* "20:00 local" is everywhere's 20:00; otherwise it would be taken for the name of a place. */
static bool try_meaning(struct trial *trial, const struct token *t)
{
    static const char local[] = "local";
    return t->len == sizeof local - 1 && memcmp(t->text, local, t->len) == 0 &&
           try_instead(trial, t->text, t->text + t->len, "everywhere");
}

static bool try_all(struct trial *trial)
{
    const struct parser *p = trial->failed;
    struct token whole = p->token[p->has_failed ? p->wrong : p->furthest];
    const struct token *t = &whole;
    if (whole.kind == TOKEN_QUOTED) { /* with its marks */
        whole.text--;
        whole.len += 2;
    }
    if ((t->kind == TOKEN_WORD && try_meaning(trial, t)) ||
        (t->kind == TOKEN_WORD && try_spellings(trial, t)) ||
        (t->kind == TOKEN_BAD && try_shorter_date(trial, t)) ||
        ((t->kind == TOKEN_NUMBER || t->kind == TOKEN_ORDINAL) && p->has_failed &&
         try_numbers(trial, t)) ||
        try_expected(trial, t) || (p->has_failed && try_calendars(trial, t))) {
        return true;
    }
    if (t->kind != TOKEN_END && t->text > p->text) {
        /* without the word, then without all that follows it */
        return try_instead(trial, t->text, t->text + t->len, "") ||
               try_instead(trial, t->text, p->text + p->len, "");
    }
    /* "whole days last days", "25 april every": without the last words */
    for (size_t words = 1; words <= 3 && words + 1 < p->tokens; words++) {
        const struct token *from = &p->token[p->tokens - 1 - words];
        if (try_instead(trial, from->text - (from->kind == TOKEN_QUOTED), p->text + p->len, "")) {
            return true;
        }
    }
    return false;
}

void suggest(const struct parser *p, char *out, size_t size)
{
    struct trial *trial = malloc(sizeof *trial);
    *out = '\0';
    if (trial == NULL) {
        return;
    }
    *trial = (struct trial){.failed = p, .left = 120};
    trial->parser = malloc(sizeof *trial->parser);
    trial->rule = malloc(sizeof *trial->rule);
    if (trial->parser != NULL && trial->rule != NULL && try_all(trial)) {
        char text[RULE_TEXT_SIZE];
        size_t len = rule_write(trial->rule, text);
        if (len < size) {
            memcpy(out, text, len + 1);
        }
    }
    free(trial->parser);
    free(trial->rule);
    free(trial);
}
