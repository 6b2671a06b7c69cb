#include "anchors/anchors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "records/proquint.h"
#include "stream/stream.h"
#include "trust/trust.h"

void anchors_init(struct anchors *anchors, const struct leap_table *leap, size_t most)
{
    *anchors = (struct anchors){.leap = leap, .most = most};
}

void anchors_close(struct anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++) {
        record_free(anchors->record[i]);
    }
    free(anchors->record);
    free(anchors->anchor);
    free(anchors->id);
    free(anchors->root);
    *anchors = (struct anchors){0};
}

/* Room for so many in each of the four lists. */
static bool reserve(struct anchors *anchors, size_t room)
{
    return LIST_EXACTLY(anchors->record, room) && LIST_EXACTLY(anchors->anchor, room) &&
           LIST_EXACTLY(anchors->id, room) && LIST_EXACTLY(anchors->root, room);
}

static void set(struct anchors *anchors, size_t index, struct record *record)
{
    anchors->record[index] = record;
    anchors->anchor[index].root = record;
    anchors->id[index] = record->id;
    anchors->root[index] = *record_root_of(record);
}

static uint32_t version_at(const struct anchors *anchors, size_t index)
{
    return anchors->record[index]->is.root.version;
}

/* Where the first anchor of a constellation stands, from a place on; count: there is none. */
static size_t next_of(const struct anchors *anchors, const struct record_id *root, size_t from)
{
    while (from < anchors->count && !record_id_equal(&anchors->root[from], root)) {
        from++;
    }
    return from;
}

/* --- one file ------------------------------------------------------------------------------- */

/* A root of a file, and the one that it says was before it. */
struct link {
    struct record_id root, id, prev;
    uint32_t version;
    bool follows; /* on the oldest, or is it */
};

/* What a file holds: the oldest root of each constellation. */
struct file {
    struct anchors oldest;
    bool *is_disputed; /* owned, beside them: there is another of the same version */
    struct link *link; /* owned: all its roots */
    size_t link_count, link_room;
};

static bool keep_link(struct file *file, const struct record *record)
{
    if (!LIST_ROOM(file->link, file->link_count, file->link_room)) {
        return false;
    }
    file->link[file->link_count++] = (struct link){.root = *record_root_of(record),
                                                   .id = record->id,
                                                   .prev = record->is.root.prev,
                                                   .version = record->is.root.version};
    return true;
}

/* Consumes the record, whatever comes of it. */
static enum anchors_result keep_oldest(struct file *file, struct record *record,
                                       char why[static ANCHORS_WHY_SIZE])
{
    struct anchors *oldest = &file->oldest;
    size_t at = next_of(oldest, record_root_of(record), 0);
    if (at < oldest->count) {
        uint32_t held = version_at(oldest, at), given = record->is.root.version;
        if (given < held) {
            record_free(oldest->record[at]);
            set(oldest, at, record);
            file->is_disputed[at] = false;
            return ANCHORS_TAKEN;
        }
        file->is_disputed[at] |= given == held && !record_id_equal(&oldest->id[at], &record->id);
        record_free(record);
        return ANCHORS_TAKEN;
    }
    if (oldest->count == oldest->most) { /* told before a file of thousands is sorted through */
        record_free(record);
        snprintf(why, ANCHORS_WHY_SIZE, "more than %zu constellations", oldest->most);
        return ANCHORS_REFUSED;
    }
    if (!LIST_EXACTLY(file->is_disputed, at + 1) || !reserve(oldest, at + 1)) {
        record_free(record);
        return ANCHORS_NO_MEMORY;
    }
    set(oldest, at, record);
    file->is_disputed[at] = false;
    oldest->count++;
    return ANCHORS_TAKEN;
}

/* Reads one record of the file that is, or says that it is, a root. */
static enum anchors_result take_root(struct file *file, const uint8_t *bytes, size_t size,
                                     char why[static ANCHORS_WHY_SIZE])
{
    struct record *record;
    struct record_error error;
    if (!record_read(bytes, size, file->oldest.leap, &record, &error)) {
        snprintf(why, ANCHORS_WHY_SIZE, "the root in it is refused: line %d, column %d: %s",
                 error.line, error.column, error.message);
        return error.line == 0 ? ANCHORS_NO_MEMORY : ANCHORS_REFUSED;
    }
    if (record->type != RECORD_ROOT) {
        snprintf(why, ANCHORS_WHY_SIZE, "this is a %s, not a root", record_type_name(record->type));
        record_free(record);
        return ANCHORS_REFUSED;
    }
    if (!keep_link(file, record)) {
        record_free(record);
        return ANCHORS_NO_MEMORY;
    }
    return keep_oldest(file, record, why);
}

