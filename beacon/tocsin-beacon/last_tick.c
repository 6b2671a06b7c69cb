/* The time of the latest tick, across restarts and power cuts. */
#include <stdlib.h>

#include "files/files.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

static const int64_t KEEP_EVERY_NS = 50 * NS_PER_S; /* at every tick of the slow cadence */
static const int64_t KEEP_AT_THE_LATEST_NS = 300 * NS_PER_S;
static const int64_t QUIET_NS = 2 * NS_PER_S;

static bool state_path(const struct beacon *beacon, char *out, size_t size)
{
    if (beacon->options->state == NULL) {
        return false;
    }
    int len = snprintf(out, size, "%s/last-tick", beacon->options->state);
    return len > 0 && (size_t)len < size;
}

void last_tick_load(struct beacon *beacon)
{
    char path[600];
    uint8_t *text;
    size_t size;
    struct files_error error;
    utc last;
    if (!state_path(beacon, path, sizeof path) || !files_load(path, 64, &text, &size, &error)) {
        return;
    }
    if (size > 0 && stamp_read((const char *)text, size - 1, &last)) {
        beacon->kept_tick = last;
        double behind_s = (double)utc_since(last, clocks_read(beacon->leap).utc).ns / 1e9;
        if (behind_s > 0) {
            say_news(
                "the clock is %.3f s behind this beacon's last tick: listeners pass over ticks "
                "until it has caught up",
                behind_s);
        }
    }
    free(text);
}

void last_tick_save(struct beacon *beacon)
{
    char path[600], text[STAMP_TEXT_SIZE + 1];
    struct files_error error;
    utc last = beacon->herald.last_stamp;
    /* Never an earlier one: listeners remember the latest, too. */
    if (last.ns <= beacon->kept_tick.ns || !state_path(beacon, path, sizeof path)) {
        return;
    }
    size_t len = stamp_write(last, text);
    text[len++] = '\n';
    bool is_kept = files_replace(path, 0600, text, len, &error);
    if (!is_kept && !beacon->is_keeping_bad) { /* once, not every minute */
        say_news("%s", error.message);
    }
    beacon->is_keeping_bad = !is_kept;
    beacon->kept_tick = last;
    beacon->has_kept_one = true;
}

void last_tick_keep(struct beacon *beacon, span wake)
{
    int64_t since_ns = beacon->has_kept_one
                           ? utc_since(beacon->herald.last_stamp, beacon->kept_tick).ns
                           : KEEP_AT_THE_LATEST_NS;
    /* A disk may be slow: while ticks come every second it waits, but not for ever. */
    if (since_ns >= KEEP_AT_THE_LATEST_NS || (since_ns >= KEEP_EVERY_NS && wake.ns > QUIET_NS)) {
        last_tick_save(beacon);
    }
}
