/* constellation.h -- a small constellation for tests: records from texts, signed in name only (a
 * view's entries say who signed), by the key pairs 1, 2 and 3 of forge.h, and the view of them. */
#ifndef CONSTELLATION_H
#define CONSTELLATION_H

#include "forge.h"

#include <sodium.h>

#include "view/view.h"

enum { CONSTELLATION_RECORDS_MAX = 600, CONSTELLATION_TEXT_MAX = 16384 };

struct constellation {
    struct record_public_key organizer[3];
    struct view_entry entry[CONSTELLATION_RECORDS_MAX];
    struct record *record[CONSTELLATION_RECORDS_MAX];
    size_t count;
    char root_id[RECORD_ID_TEXT_SIZE];
    struct view_anchor anchor;
};

static inline utc at_utc(const char *text)
{
    return forge_utc(text);
}

static inline instant at_instant(const char *text)
{
    return forge_instant(text);
}

/* Reads a record and has the first `signers` organizers sign it. */
static inline const struct record *constellation_add(struct constellation *of, const char *text,
                                                     size_t signers)
{
    struct record_error error;
    assert_true(of->count < CONSTELLATION_RECORDS_MAX);
    struct record *record = NULL;
    if (!record_read((const uint8_t *)text, strlen(text), leap_builtin(), &record, &error)) {
        print_error("%d:%d: %s in\n%s", error.line, error.column, error.message, text);
        fail();
    }
    of->record[of->count] = record;
    of->entry[of->count++] =
        (struct view_entry){.record = record, .signer = of->organizer, .signer_count = signers};
    return record;
}

/* A root of three organizers, two of whom must sign; more: further lines after the organizers'. */
static inline void constellation_init(struct constellation *of, const char *name, const char *more)
{
    *of = (struct constellation){0};
    char text[CONSTELLATION_TEXT_MAX];
    int len =
        snprintf(text, sizeof text, "tocsin root 1\nname: %s\nversion: 1\nthreshold: 2\n", name);
    for (unsigned i = 0; i < 3; i++) {
        char base64[RECORD_PUBLIC_KEY_TEXT_SIZE];
        of->organizer[i] = forge_public(i + 1);
        record_public_key_write(&of->organizer[i], base64);
        len += snprintf(text + len, sizeof text - (size_t)len, "organizer: %s organizer %u\n",
                        base64, i);
    }
    snprintf(text + len, sizeof text - (size_t)len,
             "%smade: 2026-01-01T00:00:00Z\nexpires: 2036-01-01T00:00:00Z\n", more);
    const struct record *root = constellation_add(of, text, 3);
    record_id_write(&root->id, of->root_id);
    of->anchor.root = root;
}

static inline struct view *constellation_view(const struct constellation *of, const char *now)
{
    struct view *view;
    assert_true(view_build(of->entry, of->count, &of->anchor, 1, forge_instant(now), &view));
    return view;
}

static inline void constellation_free(struct constellation *of)
{
    for (size_t i = 0; i < of->count; i++) {
        record_free(of->record[i]);
    }
}

#endif
