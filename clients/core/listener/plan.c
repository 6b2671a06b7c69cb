#include <string.h>

#include "listener/mind.h"

static const int64_t ARM_AHEAD_NS = 600 * NS_PER_S;
/* From a question to its answer; and how long a start waits for one at most: the calm cadence, and
 * that. */
static const int64_t ANSWER_NS = 2 * NS_PER_S, AWAIT_MAX_NS = 62 * NS_PER_S;

static struct listener_occurrence *find_occurrence(struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        if (listener->occurrence[i].id == id) {
            return &listener->occurrence[i];
        }
    }
    return NULL;
}

/* What a shot was set for, even when the records have forgotten it since. */
static struct listener_set *find_set(struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < LISTENER_SETS_MAX; i++) {
        if (listener->set[i].id == id && id != 0) {
            return &listener->set[i];
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
        tell(update, NEWS_MOVED, next, "%s was moved", next->title);
        if (next->state == LISTENER_ARMED) {
            next->state = LISTENER_WAITING; /* its mark names the old start */
        }
        if (next->state == LISTENER_WAITING || next->state == LISTENER_JOINED ||
            next->state == LISTENER_OVER) {
            next->is_told = false;
        }
    }
}

void plan_records(struct listener *listener, const struct listener_event *event,
                  struct listener_update *update)
{
    utc now = listener->estimate.best;
    size_t count = listener_gather(event->view, &listener->options.site, &listener->options.leap,
                                   now, listener->gathered, LISTENER_OCCURRENCES_MAX);
    for (size_t i = 0; i < count; i++) {
        inherit(listener, &listener->gathered[i], update);
    }
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        const struct listener_occurrence *before = &listener->occurrence[i];
        bool is_gone = before->end.ns > now.ns &&
                       find_by_name(listener->gathered, count, &before->name) == NULL &&
                       (count < LISTENER_OCCURRENCES_MAX ||
                        before->start.ns < listener->gathered[count - 1].start.ns);
        if (is_gone && (before->state == LISTENER_WAITING || before->state == LISTENER_ARMED)) {
            tell(update, NEWS_WITHDRAWN, before, "%s is called off", before->title);
        } else if (is_gone && before->state == LISTENER_RELEASED) {
            tell(update, NEWS_ENDED, before, "%s is called off while it goes on: it is over",
                 before->title);
        }
    }
    memcpy(listener->occurrence, listener->gathered, count * sizeof *listener->occurrence);
    listener->occurrence_count = count;
    listener->has_records = true;
}

void plan_fired(struct listener *listener, const struct listener_event *event,
                struct listener_update *update)
{
    const struct listener_set *set = find_set(listener, event->id);
    struct listener_occurrence *occurrence = find_occurrence(listener, event->id);
    if (occurrence != NULL) {
        occurrence->state = LISTENER_RELEASED;
        tell(update, NEWS_STARTED, occurrence, "%s has begun", occurrence->title);
    } else if (set == NULL) {
        return; /* no shot of ours */
    }
    /* One that was withdrawn in the very moment keeps its mark, too: it may come back. */
    struct listener_mark mark = {.kind = MARK_FIRED,
                                 .name = occurrence != NULL ? occurrence->name : set->name,
                                 .start = occurrence != NULL ? occurrence->start : set->start};
    marking_keep_fired(listener, &mark);
    if (update->mark_count < LISTENER_SHOTS_MAX) {
        update->mark_id[update->mark_count] = 0; /* nobody waits for this one */
        update->mark[update->mark_count++] = mark;
    }
}

/* What was armed was promised: whoever relied on it hears that it did not come. */
static void tell_missed(struct listener_occurrence *occurrence, span late, const char *ending,
                        struct listener_update *update)
{
    occurrence->is_told = true;
    tell(update, NEWS_MISSED, occurrence,
         "%s was missed by %lld s (this host stood still, its clock jumped or its disk was slow): "
         "%s",
         occurrence->title, (long long)(late.ns / NS_PER_S), ending);
}

/* Its release is in the past, by `late`, and was not rung by this run. */
static void join_late(struct listener_occurrence *occurrence, utc now, span late,
                      struct listener_update *update)
{
    bool was_armed = occurrence->state == LISTENER_ARMED;
    occurrence->state = LISTENER_JOINED;
    if (was_armed) {
        tell_missed(occurrence, late, "joining quietly", update);
    } else if (!occurrence->is_told && now.ns < occurrence->start.ns) {
        occurrence->is_told = true;
        tell(update, NEWS_JOINED, occurrence,
             "%s is %lld s away, nearer than its latency: joining quietly", occurrence->title,
             (long long)((occurrence->start.ns - now.ns) / NS_PER_S));
    } else if (!occurrence->is_told) {
        occurrence->is_told = true;
        tell(update, NEWS_JOINED, occurrence, "%s began %lld s ago: joining quietly",
             occurrence->title, (long long)((now.ns - occurrence->start.ns) / NS_PER_S));
    }
}

