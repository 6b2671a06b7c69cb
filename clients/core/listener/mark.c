#include "listener/mark.h"

#include <string.h>

bool listener_name_equal(const struct listener_name *a, const struct listener_name *b)
{
    return record_uid_equal(&a->uid, &b->uid) && record_id_equal(&a->root, &b->root) &&
           strcmp(a->key, b->key) == 0;
}

static bool is_same_boot(const struct listener_boot *a, const struct listener_boot *b)
{
    static const struct listener_boot unknown;
    return memcmp(a, b, sizeof *a) == 0 && memcmp(a, &unknown, sizeof *a) != 0;
}

bool listener_mark_is_rung(const struct listener_mark *mark, const struct listener_boot *boot,
                           mono now)
{
    switch (mark->kind) {
    case MARK_ARMED:
        return false;
    case MARK_FIRING:
        return !is_same_boot(&mark->boot, boot) || now.ns >= mark->not_before.ns;
    case MARK_FIRED:
        return true;
    }
    return true;
}

void listener_mark_update(struct listener_mark *known, const struct listener_mark *later)
{
    enum listener_mark_kind kind = known->kind == MARK_FIRED ? MARK_FIRED : later->kind;
    *known = *later;
    known->kind = kind;
}
