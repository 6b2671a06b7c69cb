#include "pieces/cutter.h"

bool cut_add(struct cutter *c, struct piece piece)
{
    if (c->count + 1 >= PIECES_MAX) {
        return false;
    }
    c->out[c->count++] = piece;
    return true;
}

static bool is_word_inner(const char *at, const char *end, bool is_zone)
{
    char next = at + 1 < end ? at[1] : '\0';
    return is_letter(*at) || *at == '_' || *at == '/' ||
           ((*at == '-' || *at == '\'' || *at == '.') && is_letter(next)) ||
           (is_zone && (is_digit(*at) || *at == '+' || *at == '-'));
}

const char *word_end(const char *at, const char *end)
{
    bool is_zone = false;
    while (at < end && is_word_inner(at, end, is_zone)) {
        is_zone = is_zone || *at == '/';
        at++;
    }
    return at;
}
