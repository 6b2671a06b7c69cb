/* crowd.h -- many listeners, a few in each world: up to three beacons over two brokers, and every
 * listener with paths and clocks of its own. */
#ifndef SIM_CROWD_H
#define SIM_CROWD_H

#include "sim.h"

enum { CROWD_BEACONS = 3, CROWD_BROKERS = 2, CROWD_AT_ONCE = SIM_LISTENERS_MAX };

struct crowd_world {
    double before_s; /* the earliest of its listeners joins so long before T-0 */
    double silent_s; /* the brokers die so long before T-0; 0: they live */
    bool is_exact;   /* the beacons have no error of their own, though they state 1 ms */
    bool is_beside;  /* and each stands beside its brokers, not a LAN away */
    int64_t lie_ns;  /* what the last one's clock is off by */
};

struct crowd_member {
    const struct profile *profile;
    size_t beacons, brokers; /* how many of them it hears */
    double join_s;           /* when it starts, relative to T-0 */
    int64_t bound_ns;        /* synchronised within this; 0: free, off by off_ns, at this rate */
    int64_t off_ns;
    double rate;
};

struct crowd_outcome {
    bool has_started;
    int64_t error_ns, host_error_ns; /* of the start; of the host's clock at the end */
    int64_t width_ns;                /* of the interval just before the start */
    bool is_proved, names_liar, names_honest;
    uint64_t asks;
};

/* At most CROWD_AT_ONCE of them. */
void crowd_listen(struct sim *sim, uint64_t seed, const struct crowd_world *world,
                  const struct crowd_member *member, size_t count, struct crowd_outcome *out);

#endif
