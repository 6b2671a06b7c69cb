/* What a ledger and a store refuse has a kind, and each kind has words of its own.
 * links: records trust stream view store */
#include <errno.h>

#include "check.h"

#include "store/note.h"

/* Whether the sentences, each of `size` bytes, are all there and no two alike. */
static void assert_all_different(const char *sentence, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(sentence + i * size) > 8);
        assert_true(strlen(sentence + i * size) + 1 < size);
        for (size_t before = 0; before < i; before++) {
            assert_string_not_equal(sentence + i * size, sentence + before * size);
        }
    }
}

static struct ledger_refusal refusal(enum ledger_fault fault)
{
    return (struct ledger_refusal){.fault = fault,
                                   .verdict = TRUST_BAD_SIGNATURE,
                                   .count = 7,
                                   .key = {{1, 2, 3, 4, 5, 6, 7, 8}},
                                   .error = {.line = 4, .column = 9, .message = "a tab"}};
}

static void every_refusal_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char why[LEDGER_FAULTS][LEDGER_WHY_SIZE];
    memset(why, 7, sizeof why);
    for (int fault = 0; fault < LEDGER_FAULTS; fault++) {
        struct ledger_refusal one = refusal((enum ledger_fault)fault);
        ledger_refusal_write(&one, why[fault]);
    }
    assert_string_equal(why[LEDGER_FAULT_NONE], "");
    assert_all_different(why[1], LEDGER_FAULTS - 1, LEDGER_WHY_SIZE);
    assert_string_equal(why[LEDGER_UNREADABLE], "line 4, column 9: a tab");
    assert_string_equal(why[LEDGER_OVER_QUOTA],
                        "the quota of unconfirmed records of its kind (7, or 4 MiB) of each who "
                        "signed it is used up");
    assert_string_equal(why[LEDGER_NO_SUCH_BEACON],
                        "signature by 0807060504030201: no root here names this key as a beacon");
    assert_non_null(strstr(why[LEDGER_SIGNATURE_FALSE], trust_result_text(TRUST_BAD_SIGNATURE)));
    assert_non_null(strstr(why[LEDGER_SIGNATURE_FORM], "signature 7: "));
}

static void every_note_of_a_merge_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char line[LEDGER_NOTES][LEDGER_NOTE_SIZE];
    for (int kind = 0; kind < LEDGER_NOTES; kind++) {
        ledger_note_write(&(struct ledger_note){.kind = (enum ledger_note_kind)kind,
                                                .record = {{0xab, 0xcd, 0xef}},
                                                .why = refusal(LEDGER_UNSIGNED),
                                                .count = 281},
                          line[kind]);
    }
    assert_all_different(line[0], LEDGER_NOTES, LEDGER_NOTE_SIZE);
    assert_string_equal(line[LEDGER_NOTE_REFUSED],
                        "refused abcdef000000: it comes without a signature");
    assert_string_equal(line[LEDGER_NOTE_MORE], "and 281 more refused");
}

static void every_fault_of_a_file_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char why[STORE_FAULTS][LEDGER_WHY_SIZE];
    for (int fault = 0; fault < STORE_FAULTS; fault++) {
        store_unsound_write(&(struct store_unsound){.fault = (enum store_fault)fault,
                                                    .refusal = refusal(LEDGER_UNSIGNED),
                                                    .code = EFBIG,
                                                    .words = "it is too large"},
                            why[fault]);
    }
    assert_string_equal(why[STORE_FAULT_NONE], "");
    assert_all_different(why[1], STORE_FAULTS - 1, LEDGER_WHY_SIZE);
    assert_string_equal(why[STORE_SIGNATURE_FORM], trust_result_text(TRUST_BAD_SIGNATURE));
    assert_string_equal(why[STORE_REFUSAL], "it comes without a signature");
}

static void every_note_of_a_store_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char line[STORE_NOTES][STORE_NOTE_SIZE];
    for (int kind = 0; kind < STORE_NOTES; kind++) {
        store_note_write(&(struct store_note){.kind = (enum store_note_kind)kind,
                                              .path = "s/records/ab/x",
                                              .why = {.fault = STORE_NO_FOLDER},
                                              .code = EACCES,
                                              .merge = {.kind = LEDGER_NOTE_CUT_OFF}},
                         line[kind]);
    }
    assert_all_different(line[0], STORE_NOTES, STORE_NOTE_SIZE);
    assert_string_equal(line[STORE_NOTE_QUARANTINED],
                        "put into quarantine: s/records/ab/x: it is not a folder");
    assert_string_equal(line[STORE_NOTE_STUCK],
                        "unsound, and left: s/records/ab/x: it is not a folder; cannot move it: "
                        "Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_has_a_wording_of_its_own),
        cmocka_unit_test(every_note_of_a_merge_has_a_wording_of_its_own),
        cmocka_unit_test(every_fault_of_a_file_has_a_wording_of_its_own),
        cmocka_unit_test(every_note_of_a_store_has_a_wording_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
