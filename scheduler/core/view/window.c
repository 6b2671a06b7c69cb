/* window.c -- which records decide each occurrence of a window, and what its status is.
 *
 *   all records say:     a   b       c       d        (by the newest threshold)
 *   strong ones say:     a       b'  c                (before each lock began)
 *   locks that are on:   [lock of a ) [ lock of b')   each covers the starts that lie in it
 *
 *   kept (keep_locked):  a       b'                   what the strong have within a lock that is on
 *   added (add_others):              c       d        what all have where none is on
 *   refused, alerted:        b                        what a change would have brought into a lock
 */
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"

static const struct record_window *window_of(const struct item *item)
{
    return &item->record->is.window;
}

/* The record to show when none is in force: the highest seq, then the most signatures, then the
 * lowest id. */
static const struct item *best_tentative(const struct pool *pool)
{
    const struct item *best = NULL;
    for (size_t i = 0; i < pool->window_count; i++) {
        const struct item *item = &pool->window[i];
        if (item->count > 0 &&
            (best == NULL || window_of(item)->seq > window_of(best)->seq ||
             (window_of(item)->seq == window_of(best)->seq && item->count > best->count))) {
            best = item;
        }
    }
    return best;
}

/* Which records still want signatures: windows above the one in force, and cancels. */
static void list_pending(struct build *build, const struct pool *pool, const struct verdict *all)
{
    struct view_window *out = pool->out;
    struct view_pending *pending =
        arena_take(&build->arena, pool->window_count + pool->cancel_count, sizeof *pending);
    if (pending == NULL || all->cancel != NULL) {
        return;
    }
    for (size_t i = 0; i < pool->window_count + pool->cancel_count; i++) {
        const struct item *item = &pool->window[i]; /* cancels follow the windows */
        bool is_above = item->record->type == RECORD_CANCEL || all->in_force == NULL ||
                        window_of(item)->seq > window_of(all->in_force)->seq;
        if (item->count > 0 && !item->is_effective && is_above) {
            pending[out->pending_count++] =
                (struct view_pending){.record = item->record, .signature_count = item->count};
        }
    }
    out->pending = pending;
}

/* Every effective record, for whoever writes the next one. */
static void list_held(struct build *build, const struct pool *pool, const struct verdict *all)
{
    const struct record **held = arena_take(&build->arena, all->rung_count, sizeof *held);
    if (held == NULL) {
        return;
    }
    for (size_t i = 0; i < all->rung_count; i++) {
        held[i] = all->rung[i]->record;
    }
    pool->out->held = held;
    pool->out->held_count = all->rung_count;
}

static const int64_t HOUR_NS = 3600 * NS_PER_S;

/* A wave begins first in UTC+14 and is over last in UTC-12. */
static instant begin_of(const struct view_occurrence *one)
{
    return one->has_start ? one->start : instant_after(one->start, (span){-14 * HOUR_NS});
}

bool window_is_to_come(const struct view_occurrence *one, instant now)
{
    instant end = one->has_start ? one->end : instant_after(one->end, (span){12 * HOUR_NS});
    return instant_compare(end, now) > 0;
}

/* Who decides what begins at an instant. */
struct decision {
    instant begin;
    enum view_lock lock;
    const struct regime *by;
    const struct verdict *strong; /* LOCK_ON: what the strong records say */
};

/* The decisions for one window, ascending. */
struct decisions {
    struct decision *list;
    size_t count;
    size_t lines; /* of all the records of the window */
};

static int by_begin(const void *a, const void *b)
{
    return instant_compare(((const struct decision *)a)->begin,
                           ((const struct decision *)b)->begin);
}

/* Whether any lock may speak of an occurrence: none is longer than 720 hours. */
static bool is_near(const struct view_occurrence *one, instant now)
{
    const span longest = {720 * HOUR_NS};
    return window_is_to_come(one, now) &&
           instant_compare(instant_after(begin_of(one), (span){-longest.ns}), now) <= 0;
}

/* Every instant at which some record of the window would begin, near enough for a lock. */
static void find_begins(struct build *build, const struct pool *pool, struct decisions *out)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->window_count; i++) {
        out->lines += view_line_count(&pool->window[i].record->is.window);
    }
    out->list = arena_take(&build->arena, out->lines, sizeof *out->list);
    if (out->list == NULL) {
        return;
    }
    for (size_t i = 0; i < pool->window_count; i++) {
        const struct record_window *window = &pool->window[i].record->is.window;
        for (size_t k = 0; k < view_line_count(window); k++) {
            struct view_occurrence one = view_line(window, k);
            if (is_near(&one, build->now)) {
                out->list[count++].begin = begin_of(&one);
            }
        }
    }
    qsort(out->list, count, sizeof *out->list, by_begin);
    for (size_t i = 0; i < count; i++) { /* each once */
        if (i == 0 || by_begin(&out->list[i], &out->list[out->count - 1]) != 0) {
            out->list[out->count++] = out->list[i];
        }
    }
}

