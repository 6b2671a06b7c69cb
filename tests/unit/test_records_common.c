/* What every type of record has in common is asked for in one way.
 * links: trust */
#include "forge.h"

#include "records/proquint.h"

static struct record *one_of(enum record_type type, struct record *root, struct record *window)
{
    switch (type) {
    case RECORD_ROOT:
        return forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {2}});
    case RECORD_WINDOW:
        return forge_make_window(
            (struct forge_window){.root = root, .uid = 6, .at = {"2027 2027-08-02T08:25:00Z"}});
    case RECORD_CANCEL:
        return forge_make_cancel(window, "rain");
    case RECORD_REVOKE:
        return forge_make_revoke(root, 1, NULL, 0);
    case RECORD_HEARTBEAT:
        break;
    }
    return forge_make_heartbeat(root, 9, "2027-08-01T00:00:00Z", NULL, 0);
}

static void every_type_tells_what_it_speaks_of(void **state)
{
    (void)state;
    static const struct {
        enum record_subject subject;
        unsigned uid; /* 0: none */
        uint32_t step;
    } expected[RECORD_TYPES] = {
        [RECORD_ROOT] = {RECORD_OF_KEYS, 0, 2},       [RECORD_WINDOW] = {RECORD_OF_WINDOW, 6, 0},
        [RECORD_CANCEL] = {RECORD_OF_WINDOW, 5, 1},   [RECORD_REVOKE] = {RECORD_OF_KEYS, 0, 0},
        [RECORD_HEARTBEAT] = {RECORD_OF_STORE, 0, 0},
    };
    struct record *root =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}, .beacon = {9}});
    struct record *window = forge_make_window(
        (struct forge_window){.root = root, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}});
    struct record_uid five = forge_uid(5);
    assert_true(record_id_equal(record_root_of(root), &root->id)); /* of version 1 its own */
    for (int type = 0; type < RECORD_TYPES; type++) {
        struct record *record = one_of((enum record_type)type, root, window);
        assert_int_equal(record->type, type);
        assert_true(record_id_equal(record_root_of(record), &root->id));
        assert_int_equal(record_subject_of(record), expected[type].subject);
        assert_int_equal(record_step_of(record), expected[type].step);
        assert_int_equal(record_uid_of(record) != NULL, expected[type].uid != 0);
        if (expected[type].uid != 0) {
            struct record_uid uid = forge_uid(expected[type].uid);
            assert_true(record_uid_equal(record_uid_of(record), &uid));
        }
        static const char *const made[RECORD_TYPES] = {[RECORD_ROOT] = "2026-11-01T00:00:00Z",
                                                       [RECORD_WINDOW] = "2026-11-02T00:00:00Z",
                                                       [RECORD_CANCEL] = "2026-11-03T00:00:00Z",
                                                       [RECORD_REVOKE] = "2026-11-04T00:00:00Z",
                                                       [RECORD_HEARTBEAT] = "2027-08-01T00:00:00Z"};
        assert_int_equal(record_made(record).tai_ns, forge_instant(made[type]).tai_ns);
        bool is_of_keys = expected[type].subject == RECORD_OF_KEYS;
        assert_int_equal(record_belongs_to(record, &root->id, NULL), is_of_keys);
        assert_int_equal(record_belongs_to(record, &root->id, &five),
                         is_of_keys || expected[type].uid == 5);
        assert_false(record_belongs_to(record, &window->id, &five)); /* another constellation */
        record_free(record);
    }
    record_free(window);
    record_free(root);
}

static void a_first_line_of_no_type_is_told_all_types(void **state)
{
    (void)state;
    static const char text[] = "tocsin pledge 1\n";
    struct record *record;
    struct record_error error;
    assert_false(
        record_read((const uint8_t *)text, sizeof text - 1, leap_builtin(), &record, &error));
    assert_string_equal(
        error.message,
        "expected `tocsin TYPE 1`, TYPE one of root, window, cancel, revoke, heartbeat");
}

static void a_key_is_told_by_its_bytes_and_found_in_every_list(void **state)
{
    (void)state;
    struct record *root =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}, .beacon = {9}});
    const struct record_root *is = &root->is.root;
    struct record_public_key two = forge_public(2), nine = forge_public(9);
    memset(&two.id, 0, sizeof two.id); /* only candidates are selected by ids */
    assert_ptr_equal(record_key_find(is->organizer, is->organizer_count, two.key),
                     &is->organizer[1]);
    assert_true(record_is_organizer(is, two.key) && !record_is_beacon(is, two.key));
    assert_true(record_is_beacon(is, nine.key) && !record_is_organizer(is, nine.key));
    assert_true(record_key_is_among(&two, 1, two.key));
    assert_false(record_key_is_among(&two, 1, nine.key));
    assert_false(record_key_is_among(NULL, 0, nine.key));
    char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
    struct record_public_key back;
    record_public_key_write(&nine, text);
    assert_true(record_public_key_read((struct text){text, strlen(text)}, &back));
    assert_memory_equal(&back, &nine, sizeof back);
    assert_false(record_public_key_read((struct text){text, strlen(text) - 1}, &back));
    text[0] ^= 1; /* no longer "Ed" */
    assert_false(record_public_key_read((struct text){text, strlen(text)}, &back));
    record_free(root);
}

/* The address that the proposal itself takes as its example, and its last. */
static void long_numbers_are_four_words(void **state)
{
    (void)state;
    char words[PROQUINT_SIZE];
    proquint_write((const uint8_t[8]){127, 0, 0, 1, 63, 84, 220, 193}, words);
    assert_string_equal(words, "lusab babad gutih tugad");
    static const char *const same[] = {"LUSAB babad-gutih\ntugad", "lusab, babad, gutih, tugad.",
                                       " lusab;babad / gutih 'tugad'", "lusabbabadgutihtugad"};
    static const char *const other[] = {"lusab babad gutih", "lusab babad gutih tugad x", "",
                                        "lusab babad gutih tugaf", "lu sab babad gutih tugad"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(proquint_is((const uint8_t[8]){127, 0, 0, 1, 63, 84, 220, 193}, same[i]));
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_false(proquint_is((const uint8_t[8]){127, 0, 0, 1, 63, 84, 220, 193}, other[i]));
    }
    proquint_write((const uint8_t[8]){140, 98, 193, 141, 64, 255, 6, 200}, words);
    assert_string_equal(words, "mudof sakat haguz biram");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_numbers_are_four_words),
        cmocka_unit_test(every_type_tells_what_it_speaks_of),
        cmocka_unit_test(a_key_is_told_by_its_bytes_and_found_in_every_list),
        cmocka_unit_test(a_first_line_of_no_type_is_told_all_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
