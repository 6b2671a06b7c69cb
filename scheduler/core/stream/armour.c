#include "stream/armour.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "text/draft.h"
#include "text/text.h"

enum { CHECK_SIZE = 8, LINE_SIZE = 64 };

static const char *const begin_words[] = {"BEGIN", "TOCSIN", "BUNDLE"};
static const char *const end_words[] = {"END", "TOCSIN", "BUNDLE"};

static void check_of(const uint8_t *bytes, size_t size, uint8_t out[static CHECK_SIZE])
{
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
    memcpy(out, hash, CHECK_SIZE);
}

char *armour_write(const uint8_t *bytes, size_t size)
{
    static const char before[] = "BEGIN TOCSIN BUNDLE\n", after[] = "END TOCSIN BUNDLE\n";
    const int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    size_t room = sodium_base64_encoded_len(size + CHECK_SIZE, variant);
    size_t whole = sizeof before + room + room / LINE_SIZE + 1 + sizeof after;
    uint8_t *checked = malloc(size + CHECK_SIZE);
    char *base64 = malloc(room), *text = malloc(whole);
    if (checked != NULL && base64 != NULL && text != NULL) {
        check_of(bytes, size, checked);
        if (size > 0) {
            memcpy(checked + CHECK_SIZE, bytes, size);
        }
        sodium_bin2base64(base64, room, checked, size + CHECK_SIZE, variant);
        char *to = text;
        memcpy(to, before, sizeof before - 1);
        to += sizeof before - 1;
        size_t left = strlen(base64);
        for (const char *from = base64; left > 0;) {
            size_t line = left < LINE_SIZE ? left : LINE_SIZE;
            memcpy(to, from, line);
            to += line;
            from += line;
            left -= line;
            *to++ = '\n';
        }
        memcpy(to, after, sizeof after);
    } else {
        free(text);
        text = NULL;
    }
    free(base64);
    free(checked);
    return text;
}

static bool is_of_base64(char c)
{
    return text_is_letter(c) || text_is_digit(c) || c == '+' || c == '/';
}

/* Whether these three words stand here, whatever a chat put between them; *after: where they
 * end. */
static bool stand_here(const char *at, const char *end, const char *const word[static 3],
                       const char **after)
{
    for (size_t i = 0; i < 3; i++) {
        while (i > 0 && at < end && !is_of_base64(*at)) {
            at++;
        }
        size_t len = strlen(word[i]);
        if ((size_t)(end - at) < len || memcmp(at, word[i], len) != 0) {
            return false;
        }
        at += len;
    }
    *after = at;
    return true;
}

/* Where they stand first, or NULL. */
static const char *find(const char *at, const char *end, const char *const word[static 3],
                        const char **after)
{
    for (; at < end; at++) {
        if (*at == *word[0] && stand_here(at, end, word, after)) {
            return at;
        }
    }
    return NULL;
}

/* The base64 between the words, and nothing else. */
static enum armour_result decode(const char *from, const char *to, uint8_t **out, size_t *size)
{
    const int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    size_t room = (size_t)(to - from) + 1, len = 0, decoded = 0;
    char *base64 = malloc(room);
    uint8_t *bytes = malloc(room), check[CHECK_SIZE];
    enum armour_result result = ARMOUR_NO_MEMORY;
    if (base64 == NULL || bytes == NULL) {
        goto free_both;
    }
    for (; from < to; from++) {
        if (is_of_base64(*from)) {
            base64[len++] = *from;
        }
    }
    result = ARMOUR_DAMAGED;
    if (sodium_base642bin(bytes, room, base64, len, NULL, &decoded, NULL, variant) != 0 ||
        decoded < CHECK_SIZE) {
        goto free_both;
    }
    check_of(bytes + CHECK_SIZE, decoded - CHECK_SIZE, check);
    if (memcmp(check, bytes, CHECK_SIZE) == 0) {
        memmove(bytes, bytes + CHECK_SIZE, decoded - CHECK_SIZE);
        *out = bytes;
        *size = decoded - CHECK_SIZE;
        bytes = NULL;
        result = ARMOUR_OK;
    }

free_both:
    free(bytes);
    free(base64);
    return result;
}

/* The first one from *text on, which is moved behind it. */
static enum armour_result read_one(const char **text, const char *end, uint8_t **out, size_t *size)
{
    const char *from, *after;
    if (find(*text, end, begin_words, &from) == NULL) {
        return ARMOUR_NONE;
    }
    const char *to = find(from, end, end_words, &after);
    if (to == NULL) {
        return ARMOUR_CUT;
    }
    *text = after;
    return decode(from, to, out, size);
}

enum armour_result armour_read(const char *text, size_t len, uint8_t **out, size_t *size)
{
    const char *end = text + len;
    struct draft all = {0};
    uint8_t *one;
    size_t one_size;
    enum armour_result result;
    while ((result = read_one(&text, end, &one, &one_size)) == ARMOUR_OK) {
        draft_add_bytes(&all, one, one_size);
        free(one);
    }
    if (all.is_short_of_memory) {
        result = ARMOUR_NO_MEMORY;
    }
    if (result != ARMOUR_NONE || all.at == NULL) { /* a damaged one may be the one that counts */
        draft_free(&all);
        return result;
    }
    *size = all.len;
    *out = (uint8_t *)draft_take(&all);
    return ARMOUR_OK;
}

const char *armour_result_text(enum armour_result result)
{
    switch (result) {
    case ARMOUR_NONE:
        return "no bundle is in this text";
    case ARMOUR_CUT:
        return "the text of the bundle is cut short: take all of it, to END TOCSIN BUNDLE";
    case ARMOUR_DAMAGED:
        return "the text of the bundle was damaged on its way: have it sent as a file";
    case ARMOUR_NO_MEMORY:
        return "out of memory";
    case ARMOUR_OK:
        break;
    }
    return "";
}
