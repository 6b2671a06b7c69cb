/* tocsin/meaning.h -- windows and records told in words, for list, show, cosign and declare. */
#ifndef CLI_MEANING_H
#define CLI_MEANING_H

#include "tocsin/desk.h"

enum { MEANING_TITLE_SIZE = 1024, MEANING_START_SIZE = 48, MEANING_SIGNED_SIZE = 200 };

/* The title in the person's language (LANGUAGE, LANG), unescaped. */
void meaning_title(const struct record_window *window, char out[static MEANING_TITLE_SIZE]);

/* When an occurrence starts: UTC for a moment, date and clock without zone for a wave. */
void meaning_start(const struct desk *desk, const struct record_window *window,
                   const struct view_occurrence *occurrence, char out[static MEANING_START_SIZE]);

/* What the signatures over an entry amount to; false when its constellation is not trusted here:
 * then nothing counts, but for a root its own organizers. */
bool meaning_standing(const struct desk *desk, const struct view_entry *entry,
                      struct view_standing *out);

/* "signed by 2, 2 needed"; now: "" or " now". */
void meaning_signed(const struct view_standing *standing, const char *now,
                    char out[static MEANING_SIGNED_SIZE]);

/* Warns of words in a record's texts whose letters come from several alphabets. */
void meaning_warn(const struct record *record);

/* One sentence on a record: type, what it does, and its signatures so far. */
void meaning_of_entry(const struct desk *desk, const struct view_entry *entry, char *out,
                      size_t size);

#endif
