/* alert.c -- what a person should see, noted while a view is built and listed at its end. */
#include <stdlib.h>

#include "view/internal.h"

void alert_note(struct build *build, const struct constellation *of, const struct record_id *about,
                struct view_fact fact)
{
    struct noted *noted = arena_take(&build->arena, 1, sizeof *noted);
    if (noted != NULL) {
        *noted = (struct noted){build->noted, {.root = *of->id, .record = *about, .fact = fact}};
        build->noted = noted;
    }
}

/* Twenty are told at once (seen.c), and ids are easily chosen: what costs least to bring about
 * comes last.  One beacon's key makes any number of records missing, m keys any number of contests;
 * but only what honest people locked can be refused. */
static const int rank[FACT_KINDS] = {
    [FACT_SPARED_BY_LOCK] = 1, [FACT_LOCKED] = 1,         [FACT_LOCK_OFF] = 2,
    [FACT_CONTESTED] = 3,      [FACT_RECORD_MISSING] = 4, [FACT_CONTESTED_FROM_START] = 3,
};

static int by_alert(const void *a, const void *b)
{
    const struct view_alert *x = a, *y = b;
    int order = rank[x->fact.kind] - rank[y->fact.kind];
    order = order != 0 ? order : record_id_compare(&x->record, &y->record);
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
