/* links: view records trust instants */
#include "session_of.h"

#include "tocsin/print/describe.h"

static const char *signed_text(struct view_standing standing, const char *now)
{
    static char text[DESCRIBE_SIGNED_SIZE];
    describe_signed(&standing, now, text);
    return text;
}

static void signatures_are_counted_in_words(void **state)
{
    (void)state;
    assert_string_equal(signed_text((struct view_standing){.count = 1, .needed = 2}, ""),
                        "signed by 1, 2 needed");
    assert_string_equal(signed_text((struct view_standing){.count = 2, .needed = 2}, " now"),
                        "signed by 2 now, 2 needed");
    assert_string_equal(
        signed_text(
            (struct view_standing){
                .count = 1, .needed = 2, .follows = true, .before = 0, .before_needed = 3},
            ""),
        "signed by 1 of its organizers, 2 needed, and by 0 of those of the version before, 3 "
        "needed");
}

static void a_title_is_in_the_language_of_the_reader(void **state)
{
    (void)state;
    struct record_prose title[] = {{.tag = {"", 0}, .value = {"A minute", 8}},
                                   {.tag = {"it", 2}, .value = {"Un \\\\ minuto", 12}}};
    struct record_window window = {.title = title, .title_count = 2};
    setenv("LANGUAGE", "fr:it_IT.UTF-8", 1);
    struct describe_title text = describe_title(&window);
    assert_string_equal(text.text, "Un \\ minuto");
    setenv("LANGUAGE", "", 1);
    setenv("LC_ALL", "de_DE@euro", 1);
    text = describe_title(&window);
    assert_string_equal(text.text, "A minute");
}

static void a_wave_starts_by_each_places_own_clock(void **state)
{
    struct constellation *world = *state;
    found(world);
    struct session session = session_of(world);
    struct view_occurrence moment = {.has_start = true,
                                     .start = forge_instant("2027-08-02T08:25:00Z")};
    struct view_occurrence wave = {.date = {2027, 8, 2}};
    struct record_window window = {.wave = WAVE_NONE};
    struct stamp_text text = describe_start(&session, &window, &moment);
    assert_string_equal(text.text, "2027-08-02T08:25:00Z");
    window = (struct record_window){.wave = WAVE_CLOCK, .wave_time = {.hour = 20, .minute = 5}};
    text = describe_start(&session, &window, &wave);
    assert_string_equal(text.text, "2027-08-02T20:05:00");
    window.wave = WAVE_DAY;
    text = describe_start(&session, &window, &wave);
    assert_string_equal(text.text, "2027-08-02");
}

static void assert_entry(struct constellation *world, const struct record *record,
                         const char *expected)
{
    struct session session = session_of(world);
    char line[2048], id[RECORD_ID_TEXT_SIZE];
    describe_entry(&session, session_entry_of(&session, &record->id), line, sizeof line);
    char *at = strstr(line, "  ");
    assert_non_null(at);
    record_id_write(&record->id, id);
    assert_non_null(strstr(line, id));
    assert_string_equal(at + 2, expected);
}

static void a_record_is_one_sentence(void **state)
{
    struct constellation *world = *state;
    setenv("LANGUAGE", "en", 1);
    const struct record *root = found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *later = amend(world, first, "Later", BY(3));
    const struct record *cancel = put(world, forge_make_cancel(first, "rain"), BY(1));
    assert_entry(world, root, "version 1 of \"Bell\": signed by 2, 2 needed");
    assert_entry(world, first, "declares \"A minute\": signed by 2, 2 needed");
    assert_entry(world, later, "amends \"Later\" (title Later): signed by 1, 2 needed");
    assert_entry(world, cancel,
                 "cancels 00000005000000000000000000000000 \"A minute\": rain: signed by 1, 2 "
                 "needed");
    const struct record *beat =
        put(world, forge_make_heartbeat(root, 9, "2026-12-01T00:00:00Z", &first->id, 1), BY(9));
    assert_entry(world, beat, "a beacon's list of 1 record");
}

static void what_nobody_here_trusts_is_said_to_be_so(void **state)
{
    struct constellation *world = *state;
    found(world);
    struct record *other =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {4}, .name = "Elsewhere"});
    const struct record *there = put(world, other, BY(4));
    const struct record *window =
        put(world,
            forge_make_window((struct forge_window){
                .root = there, .uid = 6, .at = {"2027 2027-08-02T08:25:00Z"}}),
            BY(4));
    assert_entry(world, window,
                 "declares \"A minute\": of a constellation that is not trusted here");
    assert_entry(world, there, "version 1 of \"Elsewhere\": signed by 1, 1 needed");
    struct session session = session_of(world);
    struct view_standing standing;
    assert_false(describe_standing(&session, session_entry_of(&session, &there->id), &standing));
    assert_int_equal(standing.count, 1); /* by what it says of itself */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_counted_in_words),
        cmocka_unit_test(a_title_is_in_the_language_of_the_reader),
        cmocka_unit_test_setup_teardown(a_wave_starts_by_each_places_own_clock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_is_one_sentence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_here_trusts_is_said_to_be_so, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
