/* world.h -- a small world for tests of the view: records, who signed them, one anchor, a date. */
#ifndef WORLD_H
#define WORLD_H

#include "forge.h"

#include "view/view.h"

/* A little world: records with the numbers of the keys that signed them. */
struct world {
    struct view_entry entry[128];
    struct record_public_key signer[128][8];
    struct record *owned[128];
    size_t count;
    struct view_anchor anchor;
    struct view *view;
    instant now;
};

static inline int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    world->now = forge_instant("2027-01-01T00:00:00Z");
    *state = world;
    return 0;
}

static inline int tear_down(void **state)
{
    struct world *world = *state;
    view_free(world->view);
    for (size_t i = 0; i < world->count; i++) {
        record_free(world->owned[i]);
    }
    test_free(world);
    return 0;
}

/* Puts a record with its signers (ended by 0) into the world, which owns it. */
static inline const struct record *put(struct world *world, struct record *record,
                                       const unsigned *by)
{
    struct view_entry *entry = &world->entry[world->count];
    struct record_public_key *signer = world->signer[world->count];
    world->owned[world->count++] = record;
    *entry = (struct view_entry){.record = record, .signer = signer};
    for (; by[entry->signer_count] != 0; entry->signer_count++) {
        signer[entry->signer_count] = forge_public(by[entry->signer_count]);
    }
    return record;
}

#define BY(...) ((const unsigned[]){__VA_ARGS__, 0})
#define NOBODY  ((const unsigned[]){0})

/* One more signature on a record that is there. */
static inline void sign(struct world *world, const struct record *record, unsigned by)
{
    for (size_t i = 0; i < world->count; i++) {
        if (world->owned[i] == record) {
            world->signer[i][world->entry[i].signer_count++] = forge_public(by);
            return;
        }
    }
    fail();
}

static inline const struct view *look(struct world *world)
{
    view_free(world->view);
    world->view = NULL;
    assert_true(
        view_build(world->entry, world->count, &world->anchor, 1, world->now, &world->view));
    return world->view;
}

static inline const struct view_window *window_of(struct world *world, unsigned uid)
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
static inline const struct record *found(struct world *world)
{
    world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}}),
        BY(1, 2));
    return world->anchor.root;
}

static inline const struct record *declare(struct world *world, unsigned uid, const unsigned *by)
{
    return put(world,
               forge_make_window((struct forge_window){
                   .root = world->anchor.root,
                   .uid = uid,
                   .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z"}}),
               by);
}

static inline const struct record *amend(struct world *world, const struct record *of,
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
