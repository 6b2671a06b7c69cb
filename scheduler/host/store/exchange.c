/* exchange.c -- streams in and out of the folder. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/load.h"
#include "store/verify_pool.h"
#include "store/write.h"
#include "stream/stream.h"
#include "text/draft.h"

/* Whether every record and signature of a well-formed stream is in a file here already: a peer that
 * says the same again every minute costs no verification.  Counts them as known. */
static bool is_all_known(struct write_batch *batch, const uint8_t *bytes, size_t size,
                         struct ledger_counts *counts)
{
    *counts = (struct ledger_counts){0};
    struct stream_item *item = malloc(sizeof *item);
    struct trust_signature *signature = malloc(sizeof *signature);
    bool is_known = item != NULL && signature != NULL;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed = false;
    while (is_known && stream_next(&stream, item, &malformed)) {
        struct record_id id;
        char name[FOLDER_NAME_SIZE];
        record_id_of(item->record, item->record_size, &id);
        folder_record_name(&id, name);
        is_known =
            write_is_known(batch, PART_RECORDS, id.bytes[0], name, item->record, item->record_size);
        counts->records_known++;
        for (size_t i = 0; i < item->signature_count && is_known; i++) {
            is_known = trust_signature_read(item->signature[i].bytes, item->signature[i].size,
                                            signature) == TRUST_OK;
            if (is_known) {
                struct record_public_key key = {.id = signature->id};
                char text[TRUST_SIGNATURE_TEXT_MAX];
                folder_signature_name(&id, &key, false, name);
                is_known = write_is_known(batch, PART_SIGS, id.bytes[0], name, text,
                                          trust_signature_write(signature, text));
                counts->signatures_known++;
            }
        }
    }
    free(item);
    free(signature);
    return is_known && !malformed;
}

/* Whether the same stream was found known before, and synced: a daemon hears it every minute, and
 * must not wait for the disk each time. */
static bool is_settled(const struct store *store, const struct record_id *stream)
{
    for (size_t i = 0; i < store->settled_count && i < FOLDER_SETTLED; i++) {
        if (record_id_equal(&store->settled[i], stream)) {
            return true;
        }
    }
    return false;
}

struct store_intake {
    struct store *store; /* borrowed */
    struct store_source source;
    struct ledger *ledger; /* owned: what the folder holds; NULL: it has not been read, or a failure
                              left it unsure */
    struct write_batch batch;
    enum store_result result; /* what the disk said last */
    struct store_error *error;
};

/* The ledger's sink: what is new goes to the disk. */
static bool take(void *context, const struct record *record,
                 const struct trust_signature *signature, const struct record_public_key *key)
{
    struct store_intake *intake = context;
    intake->result =
        signature == NULL
            ? write_record(&intake->batch, &record->id, record->bytes, record->size, intake->error)
            : write_signature(&intake->batch, &record->id, signature, key, intake->error);
    return intake->result == STORE_OK;
}

static enum store_result no_memory(struct store_error *error)
{
    return folder_no_memory(error, "no memory to merge records");
}

static void hear(void *context, const struct ledger_note *note)
{
    const struct store_intake *intake = context;
    if (intake->source.note != NULL) {
        intake->source.note(intake->source.context,
                            &(struct store_note){.kind = STORE_NOTE_MERGE, .merge = *note});
    }
}

enum store_result store_intake_new(struct store *store, const struct store_source *source,
                                   struct store_intake **out, struct store_error *error)
{
    struct store_intake *intake = malloc(sizeof *intake);
    if (intake == NULL) {
        return no_memory(error);
    }
    intake->store = store;
    intake->source = source != NULL ? *source : (struct store_source){0};
    intake->ledger = NULL;
    write_batch_init(&intake->batch, store);
    *out = intake;
    return STORE_OK;
}

void store_intake_free(struct store_intake *intake)
{
    if (intake != NULL) {
        write_batch_close(&intake->batch);
        ledger_free(intake->ledger);
        free(intake);
    }
}

/* Merges what is in the folder with the stream, and stages what is new. */
static enum store_result merge(struct store_intake *intake, const uint8_t *bytes, size_t size,
                               struct ledger_counts *counts)
{
    const struct store_source *source = &intake->source;
    if (intake->ledger == NULL) {
        struct store_check_counts loaded;
        intake->ledger = ledger_new(intake->store->leap);
        if (intake->ledger == NULL) {
            return no_memory(intake->error);
        }
        enum store_result result = load_ledger(intake->store, intake->ledger, source->note,
                                               source->context, &loaded, intake->error);
        if (result != STORE_OK) {
            return result;
        }
    }
    struct ledger_policy policy = {.root = source->root,
                                   .root_count = source->root_count,
                                   .anchor = source->anchor,
                                   .anchor_count = source->anchor_count,
                                   .is_by_hand = source->root_count == 0,
                                   .sink = take,
                                   .sink_context = intake,
                                   .note = hear,
                                   .note_context = intake};
    struct verify_pool *pool =
        verify_pool_begin(intake->ledger, bytes, size, policy.is_by_hand, intake->store->leap);
    ledger_verify_with(intake->ledger, pool != NULL ? verify_pool_verify : NULL, pool);
    enum ledger_result end = ledger_merge(intake->ledger, bytes, size, &policy, counts);
    ledger_verify_with(intake->ledger, NULL, NULL);
    verify_pool_free(pool);
    if (end == LEDGER_NO_MEMORY) {
        return no_memory(intake->error);
    }
    if (end == LEDGER_STOPPED) {
        return intake->result;
    }
    return counts->records_known > 0 ? write_touch_all(&intake->batch, intake->error) : STORE_OK;
}

