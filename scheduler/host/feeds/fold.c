#include "feeds/fold.h"

#include "text/text.h"

void fold_add_line(struct draft *draft, const char *line, size_t len)
{
    size_t start = 0;
    size_t octets = 0;
    for (size_t i = 0; len > FOLD_OCTETS && i < len;) {
        uint32_t point;
        size_t size = text_decode(line + i, len - i, &point);
        size = size == 0 ? 1 : size;
        if (octets + size > FOLD_OCTETS) {
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
