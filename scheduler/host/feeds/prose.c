#include "feeds/prose.h"

#include <stdlib.h>

#include "places/show.h"
#include "records/record.h"

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

void draft_add_place(struct draft *draft, struct text place, const char *language)
{
    enum interface_language in = interface_find(language);
    char shown[PLACE_NAME_SIZE];
    if (places_show(place.at, place.len, in < INTERFACE_LANGUAGES ? in : INTERFACE_EN, shown)) {
        draft_add(draft, shown);
    } else {
        draft_add_clean(draft, place.at, place.len, false);
    }
}
