/* constellation.h -- records for tests and who signed them, by the numbers of keys (forge.h), with
 * one anchor, and the view of them.  Records are made as values or read from texts; they are signed
 * in name only: a view's entries say who did. */
#ifndef CONSTELLATION_H
#define CONSTELLATION_H

#include "forge.h"

#include <sodium.h>

#include "view/view.h"

enum { CONSTELLATION_RECORDS_MAX = 600, CONSTELLATION_TEXT_MAX = 16384 };

struct constellation {
    struct view_entry entry[CONSTELLATION_RECORDS_MAX];
    struct record *record[CONSTELLATION_RECORDS_MAX]; /* owned */
    struct record_public_key signer[CONSTELLATION_RECORDS_MAX][8];
    size_t count;
    char root_id[RECORD_ID_TEXT_SIZE]; /* after constellation_init */
    struct view_anchor anchor;
    struct view *view; /* of the last look */
    instant now;
};

#define BY(...) ((const unsigned[]){__VA_ARGS__, 0})
#define NOBODY  ((const unsigned[]){0})

/* One more signature on the record at an index. */
static inline void sign_at(struct constellation *of, size_t i, unsigned by)
{
    assert_true(of->entry[i].signer_count < 8);
    of->signer[i][of->entry[i].signer_count++] = forge_public(by);
    of->entry[i].signer = of->signer[i];
}

/* Puts a record with its signers (ended by 0) into the constellation, which owns it. */
static inline const struct record *put(struct constellation *of, struct record *record,
                                       const unsigned *by)
{
    assert_true(of->count < CONSTELLATION_RECORDS_MAX);
    of->record[of->count] = record;
    of->entry[of->count++] = (struct view_entry){.record = record};
    for (; *by != 0; by++) {
        sign_at(of, of->count - 1, *by);
    }
    return record;
}

static inline void sign(struct constellation *of, const struct record *record, unsigned by)
{
    size_t i = 0;
    while (i < of->count && of->record[i] != record) {
        i++;
    }
    assert_true(i < of->count);
    sign_at(of, i, by);
}

static inline const struct view *look(struct constellation *of)
{
    view_free(of->view);
    of->view = NULL;
    assert_true(view_build(of->entry, of->count, &of->anchor, 1, of->now, &of->view));
    return of->view;
}

static inline void constellation_free(struct constellation *of)
{
    view_free(of->view);
    for (size_t i = 0; i < of->count; i++) {
        record_free(of->record[i]);
    }
}

static inline utc at_utc(const char *text)
{
    return forge_utc(text);
}

static inline instant at_instant(const char *text)
{
    return forge_instant(text);
}

/* Reads a record and has the first `signers` of its three organizers sign it. */
static inline const struct record *constellation_add(struct constellation *of, const char *text,
                                                     size_t signers)
{
    struct record_error error;
    struct record *record = NULL;
    if (!record_read((const uint8_t *)text, strlen(text), leap_builtin(), &record, &error)) {
        print_error("%d:%d: %s in\n%s", error.line, error.column, error.message, text);
        fail();
    }
    assert_true(signers <= 3);
    return put(of, record, BY(signers > 0 ? 1 : 0, signers > 1 ? 2 : 0, signers > 2 ? 3 : 0));
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
        struct record_public_key organizer = forge_public(i + 1);
        record_public_key_write(&organizer, base64);
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

#endif
