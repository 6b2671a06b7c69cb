/* tocsin best --place ...: the UTC hours at which most of the places are awake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "places/places.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/windows/environment.h"

enum { OPTION_PLACE = 0x100 };

enum {
    PLACES_MAX = 64,
    SPOTS_MAX = 1024,
    SPOTS_SHOWN = 24,
    HOURS = 24,
    WAKES = 7,
    SLEEPS = 23,
    COLUMNS = 4
};

struct arguments {
    const char *place[PLACES_MAX];
    size_t count;
    int wakes, sleeps;
};

static int read_hour(struct argp_state *state, const char *option, const char *arg)
{
    return (int)options_read_number(state, option, arg, 0, HOURS, "an hour from 0 to 24");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        arguments->wakes = WAKES;
        arguments->sleeps = SLEEPS;
        return 0;
    case OPTION_PLACE:
        return options_add(state, arg, arguments->place, &arguments->count, PLACES_MAX, "places");
    case 'w':
        arguments->wakes = read_hour(state, "wakes", arg);
        return 0;
    case 's':
        arguments->sleeps = read_hour(state, "sleeps", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Where somebody is to be awake: the places named; of a country, and of all, a city of each
 * zone. */
struct spots {
    size_t count;
    struct spot {
        char name[PLACE_NAME_SIZE];
        const struct zone *zone;
    } at[SPOTS_MAX];
};

static int add_spot(const struct environment *environment, const char *name, const char *zone,
                    struct spots *spots)
{
    for (size_t i = 0; i < spots->count; i++) {
        if (strcmp(spots->at[i].name, name) == 0) {
            return EXIT_DONE; /* named twice */
        }
    }
    if (spots->count == SPOTS_MAX) {
        return say_usage("more than %d places", SPOTS_MAX);
    }
    struct spot *spot = &spots->at[spots->count++];
    snprintf(spot->name, sizeof spot->name, "%s", name);
    spot->zone = zoneinfo_is_name(zone) ? zoneinfo_find(environment->zones, zone) : NULL;
    return spot->zone != NULL ? EXIT_DONE : say_usage("%s: no time zone \"%s\" here", name, zone);
}

static int add_cities(const struct environment *environment, const char *country,
                      struct spots *spots)
{
    size_t cursor = 0, first = spots->count;
    struct place place;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && places_next(&cursor, &place)) {
        const struct zone *zone = zoneinfo_find(environment->zones, place.zone);
        bool is_new = country == NULL || strcmp(country, place.country) == 0;
        for (size_t i = first; i < spots->count && is_new; i++) {
            is_new = spots->at[i].zone != zone;
        }
        code = is_new ? add_spot(environment, place.name, place.zone, spots) : EXIT_DONE;
    }
    return code;
}

/* A place as all commands read it, or a zone by its IANA name. */
static int add_place(const struct environment *environment, const char *text, struct spots *spots)
{
    struct places_choice choice;
    char why[PLACE_DOUBT_SIZE];
    if (zoneinfo_is_name(text) && zoneinfo_find(environment->zones, text) != NULL) {
        return add_spot(environment, text, text, spots);
    }
    if (!places_read(text, &choice, why)) {
        places_doubt_in(text, strlen(text), environment_language(), why);
        return say_usage("--place: %s", why);
    }
    if (choice.kind != PLACES_ONE) {
        return add_cities(environment, choice.kind == PLACES_ALL ? NULL : choice.country, spots);
    }
    if (choice.one.zone[0] == '\0') {
        places_doubt_in(text, strlen(text), environment_language(), why);
        return say_usage("--place: %s", why);
    }
    return add_spot(environment, choice.one.name, choice.one.zone, spots);
}

