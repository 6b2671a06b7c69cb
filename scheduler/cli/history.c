#include "cli/history.h"

#include <stdlib.h>

#include "cli/meaning.h"
#include "cli/say.h"

bool history_is_effective(const struct desk *desk, const struct view_entry *entry)
{
    uint32_t threshold;
    size_t count = meaning_count(desk, entry, &threshold);
    if (threshold > 0 && count >= threshold) {
        return true;
    }
    const struct view_root *root = view_find_root(desk->view, record_root_of(entry->record));
    for (size_t i = 0; root != NULL && i < root->newest->is.root.keep_count; i++) {
        if (record_id_equal(&root->newest->is.root.keep[i], &entry->record->id)) {
            return entry->signer_count >= threshold;
        }
    }
    return false;
}

static bool seq_of(const struct record *record, const struct view_window *window, uint32_t *seq)
{
    if (!record_id_equal(record_root_of(record), &window->root)) {
        return false;
    }
    if (record->type == RECORD_WINDOW) {
        *seq = record->is.window.seq;
        return record_uid_equal(&record->is.window.uid, &window->uid);
    }
    if (record->type == RECORD_CANCEL) {
        *seq = record->is.cancel.seq;
        return record_uid_equal(&record->is.cancel.uid, &window->uid);
    }
    return false;
}

static int by_id(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

/* Heads among the records that are effective, or (effective false) among all. */
static bool find_heads(const struct desk *desk, const struct view_window *window, bool effective,
                       struct history *out)
{
    bool found = false;
    uint32_t best = 0;
    for (size_t i = 0; i < desk->set.entry_count; i++) {
        const struct view_entry *entry = &desk->set.entry[i];
        uint32_t seq;
        if (!seq_of(entry->record, window, &seq) || entry->record->type != RECORD_WINDOW ||
            (effective && !history_is_effective(desk, entry)) || (found && seq < best)) {
            continue;
        }
        if (!found || seq > best) {
            out->prev_count = 0;
            best = seq;
            found = true;
        }
        if (out->prev_count < HISTORY_HEADS_MAX) {
            out->prev[out->prev_count++] = entry->record->id;
        }
        out->content = &entry->record->is.window;
    }
    out->next_seq = best + 1;
    qsort(out->prev, out->prev_count, sizeof *out->prev, by_id);
    return found;
}

int history_find(const struct desk *desk, const struct view_window *window, struct history *out)
{
    if (window->cancel != NULL) {
        return say_no("this window is cancelled, and a cancellation is final: declare a new one");
    }
    *out = (struct history){0};
    if (!find_heads(desk, window, true, out)) {
        if (!find_heads(desk, window, false, out)) {
            return say_no("the store has no record of this window");
        }
        say_warning("this window is not confirmed yet: its declaration still lacks signatures");
    }
    if (window->record != NULL) {
        out->content = &window->record->is.window;
    }
    if (out->prev_count > 1) {
        say_note("%zu versions contest each other: this settles it", out->prev_count);
    }
    return EXIT_DONE;
}
