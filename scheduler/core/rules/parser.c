/* parser.c -- what every part of the reader takes a token with. */
#include "rules/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

struct node parser_blank(enum node_kind kind)
{
    return (struct node){
        .kind = kind, .a = TREE_NONE, .b = TREE_NONE, .from = TREE_NONE, .place = TREE_NONE};
}

int32_t parser_node(struct parser *p, struct node node)
{
    if (p->rule->nodes == TREE_NODES_MAX) {
        return parser_refuse(p, p->at, "a rule of more than %d parts", TREE_NODES_MAX);
    }
    p->rule->node[p->rule->nodes] = node;
    return p->rule->nodes++;
}
