/* read.c -- one reading of the language itself. */
#include "rules/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words/asks.h"

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

void read_ask(enum language reader, struct rule_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format = asks_in(reader, format);
    error->language = reader;
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
}

enum rule_result rule_parse(const char *text, size_t len, struct rule **out)
{
    struct parser *p = malloc(sizeof *p);
    struct rule *rule = malloc(sizeof *rule);
    enum rule_result result = RULE_NO_MEMORY;
    if (p != NULL && rule != NULL) {
        p->reader = LANGUAGE_EN;
        p->is_trial = true;
        result = read_once(text, len, p, rule);
    }
    free(p);
    if (result == RULE_OK) {
        *out = rule;
    } else {
        free(rule);
    }
    return result;
}

void rule_free(struct rule *rule)
{
    free(rule);
}
