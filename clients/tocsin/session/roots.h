/* tocsin/session/roots.h -- the roots that a person trusts: files in the config folder, or those of
 * --root.  Every int function is as in session.h. */
#ifndef TOCSIN_ROOTS_H
#define TOCSIN_ROOTS_H

#include "tocsin/session/session.h"

/* The trusted roots, for session_load. */
int roots_load(struct session *session);
/* Begins an empty list of them. */
void roots_begin(const struct session *session, struct anchors *anchors);
/* Takes the anchors of the bytes that `path` names into the list. */
int roots_take(const char *path, const uint8_t *bytes, size_t size, struct anchors *anchors);

/* Whether --root names a file. */
bool roots_is_file(const struct session *session);

/* Where an anchor lies in the config folder. */
void roots_path(const struct session *session, const struct record_id *id,
                char out[static PATH_MAX]);
/* Keeps a root record as an anchor in the config folder. */
int roots_trust(struct session *session, const struct record *root);
/* Removes an anchor, and the signatures kept beside it, from the config folder. */
int roots_untrust(struct session *session, const struct record *root);
/* Keeps beside the anchors of the config folder the signatures that a file has of them. */
int roots_keep_signatures(struct session *session, const char *path);

#endif
