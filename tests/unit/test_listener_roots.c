/* links: ticks view trust records */
/* What a listener keeps of each of several roots: their shares, and nothing of one in another. */
#include "listener_world.h"

#define D8  "\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4"
#define D31 D8 D8 D8 "\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4"

/* A root of so many beacons, whose keys are those from this number on. */
static struct view_anchor add_root(const char *name, unsigned first, unsigned beacons,
                                   const char *beacon_name)
{
    static struct constellation other;
    char lines[8192] = "";
    for (unsigned i = 0; i < beacons; i++) {
        char key[RECORD_PUBLIC_KEY_TEXT_SIZE];
        struct record_public_key public = forge_public(first + i);
        record_public_key_write(&public, key);
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "beacon: %s %s\n", key,
                 beacon_name);
    }
    constellation_init(&other, name, lines);
    put(&world.constellation, other.record[0], BY(1, 2));
    return (struct view_anchor){.root = other.record[0]};
}

static void hear_roots_of(const struct view_anchor *anchor, size_t count)
{
    struct view *view;
    assert_true(view_build(world.constellation.entry, world.constellation.count, anchor, count,
                           leap_from_utc(leap_builtin(), world.now, NULL), &view));
    step((struct listener_event){.kind = LISTENER_RECORDS, .view = view});
    view_free(view);
}

static size_t count_beacons(size_t constellation)
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        count += world.listener.beacon[i].in_use &&
                 world.listener.beacon[i].constellation == constellation;
    }
    return count;
}

static void long_names_are_cut_where_a_character_ends(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor = add_root(D31 D8, 20, 1, "a\\\\b " D31 D8);
    hear_roots_of(&anchor, 1);
    assert_string_equal(world.listener.constellation[0].name, D31);
    assert_memory_equal(world.listener.beacon[0].name, "a\\b " D31, 62);
    assert_int_equal(strlen(world.listener.beacon[0].name), 62);
    end_world();
}

/* One root may take half of the places, and of many each its part: the first ones that it names. */
static void roots_share_the_places_for_beacons(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor[3] = {add_root("One", 20, 20, "lamp")};
    hear_roots_of(anchor, 1);
    assert_int_equal(count_beacons(0), 16);
    for (unsigned i = 0; i < 16; i++) {
        struct record_public_key expected = forge_public(20 + i);
        assert_true(trust_public_key_equal(&world.listener.beacon[i].key, &expected));
    }
    end_world();
    begin_world(-60, true, NULL);
    for (unsigned i = 0; i < 3; i++) {
        anchor[i] = add_root((const char *[]){"One", "Two", "Three"}[i], 20 + 12 * i, 12, "lamp");
    }
    hear_roots_of(anchor, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(count_beacons(i), 10);
    }
    /* a root that is no longer followed leaves its places to others */
    hear_roots_of(anchor, 1);
    assert_int_equal(count_beacons(1) + count_beacons(2), 0);
    assert_int_equal(count_beacons(0), 12);
    end_world();
}

static const struct record *add_window(const struct view_anchor *anchor, unsigned uid,
                                       const char *start)
{
    char root[RECORD_ID_TEXT_SIZE], text[1024];
    record_id_write(&anchor->root->id, root);
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\n"
             "made: 2027-01-01T00:00:00Z\ntitle: Window %u\ngesture: silence\ntone: vigil\n"
             "rule: %s for 1m\nat: one %s\nfor: 1m\nexpires: 2028-01-01T00:00:00Z\n",
             root, uid, uid, start, start);
    return constellation_add(&world.constellation, text, 2);
}

static const char EARLY[] = "2027-08-02T08:25:00Z", LATE[] = "2027-08-02T08:26:00Z";

