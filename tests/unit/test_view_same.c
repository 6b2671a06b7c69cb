/* Whether two windows say the same to people.
 * links: records instants */
#include "check.h"

#include "view/view.h"
#include "window_lines.h"

/* Which record it is, and when: what changes of these is no other gesture. */
static const char *const apart[] = {"root", "uid", "seq", "prev", "made",    "rule", "zones",
                                    "on",   "at",  "off", "for",  "expires", NULL};

static void a_window_with_another_line_says_something_else(void **state)
{
    (void)state;
    static struct random_record one, other;
    struct seed seed = {5};
    const struct schema *schema = schema_of(RECORD_WINDOW);
    for (int k = 0; k < schema->count; k++) {
        const char *key = schema->field[k].key;
        bool differs = false;
        for (int round = 0; round < 20; round++) {
            struct record changed;
            window_draw(&one, &seed);
            window_draw(&other, &seed);
            assert_true(view_says_same(&one.record.is.window, &one.record.is.window));
            window_with_line(&one, &other, &schema->field[k], &changed);
            differs |= !view_says_same(&one.record.is.window, &changed.is.window);
        }
        if (differs == window_line_is_in(apart, key)) {
            fail_msg("view_says_same %s another \"%s\" line", differs ? "sees" : "overlooks", key);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_with_another_line_says_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
