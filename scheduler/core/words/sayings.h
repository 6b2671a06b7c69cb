/* words/sayings.h -- how the forms of a rule are said in ten languages, each beside its canonical
 * line, so that the same row says a rule and understands it.
 *
 * In a saying {x} is a slot (rules/sentence_say_slot.c fills them), <day|days> goes by the number
 * {n}, [last m|f|n] by the gender of the weekday or event, and (a|b) is a before a date and b
 * before anything else; before a month b is for one that begins with a vowel. */
#ifndef WORDS_SAYINGS_H
#define WORDS_SAYINGS_H

#include "words/phrases.h"

enum saying {
    SAY_FULL_DATE,
    SAY_DAY_MONTH,
    SAY_DAY_ELSE,
    SAY_CAL_DAY,
    SAY_CAL_DATE,
    SAY_CAL_ELSE,
    SAY_MONTH_NUMBER,
    SAY_LEAP_MONTH,
    SAY_INSTANT,
    SAY_EASTER,
    SAY_ORTHODOX_EASTER,
    SAY_NTH_OF_MONTH,
    SAY_NTH_OF_EVERY,
    SAY_LAST_OF_MONTH,
    SAY_LAST_OF_EVERY,
    SAY_DAYS_BEFORE,
    SAY_DAYS_AFTER,
    SAY_WEEKS_BEFORE,
    SAY_WEEKS_AFTER,
    SAY_DAYS_FROM,
    SAY_WORKING_BEFORE,
    SAY_WORKING_AFTER,
    SAY_WORKING_DAYS,
    SAY_WORKING_DAYS_WITH,
    SAY_WORKING_WITH,
    SAY_DAY_ON_AFTER,
    SAY_DAY_AFTER,
    SAY_DAY_ON_BEFORE,
    SAY_DAY_BEFORE,
    SAY_NTH_DAY_ON_AFTER,
    SAY_NTH_DAY_AFTER,
    SAY_NTH_DAY_ON_BEFORE,
    SAY_NTH_DAY_BEFORE,
    SAY_DAY_NEAREST,
    SAY_WEEKEND_CONTAINING,
    SAY_WEEKEND_AFTER,
    SAY_WEEKEND_BEFORE,
    SAY_WEEKEND_NEAREST,
    SAY_WEEK,
    SAY_EVERY_WEEKDAY,
    SAY_EVERY_DAYS,
    SAY_EVERY_WEEKS,
    SAY_EVERY_EVENT,
    SAY_EVENTS,
    SAY_BLUE_MOON,
    SAY_SEASONAL_BLUE_MOON,
    SAY_NTH_EVENT_OF_YEAR,
    SAY_NTH_EVENT_OF_SEASON,
    SAY_NTH_EVENT_OF_A_SEASON,
    SAY_NTH_EVENT_OF_EVERY,
    SAY_NTH_EVENT_OF_MONTH,
    SAY_LAST_EVENT_OF_YEAR,
    SAY_LAST_EVENT_OF_SEASON,
    SAY_LAST_EVENT_OF_A_SEASON,
    SAY_LAST_EVENT_OF_EVERY,
    SAY_LAST_EVENT_OF_MONTH,
    SAY_FIRST_EVENT_ON_AFTER,
    SAY_FIRST_EVENT_AFTER,
    SAY_LAST_EVENT_ON_BEFORE,
    SAY_LAST_EVENT_BEFORE,
    SAY_NTH_EVENT_ON_AFTER,
    SAY_NTH_EVENT_AFTER,
    SAY_NTH_EVENT_ON_BEFORE,
    SAY_NTH_EVENT_BEFORE,
    SAY_EVENT_NEAREST,
    SAY_LUNATION,
    SAY_EVERY_LUNATION,
    SAY_EVERY_LUNATION_FROM,
    SAY_EVERY_LUNATIONS,
    SAY_EVERY_LUNATIONS_FROM,
    SAY_EVENT,
    SAY_TERM,
    SAY_LONGITUDE,
    SAY_ECLIPSE,
    SAY_ECLIPSE_OF_TYPE,
    SAY_FIRST_CONTACT,
    SAY_SECOND_CONTACT,
    SAY_THIRD_CONTACT,
    SAY_FOURTH_CONTACT,
    SAY_VISIBLE,
    SAY_VISIBLE_MAGNITUDE,
    SAY_VISIBLE_ALTITUDE,
    SAY_VISIBLE_BOTH,
    SAY_AND,
    SAY_OR,
    SAY_MINUS,
    SAY_IF,
    SAY_ALSO_IF,
    SAY_WHILE,
    SAY_SKIP,
    SAY_ODD_YEARS,
    SAY_EVEN_YEARS,
    SAY_LEAP_YEARS,
    SAY_WAXING,
    SAY_WANING,
    SAY_ONLY_ON,
    SAY_ONLY_IN,
    SAY_NEXT,
    SAY_PREVIOUS,
    SAY_NEAREST,
    SAY_IN_ZONE,
    SAY_MINUTE,
    SAY_MINUTE_IN,
    SAY_AT,
    SAY_DAY_FROM,
    SAY_CLOCK_UTC,
    SAY_CLOCK_ZONE,
    SAY_CLOCK_EVERYWHERE,
    SAY_CLOCK_PLACES,
    SAY_SUN,
    SAY_SUN_AFTER,
    SAY_SUN_BEFORE,
    SAY_ELSE_SKIP,
    SAY_ELSE_CLOCK,
    SAY_ALL,
    SAY_ALL_IN,
    SAY_FOR,
    SAY_SECONDS,
    SAY_MINUTES,
    SAY_HOURS,
    SAY_DAYS,
    SAY_SINCE,
    SAY_UNTIL,
    SAY_TIMES,
    SAY_EVERY_YEARS,
    SAY_EVERY_YEARS_FROM,
    SAY_EXCEPT,
    SAY_MOVE,
    SAY_ADD,
    SAY_ANNIVERSARY,
    SAY_ANNIVERSARY_AT,
    SAY_ROUND,
    SAY_ROTATE_YEAR,
    SAY_ROTATE_MONTH,
    SAY_ROTATE_LUNATION,
    SAYINGS,
};

enum { SAYING_CANONICAL = -1 };

/* language: an enum language, or SAYING_CANONICAL. */
const char *sayings_of(enum saying saying, int language);

/* Which of the forms between < and > a number takes. */
size_t sayings_plural(enum language language, int32_t n);

struct language_names {
    const char *month_of[12]; /* as in a date */
    const char *month[12];    /* alone */
    const char *weekday[8];   /* 0: day; from monday */
    const char *event[12];    /* as the kinds of words are numbered */
    const char *sun[11];      /* with "at" */
    const char *calendar[12];
    const char *eclipse[5];                    /* penumbral, partial, annular, hybrid, total */
    const char *weekday_gender, *event_gender; /* a letter each: m, f or n */
};

extern const struct language_names language_names[LANGUAGES];

#endif
