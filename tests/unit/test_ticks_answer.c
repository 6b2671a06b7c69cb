#include "check.h"
#include "golden.h"

#include <sodium.h>

#include "ticks/answer.h"

static struct tick_question question[TICK_LEAVES_MAX];
static struct tick_tree tree;

static const int64_t noon_ns = INT64_C(1795435200000000000);

static void make_questions(void)
{
    for (uint32_t i = 0; i < TICK_LEAVES_MAX; i++) {
        tick_question_make((const uint8_t *)"thirty-two bytes that are secret", i / 16, i % 16,
                           question[i].nonce);
        question[i].received.ns = noon_ns - (int64_t)i;
    }
}

/* The root by the definition, from the top down: the left half of a row's pairs is the largest
 * power of two that leaves something to the right. */
static void define(size_t from, size_t count, uint8_t out[32])
{
    uint8_t text[65] = {0};
    if (count == 1) {
        memcpy(text + 1, question[from].nonce, 32);
        for (int i = 0; i < 8; i++) {
            text[33 + i] = (uint8_t)((uint64_t)question[from].received.ns >> (56 - 8 * i));
        }
        crypto_generichash(out, 32, text, 41, NULL, 0);
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

static struct trust_secret *secret;
static struct record_public_key key;

/* The answering tick for the tree that was built last. */
static size_t sign(struct tick tick, uint8_t out[static TICK_SIZE_MAX])
{
    tick.has_echo = true;
    memcpy(tick.echo, tick_tree_root(&tree), sizeof tick.echo);
    return tick_write(&tick, secret, out);
}

static struct tick plain_tick(void)
{
    return (struct tick){.time = {noon_ns + 40000}, .has_error = true, .error_ns = 1000000};
}

static void every_asker_of_any_crowd_can_prove_his_question(void **state)
{
    (void)state;
    for (size_t count = 1; count <= TICK_LEAVES_MAX; count = count < 70     ? count + 1
                                                             : count < 5000 ? count * 3 - 1
                                                                            : count * 2 - 3) {
        if (count > TICK_LEAVES_MAX / 2) {
            count = TICK_LEAVES_MAX;
        }
        uint8_t expected[32], tick[TICK_SIZE_MAX];
        define(0, count, expected);
        tick_tree_build(&tree, question, count);
        assert_memory_equal(tick_tree_root(&tree), expected, 32);
        size_t tick_size = sign(plain_tick(), tick);
        size_t stride = count > 200 ? 97 : 1;
        for (size_t i = 0; i < count; i += stride) {
            uint8_t bytes[TICK_ANSWER_SIZE_MAX];
            size_t size = tick_answer_write(&tree, i, &question[i], tick, tick_size, bytes);
            struct tick_answer answer;
            assert_true(tick_answer_read(bytes, size, &answer));
            assert_true(tick_answer_proves(&answer, question[i].nonce));
            assert_true(answer.received.ns == question[i].received.ns);
            assert_true(answer.tick.time.ns == noon_ns + 40000);
            assert_int_equal(answer.index, i);
            assert_int_equal(answer.leaves, count);
            assert_memory_equal(answer.kid.bytes, key.id.bytes, 8);
            assert_int_equal(answer.tick_size, tick_size);
            assert_memory_equal(answer.tick_bytes, tick, tick_size);
            /* nobody else's, not even of the same burst and so of the same topic */
            assert_false(tick_answer_proves(&answer, question[i ^ 1].nonce));
            /* nor under another stamp */
            answer.received.ns++;
            assert_false(tick_answer_proves(&answer, question[i].nonce));
        }
        if (count == TICK_LEAVES_MAX) {
            break;
        }
    }
}

static void questions_of_a_burst_share_their_prefix_and_nothing_else(void **state)
{
    (void)state;
    const uint8_t *seed = (const uint8_t *)"thirty-two bytes that are secret";
    const uint8_t *other = (const uint8_t *)"thirty-two others that are, too.";
    uint8_t first[32], second[32], next_burst[32], elsewhere[32];
    tick_question_make(seed, 7, 0, first);
    tick_question_make(seed, 7, 1, second);
    tick_question_make(seed, 8, 0, next_burst);
    tick_question_make(other, 7, 0, elsewhere);
    assert_memory_equal(first, second, TICK_PREFIX_SIZE);
    assert_memory_not_equal(first + 8, second + 8, 24);
    assert_memory_not_equal(first, next_burst, 8);
    assert_memory_not_equal(first + 8, next_burst + 8, 24);
    assert_memory_not_equal(first, elsewhere, 8);
    tick_question_make(seed, 7, 0, elsewhere);
    assert_memory_equal(first, elsewhere, 32);
}

static void no_bit_of_an_answer_can_be_changed(void **state)
{
    (void)state;
    uint8_t tick[TICK_SIZE_MAX], bytes[TICK_ANSWER_SIZE_MAX + 1];
    struct tick_answer answer;
    tick_tree_build(&tree, question, 11);
    size_t tick_size = sign(plain_tick(), tick);
    size_t size = tick_answer_write(&tree, 6, &question[6], tick, tick_size, bytes);
    for (size_t cut = 0; cut < size; cut++) {
        assert_false(tick_answer_read(bytes, cut, &answer));
    }
    bytes[size] = 0;
    assert_false(tick_answer_read(bytes, size + 1, &answer));
    size_t unproved = 0, unsigned_ = 0, accepted = 0, signer;
    struct tick verified;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (tick_answer_read(bytes, size, &answer)) {
            if (!tick_answer_proves(&answer, question[6].nonce)) {
                unproved++;
            } else if (tick_verify(answer.tick_bytes, answer.tick_size, &key, 1, &verified,
                                   &signer) != TICK_OK) {
                unsigned_++;
            } else {
                /* the leaf count is not proved: from 9 to 16 leaves the way up from here is the
                 * same
                 */
                assert_true(answer.leaves >= 9 && answer.leaves <= 16);
                assert_true(answer.received.ns == question[6].received.ns);
                accepted++;
            }
        }
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    /* what a signature check was spent on: bits of the tick itself, all but its echo */
    print_message("bits changed: %zu unproved, %zu unsigned, %zu without meaning\n", unproved,
                  unsigned_, accepted);
    assert_true(unproved > 8 * (4 * 32 + 32));
    assert_true(unsigned_ < 8 * tick_size);
    assert_int_equal(accepted, 3); /* 9, 10 and 15 */
    assert_true(tick_answer_read(bytes, size, &answer));
    assert_true(tick_answer_proves(&answer, question[6].nonce));
}

static void stamps_that_cannot_both_be_true_are_refused(void **state)
{
    (void)state;
    static const struct {
        int64_t received, time;
        bool is_good;
    } stamps[] = {
        {noon_ns, noon_ns, true},
        {noon_ns + 1, noon_ns, false},
        {noon_ns, noon_ns + 5 * NS_PER_S, true},
        {noon_ns, noon_ns + 5 * NS_PER_S + 1, false},
        {0, 1, true},
        {0, -1, false},
        {UTC_LATEST_S * NS_PER_S - 1, UTC_LATEST_S * NS_PER_S - 1, true},
    };
    for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
        struct tick_question one = {.received = {stamps[i].received}};
        struct tick_answer answer;
        uint8_t tick[TICK_SIZE_MAX], bytes[TICK_ANSWER_SIZE_MAX];
        tick_tree_build(&tree, &one, 1);
        struct tick plain = plain_tick();
        plain.time.ns = stamps[i].time;
        size_t tick_size = sign(plain, tick);
        size_t size = tick_answer_write(&tree, 0, &one, tick, tick_size, bytes);
        assert_int_equal(tick_answer_read(bytes, size, &answer), stamps[i].is_good);
    }
}

/* An answering session is a session: two ticks of one number are a proof, to whomever they went. */
static void two_answers_that_differ_prove_a_lie(void **state)
{
    (void)state;
    struct tick_hashed said[2];
    struct tick_answer answer[2];
    uint8_t bytes[2][TICK_ANSWER_SIZE_MAX];
    for (size_t i = 0; i < 2; i++) {
        uint8_t tick[TICK_SIZE_MAX];
        struct tick plain = plain_tick();
        plain.time.ns += (int64_t)i * NS_PER_S; /* to one asker this, to another that */
        struct tick_question one = question[i];
        one.received.ns += (int64_t)i * NS_PER_S;
        tick_tree_build(&tree, &one, 1);
        size_t tick_size = sign(plain, tick);
        size_t size = tick_answer_write(&tree, 0, &one, tick, tick_size, bytes[i]);
        assert_true(tick_answer_read(bytes[i], size, &answer[i]));
        assert_true(tick_answer_proves(&answer[i], question[i].nonce)); /* each asker is content */
        said[i].tick = &answer[i].tick;
        tick_hash(answer[i].tick_bytes, answer[i].tick_size, said[i].hash);
    }
    assert_int_equal(tick_lie(&said[0], &said[1]), TICK_TWO_OF_ONE_NUMBER);
    assert_int_equal(tick_lie(&said[0], &said[0]), TICK_NO_LIE);
}

static void the_largest_crowd_and_the_greatest_fields_fit(void **state)
{
    (void)state;
    struct tick greatest = {
        .counter = UINT32_MAX,
        .time = {UTC_LATEST_S * NS_PER_S - 1},
        .has_error = true,
        .error_ns = INT64_MAX,
        .has_tai = true,
        .tai_minus_utc_s = TICK_TAI_MIN_S,
        .has_previous = true,
    };
    uint8_t tick[TICK_SIZE_MAX], bytes[TICK_ANSWER_SIZE_MAX];
    struct tick_answer answer;
    tick_tree_build(&tree, question, TICK_LEAVES_MAX);
    size_t tick_size = sign(greatest, tick);
    assert_int_equal(tick_size, TICK_ANSWERING_SIZE_MAX);
    struct tick_question last = question[TICK_LEAVES_MAX - 1];
    last.received = greatest.time;
    size_t size = tick_answer_write(&tree, TICK_LEAVES_MAX - 1, &last, tick, tick_size, bytes);
    assert_int_equal(size, TICK_ANSWER_SIZE_MAX);
    assert_true(tick_answer_read(bytes, size, &answer));
    assert_int_equal(answer.sibling_count, TICK_TREE_DEPTH_MAX);
    tick_tree_build(&tree, question, TICK_LEAVES_MAX - 1);
    assert_true(tick_tree_root(&tree) + 32 <= (const uint8_t *)(&tree + 1));
}

/* Each row of a tree of 2^13 + 1 leaves has an odd node at its end: no tree needs more room. */
static void the_tree_with_most_odd_nodes_fits(void **state)
{
    (void)state;
    size_t most = 0;
    for (size_t count = 1; count <= TICK_LEAVES_MAX; count++) {
        size_t nodes = count;
        for (size_t width = count; width > 1; width = (width + 1) / 2) {
            nodes += (width + 1) / 2;
        }
        most = nodes > most ? nodes : most;
    }
    assert_true(most <= sizeof tree.node / sizeof *tree.node);
}

/* tests/golden/ticks/answers.tsv: what other programs verify is byte for byte what we write. */
static void the_golden_answers_are_what_is_written_today(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t leaves, index;
    } vectors[] = {
        {"alone", 1, 0},          {"second-of-three", 3, 1},       {"odd-one-of-three", 3, 2},
        {"seventh-of-11", 11, 6}, {"last-of-16384", 16384, 16383},
    };
    char text[16384], hex[2 * TICK_ANSWER_SIZE_MAX + 1], nonce_hex[65], key_hex[65], id_hex[17];
    sodium_bin2hex(key_hex, sizeof key_hex, key.key, 32);
    sodium_bin2hex(id_hex, sizeof id_hex, key.id.bytes, 8);
    size_t len = (size_t)snprintf(text, sizeof text, "name\tpublic_key\tkey_id\tnonce\tanswer\n");
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint8_t tick[TICK_SIZE_MAX], bytes[TICK_ANSWER_SIZE_MAX];
        const struct tick_question *one = &question[vectors[i].index];
        tick_tree_build(&tree, question, vectors[i].leaves);
        size_t tick_size = sign(plain_tick(), tick);
        size_t size = tick_answer_write(&tree, vectors[i].index, one, tick, tick_size, bytes);
        sodium_bin2hex(hex, sizeof hex, bytes, size);
        sodium_bin2hex(nonce_hex, sizeof nonce_hex, one->nonce, sizeof one->nonce);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s\t%s\t%s\t%s\t%s\n",
                                vectors[i].name, key_hex, id_hex, nonce_hex, hex);
    }
    assert_golden(TESTS_DIR "/golden/ticks/answers.tsv", text, len);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    static const uint8_t seed[32] = {5}, id[8] = {6};
    secret = trust_secret_new(seed, id);
    trust_secret_public(secret, &key);
    make_questions();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_asker_of_any_crowd_can_prove_his_question),
        cmocka_unit_test(questions_of_a_burst_share_their_prefix_and_nothing_else),
        cmocka_unit_test(no_bit_of_an_answer_can_be_changed),
        cmocka_unit_test(stamps_that_cannot_both_be_true_are_refused),
        cmocka_unit_test(two_answers_that_differ_prove_a_lie),
        cmocka_unit_test(the_largest_crowd_and_the_greatest_fields_fit),
        cmocka_unit_test(the_tree_with_most_odd_nodes_fits),
        cmocka_unit_test(the_golden_answers_are_what_is_written_today),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    trust_secret_free(secret);
    return failed;
}
