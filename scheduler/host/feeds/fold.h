/* feeds/fold.h -- inside of the module: lines of at most 75 octets (RFC 5545 section 3.1).
 *
 * libical's own folding is undone and done again: 3.0.16 breaks some lines between the CR and the
 * LF that end them, and leaves names of properties alone on a line. */
#ifndef FEEDS_FOLD_H
#define FEEDS_FOLD_H

#include "feeds/draft.h"

/* Adds one line, without its end, folded between characters and ended by CRLF. */
void fold_add_line(struct draft *draft, const char *line, size_t len);

/* Adds text that libical wrote, each line unfolded and folded again. */
void fold_add_again(struct draft *draft, const char *text);

#endif
