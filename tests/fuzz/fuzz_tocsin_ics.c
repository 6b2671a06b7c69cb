/* Any calendar file that somebody forwards: it is read to its end, every text ends within its room,
 * and folded anew it is read as the same events.  links: records */
#include <stdlib.h>
#include <string.h>

#include "tocsin/commands/ics.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_whole(enum ics_start kind, const char text[static ICS_START_SIZE])
{
    utc at;
    size_t len = strnlen(text, ICS_START_SIZE);
    bool is_read = ics_read_time(kind, text, &at);
    return kind == ICS_INSTANT ? len == 16 : kind == ICS_DATE ? len == 8 : len == 0 && !is_read;
}

static void check(const struct ics_event *event)
{
    if (!is_whole(event->kind, event->start) || !is_whole(event->end_kind, event->end) ||
        memchr(event->uid_text, 0, sizeof event->uid_text) == NULL ||
        memchr(event->key, 0, sizeof event->key) == NULL ||
        memchr(event->summary, 0, sizeof event->summary) == NULL ||
        memchr(event->status, 0, sizeof event->status) == NULL ||
        memchr(event->place, 0, sizeof event->place) == NULL ||
        memchr(event->url, 0, sizeof event->url) == NULL || event->length_s < -1) {
        abort();
    }
}

/* A fold before each seventh byte of every line, as other programs fold elsewhere. */
static size_t fold(const uint8_t *bytes, size_t size, char *out)
{
    size_t len = 0, column = 0;
    for (size_t i = 0; i < size; i++) {
        bool is_end = bytes[i] == '\n' || bytes[i] == '\r';
        if (column == 7 && !is_end) {
            memcpy(out + len, "\r\n ", 3);
            len += 3;
            column = 0;
        }
        out[len++] = (char)bytes[i];
        column = is_end ? 0 : column + 1;
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct ics_event event, again;
    char *whole = malloc(size + 1), *folded = malloc(size * 4 + 1);
    if (whole == NULL || folded == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(whole, bytes, size);
    }
    size_t len = fold(bytes, size, folded);
    struct ics_reader reader = {whole, whole + size}, other = {folded, folded + len};
    (void)ics_is_calendar(bytes, size);
    while (ics_next(&reader, &event)) {
        check(&event);
        if (!ics_next(&other, &again) || memcmp(&event, &again, sizeof event) != 0) {
            abort();
        }
    }
    free(whole);
    free(folded);
    return 0;
}
