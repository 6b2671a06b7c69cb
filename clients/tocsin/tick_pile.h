/* tocsin/tick_pile.h -- ticks kept as files: each verified by a beacon's key that a trusted root
 * names, and held against the others.  Two of them may prove that their beacon lies. */
#ifndef CLI_TICK_PILE_H
#define CLI_TICK_PILE_H

#include "tocsin/desk.h"
#include "ticks/tick.h"

enum { TICK_PILE_MAX = 256 };

struct tick_pile {
    struct piled_tick {
        const char *path; /* borrowed */
        struct tick tick;
        const struct record_key *beacon; /* the desk's */
        uint8_t bytes[TICK_SIZE_MAX];
        size_t size;
    } piled[TICK_PILE_MAX];
    size_t count;
};

/* Whether the file begins as a tick does. */
bool tick_pile_is_tick(const char *path);

/* Verifies one, says what it holds, and keeps it if it is good.  An exit code. */
int tick_pile_verify(struct tick_pile *pile, const struct desk *desk, const char *path);

/* Names each pair of good ticks that no honest beacon can have signed both: two different ones of
 * one number, or one that carries another hash of the one before. */
void tick_pile_tell_lies(const struct tick_pile *pile);

#endif
