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
    return view_find_window(look(world), &id);
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

/* Three organizers 1 2 3, threshold 2, beacon 9. */
static inline const struct record *found(struct constellation *world)
{
    world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}}),
        BY(1, 2));
    return world->anchor.root;
}

static inline const struct record *declare(struct constellation *world, unsigned uid,
                                           const unsigned *by)
{
    return put(world,
               forge_make_window((struct forge_window){
                   .root = world->anchor.root,
                   .uid = uid,
                   .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z"}}),
               by);
}

static inline const struct record *amend(struct constellation *world, const struct record *of,
                                         const char *title, const unsigned *by)
{
    return put(world,
               forge_make_window((struct forge_window){.root = world->anchor.root,
                                                       .uid = 5,
                                                       .seq = of->is.window.seq + 1,
                                                       .prev = {of},
                                                       .title = title,
                                                       .at = {"2027 2027-08-02T09:25:00Z"}}),
               by);
}

#endif
