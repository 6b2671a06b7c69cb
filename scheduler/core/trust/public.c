#include <string.h>

#include "trust/armor.h"
#include "trust/trust.h"

enum trust_result trust_public_key_read(const char *text, size_t len, struct record_public_key *out)
{
    if (len > TRUST_KEY_TEXT_MAX) {
        return TRUST_MALFORMED;
    }
    struct text rest = {text, len}, line, comment;
    bool is_line = armor_cut_line(&rest, &line);
    if (is_line && armor_has_prefix(line, ARMOR_UNTRUSTED, &comment)) {
        is_line = armor_cut_line(&rest, &line);
    }
    if (!is_line) { /* typed, or the last line feed was lost */
        line = rest;
        rest.len = 0;
    }
    return rest.len == 0 && record_public_key_read(line, out) ? TRUST_OK : TRUST_MALFORMED;
}

bool trust_public_key_equal(const struct record_public_key *a, const struct record_public_key *b)
{
    return record_key_id_equal(&a->id, &b->id) && memcmp(a->key, b->key, sizeof a->key) == 0;
}
