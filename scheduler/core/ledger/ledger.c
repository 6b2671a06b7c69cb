#include "ledger/ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/internal.h"
#include "list/list.h"

struct ledger *ledger_new(const struct leap_table *leap)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger != NULL) {
        ledger->leap = leap;
    }
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    for (size_t i = 0; i < ledger->count; i++) {
        record_free(ledger->owned[i].record);
        free(ledger->owned[i].signer);
    }
    free(ledger->entry);
    free(ledger->owned);
    list_index_free(&ledger->by_id);
    free(ledger->root);
    candidates_free(&ledger->candidates);
    free(ledger);
}

void ledger_verify_with(struct ledger *ledger, ledger_verifier verify, void *context)
{
    ledger->verify = verify;
    ledger->verify_context = context;
}

static const uint8_t *id_at(const void *list, size_t i)
{
    const struct view_entry *entry = list;
    return entry[i].record->id.bytes;
}

static uint32_t *slot_of(const struct ledger *ledger, const struct record_id *id)
{
    return list_index_find(&ledger->by_id, ledger->entry, id_at, id->bytes);
}

struct view_entry *ledger_entry(const struct ledger *ledger, const struct record_id *id)
{
    const uint32_t *slot = slot_of(ledger, id);
    return slot == NULL || *slot == 0 ? NULL : &ledger->entry[*slot - 1];
}

const struct view_entry *ledger_find(const struct ledger *ledger, const struct record_id *id)
{
    return ledger_entry(ledger, id);
}

const struct view_entry *ledger_entries(const struct ledger *ledger, size_t *count)
{
    *count = ledger->count;
    return ledger->entry;
}

static bool has_room(struct ledger *ledger)
{
    return LIST_ROOM(ledger->entry, ledger->count, ledger->room) &&
           LIST_ROOM(ledger->owned, ledger->count, ledger->owned_room) &&
           list_index_room(&ledger->by_id, ledger->entry, ledger->count, id_at);
}

enum ledger_result ledger_take(struct ledger *ledger, struct record *record)
{
    bool is_root = record->type == RECORD_ROOT;
    if (!has_room(ledger) ||
        (is_root && (!LIST_ROOM(ledger->root, ledger->root_count, ledger->root_room) ||
                     !candidates_add(&ledger->candidates, record)))) {
        return LEDGER_NO_MEMORY;
    }
    if (is_root) {
        ledger->root[ledger->root_count++] = ledger->count;
    }
    *slot_of(ledger, &record->id) = (uint32_t)ledger->count + 1;
    ledger->entry[ledger->count] = (struct view_entry){.record = record};
    ledger->owned[ledger->count] = (struct owned){.record = record};
    ledger->count++;
    return LEDGER_NEW;
}

enum ledger_result ledger_put_record(struct ledger *ledger, const uint8_t *bytes, size_t size,
                                     const struct record **out, struct ledger_refusal *why)
{
    struct record_id id;
    record_id_of(bytes, size, &id);
    const struct view_entry *known = ledger_entry(ledger, &id);
    if (known != NULL) {
        if (out != NULL) {
            *out = known->record;
        }
        return LEDGER_KNOWN;
    }
    struct record *record;
    struct ledger_refusal unread = {.fault = LEDGER_UNREADABLE};
    if (!record_read(bytes, size, ledger->leap, &record, &unread.error)) {
        *why = unread;
        return unread.error.line == 0 ? LEDGER_NO_MEMORY : LEDGER_REFUSED;
    }
    enum ledger_result result = ledger_take(ledger, record);
    if (result != LEDGER_NEW) {
        record_free(record);
        return result;
    }
    if (out != NULL) {
        *out = record;
    }
    return LEDGER_NEW;
}

static bool have_all_signed(const struct candidate *candidate, size_t count,
                            const struct record_public_key *signer, size_t signer_count)
{
    for (size_t i = 0; i < count; i++) {
        if (!record_key_is_among(signer, signer_count, candidate[i].key.key)) {
            return false;
        }
    }
    return true;
}

