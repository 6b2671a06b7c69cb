#include "tocsin-beacon/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"

/* Constellations in one file; a beacon serves one of them. */
enum { ANCHORS_MOST = 16 };

/* What a file given by hand brings goes to the store, under the policy of its anchors. */
static enum store_result keep_file(struct records *records, const uint8_t *bytes, size_t size,
                                   struct store_error *error)
{
    const struct anchors *anchors = &records->anchors;
    const struct store_source source = {.root = anchors->root,
                                        .root_count = anchors->count,
                                        .anchor = anchors->id,
                                        .anchor_count = anchors->count};
    struct ledger_counts counts;
    return store_add_stream(records->store, bytes, size, &source, &counts, error);
}

/* The root file is the only anchor, whatever the store says.  That it is also put into the store is
 * a convenience for whoever copies it from there, so a store that cannot be written is told and no
 * reason to stay silent at T-0. */
bool records_open(struct records *records, const char *root_file, const char *dir,
                  const struct leap_table *leap, int *exit_code)
{
    *records = (struct records){.leap = leap};
    anchors_init(&records->anchors, leap, ANCHORS_MOST);
    struct store_error error;
    char why[ANCHORS_WHY_SIZE];
    enum anchors_result taken;
    enum store_result added;
    uint8_t *bytes;
    size_t size;
    *exit_code = EXIT_USAGE;
    if (store_read_file(root_file, &bytes, &size, &error) != STORE_OK) {
        say_error("%s", error.message);
        return false;
    }
    taken = anchors_take(&records->anchors, bytes, size, why);
    if (taken != ANCHORS_TAKEN) {
        *exit_code = taken == ANCHORS_NO_MEMORY ? EXIT_OUTSIDE : EXIT_USAGE;
        say_error("%s: %s", root_file, why);
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
    added = keep_file(records, bytes, size, &error);
    if (added != STORE_OK) {
        say_news("%s: the root is not kept in the store: %s", root_file, error.message);
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
    anchors_close(&records->anchors);
    *records = (struct records){0};
}

static void tell_note(void *context, const struct store_note *note)
{
    char sentence[STORE_NOTE_SIZE];
    store_note_write(note, sentence);
    say_line(context, sentence);
}

bool records_load(struct records *records)
{
    struct store_set set;
    struct store_error error;
    if (store_load(records->store, tell_note, NULL, &set, &error) != STORE_OK) {
        say_news("the store cannot be read, and what is known stays: %s", error.message);
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
    if (!view_build(records->set.entry, records->set.entry_count, records->anchors.anchor,
                    records->anchors.count, leap_from_utc(records->leap, now, NULL),
                    &records->view)) {
        records->view = NULL;
    }
    return records->view;
}

bool records_choose(struct records *records, const char *root_file,
                    const struct record_public_key *key, utc now, int *exit_code)
{
    const struct view *view = records_view(records, now);
    *exit_code = EXIT_OUTSIDE;
    if (view == NULL) {
        say_error("out of memory");
        return false;
    }
    size_t count = 0;
    records->root = view->root[0].id;
    for (size_t i = 0; i < view->root_count; i++) {
        if (record_is_beacon(&view->root[i].newest->is.root, key->key)) {
            records->root = view->root[i].id;
            count++;
        }
    }
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&key->id, id);
    if (count == 0 && view->root_count > 1) { /* of one alone the herald says so */
        *exit_code = EXIT_NO;
        say_error("key %s is a beacon of none of the %zu constellations in %s: give the key of one "
                  "that is",
                  id, view->root_count, root_file);
        return false;
    }
    if (count > 1) {
        *exit_code = EXIT_USAGE;
        say_error("key %s is a beacon of %zu constellations in %s: give a file with one of them, "
                  "and start a beacon for each",
                  id, count, root_file);
        return false;
    }
    return true;
}

void records_introduce(const struct records *records)
{
    for (size_t i = 0; i < records->anchors.count; i++) {
        const struct record_id *root = &records->anchors.root[i];
        if (anchors_is_in_force(&records->anchors, i)) {
            char text[ANCHORS_TEXT_SIZE];
            anchors_describe(records->anchors.record[i], text);
            say_news("root: %s%s", text,
                     record_id_equal(root, &records->root)
                         ? ""
                         : " (not served: this key is not a beacon of it)");
        }
    }
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
            say_news("a record cannot be sent: %s", error.message);
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
