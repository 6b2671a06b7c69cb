/* tocsin/kit/kit.h -- the files of a kit: what travels of a window by stick, chat and paper, all of
 * it the same signed records. */
#ifndef TOCSIN_KIT_H
#define TOCSIN_KIT_H

#include "feeds/feed.h"
#include "tocsin/kit/phone.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/here.h"
#include "zoneinfo/zoneinfo.h"

enum { KIT_FILES_MAX = 160, KIT_NAME_SIZE = 64 };

struct kit_file {
    char name[KIT_NAME_SIZE];
    uint8_t *bytes; /* owned */
    size_t size;
};

struct kit {
    struct kit_file file[KIT_FILES_MAX];
    size_t count;
};

struct kit_request {
    const struct view_window *window;         /* in force */
    const struct view_occurrence *occurrence; /* what comes next */
    struct here here;                         /* by whose clock papers tell it */
    const char *url;                          /* of the site, ending in a slash; NULL: none */
    struct zoneinfo *zones;
    const struct phone_page *page; /* the page for phones, perhaps none */
};

/* What feeds are made of here, as of now. */
struct feed_source kit_feed_source(const struct session *session, const struct zoneinfo *zones);

/* From now on papers go by this clock, save of a window by places, which tells each by its own;
 * NULL changes nothing. */
void kit_set_clock(struct kit_request *request, const struct zone *zone);

/* An exit code; kit_free in either case. */
int kit_make(struct session *session, const struct kit_request *request, struct kit *out);

/* All of it as one ZIP. */
void kit_pack(const struct kit *kit, struct draft *out);
void kit_free(struct kit *kit);

#endif
