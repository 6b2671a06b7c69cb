/* plan.c -- from the records and the time to marks and shots.  Of one occurrence, on the axis of
 * its constellation's time as it is estimated now, with T the release (T-0 less the latency):
 *
 *       T - 10 min     mark durable           T       T + 2 s                    ends
 *   --------+---------------+-----------------+----------+------------------------+-------->
 *   WAITING | a mark is     | ARMED: a shot   | the fire | too late: never rung,   | OVER
 *           | asked for     | stands          | thread   | JOINED (MISSED, if it   |
 *           |               |                 | releases | was armed)              |
 *                                             +--- RELEASED once it reports ------+
 *
 * The estimate moves, and the occurrence with it, in either direction: each step looks at it as if
 * for the first time.  What must not follow from that is kept in marks: one that was rung in an
 * earlier run is BEFORE, and is not rung again; a shot that no durable mark covers is held. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "listener/internal.h"

static const int64_t ARM_AHEAD_NS = 600 * NS_PER_S;
/* A time daemon may slew the clock that timers go by, by 8 %, from one moment to the next: before a
 * release it is looked at again and again, each time after half of what is left. */
static const int64_t LAST_LOOK_NS = 20 * NS_PER_MS;

/* What a shot was set for, even when the records have forgotten it since. */
static struct listener_set *find_set(struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < 2 * listener->room.occurrences; i++) {
        if (listener->room.set[i].id == id && id != 0) {
            return &listener->room.set[i];
        }
    }
    return NULL;
}

static struct listener_occurrence *find_by_name(struct listener_occurrence *list, size_t count,
                                                const struct listener_name *name)
{
    for (size_t i = 0; i < count; i++) {
        if (listener_name_equal(&list[i].name, name)) {
            return &list[i];
        }
    }
    return NULL;
}

/* Carries over what has happened to an occurrence, and says what changed. */
static void inherit(struct listener *listener, struct listener_occurrence *next,
                    struct listener_update *update)
{
    const struct listener_occurrence *before =
        find_by_name(listener->occurrence, listener->occurrence_count, &next->name);
    if (before == NULL) {
        next->id = ++listener->next_id;
        return;
    }
    next->id = before->id;
    next->state = before->state;
    next->asked_id = before->asked_id;
    next->asked = before->asked;
    next->is_marked = before->is_marked;
    next->marked = before->marked;
    next->is_far = before->is_far;
    next->far_since = before->far_since;
    next->is_told = before->is_told;
    next->is_moved = before->is_moved;
    next->is_awaiting = before->is_awaiting;
    next->awaited = before->awaited;
    if (before->start.ns != next->start.ns) {
        next->is_moved = true;
        tell_of(update, SAID_MOVED, next);
        if (next->state == LISTENER_ARMED) {
            next->state = LISTENER_WAITING; /* its mark names the old start */
        }
        next->is_told = false;
    }
}

static int by_start(const void *a, const void *b)
{
    const struct listener_occurrence *x = a, *y = b;
    int order = (x->start.ns > y->start.ns) - (x->start.ns < y->start.ns);
    return order != 0 ? order : memcmp(&x->name, &y->name, sizeof x->name);
}

static size_t share_of(const struct view *view)
{
    return LISTENER_OCCURRENCES_MAX / (view->root_count > 0 ? view->root_count : 1);
}

/* What there is no room for comes in as soon as those before it are over: only when it is near does
 * it matter, and then each time that the records are looked at. */
static void tell_left_out(struct listener *listener, const struct listener_occurrence *left_out,
                          size_t held, struct listener_update *update)
{
    size_t which = find_constellation(listener, &left_out->name.root);
    if (which < LISTENER_CONSTELLATIONS_MAX) { /* there is one */
        struct listener_constellation *mine = &listener->constellation[which];
        int64_t ahead = instant_since(left_out->starts, mine->estimate.best).ns;
        if (ahead > 0 && ahead <= ARM_AHEAD_NS && listener_is_worth_telling(++mine->left_out)) {
            tell_of(update, SAID_CROWDED, left_out)->number = (int64_t)held;
        }
    }
}

