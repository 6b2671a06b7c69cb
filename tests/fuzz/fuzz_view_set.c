/* links: records trust stream */
/* The view of any set of well-formed records, whoever is said to have signed them: the bytes are a
 * sync stream in whose signatures the first byte picks a key that some root names.  The same set
 * backwards and in pieces gives the same digest, and what is in force was signed by the threshold.
 */
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"
#include "view/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ITEMS = 48, SIGNERS = 6 };

static struct {
    struct record *record[ITEMS];
    struct record_public_key signer[ITEMS][SIGNERS];
    uint8_t pick[ITEMS][SIGNERS];
    size_t signers[ITEMS];
    size_t count;
    struct record_public_key key[256];
    size_t keys;
} set;

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void add_keys(const struct record_key *key, size_t count)
{
    for (size_t i = 0; i < count && set.keys < 256; i++) {
        set.key[set.keys++] = key[i].public;
    }
}

static void read_set(const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    set.count = set.keys = 0;
    stream_init(&stream, bytes, size);
    while (set.count < ITEMS && stream_next(&stream, &item, &malformed)) {
        struct record_error error;
        if (!record_read(item.record, item.record_size, leap_builtin(), &set.record[set.count],
                         &error)) {
            continue;
        }
        const struct record *record = set.record[set.count];
        if (record->type == RECORD_ROOT) {
            add_keys(record->is.root.organizer, record->is.root.organizer_count);
            add_keys(record->is.root.beacon, record->is.root.beacon_count);
        }
        size_t signers = 0;
        for (size_t i = 0; i < item.signature_count && signers < SIGNERS; i++) {
            if (item.signature[i].size > 0) {
                set.pick[set.count][signers++] = item.signature[i].bytes[0];
            }
        }
        set.signers[set.count++] = signers;
    }
    for (size_t i = 0; i < set.count; i++) {
        for (size_t k = 0; k < set.signers[i]; k++) {
            set.signer[i][k] =
                set.keys > 0 ? set.key[set.pick[i][k] % set.keys] : (struct record_public_key){0};
        }
    }
}

static struct view *see(const struct view_entry *entry, size_t count,
                        const struct view_anchor *anchor, size_t anchors)
{
    struct view *view = NULL;
    instant now = {INT64_C(1800000000) * NS_PER_S};
    check(view_build(entry, count, anchor, anchors, now, &view));
    return view;
}

static void look_through(const struct view *view)
{
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        size_t in_force = 0;
        for (size_t k = 0; k < window->occurrence_count; k++) {
            in_force += window->occurrence[k].state == OCCURRENCE_IN_FORCE;
            check(k == 0 || instant_compare(window->occurrence[k - 1].start,
                                            window->occurrence[k].start) <= 0);
        }
        check(in_force == 0 || window->signature_count >= window->threshold);
        check(in_force == 0 || window->held_count > 0);
        check(view_find_window(view, &window->uid) != NULL);
        check(view_status_name(window->status) != NULL);
        (void)view_next_occurrence(window, (instant){0});
    }
    for (size_t i = 0; i < view->root_count; i++) {
        struct record_id id[4];
        for (size_t k = 0; k < set.keys && k < 4; k++) {
            (void)view_depending_on(view, &view->root[i].id, set.key[k].key, id, 4);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct view_entry forwards[ITEMS], backwards[ITEMS * (SIGNERS + 1)];
    static struct view_anchor anchor[ITEMS];
    read_set(bytes, size);
    size_t anchors = 0, pieces = 0;
    for (size_t i = 0; i < set.count; i++) {
        forwards[i] = (struct view_entry){
            .record = set.record[i], .signer = set.signer[i], .signer_count = set.signers[i]};
        if (set.record[i]->type == RECORD_ROOT) {
            anchor[anchors++].root = set.record[i];
        }
    }
    for (size_t i = set.count; i-- > 0;) {
        backwards[pieces++] = (struct view_entry){.record = set.record[i]};
        for (size_t k = set.signers[i]; k-- > 0;) {
            backwards[pieces++] = (struct view_entry){
                .record = set.record[i], .signer = &set.signer[i][k], .signer_count = 1};
        }
    }
    struct view *one = see(forwards, set.count, anchor, anchors);
    struct view *two = see(backwards, pieces, anchor, anchors);
    check(memcmp(one->digest, two->digest, sizeof one->digest) == 0);
    look_through(one);
    view_free(one);
    view_free(two);
    for (size_t i = 0; i < set.count; i++) {
        record_free(set.record[i]);
    }
    return 0;
}
