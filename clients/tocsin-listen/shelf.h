/* tocsin-listen/shelf.h -- the records a listener holds in memory: a ledger, and the roots given by
 * hand that it is anchored in.  Knows no file and no socket: streams come in as bytes. */
#ifndef LISTEN_SHELF_H
#define LISTEN_SHELF_H

#include "view/view.h"

enum { SHELF_ROOTS_MAX = 16 };

struct shelf;

struct shelf_counts {
    size_t records_new, signatures_new, known, refused;
    bool is_malformed; /* the stream broke off */
    char first_refusal[320];
};

struct shelf *shelf_new(const struct leap_table *leap);
void shelf_free(struct shelf *shelf);

/* Has every addition that brought something told: kind is "anchor" or "records". */
void shelf_watch(struct shelf *shelf,
                 void (*added)(void *context, const char *kind, const uint8_t *bytes, size_t size),
                 void *context);

/* Takes every root record of these bytes (a raw record, or a stream) as given by hand: the highest
 * version of each constellation becomes its anchor.  False with a sentence in why when there is
 * none, or two that contradict one another. */
bool shelf_add_anchor(struct shelf *shelf, const uint8_t *bytes, size_t size, char why[static 200]);

/* Adds what verifies of a stream, of the anchored constellations alone.  Again and again is
 * harmless. False for want of memory. */
bool shelf_add_stream(struct shelf *shelf, const uint8_t *bytes, size_t size,
                      struct shelf_counts *out);

size_t shelf_anchor_count(const struct shelf *shelf);
const struct record_id *shelf_anchor_root(const struct shelf *shelf, size_t index);
size_t shelf_record_count(const struct shelf *shelf);

/* What it all means at `now`; the view borrows from the shelf, and is void when the shelf changes.
 */
bool shelf_view(const struct shelf *shelf, instant now, struct view **out);

#endif
