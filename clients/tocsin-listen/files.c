#include "tocsin-listen/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

static bool load(const char *path, uint8_t **bytes, size_t *size, char why[static 400])
{
    struct store_error error;
    if (store_read_file(path, bytes, size, &error) != STORE_OK) {
        snprintf(why, 400, "%.256s", error.message);
        return false;
    }
    return true;
}

bool files_load_root(struct shelf *shelf, const char *path, char why[static 400])
{
    uint8_t *bytes;
    size_t size;
    if (!load(path, &bytes, &size, why)) {
        return false;
    }
    char reason[200];
    struct shelf_counts ignored;
    bool is_added = shelf_add_anchor(shelf, bytes, size, reason);
    if (!is_added) {
        snprintf(why, 400, "%.150s: %.199s", path, reason);
    } else if (!shelf_add_stream(shelf, bytes, size, &ignored)) {
        snprintf(why, 400, "%.150s: too little memory", path);
        is_added = false;
    }
    free(bytes);
    return is_added;
}

bool files_load_bundle(struct shelf *shelf, const char *path, struct shelf_counts *counts,
                       char why[static 400])
{
    uint8_t *bytes;
    size_t size;
    if (!load(path, &bytes, &size, why)) {
        return false;
    }
    bool is_added = shelf_add_stream(shelf, bytes, size, counts);
    if (!is_added) {
        snprintf(why, 400, "%.150s: too little memory", path);
    }
    free(bytes);
    return is_added;
}
