/* standing.c -- what the signatures over one record amount to, in the view's own arithmetic. */
#include <string.h>

#include "view/internal.h"

static const struct constellation *find(const struct view *view, const struct record *record)
{
    const struct build *build = &((const struct storage *)(const void *)view)->build;
    for (size_t i = 0; i < build->constellation_count; i++) {
        if (record_id_equal(build->constellation[i].id, record_root_of(record))) {
            return &build->constellation[i];
        }
    }
    return NULL;
}

/* The accepted root that is this record, or chain_count. */
static size_t place_of(const struct constellation *c, const struct record_id *id)
{
    size_t at = 0;
    while (at < c->all.chain_count && !record_id_equal(&c->all.chain[at]->record->id, id)) {
        at++;
    }
    return at;
}

static void judge_root(const struct constellation *c, const struct item *item,
                       struct view_standing *out)
{
    const struct record_root *root = &item->record->is.root;
    size_t at = place_of(c, &item->record->id);
    out->count = regime_count_named(root, item);
    out->needed = root->threshold;
    if (at <= c->anchor_at) {
        return; /* given by hand, or before it: nobody else is asked */
    }
    out->follows = true;
    if (at < c->all.chain_count) {
        const struct record_root *before = &c->all.chain[at - 1]->record->is.root;
        out->before = regime_count_named(before, item);
        out->before_needed = before->threshold;
        return;
    }
    out->before = regime_count(&c->all, item);
    out->before_needed = c->all.threshold;
    if (!regime_is_successor(&c->all, item)) {
        out->obstacle = OBSTACLE_NOT_SUCCESSOR;
    } else if (c->out->is_frozen) {
        out->obstacle = OBSTACLE_ROOT_FROZEN;
    }
}

bool view_standing(const struct view *view, const struct view_entry *entry,
                   struct view_standing *out)
{
    *out = (struct view_standing){.obstacle = OBSTACLE_NONE};
    const struct constellation *c = find(view, entry->record);
    if (c == NULL) {
        return false;
    }
    const struct item item = {.record = entry->record,
                              .root = c->id,
                              .signer = entry->signer,
                              .signer_count = entry->signer_count};
    out->needed = c->all.threshold;
    if (c->out->is_tentative) {
        out->obstacle = OBSTACLE_ROOT_TENTATIVE;
    }
    switch (entry->record->type) {
    case RECORD_ROOT:
        out->obstacle = OBSTACLE_NONE;
        judge_root(c, &item, out);
        break;
    case RECORD_REVOKE:
        out->count = regime_count_revoke(&c->all, &item);
        break;
    case RECORD_HEARTBEAT:
        out->count = regime_is_beating(&c->all, &item);
        out->needed = 1;
        break;
    case RECORD_WINDOW:
    case RECORD_CANCEL:
        out->count = regime_count(&c->all, &item);
        break;
    }
    out->is_enough = out->count >= out->needed && out->obstacle == OBSTACLE_NONE &&
                     (!out->follows || out->before >= out->before_needed);
    return true;
}

const char *view_obstacle_text(enum view_obstacle obstacle)
{
    switch (obstacle) {
    case OBSTACLE_ROOT_TENTATIVE:
        return "its root still lacks signatures";
    case OBSTACLE_ROOT_FROZEN:
        return "the root is frozen";
    case OBSTACLE_NOT_SUCCESSOR:
        return "it does not follow on the root in force";
    case OBSTACLE_NONE:
        break;
    }
    return "";
}
