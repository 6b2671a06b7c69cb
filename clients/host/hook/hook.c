#include "hook/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hook/child.h"

struct slot {
    atomic_bool in_use, is_ending;
    atomic_bool is_released; /* the fire thread has begun with it: nothing is started anew */
    atomic_bool is_done;     /* the fire thread is done with it */
    bool is_told;            /* that it has started, or could not */
    uint64_t id;
    mono kill_after; /* once ending */
    int occasion;    /* memfd: the command's standard input */
    int pipe;        /* our end of the waiting process's standard input; one number while in use */
    struct child run, piped;
};

struct hook {
    struct hook_options options;
    char *environment[16];
    char environment_text[2048];
    struct rlimit files; /* as it was */
    struct gates *gates;
    struct hook_output output;
    int epoll;
    size_t next; /* where hook_poll goes on */
    struct slot slot[HOOK_SLOTS_MAX];
};

static const size_t GATES_SIZE = sizeof(struct gates) + HOOK_SLOTS_MAX * sizeof(atomic_uint);

/* A short list by name: what sound and screens need, nothing that steers a loader or a shell. */
static void build_environment(struct hook *hook)
{
    static const char *const passed[] = {
        "HOME", "USER", "LANG", "TZ", "TERM", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"};
    size_t count = 0, used = 0;
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    static char drill[] = "TOCSIN_DRILL=1";
    hook->environment[count++] = path;
    if (hook->options.is_drill) {
        hook->environment[count++] = drill;
    }
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

static void raise_files(struct hook *hook)
{
    enum { WANTED = 4096 };
    if (getrlimit(RLIMIT_NOFILE, &hook->files) == 0 && hook->files.rlim_cur < WANTED) {
        struct rlimit more = hook->files;
        more.rlim_cur = more.rlim_max < WANTED ? more.rlim_max : WANTED;
        (void)setrlimit(RLIMIT_NOFILE, &more);
    }
}

static void close_hook(struct hook *hook)
{
    if (hook->gates != MAP_FAILED) {
        munmap(hook->gates, GATES_SIZE);
    }
    if (hook->epoll >= 0) {
        close(hook->epoll);
    }
    hook_output_close(&hook->output);
    free(hook);
}

bool hook_new(const struct hook_options *options, struct hook **out)
{
    struct hook *hook = calloc(1, sizeof *hook);
    if (hook == NULL) {
        return false;
    }
    hook->options = *options;
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        struct slot *slot = &hook->slot[i];
        slot->occasion = slot->pipe = slot->run.status = slot->piped.status = -1;
    }
    build_environment(hook);
    raise_files(hook);
    hook->gates = mmap(NULL, GATES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    hook->epoll = epoll_create1(EPOLL_CLOEXEC);
    bool done = hook_output_open(&hook->output);
    if (!done || hook->gates == MAP_FAILED || hook->epoll < 0) {
        close_hook(hook);
        return false;
    }
    *out = hook;
    return true;
}

static struct slot *find_slot(struct hook *hook, uint64_t id)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        if (atomic_load(&hook->slot[i].in_use) && !atomic_load(&hook->slot[i].is_ending) &&
            hook->slot[i].id == id) {
            return &hook->slot[i];
        }
    }
    return NULL;
}

