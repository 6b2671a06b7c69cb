/* marking.c -- which marks are asked for, and when: what this run promises to the disk before it
 * acts, and what an earlier run has left there. */
#include <assert.h>
#include <string.h>

#include "listener/internal.h"

/* A reboot takes longer, so little is lost by not ringing after one; a disk that stalls may take
 * nearly as long. */
static const int64_t FIRING_AHEAD_NS = 10 * NS_PER_S;
/* Estimates move the instant of a release by less, once they are as good as ten seconds before. */
static const int64_t SLACK_NS = 50 * NS_PER_MS;
static const int64_t FRESH_NS = 2 * NS_PER_S;
/* A release that an earlier plan let go is heard of within this. */
static const int64_t REPORT_NS = NS_PER_S;

static struct listener_mark *find(struct listener *listener, const struct listener_name *name)
{
    for (size_t i = 0; i < listener->mark_count; i++) {
        if (listener_name_equal(&listener->mark[i].name, name)) {
            return &listener->mark[i];
        }
    }
    return NULL;
}

void marking_judge(struct listener *listener, mono now)
{
    if (listener->has_judged_marks) {
        return;
    }
    listener->has_judged_marks = true;
    size_t kept = 0;
    for (size_t i = 0; i < listener->mark_count; i++) {
        if (listener_mark_is_rung(&listener->mark[i], &listener->options.boot, now)) {
            listener->mark[kept++] = listener->mark[i];
        }
    }
    listener->mark_count = kept;
}

bool marking_is_rung(struct listener *listener, const struct listener_name *name)
{
    return find(listener, name) != NULL;
}

void marking_keep_fired(struct listener *listener, const struct listener_mark *mark)
{
    struct listener_mark *place = find(listener, &mark->name);
    assert(listener->mark != NULL); /* the room has been given */
    if (place == NULL && listener->mark_count < listener->room.marks) {
        place = &listener->mark[listener->mark_count++];
    }
    if (place == NULL && listener->mark_count == 0) {
        return;
    }
    if (place == NULL) { /* the one that started longest ago gives way */
        place = &listener->mark[0];
        for (size_t i = 1; i < listener->mark_count; i++) {
            place = listener->mark[i].start.ns < place->start.ns ? &listener->mark[i] : place;
        }
    }
    *place = *mark;
}

static void ask(struct listener *listener, struct listener_occurrence *occurrence,
                const struct listener_mark *mark, struct listener_update *update)
{
    if (update->mark_count == listener->room.occurrences) {
        return; /* the next step asks */
    }
    occurrence->asked_id = ++listener->next_id;
    occurrence->asked = *mark;
    update->mark_id[update->mark_count] = occurrence->asked_id;
    update->mark[update->mark_count++] = *mark;
}

bool marking_is_covered(const struct listener_occurrence *occurrence, mono target)
{
    const struct listener_mark *mark = &occurrence->marked;
    return occurrence->is_marked && mark->kind == MARK_FIRING &&
           mark->start.ns == occurrence->start.ns && mark->not_before.ns <= target.ns;
}

/* A second one only when what is on its way is no promise: a slow disk is not to be filled with
 * them while the estimate jumps to and fro. */
static void plan_firing(struct listener *listener, struct listener_occurrence *occurrence,
                        mono target, struct listener_update *update)
{
    const struct listener_mark *asked = &occurrence->asked;
    if (occurrence->asked_id != 0 && asked->kind == MARK_FIRING &&
        asked->start.ns == occurrence->start.ns) {
        return;
    }
    if (occurrence->asked_id == 0 && marking_is_covered(occurrence, target) &&
        target.ns - occurrence->marked.not_before.ns < FRESH_NS) {
        return;
    }
    ask(listener, occurrence,
        &(struct listener_mark){.kind = MARK_FIRING,
                                .name = occurrence->name,
                                .start = occurrence->start,
                                .boot = listener->options.boot,
                                .not_before = {target.ns - SLACK_NS}},
        update);
}

/* A FIRING mark gives way to an ARMED one only when no release under it can still be unheard of. */
static void plan_armed(struct listener *listener, struct listener_occurrence *occurrence, mono now,
                       struct listener_update *update)
{
    bool is_asked = occurrence->asked_id != 0;
    const struct listener_mark *last = is_asked                ? &occurrence->asked
                                       : occurrence->is_marked ? &occurrence->marked
                                                               : NULL;
    if (last != NULL && last->kind == MARK_ARMED && last->start.ns == occurrence->start.ns) {
        return;
    }
    if (last != NULL && last->kind == MARK_FIRING &&
        (is_asked || now.ns - occurrence->far_since.ns < REPORT_NS)) {
        return;
    }
    ask(listener, occurrence,
        &(struct listener_mark){
            .kind = MARK_ARMED, .name = occurrence->name, .start = occurrence->start},
        update);
}

void marking_plan(struct listener *listener, struct listener_occurrence *occurrence, mono target,
                  mono now, struct listener_update *update)
{
    bool is_far = target.ns - now.ns > FIRING_AHEAD_NS;
    if (is_far && !occurrence->is_far) {
        occurrence->far_since = now;
    }
    occurrence->is_far = is_far;
    if (is_far) {
        plan_armed(listener, occurrence, now, update);
        wake_by(update, (mono){target.ns - FIRING_AHEAD_NS});
    } else {
        plan_firing(listener, occurrence, target, update);
    }
}

void marking_durable(struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        struct listener_occurrence *occurrence = &listener->occurrence[i];
        if (occurrence->asked_id == id && id != 0) {
            occurrence->asked_id = 0;
            occurrence->is_marked = true;
            occurrence->marked = occurrence->asked;
        }
    }
}
