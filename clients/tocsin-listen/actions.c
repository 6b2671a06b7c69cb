#include "tocsin-listen/actions.h"

#include <stdio.h>
#include <string.h>

#include "show/show.h"

static const int64_t PREPARE_NS = 60 * NS_PER_S;
static const int64_t GRACE_NS = 60 * NS_PER_S;
/* Nearer to its release an occasion is not written anew: the fire thread may be handing it on. */
static const int64_t SETTLED_NS = NS_PER_S;

/* On the fire thread. */
static void release(void *context, const uint64_t *id, size_t count)
{
    const struct actions *actions = context;
    hook_release(actions->hook, id, count);
    if (actions->bell != NULL) {
        bell_release(actions->bell);
    }
}

bool actions_read(struct actions *actions, const struct options *options, char why[static 300])
{
    struct hook_error error;
    if (options->run != NULL && !hook_command_read(options->run, &actions->run, &error)) {
        snprintf(why, 300, "--run: %.256s", error.message);
        return false;
    }
    if (options->pipe != NULL && !hook_command_read(options->pipe, &actions->pipe, &error)) {
        snprintf(why, 300, "--pipe: %.256s", error.message);
        return false;
    }
    return true;
}

bool actions_open(struct actions *actions, const struct options *options, const struct clock *clock,
                  int terminal, char why[static 300])
{
    memset(actions, 0, sizeof *actions);
    actions->clock = clock;
    actions->hook_is_piped = options->pipe != NULL;
    actions->is_drill = options->is_drill;
    if (!actions_read(actions, options, why)) {
        return false;
    }
    struct hook_options wanted = {
        .run = options->run != NULL ? &actions->run : NULL,
        .pipe = options->pipe != NULL ? &actions->pipe : NULL,
        .bell = terminal,
        .grace = {GRACE_NS},
        .is_drill = options->is_drill,
    };
    const char *reason;
    if (!hook_new(&wanted, &actions->hook)) {
        snprintf(why, 300, "no memory or descriptors for the hooks");
        return false;
    }
    if (!fire_start(&(struct fire_options){.release = release,
                                           .context = actions,
                                           .late_max = {LISTENER_LATE_MAX_S * NS_PER_S}},
                    &actions->fire, &reason)) {
        snprintf(why, 300, "%.256s", reason);
        return false;
    }
    return true;
}

void actions_close(struct actions *actions)
{
    fire_stop(actions->fire);
    if (actions->bell != NULL) {
        bell_close(actions->bell);
        actions->bell = NULL;
    }
    hook_free(actions->hook);
    actions->fire = NULL;
    actions->hook = NULL;
}

static struct ready *find_ready(struct actions *actions, uint64_t id)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        if (actions->ready[i].in_use && actions->ready[i].occurrence.id == id) {
            return &actions->ready[i];
        }
    }
    return NULL;
}

/* What --run reads, written beforehand: how it is when it starts, `latency` before T-0. */
static void write_start(const struct actions *actions, const struct listener_occurrence *occurrence,
                        span latency, char out[static SHOW_LINE_SIZE])
{
    show_occasion(occurrence, actions->is_drill, "started", latency, out);
}

/* What cannot be prepared is told at once, and tried again each second. */
static void try_hook(struct actions *actions, struct ready *ready, span left, span latency,
                     mono now, actions_tell tell, void *context)
{
    const struct listener_occurrence *occurrence = &ready->occurrence;
    bool is_first = ready->again_at.ns == 0;
    char line[SHOW_LINE_SIZE], text[SHOW_LINE_SIZE];
    struct hook_error error;
    write_start(actions, occurrence, latency, line);
    if (!hook_prepare(actions->hook, occurrence->id, line, &error)) {
        ready->again_at.ns = now.ns + NS_PER_S;
        snprintf(text, sizeof text, "%s: its start will do nothing here, unless this is mended: %s",
                 occurrence->title, error.message);
    } else {
        ready->is_prepared = true;
        show_occasion(occurrence, actions->is_drill, "ready", left, line);
        hook_tell(actions->hook, occurrence->id, line);
        snprintf(text, sizeof text, "%s: prepared after all", occurrence->title);
    }
    if (is_first != ready->is_prepared) {
        tell(context, text, false);
    }
}

