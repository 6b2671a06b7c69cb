#include "tocsin/windows/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "list/list.h"

bool catalogue_find(const char *id, struct dates_entry *out)
{
    struct text wanted = {id, strlen(id)};
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        enum dates_result result;
        while ((result = dates_next(&reader, out, NULL)) != DATES_END) {
            if (result == DATES_ENTRY && text_equal(out->id, wanted)) {
                return true;
            }
        }
    }
    return false;
}

bool catalogue_load(struct dates_entry **out, size_t *count)
{
    struct dates_entry *list = NULL;
    size_t used = 0, room = 0;
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        enum dates_result result;
        do {
            if (!LIST_ROOM(list, used, room)) {
                free(list);
                return false;
            }
            result = dates_next(&reader, &list[used], NULL);
            used += result == DATES_ENTRY;
        } while (result != DATES_END);
    }
    *out = list;
    *count = used;
    return true;
}
