/* listener/listener.h -- the listener's mind: a step function from events to what should be done.
 *
 * It hears verified records (as a view) and ticks (as bytes, which it verifies itself), knows what
 * time it is within a doubt, and says which shots should be set, which marks made durable, which
 * questions asked.  The declaration is the authority; ticks only correct the clock, and nothing
 * here waits for a message.
 *
 *   WAITING --T-10 min: mark asked, mark durable--> ARMED --shot released--> RELEASED --end--> OVER
 *      |  \--known only after T-0--> JOINED --end--> OVER
 *      \--a mark of an earlier run--> BEFORE --end--> OVER
 *
 * Nothing is released before a FIRING mark is durable (mark.h); it is asked for at T-10 s, so that
 * a host that starts anew before that still rings, and a disk has ten seconds to write it.
 *
 * The caller gives the storage, room for as much as it is to hold at once; a step allocates nothing
 * and cannot fail. */
#ifndef LISTENER_LISTENER_H
#define LISTENER_LISTENER_H

#include <stddef.h>

#include "discipline/discipline.h"
#include "listener/gather.h"
#include "listener/news.h"
#include "ticks/answer.h"
#include "ticks/tick.h"
#include "view/view.h"

enum {
    LISTENER_OCCURRENCES_MAX = 256,
    LISTENER_BEACONS_MAX = DISCIPLINE_SOURCES_MAX,
    LISTENER_CONSTELLATIONS_MAX = DISCIPLINE_CONSTELLATIONS_MAX,
    LISTENER_LINKS_MAX = 4,
    LISTENER_SESSIONS_MAX = 8, /* of one beacon: ordinary and answering ones */
    LISTENER_MARKS_MAX = 1024,
    LISTENER_NEWS_MAX = 16,
    LISTENER_SHOTS_MAX = LISTENER_OCCURRENCES_MAX, /* nobody's start takes another's place */
    LISTENER_OPEN_MAX = 16,  /* questions to one beacon that may still be answered */
    LISTENER_LATE_MAX_S = 2, /* a shot is released up to so late, and then no more */
};

/* A beacon's newest believed stamp, kept on disk so that it never goes back. */
struct listener_newest {
    struct record_id root;
    struct record_key_id key;
    utc time;
};

/* What was learned with one constellation's beacons, kept on disk. */
struct listener_memory {
    struct record_id root;
    bool has_skew;
    double skew, skew_doubt; /* as struct discipline_memory has them */
    utc floor;
};

struct listener_options {
    struct listener_site site;
    struct leap_table leap;
    bool no_ask;       /* never ask a beacon what time it is */
    bool trust_replay; /* then follow ticks by more than an hour */
    struct listener_memory memory[LISTENER_CONSTELLATIONS_MAX];
    size_t memory_count;
    utc floor; /* of those that are not in memory: the build date */
    struct listener_boot boot;
    uint8_t nonce_seed[32]; /* random, secret: questions are made from it */
};

enum listener_event_kind {
    LISTENER_CLOCKS,  /* time has passed */
    LISTENER_RECORDS, /* a new view of the records */
    LISTENER_LINK,    /* a broker was reached or lost */
    LISTENER_TICK,    /* a message on a tick topic */
    LISTENER_ANSWER,  /* a message on an answer topic */
    LISTENER_STATUS,  /* a beacon's status message: it runs, or its will says that it is gone */
    LISTENER_MARKED,  /* the mark asked for is durable */
    LISTENER_FIRED,   /* the fire thread released a shot */
    LISTENER_PROOF,   /* two ticks that an earlier run kept as the proof that a beacon lies */
};

struct listener_event {
    enum listener_event_kind kind;
    struct discipline_clocks clocks;
    size_t link; /* LINK, TICK, ANSWER, STATUS: which broker */
    const struct view *view;
    bool is_up; /* LINK; STATUS: the beacon is there */
    /* TICK, ANSWER; PROOF: the first tick */
    const uint8_t *bytes;
    size_t size;
    bool is_retained;
    mono_raw arrived; /* read after the message was, by whoever brings it; proves nothing, for that
                         is counted from when it is brought */
    bool has_root;    /* RECORDS: the view counts for this root alone, made at its own time */
    /* STATUS, ANSWER: as the topic says */
    struct record_id root;
    struct record_key_id beacon;
    /* MARKED, FIRED */
    uint64_t id;
    mono released;
    /* PROOF */
    const uint8_t *second;
    size_t second_size;
    const char *where; /* for people */
};

struct listener_shot {
    uint64_t id;
    mono target;
    /* To be prepared, not to be released: its mark is not durable yet, or it is out. */
    bool is_held;
};

