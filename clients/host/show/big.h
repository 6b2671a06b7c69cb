/* show/big.h -- a countdown for a hall: digits as large as the terminal allows, coloured by state.
 * Pure: a scene in, the bytes that draw it out. */
#ifndef SHOW_BIG_H
#define SHOW_BIG_H

#include <stdbool.h>
#include <stddef.h>

#include "instants/instant.h"

enum { BIG_SIZE = 64 * 1024, BIG_NEWS_MAX = 3, BIG_LINE_SIZE = 400 };

enum big_state { BIG_NOTHING, BIG_WAITING, BIG_ARMED, BIG_NEAR, BIG_NOW };

struct big_scene {
    size_t rows, columns;
    bool has_colour; /* else: reverse video */
    enum big_state state;
    span left; /* until the start; NOW: until the end */
    const char *title, *when, *foot;
    const char *news[BIG_NEWS_MAX]; /* the oldest first; NULL: none */
};

/* The time left as the digits show it: "3d04:05" from a day on, "4:05:06", "5:06", "6".  Rounded
 * up, so that 0 is the start and never before it. */
void big_digits(span left, char out[static 40]);

/* Draws over what stands there; returns the length.  Holds no line end, and nothing that a title
 * could steer the terminal with. */
size_t big_draw(const struct big_scene *scene, char out[static BIG_SIZE]);

#endif