enum store_result store_intake_add(struct store_intake *intake, const uint8_t *bytes, size_t size,
                                   struct ledger_counts *counts, struct store_error *error)
{
    if (size > STREAM_SIZE_MAX) {
        *counts = (struct ledger_counts){0};
        return folder_refuse(error, "a stream has at most %d MiB", STREAM_SIZE_MAX >> 20);
    }
    intake->error = error;
    intake->result = STORE_OK;
    struct ledger_counts merged = {0};
    bool is_known = is_all_known(&intake->batch, bytes, size, counts);
    struct record_id stream = {{0}};
    if (is_known) {
        record_id_of(bytes, size, &stream);
        if (is_settled(intake->store, &stream)) {
            return STORE_OK;
        }
    }
    enum store_result result = is_known ? STORE_OK : merge(intake, bytes, size, &merged);
    if (result == STORE_OK) {
        result = write_commit(&intake->batch, error);
    }
    if (result != STORE_OK) { /* nothing is promised, so nothing is counted, nor believed later */
        *counts = (struct ledger_counts){0};
        write_batch_close(&intake->batch);
        write_batch_init(&intake->batch, intake->store);
        ledger_free(intake->ledger);
        intake->ledger = NULL;
    } else if (is_known) {
        intake->store->settled[intake->store->settled_count++ % FOLDER_SETTLED] = stream;
    } else {
        *counts = merged;
    }
    return result;
}

/* What a merge brings goes to the disk for as long as that works. */
struct keeping {
    struct write_batch batch;
    const struct record *last; /* that was written or is there */
    enum store_result result;  /* of the disk */
    struct store_error *error;
};

static bool has_record(struct keeping *keeping, const struct record *record)
{
    char name[FOLDER_NAME_SIZE];
    folder_record_name(&record->id, name);
    return write_is_known(&keeping->batch, PART_RECORDS, record->id.bytes[0], name, record->bytes,
                          record->size);
}

/* The ledger's sink: it has taken what comes here, and goes on whatever the disk says.  A record
 * that the ledger has from elsewhere goes along with its first signature. */
static bool keep(void *context, const struct record *record,
                 const struct trust_signature *signature, const struct record_public_key *key)
{
    struct keeping *keeping = context;
    if (keeping->result == STORE_OK && record != keeping->last) {
        keeping->last = record;
        if (signature == NULL || !has_record(keeping, record)) {
            keeping->result = write_record(&keeping->batch, &record->id, record->bytes,
                                           record->size, keeping->error);
        }
    }
    if (keeping->result == STORE_OK && signature != NULL) {
        keeping->result =
            write_signature(&keeping->batch, &record->id, signature, key, keeping->error);
    }
    return true;
}

enum store_result store_merge(struct store *store, struct ledger *ledger, const uint8_t *bytes,
                              size_t size, const struct ledger_policy *policy,
                              struct ledger_counts *counts, struct store_error *error)
{
    struct ledger_policy sinking = *policy;
    struct keeping *keeping = malloc(sizeof *keeping);
    if (keeping != NULL) {
        write_batch_init(&keeping->batch, store);
        keeping->last = NULL;
        keeping->result = STORE_OK;
        keeping->error = error;
        sinking.sink = keep;
        sinking.sink_context = keeping;
    }
    enum ledger_result merged = ledger_merge(ledger, bytes, size, &sinking, counts);
    if (keeping == NULL) {
        return no_memory(error);
    }
    enum store_result result = write_end(&keeping->batch, keeping->result, error);
    free(keeping);
    return merged == LEDGER_NO_MEMORY ? no_memory(error) : result;
}

static int by_id(const void *a, const void *b)
{
    const struct view_entry *const *x = a, *const *y = b;
    return record_id_compare(&(*x)->record->id, &(*y)->record->id);
}

