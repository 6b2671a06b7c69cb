#include "replica/replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"

bool replica_open(struct replica *replica, const struct leap_table *leap, size_t constellations)
{
    *replica = (struct replica){.ledger = ledger_new(leap)};
    anchors_init(&replica->anchors, leap, constellations);
    return replica->ledger != NULL;
}

void replica_close(struct replica *replica)
{
    store_close(replica->store);
    ledger_free(replica->ledger);
    anchors_close(&replica->anchors);
    *replica = (struct replica){0};
}

static void tell(const struct replica *replica, const char *kind, const uint8_t *bytes, size_t size)
{
    if (replica->tell != NULL) {
        replica->tell(replica->tell_context, kind, bytes, size);
    }
}

/* A ledger_note_sink. */
static void note_first(void *context, const struct ledger_note *note)
{
    struct replica_counts *counts = context;
    if (counts->first_refusal[0] == '\0') {
        ledger_note_write(note, counts->first_refusal);
    }
}

bool replica_take_root(struct replica *replica, const uint8_t *bytes, size_t size,
                       char why[static ANCHORS_WHY_SIZE])
{
    if (anchors_take(&replica->anchors, bytes, size, why) != ANCHORS_TAKEN) {
        return false;
    }
    if (!anchors_put(&replica->anchors, replica->ledger)) {
        snprintf(why, ANCHORS_WHY_SIZE, "too little memory");
        return false;
    }
    tell(replica, "anchor", bytes, size);
    return true;
}

enum store_result replica_hear(struct replica *replica, const uint8_t *bytes, size_t size,
                               struct replica_counts *counts, struct store_error *error)
{
    *counts = (struct replica_counts){0};
    if (replica->anchors.count == 0) {
        return STORE_OK;
    }
    struct ledger_policy policy = anchors_policy(&replica->anchors);
    policy.note = note_first;
    policy.note_context = counts;
    enum store_result result = STORE_OK;
    bool is_kept_here = replica->may_write && replica->keep == NULL;
    if (is_kept_here) {
        result = store_merge(replica->store, replica->ledger, bytes, size, &policy, &counts->merged,
                             error);
    } else if (ledger_merge(replica->ledger, bytes, size, &policy, &counts->merged) != LEDGER_NEW) {
        result = STORE_NO_MEMORY;
    }
    if (counts->merged.records_new + counts->merged.signatures_new > 0) {
        tell(replica, "records", bytes, size);
        if (replica->may_write && !is_kept_here) {
            replica->keep(replica->keep_context, bytes, size);
        }
    }
    return result;
}

bool replica_came(struct replica *replica, bool is_anchor, const uint8_t *bytes, size_t size)
{
    char why[ANCHORS_WHY_SIZE];
    struct replica_counts counts;
    struct store_error error;
    return is_anchor ? replica_take_root(replica, bytes, size, why)
                     : replica_hear(replica, bytes, size, &counts, &error) == STORE_OK;
}

bool replica_open_store(struct replica *replica, const char *dir, bool may_write,
                        struct store_error *error)
{
    size_t came;
    replica->may_write = may_write;
    return store_open(dir, may_write, replica->anchors.leap, &replica->store, error) == STORE_OK &&
           store_follow(replica->store, replica->ledger, replica->note, NULL, &came, error) ==
               STORE_OK;
}

void replica_tell_store(const struct replica *replica)
{
    size_t count, size;
    const struct view_entry *entry = replica_entries(replica, &count);
    uint8_t *bytes;
    struct store_error error;
    if (replica->store != NULL && replica->tell != NULL &&
        store_write_stream(replica->store, entry, count, &bytes, &size, &error) == STORE_OK) {
        tell(replica, "records", bytes, size);
        free(bytes);
    }
}

enum store_result replica_look(struct replica *replica, size_t *came, struct store_error *error)
{
    *came = 0;
    enum store_result read =
        replica->store == NULL
            ? STORE_OK
            : store_follow(replica->store, replica->ledger, replica->note, NULL, came, error);
    if (*came > 0) {
        replica_tell_store(replica);
    }
    return read;
}

const struct view_entry *replica_entries(const struct replica *replica, size_t *count)
{
    return ledger_entries(replica->ledger, count);
}

bool replica_view(const struct replica *replica, instant now, struct view **out)
{
    size_t count;
    const struct view_entry *entry = replica_entries(replica, &count);
    return view_build(entry, count, replica->anchors.anchor, replica->anchors.count, now, out);
}
