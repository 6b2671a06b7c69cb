#include "ticks/answer.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ticks/cbor.h"

enum { HASH_SIZE = 32, SIBLING_SIZE = 2 + HASH_SIZE }; /* 58 20 and the hash */

static void put_big_endian(uint64_t value, uint8_t out[static 8])
{
    for (size_t i = 0; i < 8; i++) {
        out[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

void tick_question_make(const uint8_t seed[static 32], uint64_t burst, uint32_t number,
                        uint8_t out[static TICK_NONCE_SIZE])
{
    uint8_t text[16], prefix[HASH_SIZE];
    put_big_endian(burst, text);
    put_big_endian(number, text + 8);
    crypto_generichash(prefix, sizeof prefix, text, 8, seed, 32);
    crypto_generichash(out, TICK_NONCE_SIZE, text, sizeof text, seed, 32);
    memcpy(out, prefix, TICK_PREFIX_SIZE);
}

static void hash_leaf(const uint8_t nonce[static TICK_NONCE_SIZE], utc received,
                      uint8_t out[static HASH_SIZE])
{
    uint8_t text[1 + TICK_NONCE_SIZE + 8] = {0x00};
    memcpy(text + 1, nonce, TICK_NONCE_SIZE);
    put_big_endian((uint64_t)received.ns, text + 1 + TICK_NONCE_SIZE);
    crypto_generichash(out, HASH_SIZE, text, sizeof text, NULL, 0);
}

static void hash_node(const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE],
                      uint8_t out[static HASH_SIZE])
{
    uint8_t text[1 + 2 * HASH_SIZE] = {0x01};
    memcpy(text + 1, left, HASH_SIZE);
    memcpy(text + 1 + HASH_SIZE, right, HASH_SIZE);
    crypto_generichash(out, HASH_SIZE, text, sizeof text, NULL, 0);
}

/* How many nodes stand beside the way from a leaf to the root: one in each row, but for the row's
 * odd last one. */
static size_t count_siblings(uint32_t index, uint32_t leaves)
{
    size_t count = 0;
    for (uint32_t width = leaves; width > 1; width = (width + 1) / 2) {
        count += (index ^ 1) < width;
        index /= 2;
    }
    return count;
}

/* The whole shape is judged before anything is hashed: a false answer costs its reader no more than
 * a look.  How many siblings there are follows from index and leaves, so that no proof has two
 * forms. */
bool tick_answer_read(const uint8_t *bytes, size_t size, struct tick_answer *out)
{
    if (size > TICK_ANSWER_SIZE_MAX) {
        return false;
    }
    struct tick_answer answer = {0};
    struct cbor_reader from = {bytes, bytes + size, false};
    cbor_expect(&from, CBOR_ARRAY, 5);
    answer.tick_bytes = cbor_get_any_bytes(&from, &answer.tick_size);
    answer.index = (uint32_t)cbor_get_int(&from, 0, TICK_LEAVES_MAX - 1);
    answer.leaves = (uint32_t)cbor_get_int(&from, 1, TICK_LEAVES_MAX);
    uint64_t siblings = cbor_get_head(&from, CBOR_ARRAY);
    if (from.failed || answer.index >= answer.leaves ||
        siblings != count_siblings(answer.index, answer.leaves)) {
        return false;
    }
    answer.sibling_count = (size_t)siblings;
    answer.siblings = from.at;
    for (size_t i = 0; i < answer.sibling_count; i++) {
        (void)cbor_get_bytes(&from, HASH_SIZE);
    }
    answer.received.ns = cbor_get_int(&from, 0, UTC_LATEST_S * NS_PER_S - 1);
    const uint8_t *payload;
    size_t payload_size;
    if (from.failed || from.at != from.end ||
        tick_read(answer.tick_bytes, answer.tick_size, &answer.tick, &answer.kid, &payload,
                  &payload_size) != TICK_OK) {
        return false;
    }
    int64_t age_ns = utc_since(answer.tick.time, answer.received).ns;
    if (!answer.tick.has_echo || age_ns < 0 || age_ns > TICK_ANSWER_AGE_MAX_S * NS_PER_S) {
        return false;
    }
    *out = answer;
    return true;
}

bool tick_answer_proves(const struct tick_answer *answer,
                        const uint8_t nonce[static TICK_NONCE_SIZE])
{
    uint8_t here[HASH_SIZE];
    const uint8_t *sibling = answer->siblings;
    uint32_t at = answer->index;
    hash_leaf(nonce, answer->received, here);
    for (uint32_t width = answer->leaves; width > 1; width = (width + 1) / 2) {
        if ((at ^ 1) < width) {
            const uint8_t *beside = sibling + SIBLING_SIZE - HASH_SIZE;
            uint8_t below[HASH_SIZE];
            memcpy(below, here, sizeof below);
            hash_node(at % 2 == 0 ? below : beside, at % 2 == 0 ? beside : below, here);
            sibling += SIBLING_SIZE;
        }
        at /= 2;
    }
    return memcmp(here, answer->tick.echo, sizeof here) == 0;
}

void tick_tree_build(struct tick_tree *tree, const struct tick_question *question, size_t count)
{
    assert(count >= 1 && count <= TICK_LEAVES_MAX);
    tree->leaves = count;
    for (size_t i = 0; i < count; i++) {
        hash_leaf(question[i].nonce, question[i].received, tree->node[i]);
    }
    size_t row = 0;
    for (size_t width = count; width > 1; width = (width + 1) / 2) {
        size_t above = row + width;
        for (size_t i = 0; i < width / 2; i++) {
            hash_node(tree->node[row + 2 * i], tree->node[row + 2 * i + 1], tree->node[above + i]);
        }
        if (width % 2 == 1) {
            memcpy(tree->node[above + width / 2], tree->node[row + width - 1], HASH_SIZE);
        }
        row = above;
    }
}

const uint8_t *tick_tree_root(const struct tick_tree *tree)
{
    size_t row = 0;
    for (size_t width = tree->leaves; width > 1; width = (width + 1) / 2) {
        row += width;
    }
    return tree->node[row];
}

size_t tick_answer_write(const struct tick_tree *tree, size_t index,
                         const struct tick_question *question, const uint8_t *tick,
                         size_t tick_size, uint8_t out[static TICK_ANSWER_SIZE_MAX])
{
    assert(index < tree->leaves && tick_size <= TICK_ANSWERING_SIZE_MAX);
    assert(question->received.ns >= 0);
    struct cbor_writer to = {out, out + TICK_ANSWER_SIZE_MAX, false};
    cbor_put_head(&to, CBOR_ARRAY, 5);
    cbor_put_bytes(&to, tick, tick_size);
    cbor_put_head(&to, CBOR_UNSIGNED, index);
    cbor_put_head(&to, CBOR_UNSIGNED, tree->leaves);
    cbor_put_head(&to, CBOR_ARRAY, count_siblings((uint32_t)index, (uint32_t)tree->leaves));
    size_t row = 0, at = index;
    for (size_t width = tree->leaves; width > 1; width = (width + 1) / 2) {
        if ((at ^ 1) < width) {
            cbor_put_bytes(&to, tree->node[row + (at ^ 1)], HASH_SIZE);
        }
        row += width;
        at /= 2;
    }
    cbor_put_int(&to, question->received.ns);
    assert(!to.failed);
    return (size_t)(to.at - out);
}