/* Each constellation by its own time, and none takes another's places. */
static size_t gather_all(struct listener *listener, const struct listener_event *event,
                         struct listener_update *update)
{
    const struct view *view = event->view;
    size_t count = 0;
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        if (!counts_for(event, &listener->occurrence[i].name.root)) {
            listener->room.gathered[count++] = listener->occurrence[i];
        }
    }
    for (size_t i = 0; i < view->root_count; i++) {
        size_t room = listener->room.occurrences - count;
        if (counts_for(event, &view->root[i].id)) {
            size_t share = share_of(view) < room ? share_of(view) : room;
            struct listener_occurrence left_out = {0};
            count += listener_gather(view, &view->root[i].id, &listener->options.site,
                                     &listener->options.leap,
                                     listener_estimate(listener, &view->root[i].id)->best,
                                     listener->room.gathered + count, share, &left_out);
            tell_left_out(listener, &left_out, share, update);
        }
    }
    return count;
}

/* Whether the nearer ones of its constellation have taken all its places, or all that there are. */
static bool is_crowded_out(const struct listener *listener, size_t count, size_t share,
                           const struct listener_occurrence *gone)
{
    size_t nearer = 0;
    for (size_t i = 0; i < count; i++) {
        const struct listener_occurrence *held = &listener->room.gathered[i];
        if (record_id_equal(&held->name.root, &gone->name.root)) {
            if (held->start.ns > gone->start.ns) {
                return false;
            }
            nearer++;
        }
    }
    return nearer >= share || count == listener->room.occurrences;
}

void plan_records(struct listener *listener, const struct listener_event *event,
                  struct listener_update *update)
{
    size_t count = gather_all(listener, event, update);
    for (size_t i = 0; i < count; i++) {
        inherit(listener, &listener->room.gathered[i], update);
    }
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        const struct listener_occurrence *before = &listener->occurrence[i];
        instant now = listener_estimate(listener, &before->name.root)->best;
        bool is_gone = before->ends.tai_ns > now.tai_ns &&
                       find_by_name(listener->room.gathered, count, &before->name) == NULL &&
                       !is_crowded_out(listener, count, share_of(event->view), before);
        if (is_gone && (before->state == LISTENER_WAITING || before->state == LISTENER_ARMED)) {
            tell_of(update, SAID_CALLED_OFF, before);
        } else if (is_gone && before->state == LISTENER_RELEASED) {
            tell_of(update, SAID_CALLED_OFF_AMID, before);
        }
    }
    if (count > 0) { /* of no room there is not even a place */
        qsort(listener->room.gathered, count, sizeof *listener->room.gathered, by_start);
        memcpy(listener->occurrence, listener->room.gathered, count * sizeof *listener->occurrence);
    }
    listener->occurrence_count = count;
}

void plan_fired(struct listener *listener, const struct listener_event *event,
                struct listener_update *update)
{
    const struct listener_set *set = find_set(listener, event->id);
    const struct listener_occurrence *found = listener_find(listener, event->id);
    struct listener_occurrence *occurrence =
        found != NULL ? &listener->occurrence[found - listener->occurrence] : NULL;
    if (occurrence != NULL) {
        occurrence->state = LISTENER_RELEASED;
        tell_of(update, SAID_BEGUN, occurrence);
    } else if (set == NULL) {
        return; /* no shot of ours */
    }
    /* One that was withdrawn in the very moment keeps its mark, too: it may come back. */
    struct listener_mark mark = {.kind = MARK_FIRED,
                                 .name = occurrence != NULL ? occurrence->name : set->name,
                                 .start = occurrence != NULL ? occurrence->start : set->start};
    marking_keep_fired(listener, &mark);
    update->mark_id[update->mark_count] = 0; /* nobody waits for this one, which is the first */
    update->mark[update->mark_count++] = mark;
}

/* What was armed was promised: whoever relied on it hears that it did not come. */
static void tell_missed(struct listener_occurrence *occurrence, span late, enum listener_fact fact,
                        struct listener_update *update)
{
    occurrence->is_told = true;
    tell_of(update, fact, occurrence)->number = late.ns / NS_PER_S;
}

