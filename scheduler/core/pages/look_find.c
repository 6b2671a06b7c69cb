#include <assert.h>
#include <string.h>

#include "pages/look.h"

const struct look_file *look_find(const char *name)
{
    for (const struct look_file *file = look_file; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

const char *look_text(const char *name)
{
    const struct look_file *file = look_find(name);
    assert(file != NULL);
    return (const char *)file->bytes;
}
