/* discipline/offset.h -- how far a monotonic clock is from one beacon's, from what was heard of it.
 *
 * Three lists, since three ways may wait differently: ordinary ticks pass a broker's fan-out, each
 * listener in its turn; answering ticks do not; questions go the other way.
 *
 *   y = x - stamp        ticks, answers        . .   .  .  .      above the offset by the way down
 *                        . . . . . . . . . .  . . . . . . . .
 *   ------------------------------------------------- the offset, a slowly bending line
 *                        questions            .  . .     .        below it by the way up
 *
 * What is least delayed lies nearest to the line from either side; the line is taken half-way
 * between the two.  Whatever both ways have in common (a relay, a bridge) falls out; half of what
 * they differ by remains, and cannot be seen from here.  A best point, never a bound.
 *
 * Source: the floor under delays is Moon, Skelly, Towsley (Infocom 1999); the rest was chosen by
 * 810,000 simulated windows.  Measured (bench_discipline_links): see there.  Pure arithmetic. */
#ifndef DISCIPLINE_OFFSET_H
#define DISCIPLINE_OFFSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OFFSET_TICKS_MAX = 256, OFFSET_ANSWERS_MAX = 64, OFFSET_QUESTIONS_MAX = 64 };

/* x: our clock when a tick arrived, or just before a question was sent; y: x less the beacon's
 * stamp. */
struct offset_point {
    int64_t x_ns, y_ns;
};

struct offset_points {
    struct offset_point tick[OFFSET_TICKS_MAX]; /* ordinary ones */
    struct offset_point answer[OFFSET_ANSWERS_MAX];
    struct offset_point question[OFFSET_QUESTIONS_MAX];
    size_t ticks, answers, questions;
};

/* The newest of each list are kept, none an hour older than the newest. */
void offset_add_tick(struct offset_points *points, struct offset_point tick);
/* Questions answered together come back in one tick: it counts once, at its earliest arrival. */
void offset_add_answer(struct offset_points *points, struct offset_point answer);
void offset_add_question(struct offset_points *points, struct offset_point question);

/* What the slope may be: how much faster our clock runs than the beacon's. */
struct offset_prior {
    double least, most;
};

struct offset {
    int64_t x_ns, y_ns;        /* the line passes here */
    double slope;              /* dy/dx */
    double slope_doubt;        /* its standard deviation */
    int64_t queue_ns;          /* what ordinary ticks wait more than answers */
    int64_t there_and_back_ns; /* the least round trip, relays included */
};

/* False without a question answered. */
bool offset_fit(const struct offset_points *points, const struct offset_prior *prior,
                struct offset *out);

/* The offset's height at x: our clock less the beacon's. */
int64_t offset_at(const struct offset *offset, int64_t x_ns);

#endif
