#include "cli/incoming.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "records/record.h"
#include "trust/trust.h"
#include "vault/vault.h"

struct signatures {
    struct {
        uint8_t *bytes;
        size_t size;
    } file[STREAM_SIGNATURES_MAX];
    size_t count;
};

static bool has_end(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

static int add_file(struct signatures *signatures, const char *path)
{
    if (signatures->count == STREAM_SIGNATURES_MAX) {
        return say_usage("%s: more than %d signatures", path, STREAM_SIGNATURES_MAX);
    }
    struct vault_error error;
    uint8_t *bytes;
    size_t size;
    if (!vault_load_file(path, TRUST_SIGNATURE_TEXT_MAX, &bytes, &size, &error)) {
        return say_usage("%s", error.message);
    }
    signatures->file[signatures->count].bytes = bytes;
    signatures->file[signatures->count++].size = size;
    return EXIT_DONE;
}

/* Every STEM.*.minisig and NAME.minisig of a folder. */
static int add_folder(struct signatures *signatures, const char *folder, const char *name)
{
    size_t stem = strlen(name);
    if (has_end(name, ".rec")) {
        stem -= 4;
    }
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return EXIT_DONE; /* no signatures there: the count will say so */
    }
    int code = EXIT_DONE;
    struct dirent *file;
    while (code == EXIT_DONE && (file = readdir(dir)) != NULL) {
        char path[PATH_MAX];
        if (strncmp(file->d_name, name, stem) == 0 && file->d_name[stem] == '.' &&
            has_end(file->d_name, ".minisig") &&
            (size_t)snprintf(path, sizeof path, "%s/%s", folder, file->d_name) < sizeof path) {
            code = add_file(signatures, path);
        }
    }
    closedir(dir);
    return code;
}

static int find_signatures(const char *path, struct signatures *signatures)
{
    char folder[PATH_MAX], sigs[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    snprintf(folder, sizeof folder, "%.*s", len, slash == NULL ? "." : path);
    int code = add_folder(signatures, folder, name);
    /* DIR/records/ab/ID.rec has its signatures in DIR/sigs/ab/ */
    size_t folder_len = strlen(folder);
    if (code == EXIT_DONE && folder_len >= 3 &&
        (size_t)snprintf(sigs, sizeof sigs, "%s/../../sigs/%s", folder, folder + folder_len - 2) <
            sizeof sigs) {
        code = add_folder(signatures, sigs, name);
    }
    return code;
}

static void put(FILE *to, const uint8_t *bytes, size_t size)
{
    fprintf(to, "%zu:", size);
    fwrite(bytes, 1, size, to);
    fputc(',', to);
}

static int compose(const uint8_t *record, size_t record_size, const struct signatures *signatures,
                   uint8_t **out, size_t *size)
{
    char *text = NULL, count[16];
    FILE *to = open_memstream(&text, size);
    if (to == NULL) {
        return say_outside("out of memory");
    }
    put(to, record, record_size);
    int len = snprintf(count, sizeof count, "%zu", signatures->count);
    put(to, (const uint8_t *)count, (size_t)len);
    for (size_t i = 0; i < signatures->count; i++) {
        put(to, signatures->file[i].bytes, signatures->file[i].size);
    }
    bool failed = ferror(to);
    if (fclose(to) != 0 || failed) {
        free(text);
        return say_outside("out of memory");
    }
    *out = (uint8_t *)text;
    return EXIT_DONE;
}

static bool is_well_formed(const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed = false;
    while (stream_next(&stream, &item, &malformed)) {
    }
    return !malformed;
}

int incoming_load(const char *path, uint8_t **out, size_t *size)
{
    struct vault_error error;
    uint8_t *bytes;
    if (!vault_load_file(path, STREAM_SIZE_MAX, &bytes, size, &error)) {
        return say_usage("%s", error.message);
    }
    if (stream_is_one(bytes, *size)) {
        if (!is_well_formed(bytes, *size)) {
            free(bytes);
            return say_usage("%s: this bundle is damaged or cut short; fetch it again", path);
        }
        *out = bytes;
        return EXIT_DONE;
    }
    if (*size > RECORD_SIZE_MAX) {
        free(bytes);
        return say_usage("%s: %zu bytes, and no record has more than %d", path, *size,
                         RECORD_SIZE_MAX);
    }
    struct signatures signatures = {.count = 0};
    int code = find_signatures(path, &signatures);
    if (code == EXIT_DONE) {
        code = compose(bytes, *size, &signatures, out, size);
    }
    for (size_t i = 0; i < signatures.count; i++) {
        free(signatures.file[i].bytes);
    }
    free(bytes);
    return code;
}
