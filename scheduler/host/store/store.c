#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/folder.h"
#include "store/write.h"

/* Opens records/ and sigs/, making them when create is set; false and errno. */
static bool open_parts(struct store *store, bool create)
{
    for (int part = 0; part < PARTS; part++) {
        if (folder_top(store, (enum folder_part)part, create) < 0 && (create || errno != ENOENT)) {
            return false;
        }
    }
    return true;
}

/* Nothing is made in a folder that only is looked at; and the two parts are opened by descriptor
 * once, so that a store that is moved or replaced underneath is still one store. */
enum store_result store_open(const char *dir, bool create, const struct leap_table *leap,
                             struct store **out, struct store_error *error)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return folder_no_memory(error, "no memory to open %.200s", dir);
    }
    *store = (struct store){
        .path = strdup(dir), .dir = -1, .part = {-1, -1}, .leap = leap, .is_syncfs_sound = true};
    enum store_result result =
        store->path == NULL ? folder_no_memory(error, "no memory to open %.200s", dir) : STORE_OK;
    struct files_error why;
    if (result == STORE_OK && create && !files_make_folder(AT_FDCWD, dir, 0700, &why)) {
        result = folder_fail(error, "cannot make the store %.120s: %s", dir, why.why);
    }
    if (result == STORE_OK) {
        store->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (store->dir < 0 || !open_parts(store, create)) {
            const char *remedy = errno == ENOENT   ? " (name it with --store DIR or TOCSIN_HOME)"
                                 : errno == EMFILE ? " (raise `ulimit -n`)"
                                                   : "";
            result = folder_fail(error, "cannot open the store %.120s: %s%s", dir, strerror(errno),
                                 remedy);
        }
    }
    if (result != STORE_OK) {
        store_close(store);
        return result;
    }
    *out = store;
    return STORE_OK;
}

void store_leave_as_is(struct store *store)
{
    store->is_left_as_is = true;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (int part = 0; part < PARTS; part++) {
        if (store->part[part] >= 0) {
            close(store->part[part]);
        }
    }
    if (store->dir >= 0) {
        close(store->dir);
    }
    free(store->path);
    free(store);
}

enum store_result store_add_record(struct store *store, const uint8_t *bytes, size_t size,
                                   struct record_id *id, struct store_error *error)
{
    struct record *record;
    struct record_error why;
    if (!record_read(bytes, size, store->leap, &record, &why)) {
        return folder_say(why.line == 0 ? STORE_NO_MEMORY : STORE_REFUSED, error,
                          "line %d, column %d: %s", why.line, why.column, why.message);
    }
    struct write_batch batch;
    write_batch_init(&batch, store);
    enum store_result result =
        write_end(&batch, write_record(&batch, &record->id, bytes, size, error), error);
    if (result == STORE_OK) {
        if (id != NULL) {
            *id = record->id;
        }
        result = batch.known > 0 ? STORE_ALREADY_THERE : STORE_OK;
    }
    record_free(record);
    return result;
}

/* The bytes of a record that is there and whole. */
static enum store_result read_record(struct store *store, const struct record_id *id,
                                     uint8_t bytes[static RECORD_SIZE_MAX + 1], size_t *size,
                                     struct store_error *error)
{
    char name[FOLDER_NAME_SIZE];
    folder_record_name(id, name);
    int folder = folder_open(store, PART_RECORDS, id->bytes[0], false);
    enum files_result reading = errno == ENOENT ? FILES_GONE : FILES_FAILED;
    struct files_error file = {.why = strerror(errno)};
    if (folder >= 0) {
        reading = files_load_into(folder, name, bytes, RECORD_SIZE_MAX, size, NULL, &file);
        close(folder);
    }
    struct record_id is;
    switch (reading) {
    case FILES_OK:
        record_id_of(bytes, *size, &is);
        if (record_id_equal(&is, id)) {
            return STORE_OK;
        }
        file.why = "its bytes have changed";
        break;
    case FILES_GONE:
        return folder_refuse(error, "record %.12s is not in %.150s", name, store->path);
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        return folder_fail(error, "cannot read %.70s in %.70s: %s", name, store->path, file.why);
    case FILES_UNFIT:
        break;
    }
    return folder_refuse(error, "record %.12s in %.100s: %s; run `tocsin fsck`", name, store->path,
                         file.why);
}

/* Whether the signature file with this name is by key over the bytes; then its name is made
 * durable: another writer may have given it a moment ago and not have come to that yet. */
static bool is_by(struct store *store, const struct record_id *id, const char *name,
                  const struct record_public_key *key, const uint8_t *bytes, size_t size)
{
    int folder = folder_open(store, PART_SIGS, id->bytes[0], false);
    if (folder < 0) {
        return false;
    }
    uint8_t text[TRUST_SIGNATURE_TEXT_MAX + 1];
    size_t length;
    struct files_error why;
    struct trust_signature signature;
    bool is = files_load_into(folder, name, text, TRUST_SIGNATURE_TEXT_MAX, &length, NULL, &why) ==
                  FILES_OK &&
              trust_signature_read(text, length, &signature) == TRUST_OK &&
              trust_verify(&signature, key, bytes, size) == TRUST_OK && files_sync(folder) &&
              files_sync(store->part[PART_SIGS]);
    close(folder);
    return is;
}

/* It is verified against the bytes on the disk, not against those that somebody holds in memory:
 * what is stored must be good for what is stored.  Two keys may share an id, hence the two
 * names. */
enum store_result store_add_signature(struct store *store, const struct record_id *id,
                                      const struct trust_signature *signature,
                                      const struct record_public_key *key,
                                      struct store_error *error)
{
    uint8_t bytes[RECORD_SIZE_MAX + 1];
    size_t size = 0;
    enum store_result result = read_record(store, id, bytes, &size, error);
    if (result != STORE_OK) {
        return result;
    }
    enum trust_result verdict = trust_verify(signature, key, bytes, size);
    if (verdict != TRUST_OK) {
        return folder_refuse(error, "%s", trust_result_text(verdict));
    }
    char name[FOLDER_NAME_SIZE];
    for (int second = 0; second < 2; second++) {
        folder_signature_name(id, key, second == 1, name);
        if (is_by(store, id, name, key, bytes, size)) {
            return STORE_ALREADY_THERE;
        }
    }
    struct write_batch batch;
    write_batch_init(&batch, store);
    result = write_end(&batch, write_signature(&batch, id, signature, key, error), error);
    return result != STORE_OK ? result : batch.known > 0 ? STORE_ALREADY_THERE : STORE_OK;
}

bool store_default_dir(char *out, size_t size)
{
    const char *home = getenv("TOCSIN_HOME"), *data = getenv("XDG_DATA_HOME"), *rest = "";
    if (home == NULL || *home == '\0') {
        bool has_data =
            data != NULL && *data == '/'; /* relative ones are void, says its standard */
        home = has_data ? data : getenv("HOME");
        rest = has_data ? "/tocsin" : "/.local/share/tocsin";
    }
    if (home == NULL || *home == '\0') {
        return false;
    }
    int length = snprintf(out, size, "%s%s", home, rest);
    return (size_t)length < size; /* a negative one is none of these */
}
