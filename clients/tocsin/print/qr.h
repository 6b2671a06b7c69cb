/* tocsin/print/qr.h -- a QR code of a text on a terminal, two modules a character. */
#ifndef TOCSIN_QR_H
#define TOCSIN_QR_H

#include <stddef.h>

/* Prints the code on standard output: dark on light whatever the terminal's colours, with the quiet
 * zone that cameras need.  Too much for a code, or for the terminal that standard output is:
 * EXIT_NO, and what to do instead is told. */
int qr_print(const char *text);

#endif
