/* A flight log that somebody sends, or that was cut or edited, is gone through or refused: reader,
 * replica and mind.  links: flight replica listener show ticks view trust records */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tocsin-listen/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct listen listen; /* large */
    static struct options options;
    static FILE *nowhere;
    char path[32];
    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
        assert(nowhere != NULL && freopen("/dev/null", "w", stderr) != NULL);
    }
    int file = memfd_create("log", 0);
    assert(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    options.replay = path;
    listen.options = &options;
    listen.leap = *clock_leap();
    show_init(&listen.show, nowhere, fileno(nowhere), &(struct show_options){.json = true});
    int code = listen_replay(&listen);
    assert(code == EXIT_DONE || code == EXIT_USAGE);
    replica_close(&listen.replica);
    close(file);
    return 0;
}
