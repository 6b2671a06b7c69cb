#include "tocsin/commands/ics.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "instants/stamp.h"

enum {
    UID_DIGITS = RECORD_UID_TEXT_SIZE - 1,
    ROOT_DIGITS = 16,
    LINE_SIZE = ICS_SUMMARY_SIZE + 512
};

/* A content line (RFC 5545 3.1), unfolded; what is longer than LINE_SIZE is cut. */
struct line {
    char text[LINE_SIZE];
    size_t name_len;   /* before the first ';' or ':' */
    const char *value; /* after the first ':' that is not quoted; "" where there is none */
    bool has_parameters;
};

static bool is_name(const struct line *line, const char *name)
{
    return strlen(name) == line->name_len && strncasecmp(line->text, name, line->name_len) == 0;
}

static void cut(struct line *line, size_t len)
{
    bool is_quoted = false;
    line->text[len] = '\0';
    line->name_len = strcspn(line->text, ";:");
    line->has_parameters = line->text[line->name_len] == ';';
    line->value = line->text + len;
    for (size_t i = line->name_len; i < len; i++) {
        is_quoted ^= line->text[i] == '"';
        if (line->text[i] == ':' && !is_quoted) {
            line->value = line->text + i + 1;
            return;
        }
    }
}

static bool next_line(struct ics_reader *reader, struct line *line)
{
    size_t len = 0;
    if (reader->at >= reader->end) {
        return false;
    }
    for (;;) {
        size_t left = (size_t)(reader->end - reader->at);
        const char *end = memchr(reader->at, '\n', left);
        size_t part = end != NULL ? (size_t)(end - reader->at) : left;
        size_t whole = part + (end != NULL);
        part -= part > 0 && reader->at[part - 1] == '\r';
        size_t room = sizeof line->text - 1 - len;
        size_t take = part < room ? part : room;
        memcpy(line->text + len, reader->at, take);
        len += take;
        reader->at += whole;
        if (reader->at >= reader->end || (*reader->at != ' ' && *reader->at != '\t')) {
            break;
        }
        reader->at++; /* the fold */
    }
    cut(line, len);
    return true;
}

/* "1234...cdef.2027.ROOT8" */
static void read_uid(const char *value, struct ics_event *event)
{
    size_t len = strlen(value);
    snprintf(event->uid_text, sizeof event->uid_text, "%s", value);
    event->has_uid = len > UID_DIGITS && value[UID_DIGITS] == '.' &&
                     record_uid_read(value, UID_DIGITS, &event->uid);
    event->key[0] = '\0';
    if (!event->has_uid) {
        return;
    }
    const char *key = value + UID_DIGITS + 1;
    size_t key_len = strcspn(key, ".");
    const char *root = key + key_len + (key[key_len] == '.');
    event->has_uid =
        strspn(root, "0123456789abcdef") == ROOT_DIGITS && strchr(".", root[ROOT_DIGITS]) != NULL;
    if (!event->has_uid) {
        return;
    }
    snprintf(event->root, sizeof event->root, "%.*s", ROOT_DIGITS, root);
    if (key_len < sizeof event->key) {
        memcpy(event->key, key, key_len);
        event->key[key_len] = '\0';
    }
    event->is_rest = len > 5 && strcmp(value + len - 5, ".rest") == 0;
}

static bool has_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; shape++, text++) {
        if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape) {
            return false;
        }
    }
    return *text == '\0';
}

static void read_time(const struct line *line, enum ics_start *kind,
                      char out[static ICS_START_SIZE])
{
    static const char is_date[] = ";VALUE=DATE:";
    size_t parameters = (size_t)(line->value - line->text) - line->name_len;
    bool is_only_date = parameters == sizeof is_date - 1 &&
                        strncasecmp(line->text + line->name_len, is_date, parameters) == 0;
    *kind = ICS_OTHER;
    out[0] = '\0';
    if (!line->has_parameters && has_shape(line->value, "00000000T000000Z")) {
        *kind = ICS_INSTANT;
    } else if (is_only_date && has_shape(line->value, "00000000")) {
        *kind = ICS_DATE;
    }
    if (*kind != ICS_OTHER) {
        memcpy(out, line->value, strlen(line->value) + 1);
    }
}

bool ics_read_time(enum ics_start kind, const char text[static ICS_START_SIZE], utc *out)
{
    if (kind != ICS_INSTANT && kind != ICS_DATE) {
        return false;
    }
    bool is_date = kind == ICS_DATE;
    char stamp[24];
    snprintf(stamp, sizeof stamp, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text, text + 4, text + 6,
             is_date ? "00" : text + 9, is_date ? "00" : text + 11, is_date ? "00" : text + 13);
    return stamp_read(stamp, strlen(stamp), out);
}

