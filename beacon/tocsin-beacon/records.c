#include "tocsin-beacon/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"
#include "tocsin-beacon/say.h"

/* Takes the root records of a stream as anchors: all must be of one constellation. */
static bool take_anchors(struct records *records, const uint8_t *bytes, size_t size,
                         const char *file)
{
    struct stream stream;
    struct stream_item item;
    bool is_malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &is_malformed)) {
        struct record *record;
        struct record_error error;
        if (!record_read(item.record, item.record_size, records->leap, &record, &error)) {
            say_error("%s:%d:%d: %s", file, error.line, error.column, error.message);
            return false;
        }
        struct record **more =
            record->type != RECORD_ROOT
                ? NULL
                : reallocarray(records->anchor, records->anchor_count + 1, sizeof(struct record *));
        if (more == NULL) {
            record_free(record); /* a bundle may hold windows too */
            continue;
        }
        records->anchor = more;
        records->anchor[records->anchor_count++] = record;
        if (!record_id_equal(record_root_of(record), record_root_of(records->anchor[0]))) {
            say_error("%s holds roots of two constellations: give one of them", file);
            return false;
        }
    }
    if (is_malformed) {
        say_error("%s is damaged: get it again from where it came", file);
        return false;
    }
    if (records->anchor_count == 0) {
        say_error("%s holds no root: `tocsin root show --bundle` writes one", file);
        return false;
    }
    records->root = *record_root_of(records->anchor[0]);
    return true;
}

bool records_open(struct records *records, const char *root_file, const char *dir,
                  const struct leap_table *leap, int *exit_code)
{
    *records = (struct records){.leap = leap};
    struct store_error error;
    struct store_sync_counts counts;
    enum store_result added;
    uint8_t *bytes;
    size_t size;
    *exit_code = EXIT_BAD_INPUT;
    if (store_read_file(root_file, &bytes, &size, &error) != STORE_OK) {
        say_error("%s", error.message);
        return false;
    }
    if (!take_anchors(records, bytes, size, root_file)) {
        goto undo_bytes;
    }
    *exit_code = EXIT_OUTSIDE;
    if (dir != NULL) {
        snprintf(records->dir, sizeof records->dir, "%s", dir);
    } else if (!store_default_dir(records->dir, sizeof records->dir)) {
        say_error("no home folder: name the folder of records with --store");
        goto undo_bytes;
    }
    if (store_open(records->dir, true, leap, &records->store, &error) != STORE_OK) {
        say_error("%s", error.message);
        goto undo_bytes;
    }
    added = store_add_stream(records->store, bytes, size, NULL, 0, NULL, NULL, &counts, &error);
    if (added != STORE_OK && added != STORE_ALREADY_THERE) {
        say("%s: the root is not kept in the store: %s", root_file, error.message);
    }
    free(bytes);
    return true;

undo_bytes:
    free(bytes);
    records_close(records);
    return false;
}

void records_close(struct records *records)
{
    view_free(records->view);
    if (records->set.owned != NULL) {
        store_set_free(&records->set);
    }
    if (records->store != NULL) {
        store_close(records->store);
    }
    for (size_t i = 0; i < records->anchor_count; i++) {
        record_free(records->anchor[i]);
    }
    free(records->anchor);
    *records = (struct records){0};
}

bool records_load(struct records *records)
{
    struct store_set set;
    struct store_error error;
    if (store_load(records->store, say_note, NULL, &set, &error) != STORE_OK) {
        say("the store cannot be read, and what is known stays: %s", error.message);
        return false;
    }
    view_free(records->view); /* it borrows from the set */
    records->view = NULL;
    if (records->set.owned != NULL) {
        store_set_free(&records->set);
    }
    records->set = set;
    return true;
}

const struct view *records_view(struct records *records, utc now)
{
    view_free(records->view);
    records->view = NULL;
    struct view_anchor *anchor = calloc(records->anchor_count, sizeof *anchor);
    if (anchor == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < records->anchor_count; i++) {
        anchor[i].root = records->anchor[i];
    }
    if (!view_build(records->set.entry, records->set.entry_count, anchor, records->anchor_count,
                    leap_from_utc(records->leap, now, NULL), &records->view)) {
        records->view = NULL;
    }
    free(anchor);
    return records->view;
}

static int by_id(const void *a, const void *b)
{
    return record_id_compare(&((const struct view_entry *)a)->record->id,
                             &((const struct view_entry *)b)->record->id);
}

bool records_stream(struct records *records, utc now, uint8_t **out, size_t *size,
                    uint32_t *omitted)
{
    if (records->view == NULL) {
        return false;
    }
    size_t most = records->set.entry_count;
    struct herald_ranked *ranked = calloc(most + 1, sizeof *ranked);
    struct view_entry *chosen = calloc(most + 1, sizeof *chosen);
    size_t chosen_count = 0, total = 0, count;
    struct store_error error;
    bool done = false;
    *omitted = 0;
    if (ranked == NULL || chosen == NULL) {
        goto finish;
    }
    count = herald_rank_records(records->set.entry, most, records->view, &records->root,
                                leap_from_utc(records->leap, now, NULL), ranked);
    for (size_t i = 0; i < count; i++) {
        uint8_t *one;
        size_t one_size;
        const struct view_entry *entry = &records->set.entry[ranked[i].entry];
        if (store_write_stream(records->store, entry, 1, &one, &one_size, &error) != STORE_OK) {
            say("a record cannot be sent: %s", error.message);
            continue;
        }
        free(one); /* only its length matters yet */
        if (total + one_size > RECORDS_STREAM_MAX) {
            (*omitted)++;
            continue;
        }
        total += one_size;
        chosen[chosen_count++] = *entry;
    }
    qsort(chosen, chosen_count, sizeof *chosen, by_id);
    done = store_write_stream(records->store, chosen, chosen_count, out, size, &error) == STORE_OK;

finish:
    free(ranked);
    free(chosen);
    return done;
}
