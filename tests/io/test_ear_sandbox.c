#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ear/sandbox.h"

/* In a process of its own, inside the sandbox; what it returns is its exit status. */
static int inside(int (*act)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        const char *const files[] = {NULL, "/proc/self/status"};
        sandbox_enter(files, 2);
        _exit(act());
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
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

static void what_an_ear_needs_it_can(void **state)
{
    (void)state;
    shut_a_port();
    assert_int_equal(inside(start_a_thread_resolve_and_connect), 0);
    assert_int_equal(inside(read_the_configuration), 0);
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
    if (has_landlock()) {
        assert_int_equal(inside(read_a_secret), EACCES);
    } else {
        print_message("not tried: reading (this kernel has no Landlock)\n");
    }
}

int main(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    return 77;
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_ear_needs_it_can),
        cmocka_unit_test(what_it_does_not_need_it_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
