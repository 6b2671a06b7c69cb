/* tocsin: declares windows, asks when they are, and keeps the records of a constellation. */
#include <argp.h>
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "tocsin/program.h"

#include "tocsin/commands/run.h"
#include "tocsin/say.h"

/* A full disk behind a redirection must not look like success.  At exit, because argp ends the
 * program itself after --help. */
static void check_stdout(void)
{
    errno = 0; /* an earlier write that failed has left no number */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        _exit(say_outside("standard output: %s",
                          errno != 0 ? strerror(errno) : "not everything could be written"));
    }
}

int tocsin_main(int argc, char **argv)
{
    if (atexit(check_stdout) != 0) {
        return say_outside("out of memory");
    }
    setlocale(LC_CTYPE, "");
    argp_err_exit_status = EXIT_USAGE;
    argp_program_version = "tocsin " TOCSIN_VERSION;
    signal(SIGXFSZ, SIG_IGN); /* a quota is an error to tell, not a way to die */
    if (sodium_init() < 0) {
        return say_outside("libsodium cannot start: no source of random bytes");
    }
    return command_run(argc, argv);
}
