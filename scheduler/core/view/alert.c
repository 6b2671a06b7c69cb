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
static int rank_of(enum view_fact_kind kind)
{
    switch (kind) {
    case FACT_SPARED_BY_LOCK:
    case FACT_LOCKED:
        return 1;
    case FACT_LOCK_OFF:
        return 2;
    case FACT_CONTESTED:
    case FACT_CONTESTED_FROM_START:
        return 3;
    case FACT_RECORD_MISSING:
        return 4;
    case FACT_ROOT_VERSION:
    case FACT_ROOT_UNSIGNED:
    case FACT_ROOT_FORKED:
    case FACT_ROOT_KEYS_LEFT:
    case FACT_SIGNATURES:
    case FACT_NO_WINDOW:
    case FACT_CANCELLED:
    case FACT_CANCELLED_BY_MORE:
    case FACT_WINDOW_EXPIRED:
    case FACT_EXPIRED_WITH_ROOT:
    case FACT_LOCK_AHEAD:
    case FACT_LOCK_NEW:
    case FACT_LOCK_ON:
    case FACT_MORE_ALERTS:
        break;
    }
    return 0;
}

static int by_alert(const void *a, const void *b)
{
    const struct view_alert *x = a, *y = b;
    int order = rank_of(x->fact.kind) - rank_of(y->fact.kind);
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
