#include "store/load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/loading.h"

enum { DEBRIS_S = 3600 }; /* a writer's temporary file this old has no writer */

/* Removes what a writer that died on a file system without O_TMPFILE left behind. */
static void sweep(const struct load *load, int folder, const char *name)
{
    struct stat status;
    if (!load->store->is_left_as_is && files_is_passing(name) &&
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
        load_age_s(&status) > DEBRIS_S && unlinkat(folder, name, 0) == 0) {
        load->counts->swept++;
    }
}

/* Calls `each` for every name in the folder; consumes the descriptor. */
static enum store_result list(const struct load *load, enum folder_part part, int folder,
                              enum store_result (*each)(const struct load *load,
                                                        enum folder_part part, int folder,
                                                        uint8_t prefix, const char *name),
                              uint8_t prefix)
{
    DIR *dir = files_list(folder);
    if (dir == NULL) {
        return errno == ENOMEM ? load_no_memory(load) : load_fail_listing(load, part);
    }
    enum store_result result = STORE_OK;
    while (result == STORE_OK) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            if (errno != 0) {
                result = load_fail_listing(load, part);
            }
            break;
        }
        if (entry->d_name[0] == '.') {
            sweep(load, folder, entry->d_name);
        } else {
            result = each(load, part, folder, prefix, entry->d_name);
        }
    }
    closedir(dir);
    return result;
}

static enum store_result load_file(const struct load *load, enum folder_part part, int folder,
                                   uint8_t prefix, const char *name)
{
    return part == PART_RECORDS ? load_record(load, folder, prefix, name)
                                : load_signature(load, folder, prefix, name);
}

static enum store_result load_folder(const struct load *load, enum folder_part part, int top,
                                     uint8_t prefix, const char *name)
{
    (void)prefix;
    const struct unsound file = {part, NO_PREFIX, top, name};
    uint8_t number;
    if (!folder_read_prefix(name, &number)) {
        load_put_aside(load, &file, NULL, unsound(STORE_FOLDER_NAME));
        return STORE_OK;
    }
    int folder = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        load_put_aside(load, &file, NULL, unsound(STORE_NO_FOLDER));
        return STORE_OK;
    }
    if (folder < 0 && load_pass_over(load, part, number, "", errno)) {
        return STORE_OK;
    }
    if (folder < 0) {
        return errno == ENOENT ? STORE_OK : load_fail_listing(load, part);
    }
    return list(load, part, folder, load_file, number);
}

static enum store_result load_all(struct load *load)
{
    *load->counts = (struct store_check_counts){0};
    load->waiting = malloc(sizeof *load->waiting);
    if (load->waiting == NULL) {
        return load_no_memory(load);
    }
    load->waiting->count = 0;
    enum store_result result = STORE_OK;
    for (int part = 0; part < PARTS && result == STORE_OK; part++) { /* records before signatures */
        int top = folder_top(load->store, (enum folder_part)part, false);
        if (top < 0 && errno == ENOENT) {
            continue;
        }
        /* its own open file: the listing's place is not shared */
        int own = top < 0 ? -1 : openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        result = own < 0 ? load_fail_listing(load, (enum folder_part)part)
                         : list(load, (enum folder_part)part, own, load_folder, 0);
    }
    if (result == STORE_OK) {
        result = load_settle(load);
        load_tell_crowded(load);
    }
    load_forget_waiting(load->waiting);
    free(load->waiting);
    if (result == STORE_OK && !load->is_following) {
        load_count_aside(load);
    }
    return result;
}

enum store_result load_ledger(struct store *store, struct ledger *ledger, store_note_sink note,
                              void *context, struct store_check_counts *counts,
                              struct store_error *error)
{
    return load_all(&(struct load){.store = store,
                                   .ledger = ledger,
                                   .note = note,
                                   .context = context,
                                   .counts = counts,
                                   .error = error});
}

enum store_result store_follow(struct store *store, struct ledger *ledger, store_note_sink note,
                               void *context, size_t *came, struct store_error *error)
{
    struct store_check_counts counts;
    enum store_result result = load_all(&(struct load){.store = store,
                                                       .ledger = ledger,
                                                       .note = note,
                                                       .context = context,
                                                       .counts = &counts,
                                                       .error = error,
                                                       .is_following = true});
    *came = counts.came;
    return result;
}

static enum store_result new_ledger(struct store *store, store_note_sink note, void *context,
                                    bool tells_all, struct store_check_counts *counts,
                                    struct ledger **out, struct store_error *error)
{
    struct ledger *ledger = ledger_new(store->leap);
    if (ledger == NULL) {
        return folder_no_memory(error, "no memory to read the store %.150s", store->path);
    }
    enum store_result result = load_all(&(struct load){.store = store,
                                                       .ledger = ledger,
                                                       .note = note,
                                                       .context = context,
                                                       .counts = counts,
                                                       .error = error,
                                                       .tells_all = tells_all});
    if (result != STORE_OK) {
        ledger_free(ledger);
        return result;
    }
    *out = ledger;
    return STORE_OK;
}

enum store_result store_load(struct store *store, store_note_sink note, void *context,
                             struct store_set *out, struct store_error *error)
{
    struct store_check_counts counts;
    struct ledger *ledger = NULL;
    enum store_result result = new_ledger(store, note, context, false, &counts, &ledger, error);
    if (result == STORE_OK) {
        size_t count;
        const struct view_entry *entry = ledger_entries(ledger, &count);
        *out = (struct store_set){
            .entry = entry, .entry_count = count, .counts = counts, .owned = ledger};
    }
    return result;
}

void store_set_free(struct store_set *set)
{
    ledger_free(set->owned);
    *set = (struct store_set){0};
}

enum store_result store_check(struct store *store, store_note_sink note, void *context,
                              struct store_check_counts *counts, struct store_error *error)
{
    struct ledger *ledger = NULL;
    enum store_result result = new_ledger(store, note, context, true, counts, &ledger, error);
    if (result == STORE_OK) {
        ledger_free(ledger);
    }
    return result;
}
