/* tocsin sky: what the sky does in a span of days, for everybody or for a place. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "instants/deltat.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "sky/sky.h"
#include "tocsin/commands/sky_detail.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/rows.h"
#include "tocsin/print/times.h"
#include "words/words.h"
#include "zoneinfo/zoneinfo.h"

enum { KEY_FROM = 0x20000, KEY_TO, KEY_KIND, KEY_PLACE };

static const double degree = 0.017453292519943295;

struct request {
    bool has_from, has_to, has_place;
    utc from, to;
    sky_kinds kinds; /* 0: all that there are */
    struct sky_place place;
    char zone_name[PLACE_NAME_SIZE]; /* the place's; "" : none is known */
    const struct zone *zone;         /* of a table's clock; NULL: UTC */
};

/* "moon" has new-moon, moonrise and others: these come before what is spelled nearly alike. */
static void refuse_kind(struct argp_state *state, const char *word, size_t len)
{
    const char *near = NULL;
    char having[200] = "", part[40];
    size_t used = 0;
    snprintf(part, sizeof part, "%.*s", (int)(len < 39 ? len : 39), word);
    for (int i = 0; i < SKY_KINDS; i++) {
        const char *name = sky_kind_name((enum sky_kind)i);
        near = words_nearer(word, len, near, name);
        if (len > 2 && strstr(name, part) != NULL && used < sizeof having) {
            used += (size_t)snprintf(having + used, sizeof having - used, " %s", name);
        }
    }
    if (*having != '\0') {
        argp_error(state, "--kind \"%s\": which of them:%s?", part, having);
    } else if (near != NULL) {
        argp_error(state, "--kind \"%s\": no such kind, did you mean \"%s\"?", part, near);
    } else {
        argp_error(state, "--kind \"%s\": no such kind; --help lists them", part);
    }
}

