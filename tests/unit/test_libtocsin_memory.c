/* What survives a restart, and how much a site holds. */
/* links: stream */
#include <malloc.h>

#include "site_world.h"

static const struct tocsin_options keeping = {.keeps_memory = true, .boot = (const uint8_t[16]){7}};

static struct tocsin_advice think_at(struct tocsin *site, double s)
{
    struct tocsin_clocks clocks = clocks_at(s, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    return advice;
}

/* Keeps it as a caller should, and returns it. */
static const char *keep(struct tocsin *site)
{
    static char text[8192];
    size_t size = tocsin_memory(site, NULL, 0);
    assert_in_range(size, 1, sizeof text - 1);
    assert_int_equal(tocsin_memory(site, text, sizeof text), size);
    assert_int_equal(strlen(text), size);
    return text;
}

static void nothing_begins_before_its_mark_is_durable(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&keeping, &world);
    struct tocsin_advice advice = think_at(site, 0);
    assert_true(advice.must_save);
    keep(site);
    tocsin_saved(site);
    advice = think_at(site, 1);
    assert_false(advice.must_save);
    assert_false(advice.may_begin); /* armed; nothing is promised at 59 s */
    advice = think_at(site, 55);    /* now what rings is marked */
    assert_true(advice.must_save);
    assert_false(advice.may_begin);
    advice = think_at(site, 60.01); /* its instant is there, and nobody has saved: not yet */
    assert_false(advice.may_begin);
    keep(site);
    tocsin_saved(site);
    advice = think_at(site, 60.02);
    assert_true(advice.may_begin);
    assert_true(tocsin_began(site, advice.mark));
    assert_true(think_at(site, 60.03).must_save);
    tocsin_free(site);
    world_free(&world);
}

static void what_was_promised_before_a_restart_holds_after_it(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&keeping, &world);
    think_at(site, 0);
    think_at(site, 55);
    char memory[8192];
    strcpy(memory, keep(site));
    assert_non_null(strstr(memory, "firing "));
    tocsin_free(site);

    /* the same run of the clock, before its instant: nothing can have begun */
    site = site_with(&keeping, &world);
    assert_int_equal(tocsin_remember(site, memory, strlen(memory)), TOCSIN_OK);
    struct tocsin_advice advice = think_at(site, 57);
    assert_true(advice.has_next);
    tocsin_free(site);

    /* the same run, after it: perhaps it has */
    site = site_with(&keeping, &world);
    assert_int_equal(tocsin_remember(site, memory, strlen(memory)), TOCSIN_OK);
    advice = think_at(site, 60.5);
    assert_false(advice.has_next);
    tocsin_free(site);

    /* another run, whose clock says nothing about that one's */
    site = site_with(&(struct tocsin_options){.keeps_memory = true, .boot = (const uint8_t[16]){8}},
                     &world);
    assert_int_equal(tocsin_remember(site, memory, strlen(memory)), TOCSIN_OK);
    advice = think_at(site, 57);
    assert_false(advice.has_next);
    tocsin_free(site);
    world_free(&world);
}

static void a_mark_given_before_its_record_is_known_is_not_forgotten(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_advice advice = think_at(site, 0);
    char mark[TOCSIN_MARK_SIZE];
    memcpy(mark, advice.mark, sizeof mark);
    tocsin_free(site);

    site = tocsin_new(&(struct tocsin_options){0});
    char why[TOCSIN_WHY_SIZE];
    assert_int_equal(tocsin_anchor(site, world.anchor.bytes, world.anchor.size, why), TOCSIN_OK);
    assert_true(tocsin_began(site, mark)); /* before the first clocks */
    think_at(site, 0);
    think_at(site, 1);
    assert_int_equal(tocsin_records(site, world.records.bytes, world.records.size, NULL),
                     TOCSIN_OK);
    assert_false(think_at(site, 2).has_next);
    tocsin_free(site);

    site = tocsin_new(&(struct tocsin_options){0});
    assert_int_equal(tocsin_anchor(site, world.anchor.bytes, world.anchor.size, why), TOCSIN_OK);
    think_at(site, 0);
    assert_true(tocsin_began(site, mark)); /* and after them */
    think_at(site, 1);
    assert_int_equal(tocsin_records(site, world.records.bytes, world.records.size, NULL),
                     TOCSIN_OK);
    assert_false(think_at(site, 2).has_next);
    assert_non_null(strstr(keep(site), "fired "));
    tocsin_free(site);
    world_free(&world);
}