/* Its release is in the past, by `late`, and was not rung by this run. */
static void join_late(struct listener_occurrence *occurrence, instant now, span late,
                      struct listener_update *update)
{
    bool was_armed = occurrence->state == LISTENER_ARMED;
    occurrence->state = LISTENER_JOINED;
    if (was_armed) {
        tell_missed(occurrence, late, SAID_MISSED, update);
    } else if (!occurrence->is_told && now.tai_ns < occurrence->starts.tai_ns) {
        occurrence->is_told = true;
        tell_of(update, SAID_TOO_NEAR, occurrence)->number =
            instant_since(occurrence->starts, now).ns / NS_PER_S;
    } else if (!occurrence->is_told) {
        occurrence->is_told = true;
        tell_of(update, SAID_BEGAN_BEFORE, occurrence)->number =
            instant_since(now, occurrence->starts).ns / NS_PER_S;
    }
}

static void arm(struct listener_occurrence *occurrence, struct listener_update *update)
{
    if (occurrence->is_marked && occurrence->marked.start.ns == occurrence->start.ns &&
        occurrence->state != LISTENER_ARMED) {
        occurrence->state = LISTENER_ARMED;
        tell_of(update, SAID_ARMED, occurrence);
    }
}

/* One each in a step: there is room. */
static void set_shot(struct listener *listener, const struct listener_occurrence *occurrence,
                     mono target, struct listener_update *update)
{
    assert(update->shot_count < listener->room.occurrences);
    update->shot[update->shot_count++] =
        (struct listener_shot){.id = occurrence->id,
                               .target = target,
                               .is_held = occurrence->state == LISTENER_RELEASED ||
                                          !marking_is_covered(occurrence, target)};
    struct listener_set *set = find_set(listener, occurrence->id);
    size_t sets = 2 * listener->room.occurrences;
    assert(sets > 0); /* there is one */
    if (set == NULL) {
        set = &listener->room.set[listener->next_set++ % sets];
    }
    *set = (struct listener_set){occurrence->id, occurrence->name, occurrence->start};
}

/* A clock that is ahead would start before anybody else while the answer that corrects it is on its
 * way.  The first question alone is waited for: whoever holds back ticks and answers makes a start
 * late by so much once, and silences none. */
static mono await_answer(struct listener *listener, struct listener_occurrence *occurrence,
                         const struct discipline_estimate *estimate, mono target,
                         struct listener_update *update)
{
    if (estimate->doubt != DOUBT_NOT_VOUCHED || estimate->wanted.ns >= 0) {
        occurrence->is_awaiting = false;
        return target;
    }
    mono_raw until;
    size_t constellation = find_constellation(listener, &occurrence->name.root);
    if (!ask_awaits(listener, constellation, &until)) {
        return target;
    }
    mono awaited = {estimate->at.ns + (until.ns - estimate->raw.ns)};
    if (!occurrence->is_awaiting && occurrence->state != LISTENER_JOINED &&
        target.ns < awaited.ns) {
        occurrence->is_awaiting = true;
        occurrence->awaited = awaited;
        if (estimate->wanted.ns < -NS_PER_S) { /* not for the milliseconds of a path */
            tell_of(update, SAID_AWAITS_ANSWER, occurrence)->number =
                (awaited.ns - estimate->at.ns) / NS_PER_S + 1;
        }
    }
    if (occurrence->is_awaiting) {
        int64_t by_beacons_ns = mono_since(target, (mono){estimate->wanted.ns}).ns; /* it fits */
        int64_t until_ns =
            by_beacons_ns < occurrence->awaited.ns ? by_beacons_ns : occurrence->awaited.ns;
        target.ns = until_ns > target.ns ? until_ns : target.ns;
    }
    return target;
}

