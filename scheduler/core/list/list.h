/* list/list.h -- lists that grow: an array, how many it holds and for how many it has room. */
#ifndef LIST_LIST_H
#define LIST_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is room for one more, made if need be; false for want of memory: the list stays as
 * it is.  A list begins as NULL, 0, 0 and is freed by its owner. */
#define LIST_ROOM(array, count, room)                                                              \
    ((count) < (room) || list_grow(&(array), &(room), sizeof *(array)))

/* The same of a list that keeps no room: whether it could be made as long as that. */
#define LIST_EXACTLY(array, count) list_resize(&(array), (count), sizeof *(array))

/* array: the address of the pointer to the first, of whatever type. */
bool list_grow(void *array, size_t *room, size_t size);
bool list_resize(void *array, size_t room, size_t size);

/* As qsort(3), of none at all too, whose array may be NULL. */
typedef int list_order(const void *a, const void *b);
void list_sort(void *array, size_t count, size_t size, list_order *order);

/* The same, and of those that are alike one is kept; returns how many are left. */
size_t list_sort_distinct(void *array, size_t count, size_t size, list_order *order);

#endif
