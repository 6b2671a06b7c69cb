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
    struct store_error error;
    int code = merge_exit(
        store_intake_new(to, merge->id, roots, say_line, NULL, &merge->stream, &error), &error);
    if (code == EXIT_DONE) {
        store_intake_trust(merge->stream, merge->id + roots, session->anchor_count);
    }
    return code;
}

void merge_close(struct merge *merge)
{
    store_intake_free(merge->stream);
    free(merge->id);
    *merge = (struct merge){0};
}

int merge_add(struct merge *merge, const uint8_t *bytes, size_t size,
              struct store_sync_counts *counts)
{
    struct store_sync_counts one = {0};
    struct store_error error;
    enum store_result result = store_intake_add(merge->stream, bytes, size, &one, &error);
    counts->records_new += one.records_new;
    counts->records_known += one.records_known;
    counts->signatures_new += one.signatures_new;
    counts->signatures_known += one.signatures_known;
    counts->refused += one.refused;
    counts->is_cut_off = counts->is_cut_off || one.is_cut_off;
    return merge_exit(result, &error);
}