struct listener_update {
    /* To do in this order. */
    struct listener_news news[LISTENER_NEWS_MAX + 1]; /* the last: for what there is no room for */
    size_t news_count;
    /* These lie in the listener's room, until its next step. */
    struct listener_mark *mark; /* make durable, then send MARKED with id */
    uint64_t *mark_id;          /* 0: nobody waits for it */
    size_t mark_count;
    struct listener_shot *shot; /* all that should be set now, and no others */
    size_t shot_count;
    bool save_memory; /* skew, floor and newest stamps have changed enough to be worth keeping */
    bool has_ask;     /* publish ask on the link, after subscribing to its answer */
    size_t ask_link;
    struct record_key_id ask_beacon;
    struct record_id ask_root;
    uint8_t ask_nonce[TICK_NONCE_SIZE];
    bool has_proof; /* two ticks that prove a beacon lies: keep them */
    struct record_key_id proof_beacon;
    struct record_id proof_root; /* of this constellation: another may name a beacon with that id */
    const uint8_t *proof[2];     /* borrowed from the event and the state */
    size_t proof_size[2];
    mono wake; /* step again no later, with CLOCKS */
};

/* What was heard and refused. */
struct listener_counts {
    uint64_t heard, retained, duplicate, replayed, malformed, foreign, unknown_key, bad_signature,
        by_liars, unasked, unjudged;
};

/* How many signatures of one kind that one broker brings may still turn out wrong: whoever brings
 * forgeries is not judged for a while, and whoever does not is.  Apart by what tells strangers from
 * who was heard before, so that a flood of the former drowns none of the latter. */
enum listener_kind_of_tick { TICK_OF_A_NEW_SESSION, TICK_OF_A_KNOWN_ONE, TICK_IN_AN_ANSWER };
enum { LISTENER_KINDS_OF_TICK = TICK_IN_AN_ANSWER + 1 };
struct listener_trust {
    bool has_begun;
    mono_raw at;
    double left;
};

/* Two ticks that prove a lie, if the signatures on them are those of the key that a root names. */
struct listener_proof {
    struct record_key_id beacon;
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    char where[LISTENER_WHERE_SIZE];
};

struct listener_session {
    bool in_use;
    uint8_t id[8];
    uint32_t counter;
    instant time;
    mono_raw heard;
    size_t size;
    uint8_t
        bytes[TICK_SIZE_MAX]; /* the last tick: half of a proof, and the next one's `previous` */
};

struct listener_question {
    bool is_open;
    size_t link;
    mono_raw asked;
    uint8_t nonce[TICK_NONCE_SIZE];
};

/* What one beacon is asked, and when (ask.c). */
struct listener_asking {
    unsigned asked, unanswered; /* since the first or since all was void; since the last answer */
    mono_raw first, last;
    bool is_urgent; /* ask once more, soon */
    double draw;    /* 0 to 1: where within its spread the next one lies */
    uint64_t burst; /* their first bytes, and with them the topic, are one burst's */
    uint32_t number;
    struct listener_question question[LISTENER_OPEN_MAX]; /* a ring */
    size_t next;
};

struct listener_beacon {
    bool in_use;
    size_t constellation;
    struct record_public_key key;
    char name[LISTENER_NAME_SIZE];
    bool is_liar;
    bool was_contrary; /* people were told that the majority contradicts it */
    bool has_told;     /* at `told`, that or something else about its clock */
    mono_raw told;
    bool is_silent;       /* said to be lost, or not heard for three times its cadence */
    uint64_t called_lost; /* unsigned, and it was heard all the same */
    utc newest;           /* its newest stamp that a majority stands behind */
    bool has_newest;
    mono_raw heard; /* the last good tick, over this link */
    size_t link;
    bool was_heard;
    uint32_t next_ms;
    struct tick tick; /* the last good one, for display */
    struct listener_session session[LISTENER_SESSIONS_MAX];
    struct listener_asking asking;
};

/* One root given by hand: its time, from the host and from its own beacons. */
struct listener_constellation {
    bool in_use;
    struct record_id root;
    char name[LISTENER_NAME_SIZE];
    struct discipline_estimate estimate; /* of the last step */
    enum discipline_doubt told_doubt;
    bool has_told_doubt;
    uint64_t left_out; /* how often one that was near was found without room */
};

/* A shot that was set lately: its report may come when the occurrence is no longer in force. */
struct listener_set {
    uint64_t id; /* 0: none */
    struct listener_name name;
    utc start;
};

/* Where a listener keeps what there may be many of: no more than these numbers at once.  Made by
 * listener_room_in. */
