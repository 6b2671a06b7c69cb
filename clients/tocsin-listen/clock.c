#include "tocsin-listen/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock/kernel.h"

/* Two clocks read this far apart were not read at one moment. */
static const int64_t WIDE_NS = 50 * NS_PER_US;

static int64_t read_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Another clock and the monotonic one at the same moment: the tightest of a few brackets.  A
 * program may lose the processor for milliseconds between any two readings, above all on a machine
 * that is lent. */
static void read_pair(clockid_t other, int64_t *mono_ns, int64_t *other_ns)
{
    enum { TRIES = 3, TRIES_MAX = 20 };
    int64_t tightest = INT64_MAX;
    for (int i = 0; i < TRIES || (i < TRIES_MAX && tightest > WIDE_NS); i++) {
        int64_t before = read_ns(CLOCK_MONOTONIC);
        int64_t between = read_ns(other);
        int64_t after = read_ns(CLOCK_MONOTONIC);
        if (after - before < tightest) {
            tightest = after - before;
            *mono_ns = before + (after - before) / 2;
            *other_ns = between;
        }
    }
}

static bool read_seconds(const char *text, int64_t *out_ns)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(seconds) || fabs(seconds) > 4e9) {
        return false;
    }
    *out_ns = (int64_t)llround(seconds * 1e9);
    return true;
}

static bool read_word(struct clock *clock, char *word)
{
    char *value = strchr(word, '=');
    if (value != NULL) {
        *value++ = '\0';
    }
    if (strcmp(word, "unsync") == 0 && value == NULL) {
        clock->sync = CLOCK_SYNC_NO;
        return true;
    }
    if (value == NULL) {
        return false;
    }
    if (strcmp(word, "offset") == 0) {
        return read_seconds(value, &clock->offset_ns);
    }
    if (strcmp(word, "sync") == 0) {
        clock->sync = CLOCK_SYNC_YES;
        return read_seconds(value, &clock->bound_ns);
    }
    if (strcmp(word, "ppm") == 0) {
        char *end;
        clock->gain = strtod(value, &end) * 1e-6;
        return end != value && *end == '\0' && fabs(clock->gain) <= 1e-3;
    }
    char *by = strchr(value, ':');
    if (strcmp(word, "step") != 0 || by == NULL || clock->step_count == CLOCK_STEPS_MAX) {
        return false;
    }
    *by++ = '\0';
    return read_seconds(value, &clock->step[clock->step_count].after_ns) &&
           read_seconds(by, &clock->step[clock->step_count++].by_ns);
}

bool clock_init(struct clock *clock, const char *pretend)
{
    memset(clock, 0, sizeof *clock);
    read_pair(CLOCK_REALTIME, &clock->begin_mono_ns, &clock->begin_host_ns);
    if (pretend == NULL) {
        return true;
    }
    clock->is_pretend = true;
    char text[512];
    if (strlen(pretend) >= sizeof text) {
        return false;
    }
    strcpy(text, pretend);
    char *rest = text;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word != '\0' && !read_word(clock, word)) {
            return false;
        }
    }
    return true;
}

mono clock_seen(const struct clock *clock, mono real)
{
    double passed = (double)(real.ns - clock->begin_mono_ns);
    return (mono){real.ns + (int64_t)floor(passed * clock->gain)};
}

mono clock_real(const struct clock *clock, mono seen)
{
    if (!clock->is_pretend) {
        return seen;
    }
    double passed = (double)(seen.ns - clock->begin_mono_ns) / (1 + clock->gain);
    mono real = {clock->begin_mono_ns + (int64_t)ceil(passed)};
    while (clock_seen(clock, real).ns < seen.ns) {
        real.ns++;
    }
    return real;
}

void clock_read(const struct clock *clock, struct discipline_clocks *out)
{
    memset(out, 0, sizeof *out);
    int64_t mono_ns = 0, boot_ns = 0;
    read_pair(CLOCK_BOOTTIME, &mono_ns, &boot_ns);
    out->slept.ns = boot_ns - mono_ns;
    read_pair(CLOCK_REALTIME, &out->now.ns, &out->host.ns);
    struct clock_kernel kernel;
    clock_ask_kernel(&kernel);
    out->is_synchronised = kernel.is_synchronised;
    out->bound = kernel.error;
    if (!clock->is_pretend) {
        return;
    }
    int64_t passed = out->now.ns - clock->begin_mono_ns;
    out->now = clock_seen(clock, out->now);
    out->host.ns += clock->offset_ns + (int64_t)floor((double)passed * clock->gain);
    for (int i = 0; i < clock->step_count; i++) {
        if (passed >= clock->step[i].after_ns) {
            out->host.ns += clock->step[i].by_ns;
        }
    }
    if (clock->sync != CLOCK_SYNC_REAL) {
        out->is_synchronised = clock->sync == CLOCK_SYNC_YES;
        out->bound.ns = clock->bound_ns;
    }
}
