/* tocsin serve: the exported site over HTTP.  This process reads no record and links no calendar
 * work into its path: when the store changes it runs `tocsin export` as a child, and then hands out
 * what the child wrote. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "conf/conf.h"
#include "files/files.h"
#include "http/http.h"
#include "inbox/inbox.h"
#include "instants/stamp.h"
#include "sandbox/sandbox.h"
#include "say/say.h"
#include "say/set.h"
#include "service/service.h"
#include "tocsin/commands/table.h"
#include "watch/watch.h"

enum {
    KEY_ZONE = 0x20000,
    FILES_MAX = 100, /* of the inbox, at once */
    ZONES_MAX = 600,
    ARGS_MAX = 1300
};

/* A rescan that saw nothing change exports only so often: file systems that tell nothing, newly
 * trusted roots, and the day's change are caught by it. */
static const int64_t RESCAN_EXPORTS_S = 900;

struct arguments {
    const char *listen, *url, *key, *inbox;
    const char *zone[ZONES_MAX];
    size_t zone_count;
    bool is_copied, is_dateless;
};

struct serve {
    char dir[PATH_MAX];
    bool is_own_dir;     /* made here, and removed at the end */
    char *arg[ARGS_MAX]; /* of the child; borrowed */
    char at[STAMP_TEXT_SIZE];
    size_t arg_count;

    uv_loop_t loop;
    struct http_server *server;
    uv_process_t child;
    bool has_child;    /* until its handle is closed and may be used again */
    bool is_exporting; /* until what the child wrote is shown */
    int child_code;    /* of a child that has ended */
    bool has_shown, is_closing;
    struct watch *watch;
    bool is_changed; /* while the child was at work */
    bool is_syncing; /* the child is a sync */
    struct inbox *inbox;
    const char *inbox_dir;
    char *file[FILES_MAX]; /* owned: of the inbox, for the next sync */
    size_t file_count;
    uv_timer_t inbox_look, alive;
    const struct options *options;
    uv_signal_t interrupted, terminated, hung_up;
    int64_t exported_s; /* when the last export began, by the wall clock */
    int code;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        arguments->listen = "127.0.0.1:8080";
        return 0;
    case KEY_ZONE:
        return options_add(state, arg, arguments->zone, &arguments->zone_count, ZONES_MAX, "zones");
    default:
        return say_set(key, arg, state);
    }
}

static void close_all(struct serve *serve, int code)
{
    if (serve->is_closing) {
        return;
    }
    serve->is_closing = true;
    serve->code = code;
    service_stopping();
    uv_close((uv_handle_t *)&serve->inbox_look, NULL);
    uv_close((uv_handle_t *)&serve->alive, NULL);
    http_close(serve->server);
    watch_stop(serve->watch);
    uv_close((uv_handle_t *)&serve->interrupted, NULL);
    uv_close((uv_handle_t *)&serve->terminated, NULL);
    uv_close((uv_handle_t *)&serve->hung_up, NULL);
    if (serve->has_child && !uv_is_closing((uv_handle_t *)&serve->child)) {
        uv_process_kill(&serve->child, SIGTERM);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    close_all(handle->loop->data, EXIT_DONE);
}

static void export_again(struct serve *serve);

/* A failure of the first export ends the server; later ones leave the old site standing. */
static void go_on(struct serve *serve, int code)
{
    serve->is_exporting = false;
    if (code != EXIT_DONE) {
        if (!serve->has_shown) {
            close_all(serve, code);
            return;
        }
        say_warning("the site stays as it was; the next change of the store tries again");
    }
    if (serve->is_changed) {
        export_again(serve);
    }
}

static void on_shown(void *context, enum site_result result, const struct site_error *error)
{
    struct serve *serve = context;
    if (result != SITE_OK) {
        go_on(serve, say_outside("%s", error->message));
        return;
    }
    if (!serve->has_shown) {
        serve->has_shown = true;
        printf("listening %s\n", http_url(serve->server));
        fflush(stdout);
        service_ready();
    }
    service_status("%s; exported %s", http_url(serve->server),
                   stamp_text((utc){serve->exported_s * NS_PER_S}).text);
    go_on(serve, EXIT_DONE);
}

/* Hands out what the child wrote. */
static void on_child_closed(uv_handle_t *child)
{
    struct serve *serve = child->data;
    serve->has_child = false;
    if (serve->is_closing) {
        return;
    }
    if (serve->is_syncing) { /* what it refused it told itself */
        serve->is_syncing = false;
        serve->is_changed = true;
        go_on(serve, EXIT_DONE);
    } else if (serve->child_code == EXIT_DONE) {
        http_show(serve->server, serve->dir, on_shown, serve);
    } else {
        go_on(serve, serve->child_code);
    }
}

/* What follows waits until the handle is closed: libuv aborts when one that is still closing is
 * started again. */
static void on_exit_of_child(uv_process_t *child, int64_t status, int signal_number)
{
    struct serve *serve = child->data;
    serve->child_code = signal_number != 0 ? EXIT_OUTSIDE : (int)status;
    if (signal_number != 0 && !serve->is_closing) {
        say_warning("the %s was ended by signal %d", serve->is_syncing ? "sync" : "export",
                    signal_number);
    }
    uv_close((uv_handle_t *)child, on_child_closed);
}

/* uv_spawn only reads them. */
static char *as_argument(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* This program again. */
static void start_child(struct serve *serve, char **arg)
{
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE}, /* standard output is ours: one line that programs read */
        {.flags = UV_INHERIT_FD, .data.fd = 2},
    };
    uv_process_options_t options = {
        .exit_cb = on_exit_of_child,
        .file = "/proc/self/exe",
        .args = arg,
        .stdio_count = 3,
        .stdio = stdio,
    };
    serve->child.data = serve;
    serve->is_exporting = serve->has_child = true;
    int why = uv_spawn(&serve->loop, &serve->child, &options);
    if (why != 0) {
        serve->child_code = say_outside("cannot start the %s: %s",
                                        serve->is_syncing ? "sync" : "export", uv_strerror(why));
        uv_close((uv_handle_t *)&serve->child, on_child_closed);
    }
}

