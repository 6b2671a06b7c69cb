/* tocsin sync SOURCE...: union with other stores, sites and brokers. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tocsin/print/warnings.h"
#include "tocsin/say.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/load.h"
#include "tocsin/sync/sync.h"

enum { SOURCES_MAX = 64 };

struct arguments {
    struct options options;
    struct sync_request request;
    const char *source[SOURCES_MAX];
    size_t count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, &arguments->options, 2);
        return 0;
    case 'p':
        arguments->request.pulls_only = true;
        return 0;
    case 'c':
        arguments->request.creates = true;
        return 0;
    case 'a':
        arguments->request.ca_file = arg;
        return 0;
    case 't': {
        char *end;
        arguments->request.timeout_s = strtol(arg, &end, 10);
        if (*arg == '\0' || *end != '\0' || arguments->request.timeout_s < 1 ||
            arguments->request.timeout_s > 3600) {
            argp_error(state, "--timeout \"%s\": seconds, 1 to 3600", arg);
        }
        return 0;
    }
    case ARGP_KEY_ARG:
        if (arguments->count == SOURCES_MAX) {
            argp_error(state, "more than %d sources", SOURCES_MAX);
        }
        arguments->source[arguments->count++] = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which SOURCE? a folder, a bundle, a site's URL or a broker's URL");
        return 0;
    case ARGP_KEY_END:
        if (arguments->request.pulls_only && arguments->request.creates) {
            argp_error(state, "--pull only takes: there is nothing to --create");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static int sync_one(struct session *session, const struct sync_request *request,
                    struct sync_counts *counts)
{
    int code = session_load(session, true);
    if (code != EXIT_DONE) {
        return code;
    }
    if (session->view->root_count == 0) {
        return say_usage("no root is trusted here, so nothing can be taken in: \"tocsin root trust "
                         "FILE\" first");
    }
    if (bundle_lacks_root(session)) { /* then its windows cannot be judged, nor sent on with it */
        code = bundle_store_roots(session);
        code = code == EXIT_DONE ? session_load(session, true) : code;
        if (code != EXIT_DONE) {
            return code;
        }
    }
    const char *source = request->source;
    if (begins(source, "http://") || begins(source, "https://")) {
        return sync_web(session, request, counts);
    }
    if (begins(source, "mqtt://") || begins(source, "mqtts://") || begins(source, "unix:")) {
        return sync_broker(session, request, counts);
    }
    if (strstr(source, "://") != NULL) {
        return say_usage("%s: sources are folders, files, http(s):// and mqtt(s)://", source);
    }
    struct stat about;
    if (stat(source, &about) == 0 && S_ISREG(about.st_mode)) {
        /* Unlike a folder or a broker, a file is wanted as it is. */
        code = sync_file(session, request, counts);
        return code == EXIT_DONE && counts->came.refused > 0 ? EXIT_NO : code;
    }
    return sync_folder(session, request, counts);
}

static void tell(struct rows *rows, const char *source, const struct sync_counts *counts)
{
    const size_t number[] = {counts->came.records_new,   counts->came.signatures_new,
                             counts->came.records_known, counts->came.refused,
                             counts->records_sent,       counts->signatures_sent};
    char text[6][24];
    const char *cell[7] = {source};
    for (size_t i = 0; i < 6; i++) {
        snprintf(text[i], sizeof text[i], "%zu", number[i]);
        cell[i + 1] = text[i];
    }
    rows_add(rows, cell);
}

int cmd_sync(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"pull", 'p', NULL, 0, "Only take, also from folders", 0},
        {"create", 'c', NULL, 0, "Make a store of a folder that is none yet, or not there", 0},
        {"ca", 'a', "FILE", 0, "Certificate authorities instead of the system's", 0},
        {"timeout", 't', "SECONDS", 0, "Give up on a silent server after so long (default: 20)", 0},
        {0}};
    static const struct argp_child children[] = {
        {&options_common, 0, "", 0}, {&options_listing, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "SOURCE...",
        .doc = "Takes in what other copies have, for the constellations trusted here, and gives "
               "folders what they lack.\vA SOURCE is a store's folder, a bundle or record, the URL "
               "of a site made by tocsin export, or a broker (mqtt://HOST).  Every record is "
               "verified; interrupted, it goes on where it was.",
        .children = children};
    struct arguments arguments = {.request.timeout_s = 20};
    if (argp_parse(&argp, argc, argv, 0, NULL, &arguments) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&session, &arguments.options);
    static const struct rows_column column[] = {
        {"source", false}, {"records", true},      {"signatures", true},     {"known", true},
        {"refused", true}, {"records_sent", true}, {"signatures_sent", true}};
    struct rows rows;
    rows_begin(&rows, arguments.options.format, column, 7, stdout);
    for (size_t i = 0; code != EXIT_USAGE && i < arguments.count; i++) {
        struct sync_counts counts = {0};
        arguments.request.source = arguments.source[i];
        int one = sync_one(&session, &arguments.request, &counts);
        code = one > code ? one : code;
        tell(&rows, arguments.source[i], &counts);
    }
    if (!rows_end(&rows)) {
        code = say_outside("out of memory");
    }
    if (code == EXIT_DONE && session_load(&session, false) == EXIT_DONE) {
        warnings_tell(&session);
    }
    session_close(&session);
    return code;
}
