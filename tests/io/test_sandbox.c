#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

/* As an ear is, as a beacon without a broker of its own, and as what starts programs. */
static char own_dir[] = "/tmp/tocsin-sandbox-XXXXXX";
static const struct sandbox reader = {.read = {NULL, "/proc/self/status"}};
static const struct sandbox writer = {.written = {own_dir}};
static const struct sandbox starter = {.written = {own_dir}, .starts_programs = true};

/* In a process of its own, inside the sandbox; what it returns is its exit status. */
static int in(const struct sandbox *sandbox, int (*act)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        sandbox_enter(sandbox);
        _exit(act());
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int inside(int (*act)(void))
{
    return in(&reader, act);
}

static int open_and_close(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC, 0600);
    int code = file < 0 ? errno : 0;
    if (file >= 0) {
        close(file);
    }
    return code;
}

static int write_a_file(void)
{
    return open_and_close("/tmp/tocsin-ear-wrote-this", O_WRONLY | O_CREAT);
}

static int read_a_secret(void)
{
    return open_and_close("/tmp", O_RDONLY | O_DIRECTORY);
}

static int read_the_configuration(void)
{
    return open_and_close("/etc/passwd", O_RDONLY);
}

static int run_a_program(void)
{
    execl("/bin/true", "true", NULL);
    return errno;
}

static int start_a_process(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return pid < 0 ? errno : 0;
}

static int kill_the_listener(void)
{
    return kill(getppid(), 0) == 0 ? 0 : errno;
}

static int look_into_the_listener(void)
{
    return syscall(SYS_pidfd_open, getppid(), 0) >= 0 ? 0 : errno;
}

static void *nothing(void *context)
{
    return context;
}

/* A port that is bound and not listened at: nobody else answers there. */
static char shut_port[8];

static void shut_a_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(end, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(end, (struct sockaddr *)&at, &size), 0);
    snprintf(shut_port, sizeof shut_port, "%d", ntohs(at.sin_port));
}

/* What it is for. */
static int start_a_thread_resolve_and_connect(void)
{
    pthread_t thread;
    struct addrinfo *found, wanted = {.ai_socktype = SOCK_STREAM};
    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0) {
        return 1;
    }
    if (getaddrinfo("localhost", shut_port, &wanted, &found) != 0) {
        return 2;
    }
    int end = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool was_refused =
        connect(end, found->ai_addr, found->ai_addrlen) != 0 && errno == ECONNREFUSED;
    freeaddrinfo(found);
    return was_refused ? 0 : 3;
}

static bool has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static int own_file(char out[static 64], const char *name)
{
    return snprintf(out, 64, "%s/%s", own_dir, name);
}

/* As a store does: a nameless file, then linked, then moved between folders, then gone. */
static int write_as_a_store(void)
{
    char nameless[64], one[64], folder[64], other[64];
    own_file(one, "one");
    own_file(folder, "folder");
    own_file(other, "folder/other");
    int file = open(own_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || write(file, "x", 1) != 1 || fsync(file) != 0 || mkdir(folder, 0700) != 0) {
        return 1;
    }
    snprintf(nameless, sizeof nameless, "/proc/self/fd/%d", file);
    if (linkat(AT_FDCWD, nameless, AT_FDCWD, one, AT_SYMLINK_FOLLOW) != 0 ||
        rename(one, other) != 0 || unlink(other) != 0 || rmdir(folder) != 0) {
        return 2;
    }
    return inotify_init1(IN_CLOEXEC) < 0 ? 3 : 0;
}

static int run_a_program_to_its_end(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "exit 7", NULL);
        _exit(1);
    }
    int status = -1;
    bool ended = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status);
    return ended && WEXITSTATUS(status) == 7 ? 0 : 1;
}

static int trace_the_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? 0 : errno;
}

static int make_a_user_name_space(void)
{
    return unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
}

/* What a program that it starts would call: the filter is its, too. */
static int be_a_child_that_sets_the_clock(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct timespec same = {0};
        _exit(clock_settime(CLOCK_REALTIME, &same) == 0 ? 0 : errno);
    }
    int status;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

/* The kernel's own word of it. */
static int tell_what_the_kernel_says(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    char line[256];
    int filters = 0;
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        filters += strcmp(line, "Seccomp:\t2\n") == 0 || strcmp(line, "NoNewPrivs:\t1\n") == 0;
    }
    if (status != NULL) {
        fclose(status);
    }
    struct rlimit core;
    return filters == 2 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1 &&
                   getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0
               ? 0
               : 1;
}

