/* site/words.h -- what the pages say, by language. */
#ifndef SITE_WORDS_H
#define SITE_WORDS_H

#include <stdbool.h>

struct site_words {
    const char *language; /* primary subtag of BCP 47 */
    const char *own_name; /* of the language, in itself */
    const char *next;
    const char *nothing;
    const char *subscribe;
    const char *open_in_calendar; /* beside the webcal: link */
    const char *download;
    const char *everything; /* all languages side by side */
    const char *rest;
    const char *by_clock; /* waves at each place's own clock */
    const char *by_place;
    const char *parts;     /* further files of a long feed */
    const char *check;     /* heading: check by hand */
    const char *root_note; /* before the id */
    const char *sign_note; /* before the minisign command */
    const char *bundle;
    const char *privacy;
    const char *languages;
    const char *original; /* the page of the titles as they were declared */
    const char *cancelled, *tentative;
    const char *your_clock; /* "at your clock" */
};

/* The words for a tag by its primary subtag; English for "" and for languages not here. */
const struct site_words *site_words_for(const char *language);

/* The language's own name, or NULL when we do not know it. */
const char *site_language_name(const char *language);

/* Whether the language is written from right to left. */
bool site_is_right_to_left(const char *language);

#endif
