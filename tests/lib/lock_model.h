/* lock_model.h -- what tocsin-records(5) says of the view and of what is locked once more, sentence
 * by sentence: slow, without a cache, an index or an order, for comparing the view with.  Moments
 * alone; shares no line with scheduler/core/view. */
#ifndef LOCK_MODEL_H
#define LOCK_MODEL_H

#include "forge.h"

#include "view/view.h"

enum { MODEL_RECORDS = 160, MODEL_STARTS = 64 };

/* Every record once, with each distinct key that signed it. */
struct model {
    const struct view_entry *entry;
    size_t count;
    const struct record *anchor;
    instant now;
};

/* Who may sign, by some of the records. */
struct model_keys {
    const struct record *root[MODEL_RECORDS]; /* the accepted ones, the anchor first */
    size_t roots;
    const struct record *revoke[MODEL_RECORDS];
    size_t revokes;
    size_t n, m;
    bool of_strong; /* only those that were before a lock of this length began, or have m + 1 */
    span lock;
    instant start; /* T-0 */
};

static inline const struct record_root *model_newest(const struct model_keys *keys)
{
    return &keys->root[keys->roots - 1]->is.root;
}

static inline bool model_has(const struct record_id *list, size_t count, const struct record_id *id)
{
    for (size_t i = 0; i < count; i++) {
        if (record_id_equal(&list[i], id)) {
            return true;
        }
    }
    return false;
}

static inline bool model_names(const struct record_root *root, const uint8_t *key, bool as_beacon)
{
    return as_beacon ? record_is_beacon(root, key) : record_is_organizer(root, key);
}

/* "A signature by K counts if K is an organizer of the newest accepted root, or the record is in a
 * `keep` of the root or revoke that removed K." */
static inline bool model_counts(const struct model_keys *keys, const uint8_t *key,
                                const struct record_id *id, bool as_beacon)
{
    size_t named = 0; /* by the root before this place */
    for (size_t i = 0; i < keys->roots; i++) {
        if (model_names(&keys->root[i]->is.root, key, as_beacon)) {
            named = i + 1;
        }
    }
    bool is_revoked = false;
    for (size_t i = 0; i < keys->revokes; i++) {
        const struct record_revoke *revoke = &keys->revoke[i]->is.revoke;
        if (memcmp(revoke->key.key, key, RECORD_PUBLIC_KEY_SIZE) == 0) {
            is_revoked = true;
            if (named > 0 && model_has(revoke->keep, revoke->keep_count, id)) {
                return true;
            }
        }
    }
    if (named == 0) {
        return false;
    }
    if (named == keys->roots) {
        return !is_revoked;
    }
    const struct record_root *remover = &keys->root[named]->is.root;
    return model_has(remover->keep, remover->keep_count, id);
}

static inline size_t model_count(const struct model_keys *keys, const struct view_entry *entry,
                                 const uint8_t *but)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->signer_count; i++) {
        count += (but == NULL || memcmp(entry->signer[i].key, but, RECORD_PUBLIC_KEY_SIZE) != 0) &&
                 model_counts(keys, entry->signer[i].key, &entry->record->id, false);
    }
    return count;
}

/* Whether this beacon has a heartbeat dated within 48 h before T-0 - lock; one that names id, if
 * given. */
static inline bool model_beats(const struct model *model, const struct model_keys *keys,
                               const struct record_public_key *beacon, const struct record_id *id)
{
    instant limit = forge_later(keys->start, -keys->lock.ns / NS_PER_S);
    instant since = forge_later(limit, -48 * 3600);
    for (size_t i = 0; i < model->count; i++) {
        const struct record *record = model->entry[i].record;
        const struct record_heartbeat *beat = &record->is.heartbeat;
        if (record->type == RECORD_HEARTBEAT && record_key_id_equal(&beat->by, &beacon->id) &&
            view_is_signed_by(&model->entry[i], beacon) &&
            model_counts(keys, beacon->key, &record->id, true) &&
            instant_compare(beat->made, since) >= 0 && instant_compare(beat->made, limit) < 0 &&
            (id == NULL || model_has(beat->holds, beat->holds_count, id))) {
            return true;
        }
    }
    return false;
}

/* Whether more than half of the newest root's beacons do. */
static inline bool model_most_beat(const struct model *model, const struct model_keys *keys,
                                   const struct record_id *id)
{
    const struct record_root *root = model_newest(keys);
    size_t count = 0;
    for (size_t i = 0; i < root->beacon_count; i++) {
        count += model_beats(model, keys, &root->beacon[i].public, id);
    }
    return count * 2 > root->beacon_count;
}

/* "A record takes effect when m distinct keys count"; where the lock holds, "the strong records
 * alone: those that these heartbeats name, and those with at least m+1 signatures". */
