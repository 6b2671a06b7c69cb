/* tocsin-listen/state.h -- what a listener must not forget: which occurrences it has armed and
 * fired, the learned skew, the time floor, each beacon's newest stamp.  Shell; its outside thing is
 * one folder.
 *
 *   DIR/lock     held while the listener runs: two of them would ring twice
 *   DIR/marks    a line each, appended and synced before anything happens; blocks beyond its end
 *                are set aside, so that a disk that fills up later still takes marks
 *   DIR/memory   replaced as a whole; listener/keep.h has the lines of both
 *   DIR/proof-ROOT8-KEYID-{1,2}.tick   two ticks that prove that a beacon lies */
#ifndef LISTEN_STATE_H
#define LISTEN_STATE_H

#include <sys/types.h>

#include "listener/keep.h"

struct state {
    char dir[3072];
    int lock, marks; /* descriptors */
    off_t room_end;  /* blocks of the marks' file are set aside up to here */
    bool is_short;   /* of room, and it was told */
    struct listener_mark mark[LISTENER_MARKS_MAX];
    size_t mark_count;
    struct listener_boot boot; /* that of now */
    struct keep keep;          /* as it was found */
};

/* Opens (making it, 0700), locks and reads the folder.  False with a sentence that names the file
 * and the remedy. */
bool state_open(struct state *state, const char *dir, char why[static 300]);

/* Reads without locking or changing anything: for --check.  What cannot be read is taken as
 * absent. */
void state_look(struct state *state, const char *dir);

void state_close(struct state *state);

/* Sets room aside for the marks to come where little is left, so call it every few seconds.  False,
 * once until there is room again, when there is none; true where the file system knows no such
 * thing, and of a state that was not opened. */
bool state_keep_room(struct state *state, char why[static 300]);

/* Any number at once, for the disk is asked once.  Durable when it returns true. */
bool state_add_marks(struct state *state, const struct listener_mark *mark, size_t count,
                     char why[static 300]);

bool state_save_memory(struct state *state, const struct keep *keep, char why[static 300]);

/* Keeps two ticks that prove a beacon lies, as DIR/proof-ROOT8-KEYID-{1,2}.tick. */
bool state_save_proof(struct state *state, const struct record_id *root,
                      const struct record_key_id *beacon, const uint8_t *const tick[2],
                      const size_t size[2], char why[static 300]);

/* proofs.c: a proof that was kept, or why it cannot be read. */
struct state_proof {
    bool is_read;
    char where[LISTENER_WHERE_SIZE], why[300];
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
};

/* Reads the proofs of the folder, whatever they prove; calls found with each. */
void state_load_proofs(const struct state *state,
                       void (*found)(void *context, const struct state_proof *proof),
                       void *context);

/* $XDG_STATE_HOME/tocsin/listen, else ~/.local/state/tocsin/listen. */
bool state_default_dir(char *out, size_t size);

#endif
