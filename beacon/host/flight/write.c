/* write.c -- a flight log being written. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flight/flight.h"
#include "flight/format.h"
#include "sink/sink.h"

/* For a store's records in hexadecimal; a disk takes them while they are written. */
enum { ROOM = 4 * 1024 * 1024 };
static const int64_t PATIENCE_NS = 200 * NS_PER_MS;

struct flight {
    int descriptor;
    struct sink *sink;
    FILE *file; /* the sink's */
    bool is_within_line, has_failed;
};

/* Looks at what is there: whether it is a log of this format, and whether its last line is
 * whole. */
static bool look(int descriptor, bool *is_torn, char why[static FLIGHT_WHY_SIZE])
{
    char first[sizeof FLIGHT_FORMAT] = "", last = '\n';
    struct stat about;
    *is_torn = false;
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) {
        return true; /* a pipe, or new */
    }
    if (pread(descriptor, first, sizeof first - 1, 0) < 0 ||
        pread(descriptor, &last, 1, about.st_size - 1) != 1) {
        snprintf(why, FLIGHT_WHY_SIZE, "%s", strerror(errno));
        return false;
    }
    *is_torn = last != '\n';
    if (strcmp(first, FLIGHT_FORMAT) != 0) {
        snprintf(why, FLIGHT_WHY_SIZE,
                 "there is something else in it, or a log of an older format: choose another name");
        return false;
    }
    return true;
}

bool flight_open(const char *path, const char *program, struct flight **out,
                 char why[static FLIGHT_WHY_SIZE])
{
    bool is_torn;
    struct flight *flight = calloc(1, sizeof *flight);
    *out = NULL;
    if (flight == NULL) {
        snprintf(why, FLIGHT_WHY_SIZE, "too little memory");
        return false;
    }
    flight->descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (flight->descriptor < 0) {
        snprintf(why, FLIGHT_WHY_SIZE, "%s", strerror(errno));
        goto undo_flight;
    }
    if (!look(flight->descriptor, &is_torn, why)) {
        goto undo_descriptor;
    }
    if (!sink_open(&(struct sink_options){.descriptor = flight->descriptor,
                                          .room = ROOM,
                                          .patience = {PATIENCE_NS},
                                          .ends_at_loss = true},
                   &flight->sink)) {
        snprintf(why, FLIGHT_WHY_SIZE, "too little memory, or too many threads");
        goto undo_descriptor;
    }
    flight->file = sink_stream(flight->sink);
    fprintf(flight->file, "%s%s%s\n", is_torn ? FLIGHT_TORN "\n" : "", FLIGHT_FORMAT, program);
    *out = flight;
    return true;

undo_descriptor:
    close(flight->descriptor);
undo_flight:
    free(flight);
    return false;
}

/* Where the next field goes; NULL: nowhere. */
static FILE *next_field(struct flight *flight)
{
    if (flight == NULL) {
        return NULL;
    }
    if (flight->is_within_line) {
        putc('\t', flight->file);
    }
    flight->is_within_line = true;
    return flight->file;
}

void flight_text(struct flight *flight, const char *text)
{
    FILE *file = next_field(flight);
    for (const char *at = text != NULL && *text != '\0' ? text : "-"; file != NULL && *at != '\0';
         at++) {
        putc((unsigned char)*at < ' ' ? '?' : *at, file); /* nothing that we keep has such bytes */
    }
}

void flight_number(struct flight *flight, int64_t number)
{
    FILE *file = next_field(flight);
    if (file != NULL) {
        fprintf(file, "%" PRId64, number);
    }
}

void flight_absent(struct flight *flight)
{
    flight_text(flight, NULL);
}

void flight_bytes(struct flight *flight, const uint8_t *bytes, size_t size)
{
    FILE *file = next_field(flight);
    for (size_t i = 0; file != NULL && i < size; i++) {
        fprintf(file, "%02x", bytes[i]);
    }
    if (file != NULL && size == 0) {
        putc('-', file);
    }
}

void flight_end(struct flight *flight)
{
    if (flight != NULL) {
        putc('\n', flight->file);
        flight->is_within_line = false;
    }
}

void flight_came(void *context, const char *kind, const uint8_t *bytes, size_t size)
{
    flight_text(context, kind);
    flight_bytes(context, bytes, size);
    flight_end(context);
}

bool flight_flush(struct flight *flight)
{
    if (flight == NULL || flight->has_failed) {
        return true;
    }
    flight->has_failed =
        fflush(flight->file) != 0 || ferror(flight->file) != 0 || sink_failure(flight->sink) != 0;
    return !flight->has_failed;
}

bool flight_close(struct flight *flight)
{
    if (flight == NULL) {
        return true;
    }
    bool was_told = flight->has_failed;
    bool is_done = sink_close(flight->sink, (span){2 * NS_PER_S});
    if (is_done) { /* else its thread still has it */
        is_done = close(flight->descriptor) == 0;
    }
    free(flight);
    return is_done || was_told;
}