static inline bool model_takes_effect(const struct model *model, const struct model_keys *keys,
                                      const struct view_entry *entry, const uint8_t *but)
{
    size_t count = model_count(keys, entry, but);
    return count >= keys->m && (!keys->of_strong || count > keys->m ||
                                model_most_beat(model, keys, &entry->record->id));
}

/* "Revokes are effective with m distinct organizer keys other than the revoked one, regardless of
 * other revokes, all evaluated at once." */
static inline void model_revoke(const struct model *model, struct model_keys *keys)
{
    const struct record *found[MODEL_RECORDS];
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct record *record = model->entry[i].record;
        struct model_keys before = *keys;
        before.revokes = 0;
        const bool is_revoke = record->type == RECORD_REVOKE;
        if (is_revoke) {
            size_t signatures = model_count(&before, &model->entry[i], record->is.revoke.key.key);
            if (signatures >= keys->m && (!keys->of_strong || signatures > keys->m ||
                                          model_most_beat(model, keys, &record->id))) {
                found[count++] = record;
            }
        }
    }
    memcpy(keys->revoke, found, count * sizeof *found);
    keys->revokes = count;
    keys->n = 0;
    for (size_t i = 0; i < model_newest(keys)->organizer_count; i++) {
        bool is_revoked = false;
        for (size_t k = 0; k < count; k++) {
            is_revoked = is_revoked || memcmp(found[k]->is.revoke.key.key,
                                              model_newest(keys)->organizer[i].public.key,
                                              RECORD_PUBLIC_KEY_SIZE) == 0;
        }
        keys->n += !is_revoked;
    }
}

static inline size_t model_named_signers(const struct record_root *root,
                                         const struct view_entry *entry)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->signer_count; i++) {
        count += record_is_organizer(root, entry->signer[i].key);
    }
    return count;
}

/* "m, n and lock are those of the newest strong root": from the anchor, one root at a time. */
static inline void model_climb(const struct model *model, struct model_keys *keys)
{
    keys->root[0] = model->anchor;
    keys->roots = 1;
    for (;;) {
        const struct record_root *root = model_newest(keys);
        keys->m = root->threshold;
        keys->revokes = 0;
        model_revoke(model, keys);
        const struct record *next = NULL;
        size_t successors = 0;
        for (size_t i = 0; i < model->count; i++) {
            const struct record *record = model->entry[i].record;
            const struct record_root *is = &record->is.root;
            if (record->type == RECORD_ROOT && is->has_prev &&
                record_id_equal(&is->prev, &keys->root[keys->roots - 1]->id) &&
                is->version == root->version + 1 &&
                model_takes_effect(model, keys, &model->entry[i], NULL) &&
                model_named_signers(is, &model->entry[i]) >= is->threshold) {
                next = record;
                successors++;
            }
        }
        if (successors != 1) {
            return;
        }
        keys->root[keys->roots++] = next;
    }
}

/* An occurrence that is in force. */
struct model_start {
    struct record_uid uid;
    const struct record *record; /* that asks people to it */
    struct text key;
    instant start, end;
    bool is_locked;
};

struct model_starts {
    struct model_start list[MODEL_STARTS];
    size_t count;
    bool is_known; /* some record of the window takes effect */
};

static inline struct model_start *model_find(struct model_starts *in, struct text key)
{
    for (size_t i = 0; i < in->count; i++) {
        if (text_equal(in->list[i].key, key)) {
            return &in->list[i];
        }
    }
    return NULL;
}

/* "The highest effective seq wins; two effective records at one seq are contested: the effective
 * one before stays in force; settled by seq+1 naming both in prev; an effective cancel ends it; an
 * occurrence is in force only if it starts before `expires` of its window and of the newest
 * root." */
static inline void model_window(const struct model *model, const struct model_keys *keys,
                                const struct record_uid *uid, struct model_starts *out)
{
    const struct record *held[MODEL_RECORDS];
    size_t count = 0;
    bool is_cancelled = false;
    *out = (struct model_starts){0};
    for (size_t i = 0; i < model->count; i++) {
        const struct record *record = model->entry[i].record;
        if ((record->type != RECORD_WINDOW && record->type != RECORD_CANCEL) ||
            !record_uid_equal(record_uid_of(record), uid) ||
            !model_takes_effect(model, keys, &model->entry[i], NULL)) {
            continue;
        }
        out->is_known = true;
        is_cancelled = is_cancelled || record->type == RECORD_CANCEL;
        if (record->type == RECORD_WINDOW) {
            held[count++] = record;
        }
    }
    const struct record *in_force = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct record_window *is = &held[i]->is.window;
        size_t beside = 0, below = 0, named = 0;
        for (size_t k = 0; k < count; k++) {
            beside += held[k]->is.window.seq == is->seq;
            below += held[k]->is.window.seq + 1 == is->seq;
            named += held[k]->is.window.seq + 1 == is->seq &&
                     model_has(is->prev, is->prev_count, &held[k]->id);
        }
        bool stands = beside == 1 && (below < 2 || named == below);
        if (stands && (in_force == NULL || is->seq > in_force->is.window.seq)) {
            in_force = held[i];
        }
    }
    if (in_force == NULL || is_cancelled) {
        return;
    }
    const struct record_window *is = &in_force->is.window;
    for (size_t i = 0; i < is->at_count; i++) {
        if (instant_compare(is->at[i].at, is->expires) < 0 &&
            instant_compare(is->at[i].at, model_newest(keys)->expires) < 0 &&
            !record_is_off(is, is->at[i].key)) {
            out->list[out->count++] =
                (struct model_start){.uid = *uid,
                                     .record = in_force,
                                     .key = is->at[i].key,
                                     .start = is->at[i].at,
                                     .end = forge_later(is->at[i].at, is->duration.ns / NS_PER_S)};
        }
    }
}

