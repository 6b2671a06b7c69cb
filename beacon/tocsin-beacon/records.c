#include "tocsin-beacon/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"

/* Constellations in one file; a beacon serves one of them. */
enum { ANCHORS_MOST = 16 };

static void tell_note(void *context, const struct store_note *note)
{
    char sentence[STORE_NOTE_SIZE];
    store_note_write(note, sentence);
    say_line(context, sentence);
}

bool records_init(struct records *records, const struct leap_table *leap)
{
    *records = (struct records){.leap = leap};
    bool is_open = replica_open(&records->replica, leap, ANCHORS_MOST);
    records->replica.note = tell_note;
    return is_open;
}

void records_close(struct records *records)
{
    view_free(records->view);
    records->view = NULL;
    replica_close(&records->replica);
}

/* The root file is the only anchor, whatever the store says.  That it is also put into the store is
 * a convenience for whoever copies it from there, so a store that cannot be written is told and no
 * reason to stay silent at T-0. */
int records_open(struct records *records, const char *root_file, const char *dir)
{
    struct replica *replica = &records->replica;
    struct store_error error;
    struct replica_counts counts;
    char why[ANCHORS_WHY_SIZE];
    uint8_t *bytes;
    size_t size;
    int exit_code = EXIT_DONE;
    if (store_read_file(root_file, &bytes, &size, &error) != STORE_OK) {
        return say_usage("%s", error.message);
    }
    if (dir != NULL) {
        snprintf(records->dir, sizeof records->dir, "%s", dir);
    }
    if (!replica_take_root(replica, bytes, size, why)) {
        exit_code = say_usage("%s: %s", root_file, why);
    } else if (dir == NULL && !store_default_dir(records->dir, sizeof records->dir)) {
        exit_code = say_outside("no home folder: name the folder of records with --store");
    } else if (!replica_open_store(replica, records->dir, true, &error)) {
        exit_code = say_outside("%s", error.message);
    } else if (replica_hear(replica, bytes, size, &counts, &error) != STORE_OK) {
        say_news("%s: the root is not kept in the store: %s", root_file, error.message);
    }
    free(bytes);
    if (exit_code == EXIT_DONE) {
        replica_tell_store(replica);
    }
    return exit_code;
}

bool records_look(struct records *records)
{
    struct store_error error;
    size_t came;
    if (replica_look(&records->replica, &came, &error) != STORE_OK) {
        say_news("the store cannot be read, and what is known stays: %s", error.message);
    }
    return came > 0;
}

const struct view *records_view(struct records *records, utc now)
{
    view_free(records->view);
    records->view = NULL;
    if (!replica_view(&records->replica, leap_from_utc(records->leap, now, NULL), &records->view)) {
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
    const struct anchors *anchors = &records->replica.anchors;
    for (size_t i = 0; i < anchors->count; i++) {
        const struct record_id *root = &anchors->root[i];
        if (anchors_is_in_force(anchors, i)) {
            char text[ANCHORS_TEXT_SIZE];
            anchors_describe(anchors->record[i], text);
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

/* The topic holds so much and no more.  One record that is too long is left out, and
 * shorter ones behind it still go: a long window must not take the others with it. */
bool records_stream(struct records *records, utc now, uint8_t **out, size_t *size,
                    uint32_t *omitted)
{
    if (records->view == NULL) {
        return false;
    }
    size_t most;
    const struct view_entry *all = replica_entries(&records->replica, &most);
    struct herald_ranked *ranked = calloc(most + 1, sizeof *ranked);
    struct view_entry *chosen = calloc(most + 1, sizeof *chosen);
    size_t chosen_count = 0, total = 0, count;
    struct store_error error;
    bool done = false;
    *omitted = 0;
    if (ranked == NULL || chosen == NULL) {
        goto finish;
    }
    count = herald_rank_records(all, most, records->view, &records->root,
                                leap_from_utc(records->leap, now, NULL), ranked);
    for (size_t i = 0; i < count; i++) {
        uint8_t *one;
        size_t one_size;
        const struct view_entry *entry = &all[ranked[i].entry];
        if (store_write_stream(records->replica.store, entry, 1, &one, &one_size, &error) !=
            STORE_OK) {
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
    done = store_write_stream(records->replica.store, chosen, chosen_count, out, size, &error) ==
           STORE_OK;

finish:
    free(ranked);
    free(chosen);
    return done;
}
