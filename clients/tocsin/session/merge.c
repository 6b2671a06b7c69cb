#include "tocsin/session/merge.h"

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
    say_no_memory();
}

int merge_open(struct merge *merge, const struct session *session, struct store *to)
{
    const struct anchors *anchors = &session->anchors;
    const struct store_source source = {.root = anchors->root,
                                        .root_count = anchors->count,
                                        .anchor = anchors->id,
                                        .anchor_count = anchors->count,
                                        .note = session_note};
    struct store_error error;
    *merge = (struct merge){0};
    return merge_exit(store_intake_new(to, &source, &merge->stream, &error), &error);
}

void merge_close(struct merge *merge)
{
    store_intake_free(merge->stream);
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
