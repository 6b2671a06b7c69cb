#include "ledger/quota.h"

#include <stdlib.h>
#include <string.h>

#include "list/list.h"

/* How many records of a kind, which could flood us, a key of a constellation has signed. */
struct tally {
    struct record_id root;
    enum record_subject of;              /* apart, so that nobody's drafts keep out a revocation */
    uint8_t key[RECORD_PUBLIC_KEY_SIZE]; /* zero: those that no key of the accepted chain signed */
    size_t count, roots, bytes;
};

static bool has_prev(const struct quota *quota, const struct record_root *root)
{
    return !root->has_prev || ledger_entry(quota->ledger, &root->prev) != NULL;
}

/* Whether a root follows on an accepted one by the threshold of its organizers, or is where the
 * chain begins: version 1, whose hash is the constellation's, or one given by hand. */
static bool is_accepted(const struct quota *quota, const struct view_entry *entry)
{
    const struct record_root *root = &entry->record->is.root;
    if (!root->has_root || record_id_is_among(quota->policy->anchor, quota->policy->anchor_count,
                                              &entry->record->id)) {
        return true;
    }
    const struct view_entry *before = ledger_entry(quota->ledger, &root->prev);
    for (size_t i = 0; before != NULL && i < quota->accepted_count; i++) {
        if (quota->accepted[i] == &before->record->is.root) {
            return root->version > quota->accepted[i]->version &&
                   record_count_organizers(quota->accepted[i], entry->signer,
                                           entry->signer_count) >= quota->accepted[i]->threshold;
        }
    }
    return false;
}

/* Takes every root that is accepted now; whether one was new. */
static bool accept_roots(struct quota *quota, const struct record_id *root)
{
    size_t before = quota->accepted_count;
    for (size_t i = 0; i < quota->ledger->root_count; i++) {
        const struct view_entry *entry = &quota->ledger->entry[quota->ledger->root[i]];
        bool is_there = !record_id_equal(record_root_of(entry->record), root);
        for (size_t k = 0; k < quota->accepted_count && !is_there; k++) {
            is_there = quota->accepted[k] == &entry->record->is.root;
        }
        if (is_there || !is_accepted(quota, entry)) {
            continue;
        }
        if (!LIST_ROOM(quota->accepted, quota->accepted_count, quota->accepted_room)) {
            quota->lacks_memory = true;
            return false;
        }
        quota->accepted[quota->accepted_count++] = &entry->record->is.root;
    }
    return quota->accepted_count > before;
}

/* Looks through the roots of a constellation, once until another comes. */
static void look_at_roots(struct quota *quota, const struct record_id *root)
{
    if (quota->threshold != 0 && record_id_equal(&quota->asked, root)) {
        return;
    }
    const struct record_root *lowest = NULL;
    quota->has_gap = false;
    for (size_t i = 0; i < quota->ledger->root_count; i++) {
        const struct record *record = quota->ledger->entry[quota->ledger->root[i]].record;
        if (record_id_equal(record_root_of(record), root)) {
            quota->has_gap = quota->has_gap || !has_prev(quota, &record->is.root);
            if (lowest == NULL || record->is.root.version < lowest->version) {
                lowest = &record->is.root;
            }
        }
    }
    quota->asked = *root;
    quota->threshold = lowest != NULL ? lowest->threshold : UINT32_MAX;
    quota->accepted_count = 0;
    while (accept_roots(quota, root)) {
    }
}

bool quota_may_be_of_a_gap(struct quota *quota, const struct record *record)
{
    look_at_roots(quota, record_root_of(record));
    return quota->has_gap || (record->type == RECORD_ROOT && !has_prev(quota, &record->is.root));
}