bool ledger_has_signed(const struct ledger *ledger, const struct record_id *record,
                       const struct record_key_id *by)
{
    const struct view_entry *entry = ledger_entry(ledger, record);
    if (entry == NULL) {
        return false;
    }
    struct candidate *first;
    size_t count;
    candidates_find(&ledger->candidates, by, record_root_of(entry->record),
                    candidates_role_for(entry->record), &first, &count);
    return count > 0 && have_all_signed(first, count, entry->signer, entry->signer_count);
}

enum ledger_result ledger_add_signer(struct ledger *ledger, struct view_entry *entry,
                                     const struct record_public_key *key)
{
    if (record_key_is_among(entry->signer, entry->signer_count, key->key)) {
        return LEDGER_KNOWN;
    }
    struct owned *owned = &ledger->owned[entry - ledger->entry];
    if (!LIST_EXACTLY(owned->signer, entry->signer_count + 1)) { /* few, of many records */
        return LEDGER_NO_MEMORY;
    }
    entry->signer = owned->signer;
    owned->signer[entry->signer_count++] = *key;
    return LEDGER_NEW;
}

enum ledger_result ledger_judge(const struct ledger *ledger, const struct candidates *candidates,
                                const struct record *record, const struct record_public_key *signer,
                                size_t signer_count, const struct trust_signature *signature,
                                struct record_public_key *key, struct ledger_refusal *why)
{
    struct candidate *first;
    size_t count;
    candidates_find(candidates, &signature->id, record_root_of(record), candidates_role_for(record),
                    &first, &count);
    if (count == 0) {
        *why = (struct ledger_refusal){.fault = candidates_role_for(record) == CANDIDATE_BEACON
                                                    ? LEDGER_NO_SUCH_BEACON
                                                    : LEDGER_NO_SUCH_ORGANIZER,
                                       .key = signature->id};
        return LEDGER_UNKNOWN_KEY;
    }
    if (have_all_signed(first, count, signer, signer_count)) {
        return LEDGER_KNOWN;
    }
    /* First those who have not signed yet; then, as ids may be alike, those who have. */
    enum trust_result verdict = TRUST_BAD_SIGNATURE;
    for (int has_signed = 0; has_signed < 2; has_signed++) {
        for (size_t i = 0; i < count; i++) {
            if (record_key_is_among(signer, signer_count, first[i].key.key) != (has_signed == 1)) {
                continue;
            }
            const struct record_public_key *one = &first[i].key;
            verdict = ledger->verify != NULL
                          ? ledger->verify(ledger->verify_context, signature, one, record->bytes,
                                           record->size)
                          : trust_verify(signature, one, record->bytes, record->size);
            if (verdict == TRUST_OK) {
                *key = *one;
                candidates_prefer(first, &first[i]);
                return has_signed == 1 ? LEDGER_KNOWN : LEDGER_NEW;
            }
        }
    }
    *why = (struct ledger_refusal){
        .fault = LEDGER_SIGNATURE_FALSE, .key = signature->id, .verdict = verdict};
    return LEDGER_REFUSED;
}

enum ledger_result ledger_put_signature(struct ledger *ledger, const struct record_id *record,
                                        const struct trust_signature *signature,
                                        struct record_public_key *key, struct ledger_refusal *why)
{
    struct view_entry *entry = ledger_entry(ledger, record);
    if (entry == NULL) {
        *why = (struct ledger_refusal){.fault = LEDGER_NOTHING_TO_SIGN};
        return LEDGER_REFUSED;
    }
    struct record_public_key by;
    enum ledger_result result =
        ledger_judge(ledger, &ledger->candidates, entry->record, entry->signer, entry->signer_count,
                     signature, &by, why);
    if (result == LEDGER_NEW) {
        result = ledger_add_signer(ledger, entry, &by);
        if (key != NULL) {
            *key = by;
        }
    }
    return result;
}

enum ledger_result ledger_put_signer(struct ledger *ledger, const struct record_id *record,
                                     const struct record_public_key *key)
{
    struct view_entry *entry = ledger_entry(ledger, record);
    return entry == NULL ? LEDGER_REFUSED : ledger_add_signer(ledger, entry, key);
}
