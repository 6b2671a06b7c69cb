/* tocsin root new NAME and tocsin root rotate: the first version of a root and the next one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "mqtt/url.h"
#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/roots.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

enum { KEYS_MAX = 32, BROKERS_MAX = 16 };

enum {
    OPTION_ORGANIZER = 0x100,
    OPTION_THRESHOLD,
    OPTION_BEACON,
    OPTION_FEED,
    OPTION_BROKER,
    OPTION_EXPIRES,
    OPTION_ADD,
    OPTION_REMOVE,
};

struct list {
    const char *item[KEYS_MAX];
    size_t count;
};

struct arguments {
    const char *name;
    struct list organizer, beacon, feed, broker;
    struct list added, removed; /* organizers, by rotate */
    uint32_t threshold;         /* 0: not given */
    const char *lock;
    bool has_expires;
    utc expires;
    bool keeps_nothing;
};

struct draft {
    struct record record;
    struct record_key organizer[KEYS_MAX], beacon[KEYS_MAX], feed[KEYS_MAX];
    struct text broker[KEYS_MAX];
    struct record_id keep[RECORD_KEEP_MAX];
};

static error_t add(const struct argp_state *state, struct list *list, const char *arg)
{
    return options_add(state, arg, list->item, &list->count, KEYS_MAX, "of one kind");
}

/* Options of new and rotate alike: rotate begins with what the version before has. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case OPTION_ORGANIZER:
        return add(state, &arguments->organizer, arg);
    case OPTION_ADD:
        return add(state, &arguments->added, arg);
    case OPTION_REMOVE:
        return add(state, &arguments->removed, arg);
    case OPTION_BEACON:
        return add(state, &arguments->beacon, arg);
    case OPTION_FEED:
        return add(state, &arguments->feed, arg);
    case OPTION_BROKER:
        return add(state, &arguments->broker, arg);
    case OPTION_THRESHOLD:
        arguments->threshold = options_read_number(state, "threshold", arg, 1, KEYS_MAX,
                                                   "a number from 1 to the number of organizers");
        return 0;
    case OPTION_EXPIRES:
        if (!stamp_read_given(arg, &arguments->expires)) {
            argp_error(
                state,
                "--expires \"%s\": not an instant from 1700 to 2249; write 2028-01-01T00:00:00Z",
                arg);
        }
        arguments->has_expires = true;
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

/* PUB[=NAME] into a key line; what names it when NAME is absent: the file's own name, else the
 * id. */
static int read_key(const struct session *session, const char *option, const char *given,
                    const char *fallback, struct record_key *out)
{
    char which[PATH_MAX], name[256];
    if ((size_t)snprintf(which, sizeof which, "%s", given) >= sizeof which) {
        return say_usage("%s: this is too long", option);
    }
    char *sign = strchr(which, '=');
    if (sign != NULL) {
        *sign = '\0';
    }
    int code = signer_load_public(session, which, &out->public, name, sizeof name);
    if (code != EXIT_DONE) {
        return code;
    }
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&out->public.id, id);
    const char *label = sign != NULL ? sign + 1 : fallback != NULL ? fallback : name;
    return proposal_prose(option, *label != '\0' ? label : id, false, &out->name);
}

static int read_keys(const struct session *session, const char *option, const struct list *list,
                     const char *fallback, struct record_key *out)
{
    for (size_t i = 0; i < list->count; i++) {
        int code = read_key(session, option, list->item[i], fallback, &out[i]);
        if (code != EXIT_DONE) {
            return code;
        }
    }
    return EXIT_DONE;
}

static int default_expiry(const struct session *session, struct record_root *root)
{
    /* Two years: as far as a rule is resolved when nothing else is asked. */
    struct civil at = civil_from_utc(leap_to_utc(&session->leap, proposal_made(session), NULL));
    at.date.year += 2;
    at.date.day = at.date.month == 2 && at.date.day == 29 ? 28 : at.date.day;
    utc expires = civil_to_utc(at);
    if (!utc_is_in_range(expires)) {
        return say_usage("the root would expire beyond 2250: give --expires");
    }
    root->expires = leap_from_utc(&session->leap, expires, NULL);
    return EXIT_DONE;
}

