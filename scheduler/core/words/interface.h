/* words/interface.h -- what the pages say to people, in twelve languages: phrases, dates and
 * lengths of time.  interface.tsv is the table to edit. */
#ifndef WORDS_INTERFACE_H
#define WORDS_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum interface_language {
    INTERFACE_EN,
    INTERFACE_IT,
    INTERFACE_ES,
    INTERFACE_FR,
    INTERFACE_DE,
    INTERFACE_PT,
    INTERFACE_PL,
    INTERFACE_UK,
    INTERFACE_AR,
    INTERFACE_EL,
    INTERFACE_HE,
    INTERFACE_JA,
    INTERFACE_LANGUAGES,
};

/* CLDR's plural categories, as far as whole numbers have them. */
enum interface_plural { PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER, PLURALS };

enum interface_unit { UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, INTERFACE_UNITS };

enum interface_date {
    DATE_FULL,     /* Monday 2 August 2027 */
    DATE_DAY,      /* 2 Aug */
    DATE_DAY_YEAR, /* 2 Aug 2027 */
};

/* How a language writes dates and lengths.  In a pattern d, m, y and w stand in braces for day,
 * month, year and weekday; # in a unit for the number. */
struct interface_calendar {
    const char *code;                                     /* primary subtag of BCP 47 */
    const char *own_name;                                 /* of the language, in itself */
    const char *month[12], *month_short[12], *weekday[7]; /* as dates have them; from Monday */
    const char *date[3];                                  /* by enum interface_date */
    const char *unit[INTERFACE_UNITS][PLURALS];           /* NULL: as PLURAL_OTHER */
};

const struct interface_calendar *interface_calendar(enum interface_language language);

/* The language of a tag by its primary subtag; INTERFACE_LANGUAGES: not one of these. */
enum interface_language interface_find(const char *tag);

/* A phrase by its name in the table; NULL: there is none of that name. */
const char *interface_say(enum interface_language language, const char *name);

/* The names of all phrases, for tests: the heading first, NULL after the last. */
const char *interface_name(size_t index);

/* A language's own name, also of many that the pages do not speak; NULL: not known. */
const char *interface_own_name(const char *tag);

/* Whether a tag's language is written from right to left. */
bool interface_is_right_to_left(const char *tag);

enum interface_plural interface_plural(enum interface_language language, uint64_t number);

enum { INTERFACE_DATE_SIZE = 96, INTERFACE_LENGTH_SIZE = 128 };

/* weekday counts from 0, a Monday. */
void interface_write_date(enum interface_language language, enum interface_date kind, int32_t year,
                          int month, int day, int weekday, char out[static INTERFACE_DATE_SIZE]);

/* "15 minutes", "1 hour 30 minutes", "2 days": the two greatest units that are not zero. */
void interface_write_length(enum interface_language language, uint64_t seconds,
                            char out[static INTERFACE_LENGTH_SIZE]);

#endif
