#include "list/list.h"

#include <stdlib.h>
#include <string.h>

bool list_resize(void *array, size_t room, size_t size)
{
    void *list;
    memcpy(&list, array, sizeof list); /* all pointers look alike: POSIX */
    list = reallocarray(list, room, size);
    if (list == NULL) {
        return false;
    }
    memcpy(array, &list, sizeof list);
    return true;
}

bool list_grow(void *array, size_t *room, size_t size)
{
    size_t more = *room == 0 ? 16 : 2 * *room;
    if (!list_resize(array, more, size)) {
        return false;
    }
    *room = more;
    return true;
}

void list_sort(void *array, size_t count, size_t size, list_order *order)
{
    if (count > 0) {
        qsort(array, count, size, order);
    }
}

size_t list_sort_distinct(void *array, size_t count, size_t size, list_order *order)
{
    size_t kept = 0;
    char *at = array;
    list_sort(array, count, size, order);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || order(at + (kept - 1) * size, at + i * size) != 0) {
            memmove(at + kept++ * size, at + i * size, size);
        }
    }
    return kept;
}
