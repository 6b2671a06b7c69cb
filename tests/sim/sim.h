/* sim.h -- a simulated world for the real minds: beacons (herald), brokers, listeners (listener),
 * their clocks, the paths between them, their disks, and those who wish them ill.
 *
 * Time is a number.  What happens is a queue of events ordered by instant, and of one instant by
 * the order in which they were put in; every party draws from its own stream of random numbers,
 * made from the seed and its name.  So a seed tells the whole story, and tells it again byte for
 * byte: `digest` runs over every event, step and start.
 *
 * The world's axis is true UTC in nanoseconds, without a jump at a leap second (sim_utc has it).
 * The parts: queue.c, clocks.c, brokers.c, beacons.c, listeners.c, records.c, judge.c, verify.c. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <sodium.h>

#include "view_scene.h"

#include "herald/herald.h"
#include "listener/listener.h"
#include "simulated_link.h"
#include "ticks/questions.h"

enum {
    SIM_BEACONS_MAX = 6,
    SIM_BROKERS_MAX = 3,
    SIM_LISTENERS_MAX = 12,
    SIM_MARKS_MAX = 16,
    SIM_STARTS_MAX = 8,
    SIM_VIEWS_MAX = 8,
    SIM_HEARD_MAX = 512, /* ticks that an eavesdropper keeps */
    SIM_TIMELINE_SIZE = 32768,
    SIM_STRANGER = 21, /* key numbers (forge.h) that no root names, from here on */
};

struct sim;

/* --- queue.c ---------------------------------------------------------------------------------- */

enum sim_message_kind { SIM_TICK, SIM_ANSWER, SIM_ASK, SIM_STATUS, SIM_RECORDS };

struct sim_message {
    unsigned references;
    enum sim_message_kind kind;
    size_t beacon; /* whose topic */
    size_t asker;  /* ASK, ANSWER: the listener */
    bool is_up;
    uint64_t records; /* RECORDS: bit n is record n */
    size_t size;
    uint8_t bytes[TICK_SIZE_MAX + 512];
};

struct sim_event {
    int64_t at;
    uint64_t order;
    void (*run)(struct sim *sim, const struct sim_event *event);
    size_t who, link;
    uint32_t generation; /* the event is void when its owner has moved on */
    bool flag;
    int64_t value;
    struct sim_message *message;
};

struct sim_queue {
    struct sim_event *event;
    size_t count, size;
    uint64_t next_order;
};

void sim_schedule(struct sim *sim, struct sim_event event);
bool sim_pop(struct sim *sim, struct sim_event *out);
struct sim_message *sim_message_new(enum sim_message_kind kind, size_t beacon);
struct sim_message *sim_message_keep(struct sim_message *message);
void sim_message_drop(struct sim_message *message);

/* --- clocks.c --------------------------------------------------------------------------------- */

struct sim_clock {
    int64_t at; /* true time of the readings below */
    int64_t raw, mono, host;
    double raw_rate; /* what the quartz gains */
    double rate;     /* what the other two gain, which a time service slews */
    double slew;     /* and more, in this moment */
    double base_rate, wander;
    bool is_synchronised, is_honest;
    int64_t bound, slept;
    bool has_paused;   /* and no clock shows it */
    int64_t paused_at; /* the raw reading at which it did last */
};

enum { SIM_CLOCK_PERIOD_S = 64 }; /* rates change this often */

/* A clock that nobody sets: off by a constant, running at its own rate, wandering a little. */
void sim_clock_free(struct sim *sim, struct sim_clock *clock, int64_t off_ns, double rate,
                    double wander);
