#include "tocsin/session/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "tocsin/say.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/merge.h"

static bool belongs(const struct record *record, const struct record_id *root,
                    const struct record_uid *uid)
{
    if (!record_id_equal(record_root_of(record), root)) {
        return false;
    }
    switch (record->type) {
    case RECORD_ROOT:
    case RECORD_REVOKE:
        return true;
    case RECORD_WINDOW:
        return uid != NULL && record_uid_equal(&record->is.window.uid, uid);
    case RECORD_CANCEL:
        return uid != NULL && record_uid_equal(&record->is.cancel.uid, uid);
    case RECORD_HEARTBEAT:
        break;
    }
    return false;
}

int bundle_print(struct session *session, const struct record_id *root,
                 const struct record_uid *uid)
{
    if (session->store == NULL) {
        return say_no("there is no store in %s", session->store_dir);
    }
    struct view_entry *chosen = calloc(session->set.entry_count + 1, sizeof *chosen);
    if (chosen == NULL) {
        return say_outside("out of memory");
    }
    size_t count = 0;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        if (belongs(session->set.entry[i].record, root, uid)) {
            chosen[count++] = session->set.entry[i];
        }
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct store_error error;
    enum store_result result =
        store_write_stream(session->store, chosen, count, &bytes, &size, &error);
    free(chosen);
    if (result != STORE_OK) {
        return say_outside("%s", error.message);
    }
    fwrite(bytes, 1, size, stdout); /* main looks at the outcome */
    free(bytes);
    return EXIT_DONE;
}

int bundle_import(struct session *session, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    code = session_load(session, true);
    if (code == EXIT_DONE) {
        code = session_store_root(session);
    }
    if (code == EXIT_DONE) {
        code = bundle_add(session, bytes, size, &(struct store_sync_counts){0});
    }
    free(bytes);
    return code;
}

int bundle_add(struct session *session, const uint8_t *bytes, size_t size,
               struct store_sync_counts *counts)
{
    if (session->view->root_count == 0) {
        return say_usage("no root is trusted here, so nothing can be taken in: \"tocsin root trust "
                         "FILE\" first");
    }
    struct merge merge;
    int code = merge_open(&merge, session, session->store);
    if (code == EXIT_DONE) {
        code = merge_add(&merge, bytes, size, counts);
    }
    merge_close(&merge);
    return code;
}
