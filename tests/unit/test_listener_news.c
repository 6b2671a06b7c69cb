/* What a listener tells people: each fact, and each doubt, has words of its own, whatever it is
 * about.
 * links: ticks view trust records */
#include "check.h"

#include "listener/listener.h"
#include "listener/news.h"

/* Of an occurrence, a beacon and a place whose names are as long as they may be. */
static struct listener_news told(enum listener_fact fact)
{
    struct listener_news news = {.fact = fact, .number = INT64_MIN, .beacon = {{0xfe}}};
    memset(news.occurrence.title, 't', sizeof news.occurrence.title - 1);
    memset(news.name, 'n', sizeof news.name - 1);
    memset(news.where, 'w', sizeof news.where - 1);
    return news;
}

static void every_fact_has_a_wording_of_its_own(void **state)
{
    (void)state;
    static char line[SAID_FACTS][LISTENER_NEWS_SIZE];
    for (int fact = 0; fact < SAID_FACTS; fact++) {
        struct listener_news news = told((enum listener_fact)fact);
        listener_news_write(&news, line[fact]);
        size_t len = strlen(line[fact]);
        assert_in_range(len, 10, LISTENER_NEWS_SIZE - 2); /* nothing is cut off */
        assert_int_not_equal(line[fact][len - 1], '.');
        assert_null(strchr(line[fact], '%'));
        for (int before = 0; before < fact; before++) {
            assert_string_not_equal(line[fact], line[before]);
        }
    }
}

/* By which programs sort and count them. */
static void every_fact_is_of_its_kind(void **state)
{
    (void)state;
    static const struct {
        enum listener_fact fact;
        enum listener_news_kind kind;
    } one[] = {{SAID_ARMED, NEWS_ARMED},     {SAID_BEGAN_BEFORE, NEWS_JOINED},
               {SAID_MISSED, NEWS_MISSED},   {SAID_STARTED_BEFORE, NEWS_BEFORE},
               {SAID_BEGUN, NEWS_STARTED},   {SAID_OVER, NEWS_ENDED},
               {SAID_MOVED, NEWS_MOVED},     {SAID_CALLED_OFF, NEWS_WITHDRAWN},
               {SAID_SILENT, NEWS_BEACON},   {SAID_LIES, NEWS_LIAR},
               {SAID_NO_TICK, NEWS_REFUSED}, {SAID_SLEPT, NEWS_CLOCK}};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        assert_int_equal(listener_news_kind(one[i].fact), one[i].kind);
    }
}

static void whatever_a_fact_is_about_is_told_in_full(void **state)
{
    (void)state;
    char expected[LISTENER_NEWS_SIZE], line[LISTENER_NEWS_SIZE];
    struct listener_news news = told(SAID_TOO_NEAR);
    listener_news_write(&news, line);
    snprintf(expected, sizeof expected,
             "%s is -9223372036854775808 s away, nearer than its latency: joining quietly",
             news.occurrence.title);
    assert_string_equal(line, expected);
    news = told(SAID_LIE_PROVEN);
    listener_news_write(&news, line);
    snprintf(expected, sizeof expected,
             "beacon 00000000000000fe %s is ignored: its lie is proven in %s", news.name,
             news.where);
    assert_string_equal(line, expected);
}

static void every_doubt_has_a_wording_of_its_own(void **state)
{
    (void)state;
    char expected[LISTENER_NEWS_SIZE], line[LISTENER_NEWS_SIZE];
    for (int doubt = DOUBT_NONE; doubt <= DOUBT_MAY_BE_AHEAD; doubt++) {
        const char *text = listener_doubt_text((enum discipline_doubt)doubt);
        assert_true(strlen(text) > 10);
        for (int before = DOUBT_NONE; before < doubt; before++) {
            assert_string_not_equal(text, listener_doubt_text((enum discipline_doubt)before));
        }
        struct listener_news news = told(SAID_DOUBT);
        news.doubt = (enum discipline_doubt)doubt;
        listener_news_write(&news, line);
        snprintf(expected, sizeof expected, "%s: %s", news.name, text);
        assert_string_equal(line, expected);
        news.name[0] = '\0'; /* a site that follows one root */
        listener_news_write(&news, line);
        assert_string_equal(line, text);
    }
}

/* What comes again and again is told at the first, the tenth, the hundredth. */
static void what_repeats_is_told_less_and_less(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (uint64_t count = 0; count <= 10000; count++) {
        assert_int_equal(listener_is_worth_telling(count), count == power);
        power = count == power ? power * 10 : power;
    }
    assert_int_equal(power, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_has_a_wording_of_its_own),
        cmocka_unit_test(every_fact_is_of_its_kind),
        cmocka_unit_test(whatever_a_fact_is_about_is_told_in_full),
        cmocka_unit_test(every_doubt_has_a_wording_of_its_own),
        cmocka_unit_test(what_repeats_is_told_less_and_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
