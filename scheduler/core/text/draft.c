#include "text/draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/text.h"

bool draft_reserve(struct draft *draft, size_t more)
{
    if (draft->is_short_of_memory) {
        return false;
    }
    if (more >= SIZE_MAX / 4 - draft->len) {
        draft->is_short_of_memory = true;
        return false;
    }
    size_t wanted = draft->len + more + 1;
    if (wanted <= draft->room) {
        return true;
    }
    if (draft->is_lent) {
        draft->is_short_of_memory = true;
        return false;
    }
    size_t room = draft->room < 128 ? 128 : draft->room;
    while (room < wanted) {
        room *= 2;
    }
    char *grown = realloc(draft->at, room);
    if (grown == NULL) {
        draft->is_short_of_memory = true;
        return false;
    }
    draft->at = grown;
    draft->room = room;
    return true;
}

void draft_add_bytes(struct draft *draft, const void *bytes, size_t len)
{
    if (!draft_reserve(draft, len)) {
        return;
    }
    if (len > 0) {
        memcpy(draft->at + draft->len, bytes, len);
    }
    draft->len += len;
    draft->at[draft->len] = '\0';
}

void draft_add(struct draft *draft, const char *text)
{
    draft_add_bytes(draft, text, strlen(text));
}

void draft_print(struct draft *draft, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    size_t room = draft_reserve(draft, 0) ? draft->room - draft->len : 0;
    int len = room == 0 ? -1 : vsnprintf(draft->at + draft->len, room, format, arguments);
    va_end(arguments);
    if (len >= 0 && (size_t)len >= room && draft_reserve(draft, (size_t)len)) {
        vsnprintf(draft->at + draft->len, (size_t)len + 1, format, again);
    }
    if (len >= 0 && !draft->is_short_of_memory) {
        draft->len += (size_t)len;
    } else if (room > 0) {
        draft->at[draft->len] = '\0';
    }
    va_end(again);
}

bool draft_is_clean(uint32_t point)
{
    return point >= 0x20 && (point < 0x7f || point > 0x9f) && point != 0x2028 && point != 0x2029 &&
           !(point >= 0x202a && point <= 0x202e) && !(point >= 0x2066 && point <= 0x2069) &&
           point != 0xfeff && point != 0xfffe && point != 0xffff;
}

/* How many letters of plain ASCII text begins with. */
static size_t plain_run(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && text[i] >= 0x20 && text[i] < 0x7f) {
        i++;
    }
    return i;
}

void draft_add_clean(struct draft *draft, const char *text, size_t len, bool lines)
{
    for (size_t i = 0; i < len;) {
        size_t plain = plain_run(text + i, len - i);
        if (plain > 0) {
            draft_add_bytes(draft, text + i, plain);
            i += plain;
            continue;
        }
        uint32_t point = 0;
        size_t size = text_decode(text + i, len - i, &point);
        if (size == 0) {
            draft_add(draft, "\xef\xbf\xbd");
            i++;
            continue;
        }
        if (point == '\n') {
            draft_add(draft, lines ? "\n" : " ");
        } else if (draft_is_clean(point)) {
            draft_add_bytes(draft, text + i, size);
        }
        i += size;
    }
}

void draft_add_escaped(struct draft *draft, const char *text, size_t len)
{
    size_t from = 0; /* of what needs no escape */
    for (size_t i = 0; i < len; i++) {
        const char *as = text[i] == '&'    ? "&amp;"
                         : text[i] == '<'  ? "&lt;"
                         : text[i] == '>'  ? "&gt;"
                         : text[i] == '"'  ? "&quot;"
                         : text[i] == '\'' ? "&#39;"
                                           : NULL;
        if (as != NULL) {
            draft_add_bytes(draft, text + from, i - from);
            draft_add(draft, as);
            from = i + 1;
        }
    }
    if (from < len) {
        draft_add_bytes(draft, text + from, len - from);
    }
}

void draft_trim(struct draft *draft, const char *otherwise)
{
    size_t start = 0;
    while (start < draft->len && draft->at[start] == ' ') {
        start++;
    }
    while (draft->len > start && draft->at[draft->len - 1] == ' ') {
        draft->len--;
    }
    if (draft->len > 0) {
        memmove(draft->at, draft->at + start, draft->len - start);
        draft->len -= start;
        draft->at[draft->len] = '\0';
    }
    if (draft->len == 0) {
        draft_add(draft, otherwise);
    }
}

char *draft_take(struct draft *draft)
{
    draft_add_bytes(draft, "", 0);
    char *text = draft->at;
    if (draft->is_short_of_memory) {
        free(text);
        text = NULL;
    }
    *draft = (struct draft){0};
    return text;
}

void draft_free(struct draft *draft)
{
    free(draft->at);
    *draft = (struct draft){0};
}
