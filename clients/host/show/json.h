/* show/json.h -- one JSON object on one line, written member by member into a buffer given.  What
 * does not fit is cut at a member, never inside one, and the line stays valid. */
#ifndef SHOW_JSON_H
#define SHOW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    char *at;
    size_t size, used;
    bool has_member;
};

void json_begin(struct json *json, char *out, size_t size);
void json_text(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, int64_t value);
/* A number of thousandths: 1234 is written 1.234. */
void json_thousandths(struct json *json, const char *name, int64_t value);
void json_flag(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);
/* Closes the object and the line; returns the line's length. */
size_t json_end(struct json *json);

#endif
