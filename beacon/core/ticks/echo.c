#include "ticks/echo.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ticks/cbor.h"

static void hash_leaf(const uint8_t nonce[static TICK_NONCE_SIZE], uint8_t out[static 32])
{
    uint8_t text[1 + TICK_NONCE_SIZE] = {0x00};
    memcpy(text + 1, nonce, TICK_NONCE_SIZE);
    crypto_generichash(out, 32, text, sizeof text, NULL, 0);
}

static void hash_node(const uint8_t left[static 32], const uint8_t right[static 32],
                      uint8_t out[static 32])
{
    uint8_t text[1 + 64] = {0x01};
    memcpy(text + 1, left, 32);
    memcpy(text + 33, right, 32);
    crypto_generichash(out, 32, text, sizeof text, NULL, 0);
}

void tick_echo_build(struct tick_echo *tree, const uint8_t (*nonce)[TICK_NONCE_SIZE], size_t count)
{
    assert(count >= 1 && count <= TICK_NONCES_MAX);
    tree->leaves = count;
    for (size_t i = 0; i < count; i++) {
        hash_leaf(nonce[i], tree->node[i]);
    }
    size_t row = 0;
    for (size_t width = count; width > 1; width = (width + 1) / 2) {
        size_t above = row + width;
        for (size_t i = 0; i < width / 2; i++) {
            hash_node(tree->node[row + 2 * i], tree->node[row + 2 * i + 1], tree->node[above + i]);
        }
        if (width % 2 == 1) {
            memcpy(tree->node[above + width / 2], tree->node[row + width - 1], 32);
        }
        row = above;
    }
}

const uint8_t *tick_echo_root(const struct tick_echo *tree)
{
    size_t row = 0;
    for (size_t width = tree->leaves; width > 1; width = (width + 1) / 2) {
        row += width;
    }
    return tree->node[row];
}

size_t tick_echo_answer(const struct tick_echo *tree, size_t index, const uint8_t *tick,
                        size_t tick_size, uint8_t out[static TICK_ANSWER_SIZE_MAX])
{
    assert(index < tree->leaves && tick_size <= TICK_SIZE_MAX);
    const uint8_t *sibling[TICK_ECHO_DEPTH_MAX];
    size_t count = 0, row = 0, at = index;
    for (size_t width = tree->leaves; width > 1; width = (width + 1) / 2) {
        size_t beside = at ^ 1;
        if (beside < width) { /* an odd one at the end has nobody beside it */
            sibling[count++] = tree->node[row + beside];
        }
        row += width;
        at /= 2;
    }
    struct cbor_writer to = {out, out + TICK_ANSWER_SIZE_MAX, false};
    cbor_put_head(&to, CBOR_ARRAY, 4);
    cbor_put_bytes(&to, tick, tick_size);
    cbor_put_head(&to, CBOR_UNSIGNED, index);
    cbor_put_head(&to, CBOR_UNSIGNED, tree->leaves);
    cbor_put_head(&to, CBOR_ARRAY, count);
    for (size_t i = 0; i < count; i++) {
        cbor_put_bytes(&to, sibling[i], 32);
    }
    assert(!to.failed);
    return (size_t)(to.at - out);
}

bool tick_echo_read_answer(const uint8_t *bytes, size_t size,
                           const uint8_t nonce[static TICK_NONCE_SIZE], const uint8_t **tick,
                           size_t *tick_size, uint8_t root[static 32])
{
    struct cbor_reader from = {bytes, bytes + size, false};
    cbor_expect(&from, CBOR_ARRAY, 4);
    *tick = cbor_get_any_bytes(&from, tick_size);
    uint64_t at = cbor_get_head(&from, CBOR_UNSIGNED);
    uint64_t leaves = cbor_get_head(&from, CBOR_UNSIGNED);
    uint64_t siblings = cbor_get_head(&from, CBOR_ARRAY);
    if (from.failed || *tick_size > TICK_SIZE_MAX || leaves > TICK_NONCES_MAX || at >= leaves) {
        return false;
    }
    hash_leaf(nonce, root);
    for (uint64_t width = leaves; width > 1; width = (width + 1) / 2) {
        if ((at ^ 1) < width) {
            const uint8_t *beside = siblings > 0 ? cbor_get_bytes(&from, 32) : NULL;
            if (beside == NULL) {
                return false;
            }
            siblings--;
            uint8_t here[32];
            memcpy(here, root, sizeof here);
            hash_node(at % 2 == 0 ? here : beside, at % 2 == 0 ? beside : here, root);
        }
        at /= 2;
    }
    return siblings == 0 && !from.failed && from.at == from.end;
}
