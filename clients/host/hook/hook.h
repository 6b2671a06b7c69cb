/* hook/hook.h -- what a site does at T-0: a command, a waiting process that is told GO, a bell.
 *
 * Shell; its outside thing is processes.  Everything slow happens beforehand, in hook_prepare: the
 * command's process is there and waits.  Then hook_release, which alone runs on the fire thread,
 * writes GO and wakes; one call releases any number.  Children get a fixed argument vector, a short
 * fixed environment, no descriptor but 0, 1 and 2, their own process group, a time limit, and end
 * with us.  Window text reaches them as a line of JSON on standard input, nowhere else. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include "hook/command.h"
#include "hook/output.h"

enum { HOOK_SLOTS_MAX = 256 };

struct hook_options {
    const struct hook_command *run;  /* NULL: none.  Starts at T-0; the occasion on its stdin */
    const struct hook_command *pipe; /* NULL: none.  Started by hook_prepare, told GO at T-0 */
    int bell;                        /* a terminal's descriptor, non-blocking, or -1 */
    bool is_drill;                   /* TOCSIN_DRILL=1 is in the environment of commands */
    span grace;                      /* how long a child may live after its occasion has ended */
};

enum hook_news_kind {
    HOOK_STARTED, /* after a release: all that was to start has, and GO was taken */
    HOOK_FAILED,  /* it could not be started, or GO not be written: `code` is errno */
    HOOK_EXITED,  /* `code` is its exit status */
    HOOK_KILLED,  /* by signal `code` */
    HOOK_AGAIN,   /* one that had ended before T-0 is there again */
};

struct hook_news {
    enum hook_news_kind kind;
    bool is_pipe;
    bool is_early; /* before T-0 */
    bool is_ours;  /* we ended it, for its time was over */
    uint64_t id;
    int code;
};

struct hook;

/* Raises the soft limit of descriptors: three a shot are needed.  False for want of memory or
 * descriptors. */
TOCSIN_MUST_USE bool hook_new(const struct hook_options *options, struct hook **out);

/* Ends every child (TERM, and KILL after a second) and frees. */
void hook_free(struct hook *hook);

/* Gets ready for the shot id: occasion is what the command will read at T-0, one line of JSON,
 * newline included.  False with *error, which names the limit that was met, when there can be no
 * process for it; it may be tried again. */
bool hook_prepare(struct hook *hook, uint64_t id, const char *occasion, struct hook_error *error);

/* Another occasion for the command; its release must not be near. */
void hook_change(struct hook *hook, uint64_t id, const char *occasion);

/* A line (newline included) to the waiting process of the shot, if there is one; dropped when the
 * process does not read. */
void hook_tell(struct hook *hook, uint64_t id, const char *line);

/* T-0 of these, at one moment.  For the fire thread: no lock, no allocation, no waiting, no
 * fork. */
void hook_release(struct hook *hook, const uint64_t *id, size_t count);

/* The occasion is over or called off: the last line, then end of file.  Children still there after
 * the grace are killed.  The shot must not be armed any more. */
void hook_end(struct hook *hook, uint64_t id, const char *last_line, mono now);

/* Collects children, starts anew those that have ended too early (at once, then after 1, 2, 4, 4 s
 * ...) and enforces the time limit; call it until there is nothing to tell (false), when
 * hook_descriptor is readable, on SIGCHLD and once a second. */
TOCSIN_MUST_USE bool hook_poll(struct hook *hook, mono now, struct hook_news *out);

/* Readable when a released command has been executed, or could not be. */
int hook_descriptor(const struct hook *hook);

/* What the children write. */
struct hook_output *hook_output(struct hook *hook);

/* Whether no child that had its T-0, or is called off, is left, as far as hook_poll has told. */
bool hook_is_idle(const struct hook *hook);

#endif