static struct ready *find_place(struct actions *actions)
{
    size_t place = 0;
    while (place < HOOK_SLOTS_MAX && actions->ready[place].in_use) {
        place++;
    }
    return place < HOOK_SLOTS_MAX ? &actions->ready[place] : NULL;
}

/* An amendment may come in the last minute. */
static void change(struct actions *actions, const struct listener_occurrence *occurrence,
                   span latency)
{
    char line[SHOW_LINE_SIZE];
    write_start(actions, occurrence, latency, line);
    hook_change(actions->hook, occurrence->id, line);
}

static void end(struct actions *actions, struct ready *ready, const char *state, span left,
                mono now)
{
    char line[SHOW_LINE_SIZE];
    show_occasion(&ready->occurrence, actions->is_drill, state, left, line);
    hook_end(actions->hook, ready->occurrence.id, line, now);
    ready->in_use = false;
}

static span left_until(const struct listener *listener,
                       const struct listener_occurrence *occurrence)
{
    return instant_since(occurrence->starts,
                         listener_estimate(listener, &occurrence->name.root)->best);
}

/* One shot that should be set; returns whether the fire thread may have it. */
static bool set_one(struct actions *actions, const struct listener *listener,
                    const struct listener_shot *wanted, mono now, actions_tell tell, void *context)
{
    const struct listener_occurrence *occurrence = listener_find(listener, wanted->id);
    if (occurrence == NULL) {
        return false;
    }
    span left = left_until(listener, occurrence);
    span latency = listener->options.site.latency;
    bool is_ahead = occurrence->state != LISTENER_RELEASED;
    struct ready *ready = find_ready(actions, wanted->id);
    if (ready == NULL && is_ahead && wanted->target.ns - now.ns <= PREPARE_NS &&
        (ready = find_place(actions)) != NULL) {
        *ready =
            (struct ready){.in_use = true, .occurrence = *occurrence, .told_left_s = INT64_MAX};
        try_hook(actions, ready, left, latency, now, tell, context);
    }
    if (ready != NULL) {
        bool is_settled = !is_ahead || wanted->target.ns - now.ns <= SETTLED_NS;
        bool is_same = is_settled || show_is_same_occasion(&ready->occurrence, occurrence);
        ready->is_wanted = true;
        ready->is_released |= !is_ahead;
        ready->occurrence = *occurrence;
        if (!ready->is_prepared && is_ahead && now.ns >= ready->again_at.ns) {
            try_hook(actions, ready, left, latency, now, tell, context);
        } else if (!is_same) {
            change(actions, occurrence, latency);
        }
    }
    return !wanted->is_held;
}

static void tell_left(struct actions *actions, struct ready *ready, span left)
{
    int64_t left_s = left.ns / NS_PER_S;
    if (!ready->is_released && left.ns > 0 && left_s != ready->told_left_s &&
        actions->hook_is_piped) {
        char line[SHOW_LINE_SIZE];
        show_occasion(&ready->occurrence, actions->is_drill, "countdown", left, line);
        hook_tell(actions->hook, ready->occurrence.id, line);
        ready->told_left_s = left_s;
    }
}

static void keep_bell(struct actions *actions)
{
    bool is_wanted = false;
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        const struct ready *ready = &actions->ready[i];
        is_wanted |= ready->in_use && (!ready->is_released || actions->is_bell_held);
    }
    if (actions->bell != NULL && is_wanted) {
        bell_prepare(actions->bell);
    } else if (actions->bell != NULL) {
        bell_rest(actions->bell);
    }
}

