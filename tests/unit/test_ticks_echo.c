#include "check.h"

#include <sodium.h>

#include "ticks/echo.h"

static uint8_t nonce[TICK_NONCES_MAX][TICK_NONCE_SIZE];
static struct tick_echo tree;

static void make_nonces(void)
{
    for (uint32_t i = 0; i < TICK_NONCES_MAX; i++) {
        crypto_generichash(nonce[i], TICK_NONCE_SIZE, (const uint8_t *)&i, sizeof i, NULL, 0);
    }
}

/* The root by the definition, from the top down: the left half of a row's pairs is the largest
 * power of two that leaves something to the right. */
static void define(size_t from, size_t count, uint8_t out[32])
{
    uint8_t text[65] = {0};
    if (count == 1) {
        memcpy(text + 1, nonce[from], 32);
        crypto_generichash(out, 32, text, 33, NULL, 0);
        return;
    }
    size_t left = 1;
    while (2 * left < count) {
        left *= 2;
    }
    text[0] = 1;
    define(from, left, text + 1);
    define(from + left, count - left, text + 33);
    crypto_generichash(out, 32, text, 65, NULL, 0);
}

static void every_asker_of_any_crowd_can_prove_his_question(void **state)
{
    (void)state;
    static const uint8_t tick[300] = "not a tick, but bytes are bytes";
    for (size_t count = 1; count <= TICK_NONCES_MAX; count = count < 70     ? count + 1
                                                             : count < 5000 ? count * 3 - 1
                                                                            : count * 2 - 3) {
        if (count > TICK_NONCES_MAX / 2) {
            count = TICK_NONCES_MAX;
        }
        uint8_t expected[32];
        define(0, count, expected);
        tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])nonce, count);
        assert_memory_equal(tick_echo_root(&tree), expected, 32);
        size_t stride = count > 200 ? 97 : 1;
        for (size_t i = 0; i < count; i += stride) {
            uint8_t answer[TICK_ANSWER_SIZE_MAX], root[32];
            size_t size = tick_echo_answer(&tree, i, tick, sizeof tick, answer);
            const uint8_t *found;
            size_t found_size;
            assert_true(tick_echo_read_answer(answer, size, nonce[i], &found, &found_size, root));
            assert_int_equal(found_size, sizeof tick);
            assert_memory_equal(found, tick, sizeof tick);
            assert_memory_equal(root, expected, 32);
            /* another nonce climbs to another root */
            assert_true(tick_echo_read_answer(answer, size, nonce[(i + 1) % TICK_NONCES_MAX],
                                              &found, &found_size, root));
            assert_memory_not_equal(root, expected, 32);
        }
        if (count == TICK_NONCES_MAX) {
            break;
        }
    }
}

static void a_crippled_answer_is_refused(void **state)
{
    (void)state;
    static const uint8_t tick[10] = {0};
    uint8_t answer[TICK_ANSWER_SIZE_MAX + 1], expected[32], root[32];
    tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])nonce, 11);
    memcpy(expected, tick_echo_root(&tree), 32);
    size_t size = tick_echo_answer(&tree, 6, tick, sizeof tick, answer), found_size;
    const uint8_t *found;
    for (size_t cut = 0; cut < size; cut++) {
        assert_false(tick_echo_read_answer(answer, cut, nonce[6], &found, &found_size, root));
    }
    answer[size] = 0;
    assert_false(tick_echo_read_answer(answer, size + 1, nonce[6], &found, &found_size, root));
    /* behind the tick's bytes, the index and the leaf count, which is not proved: 9 or 10 leaves
     * have the same way up from here */
    for (size_t bit = 8 * 14; bit < 8 * size; bit++) {
        answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(tick_echo_read_answer(answer, size, nonce[6], &found, &found_size, root) &&
                     memcmp(root, expected, 32) == 0);
        answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(tick_echo_read_answer(answer, size, nonce[6], &found, &found_size, root));
}

static void the_largest_crowd_fits(void **state)
{
    (void)state;
    uint8_t tick[TICK_SIZE_MAX] = {0}, answer[TICK_ANSWER_SIZE_MAX];
    tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])nonce, TICK_NONCES_MAX);
    size_t size = tick_echo_answer(&tree, TICK_NONCES_MAX - 1, tick, sizeof tick, answer);
    assert_true(size <= sizeof answer);
    tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])nonce, TICK_NONCES_MAX - 1);
    const uint8_t *root = tick_echo_root(&tree);
    assert_true(root + 32 <= (const uint8_t *)(&tree + 1));
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    make_nonces();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_asker_of_any_crowd_can_prove_his_question),
        cmocka_unit_test(a_crippled_answer_is_refused),
        cmocka_unit_test(the_largest_crowd_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
