/* beat.c -- the beacon's own heartbeats, each day and after a change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

/* Signs one and keeps it, durably. */
static bool keep(struct beacon *beacon, const struct record *record,
                 const struct record_public_key *key, struct store_error *error)
{
    char text[RECORD_SIZE_MAX];
    size_t size;
    struct record_error wrong;
    struct record_id id;
    struct trust_signature signature;
    struct store *store = beacon->records->replica.store;
    if (!record_write(record, beacon->leap, text, &size, &wrong)) {
        snprintf(error->message, sizeof error->message, "line %d: %s", wrong.line, wrong.message);
        return false;
    }
    char comment[32 + RECORD_ID_TEXT_SIZE] = "tocsin heartbeat ";
    record_id_of((const uint8_t *)text, size, &id);
    record_id_write(&id, comment + strlen(comment));
    if (trust_sign(beacon->herald.secret, (const uint8_t *)text, size, comment, &signature) !=
        TRUST_OK) {
        snprintf(error->message, sizeof error->message, "it cannot be signed");
        return false;
    }
    enum store_result result = store_add_record(store, (const uint8_t *)text, size, &id, error);
    if (result == STORE_OK || result == STORE_ALREADY_THERE) {
        result = store_add_signature(store, &id, &signature, key, error);
    }
    return result == STORE_OK || result == STORE_ALREADY_THERE;
}

/* Writing to a disk may take its time: not when a start is near. */
static bool is_busy(const struct beacon *beacon, utc now)
{
    const int64_t near_ns = INT64_C(60) * NS_PER_S;
    for (size_t i = 0; i < beacon->herald.occurrence_count; i++) {
        const struct herald_occurrence *one = &beacon->herald.occurrence[i];
        if (one->has_t0 && one->t0.ns > now.ns - near_ns && one->t0.ns < now.ns + near_ns) {
            return true;
        }
    }
    return false;
}

bool beat_if_due(struct beacon *beacon)
{
    struct records *records = beacon->records;
    struct herald_clocks clocks = clocks_read(beacon->leap);
    const struct view_root *root =
        records->view != NULL ? view_find_root(records->view, &records->root) : NULL;
    /* A date that nobody vouches for would vouch for what is not true. */
    if (root == NULL || !beacon->herald.is_beacon || !clocks.has_error ||
        is_busy(beacon, clocks.utc)) {
        return false;
    }
    struct record_public_key key;
    trust_secret_public(beacon->herald.secret, &key);
    instant made =
        leap_from_utc(beacon->leap, (utc){clocks.utc.ns - clocks.utc.ns % NS_PER_S}, NULL);
    size_t count;
    const struct view_entry *entry = replica_entries(&records->replica, &count);
    if (!herald_beat_is_due(&beacon->beat, entry, count, root, &key, made)) {
        return false;
    }
    struct record_id *name = calloc(root->effective_count + 1, sizeof *name);
    if (name == NULL) {
        return false;
    }
    size_t names = herald_beat_names(entry, count, root, made, name);
    struct store_error error;
    bool is_kept = true;
    for (size_t at = 0; is_kept && (at == 0 || at < names); at += HERALD_BEAT_NAMES) {
        size_t left = names - at;
        struct record record =
            herald_beat_record(root, &key, made, (span){NS_PER_DAY}, name + at,
                               left < HERALD_BEAT_NAMES ? left : HERALD_BEAT_NAMES);
        is_kept = keep(beacon, &record, &key, &error);
    }
    free(name);
    if (is_kept) {
        say_news("heartbeat: %zu record%s in force", root->effective_count,
                 text_s(root->effective_count));
    } else if (!beacon->is_beat_bad) {
        say_news("the heartbeat is not kept, and no lock can go by it: %s", error.message);
    }
    beacon->is_beat_bad = !is_kept;
    return is_kept;
}
