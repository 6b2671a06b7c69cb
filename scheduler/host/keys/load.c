#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/files.h"
#include "keys/complain.h"

static bool judge_owner(const char *path, const struct stat *status, struct keys_error *error)
{
    if (status->st_uid != geteuid() && status->st_uid != 0) {
        return keys_complain(error,
                             "%s: this secret key belongs to another user (uid %lu): "
                             "chown it, or make a key of your own",
                             path, (unsigned long)status->st_uid);
    }
    if ((status->st_mode & 07777 & ~0600U) != 0) {
        return keys_complain(error,
                             "%s: this secret key has mode %04o, so others may have read it: "
                             "chmod 600 %s",
                             path, (unsigned)status->st_mode & 07777, path);
    }
    return true;
}

/* "anna.pub: this is a public key: the secret one is wanted (anna.key)". */
static bool refuse_public(const char *path, struct keys_error *error)
{
    size_t len = strlen(path);
    if (len > 4 && strcmp(path + len - 4, ".pub") == 0) {
        return keys_complain(error, "%s: this is a public key: the secret one is wanted (%.*s.key)",
                             path, (int)len - 4, path);
    }
    return keys_complain(error, "%s: this is a public key: the secret one is wanted", path);
}

bool keys_load_secret(const char *path, const char *passphrase, size_t passphrase_len,
                      struct trust_secret **out, enum trust_result *why, struct keys_error *error)
{
    char *text = sodium_init() < 0 ? NULL : sodium_malloc(TRUST_KEY_TEXT_MAX + 1);
    if (text == NULL) {
        *why = TRUST_NO_MEMORY;
        return keys_complain(error, "%s: %s", path, trust_result_text(*why));
    }
    *why = TRUST_OK;
    bool done = false;
    struct stat status;
    struct files_error file;
    struct record_public_key public;
    size_t size;
    if (files_load_into(AT_FDCWD, path, text, TRUST_KEY_TEXT_MAX, &size, &status, &file) !=
        FILES_OK) {
        keys_complain(error, "%s%s", file.message,
                      file.code == EFBIG ? ", and a secret key is a NAME.key of two lines" : "");
    } else if (trust_public_key_read(text, size, &public) == TRUST_OK) {
        (void)refuse_public(path, error); /* whatever its mode, which others may well read */
    } else if (judge_owner(path, &status, error)) {
        *why = trust_secret_read(text, size, passphrase, passphrase_len, out);
        done = *why == TRUST_OK || keys_complain(error, "%s: %s", path, trust_result_text(*why));
    }
    sodium_free(text);
    return done;
}

bool keys_load_public(const char *path_or_text, struct record_public_key *out,
                      struct keys_error *error)
{
    if (strlen(path_or_text) == RECORD_PUBLIC_KEY_TEXT_SIZE - 1 &&
        trust_public_key_read(path_or_text, RECORD_PUBLIC_KEY_TEXT_SIZE - 1, out) == TRUST_OK) {
        return true;
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct files_error why;
    if (!files_load(path_or_text, TRUST_KEY_TEXT_MAX, &bytes, &size, &why)) {
        return keys_complain(error, "%s", why.message);
    }
    enum trust_result result = trust_public_key_read((const char *)bytes, size, out);
    free(bytes);
    return result == TRUST_OK ||
           keys_complain(error, "%s: not a minisign public key (a .pub file, or its 56 characters)",
                         path_or_text);
}