void actions_set(struct actions *actions, const struct listener *listener,
                 const struct listener_update *update, mono now, actions_tell tell, void *context)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        actions->ready[i].is_wanted = false;
    }
    struct fire_shot shot[FIRE_SHOTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < update->shot_count && count < FIRE_SHOTS_MAX; i++) {
        const struct listener_shot *wanted = &update->shot[i];
        if (set_one(actions, listener, wanted, now, tell, context)) {
            shot[count++] =
                (struct fire_shot){wanted->id, clock_real(actions->clock, wanted->target)};
        }
    }
    fire_set(actions->fire, shot, count);
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        struct ready *ready = &actions->ready[i];
        span left = left_until(listener, &ready->occurrence);
        if (ready->in_use && !ready->is_wanted) {
            end(actions, ready, ready->is_released ? "ended" : "cancelled", left, now);
        } else if (ready->in_use) {
            tell_left(actions, ready, left);
        }
    }
    keep_bell(actions);
}

void actions_keep_start(struct actions *actions, const struct show_start *start, actions_tell tell,
                        void *context)
{
    struct ready *ready = find_ready(actions, start->occurrence.id);
    if (ready != NULL && ready->is_prepared) {
        ready->is_measured = true;
        ready->start = *start;
        return;
    }
    char text[SHOW_LINE_SIZE];
    snprintf(text, sizeof text, "%s: nothing was prepared, and nothing was started",
             start->occurrence.title);
    tell(context, text, true);
}

/* A sentence about a hook; false when there is nothing to say. */
static bool write_news(const struct hook_news *news, const char *title,
                       char out[static SHOW_LINE_SIZE])
{
    char what[200];
    switch (news->kind) {
    case HOOK_STARTED:
        return false;
    case HOOK_FAILED:
        snprintf(what, sizeof what, "could not be %s: %.100s",
                 news->is_pipe && !news->is_early ? "told GO" : "started", strerror(news->code));
        break;
    case HOOK_EXITED:
        snprintf(what, sizeof what, "ended with exit status %d", news->code);
        break;
    case HOOK_KILLED:
        snprintf(what, sizeof what, "was ended by signal %d", news->code);
        break;
    case HOOK_AGAIN:
        snprintf(what, sizeof what, "was started again");
        break;
    }
    snprintf(out, SHOW_LINE_SIZE, "%s: the command %s%s (%s)", news->is_pipe ? "--pipe" : "--run",
             what, news->is_early && news->kind != HOOK_AGAIN ? " before the start" : "", title);
    return news->kind != HOOK_EXITED || news->code != 0 || news->is_early;
}

static bool is_failure(const struct hook_news *news)
{
    return !news->is_early && !news->is_ours &&
           (news->kind == HOOK_FAILED || news->kind == HOOK_KILLED ||
            (news->kind == HOOK_EXITED && news->code != 0));
}

void actions_poll(struct actions *actions, mono now,
                  void (*started)(void *context, const struct show_start *start), actions_tell tell,
                  void *context)
{
    struct hook_news news;
    while (hook_poll(actions->hook, now, &news)) {
        struct ready *ready = find_ready(actions, news.id);
        char text[SHOW_LINE_SIZE];
        if (write_news(&news, ready != NULL ? ready->occurrence.title : "over", text)) {
            tell(context, text, is_failure(&news));
        }
        if (ready != NULL && news.kind == HOOK_STARTED) {
            ready->is_done = true;
        } else if (ready != NULL && news.kind == HOOK_AGAIN && news.is_pipe) {
            show_occasion(&ready->occurrence, actions->is_drill, "ready",
                          (span){ready->told_left_s * NS_PER_S}, text);
            hook_tell(actions->hook, news.id, text);
        }
    }
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        struct ready *ready = &actions->ready[i];
        if (ready->in_use && ready->is_done && ready->is_measured) {
            ready->is_measured = false;
            started(context, &ready->start);
        }
    }
}

bool actions_is_idle(const struct actions *actions)
{
    bool is_held = false;
    for (size_t i = 0; i < HOOK_SLOTS_MAX && actions->is_bell_held; i++) {
        is_held |= actions->ready[i].in_use && actions->ready[i].is_released;
    }
    return hook_is_idle(actions->hook) &&
           (actions->bell == NULL || (bell_is_idle(actions->bell) && !is_held));
}

bool actions_take_report(struct actions *actions, struct fire_report *out)
{
    if (!fire_take_report(actions->fire, out)) {
        return false;
    }
    out->target = clock_seen(actions->clock, out->target);
    out->released = clock_seen(actions->clock, out->released);
    return true;
}