/* The tally of a key, made when it is new; NULL: no memory. */
static struct tally *tally_of(struct quota *quota, const struct record *record, const uint8_t *key)
{
    struct tally wanted = {.root = *record_root_of(record), .of = record_subject_of(record)};
    if (key != NULL) {
        memcpy(wanted.key, key, sizeof wanted.key);
    }
    for (size_t i = 0; i < quota->tally_count; i++) {
        struct tally *one = &quota->tally[i];
        if (record_id_equal(&one->root, &wanted.root) && one->of == wanted.of &&
            memcmp(one->key, wanted.key, sizeof wanted.key) == 0) {
            return one;
        }
    }
    if (!LIST_ROOM(quota->tally, quota->tally_count, quota->tally_room)) {
        quota->lacks_memory = true;
        return NULL;
    }
    quota->tally[quota->tally_count] = wanted;
    return &quota->tally[quota->tally_count++];
}

/* Whether a signature by this key counts for such a record under some accepted root. */
static bool may_count(const struct quota *quota, const struct record *record, const uint8_t *key)
{
    bool of_store = record_subject_of(record) == RECORD_OF_STORE;
    for (size_t i = 0; i < quota->accepted_count; i++) {
        if (of_store ? record_is_beacon(quota->accepted[i], key)
                     : record_is_organizer(quota->accepted[i], key)) {
            return true;
        }
    }
    return false;
}

/* The tally that pays for a record which this key signed: none of a key that does not count; of no
 * key nobody's. */
static struct tally *payer(struct quota *quota, const struct record *record, const uint8_t *key)
{
    return key == NULL || may_count(quota, record, key) ? tally_of(quota, record, key) : NULL;
}

size_t quota_of(const struct quota *quota, const struct record *record)
{
    size_t most = quota->policy->quota == 0 ? LEDGER_QUOTA : quota->policy->quota;
    return record->type == RECORD_ROOT && most > LEDGER_QUOTA_ROOTS ? LEDGER_QUOTA_ROOTS : most;
}

static bool has_room_for(const struct quota *quota, const struct tally *tally,
                         const struct record *record)
{
    const struct ledger_policy *policy = quota->policy;
    size_t bytes = policy->quota_bytes == 0 ? LEDGER_QUOTA_BYTES : policy->quota_bytes;
    size_t count = record->type == RECORD_ROOT ? tally->roots : tally->count - tally->roots;
    return count < quota_of(quota, record) &&
           (tally->of != RECORD_OF_WINDOW || tally->bytes + record->size <= bytes);
}

/* What is there is charged once a merge, and only where somebody's tally is asked for: what m
 * organizers signed costs no look at all the rest. */
static void charge_all(struct quota *quota)
{
    if (quota->has_tallies) {
        return;
    }
    quota->has_tallies = true;
    for (size_t i = 0; i < quota->ledger->count; i++) {
        const struct view_entry *entry = &quota->ledger->entry[i];
        (void)quota_charge(quota, entry->record, entry->signer, entry->signer_count, true);
    }
}

bool quota_charge(struct quota *quota, const struct record *record,
                  const struct record_public_key *signer, size_t signers, bool is_there)
{
    size_t count = 0;
    look_at_roots(quota, record_root_of(record));
    for (size_t i = 0; i < signers; i++) {
        count += may_count(quota, record, signer[i].key);
    }
    if (count >= quota->threshold && record_subject_of(record) != RECORD_OF_STORE) {
        return true;
    }
    charge_all(quota);
    look_at_roots(quota, record_root_of(record)); /* that was about others, too */
    bool has_room = false;
    size_t payers = count > 0 ? signers : 1;
    for (size_t i = 0; i < payers; i++) {
        const struct tally *tally = payer(quota, record, count > 0 ? signer[i].key : NULL);
        has_room = has_room || (tally != NULL && has_room_for(quota, tally, record));
    }
    for (size_t i = 0; (has_room || is_there) && i < payers; i++) {
        struct tally *tally = payer(quota, record, count > 0 ? signer[i].key : NULL);
        if (tally != NULL) {
            tally->count++;
            tally->roots += record->type == RECORD_ROOT;
            tally->bytes += record->size;
        }
    }
    return has_room;
}

void quota_look_again(struct quota *quota)
{
    quota->threshold = 0;
}

void quota_free(struct quota *quota)
{
    free(quota->accepted);
    free(quota->tally);
}
