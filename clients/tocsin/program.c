/* tocsin: declares windows, asks when they are, and keeps the records of a constellation. */
#include <locale.h>
#include <signal.h>

#include <sodium.h>

#include "tocsin/program.h"

#include "sandbox/sandbox.h"
#include "say/say.h"
#include "tocsin/commands/run.h"

int tocsin_main(int argc, char **argv)
{
    say_begin("tocsin", NULL);
    sandbox_keep_to_itself();
    if (setlocale(LC_CTYPE, "") == NULL) {
        setlocale(LC_CTYPE, "C.UTF-8"); /* one that is not installed: what we print is UTF-8 */
    }
    signal(SIGXFSZ, SIG_IGN); /* a quota is an error to tell, not a way to die */
    if (sodium_init() < 0) {
        return say_outside("libsodium cannot start: no source of random bytes");
    }
    return command_run(argc, argv);
}