/* One that a time service holds within its bound, slewing it gently over its quartz. */
void sim_clock_held(struct sim *sim, struct sim_clock *clock, int64_t bound_ns, double share);
void sim_clock_wander(struct sim *sim, struct sim_clock *clock, struct chance *chance);
mono sim_clock_mono(const struct sim *sim, const struct sim_clock *clock);
mono_raw sim_clock_raw(const struct sim *sim, const struct sim_clock *clock);
utc sim_clock_host(const struct sim *sim, const struct sim_clock *clock);
/* True time at which the monotonic clock will read this; now at the earliest. */
int64_t sim_clock_when(const struct sim *sim, const struct sim_clock *clock, mono reading);
void sim_clock_step(struct sim *sim, struct sim_clock *clock, int64_t by_ns);
void sim_clock_sleep(struct sim *sim, struct sim_clock *clock, int64_t for_ns);
/* A time daemon slews the host's clock by this much more, and with it the monotonic one. */
void sim_clock_slew(struct sim *sim, struct sim_clock *clock, double by);
/* All of them stand still, and nothing tells that they did: a virtual machine is moved. */
void sim_clock_pause(struct sim *sim, struct sim_clock *clock, int64_t for_ns);
/* The monotonic clock begins anew; the host's runs on. */
void sim_clock_boot(struct sim *sim, struct sim_clock *clock);

/* --- brokers.c -------------------------------------------------------------------------------- */

/* Begins to connect, and tries again for as long as its owner runs. */
void sim_connect(struct sim *sim, bool is_beacon, size_t who, size_t broker, int64_t after_ns);
/* One party's connection to one broker. */
struct sim_path {
    bool is_used, is_up;
    uint32_t generation;
    unsigned tries;
    struct profile profile;
    struct simulated_path road;
    struct simulated_link up, down;
};

struct sim_broker {
    bool is_up;
    struct chance chance;
    int64_t forward_ns, each_ns; /* for the first subscriber, and for each one before */
    unsigned ahead;  /* subscribers of the ticks that stand before the first one told of here */
    int64_t hold_ns; /* a hostile or broken broker: every message waits */
    int64_t hold_answers_ns;
    double drop, duplicate, reorder;
    struct sim_message *retained_tick[SIM_BEACONS_MAX], *retained_records;
};

/* One broker hands on to another what its beacons publish, and takes questions from there. */
struct sim_bridge {
    struct profile profile;
    struct simulated_path road;
    struct simulated_link up, down;
    size_t from, to;
};

/* Beacons then keep away from `to`, as a site behind a bridge has it.  The bridge begins now. */
void sim_bridge(struct sim *sim, size_t from, size_t to, const struct profile *profile);
/* It comes up again: what is retained there is sent once more, and passed on like new. */
void sim_bridge_again(struct sim *sim, size_t bridge);
void sim_path_use(struct sim_path *path, const struct profile *profile);
int64_t sim_carry(struct sim *sim, struct simulated_link *link, int64_t at);
/* A message has reached the broker. */
void sim_publish(struct sim *sim, size_t broker, struct sim_message *message);
/* Bytes on a tick topic by somebody who is no beacon. */
void sim_inject(struct sim *sim, size_t broker, const uint8_t *bytes, size_t size, bool retained);
void sim_broker_down(struct sim *sim, size_t broker);
void sim_broker_up(struct sim *sim, size_t broker);

/* --- beacons.c -------------------------------------------------------------------------------- */

struct sim_beacon {
    struct chance chance;
    struct forge_key key;
    struct herald herald;
    struct sim_clock clock;
    bool is_running, has_error;
    bool is_honest;       /* never lied, in this run */
    bool is_neighbour;    /* of the other constellation */
    int64_t lie_ns;       /* added to its clock */
    bool is_equivocating; /* signs a second, different tick of each number */
    uint32_t generation;
    int64_t wake_at, attend_at;
    uint64_t known; /* records */
    struct sim_path path[SIM_BROKERS_MAX];
    struct tick_question question[SIM_BROKERS_MAX][64];
    struct tick_questions questions[SIM_BROKERS_MAX];
    uint8_t nonce[SIM_BROKERS_MAX][64][TICK_NONCE_SIZE];
    size_t asker[SIM_BROKERS_MAX][64], asked[SIM_BROKERS_MAX];
};

size_t sim_add_beacon(struct sim *sim, const struct profile *profile);
/* A second constellation that all listeners follow, of so many beacons, with a window at
 * `start`. */
