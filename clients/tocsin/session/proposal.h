/* tocsin/session/proposal.h -- a record while it is put together from options, and its signing. */
#ifndef TOCSIN_PROPOSAL_H
#define TOCSIN_PROPOSAL_H

#include "tocsin/session/session.h"

/* Keeps a heap block until the program ends, where all are freed; of NULL, which no memory gave,
 * say_no_memory. */
void *proposal_keep(void *block);

/* Asks whoever is at the terminal for what no option said; the line lives until the program ends.
 * NULL: nobody is there, or nothing was typed. */
char *proposal_ask(const char *what);

/* A copy that lives until the program ends. */
struct text proposal_text(const char *text);

/* A person's prose made NFC, free of bytes that no record may hold, and escaped; newlines only in
 * `about`.  Says what is wrong under the name of the option that it came from. */
int proposal_prose(const char *option, const char *prose, bool newlines, struct text *out);

/* Now, cut to a whole second, as `made` wants it. */
instant proposal_made(const struct session *session);

/* The canonical bytes of a record; what is wrong with them is told by the option that it came
 * from. */
int proposal_write(const struct session *session, const struct record *record,
                   char out[static RECORD_SIZE_MAX], size_t *size);

/* Whether a record can be written: says so before a long preview. */
int proposal_check(const struct session *session, const struct record *record);

/* Shows the text of a record on standard error, each line behind a bar; of many lines of one key
 * the first ones, unless --full is given. */
void proposal_show_text(const struct session *session, const char *text, size_t size);

/* Shows the exact text to be signed on standard error, asks, then signs and stores; record->id is
 * then its id.  question ends in '?'. */
int proposal_sign(struct session *session, struct record *record, const char *question);

#endif
