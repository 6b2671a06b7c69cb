/* links: ticks view trust records */
/* Where a listener keeps what there may be many of, and how it moves from there. */
#include "listener_world.h"

struct part {
    const void *at;
    size_t size;
};

static void no_list_of_a_room_overlaps_another(void **state)
{
    (void)state;
    static _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE];
    for (size_t n = 1; n < 6; n++) {
        memset(block, 0xEE, sizeof block);
        size_t size = listener_room_size(n, n + 1, n + 2), sum = 0;
        struct listener_room room = listener_room_in(block, n, n + 1, n + 2);
        assert_int_equal(room.occurrences, n);
        assert_int_equal(room.beacons, n + 1);
        assert_int_equal(room.marks, n + 2);
        const struct part parts[] = {
            {room.occurrence, n * sizeof *room.occurrence},
            {room.set, 2 * n * sizeof *room.set},
            {room.asked, n * sizeof *room.asked},
            {room.asked_id, n * sizeof *room.asked_id},
            {room.shot, n * sizeof *room.shot},
            {room.beacon, (n + 1) * sizeof *room.beacon},
            {room.source, (n + 1) * sizeof *room.source},
            {room.proof, (n + 1) * sizeof *room.proof},
            {room.mark, (n + 2) * sizeof *room.mark},
        };
        const uint8_t *end = block;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            const uint8_t *at = parts[i].at;
            assert_true(at >= end && at < end + _Alignof(max_align_t));
            assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
            end = at + parts[i].size;
            sum += parts[i].size;
        }
        assert_in_range(size, (size_t)(end - block), (size_t)(end - block) + 15);
        assert_in_range(size, sum, sum + 9 * 15);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(block[i], 0);
        }
        assert_int_equal(block[size], 0xEE);
    }
    struct listener_room room = listener_room_for_all(block);
    const uint8_t *end = (const uint8_t *)(room.gathered + LISTENER_OCCURRENCES_MAX);
    assert_ptr_equal(room.gathered,
                     block + listener_room_size(room.occurrences, room.beacons, room.marks));
    assert_true(end <= block + LISTENER_ROOM_SIZE);
}

static void who_moves_forgets_nothing(void **state)
{
    (void)state;
    for (size_t larger = 0; larger < 2; larger++) {
        static _Alignas(max_align_t) uint8_t first[LISTENER_ROOM_SIZE], next[LISTENER_ROOM_SIZE];
        static struct listener_occurrence gathered[2];
        begin_world(-60, true, NULL);
        declare("2027-08-02T08:25:00Z", 0, "", "1m");
        begin_in_room(first, 1, 3, 2, &(struct listener_mark){.kind = MARK_FIRED});
        uint8_t tick[2][TICK_SIZE_MAX];
        size_t size[2];
        for (size_t i = 0; i < 4; i++) { /* one more than there is room for: the first gives way */
            sign_a_lie(i == 0 ? 0 : 2, false, tick, size);
            find_proof(tick, size);
        }
        hear_records();
        hear(0, 0);
        live_until(-0.001);
        uint64_t shot = world.update.shot[0].id;
        assert_int_equal(believed()->heard, 1);
        struct listener_room wide = listener_room_in(next, 1 + larger, 3 + larger, 2 + larger);
        wide.gathered = gathered;
        listener_move(&world.listener, &wide);
        memset(first, 0xEE, sizeof first);
        step((struct listener_event){.kind = LISTENER_CLOCKS});
        assert_int_equal(believed()->heard, 1);
        assert_int_equal(world.update.shot_count, 1);
        assert_int_equal(world.listener.mark_count, 1);
        assert_int_equal(world.listener.mark[0].kind, MARK_FIRED);
        assert_true(world.listener.beacon[2].is_liar);
        assert_false(world.listener.beacon[0].is_liar);
        /* its shot is known though it is withdrawn, and the proof though its beacon is */
        hear_of_no_root();
        step((struct listener_event){.kind = LISTENER_FIRED, .id = shot});
        assert_int_equal(world.listener.mark_count, 2);
        world.timeline[0] = '\0';
        hear_records();
        assert_non_null(strstr(world.timeline, "beacon 0000000000000003 lamp is ignored"));
        assert_null(strstr(world.timeline, "beacon 0000000000000001 lamp is ignored"));
        end_world();
    }
}