static void export_again(struct serve *serve)
{
    serve->exported_s = (clock_utc().ns / NS_PER_S);
    serve->is_changed = false;
    serve->arg[0] = as_argument("tocsin");
    serve->arg[1] = as_argument("export");
    serve->arg[2] = serve->dir;
    serve->arg[serve->arg_count] = NULL;
    start_child(serve, serve->arg);
}

/* ---- the inbox: another child brings it into the store ---- */

static void sync_inbox(struct serve *serve)
{
    static char *arg[FILES_MAX + 12];
    const struct options *options = serve->options;
    const char *const given[][2] = {
        {"--store", options->store}, {"--config", options->config}, {"--root", options->root}};
    size_t count = 0;
    arg[count++] = as_argument("tocsin");
    arg[count++] = as_argument("sync");
    arg[count++] = as_argument("--pull");
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (given[i][1] != NULL) {
            arg[count++] = as_argument(given[i][0]);
            arg[count++] = as_argument(given[i][1]);
        }
    }
    for (size_t i = 0; i < serve->file_count; i++) {
        arg[count++] = serve->file[i];
    }
    arg[count] = NULL;
    serve->is_syncing = true;
    start_child(serve, arg);
    while (serve->file_count > 0) {
        free(serve->file[--serve->file_count]);
    }
}

/* What comes while a child is at work comes again. */
static bool take(void *context, const char *name, const uint8_t *bytes, size_t size)
{
    struct serve *serve = context;
    (void)bytes;
    (void)size;
    if (serve->is_exporting || serve->file_count == FILES_MAX ||
        asprintf(&serve->file[serve->file_count], "%s/%s", serve->inbox_dir, name) < 0) {
        return false;
    }
    serve->file_count++;
    return true;
}

static void on_inbox(uv_timer_t *timer)
{
    struct serve *serve = timer->loop->data;
    inbox_look(serve->inbox);
    if (serve->file_count > 0) {
        sync_inbox(serve);
    }
}

static void on_alive(uv_timer_t *timer)
{
    (void)timer;
    service_alive((mono){(int64_t)uv_hrtime()});
}

static bool begin_timers(struct serve *serve)
{
    if (serve->inbox_dir != NULL) {
        const struct inbox_handlers handlers = {.take = take, .tell = say_line, .context = serve};
        serve->inbox = inbox_new(serve->inbox_dir, &handlers);
        if (serve->inbox == NULL) {
            return false;
        }
        uv_timer_start(&serve->inbox_look, on_inbox, 0, INBOX_EVERY_MS);
    }
    if (service_patience().ns > 0) {
        uv_timer_start(&serve->alive, on_alive, 0,
                       (uint64_t)(service_patience().ns / NS_PER_MS / 3));
    }
    return true;
}

static void export_soon(struct serve *serve)
{
    if (serve->is_exporting) {
        serve->is_changed = true;
    } else {
        export_again(serve);
    }
}

/* As by a person who does not want to wait for the rescan. */
static void on_hangup(uv_signal_t *handle, int number)
{
    (void)number;
    export_soon(handle->loop->data);
}

