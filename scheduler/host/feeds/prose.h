/* feeds/prose.h -- a record's prose as its readers see it. */
#ifndef FEEDS_PROSE_H
#define FEEDS_PROSE_H

#include "records/record.h"
#include "text/draft.h"

/* Its escapes undone, then cleaned: see draft_add_clean. */
void draft_add_prose(struct draft *draft, struct text value, bool lines);

#endif
