/* window.c -- from the records of one (root, uid) to what is in force of it, and why. */
#include <stdlib.h>
#include <string.h>

#include "view/build.h"

enum { MASS_WINDOWS = 5 }; /* up to so many cancels of one root are obeyed at the threshold */

static const struct record_window *window_of(const struct item *item)
{
    return &item->record->is.window;
}

static bool names(const struct record_window *window, const struct record_id *id)
{
    for (size_t i = 0; i < window->prev_count; i++) {
        if (record_id_equal(&window->prev[i], id)) {
            return true;
        }
    }
    return false;
}

/* The effective windows of a lot, ascending by seq, then id. */
struct ladder {
    const struct item **rung;
    size_t count;
};

/* The first of the rungs at the seq of rung[end - 1]. */
static size_t start_of(const struct ladder *ladder, size_t end)
{
    size_t start = end - 1;
    while (start > 0 &&
           window_of(ladder->rung[start - 1])->seq == window_of(ladder->rung[end - 1])->seq) {
        start--;
    }
    return start;
}

/* Whether the rungs [start, end), which share a seq, are one record that may be in force: alone,
 * and naming every one of several at the seq below. */
static bool stands(const struct ladder *ladder, size_t start, size_t end)
{
    if (end - start != 1) {
        return false;
    }
    const struct record_window *top = window_of(ladder->rung[start]);
    if (start == 0 || window_of(ladder->rung[start - 1])->seq + 1 != top->seq) {
        return true; /* its ancestors are missing: it wins all the same */
    }
    size_t below = start_of(ladder, start);
    if (start - below == 1) {
        return true;
    }
    for (size_t i = below; i < start; i++) {
        if (!names(top, &ladder->rung[i]->record->id)) {
            return false;
        }
    }
    return true;
}

/* The record to show when none is in force: the highest seq, then the most signatures, then the
 * lowest id. */
static const struct item *best_tentative(const struct lot *lot)
{
    const struct item *best = NULL;
    for (size_t i = 0; i < lot->window_count; i++) {
        const struct item *item = &lot->window[i];
        if (item->count > 0 &&
            (best == NULL || window_of(item)->seq > window_of(best)->seq ||
             (window_of(item)->seq == window_of(best)->seq && item->count > best->count))) {
            best = item;
        }
    }
    return best;
}

/* Which records still want signatures: windows above the one in force, and cancels. */
static void list_pending(struct build *build, const struct lot *lot)
{
    struct view_window *out = lot->out;
    struct view_pending *pending =
        arena_take(&build->arena, lot->window_count + lot->cancel_count, sizeof *pending);
    if (pending == NULL) {
        return;
    }
    bool is_cancelled = false;
    for (size_t i = 0; i < lot->cancel_count; i++) {
        is_cancelled = is_cancelled || lot->cancel[i].is_effective;
    }
    for (size_t i = 0; i < lot->window_count + lot->cancel_count && !is_cancelled; i++) {
        const struct item *item = &lot->window[i]; /* cancels follow the windows */
        bool is_above = item->record->type == RECORD_CANCEL || lot->in_force == NULL ||
                        window_of(item)->seq > window_of(lot->in_force)->seq;
        if (item->count > 0 && !item->is_effective && is_above) {
            pending[out->pending_count++] =
                (struct view_pending){.record = item->record, .signature_count = item->count};
        }
    }
    out->pending = pending;
}

/* Climbs the standing records up to the one in force, each amending the occurrences of the last. */
static void find_happenings(struct build *build, struct lot *lot, const struct ladder *ladder,
                            size_t end)
{
    bool has_base = false;
    for (size_t start = 0; start < end;) {
        size_t next = start + 1;
        while (next < end &&
               window_of(ladder->rung[next])->seq == window_of(ladder->rung[start])->seq) {
            next++;
        }
        if (stands(ladder, start, next)) {
            if (!has_base) {
                happenings_of(build, ladder->rung[start]->record, &lot->happening,
                              &lot->happening_count);
            } else {
                happenings_amend(build, lot->of, ladder->rung[start], &lot->happening,
                                 &lot->happening_count);
            }
            has_base = true;
        }
        start = next;
    }
}

static uint32_t signatures_for_strength(const struct constellation *c)
{
    return c->usable > c->threshold ? c->threshold + 1 : (uint32_t)c->usable;
}

