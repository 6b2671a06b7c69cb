/* What a reviewer is told of a window's next version, before it is signed.
 * links: records instants */
#include "check.h"

#include "tocsin/windows/change.h"
#include "window_lines.h"

/* Which record it is, and the dates, which the preview tells one by one. */
static const char *const apart[] = {"root",  "uid", "seq",  "prev", "made",
                                    "zones", "on",  "wave", "at",   NULL};

struct heard {
    const char *key;
    size_t times;
};

/* A change_sink: nothing but this line may be told, title.it as a title. */
static void hear(void *context, const char *what, const char *before, const char *after)
{
    struct heard *heard = context;
    size_t length = strlen(heard->key);
    assert_int_equal(strncmp(what, heard->key, length), 0);
    assert_true(what[length] == '\0' || what[length] == '.');
    assert_true(before == NULL || after == NULL || strcmp(before, after) != 0);
    heard->times++;
}

static void each_line_that_differs_is_told(void **state)
{
    (void)state;
    static struct random_record one, other;
    const struct session session = {.leap = *leap_builtin()};
    struct seed seed = {5};
    const struct schema *schema = schema_of(RECORD_WINDOW);
    for (int k = 0; k < schema->count; k++) {
        struct heard heard = {.key = schema->field[k].key};
        for (int round = 0; round < 20; round++) {
            struct record changed;
            window_draw(&one, &seed);
            window_draw(&other, &seed);
            window_with_line(&one, &other, &schema->field[k], &changed);
            change_of_window(&session, &one.record.is.window, &changed.is.window, hear, &heard);
        }
        if ((heard.times > 0) == window_line_is_in(apart, heard.key)) {
            fail_msg("change_of_window %s another \"%s\" line",
                     heard.times > 0 ? "tells" : "overlooks", heard.key);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_that_differs_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
