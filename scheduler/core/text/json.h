/* text/json.h -- JSON (RFC 8259) written member by member into a draft; commas go by what stands
 * before.  A name is NULL in a list and for the outermost.  Into a draft that lies in storage of
 * somebody's (draft_in) a member is written whole or not at all, and what is open can be closed. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "text/draft.h"
#include "text/text.h"

/* bracket: { or [, } or ]. */
void json_open(struct draft *out, const char *name, char bracket);
void json_close(struct draft *out, char bracket);

void json_text(struct draft *out, const char *name, const char *value);
void json_text_of(struct draft *out, const char *name, struct text value);
void json_number(struct draft *out, const char *name, int64_t value);
/* A number of tenths, hundredths and so on: 1234 of 3 digits is written 1.234; at most 9. */
void json_decimal(struct draft *out, const char *name, int64_t value, int digits);
void json_flag(struct draft *out, const char *name, bool value);
void json_null(struct draft *out, const char *name);
/* What is JSON already. */
void json_raw(struct draft *out, const char *name, const char *value);

#endif
