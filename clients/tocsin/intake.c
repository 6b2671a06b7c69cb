#include "tocsin/intake.h"

#include <stdlib.h>

#include "tocsin/say.h"

int intake_exit(enum store_result result, const struct store_error *error)
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

int intake_open(struct intake *intake, const struct desk *desk, struct store *to)
{
    size_t roots = desk->view->root_count;
    *intake = (struct intake){.id = calloc(roots + desk->anchor_count + 1, sizeof *intake->id)};
    if (intake->id == NULL) {
        return say_outside("out of memory");
    }
    for (size_t i = 0; i < roots; i++) {
        intake->id[i] = desk->view->root[i].id;
    }
    for (size_t i = 0; i < desk->anchor_count; i++) {
        intake->id[roots + i] = desk->anchor[i].root->id;
    }
    struct store_error error;
    int code = intake_exit(
        store_intake_new(to, intake->id, roots, say_note_line, NULL, &intake->stream, &error),
        &error);
    if (code == EXIT_DONE) {
        store_intake_trust(intake->stream, intake->id + roots, desk->anchor_count);
    }
    return code;
}

void intake_close(struct intake *intake)
{
    store_intake_free(intake->stream);
    free(intake->id);
    *intake = (struct intake){0};
}

int intake_add(struct intake *intake, const uint8_t *bytes, size_t size,
               struct store_sync_counts *counts)
{
    struct store_sync_counts one = {0};
    struct store_error error;
    enum store_result result = store_intake_add(intake->stream, bytes, size, &one, &error);
    counts->records_new += one.records_new;
    counts->records_known += one.records_known;
    counts->signatures_new += one.signatures_new;
    counts->signatures_known += one.signatures_known;
    counts->refused += one.refused;
    counts->is_cut_off = counts->is_cut_off || one.is_cut_off;
    return intake_exit(result, &error);
}
