/* tocsin/options.h -- the options that commands share, as argp children whose input is a struct
 * options. */
#ifndef TOCSIN_OPTIONS_H
#define TOCSIN_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "instants/instant.h"
#include "places/places.h"
#include "tocsin/print/rows.h"

struct options {
    const char *store;  /* NULL: the default folder */
    const char *config; /* NULL: the default folder */
    const char *root;   /* FILE, or 8 or more first digits of an id; NULL: the only one there is */
    bool has_at;        /* then no clock is read */
    utc at;
    enum rows_format format;
    const char *key; /* FILE, or the name of a key in the keys folder; NULL: the only one */
    bool yes;
    int passphrase_fd; /* -1: none */
    const char *out;   /* the file to write what is to be sent to; NULL: none */
    bool qr;           /* what is to be sent as a QR code on the terminal */
    bool full;         /* long lists are not shortened */
};

extern const struct argp options_common;     /* --store --config --root --at */
extern const struct argp options_listing;    /* --format */
extern const struct argp options_key;        /* --key */
extern const struct argp options_yes;        /* --yes */
extern const struct argp options_passphrase; /* --passphrase-fd */
extern const struct argp options_out;        /* --out --qr */
extern const struct argp options_picture;    /* --out */
extern const struct argp options_full;       /* --full */
extern const struct argp options_shared;     /* all of these */

/* What --from and --to give: as stamp_read_given; what ends a span and is not in it may be
 * 2250-01-01 too, after the last day.  Else argp_error says what to write instead. */
void options_read_span(const struct argp_state *state, bool is_end, const char *text, utc *out);

/* A number that the option of this name takes; else argp_error says what it is to be. */
uint32_t options_read_number(const struct argp_state *state, const char *option, const char *text,
                             uint32_t least, uint32_t most, const char *what);

/* A record's id, or its first digits, as an option of this name has it; else argp_error says what
 * to write instead. */
const char *options_record(const struct argp_state *state, const char *name, const char *text);

/* Adds a word to those of an option that may be repeated; else argp_error says that there are "more
 * than 64 places". */
error_t options_add(const struct argp_state *state, const char *word, const char **list,
                    size_t *count, size_t max, const char *kind);

/* The one place that --place names; else argp_error says what to write instead. */
void options_read_place(const struct argp_state *state, const char *text, struct place *out);

#endif
