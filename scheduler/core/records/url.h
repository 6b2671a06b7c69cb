/* records/url.h -- the URLs that a record may hold: mqtt(s), ws(s), http(s), no user info. */
#ifndef RECORDS_URL_H
#define RECORDS_URL_H

#include "text/text.h"

/* NULL when url is acceptable, else what was expected, and *fault points at the byte where. */
const char *url_judge(struct text url, const char **fault);

#endif