static void on_change(void *context, bool is_rescan)
{
    struct serve *serve = context;
    int64_t now_s = (clock_utc().ns / NS_PER_S);
    bool is_due =
        now_s - serve->exported_s >= RESCAN_EXPORTS_S || now_s / 86400 != serve->exported_s / 86400;
    if (!is_rescan || is_due) {
        export_soon(serve);
    }
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)where;
    return kind == FTW_DP ? rmdir(path) : unlink(path);
}

/* A folder of our own where none was given.  It has to be there when we shut ourselves in. */
static int make_dir(struct serve *serve)
{
    if (serve->dir[0] != '\0') {
        struct files_error why;
        return files_make_folder(AT_FDCWD, serve->dir, 0755, &why) ? EXIT_DONE
                                                                   : say_outside("%s", why.message);
    }
    const char *base = getenv("TMPDIR");
    int len = snprintf(serve->dir, sizeof serve->dir, "%s/tocsin-site.XXXXXX",
                       base != NULL && base[0] == '/' ? base : "/tmp");
    if (len >= (int)sizeof serve->dir || mkdtemp(serve->dir) == NULL) {
        return say_outside("%s: cannot make this folder: %s", serve->dir, strerror(errno));
    }
    serve->is_own_dir = true;
    return EXIT_DONE;
}

/* "http://0.0.0.0:80/" is where it listens, but nobody's address. */
static bool is_any_address(const char *url)
{
    return strncmp(url, "http://0.0.0.0:", 15) == 0 || strncmp(url, "http://[::]:", 12) == 0;
}

static void add_arg(struct serve *serve, const char *name, const char *value)
{
    if (value != NULL && serve->arg_count + 3 < ARGS_MAX) {
        serve->arg[serve->arg_count++] = as_argument(name);
        serve->arg[serve->arg_count++] = as_argument(value);
    }
}

/* What the child is told besides its folder. */
static void add_args(struct serve *serve, const struct options *options,
                     const struct arguments *arguments)
{
    if (options->has_at) {
        stamp_write(options->at, serve->at);
        add_arg(serve, "--at", serve->at);
    }
    add_arg(serve, "--store", options->store);
    add_arg(serve, "--config", options->config);
    add_arg(serve, "--root", options->root);
    add_arg(serve, "--key", arguments->key);
    for (size_t i = 0; i < arguments->zone_count; i++) {
        add_arg(serve, "--zone", arguments->zone[i]);
    }
    if (arguments->is_copied) {
        serve->arg[serve->arg_count++] = as_argument("--copy");
    }
    const char *own = http_url(serve->server);
    add_arg(serve, "--url",
            arguments->url != NULL ? arguments->url
            : is_any_address(own)  ? NULL
                                   : own);
}

/* Before anybody is answered.  The children are shut in with this process: they read the store, the
 * trusted roots and the site's key, and write the site and what the inbox brings into the store. */
static void shut_in(const struct serve *serve, const struct session *session,
                    const struct arguments *arguments)
{
    char beside[PATH_MAX] = ""; /* a root's signatures lie beside it */
    if (session->options->root != NULL) {
        snprintf(beside, sizeof beside, "%s", session->options->root);
    }
    char above[PATH_MAX]; /* of a folder of our own, which goes at the end */
    snprintf(above, sizeof above, "%s", serve->dir);
    const char *lack = sandbox_lack(sandbox_enter(&(struct sandbox){
        .emptied = serve->is_own_dir ? dirname(above) : NULL,
        .read = {session->options->config, session->keys_dir, session->roots_dir,
                 beside[0] != '\0' ? dirname(beside) : NULL, arguments->key, arguments->inbox},
        .written = {session->store_dir, serve->dir},
        .starts_programs = true}));
    if (lack != NULL) {
        say_note("%s", lack);
    }
}

/* The store's folder has to be there, too, when we shut ourselves in. */
static int watch_store(struct serve *serve, const char *dir)
{
    struct files_error why;
    if (!files_make_folder(AT_FDCWD, dir, 0700, &why)) {
        return say_outside("%s", why.message);
    }
    if (!watch_start(&serve->loop, dir, on_change, serve, &serve->watch)) {
        return say_outside("cannot watch %s: %s; raise fs.inotify.max_user_watches", dir,
                           strerror(errno));
    }
    return EXIT_DONE;
}

/* The port is opened before anything is shut in, as the sandbox takes the right to open one;
 * signals are caught before the first export, so that none finds a half-written site. */
