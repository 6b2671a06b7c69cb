/* prose.c -- text in several languages. */
#include "records/record.h"

#include <string.h>

#include "records/letters.h"
#include "text/text.h"

static const struct record_prose *find_tag(const struct record_prose *prose, size_t count,
                                           const char *tag, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (prose[i].tag.len == len && memcmp(prose[i].tag.at, tag, len) == 0) {
            return &prose[i];
        }
    }
    return NULL;
}

const struct record_prose *record_prose_find(const struct record_prose *prose, size_t count,
                                             const char *languages)
{
    while (languages != NULL && *languages != '\0') {
        size_t len = strcspn(languages, ",");
        const struct record_prose *found = len > 0 ? find_tag(prose, count, languages, len) : NULL;
        if (found != NULL) {
            return found;
        }
        languages += len + (languages[len] == ',');
    }
    return count > 0 ? &prose[0] : NULL;
}

struct text record_prose_in(const struct record_prose *prose, size_t count, const char *languages)
{
    const struct record_prose *found = record_prose_find(prose, count, languages);
    return found != NULL ? found->value : (struct text){"", 0};
}

size_t record_unescape(struct text value, char *out, size_t size)
{
    size_t len = 0, end = 0; /* where a character ends that fits */
    for (size_t i = 0; i < value.len; i++) {
        char letter = value.at[i];
        if (letter == '\\' && i + 1 < value.len) {
            i++;
            letter = value.at[i] == 'n' ? '\n' : value.at[i];
        }
        if (len < size && !text_is_inside(letter)) {
            end = len;
        }
        if (len + 1 < size) {
            out[len] = letter;
        }
        len++;
    }
    if (size > 0) {
        out[len < size ? len : end] = '\0';
    }
    return len;
}

bool record_escape(const char *text, bool newlines, char *out, size_t size)
{
    const char *why;
    if (letters_judge(text, strlen(text), &why) != NULL) {
        return false;
    }
    size_t len = 0;
    for (; *text != '\0'; text++) {
        bool is_newline = *text == '\n';
        if (is_newline && !newlines) {
            return false;
        }
        bool is_escaped = is_newline || *text == '\\';
        if (len + (is_escaped ? 2 : 1) >= size) {
            return false;
        }
        if (is_escaped) {
            out[len++] = '\\';
        }
        out[len++] = is_newline ? 'n' : *text;
    }
    if (size == 0) {
        return false;
    }
    out[len] = '\0';
    return true;
}
