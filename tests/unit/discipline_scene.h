/* discipline_scene.h -- a discipline in a world by hand: true time is seconds since BEGIN, and both
 * monotonic clocks read MONO_S more than that, unless a test says otherwise. */
#ifndef DISCIPLINE_SCENE_H
#define DISCIPLINE_SCENE_H

#include "check.h"

#include <math.h>

#include "discipline/discipline.h"

static struct discipline discipline;
static struct discipline_source sources[DISCIPLINE_SOURCES_MAX + 1];

static const int64_t BEGIN_NS = INT64_C(1800000000) * NS_PER_S, MONO_NS = 5000 * NS_PER_S;
static const int64_t HOUR_NS = 3600 * NS_PER_S;

static inline instant truth(double at_s)
{
    return (instant){BEGIN_NS + (int64_t)llround(at_s * 1e9)};
}

static inline mono_raw raw(double at_s)
{
    return (mono_raw){MONO_NS + (int64_t)llround(at_s * 1e9)};
}

/* A constellation whose root names `beacons`, all of which have places.  Behind the last place
 * stands what nobody may look at. */
static inline void begin(size_t beacons)
{
    size_t places = beacons + 2 < DISCIPLINE_SOURCES_MAX ? beacons + 2 : DISCIPLINE_SOURCES_MAX;
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = false}, sources,
                    places);
    sources[places] = (struct discipline_source){.in_use = true,
                                                 .has_error = true,
                                                 .heard = raw(0),
                                                 .was_ahead = true,
                                                 .ahead_at = raw(10),
                                                 .earliest = {true, raw(0), truth(-1e6)},
                                                 .reads = {true, raw(0), truth(-1e6)}};
    discipline_join(&discipline, 0, beacons, truth(400 * 86400),
                    &(struct discipline_memory){.floor = truth(-86400)});
    for (size_t i = 0; i < beacons; i++) {
        discipline_add(&discipline, i, 0);
    }
}

static const span MS = {NS_PER_MS};

/* A tick sent at at_s by a beacon that is off by off_s, down_s under way; it states 1 ms. */
static inline enum discipline_heard hear(size_t source, double at_s, double down_s, double off_s)
{
    return discipline_hear(&discipline, source,
                           &(struct discipline_sample){.arrived = raw(at_s + down_s),
                                                       .sent = truth(at_s + off_s),
                                                       .has_error = true,
                                                       .error = MS});
}

/* Asked at at_s; the beacon answers at once. */
static inline enum discipline_heard answer(size_t source, double at_s, double up_s, double down_s,
                                           double off_s)
{
    return discipline_hear_answer(
        &discipline, source,
        &(struct discipline_answer){.asked = raw(at_s),
                                    .received = truth(at_s + up_s + off_s),
                                    .sent = truth(at_s + up_s + off_s),
                                    .arrived = raw(at_s + up_s + down_s),
                                    .error = MS});
}

/* bound_ns < 0: the host is not synchronised. */
static inline struct discipline_estimate estimate_at(double at_s, int64_t host_off_ns,
                                                     int64_t bound_ns)
{
    struct discipline_clocks clocks = {.now = {raw(at_s).ns},
                                       .raw = raw(at_s),
                                       .is_synchronised = bound_ns >= 0,
                                       .bound = {bound_ns >= 0 ? bound_ns : 0}};
    struct discipline_estimate estimate;
    (void)discipline_notice(&discipline, &clocks);
    discipline_estimate(&discipline, 0, &clocks, (instant){truth(at_s).tai_ns + host_off_ns},
                        &estimate);
    assert_true(estimate.earliest.tai_ns <= estimate.best.tai_ns &&
                estimate.best.tai_ns <= estimate.latest.tai_ns);
    return estimate;
}

static inline double off_s(instant at, double at_s)
{
    return (double)instant_since(at, truth(at_s)).ns / 1e9;
}

static inline double floor_off_s(void)
{
    return off_s(discipline.constellation[0].memory.floor, 0);
}

/* A tick of a beacon that does not know the time. */
static inline void hear_lost(size_t source, double at_s, double reads_s)
{
    discipline_hear(&discipline, source,
                    &(struct discipline_sample){.arrived = raw(at_s), .sent = truth(reads_s)});
}

#endif