struct listener_room {
    size_t
        occurrences; /* of all constellations: the nearest ones; a start of each may be planned */
    size_t beacons;  /* and as many proofs */
    size_t marks;    /* of what rang: the latest ones */
    struct listener_occurrence *occurrence;
    struct listener_occurrence *gathered; /* as many, needed in steps with RECORDS alone: the
                                             caller's to lend */
    struct listener_set *set;             /* twice as many */
    struct listener_mark *asked;          /* struct listener_update's */
    uint64_t *asked_id;
    struct listener_shot *shot;
    struct listener_beacon *beacon;
    struct discipline_source *source;
    struct listener_proof *proof;
    struct listener_mark *mark;
};

/* What there is never need for more of. */
#define LISTENER_ROOM_SIZE                                                                         \
    (LISTENER_OCCURRENCES_MAX *                                                                    \
         (2 * sizeof(struct listener_occurrence) + 2 * sizeof(struct listener_set) +               \
          sizeof(struct listener_mark) + sizeof(uint64_t) + sizeof(struct listener_shot)) +        \
     LISTENER_BEACONS_MAX * (sizeof(struct listener_beacon) + sizeof(struct discipline_source) +   \
                             sizeof(struct listener_proof)) +                                      \
     LISTENER_MARKS_MAX * sizeof(struct listener_mark) + 10 * _Alignof(max_align_t))

/* A block of this size, aligned as malloc does, is room for so many, `gathered` apart. */
size_t listener_room_size(size_t occurrences, size_t beacons, size_t marks);
struct listener_room listener_room_in(void *block, size_t occurrences, size_t beacons,
                                      size_t marks);

/* In a block of LISTENER_ROOM_SIZE. */
struct listener_room listener_room_for_all(void *block);

struct listener {
    struct listener_room room;
    struct listener_options options;
    struct discipline discipline;
    struct listener_constellation constellation[LISTENER_CONSTELLATIONS_MAX];
    mono at;      /* the last step */
    instant host; /* what the host's clock read then */
    bool has_stepped;
    struct listener_occurrence *occurrence; /* in its room, as all of these */
    size_t occurrence_count;
    struct listener_beacon *beacon;
    struct listener_mark *mark;
    size_t mark_count; /* before the first step: as found; then those that rang */
    bool has_judged_marks;
    size_t next_set; /* of a ring */
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t newest_count;
    size_t proof_count; /* of all so far, in a ring */
    bool is_link_up[LISTENER_LINKS_MAX];
    struct listener_trust trust[LISTENER_LINKS_MAX][LISTENER_CONSTELLATIONS_MAX]
                               [LISTENER_KINDS_OF_TICK];
    struct listener_counts counts;
    uint64_t next_id, bursts;
    mono saved_at;
};

/* marks and newest stamps as they were on disk; of marks that there is no room for the last
 * ones. */
void listener_init(struct listener *listener, const struct listener_room *room,
                   const struct listener_options *options, const struct listener_mark *mark,
                   size_t mark_count, const struct listener_newest *newest, size_t newest_count);

/* Goes on in a room that is no smaller; the one before may then be freed. */
void listener_move(struct listener *listener, const struct listener_room *room);

void listener_step(struct listener *listener, const struct listener_event *event,
                   struct listener_update *update);

/* An occurrence began in an earlier run, or by another program of this site, whether or not its
 * record is known: it is not rung here. */
void listener_forgo(struct listener *listener, const struct listener_mark *mark);

/* The question of this nonce was written no earlier than `at`: it waited since the step that asked
 * it, and what its answer proves is counted from then. */
void listener_sent(struct listener *listener, const uint8_t nonce[static TICK_NONCE_SIZE],
                   mono_raw at);

/* The occurrence that comes next or goes on, by its constellation's time; NULL when there is
 * none. */
const struct listener_occurrence *listener_next(const struct listener *listener);

/* What time it is for a constellation.  NULL, or one that is not known: for that of the next
 * occurrence, or for the host alone. */
const struct discipline_estimate *listener_estimate(const struct listener *listener,
                                                    const struct record_id *root);

/* The same as people write it. */
utc listener_now(const struct listener *listener, const struct record_id *root);
utc listener_utc(const struct listener *listener, instant at);

/* The one whose shot has this id; NULL when it is gone. */
const struct listener_occurrence *listener_find(const struct listener *listener, uint64_t id);

/* What was learned, to keep on disk. */
size_t listener_memories(const struct listener *listener,
                         struct listener_memory out[static LISTENER_CONSTELLATIONS_MAX]);

/* The newest stamps to keep on disk. */
size_t listener_newest_stamps(const struct listener *listener,
                              struct listener_newest out[static LISTENER_BEACONS_MAX]);

/* The 1st, 10th, 100th ...: a flood is news once in a while. */
bool listener_is_worth_telling(uint64_t count);

#endif