static atomic_uint *gate_of(const struct hook *hook, const struct slot *slot)
{
    return &hook->gates->gate[slot - hook->slot];
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

static bool start(struct hook *hook, struct slot *slot, struct child *child, int input)
{
    bool is_pipe = child == &slot->piped;
    struct child_setting setting = {
        .command = is_pipe ? hook->options.pipe : hook->options.run,
        .environment = hook->environment,
        .input = input,
        .output = hook->output.ends[1],
        .gates = hook->gates,
        .gate = is_pipe ? NULL : gate_of(hook, slot),
        .files = hook->files,
    };
    /* Whether it can be executed is seen at T-0; what can be seen now is. */
    if (access(setting.command->program, X_OK) != 0 || !child_start(child, &setting)) {
        return false;
    }
    struct epoll_event readable = {.events = EPOLLIN};
    (void)epoll_ctl(hook->epoll, EPOLL_CTL_ADD, child->status, &readable);
    return true;
}

static bool start_run(struct hook *hook, struct slot *slot)
{
    return start(hook, slot, &slot->run, slot->occasion);
}

/* The descriptor keeps its number: the fire thread may be about to write to it. */
static bool start_piped(struct hook *hook, struct slot *slot)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    bool done = start(hook, slot, &slot->piped, ends[0]);
    int saved = errno;
    close(ends[0]);
    if (done && slot->pipe < 0) {
        slot->pipe = ends[1];
    } else {
        if (done) {
            dup3(ends[1], slot->pipe, O_CLOEXEC);
        }
        close(ends[1]);
    }
    errno = saved;
    return done;
}

static bool keep_occasion(struct slot *slot, const char *occasion)
{
    size_t length = strlen(occasion);
    slot->occasion = memfd_create("tocsin-occasion", MFD_CLOEXEC);
    return slot->occasion >= 0 && write(slot->occasion, occasion, length) == (ssize_t)length &&
           lseek(slot->occasion, 0, SEEK_SET) == 0;
}

static bool refuse(const char *option, const struct hook_command *command, struct hook_error *error)
{
    int code = errno;
    snprintf(error->message, sizeof error->message, "%s: %.100s cannot be prepared: %.60s%s",
             option, command->program, strerror(code),
             code == EAGAIN ? ": raise the limit of processes (ulimit -u, TasksMax)"
             : code == EMFILE || code == ENFILE ? ": raise the limit of files (ulimit -n)"
                                                : "");
    return false;
}

/* Fills a slot; what of it was started before something failed is called off. */
static bool fill(struct hook *hook, struct slot *slot, const char *occasion,
                 struct hook_error *error)
{
    const struct hook_options *options = &hook->options;
    if (options->run != NULL && !(keep_occasion(slot, occasion) && start_run(hook, slot))) {
        return refuse("--run", options->run, error);
    }
    return options->pipe == NULL || start_piped(hook, slot) ||
           refuse("--pipe", options->pipe, error);
}

static void call_off(struct hook *hook, struct slot *slot)
{
    slot->run.is_mute = true;
    atomic_store(gate_of(hook, slot), GATE_CALLED_OFF);
    child_wake_all(hook->gates);
}

/* The slot is taken last, by an atomic store: the fire thread sees a slot whole or not at all, and
 * needs no lock at T-0. */