static enum anchors_result read_stream(struct file *file, const uint8_t *bytes, size_t size,
                                       char why[static ANCHORS_WHY_SIZE])
{
    struct stream_item *item = malloc(sizeof *item);
    enum anchors_result result = item == NULL ? ANCHORS_NO_MEMORY : ANCHORS_TAKEN;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool is_malformed = false;
    while (result == ANCHORS_TAKEN && stream_next(&stream, item, &is_malformed)) {
        /* The other records are not ours to judge. */
        if (record_says_root(item->record, item->record_size)) {
            result = take_root(file, item->record, item->record_size, why);
        }
    }
    free(item);
    if (result == ANCHORS_TAKEN && is_malformed) {
        snprintf(why, ANCHORS_WHY_SIZE, "this bundle is damaged or cut short; fetch it again");
        return ANCHORS_REFUSED;
    }
    if (result == ANCHORS_TAKEN && file->oldest.count == 0) {
        snprintf(why, ANCHORS_WHY_SIZE,
                 "there is no root in this file; \"tocsin root show --bundle\" writes one");
        return ANCHORS_REFUSED;
    }
    return result;
}

static enum anchors_result refuse_rivals(const struct record *record,
                                         char why[static ANCHORS_WHY_SIZE])
{
    snprintf(why, ANCHORS_WHY_SIZE,
             "two different roots of version %u for one constellation: give only the right one",
             (unsigned)record->is.root.version);
    return ANCHORS_REFUSED;
}

static int by_version_and_id(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    int order = (x->version > y->version) - (x->version < y->version);
    return order != 0 ? order : record_id_compare(&x->id, &y->id);
}

/* Whether all roots of this constellation in the file come after the anchor, step by step.  Nobody
 * can make a root that an honest one follows on: what stands below it and is not in its past was
 * put there, to be the anchor in its stead.  The first version is who it says by its own hash. */
static bool is_one_line(struct file *file, const struct record *anchor)
{
    if (anchor->is.root.version == 1) {
        return true;
    }
    for (size_t i = 0; i < file->link_count; i++) { /* ascending by version */
        struct link *one = &file->link[i];
        const struct link wanted = {.version = one->version - 1, .id = one->prev};
        const struct link *before =
            bsearch(&wanted, file->link, file->link_count, sizeof *file->link, by_version_and_id);
        one->follows =
            record_id_equal(&one->id, &anchor->id) || (before != NULL && before->follows);
        if (!one->follows && record_id_equal(&one->root, record_root_of(anchor))) {
            return false;
        }
    }
    return true;
}

/* Whether each of the file's may be an anchor, beside those there are. */
static enum anchors_result judge(const struct anchors *anchors, struct file *file,
                                 char why[static ANCHORS_WHY_SIZE])
{
    list_sort(file->link, file->link_count, sizeof *file->link, by_version_and_id);
    for (size_t i = 0; i < file->oldest.count; i++) {
        const struct record *record = file->oldest.record[i];
        char unsound[160];
        if (!trust_root_is_sound(&record->is.root, unsound)) {
            snprintf(why, ANCHORS_WHY_SIZE, "this root is refused: %s", unsound);
            return ANCHORS_REFUSED;
        }
        if (file->is_disputed[i]) {
            return refuse_rivals(record, why);
        }
        if (!is_one_line(file, record)) {
            snprintf(why, ANCHORS_WHY_SIZE,
                     "the roots in it do not follow on that of version %u, which somebody may have "
                     "added: ask for the file anew, and compare the words",
                     (unsigned)record->is.root.version);
            return ANCHORS_REFUSED;
        }
        const struct record_id *root = record_root_of(record);
        for (size_t at = next_of(anchors, root, 0); at < anchors->count;
             at = next_of(anchors, root, at + 1)) {
            if (version_at(anchors, at) == record->is.root.version &&
                !record_id_equal(&anchors->id[at], &record->id)) {
                return refuse_rivals(record, why);
            }
        }
    }
    return ANCHORS_TAKEN;
}

