#include "view/view.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"

static int by_key(const void *a, const void *b)
{
    const struct record_public_key *x = a, *y = b;
    return memcmp(x->key, y->key, sizeof x->key);
}

/* Where records of a kind stand within their constellation. */
static int rank_of(enum record_type type)
{
    switch (type) {
    case RECORD_ROOT:
        return 0;
    case RECORD_REVOKE:
        return 1;
    case RECORD_HEARTBEAT:
        return 2;
    case RECORD_WINDOW:
    case RECORD_CANCEL:
        break;
    }
    return 3;
}

/* Constellation, kind, then version, date or (uid, windows before cancels, seq), then id: a total
 * order, so that the order in which entries came is gone after this sort. */
static int by_place(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = record_id_compare(x->root, y->root);
    if (order == 0) {
        order = rank_of(x->record->type) - rank_of(y->record->type);
    }
    if (order == 0 && x->record->type == RECORD_ROOT) {
        order = number_compare(x->record->is.root.version, y->record->is.root.version);
    }
    if (order == 0 && x->record->type == RECORD_HEARTBEAT) {
        order = instant_compare(x->record->is.heartbeat.made, y->record->is.heartbeat.made);
    }
    if (order == 0 && rank_of(x->record->type) == 3) {
        order = memcmp(record_uid_of(x->record)->bytes, record_uid_of(y->record)->bytes,
                       RECORD_UID_SIZE);
        if (order == 0) {
            order = (int)x->record->type - (int)y->record->type;
        }
        if (order == 0 && x->record->type == RECORD_WINDOW) {
            order = number_compare(x->record->is.window.seq, y->record->is.window.seq);
        }
    }
    return order != 0 ? order : record_id_compare(&x->record->id, &y->record->id);
}

/* Every signer of the entries [first, last), which are of one record, each key once. */
static void join_signers(struct build *build, struct item *first, struct item *last,
                         struct item *out)
{
    size_t total = 0;
    for (struct item *item = first; item < last; item++) {
        total += item->signer_count;
    }
    *out = *first;
    out->signer_count = 0;
    struct record_public_key *all = arena_take(&build->arena, total, sizeof *all);
    out->signer = all;
    if (all == NULL) {
        return;
    }
    size_t count = 0;
    for (struct item *item = first; item < last; item++) {
        for (size_t i = 0; i < item->signer_count; i++) {
            all[count++] = item->signer[i];
        }
    }
    qsort(all, count, sizeof *all, by_key);
    for (size_t i = 0; i < count; i++) {
        if (out->signer_count == 0 || by_key(&all[i], &all[out->signer_count - 1]) != 0) {
            all[out->signer_count++] = all[i];
        }
    }
}

static void collect(struct build *build, const struct view_entry *entry, size_t count)
{
    build->item = arena_take(&build->arena, count, sizeof *build->item);
    if (build->item == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        build->item[i] = (struct item){.record = entry[i].record,
                                       .root = record_root_of(entry[i].record),
                                       .signer = entry[i].signer,
                                       .signer_count = entry[i].signer_count};
    }
    qsort(build->item, count, sizeof *build->item, by_place);
    for (size_t i = 0; i < count;) {
        size_t next = i;
        while (next < count &&
               record_id_equal(&build->item[next].record->id, &build->item[i].record->id)) {
            next++;
        }
        struct item joined;
        join_signers(build, build->item + i, build->item + next, &joined);
        build->item[build->item_count++] = joined;
        i = next;
    }
}

/* The first item of the constellation, which stand together; counts them. */
static struct item *find_items(const struct build *build, struct constellation *c)
{
    struct item *first = build->item;
    for (size_t i = build->item_count; i-- > 0;) {
        if (record_id_equal(build->item[i].root, c->id)) {
            first = &build->item[i];
            c->item_count++;
        }
    }
    return first;
}

static int by_anchor(const void *a, const void *b)
{
    const struct record *x = ((const struct view_anchor *)a)->root;
    const struct record *y = ((const struct view_anchor *)b)->root;
    int order = record_id_compare(record_root_of(x), record_root_of(y));
    if (order == 0) {
        order = number_compare(y->is.root.version, x->is.root.version); /* the highest first */
    }
    return order != 0 ? order : record_id_compare(&x->id, &y->id);
}

