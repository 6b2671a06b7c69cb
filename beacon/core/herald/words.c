/* words.c -- what a herald has to say, as sentences. */
#include "herald/herald.h"

#include <inttypes.h>
#include <stdio.h>

#include "instants/stamp.h"

/* 4.8 s, 20 s, 9 min 20 s, 3 h 12 min, 12 days: as fine as it matters. */
static void say_time(int64_t ns, char *out, size_t size)
{
    int64_t tenths = (ns + NS_PER_S / 20) / (NS_PER_S / 10);
    long long seconds = (long long)((ns + NS_PER_S / 2) / NS_PER_S);
    if (tenths < 50 && tenths % 10 != 0) {
        snprintf(out, size, "%lld.%lld s", (long long)tenths / 10, (long long)tenths % 10);
    } else if (seconds <= 120) {
        snprintf(out, size, "%lld s", seconds);
    } else if (seconds < 3600) {
        snprintf(out, size, seconds % 60 != 0 ? "%lld min %lld s" : "%lld min", seconds / 60,
                 seconds % 60);
    } else if (seconds < INT64_C(2) * 86400) {
        snprintf(out, size, "%lld h %lld min", seconds / 3600, seconds % 3600 / 60);
    } else {
        snprintf(out, size, "%lld days", seconds / 86400);
    }
}

/* "20 s left", "begun 3 s ago", "nothing declared". */
static void say_left(const struct herald_news *news, char *out, size_t size)
{
    int64_t left = news->left.ns;
    char time[64];
    if (!news->has_t0) {
        snprintf(out, size, news->in_force > 0 ? "no moment to come" : "nothing declared");
        return;
    }
    say_time(left < 0 ? -left : left, time, sizeof time);
    if (left > -NS_PER_S / 20 && left < NS_PER_S / 20) {
        snprintf(out, size, "now");
    } else if (left > 0) {
        snprintf(out, size, "%s left", time);
    } else {
        snprintf(out, size, "begun %s ago", time);
    }
}

void herald_news_write(const struct herald_news *news, char out[static HERALD_LINE_SIZE])
{
    char left[96], start[STAMP_TEXT_SIZE] = "";
    say_left(news, left, sizeof left);
    *out = '\0';
    switch (news->kind) {
    case HERALD_QUIET:
        return;
    case HERALD_NOT_NAMED:
        snprintf(out, HERALD_LINE_SIZE,
                 "this key is not among the root's beacons: nothing will be ticked");
        return;
    case HERALD_IN_FORCE:
        if (news->has_t0) {
            stamp_write(news->t0, start);
        }
        snprintf(out, HERALD_LINE_SIZE, "%" PRIu32 " window%s in force%s%s", news->in_force,
                 text_s(news->in_force), news->has_t0 ? ", the next moment at " : "", start);
        return;
    case HERALD_TICKED:
        snprintf(out, HERALD_LINE_SIZE, "tick %" PRIu64 ", %s", news->number, left);
        return;
    case HERALD_UNHEARD:
        snprintf(out, HERALD_LINE_SIZE, "%s, no link: nothing sent", left);
        return;
    case HERALD_CLOCK_BACK:
        snprintf(out, HERALD_LINE_SIZE,
                 "the clock went back %.3f s: listeners pass over ticks until it has caught up",
                 (double)news->left.ns / 1e9);
        return;
    }
}