static void marks_of_another_program_count_at_any_time(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *one = site_with(&keeping, &world), *other = site_with(&keeping, &world);
    struct tocsin_advice advice = think_at(one, 0);
    assert_true(think_at(other, 0).has_next);
    assert_true(tocsin_began(one, advice.mark));
    const char *memory = keep(one);
    assert_int_equal(tocsin_remember(other, memory, strlen(memory)), TOCSIN_OK);
    assert_false(think_at(other, 1).has_next);
    tocsin_free(one);
    tocsin_free(other);
    world_free(&world);
}

static void what_is_no_memory_is_told_and_harms_nothing(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_with(&keeping, &world);
    static const char *const not_memories[] = {
        "fired somewhere\n", "firing 1 2 3 4 5 6 7 8\n",     "tocsin listener memory 1", "\n",
        "root: 12\n",        "floor: 2027-01-01T00:00:00Z\n"};
    for (size_t i = 0; i < sizeof not_memories / sizeof *not_memories; i++) {
        assert_int_equal(tocsin_remember(site, not_memories[i], strlen(not_memories[i])),
                         TOCSIN_REFUSED);
    }
    assert_true(think_at(site, 0).has_next);
    tocsin_free(site);
    world_free(&world);
}

/* 50 windows of a minute, one a day. */
static void add_fifty(struct bundle *bundle, struct record *root)
{
    for (unsigned i = 0; i < 50; i++) {
        char at[64];
        snprintf(at, sizeof at, "2027 2027-%02u-%02uT12:00:00Z", 6 + i / 28, 1 + i % 28);
        struct record *window =
            forge_make_window((struct forge_window){.root = root, .uid = 100 + i, .at = {at}});
        bundle_add(bundle, window, (unsigned[]){1, 2, 0});
        record_free(window);
    }
}

static void a_site_holds_what_it_needs_and_no_more(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    size_t before = mallinfo2().uordblks;
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    think_at(site, 0);
    size_t empty = mallinfo2().uordblks - before;
    static struct bundle fifty;
    fifty.size = 0;
    add_fifty(&fifty, world.root);
    char why[TOCSIN_WHY_SIZE];
    assert_int_equal(tocsin_anchor(site, world.anchor.bytes, world.anchor.size, why), TOCSIN_OK);
    assert_int_equal(tocsin_records(site, fifty.bytes, fifty.size, NULL), TOCSIN_OK);
    think_at(site, 1);
    struct tocsin_window window;
    size_t count = 0;
    while (tocsin_window(site, count, &window)) {
        count++;
    }
    assert_int_equal(count, 50);
    size_t full = mallinfo2().uordblks - before;
    print_message("a site: %zu bytes empty, %zu with 50 windows\n", empty, full);
    assert_in_range(empty, 0, 64 * 1024); /* both are 0 under a sanitizer, whose heap is its own */
    assert_in_range(full, 0, 256 * 1024);
    tocsin_free(site);
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_begins_before_its_mark_is_durable),
        cmocka_unit_test(what_was_promised_before_a_restart_holds_after_it),
        cmocka_unit_test(a_mark_given_before_its_record_is_known_is_not_forgotten),
        cmocka_unit_test(marks_of_another_program_count_at_any_time),
        cmocka_unit_test(what_is_no_memory_is_told_and_harms_nothing),
        cmocka_unit_test(a_site_holds_what_it_needs_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
