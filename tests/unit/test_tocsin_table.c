/* links: words */
#include "check.h"

#include "tocsin/commands/table.h"

static void every_row_says_what_it_does(void **state)
{
    (void)state;
    assert_true(command_count > 20);
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        assert_ptr_equal(command_find(row->group, row->name), row); /* and no name stands twice */
        assert_true(strlen(row->help) > 8);
        if (row->line != NULL) {
            assert_non_null(row->run);
            assert_true(strlen(row->line->doc) > 8);
        }
    }
}

static void a_second_word_stands_below_its_group(void **state)
{
    (void)state;
    const char *group = NULL;
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        if (row->line == NULL) {
            group = row->name;
            assert_true(i + 1 < command_count && command_table[i + 1].group != NULL);
        } else if (row->group != NULL) {
            assert_string_equal(row->group, group);
        }
    }
}

/* Names the command whose row in commands.def, or whose line, is to be mended. */
static void fits(bool is_so, size_t command, const char *what)
{
    if (!is_so) {
        fail_msg("tocsin %s: %s", command_table[command].name, what);
    }
}

static void what_a_row_needs_fits_what_it_reads(void **state)
{
    (void)state;
    const unsigned known = NEED_MASK | NEED_RULES | TAKE_FORMAT | SENDS | TAKE_PICTURE;
    for (size_t i = 0; i < command_count; i++) {
        const struct command_line *line = command_table[i].line;
        unsigned needs = command_table[i].needs, opens = needs & NEED_MASK;
        if (line == NULL) {
            fits(needs == 0, i, "it needs something and reads no line");
            continue;
        }
        fits((needs & ~known) == 0, i, "its needs have a bit that means nothing");
        fits(opens <= NEED_WINDOW, i, "what is to be opened for it?");
        size_t least = command_least(line), most = command_most(line);
        fits(opens != NEED_WINDOW || least > 0, i, "which window? it takes no word");
        fits((line->words != NULL) == (most > 0), i, ".words goes with how many there may be");
        fits(least <= most, i, "at least more than at most");
        fits((line->missing != NULL) == (least > 0), i, ".missing goes with what must be there");
        fits((line->options != NULL || line->children != NULL) == (line->parser != NULL), i,
             ".parser goes with .options or .children");
        fits((line->parser != NULL) == (line->size > 0), i, ".size goes with .parser");
    }
}

struct seen {
    const char *name[64];
    int key[64];
    size_t count;
};

/* argp takes two options of one name, and answers with either. */
static void see_options(const struct argp *argp, struct seen *seen)
{
    for (const struct argp_option *o = argp->options; o != NULL && o->name != NULL; o++) {
        assert_true((o->flags & OPTION_HIDDEN) != 0 || strlen(o->doc) > 2);
        for (size_t i = 0; i < seen->count; i++) {
            assert_string_not_equal(seen->name[i], o->name);
            assert_true(seen->key[i] != o->key || o->key > 0x7f);
        }
        assert_true(seen->count < 64);
        seen->name[seen->count] = o->name;
        seen->key[seen->count++] = o->key;
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        see_options(c->argp, seen);
    }
}

static void no_two_options_of_a_command_are_spelled_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        if (command_table[i].line != NULL) {
            struct command_argp parsers;
            struct seen seen = {
                .name = {"help", "usage", "version"}, .key = {'?', 0, 'V'}, .count = 3};
            command_argp_init(&parsers, &command_table[i]);
            see_options(&parsers.argp, &seen);
            assert_true(seen.count >= 3 + 4); /* --store --config --root --at */
        }
    }
}

static void a_mistyped_word_finds_the_nearest(void **state)
{
    (void)state;
    assert_string_equal(command_nearest(NULL, "decalre"), "declare");
    assert_string_equal(command_nearest(NULL, "Lists"), "list");
    assert_string_equal(command_nearest("key", "nwe"), "new");
    assert_null(command_nearest(NULL, "xyzzy"));
    assert_null(command_nearest("root", "declare"));
    assert_null(command_find(NULL, "new"));
    assert_null(command_find("key", "trust"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_it_does),
        cmocka_unit_test(a_second_word_stands_below_its_group),
        cmocka_unit_test(what_a_row_needs_fits_what_it_reads),
        cmocka_unit_test(no_two_options_of_a_command_are_spelled_alike),
        cmocka_unit_test(a_mistyped_word_finds_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