/* --- all files ------------------------------------------------------------------------------ */

static bool has(const struct anchors *anchors, const struct record_id *id)
{
    return record_id_is_among(anchors->id, anchors->count, id);
}

static size_t constellations(const struct anchors *anchors)
{
    size_t count = 0;
    for (size_t i = 0; i < anchors->count; i++) {
        count += anchors_is_in_force(anchors, i);
    }
    return count;
}

/* Moves what is new from the file to the anchors. */
static enum anchors_result join(struct anchors *anchors, struct anchors *from,
                                char why[static ANCHORS_WHY_SIZE])
{
    size_t others = 0;
    for (size_t i = 0; i < from->count; i++) {
        others += anchors_find(anchors, &from->root[i]) == NULL;
    }
    if (others > 0 && constellations(anchors) + others > anchors->most) {
        snprintf(why, ANCHORS_WHY_SIZE, "more than %zu constellations", anchors->most);
        return ANCHORS_REFUSED;
    }
    if (!reserve(anchors, anchors->count + from->count)) {
        return ANCHORS_NO_MEMORY;
    }
    for (size_t i = 0; i < from->count; i++) {
        if (has(anchors, &from->id[i])) {
            record_free(from->record[i]);
        } else {
            set(anchors, anchors->count++, from->record[i]);
        }
    }
    from->count = 0; /* consumed */
    return ANCHORS_TAKEN;
}

enum anchors_result anchors_take(struct anchors *anchors, const uint8_t *bytes, size_t size,
                                 char why[static ANCHORS_WHY_SIZE])
{
    struct file file = {.oldest = {.leap = anchors->leap, .most = anchors->most}};
    enum anchors_result result = stream_is_one(bytes, size) ? read_stream(&file, bytes, size, why)
                                                            : take_root(&file, bytes, size, why);
    if (result == ANCHORS_TAKEN) {
        result = judge(anchors, &file, why);
    }
    if (result == ANCHORS_TAKEN) {
        result = join(anchors, &file.oldest, why);
    }
    if (result == ANCHORS_NO_MEMORY) {
        snprintf(why, ANCHORS_WHY_SIZE, "too little memory");
    }
    anchors_close(&file.oldest);
    free(file.is_disputed);
    free(file.link);
    return result;
}

bool anchors_is_in_force(const struct anchors *anchors, size_t index)
{
    return anchors_find(anchors, &anchors->root[index]) == anchors->record[index];
}

const struct record *anchors_find(const struct anchors *anchors, const struct record_id *root)
{
    const struct record *found = NULL;
    for (size_t at = next_of(anchors, root, 0); at < anchors->count;
         at = next_of(anchors, root, at + 1)) {
        if (found == NULL || version_at(anchors, at) > found->is.root.version) {
            found = anchors->record[at];
        }
    }
    return found;
}

bool anchors_put(const struct anchors *anchors, struct ledger *ledger)
{
    for (size_t i = 0; i < anchors->count; i++) {
        struct ledger_refusal why;
        const struct record *record = anchors->record[i];
        if (ledger_put_record(ledger, record->bytes, record->size, NULL, &why) ==
            LEDGER_NO_MEMORY) {
            return false;
        }
    }
    return true;
}

struct ledger_policy anchors_policy(const struct anchors *anchors)
{
    assert(anchors->count > 0); /* or any constellation would be welcome */
    return (struct ledger_policy){.root = anchors->root,
                                  .root_count = anchors->count,
                                  .anchor = anchors->id,
                                  .anchor_count = anchors->count};
}

/* The name comes last: whatever it says stands after the true figures. */
void anchors_describe(const struct record *root, char out[static ANCHORS_TEXT_SIZE])
{
    const struct record_root *is = &root->is.root;
    char name[160], id[RECORD_ID_TEXT_SIZE], words[PROQUINT_SIZE];
    record_unescape(is->name, name, sizeof name);
    record_id_write(&root->id, id);
    proquint_write(root->id.bytes, words);
    snprintf(out, ANCHORS_TEXT_SIZE, "words %s, id %s, version %u, %u of %zu organizers: %s", words,
             id, (unsigned)is->version, (unsigned)is->threshold, is->organizer_count, name);
}
