/* chain.c -- from the anchor to the newest root, one version at a time.
 *
 * At each version the revokes are evaluated first, all at once, each by the organizers of that
 * version whatever other revokes say of them; then the successor is judged by the keys that are
 * left. Going strictly upwards makes the answer one: a revoke never waits for a root that waits for
 * it. */
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"
#include "view/internal.h"

static const struct record_root *root_of(const struct item *item)
{
    return &item->record->is.root;
}

/* Ancestors of the anchor are authentic by their hash alone: they tell who was an organizer
 * once. */
static void add_ancestors(struct constellation *c, const struct item *anchor)
{
    struct regime *r = &c->all;
    const struct item *at = anchor;
    r->chain_count = 1;
    r->chain[0] = anchor;
    for (size_t i = c->root_count; i-- > 0;) { /* descending by version */
        const struct record_root *root = root_of(at);
        if (root->has_prev && record_id_equal(&root->prev, &c->root[i].record->id) &&
            root_of(&c->root[i])->version < root->version) {
            at = &c->root[i];
            memmove(r->chain + 1, r->chain, r->chain_count * sizeof *r->chain);
            r->chain[0] = at;
            r->chain_count++;
        }
    }
    c->anchor_at = r->chain_count - 1;
}

static void freeze(struct build *build, struct constellation *c, struct view_fact why)
{
    c->out->is_frozen = true;
    c->out->why = why;
    alert_note(build, c, &c->all.chain[c->all.chain_count - 1]->record->id, why);
}

/* Why nothing can follow on the newest root, if so. */
static void look_for_frost(struct build *build, struct constellation *c)
{
    const struct regime *r = &c->all;
    if (r->forks != 0) {
        freeze(build, c,
               (struct view_fact){.kind = FACT_ROOT_FORKED,
                                  .count = r->forks,
                                  .number = regime_newest(r)->version + 1});
    } else if (r->usable < r->threshold) {
        freeze(build, c,
               (struct view_fact){
                   .kind = FACT_ROOT_KEYS_LEFT, .count = r->usable, .number = r->threshold});
    }
}

/* Successors and revokes that some organizer has signed and that want more. */
static void list_pending(struct build *build, struct constellation *c)
{
    struct view_root *out = c->out;
    struct view_pending *pending =
        arena_take(&build->arena, c->root_count + c->revoke_count, sizeof *pending);
    if (pending == NULL) {
        return;
    }
    for (size_t i = 0; i < c->root_count; i++) {
        const struct item *item = &c->root[i];
        bool is_anchor = out->is_tentative && item->record == out->newest;
        size_t count =
            is_anchor ? regime_count_named(root_of(item), item) : regime_count(&c->all, item);
        if (count > 0 && (is_anchor || (regime_is_successor(&c->all, item) && !out->is_frozen))) {
            pending[out->pending_count++] =
                (struct view_pending){.record = item->record, .signature_count = count};
        }
    }
    for (size_t i = 0; i < c->revoke_count; i++) {
        size_t count = regime_count_revoke(&c->all, &c->revoke[i]);
        if (count > 0 && count < c->all.threshold) {
            pending[out->pending_count++] =
                (struct view_pending){.record = c->revoke[i].record, .signature_count = count};
        }
    }
    out->pending = pending;
}

/* One that is dated days ahead would be the latest for ever, and hide that all others stay away. */
static void hear_heartbeats(const struct build *build, struct constellation *c)
{
    const span day = {24 * 3600 * NS_PER_S};
    for (size_t i = 0; i < c->heartbeat_count; i++) {
        struct item *item = &c->heartbeat[i];
        instant day_before = instant_after(item->record->is.heartbeat.made, (span){-day.ns});
        bool is_ahead = instant_compare(day_before, build->now) > 0;
        item->is_effective = !is_ahead && regime_is_beating(&c->all, item);
        if (item->is_effective) {
            c->out->heartbeat = item->record; /* they stand by date */
        }
    }
}

/* The latest heartbeat of one beacon, or NULL. */
static const struct record *latest_of(const struct constellation *c, const struct record_key_id *by)
{
    for (size_t i = c->heartbeat_count; i-- > 0;) {
        const struct record *record = c->heartbeat[i].record;
        if (c->heartbeat[i].is_effective && record_key_id_equal(&record->is.heartbeat.by, by)) {
            return record;
        }
    }
    return NULL;
}

static void list_beating(struct build *build, const struct constellation *c)
{
    const struct record_root *root = regime_newest(&c->all);
    const struct record **beating = arena_take(&build->arena, root->beacon_count, sizeof *beating);
    for (size_t i = 0; i < root->beacon_count && beating != NULL; i++) {
        const struct record *latest = latest_of(c, &root->beacon[i].public.id);
        if (latest != NULL) {
            beating[c->out->beating_count++] = latest;
        }
    }
    c->out->beating = beating;
}

/* What a beacon's latest heartbeat holds and this set does not: somebody keeps it from us. */
static void miss_records(struct build *build, const struct constellation *c)
{
    struct record_id *id = arena_take(&build->arena, c->item_count, sizeof *id);
    if (id == NULL) {
        return;
    }
    for (size_t i = 0; i < c->item_count; i++) {
        id[i] = c->root[i].record->id; /* the other kinds follow on the roots */
    }
    qsort(id, c->item_count, sizeof *id, record_by_id);
    for (size_t i = 0; i < c->out->beating_count; i++) {
        const struct record_heartbeat *beat = &c->out->beating[i]->is.heartbeat;
        for (size_t k = 0; k < beat->holds_count; k++) {
            if (bsearch(&beat->holds[k], id, c->item_count, sizeof *id, record_by_id) == NULL) {
                alert_note(build, c, &beat->holds[k],
                           (struct view_fact){.kind = FACT_RECORD_MISSING, .beacon = beat->by});
            }
        }
    }
}

void chain_build(struct build *build, struct constellation *c, const struct item *anchor)
{
    struct view_root *out = c->out;
    out->id = *c->id;
    out->anchor = anchor->record;
    struct regime *r = &c->all;
    if (!regime_take(build, c, r)) {
        return;
    }
    add_ancestors(c, anchor);
    size_t own = regime_count_named(root_of(anchor), anchor);
    regime_evaluate_revokes(c, r);
    out->is_tentative =
        own < root_of(anchor)->threshold || !trust_root_is_sound(root_of(anchor), NULL);
    if (out->is_tentative) {
        out->why = (struct view_fact){
            .kind = FACT_ROOT_UNSIGNED, .count = own, .number = root_of(anchor)->threshold};
        alert_note(build, c, &anchor->record->id, out->why);
    } else {
        while (regime_climb(c, r)) {
            regime_evaluate_revokes(c, r);
        }
        look_for_frost(build, c);
    }
    out->newest = r->chain[r->chain_count - 1]->record;
    if (!out->is_tentative && !out->is_frozen) {
        out->why =
            (struct view_fact){.kind = FACT_ROOT_VERSION, .number = regime_newest(r)->version};
    }
    list_pending(build, c);
    hear_heartbeats(build, c);
    list_beating(build, c);
    lock_find(build, c);
    miss_records(build, c);
}
