/* records_paper.h -- texts of records for tests, whole and in pieces, and whether they are read. */
#ifndef RECORDS_PAPER_H
#define RECORDS_PAPER_H

#include "check.h"

#include "records/record.h"

#define ID_A  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID_B  "11112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define UID   "0123456789abcdef0123456789abcdef"
#define KEY_A "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi"

#define HEAD                                                                                       \
    "tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\nmade: 2026-11-23T12:00:00Z\n"          \
    "title: T\ngesture: silence\ntone: vigil\nrule: r\n"
#define TAIL "for: 1m\nexpires: 2029-01-01T00:00:00Z\n"
#define AT   "at: a 2027-08-02T08:25:00Z\n"

#define BEFORE_TITLE                                                                               \
    "tocsin window 1\nroot: " ID_A "\nuid: " UID "\nseq: 0\nmade: 2026-11-23T12:00:00Z\n"
#define AFTER_TITLE   "gesture: silence\ntone: vigil\nrule: r\n" AT TAIL
#define ON            "on: a 2027-04-25\n"
#define AT_PLACE_ROMA "at: a 2027-08-02T08:25:00Z Roma\n"
#define ROOT_HEAD     "tocsin root 1\nname: Ponte\nversion: 1\nthreshold: 1\n"
#define ROOT_TAIL     "made: 2026-11-23T12:00:00Z\nexpires: 2027-11-23T12:00:00Z\n"
#define ANNA          "organizer: " KEY_A " Anna\n"

/* A text that grows. */
struct paper {
    char text[2 * RECORD_SIZE_MAX];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static inline void add(struct paper *paper,
                                                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    paper->len += (size_t)vsnprintf(paper->text + paper->len, sizeof paper->text - paper->len,
                                    format, arguments);
    va_end(arguments);
    assert_true(paper->len < sizeof paper->text);
}

static inline bool is_read(const char *text, size_t len, struct record_error *error)
{
    struct record *record = NULL;
    uint8_t *exact = malloc(len + 1); /* so that sanitizers see the edge */
    memcpy(exact, text, len);
    *error = (struct record_error){0};
    bool read = record_read(exact, len, leap_builtin(), &record, error);
    free(exact);
    if (read) {
        assert_int_equal(record->size, len);
        assert_memory_equal(record->bytes, text, len);
        record_free(record);
    } else {
        assert_null(record);
        assert_true(error->line > 0 && error->column > 0);
        assert_int_not_equal(error->message[0], '\0');
    }
    return read;
}

static inline void assert_read(const char *text)
{
    struct record_error error;
    if (!is_read(text, strlen(text), &error)) {
        print_error("%s%d:%d: %s\n", text, error.line, error.column, error.message);
        fail();
    }
}

static inline void assert_refused(const char *text, int line, int column, const char *message)
{
    struct record_error error;
    if (is_read(text, strlen(text), &error)) {
        print_error("%s: was read\n", text);
        fail();
    }
    if (error.line != line || error.column != column || strstr(error.message, message) == NULL) {
        print_error("%s%d:%d: %s\nbut expected %d:%d ... %s\n", text, error.line, error.column,
                    error.message, line, column, message);
        fail();
    }
}

#endif
