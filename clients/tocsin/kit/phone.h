/* tocsin/kit/phone.h -- the page for phones with a root and records in it, to be saved and handed
 * on, and the same as a webxdc app for chats. */
#ifndef TOCSIN_KIT_PHONE_H
#define TOCSIN_KIT_PHONE_H

#include "records/record.h"
#include "text/draft.h"

struct phone_page {
    uint8_t *bytes; /* owned; NULL: there is none */
    size_t size;
};

/* The page at path; NULL: the one that came with tocsin, and none where tocsin was built without
 * it.  An exit code; what is wrong was said. */
int phone_load(const char *path, struct phone_page *out);
void phone_free(struct phone_page *page);

/* What is built in. */
struct phone_kit {
    const struct record_id *root; /* whom it believes */
    const uint8_t *records;       /* a bundle */
    size_t records_size;
    utc now;         /* as of which day */
    const char *url; /* where to look for changes; NULL: nowhere */
};

/* Of a page that was loaded. */
void phone_write(const struct phone_page *page, const struct phone_kit *kit, struct draft *out);

/* What phone_write wrote, as a webxdc app with this title. */
void phone_pack(const struct draft *page, const char *title, struct draft *out);

#endif
