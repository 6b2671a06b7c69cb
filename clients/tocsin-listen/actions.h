/* tocsin-listen/actions.h -- the fire thread, the hooks and the bell together: from the shots the
 * mind wants to what happens at T-0. */
#ifndef LISTEN_ACTIONS_H
#define LISTEN_ACTIONS_H

#include "bell/bell.h"
#include "clock/clock.h"
#include "fire/fire.h"
#include "hook/hook.h"
#include "listener/listener.h"
#include "show/show.h"
#include "tocsin-listen/options.h"

/* A shot whose hook is prepared, or should be. */
struct ready {
    bool in_use, is_released, is_wanted;
    bool is_prepared;
    mono again_at; /* when it was not: the next try */
    /* Of its release: it was measured; the hook has started. */
    bool is_measured, is_done;
    struct show_start start;
    struct listener_occurrence occurrence;
    int64_t told_left_s;
};

struct actions {
    const struct clock *clock;
    bool hook_is_piped, is_drill;
    struct fire *fire;
    struct hook *hook;
    struct bell *bell; /* NULL: none; its owner's until actions_close */
    bool is_bell_held; /* for as long as a gesture goes on: a lamp */
    struct hook_command run, pipe;
    struct ready ready[HOOK_SLOTS_MAX];
};

/* What became of hooks: is_failure where a gesture did not happen as it should. */
typedef void (*actions_tell)(void *context, const char *text, bool is_failure);

/* Splits the commands that are wanted and looks for their programs; false with a sentence. */
bool actions_read(struct actions *actions, const struct options *options, char why[static 300]);

/* With the terminal whose bell rings (-1: none).  False with a sentence. */
bool actions_open(struct actions *actions, const struct options *options, const struct clock *clock,
                  int terminal, char why[static 300]);
void actions_close(struct actions *actions);

/* Prepares hooks that are due within a minute, sets the shots, tells waiting processes the time
 * left and ends what is over or called off.  tell is called with what could not be prepared. */
void actions_set(struct actions *actions, const struct listener *listener,
                 const struct listener_update *update, mono now, actions_tell tell, void *context);

/* A release was measured: *start is kept, and told as started only when the hook has. */
void actions_keep_start(struct actions *actions, const struct show_start *start, actions_tell tell,
                        void *context);

/* Looks after the hooks: started is called with each release that has become a gesture, tell with
 * what has not. */
void actions_poll(struct actions *actions, mono now,
                  void (*started)(void *context, const struct show_start *start), actions_tell tell,
                  void *context);

/* Whether nothing that was started goes on. */
bool actions_is_idle(const struct actions *actions);

/* Takes what the fire thread released, in the mind's clock. */
TOCSIN_MUST_USE bool actions_take_report(struct actions *actions, struct fire_report *out);

#endif
