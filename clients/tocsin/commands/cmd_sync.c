/* tocsin sync SOURCE...: union with other stores, sites and brokers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/warnings.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/load.h"
#include "tocsin/sync/sync.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/news.h"

enum { OPTION_TIMEOUT = 0x100 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct sync_request *request = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        request->timeout_s = 20;
        state->child_inputs[0] = &request->login;
        return 0;
    case 'c':
        request->creates = true;
        return 0;
    case OPTION_TIMEOUT:
        request->timeout_s =
            options_read_number(state, "timeout", arg, 1, 3600, "seconds, 1 to 3600");
        return 0;
    case ARGP_KEY_END:
        if (request->pulls_only && request->creates) {
            argp_error(state, "--pull only takes: there is nothing to --create");
        }
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

/* "host:1883", "user@host:path", "valley.example": what other programs take for a computer. */
static bool looks_remote(const char *source)
{
    const char *slash = strchr(source, '/'), *at = strchr(source, '@'),
               *colon = strchr(source, ':');
    size_t host = slash != NULL ? (size_t)(slash - source) : strlen(source);
    const char *dot = memchr(source, '.', host);
    static const char *const ours[] = {".txt", ".bundle", ".tocsin", ".rec"};
    bool has_name = dot != NULL && dot != source && (size_t)(dot + 1 - source) < host;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        size_t len = strlen(ours[i]);
        has_name = has_name && (host < len || memcmp(source + host - len, ours[i], len) != 0);
    }
    return at != NULL || (colon != NULL && (slash == NULL || colon < slash)) || has_name;
}

static int refuse_remote(const char *source)
{
    const char *colon = strchr(source, ':'), *slash = strchr(source, '/');
    size_t digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;
    bool has_port = digits > 0 && (colon[1 + digits] == '\0' || colon[1 + digits] == '/');
    long port = has_port ? strtol(colon + 1, NULL, 10) : 0;
    if (strchr(source, '@') != NULL || (colon != NULL && !has_port)) {
        return say_usage(
            "%s: computers are not reached by ssh: mount it and give the folder (sshfs "
            "%s DIR), or copy the store with rsync and sync with the copy",
            source, source);
    }
    if (has_port && slash == NULL && (port == 1883 || port == 8883)) {
        return say_usage("%s: no such file or folder; a broker is %s://%s", source,
                         port == 1883 ? "mqtt" : "mqtts", source);
    }
    return say_usage("%s: no such file or folder; a site is http%s://%s, a broker mqtt://%s, and "
                     "--create with ./%s makes a folder of that name",
                     source, has_port ? "" : "s", source, source, source);
}

static int sync_one(struct session *session, const struct sync_request *request,
                    struct sync_counts *counts)
{
    if (session->view->root_count == 0) {
        return say_usage(SESSION_NO_ROOT);
    }
    if (bundle_lacks_root(session)) { /* then its windows cannot be judged, nor sent on with it */
        int code = bundle_store_roots(session);
        code = code == EXIT_DONE ? session_load(session, true) : code;
        if (code != EXIT_DONE) {
            return code;
        }
    }
    const char *source = request->source;
    if (text_is_web(text_of(source))) {
        return sync_web(session, request, counts);
    }
    if (text_has_scheme(source, "mqtt://") || text_has_scheme(source, "mqtts://") ||
        text_has_scheme(source, "unix:")) {
        return sync_broker(session, request, counts);
    }
    if (strstr(source, "://") != NULL) {
        return say_usage("%s: sources are folders, files, http(s):// and mqtt(s)://", source);
    }
    struct stat about;
    if (!request->creates && stat(source, &about) != 0 && errno == ENOENT && looks_remote(source)) {
        return refuse_remote(source);
    }
    bool is_pasted = strcmp(source, "-") == 0;
    if (is_pasted || (stat(source, &about) == 0 && !S_ISDIR(about.st_mode))) {
        /* Unlike a folder or a broker, a file is wanted as it is. */
        int code = sync_file(session, request, counts);
        return code == EXIT_DONE && counts->came.refused > 0 ? EXIT_NO : code;
    }
    return sync_folder(session, request, counts);
}

static bool has_counted(const struct sync_counts *counts)
{
    return counts->came.records_new + counts->came.signatures_new + counts->came.records_known +
               counts->came.signatures_known + counts->came.refused + counts->records_sent +
               counts->signatures_sent >
           0;
}

static void tell(struct rows *rows, const char *source, const struct sync_counts *counts)
{
    const size_t number[] = {counts->came.records_new,   counts->came.signatures_new,
                             counts->came.records_known, counts->came.refused,
                             counts->records_sent,       counts->signatures_sent};
    char text[6][24], shown[2048];
    snprintf(shown, sizeof shown, "%s", source);
    text_hide_passwords(shown);
    const char *cell[7] = {shown};
    for (size_t i = 0; i < 6; i++) {
        snprintf(text[i], sizeof text[i], "%zu", number[i]);
        cell[i + 1] = text[i];
    }
    rows_add(rows, cell);
}

static const struct argp_option options[] = {
    {"pull", SAY_SETS(sync_request, pulls_only), NULL, 0, "Only take, also from folders", 0},
    {"create", 'c', NULL, 0, "Make a store of a folder that is none yet, or not there", 0},
    {"timeout", OPTION_TIMEOUT, "SECONDS", 0,
     "Give up on a silent server after so long (default: 20)", 0},
    {0}};

static const struct argp_child children[] = {{&mqtt_argp, 0, "Brokers (and --ca for https):", 1},
                                             {0}};

const struct command_line line_sync = {
    .options = options,
    .children = children,
    .parser = parse,
    .size = sizeof(struct sync_request),
    .words = "SOURCE...",
    .missing = "which SOURCE? a folder, a bundle, a site's URL or a broker's URL",
    .doc =
        "Takes in what other copies have, for the constellations trusted here, and gives "
        "folders what they lack.\vA SOURCE is a store's folder, a bundle or record, the URL of a "
        "site made by tocsin export, or a broker (mqtt://HOST).  Every record is verified; "
        "interrupted, it goes on where it was.",
};

int cmd_sync(struct session *session, const struct command_call *call)
{
    static const struct rows_column column[] = {
        {"source", false}, {"records", true},      {"signatures", true},     {"known", true},
        {"refused", true}, {"records_sent", true}, {"signatures_sent", true}};
    struct sync_request request = *(const struct sync_request *)call->options;
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 7, stdout);
    struct news news = news_begin(session);
    int code = EXIT_DONE;
    for (size_t i = 0; code != EXIT_USAGE && i < call->count; i++) {
        struct sync_counts counts = {0};
        request.source = call->word[i];
        int one = i == 0 ? EXIT_DONE : session_load(session, true); /* the one before added to it */
        if (one == EXIT_DONE) {
            one = sync_one(session, &request, &counts);
        }
        code = one > code ? one : code;
        if (one == EXIT_DONE || has_counted(&counts)) {
            tell(&rows, request.source, &counts);
        }
    }
    rows_end(&rows);
    if (code != EXIT_USAGE && session_load(session, false) == EXIT_DONE) {
        news_tell(session, &news, "since"); /* also of what came before something failed */
    }
    if (code == EXIT_DONE && session->view != NULL) {
        warnings_tell(session);
        agenda_tell(session);
    }
    news_end(&news);
    mqtt_login_free(&request.login);
    return code;
}
