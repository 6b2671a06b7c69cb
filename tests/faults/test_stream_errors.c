/* links: store ledger records trust stream view */
/* wraps: malloc calloc realloc reallocarray */
/* Every request for memory on the way of a stream, as text or into a ledger and a store, is refused
 * once: that is said, and what was taken is whole. */
#include "store_scene.h"

#include "stream/armour.h"

#include "refused_memory.h"

/* The scene's root and window, as a stream. */
static void write_stream(struct scene *scene, uint8_t **bytes, size_t *size)
{
    const struct view_entry entry[] = {{.record = scene->root}, {.record = scene->window}};
    struct record_public_key by[] = {forge_public(1), forge_public(2)};
    struct view_entry signed_by[2];
    for (int i = 0; i < 2; i++) {
        signed_by[i] = entry[i];
        signed_by[i].signer = by;
        signed_by[i].signer_count = 2;
    }
    fill(scene);
    assert_int_equal(store_write_stream(scene->store, signed_by, 2, bytes, size, &scene->error),
                     STORE_OK);
}

static void a_text_is_whole_or_memory_is_wanting(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes, *again = NULL;
    size_t size, more;
    char *text = NULL;
    write_stream(scene, &bytes, &size);
    long wanting = 0;
    for (long at = 1; text == NULL; at++, wanting++) {
        refuse(at, false);
        text = armour_write(bytes, size);
        refuse_none();
    }
    assert_true(wanting > 1);
    wanting = 0;
    for (long at = 1; again == NULL; at++, wanting++) {
        refuse(at, false);
        enum armour_result result = armour_read(text, strlen(text), &again, &more);
        refuse_none();
        assert_int_equal(result, again == NULL ? ARMOUR_NO_MEMORY : ARMOUR_OK);
    }
    assert_true(wanting > 1);
    assert_int_equal(more, size);
    assert_memory_equal(again, bytes, size);
    free(again);
    free(text);
    free(bytes);
}

static void a_file_of_text_is_read_or_memory_is_wanting(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes, *again;
    size_t size, more;
    char path[520];
    write_stream(scene, &bytes, &size);
    char *text = armour_write(bytes, size);
    assert_non_null(text);
    snprintf(path, sizeof path, "%s/pasted", scene->dir);
    folder_put(path, text, strlen(text));
    enum store_result result = STORE_NO_MEMORY;
    for (long at = 1; result != STORE_OK; at++) {
        refuse(at, false);
        result = store_read_file(path, &again, &more, &scene->error);
        refuse_none();
        assert_true(result == STORE_OK || result == STORE_NO_MEMORY);
    }
    assert_int_equal(more, size);
    free(again);
    free(text);
    free(bytes);
}

static void a_merge_that_lacks_memory_says_so_and_can_be_made_again(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes;
    size_t size, count;
    struct ledger_counts counts;
    struct ledger_policy policy = {.root = &scene->root->id, .root_count = 1};
    write_stream(scene, &bytes, &size);
    enum store_result result = STORE_NO_MEMORY;
    long wanting = 0;
    for (long at = 1; result != STORE_OK; at++, wanting++) {
        struct ledger *ledger = ledger_new(leap_builtin());
        assert_non_null(ledger);
        refuse(at, false);
        result = store_merge(scene->store, ledger, bytes, size, &policy, &counts, &scene->error);
        refuse_none();
        assert_true(result == STORE_OK || result == STORE_NO_MEMORY);
        assert_int_equal(
            store_merge(scene->store, ledger, bytes, size, &policy, &counts, &scene->error),
            STORE_OK);
        (void)ledger_entries(ledger, &count);
        assert_int_equal(count, 2);
        ledger_free(ledger);
    }
    assert_true(wanting > 5);
    free(bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_text_is_whole_or_memory_is_wanting),
        TEST(a_file_of_text_is_read_or_memory_is_wanting),
        TEST(a_merge_that_lacks_memory_says_so_and_can_be_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
