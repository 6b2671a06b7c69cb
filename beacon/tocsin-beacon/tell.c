/* What a step of the herald leaves behind: a line for people, and one for the flight log. */
#include "say/say.h"
#include "tocsin-beacon/run.h"

void beacon_record(struct beacon *beacon, const struct herald_event *event,
                   const struct herald_update *update)
{
    recorder_step(beacon->flight, event, update);
    if (!flight_flush(beacon->flight)) {
        say_news("the log %s cannot be written, or not as fast as events come: it ends here",
                 beacon->options->log);
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
