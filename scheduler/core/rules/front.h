/* rules/front.h -- lines as people say them: any order, fillers, ten languages; and questions where
 * a line can mean two things.  Nothing of a line is left out: what has no place makes it unread. */
#ifndef RULES_FRONT_H
#define RULES_FRONT_H

#include "rules/read.h"

enum front_answer {
    FRONT_READ,    /* p->rule is the rule */
    FRONT_ASKS,    /* *error is the question, with what the line may mean */
    FRONT_REFUSES, /* *error says why it cannot be */
    FRONT_UNKNOWN, /* nothing is said about the line */
};

/* Reads a line that the reader refused.  p and p->rule are written over; *error is touched by
 * questions and refusals alone. */
enum front_answer front_read(const char *text, size_t len, struct parser *p, struct rule *rule,
                             struct rule_error *error);

#endif
