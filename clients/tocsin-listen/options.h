/* tocsin-listen/options.h -- the command line of tocsin-listen. */
#ifndef LISTEN_OPTIONS_H
#define LISTEN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "bell/bell.h"
#include "instants/instant.h"
#include "mqtt/options.h"
#include "places/places.h"
#include "say/say.h"

enum { OPTIONS_FILES_MAX = 16, OPTIONS_UIDS_MAX = 64, OPTIONS_BROKERS_MAX = 4 };

struct options {
    const char *root[OPTIONS_FILES_MAX];
    size_t root_count;
    const char *bundle[OPTIONS_FILES_MAX];
    size_t bundle_count;
    const char *broker[OPTIONS_BROKERS_MAX];
    size_t broker_count;
    const char *uid[OPTIONS_UIDS_MAX];
    size_t uid_count;
    const char *store, *zone, *place, *languages, *run, *pipe, *state, *log, *replay, *inbox;
    char place_name[PLACE_NAME_SIZE]; /* what place points to, if it is a known one */
    struct bell_options ring;
    const char *report, *report_name; /* NULL: nothing is reported; this host's */
    struct mqtt_login login, report_login;
    span latency;
    bool has_file; /* some of these stand in a file, mostly the service's */
    bool is_drill;
    span drill;                             /* how long it is counted down */
    char own_languages[SAY_LANGUAGES_SIZE]; /* what LANG says */
    bool big;
    bool offline, bell, check, once, no_ask, trust_replay, rehearse, json;
    bool has_at;
    utc at;
};

/* Fills *out or ends the program: with EXIT_USAGE and one line, or after --help. */
void options_read(int argc, char **argv, struct options *out);

bool options_has_bell(const struct options *options);

/* What can begin at T-0, in the order of --help: a kind of hook is one of these, and --check,
 * --drill and the service's status go by them.  value is NULL where it was not asked for, "" where
 * it takes none.  False past the last. */
struct options_action {
    const char *name, *value; /* "--run", "ring --loud" */
};
bool options_action(const struct options *options, size_t n, struct options_action *out);

/* Whether anything begins at T-0, or it is only shown. */
bool options_has_action(const struct options *options);

#endif