/* Whether the start lies within `lock` of now, most beacons vouch, and some strong record has the
 * uid; what the strong records then say of the window. */
static inline bool model_is_locked(const struct model *model, const struct record_uid *uid,
                                   instant start, instant end, struct model_starts *strong)
{
    static struct model_keys keys;
    span longest = {INT64_MAX};
    for (;;) { /* "m, n and lock are those of the newest strong root": the longest that is */
        span lock = {0};
        for (size_t i = 0; i < model->count; i++) {
            const struct record_root *root = &model->entry[i].record->is.root;
            if (model->entry[i].record->type == RECORD_ROOT && root->has_lock &&
                root->lock.ns < longest.ns && root->lock.ns > lock.ns) {
                lock = root->lock;
            }
        }
        longest = lock;
        if (lock.ns == 0) {
            return false;
        }
        keys = (struct model_keys){.of_strong = true, .lock = lock, .start = start};
        model_climb(model, &keys);
        const struct record_root *root = model_newest(&keys);
        if (root->has_lock && root->lock.ns == lock.ns && keys.n > keys.m &&
            model_most_beat(model, &keys, NULL) && instant_compare(end, model->now) > 0 &&
            instant_compare(forge_later(start, -lock.ns / NS_PER_S), model->now) <= 0) {
            model_window(model, &keys, uid, strong);
            return strong->is_known;
        }
    }
}

/* What is in force of a window, by all records as if no root had a lock. */
static inline void model_unlocked(const struct model *model, const struct record_uid *uid,
                                  struct model_starts *out)
{
    static struct model_keys keys;
    keys = (struct model_keys){0};
    model_climb(model, &keys);
    model_window(model, &keys, uid, out);
}

/* What is in force of a window. */
static inline void model_in_force(const struct model *model, const struct record_uid *uid,
                                  struct model_starts *out)
{
    static struct model_keys keys;
    static struct model_starts all, strong;
    model_unlocked(model, uid, &all);
    *out = (struct model_starts){0};
    /* The locked ones, whichever record would begin them, by their starts. */
    instant after = {INT64_MIN};
    for (;;) {
        bool has_next = false;
        struct model_start next = {0};
        for (size_t i = 0; i < model->count; i++) {
            const struct record *record = model->entry[i].record;
            if (record->type != RECORD_WINDOW || !record_uid_equal(&record->is.window.uid, uid)) {
                continue;
            }
            const struct record_window *is = &record->is.window;
            for (size_t k = 0; k < is->at_count; k++) {
                if (instant_compare(is->at[k].at, after) > 0 &&
                    (!has_next || instant_compare(is->at[k].at, next.start) < 0)) {
                    next.start = is->at[k].at;
                    has_next = true;
                }
            }
        }
        if (!has_next) {
            break;
        }
        after = next.start;
        if (!model_is_locked(model, uid, next.start, (instant){INT64_MAX}, &strong)) {
            continue;
        }
        for (size_t k = 0; k < strong.count; k++) {
            if (instant_compare(strong.list[k].start, next.start) == 0 &&
                instant_compare(strong.list[k].end, model->now) > 0 &&
                model_find(out, strong.list[k].key) == NULL) {
                out->list[out->count] = strong.list[k];
                out->list[out->count++].is_locked = true;
            }
        }
    }
    size_t kept = out->count;
    struct model_starts locked = *out;
    keys = (struct model_keys){0};
    model_climb(model, &keys);
    for (size_t i = 0; i < all.count; i++) {
        struct model_start one = all.list[i];
        locked.count = kept;
        if (model_find(&locked, one.key) != NULL) {
            continue;
        }
        if (model_is_locked(model, uid, one.start, one.end, &strong)) {
            /* A change into the lock does not count: the key stays where it was, if no lock speaks
             * there. */
            static struct model_starts elsewhere;
            const struct model_start *stays = model_find(&strong, one.key);
            if (stays == NULL || instant_compare(stays->start, model_newest(&keys)->expires) >= 0 ||
                model_is_locked(model, uid, stays->start, stays->end, &elsewhere)) {
                continue;
            }
            one = *stays;
        }
        out->list[out->count++] = one;
    }
}

#endif
