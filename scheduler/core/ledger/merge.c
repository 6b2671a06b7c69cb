/* merge.c -- what is taken from a peer's stream: roots first, ascending by version, so that their
 * keys are known when the rest is judged; then everything else in the order of the stream. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/internal.h"
#include "ledger/quota.h"
#include "list/list.h"
#include "stream/stream.h"

enum { NOTES_MAX = 20 };

struct proof {
    struct trust_signature signature;
    struct record_public_key key;
};

struct merge {
    struct ledger *ledger;
    const struct ledger_policy *policy;
    struct ledger_counts *counts;
    struct quota quota;
    size_t told;   /* lines given to note */
    size_t untold; /* refusals beyond them */
    struct stream_item item;
    struct proof proof[STREAM_SIGNATURES_MAX]; /* verified signatures of the item at hand */
    size_t proof_count;
    struct record_public_key signer[STREAM_SIGNATURES_MAX]; /* their keys */
};

static void tell(const struct ledger_policy *policy, struct ledger_note note)
{
    if (policy->note != NULL) {
        policy->note(policy->note_context, &note);
    }
}

static void tell_of(struct merge *merge, enum ledger_note_kind kind, const struct record_id *id,
                    const struct ledger_refusal *why)
{
    if (merge->told < NOTES_MAX) {
        tell(merge->policy, (struct ledger_note){.kind = kind, .record = *id, .why = *why});
        merge->told++;
    }
}

static void refuse(struct merge *merge, const struct record_id *id,
                   const struct ledger_refusal *why)
{
    merge->counts->refused++;
    merge->untold += merge->told == NOTES_MAX;
    tell_of(merge, LEDGER_NOTE_REFUSED, id, why);
}

/* Judges one signature over a record: under the ledger's candidates, then (a new root) under its
 * own keys.  *is_known: it is new, by a key of the ledger. */
static enum ledger_result judge(const struct merge *merge, const struct record *record,
                                const struct view_entry *entry, const struct candidates *own,
                                struct proof *proof, bool *is_known, struct ledger_refusal *why)
{
    const struct ledger *ledger = merge->ledger;
    const struct record_public_key *signer = entry != NULL ? entry->signer : merge->signer;
    size_t signers = entry != NULL ? entry->signer_count : merge->proof_count;
    enum ledger_result result = ledger_judge(ledger, &ledger->candidates, record, signer, signers,
                                             &proof->signature, &proof->key, why);
    *is_known = result == LEDGER_NEW;
    if (result != LEDGER_NEW && own != NULL) {
        struct ledger_refusal own_why = {0};
        enum ledger_result own_result = ledger_judge(ledger, own, record, signer, signers,
                                                     &proof->signature, &proof->key, &own_why);
        /* Known may mean only that all who had this id before have signed: ids may be alike. */
        if (own_result == LEDGER_NEW ||
            (result != LEDGER_KNOWN && own_result != LEDGER_UNKNOWN_KEY)) {
            *why = own_why;
            result = own_result;
        }
    }
    return result;
}

static void keep_first(struct ledger_refusal *first, const struct ledger_refusal *why)
{
    if (first->fault == LEDGER_FAULT_NONE) {
        *first = *why;
    }
}

/* Verifies the signatures of the item over a record, and returns whether one is by a key of the
 * ledger. Says why when none verifies. */
static bool verify_item(struct merge *merge, const struct record *record,
                        const struct view_entry *entry, const struct candidates *own,
                        struct ledger_refusal *why)
{
    struct ledger_refusal bad = {0}, apart = {0}; /* the first of each */
    bool is_by_known = false;
    merge->proof_count = 0;
    *why = (struct ledger_refusal){.fault = LEDGER_UNSIGNED};
    for (size_t i = 0; i < merge->item.signature_count; i++) {
        struct proof *proof = &merge->proof[merge->proof_count];
        enum trust_result form = trust_signature_read(
            merge->item.signature[i].bytes, merge->item.signature[i].size, &proof->signature);
        if (form != TRUST_OK) {
            *why = (struct ledger_refusal){
                .fault = LEDGER_SIGNATURE_FORM, .count = i + 1, .verdict = form};
            keep_first(&bad, why);
            continue;
        }
        bool is_known;
        enum ledger_result result = judge(merge, record, entry, own, proof, &is_known, why);
        is_by_known = is_by_known || is_known;
        if (result == LEDGER_UNKNOWN_KEY && quota_may_be_of_a_gap(&merge->quota, record)) {
            keep_first(&apart, why);
        } else if (result == LEDGER_UNKNOWN_KEY || result == LEDGER_REFUSED) {
            keep_first(&bad, why);
        }
        merge->counts->signatures_known += result == LEDGER_KNOWN && entry != NULL;
        if (result == LEDGER_NEW) {
            bool is_again = false; /* the same key twice within the item */
            for (size_t k = 0; k < merge->proof_count; k++) {
                is_again = is_again || trust_public_key_equal(&merge->signer[k], &proof->key);
            }
            if (!is_again) {
                merge->signer[merge->proof_count++] = proof->key;
            }
        }
    }
    if (entry == NULL && merge->proof_count == 0) {
        return false; /* the record itself is refused, not a signature alone */
    }
    if (bad.fault != LEDGER_FAULT_NONE) {
        refuse(merge, &record->id, &bad);
    } else if (apart.fault != LEDGER_FAULT_NONE) {
        tell_of(merge, LEDGER_NOTE_LEFT_OUT, &record->id, &apart);
    }
    return is_by_known;
}

