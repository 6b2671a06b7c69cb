/* tocsin/session/address.h -- where a site stands on the web. */
#ifndef TOCSIN_ADDRESS_H
#define TOCSIN_ADDRESS_H

#include "trust/trust.h"
#include "view/view.h"

enum { ADDRESS_SIZE = 1024 };

/* http or https with a host, printable, ending in a slash. */
TOCSIN_MUST_USE bool address_read(const char *url, size_t len, char out[static ADDRESS_SIZE]);

/* Where the root says that its feeds are, when there is one root and it says so; preferably by this
 * key's line (NULL: any). */
TOCSIN_MUST_USE bool address_of_root(const struct view *view, const struct trust_secret *secret,
                                     char out[static ADDRESS_SIZE]);

/* Where an address that somebody forwarded stands, held against that of a site: the later, the
 * nearer. */
enum address_place {
    ADDRESS_ELSEWHERE,
    ADDRESS_ODD,  /* with signs that may lead out of the site again */
    ADDRESS_OPEN, /* http of a site that has https */
    ADDRESS_BELOW
};
enum address_place address_place(const char *address, const char *site);

/* What an address names: in its path a window's uid and the 16 digits of a root, as our sites'
 * pages do, or after # the id of a root. */
struct address_names {
    bool has_uid;
    struct record_uid uid;
    char root[RECORD_ID_TEXT_SIZE]; /* its first digits; "": none */
};
void address_names(const char *address, struct address_names *out);

#endif
