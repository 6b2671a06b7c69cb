/* store_scene.h -- a store of its own for each test, with a root (2 of 3) and a window to put into
 * it, and the last note that was told. */
#ifndef STORE_SCENE_H
#define STORE_SCENE_H

#include "add_stream.h"
#include "folder.h"
#include "forge.h"

#include "store/store.h"
#include "stream/stream.h"

struct scene {
    char dir[500];
    struct store *store;
    struct store_error error;
    struct record *root, *window;
    size_t notes;
    struct store_note last;
    char path[400];                    /* of the last */
    struct store_source anybody, ours; /* the scene hears of it */
};

static inline void note(void *context, const struct store_note *told)
{
    struct scene *scene = context;
    scene->notes++;
    scene->last = *told;
    scene->last.path = NULL; /* borrowed for the call */
    snprintf(scene->path, sizeof scene->path, "%s", told->path != NULL ? told->path : "");
}

static inline int set_up(void **state)
{
    struct scene *scene = test_calloc(1, sizeof *scene);
    snprintf(scene->dir, sizeof scene->dir, "%s/store", folder_new());
    if (store_open(scene->dir, true, leap_builtin(), &scene->store, &scene->error) != STORE_OK) {
        return -1;
    }
    scene->root =
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}});
    scene->window = forge_make_window(
        (struct forge_window){.root = scene->root, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}});
    scene->anybody = (struct store_source){.note = note, .context = scene};
    scene->ours = (struct store_source){
        .root = &scene->root->id, .root_count = 1, .note = note, .context = scene};
    *state = scene;
    return 0;
}

static inline int tear_down(void **state)
{
    struct scene *scene = *state;
    store_close(scene->store);
    record_free(scene->root);
    record_free(scene->window);
    *strrchr(scene->dir, '/') = '\0';
    folder_remove(scene->dir);
    test_free(scene);
    return 0;
}

static inline enum store_result add(struct scene *scene, const struct record *record)
{
    return store_add_record(scene->store, record->bytes, record->size, NULL, &scene->error);
}

static inline enum store_result add_signature(struct scene *scene, const struct record *record,
                                              unsigned by)
{
    struct trust_signature signature = forge_sign(record, by);
    struct forge_key key = forge_key(by);
    struct record_public_key public = key.public;
    trust_secret_free(key.secret);
    return store_add_signature(scene->store, &record->id, &signature, &public, &scene->error);
}

/* Root and window with two signatures each. */
static inline void fill(struct scene *scene)
{
    const struct record *record[] = {scene->root, scene->window};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(add(scene, record[i]), STORE_OK);
        assert_int_equal(add_signature(scene, record[i], 1), STORE_OK);
        assert_int_equal(add_signature(scene, record[i], 2), STORE_OK);
    }
}

/* A version 2 of the scene's root with these two organizers. */
static inline struct record *forge_second(struct scene *scene, const struct record_key organizer[2])
{
    struct record value = *scene->root;
    value.is.root.has_root = value.is.root.has_prev = true;
    value.is.root.root = value.is.root.prev = scene->root->id;
    value.is.root.version = 2;
    value.is.root.organizer = organizer;
    value.is.root.organizer_count = 2;
    return forge(&value);
}

static inline enum view_status status_in(struct scene *scene, struct store *store)
{
    struct store_set set;
    assert_int_equal(store_load(store, note, scene, &set, &scene->error), STORE_OK);
    struct view_anchor anchor = {scene->root};
    struct view *view;
    assert_true(view_build(set.entry, set.entry_count, &anchor, 1,
                           forge_instant("2027-01-01T00:00:00Z"), &view));
    const struct view_window *window = view_window_of(view, scene->window);
    enum view_status status = window != NULL ? window->status : VIEW_EXPIRED;
    view_free(view);
    store_set_free(&set);
    return status;
}

static inline size_t entries_in(struct scene *scene, struct store *store)
{
    struct store_set set;
    assert_int_equal(store_load(store, note, scene, &set, &scene->error), STORE_OK);
    size_t count = set.entry_count;
    store_set_free(&set);
    return count;
}

/* "DIR/PART/ab/ID" and what follows. */
static inline void path_of(const struct scene *scene, const char *part, const struct record *record,
                           const char *rest, char out[static 900])
{
    char digits[RECORD_ID_TEXT_SIZE];
    record_id_write(&record->id, digits);
    snprintf(out, 900, "%s/%s/%.2s/%s%s", scene->dir, part, digits, digits, rest);
}

static inline size_t put_signature(const struct record *record, unsigned by, const char *path)
{
    char text[TRUST_SIGNATURE_TEXT_MAX];
    struct trust_signature signature = forge_sign(record, by);
    size_t size = trust_signature_write(&signature, text);
    folder_put(path, text, size);
    return size;
}

#endif
