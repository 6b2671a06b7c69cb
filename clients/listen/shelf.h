/* listen/shelf.h -- the records a listener holds in memory, with the signatures that it verified
 * itself.  Knows no file and no socket: streams come in as bytes.
 *
 * Only records of the constellations whose roots were given by hand are taken, and only with at
 * least one signature by a key that a root on the shelf names; so a stranger cannot fill the shelf.
 */
#ifndef LISTEN_SHELF_H
#define LISTEN_SHELF_H

#include "view/view.h"

enum {
    SHELF_RECORDS_MAX = 4096, /* the contract's quota is 1,000 live ones per root */
    SHELF_SIGNERS_MAX = 32,
    SHELF_ROOTS_MAX = 16,
};

struct shelf;

struct shelf_counts {
    size_t records_new, signatures_new, refused, foreign, unsigned_by_us;
    bool is_malformed; /* the stream broke off */
    char first_refusal[200];
};

struct shelf *shelf_new(const struct leap_table *leap);
void shelf_free(struct shelf *shelf);

/* Takes every root record of these bytes (a raw record, or a stream) as given by hand: the highest
 * version of each constellation becomes its anchor.  False with a sentence in why when there is
 * none, or two that contradict one another. */
bool shelf_add_anchor(struct shelf *shelf, const uint8_t *bytes, size_t size, char why[static 200]);

/* Adds what verifies of a stream.  Again and again is harmless. */
void shelf_add_stream(struct shelf *shelf, const uint8_t *bytes, size_t size,
                      struct shelf_counts *out);

/* Adds one record with one signature. */
void shelf_add_record(struct shelf *shelf, const uint8_t *record, size_t record_size,
                      const uint8_t *signature, size_t signature_size, struct shelf_counts *out);

size_t shelf_anchor_count(const struct shelf *shelf);
const struct record_id *shelf_anchor_root(const struct shelf *shelf, size_t index);
size_t shelf_record_count(const struct shelf *shelf);

/* What it all means at `now`; the view borrows from the shelf, and is void when the shelf changes.
 */
bool shelf_view(const struct shelf *shelf, instant now, struct view **out);

#endif
