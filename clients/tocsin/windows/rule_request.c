#include "tocsin/windows/rule_request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "instants/stamp.h"
#include "say/say.h"

enum { KEY_FROM = 0x20000, KEY_TO, KEY_PLACE };

error_t rule_request_parse(int key, char *arg, struct argp_state *state)
{
    struct rule_request *request = state->input;
    switch (key) {
    case KEY_FROM:
    case KEY_TO:
        if (!(key == KEY_FROM ? options_read_instant(arg, &request->from)
                              : options_read_end(arg, &request->to))) {
            argp_error(state, "%s \"%s\": not a date from 1700 to 2249; write 2027-08-02",
                       key == KEY_FROM ? "--from" : "--to", arg);
        }
        *(key == KEY_FROM ? &request->has_from : &request->has_to) = true;
        return 0;
    case KEY_PLACE:
        options_read_place(state, arg, &request->here);
        snprintf(request->here.name, sizeof request->here.name, "here");
        request->place = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp_option rule_request_options[] = {
    {"from", KEY_FROM, "D", 0, "the first day or instant (today)", 0},
    {"to", KEY_TO, "D", 0, "the day or instant at which to stop (five years later)", 0},
    {"place", KEY_PLACE, "PLACE", 0, "what \"here\" means in the rule", 0},
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

static void keep_reason(void *context, struct civil_date date, const char *why)
{
    struct rule_request *request = context;
    for (size_t i = 0; i < request->reasons; i++) {
        if (strcmp(request->reason[i].why, why) == 0) {
            return;
        }
    }
    if (request->reasons < RULE_REQUEST_REASONS) {
        request->reason[request->reasons].date = date;
        snprintf(request->reason[request->reasons++].why, sizeof request->reason->why, "%s", why);
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
    if (rule_read(text, strlen(text), rule, &error) != RULE_OK) {
        return environment_refuse_rule(text, &error);
    }
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
        places_doubt(request->place, strlen(request->place), doubt);
        snprintf(told.message, sizeof told.message, "--place: %s", doubt);
    }
    return environment_refuse_rule(request->rule, &told);
}

void rule_request_say_reasons(const struct rule_request *request)
{
    for (size_t i = 0; i < request->reasons; i++) {
        say_note("about %04d-%02d: %s", request->reason[i].date.year, request->reason[i].date.month,
                 request->reason[i].why);
    }
}
