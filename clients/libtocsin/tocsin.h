/* tocsin.h -- a listener of your own: for a lamp, a bell, a screen, a game, a phone.
 *
 * The library verifies records, ticks and answers exactly as tocsin-listen does (it is the same
 * mind), knows what time it is within a doubt, and says when to begin.  It opens no file and no
 * socket, reads no clock, starts no thread and prints nothing: you hand it bytes and clock
 * readings, and begin the gesture when your monotonic clock reaches begin_mono_ns.
 *
 *     struct tocsin *site = tocsin_new(&options);
 *     tocsin_anchor(site, root_file, root_size, why);      the root given to this site by hand
 *     tocsin_root(site, 0, &root);                         show root.line: people compare its words
 *     tocsin_records(site, bundle, bundle_size, &counts);  from a file, a letter, a web site
 *     for (;;) {
 *         tocsin_think(site, &clocks, &advice);            at least at advice.wake_mono_ns
 *         if (advice.has_next && advice.may_begin && mono >= advice.begin_mono_ns)
 * begin(advice.mark); while (tocsin_news(site, &news)) ...             what people should hear of
 *     }
 *
 * With brokers: connect to what tocsin_broker names, subscribe to what tocsin_topic names, hand
 * each message to tocsin_heard, and publish what tocsin_question gives.  Nothing ever waits for any
 * of that: with records alone it goes by the clock that you hand it.
 *
 * Not safe for use from two threads at once; two objects are independent.  Link: pkg-config tocsin,
 * or find_package(tocsin) and tocsin::tocsin.  The manual page is tocsin(3). */
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
    TOCSIN_LINE_SIZE = 384,
    TOCSIN_ID_SIZE = 65,
    TOCSIN_WORDS_SIZE = 24,
    TOCSIN_TOPIC_SIZE = 96,
    TOCSIN_URL_SIZE = 512,
    TOCSIN_QUESTION_SIZE = 32,
    TOCSIN_NEWS_SIZE = 512,
    TOCSIN_KEY_SIZE = 17,
    TOCSIN_NAME_SIZE = 64,
    TOCSIN_BROKERS_MAX = 4, /* connections that are told apart */
};

struct tocsin_options {
    const char *place;     /* this site's name in waves by place; NULL: none */
    const void *zone_tzif; /* this site's zone, the bytes of its TZif file; NULL: no local waves */
    size_t zone_size;
    const char *languages; /* preferred languages of titles, "it,en"; NULL: the plain title */
    int64_t latency_ns;    /* how long the lamp or speaker takes: the gesture begins that earlier */
    const uint8_t
        *secret;         /* 32 random bytes, new in each run: questions are made of them.  NULL: a
                            beacon is never asked, and a clock that nothing vouches for stays so */
    const uint8_t *boot; /* 16 bytes that name this run of the monotonic clock, the same after a
                            restart of the program (Linux: boot_id); NULL: not known */
    bool keeps_memory;   /* you save tocsin_memory when advice.must_save says so, and nothing begins
                            before; without it a restart in a gesture's last seconds may begin it
                            a second time */
    bool trust_replay;   /* an unsynchronised host follows ticks by more than an hour, unasked */
};

/* What the host's clocks say, at one moment. */
struct tocsin_clocks {
    int64_t mono_ns;      /* monotonic, good to 100 ppm; CLOCK_MONOTONIC_RAW is, where the other
                             one is slewed by a time daemon */
    int64_t utc_ns;       /* UTC since 1970, e.g. CLOCK_REALTIME */
    bool is_synchronised; /* the host claims to be, within bound_ns */
    int64_t bound_ns;
    int64_t
        slept_ns; /* how long the monotonic clock has stood still in sleep so far (CLOCK_BOOTTIME
                     less CLOCK_MONOTONIC): when it changes all that was heard is void */
};

/* A root given by hand, by its own content. */
struct tocsin_root {
    char id[TOCSIN_ID_SIZE];
    char words[TOCSIN_WORDS_SIZE]; /* the same for the ear */
    char name[TOCSIN_TITLE_SIZE];
    unsigned version, threshold;
    size_t organizers;
    char line[TOCSIN_LINE_SIZE]; /* all of it, as people compare it */
};

struct tocsin_counts {
    size_t records_new, records_known, signatures_new, signatures_known, refused;
};

/* Whether the records are known to be all.  Whoever keeps some back keeps the heartbeats of beacons
 * back too, which then are overdue; with one stolen key they can be forged, so it takes most. */
