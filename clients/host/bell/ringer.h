/* bell/ringer.h -- inside of the module: what passes between the listener and its bell.
 *
 *   to the bell, an octet each     G  T-0        R  no gesture goes on        Q  end
 *   from the bell, a line each     KIND NS TEXT: what, when on CLOCK_MONOTONIC, for people
 *
 * The end of its input is the end of the listener, and of the bell. */
#ifndef BELL_RINGER_H
#define BELL_RINGER_H

enum { RINGER_GO = 'G', RINGER_REST = 'R', RINGER_QUIT = 'Q' };

enum {
    RINGER_READY = 'r',
    RINGER_WANTING = 'w',
    RINGER_UNUSABLE = 'u',
    RINGER_RUNG = 'g',
    RINGER_FAILED = 'f',
    RINGER_OVER = 'o', /* the sound has come to its end */
};

#endif
