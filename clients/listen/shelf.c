#include "listen/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"

struct held {
    struct record *record; /* owned */
    struct trust_public_key signer[SHELF_SIGNERS_MAX];
    size_t signer_count;
};

struct shelf {
    struct leap_table leap;
    struct held *held; /* owned; room for SHELF_RECORDS_MAX */
    size_t count;
    struct record *anchor[SHELF_ROOTS_MAX]; /* owned */
    size_t anchor_count;
    struct view_entry *entry; /* owned; room for SHELF_RECORDS_MAX */
};

struct shelf *shelf_new(const struct leap_table *leap)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL) {
        return NULL;
    }
    shelf->leap = *leap;
    /* Untouched pages cost nothing. */
    shelf->held = calloc(SHELF_RECORDS_MAX, sizeof *shelf->held);
    shelf->entry = calloc(SHELF_RECORDS_MAX, sizeof *shelf->entry);
    if (shelf->held == NULL || shelf->entry == NULL) {
        shelf_free(shelf);
        return NULL;
    }
    return shelf;
}

void shelf_free(struct shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    for (size_t i = 0; i < shelf->count; i++) {
        record_free(shelf->held[i].record);
    }
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        record_free(shelf->anchor[i]);
    }
    free(shelf->held);
    free(shelf->entry);
    free(shelf);
}

static struct held *find_held(struct shelf *shelf, const struct record_id *id)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (record_id_equal(&shelf->held[i].record->id, id)) {
            return &shelf->held[i];
        }
    }
    return NULL;
}

static bool is_ours(const struct shelf *shelf, const struct record *record)
{
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        if (record_id_equal(record_root_of(record), record_root_of(shelf->anchor[i]))) {
            return true;
        }
    }
    return false;
}

/* Tries the keys of one root that have the signature's id.  True, *signer set, when one verifies.
 */
static bool is_signed_by_root(const struct record_root *root,
                              const struct trust_signature *signature, const struct record *record,
                              struct trust_public_key *signer)
{
    const struct record_key *lists[] = {root->organizer, root->beacon};
    size_t counts[] = {root->organizer_count, root->beacon_count};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < counts[i]; j++) {
            if (!record_key_id_equal(&lists[i][j].id, &signature->id)) {
                continue;
            }
            signer->id = lists[i][j].id;
            memcpy(signer->key, lists[i][j].key, sizeof signer->key);
            if (trust_verify(signature, signer, record->bytes, record->size) == TRUST_OK) {
                return true;
            }
        }
    }
    return false;
}

/* By any root of the record's constellation that is an anchor or on the shelf; which of them count
 * is the view's business.  A root also speaks for itself, once one signature by a known key let it
 * in. */
static bool find_signer(const struct shelf *shelf, const struct trust_signature *signature,
                        const struct record *record, bool may_speak_for_itself,
                        struct trust_public_key *signer)
{
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        if (record_id_equal(record_root_of(shelf->anchor[i]), record_root_of(record)) &&
            is_signed_by_root(&shelf->anchor[i]->is.root, signature, record, signer)) {
            return true;
        }
    }
    for (size_t i = 0; i < shelf->count; i++) {
        const struct record *root = shelf->held[i].record;
        if (root->type == RECORD_ROOT &&
            record_id_equal(record_root_of(root), record_root_of(record)) &&
            is_signed_by_root(&root->is.root, signature, record, signer)) {
            return true;
        }
    }
    return may_speak_for_itself && record->type == RECORD_ROOT &&
           is_signed_by_root(&record->is.root, signature, record, signer);
}

static bool has_signer(const struct held *held, const struct record_key_id *id)
{
    for (size_t i = 0; i < held->signer_count; i++) {
        if (record_key_id_equal(&held->signer[i].id, id)) {
            return true;
        }
    }
    return false;
}

static void refuse(struct shelf_counts *counts, const char *why)
{
    if (counts->refused++ == 0) {
        snprintf(counts->first_refusal, sizeof counts->first_refusal, "%s", why);
    }
}

/* One record and its signatures.  Returns how many new things were learned. */
static size_t take(struct shelf *shelf, const struct stream_item *item, struct shelf_counts *counts)
{
    struct record_id id;
    record_id_of(item->record, item->record_size, &id);
    struct held *held = find_held(shelf, &id);
    struct record *record = held != NULL ? held->record : NULL;
    bool is_new = held == NULL;
    struct record_error error;
    if (is_new && !record_read(item->record, item->record_size, &shelf->leap, &record, &error)) {
        char why[sizeof counts->first_refusal];
        snprintf(why, sizeof why, "a record is refused at %d:%d: %.150s", error.line, error.column,
                 error.message);
        refuse(counts, why);
        return 0;
    }
    if (is_new && !is_ours(shelf, record)) {
        counts->foreign++;
        record_free(record);
        return 0;
    }
    struct held fresh = {.record = record};
    struct held *target = is_new ? &fresh : held;
    size_t learned = 0;
    for (size_t i = 0; i < item->signature_count && target->signer_count < SHELF_SIGNERS_MAX; i++) {
        struct trust_signature signature;
        enum trust_result result =
            trust_signature_read(item->signature[i].bytes, item->signature[i].size, &signature);
        if (result != TRUST_OK) {
            refuse(counts, trust_result_text(result));
            continue;
        }
        struct trust_public_key signer;
        if (has_signer(target, &signature.id) ||
            !find_signer(shelf, &signature, record, !is_new, &signer)) {
            continue;
        }
        target->signer[target->signer_count++] = signer;
        counts->signatures_new++;
        learned++;
    }
    if (!is_new) {
        return learned;
    }
    if (fresh.signer_count == 0 || shelf->count == SHELF_RECORDS_MAX) {
        counts->unsigned_by_us++;
        record_free(record);
        return 0;
    }
    shelf->held[shelf->count++] = fresh;
    counts->records_new++;
    return learned + 1;
}

