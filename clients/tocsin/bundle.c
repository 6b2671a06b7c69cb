#include "tocsin/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "tocsin/incoming.h"
#include "tocsin/intake.h"
#include "tocsin/say.h"

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

int bundle_print(struct desk *desk, const struct record_id *root, const struct record_uid *uid)
{
    if (desk->store == NULL) {
        return say_no("there is no store in %s", desk->store_dir);
    }
    struct view_entry *chosen = calloc(desk->set.entry_count + 1, sizeof *chosen);
    if (chosen == NULL) {
        return say_outside("out of memory");
    }
    size_t count = 0;
    for (size_t i = 0; i < desk->set.entry_count; i++) {
        if (belongs(desk->set.entry[i].record, root, uid)) {
            chosen[count++] = desk->set.entry[i];
        }
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct store_error error;
    enum store_result result =
        store_write_stream(desk->store, chosen, count, &bytes, &size, &error);
    free(chosen);
    if (result != STORE_OK) {
        return say_outside("%s", error.message);
    }
    fwrite(bytes, 1, size, stdout); /* main looks at the outcome */
    free(bytes);
    return EXIT_DONE;
}

int bundle_import(struct desk *desk, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    code = desk_load(desk, true);
    if (code == EXIT_DONE) {
        code = desk_store_root(desk);
    }
    if (code == EXIT_DONE) {
        code = bundle_add(desk, bytes, size, &(struct store_sync_counts){0});
    }
    free(bytes);
    return code;
}

int bundle_add(struct desk *desk, const uint8_t *bytes, size_t size,
               struct store_sync_counts *counts)
{
    if (desk->view->root_count == 0) {
        return say_usage("no root is trusted here, so nothing can be taken in: \"tocsin root trust "
                         "FILE\" first");
    }
    struct intake intake;
    int code = intake_open(&intake, desk, desk->store);
    if (code == EXIT_DONE) {
        code = intake_add(&intake, bytes, size, counts);
    }
    intake_close(&intake);
    return code;
}
