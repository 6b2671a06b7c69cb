#include "tocsin-listen/options.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "instants/stamp.h"
#include "say/parse.h"
#include "say/say.h"
#include "say/set.h"

enum {
    KEY_ROOT = 256,
    KEY_BUNDLE,
    KEY_BROKER,
    KEY_UID,
    KEY_PLACE,
    KEY_LATENCY,
    KEY_REPORT_PASSWORD_FILE,
    KEY_DRILL,
    KEY_AT,
    KEY_FORMAT,
};

#define CONFIG "/etc/tocsin/listen.conf"

static const struct argp_option OPTIONS[] = {
    {0, 0, 0, 0, "Whom to believe, and what to hear:", 1},
    {"root", KEY_ROOT, "FILE", 0,
     "a root that you were given by hand: the only anchors there are (repeat)", 1},
    {"broker", KEY_BROKER, "URL", 0,
     "mqtt://HOST[:PORT], mqtts://HOST[:PORT] or unix:/PATH; up to 4 (default: those the root "
     "names)",
     1},
    {"offline", SAY_SETS(options, offline), 0, 0, "no broker: only files and this host's clock", 1},
    {"bundle", KEY_BUNDLE, "FILE", 0,
     "records: a bundle, or a record with its .minisig files beside it (repeat)", 1},
    {"store", SAY_SETS(options, store), "DIR", 0,
     "read records from a store too, and keep there what is heard", 1},
    {"inbox", SAY_SETS(options, inbox), "DIR", 0,
     "and the bundles that people drop into this folder", 1},
    {0, 0, 0, 0, "Which actions, where:", 2},
    {"uid", KEY_UID, "[ROOT8/]UID", 0, "only this window (repeat; default: all)", 2},
    {"zone", SAY_SETS(options, zone), "ZONE", 0,
     "the IANA time zone of this site, for waves (default: the host's)", 2},
    {"place", KEY_PLACE, "PLACE", 0, "the name of this place as waves list it", 2},
    {"lang", SAY_SETS(options, languages), "TAGS", 0,
     "languages for titles, the best first: it,en (default: as LANG says)", 2},
    {"latency", KEY_LATENCY, "DURATION", 0,
     "start the gesture this long before T-0, for slow lamps and speakers: 80ms, 1.5s, 0 (at most "
     "60s)",
     2},
    {0, 0, 0, 0, "What to do at T-0:", 3},
    {"run", SAY_SETS(options, run), "CMD", 0,
     "spawn CMD (split at blanks, no shell; the occasion on its standard input)", 3},
    {"pipe", SAY_SETS(options, pipe), "CMD", 0,
     "spawn CMD a minute before and write it a line of JSON a second, and GO at T-0", 3},
    {"sound", SAY_SETS(options, ring.sound), "FILE", 0,
     "play FILE (WAV, FLAC, Ogg, Opus, MP3) to its end; it is decoded and waits beforehand", 3},
    {"sound-device", SAY_SETS(options, ring.device), "NAME", 0,
     "where, as aplay -L names it (default: \"default\")", 3},
    {"gpio", SAY_SETS(options, ring.gpio), "LINE", 0,
     "set LINE while the gesture goes on: GPIO17 or gpiochip0/17, then \",low\" if it is active "
     "when low, \",500ms\" for a pulse",
     3},
    {"bell", SAY_SETS(options, bell), 0, 0, "ring the terminal's bell", 3},
    {"big", SAY_SETS(options, big), 0, 0,
     "on a terminal: fill it with the countdown, to be read from across a room", 3},
    {"once", SAY_SETS(options, once), 0, 0, "end after one gesture", 3},
    {0, 0, 0, 0, "The clock:", 4},
    {"no-ask", SAY_SETS(options, no_ask), 0, 0,
     "send nothing at all, not even questions: an unsynchronised clock may then be ahead", 4},
    {"trust-replay", SAY_SETS(options, trust_replay), 0, 0,
     "on a host without a synchronised clock, follow unanswered ticks by more than an hour", 4},
    {0, 0, 0, 0, "Looking and trying:", 5},
    {"check", SAY_SETS(options, check), 0, 0,
     "say what would fire when, and with what doubt; fire nothing", 5},
    {"drill", KEY_DRILL, "DURATION", 0,
     "count down so long (10s), then really start what is to start at T-0, marked as a drill; no "
     "root is needed, and nothing is remembered of it",
     5},
    {"rehearse", SAY_SETS(options, rehearse), 0, 0,
     "run through the next gesture on a pretend clock; fire nothing", 5},
    {"at", KEY_AT, "INSTANT", 0,
     "with --check or --rehearse: stand at this instant; no clock is read", 5},
    {"log", SAY_SETS(options, log), "FILE", 0, "write down everything that is heard, for --replay",
     5},
    {"replay", SAY_SETS(options, replay), "FILE", 0, "live through a log again; fire nothing", 5},
    {"format", KEY_FORMAT, "table|json", 0, "json: one JSON object a line", 5},
    {0, 0, 0, 0, "Housekeeping:", 6},
    {"report", SAY_SETS(options, report), "URL", 0,
     "tell your own broker how this site is, as Home Assistant expects it: "
     "mqtt://HOST[:PORT][/TOPIC]",
     6},
    {"report-name", SAY_SETS(options, report_name), "NAME", 0,
     "what the site is called there (default: this host's)", 6},
    {"report-user", SAY_SETS(options, report_login.user), "NAME", 0, "our name at that broker", 6},
    {"report-password-file", KEY_REPORT_PASSWORD_FILE, "FILE", 0,
     "and the file that begins with our password", 6},
    {"state", SAY_SETS(options, state), "DIR", 0,
     "where fired gestures are remembered, so that none starts twice", 6},
    {0},
};

