/* beat.c -- when a beacon tells what is in force, and what it then says. */
#include <stdlib.h>
#include <string.h>

#include "herald/herald.h"

static const span each_day = {NS_PER_DAY};
static const span after_change = {INT64_C(600) * NS_PER_S};

static bool has_passed(instant from, span wait, instant now)
{
    instant due;
    return instant_add(from, wait, &due) && instant_compare(due, now) <= 0;
}

/* This key's latest heartbeat that is not dated in the future, or NULL. */
static const struct record_heartbeat *last_of(const struct view_entry *entry, size_t entry_count,
                                              const struct view_root *root,
                                              const struct record_public_key *key, instant now)
{
    const struct record_heartbeat *last = NULL;
    for (size_t i = 0; i < entry_count; i++) {
        const struct record_heartbeat *beat = &entry[i].record->is.heartbeat;
        if (entry[i].record->type == RECORD_HEARTBEAT && record_id_equal(&beat->root, &root->id) &&
            record_key_id_equal(&beat->by, &key->id) && view_is_signed_by(&entry[i], key) &&
            instant_compare(beat->made, now) <= 0 &&
            (last == NULL || instant_compare(beat->made, last->made) > 0)) {
            last = beat;
        }
    }
    return last;
}

bool herald_beat_is_due(struct herald_beat *beat, const struct view_entry *entry,
                        size_t entry_count, const struct view_root *root,
                        const struct record_public_key *key, instant now)
{
    if (!beat->has_looked || instant_compare(beat->since, now) > 0 ||
        memcmp(beat->digest, root->effective_digest, sizeof beat->digest) != 0) {
        beat->has_looked = true;
        beat->since = now;
        memcpy(beat->digest, root->effective_digest, sizeof beat->digest);
    }
    const struct record_heartbeat *last = last_of(entry, entry_count, root, key, now);
    return !root->is_tentative &&
           (last == NULL || has_passed(last->made, each_day, now) ||
            (memcmp(last->digest, root->effective_digest, sizeof last->digest) != 0 &&
             has_passed(beat->since, after_change, now)));
}

static bool is_over(const struct view_entry *entry, size_t entry_count, const struct record_id *id,
                    instant now)
{
    for (size_t i = 0; i < entry_count; i++) {
        const struct record *record = entry[i].record;
        if (record_id_equal(&record->id, id)) {
            return record->type == RECORD_WINDOW &&
                   instant_compare(record->is.window.expires, now) < 0;
        }
    }
    return false;
}

size_t herald_beat_names(const struct view_entry *entry, size_t entry_count,
                         const struct view_root *root, instant now, struct record_id *name)
{
    size_t names = 0;
    for (size_t i = 0; i < root->effective_count; i++) {
        if (!is_over(entry, entry_count, &root->effective[i], now)) {
            name[names++] = root->effective[i];
        }
    }
    return names;
}

struct record herald_beat_record(const struct view_root *root, const struct record_public_key *key,
                                 instant made, span next, const struct record_id *name,
                                 size_t names)
{
    struct record record = {.type = RECORD_HEARTBEAT};
    struct record_heartbeat *is = &record.is.heartbeat;
    is->root = root->id;
    is->by = key->id;
    is->made = made;
    if (!instant_add(made, next, &is->next)) {
        is->next = made;
    }
    is->count = (uint32_t)root->effective_count;
    memcpy(is->digest, root->effective_digest, sizeof is->digest);
    is->holds = name;
    is->holds_count = names;
    return record;
}
