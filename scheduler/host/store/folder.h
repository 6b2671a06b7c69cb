/* store/folder.h -- the folders of a store: names of its files, and putting the unsound aside.
 *  Private to the module. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include "files/files.h"
#include "store/store.h"

enum folder_part { PART_RECORDS, PART_SIGS, PARTS };

enum {
    FOLDER_NAME_SIZE = RECORD_ID_TEXT_SIZE + RECORD_KEY_ID_TEXT_SIZE + 24,
    FOLDER_SETTLED = 16,
};

struct store {
    char *path; /* owned */
    int dir;
    int part[PARTS]; /* -1: not there yet */
    dev_t device[PARTS];
    const struct leap_table *leap;
    bool is_left_as_is;               /* unsound files stay where they are */
    bool is_syncfs_sound;             /* on the file system of every part opened so far */
    bool was_closed_told[PARTS][256]; /* that something in this folder may not be read */
    bool is_durable[PARTS][256];      /* the folder's own entry is known to be on the disk */
    size_t followed_bytes;            /* of records that a follower has taken from it */
    int crowded_told;                 /* so many drafts were told to be left unread */
    struct record_id settled[FOLDER_SETTLED]; /* hashes of streams that were known and synced */
    size_t settled_count;                     /* so many ever: the last ones are there */
};

/* Says what is wrong, and gives the result. */
__attribute__((format(printf, 3, 4))) enum store_result
folder_say(enum store_result result, struct store_error *error, const char *format, ...);

#define folder_fail(error, ...)      folder_say(STORE_FAILED, (error), __VA_ARGS__)
#define folder_refuse(error, ...)    folder_say(STORE_REFUSED, (error), __VA_ARGS__)
#define folder_no_memory(error, ...) folder_say(STORE_NO_MEMORY, (error), __VA_ARGS__)

const char *folder_part_name(enum folder_part part);

/* ID.rec, ID.KEYID.minisig and, when that name is taken by another key with the same id,
 * ID.KEYID.PUBLIC.minisig (the first 8 digits of the public key). */
void folder_record_name(const struct record_id *id, char out[static FOLDER_NAME_SIZE]);
void folder_signature_name(const struct record_id *id, const struct record_public_key *key,
                           bool is_second, char out[static FOLDER_NAME_SIZE]);
/* "ab": the first byte of the ids in it. */
bool folder_read_prefix(const char *name, uint8_t *prefix);
bool folder_read_record_name(const char *name, struct record_id *id);
bool folder_read_signature_name(const char *name, struct record_id *id, struct record_key_id *key);

/* The open folder of a part, borrowed; -1 and errno.  A reader may have come before the first
 * writer: it is looked for again each time. */
int folder_top(struct store *store, enum folder_part part, bool make);

/* Opens a part's folder "ab" for listing and writing; -1 and errno.  make: when it is not there. */
int folder_open(struct store *store, enum folder_part part, uint8_t prefix, bool make);

/* Moves a file to quarantine/; false and errno when it could not be moved. */
bool folder_quarantine(struct store *store, int folder, const char *name);

#endif
