#include "tocsin-listen/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "stream/stream.h"

struct shelf {
    struct leap_table leap;
    struct ledger *ledger;                  /* owned */
    struct record *anchor[SHELF_ROOTS_MAX]; /* owned */
    size_t anchor_count;
    void (*added)(void *context, const char *kind, const uint8_t *bytes,
                  size_t size); /* NULL: none */
    void *added_context;
};

struct shelf *shelf_new(const struct leap_table *leap)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL) {
        return NULL;
    }
    shelf->leap = *leap;
    shelf->ledger = ledger_new(&shelf->leap);
    if (shelf->ledger == NULL) {
        free(shelf);
        return NULL;
    }
    return shelf;
}

void shelf_free(struct shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    ledger_free(shelf->ledger);
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        record_free(shelf->anchor[i]);
    }
    free(shelf);
}

void shelf_watch(struct shelf *shelf,
                 void (*added)(void *context, const char *kind, const uint8_t *bytes, size_t size),
                 void *context)
{
    shelf->added = added;
    shelf->added_context = context;
}

static void tell_added(const struct shelf *shelf, const char *kind, const uint8_t *bytes,
                       size_t size)
{
    if (shelf->added != NULL) {
        shelf->added(shelf->added_context, kind, bytes, size);
    }
}

static void note_first(void *context, const struct ledger_note *note)
{
    struct shelf_counts *counts = context;
    if (counts->first_refusal[0] == '\0') {
        char sentence[LEDGER_NOTE_SIZE];
        ledger_note_write(note, sentence);
        snprintf(counts->first_refusal, sizeof counts->first_refusal, "%.*s",
                 (int)sizeof counts->first_refusal - 1, sentence);
    }
}

bool shelf_add_stream(struct shelf *shelf, const uint8_t *bytes, size_t size,
                      struct shelf_counts *out)
{
    memset(out, 0, sizeof *out);
    struct record_id root[SHELF_ROOTS_MAX];
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        root[i] = *record_root_of(shelf->anchor[i]);
    }
    if (shelf->anchor_count == 0) {
        return true;
    }
    struct ledger_policy policy = {
        .root = root, .root_count = shelf->anchor_count, .note = note_first, .note_context = out};
    struct ledger_counts counts = {0};
    enum ledger_result result = ledger_merge(shelf->ledger, bytes, size, &policy, &counts);
    out->records_new = counts.records_new;
    out->signatures_new = counts.signatures_new;
    out->known = counts.records_known;
    out->refused = counts.refused;
    out->is_malformed = counts.is_cut_off;
    if (counts.records_new + counts.signatures_new > 0) {
        tell_added(shelf, "records", bytes, size);
    }
    return result == LEDGER_NEW;
}

/* Keeps the highest version given for a constellation. */
static bool keep_anchor(struct shelf *shelf, struct record *root, char why[static 200])
{
    char error[160];
    if (!trust_root_is_sound(&root->is.root, error)) {
        snprintf(why, 200, "the root is not sound: %.160s", error);
        record_free(root);
        return false;
    }
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        if (!record_id_equal(record_root_of(shelf->anchor[i]), record_root_of(root))) {
            continue;
        }
        uint32_t held = shelf->anchor[i]->is.root.version, given = root->is.root.version;
        if (held == given && !record_id_equal(&shelf->anchor[i]->id, &root->id)) {
            snprintf(
                why, 200,
                "two different roots of version %u for one constellation: give only the right one",
                (unsigned)given);
            record_free(root);
            return false;
        }
        if (given > held) {
            record_free(shelf->anchor[i]);
            shelf->anchor[i] = root;
        } else {
            record_free(root);
        }
        return true;
    }
    if (shelf->anchor_count == SHELF_ROOTS_MAX) {
        snprintf(why, 200, "more than %d constellations", SHELF_ROOTS_MAX);
        record_free(root);
        return false;
    }
    shelf->anchor[shelf->anchor_count++] = root;
    return true;
}

/* An anchor's keys vouch for records whether or not its own signatures are at hand. */
static bool keep_and_know(struct shelf *shelf, struct record *root, char why[static 200])
{
    struct ledger_refusal refusal;
    enum ledger_result result =
        ledger_put_record(shelf->ledger, root->bytes, root->size, NULL, &refusal);
    if (result != LEDGER_NEW && result != LEDGER_KNOWN) {
        char reason[LEDGER_WHY_SIZE];
        ledger_refusal_write(&refusal, reason);
        snprintf(why, 200, "%.199s", result == LEDGER_NO_MEMORY ? "too little memory" : reason);
        record_free(root);
        return false;
    }
    return keep_anchor(shelf, root, why);
}

static bool add_anchor(struct shelf *shelf, const uint8_t *bytes, size_t size, char why[static 200])
{
    struct record_error error;
    struct record *record;
    if (!stream_is_one(bytes, size)) {
        if (!record_read(bytes, size, &shelf->leap, &record, &error)) {
            snprintf(why, 200, "%d:%d: %.150s", error.line, error.column, error.message);
            return false;
        }
        if (record->type != RECORD_ROOT) {
            snprintf(why, 200, "this is a %s, not a root", record_type_name(record->type));
            record_free(record);
            return false;
        }
        return keep_and_know(shelf, record, why);
    }
    struct stream stream;
    stream_init(&stream, bytes, size);
    static struct stream_item item;
    bool malformed = false, found = false;
    while (stream_next(&stream, &item, &malformed)) {
        if (!record_read(item.record, item.record_size, &shelf->leap, &record, &error)) {
            snprintf(why, 200, "a record in it is refused at %d:%d: %.120s", error.line,
                     error.column, error.message);
            return false;
        }
        if (record->type != RECORD_ROOT) {
            record_free(record);
        } else if (keep_and_know(shelf, record, why)) {
            found = true;
        } else {
            return false;
        }
    }
    if (malformed) {
        snprintf(why, 200, "the bundle breaks off: fetch it again");
        return false;
    }
    if (!found) {
        snprintf(why, 200, "there is no root in it");
    }
    return found;
}

bool shelf_add_anchor(struct shelf *shelf, const uint8_t *bytes, size_t size, char why[static 200])
{
    bool is_added = add_anchor(shelf, bytes, size, why);
    if (is_added) {
        tell_added(shelf, "anchor", bytes, size);
    }
    return is_added;
}

size_t shelf_anchor_count(const struct shelf *shelf)
{
    return shelf->anchor_count;
}

const struct record_id *shelf_anchor_root(const struct shelf *shelf, size_t index)
{
    return record_root_of(shelf->anchor[index]);
}

size_t shelf_record_count(const struct shelf *shelf)
{
    size_t count;
    (void)ledger_entries(shelf->ledger, &count);
    return count;
}

bool shelf_view(const struct shelf *shelf, instant now, struct view **out)
{
    struct view_anchor anchor[SHELF_ROOTS_MAX];
    for (size_t i = 0; i < shelf->anchor_count; i++) {
        anchor[i].root = shelf->anchor[i];
    }
    size_t count;
    const struct view_entry *entry = ledger_entries(shelf->ledger, &count);
    return view_build(entry, count, anchor, shelf->anchor_count, now, out);
}
