#include "feeds/fold.h"

#include <string.h>

enum { LINE_OCTETS = 75 };

void fold_add_line(struct draft *draft, const char *line, size_t len)
{
    size_t start = 0;
    size_t octets = 0;
    for (size_t i = 0; i < len;) {
        uint32_t point;
        size_t size = text_decode(line + i, len - i, &point);
        size = size == 0 ? 1 : size;
        if (octets + size > LINE_OCTETS) {
            draft_add_bytes(draft, line + start, i - start);
            draft_add(draft, "\r\n ");
            start = i;
            octets = 1;
        }
        octets += size;
        i += size;
    }
    draft_add_bytes(draft, line + start, len - start);
    draft_add(draft, "\r\n");
}

void fold_add_again(struct draft *draft, const char *text)
{
    struct draft line = {0};
    while (*text != '\0') {
        const char *end = strchr(text, '\r');
        if (end == NULL) {
            end = text + strlen(text);
        }
        draft_add_bytes(&line, text, (size_t)(end - text));
        if (strncmp(end, "\r\n ", 3) == 0) {
            text = end + 3;
        } else if (strncmp(end, "\r\r\n \n", 5) == 0) {
            /* the end of a line, itself broken */
            fold_add_line(draft, line.at, line.len);
            line.len = 0;
            text = end + 5;
        } else if (strncmp(end, "\r\n", 2) == 0) {
            fold_add_line(draft, line.at, line.len);
            line.len = 0;
            text = end + 2;
        } else {
            draft_add_bytes(&line, end, *end == '\0' ? 0 : 1); /* for the check to find */
            text = *end == '\0' ? end : end + 1;
        }
    }
    if (line.len > 0) {
        fold_add_line(draft, line.at, line.len);
    }
    draft->is_short_of_memory = draft->is_short_of_memory || line.is_short_of_memory;
    draft_free(&line);
}
