/* seen.c -- which alerts are new since the last view. */
#include <stdlib.h>

#include "view/view.h"

enum { TOLD_AT_ONCE = 20 };

static bool was_seen(const struct view_seen *seen, const struct view_alert *alert)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (view_alert_equal(&seen->alert[i], alert)) {
            return true;
        }
    }
    return false;
}

static bool is_of(const struct view_alert *alert, const struct record_id *root)
{
    return root == NULL || record_id_equal(&alert->root, root);
}

/* Those of other constellations, which this view may not judge, and those that it has of this. */
static void remember(struct view_seen *seen, const struct view *view, const struct record_id *root)
{
    struct view_seen now = {.alert =
                                calloc(seen->count + view->alert_count + 1, sizeof *now.alert)};
    if (now.alert != NULL) { /* else they are told again */
        for (size_t i = 0; i < seen->count; i++) {
            if (!is_of(&seen->alert[i], root)) {
                now.alert[now.count++] = seen->alert[i];
            }
        }
        for (size_t i = 0; i < view->alert_count; i++) {
            if (is_of(&view->alert[i], root)) {
                now.alert[now.count++] = view->alert[i];
            }
        }
    }
    view_seen_free(seen);
    *seen = now;
}

void view_tell_new(struct view_seen *seen, const struct view *view, const struct record_id *root,
                   void (*tell)(void *context, const struct view_alert *alert), void *context)
{
    size_t more = 0;
    for (size_t i = 0, lines = 0; i < view->alert_count; i++) {
        if (!is_of(&view->alert[i], root) || was_seen(seen, &view->alert[i])) {
            continue;
        }
        if (lines++ < TOLD_AT_ONCE) {
            tell(context, &view->alert[i]);
        } else {
            more++;
        }
    }
    if (more > 0) {
        tell(context, &(struct view_alert){.fact = {.kind = FACT_MORE_ALERTS, .count = more}});
    }
    remember(seen, view, root);
}

void view_seen_free(struct view_seen *seen)
{
    free(seen->alert);
    *seen = (struct view_seen){0};
}