static int by_key_id(const void *a, const void *b)
{
    char x[RECORD_KEY_ID_TEXT_SIZE],
        y[RECORD_KEY_ID_TEXT_SIZE]; /* as in names: not in file order */
    record_key_id_write(&((const struct record_public_key *)a)->id, x);
    record_key_id_write(&((const struct record_public_key *)b)->id, y);
    int order = strcmp(x, y);
    return order != 0 ? order
                      : memcmp(((const struct record_public_key *)a)->key,
                               ((const struct record_public_key *)b)->key, RECORD_PUBLIC_KEY_SIZE);
}

/* The file of one signer's signature; READING_GONE also when what is there is not by this key. */
static enum files_result read_signature(int folder, const struct record *record,
                                        const struct record_public_key *key,
                                        uint8_t text[static TRUST_SIGNATURE_TEXT_MAX + 1],
                                        size_t *size, struct files_error *why)
{
    for (int second = 0; second < 2; second++) {
        char name[FOLDER_NAME_SIZE];
        struct trust_signature signature;
        folder_signature_name(&record->id, key, second == 1, name);
        enum files_result reading =
            files_load_into(folder, name, text, TRUST_SIGNATURE_TEXT_MAX, size, NULL, why);
        if (reading == FILES_FAILED || reading == FILES_NO_MEMORY ||
            (reading == FILES_OK && trust_signature_read(text, *size, &signature) == TRUST_OK &&
             trust_verify(&signature, key, record->bytes, record->size) == TRUST_OK)) {
            return reading;
        }
    }
    return FILES_GONE;
}

/* A record with its signatures, ascending by key and no more than a reader takes: equal sets must
 * be equal bytes.  Each is read from the disk and verified once more; one that has gone or is no
 * good since is left out, and counts are written after it is known how many were good. */
static enum store_result put_entry(struct store *store, const struct view_entry *entry,
                                   struct draft *block, struct store_error *error)
{
    struct draft signatures = {0};
    size_t found = 0;
    struct record_public_key *signer = calloc(entry->signer_count + 1, sizeof *signer);
    if (signer == NULL) {
        return no_memory(error);
    }
    if (entry->signer_count > 0) {
        memcpy(signer, entry->signer, entry->signer_count * sizeof *signer);
        qsort(signer, entry->signer_count, sizeof *signer, by_key_id);
    }
    enum store_result result = STORE_OK;
    int folder = folder_open(store, PART_SIGS, entry->record->id.bytes[0], false);
    if (folder < 0 && errno != ENOENT) {
        result = folder_fail(error, "cannot open sigs in %.120s: %s", store->path, strerror(errno));
    }
    for (size_t i = 0; i < entry->signer_count && folder >= 0 && result == STORE_OK &&
                       found < STREAM_SIGNATURES_MAX;
         i++) {
        uint8_t text[TRUST_SIGNATURE_TEXT_MAX + 1];
        size_t size;
        struct files_error why;
        enum files_result reading =
            read_signature(folder, entry->record, &signer[i], text, &size, &why);
        if (reading == FILES_FAILED || reading == FILES_NO_MEMORY) {
            result =
                folder_fail(error, "cannot read a signature in %.120s: %s", store->path, why.why);
        } else if (reading == FILES_OK) {
            stream_add_netstring(&signatures, text, size);
            found++;
        }
    }
    if (folder >= 0) {
        close(folder);
    }
    free(signer);
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", found);
    stream_add_netstring(block, entry->record->bytes, entry->record->size);
    stream_add_netstring(block, digits, (size_t)length);
    draft_add_bytes(block, signatures.at, signatures.len); /* netstrings already */
    if (result == STORE_OK && (block->is_short_of_memory || signatures.is_short_of_memory)) {
        result = no_memory(error);
    }
    draft_free(&signatures);
    return result;
}

/* Sorted by id, and each record once: equal sets are equal bytes, so that whoever hears a stream
 * again knows it by its hash. */
enum store_result store_write_stream(struct store *store, const struct view_entry *entry,
                                     size_t count, uint8_t **out, size_t *size,
                                     struct store_error *error)
{
    struct draft block = {0};
    const struct view_entry **sorted = calloc(count + 1, sizeof(const struct view_entry *));
    enum store_result result = STORE_OK;
    if (!draft_reserve(&block, 0) || sorted == NULL) {
        result = no_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            sorted[i] = &entry[i];
        }
        qsort(sorted, count, sizeof(const struct view_entry *), by_id);
        for (size_t i = 0; i < count && result == STORE_OK; i++) {
            if (i == 0 || by_id(&sorted[i], &sorted[i - 1]) != 0) {
                result = put_entry(store, sorted[i], &block, error);
            }
        }
    }
    if (result == STORE_OK && block.len > STREAM_SIZE_MAX) {
        result = folder_refuse(error,
                               "these records are more than the %d MiB of one stream: choose fewer",
                               STREAM_SIZE_MAX >> 20);
    }
    free(sorted);
    if (result != STORE_OK) {
        draft_free(&block);
        return result;
    }
    *size = block.len;
    *out = (uint8_t *)draft_take(&block);
    return STORE_OK;
}