static void add_kinds(struct argp_state *state, const char *list, sky_kinds *kinds)
{
    for (;;) { /* an empty word is a mistake too: a script's variable was not set */
        size_t len = strcspn(list, ",");
        enum sky_kind kind;
        if (!sky_kind_find(list, len, &kind)) {
            refuse_kind(state, list, len);
            return;
        }
        *kinds |= SKY_SET(kind);
        if (list[len] == '\0') {
            return;
        }
        list += len + 1;
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;
    struct place place = {0};
    switch (key) {
    case KEY_FROM:
    case KEY_TO:
        options_read_span(state, key == KEY_TO, arg, key == KEY_TO ? &request->to : &request->from);
        *(key == KEY_FROM ? &request->has_from : &request->has_to) = true;
        return 0;
    case KEY_KIND:
        add_kinds(state, arg, &request->kinds);
        return 0;
    case KEY_PLACE:
        options_read_place(state, arg, &place);
        request->place = (struct sky_place){place.latitude_deg * degree,
                                            place.longitude_deg * degree, place.height_m};
        request->has_place = true;
        memcpy(request->zone_name, place.zone, sizeof request->zone_name);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Days without sunrise and sunset are news, not silence: days of 24 h from the start of the span,
 * told apart by what the Sun did last or does next. */
struct horizon_days {
    int64_t next;  /* the first day of which nothing is known yet */
    bool is_known; /* a sunrise or sunset was seen */
    bool is_up;    /* after it */
};

static void tell_polar(instant from, int64_t first, int64_t end, bool is_up, bool is_last)
{
    if (first >= end) {
        return;
    }
    instant a = {from.tai_ns + first * NS_PER_DAY}, b = {from.tai_ns + end * NS_PER_DAY};
    struct civil_date start = civil_from_utc(leap_to_utc(clock_leap(), a, NULL)).date;
    struct civil_date until = civil_from_utc(leap_to_utc(clock_leap(), b, NULL)).date;
    say_note("%s%s%s%s: polar %s here, the Sun %s", is_last ? "from " : "",
             stamp_date_text(start).text, is_last ? "" : " to ",
             is_last ? "" : stamp_date_text(until).text, is_up ? "day" : "night",
             is_up ? "does not set" : "does not rise");
}

static void pass_horizon(struct horizon_days *days, instant from, const struct sky_event *event)
{
    int64_t day = instant_since(event->at, from).ns / NS_PER_DAY;
    bool rises = event->kind == SKY_SUNRISE;
    tell_polar(from, days->next, day, days->is_known ? days->is_up : !rises, false);
    *days = (struct horizon_days){day + 1, true, rises};
}

static void end_horizon(const struct horizon_days *days, const struct sky_place *place,
                        instant from, instant to)
{
    int64_t end = instant_since(to, from).ns / NS_PER_DAY;
    struct sky_crossings none;
    bool is_up = days->is_up;
    if (!days->is_known &&
        sky_crossings_find(SKY_SUN, SKY_HORIZON, place, from, from, &none) == SKY_OK) {
        is_up = none.starts_above;
    }
    tell_polar(from, days->next, end, is_up, true);
}

static const struct rows_column columns[] = {
    {"utc", false}, {"tt_jd", true}, {"kind", false}, {"detail", false}, {"error_s", true}};

/* How many events were listed, and how many of them have a UTC to doubt. */
struct tally {
    size_t count, before_utc, beyond_table;
};

static void tell_tally(const struct tally *tally)
{
    if (tally->before_utc > 0) {
        say_note("before 1972 the times are UT1, the time of the turning Earth");
    }
    if (tally->beyond_table > 0) {
        utc expiry = {clock_leap()->expires_utc_s * NS_PER_S};
        say_note("past %s leap seconds are not announced: TAI-UTC is held, tt_jd stays true",
                 stamp_date_text(civil_from_utc(expiry).date).text);
    }
}

static void list_for_scripts(const struct request *request, const struct sky_event *event, utc at,
                             double error_s, struct rows *rows)
{
    char when[STAMP_TEXT_SIZE], jd[32], error[32], detail[SKY_DETAIL_SIZE];
    sky_detail_stamp(at, when);
    sky_detail_number(event->tt_jd, 8, jd);
    sky_detail_number(error_s, error_s < 10 ? 2 : 0, error);
    sky_detail_write(event, request->has_place ? &request->place : NULL, NULL, detail);
    rows_add(rows, (const char *const[]){when, jd, sky_kind_name(event->kind), detail, error});
}

/* Weekday, local time to the minute (of an eclipse to the second), and the detail on as many lines
 * as fit beside them. */
static void list_for_people(const struct request *request, const struct sky_event *event, utc at,
                            struct rows *rows)
{
    int zone_width = (int)strlen(request->zone_name);
    int width = 36 - (request->zone != NULL && zone_width > 23 ? zone_width - 23 : 0);
    bool is_eclipse = event->kind == SKY_SOLAR_ECLIPSE || event->kind == SKY_LUNAR_ECLIPSE;
    int64_t unit = is_eclipse ? NS_PER_S : 60 * NS_PER_S;
    utc rounded = {(at.ns - (((at.ns % unit) + unit) % unit)) +
                   (((at.ns % unit) + unit) % unit >= unit / 2 ? unit : 0)};
    struct civil local =
        request->zone != NULL ? zone_to_civil(request->zone, rounded) : civil_from_utc(rounded);
    char day[TIMES_DAY_SIZE], when[TIMES_DAY_SIZE + 16], detail[SKY_DETAIL_SIZE];
    int n = snprintf(when, sizeof when, "%s %02d:%02d", times_day(local.date, day), local.time.hour,
                     local.time.minute);
    if (is_eclipse && n > 0) {
        snprintf(when + n, sizeof when - (size_t)n, ":%02d", local.time.second);
    }
    sky_detail_write(event, request->has_place ? &request->place : NULL, request->zone, detail);
    const char *kind = sky_kind_name(event->kind), *first = when;
    for (char *rest = detail; rest != NULL;) {
        char *line = rest, *cut = NULL;
        for (char *c = rest; *c != '\0' && c - rest <= width; c++) {
            cut = *c == ' ' ? c : cut;
        }
        rest = (int)strlen(line) > width && cut != NULL ? cut + 1 : NULL;
        if (rest != NULL) {
            *cut = '\0';
        }
        rows_add(rows, (const char *const[]){first, kind, line});
        first = kind = "";
    }
}

static void list_event(const struct request *request, const struct sky_event *event,
                       struct rows *rows, struct tally *tally)
{
    enum certainty certainty;
    utc at = sky_detail_round(leap_to_utc(clock_leap(), event->at, &certainty));
    if (at.ns < request->from.ns || at.ns >= request->to.ns) {
        return;
    }
    double error_s = event->error_s;
    if (certainty == BEFORE_UTC && event->kind < SKY_SUNRISE) {
        /* The turning Earth's clock is not known as well as the sky; with a place it is in. */
        error_s += deltat_error_s(event->tt_jd - 2451545.0);
    }
    if (rows->format == ROWS_TABLE) {
        list_for_people(request, event, at, rows);
    } else {
        list_for_scripts(request, event, at, error_s, rows);
    }
    tally->count++;
    tally->before_utc += certainty == BEFORE_UTC;
    tally->beyond_table += certainty == BEYOND_LEAP_TABLE;
}

/* Events first, and what is told of them all after the last: how many there were, and the days on
 * which the Sun did not rise or did not set, which are no event and no row. */
static int list(const struct request *request, enum rows_format format)
{
    sky_kinds kinds = request->kinds != 0  ? request->kinds
                      : request->has_place ? SKY_ALL_KINDS
                                           : SKY_GLOBAL_KINDS;
    instant from = leap_from_utc(clock_leap(), request->from, NULL);
    instant to = leap_from_utc(clock_leap(), request->to, NULL);
    /* What is printed is rounded to the millisecond, and what is printed lies in the span. */
    instant early = {from.tai_ns - NS_PER_MS}, late = {to.tai_ns + NS_PER_MS};
    /* Polar days are told by sunrise and sunset both, though only one was asked for. */
    const sky_kinds both = SKY_SET(SKY_SUNRISE) | SKY_SET(SKY_SUNSET);
    bool tells_polar = (kinds & both) != 0;
    struct sky_search search;
    enum sky_status status =
        sky_search_init(&search, tells_polar ? kinds | both : kinds,
                        request->has_place ? &request->place : NULL, early, late);
    if (status == SKY_NEEDS_PLACE) {
        return say_usage(
            "rise, set, noon and twilight need a place: add --place, a city or LAT,LON");
    }
    if (status != SKY_OK) {
        return say_usage("%s", sky_status_text(status));
    }
    struct rows rows;
    struct tally tally = {0};
    struct horizon_days days = {0};
    struct sky_event event;
    const struct rows_column for_people[] = {
        {request->zone != NULL ? request->zone_name : "UTC", false},
        {"kind", false},
        {"detail", false}};
    if (format == ROWS_TABLE) {
        rows_begin(&rows, format, for_people, 3, stdout);
    } else {
        rows_begin(&rows, format, columns, sizeof columns / sizeof *columns, stdout);
    }
    while (sky_search_next(&search, &event)) {
        if ((SKY_SET(event.kind) & both) != 0) {
            pass_horizon(&days, from, &event);
        }
        if ((SKY_SET(event.kind) & kinds) != 0) {
            list_event(request, &event, &rows, &tally);
        }
    }
    rows_end(&rows);
    tell_tally(&tally);
    if (tells_polar) {
        end_horizon(&days, &request->place, from, to);
    }
    return tally.count > 0 ? EXIT_DONE : EXIT_NO;
}

static const struct argp_option options[] = {
    {"from", KEY_FROM, "DATE", 0, "First instant (default: now, or --at)", 1},
    {"to", KEY_TO, "DATE", 0, "End of the span, not in it (default: a year after --from)", 1},
    {"kind", KEY_KIND, "KIND,...", 0, "Only these kinds", 1},
    {"place", KEY_PLACE, "PLACE", 0,
     "A city or LAT,LON[,METRES]: adds the kinds of a place, and how eclipses look there", 1},
    {0},
};

const struct command_line line_sky = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct request),
    .surplus = "a date goes with --from or --to",
    .doc = "List what the sky does.\v"
           "Kinds: new-moon first-quarter full-moon last-quarter march-equinox june-solstice "
           "september-equinox december-solstice solar-eclipse lunar-eclipse perigee apogee "
           "meteor-shower; for a place sunrise sunset noon civil-dawn civil-dusk nautical-dawn "
           "nautical-dusk astronomical-dawn astronomical-dusk moonrise moonset.\n\n"
           "Rise and set: upper limb, 34' of refraction.  error_s is the half-width of an honest "
           "error bar in seconds.  Exit status 1: nothing happens in the span.",
};

int cmd_sky(struct session *session, const struct command_call *call)
{
    struct request request = *(const struct request *)call->options;
    if (!request.has_from) {
        request.from = session->now_utc;
    }
    if (!request.has_to) {
        struct civil civil = civil_from_utc(request.from);
        civil.date.year++;
        civil.date.day -= !civil_date_is_valid(civil.date);
        request.to = civil_to_utc(civil);
        if (!utc_is_in_range(request.to)) {
            request.to.ns = UTC_LATEST_S * NS_PER_S;
        }
    }
    if (request.to.ns < request.from.ns) {
        return say_usage("--to lies before --from");
    }
    enum rows_format format = session->options->format;
    struct zoneinfo *zones =
        format == ROWS_TABLE && *request.zone_name != '\0' ? zoneinfo_open(NULL) : NULL;
    request.zone = zones != NULL ? zoneinfo_find(zones, request.zone_name) : NULL;
    int code = list(&request, format);
    if (zones != NULL) {
        zoneinfo_close(zones);
    }
    return code;
}
