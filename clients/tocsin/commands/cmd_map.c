/* tocsin map [UID|INSTANT]: the Earth at that moment, as an SVG picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map/map.h"
#include "say/say.h"
#include "site/rule_zone.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/outgoing.h"
#include "tocsin/windows/environment.h"

enum { OPTION_PLACE = 0x100, PLACES_MAX = 200 };

struct arguments {
    const char *place[PLACES_MAX];
    size_t place_count;
    bool has_moment;
    utc moment;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct place place;
    switch (key) {
    case 'm':
        if (!stamp_read_given(arg, &arguments->moment)) {
            argp_error(state, "--moment \"%s\": an instant such as 2027-08-02T08:25:00Z", arg);
        }
        arguments->has_moment = true;
        return 0;
    case OPTION_PLACE:
        options_read_place(state, arg, &place);
        return options_add(state, arg, arguments->place, &arguments->place_count, PLACES_MAX,
                           "places");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct zone *find_zone(void *context, const char *name)
{
    return zoneinfo_find(context, name);
}

/* Of a window what comes next, or else what came last: its moment, and its places. */
static int look_at_window(const struct session *session, struct map_request *request,
                          struct map_place *place)
{
    const struct view_window *window = session->window;
    const struct view_occurrence *next = view_next_occurrence(window, session->now);
    if (next == NULL && window->occurrence_count > 0) {
        next = &window->occurrence[window->occurrence_count - 1];
    }
    if (next == NULL) {
        return say_no("nothing of this window is known but its uid: there is no moment to show");
    }
    const struct record_window *times = &next->record->is.window;
    if (times->wave == WAVE_DAY) {
        return say_no(
            "whole days have no moment: give one, as in \"tocsin map 2027-10-09T12:00:00Z\"");
    }
    request->at = next->start; /* of a wave by the clock: when it reaches the clocks at UTC */
    if (times->wave == WAVE_CLOCK) {
        request->has_wave = true;
        request->wave_at = (struct civil){next->date, times->wave_time};
        request->wave_lasts = times->duration;
    }
    request->has_cities = times->wave != WAVE_PLACE;
    static char named[PLACE_NAME_SIZE]; /* where its rule has it */
    if (times->wave == WAVE_NONE && rule_place_find(times->rule, named)) {
        place[request->place_count++] = (struct map_place){.name = text_of(named)};
    }
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *at = &window->occurrence[i];
        if (times->wave == WAVE_PLACE && text_equal(at->key, next->key)) {
            place[request->place_count++] = (struct map_place){
                .name = at->place,
                .has_at = true,
                .at = leap_to_utc(&session->leap, at->start, NULL),
            };
        }
    }
    return EXIT_DONE;
}

static int write_map(const struct session *session, const struct map_request *request)
{
    struct draft draft = {0};
    if (!map_write(request, &draft)) {
        draft_free(&draft);
        return say_usage("the sky is known from 1700-01-01 to 2250-01-01");
    }
    if (draft.is_short_of_memory) {
        say_no_memory();
    }
    int code = EXIT_DONE;
    if (session->options->out != NULL) {
        code = outgoing_write(session->options->out, 0644, draft.at, draft.len);
    } else {
        fwrite(draft.at, 1, draft.len, stdout); /* main looks at the outcome */
    }
    draft_free(&draft);
    return code;
}

static const struct argp_option options[] = {
    {"moment", 'm', "INSTANT", 0,
     "Of a window: at this moment instead, for how far a wave has come", 0},
    {"place", OPTION_PLACE, "PLACE", 0,
     "A city or LATITUDE,LONGITUDE that is shown with its hour; repeat (default: ten great cities)",
     0},
    {0}};

const struct command_line line_map = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "[UID|INSTANT]",
    .surplus = "one window or instant: \"tocsin map 2027-08-02T08:25:00Z\"",
    .doc = "Draws the world as it is at a moment, or when a window comes next: where it is day, "
           "twilight and night, where the Moon is up, places with their hours, and of a wave by "
           "the clock how far it has come. SVG on standard output, where that is no terminal, or "
           "in --out FILE.",
};

/* The word is a moment or a window; --moment wins over the window's own, so that one can look at
 * how far its wave has come an hour later. */
int cmd_map(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    static struct map_place place[PLACES_MAX + RECORD_OCCURRENCES_MAX];
    char title[DESCRIBE_TITLE_SIZE] = "";
    const enum interface_language language = (enum interface_language)environment_language();
    struct map_request request = {
        .language = &language,
        .language_count = 1,
        .at = session->now,
        .place = place,
        .has_cities = true,
        .zone_find = find_zone,
        .context = call->environment->zones,
    };
    if (session->options->out == NULL && isatty(STDOUT_FILENO)) {
        return say_usage("a picture is not for a terminal: write it with --out FILE, as in "
                         "\"tocsin map --out map.svg\"");
    }
    int code = EXIT_DONE;
    utc at;
    if (call->count > 0 && stamp_read_given(call->word[0], &at)) {
        if (arguments->has_moment) {
            return say_usage("--moment is of a window: \"%s\" is a moment already", call->word[0]);
        }
        request.at = leap_from_utc(&session->leap, at, NULL);
    } else if (call->count > 0) {
        code = session_need(session, NEED_WINDOW, call->word[0]);
        if (code == EXIT_DONE && session->window->record != NULL) {
            strcpy(title, describe_title(&session->window->record->is.window).text);
        }
        code = code == EXIT_DONE ? look_at_window(session, &request, place) : code;
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (arguments->has_moment) {
        request.at = leap_from_utc(&session->leap, arguments->moment, NULL);
    }
    request.at_utc = leap_to_utc(&session->leap, request.at, NULL);
    request.title = text_of(title);
    for (size_t i = 0; i < arguments->place_count; i++) {
        const char *name = arguments->place[i];
        place[request.place_count++] = (struct map_place){.name = text_of(name)};
    }
    request.has_cities &= arguments->place_count == 0;
    return write_map(session, &request);
}
