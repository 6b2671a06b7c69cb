#include <string.h>

#include "listener/mind.h"

static const int64_t ARM_AHEAD_NS = 600 * NS_PER_S;
/* An armed shot whose instant slipped into the past by a new estimate is still rung, up to this. */
static const int64_t LATE_MAX_NS = 2 * NS_PER_S;

static struct listener_mark *find_mark(struct listener *listener, const struct listener_name *name)
{
    for (size_t i = 0; i < listener->mark_count; i++) {
        if (listener_name_equal(&listener->mark[i].name, name)) {
            return &listener->mark[i];
        }
    }
    return NULL;
}

/* The last word about a name holds; fired is never taken back: the mark of a moved start may become
 * durable only after the shot for the old one went out. */
static void keep_mark(struct listener *listener, const struct listener_mark *mark)
{
    struct listener_mark *known = find_mark(listener, &mark->name);
    if (known != NULL) {
        bool is_fired = known->is_fired || mark->is_fired;
        *known = *mark;
        known->is_fired = is_fired;
        return;
    }
    if (listener->mark_count ==
        LISTENER_MARKS_MAX) { /* the one that started longest ago gives way */
        size_t oldest = 0;
        for (size_t i = 1; i < LISTENER_MARKS_MAX; i++) {
            if (listener->mark[i].start.ns < listener->mark[oldest].start.ns) {
                oldest = i;
            }
        }
        listener->mark[oldest] = *mark;
        return;
    }
    listener->mark[listener->mark_count++] = *mark;
}

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
    next->is_mark_asked = before->is_mark_asked;
    next->is_marked = before->is_marked;
    next->marked_start = before->marked_start;
    next->is_told = before->is_told;
    if (before->start.ns != next->start.ns) {
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
        if ((before->state == LISTENER_WAITING || before->state == LISTENER_ARMED) &&
            before->end.ns > now.ns &&
            find_by_name(listener->gathered, count, &before->name) == NULL &&
            (count < LISTENER_OCCURRENCES_MAX ||
             before->start.ns < listener->gathered[count - 1].start.ns)) {
            tell(update, NEWS_WITHDRAWN, before, "%s is called off", before->title);
        }
    }
    memcpy(listener->occurrence, listener->gathered, count * sizeof *listener->occurrence);
    listener->occurrence_count = count;
    listener->has_records = true;
}

void plan_marked(struct listener *listener, uint64_t id)
{
    struct listener_occurrence *occurrence = find_occurrence(listener, id);
    if (occurrence != NULL && occurrence->is_mark_asked) {
        occurrence->is_mark_asked = false;
        occurrence->is_marked = true;
        keep_mark(listener,
                  &(struct listener_mark){occurrence->name, occurrence->marked_start, false});
    }
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
    struct listener_mark mark = {.name = occurrence != NULL ? occurrence->name : set->name,
                                 .start = occurrence != NULL ? occurrence->start : set->start,
                                 .is_fired = true};
    keep_mark(listener, &mark);
    if (update->mark_count < LISTENER_SHOTS_MAX) {
        update->mark_id[update->mark_count] = 0; /* nobody waits for this one */
        update->mark[update->mark_count++] = mark;
    }
}

/* T-0 is in the past and was not rung by this run. */
static void join_late(struct listener_occurrence *occurrence, utc now,
                      struct listener_update *update)
{
    bool was_armed = occurrence->state == LISTENER_ARMED;
    occurrence->state = LISTENER_JOINED;
    if (!occurrence->is_told) {
        occurrence->is_told = true;
        tell(update, NEWS_JOINED, occurrence, "%s began %lld s ago: joining quietly%s",
             occurrence->title, (long long)((now.ns - occurrence->start.ns) / NS_PER_S),
             was_armed ? "; the clock passed over its start" : "");
    }
}

