/* cli/history.h -- the records that a window has had, and what comes next. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/desk.h"

enum { HISTORY_HEADS_MAX = 8 };

struct history {
    const struct record *content; /* the window record that an amendment starts from */
    uint32_t next_seq;
    struct record_id
        prev[HISTORY_HEADS_MAX]; /* every effective record at next_seq - 1, ascending */
    size_t prev_count;
};

/* Whether a record of a trusted constellation is in effect. */
bool history_is_effective(const struct desk *desk, const struct record *record);

/* The heads of a window: effective records of the highest seq; where none is effective, the
 * tentative ones, and it says so.  A cancelled window has no next record. */
int history_find(const struct desk *desk, const struct view_window *window, struct history *out);

#endif
