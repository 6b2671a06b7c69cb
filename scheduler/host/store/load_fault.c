/* What stands in the way of reading a store, and what is put aside of it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/loading.h"

enum { ARRIVING_S = 10 }; /* an unsound file this young may be half copied */

enum store_result load_no_memory(const struct load *load)
{
    return folder_no_memory(load->error, "no memory to read the store %.150s", load->store->path);
}

enum store_result load_fail_listing(const struct load *load, enum folder_part part)
{
    return folder_fail(load->error, "cannot list %s in %.120s: %s", folder_part_name(part),
                       load->store->path, strerror(errno));
}

int64_t load_age_s(const struct stat *status)
{
    return (int64_t)time(NULL) - (int64_t)status->st_mtime;
}

static void tell(const struct load *load, struct store_note *note, const char *path)
{
    note->path = path;
    if (load->note != NULL) {
        load->note(load->context, note);
    }
}

void load_put_aside(const struct load *load, const struct unsound *file, const struct stat *status,
                    struct store_unsound why)
{
    char sub[12] = "", path[400];
    if (file->prefix != NO_PREFIX) {
        snprintf(sub, sizeof sub, "%02x/", (unsigned)file->prefix);
    }
    snprintf(path, sizeof path, "%.250s/%s/%s%.100s", load->store->path,
             folder_part_name(file->part), sub, file->name);
    struct store_note note = {.kind = STORE_NOTE_LEFT, .why = why};
    if (status != NULL && labs(load_age_s(status)) < ARRIVING_S) {
        load->counts->arriving++;
        note.kind = STORE_NOTE_ARRIVING;
        if (load->tells_all) {
            tell(load, &note, path);
        }
        return;
    }
    load->counts->quarantined++;
    if (!load->store->is_left_as_is) {
        bool is_moved = folder_quarantine(load->store, file->folder, file->name);
        note.kind = is_moved ? STORE_NOTE_QUARANTINED : STORE_NOTE_STUCK;
        note.code = errno;
    }
    tell(load, &note, path);
}

bool load_pass_over(const struct load *load, enum folder_part part, uint8_t prefix,
                    const char *name, int code)
{
    if (code != EACCES && code != EPERM) {
        return false;
    }
    bool *was_told = &load->store->was_closed_told[part][prefix];
    char path[400];
    load->counts->closed++;
    snprintf(path, sizeof path, "%.250s/%s/%02x%s%.100s", load->store->path, folder_part_name(part),
             prefix, name[0] != '\0' ? "/" : "", name);
    if (load->note != NULL && !*was_told) {
        *was_told = true;
        load->note(load->context,
                   &(struct store_note){.kind = STORE_NOTE_CLOSED, .path = path, .code = code});
    }
    return true;
}

bool load_read(const struct load *load, const struct unsound *file, uint8_t *bytes, size_t most,
               size_t *size, struct stat *status, enum store_result *result)
{
    struct files_error error;
    *result = STORE_OK;
    switch (files_load_into(file->folder, file->name, bytes, most, size, status, &error)) {
    case FILES_OK:
        return true;
    case FILES_GONE:
        break;
    case FILES_UNFIT:
        load_put_aside(
            load, file, NULL,
            (struct store_unsound){.fault = STORE_UNFIT, .code = error.code, .words = error.why});
        break;
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        if (!load_pass_over(load, file->part, (uint8_t)file->prefix, file->name, error.code)) {
            *result =
                folder_fail(load->error, "cannot read %s/%.90s in %.60s: %s",
                            folder_part_name(file->part), file->name, load->store->path, error.why);
        }
        break;
    }
    return false;
}

/* Whether a file of the quarantine is of a record or signature that the ledger lacks, by its
 * name. */
static bool is_lacking(const struct ledger *ledger, const char *name)
{
    char part[FOLDER_NAME_SIZE];
    const char *rec = strstr(name, ".rec"), *sig = strstr(name, ".minisig");
    const char *end = rec != NULL   ? rec + strlen(".rec")
                      : sig != NULL ? sig + strlen(".minisig")
                                    : NULL;
    struct record_id id;
    struct record_key_id key;
    if (end == NULL || (size_t)(end - name) >= sizeof part) {
        return false;
    }
    snprintf(part, sizeof part, "%.*s", (int)(end - name), name); /* without the ".1" of a second */
    if (folder_read_record_name(part, &id)) {
        return ledger_find(ledger, &id) == NULL;
    }
    return folder_read_signature_name(part, &id, &key) && ledger_find(ledger, &id) != NULL &&
           !ledger_has_signed(ledger, &id, &key);
}

void load_count_aside(const struct load *load)
{
    DIR *dir = files_list(
        openat(load->store->dir, "quarantine", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (dir == NULL) {
        return; /* there is none, or it is not ours to read: the store itself is as it is */
    }
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        char path[400];
        if (!is_lacking(load->ledger, entry->d_name)) {
            continue;
        }
        load->counts->aside++;
        snprintf(path, sizeof path, "%.250s/quarantine/%.110s", load->store->path, entry->d_name);
        if (load->tells_all && load->counts->quarantined == 0) { /* what was moved now is told */
            tell(load, &(struct store_note){.kind = STORE_NOTE_ASIDE}, path);
        }
    }
    closedir(dir);
}
