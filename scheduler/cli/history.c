#include "cli/history.h"

#include <stdlib.h>

#include "cli/say.h"

static int by_id(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

bool history_is_effective(const struct desk *desk, const struct record *record)
{
    const struct view_root *root = view_find_root(desk->view, record_root_of(record));
    return root != NULL && root->effective_count > 0 &&
           bsearch(&record->id, root->effective, root->effective_count, sizeof record->id, by_id) !=
               NULL;
}

static void add_head(struct history *out, const struct record *record)
{
    uint32_t seq = record->is.window.seq;
    if (out->prev_count > 0 && seq + 1 < out->next_seq) {
        return;
    }
    if (seq + 1 > out->next_seq) {
        out->prev_count = 0;
        out->next_seq = seq + 1;
    }
    if (out->prev_count < HISTORY_HEADS_MAX) {
        out->prev[out->prev_count++] = record->id;
    }
    out->content = record;
}

int history_find(const struct desk *desk, const struct view_window *window, struct history *out)
{
    if (window->cancel != NULL) {
        return say_no("this window is cancelled, and a cancellation is final: declare a new one");
    }
    *out = (struct history){0};
    for (size_t i = 0; i < window->held_count; i++) {
        add_head(out, window->held[i]);
    }
    if (out->prev_count == 0) {
        for (size_t i = 0; i < desk->set.entry_count; i++) {
            const struct record *record = desk->set.entry[i].record;
            if (record->type == RECORD_WINDOW &&
                record_uid_equal(&record->is.window.uid, &window->uid) &&
                record_id_equal(record_root_of(record), &window->root)) {
                add_head(out, record);
            }
        }
        if (out->prev_count == 0) {
            return say_no("the store has no declaration of this window");
        }
        say_warning("this window is not confirmed yet: its declaration still lacks signatures");
    }
    if (window->record != NULL) {
        out->content = window->record;
    }
    qsort(out->prev, out->prev_count, sizeof *out->prev, by_id);
    if (out->prev_count > 1) {
        say_note("%zu versions contest each other: this settles it", out->prev_count);
    }
    return EXIT_DONE;
}