static int run(struct serve *serve, const struct session *session,
               const struct arguments *arguments)
{
    struct http_error error;
    uv_loop_init(&serve->loop);
    serve->server = http_new(&serve->loop, arguments->listen, arguments->is_dateless, &error);
    if (serve->server == NULL) {
        uv_loop_close(&serve->loop);
        return error.is_malformed ? say_usage("--listen %s", error.message)
                                  : say_outside("%s", error.message);
    }
    int code = watch_store(serve, session->store_dir);
    if (code != EXIT_DONE) {
        http_close(serve->server);
        uv_run(&serve->loop, UV_RUN_DEFAULT);
        uv_loop_close(&serve->loop);
        return code;
    }
    add_args(serve, session->options, arguments);

    serve->loop.data = serve; /* for the callbacks of signals and timers */
    uv_signal_init(&serve->loop, &serve->interrupted);
    uv_signal_init(&serve->loop, &serve->terminated);
    uv_signal_init(&serve->loop, &serve->hung_up);
    uv_signal_start(&serve->interrupted, on_signal, SIGINT);
    uv_signal_start(&serve->terminated, on_signal, SIGTERM);
    uv_signal_start(&serve->hung_up, on_hangup, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    uv_timer_init(&serve->loop, &serve->inbox_look);
    uv_timer_init(&serve->loop, &serve->alive);
    shut_in(serve, session, arguments);
    export_again(serve);
    if (!begin_timers(serve)) {
        close_all(serve, say_outside("no memory for the inbox"));
    }
    uv_run(&serve->loop, UV_RUN_DEFAULT);
    uv_loop_close(&serve->loop);
    inbox_free(serve->inbox);
    return serve->code;
}

static const struct argp_option options[] = {
    {"listen", SAY_SETS(arguments, listen), "HOST:PORT", 0,
     "Where to listen (default 127.0.0.1:8080); port 0 picks a free one", 0},
    {"url", SAY_SETS(arguments, url), "URL", 0,
     "The address that readers use, for subscribe links and codes (default: where it listens)", 0},
    {"zone", KEY_ZONE, "ZONE", 0, "As for tocsin export; repeat", 0},
    {"copy", SAY_SETS(arguments, is_copied), NULL, 0, "As for tocsin export", 0},
    {"no-date", SAY_SETS(arguments, is_dateless), NULL, 0,
     "Tell nobody the time: for a site that must not be found by its clock", 0},
    {"inbox", SAY_SETS(arguments, inbox), "DIR", 0,
     "Take in the bundles that people drop into this folder", 0},
    {"key", SAY_SETS(arguments, key), "FILE|NAME", 0, "The unsealed site key that signs the feeds",
     0},
    {0},
};

/* The lines of --config FILE before what was typed; --config DIR stays what it is. */
static char **with_file(const struct argp *argp, int *argc, char **argv)
{
    static const char *const only_typed[] = {"at", NULL};
    static const struct conf_given given[] = {
        {"listen", "127.0.0.1:8080"},        {"inbox", "/etc/tocsin/inbox"},
        {"root", "/etc/tocsin/root.bundle"}, {"store", "/var/lib/tocsin-serve/store"},
        {"config", "/var/lib/tocsin-serve"}, {0},
    };
    const struct conf conf = {
        .program = "tocsin",
        .command = "serve",
        .section = 1,
        .argp = argp,
        .only_typed = only_typed,
        .given = given,
        .has_folder = true,
    };
    char why[CONF_WHY_SIZE];
    argv = conf_argv(&conf, argc, argv, why);
    if (argv == NULL) {
        exit(say_usage("%s", why));
    }
    return argv;
}

static const struct argp_child children[] = {{&conf_place_argp, 0, NULL, 0}, {0}};

const struct command_line line_serve = {
    .options = options,
    .parser = parse,
    .children = children,
    .rewrite = with_file,
    .size = sizeof(struct arguments),
    .words = "[DIR]",
    .doc = "Exports the site into DIR (default: a folder of its own, removed at the end), hands it "
           "out over HTTP, and exports again whenever the store changes, and on SIGHUP. Prints "
           "\"listening URL\" "
           "once the first export can be read; until then it answers 503. Keeps no log and no "
           "address. --config takes a FILE of these options as well, in lines OPTION = VALUE.",
};

int cmd_serve(struct session *session, const struct command_call *call)
{
    static struct serve serve = {.arg_count = 3};
    const struct arguments *arguments = call->options;
    serve.options = session->options;
    serve.inbox_dir = arguments->inbox;
    service_open();
    if (call->count > 0 &&
        (size_t)snprintf(serve.dir, sizeof serve.dir, "%s", call->word[0]) >= sizeof serve.dir) {
        return say_usage("%s: this path is too long", call->word[0]);
    }
    int code = make_dir(&serve);
    if (code == EXIT_DONE) {
        code = run(&serve, session, arguments);
    }
    if (serve.is_own_dir) {
        nftw(serve.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    return code;
}
