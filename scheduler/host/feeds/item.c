#include "feeds/item.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/telling.h"
#include "list/list.h"

/* What was once in people's calendars must be told as gone, or it stays there; what never was must
 * not appear at all, not even as cancelled. */
static void tell_occurrence(struct telling *telling, const struct view_occurrence *occurrence,
                            struct item_list *out)
{
    const struct view_window *in = telling->in;
    struct feed_item is = {
        .in = in,
        .record = occurrence->record, /* a lock may keep one of an older record than the others */
        .times = &occurrence->record->is.window,
        .gesture = occurrence->record->is.window.gesture,
        .key = occurrence->key,
        .place = occurrence->place,
        .start = occurrence->start,
        .date = occurrence->date,
        .is_disputed = occurrence->alerted || in->status == VIEW_CONTESTED,
        .revision = telling->revision,
    };
    switch (occurrence->state) {
    case OCCURRENCE_IN_FORCE:
        is.status = FEED_CONFIRMED;
        telling_put(telling, out, &is);
        break;
    case OCCURRENCE_NOT_YET:
        is.status = FEED_TENTATIVE;
        if (!occurrence->is_off) {
            telling_put(telling, out, &is);
        }
        break;
    case OCCURRENCE_CANCELLED:
    case OCCURRENCE_OFF:
        /* what was never in force was in nobody's calendar */
        is.status = FEED_CANCELLED;
        is.is_disputed = false;
        if (telling->said != NULL) {
            const struct had had = {.key = is.key, .place = is.place};
            telling_add(telling, &is,
                        occurrence->state == OCCURRENCE_CANCELLED && in->cancel != NULL
                            ? in->cancel->is.cancel.made
                            : telling_called_off_at(telling, &had));
        }
        break;
    case OCCURRENCE_EXPIRED:
    default:
        break;
    }
}

/* --- windows ---------------------------------------------------------------------------------- */

/* The window records that are held, as they were signed: by window, of each the newest first. */
struct proposals {
    const struct view_entry **entry; /* owned */
    size_t count;
};

static int by_window(const struct record_id *root, const struct record_uid *uid,
                     const struct record *record)
{
    const struct record_window *window = &record->is.window;
    int order = record_id_compare(root, &window->root);
    return order != 0 ? order : memcmp(uid->bytes, window->uid.bytes, sizeof uid->bytes);
}

static int by_window_and_seq(const void *left, const void *right)
{
    const struct record *a = (*(const struct view_entry *const *)left)->record;
    const struct record *b = (*(const struct view_entry *const *)right)->record;
    uint32_t a_seq = a->is.window.seq;
    uint32_t b_seq = b->is.window.seq;
    int order = by_window(&a->is.window.root, &a->is.window.uid, b);
    order = order != 0 ? order : (a_seq < b_seq) - (a_seq > b_seq);
    return order != 0 ? order : record_id_compare(&a->id, &b->id);
}

static bool collect_proposals(const struct feed_source *source, struct proposals *out)
{
    *out = (struct proposals){
        .entry = malloc((source->entry_count + 1) * sizeof(const struct view_entry *))};
    for (size_t i = 0; out->entry != NULL && i < source->entry_count; i++) {
        if (source->entry[i].record->type == RECORD_WINDOW) {
            out->entry[out->count++] = &source->entry[i];
        }
    }
    list_sort(out->entry, out->count, sizeof(const struct view_entry *), by_window_and_seq);
    return out->entry != NULL;
}

/* *first: where the last window's began; both go through windows in one order. */
static size_t find_proposals(const struct proposals *of, const struct view_window *in,
                             size_t *first)
{
    size_t count = 0;
    while (*first < of->count && by_window(&in->root, &in->uid, of->entry[*first]->record) > 0) {
        (*first)++;
    }
    while (*first + count < of->count &&
           by_window(&in->root, &in->uid, of->entry[*first + count]->record) == 0) {
        count++;
    }
    return count;
}

static const struct record *said_by(const struct view_window *in)
{
    for (size_t i = 0; i < in->held_count; i++) {
        if (in->held[i] == in->record) {
            return in->record;
        }
    }
    return in->record == NULL && in->held_count > 0 ? in->held[0] : NULL;
}

static void tell_window(struct telling *telling, struct item_list *out)
{
    const struct view_window *in = telling->in;
    for (size_t i = 0; in->record != NULL && i < in->occurrence_count; i++) {
        tell_occurrence(telling, &in->occurrence[i], out);
    }
    if (telling->said != NULL) {
        telling_add_dropped(telling);
    }
    telling_give(telling, out);
}

bool feed_items_build(const struct feed_source *source, const struct feed_tallies *tallies,
                      struct feed_items *out)
{
    const struct view *view = source->view;
    struct telling telling = {.source = source};
    struct item_list list = {0};
    struct item_list left = {0};
    struct proposals proposals;
    telling.is_short_of_memory = !collect_proposals(source, &proposals);
    size_t first = 0;
    for (size_t i = 0; !telling.is_short_of_memory && i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        telling.in = in;
        telling.said = said_by(in);
        if (i == 0 || !record_id_equal(&in->root, &view->window[i - 1].root)) {
            telling.root_end = telling_root_end(source, view_find_root(view, &in->root));
        }
        telling.revision = feed_revision_of(tallies, &in->root, &in->uid, source->horizon.now);
        size_t before = list.count;
        tell_window(&telling, &list);
        size_t count = find_proposals(&proposals, in, &first);
        const struct feed_item *told = list.count > before ? list.item + before : NULL;
        telling_add_left(&telling, told, list.count - before, proposals.entry + first, count,
                         &left);
    }
    size_t count = list.count;
    for (size_t i = 0; i < left.count; i++) {
        telling_put(&telling, &list, &left.item[i]);
    }
    free(telling.gone);
    free(left.item);
    free(proposals.entry);
    *out = (struct feed_items){.list = list.item, .count = count, .left_count = left.count};
    if (telling.is_short_of_memory) {
        feed_items_free(out);
    }
    return !telling.is_short_of_memory;
}

void feed_items_free(struct feed_items *items)
{
    free(items->list);
    *items = (struct feed_items){0};
}
