/* tocsin/print/describe.h -- windows and records told in words, for list, show, cosign and
 * declare. */
#ifndef TOCSIN_DESCRIBE_H
#define TOCSIN_DESCRIBE_H

#include "tocsin/session/session.h"

enum { DESCRIBE_TITLE_SIZE = 1024, DESCRIBE_SIGNED_SIZE = 200, DESCRIBE_KIND_SIZE = 32 };

/* The title in the person's language (LANGUAGE, LANG), unescaped. */
struct describe_title {
    char text[DESCRIBE_TITLE_SIZE];
} describe_title(const struct record_window *window);

/* The name of a constellation; where another one that is trusted here has the same, with the first
 * digits of its id: "Valley (05402ad1)". */
enum { DESCRIBE_ROOT_SIZE = 1040 };
struct describe_root {
    char text[DESCRIBE_ROOT_SIZE];
} describe_root(const struct session *session, const struct view_root *root);

/* When an occurrence starts: UTC for a moment, date and clock without zone for a wave. */
struct stamp_text describe_start(const struct session *session, const struct record_window *window,
                                 const struct view_occurrence *occurrence);

/* What the signatures over an entry amount to; false when its constellation is not trusted here:
 * then nothing counts, but for a root its own organizers. */
bool describe_standing(const struct session *session, const struct view_entry *entry,
                       struct view_standing *out);

/* "signed by 2, 2 needed"; now: "" or " now". */
void describe_signed(const struct view_standing *standing, const char *now,
                     char out[static DESCRIBE_SIGNED_SIZE]);

/* Warns of words in a record's texts whose letters come from several alphabets, and of characters
 * that are not seen: of the first twenty, and how many more there are. */
void describe_warn(const struct record *record);

/* The same of several records: of whose texts ("1234abcd "), after so many warnings before; gives
 * how many there are now.  At the end describe_warn_rest. */
size_t describe_warn_next(const struct record *record, const char *of, size_t before);
void describe_warn_rest(size_t count);

/* "amendment", "root version 3"; "" for what nobody is asked to sign, and for NULL. */
void describe_kind(const struct record *record, char out[static DESCRIBE_KIND_SIZE]);

/* One sentence on a record: type, what it does, and its signatures so far. */
void describe_entry(const struct session *session, const struct view_entry *entry, char *out,
                    size_t size);

#endif
