/* What the library has to do with brokers: topics, questions and answers; and what it lists. */
/* links: stream ticks */
#include "site_world.h"

#include "ticks/answer.h"

static const uint8_t secret[32] = {3};

/* The answer of beacon 9 to a question that it read at received_ns, signed 1 ms later. */
static size_t answer(const struct constellation *world, const struct tocsin_question *question,
                     int64_t received_ns, uint8_t out[static TICK_ANSWER_SIZE_MAX])
{
    static struct tick_tree tree;
    struct forge_key beacon = forge_key(9);
    struct tick_question asked = {.received = {received_ns}};
    memcpy(asked.nonce, question->bytes, sizeof asked.nonce);
    tick_tree_build(&tree, &asked, 1);
    struct tick tick = {.session = {7},
                        .time = {received_ns + NS_PER_MS},
                        .has_error = true,
                        .error_ns = NS_PER_MS,
                        .has_tai = true,
                        .tai_minus_utc_s = 37,
                        .has_echo = true};
    memcpy(tick.root, record_root_of(world->root)->bytes, sizeof tick.root);
    memcpy(tick.echo, tick_tree_root(&tree), sizeof tick.echo);
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size = tick_write(&tick, beacon.secret, bytes);
    size = tick_answer_write(&tree, 0, &asked, bytes, size, out);
    trust_secret_free(beacon.secret);
    return size;
}

/* The first tick of a session of beacon 9. */
static enum tocsin_result hear(struct tocsin *site, const struct constellation *world,
                               const struct tocsin_clocks *clocks, int64_t utc_ns, uint32_t next_ms)
{
    struct forge_key beacon = forge_key(9);
    struct tick tick = {.session = {5},
                        .time = {utc_ns},
                        .has_error = true,
                        .error_ns = NS_PER_MS,
                        .has_tai = true,
                        .tai_minus_utc_s = 37,
                        .next_ms = next_ms};
    memcpy(tick.root, record_root_of(world->root)->bytes, sizeof tick.root);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tocsin_topic topic;
    assert_true(tocsin_topic(site, 2, &topic));
    struct tocsin_message message = {.topic = topic.name,
                                     .bytes = bytes,
                                     .size = tick_write(&tick, beacon.secret, bytes),
                                     .broker = 2,
                                     .mono_ns = clocks->mono_ns};
    trust_secret_free(beacon.secret);
    return tocsin_heard(site, clocks, &message);
}

/* So that it is one that can be asked. */
static void hear_a_tick(struct tocsin *site, const struct constellation *world,
                        const struct tocsin_clocks *clocks, int64_t utc_ns)
{
    assert_int_equal(hear(site, world, clocks, utc_ns, 60000), TOCSIN_OK);
}

static void an_answered_question_bounds_a_clock_that_nobody_vouches_for(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&(struct tocsin_options){.secret = secret}, &world);
    const int64_t wrong = 3 * NS_PER_S; /* it is ahead, and cannot know */
    struct tocsin_clocks clocks = clocks_at(0, wrong, false);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    tocsin_link(site, &clocks, 2, true);
    hear_a_tick(site, &world, &clocks, clocks.utc_ns - wrong - NS_PER_MS);
    tocsin_think(site, &clocks, &advice);
    assert_false(advice.is_bounded);
    struct tocsin_question question;
    assert_true(tocsin_question(site, &question));
    assert_int_equal(question.broker, 2);
    assert_non_null(strstr(question.topic, "/ask/"));
    assert_int_equal(strncmp(question.answer, question.topic, strlen(question.topic)), 0);
    assert_non_null(strstr(question.answer, "/answer/"));

    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = answer(&world, &question, clocks.utc_ns - wrong + 2 * NS_PER_MS, bytes);
    clocks = clocks_at(0.006, wrong, false);
    struct tocsin_message message = {.topic = question.answer,
                                     .bytes = bytes,
                                     .size = size,
                                     .broker = 2,
                                     .mono_ns = clocks.mono_ns};
    assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_OK);
    assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_REFUSED); /* it counts once */
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.is_bounded);
    assert_int_equal(advice.earliest_rests, TOCSIN_RESTS_ON_BEACONS);
    assert_int_equal(advice.latest_rests, TOCSIN_RESTS_ON_BEACONS);
    int64_t truth = clocks.utc_ns - wrong;
    assert_true(advice.earliest_utc_ns <= truth && truth <= advice.latest_utc_ns);
    assert_in_range(advice.latest_utc_ns - advice.earliest_utc_ns, 0, 10 * NS_PER_MS);
    struct tocsin_beacon beacon;
    assert_true(tocsin_beacon(site, 0, &beacon));
    assert_true(beacon.is_heard && beacon.agrees && !beacon.is_liar && !beacon.is_lost);
    tocsin_free(site);
    world_free(&world);
}

