/* tocsin/windows/catalogue.h -- calendars/dates.tsv, within the program. */
#ifndef TOCSIN_CATALOGUE_H
#define TOCSIN_CATALOGUE_H

#include <stddef.h>

extern const unsigned char catalogue_of_dates[]; /* and a NUL, not counted */
extern const size_t catalogue_of_dates_size;

#endif
