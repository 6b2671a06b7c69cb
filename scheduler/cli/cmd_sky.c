/* tocsin sky: what the sky does in a span of days, for everybody or for a place. */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/leap_file.h"
#include "cli/options.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "instants/stamp.h"
#include "sky/sky.h"

enum { KEY_FROM = 0x20000, KEY_TO, KEY_KIND, KEY_PLACE };

static const double degree = 0.017453292519943295;

struct request {
    struct options options;
    bool has_from, has_to, has_place;
    utc from, to;
    sky_kinds kinds; /* 0: all that there are */
    struct sky_place place;
};

static const char *kind_at(const void *unused, int i)
{
    (void)unused;
    return i < SKY_KINDS ? sky_kind_name((enum sky_kind)i) : NULL;
}

static void add_kinds(struct argp_state *state, const char *list, sky_kinds *kinds)
{
    while (*list != '\0') {
        size_t len = strcspn(list, ",");
        enum sky_kind kind;
        if (!sky_kind_find(list, len, &kind)) {
            char word[40];
            snprintf(word, sizeof word, "%.*s", (int)(len < 39 ? len : 39), list);
            const char *near = command_nearest(word, kind_at, NULL);
            argp_error(state,
                       near != NULL ? "--kind \"%s\": no such kind, did you mean \"%s\"?"
                                    : "--kind \"%s\": no such kind; --help lists them",
                       word, near);
            return;
        }
        *kinds |= SKY_SET(kind);
        list += len + (list[len] == ',');
    }
}

/* LAT,LON[,HEIGHT]: degrees, north and east positive; metres. */
static bool read_place(const char *text, struct sky_place *out)
{
    double value[3] = {0};
    size_t count = 0;
    for (const char *at = text;; at++) {
        char *end;
        if (count == 3 || *at == ' ') {
            return false;
        }
        value[count++] = strtod(at, &end);
        if (end == at || (*end != ',' && *end != '\0')) {
            return false;
        }
        at = end;
        if (*end == '\0') {
            break;
        }
    }
    *out = (struct sky_place){value[0] * degree, value[1] * degree, value[2]};
    return count >= 2;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, &request->options, 2);
        return 0;
    case KEY_FROM:
    case KEY_TO:
        if (!options_read_instant(arg, key == KEY_FROM ? &request->from : &request->to)) {
            argp_error(state,
                       "%s \"%s\": not a date from 1700 to 2249; write 2027-08-02 or "
                       "2027-08-02T10:00:00Z",
                       key == KEY_FROM ? "--from" : "--to", arg);
        }
        *(key == KEY_FROM ? &request->has_from : &request->has_to) = true;
        return 0;
    case KEY_KIND:
        add_kinds(state, arg, &request->kinds);
        return 0;
    case KEY_PLACE:
        if (!read_place(arg, &request->place)) {
            argp_error(state, "--place \"%s\": write LAT,LON or LAT,LON,METRES, as in 44.49,11.34",
                       arg);
        }
        if (!sky_place_is_valid(&request->place)) {
            argp_error(state, "--place \"%s\": %s", arg, sky_status_text(SKY_BAD_PLACE));
        }
        request->has_place = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\": a date goes with --from or --to", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Milliseconds, the nearest; the last of the range stays in it. */
static void write_utc(utc at, char out[static STAMP_TEXT_SIZE])
{
    int64_t ms = (at.ns - (at.ns < 0 ? NS_PER_MS - 1 : 0) + NS_PER_MS / 2) / NS_PER_MS;
    struct civil civil = civil_from_ns(ms * NS_PER_MS);
    snprintf(out, STAMP_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", civil.date.year % 10000,
             civil.date.month % 100, civil.date.day % 100, civil.time.hour % 100,
             civil.time.minute % 100, civil.time.second % 100,
             (int)(civil.time.ns / NS_PER_MS) % 1000);
}

static void clock_text(instant at, char out[static 9])
{
    char text[STAMP_TEXT_SIZE];
    write_utc(leap_to_utc(leap_file_get(), at, NULL), text);
    snprintf(out, 9, "%.8s", text + 11);
}

