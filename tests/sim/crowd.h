/* crowd.h -- many listeners, one by one: what three beacons say over two brokers is recorded once,
 * and every listener hears it over paths and with clocks of its own. */
#ifndef SIM_CROWD_H
#define SIM_CROWD_H

#include "sim.h"

enum { CROWD_BEACONS = 3, CROWD_BROKERS = 2 };

/* The tape runs from this long before the start; around CROWD_EARLY_S before it another window, of
 * which listeners do not know, has the beacons tick every second for two minutes. */
enum { CROWD_BEFORE_S = 900, CROWD_EARLY_S = 590 };

/* is_exact: the beacons have no error of their own, though they state 1 ms.  lie_ns: what the third
 * one's clock is off by. */
void crowd_record(struct sim *sim, uint64_t seed, bool is_exact, int64_t lie_ns,
                  struct sim_tape *tape);

struct crowd_member {
    const struct profile *profile;
    size_t beacons, brokers; /* how many of them it hears */
    double join_s;           /* when it starts, relative to T-0 */
    double silent_s;         /* when its brokers die, relative to T-0 */
    bool is_synchronised;    /* within 5 ms; else off by off_ns, at this rate */
    int64_t off_ns;
    double rate;
};

struct crowd_outcome {
    bool has_started;
    int64_t error_ns;
};

struct crowd_outcome crowd_listen(struct sim *sim, uint64_t seed, const struct sim_tape *tape,
                                  int64_t lie_ns, const struct crowd_member *member);

#endif
