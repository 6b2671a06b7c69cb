#include "hook/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One child of a slot.  pid and failure are written by whoever spawns, read by the loop. */
struct child {
    atomic_int pid;     /* 0: none (any more) */
    atomic_int failure; /* errno of a spawn or write that failed, until told */
    int killed;         /* how many times a signal was sent */
};

struct slot {
    atomic_bool in_use;
    bool is_ending;
    uint64_t id;
    mono kill_after; /* once ending */
    int occasion;    /* memfd: the command's standard input */
    int pipe;        /* our end of the waiting process's standard input, or -1 */
    struct child run, piped;
};

struct hook {
    struct hook_options options;
    char *environment[16];
    char environment_text[2048];
    posix_spawnattr_t attributes;
    struct slot slot[HOOK_SLOTS_MAX];
};

/* A short list by name: what sound and screens need, nothing that steers a loader or a shell. */
static void build_environment(struct hook *hook)
{
    static const char *const passed[] = {
        "HOME", "USER", "LANG", "TZ", "TERM", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"};
    size_t count = 0, used = 0;
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    hook->environment[count++] = path;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        const char *value = getenv(passed[i]);
        if (value == NULL) {
            continue;
        }
        size_t room = sizeof hook->environment_text - used;
        int length = snprintf(hook->environment_text + used, room, "%s=%s", passed[i], value);
        if (length > 0 && (size_t)length < room) {
            hook->environment[count++] = hook->environment_text + used;
            used += (size_t)length + 1;
        }
    }
    hook->environment[count] = NULL;
}

bool hook_new(const struct hook_options *options, struct hook **out)
{
    struct hook *hook = calloc(1, sizeof *hook);
    if (hook == NULL || posix_spawnattr_init(&hook->attributes) != 0) {
        free(hook);
        return false;
    }
    hook->options = *options;
    build_environment(hook);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    posix_spawnattr_setsigmask(&hook->attributes, &none);
    posix_spawnattr_setsigdefault(&hook->attributes, &all);
    posix_spawnattr_setpgroup(&hook->attributes, 0);
    posix_spawnattr_setflags(&hook->attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        hook->slot[i].occasion = hook->slot[i].pipe = -1;
    }
    *out = hook;
    return true;
}

/* Spawns with input as standard input; standard output joins standard error, so that our own
 * output stays ours. */
static void spawn(struct hook *hook, const struct hook_command *command, int input,
                  struct child *child)
{
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure == 0) {
        posix_spawn_file_actions_adddup2(&actions, input, 0);
        posix_spawn_file_actions_adddup2(&actions, 2, 1);
        posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        pid_t pid = 0;
        failure = posix_spawn(&pid, command->program, &actions, &hook->attributes,
                              command->argument, hook->environment);
        posix_spawn_file_actions_destroy(&actions);
        if (failure == 0) {
            /* The memory bound that keeps hostile brokers off is ours, not the gesture's; spawning
             * knows no attribute for it. */
            struct rlimit limit;
            if (prlimit(pid, RLIMIT_DATA, NULL, &limit) == 0) {
                limit.rlim_cur = limit.rlim_max;
                (void)prlimit(pid, RLIMIT_DATA, &limit, NULL);
            }
            atomic_store(&child->pid, pid);
            return;
        }
    }
    atomic_store(&child->failure, failure);
}

static struct slot *find_slot(struct hook *hook, uint64_t id)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        if (atomic_load(&hook->slot[i].in_use) && !hook->slot[i].is_ending &&
            hook->slot[i].id == id) {
            return &hook->slot[i];
        }
    }
    return NULL;
}

static void close_descriptors(struct slot *slot)
{
    if (slot->occasion >= 0) {
        close(slot->occasion);
    }
    if (slot->pipe >= 0) {
        close(slot->pipe);
    }
    slot->occasion = slot->pipe = -1;
}

static bool start_piped(struct hook *hook, struct slot *slot, struct hook_error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(error->message, sizeof error->message, "no pipe for %.150s: %s",
                 hook->options.pipe->program, strerror(errno));
        return false;
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    spawn(hook, hook->options.pipe, ends[0], &slot->piped);
    close(ends[0]);
    int failure = atomic_exchange(&slot->piped.failure, 0);
    if (failure != 0) {
        close(ends[1]);
        snprintf(error->message, sizeof error->message, "%.150s was not started: %s",
                 hook->options.pipe->program, strerror(failure));
        return false;
    }
    slot->pipe = ends[1];
    return true;
}

static bool keep_occasion(struct slot *slot, const char *occasion, struct hook_error *error)
{
    size_t length = strlen(occasion);
    slot->occasion = memfd_create("tocsin-occasion", MFD_CLOEXEC);
    if (slot->occasion < 0 || write(slot->occasion, occasion, length) != (ssize_t)length ||
        lseek(slot->occasion, 0, SEEK_SET) != 0) {
        snprintf(error->message, sizeof error->message,
                 "no memory file for the command's input: %s", strerror(errno));
        return false;
    }
    return true;
}

/* The slot is taken last, by an atomic store: the fire thread sees a slot whole or not at all, and
 * needs no lock at T-0. */