/* Sorts the items of a constellation into kinds and finds its chain. */
static void add_constellation(struct build *build, const struct record *anchor,
                              struct view_root *out)
{
    struct constellation *c = &build->constellation[build->constellation_count++];
    c->id = record_root_of(anchor);
    c->out = out;
    struct item *item = find_items(build, c);
    struct item **start[] = {&c->root, &c->revoke, &c->heartbeat, &c->act};
    size_t *number[] = {&c->root_count, &c->revoke_count, &c->heartbeat_count, &c->act_count};
    size_t at = 0;
    for (int rank = 0; rank < 4; rank++) {
        *start[rank] = item + at;
        while (at < c->item_count && rank_of(item[at].record->type) == rank) {
            at++;
            ++*number[rank];
        }
    }
    const struct item *held = NULL;
    for (size_t i = 0; i < c->root_count; i++) {
        if (record_id_equal(&c->root[i].record->id, &anchor->id)) {
            held = &c->root[i];
        }
    }
    struct item *alone = NULL;
    if (held == NULL) { /* the anchor is not among the entries: known, signed by nobody */
        alone = arena_take(&build->arena, 1, sizeof *alone);
        if (alone == NULL) {
            return;
        }
        *alone = (struct item){.record = anchor, .root = c->id};
        held = alone;
    }
    chain_build(build, c, held);
}

/* Splits the acts of a constellation by uid. */
static void add_lots(struct build *build, struct constellation *c)
{
    for (size_t i = 0; i < c->act_count;) {
        struct pool pool = {.of = c, .window = c->act + i};
        size_t at = i;
        while (at < c->act_count && record_uid_equal(record_uid_of(c->act[at].record),
                                                     record_uid_of(c->act[i].record))) {
            struct item *item = &c->act[at++];
            item->count = regime_count(&c->all, item);
            item->is_effective = item->count >= c->all.threshold && !c->out->is_tentative;
            pool.is_signed = pool.is_signed || item->count > 0;
            if (item->record->type == RECORD_WINDOW) {
                pool.window_count++;
            } else {
                pool.cancel_count++;
            }
        }
        pool.cancel = pool.window + pool.window_count;
        i = at;
        build->pool[build->pool_count++] = pool;
    }
}

/* What a heartbeat would say now. */
static void list_effective(struct build *build, const struct constellation *c)
{
    struct view_root *root = c->out;
    struct record_id *id = arena_take(
        &build->arena, c->all.chain_count + c->all.revoked_count + c->act_count, sizeof *id);
    size_t count = 0;
    if (id == NULL) {
        return;
    }
    for (size_t i = 0; i < c->all.chain_count && !root->is_tentative; i++) {
        id[count++] = c->all.chain[i]->record->id;
    }
    for (size_t i = 0; i < c->all.revoked_count; i++) {
        id[count++] = c->all.revoked[i]->record->id;
    }
    for (size_t i = 0; i < c->act_count; i++) {
        if (c->act[i].is_effective) {
            id[count++] = c->act[i].record->id;
        }
    }
    qsort(id, count, sizeof *id, record_by_id);
    root->effective = id;
    root->effective_count = count;
    crypto_generichash(root->effective_digest, sizeof root->effective_digest, id->bytes,
                       count * sizeof *id, NULL, 0);
}

/* Everything after the constellations are known.  A uid that nobody who counts has signed for is no
 * window, unless a lock keeps one of when somebody had. */
static void build_windows(struct build *build, struct view *view)
{
    size_t acts = 0, count = 0;
    for (size_t i = 0; i < build->constellation_count; i++) {
        acts += build->constellation[i].act_count;
    }
    build->pool = arena_take(&build->arena, acts, sizeof *build->pool);
    for (size_t i = 0; i < build->constellation_count && !build->arena.has_failed; i++) {
        add_lots(build, &build->constellation[i]);
        list_effective(build, &build->constellation[i]);
    }
    struct view_window *window = arena_take(&build->arena, build->pool_count, sizeof *window);
    for (size_t i = 0; i < build->pool_count && !build->arena.has_failed; i++) {
        struct view_window *out = build->pool[i].out = &window[count];
        pool_finish(build, &build->pool[i]);
        count += build->pool[i].is_signed || out->occurrence_count > 0;
    }
    view->window = window;
    view->window_count = count;
}

static void build_all(struct storage *storage, const struct view_entry *entry, size_t entry_count,
                      const struct view_anchor *anchor, size_t anchor_count)
{
    struct build *build = &storage->build;
    struct view *view = &storage->is;
    collect(build, entry, entry_count);
    struct view_anchor *sorted = arena_take(&build->arena, anchor_count, sizeof *sorted);
    struct view_root *root = arena_take(&build->arena, anchor_count, sizeof *root);
    build->constellation = arena_take(&build->arena, anchor_count, sizeof *build->constellation);
    if (build->arena.has_failed) {
        return;
    }
    for (size_t i = 0; i < anchor_count; i++) {
        sorted[i] = anchor[i];
    }
    qsort(sorted, anchor_count, sizeof *sorted, by_anchor);
    for (size_t i = 0; i < anchor_count && !build->arena.has_failed; i++) {
        const struct record *one = sorted[i].root;
        if (i > 0 && record_id_equal(record_root_of(one), record_root_of(sorted[i - 1].root))) {
            continue; /* a lower version, or the same record again */
        }
        add_constellation(build, one, &root[view->root_count++]);
    }
    view->root = root;
    build_windows(build, view);
    alert_list(build, view);
}