bool hook_prepare(struct hook *hook, uint64_t id, const char *occasion, struct hook_error *error)
{
    if (find_slot(hook, id) != NULL) {
        return true;
    }
    struct slot *slot = hook->slot;
    while (slot < hook->slot + HOOK_SLOTS_MAX && atomic_load(&slot->in_use)) {
        slot++;
    }
    if (slot == hook->slot + HOOK_SLOTS_MAX) {
        snprintf(error->message, sizeof error->message,
                 "more than %d gestures at once: this one has no hook", HOOK_SLOTS_MAX);
        return false;
    }
    atomic_store(&slot->is_released, false);
    atomic_store(&slot->is_done, false);
    slot->is_told = slot->run.is_executed = false;
    slot->id = id;
    slot->run.tries = slot->piped.tries = 0;
    atomic_store(gate_of(hook, slot), GATE_SHUT);
    bool done = fill(hook, slot, occasion, error);
    if (!done) {
        call_off(hook, slot);
        close_descriptors(slot);
    }
    atomic_store(&slot->is_ending, !done);
    atomic_store(&slot->in_use, true); /* if only until what was started has ended */
    return done;
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

/* A line is shorter than PIPE_BUF, so it goes in whole or not at all; 0 or errno. */
static int write_line(int descriptor, const char *line)
{
    size_t length = strlen(line);
    ssize_t written;
    do {
        written = write(descriptor, line, length);
    } while (written < 0 && errno == EINTR);
    return written == (ssize_t)length ? 0 : written < 0 ? errno : EIO;
}

void hook_tell(struct hook *hook, uint64_t id, const char *line)
{
    struct slot *slot = find_slot(hook, id);
    if (slot != NULL && slot->pipe >= 0) {
        (void)write_line(slot->pipe, line);
    }
}

/* GO first: a line costs microseconds, and whom it wakes shares the processors with us. */
void hook_release(struct hook *hook, const uint64_t *id, size_t count)
{
    struct slot *due[HOOK_SLOTS_MAX];
    size_t due_count = 0;
    for (size_t i = 0; i < count && due_count < HOOK_SLOTS_MAX; i++) {
        struct slot *slot = find_slot(hook, id[i]);
        if (slot != NULL) {
            atomic_store(&slot->is_released, true);
            due[due_count++] = slot;
        }
    }
    for (size_t i = 0; i < due_count && hook->options.pipe != NULL; i++) {
        bool is_there = atomic_load(&due[i]->piped.pid) != 0;
        atomic_store(&due[i]->piped.failure, is_there ? write_line(due[i]->pipe, "GO\n") : EPIPE);
    }
    for (size_t i = 0; i < due_count && hook->options.run != NULL; i++) {
        bool is_there = atomic_load(&due[i]->run.pid) != 0;
        atomic_store(&due[i]->run.failure, is_there ? 0 : ESRCH);
        atomic_store(gate_of(hook, due[i]), GATE_OPEN);
    }
    if (hook->options.run != NULL) {
        child_wake_all(hook->gates);
    }
    for (size_t i = 0; i < due_count; i++) {
        atomic_store(&due[i]->is_done, true);
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
    if (!atomic_load(&slot->is_released)) {
        call_off(hook, slot);
    }
    close_descriptors(slot);
    slot->kill_after.ns = now.ns + hook->options.grace.ns;
    atomic_store(&slot->is_ending, true);
}

/* It has ended, or could not be started, before T-0: when it is tried again. */
static void put_off(struct child *child, mono now)
{
    int64_t pause_s = child->tries < 3 ? (int64_t)child->tries : 4;
    child->tries++;
    child->again_at.ns = now.ns + pause_s * NS_PER_S;
}

/* What could not be done for a child, if that is news. */
static bool hear_failure(struct slot *slot, struct child *child, struct hook_news *out)
{
    bool can_tell = child == &slot->piped || atomic_load(&slot->is_done);
    child_look(child); /* first: what it has said before its end is then there to be read */
    int failure = atomic_exchange(&child->failure, 0);
    failure = failure == 0 && can_tell ? child_judge(child) : failure;
    if (failure == 0) {
        return false;
    }
    out->kind = HOOK_FAILED;
    out->code = failure;
    out->is_early = !atomic_load(&slot->is_released);
    slot->is_told = slot->is_told || !out->is_early;
    return true;
}

/* How a child has ended, if that is news. */
static bool hear_end(struct slot *slot, struct child *child, mono now, struct hook_news *out)
{
    int status = 0;
    if (!child_collect(child, &status)) {
        return false;
    }
    out->is_early = !atomic_load(&slot->is_released);
    out->is_ours = child->killed > 0;
    out->kind = WIFEXITED(status) ? HOOK_EXITED : HOOK_KILLED;
    out->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    if (out->is_early && !atomic_load(&slot->is_ending)) {
        put_off(child, now);
    }
    return !child->is_mute;
}

/* Starts anew what has ended before T-0. */
static bool mend(struct hook *hook, struct slot *slot, bool is_pipe, mono now,
                 struct hook_news *out)
{
    struct child *child = is_pipe ? &slot->piped : &slot->run;
    if ((is_pipe ? hook->options.pipe : hook->options.run) == NULL ||
        atomic_load(&child->pid) != 0 || atomic_load(&slot->is_released) ||
        atomic_load(&slot->is_ending) || now.ns < child->again_at.ns) {
        return false;
    }
    out->is_early = true;
    out->kind = HOOK_AGAIN;
    if (!(is_pipe ? start_piped(hook, slot) : start_run(hook, slot))) {
        out->kind = HOOK_FAILED;
        out->code = errno;
        put_off(child, now);
    }
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

/* One piece of news a call, in the order in which a person would tell it: that something failed
 * before that it started, that before its end.  Whoever polls calls again until there is none. */
static bool poll_slot(struct hook *hook, struct slot *slot, mono now, struct hook_news *out)
{
    out->id = slot->id;
    for (int i = 0; i < 2; i++) {
        out->is_pipe = i == 1;
        if (hear_failure(slot, i == 1 ? &slot->piped : &slot->run, out)) {
            return true;
        }
    }
    if (!slot->is_told && atomic_load(&slot->is_done) &&
        (hook->options.run == NULL || slot->run.is_executed)) {
        slot->is_told = true;
        out->kind = HOOK_STARTED;
        return true;
    }
    for (int i = 0; i < 2; i++) {
        out->is_pipe = i == 1;
        if (hear_end(slot, i == 1 ? &slot->piped : &slot->run, now, out) ||
            mend(hook, slot, i == 1, now, out)) {
            return true;
        }
    }
    if (atomic_load(&slot->is_ending)) {
        press(&slot->run, slot->kill_after, now);
        press(&slot->piped, slot->kill_after, now);
        atomic_store(&slot->in_use,
                     atomic_load(&slot->run.pid) != 0 || atomic_load(&slot->piped.pid) != 0);
    }
    return false;
}

bool hook_poll(struct hook *hook, mono now, struct hook_news *out)
{
    for (; hook->next < HOOK_SLOTS_MAX; hook->next++) {
        struct slot *slot = &hook->slot[hook->next];
        *out = (struct hook_news){0};
        if (atomic_load(&slot->in_use) && poll_slot(hook, slot, now, out)) {
            return true; /* and there may be more of the same */
        }
    }
    hook->next = 0;
    return false;
}

int hook_descriptor(const struct hook *hook)
{
    return hook->epoll;
}

struct hook_output *hook_output(struct hook *hook)
{
    return &hook->output;
}

bool hook_is_idle(const struct hook *hook)
{
    for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        const struct slot *slot = &hook->slot[i];
        bool was_due = atomic_load(&slot->is_released) || atomic_load(&slot->is_ending);
        if (was_due && (atomic_load(&slot->run.pid) != 0 || atomic_load(&slot->piped.pid) != 0)) {
            return false;
        }
    }
    return true;
}

/* Collects a child that may have ended, and signals the others; whether it is still there. */
static bool dismiss(struct child *child, int number)
{
    int status;
    child_look(child);
    (void)child_collect(child, &status);
    int pid = atomic_load(&child->pid);
    if (pid != 0) {
        kill(-pid, number);
    }
    return pid != 0;
}

/* Twenty-one looks, 50 ms apart: TERM at the first, KILL at the last.  Groups are ended, not
 * children alone, as a hook may have started others; the signal 0 between only asks. */
void hook_free(struct hook *hook)
{
    if (hook == NULL) {
        return;
    }
    enum { ROUNDS = 20 };
    for (int round = 0; round <= ROUNDS; round++) {
        bool is_any_left = false;
        int number = round == 0 ? SIGTERM : round == ROUNDS ? SIGKILL : 0;
        for (size_t i = 0; i < HOOK_SLOTS_MAX; i++) {
            close_descriptors(&hook->slot[i]);
            is_any_left |= dismiss(&hook->slot[i].run, number);
            is_any_left |= dismiss(&hook->slot[i].piped, number);
        }
        if (!is_any_left) {
            break;
        }
        struct timespec pause = {.tv_nsec = 50 * NS_PER_MS};
        nanosleep(&pause, NULL);
    }
    close_hook(hook);
}
