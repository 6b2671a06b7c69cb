/* flight/format.h -- what writer and reader share.  Private to the module. */
#ifndef FLIGHT_FORMAT_H
#define FLIGHT_FORMAT_H

#define FLIGHT_FORMAT "tocsin flight 1 " /* begins each run; then the program */
#define FLIGHT_TORN   "~"                /* ends a line that broke off before another run */

#endif
