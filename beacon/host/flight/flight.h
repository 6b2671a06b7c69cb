/* flight/flight.h -- the flight recorder of beacon and listener: everything that reaches the mind,
 * as text, so that what happened in the field can be gone through again at a desk.  What the lines
 * mean is written in tocsin-flight(5); here is only what they are made of: fields between tabs, `-`
 * for what is absent, bytes in hexadecimal.
 *
 * Nothing waits for the disk: one that is full, fails or hangs ends the log, and nothing else.
 *
 * Shell; its outside thing is that file. */
#ifndef FLIGHT_FLIGHT_H
#define FLIGHT_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "instants/must_use.h"

enum {
    FLIGHT_WHY_SIZE = 200,
    FLIGHT_LINE_MAX = 34 * 1024 * 1024, /* the longest sync stream in hexadecimal, and more */
};

/* --- writing: NULL is no log, and everything then does nothing ------------------------------- */

struct flight;

/* Appends a run of program ("tocsin-beacon") to a log, which is made if need be.  A line that broke
 * off before is marked as such.  False with a sentence. */
TOCSIN_MUST_USE bool flight_open(const char *path, const char *program, struct flight **out,
                                 char why[static FLIGHT_WHY_SIZE]);

/* A line: its fields one by one, then its end. */
void flight_text(struct flight *flight, const char *text); /* NULL: absent */
void flight_number(struct flight *flight, int64_t number);
void flight_absent(struct flight *flight);
void flight_bytes(struct flight *flight, const uint8_t *bytes, size_t size); /* none: absent */
void flight_end(struct flight *flight);

/* `anchor` or `records`: bytes that came in; context is the flight. */
void flight_came(void *context, const char *kind, const uint8_t *bytes, size_t size);

/* Hands on what was written.  False, once, when something is lost: the log ends there. */
TOCSIN_MUST_USE bool flight_flush(struct flight *flight);

/* False when the end of it could not be written and flight_flush has not said so. */
TOCSIN_MUST_USE bool flight_close(struct flight *flight);

/* --- reading ---------------------------------------------------------------------------------- */

/* What is left of a line.  Fields are taken in their order; the first that is not as it should be
 * spoils the line, and gives 0 as do all after it. */
struct flight_line {
    char *rest; /* NULL: nothing is left */
    bool is_spoilt;
};

int64_t flight_take_number(struct flight_line *line, int64_t low, int64_t high);
/* *is_there tells whether it was. */
int64_t flight_take_if(struct flight_line *line, int64_t low, int64_t high, bool *is_there);
/* Its place in a list of count words. */
size_t flight_take_word(struct flight_line *line, const char *const word[], size_t count);
/* "" for what is absent; most bytes with the NUL. */
const char *flight_take_text(struct flight_line *line, size_t most);
/* Good until the next line. */
const uint8_t *flight_take_bytes(struct flight_line *line, size_t most, size_t *size);
void flight_take_exactly(struct flight_line *line, uint8_t *out, size_t size);

/* Whether all was as it should be, and nothing is left. */
TOCSIN_MUST_USE bool flight_took_all(const struct flight_line *line);

/* Who goes through a log of his program again.  False: the log cannot have been written so. */
struct flight_player {
    const char *program;
    void *context;
    bool (*begin)(void *context); /* a run: whatever was before is forgotten */
    bool (*set)(void *context, const char *name, struct flight_line *line);
    bool (*came)(void *context, bool is_anchor, const uint8_t *bytes, size_t size);
    bool (*step)(void *context, struct flight_line *line);
};

/* False with the line and what is wrong with it; a log without a step is wrong, too.  *torn counts
 * the lines that break off, and *last_torn is the last of them: they are passed over. */
TOCSIN_MUST_USE bool flight_play(FILE *file, const struct flight_player *player, size_t *torn,
                                 size_t *last_torn, char why[static FLIGHT_WHY_SIZE]);

/* The same with a file, telling a person; the exit code. */
int flight_replay(const char *path, const struct flight_player *player);

#endif
