/* tocsin/session/signer.h -- the keys of a person: which one is meant, its passphrase, and signing
 * with it.  Every int function is as in session.h. */
#ifndef TOCSIN_SIGNER_H
#define TOCSIN_SIGNER_H

#include "tocsin/session/session.h"

/* The file of the secret key of --key, of the one that signer_choose chose, or of the only one in
 * the keys folder. */
int signer_secret_path(const struct session *session, char path[static PATH_MAX]);

/* The secret key of a file; a sealed one asks for its passphrase, again when it was wrong. */
int signer_load_secret_of(const struct session *session, const char *path,
                          struct trust_secret **out);

/* The secret key of signer_secret_path; asks for its passphrase.  One unseal however many
 * signatures follow. */
int signer_load_secret(struct session *session, struct trust_secret **out);

/* A public key from a .pub file, the name of a key in the keys folder, or its bare base64.  name
 * (of size bytes) becomes what to call its owner: the file's or key's name, else empty. */
int signer_load_public(const struct session *session, const char *which,
                       struct record_public_key *out, char *name, size_t size);

/* Of several keys here the one that a command means where --key does not say: the only one that
 * fits; of several that do, whoever is at the terminal says which.  who: "an organizer of ...".  To
 * be asked before the functions above and below; where one key or none is here they say it all. */
typedef bool signer_fits(const struct session *session, const struct record_public_key *key,
                         const void *context);
int signer_choose(struct session *session, signer_fits *fits, const void *context, const char *who);

/* Who signs: the public half of the key that signer_sign_and_store will use, from the .pub file
 * beside it where there is one, so that a preview comes before the question for a passphrase. */
int signer_public(struct session *session, struct record_public_key *out);

/* The names of the secret keys in the keys folder, ascending. */
int signer_list_keys(const struct session *session, char ***names, size_t *count);
void signer_free_keys(char **names, size_t count);

/* The public halves of a person's keys: of --key alone, or of all in the keys folder that have
 * their .pub file beside them. */
struct signer_own {
    char name[256]; /* as --key takes it */
    struct record_public_key key;
};
int signer_list_own(const struct session *session, struct signer_own **out, size_t *count);

/* Signs bytes with the key of signer_public, adds the record and the signature to the store.  Fine
 * for a record that is there already: then only the signature is new. */
int signer_sign_and_store(struct session *session, enum record_type type, const uint8_t *bytes,
                          size_t size, struct record_id *id);

/* Whether the signer's signature can count for records of this constellation; says so if not. */
int signer_may_sign(struct session *session, const struct view_root *root);

#endif