static void arm(struct listener_occurrence *occurrence, struct listener_update *update)
{
    if (occurrence->is_marked && occurrence->marked.start.ns == occurrence->start.ns &&
        occurrence->state != LISTENER_ARMED) {
        occurrence->state = LISTENER_ARMED;
        tell(update, NEWS_ARMED, occurrence, "%s is armed", occurrence->title);
    }
}

static void set_shot(struct listener *listener, const struct listener_occurrence *occurrence,
                     mono target, struct listener_update *update)
{
    if (update->shot_count == LISTENER_SHOTS_MAX) {
        return;
    }
    update->shot[update->shot_count++] =
        (struct listener_shot){.id = occurrence->id,
                               .target = target,
                               .is_held = occurrence->state == LISTENER_RELEASED ||
                                          !marking_is_covered(occurrence, target)};
    struct listener_set *set = find_set(listener, occurrence->id);
    if (set == NULL) {
        set = &listener->set[listener->next_set++ % LISTENER_SETS_MAX];
    }
    *set = (struct listener_set){occurrence->id, occurrence->name, occurrence->start};
}

/* A clock that is ahead would start before anybody else while the answer that corrects it is on its
 * way.  The first question alone is waited for: whoever holds back ticks and answers makes a start
 * late by so much once, and silences none. */
static mono await_answer(struct listener *listener, struct listener_occurrence *occurrence,
                         mono target, mono now, struct listener_update *update)
{
    const struct discipline_estimate *estimate = &listener->estimate;
    const struct listener_question *question = &listener->question;
    if (estimate->doubt != DOUBT_UNASKED || estimate->wanted.ns >= 0) {
        occurrence->is_awaiting = false;
        return target;
    }
    bool is_first =
        question->is_planned ? question->tries == 0 : question->is_open && question->tries == 1;
    int64_t answered_ns = question->at.ns + ANSWER_NS;
    if (is_first && !occurrence->is_awaiting && occurrence->state != LISTENER_JOINED &&
        target.ns < answered_ns && answered_ns - now.ns <= AWAIT_MAX_NS) {
        occurrence->is_awaiting = true;
        occurrence->awaited.ns = answered_ns;
        tell(update, NEWS_CLOCK, occurrence,
             "%s waits up to %lld s for a beacon's answer: by the beacons it is earlier",
             occurrence->title, (long long)((answered_ns - now.ns) / NS_PER_S) + 1);
    }
    if (occurrence->is_awaiting) {
        int64_t by_beacons_ns = mono_since(target, (mono){estimate->wanted.ns}).ns; /* it fits */
        int64_t until_ns =
            by_beacons_ns < occurrence->awaited.ns ? by_beacons_ns : occurrence->awaited.ns;
        target.ns = until_ns > target.ns ? until_ns : target.ns;
    }
    return target;
}

static void plan_one(struct listener *listener, struct listener_occurrence *occurrence,
                     const struct discipline_clocks *clocks, struct listener_update *update)
{
    const struct discipline_estimate *estimate = &listener->estimate;
    utc now = estimate->best;
    utc release_at = {occurrence->start.ns - listener->options.site.latency.ns};
    if (occurrence->state == LISTENER_OVER && now.ns < occurrence->end.ns) {
        occurrence->state = LISTENER_WAITING; /* the clock was wrong, or the end was moved */
    }
    if (occurrence->state != LISTENER_RELEASED && marking_is_rung(listener, &occurrence->name)) {
        if (occurrence->state != LISTENER_BEFORE && now.ns < occurrence->end.ns &&
            !occurrence->is_told) {
            occurrence->is_told = true;
            tell(update, NEWS_BEFORE, occurrence,
                 "%s was started here before: it is not started again", occurrence->title);
        }
        occurrence->state = LISTENER_BEFORE;
    }
    if (now.ns >= occurrence->end.ns) {
        if (occurrence->state != LISTENER_OVER) {
            if (occurrence->state == LISTENER_RELEASED) {
                tell(update, NEWS_ENDED, occurrence, "%s is over", occurrence->title);
            } else if (occurrence->state == LISTENER_ARMED) {
                tell_missed(occurrence, (span){now.ns - release_at.ns}, "it is over", update);
            } else if (occurrence->is_moved && !occurrence->is_told &&
                       occurrence->state != LISTENER_BEFORE) {
                occurrence->is_told = true;
                tell(update, NEWS_JOINED, occurrence, "%s is over already, and was not started",
                     occurrence->title);
            }
            occurrence->state = LISTENER_OVER;
        }
        return;
    }
    if (occurrence->state == LISTENER_RELEASED || occurrence->state == LISTENER_BEFORE) {
        if (occurrence->state == LISTENER_RELEASED) {
            set_shot(listener, occurrence, discipline_when(estimate, release_at), update);
            wake_by(update, discipline_when(estimate, occurrence->end));
        }
        return;
    }
    release_at.ns += leaps_ahead(listener, occurrence->start).ns;
    mono target = await_answer(listener, occurrence, discipline_when(estimate, release_at),
                               clocks->now, update);
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
