#include "words/words.h"

#include <string.h>

#include "text/text.h"

/* One code point; bytes of none, and characters beyond what any of our words has, come back as
 * 0x110000 + byte. */
static uint32_t decode(const char **at, const char *end)
{
    uint32_t c = (unsigned char)**at;
    if (c < 0x80) {
        ++*at;
        return c; /* nearly all are */
    }
    size_t size = text_decode(*at, (size_t)(end - *at), &c);
    if (size == 0 || c > 0xFFFF) {
        return 0x110000 + (uint32_t)(unsigned char)*(*at)++;
    }
    *at += size;
    return c;
}

/* U+00C0 to U+017F to their base letters: one row for each 16 code points, upper and lower case
 * alike; '.' stands for letters that have none. */
static const char latin[] = "aaaaaa.ceeeeiiii"  /* C0 */
                            "dnooooo.ouuuuy.s"  /* D0 */
                            "aaaaaa.ceeeeiiii"  /* E0 */
                            "dnooooo.ouuuuy.y"  /* F0 */
                            "aaaaaaccccccccdd"  /* 100 */
                            "ddeeeeeeeeeegggg"  /* 110 */
                            "gggghhhhiiiiiiii"  /* 120 */
                            "ii..jjkk.lllllll"  /* 130 */
                            "lllnnnnnnn..oooo"  /* 140 */
                            "oo..rrrrrrssssss"  /* 150 */
                            "ssttttttuuuuuuuu"  /* 160 */
                            "uuuuwwyyyzzzzzzs"; /* 170 */

static uint32_t fold_greek(uint32_t c)
{
    static const struct {
        uint16_t from, to;
    } accented[] = {{0x386, 0x3b1}, {0x388, 0x3b5}, {0x389, 0x3b7}, {0x38a, 0x3b9}, {0x38c, 0x3bf},
                    {0x38e, 0x3c5}, {0x38f, 0x3c9}, {0x390, 0x3b9}, {0x3ac, 0x3b1}, {0x3ad, 0x3b5},
                    {0x3ae, 0x3b7}, {0x3af, 0x3b9}, {0x3b0, 0x3c5}, {0x3ca, 0x3b9}, {0x3cb, 0x3c5},
                    {0x3cc, 0x3bf}, {0x3cd, 0x3c5}, {0x3ce, 0x3c9}, {0x3aa, 0x3b9}, {0x3ab, 0x3c5},
                    {0x3c2, 0x3c3}};
    if (c > 0x3b0 && c < 0x3ca && c != 0x3c2) {
        return c; /* small and without an accent: most */
    }
    for (size_t i = 0; i < sizeof accented / sizeof *accented; i++) {
        if (accented[i].from == c) {
            return accented[i].to;
        }
    }
    return c >= 0x391 && c <= 0x3a9 ? c + 0x20 : c;
}

static uint32_t fold_cyrillic(uint32_t c)
{
    c = c >= 0x410 && c <= 0x42f ? c + 0x20 : c >= 0x400 && c <= 0x40f ? c + 0x50 : c;
    return c == 0x490 || c == 0x491 ? 0x433 : c == 0x451 ? 0x435 : c;
}

static uint32_t fold_arabic(uint32_t c)
{
    if ((c >= 0x64b && c <= 0x652) || c == 0x640 || c == 0x670) {
        return 0; /* vowel signs and the lengthening stroke */
    }
    return c == 0x622 || c == 0x623 || c == 0x625 ? 0x627
           : c == 0x649                           ? 0x64a
           : c == 0x629                           ? 0x647
                                                  : c;
}

static uint32_t fold(uint32_t c)
{
    if (c < 0x80) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    if (c >= 0xc0 && c < 0x180) {
        char base = latin[c - 0xc0];
        return base != '.' ? (uint32_t)(unsigned char)base : c;
    }
    if (c >= 0x300 && c < 0x370) {
        return 0; /* combining marks */
    }
    if (c >= 0x370 && c < 0x400) {
        return fold_greek(c);
    }
    if (c >= 0x400 && c < 0x500) {
        return fold_cyrillic(c);
    }
    return c == 0x2019 || c == 0x2bc ? '\'' : c == 0x2010 || c == 0x2011 ? '-' : fold_arabic(c);
}

