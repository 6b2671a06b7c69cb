/* keys/passphrase.h -- a passphrase from the terminal or from a descriptor, into guarded memory.
 * Never from an argument or the environment, where other programs can see it.  Shell. */
#ifndef KEYS_PASSPHRASE_H
#define KEYS_PASSPHRASE_H

#include "keys/keys.h"

enum { PASSPHRASE_MAX = 1023 }; /* bytes, as in minisign */

struct passphrase {
    char *text; /* guarded; NUL-terminated for show, len is what counts */
    size_t len;
};

/* Asks at the controlling terminal without echo, twice when confirm is set (for a new key); when
 * nothing was typed, or the two differ, it asks again, three times in all.  False when there is no
 * terminal, it was too long, or three times were not enough.  A signal that
 * comes meanwhile (Ctrl-C) takes effect after the terminal has its echo back. */
TOCSIN_MUST_USE bool passphrase_ask(const char *prompt, bool confirm, struct passphrase *out,
                                    struct keys_error *error);

/* Between them nothing that is typed at the terminal is shown: a key takes seconds to open, and who
 * is quick types the next secret meanwhile.  A signal that ends the program shows it again first.
 */
void passphrase_hide(void);
void passphrase_show(void);

/* Reads the first line of a descriptor, without its line feed, and nothing after it. */
TOCSIN_MUST_USE bool passphrase_read(int fd, struct passphrase *out, struct keys_error *error);

/* Wipes and frees; an empty one is fine. */
void passphrase_free(struct passphrase *passphrase);

#endif
