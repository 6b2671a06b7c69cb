/* bench_hook_starts [COMMANDS] -- that many commands (200) released at one moment: from the release
 * to each one's first instruction and to GO read, beside the same number of posix_spawn calls in a
 * row, in the same run.  The command is this program itself, which notes its time.  links: instants
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hook/hook.h"

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* As the command: notes when it began, or when GO came. */
static int be_command(bool is_pipe)
{
    int64_t at = now_ns();
    char text[64];
    ssize_t got;
    while (is_pipe && (got = read(STDIN_FILENO, text, sizeof text)) > 0) {
        if (memcmp(text, "GO", 2) == 0) {
            at = now_ns();
            break;
        }
    }
    return write(STDOUT_FILENO, &at, sizeof at) == sizeof at ? 0 : 1;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_row(const char *name, int64_t *at, size_t count, int64_t begun, int64_t returned)
{
    qsort(at, count, sizeof *at, by_size);
    printf("  %-34s %9.2f %9.2f %9.2f %9.2f %12.3f\n", name, (double)(returned - begun) / 1e6,
           (double)(at[0] - begun) / 1e6, (double)(at[count / 2] - begun) / 1e6,
           (double)(at[count - 1] - begun) / 1e6,
           (double)(at[count - 1] - begun) / 1e6 / (double)count);
}

static void one_hook(const char *name, const char *self, bool is_pipe, size_t count)
{
    char text[4096];
    static struct hook_command command;
    struct hook_error error = {""};
    struct hook *hook;
    snprintf(text, sizeof text, "%s %s", self, is_pipe ? "--piped" : "--run");
    if (!hook_command_read(text, &command, &error) ||
        !hook_new(&(struct hook_options){.run = is_pipe ? NULL : &command,
                                         .pipe = is_pipe ? &command : NULL,
                                         .bell = -1},
                  &hook)) {
        printf("%s: %s\n", name, error.message);
        return;
    }
    uint64_t id[HOOK_SLOTS_MAX];
    int64_t begun = now_ns();
    for (size_t i = 0; i < count; i++) {
        id[i] = i + 1;
        if (!hook_prepare(hook, id[i], "{}\n", &error)) {
            printf("%s: %s\n", name, error.message);
            hook_free(hook);
            return;
        }
    }
    printf("  %-34s %9.2f ms in all\n", is_pipe ? "--pipe prepared" : "--run prepared",
           (double)(now_ns() - begun) / 1e6);
    poll(NULL, 0, 1500);
    static int64_t at[HOOK_SLOTS_MAX];
    /* As the fire thread does, where it may. */
    struct sched_param priority = {.sched_priority = 50}, none = {0};
    (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority);
    begun = now_ns();
    hook_release(hook, id, count);
    int64_t returned = now_ns();
    (void)sched_setscheduler(0, SCHED_OTHER, &none);
    for (size_t got = 0; got < count * sizeof *at;) {
        ssize_t size = read(hook_output(hook)->ends[0], (char *)at + got, count * sizeof *at - got);
        if (size > 0) {
            got += (size_t)size;
        } else {
            poll(NULL, 0, 1);
        }
    }
    print_row(name, at, count, begun, returned);
    hook_free(hook);
}

static void spawns(char *self, size_t count)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    char run[] = "--run", *arguments[] = {self, run, NULL}, *environment[] = {NULL};
    static int64_t at[HOOK_SLOTS_MAX];
    int64_t begun = now_ns();
    for (size_t i = 0; i < count; i++) {
        pid_t pid;
        (void)!posix_spawn(&pid, self, &actions, NULL, arguments, environment);
    }
    int64_t returned = now_ns();
    for (size_t i = 0; i < count; i++) {
        (void)!read(ends[0], &at[i], sizeof at[i]);
    }
    while (wait(NULL) > 0) {
    }
    print_row("posix_spawn, one after the other", at, count, begun, returned);
    posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] == '-') {
        return be_command(strcmp(argv[1], "--piped") == 0);
    }
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
    char self[4000];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0 || count == 0 || count > HOOK_SLOTS_MAX) {
        return 1;
    }
    self[length] = '\0';
    signal(SIGPIPE, SIG_IGN);
    struct utsname machine;
    uname(&machine);
    printf("%s %s, %ld cores; %zu at one moment; ms from it\n  %-34s %9s %9s %9s %9s %12s\n",
           machine.sysname, machine.release, sysconf(_SC_NPROCESSORS_ONLN), count, "", "returned",
           "first", "median", "last", "last / count");
    for (int turn = 0; turn < 3; turn++) {
        one_hook("--run, released", self, false, count);
        one_hook("--pipe, GO read", self, true, count);
        spawns(self, count);
    }
    struct rusage children;
    getrusage(RUSAGE_CHILDREN, &children);
    printf("the largest command: %ld KiB resident\n", children.ru_maxrss);
    return 0;
}
