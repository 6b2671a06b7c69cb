/* tocsin key new NAME, tocsin key passwd NAME, tocsin key list */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "keys/keys.h"
#include "keys/passphrase.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/signer.h"

struct new_arguments {
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
    (void)arg;
    if (key != 'u') {
        return ARGP_ERR_UNKNOWN;
    }
    arguments->unsealed = true;
    return 0;
}

static int refuse_taken(const struct session *session, const char *name)
{
    static const char *const suffix[] = {"key", "pub"};
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s.%s", session->keys_dir, name, suffix[i]);
        if (access(path, F_OK) == 0) {
            return say_usage("%s exists already; choose another name", path);
        }
    }
    return EXIT_DONE;
}

/* The seed is wiped as soon as locked memory has the key, and that is freed before anything is
 * said, whether it was saved or not.  Standard output has the public key alone, for scripts. */
static int save(const struct session *session, const char *name, const struct passphrase *phrase)
{
    char secret_path[PATH_MAX], public_path[PATH_MAX];
    snprintf(secret_path, sizeof secret_path, "%s/%s.key", session->keys_dir, name);
    snprintf(public_path, sizeof public_path, "%s/%s.pub", session->keys_dir, name);
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
    struct record_public_key public;
    trust_secret_public(secret, &public);
    trust_secret_free(secret);
    if (!saved) {
        return say_outside("%s", error.message);
    }
    char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
    record_public_key_write(&public, text);
    say_note("secret key in %s (keep a copy where nobody else comes)", secret_path);
    say_note("public key in %s, to be given to whoever makes the root:", public_path);
    puts(text);
    return EXIT_DONE;
}

static const struct argp_option new_options[] = {
    {"unsealed", 'u', NULL, 0,
     "Without a passphrase: for beacons, sites and tests, where nobody is there to type it", 0},
    {0},
};

static const struct argp_option passwd_options[] = {
    {"unsealed", 'u', NULL, 0, "Take the passphrase away", 0}, {0}};

const struct command_line line_key_new = {
    .options = new_options,
    .parser = parse_new,
    .size = sizeof(struct new_arguments),
    .words = "NAME",
    .missing = "which NAME should the key have?",
    .doc = "Makes a key pair in the keys folder and prints the public key.\vThe files are "
           "minisign's, NAME.key and NAME.pub.",
};

/* A new passphrase, twice, or a line of --passphrase-fd. */
static int ask_new(const struct session *session, struct passphrase *out)
{
    struct keys_error error;
    int fd = session->options->passphrase_fd;
    bool has_phrase = fd >= 0 ? passphrase_read(fd, out, &error)
                              : passphrase_ask("New passphrase: ", true, out, &error);
    return has_phrase ? EXIT_DONE : say_usage("%s (or give --unsealed)", error.message);
}

int cmd_key_new(struct session *session, const struct command_call *call)
{
    const struct new_arguments *arguments = call->options;
    const char *name = call->word[0];
    if (!name_is_plain(name)) {
        return say_usage("\"%s\": a name of letters, digits, - . _ (at most 64)", name);
    }
    int code = session_make_dir(session->keys_dir);
    if (code == EXIT_DONE) {
        code = refuse_taken(session, name); /* before anybody types a passphrase */
    }
    if (code != EXIT_DONE || arguments->unsealed) {
        return code == EXIT_DONE ? save(session, name, NULL) : code;
    }
    struct passphrase phrase;
    code = ask_new(session, &phrase);
    if (code == EXIT_DONE) {
        say_note("sealing the key takes some seconds");
        code = save(session, name, &phrase);
        passphrase_free(&phrase);
    }
    return code;
}

const struct command_line line_key_passwd = {
    .options = passwd_options,
    .parser = parse_new,
    .size = sizeof(struct new_arguments),
    .words = "NAME",
    .missing = "the passphrase of which key? \"tocsin key list\" shows them",
    .doc = "Gives a key another passphrase; the key stays the same, and so does all that it "
           "signed.\vFrom --passphrase-fd the first line is the old passphrase, the second the "
           "new one.  Copies of the file elsewhere keep their old passphrase.",
};

int cmd_key_passwd(struct session *session, const struct command_call *call)
{
    const struct new_arguments *arguments = call->options;
    struct options with_key = *session->options;
    const struct options *before = session->options;
    char path[PATH_MAX];
    with_key.key = call->word[0];
    session->options = &with_key;
    int code = signer_secret_path(session, path);
    session->options = before;
    struct trust_secret *secret = NULL;
    if (code == EXIT_DONE) {
        code = signer_load_secret_of(session, path, &secret);
    }
    struct passphrase phrase = {0};
    if (code == EXIT_DONE && !arguments->unsealed) {
        code = ask_new(session, &phrase);
    }
    struct keys_error error;
    if (code == EXIT_DONE && !keys_save_again(path, secret, phrase.text, phrase.len, &error)) {
        code = say_outside("%s", error.message);
    }
    if (code == EXIT_DONE) {
        say_note("%s has its new passphrase%s", path, arguments->unsealed ? ": none" : "");
    }
    passphrase_free(&phrase);
    trust_secret_free(secret);
    return code;
}

const struct command_line line_key_list = {.doc = "Lists the keys in the keys folder."};

int cmd_key_list(struct session *session, const struct command_call *call)
{
    (void)call;
    char **names = NULL;
    size_t count = 0;
    int code = signer_list_keys(session, &names, &count);
    if (code != EXIT_DONE) {
        signer_free_keys(names, count);
        return code;
    }
    static const struct rows_column column[] = {{"name", false}, {"id", false}, {"public", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 3, stdout);
    for (size_t i = 0; i < count; i++) {
        struct record_public_key key;
        char owner[NAME_MAX + 1], id[RECORD_KEY_ID_TEXT_SIZE], text[RECORD_PUBLIC_KEY_TEXT_SIZE];
        if (signer_load_public(session, names[i], &key, owner, sizeof owner) == EXIT_DONE) {
            record_key_id_write(&key.id, id);
            record_public_key_write(&key, text);
            rows_add(&rows, (const char *[]){names[i], id, text});
        }
    }
    rows_end(&rows);
    if (count == 0) {
        code = say_no("no key in %s; \"tocsin key new NAME\" makes one", session->keys_dir);
    }
    signer_free_keys(names, count);
    return code;
}
