/* rules/points.h -- what a select gives: days, some of them with an instant of their own. */
#ifndef RULES_POINTS_H
#define RULES_POINTS_H

#include "rules/rule.h"

struct point {
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

struct points {
    struct point *at; /* owned */
    size_t count, room;
};

void points_close(struct points *points);

/* A new point at the end, for a day; NULL: no memory. */
struct point *points_add(struct points *points, int32_t day);

/* By day and then by instant; keeps the order of equals.  False: no memory. */
__attribute__((warn_unused_result)) bool points_sort(struct points *points);

/* Of points with the same day and instant, keeps the first.  After points_sort. */
void points_drop_twins(struct points *points);

/* The first point at or after a day, or count. */
size_t points_from(const struct points *points, int32_t day);

bool points_has_day(const struct points *points, int32_t day);

#endif