/* Its view was made at its own time, and says nothing of others. */
static void what_is_heard_of_one_root_leaves_the_other_as_it_was(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor[2] = {add_root("One", 20, 2, "lamp"), add_root("Two", 30, 2, "lamp")};
    add_window(&anchor[0], 1, LATE);
    add_window(&anchor[1], 2, EARLY);
    hear_roots_of(anchor, 2);
    const struct listener_occurrence *next = listener_next(&world.listener);
    assert_string_equal(next->title, "Window 2");
    assert_ptr_equal(listener_find(&world.listener, next->id), next);
    assert_ptr_equal(listener_estimate(&world.listener, NULL),
                     &world.listener.constellation[1].estimate);
    assert_ptr_equal(listener_estimate(&world.listener, &anchor[0].root->id),
                     &world.listener.constellation[0].estimate);
    live_until(-30);
    for (size_t i = 0; i < 2; i++) {
        struct view *view;
        size_t count = world.constellation.count;
        assert_true(view_build(world.constellation.entry, i == 0 ? count : count - 2, &anchor[i], 1,
                               leap_from_utc(leap_builtin(), world.now, NULL), &view));
        step((struct listener_event){
            .kind = LISTENER_RECORDS, .view = view, .has_root = true, .root = anchor[i].root->id});
        view_free(view);
        assert_int_equal(world.listener.occurrence_count, 2 - i); /* then it is withdrawn */
        assert_int_equal(count_beacons(0), 2);
        assert_int_equal(count_beacons(1), 2);
    }
    live_until(61);
    assert_timeline("[   -60.0s] Window 2 is armed\n"
                    "[   -60.0s] Window 1 is armed\n"
                    "[   -30.0s] Window 2 is called off\n"
                    "[    60.0s] GO\n"
                    "[    60.0s] Window 1 has begun\n");
    end_world();
}

/* A view that was made at one root's time tells of all. */
static void what_a_view_says_of_other_roots_than_its_own_is_left_out(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor[2] = {add_root("One", 20, 2, "lamp"), add_root("Two", 30, 3, "lamp")};
    add_window(&anchor[0], 1, EARLY);
    add_window(&anchor[1], 2, LATE);
    for (size_t i = 0; i < 2; i++) {
        struct view *view;
        assert_true(view_build(world.constellation.entry, world.constellation.count, anchor, 2,
                               leap_from_utc(leap_builtin(), world.now, NULL), &view));
        step((struct listener_event){
            .kind = LISTENER_RECORDS, .view = view, .has_root = true, .root = anchor[i].root->id});
        view_free(view);
        assert_int_equal(world.listener.occurrence_count, i + 1);
        assert_int_equal(count_beacons(0), 2);
        assert_int_equal(count_beacons(1), i == 0 ? 0 : 3);
    }
    hear_roots_of(anchor, 2); /* each is known by its own place again */
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(listener_estimate(&world.listener, &anchor[i].root->id)->beacons, 2 + i);
        assert_string_equal(world.listener.constellation[i].name, i == 0 ? "One" : "Two");
    }
    end_world();
}

static bool is_told(const char *what)
{
    return strstr(world.timeline, what) != NULL;
}

/* Of two roots each has half of the places, whatever the other declares, and gives up none that it
 * has: what falls out behind nearer ones is not called off, and what was withdrawn is. */
static void of_many_starts_each_root_has_its_share(void **state)
{
    (void)state;
    enum { SHARE = LISTENER_OCCURRENCES_MAX / 2 };
    for (size_t declared = SHARE - 1; declared <= SHARE; declared++) {
        begin_world(-60, true, NULL);
        struct view_anchor anchor[2] = {add_root("One", 20, 2, "lamp"),
                                        add_root("Two", 30, 2, "lamp")};
        add_window(&anchor[0], 1, EARLY);
        hear_roots_of(anchor, 2);
        assert_int_equal(world.listener.occurrence_count, 1);
        size_t last = world.constellation.count - 1;
        if (declared < SHARE) {
            world.constellation.entry[last].signer_count = 1; /* it is withdrawn */
        }
        add_window(&anchor[1], 2, LATE);
        for (unsigned i = 0; i < declared; i++) { /* as near, or nearer */
            add_window(&anchor[0], 3 + i, i > 0 ? "2027-08-02T08:24:50Z" : EARLY);
        }
        if (declared == SHARE) { /* and the first of them stands before it */
            add_window(&anchor[0], 0, EARLY);
        }
        hear_roots_of(anchor, 2);
        assert_int_equal(world.listener.occurrence_count, declared + 1);
        assert_int_equal(is_told("Window 1 is called off"), declared < SHARE);
        assert_string_equal(world.listener.occurrence[declared].title, "Window 2");
        end_world();
    }
    begin_world(-60, true, NULL); /* nor more than there is room for */
    begin_in_room(world.block, 3, 4, 8, NULL);
    struct view_anchor anchor[2] = {add_root("One", 20, 2, "lamp"), add_root("Two", 30, 2, "lamp")};
    for (unsigned i = 0; i < 4; i++) {
        add_window(&anchor[i / 2], i, EARLY);
    }
    hear_roots_of(anchor, 2);
    assert_int_equal(world.listener.occurrence_count, 3);
    end_world();
}

