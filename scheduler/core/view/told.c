/* told.c -- which alerts are new since the last view. */
#include <stdlib.h>
#include <string.h>

#include "view/view.h"

enum { TOLD_AT_ONCE = 20 };

static bool was_told(const struct view_told *told, const struct view_alert *alert)
{
    for (size_t i = 0; i < told->count; i++) {
        if (view_alert_equal(&told->alert[i], alert)) {
            return true;
        }
    }
    return false;
}

void view_tell_new(struct view_told *told, const struct view *view,
                   void (*tell)(void *context, const struct view_alert *alert), void *context)
{
    size_t more = 0;
    for (size_t i = 0, lines = 0; i < view->alert_count; i++) {
        if (was_told(told, &view->alert[i])) {
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
    view_told_free(told);
    if (view->alert_count > 0) {
        told->alert = calloc(view->alert_count, sizeof *told->alert);
    }
    if (told->alert != NULL) { /* else they are told again */
        memcpy(told->alert, view->alert, view->alert_count * sizeof *told->alert);
        told->count = view->alert_count;
    }
}

void view_told_free(struct view_told *told)
{
    free(told->alert);
    *told = (struct view_told){0};
}
