#include "trust/armor.h"

#include <sodium.h>
#include <string.h>

#include "records/letters.h"

bool armor_cut_line(struct text *rest, struct text *line)
{
    const char *lf = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
    if (lf == NULL || memchr(rest->at, '\0', (size_t)(lf - rest->at)) != NULL) {
        return false;
    }
    *line = (struct text){rest->at, (size_t)(lf - rest->at)};
    *rest = (struct text){lf + 1, rest->len - line->len - 1};
    while (line->len > 0 && line->at[line->len - 1] == '\r') {
        line->len--;
    }
    return true;
}

bool armor_has_prefix(struct text line, const char *prefix, struct text *value)
{
    size_t len = strlen(prefix);
    if (!text_begins(line.at, line.len, prefix)) {
        return false;
    }
    *value = (struct text){line.at + len, line.len - len};
    return true;
}

bool armor_decode(struct text line, uint8_t *out, size_t size)
{
    size_t decoded;
    return unicode_is_base64(line.at, line.len) &&
           sodium_base642bin(out, size, line.at, line.len, NULL, &decoded, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           decoded == size;
}
