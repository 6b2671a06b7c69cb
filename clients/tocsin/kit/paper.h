/* tocsin/kit/paper.h -- what people read of a window where there is no screen: an announcement as
 * text, and a poster. */
#ifndef TOCSIN_PAPER_H
#define TOCSIN_PAPER_H

#include "instants/instant.h"
#include "text/draft.h"
#include "words/interface.h"

struct paper {
    const char *tag; /* of the language of the title; "": none is given */
    enum interface_language language;
    const char *name; /* of the constellation */
    const char *title;
    const char *about; /* "" when there is none */
    const char *date;  /* "Monday 2 August 2027" */
    const char *clock; /* "10:25 Europe/Rome, 08:25 UTC" */
    const char *length;
    const char *how;   /* everywhere at once, or by each place's clock */
    const char *words; /* of the root, to compare */
    const char *url;   /* of its page; NULL: none is known */
};

void paper_announce(const struct paper *paper, struct draft *out);

/* An A4 sheet as SVG.  False when the code does not hold the address. */
TOCSIN_MUST_USE bool paper_poster(const struct paper *paper, struct draft *out);

#endif
