/* A flight log that somebody sends, or that was cut or edited, is gone through or refused: reader,
 * replica and mind.  links: flight replica listener show ticks view trust records */
#include <assert.h>

#include "tocsin-listen/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct listen listen; /* large */
    static FILE *nowhere;
    nowhere = nowhere != NULL ? nowhere : fopen("/dev/null", "w");
    FILE *file = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (nowhere == NULL || file == NULL) {
        return 0;
    }
    listen.leap = *clock_leap();
    show_init(&listen.show, nowhere, fileno(nowhere), &(struct show_options){.json = true});
    struct flight_player player = recorder_player(&listen);
    size_t torn, last;
    char why[FLIGHT_WHY_SIZE] = "";
    bool is_done = flight_play(file, &player, &torn, &last, why);
    assert(is_done == (why[0] == '\0'));
    replica_close(&listen.replica);
    fclose(file);
    return 0;
}
