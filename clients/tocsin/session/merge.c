#include "tocsin/session/merge.h"

#include <stdlib.h>

#include "say/say.h"

int merge_exit(enum store_result result, const struct store_error *error)
{
    switch (result) {
    case STORE_OK:
    case STORE_ALREADY_THERE:
        return EXIT_DONE;
    case STORE_REFUSED:
        return say_usage("%s", error->message);
    case STORE_FAILED:
        return say_outside("%s", error->message);
    case STORE_NO_MEMORY:
        break;
    }
    return say_outside("out of memory");
}

int merge_open(struct merge *merge, const struct session *session, struct store *to)
{
    size_t roots = session->view->root_count;
    *merge = (struct merge){.id = calloc(roots + session->anchor_count + 1, sizeof *merge->id)};
    if (merge->id == NULL) {
        return say_outside("out of memory");
    }
    for (size_t i = 0; i < roots; i++) {
        merge->id[i] = session->view->root[i].id;
    }
    for (size_t i = 0; i < session->anchor_count; i++) {
        merge->id[roots + i] = session->anchor[i].root->id;
    }
    const struct store_source source = {.root = merge->id,
                                        .root_count = roots,
                                        .anchor = merge->id + roots,
                                        .anchor_count = session->anchor_count,
                                        .note = session_note};
    struct store_error error;
    return merge_exit(store_intake_new(to, &source, &merge->stream, &error), &error);
}

void merge_close(struct merge *merge)
{
    store_intake_free(merge->stream);
    free(merge->id);
    *merge = (struct merge){0};
}

int merge_add(struct merge *merge, const uint8_t *bytes, size_t size, struct ledger_counts *counts)
{
    struct ledger_counts one = {0};
    struct store_error error;
    enum store_result result = store_intake_add(merge->stream, bytes, size, &one, &error);
    ledger_counts_add(counts, &one);
    return merge_exit(result, &error);
}
