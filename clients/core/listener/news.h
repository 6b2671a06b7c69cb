/* listener/news.h -- what a listener has to tell people, as values: a fact, and the occurrence, the
 * beacon and the numbers that it speaks of.  Programs compare and count facts; news.c words them,
 * and nothing else does. */
#ifndef LISTENER_NEWS_H
#define LISTENER_NEWS_H

#include "discipline/discipline.h"
#include "listener/gather.h"

enum { LISTENER_NAME_SIZE = 64, LISTENER_WHERE_SIZE = 128, LISTENER_NEWS_SIZE = 512 };

/* What a fact is about. */
enum listener_news_kind {
    NEWS_ARMED,
    NEWS_JOINED,  /* late: not rung */
    NEWS_MISSED,  /* armed, and its start passed unheeded: not rung */
    NEWS_BEFORE,  /* an earlier run rang it, or may have */
    NEWS_STARTED, /* the shell adds the measured figures */
    NEWS_ENDED,   /* after it was started: its time is over, or it was called off */
    NEWS_MOVED,
    NEWS_WITHDRAWN, /* cancelled, contested, or no longer in force */
    NEWS_BEACON,    /* first heard, lost, back */
    NEWS_LIAR,
    NEWS_REFUSED, /* a tick, or a proof, that counts for nothing */
    NEWS_CLOCK,   /* doubt rose or fell; the host slept */
};
enum { NEWS_KINDS = NEWS_CLOCK + 1 };

/* What each one's `number` means stands beside it. */
enum listener_fact {
    /* of the occurrence */
    SAID_ARMED,
    SAID_TOO_NEAR,        /* seconds away, nearer than its latency */
    SAID_BEGAN_BEFORE,    /* seconds ago */
    SAID_OVER_ALREADY,    /* moved to where it is over, and not started */
    SAID_MISSED,          /* by seconds; it goes on */
    SAID_MISSED_AND_OVER, /* by seconds */
    SAID_STARTED_BEFORE,  /* by an earlier run */
    SAID_BEGUN,
    SAID_OVER,
    SAID_CALLED_OFF_AMID, /* while it goes on */
    SAID_MOVED,
    SAID_CALLED_OFF,
    SAID_AWAITS_ANSWER, /* seconds at most */
    SAID_CROWDED,       /* so many are held at once, and this one is the first that is not */
    /* of the beacon */
    SAID_HEARD,
    SAID_HEARD_UNSYNCHRONISED,
    SAID_BACK,
    SAID_BACK_UNSYNCHRONISED,
    SAID_GONE,
    SAID_SILENT,      /* for seconds */
    SAID_CONTRADICTS, /* the other clocks, by `where` at least */
    SAID_AGREES,      /* again */
    SAID_READS_AHEAD, /* of what its own answer allows */
    SAID_AGAINST_ITSELF,
    SAID_ANSWERED,
    SAID_LIES,       /* two ticks of this counter */
    SAID_LIE_PROVEN, /* in `where` */
    /* messages: how many so far */
    SAID_OLDER_TICK,
    SAID_BAD_SIGNATURE,
    SAID_UNJUDGED, /* a broker brings more forgeries than are worth a signature check */
    SAID_NO_TICK,
    SAID_FOREIGN_TICK,
    SAID_UNKNOWN_KEY,
    SAID_BACK_IN_TIME,
    /* what is kept in `where` */
    SAID_NO_PROOF,
    SAID_PROOF_UNSIGNED,
    /* this host's clock */
    SAID_DOUBT,    /* `doubt`; of the constellation `name`, where there are several */
    SAID_TOGETHER, /* the same, with one beacon, `where` */
    SAID_SLEPT,
    SAID_STOOD_STILL,
};
enum { SAID_FACTS = SAID_STOOD_STILL + 1 };

struct listener_news {
    enum listener_fact fact;
    enum listener_news_kind kind; /* of the fact */
    bool has_occurrence;
    struct listener_occurrence occurrence; /* as it was */
    struct record_key_id beacon;
    char name[LISTENER_NAME_SIZE]; /* the beacon's, or a constellation's */
    int64_t number;
    enum discipline_doubt doubt;
    char where[LISTENER_WHERE_SIZE];
};

enum listener_news_kind listener_news_kind(enum listener_fact fact);

/* One sentence without a full stop. */
void listener_news_write(const struct listener_news *news, char out[static LISTENER_NEWS_SIZE]);
const char *listener_doubt_text(enum discipline_doubt doubt);

#endif