/* "PT1M", "P1DT2H": RFC 5545 3.3.6, without a sign; -1: not so. */
static int64_t read_length(const char *text)
{
    enum { DIGITS_MAX = 9 };
    static const struct {
        char unit;
        bool is_of_day;
        int64_t seconds;
    } units[] = {{'W', false, 604800},
                 {'D', false, 86400},
                 {'H', true, 3600},
                 {'M', true, 60},
                 {'S', true, 1}};
    int64_t length_s = 0;
    bool is_of_day = false;
    if (*text++ != 'P' || *text == '\0') {
        return -1;
    }
    while (*text != '\0') {
        if (*text == 'T' && !is_of_day) {
            is_of_day = true;
            text++;
        }
        int64_t number = 0;
        size_t digits = strspn(text, "0123456789"), i = 0;
        if (digits == 0 || digits > DIGITS_MAX) {
            return -1;
        }
        while (digits-- > 0) {
            number = number * 10 + (*text++ - '0');
        }
        while (i < sizeof units / sizeof *units &&
               (units[i].unit != *text || units[i].is_of_day != is_of_day)) {
            i++;
        }
        if (i == sizeof units / sizeof *units || length_s > INT64_MAX / 4) {
            return -1;
        }
        length_s += number * units[i].seconds;
        text++;
    }
    return length_s;
}

/* RFC 5545 3.3.11. */
static void read_text(const char *value, char *out, size_t size)
{
    size_t len = 0;
    for (const char *c = value; *c != '\0' && len + 1 < size; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
            out[len++] = *c == 'n' || *c == 'N' ? ' ' : *c;
        } else {
            out[len++] = *c;
        }
    }
    out[len] = '\0';
}

static bool is_free_text(const struct line *line)
{
    return is_name(line, "DESCRIPTION") || is_name(line, "X-ALT-DESC") ||
           is_name(line, "COMMENT") || is_name(line, "CONTACT") || is_name(line, "ATTACH");
}

static bool is_second(unsigned *seen, unsigned bit)
{
    bool is_one = (*seen & bit) != 0;
    *seen |= bit;
    return is_one;
}

/* seen: which of the lines that may stand once the event has had. */
static void read_line(const struct line *line, struct ics_event *event, unsigned *seen)
{
    if (is_name(line, "UID")) {
        event->is_odd |= is_second(seen, 1);
        read_uid(line->value, event);
    } else if (is_name(line, "DTSTART")) {
        event->is_odd |= is_second(seen, 2);
        read_time(line, &event->kind, event->start);
    } else if (is_name(line, "SUMMARY")) {
        event->is_odd |= is_second(seen, 4);
        read_text(line->value, event->summary, sizeof event->summary);
    } else if (is_name(line, "DTEND")) {
        event->is_odd |= is_second(seen, 8);
        read_time(line, &event->end_kind, event->end);
    } else if (is_name(line, "DURATION")) {
        event->is_odd |= is_second(seen, 8); /* either, never both */
        event->has_length = true;
        event->length_s = read_length(line->value);
    } else if (is_name(line, "STATUS")) {
        event->is_odd |= is_second(seen, 16);
        snprintf(event->status, sizeof event->status, "%s", line->value);
    } else if (is_name(line, "LOCATION")) {
        event->is_odd |= is_second(seen, 32);
        read_text(line->value, event->place, sizeof event->place);
    } else if (is_name(line, "URL")) {
        event->is_odd |= is_second(seen, 64);
        snprintf(event->url, sizeof event->url, "%s", line->value);
    } else if (is_free_text(line)) {
        event->has_description = true;
    } else if (is_name(line, "RRULE") || is_name(line, "RDATE")) {
        event->repeats = true;
    }
}

bool ics_is_calendar(const uint8_t *bytes, size_t size)
{
    static const char begins[] = "BEGIN:VCALENDAR";
    return size >= sizeof begins - 1 &&
           strncasecmp((const char *)bytes, begins, sizeof begins - 1) == 0;
}

bool ics_next(struct ics_reader *reader, struct ics_event *out)
{
    static struct line line;
    bool is_in = false;
    unsigned seen = 0;
    int alarms = 0; /* components within the event: their lines are not its own */
    *out = (struct ics_event){0};
    while (next_line(reader, &line)) {
        bool begins = is_name(&line, "BEGIN"), ends = is_name(&line, "END");
        if (begins && strcasecmp(line.value, "VEVENT") == 0) {
            *out = (struct ics_event){0};
            is_in = true;
            alarms = 0;
            seen = 0;
        } else if (is_in && ends && strcasecmp(line.value, "VEVENT") == 0) {
            return true;
        } else if (is_in && begins) {
            alarms++;
        } else if (is_in && ends) {
            alarms -= alarms > 0;
        } else if (is_in && alarms == 0) {
            read_line(&line, out, &seen);
        }
    }
    return false;
}