/* What a question that waited 40 ms for its turn says of a clock that is right, told when it was
 * written or not. */
static struct tocsin_advice after_a_wait(bool is_told)
{
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&(struct tocsin_options){.secret = secret}, &world);
    struct tocsin_clocks clocks = clocks_at(0, 0, false);
    struct tocsin_advice advice;
    struct tocsin_question question;
    tocsin_sent(site, (uint8_t[TOCSIN_QUESTION_SIZE]){0}, INT64_MAX); /* before the first think */
    tocsin_think(site, &clocks, &advice);
    tocsin_link(site, &clocks, 2, true);
    hear_a_tick(site, &world, &clocks, clocks.utc_ns - 60 * NS_PER_MS);
    tocsin_think(site, &clocks, &advice);
    assert_true(tocsin_question(site, &question));
    int64_t asked = clocks.mono_ns, received_ns = clocks.utc_ns + 41 * NS_PER_MS;
    tocsin_sent(site, (uint8_t[TOCSIN_QUESTION_SIZE]){0}, asked + NS_PER_S); /* another one */
    if (is_told) {
        tocsin_sent(site, question.bytes, asked + 40 * NS_PER_MS);
        tocsin_sent(site, question.bytes, asked - NS_PER_S); /* it cannot have been earlier */
    }
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = answer(&world, &question, received_ns, bytes);
    clocks = clocks_at(0.043, 0, false);
    struct tocsin_message message = {.topic = question.answer,
                                     .bytes = bytes,
                                     .size = size,
                                     .broker = 2,
                                     .mono_ns = clocks.mono_ns};
    assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_OK);
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.is_bounded && advice.earliest_utc_ns <= clocks.utc_ns &&
                clocks.utc_ns <= advice.latest_utc_ns);
    advice.now_utc_ns -= clocks.utc_ns;
    tocsin_free(site);
    world_free(&world);
    return advice;
}

static void a_question_that_waited_for_its_turn_counts_from_when_it_was_written(void **state)
{
    (void)state;
    struct tocsin_advice blind = after_a_wait(false), told = after_a_wait(true);
    assert_in_range(blind.now_utc_ns, 15 * NS_PER_MS, 25 * NS_PER_MS); /* half of the wait */
    assert_in_range(told.now_utc_ns + NS_PER_MS, 0, 2 * NS_PER_MS);
    assert_in_range(blind.latest_utc_ns - told.latest_utc_ns, 39 * NS_PER_MS, 41 * NS_PER_MS);
    assert_int_equal(blind.earliest_utc_ns, told.earliest_utc_ns);
}

static void without_a_secret_or_with_a_clock_nobody_is_asked(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    for (int i = 0; i < 2; i++) {
        struct tocsin *site =
            site_with(&(struct tocsin_options){.secret = i == 0 ? NULL : secret}, &world);
        struct tocsin_clocks clocks = clocks_at(0, 0, i == 1);
        struct tocsin_advice advice;
        tocsin_think(site, &clocks, &advice);
        tocsin_link(site, &clocks, 2, true);
        hear_a_tick(site, &world, &clocks, clocks.utc_ns - NS_PER_MS);
        struct tocsin_question question;
        for (int s = 0; s < 20; s++) {
            clocks = clocks_at(s, 0, i == 1);
            tocsin_think(site, &clocks, &advice);
            assert_false(tocsin_question(site, &question));
        }
        tocsin_free(site);
    }
    world_free(&world);
}

