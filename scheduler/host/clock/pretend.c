#include "clock/pretend.h"

#ifdef TOCSIN_TEST_CLOCK

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* offset=S ppm=P step=AFTER:BY sync=BOUND unsync, in any order; only a build for tests has it.  A
 * word that is half understood is refused: a test of a wrong clock must not run with a right
 * one. */
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
        return read_seconds(value, &clock->bound_ns) && clock->bound_ns >= 0;
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

bool clock_pretend(struct clock *clock)
{
    const char *told = getenv("TOCSIN_TEST_CLOCK");
    if (told == NULL) {
        return true;
    }
    clock->pretence = "TOCSIN_TEST_CLOCK: not readable: write offset=SECONDS ppm=N step=AFTER:BY "
                      "unsync sync=BOUND";
    char text[512];
    if (strlen(told) >= sizeof text) {
        return false;
    }
    strcpy(text, told);
    char *rest = text;
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word != '\0' && !read_word(clock, word)) {
            return false;
        }
    }
    clock->pretence = "TOCSIN_TEST_CLOCK: this clock is pretended";
    return true;
}

mono clock_seen(const struct clock *clock, mono real)
{
    double passed = (double)(real.ns - clock->begin_mono_ns);
    return (mono){real.ns + (int64_t)floor(passed * clock->gain)};
}

mono_raw clock_pretend_raw(const struct clock *clock, mono_raw real)
{
    double passed = (double)(real.ns - clock->begin_raw_ns);
    return (mono_raw){real.ns + (int64_t)floor(passed * clock->gain)};
}

mono clock_real(const struct clock *clock, mono seen)
{
    if (clock->pretence == NULL) {
        return seen;
    }
    double passed = (double)(seen.ns - clock->begin_mono_ns) / (1 + clock->gain);
    mono real = {clock->begin_mono_ns + (int64_t)ceil(passed)};
    while (clock_seen(clock, real).ns < seen.ns) {
        real.ns++;
    }
    return real;
}

void clock_pretend_reading(const struct clock *clock, struct clock_reading *reading)
{
    if (clock->pretence == NULL) {
        return;
    }
    int64_t passed = reading->now.ns - clock->begin_mono_ns;
    reading->now = clock_seen(clock, reading->now);
    reading->raw = clock_pretend_raw(clock, reading->raw);
    reading->host.ns += clock->offset_ns + (int64_t)floor((double)passed * clock->gain);
    for (int i = 0; i < clock->step_count; i++) {
        if (passed >= clock->step[i].after_ns) {
            reading->host.ns += clock->step[i].by_ns;
        }
    }
    if (clock->sync != CLOCK_SYNC_REAL) {
        reading->kernel.is_synchronised = clock->sync == CLOCK_SYNC_YES;
        reading->kernel.error.ns = clock->bound_ns;
    }
}

#else

bool clock_pretend(struct clock *clock)
{
    (void)clock;
    return true;
}

mono clock_seen(const struct clock *clock, mono real)
{
    (void)clock;
    return real;
}

mono_raw clock_pretend_raw(const struct clock *clock, mono_raw real)
{
    (void)clock;
    return real;
}

mono clock_real(const struct clock *clock, mono seen)
{
    (void)clock;
    return seen;
}

void clock_pretend_reading(const struct clock *clock, struct clock_reading *reading)
{
    (void)clock;
    (void)reading;
}

#endif