struct tocsin_freshness {
    size_t beacons; /* that the root names */
    size_t told;    /* of them, those that said what is in force and need not yet say it again */
    size_t needed;  /* more than half of them */
    bool is_stale;  /* fewer told than needed, though some ever did: something may have been changed
                       or called off since, and people should hear of it */
    bool has_until; /* some ever told: else there is nothing to miss, and no time */
    int64_t until_utc_ns; /* when fewer than needed are left of those that told; of a stale copy,
                             since when they are */
};

/* A message of a broker. */
struct tocsin_message {
    const char *topic;
    const void *bytes;
    size_t size;
    bool is_retained; /* MQTT's retain flag: for display, never for timing */
    unsigned broker;  /* below TOCSIN_BROKERS_MAX: which of your connections */
    int64_t mono_ns;  /* when it arrived, read after it was */
};

struct tocsin_topic {
    char name[TOCSIN_TOPIC_SIZE];
    int qos;
};

/* A question to a beacon: 32 bytes for `topic`, QoS 0, not retained, on that connection, at once.
 * Subscribe to `answer` before (the questions of one burst share it), and leave it after a
 * minute. */
struct tocsin_question {
    unsigned broker;
    char topic[TOCSIN_TOPIC_SIZE], answer[TOCSIN_TOPIC_SIZE];
    uint8_t bytes[TOCSIN_QUESTION_SIZE];
};

enum tocsin_rest {
    TOCSIN_RESTS_ON_NOTHING,
    TOCSIN_RESTS_ON_HOST,    /* an assumption: what you claim in struct tocsin_clocks */
    TOCSIN_RESTS_ON_FEW,     /* an assumption: beacons too few to outvote half of their root's */
    TOCSIN_RESTS_ON_BEACONS, /* proved, while more than half of the root's beacons are honest */
};

/* What is doubtful about the time; each has a sentence, advice.doubt. */
enum tocsin_doubt {
    TOCSIN_DOUBT_NONE,
    TOCSIN_DOUBT_NOTHING_KNOWN,
    TOCSIN_DOUBT_NOT_VOUCHED,
    TOCSIN_DOUBT_FAR_BEHIND,
    TOCSIN_DOUBT_NO_MAJORITY,
    TOCSIN_DOUBT_CAPPED,
    TOCSIN_DOUBT_BELOW_FLOOR,
    TOCSIN_DOUBT_TOGETHER,
    TOCSIN_DOUBT_MAY_BE_AHEAD,
};

struct tocsin_advice {
    bool has_next;         /* an occurrence in force lies ahead, or goes on now */
    bool is_late;          /* it had begun before we knew of it: join quietly, never ring */
    bool may_begin;        /* begin_mono_ns is a promise: near enough to be planned, mark durable */
    int64_t t0_utc_ns;     /* its start, as signed */
    int64_t end_utc_ns;    /* its end */
    int64_t begin_mono_ns; /* begin when the monotonic clock reaches this; never before */
    char title[TOCSIN_TITLE_SIZE];
    char gesture[TOCSIN_GESTURE_SIZE];
    char mark[TOCSIN_MARK_SIZE]; /* its name, see tocsin_began */

    int64_t now_utc_ns; /* the best estimate of UTC */
    bool is_bounded;    /* whether the next two mean anything */
    int64_t earliest_utc_ns, latest_utc_ns;
    enum tocsin_rest earliest_rests, latest_rests;
    enum tocsin_doubt doubt_kind;
    const char *doubt; /* one sentence, static; "" when there is none */

    bool must_save;       /* save tocsin_memory durably, then tell tocsin_saved */
    bool has_changed;     /* the list of windows, topics or brokers is another than before */
    int64_t wake_mono_ns; /* think again no later */
};

/* What became of an occurrence here. */
enum tocsin_state {
    TOCSIN_COMING,
    TOCSIN_ARMED,
    TOCSIN_BEGUN,  /* here, in this run */
    TOCSIN_JOINED, /* it had begun before it was known: never rings */
    TOCSIN_BEFORE, /* it was begun, or may have been, in an earlier run: never again */
    TOCSIN_OVER,
    TOCSIN_ELSEWHERE, /* a wave of another place, or of a zone that options did not give */
    TOCSIN_TENTATIVE, /* too few have signed: never rings */
    TOCSIN_OFF,       /* this occurrence is called off */
    TOCSIN_CANCELLED, /* its window is */
    TOCSIN_EXPIRED,
};

