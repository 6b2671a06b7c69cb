/* discipline/discipline.h -- what time it is, as an interval, and what each edge of it rests on.
 *
 *   a tick stamped s, in error by e at most, that arrived at m   proves  UTC(m) >= s - e
 *   an answer to a question that was sent at m                   proves  UTC(m) <= received + e
 *
 * Nothing else is a bound.  A relay, a bridge, a queue or a held message widens what an answer
 * leaves open, and falsifies nothing.  Both are proofs against delay, replay and brokers, not
 * against the beacon that signed: so of n sources with f = (n - 1) / 2, rounded down, `earliest` is
 * the (f + 1)-th largest of their earliest edges and `latest` the (f + 1)-th smallest of their
 * latest ones, which the truth lies between while more than half are honest.  For an edge that is
 * called proved, n is all the beacons that the root names, heard or not: whoever silences the
 * honest ones gains nothing.  Where too few are heard for that, n is those that are, and what they
 * say is an assumption; so is what a kernel says of its own clock, and both are called one.
 *
 * Edges age on CLOCK_MONOTONIC_RAW, which no time daemon slews, by 100 ppm either way: a rate that
 * was learned moves the best point and no edge.
 *
 * A constellation goes by the host and by its own beacons, never by another's.  Instants are TAI: a
 * leap second is nothing here.  Pure: clocks come in as values; nothing is allocated. */
#ifndef DISCIPLINE_DISCIPLINE_H
#define DISCIPLINE_DISCIPLINE_H

#include <stdbool.h>

#include "discipline/offset.h"
#include "instants/instant.h"

enum { DISCIPLINE_SOURCES_MAX = 32, DISCIPLINE_CONSTELLATIONS_MAX = 16 };

/* The host's clocks at one moment. */
struct discipline_clocks {
    mono now;             /* CLOCK_MONOTONIC: what timers go by */
    mono_raw raw;         /* CLOCK_MONOTONIC_RAW: what edges age on */
    utc host;             /* CLOCK_REALTIME */
    bool is_synchronised; /* the kernel says so, and gives a bound that means something */
    span bound;           /* its half-width, when synchronised */
    span slept; /* CLOCK_BOOTTIME - CLOCK_MONOTONIC: changes when the host was suspended */
};

/* What survives a restart, of one constellation; the caller keeps it on disk. */
struct discipline_memory {
    bool has_skew;
    double skew;       /* how much faster than UTC the raw clock runs: 20e-6 gains 20 us a second */
    double skew_doubt; /* its standard deviation when it was learned */
    instant floor;     /* it is certainly not earlier: the build date, or what a majority proved */
};

struct discipline_edge {
    bool is_known;
    mono_raw at;
    instant value;
};

struct discipline_source {
    bool in_use;
    size_t constellation;
    bool is_awaited; /* until awaited_until it counts though nothing was heard of it */
    mono_raw awaited_until;
    bool has_error;
    mono_raw heard;
    struct discipline_edge earliest, latest;
    struct discipline_edge reads; /* what its ticks read, errors left aside: proves nothing */
    bool was_ahead;               /* a stamp lay beyond its own latest edge, at ahead_at */
    mono_raw ahead_at;
    struct offset_points points;
    bool is_fitted, has_offset;
    struct offset offset; /* of the points, if fitted */
};

struct discipline_constellation {
    bool in_use;
    size_t beacons;  /* how many its root names, heard or not */
    instant expires; /* its newest root's: no floor passes it */
    struct discipline_memory memory;
};

struct discipline_options {
    /* An unsynchronised host that asks nobody may follow ticks by more than an hour. */
    bool trust_replay;
};

struct discipline {
    struct discipline_options options;
    span slept;
    bool has_slept;
    /* CLOCK_MONOTONIC against the raw one, since half a second ago or so. */
    bool has_pair;
    mono pair_now;
    mono_raw pair_raw;
    double mono_per_raw;
    struct discipline_constellation constellation[DISCIPLINE_CONSTELLATIONS_MAX];
    struct discipline_source *source; /* the caller's */
    size_t sources;
};

/* One tick that was not retained, not a duplicate, and whose signature was verified. */
struct discipline_sample {
    mono_raw arrived; /* read after the tick was, by ourselves: what it proves rests on this */
    span waited;      /* before that, by the word of who brought it: moves the best point alone */
    instant sent;
    bool has_error; /* false: the beacon itself does not know what time it is */
    span error;
};

/* One verified answer to a question of ours. */
struct discipline_answer {
    mono_raw asked; /* read before the question was written */
    instant received;
    instant sent; /* the answering tick's stamp; not before `received` */
    mono_raw arrived;
    span waited;
    span error;
};

enum discipline_heard {
    HEARD_GOOD,
    /* It reads later than it could by its own answer: the host stood still and no clock shows it,
     * or the beacon's clock was put ahead.  A question will tell. */
    HEARD_AHEAD,
    /* More than f sources are ahead: the host stood still, and what was heard before is void. */
    HEARD_AFTER_STANDSTILL,
    /* The beacon's own stamps contradict one another, and are dropped. */
    HEARD_AGAINST_ITSELF,
};