static void the_list_has_what_rings_here_and_what_does_not(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct record *one_of_two = forge_make_window(
        (struct forge_window){.root = world.root, .uid = 6, .at = {"2027 2027-05-01T11:59:30Z"}});
    bundle_add(&world.records, one_of_two, (unsigned[]){1, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.has_changed);
    struct tocsin_window window;
    assert_true(tocsin_window(site, 0, &window));
    assert_int_equal(window.state, TOCSIN_TENTATIVE);
    assert_int_equal(window.signatures, 1);
    assert_int_equal(window.threshold, 2);
    assert_true(tocsin_window(site, 1, &window));
    assert_int_equal(window.state, TOCSIN_ARMED);
    assert_string_equal(window.mark, advice.mark);
    assert_true(window.has_t0);
    assert_int_equal(window.t0_utc_ns, advice.t0_utc_ns);
    assert_int_equal(window.duration_ns, 60 * NS_PER_S);
    assert_false(tocsin_window(site, 2, &window));
    char text[8];
    size_t whole = tocsin_window_text(site, 1, TOCSIN_TEXT_TITLE, text, sizeof text);
    assert_int_equal(whole, strlen("A minute"));
    assert_string_equal(text, "A minut");
    tocsin_think(site, &clocks, &advice);
    assert_false(advice.has_changed);
    struct tocsin_news news;
    bool is_armed = false;
    while (tocsin_news(site, &news)) {
        is_armed |= news.kind == TOCSIN_NEWS_ARMED && strcmp(news.mark, advice.mark) == 0;
    }
    assert_true(is_armed);
    tocsin_free(site);
    record_free(one_of_two);
    world_free(&world);
}

static void who_gave_an_id_believes_the_root_of_that_content_alone(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct record *other =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {11}, .beacon = {12}});
    struct bundle both = {0};
    bundle_add(&both, other, (unsigned[]){11, 0});
    memcpy(both.bytes + both.size, world.anchor.bytes, world.anchor.size);
    both.size += world.anchor.size;
    char id[RECORD_ID_TEXT_SIZE], why[TOCSIN_WHY_SIZE];
    record_id_write(&world.root->id, id);
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    assert_int_equal(tocsin_anchor_by_id(site, "12", both.bytes, both.size, why), TOCSIN_REFUSED);
    assert_int_equal(tocsin_anchor_by_id(site, id, other->bytes, other->size, why), TOCSIN_REFUSED);
    assert_non_null(strstr(why, "is not in it"));
    assert_int_equal(tocsin_anchor_by_id(site, id, both.bytes, both.size, why), TOCSIN_OK);
    struct tocsin_root root;
    assert_true(tocsin_root(site, 0, &root));
    assert_string_equal(root.id, id);
    assert_false(tocsin_root(site, 1, &root));
    tocsin_free(site);
    record_free(other);
    world_free(&world);
}

static bool is_liar(struct tocsin *site)
{
    struct tocsin_beacon beacon;
    assert_true(tocsin_beacon(site, 0, &beacon));
    return beacon.is_liar;
}

/* What an earlier run gave, changed as `spoil` says, is handed to a new one. */
static struct tocsin *restarted(const struct constellation *world, const char *memory, char spoil)
{
    static char text[8192];
    assert_true((size_t)snprintf(text, sizeof text, "%s", memory) < sizeof text);
    char *lie = strstr(text, "lie: ");
    assert_non_null(lie);
    if (spoil != '\0') {
        lie[400] = lie[400] == spoil ? '0' : spoil;
    }
    struct tocsin *site = tocsin_new(&(struct tocsin_options){.keeps_memory = true});
    struct tocsin_clocks clocks = clocks_at(10, 0, true);
    struct tocsin_advice advice;
    char why[TOCSIN_WHY_SIZE];
    assert_int_equal(tocsin_remember(site, text, strlen(text)), TOCSIN_OK);
    tocsin_think(site, &clocks, &advice); /* before anybody says whom to believe */
    assert_int_equal(tocsin_anchor(site, world->anchor.bytes, world->anchor.size, why), TOCSIN_OK);
    tocsin_think(site, &clocks, &advice);
    return site;
}

static void a_lie_that_was_proved_is_not_forgotten(void **state)
{
    (void)state;
    static char memory[8192], again[8192];
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&(struct tocsin_options){.keeps_memory = true}, &world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    tocsin_link(site, &clocks, 2, true);
    hear_a_tick(site, &world, &clocks, clocks.utc_ns);
    tocsin_memory(site, memory, sizeof memory);
    hear(site, &world, &clocks, clocks.utc_ns, 1000); /* the same counter, another word */
    assert_true(is_liar(site));
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.must_save);
    assert_in_range(tocsin_memory(site, memory, sizeof memory), 1, sizeof memory - 1);
    tocsin_free(site);

    site = restarted(&world, memory, '7'); /* a proof that nobody signed is none */
    assert_false(is_liar(site));
    tocsin_free(site);
    site = restarted(&world, memory, '\0');
    assert_true(is_liar(site));
    tocsin_memory(site, again, sizeof again);
    char *lie = strstr(memory, "lie: ");
    *strchr(lie, '\n') = '\0';
    assert_non_null(strstr(again, lie)); /* and a third run knows it, too */
    tocsin_free(site);
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lie_that_was_proved_is_not_forgotten),
        cmocka_unit_test(an_answered_question_bounds_a_clock_that_nobody_vouches_for),
        cmocka_unit_test(a_question_that_waited_for_its_turn_counts_from_when_it_was_written),
        cmocka_unit_test(without_a_secret_or_with_a_clock_nobody_is_asked),
        cmocka_unit_test(the_list_has_what_rings_here_and_what_does_not),
        cmocka_unit_test(who_gave_an_id_believes_the_root_of_that_content_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