/* Its time is over.  Returns whether it is. */
static bool end(struct listener_occurrence *occurrence, instant now, instant release,
                struct listener_update *update)
{
    if (now.tai_ns < occurrence->ends.tai_ns) {
        return false;
    }
    if (occurrence->state == LISTENER_RELEASED) {
        tell_of(update, SAID_OVER, occurrence);
    } else if (occurrence->state == LISTENER_ARMED) {
        tell_missed(occurrence, instant_since(now, release), SAID_MISSED_AND_OVER, update);
    } else if (occurrence->state != LISTENER_OVER && occurrence->is_moved && !occurrence->is_told &&
               occurrence->state != LISTENER_BEFORE) {
        occurrence->is_told = true;
        tell_of(update, SAID_OVER_ALREADY, occurrence);
    }
    occurrence->state = LISTENER_OVER;
    return true;
}

/* One occurrence by the drawing above, in either direction: an estimate that moved may make an end,
 * or a start that was joined late, lie ahead again; what was rung is not.  A clock that shows an
 * impossible date arms nothing.  An armed one that slipped into the past by a new estimate keeps
 * its shot, since the fire thread may be releasing it at this moment. */
static void plan_one(struct listener *listener, struct listener_occurrence *occurrence,
                     const struct discipline_clocks *clocks, struct listener_update *update)
{
    const struct discipline_estimate *estimate =
        listener_estimate(listener, &occurrence->name.root);
    instant now = estimate->best;
    instant release = {occurrence->starts.tai_ns - listener->options.site.latency.ns};
    if (occurrence->state == LISTENER_OVER && now.tai_ns < occurrence->ends.tai_ns) {
        occurrence->state = LISTENER_WAITING; /* the clock was wrong, or the end was moved */
    }
    if (occurrence->state != LISTENER_RELEASED && marking_is_rung(listener, &occurrence->name)) {
        if (occurrence->state != LISTENER_BEFORE && now.tai_ns < occurrence->ends.tai_ns &&
            !occurrence->is_told) {
            occurrence->is_told = true;
            tell_of(update, SAID_STARTED_BEFORE, occurrence);
        }
        occurrence->state = LISTENER_BEFORE;
    }
    if (end(occurrence, now, release, update)) {
        return;
    }
    if (occurrence->state == LISTENER_RELEASED || occurrence->state == LISTENER_BEFORE) {
        if (occurrence->state == LISTENER_RELEASED) {
            set_shot(listener, occurrence, discipline_when(estimate, release), update);
            wake_by(update, discipline_when(estimate, occurrence->ends));
        }
        return;
    }
    mono target =
        await_answer(listener, occurrence, estimate, discipline_when(estimate, release), update);
    if (clocks->now.ns < target.ns) {
        if (occurrence->state == LISTENER_JOINED) {
            occurrence->state =
                LISTENER_WAITING; /* the clock was put back: its start lies ahead again */
        }
        /* A clock that shows an impossible date starts nothing. */
        if (estimate->doubt == DOUBT_BELOW_FLOOR) {
            return;
        }
        arm(occurrence, update);
        if (target.ns - clocks->now.ns > ARM_AHEAD_NS) {
            wake_by(update, (mono){target.ns - ARM_AHEAD_NS});
        } else {
            marking_plan(listener, occurrence, target, clocks->now, update);
        }
        if (occurrence->state == LISTENER_ARMED) {
            set_shot(listener, occurrence, target, update);
            int64_t left = target.ns - clocks->now.ns;
            if (left > LAST_LOOK_NS) {
                wake_by(update, (mono){clocks->now.ns + left / 2});
            }
        }
    } else if (occurrence->state == LISTENER_ARMED &&
               clocks->now.ns - target.ns <= LISTENER_LATE_MAX_S * NS_PER_S) {
        /* its instant slipped into the past by a new estimate, or waits for the fire thread */
        marking_plan(listener, occurrence, target, clocks->now, update);
        set_shot(listener, occurrence, target, update);
    } else {
        join_late(occurrence, now, (span){clocks->now.ns - target.ns}, update);
    }
}

void plan_step(struct listener *listener, const struct discipline_clocks *clocks,
               struct listener_update *update)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        plan_one(listener, &listener->occurrence[i], clocks, update);
    }
}
