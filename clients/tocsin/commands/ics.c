#include "tocsin/commands/ics.h"

#include <string.h>
#include <strings.h>

enum { UID_DIGITS = RECORD_UID_TEXT_SIZE - 1, LINE_SIZE = ICS_SUMMARY_SIZE + 512 };

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
    event->has_uid = len > UID_DIGITS && value[UID_DIGITS] == '.' &&
                     record_uid_read(value, UID_DIGITS, &event->uid);
    event->key[0] = '\0';
    if (!event->has_uid) {
        return;
    }
    const char *key = value + UID_DIGITS + 1;
    size_t key_len = strcspn(key, ".");
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

static void read_start(const struct line *line, struct ics_event *event)
{
    static const char is_date[] = ";VALUE=DATE:";
    size_t parameters = (size_t)(line->value - line->text) - line->name_len;
    bool is_only_date = parameters == sizeof is_date - 1 &&
                        strncasecmp(line->text + line->name_len, is_date, parameters) == 0;
    event->kind = ICS_OTHER;
    event->start[0] = '\0';
    if (!line->has_parameters && has_shape(line->value, "00000000T000000Z")) {
        event->kind = ICS_INSTANT;
    } else if (is_only_date && has_shape(line->value, "00000000")) {
        event->kind = ICS_DATE;
    }
    if (event->kind != ICS_OTHER) {
        memcpy(event->start, line->value, strlen(line->value) + 1);
    }
}

/* RFC 5545 3.3.11. */
static void read_summary(const char *value, struct ics_event *event)
{
    size_t len = 0;
    for (const char *c = value; *c != '\0' && len + 1 < sizeof event->summary; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
            event->summary[len++] = *c == 'n' || *c == 'N' ? ' ' : *c;
        } else {
            event->summary[len++] = *c;
        }
    }
    event->summary[len] = '\0';
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
        read_start(line, event);
    } else if (is_name(line, "SUMMARY")) {
        event->is_odd |= is_second(seen, 4);
        read_summary(line->value, event);
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
