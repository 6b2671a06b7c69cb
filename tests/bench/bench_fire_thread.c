/* bench_fire_thread [STARTS] -- how late the fire thread releases, at random phase, beside a bare
 * clock_nanosleep in the same run: each start measures both, one after the other in random order.
 * Four cases: idle and with both cores burning; without privilege and with SCHED_FIFO.  The instant
 * is the release of the hook: a write to a pipe, as --pipe does.  links: instants */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fire/fire.h"

static int pipe_ends[2];
static int64_t written_ns;

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void release(void *context, const uint64_t *id, size_t count)
{
    (void)context;
    (void)id;
    (void)count;
    (void)!write(pipe_ends[1], "GO\n", 3);
    written_ns = now_ns();
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_row(const char *name, int64_t *late, size_t count)
{
    qsort(late, count, sizeof *late, by_size);
    printf("  %-34s %9.1f %9.1f %9.1f %9.1f %9.1f\n", name, (double)late[0] / 1e3,
           (double)late[count / 2] / 1e3, (double)late[count * 99 / 100] / 1e3,
           (double)late[count * 999 / 1000] / 1e3, (double)late[count - 1] / 1e3);
}

static int64_t fire_once(struct fire *fire, uint64_t id, int64_t target_ns, int64_t *write_ns)
{
    fire_set(fire, &(struct fire_shot){id, {target_ns}}, 1);
    struct pollfd ready = {.fd = fire_descriptor(fire), .events = POLLIN};
    struct fire_report report;
    while (!fire_take_report(fire, &report)) {
        poll(&ready, 1, -1);
    }
    char text[64];
    (void)!read(pipe_ends[0], text, sizeof text);
    *write_ns = written_ns - target_ns;
    return report.released.ns - target_ns;
}

static int64_t sleep_once(int64_t target_ns)
{
    struct timespec until = {target_ns / NS_PER_S, target_ns % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
    return now_ns() - target_ns;
}

static void one_case(const char *name, bool with_fifo, size_t starts)
{
    struct fire *fire;
    const char *why;
    struct fire_options options = {.release = release, .without_privilege = !with_fifo};
    if (!fire_start(&options, &fire, &why)) {
        printf("%s: %s\n", name, why);
        return;
    }
    if (with_fifo && !fire_granted(fire).has_fifo) {
        printf("%s: SCHED_FIFO is not permitted here\n", name);
        fire_stop(fire);
        return;
    }
    int64_t *released = calloc(starts, sizeof *released), *wrote = calloc(starts, sizeof *wrote),
            *slept = calloc(starts, sizeof *slept);
    unsigned seed = 1;
    size_t early = 0;
    for (size_t i = 0; released != NULL && wrote != NULL && slept != NULL && i < starts; i++) {
        bool sleep_first = rand_r(&seed) % 2 == 0;
        for (int turn = 0; turn < 2; turn++) {
            int64_t target = now_ns() + 3 * NS_PER_MS + rand_r(&seed) % 1000000;
            if ((turn == 0) == sleep_first) {
                slept[i] = sleep_once(target);
            } else {
                released[i] = fire_once(fire, i + 1, target, &wrote[i]);
                early += released[i] < 0;
            }
        }
    }
    printf("%s, %zu starts, early: %zu; lateness in us\n  %-34s %9s %9s %9s %9s %9s\n", name,
           starts, early, "", "min", "p50", "p99", "p99.9", "max");
    print_row("fire thread, at the release", released, starts);
    print_row("fire thread, GO written", wrote, starts);
    print_row("bare clock_nanosleep, no privilege", slept, starts);
    free(released);
    free(wrote);
    free(slept);
    fire_stop(fire);
}

static pid_t burn(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned i = 0;; i++) {
        }
    }
    return pid;
}

int main(int argc, char **argv)
{
    size_t starts = argc > 1 ? strtoul(argv[1], NULL, 10) : 3000;
    struct utsname machine;
    uname(&machine);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    printf("%s %s, %ld cores\n", machine.sysname, machine.release, cores);
    if (starts == 0 || pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return 1;
    }
    one_case("idle, without privilege", false, starts);
    one_case("idle, SCHED_FIFO", true, starts);
    pid_t burner[64];
    long burners = cores < 64 ? cores : 64;
    for (long i = 0; i < burners; i++) {
        burner[i] = burn();
    }
    one_case("every core burning, without privilege", false, starts);
    one_case("every core burning, SCHED_FIFO", true, starts);
    for (long i = 0; i < burners; i++) {
        kill(burner[i], SIGKILL);
        waitpid(burner[i], NULL, 0);
    }
    return 0;
}
