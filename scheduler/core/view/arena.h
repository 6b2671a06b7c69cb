/* view/arena.h -- memory that lives exactly as long as one view.  A failed request is remembered,
 * so that a computation may go on with empty answers and be thrown away whole at its end. */
#ifndef VIEW_ARENA_H
#define VIEW_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *last; /* owned */
    bool has_failed;
};

/* Room for count things of size bytes, zeroed, and somewhere even for none; NULL when memory is
 * short, and has_failed is then set. */
void *arena_take(struct arena *arena, size_t count, size_t size);
void arena_free(struct arena *arena);

#endif
