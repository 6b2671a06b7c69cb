/* tocsin/commands/cosign.h -- reviewing and signing what others made: tocsin cosign and join. */
#ifndef TOCSIN_COSIGN_H
#define TOCSIN_COSIGN_H

#include "tocsin/session/bundle.h"
#include "tocsin/windows/environment.h"

enum { COSIGN_SUBJECTS_MAX = 256 };

/* What became of the records looked at. */
struct cosigning {
    const struct environment *environment;
    const char *although; /* the id of a record whose dates contradict its rule; NULL: of none */
    size_t signed_count, declined;
    struct bundle_about about[COSIGN_SUBJECTS_MAX]; /* what was signed, now or before */
    size_t about_count;
    bool is_over; /* nobody answers, or the key or the store fails: the others would too */
};

/* Shows one record, asks, signs it and tells what the signatures amount to. */
int cosign_record(struct session *session, struct cosigning *cosigning,
                  const struct view_entry *entry);

/* Notes what a record is about, to be sent; whether that is new. */
bool cosign_remember(struct cosigning *cosigning, const struct record *record);

/* Whether there is sense in asking about another, after this code. */
bool cosign_goes_on(const struct cosigning *cosigning, int code);

/* Takes a file into the store, and reviews every record of it that still wants signatures and that
 * the signer may sign, roots first, then cancellations; none that could contest another by this
 * signature.  EXIT_DONE too when there is none. */
int cosign_file(struct session *session, struct cosigning *cosigning, const char *path);

/* Says what was signed and declined, and writes or tells what is to be sent. */
int cosign_conclude(struct session *session, const struct cosigning *cosigning);

/* Chooses the key that signs, and looks at its public half. */
int cosign_as(struct session *session);

#endif
