/* records/record.h -- the signed text files of a constellation, as values.
 *
 * A record is at most 16 KiB of strictly formed text (tocsin-records(5)); its id is the
 * BLAKE2b-256 of its bytes.  Reading judges every byte and keeps the bytes: nothing is ever
 * re-serialised before it is verified.  Knows no key, no signature, no file and no clock. */
#ifndef RECORDS_RECORD_H
#define RECORDS_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "instants/civil.h"
#include "instants/instant.h"
#include "instants/leap.h"
#include "records/id.h"
#include "text/text.h"

enum {
    RECORD_SIZE_MAX = 16384,
    RECORD_OCCURRENCES_MAX = 200, /* `at` and `on` lines together */
    RECORD_OCCURRENCE_KEY_MAX = 16,
    RECORD_KEEP_MAX = 100,
    RECORD_NUMBER_MAX = 2147483647, /* seq, version, ...: iCalendar's SEQUENCE holds no more */
};

/* What each type is made of stands in schema.c, what must hold between its lines in validate.c. */
enum record_type { RECORD_ROOT, RECORD_WINDOW, RECORD_CANCEL, RECORD_REVOKE, RECORD_HEARTBEAT };

enum { RECORD_TYPES = RECORD_HEARTBEAT + 1 };

/* What a record speaks of; who signs it follows from that. */
enum record_subject {
    RECORD_OF_KEYS,   /* who may sign in the constellation: organizers sign */
    RECORD_OF_WINDOW, /* the window that its uid names: organizers sign */
    RECORD_OF_STORE,  /* what a beacon holds: that beacon signs */
};

enum record_tone { TONE_MOURNING, TONE_VIGIL, TONE_CELEBRATION, TONE_REFLECTION };

/* What a window's occurrences are. */
enum record_wave {
    WAVE_NONE,  /* a moment: `at` lines, the same instant everywhere */
    WAVE_CLOCK, /* `on` lines and `wave: HH:MM[:SS]`: each site's own clock */
    WAVE_PLACE, /* `on` lines, `wave: place`, and an `at` line for each key and place */
    WAVE_DAY,   /* `on` lines and `wave: day`: whole civil days, never rings */
};

/* A record's texts lie in its own bytes: valid as long as it.
 *
 * title, title.it, about.pt-br ... ; tag.len is 0 for the plain one, which comes first. */
struct record_prose {
    struct text tag;
    struct text value; /* still escaped: record_unescape */
};

struct record_at {
    struct text key;
    instant at;
    struct text place; /* len 0 but for WAVE_PLACE */
};

struct record_on {
    struct text key;
    struct civil_date date;
};

/* A public key as a line of a root names it. */
struct record_key {
    struct record_public_key public;
    struct text name; /* NAME of organizer and beacon; URL of feed */
};

struct record_window {
    struct record_id root; /* id of the constellation's root, version 1 */
    struct record_uid uid;
    uint32_t seq;
    const struct record_id *prev; /* ascending; none when seq is 0 */
    size_t prev_count;
    instant made;
    const struct record_prose *title, *about;
    size_t title_count, about_count;
    struct text gesture;
    enum record_tone tone;
    struct text rule;
    struct text zones; /* len 0: absent, as for every optional text */
    enum record_wave wave;
    struct civil_time wave_time; /* WAVE_CLOCK */
    const struct record_at *at;
    size_t at_count;
    const struct record_on *on;
    size_t on_count;
    const struct text *off; /* keys of cancelled occurrences */
    size_t off_count;
    span duration;
    bool has_rest;
    span rest;
    struct text url;
    const struct record_key_id *beacon; /* none: any beacon of the root */
    size_t beacon_count;
    instant expires;
};

struct record_root {
    bool has_root; /* false in version 1, whose own id is the constellation's */
    struct record_id root;
    struct text name;
    uint32_t version;
    bool has_prev;
    struct record_id prev;
    uint32_t threshold;
    const struct record_key *organizer, *beacon, *feed;
    size_t organizer_count, beacon_count, feed_count;
    const struct text *broker; /* URLs */
    size_t broker_count;
    bool has_lock;
    span lock;
    const struct record_id *keep;
    size_t keep_count;
    instant made;
    instant expires;
};

struct record_cancel {
    struct record_id root;
    struct record_uid uid;
    uint32_t seq;
    const struct record_id *prev;
    size_t prev_count;
    instant made;
    struct text reason;
};

struct record_revoke {
    struct record_id root;
    struct record_public_key key;
    instant made;
    const struct record_id *keep;
    size_t keep_count;
};