static void whose_clock_is_meant_is_said_where_there_are_several(void **state)
{
    (void)state;
    begin_world(-60, false, NULL);
    struct view_anchor anchor[2] = {add_root("One", 20, 2, "lamp"), add_root("Two", 30, 2, "lamp")};
    hear_roots_of(anchor, 2);
    static const char doubt[] = "this host's clock is not synchronised and no beacon knows better: "
                                "the doubt is unknown; start a time service (chrony, "
                                "systemd-timesyncd)";
    char expected[1024];
    snprintf(expected, sizeof expected, "[   -60.0s] One: %s\n[   -60.0s] Two: %s\n", doubt, doubt);
    assert_timeline(expected);
    end_world();
}

/* Three of each. */
static void the_beacons_of_each_root_are_asked(void **state)
{
    (void)state;
    begin_world(-60, false, NULL);
    struct view_anchor anchor[2] = {add_root("One", 20, 3, "lamp"), add_root("Two", 30, 3, "lamp")};
    hear_roots_of(anchor, 2);
    link_up(0);
    live_until(-59.9);
    assert_string_equal(world.asked, "-60.00:20/0 -60.00:21/0 -60.00:22/0 -60.00:30/0 "
                                     "-60.00:31/0 -60.00:32/0 ");
    end_world();
}

/* Not by another's, however near. */
static void a_beacon_is_asked_by_the_starts_of_its_own_root(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-60, false, NULL);
    struct view_anchor anchor[2] = {world.constellation.anchor, add_root("Two", 30, 1, "lamp")};
    add_window(&anchor[1], 1, EARLY);
    hear_roots_of(anchor, 2);
    link_up(0);
    assert_true(world.update.has_ask &&
                record_id_equal(&world.update.ask_root, &anchor[world.asks[0] == 0].root->id));
    for (unsigned answered = 0; world.now.ns < world.t0.ns - 10 * NS_PER_S;) {
        live_until((double)(world.now.ns - world.t0.ns) / 1e9 + 0.2);
        if (world.asks[0] > answered) {
            answered = world.asks[0];
            answer(0, 0);
        }
    }
    assert_in_range(world.asks[0], 1, 3);
    end_world();
}

/* What one root's beacons say of their clocks hurries and forgets nothing of another's. */
static void a_standstill_by_one_root_asks_no_other(void **state)
{
    (void)state;
    begin_world(-300, false, NULL);
    struct view_anchor anchor[2] = {world.constellation.anchor, add_root("Two", 30, 1, "lamp")};
    hear_roots_of(anchor, 2);
    link_up(0);
    live_until(-299.9);
    for (size_t i = 0; i < 3; i++) {
        answer(i, 0);
    }
    live_until(-100); /* the stranger is asked once a minute by now */
    for (size_t i = 0; i < 2; i++) {
        world.asked[0] = '\0';
        hear(i, 3 * NS_PER_S);
        live_until(-99.9 + 0.1 * (double)i);
        assert_int_equal(is_told("no clock shows it"), i == 1);
        assert_non_null(strstr(world.asked, ":3/0"));
        assert_null(strstr(world.asked, ":30/0"));
    }
    end_world();
}

static void after_a_suspension_no_root_s_questions_are_answered(void **state)
{
    (void)state;
    begin_world(-100, false, NULL);
    struct view_anchor anchor[2] = {add_root("Two", 30, 1, "lamp"), world.constellation.anchor};
    hear_roots_of(anchor, 2);
    link_up(0);
    live_until(-99.9);
    assert_true(world.asks[0] > 0);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = sign_answer(0, 0, bytes);
    world.slept.ns = NS_PER_S;
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    deliver_answer(0, bytes, size);
    assert_int_equal(world.listener.counts.unasked, 1);
    live_until(-50);
    world.asked[0] = '\0';
    world.slept.ns = 2 * NS_PER_S;
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    live_until(-49.9); /* all are asked at once */
    static const char *const all[] = {":1/0", ":2/0", ":3/0", ":30/0"};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(strstr(world.asked, all[i]));
    }
    end_world();
}

