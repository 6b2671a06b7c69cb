#include "listen/files.h"

#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"
#include "vault/vault.h"

static void add_counts(struct shelf_counts *sum, const struct shelf_counts *one)
{
    sum->records_new += one->records_new;
    sum->signatures_new += one->signatures_new;
    sum->refused += one->refused;
    sum->foreign += one->foreign;
    sum->unsigned_by_us += one->unsigned_by_us;
    if (sum->first_refusal[0] == '\0') {
        strcpy(sum->first_refusal, one->first_refusal);
    }
}

/* ID.rec has ID.KEYID.minisig beside it; any other FILE has FILE.minisig or FILE.*.minisig. */
static bool is_signature_of(const char *name, const char *record_name)
{
    char stem[NAME_MAX + 1];
    snprintf(stem, sizeof stem, "%s", record_name);
    size_t length = strlen(stem);
    if (length > 4 && strcmp(stem + length - 4, ".rec") == 0) {
        stem[length - 4] = '\0';
    }
    static const char tail[] = ".minisig";
    size_t name_length = strlen(name);
    if (name_length < sizeof tail || strcmp(name + name_length - (sizeof tail - 1), tail) != 0) {
        return false;
    }
    const char *stems[] = {stem, record_name};
    for (size_t i = 0; i < 2; i++) {
        size_t stem_length = strlen(stems[i]);
        if (strncmp(name, stems[i], stem_length) == 0 && name[stem_length] == '.') {
            return true;
        }
    }
    return false;
}

static void add_with_signatures(struct shelf *shelf, const char *path, const uint8_t *bytes,
                                size_t size, struct shelf_counts *counts)
{
    char folder_text[PATH_MAX], name_text[PATH_MAX];
    snprintf(folder_text, sizeof folder_text, "%s", path);
    snprintf(name_text, sizeof name_text, "%s", path);
    const char *folder = dirname(folder_text), *name = basename(name_text);
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char full[PATH_MAX + NAME_MAX + 2];
        struct vault_error error;
        uint8_t *signature;
        size_t signature_size;
        if (!is_signature_of(entry->d_name, name)) {
            continue;
        }
        snprintf(full, sizeof full, "%s/%s", folder, entry->d_name);
        if (vault_load_file(full, TRUST_SIGNATURE_TEXT_MAX, &signature, &signature_size, &error)) {
            struct shelf_counts one;
            shelf_add_record(shelf, bytes, size, signature, signature_size, &one);
            add_counts(counts, &one);
            free(signature);
        }
    }
    closedir(dir);
}

static bool load(const char *path, uint8_t **bytes, size_t *size, char why[static 300])
{
    struct vault_error error;
    if (!vault_load_file(path, STREAM_SIZE_MAX, bytes, size, &error)) {
        snprintf(why, 300, "%.256s", error.message);
        return false;
    }
    return true;
}

bool files_load_root(struct shelf *shelf, const char *path, char why[static 300])
{
    uint8_t *bytes;
    size_t size;
    if (!load(path, &bytes, &size, why)) {
        return false;
    }
    char reason[200];
    bool is_added = shelf_add_anchor(shelf, bytes, size, reason);
    if (!is_added) {
        snprintf(why, 300, "%.90s: %.199s", path, reason);
    } else if (stream_is_one(bytes, size)) {
        struct shelf_counts ignored;
        shelf_add_stream(shelf, bytes, size, &ignored);
    }
    free(bytes);
    return is_added;
}

bool files_load_bundle(struct shelf *shelf, const char *path, struct shelf_counts *counts,
                       char why[static 300])
{
    uint8_t *bytes;
    size_t size;
    if (!load(path, &bytes, &size, why)) {
        return false;
    }
    memset(counts, 0, sizeof *counts);
    if (stream_is_one(bytes, size)) {
        shelf_add_stream(shelf, bytes, size, counts);
    } else {
        add_with_signatures(shelf, path, bytes, size, counts);
        if (counts->records_new == 0 && counts->refused == 0 && counts->foreign == 0 &&
            counts->unsigned_by_us == 0) {
            counts->unsigned_by_us = 1; /* no signature beside it */
        }
    }
    free(bytes);
    return true;
}

void files_load_leap(struct leap_table *out)
{
    *out = *leap_builtin();
    struct vault_error error;
    uint8_t *bytes;
    size_t size;
    if (vault_load_file("/usr/share/zoneinfo/leap-seconds.list", 65536, &bytes, &size, &error)) {
        struct leap_table table;
        if (leap_table_read((const char *)bytes, size, &table)) {
            *out = table;
        }
        free(bytes);
    }
}
