/* Limits, each tried at n - 1, n and n + 1. */
#include "records_paper.h"

static struct paper paper;
static struct record_error error;

static void a_record_has_16384_bytes(void **state)
{
    (void)state;
    for (size_t size = RECORD_SIZE_MAX - 1; size <= RECORD_SIZE_MAX + 1; size++) {
        paper.len = 0;
        add(&paper, BEFORE_TITLE "title: T\nabout: ");
        static const char after[] = "\n" AFTER_TITLE;
        while (paper.len + sizeof after - 1 < size) {
            add(&paper, "a");
        }
        add(&paper, "%s", after);
        assert_int_equal(paper.len, size);
        assert_int_equal(is_read(paper.text, paper.len, &error), size <= RECORD_SIZE_MAX);
    }
    assert_non_null(strstr(error.message, "16384"));
}

static void there_are_200_occurrences_of_one_kind_or_two(void **state)
{
    (void)state;
    for (int count = 199; count <= 201; count++) {
        paper.len = 0;
        add(&paper, HEAD);
        for (int i = 0; i < count; i++) {
            add(&paper, "at: k%d 2027-08-02T08:25:00Z\n", i);
        }
        add(&paper, TAIL);
        assert_int_equal(is_read(paper.text, paper.len, &error), count <= 200);
        paper.len = 0;
        add(&paper, HEAD ON "wave: place\n");
        for (int i = 1; i < count; i++) {
            add(&paper, "at: a 2027-08-02T08:25:00Z Place %d\n", i);
        }
        add(&paper, TAIL);
        assert_int_equal(is_read(paper.text, paper.len, &error), count <= 200);
        paper.len = 0;
        add(&paper, HEAD);
        for (int i = 0; i < count; i++) {
            add(&paper, "on: k%d 2027-08-02\n", i);
        }
        add(&paper, "wave: 20:00\n" TAIL);
        assert_int_equal(is_read(paper.text, paper.len, &error), count <= 200);
    }
    assert_non_null(strstr(error.message, "more than 200"));
}

static void there_are_100_keep_lines(void **state)
{
    (void)state;
    for (int count = 99; count <= 101; count++) {
        for (int type = 0; type < 2; type++) {
            paper.len = 0;
            add(&paper, type == 0 ? ROOT_HEAD ANNA
                                  : "tocsin revoke 1\nroot: " ID_A "\nkey: " KEY_A
                                    "\nmade: 2026-11-23T12:00:00Z\n");
            for (int i = 0; i < count; i++) {
                add(&paper, "keep: %064x\n", (unsigned)i);
            }
            add(&paper, "%s", type == 0 ? ROOT_TAIL : "");
            assert_int_equal(is_read(paper.text, paper.len, &error), count <= 100);
        }
    }
    assert_non_null(strstr(error.message, "more than 100 `keep` lines"));
}

static void numbers_end_at_2_to_the_31(void **state)
{
    (void)state;
    static const char *const numbers[] = {"2147483646", "2147483647", "2147483648", "4294967297",
                                          "99999999999"};
    for (size_t i = 0; i < 5; i++) {
        paper.len = 0;
        add(&paper,
            "tocsin cancel 1\nroot: " ID_A "\nuid: " UID "\nseq: %s\nprev: " ID_A
            "\nmade: 2026-11-23T12:00:00Z\nreason: r\n",
            numbers[i]);
        assert_int_equal(is_read(paper.text, paper.len, &error), i < 2);
    }
}

static void an_occurrence_s_key_has_16_letters(void **state)
{
    (void)state;
    for (int len = 0; len <= 17; len++) {
        paper.len = 0;
        add(&paper, HEAD "at: %.*s 2027-08-02T08:25:00Z\n" TAIL, len, "0123456789abcdef-");
        assert_int_equal(is_read(paper.text, paper.len, &error), len >= 1 && len <= 16);
    }
}

static void durations_and_years_have_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool is_read;
    } edges[] = {
        {AT "for: 1s\n", true},
        {AT "for: 719h\n", true},
        {AT "for: 720h\n", true},
        {AT "for: 721h\n", false},
        {ON "wave: day\nfor: 29d\n", true},
        {ON "wave: day\nfor: 30d\n", true},
        {ON "wave: day\nfor: 31d\n", false},
        {"at: a 1700-01-01T00:00:00Z\nfor: 1m\n", true},
        {"at: a 2249-12-31T23:59:59.999999999Z\nfor: 1m\n", true},
        {"at: a 2250-01-01T00:00:00Z\nfor: 1m\n", false},
    };
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        paper.len = 0;
        add(&paper, HEAD "%sexpires: 2029-01-01T00:00:00Z\n", edges[i].lines);
        assert_int_equal(is_read(paper.text, paper.len, &error), edges[i].is_read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_has_16384_bytes),
        cmocka_unit_test(there_are_200_occurrences_of_one_kind_or_two),
        cmocka_unit_test(there_are_100_keep_lines),
        cmocka_unit_test(numbers_end_at_2_to_the_31),
        cmocka_unit_test(an_occurrence_s_key_has_16_letters),
        cmocka_unit_test(durations_and_years_have_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
