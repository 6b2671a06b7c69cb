/* links: view trust records */
/* How the beacon's mind answers: when, with what, and when it does not. */
#include "herald_story.h"
#include "ticks/questions.h"

static struct story story;
static const uint8_t echo[32] = "the root of a tree of questions";

static struct herald_update step(enum herald_event_kind kind, size_t link)
{
    struct herald_update update;
    herald_step(&story.herald,
                &(struct herald_event){.kind = kind,
                                       .clocks = clocks_of(&story),
                                       .link = link,
                                       .session = {'e', 'a', 'r', (uint8_t)link},
                                       .echo = kind == HERALD_ANSWER ? echo : NULL},
                &update);
    return update;
}

/* A beacon that ticks each second, 198 ms after the whole one (its key's phase), at two brokers. */
static void begin(void)
{
    story_open(&story, "2026-11-23T11:59:30.5Z", "2026-11-23T12:00:00Z");
    story.herald.cadence = CADENCE_CALM;
    declare(&story, 'a', silence_at_noon, 2);
    tell_view(&story);
    for (size_t link = 0; link < 2; link++) {
        link_up(&story, link, (uint8_t)(link + 1));
        struct herald_update update = step(HERALD_EAR_UP, link);
        assert_int_equal(update.send, 0);
        assert_false(update.has_attend);
    }
    live_until(&story, -29.5);
}

/* Answers what waits on this link, as the daemon does; the tick is verified. */
static struct tick answer(size_t link)
{
    struct herald_update update = step(HERALD_ANSWER, link);
    struct tick tick = {0};
    size_t signer;
    if (update.tick_size > 0) {
        assert_int_equal(tick_verify(update.tick, update.tick_size, &story.key, 1, &tick, &signer),
                         TICK_OK);
        assert_true(tick.has_echo);
        assert_memory_equal(tick.echo, echo, 32);
        assert_true(tick.time.ns == story.now.ns);
    }
    return tick;
}

static void what_waits_is_answered_when_the_loop_comes_round(void **state)
{
    (void)state;
    begin();
    struct herald_update update = step(HERALD_ASKED, 1);
    assert_true(update.has_attend);
    assert_int_equal(update.attend.ns, 0);
    assert_int_equal(update.answer, 0); /* so that those who asked together are answered together */
    update = step(HERALD_ATTEND, 0);
    assert_int_equal(update.answer, 2);
    struct tick first = answer(1);
    assert_int_equal(first.counter, 0);
    assert_memory_equal(first.session, "ear\1\0\0\0\0", 8);
    assert_int_equal(first.next_ms, 0);
    assert_int_equal(first.window_count, 0);
    assert_int_equal(first.error_ns, 500000);
    assert_false(step(HERALD_ATTEND, 0).has_attend); /* done */

    /* the next one is of the same session, and hashes the one before */
    story.now.ns += 30 * NS_PER_MS;
    step(HERALD_ASKED, 1);
    step(HERALD_ATTEND, 0);
    struct tick second = answer(1);
    assert_int_equal(second.counter, 1);
    assert_memory_equal(second.session, first.session, 8);
    assert_true(second.has_previous);

    /* and regular ticks know nothing of it */
    uint32_t before = story.last[1].counter;
    live_until(&story, -28.5);
    assert_false(story.last[1].has_echo);
    assert_int_equal(story.last[1].counter, before + 1);
    assert_memory_not_equal(story.last[1].session, second.session, 8);
    story_close(&story);
}

static void a_flood_is_answered_fifty_times_a_second_and_never_just_before_a_tick(void **state)
{
    (void)state;
    begin();
    int answered[2] = {0};
    utc end = {story.now.ns + 10 * NS_PER_S}, last[2] = {{0}, {0}};
    int64_t longest = 0;
    while (story.now.ns < end.ns) { /* somebody asks all the time at both brokers */
        struct herald_update update;
        for (size_t link = 0; link < 2; link++) {
            if (!story.herald.ear[link].is_asked) {
                step(HERALD_ASKED, link);
            }
        }
        if (story.now.ns >= story.herald.due.ns) {
            update = step(HERALD_WAKE, 0);
            act(&story, &update);
        }
        update = step(HERALD_ATTEND, 0);
        for (size_t link = 0; link < 2; link++) {
            if ((update.answer >> link & 1) == 0) {
                continue;
            }
            assert_true(story.herald.due.ns - story.now.ns >= 20 * NS_PER_MS);
            if (answered[link] > 0) {
                assert_true(story.now.ns - last[link].ns >= 20 * NS_PER_MS);
                longest =
                    story.now.ns - last[link].ns > longest ? story.now.ns - last[link].ns : longest;
            }
            last[link] = story.now;
            answered[link]++;
            assert_true(answer(link).has_echo);
        }
        story.now.ns += NS_PER_MS / 4;
    }
    assert_true(answered[0] <= 500 && answered[1] <= 500);
    assert_true(answered[0] >= 480 && answered[1] >= 480);
    assert_true(longest <= 41 * NS_PER_MS); /* over a tick */
    story_close(&story);
}

