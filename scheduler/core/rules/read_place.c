/* read_place.c -- reads a place and its region. */
#include <string.h>

#include "rules/parser.h"
#include "words/letter.h"

enum { NAME_WORDS_MAX = 6 };

/* From the token at p->at on to the end of the token before after. */
static size_t length_until(const struct parser *p, size_t from, size_t after)
{
    const struct token *last = &p->token[after - 1];
    return (size_t)(last->text + last->len - p->token[from].text);
}

static size_t count_words(const struct parser *p, size_t from)
{
    size_t run = 0;
    while (run < NAME_WORDS_MAX && p->token[from + run].kind == TOKEN_WORD) {
        run++;
    }
    return run;
}

static bool is_sign(const struct parser *p, size_t at, char sign)
{
    return p->token[at].kind == TOKEN_SIGN && p->token[at].number == sign;
}

/* Where a position that begins at `at` ends; 0: none begins there. */
static size_t end_of_position(const struct parser *p, size_t at)
{
    for (int i = 0; i < 2; i++) {
        at += is_sign(p, at, '-');
        if (p->token[at].kind != TOKEN_NUMBER || (i == 0 && !is_sign(p, at + 1, ','))) {
            return 0;
        }
        at += i == 0 ? 2 : 1;
    }
    const struct token *in = &p->token[at];
    bool has_zone = in->kind == TOKEN_WORD && in->len == 2 && (in->text[0] | 0x20) == 'i' &&
                    (in->text[1] | 0x20) == 'n' && in[1].kind == TOKEN_WORD;
    return at + (has_zone ? 2 : 0);
}

/* Where the name of a city that begins at `at` ends; 0: no city is called so. */
static size_t end_of_name(const struct parser *p, size_t at)
{
    struct place place;
    size_t words = count_words(p, at);
    while (words > 0 &&
           places_find(p->token[at].text, length_until(p, at, at + words), &place) == PLACES_NONE) {
        words--;
    }
    return words > 0 ? at + words : 0;
}

/* As end_of_name, with its region and country.  In a list of places, what is a city of its own is
 * the next. */
static size_t end_of_city(const struct parser *p, size_t at)
{
    const char *text = p->token[at].text;
    struct place place;
    size_t end = end_of_name(p, at), words = end - at;
    if (end == 0) {
        return 0;
    }
    for (int part = 0; part < 2 && is_sign(p, end, ','); part++) {
        size_t from = end + 1, more = count_words(p, from);
        for (; more > 0; more--) {
            const char *name = p->token[from].text;
            size_t len = length_until(p, from, from + more);
            char country[3];
            bool is_city_itself = !places_find_country(name, len, country) &&
                                  !words_equal(name, len, text, length_until(p, at, at + words)) &&
                                  places_find(name, len, &place) != PLACES_NONE &&
                                  !places_is_told_by_region(text, length_until(p, at, from + more),
                                                            length_until(p, at, at + words));
            if (!is_city_itself &&
                places_find(text, length_until(p, at, from + more), &place) != PLACES_NONE) {
                break;
            }
        }
        if (more == 0) {
            break;
        }
        end = from + more;
    }
    return end;
}

/* The state or province after a name that ends here, and a comma; 0 bytes: there is none. */
static size_t region_after(const char *at, const char *end, const char **region)
{
    at = skip_blanks(at, end);
    if (at == end || *at != ',') {
        return 0;
    }
    *region = skip_blanks(at + 1, end);
    return places_region_at(*region, (size_t)(end - *region));
}

bool parser_doubt_place(struct parser *p, size_t token, const char *text, size_t len)
{
    char doubt[PLACE_DOUBT_SIZE] = "";
    const char *region;
    size_t region_len = region_after(text + len, p->text + p->len, &region);
    if (region_len > 0 && region_len < PLACE_NAME_SIZE) {
        p->is_asking = !p->has_failed;
        return parser_fail(
            p, token,
            "no such place in \"%.*s\" is known: write a city near it, or a position "
            "like 44.49,11.34",
            (int)region_len, region);
    }
    if (!p->is_trial) { /* it looks for the nearest of all names */
        places_doubt_in(text, len, p->reader, doubt);
    }
    p->is_asking = !p->has_failed;
    (void)parser_fail(p, token, "%s", doubt);
    p->told = p->is_asking ? p->reader : p->told;
    return false;
}

