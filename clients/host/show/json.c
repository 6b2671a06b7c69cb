#include "show/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/text.h"

enum { TAIL = 3 }; /* } LF NUL */

void json_begin(struct json *json, char *out, size_t size)
{
    *json = (struct json){.at = out, .size = size};
    json->at[json->used++] = '{';
}

/* Appends, or leaves everything as it was. */
static bool put(struct json *json, const char *text, size_t length)
{
    if (json->size - json->used < length + TAIL) {
        return false;
    }
    memcpy(json->at + json->used, text, length);
    json->used += length;
    return true;
}

static bool put_name(struct json *json, const char *name)
{
    return (!json->has_member || put(json, ",", 1)) && put(json, "\"", 1) &&
           put(json, name, strlen(name)) && put(json, "\":", 2);
}

static bool put_quoted(struct json *json, const char *value)
{
    bool fits = put(json, "\"", 1);
    for (; fits && *value != '\0'; value++) {
        char room[8];
        const char *byte = text_json(*value, room);
        fits = put(json, byte, strlen(byte));
    }
    return fits && put(json, "\"", 1);
}

static void member(struct json *json, const char *name, const char *value, bool is_text)
{
    size_t before = json->used;
    if (put_name(json, name) &&
        (is_text ? put_quoted(json, value) : put(json, value, strlen(value)))) {
        json->has_member = true;
    } else {
        json->used = before;
    }
}

void json_text(struct json *json, const char *name, const char *value)
{
    member(json, name, value, true);
}

void json_number(struct json *json, const char *name, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    member(json, name, digits, false);
}

void json_thousandths(struct json *json, const char *name, int64_t value)
{
    char digits[32];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    snprintf(digits, sizeof digits, "%s%" PRIu64 ".%03" PRIu64, value < 0 ? "-" : "", size / 1000,
             size % 1000);
    member(json, name, digits, false);
}

void json_flag(struct json *json, const char *name, bool value)
{
    member(json, name, value ? "true" : "false", false);
}

void json_null(struct json *json, const char *name)
{
    member(json, name, "null", false);
}

size_t json_end(struct json *json)
{
    json->at[json->used++] = '}';
    json->at[json->used++] = '\n';
    json->at[json->used] = '\0';
    return json->used;
}