static void tell_view(const struct sky_event *event, const struct sky_place *place, FILE *to)
{
    struct sky_local_eclipse view;
    if (!sky_eclipse_from(event, place, &view)) {
        fputs("; not here", to);
        return;
    }
    if (!view.is_visible) {
        fputs("; below the horizon here", to);
        return;
    }
    char first[9], best[9], last[9];
    clock_text(view.first.at, first);
    clock_text(view.best.at, best);
    clock_text(view.last.at, last);
    fprintf(to, "; here %s %s to %s, best %s, altitude %.1f, magnitude %.3f",
            sky_eclipse_type_name(view.type), first, last, best, view.best.altitude_rad / degree,
            view.magnitude);
    if (event->kind == SKY_SOLAR_ECLIPSE) {
        fprintf(to, ", obscured %.1f%%", view.obscuration * 100);
    }
    if (view.inner_first.happens && event->kind == SKY_SOLAR_ECLIPSE) {
        fprintf(to, ", %s for %.0f s", sky_eclipse_type_name(view.type),
                (double)instant_since(view.inner_last.at, view.inner_first.at).ns * 1e-9);
    }
}

static void tell_eclipse(const struct sky_event *event, FILE *to)
{
    const struct sky_eclipse *e = &event->eclipse;
    fprintf(to, "%s, saros %d, gamma %.4f, magnitude %.4f", sky_eclipse_type_name(e->type),
            e->saros, e->gamma,
            event->kind == SKY_LUNAR_ECLIPSE && e->type == SKY_PENUMBRAL ? e->penumbral
                                                                         : e->magnitude);
    if (event->kind == SKY_SOLAR_ECLIPSE) {
        fprintf(to, ", greatest at %.2f,%.2f", e->latitude_rad / degree, e->longitude_rad / degree);
    }
    if (e->duration_s > 0) {
        fprintf(to, ", %.0f s", e->duration_s);
    }
}

static void tell(const struct request *request, const struct sky_event *event, FILE *to)
{
    if (event->kind <= SKY_LAST_QUARTER) {
        fprintf(to, "lunation %d", event->lunation);
    } else if (event->kind <= SKY_DECEMBER_SOLSTICE) {
        fputs("-", to);
    } else if (event->kind <= SKY_LUNAR_ECLIPSE) {
        tell_eclipse(event, to);
        if (request->has_place) {
            tell_view(event, &request->place, to);
        }
    } else if (event->kind <= SKY_APOGEE) {
        fprintf(to, "%.1f km", event->distance_km);
    } else if (event->kind == SKY_METEOR_SHOWER) {
        const struct sky_shower *shower = sky_shower_get(event->shower);
        fprintf(to, "%s, ", shower->name);
        if (shower->zhr > 0) {
            fprintf(to, "about %d an hour", shower->zhr);
        } else {
            fputs("rate varies", to);
        }
    } else if (event->kind == SKY_NOON) {
        fprintf(to, "altitude %.2f", event->place.altitude_rad / degree);
    } else {
        fprintf(to, "azimuth %.1f", event->place.azimuth_rad / degree);
    }
}

/* Days without sunrise and sunset are news, not silence. */
static void tell_polar_days(const struct request *request, instant from, instant to)
{
    char start[STAMP_TEXT_SIZE] = "", text[STAMP_TEXT_SIZE];
    bool is_up = false;
    for (instant day = from; instant_compare(day, to) < 0;) {
        instant next = {day.tai_ns + NS_PER_DAY};
        if (instant_compare(next, to) > 0) {
            next = to;
        }
        struct sky_crossings found;
        bool has_none = sky_crossings_find(SKY_SUN, SKY_HORIZON, &request->place, day, next,
                                           &found) == SKY_OK &&
                        found.count == 0 && instant_since(next, day).ns == NS_PER_DAY;
        stamp_write_date(civil_from_utc(leap_to_utc(leap_file_get(), day, NULL)).date, text);
        if (*start != '\0' && (!has_none || found.starts_above != is_up)) {
            say_note("%s to %s: polar %s here, the Sun %s", start, text, is_up ? "day" : "night",
                     is_up ? "does not set" : "does not rise");
            *start = '\0';
        }
        if (has_none && *start == '\0') {
            memcpy(start, text, sizeof start);
            is_up = found.starts_above;
        }
        day = next;
    }
    if (*start != '\0') {
        say_note("from %s: polar %s here, the Sun %s", start, is_up ? "day" : "night",
                 is_up ? "does not set" : "does not rise");
    }
}

static const struct rows_column columns[] = {
    {"utc", false}, {"tt_jd", true}, {"kind", false}, {"detail", false}, {"error_s", true}};

