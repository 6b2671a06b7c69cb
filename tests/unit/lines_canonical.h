/* lines_canonical.h -- a line as people say it, and its canonical text. */
#ifndef LINES_CANONICAL_H
#define LINES_CANONICAL_H

#include "check.h"

#include "lines/lines.h"
#include "rules/rule.h"

enum { LINE_SIZE = 400 };

static const struct civil_date today = {2027, 1, 1};

/* Reads a line that nothing stands behind, which sanitizers see to. */
static inline bool read_line(const char *text, struct rule **rule, struct rule_error *error)
{
    size_t len = strlen(text);
    char *exact = malloc(len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);
    enum rule_result result = lines_read_for(exact, len, LANGUAGE_EN, today, rule, error);
    free(exact);
    return result == RULE_OK;
}

/* The canonical text of a line; false: it was refused. */
static inline bool canonical(const char *text, char out[static RULE_TEXT_SIZE],
                             struct rule_error *error)
{
    struct rule *rule;
    *out = '\0';
    if (!read_line(text, &rule, error)) {
        return false;
    }
    rule_write(rule, out);
    rule_free(rule);
    return true;
}

#endif