/* A known place as rules and so records name it, in out; another as it stands: the record may know
 * it.
 */
static const char *read_place(const char *text, char out[static PLACE_NAME_SIZE])
{
    struct place place;
    enum places_answer answer = places_find(text, strlen(text), &place);
    if (answer == PLACES_FOUND) {
        memcpy(out, place.name, sizeof place.name);
        return out;
    }
    if (answer != PLACES_NONE) {
        char doubt[PLACE_DOUBT_SIZE];
        places_doubt(text, strlen(text), doubt);
        say_misuse("--place: %s", doubt);
    }
    return text;
}

static void add(const char **list, size_t *count, size_t max, const char *value, const char *option)
{
    if (*count == max) {
        say_misuse("too many %s options", option);
    }
    list[(*count)++] = value;
}

/* Takes each option as it comes, from the command line and from the file alike; what two of them
 * say together is judged when all are read. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->login;
        break;
    case KEY_ROOT:
        add(options->root, &options->root_count, OPTIONS_FILES_MAX, arg, "--root");
        break;
    case KEY_BUNDLE:
        add(options->bundle, &options->bundle_count, OPTIONS_FILES_MAX, arg, "--bundle");
        break;
    case KEY_BROKER:
        add(options->broker, &options->broker_count, OPTIONS_BROKERS_MAX, arg, "--broker");
        break;
    case KEY_UID:
        add(options->uid, &options->uid_count, OPTIONS_UIDS_MAX, arg, "--uid");
        break;
    case KEY_PLACE:
        options->place = read_place(arg, options->place_name);
        break;
    case KEY_LATENCY:
        if (!span_read(arg, (span){60 * NS_PER_S}, &options->latency)) {
            say_misuse("--latency %.100s: give 0 to 60 s, as 80ms or 1.5s", arg);
        }
        break;
    case KEY_REPORT_PASSWORD_FILE:
        mqtt_login_take_file(&options->report_login, "--report-password-file", arg);
        break;
    case KEY_DRILL:
        if (!span_read(arg, (span){3600 * NS_PER_S}, &options->drill) ||
            options->drill.ns < NS_PER_S) {
            say_misuse("--drill %.100s: give 1 s to 3600 s, as 10s", arg);
        }
        options->is_drill = options->once = options->offline = true;
        break;
    case KEY_AT:
        if (!stamp_read_given(arg, &options->at)) {
            say_misuse(
                "--at %.100s: give an instant from 1700 to 2249 as 2027-08-02T08:25:00Z, or a date",
                arg);
        }
        options->has_at = true;
        break;
    case KEY_FORMAT:
        if (strcmp(arg, "json") != 0 && strcmp(arg, "table") != 0) {
            say_misuse("--format %.100s: json or table", arg);
        }
        options->json = strcmp(arg, "json") == 0;
        break;
    case ARGP_KEY_ARG:
        say_misuse("%.100s: everything is given by options here", arg);
    default:
        return say_set(key, arg, state);
    }
    return 0;
}

bool options_has_bell(const struct options *options)
{
    return options->ring.sound != NULL || options->ring.gpio != NULL;
}

bool options_action(const struct options *options, size_t n, struct options_action *out)
{
    const struct options_action actions[] = {{"--run", options->run},
                                             {"--pipe", options->pipe},
                                             {"--sound", options->ring.sound},
                                             {"--gpio", options->ring.gpio},
                                             {"--bell", options->bell ? "" : NULL}};
    if (n >= sizeof actions / sizeof *actions) {
        return false;
    }
    *out = actions[n];
    return true;
}

bool options_has_action(const struct options *options)
{
    struct options_action action;
    bool found = false;
    for (size_t i = 0; !found && options_action(options, i, &action); i++) {
        found = action.value != NULL;
    }
    return found;
}

static void check_drill(const struct options *options)
{
    if (options->drill.ns <= options->latency.ns) {
        say_misuse("%s: count down longer than --latency", "--drill");
    }
    if (options_has_action(options)) {
        return;
    }
    struct options_action action, next;
    char names[200] = "";
    size_t used = 0;
    for (size_t i = 0; options_action(options, i, &action) && used < sizeof names; i++) {
        bool is_last = !options_action(options, i + 1, &next);
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
                                 i == 0    ? ""
                                 : is_last ? " or "
                                           : ", ",
                                 action.name);
    }
    say_misuse("--drill: give what is to be tried with %s", names);
}

/* What no option can tell alone, judged once the line and the file of options are both read.  The
 * brokers of the file do not contradict a drill, which options_read has speak to none. */
