#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/files.h"
#include "keys/complain.h"

bool keys_complain(struct keys_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

/* Both files are whole on the disk before either gets its name. */
static bool save_pair(const char *secret_path, const char *secret_text, size_t secret_len,
                      const char *public_path, const char *public_text, size_t public_len,
                      struct files_error *error)
{
    struct files_new secret, public;
    bool done = false;
    if (!files_new_write(&secret, secret_path, 0600, secret_text, secret_len, error) ||
        !files_new_sync(&secret, error)) {
        goto undo_secret;
    }
    if (!files_new_write(&public, public_path, 0644, public_text, public_len, error) ||
        !files_new_sync(&public, error) || !files_new_appear(&secret, error)) {
        goto undo_public;
    }
    if (!files_new_appear(&public, error)) {
        files_new_disappear(&secret);
        goto undo_public;
    }
    done = files_new_settle(&secret, error) && files_new_settle(&public, error);
    if (!done) {
        files_new_disappear(&public);
        files_new_disappear(&secret);
    }
undo_public:
    files_new_drop(&public);
undo_secret:
    files_new_drop(&secret);
    return done;
}

static size_t write_public(const struct trust_secret *secret, char *out, size_t size)
{
    struct record_public_key key;
    char id[RECORD_KEY_ID_TEXT_SIZE], base64[RECORD_PUBLIC_KEY_TEXT_SIZE];
    trust_secret_public(secret, &key);
    record_key_id_write(&key.id, id);
    for (char *c = id; *c != '\0'; c++) { /* as minisign shows it */
        *c = *c >= 'a' ? (char)(*c - 'a' + 'A') : *c;
    }
    const char *shown = id; /* and it shows no leading zeros */
    while (shown[0] == '0' && shown[1] != '\0') {
        shown++;
    }
    record_public_key_write(&key, base64);
    return (size_t)snprintf(out, size, "untrusted comment: minisign public key %s\n%s\n", shown,
                            base64);
}

/* The text of a secret key's file in locked memory, to be freed with sodium_free; NULL: refused. */
static char *write_secret(const char *path, const struct trust_secret *secret,
                          const char *passphrase, size_t passphrase_len, size_t *len,
                          struct keys_error *error)
{
    char *text = sodium_init() < 0 ? NULL : sodium_malloc(TRUST_KEY_TEXT_MAX);
    enum trust_result result = TRUST_NO_MEMORY;
    if (text != NULL) {
        uint8_t salt[32];
        randombytes_buf(salt, sizeof salt);
        result = trust_secret_write(secret, passphrase, passphrase_len, salt, text,
                                    TRUST_KEY_TEXT_MAX, len);
    }
    if (result != TRUST_OK) {
        keys_complain(error, "%s: %s", path, trust_result_text(result));
        sodium_free(text);
        text = NULL;
    }
    return text;
}

bool keys_save_again(const char *secret_path, const struct trust_secret *secret,
                     const char *passphrase, size_t passphrase_len, struct keys_error *error)
{
    size_t len;
    char *text = write_secret(secret_path, secret, passphrase, passphrase_len, &len, error);
    struct files_error why;
    bool done = text != NULL && (files_replace(secret_path, 0600, text, len, &why) ||
                                 keys_complain(error, "%s", why.message));
    sodium_free(text);
    return done;
}

bool keys_save_new_key(const char *secret_path, const char *public_path,
                       const struct trust_secret *secret, const char *passphrase,
                       size_t passphrase_len, struct keys_error *error)
{
    size_t len;
    char *text = write_secret(secret_path, secret, passphrase, passphrase_len, &len, error);
    if (text == NULL) {
        return false;
    }
    struct files_error why;
    char public_text[TRUST_KEY_TEXT_MAX];
    size_t public_len = write_public(secret, public_text, sizeof public_text);
    bool done = (files_make_folder_of(AT_FDCWD, secret_path, 0700, &why) &&
                 files_make_folder_of(AT_FDCWD, public_path, 0700, &why) &&
                 save_pair(secret_path, text, len, public_path, public_text, public_len, &why)) ||
                keys_complain(error, "%s", why.message);
    sodium_free(text);
    return done;
}

bool keys_default_dir(char *out, size_t size)
{
    static const struct {
        const char *variable, *below;
    } places[] = {
        {"TOCSIN_CONFIG", ""}, {"XDG_CONFIG_HOME", "/tocsin"}, {"HOME", "/.config/tocsin"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *base = getenv(places[i].variable);
        if (base != NULL && *base != '\0') {
            int len = snprintf(out, size, "%s%s/keys", base, places[i].below);
            return len > 0 && (size_t)len < size;
        }
    }
    return false;
}
