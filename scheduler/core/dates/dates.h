/* dates/dates.h -- the catalogue of memory: days that people keep, what happened on them and who
 * says so, as plain text that people review and propose; read, checked, and found again.
 *
 * A file is a series of blocks of "key: value" lines with a blank line between them; lines that
 * begin with # stand between blocks.  calendars/README.md tells the keys.
 * Knows no clock and no file; the world of rules and what ICU knows come in as arguments. */
#ifndef DATES_DATES_H
#define DATES_DATES_H

#include "occurrences/occurrences.h"
#include "places/places.h"
#include "records/record.h"
#include "rules/rule.h"

enum {
    DATES_FILE_MAX = 1 << 20, /* bytes of a file */
    DATES_VALUE_MAX = 1000,   /* bytes of a value */
    DATES_NAMES_MAX = 32,
    DATES_TAGS_MAX = 12,
    DATES_SOURCES_MAX = 12,
};

/* Those before DATES_STRONG_KINDS are of the strong kind: each date needs one of them. */
enum dates_source_kind {
    DATES_STATUTE, /* a law, decree or formal decision, or its words as told by others */
    DATES_UN,
    DATES_ARCHIVE,
    DATES_COURT, /* or a commission of inquiry */
    DATES_MUSEUM,
    DATES_SCHOLARLY,
    DATES_STRONG_KINDS,
    DATES_GOVERNMENT = DATES_STRONG_KINDS,
    DATES_PRESS,
    DATES_ENCYCLOPAEDIA,
    DATES_REFERENCE,
    DATES_ORGANISATION,
    DATES_SOURCE_KINDS,
};

enum dates_continent {
    DATES_WORLD,
    DATES_AFRICA,
    DATES_ASIA,
    DATES_EUROPE,
    DATES_NORTH_AMERICA,
    DATES_SOUTH_AMERICA,
    DATES_OCEANIA,
    DATES_CONTINENTS,
};

/* The words of the two closed lists, as written. */
const char *dates_source_kind_name(enum dates_source_kind kind);
const char *dates_continent_name(enum dates_continent continent);

struct dates_name {
    struct text tag, value; /* a language tag in lower case */
};

struct dates_source {
    enum dates_source_kind kind;
    struct text where; /* address or exact reference */
    struct text says;
};

/* One date.  Its texts point into what was read; optional ones are empty where they are absent. */
struct dates_entry {
    size_t line, rule_line; /* of its id, and of its rule */
    struct text id, name, rule;
    struct dates_name other[DATES_NAMES_MAX]; /* its name in other languages, by tag */
    size_t other_count;
    int32_t since; /* the first year in which it was kept, as kept or a source says; 0: not known */
    enum record_tone tone;
    unsigned continents;  /* 1 << enum dates_continent */
    struct text place;    /* optional; its name... */
    struct text position; /* ...and what places_find takes of it, where that is not the name */
    struct text tag[DATES_TAGS_MAX];
    size_t tag_count;
    struct text what, kept;
    struct text also, dispute; /* optional */
    struct dates_source source[DATES_SOURCES_MAX];
    size_t source_count;
};

/* Where a fault is, from 1; columns count characters. */
struct dates_error {
    size_t line, column;
    char message[512];
};

struct dates_reader {
    struct text left;
    size_t line; /* lines before it */
};

enum dates_result { DATES_ENTRY, DATES_END, DATES_BAD };

/* The next date of a text.  A bad block is told once, at its first fault, and the next call goes on
 * after it.  What is returned has all that a date needs, and a rule that can be read. */
TOCSIN_MUST_USE enum dates_result dates_next(struct dates_reader *reader, struct dates_entry *out,
                                             struct dates_error *error);

/* The name in a language, in a wider one ("pt" for "pt-br"), else the English one. */
struct text dates_name_in(const struct dates_entry *entry, const char *tag);

/* --- checking -------------------------------------------------------------------------------- */

/* What only ICU knows. */
struct dates_letters {
    bool (*is_language)(const char *tag, size_t len); /* a tag of BCP 47 whose language exists */
    bool (*is_nfc)(const char *text, size_t len);     /* of valid UTF-8 */
};

/* All that is wrong with a catalogue of several files, which stay as they are until
 * dates_check_free.  Told one fault after the other. */
struct dates_check;
typedef void dates_fault(void *context, const char *file, const struct dates_error *error);

/* Rules are looked at for fifty years from `from`.  NULL: no memory. */
struct dates_check *dates_check_new(const struct rule_world *world,
                                    const struct dates_letters *letters, utc from,
                                    dates_fault *fault, void *context);
void dates_check_free(struct dates_check *check);

/* Reads a file and holds it against those before it: letters, form, sources, rules that never
 * happen, places that nobody finds, the same date twice, and a celebration on a day of mourning of
 * which it says nothing in an "also" line.  False: no memory. */
TOCSIN_MUST_USE bool dates_check_file(struct dates_check *check, const char *file, const char *text,
                                      size_t len);

struct dates_totals {
    size_t faults, dates, sources, languages; /* of good dates; English is a language */
    size_t of_continent[DATES_CONTINENTS];
    size_t of_tone[TONE_REFLECTION + 1];
};
struct dates_totals dates_check_totals(const struct dates_check *check);

/* --- finding --------------------------------------------------------------------------------- */

struct dates_query {
    const char *const *word; /* all of them, each anywhere in what a date says of itself */
    size_t word_count;
    const char *tag;      /* NULL: any */
    const char *place;    /* part of its place, or a continent; NULL: any */
    const char *language; /* it has a name in this language; NULL: any */
    bool has_tone;
    enum record_tone tone;
    const struct place *near; /* its place is no further than near_km; NULL: any */
    double near_km;
};

/* Without regard to case or accents. */
bool dates_match(const struct dates_query *query, const struct dates_entry *entry);

#endif
