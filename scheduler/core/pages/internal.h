/* pages/internal.h -- what a template looks up. */
#ifndef PAGES_INTERNAL_H
#define PAGES_INTERNAL_H

#include "pages/pages.h"

struct pages_value {
    const char *name;
    bool is_markup;
    struct draft text;          /* owned */
    struct pages_values **item; /* owned, each of them too */
    size_t count, room;
};

struct pages_values {
    struct pages_values *outer; /* what surrounds it; NULL: nothing */
    struct pages_values *page;  /* the outermost */
    struct pages_value *value;  /* owned */
    size_t count, room;
    /* of the outermost alone */
    enum interface_language language;
    bool is_short_of_memory;
    struct pages_values *spare; /* what pages_add gives when memory is short */
};

/* In the item or in what surrounds it; NULL: nowhere. */
const struct pages_value *pages_find(const struct pages_values *in, const char *name, size_t len);

#endif
