/* feeds/prose.h -- a record's prose as its readers see it. */
#ifndef FEEDS_PROSE_H
#define FEEDS_PROSE_H

#include "text/draft.h"
#include "text/text.h"

/* Its escapes undone, then cleaned: see draft_add_clean. */
void draft_add_prose(struct draft *draft, struct text value, bool lines);

/* A place as people of a language tag call it, where that is known, else in English; one that is
 * not known as it stands, cleaned. */
void draft_add_place(struct draft *draft, struct text place, const char *language);

#endif