struct record_heartbeat {
    struct record_id root;
    struct record_key_id by;
    instant made;
    instant next;
    uint32_t count;
    uint8_t digest[32];
    const struct record_id *holds;
    size_t holds_count;
};

/* A line that this version does not know but keeps: its key begins with x-. */
struct record_extra {
    struct text key, value;
};

/* One read record: a single heap block that owns a copy of the bytes and all that points into
 * it. */
struct record {
    enum record_type type;
    struct record_id id;
    const uint8_t *bytes;
    size_t size;
    const struct record_extra *extra; /* ascending by key */
    size_t extra_count;
    union {
        struct record_root root;
        struct record_window window;
        struct record_cancel cancel;
        struct record_revoke revoke;
        struct record_heartbeat heartbeat;
    } is;
};

/* Where and why a record was refused, for a person: line and column count from 1, in bytes.  Line
 * 0: the record was not judged at all, memory is short. */
struct record_error {
    int line, column;
    bool lacks_plain; /* it has a text in languages, and none without one before it */
    char message[160];
};

/* Reads bytes as one record, by tocsin-records(5) to the letter.  False with *error filled when any
 * rule of the format is broken or memory is short; *out is then untouched.  The caller frees *out
 * with record_free. */
TOCSIN_MUST_USE bool record_read(const uint8_t *bytes, size_t size, const struct leap_table *leap,
                                 struct record **out, struct record_error *error);
void record_free(struct record *record);

/* Writes the canonical text of the value in record->is (id, bytes and size are ignored; texts may
 * point anywhere; prose values are already escaped) into out.  False when it is longer than
 * RECORD_SIZE_MAX or would not read back equal: *error then says which line and why, and out has
 * that line. */
TOCSIN_MUST_USE bool record_write(const struct record *record, const struct leap_table *leap,
                                  char out[static RECORD_SIZE_MAX], size_t *size,
                                  struct record_error *error);

/* Whether the first line begins as a root's does: all that can be said before it is read. */
bool record_says_root(const uint8_t *bytes, size_t size);

/* The constellation that a record belongs to: its root line, or its own id for a root version 1. */
const struct record_id *record_root_of(const struct record *record);

/* What else records have in common, for whoever need not know their type.  The uid is NULL but for
 * RECORD_OF_WINDOW; the step is a seq, a root's version, or 0. */
enum record_subject record_subject_of(const struct record *record);
const struct record_uid *record_uid_of(const struct record *record);
instant record_made(const struct record *record); /* the date that it gives itself */
uint32_t record_step_of(const struct record *record);

/* Whether a record is of a constellation and either of its keys or of this window (NULL: none). */
bool record_belongs_to(const struct record *record, const struct record_id *root,
                       const struct record_uid *uid);

/* Whose key it is, whatever its id: the line that names it, or NULL. */
const struct record_key *record_key_find(const struct record_key *list, size_t count,
                                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);
bool record_is_organizer(const struct record_root *root,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);
/* How many of the keys, each once, it names so. */
size_t record_count_organizers(const struct record_root *root, const struct record_public_key *key,
                               size_t count);
bool record_is_beacon(const struct record_root *root,
                      const uint8_t key[static RECORD_PUBLIC_KEY_SIZE]);

/* The title (or about) in the first of the wanted languages ("it,en") that is there, else the plain
 * one.  Empty only when the record has none. */
struct text record_prose_in(const struct record_prose *prose, size_t count, const char *languages);

/* The same with its tag (empty: no language is known), NULL when the record has none. */
const struct record_prose *record_prose_find(const struct record_prose *prose, size_t count,
                                             const char *languages);

/* The `on` line of an occurrence; NULL: there is none. */
const struct record_on *record_on_find(const struct record_window *window, struct text key);

/* Whether an `at` or `on` line has the occurrence. */
bool record_has_key(const struct record_window *window, struct text key);

/* Whether an `off` line names the occurrence. */
bool record_is_off(const struct record_window *window, struct text key);

/* Undoes the escapes of title, about and other prose into out: whole characters, at most size bytes
 * with the NUL.  Returns the length the whole text needs, as snprintf does. */
size_t record_unescape(struct text value, char *out, size_t size);

/* Escapes a person's text for a prose line: backslash, and line feed where newlines is set (about).
 * False when it does not fit, or has bytes that no record may hold. */
TOCSIN_MUST_USE bool record_escape(const char *text, bool newlines, char *out, size_t size);

/* Words of the closed vocabularies, as written. */
const char *record_type_name(enum record_type type);
const char *record_tone_name(enum record_tone tone);
TOCSIN_MUST_USE bool record_tone_read(struct text word, enum record_tone *out);

#endif
