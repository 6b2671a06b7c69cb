/* libtocsin/site.h -- inside of the library: what a site holds. */
#ifndef LIBTOCSIN_SITE_H
#define LIBTOCSIN_SITE_H

#include "anchors/anchors.h"
#include "ledger/ledger.h"
#include "libtocsin/tocsin.h"
#include "listener/keep.h"
#include "listener/listener.h"
#include "text/draft.h"

enum { SITE_NEWS_MAX = 16, SITE_QUESTIONS_MAX = 8 };

struct site_question {
    size_t link;
    struct record_id root;
    struct record_key_id beacon;
    uint8_t nonce[TICK_NONCE_SIZE];
};

/* In a switch: what one of the mind's kinds is called outside.  The compiler names those that have
 * no such row. */
#define CALLED(kind, outside)                                                                      \
    case kind:                                                                                     \
        return outside

/* An occurrence of a view. */
struct site_window {
    const struct view_window *window; /* borrowed from the view */
    const struct view_occurrence *occurrence;
    size_t root; /* as site_root counts them */
};

/* Where a site is, and what is read there; all owned. */
struct site_where {
    struct zone *zone;
    char *place, *languages;
};

struct tocsin {
    struct anchors anchors;
    struct ledger *ledger; /* owned */
    /* Of each constellation as site_root counts them, at its own time; NULL: none yet.  Borrows
     * from ledger and anchors. */
    struct view *view[LISTENER_CONSTELLATIONS_MAX]; /* owned */
    instant viewed[LISTENER_CONSTELLATIONS_MAX];    /* for which time */
    bool is_stale;                                  /* the ledger holds more than the views know */
    struct view_seen seen;
    struct site_window *window; /* owned: ascending by start */
    size_t window_count, window_room;

    struct listener *mind;            /* owned */
    void *room;                       /* owned: the mind's */
    struct listener_update *update;   /* owned: of the last step */
    struct listener_options *options; /* owned: as the mind starts with them */
    struct listener_mark *mark;       /* owned: given before the mind started */
    size_t mark_count, mark_room;
    struct draft lies; /* proofs of an earlier run, as lines, until the mind has taken them */
    struct keep *keep; /* owned until the mind has started: of an earlier run */
    bool has_started, keeps_memory;
    struct discipline_clocks clocks; /* of the last step */

    bool has_changed;      /* the lists are other ones than the last advice knew */
    bool is_unsaved;       /* there is something to keep that no memory was asked for since */
    uint64_t written_upto; /* marks with ids up to this one are in what tocsin_memory gave last */
    struct tocsin_news news[SITE_NEWS_MAX]; /* a ring */
    size_t news_first, news_count;
    struct site_question question[SITE_QUESTIONS_MAX]; /* a ring */
    size_t question_first, question_count;

    struct site_where where;
};

/* One step of the mind; its news and questions wait to be taken. */
void site_step(struct tocsin *site, struct listener_event *event);

/* names.c */
void site_write_mark(const struct listener_name *name, char out[static TOCSIN_MARK_SIZE]);
bool site_read_mark(const char *text, struct listener_name *out);

/* The mind's own of a name, or NULL. */
const struct listener_occurrence *site_find(const struct tocsin *site,
                                            const struct listener_name *name);

/* The n-th constellation (from 0), or the anchor in force of it; NULL: there are no more. */
const struct record_id *site_root(const struct tocsin *site, size_t n);
const struct record *site_anchor(const struct tocsin *site, size_t n);

/* lies.c: two ticks that an earlier run kept as the proof that a beacon lies. */
struct site_lie {
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
};

extern const char SITE_LIE[6]; /* how a line begins that holds one, both ticks in hexadecimal */
bool site_keep_lie(struct tocsin *site, const char *line, size_t len);
bool site_take_lie(struct tocsin *site, struct site_lie *out); /* each once; false: no more */

/* room.c: what the mind may hold grows with what the views name, and with what rang.  False for
 * want of memory: it goes on with less. */
bool site_make_room(struct tocsin *site);
bool site_make_room_for_marks(struct tocsin *site, size_t count);

/* windows.c: the list, made anew from the views. */
void site_list(struct tocsin *site);

#endif
