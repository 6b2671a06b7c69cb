#include "hook/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS = 3, NO_EXEC = 127 };

/* --- in the child: calls that are safe after a fork of many threads, and nothing else --------- */

static void reset_signals(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) {
        sigaction(number, &plain, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The memory bound that keeps hostile brokers off is ours, not the gesture's. */
static void reset_limits(const struct child_setting *setting)
{
    struct rlimit data;
    if (getrlimit(RLIMIT_DATA, &data) == 0) {
        data.rlim_cur = data.rlim_max;
        setrlimit(RLIMIT_DATA, &data);
    }
    setrlimit(RLIMIT_NOFILE, &setting->files);
}

/* 0, 1, 2 and the status: nothing else of ours.  None of the three is one of these (hook.c). */
static bool take_descriptors(const struct child_setting *setting, int status)
{
    return dup2(setting->input, STDIN_FILENO) >= 0 && dup2(setting->output, STDOUT_FILENO) >= 0 &&
           dup2(setting->output, STDERR_FILENO) >= 0 &&
           (status == STATUS ? fcntl(STATUS, F_SETFD, FD_CLOEXEC) == 0
                             : dup3(status, STATUS, O_CLOEXEC) >= 0) &&
           close_range(STATUS + 1, ~0U, 0) == 0;
}

static bool wait_at_gate(const struct child_setting *setting, pid_t parent)
{
    for (;;) {
        unsigned turn = atomic_load(&setting->gates->turn);
        unsigned gate = atomic_load(setting->gate);
        if (gate != GATE_SHUT) {
            return gate == GATE_OPEN;
        }
        struct timespec while_ago = {.tv_sec = 10};
        syscall(SYS_futex, &setting->gates->turn, FUTEX_WAIT, turn, &while_ago, NULL, 0);
        if (getppid() != parent) {
            return false;
        }
    }
}

static void live(const struct child_setting *setting, int status, pid_t parent)
{
    setpgid(0, 0);
    reset_signals();
    reset_limits(setting);
    /* A listener that is killed takes its hooks with it. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() != parent) {
        _exit(0);
    }
    if (take_descriptors(setting, status)) {
        status = STATUS;
        if (setting->gate != NULL && !wait_at_gate(setting, parent)) {
            _exit(0);
        }
        execve(setting->command->program, setting->command->argument, setting->environment);
    }
    int failure = errno;
    (void)!write(status, &failure, sizeof failure);
    _exit(NO_EXEC);
}

/* --- in the listener -------------------------------------------------------------------------- */

bool child_start(struct child *child, const struct child_setting *setting)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return false;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of ours runs over there */
    pid_t self = getpid();
    pid_t pid = _Fork();
    if (pid == 0) {
        live(setting, ends[1], self);
    }
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid > 0) {
        setpgid(pid, pid); /* it does so, too; whoever is first */
    }
    if (pid < 0) {
        close(ends[0]);
        errno = saved;
        return false;
    }
    child->status = ends[0];
    child->is_executed = child->is_mute = false;
    child->killed = 0;
    atomic_store(&child->pid, pid);
    return true;
}

static void forget_status(struct child *child)
{
    if (child->status >= 0) {
        close(child->status);
        child->status = -1;
    }
}

int child_judge(struct child *child)
{
    int failure = 0;
    ssize_t got = child->status >= 0 ? read(child->status, &failure, sizeof failure) : -1;
    if (got < 0) {
        return 0;
    }
    forget_status(child);
    child->is_executed = got == 0;
    child->is_mute = child->is_mute || got != 0; /* that its exit status is 127 says nothing more */
    return got == sizeof failure ? failure : 0;
}

void child_look(struct child *child)
{
    int pid = atomic_load(&child->pid);
    siginfo_t found = {.si_pid = 0};
    child->has_ended =
        child->has_ended ||
        (pid != 0 && waitid(P_PID, (id_t)pid, &found, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         found.si_pid == pid);
}

bool child_collect(struct child *child, int *status)
{
    int pid = atomic_load(&child->pid);
    if (!child->has_ended || waitpid(pid, status, WNOHANG) != pid) {
        return false;
    }
    child->has_ended = false;
    atomic_store(&child->pid, 0);
    forget_status(child);
    return true;
}

void child_wake_all(struct gates *gates)
{
    atomic_fetch_add(&gates->turn, 1);
    syscall(SYS_futex, &gates->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
