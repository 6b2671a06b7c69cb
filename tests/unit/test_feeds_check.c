/* What is read back of an event: what nobody meant is refused by its name. */
#include "check.h"

#include "feeds/check.h"

static void what_we_never_write_is_refused_by_its_name(void **state)
{
    (void)state;
    static const char *const name[] = {"X-TOCSIN-TONE", "ORGANIZER", "GEO"};
    static const char *const value[] = {"vigil", "mailto:a@example.org", "44.5;11.3"};
    const struct feed_event event = {.uid = "7"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char text[128], wanted[64], error[FEED_ERROR_SIZE] = "";
        int size = snprintf(text, sizeof text, "BEGIN:VEVENT\r\nUID:7\r\n%s:%s\r\nEND:VEVENT\r\n",
                            name[i], value[i]);
        assert_false(feed_check_event(text, (size_t)size, &event, error));
        snprintf(wanted, sizeof wanted, "event 7: %s is not as meant", name[i]);
        assert_string_equal(error, wanted);
    }
    feed_check_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_never_write_is_refused_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
