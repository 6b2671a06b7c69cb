#include "site/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "feeds/draft.h"

const char *const SITE_INDEX = "index.tsv";

bool site_path_is_sound(const char *path)
{
    size_t len = strlen(path);
    if (len == 0 || len >= SITE_PATH_SIZE || path[len - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = path[i];
        bool starts_part = i == 0 || path[i - 1] == '/';
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            continue;
        }
        if (c == '/' ? starts_part : c == '.' ? starts_part : strchr("-_+", c) == NULL) {
            return false;
        }
    }
    return true;
}

enum site_result site_take(struct site *site, const char *path, uint8_t *bytes, size_t size,
                           struct site_error *error)
{
    if (bytes == NULL) {
        return SITE_NO_MEMORY;
    }
    if (!site_path_is_sound(path) || size > SITE_FILE_SIZE_MAX || site->count >= SITE_FILES_MAX) {
        snprintf(error->message, sizeof error->message,
                 "%s: not a path and size that a site may hold", path);
        free(bytes);
        return SITE_UNSOUND;
    }
    if (site->count == site->room) {
        size_t room = site->room == 0 ? 64 : 2 * site->room;
        struct site_file *grown = realloc(site->file, room * sizeof *grown);
        if (grown == NULL) {
            free(bytes);
            return SITE_NO_MEMORY;
        }
        site->file = grown;
        site->room = room;
    }
    struct site_file *file = &site->file[site->count++];
    *file = (struct site_file){.bytes = bytes, .size = size};
    snprintf(file->path, sizeof file->path, "%s", path);
    return SITE_OK;
}

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct site_file *)left)->path, ((const struct site_file *)right)->path);
}

static void add_index_line(struct draft *draft, const struct site_file *file)
{
    uint8_t hash[crypto_generichash_BYTES];
    char hex[SITE_HASH_TEXT_SIZE];
    crypto_generichash(hash, sizeof hash, file->bytes, file->size, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    draft_print(draft, "%s\t%zu\t%s\n", file->path, file->size, hex);
}

enum site_result site_finish(struct site *site, struct site_error *error)
{
    qsort(site->file, site->count, sizeof *site->file, by_path);
    struct draft draft = {0};
    draft_add(&draft, "path\tsize\tblake2b\n");
    for (size_t i = 0; i < site->count; i++) {
        if (i > 0 && strcmp(site->file[i - 1].path, site->file[i].path) == 0) {
            snprintf(error->message, sizeof error->message, "%s: two files of one path",
                     site->file[i].path);
            draft_free(&draft);
            return SITE_UNSOUND;
        }
        add_index_line(&draft, &site->file[i]);
    }
    size_t size = draft.len;
    enum site_result result =
        site_take(site, SITE_INDEX, (uint8_t *)draft_take(&draft), size, error);
    if (result == SITE_OK) {
        qsort(site->file, site->count, sizeof *site->file, by_path);
    }
    return result;
}

static int path_and_file(const void *path, const void *file)
{
    return strcmp(path, ((const struct site_file *)file)->path);
}

const struct site_file *site_find(const struct site *site, const char *path)
{
    if (site->count == 0) {
        return NULL;
    }
    return bsearch(path, site->file, site->count, sizeof *site->file, path_and_file);
}

void site_free(struct site *site)
{
    for (size_t i = 0; i < site->count; i++) {
        free(site->file[i].bytes);
    }
    free(site->file);
    *site = (struct site){0};
}

void site_root_bundle_path(const struct record_id *root, char out[static SITE_PATH_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(root, id);
    snprintf(out, SITE_PATH_SIZE, "%.16s.tocsin", id);
}

void site_window_bundle_path(const struct record_id *root, const struct record_uid *uid,
                             char out[static SITE_PATH_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE];
    char text[RECORD_UID_TEXT_SIZE];
    record_id_write(root, id);
    record_uid_write(uid, text);
    snprintf(out, SITE_PATH_SIZE, "%.16s/%s.tocsin", id, text);
}
