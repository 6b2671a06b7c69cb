/* seen.c -- which alerts are new since the last view. */
#include <stdlib.h>
#include <string.h>

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

void view_tell_new(struct view_seen *seen, const struct view *view,
                   void (*tell)(void *context, const struct view_alert *alert), void *context)
{
    size_t more = 0;
    for (size_t i = 0, lines = 0; i < view->alert_count; i++) {
        if (was_seen(seen, &view->alert[i])) {
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
    view_seen_free(seen);
    seen->alert = calloc(view->alert_count + 1, sizeof *seen->alert);
    if (seen->alert != NULL) { /* else they are told again */
        memcpy(seen->alert, view->alert, view->alert_count * sizeof *seen->alert);
        seen->count = view->alert_count;
    }
}

void view_seen_free(struct view_seen *seen)
{
    free(seen->alert);
    *seen = (struct view_seen){0};
}
