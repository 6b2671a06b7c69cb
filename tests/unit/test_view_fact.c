/* Each fact has its own words, and programs never need them to tell facts apart.
 * links: records trust */
#include "view_scene.h"

static void every_kind_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char sentence[FACT_KINDS][VIEW_SENTENCE_SIZE], alert[VIEW_SENTENCE_SIZE];
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        struct view_fact fact = {
            .kind = (enum view_fact_kind)kind, .count = SIZE_MAX, .number = UINT32_MAX};
        view_fact_write(&fact, sentence[kind]);
        view_alert_write(&(struct view_alert){.fact = fact}, alert);
        assert_true(strlen(sentence[kind]) > 4);
        assert_true(strlen(alert) + 1 < VIEW_SENTENCE_SIZE); /* the largest numbers fit */
        size_t words = strlen(sentence[kind]);
        assert_string_equal(alert + strlen(alert) - words, sentence[kind]);
        assert_int_not_equal(sentence[kind][words - 1], '.');
        for (int before = 0; before < kind; before++) {
            assert_string_not_equal(sentence[kind], sentence[before]);
        }
    }
}

static void the_numbers_and_ids_of_a_fact_are_in_its_words(void **state)
{
    (void)state;
    char sentence[VIEW_SENTENCE_SIZE];
    view_fact_write(&(struct view_fact){.kind = FACT_SIGNATURES, .count = 1, .number = 2},
                    sentence);
    assert_string_equal(sentence, "1 of 2 signatures");
    view_fact_write(&(struct view_fact){.kind = FACT_SIGNATURES, .count = 1, .number = 1},
                    sentence);
    assert_string_equal(sentence, "1 of 1 signature");
    view_fact_write(&(struct view_fact){.kind = FACT_SIGNATURES, .count = 2, .number = 1},
                    sentence);
    assert_string_equal(sentence, "2 signatures, 1 needed");
    view_alert_write(
        &(struct view_alert){.fact = {.kind = FACT_ROOT_FORKED, .count = 2, .number = 7}},
        sentence);
    assert_string_equal(sentence, "the root is frozen: 2 different roots of version 7 are signed; "
                                  "agree on one and give it by hand");
    view_fact_write(&(struct view_fact){.kind = FACT_LOCK_AHEAD, .count = 172800, .number = 3},
                    sentence);
    assert_string_equal(sentence, "from 48h before its start it takes 3 signatures to move it or "
                                  "call it off");
    view_alert_write(&(struct view_alert){.fact = {.kind = FACT_RECORD_MISSING,
                                                   .beacon = {{1, 2, 3, 4, 5, 6, 7, 8}}}},
                     sentence);
    assert_string_equal(sentence, "beacon 0807060504030201 holds this record and it is missing "
                                  "here: sync with another store");
}

static void facts_are_ordered_by_all_that_they_hold(void **state)
{
    (void)state;
    const struct view_fact fact[] = {
        {.kind = FACT_SIGNATURES, .count = 1, .number = 2},
        {.kind = FACT_SIGNATURES, .count = 2, .number = 2},
        {.kind = FACT_SIGNATURES, .count = 1, .number = 3},
        {.kind = FACT_RECORD_MISSING},
        {.kind = FACT_RECORD_MISSING, .beacon = {{1}}},
    };
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 5; k++) {
            int order = view_fact_compare(&fact[i], &fact[k]);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
    struct view_alert a = {.fact = fact[4]}, b = a;
    assert_true(view_alert_equal(&a, &b));
    b.record.bytes[31] = 1;
    assert_false(view_alert_equal(&a, &b));
}

static void every_obstacle_has_its_words_and_none_has_none(void **state)
{
    (void)state;
    assert_string_equal(view_obstacle_text(OBSTACLE_NONE), "");
    assert_string_equal(view_obstacle_text(OBSTACLE_ROOT_TENTATIVE),
                        "its root still lacks signatures");
    assert_string_equal(view_obstacle_text(OBSTACLE_ROOT_FROZEN), "the root is frozen");
    assert_string_equal(view_obstacle_text(OBSTACLE_NOT_SUCCESSOR),
                        "it does not follow on the root in force");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_wording_of_its_own),
        cmocka_unit_test(the_numbers_and_ids_of_a_fact_are_in_its_words),
        cmocka_unit_test(facts_are_ordered_by_all_that_they_hold),
        cmocka_unit_test(every_obstacle_has_its_words_and_none_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
