/* site/site.h -- the static site as a value: paths and bytes, to be written to a folder or handed
 * out as they are.
 *
 *   index.html  LANG/index.html  style.css        pages, each language its own
 *   LANG/ROOT8.ics  LANG/ROOT8-2027.ics           feeds (feeds/feed.h); LANG is "plain" for titles
 *   LANG/ROOT8-rest.ics                           without a tag, "mul" for all side by side
 *   LANG/ROOT8/Europe/Rome.ics                    waves, as one zone's clocks meet them
 *   LANG/ROOT8/place/bologna.ics                  waves, for one named place
 *   ….ics.minisig                                 by the site key
 *   ROOT8.tocsin  ROOT8/UID.tocsin                bundles: sync streams
 *   index.tsv                                     path, size and BLAKE2b-256 of all of the above
 *
 * ROOT8: the first 16 hex digits of the constellation's id. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "feeds/feed.h"
#include "trust/trust.h"
#include "zoneinfo/zoneinfo.h"

enum {
    SITE_PATH_SIZE = 160,
    SITE_HASH_TEXT_SIZE = 65,
    SITE_ERROR_SIZE = 256,
    SITE_FILES_MAX = 100000,
    SITE_FILE_SIZE_MAX = 16 * 1024 * 1024,
};

extern const char *const SITE_INDEX; /* "index.tsv" */

struct site_file {
    char path[SITE_PATH_SIZE]; /* relative, no empty, "." or ".." part: site_path_is_sound */
    uint8_t *bytes;            /* owned */
    size_t size;
};

struct site {
    struct site_file *file; /* owned; ascending by path once finished */
    size_t count, room;
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

/* Sorts, refuses a path that is there twice, and adds the index. */
TOCSIN_MUST_USE enum site_result site_finish(struct site *site, struct site_error *error);

/* A file of a finished site, or NULL. */
const struct site_file *site_find(const struct site *site, const char *path);
void site_free(struct site *site);

/* What a site is made of. */
struct site_request {
    const struct view *view;
    const struct leap_table *leap;
    struct feed_horizon horizon;
    struct zoneinfo *zoneinfo;
    const char *const *zone; /* names for waves by the clock; none given: every zone that differs */
    size_t zone_count;
    const char *url; /* where the site will stand, ending in '/'; NULL: no subscribe links */
    const struct trust_secret *key; /* the site key that signs feeds; NULL: none does */
};

/* Adds pages, feeds and signatures to site (which may hold bundles already).  A root that does not
 * name the key has its feeds unsigned; *signed_count says how many files were signed. */
TOCSIN_MUST_USE enum site_result site_build(const struct site_request *request, struct site *site,
                                            size_t *signed_count, struct site_error *error);

/* "ROOT8.tocsin" and "ROOT8/UID.tocsin": where bundles belong. */
void site_root_bundle_path(const struct record_id *root, char out[static SITE_PATH_SIZE]);
void site_window_bundle_path(const struct record_id *root, const struct record_uid *uid,
                             char out[static SITE_PATH_SIZE]);

/* Makes DIR hold exactly this finished site: writes what differs (each file replaced whole), then
 * the index, then removes what the last index named and this one does not.  A folder that holds
 * other things and no index is refused.  Waits while another export writes or reads DIR (flock). */
TOCSIN_MUST_USE enum site_result site_save(const struct site *site, const char *dir,
                                           struct site_error *error);

/* Reads what DIR's index names, and nothing else; every hash must agree. */
TOCSIN_MUST_USE enum site_result site_load(const char *dir, struct site *out,
                                           struct site_error *error);

#endif
