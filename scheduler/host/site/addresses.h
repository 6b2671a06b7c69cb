/* site/addresses.h -- inside of the module: a feed's address as people's calendars take it. */
#ifndef SITE_ADDRESSES_H
#define SITE_ADDRESSES_H

#include "pages/pages.h"
#include "site/site.h"

enum { ADDRESS_SIZE = 2048 };

/* Which calendar programs take as "subscribe"; url: where the site stands. */
void addresses_write(const char *url, const char *path, char out[static ADDRESS_SIZE]);

/* Sets that as a value of a page; where it is not known where the site stands (url: NULL) the way
 * from there, whose way up is `top`. */
void addresses_set(struct pages_values *in, const char *name, const char *url, const char *top,
                   const char *path);

/* The same as "subscribe", and where it can be the links by which "google", "outlook" and "office"
 * (that of employers and schools) subscribe. */
void addresses_set_all(struct pages_values *in, const char *url, const char *top, const char *path);

#endif
