/* instants/stamp.h -- instants and durations as text at the edges: RFC 3339 in UTC, and the short
 * durations of records.  One spelling for each value, so that reading and writing are inverses. */
#ifndef INSTANTS_STAMP_H
#define INSTANTS_STAMP_H

#include <stddef.h>

#include "instants/civil.h"
#include "instants/instant.h"

enum {
    STAMP_TEXT_SIZE = 36,    /* 2026-11-23T12:00:00.123456789Z and a NUL, with room */
    DURATION_TEXT_SIZE = 24, /* -9223372036s and a NUL, with room */
};

/* Reads 2026-11-23T12:00:00[.fraction]Z: upper-case T and Z, a fraction of 1 to 9 digits only if
 * non-zero and without trailing zeros, no second 60, within 1700 to 2250.  Exactly len bytes. */
TOCSIN_MUST_USE bool stamp_read(const char *text, size_t len, utc *out);

/* Writes the only text that stamp_read accepts for at; returns its length.  at must be in range. */
size_t stamp_write(utc at, char out[static STAMP_TEXT_SIZE]);

/* Reads YYYY-MM-DD, a date that exists, 1700 to 2249. */
TOCSIN_MUST_USE bool stamp_read_date(const char *text, size_t len, struct civil_date *out);

/* Writes YYYY-MM-DD; returns its length. */
size_t stamp_write_date(struct civil_date date, char out[static STAMP_TEXT_SIZE]);

/* The same texts as values, which live as long as the expression that they stand in. */
struct stamp_text {
    char text[STAMP_TEXT_SIZE];
} stamp_text(utc at);
struct stamp_text stamp_date_text(struct civil_date date);

/* Reads an instant as people give it to a program: as stamp_read, or a bare date, its midnight in
 * UTC. */
TOCSIN_MUST_USE bool stamp_read_given(const char *text, utc *out);

/* Reads HH:MM or HH:MM:SS. */
TOCSIN_MUST_USE bool stamp_read_time(const char *text, size_t len, struct civil_time *out);

/* Writes a time of day, with its seconds where they are not zero. */
void stamp_write_time(struct civil_time time, char out[static STAMP_TEXT_SIZE]);

/* "Mon", and for people "Mon 2027-08-02 10:25:00", whose zone is told after it. */
const char *stamp_weekday(struct civil_date date);
struct stamp_text stamp_civil_text(struct civil at);

/* Reads a duration of 1 s to 720 h: an integer without leading zero and s, m or h, in the largest
 * unit that is exact (90m, never 5400s); whole_days takes Nd, 1 to 30, and nothing else. */
TOCSIN_MUST_USE bool duration_read(const char *text, size_t len, bool whole_days, span *out);

/* Reads a length of time as people give it to a program, from 0 to most: a number and us, ms or s
 * (80ms, 1.5s), or 0. */
TOCSIN_MUST_USE bool span_read(const char *text, span most, span *out);

/* Writes the only text that duration_read accepts for a duration of whole seconds. */
size_t duration_write(span of, bool whole_days, char out[static DURATION_TEXT_SIZE]);

#endif
