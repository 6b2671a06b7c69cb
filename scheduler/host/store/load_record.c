/* A record that is read into the ledger, unless there is no room for it. */
#include <dirent.h>
#include <unistd.h>

#include "store/loading.h"

enum {
    /* Who follows a store may have little memory, and other programs fill it: beyond so many bytes
     * of records drafts that one key alone has signed stay unread, beyond the second all windows
     * and cancellations do. */
    CROWDED_BYTES = 8 << 20,
    FULL_BYTES = 3 * CROWDED_BYTES,
};

/* By their names alone, which prove nothing: what two claim to have signed goes before what only
 * one does, and is verified like anything else. */
static size_t claimed_signatures(const struct load *load, const struct record_id *id)
{
    DIR *dir = files_list(folder_open(load->store, PART_SIGS, id->bytes[0], false));
    size_t count = 0;
    if (dir == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        struct record_id of;
        struct record_key_id by;
        count += folder_read_signature_name(entry->d_name, &of, &by) && record_id_equal(&of, id);
    }
    closedir(dir);
    return count;
}

/* Whether a follower leaves this record where it is. */
static bool is_crowded_out(const struct load *load, const struct record_id *id,
                           const uint8_t *bytes, size_t size)
{
    size_t sum = load->store->followed_bytes + size;
    if (!load->is_following || sum <= CROWDED_BYTES ||
        !(text_begins(bytes, size, "tocsin window ") ||
          text_begins(bytes, size, "tocsin cancel "))) {
        return false;
    }
    return sum > FULL_BYTES || claimed_signatures(load, id) < 2;
}

void load_tell_crowded(const struct load *load)
{
    int count = (int)load->counts->crowded;
    if (count > load->store->crowded_told && load->note != NULL) {
        load->store->crowded_told = count;
        load->note(load->context, &(struct store_note){.kind = STORE_NOTE_CROWDED,
                                                       .path = load->store->path,
                                                       .code = count});
    }
}

/* A file that vanishes between the listing and the reading was forgotten by somebody, one that
 * cannot be read may be readable tomorrow: neither is unsound.  What is unsound is put aside, not
 * deleted, as it may be all that is left of a record. */
enum store_result load_record(const struct load *load, int folder, uint8_t prefix, const char *name)
{
    const struct unsound file = {PART_RECORDS, prefix, folder, name};
    struct record_id id, is;
    if (!folder_read_record_name(name, &id) || id.bytes[0] != prefix) {
        load_put_aside(load, &file, NULL, unsound(STORE_RECORD_NAME));
        return STORE_OK;
    }
    if (load->is_following && ledger_find(load->ledger, &id) != NULL) {
        return STORE_OK;
    }
    uint8_t bytes[RECORD_SIZE_MAX + 1];
    size_t size;
    struct stat status;
    enum store_result result;
    struct store_unsound why = {.fault = STORE_REFUSAL};
    if (!load_read(load, &file, bytes, RECORD_SIZE_MAX, &size, &status, &result)) {
        return result;
    }
    record_id_of(bytes, size, &is);
    if (!record_id_equal(&is, &id)) {
        load_put_aside(load, &file, &status, unsound(STORE_CHANGED));
        return STORE_OK;
    }
    if (is_crowded_out(load, &id, bytes, size)) {
        load->counts->crowded++;
        return STORE_OK;
    }
    enum ledger_result put = ledger_put_record(load->ledger, bytes, size, NULL, &why.refusal);
    if (put == LEDGER_NO_MEMORY) {
        return load_no_memory(load);
    }
    if (put == LEDGER_REFUSED) {
        load_put_aside(load, &file, &status, why);
    } else {
        load->counts->records++;
        load->counts->came += put == LEDGER_NEW;
        load->store->followed_bytes += load->is_following && put == LEDGER_NEW ? size : 0;
    }
    return STORE_OK;
}
