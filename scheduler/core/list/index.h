/* list/index.h -- what a list holds found by its hash: open addressing, at most half full. */
#ifndef LIST_INDEX_H
#define LIST_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIST_HASH_SIZE = 32 };

/* The hash of the list's i-th; it never changes. */
typedef const uint8_t *list_hash_at(const void *list, size_t i);

/* Begins as {0}. */
struct list_index {
    uint32_t *slot; /* owned: number in the list + 1; 0: free */
    size_t slots;
};

/* Makes room for one more than the list holds; false for want of memory. */
bool list_index_room(struct list_index *index, const void *list, size_t count,
                     list_hash_at *hash_at);

/* The slot that holds the number of a hash, or the free one where it belongs, into which whoever
 * adds it to the list puts it.  NULL: there was never room for any. */
uint32_t *list_index_find(const struct list_index *index, const void *list, list_hash_at *hash_at,
                          const uint8_t hash[static LIST_HASH_SIZE]);

void list_index_free(struct list_index *index);

#endif
