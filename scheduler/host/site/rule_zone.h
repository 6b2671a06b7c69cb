/* site/rule_zone.h -- by whose clock people who know no other are told of a window. */
#ifndef SITE_RULE_ZONE_H
#define SITE_RULE_ZONE_H

#include "places/places.h"
#include "records/record.h"
#include "zoneinfo/zoneinfo.h"

/* That of a window's canonical rule; of a wave by place, that of the place.  NULL: neither names
 * one, or each place has its own. */
const struct zone *rule_zone_find(struct zoneinfo *zoneinfo, enum record_wave wave,
                                  struct text rule, struct text place);

/* The place that a window's canonical rule names, or the city that its zone is called after, as
 * places_find reads it.  False: neither. */
TOCSIN_MUST_USE bool rule_place_find(struct text rule, char out[static PLACE_NAME_SIZE]);

#endif