/* Asks the lock of every instant at which some record would have the window begin: a start that a
 * change brings in is judged by the lock that it falls into, not by the one that it came from. */
static void decide(struct build *build, const struct pool *pool, struct decisions *out)
{
    struct verdict *strong = NULL;
    find_begins(build, pool, out);
    for (size_t i = 0; i < out->count && !build->arena.has_failed; i++) {
        struct decision *one = &out->list[i];
        one->lock = lock_regime(build, pool->of, one->begin, &one->by);
        if (one->lock == LOCK_ON) {
            if (strong == NULL || strong->by != one->by) {
                strong = arena_take(&build->arena, 1, sizeof *strong);
                if (strong == NULL) {
                    return;
                }
                verdict_build(build, pool, one->by, strong);
            }
            one->strong = strong->is_known ? strong : NULL;
            one->lock = strong->is_known ? LOCK_ON : LOCK_NEW;
        }
    }
}

static const struct decision *decision_of(const struct decisions *all,
                                          const struct view_occurrence *one, instant now)
{
    const struct decision wanted = {.begin = begin_of(one)};
    return all->count > 0 && is_near(one, now)
               ? bsearch(&wanted, all->list, all->count, sizeof *all->list, by_begin)
               : NULL;
}

static struct view_occurrence *find(struct view_occurrence *list, size_t count,
                                    const struct view_occurrence *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(list[i].key, wanted->key) && text_equal(list[i].place, wanted->place)) {
            return &list[i];
        }
    }
    return NULL;
}

static bool is_same_prose(const struct record_prose *a, size_t a_count,
                          const struct record_prose *b, size_t b_count)
{
    bool is_same = a_count == b_count;
    for (size_t i = 0; i < a_count && is_same; i++) {
        is_same = text_equal(a[i].tag, b[i].tag) && text_equal(a[i].value, b[i].value);
    }
    return is_same;
}

bool view_says_same(const struct record_window *a, const struct record_window *b)
{
    return is_same_prose(a->title, a->title_count, b->title, b->title_count) &&
           is_same_prose(a->about, a->about_count, b->about, b->about_count) &&
           text_equal(a->gesture, b->gesture) && a->tone == b->tone && a->wave == b->wave &&
           a->has_rest == b->has_rest && (!a->has_rest || a->rest.ns == b->rest.ns) &&
           text_equal(a->url, b->url) && a->beacon_count == b->beacon_count &&
           (a->beacon_count == 0 ||
            memcmp(a->beacon, b->beacon, a->beacon_count * sizeof *a->beacon) == 0);
}

/* Whether two occurrences of one key are the same to whoever waits for them. */
static bool is_same(const struct view_occurrence *a, const struct view_occurrence *b)
{
    return a->state == b->state && a->has_start == b->has_start &&
           instant_compare(a->start, b->start) == 0 && instant_compare(a->end, b->end) == 0 &&
           view_says_same(&a->record->is.window, &b->record->is.window);
}

/* What locks made of a window, and what is left of it. */
struct tally {
    size_t refused;                     /* changes that a lock did not let through */
    size_t spared;                      /* of them, occurrences in force against a cancel */
    bool is_to_come;                    /* some are in force and not over */
    const struct decision *locked;      /* the first that kept an occurrence in force */
    const struct decision *spoken;      /* of the next occurrence to come of which a lock speaks */
    bool is_off;                        /* the lock of one of these is */
    const struct view_occurrence *next; /* in force and to come */
    const struct regime *next_by;       /* who decides it */
};

/* What the locks keep in force: some of the lines of its records. */
static size_t keep_locked(const struct decisions *decisions, instant now,
                          struct view_occurrence *out, struct tally *tally)
{
    size_t kept = 0;
    for (size_t i = 0; i < decisions->count; i++) {
        const struct decision *at = &decisions->list[i];
        for (size_t k = 0; at->strong != NULL && k < at->strong->occurrence_count; k++) {
            const struct view_occurrence *one = &at->strong->occurrence[k];
            if (instant_compare(begin_of(one), at->begin) != 0 ||
                one->state != OCCURRENCE_IN_FORCE || !window_is_to_come(one, now) ||
                find(out, kept, one) != NULL) {
                continue;
            }
            out[kept] = *one;
            out[kept++].lock = LOCK_ON;
            tally->locked = tally->locked == NULL ? at : tally->locked;
        }
    }
    return kept;
}

/* Whether a key that a change would have brought into a lock stays where the strong records have
 * it: there, no lock has spoken. */
