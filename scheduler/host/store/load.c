#include "store/load.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/verify_pool.h"

enum {
    ARRIVING_S = 10,    /* an unsound file this young may be half copied */
    DEBRIS_S = 3600,    /* a writer's temporary file this old has no writer */
    WAITING_MAX = 1024, /* signatures read before they are verified together */
    /* Who follows a store may have little memory, and other programs fill it: beyond so many bytes
     * of records drafts that one key alone has signed stay unread, beyond the second all windows
     * and cancellations do. */
    CROWDED_BYTES = 8 << 20,
    FULL_BYTES = 3 * CROWDED_BYTES,
    NO_PREFIX = -1,
};

/* Signature files that were read, over records that are there. */
struct waiting {
    size_t count;
    struct verify_pool_pair pair[WAITING_MAX];
    struct {
        uint8_t *text; /* owned: pair's */
        struct stat status;
        char name[FOLDER_NAME_SIZE];
    } file[WAITING_MAX];
};

struct load {
    struct store *store;
    struct ledger *ledger;
    store_note_sink note;
    void *context;
    struct store_check_counts *counts;
    struct store_error *error;
    struct waiting *waiting;
    bool tells_all;    /* also what is arriving or was put aside before */
    bool is_following; /* the ledger knows some of it, which is not read again */
    size_t *came;      /* counts records and signatures that it did not know */
};

static enum store_result no_memory(const struct load *load)
{
    snprintf(load->error->message, sizeof load->error->message,
             "no memory to read the store %.150s", load->store->path);
    return STORE_NO_MEMORY;
}

static enum store_result fail_listing(const struct load *load, enum folder_part part)
{
    return folder_fail(load->error, "cannot list %s in %.120s: %s", folder_part_name(part),
                       load->store->path, strerror(errno));
}

/* How long ago the file changed; negative: in the future, a little where its file system has a
 * clock of its own. */
static int64_t age_s(const struct stat *status)
{
    return (int64_t)time(NULL) - (int64_t)status->st_mtime;
}

/* An unsound file, and where it lies. */
struct unsound {
    enum folder_part part;
    int prefix; /* of its folder; NO_PREFIX: it lies beside those */
    int folder;
    const char *name;
};

static void tell(const struct load *load, struct store_note *note, const char *path)
{
    note->path = path;
    if (load->note != NULL) {
        load->note(load->context, note);
    }
}

