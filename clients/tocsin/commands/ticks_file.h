/* tocsin/commands/ticks_file.h -- ticks kept as files: each verified by a beacon's key that a
 * trusted root names, and held against the others.  Two of them may prove that their beacon
 * lies. */
#ifndef TOCSIN_TICKS_FILE_H
#define TOCSIN_TICKS_FILE_H

#include "ticks/tick.h"
#include "tocsin/session/session.h"

enum { TICKS_FILE_MAX = 256 };

struct ticks_file {
    struct piled_tick {
        const char *path; /* borrowed */
        struct tick tick;
        const struct record_key *beacon; /* the session's */
        uint8_t bytes[TICK_SIZE_MAX];
        size_t size;
    } piled[TICKS_FILE_MAX];
    size_t count;
};

/* Whether the file begins as a tick does. */
bool ticks_file_is_tick(const char *path);

/* Verifies one, says what it holds, and keeps it if it is good.  An exit code. */
int ticks_file_verify(struct ticks_file *pile, const struct session *session, const char *path);

/* Names each pair of good ticks that no honest beacon can have signed both: two different ones of
 * one number, or one that carries another hash of the one before. */
void ticks_file_tell_lies(const struct ticks_file *pile);

#endif
