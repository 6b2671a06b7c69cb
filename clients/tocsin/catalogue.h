/* tocsin/catalogue.h -- calendars/dates.tsv, within the program. */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include <stddef.h>

extern const unsigned char catalogue_of_dates[]; /* and a NUL, not counted */
extern const size_t catalogue_of_dates_size;

#endif