bool view_build(const struct view_entry *entry, size_t entry_count,
                const struct view_anchor *anchor, size_t anchor_count, instant now,
                struct view **out)
{
    struct storage *storage = calloc(1, sizeof *storage);
    if (storage == NULL) {
        return false;
    }
    storage->build.now = now;
    build_all(storage, entry, entry_count, anchor, anchor_count);
    if (storage->build.arena.has_failed) {
        view_free(&storage->is);
        return false;
    }
    digest_build(&storage->is, storage->is.digest);
    *out = &storage->is;
    return true;
}

void view_free(struct view *view)
{
    if (view != NULL) {
        struct storage *storage = (struct storage *)(void *)view;
        arena_free(&storage->build.arena);
        free(storage);
    }
}

bool view_is_signed_by(const struct view_entry *entry, const struct record_public_key *key)
{
    return record_key_is_among(entry->signer, entry->signer_count, key->key);
}

const struct view_window *view_find_window(const struct view *view, const struct record_id *root,
                                           const struct record_uid *uid)
{
    for (size_t i = 0; i < view->window_count; i++) {
        if (record_uid_equal(&view->window[i].uid, uid) &&
            record_id_equal(&view->window[i].root, root)) {
            return &view->window[i];
        }
    }
    return NULL;
}

const struct view_window *view_window_of(const struct view *view, const struct record *record)
{
    const struct record_uid *uid = record_uid_of(record);
    return uid != NULL ? view_find_window(view, record_root_of(record), uid) : NULL;
}

const struct view_root *view_find_root(const struct view *view, const struct record_id *root)
{
    for (size_t i = 0; i < view->root_count; i++) {
        if (record_id_equal(&view->root[i].id, root)) {
            return &view->root[i];
        }
    }
    return NULL;
}

static bool is_signed_by(const struct item *item, const uint8_t *key)
{
    return record_key_is_among(item->signer, item->signer_count, key);
}

static void note_dependent(const struct item *item, struct record_id *out, size_t max,
                           size_t *found)
{
    if (*found < max) {
        out[*found] = item->record->id;
    }
    ++*found;
}

size_t view_depending_on(const struct view *view, const struct record_id *root,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE], struct record_id *out,
                         size_t max)
{
    const struct build *build = &((const struct storage *)(const void *)view)->build;
    size_t found = 0;
    for (size_t i = 0; i < build->constellation_count; i++) {
        const struct constellation *c = &build->constellation[i];
        if (!record_id_equal(c->id, root)) {
            continue;
        }
        for (size_t k = 0; k < c->all.chain_count;
             k++) { /* cheap, and a chain cut short is the worst */
            if (is_signed_by(c->all.chain[k], key)) {
                note_dependent(c->all.chain[k], out, max, &found);
            }
        }
        for (size_t k = 0; k < c->all.revoked_count; k++) {
            if (is_signed_by(c->all.revoked[k], key)) {
                note_dependent(c->all.revoked[k], out, max, &found);
            }
        }
        for (size_t k = 0; k < c->act_count; k++) {
            const struct item *act = &c->act[k];
            if (act->is_effective && act->count == c->all.threshold && is_signed_by(act, key) &&
                regime_counts(&c->all, key, &act->record->id)) {
                note_dependent(act, out, max, &found);
            }
        }
    }
    qsort(out, found < max ? found : max, sizeof *out, record_by_id);
    return found;
}

const struct view_occurrence *view_next_occurrence(const struct view_window *window, instant now)
{
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if ((one->state == OCCURRENCE_IN_FORCE || one->state == OCCURRENCE_NOT_YET) &&
            window_is_to_come(one, now)) {
            return one;
        }
    }
    return NULL;
}

const char *view_status_name(enum view_status status)
{
    static const char *const name[] = {[VIEW_TENTATIVE] = "tentative",
                                       [VIEW_CONFIRMED] = "confirmed",
                                       [VIEW_CANCELLED] = "cancelled",
                                       [VIEW_CONTESTED] = "contested",
                                       [VIEW_EXPIRED] = "expired"};
    return name[status];
}