/* The place that len bytes of text name, the token from standing first. */
static bool keep_place(struct parser *p, size_t from, const char *text, size_t len, bool with_clock,
                       char out[static RULE_NAME_SIZE])
{
    struct place place;
    enum places_answer answer = places_find(text, len, &place);
    if (answer == PLACES_NONE) { /* perhaps the world knows it */
        return parser_keep_name(p, text, len, out, RULE_NAME_SIZE);
    }
    if (answer != PLACES_FOUND || (with_clock && place.zone[0] == '\0')) {
        return parser_doubt_place(p, from, text, len);
    }
    places_write(&place, out);
    return true;
}

bool take_place(struct parser *p, bool with_clock, char out[static RULE_NAME_SIZE])
{
    const struct token *t = parser_token(p);
    size_t from = p->at, end;
    if (t->kind == TOKEN_QUOTED) {
        p->at++;
        return keep_place(p, from, t->text, t->len, with_clock, out);
    }
    if ((end = end_of_position(p, from)) == 0) {
        if (t->kind != TOKEN_WORD) {
            parser_expect(p, "a place");
            return false;
        }
        end = end_of_city(p, from);
    }
    p->at = end != 0 ? end : from + 1;
    return keep_place(p, from, t->text, length_until(p, from, p->at), with_clock, out);
}

bool take_name(struct parser *p, char out[static RULE_NAME_SIZE])
{
    const struct token *t = parser_token(p);
    size_t from = p->at, end = t->kind == TOKEN_WORD ? end_of_name(p, from) : 0;
    if (t->kind != TOKEN_WORD && t->kind != TOKEN_QUOTED) {
        parser_expect(p, "a name");
        return false;
    }
    p->at = end != 0 ? end : from + 1;
    return parser_keep_name(p, t->text, length_until(p, from, p->at), out, RULE_NAME_SIZE);
}

bool take_country(struct parser *p, char out[static 3])
{
    const char *text = parser_token(p)->text;
    for (size_t words = count_words(p, p->at); words > 0; words--) {
        if (places_find_country(text, length_until(p, p->at, p->at + words), out)) {
            p->at += words;
            return true;
        }
    }
    parser_expect(p, "a country");
    return false;
}

bool take_zone(struct parser *p, char out[static ZONE_NAME_SIZE])
{
    const struct token *t = parser_token(p);
    if (t->kind != TOKEN_WORD) {
        parser_expect(p, "a zone like Europe/Rome");
        return false;
    }
    for (size_t i = 0; i < t->len; i++) {
        if ((unsigned char)t->text[i] >= 0x80 || t->text[i] == '\'') {
            return parser_fail(p, p->at, "\"%.*s\" is not the name of a zone", (int)t->len,
                               t->text);
        }
    }
    /* EST stays where it is, CET moves to summer: names of one word say too little */
    if (memchr(t->text, '/', t->len) == NULL && !words_equal(t->text, t->len, "utc", 3)) {
        struct place place;
        if (places_find(t->text, t->len, &place) == PLACES_FOUND) {
            parser_expect(p, "a zone like Europe/Rome");
            return false;
        }
        return parser_doubt_place(p, p->at, t->text, t->len);
    }
    p->at++;
    if (t->len >= ZONE_NAME_SIZE) {
        return parser_keep_name(p, t->text, t->len, out, ZONE_NAME_SIZE);
    }
    char name[PLACE_NAME_SIZE];
    places_zone_name(t->text, t->len, name);
    memcpy(out, name, t->len + 1);
    return true;
}
