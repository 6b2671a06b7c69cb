/* hook/output.h -- what the commands write to their standard output and error: taken from all of
 * them, passed on up to a rate and a size, and left out beyond; none of them ever waits for long,
 * and none floods a disk. */
#ifndef HOOK_OUTPUT_H
#define HOOK_OUTPUT_H

#include <stddef.h>

#include "instants/instant.h"

enum {
    HOOK_OUTPUT_CHUNK = 64 * 1024, /* taken at once */
    HOOK_OUTPUT_REST_MS = 20,      /* between two chunks, so that a flood costs little */
    HOOK_OUTPUT_RATE = 16 * 1024,  /* passed on a second, and four times that at once */
    HOOK_OUTPUT_MAX = 1024 * 1024, /* passed on, from when a command is first prepared until none is
                                    * left */
};

struct hook_output {
    int ends[2]; /* a pipe; the second is the commands' */
    int64_t allowed;
    mono filled;
    int64_t passed;
    uint64_t left_out, told; /* bytes */
};

/* False with errno. */
bool hook_output_open(struct hook_output *output);
void hook_output_close(struct hook_output *output);

/* Takes what is there, at most a chunk; what may be passed on comes to stand in out.  Returns its
 * size. */
size_t hook_output_take(struct hook_output *output, mono now, char out[static HOOK_OUTPUT_CHUNK]);

/* Whether people should hear that so much was left out by now: the first time, and each time that
 * it is ten times as much. */
bool hook_output_is_worth_telling(struct hook_output *output, uint64_t *left_out);

/* No command is left: the next may write as much again. */
void hook_output_renew(struct hook_output *output);

#endif
