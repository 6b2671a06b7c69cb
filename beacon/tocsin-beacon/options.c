#include "tocsin-beacon/options.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "instants/stamp.h"
#include "say/parse.h"
#include "say/say.h"
#include "say/set.h"
#include "text/text.h"

enum {
    OPTION_CADENCE = 256,
    OPTION_CLOCK_ERROR,
    OPTION_PORT,
    OPTION_WEBSOCKETS,
    OPTION_AT,
};

#define CONFIG "/etc/tocsin/beacon.conf"

static const struct argp_option table[] = {
    {"root", 'r', "FILE", 0, "the constellation's root: a record or a bundle", 0},
    {"key", 'k', "FILE", 0, "this beacon's secret key (unsealed, mode 0600)", 0},
    {"broker", 'b', "URL", 0, "mqtt://HOST[:PORT], mqtts://HOST[:PORT] or unix:/PATH; repeat", 0},
    {"embedded-broker", SAY_SETS(options, has_embedded_broker), NULL, 0,
     "start a mosquitto of our own, on loopback", 1},
    {"port", OPTION_PORT, "N", 0, "its port (default: a free one)", 1},
    {"websockets", OPTION_WEBSOCKETS, "N", OPTION_ARG_OPTIONAL,
     "WebSockets as well, for browsers, at port N", 1},
    {"websockets-anywhere", SAY_SETS(options, websockets_anywhere), NULL, 0,
     "allow a WebSockets port that is open to every interface", 1},
    {"store", SAY_SETS(options, store), "DIR", 0, "the folder of records (default: $TOCSIN_HOME)",
     2},
    {"state", SAY_SETS(options, state), "DIR", 0, "where the time of the last tick is kept", 2},
    {"inbox", SAY_SETS(options, inbox), "DIR", 0,
     "take up bundles that are dropped into this folder", 2},
    {"clock-error", OPTION_CLOCK_ERROR, "DURATION", 0,
     "you vouch that this host's clock, which no daemon keeps, is within 20ms or 1.5s of UTC", 2},
    {"cadence", OPTION_CADENCE, "WHICH", 0,
     "calm (default) or lively: every second from two minutes, five a second from 5 s before", 2},
    {"log", SAY_SETS(options, log), "FILE", 0, "append every event and tick to FILE", 4},
    {"replay", SAY_SETS(options, replay), "FILE", 0,
     "go through such a file again, and compare the ticks", 4},
    {"rehearse", SAY_SETS(options, is_rehearsal), NULL, 0,
     "print what would be sent around the next moment, by a pretend clock; send nothing", 4},
    {"at", OPTION_AT, "INSTANT", 0, "with --rehearse: begin at this UTC instant", 4},
    {0},
};

static int read_port(const char *what, const char *text)
{
    uint32_t port;
    if (!text_read_number(text_of(text), 65535, &port)) {
        say_misuse("--%s %s: give a number up to 65535", what, text);
    }
    return (int)port;
}

/* Takes each option as it comes, from the command line and from the file alike; what two of them
 * say together is judged when all are read. */