/* What the options change in a root that is empty, or a copy of the one before. */
static int apply(const struct session *session, const struct arguments *arguments,
                 struct draft *draft)
{
    struct record_root *root = &draft->record.is.root;
    int code = EXIT_DONE;
    if (arguments->name != NULL) {
        code = proposal_prose("NAME", arguments->name, false, &root->name);
    }
    if (code == EXIT_DONE && arguments->organizer.count > 0) {
        code = read_keys(session, "--organizer", &arguments->organizer, NULL, draft->organizer);
        root->organizer = draft->organizer;
        root->organizer_count = arguments->organizer.count;
    }
    if (code == EXIT_DONE && arguments->beacon.count > 0) {
        code = read_keys(session, "--beacon", &arguments->beacon, NULL, draft->beacon);
        root->beacon = draft->beacon;
        root->beacon_count = arguments->beacon.count;
    }
    if (code == EXIT_DONE && arguments->feed.count > 0) {
        code = read_keys(session, "--feed", &arguments->feed, "http://localhost/", draft->feed);
        root->feed = draft->feed;
        root->feed_count = arguments->feed.count;
    }
    for (size_t i = 0; code == EXIT_DONE && i < arguments->broker.count; i++) {
        const char *url = arguments->broker.item[i], *why;
        struct mqtt_url read;
        if ((text_has_scheme(url, "mqtt://") || text_has_scheme(url, "mqtts://")) &&
            !mqtt_url_read(url, &read, &why)) { /* no listener would start with this root */
            return say_usage("--broker \"%s\": %s", url, why);
        }
        code = proposal_prose("--broker", url, false, &draft->broker[i]);
        root->broker = draft->broker;
        root->broker_count = i + 1;
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (arguments->threshold != 0) {
        root->threshold = arguments->threshold;
    }
    if (arguments->lock != NULL) {
        root->has_lock = true;
        if (!duration_read(arguments->lock, strlen(arguments->lock), false, &root->lock)) {
            return say_usage("--lock \"%s\": not a duration; write 24h", arguments->lock);
        }
    }
    root->made = proposal_made(session);
    if (!arguments->has_expires) {
        return default_expiry(session, root);
    }
    root->expires = leap_from_utc(&session->leap, arguments->expires, NULL);
    return EXIT_DONE;
}

static int judge(const struct session *session, const struct record_root *root)
{
    char why[160];
    if (!trust_root_is_sound(root, why)) {
        return say_usage("this root would be refused: %s", why);
    }
    if (root->organizer_count == 1) {
        say_warning("one organizer alone: a lost key can be neither revoked nor replaced");
    } else if (root->threshold == root->organizer_count) {
        say_warning("all %zu organizers must sign everything: one lost key stops the constellation",
                    root->organizer_count);
    }
    if (root->beacon_count == 0) {
        say_warning("no beacon is named: listeners will have their own clocks alone");
    }
    if (instant_compare(root->expires, session->now) <= 0) {
        say_warning("this root ends in the past (%s): no window will count under it",
                    session_stamp(session, root->expires).text);
    }
    return EXIT_DONE;
}

/* A signer_fits: of the new root, or of the one before. */
struct generations {
    const struct view_root *chosen; /* NULL: there is none before */
    const struct record_root *next;
};
static bool is_of_either(const struct session *session, const struct record_public_key *key,
                         const void *context)
{
    const struct generations *either = context;
    const struct view_root *chosen = either->chosen;
    return record_is_organizer(either->next, key->key) ||
           (chosen != NULL && record_is_organizer(&chosen->newest->is.root, key->key) &&
            session_find_revoke(session, chosen, key) == NULL);
}

/* Signs, stores, trusts, and says what is still needed. */
static int conclude(struct session *session, const struct view_root *chosen, struct draft *draft)
{
    const struct record_root *root = &draft->record.is.root;
    const struct record_root *before = chosen != NULL ? &chosen->newest->is.root : NULL;
    struct record_public_key signer;
    int code = proposal_check(session, &draft->record);
    if (code == EXIT_DONE) {
        code = judge(session, root);
    }
    if (code == EXIT_DONE) {
        const struct generations either = {chosen, root};
        code = signer_choose(session, is_of_either, &either, "an organizer of this root");
    }
    if (code == EXIT_DONE) {
        code = signer_public(session, &signer);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (chosen != NULL) {
        change_warn_of_rivals(session, &draft->record, &signer);
    }
    if (!record_is_organizer(root, signer.key) &&
        (before == NULL || !record_is_organizer(before, signer.key))) {
        code = say_usage("the key that signs is not one of the organizers: choose another --key");
    } else {
        code = proposal_sign(session, &draft->record, "Sign this root?");
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (root->threshold > 1 || root->version > 1) {
        say_note("needs %u signatures%s", root->threshold,
                 root->version > 1
                     ? " of its organizers, and as many as before of those of the version before"
                     : "");
    }
    puts(record_id_text(&draft->record.id).text);
    return EXIT_DONE;
}

enum { ROTATE_ALONE = 4 };

static const struct argp_option options[] = {
    {"add", OPTION_ADD, "PUB[=NAME]", 0, "An organizer more; repeat", 0},
    {"remove", OPTION_REMOVE, "NAME|KEYID", 0, "An organizer of the root who goes; repeat", 0},
    {"name", SAY_SETS(arguments, name), "NAME", 0, "Another name", 0},
    {"no-keep", SAY_SETS(arguments, keeps_nothing), NULL, 0,
     "Let records lose the signatures of organizers who go", 0},
    /* a new root has these */
    {"organizer", OPTION_ORGANIZER, "PUB[=NAME]", 0,
     "A public key (file, name in the keys folder, or base64) that decides; repeat", 0},
    {"threshold", OPTION_THRESHOLD, "M", 0, "How many organizers must sign", 0},
    {"beacon", OPTION_BEACON, "PUB[=NAME]", 0, "A key that ticks; repeat", 0},
    {"feed", OPTION_FEED, "PUB[=URL]", 0, "A key that signs feeds, and where they are; repeat", 0},
    {"broker", OPTION_BROKER, "URL", 0, "An MQTT broker of the constellation; repeat", 0},
    {"lock", SAY_SETS(arguments, lock), "DURATION", 0,
     "So long before a start a change needs one signature more", 0},
    {"expires", OPTION_EXPIRES, "INSTANT", 0, "When the root ends (default: in two years)", 0},
    {0}};

const struct command_line line_root_new = {
    .options = options + ROTATE_ALONE,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "NAME",
    .missing = "which NAME should the constellation have?",
    .surplus = "quote a NAME with spaces",
    .doc = "Makes the first version of a constellation's root, signs it with one organizer's key, "
           "trusts it here, and prints its id.",
};

/* The maker of a root need not be told by hand to trust it. */
static int trust(struct session *session, const struct record *root)
{
    static char text[RECORD_SIZE_MAX];
    struct record as_written = *root;
    size_t size;
    int code = proposal_write(session, root, text, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    as_written.bytes = (const uint8_t *)text;
    as_written.size = size;
    return roots_trust(session, &as_written);
}

/* Asks for what no option said; false: it is still missing. */
static bool complete(struct arguments *arguments)
{
    struct list *organizer = &arguments->organizer;
    char *keys = organizer->count == 0
                     ? proposal_ask("Organizers (names of keys here, .pub files; blanks between)")
                     : NULL;
    char *rest = NULL;
    for (char *word = keys != NULL ? strtok_r(keys, " ", &rest) : NULL;
         word != NULL && organizer->count < KEYS_MAX; word = strtok_r(NULL, " ", &rest)) {
        organizer->item[organizer->count++] = word;
    }
    if (organizer->count > 0 && arguments->threshold == 0) {
        const char *typed = proposal_ask("How many of them must sign");
        arguments->threshold = typed != NULL ? (uint32_t)strtoul(typed, NULL, 10) : 0;
    }
    return organizer->count > 0 && arguments->threshold != 0;
}

int cmd_root_new(struct session *session, const struct command_call *call)
{
    static struct draft draft;
    struct arguments arguments = *(const struct arguments *)call->options;
    arguments.name = call->word[0];
    if (!complete(&arguments)) {
        return say_usage("at least one --organizer and the --threshold are needed");
    }
    draft = (struct draft){.record.type = RECORD_ROOT, .record.is.root.version = 1};
    int code = apply(session, &arguments, &draft);
    if (code == EXIT_DONE) {
        code = conclude(session, NULL, &draft);
    }
    if (code == EXIT_DONE) {
        code = trust(session, &draft.record);
    }
    return code == EXIT_DONE ? agenda_conclude_one(session, &draft.record) : code;
}

/* What is in force only with the help of organizers who go: without a keep line it would be
 * void. */
static int keep_records(const struct session *session, const struct view_root *chosen,
                        struct draft *draft)
{
    const struct record_root *before = &chosen->newest->is.root;
    struct record_root *root = &draft->record.is.root;
    size_t count = 0;
    for (size_t o = 0; o < before->organizer_count; o++) {
        const uint8_t *key = before->organizer[o].public.key;
        if (record_is_organizer(root, key)) {
            continue;
        }
        size_t more = view_depending_on(session->view, &chosen->id, key, draft->keep + count,
                                        RECORD_KEEP_MAX - count);
        if (more > RECORD_KEEP_MAX - count) {
            return say_usage("more than %d records in force need the signatures of those who go: "
                             "have others cosign some of them, or give --no-keep",
                             RECORD_KEEP_MAX);
        }
        count += more;
    }
    qsort(draft->keep, count, sizeof *draft->keep, record_by_id);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !record_id_equal(&draft->keep[kept - 1], &draft->keep[i])) {
            draft->keep[kept++] = draft->keep[i];
        }
    }
    root->keep = draft->keep;
    root->keep_count = kept;
    return EXIT_DONE;
}

const struct command_line line_root_rotate = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .doc = "Makes the next version of the root: m organizers of the old one and m of the new one "
           "must sign it.  A list that is given (--organizer, --beacon ...) replaces the whole "
           "list.  Records in force that a leaving organizer signed are kept.",
};

static bool is_named(const struct record_key *key, const char *which)
{
    return text_is(key->name, which) ||
           strcmp(record_key_id_text(&key->public.id).text, which) == 0;
}

/* Drops from the list those whom a name, an id or a revocation takes out. */
static int drop(const struct session *session, const struct view_root *chosen,
                const struct arguments *arguments, struct draft *draft)
{
    struct record_root *root = &draft->record.is.root;
    const struct record_root *before = &chosen->newest->is.root;
    size_t kept = 0;
    bool was_found[KEYS_MAX] = {false};
    for (size_t i = 0; i < before->organizer_count && i < KEYS_MAX; i++) {
        const struct record_key *one = &before->organizer[i];
        bool goes = false;
        for (size_t r = 0; r < arguments->removed.count; r++) {
            bool is_this = is_named(one, arguments->removed.item[r]);
            was_found[r] |= is_this;
            goes |= is_this;
        }
        if (session_find_revoke(session, chosen, &one->public) != NULL) {
            say_note("%.*s leaves: that key is revoked", (int)one->name.len, one->name.at);
            goes = true;
        }
        if (!goes) {
            draft->organizer[kept++] = *one;
        }
    }
    for (size_t r = 0; r < arguments->removed.count; r++) {
        if (!was_found[r]) {
            char meant[HISTORY_NEAR_SIZE];
            history_near(before, arguments->removed.item[r], meant);
            return say_usage("--remove \"%s\": the root has no organizer of this name or key id; "
                             "\"tocsin root show\" lists them%s",
                             arguments->removed.item[r], meant);
        }
    }
    root->organizer = draft->organizer;
    root->organizer_count = kept;
    return EXIT_DONE;
}

/* The organizers of the version before, less those who go, and those who come. */
static int change_organizers(const struct session *session, const struct view_root *chosen,
                             const struct arguments *arguments, struct draft *draft)
{
    struct record_root *root = &draft->record.is.root;
    if (arguments->organizer.count > 0) {
        return arguments->added.count + arguments->removed.count > 0
                   ? say_usage("--organizer gives the whole list: leave it out with --add and "
                               "--remove")
                   : EXIT_DONE;
    }
    int code = drop(session, chosen, arguments, draft);
    if (code == EXIT_DONE && root->organizer_count + arguments->added.count > KEYS_MAX) {
        return say_usage("more than %d organizers", KEYS_MAX);
    }
    if (code == EXIT_DONE) {
        code = read_keys(session, "--add", &arguments->added, NULL,
                         draft->organizer + root->organizer_count);
        root->organizer_count += arguments->added.count;
    }
    return code;
}

int cmd_root_rotate(struct session *session, const struct command_call *call)
{
    static struct draft draft;
    const struct arguments *arguments = call->options;
    const struct view_root *chosen = session->root;
    const struct record_root *before = &chosen->newest->is.root;
    struct record_root *root = &draft.record.is.root;
    draft = (struct draft){.record.type = RECORD_ROOT};
    *root = *before;
    root->has_root = true;
    root->root = chosen->id;
    root->version = before->version + 1;
    root->has_prev = true;
    root->prev = chosen->newest->id;
    root->keep = NULL;
    root->keep_count = 0;
    int code = change_organizers(session, chosen, arguments, &draft);
    if (code == EXIT_DONE) {
        code = apply(session, arguments, &draft);
    }
    if (code == EXIT_DONE && !arguments->keeps_nothing) {
        code = keep_records(session, chosen, &draft);
    }
    if (code == EXIT_DONE) {
        review_tell_root(session, root);
    }
    if (code == EXIT_DONE) {
        code = conclude(session, chosen, &draft);
    }
    return code == EXIT_DONE ? agenda_conclude_one(session, &draft.record) : code;
}
