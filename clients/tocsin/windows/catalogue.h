/* tocsin/windows/catalogue.h -- the catalogue of memory, calendars/CONTINENT/AREA.txt, within the
 * program. */
#ifndef TOCSIN_CATALOGUE_H
#define TOCSIN_CATALOGUE_H

#include "dates/dates.h"

struct catalogue_file {
    const char *name; /* "europe/italy.txt" */
    const unsigned char *bytes;
    size_t size;
};

extern const struct catalogue_file catalogue_file[]; /* by name */
extern const size_t catalogue_file_count;

/* The date of an id; false: there is none. */
bool catalogue_find(const char *id, struct dates_entry *out);

/* ": did you mean \"lidice\"?" of a mistyped id, or word of one; "" where none is near. */
enum { CATALOGUE_NEAR_SIZE = 160 };
void catalogue_near(const char *word, char out[static CATALOGUE_NEAR_SIZE]);

/* All dates, as a heap array that the caller frees. */
void catalogue_load(struct dates_entry **out, size_t *count);

static inline struct text catalogue_text(size_t index)
{
    return (struct text){(const char *)catalogue_file[index].bytes, catalogue_file[index].size};
}

#endif
