/* ledger/quota.h -- how many records each key may bring in a merge.  Private to the module. */
#ifndef LEDGER_QUOTA_H
#define LEDGER_QUOTA_H

#include "ledger/internal.h"

struct quota {
    const struct ledger *ledger;
    const struct ledger_policy *policy;
    bool lacks_memory;
    bool has_tallies;    /* of what was there before */
    struct tally *tally; /* owned */
    size_t tally_count, tally_room;
    struct record_id asked; /* the constellation whose roots were looked at last */
    uint32_t threshold; /* of its lowest version, the nearest to what was given by hand, so that no
                           later root can lower it for the quota's sake; 0: none was looked at */
    bool has_gap;       /* the version before one of them is not here */
    const struct record_root **accepted; /* owned: those that may charge keys, of `asked` */
    size_t accepted_count, accepted_room;
};

/* Charges a record that too few keys of the accepted chain signed to each of them, or to nobody's
 * tally where there is none: what m organizers signed is always let in.  Whether one of them had
 * room; a record that is there already is charged whether or not.  lacks_memory is to be asked. */
bool quota_charge(struct quota *quota, const struct record *record,
                  const struct record_public_key *signer, size_t signers, bool is_there);

/* How many such records a key may bring. */
size_t quota_of(const struct quota *quota, const struct record *record);

/* Whether a key that no root here names may be an organizer's of a version that is not here. */
bool quota_may_be_of_a_gap(struct quota *quota, const struct record *record);

/* A root has come, or a signature over one: what was accepted may be more now. */
void quota_look_again(struct quota *quota);

void quota_free(struct quota *quota);

#endif
