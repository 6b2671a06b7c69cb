#include "view/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { ARENA_BLOCK_SIZE = 64 * 1024 };

struct arena_block {
    struct arena_block *before; /* owned */
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    if (count == 0) {
        return NULL;
    }
    size_t wanted;
    if (__builtin_mul_overflow(count, size, &wanted) ||
        wanted > (size_t)-1 - sizeof(struct arena_block) - alignof(max_align_t)) {
        arena->has_failed = true;
        return NULL;
    }
    wanted = (wanted + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct arena_block *block = arena->last;
    if (block == NULL || block->size - block->used < wanted) {
        size_t room = wanted > ARENA_BLOCK_SIZE ? wanted : ARENA_BLOCK_SIZE;
        block = calloc(1, sizeof *block + room);
        if (block == NULL) {
            arena->has_failed = true;
            return NULL;
        }
        block->size = room;
        block->before = arena->last;
        arena->last = block;
    }
    void *out = block->bytes + block->used;
    block->used += wanted;
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
