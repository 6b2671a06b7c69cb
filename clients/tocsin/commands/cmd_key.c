/* tocsin key new NAME, tocsin key list */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "keys/keys.h"
#include "keys/passphrase.h"
#include "tocsin/say.h"
#include "tocsin/session/session.h"
#include "tocsin/session/signer.h"

struct new_arguments {
    struct options options;
    const char *name;
    bool unsealed;
};

static bool name_is_plain(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return len > 0 && len <= 64 && name[len] == '\0' && name[0] != '.' && name[0] != '-';
}

static error_t parse_new(int key, char *arg, struct argp_state *state)
{
    struct new_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, &arguments->options, 1);
        return 0;
    case 'u':
        arguments->unsealed = true;
        return 0;
    case 'p': {
        char *end;
        long fd = strtol(arg, &end, 10);
        if (*arg == '\0' || *end != '\0' || fd < 0 || fd > 1023) {
            argp_error(state, "--passphrase-fd \"%s\": not a descriptor number", arg);
        }
        arguments->options.passphrase_fd = (int)fd;
        return 0;
    }
    case ARGP_KEY_ARG:
        if (arguments->name != NULL) {
            argp_error(state, "one NAME, please");
        }
        if (!name_is_plain(arg)) {
            argp_error(state, "\"%s\": a name of letters, digits, - . _ (at most 64)", arg);
        }
        arguments->name = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which NAME should the key have?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int save(const struct session *session, const struct new_arguments *arguments,
                const struct passphrase *phrase)
{
    char secret_path[PATH_MAX], public_path[PATH_MAX];
    if ((size_t)snprintf(secret_path, sizeof secret_path, "%s/%s.key", session->keys_dir,
                         arguments->name) >= sizeof secret_path ||
        (size_t)snprintf(public_path, sizeof public_path, "%s/%s.pub", session->keys_dir,
                         arguments->name) >= sizeof public_path) {
        return say_usage("%s: this path is too long", session->keys_dir);
    }
    if (access(secret_path, F_OK) == 0 || access(public_path, F_OK) == 0) {
        return say_usage("%s exists already; choose another name", secret_path);
    }
    uint8_t seed[32], id[8];
    randombytes_buf(seed, sizeof seed);
    randombytes_buf(id, sizeof id);
    struct trust_secret *secret = trust_secret_new(seed, id);
    sodium_memzero(seed, sizeof seed);
    if (secret == NULL) {
        return say_outside("no locked memory for the key: raise \"ulimit -l\" and try again");
    }
    struct keys_error error;
    bool saved =
        keys_save_new_key(secret_path, public_path, secret, phrase != NULL ? phrase->text : NULL,
                          phrase != NULL ? phrase->len : 0, &error);
    struct trust_public_key public;
    trust_secret_public(secret, &public);
    trust_secret_free(secret);
    if (!saved) {
        return say_outside("%s", error.message);
    }
    char text[TRUST_PUBLIC_TEXT_SIZE];
    trust_public_key_write(&public, text);
    say_note("secret key in %s (keep a copy where nobody else comes)", secret_path);
    say_note("public key in %s, to be given to whoever makes the root:", public_path);
    puts(text);
    return EXIT_DONE;
}

static int key_new(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"unsealed", 'u', NULL, 0,
         "Without a passphrase: for beacons, sites and tests, where nobody is there to type it", 0},
        {"passphrase-fd", 'p', "N", 0, "Read the passphrase from descriptor N", 0},
        {0},
    };
    static const struct argp_child children[] = {{&options_common, 0, "", 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse_new,
        .args_doc = "NAME",
        .doc = "Makes a key pair in the keys folder and prints the public key.\v"
               "The files are minisign's, NAME.key and NAME.pub.",
        .children = children,
    };
    struct new_arguments arguments = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &arguments) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&session, &arguments.options);
    if (code == EXIT_DONE) {
        code = session_make_dir(session.keys_dir);
    }
    if (code == EXIT_DONE && arguments.unsealed) {
        code = save(&session, &arguments, NULL);
    } else if (code == EXIT_DONE) {
        struct passphrase phrase;
        struct keys_error error;
        int fd = arguments.options.passphrase_fd;
        bool has_phrase = fd >= 0 ? passphrase_read(fd, &phrase, &error)
                                  : passphrase_ask("New passphrase: ", true, &phrase, &error);
        if (!has_phrase) {
            code = say_usage("%s (or give --unsealed)", error.message);
        } else {
            code = save(&session, &arguments, &phrase);
            passphrase_free(&phrase);
        }
    }
    session_close(&session);
    return code;
}

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
    (void)arg;
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, state->input, 2);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int key_list(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&options_common, 0, "", 0}, {&options_listing, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .parser = parse_list, .doc = "Lists the keys in the keys folder.", .children = children};
    struct options options;
    if (argp_parse(&argp, argc, argv, 0, NULL, &options) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    char **names = NULL;
    size_t count = 0;
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = signer_list_keys(&session, &names, &count);
    }
    if (code != EXIT_DONE) {
        signer_free_keys(names, count);
        return code;
    }
    static const struct rows_column column[] = {{"name", false}, {"id", false}, {"public", false}};
    struct rows rows;
    rows_begin(&rows, options.format, column, 3, stdout);
    for (size_t i = 0; i < count; i++) {
        struct trust_public_key key;
        char owner[NAME_MAX + 1], id[RECORD_KEY_ID_TEXT_SIZE], text[TRUST_PUBLIC_TEXT_SIZE];
        if (signer_load_public(&session, names[i], &key, owner, sizeof owner) == EXIT_DONE) {
            record_key_id_write(&key.id, id);
            trust_public_key_write(&key, text);
            rows_add(&rows, (const char *[]){names[i], id, text});
        }
    }
    bool whole = rows_end(&rows);
    if (count == 0) {
        code = say_no("no key in %s; \"tocsin key new NAME\" makes one", session.keys_dir);
    }
    signer_free_keys(names, count);
    session_close(&session);
    return whole ? code : say_outside("out of memory");
}

int cmd_key(int argc, char **argv)
{
    static const struct subcommand table[] = {
        {"new", "NAME [--unsealed]: make a key pair", key_new},
        {"list", "list the keys of the keys folder", key_list},
        {NULL, NULL, NULL},
    };
    return command_run_sub(table, argc, argv);
}
