/* records/id.h -- what a record, a window and a key are called by, as bytes and as text. */
#ifndef RECORDS_ID_H
#define RECORDS_ID_H

#include <stddef.h>
#include <stdint.h>

#include "instants/must_use.h"
#include "text/text.h"

enum {
    RECORD_ID_SIZE = 32,
    RECORD_ID_TEXT_SIZE = 65, /* 64 lower-case hex digits and a NUL */
    RECORD_UID_SIZE = 16,
    RECORD_UID_TEXT_SIZE = 33,
    RECORD_PUBLIC_KEY_SIZE = 32,
    RECORD_PUBLIC_KEY_TEXT_SIZE = 57, /* base64 of 42 bytes, and a NUL */
    RECORD_KEY_ID_SIZE = 8,
    RECORD_KEY_ID_TEXT_SIZE = 17,
};

struct record_id {
    uint8_t bytes[RECORD_ID_SIZE];
};

struct record_uid {
    uint8_t bytes[RECORD_UID_SIZE];
};

/* minisign's 8 bytes in file order.  Its text, here and in file names and topics, is what minisign
 * displays (the little-endian number, 16 digits) in lower case. */
struct record_key_id {
    uint8_t bytes[RECORD_KEY_ID_SIZE];
};

/* An Ed25519 public key and minisign's id of it.  Whose it is, the key alone says: ids select
 * candidates. */
struct record_public_key {
    struct record_key_id id;
    uint8_t key[RECORD_PUBLIC_KEY_SIZE];
};

/* The id that a record of these bytes has, whether or not they are one. */
void record_id_of(const uint8_t *bytes, size_t size, struct record_id *out);

/* Id, uid and key id as text and back; readers take exactly the canonical text. */
void record_id_write(const struct record_id *id, char out[static RECORD_ID_TEXT_SIZE]);
TOCSIN_MUST_USE bool record_id_read(const char *text, size_t len, struct record_id *out);
void record_uid_write(const struct record_uid *uid, char out[static RECORD_UID_TEXT_SIZE]);
TOCSIN_MUST_USE bool record_uid_read(const char *text, size_t len, struct record_uid *out);
void record_key_id_write(const struct record_key_id *id, char out[static RECORD_KEY_ID_TEXT_SIZE]);
TOCSIN_MUST_USE bool record_key_id_read(const char *text, size_t len, struct record_key_id *out);

/* The same text as a value, which lives as long as the expression that it stands in:
 * say_note("%s", record_id_text(&id).text). */
struct record_id_text {
    char text[RECORD_ID_TEXT_SIZE];
} record_id_text(const struct record_id *id);
struct record_uid_text {
    char text[RECORD_UID_TEXT_SIZE];
} record_uid_text(const struct record_uid *uid);
struct record_key_id_text {
    char text[RECORD_KEY_ID_TEXT_SIZE];
} record_key_id_text(const struct record_key_id *id);

/* minisign's base64 of "Ed", id and key. */
TOCSIN_MUST_USE bool record_public_key_read(struct text text, struct record_public_key *out);
void record_public_key_write(const struct record_public_key *key,
                             char out[static RECORD_PUBLIC_KEY_TEXT_SIZE]);

/* Whether it is one of these, whatever its id. */
bool record_key_is_among(const struct record_public_key *list, size_t count,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);

bool record_id_equal(const struct record_id *a, const struct record_id *b);
bool record_id_is_among(const struct record_id *list, size_t count, const struct record_id *id);
int record_id_compare(const struct record_id *a, const struct record_id *b);
int record_by_id(const void *a, const void *b); /* the same of two ids, for qsort and bsearch */
bool record_uid_equal(const struct record_uid *a, const struct record_uid *b);
bool record_key_id_equal(const struct record_key_id *a, const struct record_key_id *b);

#endif
