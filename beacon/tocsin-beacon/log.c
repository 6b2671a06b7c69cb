/* What the beacon says of its steps: to people, and to the flight log while it can be written. */
#include <errno.h>
#include <string.h>

#include "say/say.h"
#include "tocsin-beacon/flight.h"
#include "tocsin-beacon/run.h"

void beacon_record(struct beacon *beacon, const struct herald_event *event, const uint8_t *data,
                   size_t size)
{
    bool is_kept = event->kind < HERALD_EAR_UP; /* flight.h says why */
    if (beacon->log != NULL && is_kept && !flight_write(beacon->log, event, data, size)) {
        say_news("the log %s cannot be written (%s): going on without it", beacon->options->log,
                 strerror(errno));
        fclose(beacon->log);
        beacon->log = NULL;
    }
}

void beacon_tell(const struct herald_news *news)
{
    char line[HERALD_LINE_SIZE];
    if (news->kind != HERALD_QUIET) {
        herald_news_write(news, line);
        say_news("%s", line);
    }
}
