/* ledger/candidate.h -- the keys that a signature may be by.  Private to the module. */
#ifndef LEDGER_CANDIDATE_H
#define LEDGER_CANDIDATE_H

#include "records/record.h"

enum candidate_role { CANDIDATE_ORGANIZER, CANDIDATE_BEACON };

struct candidate {
    struct record_public_key key;
    struct record_id root; /* the constellation whose records it may sign */
    enum candidate_role role;
};

struct candidates {
    struct candidate *list; /* owned; ascending by (id, root, role), each once; of those alike
                               whoever signed last comes first */
    size_t count, room;
};

/* Adds the keys of a root record, if it is sound.  False for want of memory. */
TOCSIN_MUST_USE bool candidates_add(struct candidates *candidates, const struct record *root);
void candidates_free(struct candidates *candidates);

/* The role that a signer of this record must have. */
enum candidate_role candidates_role_for(const struct record *record);

/* The candidates for a signature with this key id: *first and the *count - 1 after it. */
void candidates_find(const struct candidates *candidates, const struct record_key_id *id,
                     const struct record_id *root, enum candidate_role role,
                     struct candidate **first, size_t *count);

/* One of those that were found has signed: the next signature with its id is first tried by it, so
 * that whoever makes keys with another's id makes the other's no dearer. */
void candidates_prefer(struct candidate *first, struct candidate *one);

#endif
