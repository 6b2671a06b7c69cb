#include "words/cities.h"

#include <stdlib.h>
#include <string.h>

static int by_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct city_name *)row)->key);
}

const char *cities_name(enum interface_language language, const char *key)
{
    const struct city_name *row =
        bsearch(key, city_names, city_name_count, sizeof *city_names, by_key);
    return row == NULL ? NULL : row->in[language];
}