static void ask_mark(struct listener_occurrence *occurrence, struct listener_update *update)
{
    if (update->mark_count == LISTENER_SHOTS_MAX) {
        return;
    }
    occurrence->is_mark_asked = true;
    occurrence->is_marked = false;
    occurrence->marked_start = occurrence->start;
    update->mark_id[update->mark_count] = occurrence->id;
    update->mark[update->mark_count++] =
        (struct listener_mark){occurrence->name, occurrence->start, false};
}

/* A fired mark holds for ever, whatever the clock did since.  A mark that is only armed, left by an
 * earlier run, means that perhaps it was rung, once its start has passed; it never rings early, so
 * while its start lies ahead nothing was rung. */
static bool was_rung_before(struct listener *listener, const struct listener_occurrence *occurrence,
                            utc now)
{
    const struct listener_mark *mark = find_mark(listener, &occurrence->name);
    if (mark == NULL || mark->is_fired) {
        return mark != NULL;
    }
    bool is_of_this_run =
        occurrence->state == LISTENER_ARMED || occurrence->is_mark_asked || occurrence->is_marked;
    return !is_of_this_run && now.ns >= mark->start.ns - listener->options.site.latency.ns;
}

static void plan_ahead(struct listener_occurrence *occurrence, mono target,
                       const struct discipline_clocks *clocks, struct listener_update *update)
{
    bool is_mark_right =
        occurrence->is_marked && occurrence->marked_start.ns == occurrence->start.ns;
    if (is_mark_right && occurrence->state != LISTENER_ARMED) {
        occurrence->state = LISTENER_ARMED;
        tell(update, NEWS_ARMED, occurrence, "%s is armed", occurrence->title);
    }
    if (target.ns - clocks->now.ns > ARM_AHEAD_NS) {
        wake_by(update, (mono){target.ns - ARM_AHEAD_NS});
        return;
    }
    if (!is_mark_right &&
        !(occurrence->is_mark_asked && occurrence->marked_start.ns == occurrence->start.ns)) {
        ask_mark(occurrence, update);
    }
}

static void set_shot(struct listener *listener, const struct listener_occurrence *occurrence,
                     mono target, struct listener_update *update)
{
    if (update->shot_count == LISTENER_SHOTS_MAX) {
        return;
    }
    update->shot[update->shot_count++] = (struct listener_shot){occurrence->id, target};
    struct listener_set *set = find_set(listener, occurrence->id);
    if (set == NULL) {
        set = &listener->set[listener->next_set++ % LISTENER_SETS_MAX];
    }
    *set = (struct listener_set){occurrence->id, occurrence->name, occurrence->start};
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
    if (occurrence->state != LISTENER_RELEASED && was_rung_before(listener, occurrence, now)) {
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
            }
            occurrence->state = LISTENER_OVER;
        }
        return;
    }
    if (occurrence->state == LISTENER_RELEASED || occurrence->state == LISTENER_BEFORE) {
        if (occurrence->state == LISTENER_RELEASED) {
            set_shot(listener, occurrence, discipline_when(estimate, release_at),
                     update); /* the thread knows it is out */
        }
        return;
    }
    release_at.ns += leaps_ahead(listener, occurrence->start).ns;
    mono target = discipline_when(estimate, release_at);
    if (clocks->now.ns < target.ns) {
        if (occurrence->state == LISTENER_JOINED) {
            occurrence->state =
                LISTENER_WAITING; /* the clock was put back: its start lies ahead again */
        }
        /* A clock that shows an impossible date starts nothing. */
        if (estimate->doubt == DOUBT_BELOW_FLOOR) {
            return;
        }
        plan_ahead(occurrence, target, clocks, update);
        if (occurrence->state == LISTENER_ARMED) {
            set_shot(listener, occurrence, target, update);
        }
    } else if (occurrence->state == LISTENER_ARMED && clocks->now.ns - target.ns <= LATE_MAX_NS) {
        set_shot(listener, occurrence, target, update);
    } else {
        join_late(occurrence, now, update);
    }
}

void plan_step(struct listener *listener, const struct discipline_clocks *clocks,
               struct listener_update *update)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        plan_one(listener, &listener->occurrence[i], clocks, update);
    }
}
