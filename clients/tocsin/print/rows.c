#include "tocsin/print/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "say/say.h"
#include "text/json.h"

bool rows_format_read(const char *text, enum rows_format *out)
{
    static const char *const name[] = {"table", "tsv", "json"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        if (strcmp(text, name[i]) == 0) {
            *out = (enum rows_format)i;
            return true;
        }
    }
    return false;
}

static int width_of(const char *text)
{
    return say_width(text, strlen(text));
}

static void put_flat(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        putc_unlocked((unsigned char)*text < 0x20 ? ' ' : *text, to); /* one thread prints */
    }
}

static void put_tsv(FILE *to, size_t count, const char *const *cell)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            putc_unlocked('\t', to);
        }
        put_flat(to, cell[i]);
    }
    putc_unlocked('\n', to);
}

void rows_begin(struct rows *rows, enum rows_format format, const struct rows_column *column,
                size_t column_count, FILE *to)
{
    assert(column_count > 0 && column_count <= ROWS_COLUMNS_MAX);
    *rows =
        (struct rows){.format = format, .column = column, .column_count = column_count, .to = to};
    if (format == ROWS_TSV) {
        for (size_t i = 0; i < column_count; i++) {
            fprintf(to, "%s%s", i > 0 ? "\t" : "", column[i].name);
        }
        putc('\n', to);
    }
}

static void keep(struct rows *rows, const char *const *cell)
{
    assert(rows->column_count > 0); /* rows_begin has seen to it: told again to the analyzer */
    if (rows->cell_count + rows->column_count > rows->cell_room) {
        size_t room = rows->cell_room * 2 + rows->column_count;
        rows->cell = say_memory(reallocarray(rows->cell, room, sizeof *rows->cell));
        rows->cell_room = room;
    }
    size_t size = 0, length[ROWS_COLUMNS_MAX];
    for (size_t i = 0; i < rows->column_count; i++) {
        length[i] = strlen(cell[i]) + 1;
        size += length[i];
    }
    char *copy = say_memory(malloc(size)); /* one for the row: its first cell owns it */
    for (size_t i = 0; i < rows->column_count; i++) {
        memcpy(copy, cell[i], length[i]);
        rows->cell[rows->cell_count++] = copy;
        copy += length[i];
    }
    rows->row_count++;
}

static void put_object(struct rows *rows, const char *const *cell)
{
    struct draft json = {0};
    json_open(&json, NULL, '{');
    for (size_t i = 0; i < rows->column_count; i++) {
        const char *name = rows->column[i].name;
        if (rows->column[i].is_number) {
            json_raw(&json, name, *cell[i] != '\0' ? cell[i] : "null");
        } else {
            json_text(&json, name, cell[i]);
        }
    }
    json_close(&json, '}');
    char *object = say_memory(draft_take(&json));
    fprintf(rows->to, "%s\n  %s", rows->row_count == 0 ? "[" : ",", object);
    free(object);
}

void rows_add(struct rows *rows, const char *const *cell)
{
    switch (rows->format) {
    case ROWS_TABLE:
        keep(rows, cell);
        return;
    case ROWS_TSV:
        put_tsv(rows->to, rows->column_count, cell);
        break;
    case ROWS_JSON:
        put_object(rows, cell);
        break;
    }
    rows->row_count++;
}

static void put_blanks(FILE *to, int count)
{
    while (count-- > 0) {
        putc_unlocked(' ', to);
    }
}

int rows_room(FILE *to)
{
    struct winsize window;
    if (!isatty(fileno(to))) {
        return 0;
    }
    return ioctl(fileno(to), TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
}

enum { CELL_SIZE = 1024, HIDDEN = -1 };

/* As much of a text as fits, with dots for the rest. */
static void put_cut(FILE *to, const char *text, int width)
{
    static const char dots[] = "...";
    if (width_of(text) <= width) {
        say_put(to, text);
        return;
    }
    char part[CELL_SIZE];
    size_t len = strlen(text) < sizeof part ? strlen(text) : sizeof part - 1;
    do {
        len = text_cut(text, len, len - 1);
        memcpy(part, text, len);
        part[len] = '\0';
    } while (len > 0 && width_of(part) > width - (int)strlen(dots));
    say_put(to, part);
    fputs(dots, to);
}

static void put_padded(FILE *to, const char *text, int width, bool right, bool last)
{
    if (width == HIDDEN) {
        return;
    }
    int pad = width_of(text) < width ? width - width_of(text) : 0;
    if (right) {
        put_blanks(to, pad);
    }
    put_cut(to, text, width);
    if (!last) {
        put_blanks(to, (right ? 0 : pad) + 2);
    }
}

/* What a terminal lacks the extra columns give, and the one that may be cut, which keeps enough to
 * be known by. */
static void shorten(const struct rows *rows, int width[static ROWS_COLUMNS_MAX])
{
    enum { LEAST = 8 };
    int room = rows_room(rows->to), all = -2;
    for (size_t i = 0; i < rows->column_count; i++) {
        all += width[i] + 2;
    }
    for (size_t i = 0; room > 0 && all > room && i < rows->column_count; i++) {
        if ((rows->extra >> i & 1) != 0) {
            all -= width[i] + 2;
            width[i] = HIDDEN;
        }
    }
    if (rows->cut > 0 && room > 0 && all > room && width[rows->cut - 1] > LEAST) {
        int left = width[rows->cut - 1] - (all - room);
        width[rows->cut - 1] = left > LEAST ? left : LEAST;
    }
}

static void print_table(const struct rows *rows)
{
    int width[ROWS_COLUMNS_MAX] = {0};
    size_t count = rows->column_count;
    for (size_t i = 0; i < count; i++) {
        width[i] = width_of(rows->column[i].name);
        for (size_t at = i; at < rows->cell_count; at += rows->column_count) {
            int cell = width_of(rows->cell[at]);
            width[i] = cell > width[i] ? cell : width[i];
        }
    }
    shorten(rows, width);
    fputs(say_colour(SAY_BOLD), rows->to);
    for (size_t i = 0; i < count; i++) {
        put_padded(rows->to, rows->column[i].name, width[i], rows->column[i].is_number,
                   i + 1 == count);
    }
    fprintf(rows->to, "%s\n", say_colour(SAY_PLAIN));
    for (size_t at = 0; at < rows->cell_count; at += rows->column_count) {
        size_t shown = count;
        while (shown > 1 && (*rows->cell[at + shown - 1] == '\0' || width[shown - 1] == HIDDEN)) {
            shown--; /* no blanks at the end of a line */
        }
        for (size_t i = 0; i < shown; i++) {
            put_padded(rows->to, rows->cell[at + i], width[i], rows->column[i].is_number,
                       i + 1 == shown);
        }
        putc('\n', rows->to);
    }
}

void rows_end(struct rows *rows)
{
    if (rows->format == ROWS_TABLE && rows->row_count > 0) {
        print_table(rows);
    } else if (rows->format == ROWS_JSON) {
        fputs(rows->row_count == 0 ? "[]\n" : "\n]\n", rows->to);
    }
    for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
        free(rows->cell[i]);
    }
    free(rows->cell);
    rows->cell = NULL;
}
