/* ledger/ledger.h -- a set of records and verified signatures that only grows: what replicas merge.
 *
 * Signatures are verified here, once, under the keys that the root records in the ledger name
 * (organizers; for heartbeats beacons).  A key id only selects candidates; a signer is told apart
 * by public key.  What the records mean is the view's business, what is on disk the store's. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "ledger/note.h"
#include "records/record.h"
#include "trust/trust.h"
#include "view/view.h"

struct ledger;

enum ledger_result {
    LEDGER_NEW = 0,
    LEDGER_KNOWN,       /* it was there */
    LEDGER_REFUSED,     /* and why */
    LEDGER_UNKNOWN_KEY, /* a signature by a key that no root here names: perhaps a later one will */
    LEDGER_NO_MEMORY,
    LEDGER_STOPPED, /* the sink would not have it */
};

enum {
    LEDGER_QUOTA = 1000,     /* for each organizer of the accepted chain, records with fewer than m
                                signatures, drafts and changes of keys apart; for each beacon,
                                heartbeats; for all other keys together, whatever they signed */
    LEDGER_QUOTA_ROOTS = 16, /* and so many roots: each may bring a key with an honest key's id, by
                                which every false signature with that id is tried */
    LEDGER_QUOTA_BYTES = 4 << 20, /* and of windows and cancellations so many bytes */
};

/* NULL: no memory.  leap must outlive the ledger. */
struct ledger *ledger_new(const struct leap_table *leap);
void ledger_free(struct ledger *ledger);

/* Gives trust_verify's verdict, worked out beforehand perhaps. */
typedef enum trust_result (*ledger_verifier)(void *context, const struct trust_signature *signature,
                                             const struct record_public_key *key,
                                             const uint8_t *bytes, size_t size);

/* Whom the ledger asks from now on; NULL: trust_verify. */
void ledger_verify_with(struct ledger *ledger, ledger_verifier verify, void *context);

/* Puts in one record, whoever made it; the keys of a sound root become candidates at once.  *out
 * (may be NULL) belongs to the ledger. */
TOCSIN_MUST_USE enum ledger_result ledger_put_record(struct ledger *ledger, const uint8_t *bytes,
                                                     size_t size, const struct record **out,
                                                     struct ledger_refusal *why);

/* Puts in one signature over a record that is there, once it verifies; *key (may be NULL) tells by
 * whom. */
TOCSIN_MUST_USE enum ledger_result ledger_put_signature(struct ledger *ledger,
                                                        const struct record_id *record,
                                                        const struct trust_signature *signature,
                                                        struct record_public_key *key,
                                                        struct ledger_refusal *why);

/* Puts in a signature that someone else has verified under key. */
TOCSIN_MUST_USE enum ledger_result ledger_put_signer(struct ledger *ledger,
                                                     const struct record_id *record,
                                                     const struct record_public_key *key);

/* Whether each key that a signature with this key id over the record may be by has signed it: then
 * nothing can be learnt from one more. */
bool ledger_has_signed(const struct ledger *ledger, const struct record_id *record,
                       const struct record_key_id *by);

/* Everything, in no order that means anything; valid until the next change. */
const struct view_entry *ledger_entries(const struct ledger *ledger, size_t *count);

/* The entry of a record, or NULL. */
const struct view_entry *ledger_find(const struct ledger *ledger, const struct record_id *id);

/* Hears of each new record (signature NULL, key NULL) and then of its new signatures.  False stops
 * the merge. */
typedef bool (*ledger_sink)(void *context, const struct record *record,
                            const struct trust_signature *signature,
                            const struct record_public_key *key);

/* Hears what was refused and why; at most 20 notes a merge, and how many more.  A signature by a
 * key that no root here names is refused where every version of the root up to the newest is here;
 * else it may be by an organizer of a version that is not, and is only told. */
typedef void (*ledger_note_sink)(void *context, const struct ledger_note *note);

/* What a merge takes from a peer, and who hears of it.  A record comes in only with a signature by
 * an organizer (a heartbeat: a beacon) that a root in the ledger names.  A root of version 1 may
 * bring its own keys; a later version must be signed by a key known before, unless it is given by
 * hand. */
struct ledger_policy {
    const struct record_id *root; /* only these constellations; none: any */
    size_t root_count;
    const struct record_id *anchor; /* root records given by hand before, whoever sends them now */
    size_t anchor_count;
    bool is_by_hand;    /* a FILE argument: its roots may be anchors of any version */
    size_t quota;       /* 0: LEDGER_QUOTA */
    size_t quota_bytes; /* 0: LEDGER_QUOTA_BYTES */
    ledger_sink sink;   /* who hears of it; may be NULL, both */
    void *sink_context;
    ledger_note_sink note;
    void *note_context;
};

struct ledger_counts {
    size_t records_new, records_known, signatures_new, signatures_known, refused;
    bool is_cut_off; /* the stream ended in malformed bytes: what came before them was taken */
};

void ledger_counts_add(struct ledger_counts *sum, const struct ledger_counts *more);

/* Merges a sync stream.  LEDGER_NEW when the stream was gone through, whatever was refused; else
 * LEDGER_NO_MEMORY or LEDGER_STOPPED. */
TOCSIN_MUST_USE enum ledger_result ledger_merge(struct ledger *ledger, const uint8_t *bytes,
                                                size_t size, const struct ledger_policy *policy,
                                                struct ledger_counts *counts);

#endif
