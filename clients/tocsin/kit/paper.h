/* tocsin/kit/paper.h -- what people read of a window where there is no screen: an announcement as
 * text, and a poster. */
#ifndef TOCSIN_PAPER_H
#define TOCSIN_PAPER_H

#include "instants/stamp.h"
#include "places/places.h"
#include "text/draft.h"
#include "words/interface.h"

enum { PAPER_PLACE_SIZE = PLACE_NAME_SIZE + INTERFACE_DATE_SIZE + STAMP_TEXT_SIZE + 8 };

/* A place of a window that comes to each at its own hour. */
struct paper_place {
    char told[PAPER_PLACE_SIZE]; /* "Genoa 21:12:03" by its own clock; of another day its date */
    char utc[STAMP_TEXT_SIZE];   /* "19:12:03"; "": told already */
};

struct paper {
    const char *tag; /* of the language of the title; "": none is given */
    enum interface_language language;
    const char *name; /* of the constellation */
    const char *title;
    const char *about;               /* "" when there is none */
    const char *date;                /* "Monday 2 August 2027" */
    const char *clock;               /* "10:25 Europe/Rome (08:25 UTC)"; with places unused */
    const struct paper_place *place; /* by when it begins there */
    size_t place_count;
    const char *gesture; /* what people do, */
    const char *length;  /* and for how long */
    const char *how;     /* everywhere at once, or by each place's clock */
    const char *words;   /* of the root, to compare */
    const char *url;     /* of its page; NULL: none is known */
};

void paper_announce(const struct paper *paper, struct draft *out);

/* An A4 sheet as SVG.  False when the code does not hold the address. */
TOCSIN_MUST_USE bool paper_poster(const struct paper *paper, struct draft *out);

#endif
