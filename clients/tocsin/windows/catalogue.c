#include "tocsin/windows/catalogue.h"

#include <string.h>

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