/* Tells the sink of something new.  False: it would not have it. */
static bool hand_on(const struct merge *merge, const struct record *record,
                    const struct trust_signature *signature, const struct record_public_key *key)
{
    const struct ledger_policy *policy = merge->policy;
    return policy->sink == NULL || policy->sink(policy->sink_context, record, signature, key);
}

/* Hands the verified signatures of the item to the entry and the sink. */
static enum ledger_result keep_proofs(struct merge *merge, const struct record_id *id)
{
    for (size_t i = 0; i < merge->proof_count; i++) {
        struct view_entry *entry = ledger_entry(merge->ledger, id);
        enum ledger_result result = ledger_add_signer(merge->ledger, entry, &merge->proof[i].key);
        if (result == LEDGER_NO_MEMORY) {
            return result;
        }
        if (!hand_on(merge, entry->record, &merge->proof[i].signature, &merge->proof[i].key)) {
            return LEDGER_STOPPED;
        }
        if (entry->record->type == RECORD_ROOT) {
            quota_look_again(&merge->quota); /* it may be accepted now, or the lowest version */
        }
        merge->counts->signatures_new++;
    }
    return LEDGER_NEW;
}

/* Whether a new record may come in by whom it is signed and how many there are; else says why. */
static enum ledger_result admit(struct merge *merge, const struct record *record, bool is_by_known,
                                struct ledger_refusal *why)
{
    if (merge->proof_count == 0) {
        return LEDGER_REFUSED; /* verify_item said why */
    }
    bool is_given =
        merge->policy->is_by_hand ||
        record_id_is_among(merge->policy->anchor, merge->policy->anchor_count, &record->id);
    bool brings_keys = record->type == RECORD_ROOT && (record->is.root.version == 1 || is_given);
    if (!is_by_known && !brings_keys) {
        *why = (struct ledger_refusal){.fault = LEDGER_ROOT_OF_STRANGERS};
        return LEDGER_REFUSED;
    }
    bool is_confirmed =
        brings_keys && record_count_organizers(&record->is.root, merge->signer,
                                               merge->proof_count) >= record->is.root.threshold;
    bool is_admitted = is_confirmed || quota_charge(&merge->quota, record, merge->signer,
                                                    merge->proof_count, false);
    if (merge->quota.lacks_memory) {
        return LEDGER_NO_MEMORY;
    }
    if (!is_admitted) {
        *why = (struct ledger_refusal){.fault = LEDGER_OVER_QUOTA,
                                       .count = quota_of(&merge->quota, record)};
        return LEDGER_REFUSED;
    }
    return LEDGER_NEW;
}

/* Judges a new record and takes it; consumes it whatever comes of it. */
static enum ledger_result merge_new(struct merge *merge, struct record *record)
{
    struct ledger_refusal why;
    struct candidates own = {0};
    enum ledger_result result = LEDGER_NEW;
    if (record->type == RECORD_ROOT && !candidates_add(&own, record)) {
        result = LEDGER_NO_MEMORY;
    }
    if (result == LEDGER_NEW) {
        bool is_by_known =
            verify_item(merge, record, NULL, record->type == RECORD_ROOT ? &own : NULL, &why);
        result = admit(merge, record, is_by_known, &why);
    }
    candidates_free(&own);
    if (result == LEDGER_REFUSED) {
        refuse(merge, &record->id, &why);
        record_free(record);
        return LEDGER_NEW;
    }
    if (result == LEDGER_NEW) {
        result = ledger_take(merge->ledger, record);
    }
    if (result != LEDGER_NEW) {
        record_free(record);
        return result;
    }
    if (!hand_on(merge, record, NULL, NULL)) {
        return LEDGER_STOPPED;
    }
    merge->counts->records_new++;
    return keep_proofs(merge, &record->id);
}

