/* site/site.h -- the static site as a value: paths and bytes, to be written to a folder or handed
 * out as they are.
 *
 *   index.html  LANG/index.html                   pages, in every language that we or a title speak
 *   LANG/where.html  LANG/ROOT8.html              cities to choose a clock from; what is to come
 *   LANG/ROOT8/window/UID.html  ROOT8/UID.svg     a window alone, and its map
 *   style.css  icon.svg  icon.png  card.png       what pages show
 *   LANG/ROOT8.ics  LANG/ROOT8-2027.ics           feeds, as tocsin-feeds(5) has them; LANG is
 *   LANG/ROOT8/Europe/Rome.ics                    "plain" for titles without a tag, "mul" for all
 *   LANG/ROOT8/gesture/silence.ics                side by side; ROOT8 is "all" for several
 *   LANG/ROOT8/window/UID.ics                     constellations in one
 *   plain/ROOT8/Europe/Rome-alarm.ics
 *   plain/ROOT8-tentative.ics
 *   LANG/sky.ics                                  the sky without any window
 *   LANG/ROOT8.atom  ROOT8/events.json            the same for programs
 *   ....ics.minisig                               by the site key
 *   ROOT8.tocsin  ROOT8/UID.tocsin                bundles: sync streams
 *   listen.html                                   the page for phones; its fragment is a root's id
 *   ROOT8/tocsin.html  ROOT8/tocsin.xdc           the same with the records in it, to keep and for
 *                                                 chats
 *   ROOT8/UID.zip                                 of a window to come what is printed and sent
 *   index.tsv                                     path, size and BLAKE2b-256 of all of the above
 *
 * ROOT8: the first 16 hex digits of the constellation's id.  Paths with the same bytes share them,
 * in memory and, as hard links, on disk. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "dates/dates.h"
#include "feeds/feed.h"
#include "trust/trust.h"
#include "zoneinfo/zoneinfo.h"

enum {
    SITE_PATH_SIZE = 160,
    SITE_HASH_SIZE = 32,
    SITE_ERROR_SIZE = 256,
    SITE_FILES_MAX = 1000000,
    SITE_FILE_SIZE_MAX = 64 * 1024 * 1024,
};

extern const char *const SITE_INDEX;  /* "index.tsv" */
extern const char *const SITE_LISTEN; /* "listen.html" */

/* Bytes that one path has, or many. */
struct site_content {
    uint8_t *bytes; /* owned */
    size_t size;
    uint8_t hash[SITE_HASH_SIZE]; /* BLAKE2b-256 */
};

struct site_file {
    char path[SITE_PATH_SIZE]; /* relative, no empty, "." or ".." part: site_path_is_sound */
    size_t content;
};

struct site {
    struct site_file *file; /* owned; ascending by path once finished */
    size_t count, room;
    struct site_content *content; /* owned */
    size_t content_count, content_room;
    utc modified; /* what its files say they changed at, where a date must be given */
};

enum site_result {
    SITE_OK = 0,
    SITE_NO_MEMORY,
    SITE_UNSOUND, /* a feed or path that must not be published: see the message */
    SITE_FAILED,  /* the outside failed */
};

struct site_error {
    char message[SITE_ERROR_SIZE];
};

/* Letters, digits and - _ + . in parts joined by single slashes, no part beginning with a dot. */
bool site_path_is_sound(const char *path);

/* Takes bytes (a heap block), also when it fails. */
TOCSIN_MUST_USE enum site_result site_take(struct site *site, const char *path, uint8_t *bytes,
                                           size_t size, struct site_error *error);

/* The same of a heap string; NULL: no memory. */
TOCSIN_MUST_USE enum site_result site_take_text(struct site *site, const char *path, char *text,
                                                struct site_error *error);

/* Takes bytes that have no path yet: the site's last content. */
TOCSIN_MUST_USE enum site_result site_hold(struct site *site, uint8_t *bytes, size_t size);

/* One more path for a content that is there. */
TOCSIN_MUST_USE enum site_result site_share(struct site *site, const char *path, size_t content,
                                            struct site_error *error);

/* Which of some paths it does not hold, a heap array of them; sorts its files.  False for want of
 * memory. */
TOCSIN_MUST_USE bool site_missing(struct site *site, const char *const *path, size_t count,
                                  const char ***out, size_t *out_count);

/* Sorts, refuses a path that is there twice, and adds the index. */
TOCSIN_MUST_USE enum site_result site_finish(struct site *site, struct site_error *error);

/* The content of a finished site's file, or NULL. */
const struct site_content *site_find(const struct site *site, const char *path);
void site_free(struct site *site);

