/* tocsin-listen/gestures.h -- the fire thread and the hooks together: from the shots the mind wants
 * to what happens at T-0. */
#ifndef LISTEN_GESTURES_H
#define LISTEN_GESTURES_H

#include "clock/clock.h"
#include "fire/fire.h"
#include "hook/hook.h"
#include "listener/listener.h"

struct gestures {
    const struct clock *clock;
    struct fire *fire;
    struct hook *hook;
    struct hook_command run, pipe;
    struct {
        bool in_use, is_released, is_wanted;
        struct listener_occurrence occurrence;
        int64_t told_left_s;
    } ready[HOOK_SLOTS_MAX];
    size_t children; /* hooks' processes that were started and have not ended, as far as is known */
};

/* Splits the commands (NULL: none) and looks for their programs; false with a sentence. */
bool gestures_read(struct gestures *gestures, const char *run, const char *pipe,
                   char why[static 300]);

/* run and pipe may be NULL; False with a sentence. */
bool gestures_open(struct gestures *gestures, const struct clock *clock, const char *run,
                   const char *pipe, int bell, char why[static 300]);
void gestures_close(struct gestures *gestures);

/* Prepares hooks that are due within a minute, sets the shots, tells waiting processes the time
 * left and ends what is over or called off.  problem is called with what could not be prepared. */
void gestures_set(struct gestures *gestures, const struct listener *listener,
                  const struct listener_update *update, mono now,
                  void (*problem)(void *context, const char *text), void *context);

/* Takes what the fire thread released, in the mind's clock. */
TOCSIN_MUST_USE bool gestures_take_report(struct gestures *gestures, struct fire_report *out);

#endif
