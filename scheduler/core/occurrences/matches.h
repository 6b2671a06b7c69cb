/* occurrences/matches.h -- what a select gives: days, some of them with an instant of their own. */
#ifndef OCCURRENCES_MATCHES_H
#define OCCURRENCES_MATCHES_H

#include <stddef.h>

#include "instants/leap.h"

struct match {
    int32_t day; /* day number in the rule's zone */
    int32_t days;
    bool has_instant;
    bool has_lunation;
    utc at;
    double error_s;
    enum certainty certainty;
    int32_t lunation; /* Brown's */
    char note[64];
};

struct matches {
    struct match *at; /* owned */
    size_t count, room;
};

void matches_close(struct matches *matches);

/* A new match at the end, for a day; NULL: no memory. */
struct match *matches_add(struct matches *matches, int32_t day);

/* By day and then by instant; keeps the order of equals.  False: no memory. */
__attribute__((warn_unused_result)) bool matches_sort(struct matches *matches);

/* Of matches with the same day and instant, keeps the first.  After matches_sort. */
void matches_drop_twins(struct matches *matches);

/* The first match at or after a day, or count. */
size_t matches_from(const struct matches *matches, int32_t day);

bool matches_has_day(const struct matches *matches, int32_t day);

#endif