/* What a site is made of. */
struct site_request {
    struct feed_source source;
    struct zoneinfo *zoneinfo;
    const char *const *zone; /* names that have feeds; none given: every name of zoneinfo.h */
    size_t zone_count;
    const char *const *keep; /* addresses of feeds that were there before: none goes away */
    size_t keep_count;
    const char *url; /* where the site will stand, ending in '/'; NULL: no subscribe links */
    const struct trust_secret *key;       /* the site key that signs feeds; NULL: none does */
    bool has_phones;                      /* the page for phones is in the site: pages link it */
    const struct view_window *const *kit; /* those of the view that have one in the site, too:
                                             site_window_path */
    size_t kit_count;
};

/* Adds pages, feeds and signatures to site (which may hold bundles already).  A root that does not
 * name the key has its feeds unsigned; *signed_count says how many files were signed. */
TOCSIN_MUST_USE enum site_result site_build(const struct site_request *request, struct site *site,
                                            size_t *signed_count, struct site_error *error);

/* What a site of the catalogue of memory is made of: feeds that need no organizer.
 *
 *   index.html  LANG/index.html    pages: every day with its story and sources
 *   LANG/all.ics  LANG/tag/TAG.ics  LANG/continent/CONTINENT.ics
 *   LANG/named.ics                 the days that have a name in this language
 *   LANG/moons.ics  LANG/seasons.ics  LANG/eclipses.ics
 *
 * LANG is a language that has words, for named.ics any with a name; a choice of days without a name
 * in LANG is in "en" alone. */
struct site_days {
    const struct dates_entry *entry;
    size_t entry_count;
    const struct rule_world *rules;
    const struct leap_table *leap;
    utc now;
    const char *const *keep;
    size_t keep_count;
    const char *url;                /* as in site_request */
    const struct trust_secret *key; /* that signs feeds; NULL: none does */
};

/* As site_build. */
TOCSIN_MUST_USE enum site_result site_build_days(const struct site_days *days, struct site *site,
                                                 size_t *signed_count, struct site_error *error);

/* "ROOT8.tocsin": where the bundle of a constellation belongs. */
void site_root_bundle_path(const struct record_id *root, char out[static SITE_PATH_SIZE]);

/* "ROOT8/UID.tocsin", "ROOT8/UID.zip", "ROOT8/UID.svg": a window's bundle, its kit and its map. */
void site_window_path(const struct record_id *root, const struct record_uid *uid, const char *kind,
                      char out[static SITE_PATH_SIZE]);

/* "ROOT8/tocsin.html", "ROOT8/tocsin.xdc". */
void site_kit_path(const struct record_id *root, const char *kind, char out[static SITE_PATH_SIZE]);

/* How a site is written. */
struct site_saving {
    bool is_copied; /* equal files are copies, not links: for hosts that take no links */
    /* Hears before the first byte how much will be written; may be NULL. */
    void (*tell)(void *context, size_t files, uint64_t bytes);
    void *context;
};

/* Makes DIR hold exactly this finished site: writes what differs (each file replaced whole, equal
 * ones as hard links), then the index, then removes what the last index named and this one does
 * not.  A folder that holds other things and no index is refused.  Waits while another export
 * writes or reads DIR (flock).  A file's date is the site's, or the present where that would not be
 * later than the date of the bytes that it replaces: servers tell readers by it whether to look
 * again. */
TOCSIN_MUST_USE enum site_result site_save(const struct site *site, const char *dir,
                                           const struct site_saving *how, struct site_error *error);

/* What DIR's index names, and the index, while nobody writes there. */
struct site_listing;

struct site_listed {
    char path[SITE_PATH_SIZE];
    size_t size;
    uint8_t hash[SITE_HASH_SIZE];
};

TOCSIN_MUST_USE enum site_result site_open(const char *dir, struct site_listing **out,
                                           struct site_error *error);
void site_close(struct site_listing *listing);
size_t site_listed_count(const struct site_listing *listing);
const struct site_listed *site_listed(const struct site_listing *listing, size_t index);

/* Reads one file and its date; its hash must agree.  *bytes (NUL-terminated) is the caller's. */
TOCSIN_MUST_USE enum site_result site_read(const struct site_listing *listing, size_t index,
                                           uint8_t **bytes, utc *modified,
                                           struct site_error *error);

/* The addresses of feeds that DIR's index names, each NUL-terminated, in one heap block and an
 * array that the caller frees; none where DIR holds no site. */
struct site_addresses {
    char *text;        /* owned */
    const char **path; /* owned */
    size_t count;
};

TOCSIN_MUST_USE enum site_result site_addresses(const char *dir, struct site_addresses *out,
                                                struct site_error *error);
void site_addresses_free(struct site_addresses *addresses);

#endif
