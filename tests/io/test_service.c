/* What a daemon tells its supervisor, as sd_notify(3) has it. */
#include "check.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "service/service.h"

static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(name);
    memcpy(address.sun_path, name, len);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
                     0);
    return fd;
}

static const char *hear(int fd)
{
    static char text[2000];
    ssize_t size = recv(fd, text, sizeof text - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    return text;
}

static void nobody_supervises_and_nothing_is_told(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    setenv("WATCHDOG_USEC", "30000000", 1); /* nothing without the socket */
    service_open();
    assert_int_equal(service_patience().ns, 0);
    service_ready();
    service_alive((mono){0});
    service_status("nothing");
    assert_null(getenv("WATCHDOG_USEC"));
}

static void a_supervisor_hears_that_it_is_ready_alive_and_what_it_does(void **state)
{
    (void)state;
    char name[64];
    snprintf(name, sizeof name, "@tocsin-test-%d", (int)getpid());
    int fd = listen_at(name);
    setenv("NOTIFY_SOCKET", name, 1);
    setenv("WATCHDOG_USEC", "30000000", 1);
    service_open();
    assert_null(getenv("NOTIFY_SOCKET")); /* no child speaks for us */
    assert_int_equal(service_patience().ns, 30 * NS_PER_S);
    service_ready();
    assert_string_equal(hear(fd), "READY=1");
    for (int64_t s = 0; s < 30; s++) { /* called each second, told three times in the patience */
        service_alive((mono){s * NS_PER_S});
    }
    for (int i = 0; i < 3; i++) {
        assert_string_equal(hear(fd), "WATCHDOG=1");
    }
    assert_string_equal(hear(fd), "");
    service_status("next: %s", "A minute\nfor Bologna");
    assert_string_equal(hear(fd), "STATUS=next: A minute?for Bologna");
    service_status("next: %s", "A minute\nfor Bologna");
    assert_string_equal(hear(fd), ""); /* told once */
    char text[2 * SERVICE_STATUS_SIZE];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    service_status("%s", text);
    assert_int_equal(strlen(hear(fd)), SERVICE_STATUS_SIZE - 1);
    for (int i = 0; i < 5000; i++) { /* one that does not read is not waited for */
        service_status("%d", i);
    }
    close(fd);
    service_stopping(); /* nor one that has gone */
}

static void a_watchdog_of_another_process_is_none_of_ours(void **state)
{
    (void)state;
    char name[64];
    snprintf(name, sizeof name, "@tocsin-test-other-%d", (int)getpid());
    int fd = listen_at(name);
    setenv("NOTIFY_SOCKET", name, 1);
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    service_open();
    service_stopping();
    assert_string_equal(hear(fd), "STOPPING=1");
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_supervises_and_nothing_is_told),
        cmocka_unit_test(a_supervisor_hears_that_it_is_ready_alive_and_what_it_does),
        cmocka_unit_test(a_watchdog_of_another_process_is_none_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
