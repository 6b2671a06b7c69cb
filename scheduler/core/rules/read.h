/* rules/read.h -- a line read strictly, as the language has it: for those who try several. */
#ifndef RULES_READ_H
#define RULES_READ_H

#include "rules/parser.h"

/* One reading without a search for the nearest valid rule.  p: reader and is_trial are given, the
 * rest is what the reading leaves behind. */
enum rule_result read_once(const char *text, size_t len, struct parser *p, struct rule *rule);

/* Of a reading that failed in p: where and why, and the nearest valid rule. */
void read_trouble(const struct parser *p, struct rule_error *error);

/* The message of an error, by its English, in the language of the reader. */
void read_ask(enum language reader, struct rule_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
