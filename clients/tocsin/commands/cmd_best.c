/* tocsin best --place ...: the UTC hours at which most of the places are awake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/windows/environment.h"

enum { PLACES_MAX = 64, HOURS = 24, WAKES = 7, SLEEPS = 23 };

struct arguments {
    const char *place[PLACES_MAX];
    size_t count;
    int wakes, sleeps;
};

static int read_hour(struct argp_state *state, const char *option, const char *arg)
{
    char *end;
    long hour = strtol(arg, &end, 10);
    if (*arg == '\0' || *end != '\0' || hour < 0 || hour > HOURS) {
        argp_error(state, "%s \"%s\": an hour from 0 to 24", option, arg);
    }
    return (int)hour;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        arguments->wakes = WAKES;
        arguments->sleeps = SLEEPS;
        return 0;
    case 'p':
        if (arguments->count == PLACES_MAX) {
            argp_error(state, "more than %d places", PLACES_MAX);
        }
        arguments->place[arguments->count++] = arg;
        return 0;
    case 'w':
        arguments->wakes = read_hour(state, "--wakes", arg);
        return 0;
    case 's':
        arguments->sleeps = read_hour(state, "--sleeps", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A place by its name, or a zone by its IANA name. */
static const struct zone *find_zone(const struct environment *environment, const char *name)
{
    struct rule_place place;
    if (rule_place_find(name, strlen(name), &place) && *place.zone != '\0') {
        return zoneinfo_find(environment->zones, place.zone);
    }
    return zoneinfo_is_name(name) ? zoneinfo_find(environment->zones, name) : NULL;
}

struct hour {
    int hour;
    size_t awake;
    int worst; /* how far the least lucky place is from its waking hours */
    char clocks[PLACES_MAX * 24];
};

static int how_far_from_waking(int hour, int wakes, int sleeps)
{
    int since = (hour - sleeps + HOURS) % HOURS, until = (wakes - hour + HOURS) % HOURS;
    return since < until ? since + 1 : until;
}

static bool is_awake(int hour, int wakes, int sleeps)
{
    return wakes < sleeps ? hour >= wakes && hour < sleeps : hour >= wakes || hour < sleeps;
}

static void fill(const struct arguments *arguments, const struct zone *const *zone, utc at,
                 struct hour *out)
{
    size_t used = 0;
    for (size_t i = 0; i < arguments->count; i++) {
        struct civil local = zone_to_civil(zone[i], at);
        if (is_awake(local.time.hour, arguments->wakes, arguments->sleeps)) {
            out->awake++;
        } else {
            int far = how_far_from_waking(local.time.hour, arguments->wakes, arguments->sleeps);
            out->worst = far > out->worst ? far : out->worst;
        }
        int wrote =
            snprintf(out->clocks + used, sizeof out->clocks - used, "%s%.14s %02d:%02d",
                     i > 0 ? ", " : "", arguments->place[i], local.time.hour, local.time.minute);
        used += wrote > 0 && used + (size_t)wrote < sizeof out->clocks ? (size_t)wrote : 0;
    }
}

static int by_merit(const void *a, const void *b)
{
    const struct hour *x = a, *y = b;
    if (x->awake != y->awake) {
        return x->awake > y->awake ? -1 : 1;
    }
    return x->worst != y->worst ? x->worst - y->worst : x->hour - y->hour;
}

static int best(const struct session *session, const struct environment *environment,
                const struct arguments *arguments)
{
    const struct zone *zone[PLACES_MAX];
    for (size_t i = 0; i < arguments->count; i++) {
        zone[i] = find_zone(environment, arguments->place[i]);
        if (zone[i] == NULL) {
            return say_usage("--place \"%s\": neither a known city nor a time zone; write a zone "
                             "like America/Bogota",
                             arguments->place[i]);
        }
    }
    static struct hour hour[HOURS];
    struct civil day = {.date = civil_from_utc(session->now_utc).date};
    for (int h = 0; h < HOURS; h++) {
        hour[h] = (struct hour){.hour = h};
        day.time.hour = h;
        fill(arguments, zone, civil_to_utc(day), &hour[h]);
    }
    qsort(hour, HOURS, sizeof *hour, by_merit);
    static const struct rows_column column[] = {
        {"utc", false}, {"awake", true}, {"of", true}, {"clocks", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 4, stdout);
    for (int h = 0; h < HOURS; h++) {
        char at[8], awake[16], of[16];
        snprintf(at, sizeof at, "%02d:00", hour[h].hour);
        snprintf(awake, sizeof awake, "%zu", hour[h].awake);
        snprintf(of, sizeof of, "%zu", arguments->count);
        rows_add(&rows, (const char *[]){at, awake, of, hour[h].clocks});
    }
    return rows_end(&rows) ? EXIT_DONE : say_outside("out of memory");
}

static const struct argp_option options[] = {
    {"place", 'p', "CITY|ZONE", 0, "A place; repeat", 0},
    {"wakes", 'w', "HOUR", 0, "When people are up (default: 7)", 0},
    {"sleeps", 's', "HOUR", 0, "When they go to bed (default: 23)", 0},
    {0}};

const struct command_line line_best = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "[PLACE...]",
    .most = PLACES_MAX,
    .doc = "Lists the hours of the day (UTC), the best first, by how many of the places are awake "
           "then.\vClocks are those of today, or of --at: summer time moves them.",
};

int cmd_best(struct session *session, const struct command_call *call)
{
    struct arguments arguments = *(const struct arguments *)call->options;
    for (size_t i = 0; i < call->count; i++) {
        if (arguments.count == PLACES_MAX) {
            return say_usage("more than %d places", PLACES_MAX);
        }
        arguments.place[arguments.count++] = call->word[i];
    }
    if (arguments.count == 0) {
        return say_usage("name the places: --place Rome --place Tokyo ...");
    }
    return best(session, call->environment, &arguments);
}
