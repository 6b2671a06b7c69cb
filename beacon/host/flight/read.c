/* read.c -- going through a flight log again.  Judged as strictly as bytes from outside: it may
 * have been cut short by a full disk, or edited. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flight/flight.h"
#include "flight/format.h"
#include "list/list.h"
#include "say/say.h"
#include "stream/stream.h"

static const char *spoil(struct flight_line *line)
{
    line->is_spoilt = true;
    return "";
}

/* The next field as it stands; "" when there is none. */
static char *take(struct flight_line *line)
{
    static char none[] = "";
    char *field = line->is_spoilt ? NULL : strsep(&line->rest, "\t");
    if (field == NULL || *field == '\0') {
        spoil(line);
        return none;
    }
    return field;
}

static bool is_absent(const char *field)
{
    return strcmp(field, "-") == 0;
}

static int64_t number_in(struct flight_line *line, const char *field, int64_t low, int64_t high)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(field, &end, 10);
    bool is_one = (*field == '-' || (*field >= '0' && *field <= '9')) && *end == '\0' &&
                  end != field && errno == 0;
    if (!is_one || number < low || number > high) {
        spoil(line);
        return 0;
    }
    return number;
}

int64_t flight_take_number(struct flight_line *line, int64_t low, int64_t high)
{
    return number_in(line, take(line), low, high);
}

int64_t flight_take_if(struct flight_line *line, int64_t low, int64_t high, bool *is_there)
{
    const char *field = take(line);
    *is_there = !is_absent(field);
    return *is_there ? number_in(line, field, low, high) : 0;
}

size_t flight_take_word(struct flight_line *line, const char *const word[], size_t count)
{
    const char *field = take(line);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(field, word[i]) == 0) {
            return i;
        }
    }
    spoil(line);
    return 0;
}

const char *flight_take_text(struct flight_line *line, size_t most)
{
    const char *field = take(line);
    return is_absent(field) ? "" : strlen(field) < most ? field : spoil(line);
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Turned into bytes where they stand. */
const uint8_t *flight_take_bytes(struct flight_line *line, size_t most, size_t *size)
{
    char *field = take(line);
    uint8_t *bytes = (uint8_t *)field;
    *size = 0;
    if (is_absent(field)) {
        return bytes;
    }
    for (const char *at = field; *at != '\0'; at += 2) {
        int high = nibble(at[0]), low = nibble(at[1]); /* the NUL is none */
        if (high < 0 || low < 0 || *size == most) {
            spoil(line);
            *size = 0;
            return bytes;
        }
        bytes[(*size)++] = (uint8_t)(high << 4 | low);
    }
    return bytes;
}

void flight_take_exactly(struct flight_line *line, uint8_t *out, size_t size)
{
    size_t there;
    const uint8_t *bytes = flight_take_bytes(line, size, &there);
    if (there == size) {
        memcpy(out, bytes, size);
    } else {
        spoil(line);
        memset(out, 0, size);
    }
}

bool flight_took_all(const struct flight_line *line)
{
    return !line->is_spoilt && line->rest == NULL;
}

enum reading { READ_LINE, READ_TORN, READ_END, READ_TOO_LONG };

struct reader {
    FILE *file;
    char *line; /* owned */
    size_t room;
};

/* One line without its LF. */
static enum reading read_line(struct reader *reader)
{
    size_t length = 0;
    for (;;) {
        if (length + 1 >= FLIGHT_LINE_MAX || !LIST_ROOM(reader->line, length + 1, reader->room)) {
            return READ_TOO_LONG;
        }
        int c = getc(reader->file);
        if (c == EOF) {
            return length == 0 ? READ_END : READ_TORN; /* though it may look whole */
        }
        if (c == '\n') {
            break;
        }
        reader->line[length++] = (char)c;
    }
    reader->line[length] = '\0';
    return length > 0 && reader->line[length - 1] == FLIGHT_TORN[0] ? READ_TORN : READ_LINE;
}

/* What is wrong with a log that begins like this; NULL: nothing. */
static const char *judge_first(const char *line, const char *program)
{
    static const char family[] = "tocsin flight ";
    if (strncmp(line, FLIGHT_FORMAT, strlen(FLIGHT_FORMAT)) == 0) {
        return strcmp(line + strlen(FLIGHT_FORMAT), program) == 0
                   ? NULL
                   : "a log of another program: give it to that one";
    }
    if (strcmp(line, "begin") == 0 || strcmp(line, "tocsin listen log 1") == 0) {
        return "a log of an older format: go through it with the version that wrote it";
    }
    return strncmp(line, family, strlen(family)) == 0
               ? "a log of a newer format: go through it with a newer version"
               : "not a flight log";
}

static const char *play_line(const struct flight_player *player, char *text, bool *has_step)
{
    struct flight_line line = {.rest = text};
    static const char *const kinds[] = {"set", "anchor", "records", "step"};
    size_t kind = flight_take_word(&line, kinds, 4), size;
    if (line.is_spoilt) {
        return "not a line of a flight log";
    }
    if (kind == 0) {
        const char *name = flight_take_text(&line, SIZE_MAX);
        return player->set(player->context, name, &line) && flight_took_all(&line)
                   ? NULL
                   : "not a setting";
    }
    if (kind == 3) {
        *has_step = true;
        return player->step(player->context, &line) && flight_took_all(&line) ? NULL : "not a step";
    }
    const uint8_t *bytes = flight_take_bytes(&line, STREAM_SIZE_MAX, &size);
    if (!flight_took_all(&line)) {
        return "not bytes in hexadecimal";
    }
    return player->came(player->context, kind == 1, bytes, size)
               ? NULL
               : "these bytes were good once and are not now";
}

bool flight_play(FILE *file, const struct flight_player *player, size_t *torn, size_t *last_torn,
                 char why[static FLIGHT_WHY_SIZE])
{
    struct reader reader = {.file = file};
    bool has_run = false, has_step = false;
    const char *wrong = NULL;
    size_t number = 0;
    enum reading read;
    *torn = *last_torn = 0;
    while (wrong == NULL && (read = read_line(&reader)) != READ_END) {
        number++;
        if (read == READ_TOO_LONG) {
            wrong = "a line longer than any record";
        } else if (read == READ_TORN) {
            (*torn)++;
            *last_torn = number;
        } else if (!has_run || strncmp(reader.line, FLIGHT_FORMAT, strlen(FLIGHT_FORMAT)) == 0) {
            has_run = true;
            wrong = judge_first(reader.line, player->program);
            if (wrong == NULL && !player->begin(player->context)) {
                wrong = "too little memory for another run";
            }
        } else {
            wrong = play_line(player, reader.line, &has_step);
        }
    }
    free(reader.line);
    if (wrong != NULL) {
        snprintf(why, FLIGHT_WHY_SIZE, "line %zu: %s", number, wrong);
    } else if (!has_step) {
        snprintf(why, FLIGHT_WHY_SIZE, "there is no step in it");
    }
    return wrong == NULL && has_step;
}

int flight_replay(const char *path, const struct flight_player *player)
{
    char why[FLIGHT_WHY_SIZE];
    size_t torn, last;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return say_usage("--replay %s: %s", path, strerror(errno));
    }
    bool is_done = flight_play(file, player, &torn, &last, why);
    fclose(file);
    if (torn > 0) {
        say_note("%s: line %zu%s breaks off, as when the power fails: passed over", path, last,
                 torn > 1 ? ", and others before it," : "");
    }
    return is_done ? EXIT_DONE : say_usage("--replay %s: %s", path, why);
}
