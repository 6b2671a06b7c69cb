/* tocsin/commands/claims.h -- "is this real?" of what people forward that is no record: a calendar
 * file, a uid, the words of a window, a feed's address.  Answered in words by what is in the store
 * and by the trusted roots, without a network. */
#ifndef TOCSIN_CLAIMS_H
#define TOCSIN_CLAIMS_H

#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

/* "good  WHAT: ..." or "no  WHAT: ...": the answer to one question. */
void claims_print(bool is_good, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "no", and EXIT_NO: for a reason, or since nobody whom this person trusts has signed it. */
int claims_refuse(const char *what, const char *why);
int claims_deny(const char *what);

/* Who signed a window, or called it off, by which root, and what became of it since; `but`: what
 * that is not said of.  says_so: what was forwarded says itself that it is called off. */
int claims_tell_window(const struct session *session, const char *what,
                       const struct view_window *window, const char *but, bool says_so);

/* Each window that a calendar's events name, and whether its dates are those in force; EXIT_NO when
 * one is not confirmed, was moved, or is nobody's whom the roots here name. */
int claims_verify_calendar(struct session *session, const char *path, const uint8_t *bytes,
                           size_t size);

/* Text that nobody signs: EXIT_NO, and each address in it judged by itself. */
int claims_verify_text(const struct session *session, const struct environment *environment,
                       const char *path, const char *text);

/* Whether a word that may have slashes is a public key, a text, or an address without its scheme,
 * rather than a path. */
bool claims_is_word(const char *word);

/* A uid, words, a number or a part of a title; the words or id of a root; or the address of a
 * site, which is not fetched: of a window's page what became of the window. */
int claims_verify_word(struct session *session, const struct environment *environment,
                       const char *word);

#endif