struct hour {
    int hour;
    size_t awake;
    int worst; /* how far the least lucky place is from its waking hours */
    char clocks[(SPOTS_SHOWN + 1) * 24];
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

static void fill(const struct arguments *arguments, const struct spots *spots, utc at,
                 struct hour *out)
{
    size_t used = 0;
    for (size_t i = 0; i < spots->count; i++) {
        struct civil local = zone_to_civil(spots->at[i].zone, at);
        if (is_awake(local.time.hour, arguments->wakes, arguments->sleeps)) {
            out->awake++;
        } else {
            int far = how_far_from_waking(local.time.hour, arguments->wakes, arguments->sleeps);
            out->worst = far > out->worst ? far : out->worst;
        }
        int wrote =
            i < SPOTS_SHOWN
                ? snprintf(out->clocks + used, sizeof out->clocks - used, "%s%.14s %02d:%02d",
                           i > 0 ? ", " : "", spots->at[i].name, local.time.hour, local.time.minute)
            : i == SPOTS_SHOWN ? snprintf(out->clocks + used, sizeof out->clocks - used,
                                          " and %zu more", spots->count - i)
                               : 0;
        used += wrote > 0 && used + (size_t)wrote < sizeof out->clocks ? (size_t)wrote : 0;
    }
}

/* "21:00", the day after "01:00 +1"; in parentheses where people sleep. */
static void write_clock(const struct arguments *arguments, const struct spot *spot, utc at,
                        char out[static 24])
{
    struct civil local = zone_to_civil(spot->zone, at);
    int days = civil_day_number(local.date) - civil_day_number(civil_from_utc(at).date);
    bool awake = is_awake(local.time.hour, arguments->wakes, arguments->sleeps);
    snprintf(out, 24, "%s%02d:%02d%s%s", awake ? "" : "(", local.time.hour, local.time.minute,
             days > 0   ? " +1"
             : days < 0 ? " -1"
                        : "",
             awake ? "" : ")");
}

static int by_merit(const void *a, const void *b)
{
    const struct hour *x = a, *y = b;
    if (x->awake != y->awake) {
        return x->awake > y->awake ? -1 : 1;
    }
    return x->worst != y->worst ? x->worst - y->worst : x->hour - y->hour;
}

/* A column for each place: what its clocks show. */
static void list_for_people(const struct arguments *arguments, const struct spots *spots,
                            const struct hour *hour, struct civil day)
{
    char name[COLUMNS][16], cell[COLUMNS + 2][24];
    struct rows_column column[COLUMNS + 2] = {{"utc", false}, {"awake", false}};
    const char *cells[COLUMNS + 2];
    struct rows rows;
    for (size_t i = 0; i < spots->count; i++) {
        const char *last = strrchr(spots->at[i].name, '/'); /* of a zone: its city */
        snprintf(name[i], sizeof name[i], "%.13s", last != NULL ? last + 1 : spots->at[i].name);
        column[i + 2].name = name[i];
    }
    rows_begin(&rows, ROWS_TABLE, column, spots->count + 2, stdout);
    for (int h = 0; h < HOURS; h++) {
        day.time.hour = hour[h].hour;
        snprintf(cell[0], sizeof cell[0], "%02d:00", hour[h].hour);
        snprintf(cell[1], sizeof cell[1], "%zu of %zu", hour[h].awake, spots->count);
        for (size_t i = 0; i < spots->count; i++) {
            write_clock(arguments, &spots->at[i], civil_to_utc(day), cell[i + 2]);
        }
        for (size_t i = 0; i < spots->count + 2; i++) {
            cells[i] = cell[i];
        }
        rows_add(&rows, cells);
    }
    rows_end(&rows);
}

/* All clocks in one column: for programs, and where a table would have too many. */
static void list_in_one_column(const struct session *session, const struct spots *spots,
                               const struct hour *hour)
{
    static const struct rows_column column[] = {
        {"utc", false}, {"awake", true}, {"of", true}, {"clocks", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 4, stdout);
    rows.cut = 4;
    for (int h = 0; h < HOURS; h++) {
        char at[8], awake[16], of[16];
        snprintf(at, sizeof at, "%02d:00", hour[h].hour);
        snprintf(awake, sizeof awake, "%zu", hour[h].awake);
        snprintf(of, sizeof of, "%zu", spots->count);
        rows_add(&rows, (const char *[]){at, awake, of, hour[h].clocks});
    }
    rows_end(&rows);
}

/* The hours of one day, today or that of --at: summer time differs from one day to the next.  Spots
 * and hours are static because they are large. */
static int best(const struct session *session, const struct environment *environment,
                const struct arguments *arguments)
{
    static struct spots spots;
    spots.count = 0;
    for (size_t i = 0; i < arguments->count; i++) {
        int code = add_place(environment, arguments->place[i], &spots);
        if (code != EXIT_DONE) {
            return code;
        }
    }
    static struct hour hour[HOURS];
    struct civil day = {.date = civil_from_utc(session->now_utc).date};
    for (int h = 0; h < HOURS; h++) {
        hour[h] = (struct hour){.hour = h};
        day.time.hour = h;
        fill(arguments, &spots, civil_to_utc(day), &hour[h]);
    }
    qsort(hour, HOURS, sizeof *hour, by_merit);
    if (session->options->format == ROWS_TABLE) {
        printf("%s %s, the hours of UTC, the best first\n", stamp_weekday(day.date),
               stamp_date_text(day.date).text);
    }
    if (session->options->format == ROWS_TABLE && spots.count <= COLUMNS) {
        list_for_people(arguments, &spots, hour, day);
    } else {
        list_in_one_column(session, &spots, hour);
    }
    return EXIT_DONE;
}

static const struct argp_option options[] = {
    {"place", OPTION_PLACE, "PLACE", 0, "A city, LAT,LON, a country, all, or a zone; repeat", 0},
    {"wakes", 'w', "HOUR", 0, "When people are up (default: 7)", 0},
    {"sleeps", 's', "HOUR", 0, "When they go to bed (default: 23)", 0},
    {0}};

const struct command_line line_best = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "[PLACE...]",
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