void lot_build(struct build *build, struct lot *lot)
{
    struct view_window *out = lot->out;
    struct ladder ladder = {.rung =
                                arena_take(&build->arena, lot->window_count, sizeof *ladder.rung)};
    const struct record **held = arena_take(&build->arena, lot->window_count, sizeof *held);
    if (build->arena.has_failed) {
        return;
    }
    for (size_t i = 0; i < lot->window_count; i++) {
        if (lot->window[i].is_effective) {
            held[ladder.count] = lot->window[i].record;
            ladder.rung[ladder.count++] = &lot->window[i];
        }
    }
    size_t end = ladder.count;
    while (end > 0) {
        size_t start = start_of(&ladder, end);
        if (stands(&ladder, start, end)) {
            lot->in_force = ladder.rung[start];
            break;
        }
        lot->is_contested = true;
        end = start;
    }
    out->root = *lot->of->id;
    out->uid = *record_uid_of(lot->window[0].record);
    out->threshold = lot->of->threshold;
    out->held = held;
    out->held_count = ladder.count;
    list_pending(build, lot);
    if (lot->in_force != NULL) {
        find_happenings(build, lot, &ladder, end);
    } else if (!lot->is_contested && best_tentative(lot) != NULL) {
        happenings_of(build, best_tentative(lot)->record, &lot->happening, &lot->happening_count);
    }
    for (size_t i = 0; i < lot->happening_count; i++) {
        instant at = lot->happening[i].is.end;
        if (!lot->has_end || instant_compare(at, lot->last_end) > 0) {
            lot->last_end = at;
        }
        lot->has_end = true;
    }
    const struct item *strongest = NULL;
    for (size_t i = 0; i < lot->cancel_count; i++) {
        if (lot->cancel[i].is_effective &&
            (strongest == NULL || lot->cancel[i].count > strongest->count)) {
            strongest = &lot->cancel[i];
        }
    }
    if (strongest != NULL) {
        out->cancel = strongest->record;
        lot->is_weak = strongest->count < signatures_for_strength(lot->of);
    }
}

static int by_instant(const void *a, const void *b)
{
    return instant_compare(*(const instant *)a, *(const instant *)b);
}

void crowd_build(struct build *build, const struct lot *lot, size_t count, struct crowd *out)
{
    *out = (struct crowd){0};
    out->end = arena_take(&build->arena, count, sizeof *out->end);
    out->weak_end = arena_take(&build->arena, count, sizeof *out->weak_end);
    if (build->arena.has_failed || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (lot[i].in_force != NULL && lot[i].has_end) {
            out->end[out->count++] = lot[i].last_end;
            if (lot[i].is_weak) {
                out->weak_end[out->weak_count++] = lot[i].last_end;
            }
        }
    }
    qsort(out->end, out->count, sizeof *out->end, by_instant);
    qsort(out->weak_end, out->weak_count, sizeof *out->weak_end, by_instant);
}

/* How many of the ascending instants are at or after start. */
static size_t count_from(const instant *list, size_t count, instant start)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (instant_compare(list[middle], start) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return count - low;
}

/* The mass rule: too many windows that would still happen at `start` are cancelled by too few. */
static bool is_mass(const struct crowd *crowd, instant start)
{
    size_t weak = count_from(crowd->weak_end, crowd->weak_count, start);
    return weak > MASS_WINDOWS && weak * 2 > count_from(crowd->end, crowd->count, start);
}

/* Whether some effective cancel is early enough for the lock, or has m + 1 signatures. */
static bool is_unlocked(const struct lot *lot, instant start)
{
    span lock;
    instant limit;
    if (!chain_lock(lot->of, &lock) || !instant_add(start, (span){-lock.ns}, &limit)) {
        return true;
    }
    for (size_t i = 0; i < lot->cancel_count; i++) {
        const struct item *cancel = &lot->cancel[i];
        if (cancel->is_effective && (cancel->count > lot->of->threshold ||
                                     chain_was_held(lot->of, &cancel->record->id, limit))) {
            return true;
        }
    }
    return false;
}

/* What the states of a window's occurrences add up to. */
struct tally {
    size_t spared;  /* in force against a cancel */
    size_t massed;  /* of them, by the mass rule */
    size_t locked;  /* in force against an amendment */
    size_t to_come; /* in force and not over */
};

