/* lock_scene.h -- what tests of the lock begin with: an hour before a gesture that three organizers
 * declared, and that most of their beacons told of before its lock began. */
#ifndef LOCK_SCENE_H
#define LOCK_SCENE_H

#include "view_scene.h"

/*   Aug 1, 08:25: the lock begins        Aug 2, 07:25: now   08:25: T-0 */
static const char *const before_lock = "2027-08-01T08:24:59Z";
static const char *const lock_begins = "2027-08-01T08:25:00Z";

/* A root with a lock of a day, an hour before the gesture. */
static inline const struct record *found_with_lock(struct constellation *world,
                                                   struct forge_root root)
{
    world->now = forge_instant("2027-08-02T07:25:00Z");
    root.lock_s = root.lock_s != 0 ? root.lock_s : 86400;
    return found_as(world, root);
}

static inline const struct record *found_locked(struct constellation *world)
{
    return found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11}});
}

static inline const struct record *found_with_one_beacon(struct constellation *world)
{
    return found_with_lock(world, (struct forge_root){.beacon = {9}});
}

/* The next root, with the same people and three beacons unless it says otherwise. */
static inline const struct record *follow(struct constellation *world, struct forge_root next,
                                          const unsigned *by)
{
    next.prev = world->anchor.root;
    if (next.beacon[0] == 0) {
        memcpy(next.beacon, (unsigned[]){9, 10, 11}, 3 * sizeof *next.beacon);
    }
    return put(world, make_root_of_three(next), by);
}

/* A beacon's heartbeat that names these. */
static inline void beat(struct constellation *world, unsigned by, const char *made,
                        const struct record *const *named, size_t count)
{
    struct record_id id[8];
    for (size_t i = 0; i < count; i++) {
        id[i] = named[i]->id;
    }
    qsort(id, count, sizeof *id, forge_by_id);
    put(world, forge_make_heartbeat(world->anchor.root, by, made, id, count), BY(by));
}

/* Two of the three beacons name these, early enough for whatever starts on that day. */
static inline void vouch(struct constellation *world, const struct record *const *named,
                         size_t count)
{
    beat(world, 9, "2027-07-31T20:00:00Z", named, count);
    beat(world, 10, "2027-07-31T21:00:00Z", named, count);
}

#define VOUCH(world, ...)                                                                          \
    vouch(world, (const struct record *const[]){__VA_ARGS__},                                      \
          sizeof(const struct record *const[]){__VA_ARGS__} / sizeof(const struct record *))

static inline const struct record *found_and_declare(struct constellation *world)
{
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    VOUCH(world, root, window);
    return window;
}

static inline size_t count_in_force(const struct view_window *window)
{
    size_t count = 0;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        count += window->occurrence[i].state == OCCURRENCE_IN_FORCE &&
                 text_equal(window->occurrence[i].key, forge_text("2027"));
    }
    return count;
}

/* The gesture of this summer is as it was declared, and whoever looks is told. */
static inline void assert_stands(struct constellation *world, enum view_fact_kind told)
{
    const struct view_window *window = window_of(world, 5);
    assert_non_null(window);
    assert_non_null(window->record);
    const struct view_occurrence *next = view_next_occurrence(window, world->now);
    assert_non_null(next);
    assert_text_equal(next->key, "2027");
    assert_int_equal(next->state, OCCURRENCE_IN_FORCE);
    assert_instant_equal(next->start, forge_instant("2027-08-02T08:25:00Z"));
    assert_instant_equal(next->end, forge_instant("2027-08-02T08:26:00Z"));
    assert_int_equal(next->lock, LOCK_ON);
    assert_int_equal(count_in_force(window), 1);
    assert_true(window->has_lock);
    assert_fact(window->lock, FACT_LOCK_ON, 0, 3);
    assert_true(window->status == VIEW_CONFIRMED || window->status == VIEW_CONTESTED);
    assert_true(has_alert(world->view, told));
    assert_false(has_alert(world->view, FACT_LOCK_OFF));
}

#endif