static void check(const struct options *options)
{
    if (options->root_count == 0 && options->replay == NULL && !options->is_drill) {
        say_misuse("%s: give the root that you trust with --root FILE, or in %s", "no root",
                   CONFIG);
    }
    if (options->has_at && !options->check && !options->rehearse) {
        say_misuse("%s is for --check and --rehearse: a gesture starts by the real clock", "--at");
    }
    if (options->check + options->rehearse + options->is_drill + (options->replay != NULL) > 1) {
        say_misuse("only one of %s can be done at a time",
                   "--check, --drill, --rehearse and --replay");
    }
    if (options->is_drill) {
        check_drill(options);
    }
    char why[BELL_TEXT_SIZE];
    if (options->ring.gpio != NULL && !bell_gpio_is_sound(options->ring.gpio, why)) {
        say_misuse("%s", why);
    }
    if (options->report == NULL &&
        (options->report_name != NULL || options->report_login.user != NULL)) {
        say_misuse("%s are for --report",
                   "--report-name, --report-user and --report-password-file");
    }
    if (options->ring.device != NULL && options->ring.sound == NULL) {
        say_misuse("%s is for --sound", "--sound-device");
    }
    if (options->offline && options->broker_count > 0 && !options->is_drill) {
        say_misuse("%s contradict one another", "--offline and --broker");
    }
}

static const struct argp_child CHILDREN[] = {
    {&mqtt_argp, 0, "How brokers know us:", 7}, {&conf_argp, 0, "A file of options:", 8}, {0}};

static const struct argp ARGP = {
    .options = OPTIONS,
    .children = CHILDREN,
    .parser = parse,
    .doc =
        "Hears signed windows and countdown ticks, checks them, and starts the gesture at T-0.\v"
        "Exit status: 0 done, 1 the answer is no (nothing fires, or nothing was started), 2 usage "
        "or bad input, 3 something outside failed.  T-0 comes from the signed record alone; ticks "
        "only correct the clock; no message is waited for.",
};

static const char *const COMPLETE[] = {"root", "replay", NULL};
static const char *const ONLY_TYPED[] = {"check", "drill", "rehearse", "replay", "at", NULL};

/* What the service has: tocsin-listen.service. */
static const struct conf_given GIVEN[] = {
    {"root", "/etc/tocsin/root.bundle"},
    {"inbox", "/etc/tocsin/inbox"},
    {"store", "/var/lib/tocsin-listen/store"},
    {"state", "/var/lib/tocsin-listen"},
    {0},
};

static const struct conf CONF = {
    .program = "tocsin-listen",
    .section = 1,
    .argp = &ARGP,
    .path = CONFIG,
    .complete = COMPLETE,
    .only_typed = ONLY_TYPED,
    .given = GIVEN,
};

void options_read(int argc, char **argv, struct options *out)
{
    *out = (struct options){0};
    say_begin("tocsin-listen", NULL);
    char why[CONF_WHY_SIZE];
    say_languages(out->own_languages);
    out->languages = out->own_languages;
    if (!say_knows_options(&ARGP, argv)) {
        exit(EXIT_USAGE);
    }
    int typed = argc;
    argv = conf_argv(&CONF, &argc, argv, why);
    if (argv == NULL) {
        exit(say_usage("%s", why));
    }
    out->has_file = argc > typed;
    if (argp_parse(&ARGP, argc, argv, 0, NULL, out) != 0) {
        exit(EXIT_USAGE);
    }
    out->report_login.ca_file = out->login.ca_file;
    check(out);
    if (out->is_drill) {
        out->broker_count = 0; /* those of the file: a drill speaks to none */
    }
    if (!out->check && !out->rehearse && out->replay == NULL) {
        say_runs_on();
    }
}