static void judge(struct build *build, const struct lot *lot, const struct crowd *crowd,
                  struct view_occurrence *one, instant expires, struct tally *tally)
{
    instant root_expires = lot->of->out->newest->is.root.expires;
    if (instant_compare(one->start, expires) >= 0 ||
        instant_compare(one->start, root_expires) >= 0) {
        one->state = OCCURRENCE_EXPIRED;
    } else if (one->is_off) {
        one->state = OCCURRENCE_OFF;
    } else if (lot->in_force == NULL) {
        one->state = lot->out->cancel != NULL ? OCCURRENCE_CANCELLED : OCCURRENCE_NOT_YET;
    } else if (lot->out->cancel == NULL) {
        one->state = OCCURRENCE_IN_FORCE;
    } else if ((lot->is_weak && is_mass(crowd, one->start)) || !is_unlocked(lot, one->start)) {
        one->state = OCCURRENCE_IN_FORCE;
        one->alerted = true;
        tally->spared++;
        tally->massed += lot->is_weak && is_mass(crowd, one->start);
    } else {
        one->state = OCCURRENCE_CANCELLED;
    }
    one->alerted = one->alerted && one->state == OCCURRENCE_IN_FORCE;
    if (one->state == OCCURRENCE_IN_FORCE) {
        span late = {one->has_start ? 0 : 12 * 3600 * NS_PER_S};
        instant end;
        tally->to_come += instant_add(one->end, late, &end) && instant_compare(end, build->now) > 0;
        tally->locked += one->alerted && lot->out->cancel == NULL;
    }
}

static void explain_cancel(struct build *build, const struct lot *lot, const struct tally *tally)
{
    struct view_window *out = lot->out;
    if (tally->spared == 0) {
        out->status = VIEW_CANCELLED;
        out->why.kind = lot->is_weak ? FACT_CANCELLED : FACT_CANCELLED_BY_MORE;
        return;
    }
    out->status = lot->is_contested ? VIEW_CONTESTED : VIEW_CONFIRMED;
    out->why =
        (struct view_fact){.kind = tally->massed > 0 ? FACT_SPARED_BY_MASS : FACT_SPARED_BY_LOCK,
                           .count = tally->spared,
                           .number = signatures_for_strength(lot->of)};
    build_alert(build, &out->cancel->id, out->why);
}

/* Whether nothing is left to come because the window or its root has run out; says which. */
static bool is_over(const struct build *build, const struct lot *lot, const struct tally *tally,
                    struct view_fact *why)
{
    bool by_itself = instant_compare(build->now, lot->in_force->record->is.window.expires) >= 0;
    *why = (struct view_fact){.kind = by_itself ? FACT_WINDOW_EXPIRED : FACT_EXPIRED_WITH_ROOT};
    return tally->to_come == 0 &&
           (by_itself || instant_compare(build->now, lot->of->out->newest->is.root.expires) >= 0);
}

static void explain(struct build *build, const struct lot *lot, const struct tally *tally)
{
    struct view_window *out = lot->out;
    struct view_fact why;
    const struct view_fact signatures = {
        .kind = FACT_SIGNATURES, .count = out->signature_count, .number = out->threshold};
    if (out->cancel != NULL && (tally->spared == 0 || !is_over(build, lot, tally, &why))) {
        explain_cancel(build, lot, tally);
    } else if (lot->is_contested) {
        out->status = VIEW_CONTESTED;
        out->why.kind = lot->in_force != NULL ? FACT_CONTESTED : FACT_CONTESTED_FROM_START;
        build_alert(build, &out->held[out->held_count - 1]->id, out->why);
    } else if (lot->in_force == NULL) {
        out->status = VIEW_TENTATIVE;
        out->why = lot->of->out->is_tentative ? lot->of->out->why
                   : out->record == NULL      ? (struct view_fact){.kind = FACT_NO_WINDOW}
                                              : signatures;
    } else if (is_over(build, lot, tally, &why)) {
        out->status = VIEW_EXPIRED;
        out->why = why;
    } else {
        out->status = VIEW_CONFIRMED;
        out->why = signatures;
    }
    if (tally->locked > 0 && out->cancel == NULL) {
        build_alert(build, &out->record->id,
                    (struct view_fact){
                        .kind = FACT_LOCKED, .count = tally->locked, .number = out->threshold + 1});
    }
}

void lot_finish(struct build *build, struct lot *lot, const struct crowd *crowd)
{
    struct view_window *out = lot->out;
    const struct item *shown = lot->in_force;
    if (shown == NULL && !lot->is_contested) {
        shown = best_tentative(lot);
    }
    out->record = shown != NULL ? shown->record : NULL;
    out->signature_count = shown != NULL ? shown->count : 0;
    struct view_occurrence *occurrence =
        arena_take(&build->arena, lot->happening_count, sizeof *occurrence);
    struct tally tally = {0};
    for (size_t i = 0; i < lot->happening_count && occurrence != NULL; i++) {
        occurrence[i] = lot->happening[i].is;
        judge(build, lot, crowd, &occurrence[i], lot->happening[i].expires, &tally);
    }
    out->occurrence = occurrence;
    out->occurrence_count = lot->happening_count;
    explain(build, lot, &tally);
}
