/* The keys of a person: which one is meant, and its passphrase. */
#include "tocsin/session/signer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys/keys.h"
#include "keys/passphrase.h"
#include "list/list.h"
#include "say/say.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/merge.h"
#include "words/words.h"

enum { TRIES = 3 };

static bool path_of(const struct session *session, const char *name, const char *suffix,
                    char out[PATH_MAX])
{
    return (size_t)snprintf(out, PATH_MAX, "%s/%s%s", session->keys_dir, name, suffix) < PATH_MAX;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int signer_list_keys(const struct session *session, char ***names, size_t *count)
{
    size_t room = 0;
    *names = NULL;
    *count = 0;
    DIR *dir = opendir(session->keys_dir);
    if (dir == NULL) {
        return errno == ENOENT ? EXIT_DONE
                               : say_outside("%s: %s", session->keys_dir, strerror(errno));
    }
    struct dirent *file;
    while ((file = readdir(dir)) != NULL) {
        size_t len = strlen(file->d_name);
        if (len <= 4 || strcmp(file->d_name + len - 4, ".key") != 0) {
            continue;
        }
        if (!LIST_ROOM(*names, *count, room)) {
            say_no_memory();
        }
        (*names)[(*count)++] = say_memory(strndup(file->d_name, len - 4));
    }
    closedir(dir);
    list_sort(*names, *count, sizeof **names, by_name);
    return EXIT_DONE;
}

void signer_free_keys(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
}

static int refuse_several(char *const *names, size_t count, const char *why)
{
    int code = say_usage("%s; choose one with --key:", why);
    for (size_t i = 0; i < count; i++) {
        say_note("  --key %s", names[i]);
    }
    return code;
}

static int refuse_unknown(const struct session *session, const char *key)
{
    char **names;
    size_t count;
    const char *best = NULL;
    (void)signer_list_keys(session, &names, &count);
    for (size_t i = 0; i < count; i++) {
        best = words_nearer(key, strlen(key), best, names[i]);
    }
    int code = best != NULL
                   ? say_usage("--key %s: no such file or key, did you mean \"%s\"?", key, best)
                   : say_usage("--key %s: neither a file nor a key in %s", key, session->keys_dir);
    signer_free_keys(names, count);
    return code;
}

int signer_secret_path(const struct session *session, char path[static PATH_MAX])
{
    const char *key = session->options->key;
    if (key != NULL) {
        if (strchr(key, '/') == NULL && path_of(session, key, ".key", path) &&
            access(path, F_OK) == 0) {
            return EXIT_DONE;
        }
        if ((size_t)snprintf(path, PATH_MAX, "%s", key) >= PATH_MAX) {
            return say_usage("--key: this path is too long");
        }
        if (access(path, F_OK) != 0) {
            return refuse_unknown(session, key);
        }
        return EXIT_DONE;
    }
    if (*session->key_name != '\0' && path_of(session, session->key_name, ".key", path)) {
        return EXIT_DONE;
    }
    char **names;
    size_t count;
    int code = signer_list_keys(session, &names, &count);
    if (code == EXIT_DONE && count == 0) {
        code = say_usage("no key in %s: make one with \"tocsin key new NAME\"", session->keys_dir);
    } else if (code == EXIT_DONE && count > 1) {
        code = refuse_several(names, count, "several keys are here");
    } else if (code == EXIT_DONE && !path_of(session, names[0], ".key", path)) {
        code = say_usage("%s: this path is too long", session->keys_dir);
    }
    signer_free_keys(names, count);
    return code;
}

/* Opens it with the passphrase of a descriptor, or with what is typed: a slip of the finger is no
 * reason to begin anew. */
static int load_sealed(const struct session *session, const char *path, struct trust_secret **out)
{
    char prompt[PATH_MAX + 32];
    snprintf(prompt, sizeof prompt, "Passphrase of %s: ", path);
    int fd = session->options->passphrase_fd;
    for (int left = fd >= 0 ? 1 : TRIES; left > 0; left--) {
        struct passphrase phrase;
        struct keys_error error;
        bool has_phrase = fd >= 0 ? passphrase_read(fd, &phrase, &error)
                                  : passphrase_ask(prompt, false, &phrase, &error);
        if (!has_phrase) {
            return say_usage("%s", error.message);
        }
        if (fd < 0) {
            say_note("opening the key takes some seconds");
            passphrase_hide();
        }
        enum trust_result why = TRUST_OK;
        bool is_open = keys_load_secret(path, phrase.text, phrase.len, out, &why, &error);
        if (fd < 0) {
            passphrase_show();
        }
        passphrase_free(&phrase);
        if (is_open) {
            return EXIT_DONE;
        }
        if (why != TRUST_WRONG_PASSPHRASE || left == 1) {
            return why == TRUST_NO_MEMORY ? say_outside("%s", error.message)
                                          : say_usage("%s", error.message);
        }
        say_note("%s: once more", trust_result_text(why));
    }
    return EXIT_USAGE;
}

int signer_load_secret_of(const struct session *session, const char *path,
                          struct trust_secret **out)
{
    struct keys_error error;
    enum trust_result why = TRUST_OK;
    if (keys_load_secret(path, NULL, 0, out, &why, &error)) {
        return EXIT_DONE;
    }
    return why == TRUST_SEALED ? load_sealed(session, path, out) : say_usage("%s", error.message);
}

int signer_load_secret(struct session *session, struct trust_secret **out)
{
    char path[PATH_MAX];
    int code = signer_secret_path(session, path);
    return code == EXIT_DONE ? signer_load_secret_of(session, path, out) : code;
}

/* Opens the signer's secret key, once, asking for its passphrase. */
static int unseal(struct session *session)
{
    if (session->secret != NULL) {
        return EXIT_DONE;
    }
    struct trust_secret *secret;
    int code = signer_load_secret(session, &secret);
    if (code != EXIT_DONE) {
        return code;
    }
    struct record_public_key key;
    trust_secret_public(secret, &key);
    if (session->has_signer && !trust_public_key_equal(&key, &session->signer)) {
        trust_secret_free(secret);
        return say_usage(
            "the .pub file beside the secret key belongs to another key: put the right "
            "one there, or remove it");
    }
    session->secret = secret;
    session->signer = key;
    session->has_signer = true;
    return EXIT_DONE;
}

int signer_public(struct session *session, struct record_public_key *out)
{
    char path[PATH_MAX];
    int code = EXIT_DONE;
    if (!session->has_signer) {
        code = signer_secret_path(session, path);
        size_t len = code == EXIT_DONE ? strlen(path) : 0;
        struct keys_error error;
        if (len > 4 && strcmp(path + len - 4, ".key") == 0) {
            memcpy(path + len - 4, ".pub", 4);
            session->has_signer =
                access(path, R_OK) == 0 && keys_load_public(path, &session->signer, &error);
        }
        if (code == EXIT_DONE && !session->has_signer) {
            code = unseal(session);
        }
    }
    *out = session->signer;
    return code;
}

static void comment_of(enum record_type type, const struct record_id *id, char out[128])
{
    snprintf(out, 128, "tocsin %s %s", record_type_name(type), record_id_text(id).text);
}

int signer_sign_and_store(struct session *session, enum record_type type, const uint8_t *bytes,
                          size_t size, struct record_id *id)
{
    int code = unseal(session);
    if (code != EXIT_DONE) {
        return code;
    }
    /* Signed before anything is written: what fails here leaves nothing behind. */
    record_id_of(bytes, size, id);
    char comment[128];
    comment_of(type, id, comment);
    struct trust_signature signature;
    enum trust_result signed_well = trust_sign(session->secret, bytes, size, comment, &signature);
    if (signed_well != TRUST_OK) {
        return say_outside("cannot sign: %s", trust_result_text(signed_well));
    }
    struct store_error error;
    code = merge_exit(store_add_record(session->store, bytes, size, id, &error), &error);
    if (code != EXIT_DONE) {
        return code;
    }
    return merge_exit(store_add_signature(session->store, id, &signature, &session->signer, &error),
                      &error);
}

/* A signer_fits; context: the struct view_root. */
static bool is_organizer_of(const struct session *session, const struct record_public_key *key,
                            const void *context)
{
    const struct view_root *root = context;
    return record_is_organizer(&root->newest->is.root, key->key) &&
           session_find_revoke(session, root, key) == NULL;
}

int signer_may_sign(struct session *session, const struct view_root *root)
{
    struct record_public_key key;
    char who[100];
    snprintf(who, sizeof who, "an organizer of \"%.*s\"", (int)root->newest->is.root.name.len,
             root->newest->is.root.name.at);
    int code = signer_choose(session, is_organizer_of, root, who);
    if (code == EXIT_DONE) {
        code = signer_public(session, &key);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&key.id, id);
    if (session_find_revoke(session, root, &key) != NULL) {
        return say_usage("the key %s is revoked: what it signs is void", id);
    }
    if (record_is_organizer(&root->newest->is.root, key.key)) {
        return EXIT_DONE;
    }
    struct text name = root->newest->is.root.name;
    return say_usage("the key %s is not an organizer of \"%.*s\": choose another --key", id,
                     (int)name.len, name.at);
}

int signer_load_public(const struct session *session, const char *which,
                       struct record_public_key *out, char *name, size_t size)
{
    struct keys_error error;
    char path[PATH_MAX];
    size_t typed = strlen(which);
    bool ends_in_pub = typed > 4 && strcmp(which + typed - 4, ".pub") == 0;
    bool is_in_folder = strchr(which, '/') == NULL && !(ends_in_pub && access(which, F_OK) == 0) &&
                        path_of(session, which, ends_in_pub ? "" : ".pub", path) &&
                        access(path, F_OK) == 0;
    if (!keys_load_public(is_in_folder ? path : which, out, &error)) {
        return strchr(which, '/') != NULL || incoming_is_file(which)
                   ? say_usage("%s", error.message)
                   : say_usage("%s: no key on this machine goes by that name, and no such file is "
                               "here: give the NAME.pub that its owner sent, or the public key "
                               "itself",
                               which);
    }
    *name = '\0';
    if (is_in_folder || access(which, F_OK) == 0) {
        const char *slash = strrchr(which, '/');
        snprintf(name, size, "%s", slash != NULL ? slash + 1 : which);
        size_t len = strlen(name);
        if (len > 4 && strcmp(name + len - 4, ".pub") == 0) {
            name[len - 4] = '\0';
        }
    }
    return EXIT_DONE;
}

int signer_list_own(const struct session *session, struct signer_own **out, size_t *count)
{
    char **names;
    size_t all;
    *out = NULL;
    *count = 0;
    int code = signer_list_keys(session, &names, &all);
    const char *only = session->options->key;
    struct signer_own *own = say_memory(calloc(all + 1, sizeof *own));
    for (size_t i = 0; i < all; i++) {
        struct keys_error error;
        char path[PATH_MAX];
        if ((only == NULL || strcmp(only, names[i]) == 0) &&
            (size_t)snprintf(own[*count].name, sizeof own[*count].name, "%s", names[i]) <
                sizeof own[*count].name &&
            path_of(session, names[i], ".pub", path) &&
            keys_load_public(path, &own[*count].key, &error)) {
            ++*count;
        }
    }
    signer_free_keys(names, all);
    *out = own;
    return code;
}

/* Which of those that fit whoever is at the terminal types. */
static int ask_which(struct session *session, char *const *names, size_t count, const char *who)
{
    char why[160], question[512];
    snprintf(why, sizeof why, "several keys here are %.100s", who);
    int len = snprintf(question, sizeof question, "%s:", why);
    for (size_t i = 0; i < count && (size_t)len < sizeof question - 280; i++) {
        len += snprintf(question + len, sizeof question - (size_t)len, " %s", names[i]);
    }
    snprintf(question + len, sizeof question - (size_t)len, ". Which signs");
    char *typed = NULL;
    for (int left = TRIES; left > 0 && (typed = say_ask(question)) != NULL; left--) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(typed, names[i]) == 0) {
                snprintf(session->key_name, sizeof session->key_name, "%s", typed);
            }
        }
        free(typed);
        if (*session->key_name != '\0') {
            return EXIT_DONE;
        }
    }
    return refuse_several(names, count, why);
}

