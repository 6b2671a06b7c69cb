/* tocsin/commands/dates_choices.h -- what the dates of the catalogue can be asked for: tags,
 * continents, languages, places. */
#ifndef TOCSIN_DATES_CHOICES_H
#define TOCSIN_DATES_CHOICES_H

#include "dates/dates.h"
#include "tocsin/print/rows.h"

/* Prints tags, continents and languages with how many dates each has. */
void dates_choices_list(const struct dates_entry *entry, size_t count, enum rows_format format);

/* A tag, place or language that no date at all has is a mistake: told with the nearest that there
 * is.  An exit code. */
int dates_choices_check(const struct dates_query *query, const struct dates_entry *entry,
                        size_t count);

#endif
