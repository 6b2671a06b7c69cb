/* forge.h -- makes keys and records for tests: values in, records that were written and read back
 * out. Everything follows from small numbers, so that a test reads like a story and repeats
 * exactly. */
#ifndef FORGE_H
#define FORGE_H

#include "check.h"

#include "instants/stamp.h"
#include "records/record.h"
#include "trust/trust.h"

struct forge_key {
    struct trust_secret *secret;
    struct record_public_key public;
};

/* The key pair number n: always the same. */
static inline struct forge_key forge_key(unsigned n)
{
    uint8_t seed[32] = {0}, id[8] = {0};
    for (int i = 0; i < 4; i++) {
        seed[i] = (uint8_t)(n >> (8 * i));
        id[i] = (uint8_t)(n >> (8 * i));
    }
    seed[31] = 7;
    id[7] = 0xC0;
    struct forge_key key = {.secret = trust_secret_new(seed, id)};
    assert_non_null(key.secret);
    trust_secret_public(key.secret, &key.public);
    return key;
}

/* Its public half, made once. */
static inline struct record_public_key forge_public(unsigned n)
{
    static struct record_public_key made[64];
    static bool is_made[64];
    assert_true(n < 64);
    if (!is_made[n]) {
        struct forge_key key = forge_key(n);
        made[n] = key.public;
        is_made[n] = true;
        trust_secret_free(key.secret);
    }
    return made[n];
}

static inline utc forge_utc(const char *stamp)
{
    utc at;
    assert_true(stamp_read(stamp, strlen(stamp), &at));
    return at;
}

static inline instant forge_instant(const char *stamp)
{
    return leap_from_utc(leap_builtin(), forge_utc(stamp), NULL);
}

static inline instant forge_later(instant from, int64_t seconds)
{
    instant out;
    assert_true(instant_add(from, (span){seconds * NS_PER_S}, &out));
    return out;
}

static inline struct text forge_text(const char *text)
{
    return (struct text){text, strlen(text)};
}

static inline struct record_uid forge_uid(unsigned n)
{
    struct record_uid uid = {{0}};
    for (int i = 0; i < 4; i++) {
        uid.bytes[i] = (uint8_t)(n >> (24 - 8 * i));
    }
    return uid;
}

/* Writes the value and reads it back. */
static inline struct record *forge(const struct record *value)
{
    static char text[RECORD_SIZE_MAX];
    size_t size;
    struct record_error error;
    struct record *out = NULL;
    if (!record_write(value, leap_builtin(), text, &size, &error) ||
        !record_read((const uint8_t *)text, size, leap_builtin(), &out, &error)) {
        fail_msg("line %d, column %d: %s", error.line, error.column, error.message);
    }
    return out;
}

/* A root as tests vary it; organizers and beacons by their key numbers, ended by 0. */
struct forge_root {
    const struct record *prev; /* NULL: version 1 */
    unsigned threshold;
    unsigned organizer[12], beacon[4];
    int64_t lock_s; /* 0: none */
    const struct record_id *keep;
    size_t keep_count;
    const char *expires; /* NULL: 2040 */
    const char *name;    /* NULL: "Bell" */
};

static inline size_t forge_keys(const unsigned *number, size_t max, struct record_key *out)
{
    size_t count = 0;
    for (; count < max && number[count] != 0; count++) {
        out[count] =
            (struct record_key){.public = forge_public(number[count]), .name = {"someone", 7}};
    }
    return count;
}

static inline struct record *forge_make_root(struct forge_root of)
{
    struct record_key organizer[12], beacon[4];
    struct record value = {.type = RECORD_ROOT};
    struct record_root *root = &value.is.root;
    root->name = forge_text(of.name != NULL ? of.name : "Bell");
    root->version = 1;
    if (of.prev != NULL) {
        root->has_root = root->has_prev = true;
        root->root = *record_root_of(of.prev);
        root->prev = of.prev->id;
        root->version = of.prev->is.root.version + 1;
    }
    root->threshold = of.threshold;
    root->organizer = organizer;
    root->organizer_count = forge_keys(of.organizer, 12, organizer);
    root->beacon = beacon;
    root->beacon_count = forge_keys(of.beacon, 4, beacon);
    root->has_lock = of.lock_s != 0;
    root->lock = (span){of.lock_s * NS_PER_S};
    root->keep = of.keep;
    root->keep_count = of.keep_count;
    root->made = forge_instant("2026-11-01T00:00:00Z");
    root->expires = forge_instant(of.expires != NULL ? of.expires : "2040-01-01T00:00:00Z");
    return forge(&value);
}

/* A window as tests vary it. */
struct forge_window {
    const struct record *root; /* any version */
    unsigned uid;
    uint32_t seq;
    const struct record *prev[4]; /* ended by NULL; any order */
    const char *at[8];            /* "KEY STAMP", ended by NULL */
    const char *off[4];
    const char *title;                  /* NULL: "A minute" */
    const char *title_it, *about, *url; /* NULL: none */
    const char *expires;                /* NULL: 2039 */
    const char *made;                   /* NULL: 2026-11-02 */
    const char *gesture;                /* NULL: "silence" */
    enum record_tone tone;              /* 0: a vigil */
    unsigned beacon;                    /* that alone may tick; 0: all may */
    int64_t for_s;                      /* 0: a minute */
    int64_t rest_s;                     /* 0: none */
};

