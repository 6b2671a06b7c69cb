#include "view/arena.h"

#include <stdint.h>
#include <stdlib.h>

static const size_t BLOCK_UNITS = 2048;

struct arena_block {
    struct arena_block *before; /* owned */
    size_t used, size;          /* in units */
    max_align_t unit[];
};

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    struct arena_block *block = arena->last;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX) {
        arena->has_failed = true;
        return NULL;
    }
    size_t units = (bytes + sizeof *block->unit - 1) / sizeof *block->unit;
    if (block == NULL || units > block->size - block->used) {
        size_t room = units > BLOCK_UNITS ? units : BLOCK_UNITS;
        block = calloc(1, sizeof *block + room * sizeof *block->unit);
        if (block == NULL) {
            arena->has_failed = true;
            return NULL;
        }
        block->size = room;
        block->before = arena->last;
        arena->last = block;
    }
    void *out = block->unit + block->used;
    block->used += units;
    return out;
}

void arena_free(struct arena *arena)
{
    while (arena->last != NULL) {
        struct arena_block *before = arena->last->before;
        free(arena->last);
        arena->last = before;
    }
}