/* Of each root its own; a floor is never earlier than the program. */
static void what_an_earlier_run_learned_is_known_by_root_and_key(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor[3] = {add_root("One", 20, 2, "lamp"), add_root("Two", 30, 2, "lamp"),
                                    add_root("Three", 40, 2, "lamp")};
    struct listener_options options = world.listener.options;
    const utc built = forge_utc("2027-02-01T00:00:00Z"), later = forge_utc("2027-03-01T00:00:00Z"),
              before = forge_utc("2027-01-01T00:00:00Z");
    options.floor = built;
    options.memory_count = 2;
    options.memory[0] = (struct listener_memory){anchor[1].root->id, true, 5e-6, 1e-6, later};
    options.memory[1] = (struct listener_memory){anchor[2].root->id, true, 7e-6, 1e-6, before};
    const struct listener_newest newest[] = {
        {anchor[1].root->id, forge_public(20).id, later}, /* of no key of this root */
        {anchor[1].root->id, forge_public(30).id, later},
    };
    struct listener_room room = listener_room_for_all(world.block);
    listener_init(&world.listener, &room, &options, NULL, 0, newest, 2);
    hear_roots_of(anchor, 3);
    struct listener_memory memory[LISTENER_CONSTELLATIONS_MAX];
    assert_int_equal(listener_memories(&world.listener, memory), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(record_id_equal(&memory[i].root, &anchor[i].root->id));
        assert_int_equal(memory[i].floor.ns, i == 1 ? later.ns : built.ns);
        assert_int_equal(memory[i].has_skew, i > 0);
    }
    assert_within(memory[1].skew, 5e-6, 1e-12);
    assert_within(memory[1].skew_doubt, 1e-6, 1e-12);
    assert_within(memory[2].skew, 7e-6, 1e-12);
    struct listener_newest kept[LISTENER_BEACONS_MAX];
    assert_int_equal(listener_newest_stamps(&world.listener, kept), 1);
    assert_true(record_id_equal(&kept[0].root, &anchor[1].root->id));
    struct record_key_id id = forge_public(30).id;
    assert_true(record_key_id_equal(&kept[0].key, &id));
    assert_int_equal(kept[0].time.ns, later.ns);
    end_world();
}

/* By the newest version of its root. */
static void a_beacon_that_its_root_names_no_more_is_not_heard(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        begin_world(-60, true, NULL);
        hear_records();
        hear(0, 0);
        hear(1, 0);
        struct record_key beacon[3];
        struct record next = *world.constellation.record[0];
        next.is.root.has_root = next.is.root.has_prev = true;
        next.is.root.root = next.is.root.prev = world.constellation.record[0]->id;
        next.is.root.version++;
        memcpy(beacon, next.is.root.beacon, sizeof beacon);
        next.is.root.beacon = beacon;
        next.is.root.beacon_count = way == 1 ? 2 : 3; /* without the third */
        if (way == 1) {
            beacon[0] = beacon[2];
        } else if (way == 2) {
            beacon[0].public.id.bytes[0] = 9; /* its key by another id */
        }
        put(&world.constellation, forge(&next), BY(1, 2));
        hear_records();
        assert_int_equal(count_beacons(0), next.is.root.beacon_count);
        hear(0, 0);
        hear(1, 0);
        assert_int_equal(believed()->heard, way == 0 ? 2 : 1); /* and it has no vote */
        assert_int_equal(world.listener.counts.heard, way == 0 ? 4 : 3);
        assert_int_equal(world.listener.counts.unknown_key, way != 0);
        end_world();
    }
}

static void a_root_too_many_has_no_beacons(void **state)
{
    (void)state;
    struct view_anchor anchor[LISTENER_CONSTELLATIONS_MAX + 1];
    begin_world(-60, true, NULL);
    for (unsigned i = 0; i <= LISTENER_CONSTELLATIONS_MAX; i++) {
        char name[8];
        snprintf(name, sizeof name, "No %u", i);
        anchor[i] = add_root(name, 20 + i, 1, "lamp");
    }
    hear_roots_of(anchor, LISTENER_CONSTELLATIONS_MAX + 1);
    for (size_t i = 0; i <= LISTENER_CONSTELLATIONS_MAX; i++) {
        assert_int_equal(count_beacons(i), i < LISTENER_CONSTELLATIONS_MAX);
    }
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_names_are_cut_where_a_character_ends),
        cmocka_unit_test(roots_share_the_places_for_beacons),
        cmocka_unit_test(what_is_heard_of_one_root_leaves_the_other_as_it_was),
        cmocka_unit_test(what_a_view_says_of_other_roots_than_its_own_is_left_out),
        cmocka_unit_test(of_many_starts_each_root_has_its_share),
        cmocka_unit_test(whose_clock_is_meant_is_said_where_there_are_several),
        cmocka_unit_test(the_beacons_of_each_root_are_asked),
        cmocka_unit_test(a_beacon_is_asked_by_the_starts_of_its_own_root),
        cmocka_unit_test(a_standstill_by_one_root_asks_no_other),
        cmocka_unit_test(after_a_suspension_no_root_s_questions_are_answered),
        cmocka_unit_test(what_an_earlier_run_learned_is_known_by_root_and_key),
        cmocka_unit_test(a_beacon_that_its_root_names_no_more_is_not_heard),
        cmocka_unit_test(a_root_too_many_has_no_beacons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
