/* Names as they are compared. */
#include <string.h>

#include "places/internal.h"
#include "words/words.h"

/* The letters of a text's key, one after another. */
struct letters {
    const char *at, *end;
    bool has_begun;
    uint32_t kept; /* after the space that stands for blanks before it */
};

static uint32_t next_letter(struct letters *letters)
{
    uint32_t c = letters->kept;
    bool is_apart = false;
    letters->kept = 0;
    while (c == 0 && (c = words_fold(&letters->at, letters->end)) != 0) {
        if (c == ' ' || c == '-' || c == '_' || c == '\t') {
            is_apart = letters->has_begun;
            c = 0;
        } else if (c == '.' || c == '\'') {
            c = 0;
        } else if (is_apart) {
            letters->kept = c;
            return ' ';
        }
    }
    letters->has_begun = true;
    return c;
}

void key_of(const char *text, size_t len, struct key *out)
{
    struct letters letters = {.at = text, .end = text + len};
    out->count = 0;
    for (uint32_t c; out->count <= KEY_MAX && (c = next_letter(&letters)) != 0; out->count++) {
        if (out->count < KEY_MAX) {
            out->letter[out->count] = c;
        }
    }
}

int key_compare(const struct key *key, const char *text)
{
    struct letters letters = {.at = text, .end = text + strlen(text)};
    for (size_t i = 0; i < key->count && i < KEY_MAX; i++) {
        uint32_t c = next_letter(&letters);
        if (c != key->letter[i]) {
            return key->letter[i] < c ? -1 : 1;
        }
    }
    return next_letter(&letters) != 0 ? -1 : key->count > KEY_MAX;
}

bool key_is(const struct key *key, const char *text)
{
    unsigned char small = (unsigned char)*text | 0x20;
    if (small >= 'a' && small <= 'z' && (key->count == 0 || key->letter[0] != small)) {
        return false; /* most begin with another letter */
    }
    return key_compare(key, text) == 0;
}