static bool stays(const struct verdict *all, const struct decisions *decisions,
                  const struct view_occurrence *strong, instant now)
{
    const struct decision *there = decision_of(decisions, strong, now);
    return strong->state != OCCURRENCE_IN_FORCE ||
           ((there == NULL || there->lock != LOCK_ON) &&
            instant_compare(strong->start, regime_newest(all->by)->expires) < 0);
}

/* Adds what all records say where no lock has decided.  Where one has decided otherwise, the key
 * stays as the strong records have it. */
static size_t add_others(const struct verdict *all, const struct decisions *decisions, instant now,
                         struct view_occurrence *out, size_t kept, struct tally *tally)
{
    size_t count = kept;
    for (size_t i = 0; i < kept; i++) {
        const struct view_occurrence *now_says =
            find(all->occurrence, all->occurrence_count, &out[i]);
        out[i].alerted = now_says == NULL || !is_same(now_says, &out[i]);
        tally->refused += out[i].alerted;
        tally->spared += out[i].alerted && all->cancel != NULL;
    }
    for (size_t i = 0; i < all->occurrence_count; i++) {
        struct view_occurrence one = all->occurrence[i];
        const struct decision *at = decision_of(decisions, &one, now);
        if (find(out, kept, &one) != NULL) {
            continue;
        }
        one.lock = at != NULL ? at->lock : LOCK_NONE;
        if (one.lock == LOCK_ON && one.state == OCCURRENCE_IN_FORCE) {
            const struct view_occurrence *strong =
                find(at->strong->occurrence, at->strong->occurrence_count, &one);
            tally->refused++; /* else it were kept */
            if (strong == NULL || !stays(all, decisions, strong, now)) {
                continue;
            }
            one = *strong;
            one.alerted = one.state == OCCURRENCE_IN_FORCE;
        }
        out[count++] = one;
    }
    return count;
}

static int by_start(const void *a, const void *b)
{
    const struct view_occurrence *x = a, *y = b;
    int order = instant_compare(x->start, y->start);
    if (order == 0) {
        order = text_compare(x->key, y->key);
    }
    return order != 0 ? order : text_compare(x->place, y->place);
}

/* Every occurrence of the window, each by the records that decide it. */
static void resolve(struct build *build, const struct pool *pool, const struct verdict *all,
                    struct tally *tally)
{
    struct decisions decisions = {.count = 0};
    if (pool->of->lock_count > 0 && !pool->of->out->is_tentative) {
        decide(build, pool, &decisions);
    }
    struct view_occurrence *list =
        arena_take(&build->arena, all->occurrence_count + decisions.lines, sizeof *list);
    if (build->arena.has_failed) {
        return;
    }
    size_t kept = keep_locked(&decisions, build->now, list, tally);
    size_t count = add_others(all, &decisions, build->now, list, kept, tally);
    qsort(list, count, sizeof *list, by_start);
    for (size_t i = 0; i < count; i++) {
        bool is_in_force = list[i].state == OCCURRENCE_IN_FORCE;
        if (!is_in_force || !window_is_to_come(&list[i], build->now)) {
            continue;
        }
        const struct decision *at = decision_of(&decisions, &list[i], build->now);
        tally->is_to_come = true;
        if (tally->next == NULL) {
            tally->next = &list[i];
            tally->next_by = at != NULL && at->strong != NULL ? at->by : all->by;
        }
        tally->is_off = tally->is_off || list[i].lock == LOCK_OFF;
        if (tally->spoken == NULL && at != NULL && at->lock != LOCK_NONE) {
            tally->spoken = at;
        }
    }
    pool->out->occurrence = list;
    pool->out->occurrence_count = count;
}

/* Whether nothing is left to come because the window or its root has run out; says which. */
static bool is_over(const struct build *build, const struct pool *pool, const struct verdict *all,
                    const struct tally *tally, struct view_fact *why)
{
    bool by_itself = all->in_force != NULL &&
                     instant_compare(build->now, window_of(all->in_force)->expires) >= 0;
    *why = (struct view_fact){.kind = by_itself ? FACT_WINDOW_EXPIRED : FACT_EXPIRED_WITH_ROOT};
    return !tally->is_to_come &&
           (by_itself || instant_compare(build->now, pool->of->out->newest->is.root.expires) >= 0);
}