enum discipline_basis {
    BASIS_HOST,         /* the synchronised host clock, perhaps moved by what is proved */
    BASIS_BEACONS,      /* beacons; the host clock does not claim to know */
    BASIS_HOST_UNKNOWN, /* the host clock although nothing vouches for it */
};

enum discipline_rest {
    REST_NOTHING, /* the edge is unknown */
    REST_HOST,    /* assumed: the kernel's word */
    REST_FEW,     /* assumed: the word of beacons too few to outvote half of their root's */
    REST_BEACONS, /* proved, while more than half of the root's beacons are honest */
};

enum discipline_doubt {
    DOUBT_NONE,
    DOUBT_NOTHING_KNOWN, /* no source with a bound */
    DOUBT_NOT_VOUCHED,   /* ticks are heard, none was answered: the host may be ahead */
    DOUBT_FAR_BEHIND,    /* ticks read more than an hour later, and none was answered */
    DOUBT_NO_MAJORITY,   /* sources contradict one another: nothing was corrected */
    DOUBT_CAPPED,        /* a synchronised host was corrected by 2 s, and should be by more */
    DOUBT_BELOW_FLOOR,   /* the host reads earlier than is possible, and nobody knows better */
    DOUBT_TOGETHER,      /* beacons that do not know the time themselves are followed */
    DOUBT_MAY_BE_AHEAD,  /* most beacons' ticks read a second behind the synchronised host */
};

enum discipline_verdict {
    VERDICT_SILENT, /* nothing heard */
    VERDICT_AGREES,
    VERDICT_DISAGREES, /* outside what the majority says: named to people */
    VERDICT_UNBOUNDED, /* heard, but it does not know its own error, or only to a day */
};

/* Edges that are not known are INT64_MIN and INT64_MAX. */
struct discipline_interval {
    instant earliest, latest;
};

struct discipline_estimate {
    mono at;
    mono_raw raw;
    instant host; /* what the host's clock reads */
    instant best;
    double rate;              /* nanoseconds of TAI per nanosecond of CLOCK_MONOTONIC */
    instant earliest, latest; /* best is inside */
    enum discipline_rest earliest_rests, latest_rests;
    bool is_bounded; /* both edges are known */
    bool is_proved;  /* and proved */
    enum discipline_basis basis;
    enum discipline_doubt doubt;
    span correction;        /* best minus the host clock */
    span wanted;            /* what the sources would have it be */
    size_t beacons;         /* that the root names */
    size_t heard, agreeing; /* of them */
    /* The ticks of more than half of the root's beacons, two at least, all read more than a second
     * behind this synchronised host. */
    bool may_be_ahead;
    /* What most of the sources that are heard say, whatever the estimate makes of it; of how
     * many. */
    struct discipline_interval joint;
    size_t joined;
    enum discipline_verdict verdict[DISCIPLINE_SOURCES_MAX];
    struct discipline_interval source[DISCIPLINE_SOURCES_MAX]; /* of those heard */
};

/* With room for so many sources, at most DISCIPLINE_SOURCES_MAX, which the caller gives. */
void discipline_init(struct discipline *discipline, const struct discipline_options *options,
                     struct discipline_source *source, size_t sources);

/* A constellation whose root names so many beacons.  memory is taken when it is new. */
void discipline_join(struct discipline *discipline, size_t constellation, size_t beacons,
                     instant expires, const struct discipline_memory *memory);

/* A place for a beacon of this constellation, empty. */
void discipline_add(struct discipline *discipline, size_t source, size_t constellation);

/* The beacon is not to be believed any more (it was caught lying, or its key is gone). */
void discipline_drop(struct discipline *discipline, size_t source);

/* The beacon was asked for the first time: until then it counts as one that says nothing, so that
 * whoever answers first is not alone. */
void discipline_await(struct discipline *discipline, size_t source, mono_raw until);

enum discipline_heard discipline_hear(struct discipline *discipline, size_t source,
                                      const struct discipline_sample *sample);

/* `received` later than `sent`, or the other things that tocsin-ticks(5) refuses, are the caller's
 * to refuse. */
enum discipline_heard discipline_hear_answer(struct discipline *discipline, size_t source,
                                             const struct discipline_answer *answer);

/* Looks at the clocks: after a suspension everything heard is void.  Returns whether there was one.
 * Call it before the other functions in each step. */
bool discipline_notice(struct discipline *discipline, const struct discipline_clocks *clocks);

/* What time it is for a constellation; host: clocks->host as TAI.  Updates its memory: the skew
 * once it is known to 15 ppm, and the floor when more than half of all the root's beacons, and the
 * host if it is synchronised, stand behind it, two of them at least. */
void discipline_estimate(struct discipline *discipline, size_t constellation,
                         const struct discipline_clocks *clocks, instant host,
                         struct discipline_estimate *out);

/* When the monotonic clock will read an instant (rounded up: never before), and the reverse. */
mono discipline_when(const struct discipline_estimate *estimate, instant at);
instant discipline_at(const struct discipline_estimate *estimate, mono at);

#endif
