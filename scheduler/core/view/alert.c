/* alert.c -- what a person should see, noted while a view is built and listed at its end. */
#include <stdlib.h>

#include "view/internal.h"

void alert_note(struct build *build, const struct record_id *about, struct view_fact fact)
{
    struct noted *noted = arena_take(&build->arena, 1, sizeof *noted);
    if (noted != NULL) {
        *noted = (struct noted){build->noted, {.record = *about, .fact = fact}};
        build->noted = noted;
    }
}

static int by_alert(const void *a, const void *b)
{
    const struct view_alert *x = a, *y = b;
    int order = record_id_compare(&x->record, &y->record);
    return order != 0 ? order : view_fact_compare(&x->fact, &y->fact);
}

void alert_list(struct build *build, struct view *view)
{
    size_t count = 0;
    for (const struct noted *noted = build->noted; noted != NULL; noted = noted->before) {
        count++;
    }
    struct view_alert *list = arena_take(&build->arena, count, sizeof *list);
    if (list == NULL) {
        return;
    }
    view->alert = list;
    view->alert_count = count;
    for (const struct noted *noted = build->noted; noted != NULL; noted = noted->before) {
        list[--count] = noted->alert;
    }
    qsort(list, view->alert_count, sizeof *list, by_alert);
}
