#include "feeds/prose.h"

#include <stdlib.h>

void draft_add_prose(struct draft *draft, struct text value, bool lines)
{
    char *plain = malloc(value.len + 1);
    if (plain == NULL) {
        draft->is_short_of_memory = true;
        return;
    }
    size_t len = record_unescape(value, plain, value.len + 1);
    draft_add_clean(draft, plain, len < value.len ? len : value.len, lines);
    free(plain);
}
