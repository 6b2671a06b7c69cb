/* http/date.h -- inside of the module: dates as HTTP writes them (RFC 9110 section 5.6.7). */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include "instants/instant.h"

enum { HTTP_DATE_SIZE = 30 }; /* "Sun, 06 Nov 1994 08:49:37 GMT" and a NUL */

/* Reads any of the three forms; false for anything else, and outside of 1700 to 2249.  now decides
 * the century of the form that has two digits for the year. */
TOCSIN_MUST_USE bool http_date_read(const char *text, utc now, utc *out);

/* at must be in the accepted range; what is less than a second is dropped. */
void http_date_write(utc at, char out[static HTTP_DATE_SIZE]);

#endif