void sim_add_neighbours(struct sim *sim, size_t beacons, utc start);
const struct record_id *sim_root_of(const struct sim *sim, const struct sim_beacon *beacon);
void sim_beacon_start(struct sim *sim, size_t beacon);
void sim_beacon_stop(struct sim *sim, size_t beacon);
void sim_beacon_learn(struct sim *sim, size_t beacon, uint64_t records);
void sim_beacon_hear(struct sim *sim, const struct sim_event *event);
void sim_beacon_link(struct sim *sim, size_t beacon, size_t broker, bool is_up);

/* --- listeners.c ------------------------------------------------------------------------------ */

struct sim_start {
    struct listener_name name;
    int64_t at;    /* true */
    utc start;     /* what the record says */
    int64_t error; /* true UTC at the release less the start, latency taken off */
};

/* The process between a broker and the listener. */
struct sim_ear {
    enum { EAR_GOOD, EAR_HANGS, EAR_STARVES, EAR_LIES } is;
    int64_t until;
    int64_t last; /* true time at which it handed over the last message */
};

struct sim_pending_mark {
    struct listener_mark mark;
    uint64_t id;
};

struct sim_listener {
    char name[24];
    struct record_id root; /* of the first constellation */
    struct chance chance;
    struct sim_clock clock;
    struct listener mind;
    _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE];
    struct listener_update update;
    struct listener_options options;
    bool is_running;
    uint32_t generation;
    int64_t asleep_until, wake_at;
    struct sim_path path[SIM_BROKERS_MAX];
    struct sim_ear ear[SIM_BROKERS_MAX];
    unsigned deaf; /* bit n: beacon n does not reach it */
    uint64_t known;
    mono viewed_at;
    instant view_at;
    /* the disk */
    struct listener_mark disk[SIM_MARKS_MAX];
    size_t disk_count;
    struct listener_mark found[SIM_MARKS_MAX]; /* on it, when this run began */
    size_t found_count;
    mono found_at;
    struct sim_pending_mark pending[SIM_MARKS_MAX];
    size_t pending_count;
    struct listener_memory memory[LISTENER_CONSTELLATIONS_MAX];
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t memory_count, newest_count;
    int64_t sync_ns; /* how long it takes to make a mark durable */
    /* the fire thread */
    uint64_t released[32];
    size_t released_count;
    uint32_t fire_generation;
    int64_t report_ns; /* from the release until the mind hears of it */
    /* what is judged */
    struct sim_start start[SIM_STARTS_MAX];
    size_t start_count;
    uint64_t asks, proofs, news[NEWS_KINDS];
    int64_t disturbed_at; /* crash, sleep, step, or a jump of its own estimate */
    int64_t knows_since;  /* of the records that it knows now */
    instant last_best, last_floor;
    mono last_at;
    enum discipline_doubt last_doubt;
};

size_t sim_add_listener(struct sim *sim, const char *name, const struct profile *profile);
void sim_listener_start(struct sim *sim, size_t listener);
/* Like kill -9: what was not durable yet may or may not be on disk. */
void sim_listener_crash(struct sim *sim, size_t listener);
/* The host itself starts anew, and with it its monotonic clock. */
void sim_listener_power_cut(struct sim *sim, size_t listener);
void sim_listener_sleep(struct sim *sim, size_t listener, int64_t for_ns);
void sim_listener_step_clock(struct sim *sim, size_t listener, int64_t by_ns);
void sim_listener_learn(struct sim *sim, size_t listener, uint64_t records);
void sim_listener_hear(struct sim *sim, const struct sim_event *event);
void sim_listener_link(struct sim *sim, size_t listener, size_t broker, bool is_up);
void sim_cut(struct sim *sim, size_t listener, size_t broker, int64_t for_ns);
/* From now on, for so long; one that hangs is noticed after ten seconds and started again. */
void sim_ear(struct sim *sim, size_t listener, size_t broker, int is, int64_t for_ns);

/* --- records.c -------------------------------------------------------------------------------- */

struct sim_view {
    uint64_t records;
    int64_t bucket;
    struct view *view;
};

/* What a true record of the story says about its one occurrence. */
struct sim_truth {
    bool is_true; /* two organizers signed it */
    bool is_cancel;
    unsigned uid, seq;
    utc start;
};

