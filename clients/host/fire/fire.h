/* fire/fire.h -- the fire thread: releases shots at instants of CLOCK_MONOTONIC and does nothing
 * else.
 *
 * Shell; its outside thing is the kernel's timer.  Nothing slow shares the thread: it sleeps on an
 * absolute timerfd, spins the last tens of microseconds, releases, and reports.  It waits for no
 * message.  Never early: a shot is released only once the clock reads its target or later.  Never
 * late: where the process was frozen or the host suspended over its target, it is dropped. */
#ifndef FIRE_FIRE_H
#define FIRE_FIRE_H

#include <stddef.h>

#include "instants/instant.h"

enum { FIRE_SHOTS_MAX = 256, FIRE_REPORTS_MAX = 2 * FIRE_SHOTS_MAX, FIRE_SPIN_US = 80 };

struct fire_shot {
    uint64_t id; /* the caller's name for it */
    mono target;
};

struct fire_report {
    uint64_t id;
    mono target;
    mono released;  /* the clock immediately before release was called, or was not */
    bool is_missed; /* it was not: too late */
};

struct fire_options {
    /* Called on the fire thread with all that is due, in the order of their targets.  Must not
     * block. */
    void (*release)(void *context, const uint64_t *id, size_t count);
    void *context;
    span late_max;          /* later than this a shot is dropped; 0: however late, it is released */
    int spin_us;            /* 0: FIRE_SPIN_US; negative: none */
    bool without_privilege; /* asks for neither SCHED_FIFO nor locked memory */
};

/* What the kernel granted. */
struct fire_grants {
    bool has_fifo;
    bool has_locked_memory;
};

struct fire;

/* Starts the thread.  False with *why, a sentence, when threads or timers are not to be had. */
TOCSIN_MUST_USE bool fire_start(const struct fire_options *options, struct fire **out,
                                const char **why);

/* Stops without releasing anything that is still armed, and frees. */
void fire_stop(struct fire *fire);

struct fire_grants fire_granted(const struct fire *fire);

/* Replaces the armed shots by these (at most FIRE_SHOTS_MAX; an id once released is ignored until
 * it has been left out of a set, one that was dropped until its target is another).  On return a
 * shot left out has either been released already, and is or will be reported, or never will be. */
void fire_set(struct fire *fire, const struct fire_shot *shot, size_t count);

/* A descriptor that turns readable when there are reports. */
int fire_descriptor(const struct fire *fire);

/* Takes the next report; false when there is none. */
TOCSIN_MUST_USE bool fire_take_report(struct fire *fire, struct fire_report *out);

#endif
