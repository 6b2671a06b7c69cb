/* feeds/sky_feed.h -- the sky without any window: phases of the Moon, solstices and equinoxes, and
 * eclipses, as a calendar of its own. */
#ifndef FEEDS_SKY_FEED_H
#define FEEDS_SKY_FEED_H

#include "feeds/feed.h"

enum sky_feed_part { SKY_FEED_MOONS, SKY_FEED_SEASONS, SKY_FEED_ECLIPSES, SKY_FEED_WHOLE };

/* The sky of a horizon, or a part of it, in a language that we have words for, else in English.  Of
 * source only leap and horizon are looked at.  The caller frees out->bytes. */
TOCSIN_MUST_USE enum feed_result sky_feed_write(const struct feed_source *source,
                                                const char *language, enum sky_feed_part part,
                                                struct feed *out,
                                                char error[static FEED_ERROR_SIZE]);

/* What a part is called. */
const char *sky_feed_name(const char *language, enum sky_feed_part part);

#endif