/* A thread that was there before is held, too. */
static int ready[2];

static void *refuse_to_run(void *context)
{
    char byte;
    bool was_told = read(ready[0], &byte, 1) == 1;
    *(int *)context = was_told && syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0) != 0 ? errno : 0;
    return NULL;
}

static void what_an_ear_needs_it_can(void **state)
{
    (void)state;
    shut_a_port();
    assert_int_equal(inside(start_a_thread_resolve_and_connect), 0);
    assert_int_equal(inside(read_the_configuration), 0);
    assert_int_equal(in(&writer, start_a_thread_resolve_and_connect), 0);
    assert_int_equal(in(&writer, read_the_configuration), 0);
}

static void what_it_does_not_need_it_cannot(void **state)
{
    (void)state;
    assert_int_not_equal(inside(write_a_file), 0);
    assert_int_not_equal(access("/tmp/tocsin-ear-wrote-this", F_OK), 0);
    assert_int_equal(inside(run_a_program), EPERM);
    assert_int_equal(inside(start_a_process), EPERM);
    assert_int_equal(inside(kill_the_listener), EPERM);
    assert_int_equal(inside(look_into_the_listener), EPERM);
    assert_int_equal(inside(tell_what_the_kernel_says), 0);
    if (has_landlock()) {
        assert_int_equal(inside(read_a_secret), EACCES);
    } else {
        print_message("not tried: reading (this kernel has no Landlock)\n");
    }
}

static void who_writes_a_store_writes_nothing_else_and_starts_nothing(void **state)
{
    (void)state;
    assert_int_equal(in(&writer, write_as_a_store), 0);
    assert_int_equal(in(&writer, run_a_program), EPERM);
    assert_int_equal(in(&writer, start_a_process), EPERM);
    assert_int_equal(in(&writer, kill_the_listener), EPERM);
    if (has_landlock()) {
        assert_int_equal(in(&writer, write_a_file), EACCES);
        assert_int_equal(in(&writer, read_a_secret), EACCES);
    }
}

static void who_starts_programs_hands_its_limits_on(void **state)
{
    (void)state;
    assert_int_equal(in(&starter, write_as_a_store), 0);
    assert_int_equal(in(&starter, run_a_program_to_its_end), 0);
    assert_int_equal(in(&starter, trace_the_parent), EPERM);
    assert_int_equal(in(&starter, make_a_user_name_space), EPERM);
    assert_int_equal(in(&starter, be_a_child_that_sets_the_clock), EPERM);
    assert_int_equal(in(&starter, tell_what_the_kernel_says), 0);
    if (has_landlock()) {
        assert_int_equal(in(&starter, write_a_file), EACCES);
        assert_int_equal(in(&starter, read_a_secret), EACCES);
    }
}

static int hold_a_thread_that_was_there(void)
{
    int code = 0;
    pthread_t thread;
    if (pipe(ready) != 0 || pthread_create(&thread, NULL, refuse_to_run, &code) != 0) {
        return 1;
    }
    unsigned parts = sandbox_enter(&starter);
    return write(ready[1], "x", 1) == 1 && pthread_join(thread, NULL) == 0 && code == EPERM &&
                   (parts & SANDBOX_CALLS) != 0
               ? 0
               : 1;
}

static void the_calls_of_every_thread_are_held(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        _exit(hold_a_thread_that_was_there());
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void what_does_not_hold_is_said(void **state)
{
    (void)state;
    assert_null(sandbox_lack(SANDBOX_CALLS | SANDBOX_FILES));
    assert_non_null(strstr(sandbox_lack(SANDBOX_CALLS), "no Landlock"));
    assert_non_null(strstr(sandbox_lack(SANDBOX_FILES), "no seccomp"));
    assert_non_null(strstr(sandbox_lack(0), "neither"));
}

int main(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    return 77;
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_ear_needs_it_can),
        cmocka_unit_test(what_it_does_not_need_it_cannot),
        cmocka_unit_test(who_writes_a_store_writes_nothing_else_and_starts_nothing),
        cmocka_unit_test(who_starts_programs_hands_its_limits_on),
        cmocka_unit_test(the_calls_of_every_thread_are_held),
        cmocka_unit_test(what_does_not_hold_is_said),
    };
    if (mkdtemp(own_dir) == NULL) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(own_dir);
    return failed;
}
