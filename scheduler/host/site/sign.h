/* site/sign.h -- inside of the module: a file's signature beside it. */
#ifndef SITE_SIGN_H
#define SITE_SIGN_H

#include "site/site.h"

/* Adds PATH.minisig of the content with the trusted comment "tocsin feed PATH". */
TOCSIN_MUST_USE enum site_result sign_beside(struct site *site, const char *path, size_t content,
                                             const struct trust_secret *key,
                                             struct site_error *error);

#endif
