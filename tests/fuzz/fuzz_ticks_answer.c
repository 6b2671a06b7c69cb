/* Whatever bytes come in as an answer: no crash, and what is read is exactly what would be written;
 * and nothing but a way up from the question proves it. */
#include <assert.h>
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ticks/answer.h"
#include "ticks/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The answer's one encoding, from what was read. */
static size_t write_again(const struct tick_answer *answer, uint8_t out[TICK_ANSWER_SIZE_MAX])
{
    struct cbor_writer to = {out, out + TICK_ANSWER_SIZE_MAX, false};
    cbor_put_head(&to, CBOR_ARRAY, 5);
    cbor_put_bytes(&to, answer->tick_bytes, answer->tick_size);
    cbor_put_head(&to, CBOR_UNSIGNED, answer->index);
    cbor_put_head(&to, CBOR_UNSIGNED, answer->leaves);
    cbor_put_head(&to, CBOR_ARRAY, answer->sibling_count);
    for (size_t i = 0; i < answer->sibling_count; i++) {
        cbor_put_bytes(&to, answer->siblings + 34 * i + 2, 32);
    }
    cbor_put_int(&to, answer->received.ns);
    assert(!to.failed);
    return (size_t)(to.at - out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct tick_tree tree;
    static struct trust_secret *secret;
    if (secret == NULL) {
        static const uint8_t seed[32] = {1}, id[8] = {2};
        secret = trust_secret_new(seed, id);
    }
    struct tick_answer answer;
    if (!tick_answer_read(bytes, size, &answer)) {
        return 0;
    }
    assert(size <= TICK_ANSWER_SIZE_MAX && answer.tick_size <= TICK_ANSWERING_SIZE_MAX);
    assert(answer.tick_bytes >= bytes && answer.tick_bytes + answer.tick_size <= bytes + size);
    assert(answer.siblings + 34 * answer.sibling_count <= bytes + size);
    assert(answer.tick.has_echo && answer.tick.has_error && answer.tick.window_count == 0);
    assert(answer.received.ns >= 0 && answer.received.ns <= answer.tick.time.ns);
    uint8_t again[TICK_ANSWER_SIZE_MAX];
    assert(write_again(&answer, again) == size && memcmp(again, bytes, size) == 0);
    uint8_t nonce[TICK_NONCE_SIZE];
    crypto_generichash(nonce, sizeof nonce, bytes, size, NULL, 0); /* nobody's guess */
    assert(!tick_answer_proves(&answer, nonce));

    /* The same stamps and this nonce in a tree of our own: proved where we put it. */
    struct tick_question question = {.received = answer.received};
    memcpy(question.nonce, nonce, sizeof nonce);
    tick_tree_build(&tree, &question, 1);
    struct tick tick = answer.tick;
    memcpy(tick.echo, tick_tree_root(&tree), sizeof tick.echo);
    uint8_t tick_bytes[TICK_SIZE_MAX];
    size_t tick_size = tick_write(&tick, secret, tick_bytes);
    size_t ours = tick_answer_write(&tree, 0, &question, tick_bytes, tick_size, again);
    bool is_read = tick_answer_read(again, ours, &answer);
    assert(is_read && tick_answer_proves(&answer, nonce));
    (void)is_read;
    (void)ours;
    return 0;
}
