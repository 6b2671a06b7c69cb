/* rules/write.h -- canonical text, whole or in parts. */
#ifndef RULES_WRITE_H
#define RULES_WRITE_H

#include "rules/tree.h"

/* Grows in the caller's array and stops at its end, always NUL-terminated. */
struct text {
    char *at;
    size_t len, size;
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

void write_select(struct text *text, const struct rule *rule, int32_t node);

#endif