uint32_t words_fold(const char **at, const char *end)
{
    while (*at < end) {
        uint32_t c = fold(decode(at, end));
        if (c != 0) {
            return c;
        }
    }
    return 0;
}

static bool begins(const char *at, const char *end, const char *part, const char *part_end)
{
    uint32_t wanted;
    while ((wanted = words_fold(&part, part_end)) != 0) {
        if (words_fold(&at, end) != wanted) {
            return false;
        }
    }
    return true;
}

bool words_has(const char *text, size_t len, const char *part, size_t part_len)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        if (begins(at, end, part, part + part_len)) {
            return true;
        }
        do { /* the next character */
            at++;
        } while (at < end && text_is_inside(*at));
    }
    return false;
}

/* As words_fold, with runs of blanks, hyphens and underscores as one space. */
static uint32_t next(const char **at, const char *end)
{
    uint32_t c = words_fold(at, end);
    if (c != ' ' && c != '-' && c != '_' && c != '\t' && c != '\n') {
        return c;
    }
    while (*at < end &&
           (**at == ' ' || **at == '-' || **at == '_' || **at == '\t' || **at == '\n')) {
        ++*at;
    }
    return ' ';
}

bool words_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const char *a_end = a + a_len, *b_end = b + b_len;
    for (;;) {
        uint32_t x = next(&a, a_end), y = next(&b, b_end);
        if (x != y) {
            return false;
        }
        if (x == 0) {
            return true;
        }
    }
}

const struct word *words_find(enum word_kind kind, const char *text, size_t len,
                              const struct word *after)
{
    size_t count;
    const struct word *words = words_of(kind, &count);
    for (size_t i = after != NULL ? (size_t)(after - words) + 1 : 0; i < count; i++) {
        if (len > 0 && words_may_equal(words[i].text, text) &&
            words_equal(words[i].text, strlen(words[i].text), text, len)) {
            return &words[i];
        }
    }
    return NULL;
}

const char *words_name(enum word_kind kind, int32_t value)
{
    size_t count;
    const struct word *words = words_of(kind, &count);
    for (size_t i = 0; i < count; i++) {
        if (words[i].value == value) {
            return words[i].text;
        }
    }
    return "";
}

enum { LETTERS = 32 };

int words_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    uint32_t x[LETTERS], y[LETTERS];
    int m = 0, n = 0;
    const char *a_end = a + a_len, *b_end = b + b_len;
    for (uint32_t c; m < LETTERS && (c = next(&a, a_end)) != 0;) {
        x[m++] = c;
    }
    for (uint32_t c; n < LETTERS && (c = next(&b, b_end)) != 0;) {
        y[n++] = c;
    }
    int rows[3][LETTERS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    for (int j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (int i = 1; i <= m; i++) {
        int *oldest = before;
        before = last;
        last = row;
        row = oldest;
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int cost = last[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
            int least = last[j] < row[j - 1] ? last[j] + 1 : row[j - 1] + 1;
            row[j] = cost < least ? cost : least;
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
                before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
        }
    }
    return row[n] > 8 ? 9 : row[n];
}

const char *words_nearer(const char *word, size_t len, const char *best, const char *other)
{
    enum { FARTHEST = 2 };
    size_t other_len = strlen(other);
    int distance = words_distance(word, len, other, other_len);
    int least = best != NULL ? words_distance(word, len, best, strlen(best)) : FARTHEST + 1;
    int letters = words_distance(word, len, "", 0),
        others = words_distance(other, other_len, "", 0);
    bool is_like = 2 * distance < (letters > others ? letters : others);
    return distance < least && is_like ? other : best;
}