void shelf_add_stream(struct shelf *shelf, const uint8_t *bytes, size_t size,
                      struct shelf_counts *out)
{
    memset(out, 0, sizeof *out);
    /* A root later in the stream may name the keys of a record before it: until nothing new. */
    for (size_t learned = 1; learned > 0;) {
        struct shelf_counts counts = {0};
        struct stream stream;
        stream_init(&stream, bytes, size);
        static struct stream_item item; /* large; one thread */
        learned = 0;
        while (stream_next(&stream, &item, &counts.is_malformed)) {
            learned += take(shelf, &item, &counts);
        }
        counts.records_new += out->records_new;
        counts.signatures_new += out->signatures_new;
        *out = counts;
    }
}

void shelf_add_record(struct shelf *shelf, const uint8_t *record, size_t record_size,
                      const uint8_t *signature, size_t signature_size, struct shelf_counts *out)
{
    memset(out, 0, sizeof *out);
    struct stream_item item = {.record = record, .record_size = record_size, .signature_count = 1};
    item.signature[0].bytes = signature;
    item.signature[0].size = signature_size;
    take(shelf, &item, out);
}

/* Keeps the highest version given for a constellation. */
static bool keep_anchor(struct shelf *shelf, struct record *root, char why[static 200])
{
    char error[160];
    if (!trust_root_is_sound(&root->is.root, error)) {
        snprintf(why, 200, "the root is not sound: %.160s", error);
        record_free(root);
        return false;
    }
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        if (!record_id_equal(record_root_of(shelf->anchor[i]), record_root_of(root))) {
            continue;
        }
        uint32_t held = shelf->anchor[i]->is.root.version, given = root->is.root.version;
        if (held == given && !record_id_equal(&shelf->anchor[i]->id, &root->id)) {
            snprintf(
                why, 200,
                "two different roots of version %u for one constellation: give only the right one",
                (unsigned)given);
            record_free(root);
            return false;
        }
        if (given > held) {
            record_free(shelf->anchor[i]);
            shelf->anchor[i] = root;
        } else {
            record_free(root);
        }
        return true;
    }
    if (shelf->anchor_count == SHELF_ROOTS_MAX) {
        snprintf(why, 200, "more than %d constellations", SHELF_ROOTS_MAX);
        record_free(root);
        return false;
    }
    shelf->anchor[shelf->anchor_count++] = root;
    return true;
}

bool shelf_add_anchor(struct shelf *shelf, const uint8_t *bytes, size_t size, char why[static 200])
{
    struct record_error error;
    struct record *record;
    if (!stream_is_one(bytes, size)) {
        if (!record_read(bytes, size, &shelf->leap, &record, &error)) {
            snprintf(why, 200, "%d:%d: %.150s", error.line, error.column, error.message);
            return false;
        }
        if (record->type != RECORD_ROOT) {
            snprintf(why, 200, "this is a %s, not a root", record_type_name(record->type));
            record_free(record);
            return false;
        }
        return keep_anchor(shelf, record, why);
    }
    struct stream stream;
    stream_init(&stream, bytes, size);
    static struct stream_item item;
    bool malformed = false, found = false;
    while (stream_next(&stream, &item, &malformed)) {
        if (!record_read(item.record, item.record_size, &shelf->leap, &record, &error)) {
            snprintf(why, 200, "a record in it is refused at %d:%d: %.120s", error.line,
                     error.column, error.message);
            return false;
        }
        if (record->type != RECORD_ROOT) {
            record_free(record);
        } else if (keep_anchor(shelf, record, why)) {
            found = true;
        } else {
            return false;
        }
    }
    if (malformed) {
        snprintf(why, 200, "the bundle breaks off: fetch it again");
        return false;
    }
    if (!found) {
        snprintf(why, 200, "there is no root in it");
    }
    return found;
}

size_t shelf_anchor_count(const struct shelf *shelf)
{
    return shelf->anchor_count;
}

const struct record_id *shelf_anchor_root(const struct shelf *shelf, size_t index)
{
    return record_root_of(shelf->anchor[index]);
}

size_t shelf_record_count(const struct shelf *shelf)
{
    return shelf->count;
}

bool shelf_view(const struct shelf *shelf, instant now, struct view **out)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct held *held = &shelf->held[i];
        shelf->entry[i] = (struct view_entry){held->record, held->signer, held->signer_count};
    }
    struct view_anchor anchor[SHELF_ROOTS_MAX];
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        anchor[i].root = shelf->anchor[i];
    }
    return view_build(shelf->entry, shelf->count, anchor, shelf->anchor_count, now, out);
}