/* Puts an unsound file aside, unless it may still be arriving or the store is left as it is. */
static void put_aside(const struct load *load, const struct unsound *file,
                      const struct stat *status, struct store_unsound why)
{
    char sub[12] = "", path[400];
    if (file->prefix != NO_PREFIX) {
        snprintf(sub, sizeof sub, "%02x/", (unsigned)file->prefix);
    }
    snprintf(path, sizeof path, "%.250s/%s/%s%.100s", load->store->path,
             folder_part_name(file->part), sub, file->name);
    struct store_note note = {.kind = STORE_NOTE_LEFT, .why = why};
    if (status != NULL && labs(age_s(status)) < ARRIVING_S) {
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

/* What this user may not read somebody else put there, by another name: the rest is as good as it
 * was.  Told once, as a daemon looks every minute. */
static enum store_result pass_over(const struct load *load, enum folder_part part, uint8_t prefix,
                                   const char *name, int code)
{
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
    return STORE_OK;
}

static bool is_closed(int code)
{
    return code == EACCES || code == EPERM;
}

static struct store_unsound unsound(enum store_fault fault)
{
    return (struct store_unsound){.fault = fault};
}

static struct store_unsound unfit(const struct files_error *error)
{
    return (struct store_unsound){.fault = STORE_UNFIT, .code = error->code, .words = error->why};
}

/* By their names alone, which prove nothing: what two claim to have signed goes before what only
 * one does, and is verified like anything else. */
static size_t claimed_signatures(const struct load *load, const struct record_id *id)
{
    int folder = folder_open(load->store, PART_SIGS, id->bytes[0], false);
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    size_t count = 0;
    if (dir == NULL) {
        if (folder >= 0) {
            close(folder);
        }
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

static bool begins_with(const uint8_t *bytes, size_t size, const char *words)
{
    return size >= strlen(words) && memcmp(bytes, words, strlen(words)) == 0;
}

/* Whether a follower leaves this record where it is. */
static bool is_crowded_out(const struct load *load, const struct record_id *id,
                           const uint8_t *bytes, size_t size)
{
    size_t sum = load->store->followed_bytes + size;
    if (!load->is_following || sum <= CROWDED_BYTES ||
        !(begins_with(bytes, size, "tocsin window ") ||
          begins_with(bytes, size, "tocsin cancel "))) {
        return false;
    }
    return sum > FULL_BYTES || claimed_signatures(load, id) < 2;
}

static void tell_crowded(const struct load *load)
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
static enum store_result load_record(const struct load *load, int folder, uint8_t prefix,
                                     const char *name)
{
    const struct unsound file = {PART_RECORDS, prefix, folder, name};
    struct record_id id, is;
    if (!folder_read_record_name(name, &id) || id.bytes[0] != prefix) {
        put_aside(load, &file, NULL, unsound(STORE_RECORD_NAME));
        return STORE_OK;
    }
    if (load->is_following && ledger_find(load->ledger, &id) != NULL) {
        return STORE_OK;
    }
    uint8_t bytes[RECORD_SIZE_MAX + 1];
    size_t size;
    struct stat status;
    struct files_error error;
    struct store_unsound why = {.fault = STORE_REFUSAL};
    switch (files_load_into(folder, name, bytes, RECORD_SIZE_MAX, &size, &status, &error)) {
    case FILES_GONE:
        return STORE_OK;
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        if (is_closed(error.code)) {
            return pass_over(load, PART_RECORDS, prefix, name, error.code);
        }
        return folder_fail(load->error, "cannot read records/%.70s in %.70s: %s", name,
                           load->store->path, error.why);
    case FILES_UNFIT:
        put_aside(load, &file, NULL, unfit(&error));
        return STORE_OK;
    case FILES_OK:
        break;
    }
    record_id_of(bytes, size, &is);
    if (!record_id_equal(&is, &id)) {
        put_aside(load, &file, &status, unsound(STORE_CHANGED));
        return STORE_OK;
    }
    if (is_crowded_out(load, &id, bytes, size)) {
        load->counts->crowded++;
        return STORE_OK;
    }
    enum ledger_result result = ledger_put_record(load->ledger, bytes, size, NULL, &why.refusal);
    if (result == LEDGER_NO_MEMORY) {
        return no_memory(load);
    }
    if (result == LEDGER_REFUSED) {
        put_aside(load, &file, &status, why);
    } else {
        load->counts->records++;
        *load->came += result == LEDGER_NEW;
        load->store->followed_bytes += load->is_following && result == LEDGER_NEW ? size : 0;
    }
    return STORE_OK;
}

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
        return no_memory(load);
    }
    if (result == LEDGER_REFUSED) {
        int folder = folder_open(load->store, PART_SIGS, id->bytes[0], false);
        if (folder < 0) {
            return errno == ENOENT ? STORE_OK : fail_listing(load, PART_SIGS);
        }
        const struct unsound file = {PART_SIGS, id->bytes[0], folder, load->waiting->file[i].name};
        put_aside(load, &file, &load->waiting->file[i].status, why);
        close(folder);
    } else if (result == LEDGER_UNKNOWN_KEY) {
        load->counts->unverified++;
    } else {
        load->counts->signatures++;
        *load->came += result == LEDGER_NEW;
    }
    return STORE_OK;
}

static void forget(struct waiting *waiting)
{
    while (waiting->count > 0) {
        free(waiting->file[--waiting->count].text);
    }
}

/* Verifies all that waits, on all processors, and puts it in. */
static enum store_result settle(const struct load *load)
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
    forget(waiting);
    return result;
}

static enum store_result let_wait(const struct load *load, const struct record *record,
                                  const uint8_t *text, size_t size, const char *name,
                                  const struct stat *status)
{
    struct waiting *waiting = load->waiting;
    uint8_t *copy = malloc(size);
    if (copy == NULL) {
        return no_memory(load);
    }
    memcpy(copy, text, size);
    waiting->pair[waiting->count] =
        (struct verify_pool_pair){.record = record, .text = copy, .size = size};
    waiting->file[waiting->count].text = copy;
    waiting->file[waiting->count].status = *status;
    snprintf(waiting->file[waiting->count].name, FOLDER_NAME_SIZE, "%s", name);
    waiting->count++;
    return waiting->count == WAITING_MAX ? settle(load) : STORE_OK;
}

/* Its name must say what it is, as names are what copying programs see.  Whose it is is judged at
 * the end of the folder: the root that names its key may come later, and those of a record are
 * verified together. */
static enum store_result load_signature(const struct load *load, int folder, uint8_t prefix,
                                        const char *name)
{
    const struct unsound file = {PART_SIGS, prefix, folder, name};
    struct record_id id;
    struct record_key_id key;
    if (!folder_read_signature_name(name, &id, &key) || id.bytes[0] != prefix) {
        put_aside(load, &file, NULL, unsound(STORE_SIGNATURE_NAME));
        return STORE_OK;
    }
    if (load->is_following && ledger_has_signed(load->ledger, &id, &key)) {
        return STORE_OK;
    }
    uint8_t text[TRUST_SIGNATURE_TEXT_MAX + 1];
    size_t size;
    struct stat status;
    struct files_error error;
    switch (files_load_into(folder, name, text, TRUST_SIGNATURE_TEXT_MAX, &size, &status, &error)) {
    case FILES_GONE:
        return STORE_OK;
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        if (is_closed(error.code)) {
            return pass_over(load, PART_SIGS, prefix, name, error.code);
        }
        return folder_fail(load->error, "cannot read sigs/%.90s in %.60s: %s", name,
                           load->store->path, error.why);
    case FILES_UNFIT:
        put_aside(load, &file, NULL, unfit(&error));
        return STORE_OK;
    case FILES_OK:
        break;
    }
    struct trust_signature signature;
    enum trust_result form = trust_signature_read(text, size, &signature);
    if (form == TRUST_OK && !record_key_id_equal(&signature.id, &key)) {
        form = TRUST_WRONG_KEY;
    }
    if (form != TRUST_OK) {
        put_aside(
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

/* Removes what a writer that died on a file system without O_TMPFILE left behind. */
static void sweep(const struct load *load, int folder, const char *name)
{
    struct stat status;
    if (!load->store->is_left_as_is && files_is_passing(name) &&
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
        age_s(&status) > DEBRIS_S && unlinkat(folder, name, 0) == 0) {
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
    DIR *dir = fdopendir(folder);
    if (dir == NULL) {
        int code = errno;
        close(folder);
        errno = code;
        return code == ENOMEM ? no_memory(load) : fail_listing(load, part);
    }
    enum store_result result = STORE_OK;
    while (result == STORE_OK) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            if (errno != 0) {
                result = fail_listing(load, part);
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
        put_aside(load, &file, NULL, unsound(STORE_FOLDER_NAME));
        return STORE_OK;
    }
    int folder = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        put_aside(load, &file, NULL, unsound(STORE_NO_FOLDER));
        return STORE_OK;
    }
    if (folder < 0 && is_closed(errno)) {
        return pass_over(load, part, number, "", errno);
    }
    if (folder < 0) {
        return errno == ENOENT ? STORE_OK : fail_listing(load, part);
    }
    return list(load, part, folder, load_file, number);
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

/* Counts what was put aside, now or before, and was not brought back since. */
static void count_aside(const struct load *load)
{
    int folder =
        openat(load->store->dir, "quarantine", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    if (dir == NULL) {
        if (folder >= 0) {
            close(folder);
        }
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

static enum store_result load_all(struct load *load)
{
    *load->counts = (struct store_check_counts){0};
    load->waiting = malloc(sizeof *load->waiting);
    if (load->waiting == NULL) {
        return no_memory(load);
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
        result = own < 0 ? fail_listing(load, (enum folder_part)part)
                         : list(load, (enum folder_part)part, own, load_folder, 0);
    }
    if (result == STORE_OK) {
        result = settle(load);
        tell_crowded(load);
    }
    forget(load->waiting);
    free(load->waiting);
    if (result == STORE_OK && !load->is_following) {
        count_aside(load);
    }
    return result;
}

enum store_result load_ledger(struct store *store, struct ledger *ledger, store_note_sink note,
                              void *context, struct store_check_counts *counts,
                              struct store_error *error)
{
    size_t came = 0;
    return load_all(&(struct load){.store = store,
                                   .ledger = ledger,
                                   .note = note,
                                   .context = context,
                                   .counts = counts,
                                   .error = error,
                                   .came = &came});
}

enum store_result store_follow(struct store *store, struct ledger *ledger, store_note_sink note,
                               void *context, size_t *came, struct store_error *error)
{
    struct store_check_counts counts;
    *came = 0;
    return load_all(&(struct load){.store = store,
                                   .ledger = ledger,
                                   .note = note,
                                   .context = context,
                                   .counts = &counts,
                                   .error = error,
                                   .is_following = true,
                                   .came = came});
}

static enum store_result new_ledger(struct store *store, store_note_sink note, void *context,
                                    bool tells_all, struct store_check_counts *counts,
                                    struct ledger **out, struct store_error *error)
{
    struct ledger *ledger = ledger_new(store->leap);
    if (ledger == NULL) {
        snprintf(error->message, sizeof error->message, "no memory to read the store %.150s",
                 store->path);
        return STORE_NO_MEMORY;
    }
    size_t came = 0;
    enum store_result result = load_all(&(struct load){.store = store,
                                                       .ledger = ledger,
                                                       .note = note,
                                                       .context = context,
                                                       .counts = counts,
                                                       .error = error,
                                                       .tells_all = tells_all,
                                                       .came = &came});
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
    struct ledger *ledger;
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
    struct ledger *ledger;
    enum store_result result = new_ledger(store, note, context, true, counts, &ledger, error);
    if (result == STORE_OK) {
        ledger_free(ledger);
    }
    return result;
}