static inline int forge_by_id(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

static inline size_t forge_prev(const struct record *const *prev, struct record_id *out)
{
    size_t count = 0;
    for (; count < 4 && prev[count] != NULL; count++) {
        out[count] = prev[count]->id;
    }
    qsort(out, count, sizeof *out, forge_by_id);
    return count;
}

static inline struct record *forge_make_window(struct forge_window of)
{
    struct record value = {.type = RECORD_WINDOW};
    struct record_window *window = &value.is.window;
    struct record_id prev[4];
    struct record_at at[8];
    struct text off[4];
    struct record_prose title[2] = {
        {.value = forge_text(of.title != NULL ? of.title : "A minute")}};
    struct record_prose about = {0};
    struct record_key_id beacon;
    window->root = *record_root_of(of.root);
    window->uid = forge_uid(of.uid);
    window->seq = of.seq;
    window->prev = prev;
    window->prev_count = forge_prev(of.prev, prev);
    window->made = forge_instant(of.made != NULL ? of.made : "2026-11-02T00:00:00Z");
    window->title = title;
    window->title_count = 1;
    if (of.title_it != NULL) {
        title[window->title_count++] =
            (struct record_prose){.tag = forge_text("it"), .value = forge_text(of.title_it)};
    }
    window->about = &about;
    if (of.about != NULL) {
        about.value = forge_text(of.about);
        window->about_count = 1;
    }
    if (of.url != NULL) {
        window->url = forge_text(of.url);
    }
    window->beacon = &beacon;
    if (of.beacon != 0) {
        beacon = forge_public(of.beacon).id;
        window->beacon_count = 1;
    }
    window->gesture = forge_text(of.gesture != NULL ? of.gesture : "silence");
    window->has_rest = of.rest_s > 0;
    window->rest.ns = of.rest_s * NS_PER_S;
    window->tone = of.tone != 0 ? of.tone : TONE_VIGIL;
    window->rule = forge_text("2 august at 10:25 in Europe/Rome for 1m");
    window->at = at;
    for (; window->at_count < 8 && of.at[window->at_count] != NULL; window->at_count++) {
        const char *line = of.at[window->at_count], *space = strchr(line, ' ');
        at[window->at_count] = (struct record_at){.key = {line, (size_t)(space - line)},
                                                  .at = forge_instant(space + 1)};
    }
    window->off = off;
    for (; window->off_count < 4 && of.off[window->off_count] != NULL; window->off_count++) {
        off[window->off_count] = forge_text(of.off[window->off_count]);
    }
    window->duration = (span){(of.for_s != 0 ? of.for_s : 60) * NS_PER_S};
    window->expires = forge_instant(of.expires != NULL ? of.expires : "2039-01-01T00:00:00Z");
    return forge(&value);
}

static inline struct record *forge_make_cancel(const struct record *window, const char *reason)
{
    struct record value = {.type = RECORD_CANCEL};
    value.is.cancel = (struct record_cancel){.root = window->is.window.root,
                                             .uid = window->is.window.uid,
                                             .seq = window->is.window.seq + 1,
                                             .prev = &window->id,
                                             .prev_count = 1,
                                             .made = forge_instant("2026-11-03T00:00:00Z"),
                                             .reason = forge_text(reason)};
    return forge(&value);
}

static inline struct record *forge_make_revoke(const struct record *root, unsigned key,
                                               const struct record_id *keep, size_t keep_count)
{
    struct record value = {.type = RECORD_REVOKE};
    struct record_revoke *revoke = &value.is.revoke;
    revoke->root = *record_root_of(root);
    revoke->key = forge_public(key);
    revoke->made = forge_instant("2026-11-04T00:00:00Z");
    revoke->keep = keep;
    revoke->keep_count = keep_count;
    return forge(&value);
}

static inline struct record *forge_make_heartbeat(const struct record *root, unsigned by,
                                                  const char *made, const struct record_id *holds,
                                                  size_t holds_count)
{
    struct record value = {.type = RECORD_HEARTBEAT};
    value.is.heartbeat = (struct record_heartbeat){.root = *record_root_of(root),
                                                   .by = forge_public(by).id,
                                                   .made = forge_instant(made),
                                                   .next = forge_later(forge_instant(made), 86400),
                                                   .count = (uint32_t)holds_count,
                                                   .holds = holds,
                                                   .holds_count = holds_count};
    return forge(&value);
}

/* The signature of key number n over a record. */
static inline struct trust_signature forge_sign(const struct record *record, unsigned n)
{
    struct forge_key key = forge_key(n);
    struct trust_signature out;
    assert_int_equal(trust_sign(key.secret, record->bytes, record->size, "tocsin test", &out),
                     TRUST_OK);
    trust_secret_free(key.secret);
    return out;
}

#endif
