/* keys/keys.h -- key files on disk: whole or not there, and read only where nobody else could.
 * Shell. */
#ifndef KEYS_KEYS_H
#define KEYS_KEYS_H

#include "trust/trust.h"

struct keys_error {
    char message[1024]; /* names the file and the remedy */
};

/* Loads a minisign secret-key file: a regular file (no symbolic link), owned by the caller or root,
 * mode 0600 or 0400; a public key is told as such before its mode is judged.  passphrase as in
 * trust_secret_read.  *why says what is wrong with the key, and is TRUST_OK when it is the file
 * that could not be had; *error is filled in any case. */
TOCSIN_MUST_USE bool keys_load_secret(const char *path, const char *passphrase,
                                      size_t passphrase_len, struct trust_secret **out,
                                      enum trust_result *why, struct keys_error *error);

/* Writes a new key as two files, secret_path (0600) and public_path (0644), durably, making missing
 * folders (0700).  Never over an existing file; when one cannot be written neither is there. */
TOCSIN_MUST_USE bool keys_save_new_key(const char *secret_path, const char *public_path,
                                       const struct trust_secret *secret, const char *passphrase,
                                       size_t passphrase_len, struct keys_error *error);

/* Replaces the file of a secret key by the same key under another passphrase (NULL: none), durably:
 * the old file or the new one is there, never a part. */
TOCSIN_MUST_USE bool keys_save_again(const char *secret_path, const struct trust_secret *secret,
                                     const char *passphrase, size_t passphrase_len,
                                     struct keys_error *error);

/* Loads a public key from a .pub file, or takes the text itself if it is a bare base64 key. */
TOCSIN_MUST_USE bool keys_load_public(const char *path_or_text, struct record_public_key *out,
                                      struct keys_error *error);

/* Where keys live: $TOCSIN_CONFIG, else $XDG_CONFIG_HOME/tocsin, else ~/.config/tocsin; +
 * "/keys". */
bool keys_default_dir(char *out, size_t size);

#endif
