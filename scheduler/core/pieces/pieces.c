#include "pieces/pieces.h"

#include <string.h>

#include "pieces/cutter.h"

bool pieces_read(const char *text, size_t len, enum language language,
                 struct piece out[static PIECES_MAX], size_t *reached)
{
    struct cutter c = {.at = text, .end = text + len, .language = language, .out = out};
    while (c.at < c.end) {
        bool is_cut, ok;
        *reached = (size_t)(c.at - text);
        if (*c.at == ' ') {
            c.at++;
            continue;
        }
        if (is_digit(*c.at)) {
            /* "Rome1": a slip of the hand, and no number; Arabic writes its article before one */
            bool is_glued = c.at > text && is_letter(c.at[-1]) && !c.is_stamp;
            ok = (!is_glued || language == LANGUAGE_AR) && cut_number(&c);
        } else if (is_letter(*c.at)) {
            ok = cut_word(&c);
        } else if (*c.at == '-' && is_digit(peek(&c, 1)) && cut_position(&c, &is_cut) && is_cut) {
            ok = true;
        } else if ((*c.at == '+' || *c.at == '-') && cut_from_utc(&c)) {
            ok = true;
        } else {
            ok = strchr(",.;()-+", *c.at) != NULL &&
                 cut_add(&c, (struct piece){.kind = PIECE_SIGN, .n = (unsigned char)*c.at});
            c.at++;
        }
        if (!ok) {
            out[c.count] = (struct piece){.kind = PIECE_END};
            return false;
        }
    }
    out[c.count] = (struct piece){.kind = PIECE_END};
    if (c.count + 1 < PIECES_MAX) {
        out[c.count + 1] = out[c.count]; /* who looks at the next but one reads nothing stale */
    }
    *reached = len;
    return c.count > 0;
}
