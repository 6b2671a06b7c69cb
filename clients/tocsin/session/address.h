/* tocsin/session/address.h -- where a site stands on the web. */
#ifndef TOCSIN_ADDRESS_H
#define TOCSIN_ADDRESS_H

#include "trust/trust.h"
#include "view/view.h"

enum { ADDRESS_SIZE = 1024 };

/* http or https with a host, printable, ending in a slash. */
TOCSIN_MUST_USE bool address_read(const char *url, size_t len, char out[static ADDRESS_SIZE]);

/* Where the root says that its feeds are, when there is one root and it says so; preferably by this
 * key's line (NULL: any). */
TOCSIN_MUST_USE bool address_of_root(const struct view *view, const struct trust_secret *secret,
                                     char out[static ADDRESS_SIZE]);

#endif
