/* links: view records trust instants */
#include "session_of.h"

#include "tocsin/windows/window.h"

static void assert_rewritten(const char *const *given, const char *const *expected)
{
    char *argv[8] = {0};
    int argc = 0, count = 0;
    for (; given[argc] != NULL; argc++) {
        argv[argc] = (char *)(uintptr_t)given[argc];
    }
    char **out = window_rewrite(NULL, &argc, argv);
    assert_non_null(out);
    for (; expected[count] != NULL; count++) {
        assert_true(count < argc);
        assert_string_equal(out[count], expected[count]);
    }
    assert_int_equal(argc, count);
    assert_null(out[argc]);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_title_in_a_language_becomes_an_option_that_argp_knows(void **state)
{
    (void)state;
    assert_rewritten(WORDS("tocsin declare", "--title", "A", "--url", "u"),
                     WORDS("tocsin declare", "--title", "A", "--url", "u"));
    assert_rewritten(WORDS("t", "--title.it", "Un minuto", "x"),
                     WORDS("t", "--title-in=it=Un minuto", "x"));
    assert_rewritten(WORDS("t", "--about.pt-br=a=b"), WORDS("t", "--about-in=pt-br=a=b"));
    assert_rewritten(WORDS("t", "--title.it"), WORDS("t", "--title-in=it="));
    assert_rewritten(WORDS("t", "--titles.it", "x"), WORDS("t", "--titles.it", "x"));
}

static void options_are_read(void **state)
{
    (void)state;
    char *argv[] = {(char[]){"t"},
                    (char[]){"--title=A minute"},
                    (char[]){"--title-in=it=Un minuto"},
                    (char[]){"--about-in=fr=a=b"},
                    (char[]){"--beacon=one"},
                    (char[]){"--beacon=two"},
                    (char[]){"--for=15m"},
                    NULL};
    struct window_options options = {0};
    assert_int_equal(argp_parse(&window_argp, 7, argv, ARGP_NO_EXIT, NULL, &options), 0);
    assert_int_equal(options.title_count, 2);
    assert_string_equal(options.title[0].tag, "");
    assert_string_equal(options.title[1].tag, "it");
    assert_string_equal(options.title[1].value, "Un minuto");
    assert_string_equal(options.about[0].value, "a=b");
    assert_int_equal(options.beacon_count, 2);
    assert_string_equal(options.duration, "15m");
    assert_null(options.rule);
}

/* What an amendment of the world's window 5 with these options holds. */
static int apply(struct constellation *world, const struct window_options *options,
                 struct window_draft *draft)
{
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    struct session session = session_of(world);
    *draft = (struct window_draft){.record = *first};
    draft->record.is.window.seq = 1;
    /* No date changes, so no zone is asked. */
    return window_apply(&session, NULL, &world->view->root[0], options, &first->is.window, draft);
}

static void what_no_option_names_stays(void **state)
{
    static struct window_draft draft;
    struct window_options options = {.title = {{"it", "Un minuto"}, {"de", "Eine Minute"}},
                                     .title_count = 2,
                                     .tone = "mourning"};
    assert_int_equal(apply(*state, &options, &draft), EXIT_DONE);
    const struct record_window *is = &draft.record.is.window;
    assert_int_equal(is->title_count, 3); /* by their tags */
    assert_text_equal(is->title[0].value, "A minute");
    assert_text_equal(is->title[1].tag, "de");
    assert_text_equal(is->title[2].value, "Un minuto");
    assert_int_equal(is->tone, TONE_MOURNING);
    assert_text_equal(is->gesture, "silence");
    assert_int_equal(is->at_count, 2);
    assert_null(draft.plan);
    assert_instant_equal(is->made, forge_instant("2027-01-01T00:00:00Z"));
}

static void a_language_that_is_given_again_is_replaced(void **state)
{
    static struct window_draft draft;
    struct window_options options = {.title = {{"", "Another"}}, .title_count = 1};
    assert_int_equal(apply(*state, &options, &draft), EXIT_DONE);
    assert_int_equal(draft.record.is.window.title_count, 1);
    assert_text_equal(draft.record.is.window.title[0].value, "Another");
}

static void texts_are_composed_and_escaped(void **state)
{
    static struct window_draft draft;
    struct window_options options = {.title = {{"", "Cafe\xcc\x81 \\"}},
                                     .title_count = 1,
                                     .about = {{"", "one\ntwo"}},
                                     .about_count = 1};
    assert_int_equal(apply(*state, &options, &draft), EXIT_DONE);
    assert_text_equal(draft.record.is.window.title[0].value, "Caf\xc3\xa9 \\\\");
    assert_text_equal(draft.record.is.window.about[0].value, "one\\ntwo");
}

static void what_is_no_tone_duration_or_beacon_is_refused(void **state)
{
    static struct window_draft draft;
    const struct window_options wrong[] = {
        {.tone = "merry"},
        {.rest = "60m"}, /* 1h: the largest exact unit */
        {.beacon = {"nobody"}, .beacon_count = 1},
        {.expires = "tomorrow"},
        {.gesture = ""},
        {.title = {{"", "two\nlines"}}, .title_count = 1},
        {.title = {{"", "no \xff UTF-8"}}, .title_count = 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct constellation *world;
        assert_int_equal(set_up((void **)&world), 0);
        assert_int_equal(apply(world, &wrong[i], &draft), EXIT_USAGE);
        tear_down((void **)&world);
    }
    struct window_options right = {.rest = "1h", .beacon = {"someone"}, .beacon_count = 1};
    assert_int_equal(apply(*state, &right, &draft), EXIT_DONE);
    struct record_public_key beacon = forge_public(9);
    assert_true(record_key_id_equal(&draft.record.is.window.beacon[0], &beacon.id));
}

static void a_horizon_is_a_day_or_a_span(void **state)
{
    (void)state;
    utc now = {0}, at;
    assert_true(stamp_read_given("2028-02-29T12:00:00Z", &now));
    assert_true(environment_read_horizon("2y", now, &at)); /* 2030 has no 29 February */
    char text[STAMP_TEXT_SIZE];
    stamp_write(at, text);
    assert_string_equal(text, "2030-02-28T12:00:00Z");
    assert_true(environment_read_horizon("90d", now, &at));
    assert_true(at.ns - now.ns == 90 * NS_PER_DAY);
    assert_true(environment_read_horizon("2031-05-01", now, &at));
    const char *const wrong[] = {"", "y", "0d", "-1y", "5", "5w", "5yy", "222y", "99999999999d"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(environment_read_horizon(wrong[i], now, &at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_in_a_language_becomes_an_option_that_argp_knows),
        cmocka_unit_test(options_are_read),
        cmocka_unit_test_setup_teardown(what_no_option_names_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_language_that_is_given_again_is_replaced, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(texts_are_composed_and_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_tone_duration_or_beacon_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test(a_horizon_is_a_day_or_a_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
