/* view_scene.h -- what tests of the view begin with: a constellation of three organizers on a day,
 * and the windows that they declare. */
#ifndef VIEW_SCENE_H
#define VIEW_SCENE_H

#include "constellation.h"

static inline int set_up(void **state)
{
    struct constellation *world = test_calloc(1, sizeof *world);
    world->now = forge_instant("2027-01-01T00:00:00Z");
    *state = world;
    return 0;
}

static inline int tear_down(void **state)
{
    struct constellation *world = *state;
    constellation_free(world);
    test_free(world);
    return 0;
}

static inline const struct view_window *window_of(struct constellation *world, unsigned uid)
{
    struct record_uid id = forge_uid(uid);
    const struct view *view = look(world);
    return view_find_window(view, &view->root[0].id, &id);
}

static inline bool has_alert(const struct view *view, enum view_fact_kind kind)
{
    for (size_t i = 0; i < view->alert_count; i++) {
        if (view->alert[i].fact.kind == kind) {
            return true;
        }
    }
    return false;
}

#define assert_fact(fact, expected_kind, expected_count, expected_number)                          \
    do {                                                                                           \
        assert_int_equal((fact).kind, (expected_kind));                                            \
        assert_int_equal((fact).count, (expected_count));                                          \
        assert_int_equal((fact).number, (expected_number));                                        \
    } while (0)

/* Organizers 1 2 3 and threshold 2, unless it says otherwise. */
static inline struct record *make_root_of_three(struct forge_root root)
{
    root.threshold = root.threshold != 0 ? root.threshold : 2;
    if (root.organizer[0] == 0) {
        memcpy(root.organizer, (unsigned[]){1, 2, 3}, 3 * sizeof *root.organizer);
    }
    return forge_make_root(root);
}

/* The root that all have. */
static inline const struct record *found_as(struct constellation *world, struct forge_root root)
{
    world->anchor.root = put(world, make_root_of_three(root), BY(1, 2));
    return world->anchor.root;
}

/* With beacon 9. */
static inline const struct record *found(struct constellation *world)
{
    return found_as(world, (struct forge_root){.beacon = {9}});
}

/* A window of the founded root, number 5 unless it says otherwise. */
static inline const struct record *declare_as(struct constellation *world, struct forge_window of,
                                              const unsigned *by)
{
    of.root = world->anchor.root;
    of.uid = of.uid != 0 ? of.uid : 5;
    return put(world, forge_make_window(of), by);
}

static inline const struct record *declare(struct constellation *world, unsigned uid,
                                           const unsigned *by)
{
    return declare_as(
        world,
        (struct forge_window){.uid = uid,
                              .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z"}},
        by);
}

/* Another first record of window 5, of another start. */
static inline const struct record *quarrel(struct constellation *world, const unsigned *by)
{
    return declare_as(
        world, (struct forge_window){.title = "Other", .at = {"2027 2027-08-02T08:00:00Z"}}, by);
}

/* What amends a window of the founded root, number 5 unless it says otherwise. */
static inline const struct record *amend_as(struct constellation *world, const struct record *of,
                                            struct forge_window next, const unsigned *by)
{
    next.seq = of->is.window.seq + 1;
    next.prev[0] = of;
    return declare_as(world, next, by);
}

static inline const struct record *amend(struct constellation *world, const struct record *of,
                                         const char *title, const unsigned *by)
{
    return amend_as(world, of,
                    (struct forge_window){.title = title, .at = {"2027 2027-08-02T09:25:00Z"}}, by);
}

/* Window 5 as a wave: candles, by the dates, places and duration that are given. */
static inline const struct record *declare_wave(struct constellation *world,
                                                struct record_window wave, const unsigned *by)
{
    struct record_prose title = {.value = forge_text("Candles")};
    wave.root = world->anchor.root->id;
    wave.uid = forge_uid(5);
    wave.made = forge_instant("2026-11-02T00:00:00Z");
    wave.title = &title;
    wave.title_count = 1;
    wave.gesture = forge_text("candles");
    wave.tone = TONE_VIGIL;
    wave.expires = forge_instant("2028-01-01T00:00:00Z");
    return put(world, forge(&(struct record){.type = RECORD_WINDOW, .is.window = wave}), by);
}

#endif
