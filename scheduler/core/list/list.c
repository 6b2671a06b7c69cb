#include "list/list.h"

#include <stdlib.h>
#include <string.h>

bool list_grow(void *array, size_t *room, size_t size)
{
    void *list;
    memcpy(&list, array, sizeof list); /* all pointers look alike: POSIX */
    size_t more = *room == 0 ? 16 : 2 * *room;
    list = reallocarray(list, more, size);
    if (list == NULL) {
        return false;
    }
    memcpy(array, &list, sizeof list);
    *room = more;
    return true;
}
