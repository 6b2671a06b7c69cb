/* site/tell.h -- inside of the module: occasions as the values that pages' templates ask for. */
#ifndef SITE_TELL_H
#define SITE_TELL_H

#include "places/places.h"
#include "site/page.h"

/* A record's text, cleaned, as a value. */
void tell_text(struct pages_values *in, const char *name, struct text value, bool is_prose);

/* The city that a zone is called after, as the page's language has it: "Roma". */
void tell_city(const struct page *page, const char *zone, char out[static PLACE_NAME_SIZE]);

/* A place as the page's language calls it. */
void tell_place(struct pages_values *in, const struct page *page, const char *name,
                struct text place);

/* When: at, for_s, date, hour, clock, utc, tile_day, tile_month, place, places, and which kind of
 * wave it is. */
void tell_when(struct pages_values *in, const struct page *page, const struct occasion *of);

/* What: window_title and its language, gesture, length, icon, rest, disputed. */
void tell_what(struct pages_values *in, const struct page *page, const struct feed_item *of);

/* "and 9 more" */
void tell_more(struct pages_values *in, const char *name, size_t count);

/* The dates after occasion number `first`: the first ones, and more on paper. */
void tell_then(struct pages_values *in, const struct page *page, const struct told *told,
               size_t first);

/* "Monday 2 August 2027, 10:25 Rome" */
void tell_line(struct draft *out, const struct page *page, const struct occasion *of);

#endif
