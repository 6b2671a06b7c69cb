#include "tocsin-listen/gestures.h"

#include <stdio.h>
#include <string.h>

#include "show/show.h"

static const int64_t PREPARE_NS = 60 * NS_PER_S;
static const int64_t GRACE_NS = 60 * NS_PER_S;
/* Nearer to its release an occasion is not written anew: the fire thread may be handing it on. */
static const int64_t SETTLED_NS = NS_PER_S;

/* On the fire thread. */
static void release(void *context, uint64_t id)
{
    const struct gestures *gestures = context;
    hook_release(gestures->hook, id);
}

bool gestures_read(struct gestures *gestures, const char *run, const char *pipe,
                   char why[static 300])
{
    struct hook_error error;
    if (run != NULL && !hook_command_read(run, &gestures->run, &error)) {
        snprintf(why, 300, "--run: %.256s", error.message);
        return false;
    }
    if (pipe != NULL && !hook_command_read(pipe, &gestures->pipe, &error)) {
        snprintf(why, 300, "--pipe: %.256s", error.message);
        return false;
    }
    return true;
}

bool gestures_open(struct gestures *gestures, const struct clock *clock, const char *run,
                   const char *pipe, int bell, char why[static 300])
{
    memset(gestures, 0, sizeof *gestures);
    gestures->clock = clock;
    if (!gestures_read(gestures, run, pipe, why)) {
        return false;
    }
    struct hook_options options = {
        .run = run != NULL ? &gestures->run : NULL,
        .pipe = pipe != NULL ? &gestures->pipe : NULL,
        .bell = bell,
        .grace = {GRACE_NS},
    };
    const char *reason;
    if (!hook_new(&options, &gestures->hook)) {
        snprintf(why, 300, "no memory for the hooks");
        return false;
    }
    if (!fire_start(&(struct fire_options){.release = release,
                                           .context = gestures,
                                           .late_max = {LISTENER_LATE_MAX_S * NS_PER_S}},
                    &gestures->fire, &reason)) {
        snprintf(why, 300, "%.256s", reason);
        return false;
    }
    return true;
}

void gestures_close(struct gestures *gestures)
{
    fire_stop(gestures->fire);
    hook_free(gestures->hook);
    gestures->fire = NULL;
    gestures->hook = NULL;
}

static size_t find_ready(const struct gestures *gestures, uint64_t id)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        if (gestures->ready[i].in_use && gestures->ready[i].occurrence.id == id) {
            return i;
        }
    }
    return HOOK_SLOTS_MAX;
}

/* What --run reads, written beforehand: how it is when it starts, `latency` before T-0. */
static void write_start(const struct listener_occurrence *occurrence, span latency,
                        char out[static SHOW_LINE_SIZE])
{
    show_occasion(occurrence, "started", latency, out);
}

static void prepare(struct gestures *gestures, const struct listener_occurrence *occurrence,
                    span left, span latency, void (*problem)(void *context, const char *text),
                    void *context)
{
    size_t place = 0;
    while (place < HOOK_SLOTS_MAX && gestures->ready[place].in_use) {
        place++;
    }
    char line[SHOW_LINE_SIZE];
    struct hook_error error = {"too many gestures at once: this one has no hook"};
    write_start(occurrence, latency, line);
    if (place == HOOK_SLOTS_MAX || !hook_prepare(gestures->hook, occurrence->id, line, &error)) {
        problem(context, error.message);
        return;
    }
    show_occasion(occurrence, "ready", left, line);
    hook_tell(gestures->hook, occurrence->id, line);
    gestures->ready[place].in_use = true;
    gestures->ready[place].is_released = false;
    gestures->ready[place].occurrence = *occurrence;
    gestures->ready[place].told_left_s = INT64_MAX;
}

/* An amendment may come in the last minute. */
static void change(struct gestures *gestures, size_t place,
                   const struct listener_occurrence *occurrence, span latency)
{
    char before[SHOW_LINE_SIZE], line[SHOW_LINE_SIZE];
    write_start(&gestures->ready[place].occurrence, latency, before);
    write_start(occurrence, latency, line);
    if (strcmp(before, line) != 0) {
        hook_change(gestures->hook, occurrence->id, line);
    }
}

static void end(struct gestures *gestures, size_t place, const char *state, span left, mono now)
{
    char line[SHOW_LINE_SIZE];
    show_occasion(&gestures->ready[place].occurrence, state, left, line);
    hook_end(gestures->hook, gestures->ready[place].occurrence.id, line, now);
    gestures->ready[place].in_use = false;
}

void gestures_set(struct gestures *gestures, const struct listener *listener,
                  const struct listener_update *update, mono now,
                  void (*problem)(void *context, const char *text), void *context)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        gestures->ready[i].is_wanted = false;
    }
    struct fire_shot shot[FIRE_SHOTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < update->shot_count && count < FIRE_SHOTS_MAX; i++) {
        const struct listener_shot *wanted = &update->shot[i];
        const struct listener_occurrence *occurrence = listener_find(listener, wanted->id);
        if (occurrence == NULL) {
            continue;
        }
        span left = instant_since(occurrence->starts,
                                  listener_estimate(listener, &occurrence->name.root)->best);
        size_t place = find_ready(gestures, wanted->id);
        if (place == HOOK_SLOTS_MAX && occurrence->state != LISTENER_RELEASED &&
            wanted->target.ns - now.ns <= PREPARE_NS) {
            prepare(gestures, occurrence, left, listener->options.site.latency, problem, context);
            place = find_ready(gestures, wanted->id);
        }
        if (place < HOOK_SLOTS_MAX) {
            gestures->ready[place].is_wanted = true;
            gestures->ready[place].is_released |= occurrence->state == LISTENER_RELEASED;
            if (!gestures->ready[place].is_released && wanted->target.ns - now.ns > SETTLED_NS) {
                change(gestures, place, occurrence, listener->options.site.latency);
            }
            gestures->ready[place].occurrence = *occurrence;
        }
        if (!wanted->is_held) {
            shot[count++] =
                (struct fire_shot){wanted->id, clock_real(gestures->clock, wanted->target)};
        }
    }
    fire_set(gestures->fire, shot, count);
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        if (!gestures->ready[i].in_use) {
            continue;
        }
        const struct listener_occurrence *occurrence = &gestures->ready[i].occurrence;
        span left = instant_since(occurrence->starts,
                                  listener_estimate(listener, &occurrence->name.root)->best);
        if (!gestures->ready[i].is_wanted) {
            end(gestures, i, gestures->ready[i].is_released ? "ended" : "cancelled", left, now);
            continue;
        }
        int64_t left_s = left.ns / NS_PER_S;
        if (!gestures->ready[i].is_released && left.ns > 0 &&
            left_s != gestures->ready[i].told_left_s) {
            char line[SHOW_LINE_SIZE];
            show_occasion(&gestures->ready[i].occurrence, "countdown", left, line);
            hook_tell(gestures->hook, gestures->ready[i].occurrence.id, line);
            gestures->ready[i].told_left_s = left_s;
        }
    }
}

bool gestures_take_report(struct gestures *gestures, struct fire_report *out)
{
    if (!fire_take_report(gestures->fire, out)) {
        return false;
    }
    out->target = clock_seen(gestures->clock, out->target);
    out->released = clock_seen(gestures->clock, out->released);
    return true;
}