bool hook_prepare(struct hook *hook, uint64_t id, const char *occasion, struct hook_error *error)
{
    if (find_slot(hook, id) != NULL) {
        return true;
    }
    struct slot *slot = NULL;
    for (size_t i = 0; i < HOOK_SLOTS_MAX && slot == NULL; i++) {
        if (!atomic_load(&hook->slot[i].in_use)) {
            slot = &hook->slot[i];
        }
    }
    if (slot == NULL) {
        snprintf(error->message, sizeof error->message,
                 "more than %d gestures at once: this one has no hook", HOOK_SLOTS_MAX);
        return false;
    }
    slot->is_ending = false;
    slot->id = id;
    slot->run.killed = slot->piped.killed = 0;
    slot->occasion = slot->pipe = -1;
    if ((hook->options.run != NULL && !keep_occasion(slot, occasion, error)) ||
        (hook->options.pipe != NULL && !start_piped(hook, slot, error))) {
        close_descriptors(slot);
        return false;
    }
    atomic_store(&slot->in_use, true);
    return true;
}

void hook_change(struct hook *hook, uint64_t id, const char *occasion)
{
    struct slot *slot = find_slot(hook, id);
    size_t length = strlen(occasion);
    if (slot != NULL && slot->occasion >= 0 &&
        pwrite(slot->occasion, occasion, length, 0) == (ssize_t)length) {
        (void)!ftruncate(slot->occasion, (off_t)length);
    }
}

/* A line is shorter than PIPE_BUF, so it goes in whole or not at all. */
static bool write_line(int descriptor, const char *line)
{
    size_t length = strlen(line);
    ssize_t written;
    do {
        written = write(descriptor, line, length);
    } while (written < 0 && errno == EINTR);
    return written == (ssize_t)length;
}

void hook_tell(struct hook *hook, uint64_t id, const char *line)
{
    struct slot *slot = find_slot(hook, id);
    if (slot != NULL && slot->pipe >= 0) {
        (void)write_line(slot->pipe, line);
    }
}

void hook_release(struct hook *hook, uint64_t id)
{
    struct slot *slot = find_slot(hook, id);
    if (slot == NULL) {
        return;
    }
    if (slot->pipe >= 0 && !write_line(slot->pipe, "GO\n")) {
        atomic_store(&slot->piped.failure, errno != 0 ? errno : EPIPE);
    }
    if (hook->options.run != NULL) {
        spawn(hook, hook->options.run, slot->occasion, &slot->run);
    }
    if (hook->options.bell >= 0) {
        (void)!write(hook->options.bell, "\a", 1);
    }
}

void hook_end(struct hook *hook, uint64_t id, const char *last_line, mono now)
{
    struct slot *slot = find_slot(hook, id);
    if (slot == NULL) {
        return;
    }
    if (last_line != NULL) {
        hook_tell(hook, id, last_line);
    }
    close_descriptors(slot);
    slot->kill_after.ns = now.ns + hook->options.grace.ns;
    slot->is_ending = true;
}

static bool poll_child(struct child *child, struct hook_news *out)
{
    int failure = atomic_exchange(&child->failure, 0);
    if (failure != 0) {
        out->kind = HOOK_FAILED;
        out->code = failure;
        return true;
    }
    int pid = atomic_load(&child->pid);
    int status;
    if (pid == 0 || waitpid(pid, &status, WNOHANG) != pid) {
        return false;
    }
    atomic_store(&child->pid, 0);
    out->kind = WIFEXITED(status) ? HOOK_EXITED : HOOK_KILLED;
    out->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return true;
}

/* TERM first; KILL two seconds later. */
static void press(struct child *child, mono kill_after, mono now)
{
    int pid = atomic_load(&child->pid);
    if (pid == 0) {
        return;
    }
    if (child->killed == 0 && now.ns >= kill_after.ns) {
        kill(-pid, SIGTERM);
        child->killed = 1;
    } else if (child->killed == 1 && now.ns >= kill_after.ns + 2 * NS_PER_S) {
        kill(-pid, SIGKILL);
        child->killed = 2;
    }
}

bool hook_poll(struct hook *hook, mono now, struct hook_news *out)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        struct slot *slot = &hook->slot[i];
        if (!atomic_load(&slot->in_use)) {
            continue;
        }
        out->id = slot->id;
        out->is_pipe = false;
        if (poll_child(&slot->run, out)) {
            return true;
        }
        out->is_pipe = true;
        if (poll_child(&slot->piped, out)) {
            return true;
        }
        if (slot->is_ending) {
            press(&slot->run, slot->kill_after, now);
            press(&slot->piped, slot->kill_after, now);
            if (atomic_load(&slot->run.pid) == 0 && atomic_load(&slot->piped.pid) == 0) {
                atomic_store(&slot->in_use, false);
            }
        }
    }
    return false;
}

bool hook_is_idle(const struct hook *hook)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        const struct slot *slot = &hook->slot[i];
        if (atomic_load(&slot->run.pid) != 0 || atomic_load(&slot->piped.pid) != 0) {
            return false;
        }
    }
    return true;
}

/* Twenty-one looks, 50 ms apart: TERM at the first, KILL at the last.  Groups are ended, not
 * children alone, as a hook may have started others; the signal 0 between only asks. */
void hook_free(struct hook *hook)
{
    if (hook == NULL) {
        return;
    }
    for (int round = 0; round < 21; round++) {
        int alive = 0;
        for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
            struct slot *slot = &hook->slot[i];
            close_descriptors(slot);
            struct child *children[] = {&slot->run, &slot->piped};
            for (size_t j = 0; j < 2; j++) {
                struct hook_news ignored;
                while (poll_child(children[j], &ignored)) {
                }
                int pid = atomic_load(&children[j]->pid);
                if (pid != 0) {
                    alive++;
                    kill(-pid, round == 0 ? SIGTERM : round == 20 ? SIGKILL : 0);
                }
            }
        }
        if (alive == 0) {
            break;
        }
        struct timespec pause = {.tv_nsec = 50 * NS_PER_MS};
        nanosleep(&pause, NULL);
    }
    posix_spawnattr_destroy(&hook->attributes);
    free(hook);
}
