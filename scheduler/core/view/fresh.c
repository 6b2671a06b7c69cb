/* fresh.c -- until when beacons vouch that nothing is missing.
 *
 * Whoever keeps records away keeps heartbeats away too, and then they are overdue; but with the key
 * of one beacon he writes that one's as he likes, due whenever he likes.  So it takes most. */
#include <inttypes.h>
#include <stdio.h>

#include "view/internal.h"

static instant due_of(const struct view_root *root, size_t i)
{
    return root->beating[i]->is.heartbeat.next;
}

/* How many are due later than one of them. */
static size_t count_later(const struct view_root *root, size_t than)
{
    size_t count = 0;
    for (size_t i = 0; i < root->beating_count; i++) {
        int order = instant_compare(due_of(root, i), due_of(root, than));
        count += order > 0 || (order == 0 && i < than);
    }
    return count;
}

struct view_freshness view_freshness(const struct view_root *root, instant now)
{
    struct view_freshness out = {.needed = root->newest->is.root.beacon_count / 2 + 1};
    bool has_until = false;
    for (size_t i = 0; i < root->beating_count; i++) {
        out.told += instant_compare(due_of(root, i), now) >= 0;
        if (count_later(root, i) + 1 == out.needed) {
            out.until = due_of(root, i);
            has_until = true;
        }
    }
    for (size_t i = 0; i < root->beating_count && !has_until; i++) {
        instant made = root->beating[i]->is.heartbeat.made;
        out.until = i == 0 ? made : instant_earlier(out.until, made);
    }
    out.is_stale = root->beating_count > 0 && out.told < out.needed;
    return out;
}

void view_freshness_write(const struct view_root *root, instant now,
                          char out[static VIEW_SENTENCE_SIZE])
{
    struct view_freshness is = view_freshness(root, now);
    size_t beacons = root->newest->is.root.beacon_count;
    snprintf(out, VIEW_SENTENCE_SIZE,
             "%zu of %zu beacon%s told in time what is in force, %zu must%s", is.told, beacons,
             beacons == 1 ? " has" : "s have", is.needed,
             is.is_stale ? ": this copy may be stale" : "");
}
