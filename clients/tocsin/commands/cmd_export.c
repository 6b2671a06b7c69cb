/* tocsin export DIR: the view as a static site. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "say/set.h"
#include "site/rule_zone.h"
#include "site/site.h"
#include "tocsin/commands/table.h"
#include "tocsin/kit/kit.h"
#include "tocsin/session/address.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/catalogue.h"

enum { KEY_ZONE = 0x20000, ZONES_MAX = 600, KITS_MAX = 32 };

/* More than this is told before it is written. */
static const uint64_t TOLD_BYTES = 100000000;

struct export
{
    const char *url, *page;
    const char *zone[ZONES_MAX];
    size_t zone_count;
    bool is_copied;
    bool is_catalogue;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct export *export = state->input;
    switch (key) {
    case KEY_ZONE:
        if (export->zone_count == ZONES_MAX || !zoneinfo_is_name(arg)) {
            argp_error(state, "--zone \"%s\": not the name of a zone, such as Europe/Rome", arg);
        }
        export->zone[export->zone_count++] = arg;
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

static bool is_named(const struct view *view, const struct trust_secret *secret)
{
    struct record_public_key key;
    trust_secret_public(secret, &key);
    for (size_t i = 0; i < view->root_count; i++) {
        const struct record_root *root = &view->root[i].newest->is.root;
        if (record_key_find(root->feed, root->feed_count, key.key) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether a signed record goes into a bundle: of the constellation all, of a window the roots,
 * revokes and its own. */
static bool belongs(const struct view_entry *entry, const struct record_id *root,
                    const struct record_uid *uid)
{
    const struct record *record = entry->record;
    return entry->signer_count > 0 && record_id_equal(record_root_of(record), root) &&
           (uid == NULL || record_belongs_to(record, root, uid));
}

static int fail(enum site_result result, const struct site_error *error)
{
    return result == SITE_UNSOUND
               ? say_usage("%s", error->message)
               : say_outside("%s", result == SITE_NO_MEMORY ? "out of memory" : error->message);
}

static int take(struct site *site, const char *path, uint8_t *bytes, size_t size)
{
    struct site_error why;
    enum site_result result = site_take(site, path, bytes, size, &why);
    return result == SITE_OK ? EXIT_DONE : fail(result, &why);
}

static int add_bundle(struct session *session, struct site *site, const char *path,
                      const struct record_id *root, const struct record_uid *uid)
{
    struct view_entry *chosen = say_memory(calloc(session->set.entry_count + 1, sizeof *chosen));
    size_t count = 0;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        if (belongs(&session->set.entry[i], root, uid)) {
            chosen[count++] = session->set.entry[i];
        }
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct store_error error;
    enum store_result written =
        store_write_stream(session->store, chosen, count, &bytes, &size, &error);
    free(chosen);
    if (written != STORE_OK) {
        return say_outside("%s", error.message);
    }
    return take(site, path, bytes, size);
}

static int add_bundles(struct session *session, struct site *site)
{
    char path[SITE_PATH_SIZE];
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < session->view->root_count; i++) {
        site_root_bundle_path(&session->view->root[i].id, path);
        code = add_bundle(session, site, path, &session->view->root[i].id, NULL);
    }
    for (size_t i = 0; code == EXIT_DONE && i < session->view->window_count; i++) {
        const struct view_window *window = &session->view->window[i];
        site_window_path(&window->root, &window->uid, "tocsin", path);
        code = add_bundle(session, site, path, &window->root, &window->uid);
    }
    return code;
}

/* Takes draft's text. */
static int take_draft(struct site *site, const char *path, struct draft *draft)
{
    size_t size = draft->len;
    return take(site, path, say_memory(draft_take(draft)), size);
}

/* The page as one file with this root's records in it, to keep and to hand on, and as an app for
 * chats. */
static int add_kit(struct session *session, const struct view_root *root, const char *url,
                   const struct phone_page *page, const struct site_content *records,
                   struct site *site)
{
    char path[SITE_PATH_SIZE], name[256];
    struct draft saved = {0}, app = {0};
    struct text title = root->newest->is.root.name;
    snprintf(name, sizeof name, "%.*s", (int)title.len, title.at);
    phone_write(page,
                &(struct phone_kit){.root = &root->id,
                                    .records = records->bytes,
                                    .records_size = records->size,
                                    .now = session->now_utc,
                                    .url = url},
                &saved);
    phone_pack(&saved, name, &app);
    site_kit_path(&root->id, "xdc", path);
    int code = take_draft(site, path, &app);
    site_kit_path(&root->id, "html", path);
    if (code == EXIT_DONE) {
        return take_draft(site, path, &saved);
    }
    draft_free(&saved);
    return code;
}

/* What is printed and sent of a window: its page for phones is the constellation's. */
static int add_window_kit(struct session *session, const struct view_window *window,
                          const struct view_occurrence *one, const struct site_request *site,
                          struct site *out)
{
    static struct kit kit;
    const struct record_window *is = &one->record->is.window;
    const struct phone_page none = {0};
    struct draft packed = {0};
    char path[SITE_PATH_SIZE];
    struct kit_request request = {
        .window = window,
        .occurrence = one,
        .here = {.name = "UTC", .is_utc = true},
        .url = site->url,
        .zones = site->zoneinfo,
        .page = &none,
    };
    kit = (struct kit){0};
    kit_set_clock(&request, rule_zone_find(site->zoneinfo, is->wave, is->rule, one->place));
    int code = kit_make(session, &request, &kit);
    if (code == EXIT_DONE) {
        kit_pack(&kit, &packed);
        site_window_path(&window->root, &window->uid, "zip", path);
        code = take_draft(out, path, &packed);
    }
    kit_free(&kit);
    return code;
}

/* What is to come of a window. */
struct coming {
    const struct view_window *window;
    const struct view_occurrence *one;
};

static int by_start(const void *a, const void *b)
{
    const struct coming *left = a, *right = b;
    return instant_compare(left->one->start, right->one->start);
}

/* The kits of what is to come first: each costs milliseconds whenever a record changes. */
static int add_window_kits(struct session *session, struct site_request *request, struct site *site,
                           const struct view_window *kits[static KITS_MAX])
{
    const struct view *view = session->view;
    struct coming *coming = say_memory(calloc(view->window_count + 1, sizeof *coming));
    size_t count = 0;
    int code = EXIT_DONE;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_occurrence *one = view_next_occurrence(&view->window[i], session->now);
        if (view->window[i].status == VIEW_CONFIRMED && one != NULL) {
            coming[count++] = (struct coming){&view->window[i], one};
        }
    }
    qsort(coming, count, sizeof *coming, by_start);
    for (size_t i = 0; code == EXIT_DONE && i < count && i < KITS_MAX; i++) {
        code = add_window_kit(session, coming[i].window, coming[i].one, request, site);
        kits[request->kit_count++] = coming[i].window;
    }
    request->kit = kits;
    free(coming);
    return code;
}

/* The page for phones, and for each constellation what travels without a server. */
static int add_phones(struct session *session, const char *url, struct phone_page *page,
                      struct site *site)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < session->view->root_count; i++) {
        assert(site->content != NULL); /* the bundles of roots are what came first */
        struct site_content records = site->content[i];
        code = add_kit(session, &session->view->root[i], url, page, &records, site);
    }
    if (code == EXIT_DONE) {
        code = take(site, SITE_LISTEN, page->bytes, page->size);
        page->bytes = NULL;
    }
    return code;
}

/* Zone data that are older than a year may lack what a government has decided since. */
static void warn_of_old_zones(const struct session *session, const char *version)
{
    int year;
    if (version != NULL && sscanf(version, "%4d", &year) == 1 &&
        civil_from_utc(session->now_utc).date.year > year + 1) {
        say_warning("the time zone data are those of %s, more than a year old: clocks that have "
                    "been changed since are wrong in every feed; update tzdata",
                    version);
    }
}

/* Who checks feeds would find nothing beside them. */
static void warn_of_no_signatures(const struct session *session, const struct trust_secret *key)
{
    for (size_t i = 0; key == NULL && i < session->view->root_count; i++) {
        const struct record_root *root = &session->view->root[i].newest->is.root;
        if (root->feed_count > 0) {
            say_warning("%.*s names a key for its feeds, and without --key they are not signed",
                        (int)root->name.len, root->name.at);
        }
    }
}

static int refuse_url(const char *url)
{
    return say_usage("--url \"%s\": not an address such as https://example.org/feeds/", url);
}

/* Where the site will stand: by --url, else as the root says. */
static int find_url(const struct export *export, const struct session *session,
                    const struct trust_secret *key, char url[static ADDRESS_SIZE], bool *has_url)
{
    *has_url = address_of_root(session->view, key, url);
    if (export->url != NULL) {
        *has_url = address_read(export->url, strlen(export->url), url);
        if (!*has_url) {
            return refuse_url(export->url);
        }
    }
    if (key != NULL && !is_named(session->view, key)) {
        return say_usage("no root here names this key as its feed key, so no reader would trust "
                         "its signatures; make a root with --feed, or leave --key out");
    }
    return EXIT_DONE;
}

static void tell_size(void *context, size_t files, uint64_t bytes)
{
    const char *dir = context;
    if (bytes > TOLD_BYTES) {
        say_warning("writing %.0f MB in %zu files to %s", (double)bytes / 1e6, files, dir);
    }
}

/* Writes a site once it is built, as result says, and tells of it. */
static int save(const struct export *export, enum site_result result, struct site *site,
                size_t signed_count, const char *dir, struct site_error *error)
{
    struct site_saving how = {
        .is_copied = export->is_copied,
        .tell = tell_size,
        .context = (void *)(uintptr_t)dir,
    };
    result = result == SITE_OK ? site_finish(site, error) : result;
    result = result == SITE_OK ? site_save(site, dir, &how, error) : result;
    if (result != SITE_OK) {
        return fail(result, error);
    }
    printf("%zu files, %zu signature%s: %s\n", site->count, signed_count, text_s(signed_count),
           dir);
    return EXIT_DONE;
}

/* The whole site is made in memory and saved at the end, so that a refusal halfway leaves the old
 * one as it was.  Pages that were there before are kept at their addresses: people have links to
 * them. */
static int export_site(const struct export *export, struct session *session, const char *dir,
                       struct zoneinfo *zones, const struct trust_secret *key)
{
    char url[ADDRESS_SIZE];
    bool has_url;
    int code = find_url(export, session, key, url, &has_url);
    if (code != EXIT_DONE) {
        return code;
    }
    warn_of_old_zones(session, zoneinfo_version(zones));
    warn_of_no_signatures(session, key);
    struct site site = {0};
    struct site_error error = {{0}};
    struct site_addresses keep;
    struct phone_page page;
    const struct view_window *kits[KITS_MAX];
    size_t signed_count = 0;
    code = phone_load(export->page, &page);
    if (code != EXIT_DONE) {
        return code;
    }
    enum site_result result = site_addresses(dir, &keep, &error);
    if (result != SITE_OK) {
        phone_free(&page);
        return fail(result, &error);
    }
    struct site_request request = {
        .source = kit_feed_source(session, zones),
        .zoneinfo = zones,
        .zone = export->zone,
        .zone_count = export->zone_count,
        .keep = keep.path,
        .keep_count = keep.count,
        .url = has_url ? url : NULL,
        .key = key,
        .has_phones = page.bytes != NULL && session->store != NULL,
    };
    if (session->store != NULL) {
        code = add_bundles(session, &site);
    }
    if (code == EXIT_DONE && request.has_phones) {
        code = add_phones(session, request.url, &page, &site);
        code = code == EXIT_DONE ? add_window_kits(session, &request, &site, kits) : code;
    }
    phone_free(&page);
    if (code == EXIT_DONE) {
        result = site_build(&request, &site, &signed_count, &error);
        code = save(export, result, &site, signed_count, dir, &error);
    }
    site_addresses_free(&keep);
    site_free(&site);
    return code;
}

/* The catalogue of memory, for which nobody has to declare anything. */
static int export_days(const struct export *export, struct session *session, const char *dir,
                       const struct rule_world *rules, const struct trust_secret *key)
{
    char url[ADDRESS_SIZE];
    if (export->url != NULL && !address_read(export->url, strlen(export->url), url)) {
        return refuse_url(export->url);
    }
    if (export->zone_count > 0) {
        return say_usage("--zone does not go with --catalogue: its feeds are for every zone");
    }
    if (export->page != NULL) {
        return say_usage("--page does not go with --catalogue: it has no windows to ring for");
    }
    struct dates_entry *entry;
    struct site_days days = {
        .rules = rules,
        .leap = &session->leap,
        .now = session->now_utc,
        .url = export->url != NULL ? url : NULL,
        .key = key,
    };
    catalogue_load(&entry, &days.entry_count);
    days.entry = entry;
    struct site site = {0};
    struct site_error error = {{0}};
    struct site_addresses keep;
    size_t signed_count = 0;
    enum site_result result = site_addresses(dir, &keep, &error);
    days.keep = keep.path;
    days.keep_count = keep.count;
    result = result == SITE_OK ? site_build_days(&days, &site, &signed_count, &error) : result;
    int code = save(export, result, &site, signed_count, dir, &error);
    site_addresses_free(&keep);
    site_free(&site);
    free(entry);
    return code;
}

static const struct argp_option options[] = {
    {"url", SAY_SETS(export, url), "URL", 0,
     "Where the site will stand, for its subscribe links and codes (default: the root's feed line)",
     0},
    {"zone", KEY_ZONE, "ZONE", 0,
     "A zone that has feeds of its own; repeat (default: every zone that has a name)", 0},
    {"copy", SAY_SETS(export, is_copied), NULL, 0,
     "Write equal files as copies, not as hard links: for hosts that take none", 0},
    {"page", SAY_SETS(export, page), "FILE", 0,
     "The page for phones (default: the one that came with tocsin)", 0},
    {"catalogue", SAY_SETS(export, is_catalogue), NULL, 0,
     "The days that \"tocsin dates\" lists, and the sky, as feeds and pages that need no root", 0},
    {0},
};

const struct command_line line_export = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct export),
    .words = "DIR",
    .missing = "which folder? give DIR",
    .doc = "Writes calendar feeds, pages and bundles into DIR as a static site that any web server "
           "can hand out as it is. With --key the feeds are signed by a site key that the root "
           "names; those of the catalogue by any.",
};

int cmd_export(struct session *session, const struct command_call *call)
{
    const struct export *export = call->options;
    if (session->view->root_count == 0 && !export->is_catalogue) {
        return say_no(SESSION_NO_ROOT "; the days of \"tocsin dates\" need none: --catalogue");
    }
    struct trust_secret *key = NULL;
    int code = session->options->key != NULL ? signer_load_secret(session, &key) : EXIT_DONE;
    if (code == EXIT_DONE && export->is_catalogue) {
        code = export_days(export, session, call->word[0], &call->environment->rules, key);
    } else if (code == EXIT_DONE) {
        code = export_site(export, session, call->word[0], call->environment->zones, key);
    }
    trust_secret_free(key);
    return code;
}
