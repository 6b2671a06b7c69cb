#include "text/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_is(struct text text, const char *word)
{
    return text_equal(text, text_of(word));
}

bool text_begins(const void *at, size_t len, const char *with)
{
    size_t wanted = strlen(with);
    return len >= wanted && memcmp(at, with, wanted) == 0;
}

bool text_has_scheme(const char *address, const char *scheme)
{
    return strncasecmp(address, scheme, strlen(scheme)) == 0;
}

bool text_is_web(struct text address)
{
    return (address.len > 7 && text_begins(address.at, address.len, "http://")) ||
           (address.len > 8 && text_begins(address.at, address.len, "https://"));
}

int text_compare(struct text a, struct text b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.at, b.at, shorter) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

size_t text_decode(const char *at, size_t len, uint32_t *point)
{
    unsigned char lead = len > 0 ? (unsigned char)at[0] : 0xFF;
    size_t size = lead < 0x80   ? 1
                  : lead < 0xC2 ? 0
                  : lead < 0xE0 ? 2
                  : lead < 0xF0 ? 3
                  : lead < 0xF5 ? 4
                                : 0;
    if (size == 0 || size > len) {
        return 0;
    }
    static const uint32_t lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = lead & lead_mask[size];
    for (size_t i = 1; i < size; i++) {
        if (!text_is_inside(at[i])) {
            return 0;
        }
        value = value << 6 | ((unsigned char)at[i] & 0x3F);
    }
    if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *point = value;
    return size;
}

size_t text_characters(const char *at, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += !text_is_inside(at[i]);
    }
    return count;
}

void text_locate(const char *text, const char *at, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (; text < at; text++) {
        if (*text == '\n') {
            ++*line;
            *column = 1;
        } else {
            *column += !text_is_inside(*text);
        }
    }
}

size_t text_cut(const char *at, size_t len, size_t most)
{
    if (len <= most) {
        return len;
    }
    while (most > 0 && text_is_inside(at[most])) {
        most--;
    }
    return most;
}

bool text_read_number(struct text text, uint32_t most, uint32_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!text_is_digit(text.at[i]) || value > most) {
            return false;
        }
        value = value * 10 + (uint64_t)(text.at[i] - '0');
    }
    if (text.len == 0 || value > most) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

struct text text_host(struct text address, struct text *rest)
{
    bool is_quoted = address.len > 0 && *address.at == '[';
    const char *from = address.at + is_quoted, *end = address.at + address.len;
    const char *to = from < end ? memchr(from, is_quoted ? ']' : ':', (size_t)(end - from)) : NULL;
    if (to == NULL) {
        *rest = (struct text){end, 0};
        return is_quoted ? (struct text){NULL, 0} : address;
    }
    const char *after = to + is_quoted;
    *rest = (struct text){after, (size_t)(end - after)};
    return (struct text){from, (size_t)(to - from)};
}

bool text_read_port(struct text text, int *out)
{
    uint32_t port;
    if (text.len < 2 || text.at[0] != ':' || text.at[1] == '0' ||
        !text_read_number((struct text){text.at + 1, text.len - 1}, 65535, &port)) {
        return false;
    }
    *out = (int)port;
    return true;
}

bool text_is_hex(struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!(text_is_digit(text.at[i]) || (text.at[i] >= 'a' && text.at[i] <= 'f'))) {
            return false;
        }
    }
    return true;
}

const char *text_json(char byte, char out[static 8])
{
    bool is_quoted = byte == '"' || byte == '\\';
    if (byte == '\n') {
        return "\\n";
    }
    if ((unsigned char)byte < 0x20 || byte == 0x7f) {
        snprintf(out, 8, "\\u%04x", (unsigned char)byte);
    } else {
        out[0] = is_quoted ? '\\' : byte;
        out[1] = is_quoted ? byte : '\0';
        out[2] = '\0';
    }
    return out;
}

void text_hide_passwords(char *line)
{
    char *sign = strchr(line, '@');
    while (sign != NULL) {
        char *begin = sign, *colon = NULL;
        while (begin > line && strchr(" /\"'(=", begin[-1]) == NULL) {
            begin--;
            colon = *begin == ':' ? begin : colon;
        }
        bool is_address = begin - line >= 3 && memcmp(begin - 3, "://", 3) == 0;
        char *secret = colon != NULL ? colon + 1 : begin;
        if ((colon != NULL || is_address) && secret < sign) {
            *secret = '*';
            memmove(secret + 1, sign, strlen(sign) + 1);
            sign = secret + 1;
        }
        sign = strchr(sign + 1, '@');
    }
}

void text_join(char *list, size_t size, const char *joint, const char *format, ...)
{
    size_t used = strlen(list);
    va_list args;
    va_start(args, format);
    snprintf(list + used, size - used, "%s", used > 0 ? joint : "");
    used = strlen(list);
    vsnprintf(list + used, size - used, format, args);
    va_end(args);
}