static void the_time_to_attend_is_told_exactly(void **state)
{
    (void)state;
    begin();
    step(HERALD_ASKED, 0);
    step(HERALD_ATTEND, 0);
    answer(0);
    story.now.ns += 5 * NS_PER_MS;
    assert_int_equal(step(HERALD_ASKED, 0).attend.ns, 15 * NS_PER_MS);
    assert_int_equal(step(HERALD_ASKED, 1).attend.ns, 0); /* another broker's ear */
    answer(1);
    story.now.ns = story.herald.due.ns - 10 * NS_PER_MS;
    struct herald_update update = step(HERALD_ATTEND, 0);
    assert_int_equal(update.answer, 0);
    assert_int_equal(update.attend.ns, 10 * NS_PER_MS); /* right after the tick */
    story.now = story.herald.due;
    update = step(HERALD_ATTEND, 0); /* the tick has not been sent yet */
    assert_int_equal(update.answer, 0);
    update = step(HERALD_WAKE, 0);
    act(&story, &update);
    assert_int_equal(update.attend.ns, 0);
    assert_int_equal(step(HERALD_ATTEND, 0).answer, 1);
    /* a clock that is set back puts nobody off */
    answer(0);
    story.now.ns -= 3600 * NS_PER_S;
    story.set_ns -= 3600 * NS_PER_S;
    assert_true(step(HERALD_ASKED, 0).attend.ns <= 20 * NS_PER_MS);
    story_close(&story);
}

static void ask_and_answer_after(int64_t ns, bool is_expected)
{
    step(HERALD_ASKED, 0);
    story.now.ns += ns;
    uint32_t before = story.herald.ear[0].session.counter;
    struct herald_update update = step(HERALD_ANSWER, 0);
    assert_int_equal(update.tick_size > 0, is_expected);
    assert_int_equal(story.herald.ear[0].session.counter, before + is_expected);
    assert_false(step(HERALD_ATTEND, 0).has_attend); /* answered or dropped: nothing waits */
}

static void a_clock_that_was_set_meanwhile_answers_nothing(void **state)
{
    (void)state;
    begin();
    static const int64_t by_ns[] = {NS_PER_MS, -NS_PER_MS, NS_PER_S, -NS_PER_S, NS_PER_DAY};
    for (size_t i = 0; i < sizeof by_ns / sizeof *by_ns; i++) {
        step(HERALD_ASKED, 0);
        story.now.ns += by_ns[i] + 40 * NS_PER_MS;
        story.set_ns += by_ns[i];
        assert_int_equal(step(HERALD_ANSWER, 0).tick_size, 0);
        ask_and_answer_after(40 * NS_PER_MS, true); /* what is read after that is */
    }
    story_close(&story);
}

static void without_an_error_of_its_own_it_answers_nothing(void **state)
{
    (void)state;
    begin();
    story.is_unsynchronised = true;
    ask_and_answer_after(NS_PER_MS, false);
    story.is_unsynchronised = false;
    ask_and_answer_after(NS_PER_MS, true);
    story_close(&story);
}

/* At the end of 2016: the kernel shows its last second twice. */
static void over_a_leap_second_it_answers_nothing(void **state)
{
    (void)state;
    begin();
    static const struct {
        const char *asked;
        int64_t later_ns;
        bool is_answered;
    } table[] = {
        {"2016-12-31T23:59:58.9Z", 40 * NS_PER_MS, true},
        {"2016-12-31T23:59:58.99Z", 40 * NS_PER_MS, false},
        {"2016-12-31T23:59:59.5Z", 40 * NS_PER_MS, false},
        {"2017-01-01T00:00:00Z", 40 * NS_PER_MS, false},
        {"2017-01-01T00:00:00.99Z", 40 * NS_PER_MS, false},
        {"2017-01-01T00:00:01.01Z", 40 * NS_PER_MS, true},
        {"2016-12-31T23:59:58Z", 4 * NS_PER_S, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        story.now = at_utc(table[i].asked);
        ask_and_answer_after(table[i].later_ns, table[i].is_answered);
    }
    story_close(&story);
}

/* One that no table foretold, but the kernel has heard of. */
static void the_kernel_s_word_of_a_leap_second_is_enough(void **state)
{
    (void)state;
    begin();
    step(HERALD_ASKED, 0);
    struct herald_event event = {.kind = HERALD_ANSWER, .clocks = clocks_of(&story), .echo = echo};
    struct herald_update update;
    event.clocks.is_leap_near = true;
    herald_step(&story.herald, &event, &update);
    assert_int_equal(update.tick_size, 0);
    story_close(&story);
}

static void a_new_ear_is_a_new_session_and_knows_no_questions(void **state)
{
    (void)state;
    begin();
    step(HERALD_ASKED, 0);
    step(HERALD_EAR_DOWN, 0);
    assert_false(step(HERALD_ATTEND, 0).has_attend);
    assert_int_equal(step(HERALD_ANSWER, 0).tick_size, 0);
    step(HERALD_EAR_UP, 0);
    assert_false(step(HERALD_ATTEND, 0).has_attend);
    step(HERALD_ASKED, 0);
    assert_int_equal(answer(0).counter, 0);
    story_close(&story);
}

/* Nor one whose key the root does not name (any more). */
static void a_stranger_answers_nothing(void **state)
{
    (void)state;
    begin();
    story.herald.is_beacon = false;
    assert_false(step(HERALD_ASKED, 0).has_attend);
    story_close(&story);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_answered_when_the_loop_comes_round),
        cmocka_unit_test(a_flood_is_answered_fifty_times_a_second_and_never_just_before_a_tick),
        cmocka_unit_test(the_time_to_attend_is_told_exactly),
        cmocka_unit_test(a_clock_that_was_set_meanwhile_answers_nothing),
        cmocka_unit_test(without_an_error_of_its_own_it_answers_nothing),
        cmocka_unit_test(over_a_leap_second_it_answers_nothing),
        cmocka_unit_test(the_kernel_s_word_of_a_leap_second_is_enough),
        cmocka_unit_test(a_new_ear_is_a_new_session_and_knows_no_questions),
        cmocka_unit_test(a_stranger_answers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
