/* Signatures wait until those of a record can be verified together. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/loading.h"

/* Puts in the signature that waits at i. */
static enum store_result settle_one(const struct load *load, size_t i)
{
    const struct verify_pool_pair *pair = &load->waiting->pair[i];
    const struct record_id *id = &pair->record->id;
    struct trust_signature signature;
    struct store_unsound why = {.fault = STORE_REFUSAL};
    enum trust_result form = trust_signature_read(pair->text, pair->size, &signature);
    assert(form == TRUST_OK); /* or it would not wait */
    (void)form;
    enum ledger_result result =
        ledger_put_signature(load->ledger, id, &signature, NULL, &why.refusal);
    if (result == LEDGER_NO_MEMORY) {
        return load_no_memory(load);
    }
    if (result == LEDGER_REFUSED) {
        int folder = folder_open(load->store, PART_SIGS, id->bytes[0], false);
        if (folder < 0) {
            return errno == ENOENT ? STORE_OK : load_fail_listing(load, PART_SIGS);
        }
        const struct unsound file = {PART_SIGS, id->bytes[0], folder, load->waiting->file[i].name};
        load_put_aside(load, &file, &load->waiting->file[i].status, why);
        close(folder);
    } else if (result == LEDGER_UNKNOWN_KEY) {
        load->counts->unverified++;
    } else {
        load->counts->signatures++;
        load->counts->came += result == LEDGER_NEW;
    }
    return STORE_OK;
}

void load_forget_waiting(struct waiting *waiting)
{
    while (waiting->count > 0) {
        free(waiting->file[--waiting->count].text);
    }
}

enum store_result load_settle(const struct load *load)
{
    struct waiting *waiting = load->waiting;
    struct verify_pool *pool = verify_pool_pairs(load->ledger, waiting->pair, waiting->count);
    enum store_result result = STORE_OK;
    ledger_verify_with(load->ledger, pool != NULL ? verify_pool_verify : NULL, pool);
    for (size_t i = 0; i < waiting->count && result == STORE_OK; i++) {
        result = settle_one(load, i);
    }
    ledger_verify_with(load->ledger, NULL, NULL);
    verify_pool_free(pool);
    load_forget_waiting(waiting);
    return result;
}

static enum store_result let_wait(const struct load *load, const struct record *record,
                                  const uint8_t *text, size_t size, const char *name,
                                  const struct stat *status)
{
    struct waiting *waiting = load->waiting;
    uint8_t *copy = malloc(size);
    if (copy == NULL) {
        return load_no_memory(load);
    }
    memcpy(copy, text, size);
    waiting->pair[waiting->count] =
        (struct verify_pool_pair){.record = record, .text = copy, .size = size};
    waiting->file[waiting->count].text = copy;
    waiting->file[waiting->count].status = *status;
    snprintf(waiting->file[waiting->count].name, FOLDER_NAME_SIZE, "%s", name);
    waiting->count++;
    return waiting->count == WAITING_MAX ? load_settle(load) : STORE_OK;
}

/* Its name must say what it is, as names are what copying programs see.  Whose it is is judged at
 * the end of the folder: the root that names its key may come later, and those of a record are
 * verified together. */
enum store_result load_signature(const struct load *load, int folder, uint8_t prefix,
                                 const char *name)
{
    const struct unsound file = {PART_SIGS, prefix, folder, name};
    struct record_id id;
    struct record_key_id key;
    if (!folder_read_signature_name(name, &id, &key) || id.bytes[0] != prefix) {
        load_put_aside(load, &file, NULL, unsound(STORE_SIGNATURE_NAME));
        return STORE_OK;
    }
    if (load->is_following && ledger_has_signed(load->ledger, &id, &key)) {
        return STORE_OK;
    }
    uint8_t text[TRUST_SIGNATURE_TEXT_MAX + 1];
    size_t size;
    struct stat status;
    enum store_result result;
    if (!load_read(load, &file, text, TRUST_SIGNATURE_TEXT_MAX, &size, &status, &result)) {
        return result;
    }
    struct trust_signature signature;
    enum trust_result form = trust_signature_read(text, size, &signature);
    if (form == TRUST_OK && !record_key_id_equal(&signature.id, &key)) {
        form = TRUST_WRONG_KEY;
    }
    if (form != TRUST_OK) {
        load_put_aside(
            load, &file, &status,
            (struct store_unsound){.fault = STORE_SIGNATURE_FORM, .refusal = {.verdict = form}});
        return STORE_OK;
    }
    const struct view_entry *entry = ledger_find(load->ledger, &id);
    if (entry == NULL) {
        load->counts->unverified++;
        return STORE_OK;
    }
    return let_wait(load, entry->record, text, size, name, &status);
}
