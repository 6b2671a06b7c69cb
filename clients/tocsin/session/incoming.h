/* tocsin/session/incoming.h -- files from elsewhere: whatever their form, read as one sync
 * stream. */
#ifndef TOCSIN_INCOMING_H
#define TOCSIN_INCOMING_H

#include "say/say.h"
#include "stream/stream.h"

/* Reads PATH, a bundle or a raw record with its signatures (store_read_file); "-" is what is pasted
 * on standard input.  What comes once only, by a pipe or a terminal, is kept for who asks again.
 * *out is a sync stream on the heap, well formed as netstrings, judged no further. */
int incoming_load(const char *path, uint8_t **out, size_t *size);

/* Whether something can be read there: a folder may bear the name of a window or a person. */
bool incoming_is_file(const char *path);

/* The bytes of PATH as they are, on the heap and ended by a NUL. */
int incoming_bytes(const char *path, uint8_t **out, size_t *size);

/* Whether a file's bytes are a bundle, as a stream or as text that holds one. */
bool incoming_is_bundle(const uint8_t *bytes, size_t size);

/* From now on that name stands for these bytes, which came from elsewhere: a sync stream, or a text
 * that holds one.  EXIT_USAGE where they are neither.  The bytes are copied. */
int incoming_keep(const char *name, const uint8_t *bytes, size_t size);

#endif
