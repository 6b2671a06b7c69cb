/* Which questions are answered where there are too many. */
#include "check.h"
#include "seed.h"

#include "ticks/questions.h"

static struct tick_question room[TICK_LEAVES_MAX];
static struct tick_questions questions = {.question = room};

/* The nonce's last bytes say which one it is. */
static void add(uint64_t prefix, uint32_t number)
{
    uint8_t nonce[TICK_NONCE_SIZE] = {0};
    memcpy(nonce, &prefix, sizeof prefix);
    memcpy(nonce + 28, &number, sizeof number);
    tick_questions_add(&questions, nonce, (utc){number});
}

static uint32_t number_of(size_t at)
{
    uint32_t number;
    memcpy(&number, room[at].nonce + 28, sizeof number);
    assert_true(room[at].received.ns == number); /* each with its own stamp */
    return number;
}

static void nobody_is_lost_where_there_is_room(void **state)
{
    (void)state;
    struct seed seed = seed_take("which are drawn");
    for (uint32_t count = 0; count < 300; count = count * 2 + 1) {
        tick_questions_begin(&questions, seed_next(&seed));
        for (uint32_t i = 0; i < count; i++) {
            add(i / TICK_LEAVES_OF_ONE_PREFIX, i);
        }
        tick_questions_draw(&questions);
        assert_int_equal(questions.count, count);
        bool is_there[300] = {false};
        size_t in_place = 0;
        for (size_t i = 0; i < count; i++) {
            assert_false(is_there[number_of(i)]);
            is_there[number_of(i)] = true;
            in_place += number_of(i) == i;
        }
        assert_true(count < 100 || in_place < 20); /* in random order: one, on the average */
    }
}

static void sixteen_of_one_prefix_and_these_at_random(void **state)
{
    (void)state;
    struct seed seed = seed_take("which are drawn");
    enum { ROUNDS = 2000, FLOOD = 100 };
    int drawn[FLOOD] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        tick_questions_begin(&questions, seed_next(&seed));
        for (uint32_t i = 0; i < FLOOD; i++) {
            add(7, i);
            if (i % 20 == 0) {
                add(1000 + i, i); /* others lose nothing by it */
            }
        }
        tick_questions_draw(&questions);
        assert_int_equal(questions.count, TICK_LEAVES_OF_ONE_PREFIX + FLOOD / 20);
        int others = 0;
        for (size_t i = 0; i < questions.count; i++) {
            if (room[i].nonce[0] == 7) {
                drawn[number_of(i)]++;
            } else {
                others++;
            }
        }
        assert_int_equal(others, FLOOD / 20);
    }
    /* 320 +- 16 each: who floods first, or last, gains nothing */
    for (int i = 0; i < FLOOD; i++) {
        assert_true(drawn[i] > 320 - 6 * 17 && drawn[i] < 320 + 6 * 17);
    }
}

/* 40,000 askers for 16,384 places: each tenth of them, in order of arrival, is served alike. */
static void beyond_the_largest_tree_each_is_as_likely(void **state)
{
    (void)state;
    struct seed seed = seed_take("which are drawn");
    enum { ROUNDS = 10, ASKERS = 40000, GROUPS = 10 };
    long served[GROUPS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        tick_questions_begin(&questions, seed_next(&seed));
        for (uint32_t i = 0; i < ASKERS; i++) {
            add(i, i);
        }
        tick_questions_draw(&questions);
        assert_int_equal(questions.count, TICK_LEAVES_MAX);
        for (size_t i = 0; i < questions.count; i++) {
            served[number_of(i) / (ASKERS / GROUPS)]++;
        }
    }
    for (int i = 0; i < GROUPS; i++) { /* 16,384 each, +- 100 */
        assert_true(labs(served[i] - TICK_LEAVES_MAX) < 600);
    }
}

static void a_round_begins_empty(void **state)
{
    (void)state;
    tick_questions_begin(&questions, 1);
    add(1, 1);
    tick_questions_begin(&questions, 2);
    assert_int_equal(questions.count, 0);
    tick_questions_draw(&questions);
    assert_int_equal(questions.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_lost_where_there_is_room),
        cmocka_unit_test(sixteen_of_one_prefix_and_these_at_random),
        cmocka_unit_test(beyond_the_largest_tree_each_is_as_likely),
        cmocka_unit_test(a_round_begins_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