/* What the lock of the next occurrence amounts to. */
static struct view_fact explain_lock(const struct decision *at)
{
    const struct record_root *root = regime_newest(at->by);
    struct view_fact fact = {.kind = FACT_LOCK_ON, .number = at->by->threshold + 1};
    if (at->lock == LOCK_OFF) {
        fact = (struct view_fact){.kind = FACT_LOCK_OFF,
                                  .count = at->by->beating,
                                  .number = (uint32_t)root->beacon_count / 2 + 1};
    } else if (at->lock == LOCK_NEW) {
        fact.kind = FACT_LOCK_NEW;
    } else if (at->lock == LOCK_AHEAD) {
        fact.kind = FACT_LOCK_AHEAD;
        fact.count = (size_t)(root->lock.ns / NS_PER_S);
    }
    return fact;
}

/* What a change amounts to that a lock refused. */
static struct view_fact explain_refusal(const struct pool *pool, const struct tally *tally)
{
    const struct regime *by = tally->locked != NULL ? tally->locked->by : &pool->of->all;
    return (struct view_fact){.kind = tally->spared > 0 ? FACT_SPARED_BY_LOCK : FACT_LOCKED,
                              .count = tally->refused,
                              .number = by->threshold + 1};
}

/* The strongest fact wins: a cancellation over a contest, a contest over whether it is over.
 * Somebody who is told of several would act on the weakest.  What a lock has kept away is an alert
 * beside the status, since it does not change what is in force. */
static void explain(struct build *build, const struct pool *pool, const struct verdict *all,
                    const struct tally *tally)
{
    struct view_window *out = pool->out;
    struct view_fact why;
    const struct view_fact signatures = {
        .kind = FACT_SIGNATURES, .count = out->signature_count, .number = out->threshold};
    const struct view_fact refusal = explain_refusal(pool, tally);
    if (all->cancel != NULL && tally->spared == 0) {
        out->status = VIEW_CANCELLED;
        out->why.kind = regime_count(all->by, all->cancel) > all->by->threshold
                            ? FACT_CANCELLED_BY_MORE
                            : FACT_CANCELLED;
    } else if (all->is_contested) {
        out->status = VIEW_CONTESTED;
        out->why.kind = out->record != NULL ? FACT_CONTESTED : FACT_CONTESTED_FROM_START;
        alert_note(build, pool->of, &out->held[out->held_count - 1]->id, out->why);
    } else if (all->in_force == NULL && tally->locked == NULL) {
        out->status = VIEW_TENTATIVE;
        out->why = pool->of->out->is_tentative ? pool->of->out->why
                   : out->record == NULL       ? (struct view_fact){.kind = FACT_NO_WINDOW}
                                               : signatures;
    } else if (is_over(build, pool, all, tally, &why)) {
        out->status = VIEW_EXPIRED;
        out->why = why;
    } else {
        out->status = VIEW_CONFIRMED;
        out->why = tally->spared > 0 || all->in_force == NULL ? refusal : signatures;
    }
    if (tally->refused > 0) {
        const struct record *about = tally->spared > 0       ? out->cancel
                                     : all->in_force != NULL ? all->in_force->record
                                                             : out->record;
        alert_note(build, pool->of, about != NULL ? &about->id : &pool->of->out->newest->id,
                   refusal);
    }
    if (tally->is_off) {
        alert_note(build, pool->of, &out->record->id, out->lock);
    }
}

static const struct item *item_of(const struct pool *pool, const struct record *record)
{
    const struct item *found = pool->window;
    while (found->record != record) {
        found++;
    }
    return found;
}

/* Shown is the record in force; where a lock has kept what comes next from a change, the one that
 * this comes from: people read of what will ring.  Where there is none, the best of those that
 * still lack signatures: people see what they would sign. */
void pool_finish(struct build *build, struct pool *pool)
{
    struct view_window *out = pool->out;
    struct verdict all;
    struct tally tally = {0};
    verdict_build(build, pool, &pool->of->all, &all);
    const struct item *shown = all.in_force;
    const struct regime *by = all.by;
    if (shown == NULL && !all.is_contested) {
        shown = best_tentative(pool);
        if (shown != NULL) {
            verdict_occurrences(build, &all, shown);
        }
    }
    list_pending(build, pool, &all);
    list_held(build, pool, &all);
    resolve(build, pool, &all, &tally);
    if (build->arena.has_failed) {
        return;
    }
    if (tally.next != NULL && (all.in_force == NULL || tally.next->alerted)) {
        shown = item_of(pool, tally.next->record);
        by = tally.next_by;
    }
    out->root = *pool->of->id;
    out->uid = *record_uid_of(pool->window[0].record);
    out->record = shown != NULL ? shown->record : NULL;
    out->signature_count = shown != NULL ? regime_count(by, shown) : 0;
    out->threshold = by->threshold;
    out->cancel = all.cancel != NULL ? all.cancel->record : NULL;
    out->has_lock = tally.spoken != NULL;
    if (out->has_lock) {
        out->lock = explain_lock(tally.spoken);
    }
    explain(build, pool, &all, &tally);
}
