/* feeds/fold.h -- inside of the module: lines of at most 75 octets (RFC 5545 section 3.1). */
#ifndef FEEDS_FOLD_H
#define FEEDS_FOLD_H

#include "text/draft.h"

enum { FOLD_OCTETS = 75 };

/* Adds one line, without its end, folded between characters and ended by CRLF. */
void fold_add_line(struct draft *draft, const char *line, size_t len);

#endif
