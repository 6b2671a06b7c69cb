/* hook/child.h -- inside of the module: one process of a gesture.
 *
 * Forked by the loop long before it is needed.  One with a gate waits there, with all that it will
 * have, so that nothing remains for T-0 but to wake it up and to exec: no memory, no descriptor and
 * no process can be wanting then, and any number start at once. */
#ifndef HOOK_CHILD_H
#define HOOK_CHILD_H

#include <stdatomic.h>
#include <sys/resource.h>

#include "hook/command.h"
#include "instants/instant.h"

enum gate { GATE_SHUT, GATE_OPEN, GATE_CALLED_OFF };

/* In memory that children share with us.  Whoever changes gates adds one to `turn`, then wakes. */
struct gates {
    atomic_uint turn; /* a futex */
    atomic_uint gate[];
};

struct child {
    atomic_int pid;     /* 0: none (any more) */
    atomic_int failure; /* errno of what the fire thread could not do, until told */
    int status; /* readable once it has been executed (end of file), or could not be (errno);
                 * -1: known */
    bool is_executed;
    bool has_ended; /* and is still to be collected */
    bool is_mute;   /* its end is not worth telling */
    int killed;     /* how many times a signal was sent */
    mono again_at;
    unsigned tries;
};

/* What every child gets. */
struct child_setting {
    const struct hook_command *command;
    char *const *environment;
    int input, output;
    struct gates *gates;
    atomic_uint *gate; /* NULL: it starts at once */
    struct rlimit files;
};

/* Forks.  False with errno. */
bool child_start(struct child *child, const struct child_setting *setting);

/* Reads `status` where something has come: the errno of an exec that failed, else 0. */
int child_judge(struct child *child);

/* Sees whether it has ended by now. */
void child_look(struct child *child);

/* Collects one that was seen to have ended: *status is as of waitpid.  False: it goes on. */
bool child_collect(struct child *child, int *status);

/* Wakes all who wait, to look at their gates. */
void child_wake_all(struct gates *gates);

#endif
