/* ledger_bundle.h -- a bundle, the ledger that it is merged into, and what came of it. */
#ifndef LEDGER_BUNDLE_H
#define LEDGER_BUNDLE_H

#include "forge.h"

#include "ledger/ledger.h"
#include "stream/stream.h"

/* A bundle under construction, and what became of it. */
struct bundle {
    uint8_t bytes[1 << 20];
    size_t size;
    struct record *owned[1500];
    size_t owned_count;
    struct ledger *ledger;
    struct ledger_counts counts;
    struct ledger_note told[40], last; /* the first ones */
    size_t notes, heard;
};

static inline int set_up(void **state)
{
    struct bundle *bundle = calloc(1, sizeof *bundle);
    *state = bundle;
    bundle->ledger = ledger_new(leap_builtin());
    return bundle->ledger != NULL ? 0 : -1;
}

static inline int tear_down(void **state)
{
    struct bundle *bundle = *state;
    ledger_free(bundle->ledger);
    for (size_t i = 0; i < bundle->owned_count; i++) {
        record_free(bundle->owned[i]);
    }
    free(bundle);
    return 0;
}

static inline void put(struct bundle *bundle, const void *bytes, size_t size)
{
    assert_true(bundle->size + size + 20 < sizeof bundle->bytes);
    bundle->size += stream_write_netstring(bytes, size, bundle->bytes + bundle->size);
}

static inline const struct record *own(struct bundle *bundle, struct record *record)
{
    bundle->owned[bundle->owned_count++] = record;
    return record;
}

#define BY(...) ((const unsigned[]){__VA_ARGS__, 0})
#define NOBODY  ((const unsigned[]){0})

/* A record with signatures that are ready-made texts. */
static inline void add_texts(struct bundle *bundle, const struct record *record, size_t count,
                             const char *const *text)
{
    char digits[8];
    put(bundle, record->bytes, record->size);
    put(bundle, digits, (size_t)snprintf(digits, sizeof digits, "%zu", count));
    for (size_t i = 0; i < count; i++) {
        put(bundle, text[i], strlen(text[i]));
    }
}

static inline void add(struct bundle *bundle, const struct record *record, const unsigned *by)
{
    size_t count = 0;
    while (by[count] != 0) {
        count++;
    }
    char digits[8];
    int length = snprintf(digits, sizeof digits, "%zu", count);
    put(bundle, record->bytes, record->size);
    put(bundle, digits, (size_t)length);
    for (size_t i = 0; i < count; i++) {
        struct trust_signature signature = forge_sign(record, by[i]);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        put(bundle, text, trust_signature_write(&signature, text));
    }
}

static inline void note(void *context, const struct ledger_note *told)
{
    struct bundle *bundle = context;
    bundle->last = *told;
    if (bundle->notes < sizeof bundle->told / sizeof *bundle->told) {
        bundle->told[bundle->notes] = *told;
    }
    bundle->notes++;
}

static inline bool hear(void *context, const struct record *record,
                        const struct trust_signature *signature,
                        const struct record_public_key *key)
{
    struct bundle *bundle = context;
    assert_non_null(record);
    assert_int_equal(signature != NULL, key != NULL);
    if (signature != NULL) { /* only what verifies is handed on */
        assert_int_equal(trust_verify(signature, key, record->bytes, record->size), TRUST_OK);
    }
    bundle->heard++;
    return true;
}

static inline void merge(struct bundle *bundle, struct ledger_policy policy)
{
    policy.sink = hear;
    policy.note = note;
    policy.sink_context = policy.note_context = bundle;
    assert_int_equal(
        ledger_merge(bundle->ledger, bundle->bytes, bundle->size, &policy, &bundle->counts),
        LEDGER_NEW);
    bundle->size = 0;
}

static inline const struct record *found(struct bundle *bundle)
{
    const struct record *root =
        own(bundle, forge_make_root((struct forge_root){
                        .threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}}));
    add(bundle, root, BY(1, 2));
    return root;
}

static inline const struct record *window(struct bundle *bundle, const struct record *root,
                                          unsigned uid)
{
    return own(bundle, forge_make_window((struct forge_window){
                           .root = root, .uid = uid, .at = {"2027 2027-08-02T08:25:00Z"}}));
}

#endif
