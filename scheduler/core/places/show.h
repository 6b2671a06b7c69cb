/* places/show.h -- what readers call a place, for eyes alone: places_find need not find it by that.
 */
#ifndef PLACES_SHOW_H
#define PLACES_SHOW_H

#include "places/places.h"
#include "words/interface.h"

/* A city that has namesakes with its country, a position as it stands.  False: no such place is
 * known. */
TOCSIN_MUST_USE bool places_show(const char *name, size_t len, enum interface_language language,
                                 char out[static PLACE_NAME_SIZE]);

/* The city that a zone is called after: "Roma" of Europe/Rome; "UTC" */
void places_show_zone(const char *zone, enum interface_language language,
                      char out[static PLACE_NAME_SIZE]);

/* A country by its ISO 3166 code; NULL: there is no such code. */
const char *places_show_country(const char *code, enum interface_language language);

#endif