/* Two of three organizers must sign; signers: how many of them do.  The record's number. */
size_t sim_add_window(struct sim *sim, unsigned uid, size_t prev, utc start, int64_t for_s,
                      size_t signers);
size_t sim_add_cancel(struct sim *sim, size_t window, size_t signers);
size_t sim_put(struct sim *sim, struct record *record, const unsigned *by, struct sim_truth truth);
const struct view *sim_view(struct sim *sim, uint64_t records, utc now);
/* What the true ones among the records say; false: nothing is to be started. */
bool sim_truth(const struct sim *sim, uint64_t records, unsigned uid, utc *start);

/* --- judge.c ---------------------------------------------------------------------------------- */

void sim_judge_step(struct sim *sim, size_t listener);
void sim_judge_release(struct sim *sim, size_t listener, const struct listener_shot *shot);
/* At the end: who had every reason to start has started. */
void sim_judge_end(struct sim *sim);
void sim_violate(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- verify.c --------------------------------------------------------------------------------- */

/* How often ticks were verified, and how often the real tick_verify was asked (verify.c). */
struct sim_verified {
    uint64_t asked, decided;
};
extern struct sim_verified sim_verified;

/* --- the world -------------------------------------------------------------------------------- */

struct sim {
    uint64_t seed, digest, steps, ticks, forged;
    int64_t begin, now;
    int64_t leap_at; /* INT64_MAX: no leap second is inserted */
    utc zero;        /* the timeline counts from here */
    struct leap_table leap;
    struct chance chance; /* for the story itself */
    struct sim_queue queue;
    struct constellation records;
    struct sim_truth truth[64];
    struct sim_view view[SIM_VIEWS_MAX];
    size_t view_next;
    struct sim_beacon beacon[SIM_BEACONS_MAX];
    size_t beacon_count;
    struct sim_broker broker[SIM_BROKERS_MAX];
    size_t broker_count;
    struct sim_bridge bridge[SIM_BROKERS_MAX];
    size_t bridge_count;
    struct view_anchor neighbours; /* their root; none: there are none */
    uint64_t neighbours_known;     /* their records, which everybody knows */
    struct sim_listener listener[SIM_LISTENERS_MAX];
    size_t listener_count;
    struct sim_message *heard[SIM_HEARD_MAX]; /* what an eavesdropper at a broker has */
    size_t heard_count;
    bool keeps_heard;
    enum cadence cadence;
    bool judges_truth; /* sources are honest or known not to be */
    uint64_t truths_judged, hosts_judged;
    uint64_t told_news; /* bit n: news of kind n is written down */
    char timeline[SIM_TIMELINE_SIZE];
    size_t timeline_size;
    char violation[400]; /* the first one */
    int64_t largest_error;
};

/* A world with this many beacons (their root names them all) and brokers, on the day of `zero`,
 * `before` earlier; nothing runs yet.  The same storage can be opened again after sim_close. */
void sim_open(struct sim *sim, uint64_t seed, const char *zero, double before_s, size_t beacons,
              size_t brokers);
void sim_close(struct sim *sim);

struct chance sim_chance(uint64_t seed, unsigned kind, size_t number);
utc sim_utc_at(const struct sim *sim, int64_t at);
/* The world's axis knows no leap second. */
instant sim_tai(const struct sim *sim);
/* The place of the first constellation in its mind. */
size_t sim_constellation(const struct sim_listener *listener);
/* What time the listener believes it to be there. */
const struct discipline_estimate *sim_estimate(const struct sim_listener *listener);
static inline utc sim_utc(const struct sim *sim)
{
    return sim_utc_at(sim, sim->now);
}

/* Lives until this many seconds relative to zero. */
void sim_run(struct sim *sim, double until_s);
/* Calls back at this many seconds relative to zero. */
void sim_at(struct sim *sim, double at_s, void (*run)(struct sim *, const struct sim_event *),
            size_t who, int64_t value);
int64_t sim_true_at(const struct sim *sim, double at_s);
void sim_mix(struct sim *sim, uint64_t value);
void sim_tell(struct sim *sim, const char *who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
