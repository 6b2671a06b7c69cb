#include "site/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "list/list.h"
#include "text/draft.h"

const char *const SITE_INDEX = "index.tsv";
const char *const SITE_LISTEN = "listen.html";

bool site_path_is_sound(const char *path)
{
    size_t len = strlen(path);
    if (len == 0 || len >= SITE_PATH_SIZE || path[len - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = path[i];
        bool starts_part = i == 0 || path[i - 1] == '/';
        if (text_is_letter(c) || text_is_digit(c)) {
            continue;
        }
        if (c == '/' ? starts_part : c == '.' ? starts_part : strchr("-_+", c) == NULL) {
            return false;
        }
    }
    return true;
}

static enum site_result refuse(const char *path, struct site_error *error)
{
    snprintf(error->message, sizeof error->message, "%s: not a path and size that a site may hold",
             path);
    return SITE_UNSOUND;
}

enum site_result site_share(struct site *site, const char *path, size_t content,
                            struct site_error *error)
{
    if (!site_path_is_sound(path) || site->count >= SITE_FILES_MAX) {
        return refuse(path, error);
    }
    if (!LIST_ROOM(site->file, site->count, site->room)) {
        return SITE_NO_MEMORY;
    }
    struct site_file *file = &site->file[site->count++];
    file->content = content;
    snprintf(file->path, sizeof file->path, "%s", path);
    return SITE_OK;
}

enum site_result site_hold(struct site *site, uint8_t *bytes, size_t size)
{
    if (!LIST_ROOM(site->content, site->content_count, site->content_room)) {
        free(bytes);
        return SITE_NO_MEMORY;
    }
    struct site_content *content = &site->content[site->content_count++];
    *content = (struct site_content){.bytes = bytes, .size = size};
    crypto_generichash(content->hash, sizeof content->hash, bytes, size, NULL, 0);
    return SITE_OK;
}

enum site_result site_take(struct site *site, const char *path, uint8_t *bytes, size_t size,
                           struct site_error *error)
{
    if (bytes == NULL) {
        return SITE_NO_MEMORY;
    }
    if (size > SITE_FILE_SIZE_MAX) {
        free(bytes);
        return refuse(path, error);
    }
    enum site_result result = site_hold(site, bytes, size);
    return result == SITE_OK ? site_share(site, path, site->content_count - 1, error) : result;
}

enum site_result site_take_text(struct site *site, const char *path, char *text,
                                struct site_error *error)
{
    return site_take(site, path, (uint8_t *)text, text == NULL ? 0 : strlen(text), error);
}

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct site_file *)left)->path, ((const struct site_file *)right)->path);
}

static int path_and_file(const void *path, const void *file)
{
    return strcmp(path, ((const struct site_file *)file)->path);
}

const struct site_content *site_find(const struct site *site, const char *path)
{
    const struct site_file *file = site->count == 0 ? NULL
                                                    : bsearch(path, site->file, site->count,
                                                              sizeof *site->file, path_and_file);
    return file == NULL ? NULL : &site->content[file->content];
}

bool site_missing(struct site *site, const char *const *path, size_t count, const char ***out,
                  size_t *out_count)
{
    *out = calloc(count + 1, sizeof **out);
    *out_count = 0;
    list_sort(site->file, site->count, sizeof *site->file, by_path);
    for (size_t i = 0; *out != NULL && i < count; i++) {
        bool is_again = *out_count > 0 && strcmp((*out)[*out_count - 1], path[i]) == 0;
        if (!is_again && site_find(site, path[i]) == NULL) {
            (*out)[(*out_count)++] = path[i];
        }
    }
    return *out != NULL;
}

static void add_index_line(struct draft *draft, const char *path,
                           const struct site_content *content)
{
    char hex[2 * SITE_HASH_SIZE + 1];
    sodium_bin2hex(hex, sizeof hex, content->hash, sizeof content->hash);
    draft_print(draft, "%s\t%zu\t%s\n", path, content->size, hex);
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
        add_index_line(&draft, site->file[i].path, &site->content[site->file[i].content]);
    }
    enum site_result result = site_take_text(site, SITE_INDEX, draft_take(&draft), error);
    if (result == SITE_OK) {
        qsort(site->file, site->count, sizeof *site->file, by_path);
    }
    return result;
}

void site_free(struct site *site)
{
    for (size_t i = 0; i < site->content_count; i++) {
        free(site->content[i].bytes);
    }
    free(site->content);
    free(site->file);
    *site = (struct site){0};
}

void site_root_bundle_path(const struct record_id *root, char out[static SITE_PATH_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(root, id);
    snprintf(out, SITE_PATH_SIZE, "%.16s.tocsin", id);
}

void site_window_path(const struct record_id *root, const struct record_uid *uid, const char *kind,
                      char out[static SITE_PATH_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE], text[RECORD_UID_TEXT_SIZE];
    record_id_write(root, id);
    record_uid_write(uid, text);
    snprintf(out, SITE_PATH_SIZE, "%.16s/%s.%s", id, text, kind);
}

void site_kit_path(const struct record_id *root, const char *kind, char out[static SITE_PATH_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(root, id);
    snprintf(out, SITE_PATH_SIZE, "%.16s/tocsin.%s", id, kind);
}