enum tocsin_wave { TOCSIN_WAVE_NONE, TOCSIN_WAVE_CLOCK, TOCSIN_WAVE_PLACE, TOCSIN_WAVE_DAY };

/* One occurrence of a window. */
struct tocsin_window {
    char mark[TOCSIN_MARK_SIZE]; /* the places of one wave share it: all but yours are ELSEWHERE */
    size_t root;                 /* as tocsin_root counts them */
    char title[TOCSIN_TITLE_SIZE];
    char gesture[TOCSIN_GESTURE_SIZE];
    const char *tone; /* static: "mourning" ... */
    enum tocsin_wave wave;
    bool has_t0; /* its instants here are known; else they are as if this were Greenwich */
    int64_t t0_utc_ns, end_utc_ns;
    int64_t duration_ns;
    enum tocsin_state state;
    bool is_contested; /* its window is: two declarations, the one before holds */
    bool is_alerted;   /* a change that its lock refused: a person should look */
    size_t signatures, threshold;
};

/* Texts of a window that may be long. */
enum tocsin_text {
    TOCSIN_TEXT_TITLE,
    TOCSIN_TEXT_TITLE_LANGUAGE, /* the tag of that title, "" for the plain one */
    TOCSIN_TEXT_ABOUT,
    TOCSIN_TEXT_RULE,
    TOCSIN_TEXT_URL,
    TOCSIN_TEXT_PLACE, /* waves by place */
    TOCSIN_TEXT_LOCAL, /* waves: what clocks there show, "2027-05-01 20:00:00" or "2027-05-01" */
    TOCSIN_TEXT_WHY, /* why it stands as it does, a sentence; of a cancelled one the reason given */
};

struct tocsin_beacon {
    char key[TOCSIN_KEY_SIZE], name[TOCSIN_NAME_SIZE];
    size_t root;
    bool is_heard, is_lost, is_liar, agrees;
};

enum tocsin_news_kind {
    TOCSIN_NEWS_ARMED,
    TOCSIN_NEWS_JOINED,
    TOCSIN_NEWS_MISSED,
    TOCSIN_NEWS_BEFORE,
    TOCSIN_NEWS_STARTED,
    TOCSIN_NEWS_ENDED,
    TOCSIN_NEWS_MOVED,
    TOCSIN_NEWS_WITHDRAWN,
    TOCSIN_NEWS_BEACON,
    TOCSIN_NEWS_LIAR,
    TOCSIN_NEWS_REFUSED,
    TOCSIN_NEWS_CLOCK,
    TOCSIN_NEWS_ALERT, /* of the records: a person should look */
};

struct tocsin_news {
    enum tocsin_news_kind kind;
    char mark[TOCSIN_MARK_SIZE]; /* of which occurrence; "" for none */
    char text[TOCSIN_NEWS_SIZE]; /* a sentence without a full stop */
};

/* --- the site --------------------------------------------------------------------------------- */

/* NULL for want of memory, or when zone_tzif is not a TZif file.  Free with tocsin_free. */
struct tocsin *tocsin_new(const struct tocsin_options *options);
void tocsin_free(struct tocsin *site);

/* Another place, zone and languages from now on; as in the options.  False, and nothing changes,
 * for want of memory or when zone_tzif is not a TZif file. */
bool tocsin_move(struct tocsin *site, const char *place, const void *zone_tzif, size_t zone_size,
                 const char *languages);

/* --- whom to believe, and what was declared --------------------------------------------------- */

/* The root that this site was given by hand: a raw root record, or what `tocsin root show --bundle`
 * wrote, also as text with an armoured bundle in it.  Of several versions in one file the oldest is
 * the anchor, and newer ones are accepted only as its organizers signed them; of several calls the
 * newest.  A file, or several calls, may hold up to 16 constellations.  Two different roots of one
 * version are refused, and so is a root whose threshold or keys are not sound. */
enum tocsin_result tocsin_anchor(struct tocsin *site, const void *bytes, size_t size,
                                 char why[TOCSIN_WHY_SIZE]);

/* The same where a person gave no file but an id (64 hexadecimal digits, from a link, a code, a
 * sheet of paper): of these bytes, whoever sent them, the root record of that very content is the
 * anchor, and no other. */
enum tocsin_result tocsin_anchor_by_id(struct tocsin *site, const char *id, const void *bytes,
                                       size_t size, char why[TOCSIN_WHY_SIZE]);

/* The n-th root that was given (from 0); false: there are no more. */
bool tocsin_root(const struct tocsin *site, size_t n, struct tocsin_root *out);

