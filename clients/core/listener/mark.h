/* listener/mark.h -- what is on disk about an occurrence that was about to happen, or did, so that
 * no restart rings it a second time.
 *
 *   ARMED   the disk takes marks; nothing was released under it
 *   FIRING  durable before any release, and lifted by nothing but a later mark
 *   FIRED   the gesture was released
 *
 * A run that finds FIRING cannot ask the one before it, nor believe a wall clock that may be wrong.
 * The monotonic clock of one boot cannot be set, though: within the boot that the mark names,
 * nothing was released before `not_before`; after another boot, or later, perhaps it was, and it is
 * not rung again. */
#ifndef LISTENER_MARK_H
#define LISTENER_MARK_H

#include "instants/instant.h"
#include "records/record.h"

enum { LISTENER_KEY_SIZE = 17 };

/* The name under which an occurrence has happened or not, whatever its record. */
struct listener_name {
    struct record_id root;
    struct record_uid uid;
    char key[LISTENER_KEY_SIZE];
};

bool listener_name_equal(const struct listener_name *a, const struct listener_name *b);

/* One run of the host's kernel; all zero: not known, and then no two are the same. */
struct listener_boot {
    uint8_t bytes[16];
};

enum listener_mark_kind { MARK_ARMED, MARK_FIRING, MARK_FIRED };

struct listener_mark {
    enum listener_mark_kind kind;
    struct listener_name name;
    utc start;                 /* the start it was made for */
    struct listener_boot boot; /* FIRING */
    mono not_before;           /* FIRING */
};

/* For the first look of a run at a mark of an earlier one: was its gesture released, or may it have
 * been? */
bool listener_mark_is_rung(const struct listener_mark *mark, const struct listener_boot *boot,
                           mono now);

/* The last word about a name holds, but FIRED is never taken back: the mark of a moved start may
 * become durable only after the shot for the old one went out.  Both are of one name. */
void listener_mark_update(struct listener_mark *known, const struct listener_mark *later);

#endif
