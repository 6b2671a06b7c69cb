/* feeds/feed.h -- a constellation's windows as calendar feeds (RFC 5545): flat events, one for each
 * occurrence, instants in UTC and whole days as dates, no recurrence and no time zone.  The
 * contract is tocsin-feeds(5).
 *
 * A feed is a pure function of source and request: the same records, day, zone data and words give
 * the same bytes.  The only part of tocsin that links libical, which reads every event back before
 * it is handed out; keep all calls on one thread. */
#ifndef FEEDS_FEED_H
#define FEEDS_FEED_H

#include "records/record.h"
#include "view/view.h"
#include "zones/zone.h"

enum {
    /* Google takes about 1 MB or 1,111 events: stay below both. */
    FEED_SIZE_MAX = 900000,
    FEED_EVENTS_MAX = 1000,
    FEED_NAME_SIZE = 24,
    FEED_LANGUAGE_SIZE = 36,
    FEED_ERROR_SIZE = 240,
    FEED_SHAPE_SIZE = 32,
};

/* What a feed looks at.  now decides only how long cancelled occurrences are shown, and which
 * events stay in the first feed when there are too many for one. */
struct feed_horizon {
    instant from, to; /* half-open */
    instant now;
};

/* The horizon of a day: from a year back to three years on, cut to whole days of UTC, so that all
 * exports of one day are alike. */
struct feed_horizon feed_horizon_at(const struct leap_table *leap, utc now);

/* ISO 639-2's code for several languages: all titles of a window side by side. */
#define FEED_MANY_LANGUAGES "mul"

/* What all feeds of a site are made of; borrowed as long as the book is there. */
struct feed_source {
    const struct view *view;
    const struct view_entry
        *entry; /* what the view was built from: says how often an event changed */
    size_t entry_count;
    const struct leap_table *leap;
    struct feed_horizon horizon;
    instant now;               /* what says it was made later than this dates nothing */
    const char *zones_version; /* of the zone data; NULL: not known */
};

/* The events of a view, rendered and read back once however many feeds hold them. */
struct feed_book;

/* NULL: no memory. */
struct feed_book *feed_book_new(const struct feed_source *source);
void feed_book_free(struct feed_book *book);

struct feed_request {
    const struct view_root *root; /* NULL: every constellation of the view */
    const char *language;         /* "": titles without a tag; "it"; or FEED_MANY_LANGUAGES */

    /* The reader's clock, and the places that go by it.  Without a zone the feed is for readers
     * everywhere: waves by the clock are whole days whose titles begin with the hour, and the
     * places are all. */
    const struct zone *zone;
    const struct text *place;
    size_t place_count;

    bool has_alarms;
    bool is_tentative;                /* what is not in force yet, instead of what is */
    struct text gesture;              /* only this one; empty: all */
    const struct view_window *window; /* only this one; NULL: all */
    bool is_empty;                    /* nothing: an address that is kept */
};

struct feed {
    char name[FEED_NAME_SIZE]; /* "" for the first; "-2027", "-2027-2" for parts */
    uint8_t *bytes;            /* owned */
    size_t size;
    size_t event_count;
};

struct feed_list {
    struct feed *feed; /* owned */
    size_t count;
};

enum feed_result {
    FEED_OK = 0,
    FEED_NO_MEMORY,
    FEED_UNSOUND, /* read back, a feed does not say what was meant: it must not be published */
};

/* Writes the feed, or the feeds when it passes the limits: then the first holds what comes next of
 * every window, as much as fits, and further ones hold the rest by years; no event is in two.  A
 * request without any event gives one feed with one whole-day event on the day the root was made.
 * Every event is read back before it is handed out: whole by libical the first time that its words
 * are written, from then on its numbers. */
TOCSIN_MUST_USE enum feed_result feed_write(struct feed_book *book,
                                            const struct feed_request *request,
                                            struct feed_list *out,
                                            char error[static FEED_ERROR_SIZE]);
void feed_list_free(struct feed_list *list);

/* A hash of when the request's events are, and at what hour of its clock: two requests that differ
 * in zone and places alone and have the same shape have the same bytes.  False for want of
 * memory. */
TOCSIN_MUST_USE bool feed_shape(struct feed_book *book, const struct feed_request *request,
                                uint8_t out[static FEED_SHAPE_SIZE]);

/* Whether a window has feeds: not while too few have signed any version of it, lest one key alone
 * name a feed, or make a site as large as it likes. */
bool feed_has_window(const struct view_window *window);

/* The language tags of the titles and abouts of the windows that have feeds, now or in a version
 * before, of a constellation or (NULL) of all; ascending, NUL-terminated in a heap array that the
 * caller frees.  False for want of memory. */
TOCSIN_MUST_USE bool feed_languages(const struct view *view, const struct record_id *root,
                                    char (**out)[FEED_LANGUAGE_SIZE], size_t *count);

/* The places of all waves by place of the view, or the gestures of a constellation's windows, of
 * those that have feeds, now or in a version before; ascending, texts inside the view's records,
 * array freed by the caller. False for want of memory. */
TOCSIN_MUST_USE bool feed_places(const struct view *view, struct text **out, size_t *count);
TOCSIN_MUST_USE bool feed_gestures(const struct view *view, const struct record_id *root,
                                   struct text **out, size_t *count);

#endif
