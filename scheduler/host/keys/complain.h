/* keys/complain.h -- private to the module. */
#ifndef KEYS_COMPLAIN_H
#define KEYS_COMPLAIN_H

#include "keys/keys.h"

/* Fills *error; always false. */
__attribute__((format(printf, 2, 3))) bool keys_complain(struct keys_error *error,
                                                         const char *format, ...);

#endif
