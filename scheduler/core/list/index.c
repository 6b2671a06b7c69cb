#include "list/index.h"

#include <stdlib.h>
#include <string.h>

uint32_t *list_index_find(const struct list_index *index, const void *list, list_hash_at *hash_at,
                          const uint8_t hash[static LIST_HASH_SIZE])
{
    if (index->slots == 0) {
        return NULL;
    }
    uint64_t number; /* any bytes of a hash are one */
    memcpy(&number, hash, sizeof number);
    size_t at = number % index->slots;
    while (index->slot[at] != 0 &&
           memcmp(hash_at(list, index->slot[at] - 1), hash, LIST_HASH_SIZE) != 0) {
        at = (at + 1) % index->slots;
    }
    return &index->slot[at];
}

bool list_index_room(struct list_index *index, const void *list, size_t count,
                     list_hash_at *hash_at)
{
    if (2 * (count + 1) <= index->slots) {
        return true;
    }
    size_t slots = 4 * (count < 32 ? 32 : count);
    struct list_index more = {.slot = calloc(slots, sizeof *more.slot), .slots = slots};
    if (more.slot == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t *slot = list_index_find(&more, list, hash_at, hash_at(list, i));
        *slot = *slot == 0 ? (uint32_t)i + 1 : *slot;
    }
    free(index->slot);
    *index = more;
    return true;
}

void list_index_free(struct list_index *index)
{
    free(index->slot);
    *index = (struct list_index){0};
}