static int list(const struct request *request, instant from, instant to)
{
    struct sky_search search;
    sky_kinds kinds = request->kinds != 0  ? request->kinds
                      : request->has_place ? SKY_ALL_KINDS
                                           : SKY_GLOBAL_KINDS;
    enum sky_status status =
        sky_search_init(&search, kinds, request->has_place ? &request->place : NULL, from, to);
    if (status == SKY_NEEDS_PLACE) {
        return say_usage("rise, set, noon and twilight need a place: add --place LAT,LON");
    }
    if (status != SKY_OK) {
        return say_usage("%s", sky_status_text(status));
    }
    char detail[400];
    FILE *text = fmemopen(detail, sizeof detail, "w");
    if (text == NULL) {
        return say_outside("out of memory");
    }
    struct rows rows;
    rows_begin(&rows, request->options.format, columns, sizeof columns / sizeof *columns, stdout);
    struct sky_event event;
    size_t count = 0, horizons = 0, before_utc = 0, beyond_table = 0;
    while (sky_search_next(&search, &event)) {
        char when[STAMP_TEXT_SIZE], jd[32], error[32];
        enum certainty certainty;
        write_utc(leap_to_utc(leap_file_get(), event.at, &certainty), when);
        snprintf(jd, sizeof jd, "%.8f", event.tt_jd);
        snprintf(error, sizeof error, event.error_s < 10 ? "%.2f" : "%.0f", event.error_s);
        rewind(text);
        tell(request, &event, text);
        fputc('\0', text);
        (void)fflush(text); /* memory: cannot fail for want of a disk */
        rows_add(&rows, (const char *const[]){when, jd, sky_kind_name(event.kind), detail, error});
        count++;
        horizons += event.kind == SKY_SUNRISE || event.kind == SKY_SUNSET;
        before_utc += certainty == BEFORE_UTC;
        beyond_table += certainty == BEYOND_LEAP_TABLE;
    }
    (void)fclose(text);
    if (!rows_end(&rows)) {
        return say_outside("out of memory");
    }
    if (before_utc > 0) {
        say_note("before 1972 the times are UT1, the time of the turning Earth");
    }
    if (beyond_table > 0) {
        char until[STAMP_TEXT_SIZE];
        utc expiry = {leap_file_get()->expires_utc_s * NS_PER_S};
        stamp_write_date(civil_from_utc(expiry).date, until);
        say_note("past %s leap seconds are not announced: TAI-UTC is held, tt_jd stays true",
                 until);
    }
    sky_kinds both = SKY_SET(SKY_SUNRISE) | SKY_SET(SKY_SUNSET);
    int64_t days = instant_since(to, from).ns / NS_PER_DAY;
    if ((kinds & both) != 0 && ((kinds & both) != both || (int64_t)horizons < 2 * days)) {
        tell_polar_days(request, from, to);
    }
    return count > 0 ? EXIT_DONE : EXIT_NO;
}

static const struct argp_option option_rows[] = {
    {"from", KEY_FROM, "DATE", 0, "First instant (default: now, or --at)", 1},
    {"to", KEY_TO, "DATE", 0, "End of the span, not in it (default: a year after --from)", 1},
    {"kind", KEY_KIND, "KIND,...", 0, "Only these kinds", 1},
    {"place", KEY_PLACE, "LAT,LON[,METRES]", 0,
     "Degrees, north and east positive: adds the kinds of a place, and how eclipses look there", 1},
    {0},
};

static const char doc[] =
    "List what the sky does.\v"
    "Kinds: new-moon first-quarter full-moon last-quarter march-equinox june-solstice "
    "september-equinox december-solstice solar-eclipse lunar-eclipse perigee apogee meteor-shower; "
    "for a place sunrise sunset noon civil-dawn civil-dusk nautical-dawn nautical-dusk "
    "astronomical-dawn astronomical-dusk moonrise moonset.\n\n"
    "Rise and set: upper limb, 34' of refraction.  error_s is the half-width of an honest error "
    "bar in seconds.  Exit status 1: nothing happens in the span.";

int cmd_sky(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&options_common, 0, "", 0}, {&options_listing, 0, NULL, 0}, {0}};
    static const struct argp argp = {option_rows, parse, NULL, doc, children, NULL, NULL};
    struct request request = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &request) != 0) {
        return EXIT_USAGE;
    }
    if (!request.has_from) {
        struct timespec now;
        if (request.options.has_at) {
            request.from = request.options.at;
        } else if (clock_gettime(CLOCK_REALTIME, &now) == 0) {
            request.from.ns = now.tv_sec * NS_PER_S + now.tv_nsec;
        }
    }
    if (!request.has_to) {
        struct civil civil = civil_from_utc(request.from);
        civil.date.year++;
        civil.date.day -= !civil_date_is_valid(civil.date);
        request.to = civil_to_utc(civil);
        if (!utc_is_in_range(request.to)) {
            request.to.ns = (UTC_LATEST_S - 1) * NS_PER_S;
        }
    }
    if (request.to.ns < request.from.ns) {
        return say_usage("--to lies before --from");
    }
    return list(&request, leap_from_utc(leap_file_get(), request.from, NULL),
                leap_from_utc(leap_file_get(), request.to, NULL));
}
