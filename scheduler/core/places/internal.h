/* places/internal.h -- what the files of this module share. */
#ifndef PLACES_INTERNAL_H
#define PLACES_INTERNAL_H

#include "places/places.h"

/* A name as it is compared: letters without case or accents, runs of blanks, hyphens and
 * underscores as one space, neither dots nor apostrophes. */
enum { KEY_MAX = 48 };
struct key {
    uint32_t letter[KEY_MAX];
    size_t count; /* more than KEY_MAX: the rest was left out */
};
void key_of(const char *text, size_t len, struct key *out);

/* LATITUDE,LONGITUDE[,METRES][ in ZONE].  PLACES_NONE: that is not what it looks like. */
enum places_answer position_read(const char *text, size_t len, struct place *out);

#endif
