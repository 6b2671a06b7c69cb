/* names.c -- what things are called: marks, occurrences, constellations. */
#include <stdio.h>
#include <string.h>

#include "libtocsin/site.h"

void site_write_mark(const struct listener_name *name, char out[static TOCSIN_MARK_SIZE])
{
    snprintf(out, TOCSIN_MARK_SIZE, "%s/%s/%s", record_id_text(&name->root).text,
             record_uid_text(&name->uid).text, name->key);
}

bool site_read_mark(const char *text, struct listener_name *out)
{
    size_t len = strlen(text);
    enum { ROOT = RECORD_ID_TEXT_SIZE - 1, UID = RECORD_UID_TEXT_SIZE - 1 };
    if (len < ROOT + UID + 3 || len >= ROOT + UID + 2 + LISTENER_KEY_SIZE || text[ROOT] != '/' ||
        text[ROOT + 1 + UID] != '/' || !record_id_read(text, ROOT, &out->root) ||
        !record_uid_read(text + ROOT + 1, UID, &out->uid)) {
        return false;
    }
    memcpy(out->key, text + ROOT + UID + 2, len - ROOT - UID - 1);
    return true;
}

const struct listener_occurrence *site_find(const struct tocsin *site,
                                            const struct listener_name *name)
{
    for (size_t i = 0; i < site->mind->occurrence_count; i++) {
        if (listener_name_equal(&site->mind->occurrence[i].name, name)) {
            return &site->mind->occurrence[i];
        }
    }
    return NULL;
}

const struct record *site_anchor(const struct tocsin *site, size_t n)
{
    for (size_t i = 0; i < site->anchors.count; i++) {
        if (anchors_is_in_force(&site->anchors, i) && n-- == 0) {
            return site->anchors.record[i];
        }
    }
    return NULL;
}

const struct record_id *site_root(const struct tocsin *site, size_t n)
{
    const struct record *anchor = site_anchor(site, n);
    return anchor != NULL ? record_root_of(anchor) : NULL;
}
