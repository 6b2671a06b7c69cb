/* tocsin-listen: hears signed windows and countdown ticks, checks them, and starts the gesture. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "tocsin-listen/listen.h"

#include "mqtt/mqtt.h"
#include "sandbox/sandbox.h"
#include "service/service.h"
#include "tocsin-listen/internal.h"
#include "tocsin-listen/output_queue.h"

/* What the process may take of memory at the worst.  Some 3 MiB are what it needs; a store that a
 * thief with two keys has filled to the brim takes some 200. */
enum { MEMORY_MAX = 256 * 1024 * 1024 }; /* untouched under AddressSanitizer */
enum { DESCRIPTORS_MIN = 32 };

/* None of these may end or stop a listener on its way to a start: a reader or a terminal that has
 * gone, a stray signal, a background job's output (stty tostop), a file that may grow no more. */
static void ignore_signals(void)
{
    static const int ignored[] = {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2, SIGTTOU, SIGTTIN, SIGXFSZ};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        signal(ignored[i], SIG_IGN);
    }
}

/* libuv ends a program that has not enough for its loop, without a word; one that has enough for
 * that alone would start nothing. */
static bool has_descriptors(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS_MIN;
}

int listen_main(int argc, char **argv)
{
    static struct options options;
    static struct listen listen; /* large: the mind's storage is part of it */
    if (argc == 1 && strcmp(argv[0], EAR_PROGRAM) == 0) {
        return ear_main();
    }
    if (strcmp(argv[0], BELL_PROGRAM) == 0) {
        return bell_main(argc, argv);
    }
    service_open();
    sandbox_keep_to_itself();
    options_read(argc, argv, &options);
    ignore_signals();
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* a hook that is set-user-id runs as its caller */
#ifndef __SANITIZE_ADDRESS__                /* its shadow alone is terabytes of address space */
    (void)mqtt_bound_memory(MEMORY_MAX);
#endif
    bool runs_on = !options.check && !options.rehearse && options.replay == NULL;
    if (!has_descriptors()) {
        return say_outside(
            "too few file descriptors, %d are the least: raise the limit (ulimit -n)",
            DESCRIPTORS_MIN);
    }
    if (runs_on && !output_open()) {
        return say_outside("too little memory, or too many threads: ulimit -u");
    }
    int code = listen_open(&listen, &options);
    if (code == EXIT_DONE) {
        code = options.check            ? listen_check(&listen)
               : options.rehearse       ? listen_rehearse(&listen)
               : options.replay != NULL ? listen_replay(&listen)
                                        : listen_run(&listen);
    }
    listen_close(&listen);
    mqtt_login_free(&options.login);
    mqtt_login_free(&options.report_login);
    output_close();
    return code;
}
