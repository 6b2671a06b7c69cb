/* tocsin.h -- a listener of your own: for a lamp, a bell, a screen, a game, a phone.
 *
 * The library verifies records and ticks exactly as tocsin-listen does (it is the same mind), knows
 * what time it is within a doubt, and says when to begin.  It opens no file and no socket, reads no
 * clock, starts no thread and prints nothing: you hand it bytes and clock readings, and begin the
 * gesture when your monotonic clock reaches begin_mono_ns.
 *
 *     struct tocsin *site = tocsin_new(&options);
 *     tocsin_anchor(site, root_file, root_size, why);      the root given to this site by hand
 *     tocsin_root(site, 0, line);                          show it: people compare its words
 *     tocsin_records(site, bundle, bundle_size, &counts);  from a file, or topic …/records/KEYID
 *     for (;;) {
 *         tocsin_tick(site, &clocks, tick, size, &arrival); each message on topic …/tick/KEYID
 *         tocsin_think(site, &clocks, &advice);             at least at advice.wake_mono_ns
 *         if (advice.has_next && clocks.mono_ns >= advice.begin_mono_ns) begin(advice.mark);
 *     }
 *
 * Nothing ever waits for a tick: with records alone it goes by the clock that you hand it.  Not
 * safe for use from two threads at once; two objects are independent.  Link: pkg-config tocsin. */
#ifndef TOCSIN_H
#define TOCSIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tocsin;

enum tocsin_result {
    TOCSIN_OK = 0,
    TOCSIN_REFUSED,   /* the bytes are not what they should be: `why` or the counts say more */
    TOCSIN_NO_MEMORY, /* what was taken stays; again is harmless */
};

enum {
    TOCSIN_WHY_SIZE = 256,
    TOCSIN_MARK_SIZE = 128, /* 64 + 1 + 32 + 1 + 16 characters and a NUL, with room */
    TOCSIN_TITLE_SIZE = 256,
    TOCSIN_GESTURE_SIZE = 64,
    TOCSIN_ROOT_SIZE = 384,
};

struct tocsin_options {
    const char *place;     /* this site's name in waves by place; NULL: none */
    const void *zone_tzif; /* this site's zone, the bytes of its TZif file; NULL: no local waves */
    size_t zone_size;
    const char *languages; /* preferred languages of titles, "it,en"; NULL: the plain title */
    int64_t latency_ns;    /* how long the lamp or speaker takes: the gesture begins that earlier */
    bool trust_replay;     /* an unsynchronised host follows ticks by more than an hour, unasked */
};

/* What the host's clocks say, at one moment. */
struct tocsin_clocks {
    int64_t mono_ns;      /* monotonic, good to 100 ppm; CLOCK_MONOTONIC_RAW is, where the other
                             one is slewed by a time daemon */
    int64_t utc_ns;       /* UTC since 1970, e.g. CLOCK_REALTIME */
    bool is_synchronised; /* the host claims to be, within bound_ns */
    int64_t bound_ns;
};

struct tocsin_arrival {
    int64_t mono_ns;  /* when the message arrived */
    bool is_retained; /* MQTT's retain flag: for display, never for timing */
    unsigned broker;  /* 0 to 3: which of your connections */
};

struct tocsin_counts {
    size_t records_new, records_known, signatures_new, signatures_known, refused;
};

struct tocsin_advice {
    bool has_next;         /* an occurrence in force lies ahead, or goes on now */
    bool is_late;          /* it had begun before we knew of it: join quietly, never ring */
    int64_t t0_utc_ns;     /* its start, as signed */
    int64_t end_utc_ns;    /* its end */
    int64_t begin_mono_ns; /* begin when the monotonic clock reaches this; never before */
    char title[TOCSIN_TITLE_SIZE];
    char gesture[TOCSIN_GESTURE_SIZE];
    char mark[TOCSIN_MARK_SIZE]; /* its name: keep it durably before you begin, see tocsin_began */

    int64_t now_utc_ns; /* the best estimate of UTC */
    bool is_bounded;    /* whether the next two mean anything */
    int64_t earliest_utc_ns, latest_utc_ns;
    const char *doubt;    /* one sentence, static; "" when there is none */
    int64_t wake_mono_ns; /* think again no later */
};

/* NULL for want of memory, or when zone_tzif is not a TZif file.  Free with tocsin_free. */
struct tocsin *tocsin_new(const struct tocsin_options *options);
void tocsin_free(struct tocsin *site);

/* The root that this site was given by hand: a raw root record, or what `tocsin root show --bundle`
 * wrote.  Of several versions in one file the oldest is the anchor, and newer ones are accepted
 * only as its organizers signed them; of several calls the newest.  A file, or several calls, may
 * hold up to 16 constellations.  Two different roots of one version are refused, and so is a root
 * whose threshold or keys are not sound. */
enum tocsin_result tocsin_anchor(struct tocsin *site, const void *bytes, size_t size,
                                 char why[TOCSIN_WHY_SIZE]);

/* What people compare, in a line: words and id of the n-th root (from 0) by its own content, its
 * version and threshold, its name.  False: there are no more. */
bool tocsin_root(const struct tocsin *site, size_t n, char out[TOCSIN_ROOT_SIZE]);

/* Records with their signatures (a sync stream), from anywhere.  What does not verify, or belongs
 * to no anchored root, is refused and counted; the rest is taken.  counts may be NULL. */
enum tocsin_result tocsin_records(struct tocsin *site, const void *bytes, size_t size,
                                  struct tocsin_counts *counts);

/* One message of a tick topic.  TOCSIN_REFUSED: not a tick of a beacon of these roots, replayed, or
 * by a beacon caught lying; nothing was learnt from it. */
enum tocsin_result tocsin_tick(struct tocsin *site, const struct tocsin_clocks *clocks,
                               const void *bytes, size_t size,
                               const struct tocsin_arrival *arrival);

/* What to do now.  Never allocates, never fails. */
void tocsin_think(struct tocsin *site, const struct tocsin_clocks *clocks,
                  struct tocsin_advice *out);

/* This mark's gesture has begun, or may have in an earlier run: it is never advised again.  Call it
 * when you begin, and at start-up with the marks that you kept.  False: not a mark. */
bool tocsin_began(struct tocsin *site, const char *mark);

/* The library's version, "0.1.0"; static. */
const char *tocsin_version(void);

#ifdef __cplusplus
}
#endif

#endif