int signer_choose(struct session *session, signer_fits *fits, const void *context, const char *who)
{
    if (session->has_signer || session->options->key != NULL || *session->key_name != '\0') {
        return EXIT_DONE;
    }
    struct signer_own *own = NULL;
    size_t own_count = 0, count = 0, fitting = 0;
    char **names = NULL, **fit = NULL;
    int code = signer_list_keys(session, &names, &count);
    if (code == EXIT_DONE && count > 1) {
        code = signer_list_own(session, &own, &own_count);
    }
    if (code != EXIT_DONE || own == NULL || (fit = calloc(own_count + 1, sizeof *fit)) == NULL) {
        goto free_all; /* with one key alone, or without memory, the rest of the way tells */
    }
    for (size_t i = 0; i < own_count; i++) {
        if (fits(session, &own[i].key, context)) {
            fit[fitting++] = own[i].name;
        }
    }
    if (fitting == 0) {
        char why[160];
        snprintf(why, sizeof why, "none of the keys here is %.100s", who);
        code = refuse_several(names, count, why);
    } else if (fitting == 1) {
        snprintf(session->key_name, sizeof session->key_name, "%s", fit[0]);
    } else {
        code = ask_which(session, fit, fitting, who);
    }

free_all:
    free(fit);
    free(own);
    signer_free_keys(names, count);
    return code;
}
