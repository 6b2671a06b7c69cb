#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/durable.h"

/* Both files are whole on the disk before either gets its name. */
static bool save_pair(const char *secret_path, const char *secret_text, size_t secret_len,
                      const char *public_path, const char *public_text, size_t public_len,
                      struct keys_error *error)
{
    struct durable secret, public;
    bool done = false;
    if (!durable_write(secret_path, secret_text, secret_len, 0600, &secret, error)) {
        goto undo_secret;
    }
    if (!durable_write(public_path, public_text, public_len, 0644, &public, error)) {
        goto undo_public;
    }
    if (!durable_appear(&secret, error)) {
        goto undo_public;
    }
    if (!durable_appear(&public, error)) {
        durable_disappear(&secret);
        goto undo_public;
    }
    done = durable_settle(&secret, error) && durable_settle(&public, error);
    if (!done) {
        durable_disappear(&public);
        durable_disappear(&secret);
    }
undo_public:
    durable_drop(&public);
undo_secret:
    durable_drop(&secret);
    return done;
}

static size_t write_public(const struct trust_secret *secret, char *out, size_t size)
{
    struct trust_public_key key;
    char id[RECORD_KEY_ID_TEXT_SIZE], base64[TRUST_PUBLIC_TEXT_SIZE];
    trust_secret_public(secret, &key);
    record_key_id_write(&key.id, id);
    for (char *c = id; *c != '\0'; c++) { /* as minisign shows it */
        *c = *c >= 'a' ? (char)(*c - 'a' + 'A') : *c;
    }
    const char *shown = id; /* and it shows no leading zeros */
    while (shown[0] == '0' && shown[1] != '\0') {
        shown++;
    }
    trust_public_key_write(&key, base64);
    return (size_t)snprintf(out, size, "untrusted comment: minisign public key %s\n%s\n", shown,
                            base64);
}

bool keys_save_new_key(const char *secret_path, const char *public_path,
                       const struct trust_secret *secret, const char *passphrase,
                       size_t passphrase_len, struct keys_error *error)
{
    char *text = sodium_init() < 0 ? NULL : sodium_malloc(TRUST_KEY_TEXT_MAX);
    if (text == NULL) {
        return keys_complain(error, "%s: %s", secret_path, trust_result_text(TRUST_NO_MEMORY));
    }
    uint8_t salt[32];
    randombytes_buf(salt, sizeof salt);
    size_t len;
    enum trust_result result = trust_secret_write(secret, passphrase, passphrase_len, salt, text,
                                                  TRUST_KEY_TEXT_MAX, &len);
    bool done = false;
    if (result != TRUST_OK) {
        keys_complain(error, "%s: %s", secret_path, trust_result_text(result));
    } else if (durable_make_folders(secret_path, error) &&
               durable_make_folders(public_path, error)) {
        char public_text[TRUST_KEY_TEXT_MAX];
        size_t public_len = write_public(secret, public_text, sizeof public_text);
        done = save_pair(secret_path, text, len, public_path, public_text, public_len, error);
    }
    sodium_free(text);
    return done;
}

bool keys_replace_file(const char *path, const void *bytes, size_t size, struct keys_error *error)
{
    struct durable file;
    bool done = durable_write(path, bytes, size, 0600, &file, error) &&
                durable_replace(&file, error) && durable_settle(&file, error);
    durable_drop(&file);
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
