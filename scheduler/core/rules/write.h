/* rules/write.h -- canonical text, whole or in parts. */
#ifndef RULES_WRITE_H
#define RULES_WRITE_H

#include "rules/tree.h"
#include "text/draft.h"

/* write_parts.c.  "st", "nd", "rd" or "th" */
const char *write_ordinal_ending(int32_t n);

void write_name(struct draft *text, const char *name);
void write_place(struct draft *text, const char *name);
void write_iso(struct draft *text, struct civil_date date);
void write_clock(struct draft *text, struct civil_time clock);

/* A position stands without quotation marks, and so does a city that is known. */
bool write_is_plain_place(const char *name);

/* Whether ", name" after a place would be taken for the region that it lies in, so that it stands
 * in quotation marks: London, "Ontario". */
bool write_is_region_of(const char *before, const char *name);

/* write_select.c.  By the bits of an eclipse's mask. */
extern const char *const write_eclipse_types[5];

/* Whether what is written of a node that another takes as its last word, or is followed by more,
 * stands in parentheses: sets and adjustments do. */
bool write_needs_parentheses(const struct rule *rule, int32_t node, bool is_followed);

void write_select(struct draft *text, const struct rule *rule, int32_t node);

#endif