/* Two were withdrawn as they were released, and then there came more. */
static void who_moves_knows_the_shots_that_were_withdrawn(void **state)
{
    (void)state;
    static _Alignas(max_align_t) uint8_t first[LISTENER_ROOM_SIZE], next[LISTENER_ROOM_SIZE];
    static struct listener_occurrence gathered[2];
    static const char *const starts[] = {"2027-08-02T08:25:00Z", "2027-08-02T08:25:30Z"};
    uint64_t shot[2];
    begin_world(-60, true, NULL);
    begin_in_room(first, 1, 3, 8, NULL);
    for (size_t i = 0; i < 2; i++) {
        declare(starts[i], 0, "", "1m");
        if (i == 1) {
            world.window[strlen("tocsin window 1\nroot: ") + strlen(world.constellation.root_id) +
                         strlen("\nuid: ")] = 'f';
            record_free(world.constellation.record[--world.constellation.count]);
            constellation_add(&world.constellation, world.window, 2);
        }
        hear_records();
        assert_int_equal(world.update.shot_count, 1);
        shot[i] = world.update.shot[0].id;
        world.constellation.entry[1 + i].signer_count = 1;
        hear_records();
    }
    assert_true(shot[0] != shot[1]);
    struct listener_room wide = listener_room_in(next, 2, 3, 8);
    wide.gathered = gathered;
    listener_move(&world.listener, &wide);
    memset(first, 0xEE, sizeof first);
    for (size_t i = 0; i < 2; i++) {
        step((struct listener_event){.kind = LISTENER_FIRED, .id = shot[i]});
        assert_int_equal(world.listener.mark_count, i + 1);
    }
    end_world();
}

/* A ring that was full has free places then. */
static void who_moves_with_all_places_taken_loses_no_proof_to_the_next(void **state)
{
    (void)state;
    static _Alignas(max_align_t) uint8_t first[LISTENER_ROOM_SIZE], next[LISTENER_ROOM_SIZE];
    static struct listener_occurrence gathered[1];
    begin_world(-60, true, NULL);
    begin_in_room(first, 1, 3, 2, NULL);
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    static const size_t by[] = {3, 1, 2, 0}; /* of whom the first gives way */
    for (size_t i = 0; i < 4; i++) {
        sign_a_lie(by[i], false, tick, size);
        find_proof(tick, size);
    }
    struct listener_room wide = listener_room_in(next, 1, 4, 2);
    wide.gathered = gathered;
    listener_move(&world.listener, &wide);
    sign_a_lie(3, false, tick, size);
    find_proof(tick, size);
    hear_records();
    for (size_t i = 0; i < 3; i++) {
        assert_true(world.listener.beacon[i].is_liar);
    }
    end_world();
}

static void a_room_for_nothing_holds_nothing(void **state)
{
    (void)state;
    static _Alignas(max_align_t) uint8_t block[16];
    begin_world(-30, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    struct listener_mark mark = {.kind = MARK_FIRED};
    begin_in_room(block, 0, 0, 0, &mark);
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    sign_a_lie(0, false, tick, size);
    find_proof(tick, size);
    listener_forgo(&world.listener, &mark);
    hear_records();
    hear(0, 0);
    step((struct listener_event){.kind = LISTENER_FIRED, .id = 1});
    live_until(5);
    assert_int_equal(world.listener.proof_count, 0);
    assert_int_equal(world.listener.mark_count, 0);
    assert_int_equal(world.listener.occurrence_count, 0);
    assert_int_equal(world.listener.counts.unknown_key, 1);
    assert_int_equal(world.released_count, 0);
    assert_non_null(
        strstr(world.timeline, "The minute is near, and there is no room beside the 0"));
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_list_of_a_room_overlaps_another),
        cmocka_unit_test(who_moves_forgets_nothing),
        cmocka_unit_test(who_moves_knows_the_shots_that_were_withdrawn),
        cmocka_unit_test(who_moves_with_all_places_taken_loses_no_proof_to_the_next),
        cmocka_unit_test(a_room_for_nothing_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
