/* links: records trust stream instants */
/* The view of any set of well-formed records, whoever is said to have signed them: the bytes are a
 * sync stream in whose signatures the first byte picks a key that some root names.  The same set
 * backwards and in pieces gives the same digest, and what is in force was signed by the threshold.
 * Of one constellation, and windows of moments, what is in force is what the model of lock_model.h
 * says: nothing locked is moved, silenced or added to, whoever signs what. */
#include <stdlib.h>
#include <string.h>

#include "deep.h"
#include "lock_model.h"
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
        check(view_find_window(view, &window->root, &window->uid) == window);
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

/* Whether the model knows what this window means: moments alone, and no more than it has room
 * for. */
static bool is_modelled(const struct model *model, const struct record_uid *uid)
{
    const int64_t year_ns = 366 * 24 * 3600 * NS_PER_S; /* the model goes back from a start */
    size_t starts = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct record *record = model->entry[i].record;
        if (record->type == RECORD_WINDOW && record_uid_equal(&record->is.window.uid, uid)) {
            if (record->is.window.wave != WAVE_NONE) {
                return false;
            }
            starts += record->is.window.at_count;
            for (size_t k = 0; k < record->is.window.at_count; k++) {
                int64_t at_ns = record->is.window.at[k].at.tai_ns;
                if (at_ns < -200 * year_ns || at_ns > 200 * year_ns) {
                    return false;
                }
            }
        }
    }
    return starts <= MODEL_STARTS;
}

static void agree(const struct model *model, const struct view_window *window)
{
    static struct model_starts expected;
    model_in_force(model, &window->uid, &expected);
    size_t count = 0;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->state != OCCURRENCE_IN_FORCE) {
            continue;
        }
        count++;
        const struct model_start *same = model_find(&expected, one->key);
        check(same != NULL && instant_compare(same->start, one->start) == 0 &&
              instant_compare(same->end, one->end) == 0);
    }
    check(count == expected.count);
}

/* Each record once, each signer once, of one constellation: what the model takes. */
static size_t simplify(const struct record *anchor, struct view_entry out[static ITEMS])
{
    static struct record_public_key signer[ITEMS][SIGNERS];
    size_t count = 0;
    for (size_t i = 0; i < set.count; i++) {
        bool is_there = !record_id_equal(record_root_of(set.record[i]), record_root_of(anchor));
        for (size_t k = 0; k < count; k++) {
            is_there = is_there || record_id_equal(&out[k].record->id, &set.record[i]->id);
        }
        if (is_there) {
            continue;
        }
        out[count] = (struct view_entry){.record = set.record[i], .signer = signer[count]};
        for (size_t k = 0; k < set.signers[i]; k++) {
            if (!view_is_signed_by(&out[count], &set.signer[i][k])) {
                signer[count][out[count].signer_count++] = set.signer[i][k];
            }
        }
        count++;
    }
    return count;
}

static void compare_with_the_model(const struct record *first)
{
    static struct view_entry entry[ITEMS];
    const struct view_anchor anchor = {first};
    size_t count = simplify(first, entry);
    struct view *view = see(entry, count, &anchor, 1);
    const struct model model = {
        .entry = entry, .count = count, .anchor = first, .now = {INT64_C(1800000000) * NS_PER_S}};
    /* Of a root that too few have signed nothing is in force: the model begins with one that
     * stands. */
    for (size_t i = 0; i < view->window_count && !view->root[0].is_tentative; i++) {
        if (is_modelled(&model, &view->window[i].uid)) {
            agree(&model, &view->window[i]);
        }
    }
    view_free(view);
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
    for (size_t i = 0; i < set.count && is_deep(); i++) { /* it takes ten times as long */
        if (set.record[i]->type == RECORD_ROOT && set.record[i]->is.root.version == 1) {
            compare_with_the_model(set.record[i]);
            break;
        }
    }
    view_free(one);
    view_free(two);
    for (size_t i = 0; i < set.count; i++) {
        record_free(set.record[i]);
    }
    return 0;
}
