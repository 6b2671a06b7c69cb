/* hook/hook.h -- what a site does at T-0: a command, a waiting process that is told GO, a bell.
 *
 * Shell; its outside thing is processes.  Everything slow happens beforehand, in hook_prepare; then
 * hook_release, which alone runs on the fire thread, makes one or two system calls.  Children get a
 * fixed argument vector, a short fixed environment, no descriptor but 0, 1 and 2, their own process
 * group, and a time limit.  Window text reaches them as a line of JSON on standard input, nowhere
 * else. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include "hook/command.h"
#include "instants/instant.h"

enum { HOOK_SLOTS_MAX = 16 };

struct hook_options {
    const struct hook_command *run;  /* NULL: none.  Spawned at T-0; the occasion on its stdin */
    const struct hook_command *pipe; /* NULL: none.  Spawned by hook_prepare, told GO at T-0 */
    int bell;                        /* a terminal's descriptor, or -1 */
    span grace;                      /* how long a child may live after its occasion has ended */
};

enum hook_news_kind {
    HOOK_FAILED, /* it could not be spawned, or GO could not be written: `code` is errno */
    HOOK_EXITED, /* `code` is its exit status */
    HOOK_KILLED, /* by signal `code` */
};

struct hook_news {
    enum hook_news_kind kind;
    bool is_pipe;
    uint64_t id;
    int code;
};

struct hook;

TOCSIN_MUST_USE bool hook_new(const struct hook_options *options, struct hook **out);

/* Ends every child (TERM, and KILL after a second) and frees. */
void hook_free(struct hook *hook);

/* Gets ready for the shot id: occasion is what the command will read at T-0, one line of JSON,
 * newline included.  False with *error when the pipe's process cannot be started (it is then tried
 * again by the next call for that id) or there are too many shots at once. */
bool hook_prepare(struct hook *hook, uint64_t id, const char *occasion, struct hook_error *error);

/* Another occasion for the command; its release must not be near. */
void hook_change(struct hook *hook, uint64_t id, const char *occasion);

/* A line (newline included) to the waiting process of the shot, if there is one; dropped when the
 * process does not read. */
void hook_tell(struct hook *hook, uint64_t id, const char *line);

/* T-0.  For the fire thread: no lock, no allocation of ours, no waiting. */
void hook_release(struct hook *hook, uint64_t id);

/* The occasion is over or called off: the last line, then end of file.  Children still there after
 * the grace are killed.  The shot must not be armed any more. */
void hook_end(struct hook *hook, uint64_t id, const char *last_line, mono now);

/* Collects children and enforces the time limit; call on SIGCHLD and once a second. False when
 * there is nothing to tell. */
TOCSIN_MUST_USE bool hook_poll(struct hook *hook, mono now, struct hook_news *out);

/* Whether no child is left, as far as hook_poll has told. */
bool hook_is_idle(const struct hook *hook);

#endif