/* Records with their signatures (a sync stream, or text with an armoured one in it), from anywhere.
 * What does not verify, or belongs to no anchored root, is refused and counted; the rest is taken.
 * counts may be NULL. */
enum tocsin_result tocsin_records(struct tocsin *site, const void *bytes, size_t size,
                                  struct tocsin_counts *counts);

/* Whether the records of the n-th root, as tocsin_root counts them, are known to be all, at the
 * time of the last think: it changes with time alone, so ask after each.  All zero before the
 * first; false: there are no more roots. */
bool tocsin_freshness(const struct tocsin *site, size_t n, struct tocsin_freshness *out);

/* The n-th occurrence (from 0) that is not over, ascending by start; false: there are no more.  The
 * list is another one when advice.has_changed says so. */
bool tocsin_window(struct tocsin *site, size_t n, struct tocsin_window *out);

/* A text of the n-th; returns the length that the whole of it needs, as snprintf does. */
size_t tocsin_window_text(const struct tocsin *site, size_t n, enum tocsin_text which, char *out,
                          size_t size);

/* --- brokers and beacons ---------------------------------------------------------------------- */

/* The n-th broker that the roots name; false: there are no more. */
bool tocsin_broker(const struct tocsin *site, size_t n, char out[TOCSIN_URL_SIZE]);

/* The n-th topic to subscribe to, on every broker; false: there are no more. */
bool tocsin_topic(const struct tocsin *site, size_t n, struct tocsin_topic *out);

/* The n-th beacon that the roots name; false: there are no more. */
bool tocsin_beacon(const struct tocsin *site, size_t n, struct tocsin_beacon *out);

/* A broker was reached, or lost. */
void tocsin_link(struct tocsin *site, const struct tocsin_clocks *clocks, unsigned broker,
                 bool is_up);

/* A message, of whatever topic.  TOCSIN_REFUSED: nothing was learnt from it. */
enum tocsin_result tocsin_heard(struct tocsin *site, const struct tocsin_clocks *clocks,
                                const struct tocsin_message *message);

/* The next question to send; false: none is due.  Ask after each think, until none is left. */
bool tocsin_question(struct tocsin *site, struct tocsin_question *out);

/* A question was written to its connection when `mono_ns` had been read, and no earlier: to be told
 * where a queue or an event loop stands between the think and the write, for half of what passed
 * there counts as an error of the clock.  Of anything else than a question on its way, and of a
 * reading before its think, nothing is learnt. */
void tocsin_sent(struct tocsin *site, const uint8_t question[TOCSIN_QUESTION_SIZE],
                 int64_t mono_ns);

/* --- what to do ------------------------------------------------------------------------------- */

/* What to do now.  Allocates only where records or their time have changed; for want of memory it
 * goes on with what it knew, and tries again. */
void tocsin_think(struct tocsin *site, const struct tocsin_clocks *clocks,
                  struct tocsin_advice *out);

/* The n-th start that is planned (from 0): several may share one instant.  may_begin as in the
 * advice.  False: there are no more. */
bool tocsin_shot(const struct tocsin *site, size_t n, char mark[TOCSIN_MARK_SIZE],
                 int64_t *begin_mono_ns, bool *may_begin);

/* The oldest piece of news not yet taken; false: there is none.  At most 16 wait: more drive the
 * oldest out. */
bool tocsin_news(struct tocsin *site, struct tocsin_news *out);

/* This mark's gesture has begun, or may have: here now, in an earlier run, or by another program of
 * this site.  It is never advised again, whether or not its record is known yet.  False: not a
 * mark, or no memory to note it. */
bool tocsin_began(struct tocsin *site, const char *mark);

/* --- memory ----------------------------------------------------------------------------------- */

/* What must survive a restart: marks, the clock's rate, how late it certainly is, newest stamps,
 * what proves that a beacon lies, as text.  Returns the length that the whole of it needs, as
 * snprintf does. */
size_t tocsin_memory(struct tocsin *site, char *out, size_t size);

/* What tocsin_memory gave last is durable. */
void tocsin_saved(struct tocsin *site);

/* What tocsin_memory gave an earlier run, before the first clocks.  Later, or of another program of
 * this site, its marks alone are taken.  TOCSIN_REFUSED: not all of it is a memory; what is was
 * taken. */
enum tocsin_result tocsin_remember(struct tocsin *site, const char *text, size_t size);

/* The library's version, "0.1.0"; static. */
const char *tocsin_version(void);

#ifdef __cplusplus
}
#endif

#endif
