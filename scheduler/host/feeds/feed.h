/* feeds/feed.h -- a constellation's windows as calendar feeds (RFC 5545): flat events, one for each
 * occurrence, no recurrence.
 *
 * A feed is a pure function of the request: the same view and horizon give the same bytes.  The
 * only part of tocsin that links libical, which builds, writes and reads back every feed; keep all
 * calls on one thread. */
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

enum feed_part {
    FEED_SHARED, /* what is the same everywhere: moments, and whole days */
    FEED_ZONE,   /* waves by the clock, as one zone's clocks meet them */
    FEED_PLACE,  /* waves by place, for one of the named places */
    FEED_REST,   /* the rest that follows moments */
};

/* ISO 639-2's code for several languages: all titles of a window side by side. */
#define FEED_MANY_LANGUAGES "mul"

struct feed_request {
    const struct view *view;
    const struct view_root *root;
    struct feed_horizon horizon;
    const struct leap_table *leap;
    enum feed_part part;
    const struct zone *zone; /* FEED_ZONE */
    struct text place;       /* FEED_PLACE */
    const char *language;    /* "": titles without a tag; "it"; or FEED_MANY_LANGUAGES */
};

struct feed {
    char name[FEED_NAME_SIZE]; /* "" for the first; "-2027", "-2027-03", "-2027-03-2" for parts */
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

/* Writes the feed, or the feeds when it passes the limits: then the first holds what comes next, as
 * much as fits, and further ones each hold a year, a month or a piece of one.  A request without
 * any event gives one empty feed.  Every feed is read back before it is handed out. */
TOCSIN_MUST_USE enum feed_result feed_write(const struct feed_request *request,
                                            struct feed_list *out,
                                            char error[static FEED_ERROR_SIZE]);
void feed_list_free(struct feed_list *list);

/* The language tags of the titles and abouts of a constellation's windows, ascending,
 * NUL-terminated in a heap array that the caller frees.  False for want of memory. */
TOCSIN_MUST_USE bool feed_languages(const struct view *view, const struct record_id *root,
                                    char (**out)[FEED_LANGUAGE_SIZE], size_t *count);

/* The places of a constellation's waves by place, ascending; texts inside the view's records, array
 * freed by the caller.  False for want of memory. */
TOCSIN_MUST_USE bool feed_places(const struct view *view, const struct record_id *root,
                                 struct text **out, size_t *count);

/* Whether the constellation has windows of a kind: waves by the clock, rests. */
bool feed_has_clock_waves(const struct view *view, const struct record_id *root);
bool feed_has_rests(const struct view *view, const struct record_id *root);

#endif