static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->login;
        return 0;
    case 'r':
        if (options->root != NULL) {
            say_misuse("one --root; start a beacon for each constellation");
        }
        options->root = value;
        return 0;
    case 'k':
        options->key = value;
        return 0;
    case 'b':
        if (options->broker_count == HERALD_LINKS_MAX) {
            say_misuse("at most %d brokers", HERALD_LINKS_MAX);
        }
        options->broker[options->broker_count++] = value;
        return 0;
    case OPTION_CADENCE:
        if (strcmp(value, "calm") != 0 && strcmp(value, "lively") != 0) {
            say_misuse("--cadence %s: give calm or lively", value);
        }
        options->cadence = strcmp(value, "lively") == 0 ? CADENCE_LIVELY : CADENCE_CALM;
        return 0;
    case OPTION_CLOCK_ERROR:
        options->has_clock_error = span_read(value, (span){60 * NS_PER_S}, &options->clock_error) &&
                                   options->clock_error.ns > 0;
        if (!options->has_clock_error) {
            say_misuse("--clock-error %s: give more than 0 and up to 60 s, as 20ms or 1.5s", value);
        }
        return 0;
    case OPTION_PORT:
        options->port = read_port("port", value);
        return 0;
    case OPTION_WEBSOCKETS:
        options->has_websockets = true;
        options->websockets_port = value != NULL ? read_port("websockets", value) : 0;
        return 0;
    case OPTION_AT:
        options->has_at = stamp_read(value, strlen(value), &options->at);
        if (!options->has_at) {
            say_misuse("--at %s: give an instant from 1700 to 2249, as 2026-11-23T12:00:00Z",
                       value);
        }
        return 0;
    case ARGP_KEY_END:
        if ((options->root == NULL && options->replay == NULL) || options->key == NULL) {
            say_misuse("--root FILE and --key FILE are needed, typed or in %s", CONFIG);
        }
        if (options->has_embedded_broker && options->broker_count == HERALD_LINKS_MAX) {
            say_misuse("at most %d brokers", HERALD_LINKS_MAX);
        }
        if (options->replay != NULL && options->is_rehearsal) {
            say_misuse("--replay or --rehearse");
        }
        if (!options->is_rehearsal && options->replay == NULL && !options->has_embedded_broker &&
            options->broker_count == 0) {
            say_misuse("no broker: give --broker URL or --embedded-broker");
        }
        if ((options->port != 0 || options->has_websockets) && !options->has_embedded_broker) {
            say_misuse("--port and --websockets belong to --embedded-broker");
        }
        if (options->has_at && !options->is_rehearsal) {
            say_misuse("--at belongs to --rehearse");
        }
        return 0;
    default:
        return say_set(key, value, state);
    }
}

/* The file's lines go before the words that were typed, so that one parser reads both and what was
 * typed wins.  A rehearsal and a replay end by themselves and answer somebody at a terminal; else
 * the program is one that runs on, and says what it says as such. */
void options_read(int argc, char **argv, struct options *out)
{
    static const struct argp_child children[] = {
        {&mqtt_argp, 0, "", 3}, {&conf_argp, 0, "", 5}, {0}};
    static const struct argp argp = {
        .options = table,
        .children = children,
        .parser = parse,
        .doc = "Counts down, signed, to the windows of a constellation.\v"
               "Exit: 0 stopped, 1 the key is not among the root's beacons, 2 usage or bad input, "
               "3 the outside failed.",
    };
    static const char *const complete[] = {"root", "replay", NULL};
    static const char *const only_typed[] = {"rehearse", "replay", "at", NULL};
    /* What the service has: tocsin-beacon.service. */
    static const struct conf_given given[] = {
        {"root", "/etc/tocsin/root.bundle"},
        {"key", "/run/credentials/tocsin-beacon.service/key"},
        {"embedded-broker", NULL},
        {"port", "1883"},
        {"store", "/var/lib/tocsin-beacon/store"},
        {"state", "/var/lib/tocsin-beacon/state"},
        {"inbox", "/etc/tocsin/inbox"},
        {0},
    };
    static const struct conf conf = {
        .program = "tocsin-beacon",
        .section = 8,
        .argp = &argp,
        .path = CONFIG,
        .complete = complete,
        .only_typed = only_typed,
        .given = given,
    };
    char why[CONF_WHY_SIZE];
    say_begin("tocsin-beacon", "beacon");
    argv = conf_argv(&conf, &argc, argv, why);
    if (argv == NULL) {
        exit(say_usage("%s", why));
    }
    *out = (struct options){0};
    if (!say_knows_options(&argp, argv)) {
        exit(EXIT_USAGE);
    }
    argp_parse(&argp, argc, argv, ARGP_NO_ARGS, NULL, out);
    if (!out->is_rehearsal && out->replay == NULL) {
        say_runs_on();
    }
}
