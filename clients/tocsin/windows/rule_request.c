#include "tocsin/windows/rule_request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "instants/stamp.h"
#include "lines/lines.h"
#include "places/show.h"
#include "say/say.h"
#include "tocsin/print/times.h"
#include "words/asks.h"

enum { KEY_FROM = 0x20000, KEY_TO, KEY_PLACE, KEY_LANG };

error_t rule_request_parse(int key, char *arg, struct argp_state *state)
{
    struct rule_request *request = state->input;
    switch (key) {
    case KEY_FROM:
    case KEY_TO:
        options_read_span(state, key == KEY_TO, arg, key == KEY_TO ? &request->to : &request->from);
        *(key == KEY_FROM ? &request->has_from : &request->has_to) = true;
        return 0;
    case KEY_PLACE:
        options_read_place(state, arg, &request->here);
        snprintf(request->here.name, sizeof request->here.name, "here");
        request->place = arg;
        return 0;
    case KEY_LANG:
        request->has_language = true;
        if ((request->language = language_find(arg)) == LANGUAGES) {
            argp_error(state, "--lang \"%s\": en, it, es, fr, de, pt, pl, uk, ar or el", arg);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp_option rule_request_options[] = {
    {"from", KEY_FROM, "D", 0, "the first day or instant (today)", 0},
    {"to", KEY_TO, "D", 0, "the day or instant at which to stop (five years later)", 0},
    {"place", KEY_PLACE, "PLACE", 0, "what \"here\" means in the rule", 0},
    {"lang", KEY_LANG, "LANG", 0, "say it in en, it, es, fr, de, pt, pl, uk, ar or el", 0},
    {0}};

/* The last moment of the range is a day that no option can name. */
static int complete_span(struct rule_request *request, utc now)
{
    if (!request->has_from) {
        request->from = now;
    }
    if (!request->has_to) {
        int64_t ahead = request->from.ns + 1827 * NS_PER_DAY;
        request->to.ns = ahead < UTC_LATEST_S * NS_PER_S ? ahead : UTC_LATEST_S * NS_PER_S;
    }
    stamp_write(request->from, request->from_text);
    stamp_write((utc){request->to.ns - (utc_is_in_range(request->to) ? 0 : 1)}, request->to_text);
    return request->to.ns >= request->from.ns ? EXIT_DONE
                                              : say_usage("--to %.10s lies before --from %.10s",
                                                          request->to_text, request->from_text);
}

static void keep_seen_from(struct rule_request *request, const struct rule *rule)
{
    char name[RULE_NAME_SIZE];
    struct place place = request->here;
    if (rule_seen_from(rule, name) && (strcasecmp(name, "here") == 0 ||
                                       places_find(name, strlen(name), &place) == PLACES_FOUND)) {
        snprintf(request->seen_from, sizeof request->seen_from, "%s", place.zone);
    }
}

static bool find_place(void *context, const char *name, struct place *out)
{
    const struct rule_request *request = context;
    if (strcasecmp(name, "here") != 0) {
        return false;
    }
    *out = request->here;
    return true;
}

static const char *list_zones(void *context, size_t index)
{
    return index < zoneinfo_count(context) ? zoneinfo_entry(context, index).name : NULL;
}

static void keep_reason(void *context, struct civil_date date, const struct rule_remark *why)
{
    struct rule_request *request = context;
    for (size_t i = 0; i < request->reasons; i++) {
        if (rule_remark_equal(&request->reason[i].why, why)) {
            return;
        }
    }
    if (request->reasons < RULE_REQUEST_REASONS) {
        request->reason[request->reasons].date = date;
        request->reason[request->reasons++].why = *why;
    }
}

int rule_request_open(struct rule_request *request, const struct session *session, const char *text,
                      struct environment *environment, struct rule **rule)
{
    struct rule_error error;
    int code = complete_span(request, session->now_utc);
    if (code != EXIT_DONE) {
        return code;
    }
    request->rule = text;
    request->language = request->has_language ? request->language : environment_language();
    if (lines_read_for(text, strlen(text), request->language, civil_from_utc(session->now_utc).date,
                       rule, &error) != RULE_OK) {
        return environment_refuse_rule(text, &error, request->language);
    }
    if (rule_notice(*rule) != NULL) {
        say_note("%s", asks_in(request->language, rule_notice(*rule)));
    }
    keep_seen_from(request, *rule);
    environment->rules.reader = request->language;
    environment->rules.zone_list = list_zones;
    environment->rules.skipped = keep_reason;
    environment->rules.skipped_context = request;
    if (request->place != NULL) {
        environment->rules.place_find = find_place;
        environment->rules.places = request;
    }
    return EXIT_DONE;
}

int rule_request_refuse(const struct rule_request *request, enum rule_result result,
                        const struct rule_error *error)
{
    struct rule_error told = *error;
    if (result == RULE_NO_PLACE && strcasecmp(error->unknown, "here") == 0) {
        snprintf(told.message, sizeof told.message,
                 "no place \"%s\": say where with --place, a city or LAT,LON", error->unknown);
    } else if (result == RULE_NO_ZONE && strcasecmp(error->unknown, "here") == 0) {
        char doubt[PLACE_DOUBT_SIZE];
        places_doubt_in(request->place, strlen(request->place), request->language, doubt);
        snprintf(told.message, sizeof told.message, "--place: %s", doubt);
    }
    return environment_refuse_rule(request->rule, &told, request->language);
}

/* The clock of an occurrence; an instant of the sky has none of its own. */
static const char *clock_of(const struct rule_request *request, const struct rule_occurrence *o)
{
    return o->zone[0] != '\0' ? o->zone : request->seen_from;
}

static const struct zone *zone_of(const struct rule_request *request,
                                  const struct environment *environment,
                                  const struct rule_occurrence *o)
{
    const struct rule_world *rules = &environment->rules;
    const char *zone = clock_of(request, o);
    return *zone != '\0' ? rules->zone_find(rules->zones, zone) : NULL;
}

static void write_day(const struct rule_request *request, struct civil_date date, char *out,
                      size_t size)
{
    if (request->has_language) {
        char said[SENTENCE_DATE_SIZE];
        sentence_say_date(date, request->language, said);
        snprintf(out, size, "%s", said);
    } else {
        char day[TIMES_DAY_SIZE];
        snprintf(out, size, "%s", times_day(date, day));
    }
}

/* Seconds where they are not nought; the sky's to the nearest. */
static void write_time(struct civil_time time, bool is_sky, char *out, size_t size)
{
    int n = snprintf(out, size, "%02d:%02d", time.hour, time.minute);
    if ((is_sky || time.second != 0) && n > 0) {
        snprintf(out + n, size - (size_t)n, ":%02d", time.second);
    }
}

/* A position says less than its zone. */
static bool has_name(const char *place)
{
    return *place != '\0' && strchr("-0123456789", *place) == NULL &&
           strcasecmp(place, "here") != 0;
}

/* The place of an occurrence, in the language that is asked for; else the zone of its clock. */
static void write_where(const struct rule_request *request, const struct rule_occurrence *o,
                        char out[static RULE_NAME_SIZE])
{
    bool has_place = has_name(o->place);
    if (!has_place || !request->has_language ||
        !places_show(o->place, strlen(o->place), (enum interface_language)request->language, out)) {
        snprintf(out, RULE_NAME_SIZE, "%s", has_place ? o->place : clock_of(request, o));
    }
}

void rule_request_write_day(const struct rule_request *request,
                            const struct environment *environment, enum rule_shape shape,
                            const struct rule_occurrence *o, struct rule_request_day *out)
{
    char day[SENTENCE_DATE_SIZE], time[16];
    const struct zone *zone = zone_of(request, environment, o);
    utc start = {o->error_s > 0 ? (o->start.ns + NS_PER_S / 2) / NS_PER_S * NS_PER_S : o->start.ns};
    write_where(request, o, out->where);
    if (shape == RULE_WAVE_OF_DAYS) {
        write_day(request, o->date, day, sizeof day);
        snprintf(out->local, sizeof out->local, "%s", day);
        if (o->days > 1) {
            size_t used = strlen(out->local);
            struct civil_date last = civil_from_day_number(civil_day_number(o->date) + o->days - 1);
            write_day(request, last, day, sizeof day);
            snprintf(out->local + used, sizeof out->local - used, " – %s", day);
        }
        snprintf(out->utc, sizeof out->utc, "-");
        return;
    }
    struct civil civil = zone != NULL ? zone_to_civil(zone, start) : civil_from_utc(start);
    write_day(request, civil.date, day, sizeof day);
    write_time(civil.time, o->error_s > 0, time, sizeof time);
    snprintf(out->local, sizeof out->local, request->has_language ? "%s, %s" : "%s %s", day, time);
    civil = civil_from_utc(start);
    write_time(civil.time, o->error_s > 0, time, sizeof time);
    snprintf(out->utc, sizeof out->utc, "%04d-%02d-%02d %s", civil.date.year, civil.date.month,
             civil.date.day, time);
    if (zone == NULL) {
        snprintf(out->where, sizeof out->where, "UTC");
    }
}

static bool keep_one(void *context, const struct rule_occurrence *o)
{
    struct rule_occurrence *kept = context;
    *kept = *o;
    return false;
}

/* Where the span has none: which is the next? */
static bool say_next(const struct rule_request *request, const struct environment *environment,
                     const struct rule *rule)
{
    struct rule_occurrence next = {0};
    struct rule_request_day day;
    struct rule_world quiet = environment->rules;
    struct rule_error error;
    quiet.skipped = NULL;
    utc end = {UTC_LATEST_S * NS_PER_S};
    if (rule_evaluate(rule, &quiet, request->to, end, keep_one, &next, &error) != RULE_OK ||
        next.key[0] == '\0') {
        return false;
    }
    rule_request_write_day(request, environment, rule_shape(rule), &next, &day);
    say_note("%s: %s%s%s",
             request->has_language ? environment_say(request->language, "rule_next")
                                   : "the next one after that",
             day.local, *day.where != '\0' ? " " : "", day.where);
    return true;
}

static void say_reasons(const struct rule_request *request)
{
    for (size_t i = 0; i < request->reasons; i++) {
        char why[RULE_REMARK_SIZE];
        rule_remark_write(&request->reason[i].why, request->language, why);
        say_note("%s%04d-%02d: %s", request->language == LANGUAGE_EN ? "about " : "",
                 request->reason[i].date.year, request->reason[i].date.month, why);
    }
}

void rule_request_say_none(const struct rule_request *request,
                           const struct environment *environment, const struct rule *rule)
{
    say_reasons(request);
    if (say_next(request, environment, rule) || request->reasons > 0) {
        return;
    }
    char last[STAMP_TEXT_SIZE];
    if (environment_last(environment, rule, request->from, last)) {
        say_note("%s %s", asks_in(request->language, "it is past: its last date was"), last);
    } else {
        say_note("%s",
                 asks_in(request->language, "nor is there one from then until the end of 2249"));
    }
}