/* The item at hand, unless it is a root and roots are not asked for, or the other way round. */
static enum ledger_result merge_item(struct merge *merge, bool roots)
{
    struct record_id id;
    record_id_of(merge->item.record, merge->item.record_size, &id);
    const struct view_entry *entry = ledger_entry(merge->ledger, &id);
    struct ledger_refusal why = {0};
    if (entry != NULL) {
        if ((entry->record->type == RECORD_ROOT) != roots) {
            return LEDGER_NEW;
        }
        merge->counts->records_known++;
        (void)verify_item(merge, entry->record, entry, NULL, &why);
        return keep_proofs(merge, &id);
    }
    if (record_says_root(merge->item.record, merge->item.record_size) != roots) {
        return LEDGER_NEW;
    }
    struct record *record;
    if (!record_read(merge->item.record, merge->item.record_size, merge->ledger->leap, &record,
                     &why.error)) {
        if (why.error.line == 0) {
            return LEDGER_NO_MEMORY;
        }
        why.fault = LEDGER_UNREADABLE;
        refuse(merge, &id, &why);
        return LEDGER_NEW;
    }
    if (merge->policy->root_count > 0 &&
        !record_id_is_among(merge->policy->root, merge->policy->root_count,
                            record_root_of(record))) {
        why.fault = LEDGER_OTHER_ROOT;
        refuse(merge, &id, &why);
        record_free(record);
        return LEDGER_NEW;
    }
    return merge_new(merge, record);
}

/* Where a root record stands in the stream. */
struct place {
    uint32_t version;
    const uint8_t *at;
};

static int by_version(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = (x->version > y->version) - (x->version < y->version);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* Goes through the stream once for its roots, in the order of their versions. */
static enum ledger_result merge_roots(struct merge *merge, const uint8_t *bytes, size_t size)
{
    struct place *place = NULL;
    size_t count = 0, room = 0;
    enum ledger_result result = LEDGER_NEW;
    struct stream stream;
    stream_init(&stream, bytes, size);
    const uint8_t *at = stream.at;
    for (bool malformed; result == LEDGER_NEW && stream_next(&stream, &merge->item, &malformed);
         at = stream.at) {
        struct record *record;
        struct record_error error;
        uint32_t version = UINT32_MAX; /* what does not read is refused in its turn */
        if (!record_says_root(merge->item.record, merge->item.record_size)) {
            continue;
        }
        if (record_read(merge->item.record, merge->item.record_size, merge->ledger->leap, &record,
                        &error)) {
            version = record->is.root.version;
            record_free(record);
        } else if (error.line == 0) {
            result = LEDGER_NO_MEMORY;
        }
        if (!LIST_ROOM(place, count, room)) {
            result = LEDGER_NO_MEMORY;
            break;
        }
        place[count++] = (struct place){.version = version, .at = at};
    }
    list_sort(place, count, sizeof *place, by_version);
    for (size_t i = 0; i < count && result == LEDGER_NEW; i++) {
        struct stream one = {.at = place[i].at, .end = stream.end};
        bool malformed, is_item = stream_next(&one, &merge->item, &malformed);
        assert(is_item); /* it was one before */
        result = merge_item(merge, true);
    }
    free(place);
    return result;
}

/* Roots go first and by version, so that every key that the stream itself brings is known when the
 * rest is judged: what comes of a stream must not hang on the order in which somebody wrote it. */
enum ledger_result ledger_merge(struct ledger *ledger, const uint8_t *bytes, size_t size,
                                const struct ledger_policy *policy, struct ledger_counts *counts)
{
    *counts = (struct ledger_counts){0};
    struct merge *merge = calloc(1, sizeof *merge);
    if (merge == NULL) {
        return LEDGER_NO_MEMORY;
    }
    merge->ledger = ledger;
    merge->policy = policy;
    merge->quota = (struct quota){.ledger = ledger, .policy = policy};
    merge->counts = counts;
    enum ledger_result result = merge_roots(merge, bytes, size);
    struct stream stream;
    stream_init(&stream, bytes, size);
    while (result == LEDGER_NEW && stream_next(&stream, &merge->item, &counts->is_cut_off)) {
        result = merge_item(merge, false);
    }
    if (result == LEDGER_NEW && merge->untold > 0) {
        tell(policy, (struct ledger_note){.kind = LEDGER_NOTE_MORE, .count = merge->untold});
    }
    if (result == LEDGER_NEW && counts->is_cut_off) {
        tell(policy, (struct ledger_note){.kind = LEDGER_NOTE_CUT_OFF});
    }
    quota_free(&merge->quota);
    free(merge);
    return result;
}

void ledger_counts_add(struct ledger_counts *sum, const struct ledger_counts *more)
{
    sum->records_new += more->records_new;
    sum->records_known += more->records_known;
    sum->signatures_new += more->signatures_new;
    sum->signatures_known += more->signatures_known;
    sum->refused += more->refused;
    sum->is_cut_off |= more->is_cut_off;
}
