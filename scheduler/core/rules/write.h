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

/* "st", "nd", "rd" or "th" */
const char *write_ordinal_ending(int32_t n);

void write_name(struct text *text, const char *name);

/* A position stands without quotation marks, and so does a city that is known. */
bool write_is_plain_place(const char *name);

/* Whether ", name" after a place would be taken for the region that it lies in, so that it stands
 * in quotation marks: London, "Ontario". */
bool write_is_region_of(const char *before, const char *name);

/* Whether what is written of a node ends in working days, whose list of days to skip would take in
 * an "or" after it, or another "skipping". */
bool write_ends_in_working(const struct rule *rule, int32_t node);

void write_select(struct text *text, const struct rule *rule, int32_t node);

#endif
