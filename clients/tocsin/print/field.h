/* tocsin/print/field.h -- a line of what is known of one thing: its name, and its value beside it,
 * broken on a terminal so that all of the value stands in one column. */
#ifndef TOCSIN_FIELD_H
#define TOCSIN_FIELD_H

enum { FIELD_LABEL = 11 }; /* what the name takes */

/* On standard output; a value of several lines stands in its column too, where no name is. */
void field_print(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
