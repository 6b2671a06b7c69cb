/* lines/front.h -- lines as people say them: any order, fillers, ten languages; and questions where
 * a line can mean two things.  Nothing of a line is left out: what has no place makes it unread. */
#ifndef LINES_FRONT_H
#define LINES_FRONT_H

#include "rules/read.h"

enum front_answer {
    FRONT_READ,    /* p->rule is the rule */
    FRONT_ASKS,    /* *error is the question, with what the line may mean */
    FRONT_REFUSES, /* *error says why it cannot be */
    FRONT_UNKNOWN, /* nothing is said about the line */
};

/* Of a line about which nothing is said: the language in which it goes farthest, and where that
 * ends, in characters from 0; all of it: its words are known, but not together. */
struct front_trouble {
    enum language language;
    size_t reached;
    bool is_all;
    char word[48];  /* what stands there */
    bool is_region; /* it is a state or a province, and the place in it is not known */
    char
        nearest[RULE_READING_SIZE]; /* what it says if that word is one that is spelled nearly so */
    enum front_about { ABOUT_DATES, ABOUT_WEEKDAYS, ABOUT_EVENTS, ABOUT_SUN } about;
};

/* Reads a line that the reader refused.  p and p->rule are written over; *error is touched by
 * questions and refusals alone, *trouble where nothing is said and why is asked. */
enum front_answer front_read(const char *text, size_t len, struct parser *p, struct rule *rule,
                             struct rule_error *error, bool is_why_asked,
                             struct front_trouble *trouble);

#endif
