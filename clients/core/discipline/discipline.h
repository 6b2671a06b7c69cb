/* discipline/discipline.h -- what time it is, as an interval that can be believed.
 *
 * UTC is estimated as [earliest, latest] with a best point inside, on the host's monotonic clock,
 * from the host's own clock (one source when its kernel claims synchronisation) and from any number
 * of beacons (each key one source, over any of several brokers).  Sources are joined by
 * intersection and majority, never by averaging.  A one-way message proves only that it is not
 * earlier than its stamp; the other side of the interval rests on the round trips, on the broker's
 * fan-out allowance, and on an answered question where one was asked.
 *
 * Pure: clocks come in as values; nothing is allocated. */
#ifndef DISCIPLINE_DISCIPLINE_H
#define DISCIPLINE_DISCIPLINE_H

#include "discipline/likely.h"
#include "discipline/line.h"
#include "instants/instant.h"

enum {
    DISCIPLINE_SOURCES_MAX = 16,
    DISCIPLINE_LINKS_MAX = 4, /* brokers over which one beacon is heard */
    DISCIPLINE_SAMPLES_MAX = 256,
};

/* The host's clocks at one moment. */
struct discipline_clocks {
    mono now;             /* CLOCK_MONOTONIC */
    utc host;             /* CLOCK_REALTIME */
    bool is_synchronised; /* the kernel says so, and gives a bound that means something */
    span bound;           /* its half-width, when synchronised */
    span slept; /* CLOCK_BOOTTIME - CLOCK_MONOTONIC: changes when the host was suspended */
};

/* What survives a restart; the caller keeps it on disk. */
struct discipline_memory {
    bool has_skew;
    double skew; /* how much faster than UTC the monotonic clock runs: 20e-6 gains 20 us a second */
    double skew_doubt; /* its standard deviation when it was learned */
    utc floor; /* it is certainly not earlier: the build date, or a later majority estimate */
};

struct discipline_sample {
    mono arrived;
    utc sent;
    bool has_error; /* false: the beacon itself does not know what time it is */
    span error;
    bool has_rtt; /* both of the following are known */
    span listener_rtt, beacon_rtt;
};

struct discipline_options {
    bool trust_replay; /* an unsynchronised host may follow beacons further than 2 s unasked */
};

/* A straight delay line of one beacon over one broker. */
struct discipline_link {
    struct line_point point[DISCIPLINE_SAMPLES_MAX]; /* a ring */
    size_t first, count;
    span rtt; /* smallest sum of both minimum round trips; meaningful if has_rtt */
    bool has_rtt;
    struct line line;
    double slope_doubt; /* half-width of what the slope may still be */
    span luck;          /* what of the line's height may be waiting */
    struct likely likely;
    double rtt_excess_ns; /* what the smallest round trip is above its floor, on average */
    /* An answer goes to one listener, a tick to all of them in turn, and the turn is always the
     * same: what the line lies above the answer is the wait in the broker's queue. */
    bool has_answer;
    struct line_point answer;
    span queue;
};

struct discipline_source {
    bool is_known;
    bool has_error;
    span error;
    bool has_fan_out;
    span fan_out; /* what the beacon measured at the end of its broker's queue */
    struct discipline_link link[DISCIPLINE_LINKS_MAX];
    /* The answered question: at vouch_at UTC was inside [vouch_earliest, vouch_latest]. */
    bool is_vouched;
    mono vouch_at;
    utc vouch_earliest, vouch_latest;
};

struct discipline {
    struct discipline_options options;
    struct discipline_memory memory;
    struct discipline_memory before; /* what was learned before the points now held were heard */
    span slept;
    bool has_slept;
    struct discipline_source source[DISCIPLINE_SOURCES_MAX];
};

enum discipline_basis {
    BASIS_HOST,         /* the synchronised host clock, perhaps narrowed by beacons */
    BASIS_BEACONS,      /* beacons; the host clock does not claim to know */
    BASIS_HOST_UNKNOWN, /* the host clock although nothing vouches for it */
};

enum discipline_doubt {
    DOUBT_NONE,
    DOUBT_NOTHING_KNOWN, /* no source with a bound */
    DOUBT_NO_MAJORITY,   /* sources contradict one another: nothing was corrected */
    DOUBT_UNASKED,       /* beacons are further than 2 s away and no question was answered */
    DOUBT_CAPPED,        /* a synchronised host was corrected by 2 s, and should be by more */
    DOUBT_BELOW_FLOOR, /* the host clock reads earlier than is possible, and nobody knows better */
};

enum discipline_verdict {
    VERDICT_SILENT, /* nothing heard */
    VERDICT_AGREES,
    VERDICT_DISAGREES, /* outside what the majority says: named to people */
    VERDICT_UNBOUNDED, /* heard, but it does not know its own error, or only to a day */
};

struct discipline_interval {
    utc earliest, latest, best;
};

struct discipline_estimate {
    mono at;
    utc best;
    double rate;          /* UTC nanoseconds per monotonic nanosecond */
    bool is_bounded;      /* the interval means something */
    utc earliest, latest; /* best is inside */
    enum discipline_basis basis;
    enum discipline_doubt doubt;
    span correction;        /* best minus the host clock */
    span wanted;            /* what the sources would have it be */
    size_t heard, agreeing; /* beacons */
    enum discipline_verdict verdict[DISCIPLINE_SOURCES_MAX];
    struct discipline_interval source[DISCIPLINE_SOURCES_MAX]; /* of those heard */
};

void discipline_init(struct discipline *discipline, const struct discipline_options *options,
                     const struct discipline_memory *memory);

/* One tick that was not retained, not a duplicate, and whose signature was verified. */
void discipline_hear(struct discipline *discipline, size_t source, size_t link,
                     const struct discipline_sample *sample);

/* The beacon's own measure of its broker's fan-out delay. */
void discipline_set_fan_out(struct discipline *discipline, size_t source, span fan_out);

/* A question asked at `asked` was answered by a tick stamped `sent` that arrived at `answered`: the
 * stamp was made between the two.  The only defence against a delay of everything, and the only way
 * to know the wait for one's turn in the broker's fan-out. */
void discipline_vouch(struct discipline *discipline, size_t source, size_t link, mono asked,
                      mono answered, utc sent, span error);

/* UTC has lost this much to a leap second: what was heard is counted by the new count. */
void discipline_leap(struct discipline *discipline, span step);

/* The beacon is not to be believed any more (it was caught lying, or its key is gone). */
void discipline_drop(struct discipline *discipline, size_t source);

/* Compares `slept` with the last call's: after a suspension all lines are void.  Returns whether
 * there was one. */
bool discipline_notice_sleep(struct discipline *discipline, const struct discipline_clocks *clocks);

/* What time it is.  Updates memory: the skew once it is known to 15 ppm, and the floor when a
 * majority of at least two sources stands behind it (one beacon alone never raises it). */
void discipline_estimate(struct discipline *discipline, const struct discipline_clocks *clocks,
                         struct discipline_estimate *out);

/* When the monotonic clock will read a UTC instant, and the reverse, by an estimate. */
mono discipline_when(const struct discipline_estimate *estimate, utc at);
utc discipline_utc_at(const struct discipline_estimate *estimate, mono at);

#endif
