/* site/addresses.h -- inside of the module: a feed's address as people's calendars take it. */
#ifndef SITE_ADDRESSES_H
#define SITE_ADDRESSES_H

#include "site/site.h"

enum { ADDRESS_SIZE = 2048, ADDRESS_QUERY_SIZE = 3 * ADDRESS_SIZE + 64 };

struct addresses {
    char webcal[ADDRESS_SIZE]; /* which calendar programs take as "subscribe" */
    char google[ADDRESS_QUERY_SIZE], outlook[ADDRESS_QUERY_SIZE];
    char office[ADDRESS_QUERY_SIZE]; /* outlook of employers and schools */
};

/* url: where the site stands. */
void addresses_write(const char *url, const char *path, struct addresses *out);

#endif
