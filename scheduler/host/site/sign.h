/* site/sign.h -- inside of the module: a feed's signature beside it, and why a feed is not there.
 */
#ifndef SITE_SIGN_H
#define SITE_SIGN_H

#include "site/site.h"

/* Adds PATH.minisig of the content with the trusted comment "tocsin feed PATH". */
TOCSIN_MUST_USE enum site_result sign_beside(struct site *site, const char *path, size_t content,
                                             const struct trust_secret *key,
                                             struct site_error *error);

/* What it is to a site that a feed could not be written: says so where it is unsound. */
TOCSIN_MUST_USE enum site_result sign_no_feed(enum feed_result result, const char *path,
                                              const char *why, struct site_error *error);

#endif
