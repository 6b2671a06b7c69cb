#include "text/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_name(struct draft *out, const char *name)
{
    bool is_first = out->len == 0 || strchr("{[,\n", out->at[out->len - 1]) != NULL;
    draft_add(out, is_first ? "" : ",");
    if (name != NULL) {
        draft_add(out, "\"");
        draft_add(out, name);
        draft_add(out, "\":");
    }
}

/* A member that did not fit is taken back, and others may fit after it. */
static void settle(struct draft *out, size_t before)
{
    if (out->is_lent && out->is_short_of_memory) {
        out->len = before;
        out->at[before] = '\0';
        out->is_short_of_memory = false;
    }
}

/* A lent draft keeps a byte for each end. */
void json_open(struct draft *out, const char *name, char bracket)
{
    add_name(out, name);
    draft_add_bytes(out, &bracket, 1);
    if (out->is_lent && out->len + 2 > out->room) {
        out->is_short_of_memory = true;
    }
    out->room -= out->is_lent ? 1 : 0;
}

void json_close(struct draft *out, char bracket)
{
    out->room += out->is_lent ? 1 : 0;
    draft_add_bytes(out, &bracket, 1);
}

void json_text_of(struct draft *out, const char *name, struct text value)
{
    size_t before = out->len;
    if (out->is_short_of_memory) {
        return;
    }
    add_name(out, name);
    draft_add(out, "\"");
    for (size_t i = 0; i < value.len; i++) {
        char room[8];
        draft_add(out, text_json(value.at[i], room));
    }
    draft_add(out, "\"");
    settle(out, before);
}

void json_text(struct draft *out, const char *name, const char *value)
{
    json_text_of(out, name, text_of(value));
}

void json_raw(struct draft *out, const char *name, const char *value)
{
    size_t before = out->len;
    if (out->is_short_of_memory) {
        return;
    }
    add_name(out, name);
    draft_add(out, value);
    settle(out, before);
}

void json_number(struct draft *out, const char *name, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    json_raw(out, name, digits);
}

void json_decimal(struct draft *out, const char *name, int64_t value, int digits)
{
    enum { FRACTION = 20 }; /* a width that the compiler can see */
    char text[64], fraction[FRACTION + 1];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, unit = 1;
    assert(digits > 0 && digits <= 9);
    for (int i = 0; i < digits; i++) {
        unit *= 10;
    }
    snprintf(fraction, sizeof fraction, "%0*" PRIu64, FRACTION, size % unit);
    snprintf(text, sizeof text, "%s%" PRIu64 ".%s", value < 0 ? "-" : "", size / unit,
             fraction + FRACTION - digits);
    json_raw(out, name, text);
}

void json_flag(struct draft *out, const char *name, bool value)
{
    json_raw(out, name, value ? "true" : "false");
}

void json_null(struct draft *out, const char *name)
{
    json_raw(out, name, "null");
}
