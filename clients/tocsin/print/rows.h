/* tocsin/print/rows.h -- lists for people (aligned table), for scripts (TSV with a header line, no
 * padding) and for programs (JSON, an array of objects). */
#ifndef TOCSIN_ROWS_H
#define TOCSIN_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ROWS_COLUMNS_MAX = 32 };

enum rows_format { ROWS_TABLE, ROWS_TSV, ROWS_JSON };

struct rows_column {
    const char *name; /* lower case, as in tocsin(1) */
    bool is_number;   /* right-aligned; bare in JSON, where an empty cell is null */
};

struct rows {
    enum rows_format format;
    const struct rows_column *column;
    size_t column_count;
    FILE *to;
    size_t row_count;
    char **cell; /* owned, as is the first of each row; ROWS_TABLE only, which needs all widths
                    before it prints */
    size_t cell_count, cell_room;
    /* Where a terminal is too narrow: bit n: without column n, from 0; then the column, from 1,
     * that is shortened, 0: none. */
    uint32_t extra;
    size_t cut;
};

bool rows_format_read(const char *text, enum rows_format *out);

/* Borrows columns and to until rows_end. */
void rows_begin(struct rows *rows, enum rows_format format, const struct rows_column *column,
                size_t column_count, FILE *to);
/* One row: column_count cells, copied.  Tabs and line ends in a cell become spaces. */
void rows_add(struct rows *rows, const char *const *cell);
/* Prints what is left. */
void rows_end(struct rows *rows);

/* The columns of the terminal that a stream goes to; 0: it is none. */
int rows_room(FILE *to);

#endif
