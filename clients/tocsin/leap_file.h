/* tocsin/leap_file.h -- the system's leap seconds. */
#ifndef TOCSIN_LEAP_FILE_H
#define TOCSIN_LEAP_FILE_H

#include "instants/leap.h"

/* The system's leap-seconds.list (from tzdata) where it can be read and reaches further than the
 * table built in, else that table.  Read once; lives as long as the program. */
const struct leap_table *leap_file_get(void);

#endif
