/* rules/places.h -- the table of places that tools/make_places.py writes. */
#ifndef RULES_PLACES_H
#define RULES_PLACES_H

#include "rules/rule.h"

extern const struct rule_place places[];
extern const size_t places_count;

#endif
