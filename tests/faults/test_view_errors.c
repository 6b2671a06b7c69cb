/* links: ledger records trust stream */
/* wraps: malloc calloc realloc reallocarray arena_take */
/* Every request for memory of the view and of the ledger is refused once, and then from there on:
 * there is no view, or the same as ever; nothing leaks (the asan build looks) and nothing else
 * fails. */
#include "view_scene.h"

#include "ledger/ledger.h"
#include "stream/stream.h"
#include "view/arena.h"

#include "refused_memory.h"

/* The view asks its arena, which asks for large blocks: each of the small requests is refused
 * too. */
void *__real_arena_take(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_take(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_take(struct arena *arena, size_t count, size_t size)
{
    if (is_refused()) {
        arena->has_failed = true;
        return NULL;
    }
    return __real_arena_take(arena, count, size);
}

/* A world with something of everything, large enough for many blocks of memory. */
static void fill(struct constellation *world)
{
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 2, .organizer = {1, 2, 3, 4}, .beacon = {9}, .lock_s = 86400}),
            BY(1, 2));
    for (unsigned i = 1; i <= 30; i++) {
        const struct record *window = declare(world, i, i % 5 == 0 ? BY(1) : BY(1, 2));
        if (i % 3 == 0) {
            put(world, forge_make_cancel(window, "x"), BY(2, 3));
        }
        if (i % 4 == 0) {
            put(world,
                forge_make_window((struct forge_window){.root = world->anchor.root,
                                                        .uid = i,
                                                        .seq = 1,
                                                        .prev = {window},
                                                        .at = {"2027 2027-08-02T09:25:00Z"}}),
                BY(1, 3));
        }
    }
    const struct record *window = declare(world, 40, BY(1, 2));
    amend(world, window, "One", BY(1, 2));
    amend(world, window, "Two", BY(2, 3));
    put(world, forge_make_revoke(world->anchor.root, 4, NULL, 0), BY(1, 2));
    put(world, forge_make_revoke(world->anchor.root, 3, NULL, 0), BY(1)); /* it wants another */
    put(world, forge_make_heartbeat(world->anchor.root, 9, "2027-01-01T00:00:00Z", &window->id, 1),
        BY(9));
    put(world, forge_make_heartbeat(world->anchor.root, 9, "2027-07-31T20:00:00Z", &window->id, 1),
        BY(9));
    put(world,
        forge_make_root((struct forge_root){.prev = world->anchor.root,
                                            .threshold = 2,
                                            .organizer = {1, 2, 3},
                                            .beacon = {9},
                                            .lock_s = 43200}),
        BY(1, 2, 3));
}

static void whole_or_not_there(struct constellation *world)
{
    fill(world);
    uint8_t digest[32];
    memcpy(digest, look(world)->digest, sizeof digest);
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        bool is_built = false;
        for (long at = 1; !is_built; at++) {
            struct view *view = NULL;
            refuse(at, goes_on == 1);
            is_built = view_build(world->entry, world->count, &world->anchor, 1, world->now, &view);
            refuse_none();
            if (is_built) {
                assert_memory_equal(view->digest, digest, sizeof digest);
                assert_true(at > 100);
                print_message("%ld requests for memory refused\n", at - 1);
            }
            view_free(view);
        }
    }
}

static void the_view_is_whole_or_not_there(void **state)
{
    whole_or_not_there(*state);
}

static void within_a_lock_the_view_is_whole_or_not_there(void **state)
{
    struct constellation *world = *state;
    world->now = forge_instant("2027-08-02T00:00:00Z");
    whole_or_not_there(world);
}

/* An anchor given by hand that is not among the records. */
static void a_view_from_elsewhere_is_whole_or_not_there(void **state)
{
    struct constellation *world = *state;
    fill(world);
    struct record *stranger =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {7}});
    struct view_anchor anchor[2] = {{stranger}, world->anchor};
    bool is_built = false;
    for (long at = 1; !is_built; at++) {
        struct view *view = NULL;
        refuse(at, false);
        is_built = view_build(world->entry, world->count, anchor, 2, world->now, &view);
        refuse_none();
        if (is_built) {
            assert_int_equal(view->root_count, 2);
            assert_true(at > 100);
        }
        view_free(view);
    }
    record_free(stranger);
}

static void count_alerts(void *context, const struct view_alert *alert)
{
    (void)alert;
    ++*(size_t *)context;
}

/* What cannot be remembered is told again. */
static void without_memory_an_alert_is_told_twice(void **state)
{
    struct constellation *world = *state;
    struct view_seen seen = {0};
    size_t told = 0;
    fill(world);
    const struct view *view = look(world);
    assert_true(view->alert_count > 0);
    refuse(1, false);
    view_tell_new(&seen, view, NULL, count_alerts, &told);
    refuse_none();
    view_tell_new(&seen, view, NULL, count_alerts, &told);
    assert_int_equal(told, 2 * view->alert_count);
    view_tell_new(&seen, view, NULL, count_alerts, &told);
    assert_int_equal(told, 2 * view->alert_count);
    view_seen_free(&seen);
}

static void a_merge_that_lacks_memory_says_so(void **state)
{
    struct constellation *world = *state;
    static uint8_t bytes[1 << 18];
    size_t size = 0;
    fill(world);
    for (size_t i = 0; i < world->count; i++) {
        const struct record *record = world->record[i];
        struct trust_signature signature =
            forge_sign(record, record->type == RECORD_HEARTBEAT ? 9 : 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t length = trust_signature_write(&signature, text);
        size += stream_write_netstring(record->bytes, record->size, bytes + size);
        size += stream_write_netstring((const uint8_t *)"1", 1, bytes + size);
        size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
    }
    struct ledger_policy policy = {0};
    struct ledger_counts counts = {0};
    enum ledger_result result = LEDGER_NO_MEMORY;
    for (long at = 1; result == LEDGER_NO_MEMORY; at++) {
        /* the same said twice: what is there is counted before what comes */
        struct ledger *again = ledger_new(leap_builtin());
        assert_non_null(again);
        assert_int_equal(ledger_merge(again, bytes, size, &policy, &counts), LEDGER_NEW);
        refuse(at, false);
        result = ledger_merge(again, bytes, size, &policy, &counts);
        refuse_none();
        ledger_free(again);
    }
    assert_int_equal(result, LEDGER_NEW);
    result = LEDGER_NO_MEMORY;
    for (long at = 1; result == LEDGER_NO_MEMORY; at++) {
        refuse(at, false);
        struct ledger *ledger = ledger_new(leap_builtin());
        if (ledger != NULL) {
            result = ledger_merge(ledger, bytes, size, &policy, &counts);
        }
        refuse_none();
        if (result == LEDGER_NEW) {
            assert_int_equal(counts.records_new, world->count);
            assert_int_equal(counts.refused, 0);
            assert_true(at > 100);
            print_message("%ld requests for memory refused\n", at - 1);
        }
        ledger_free(ledger);
    }
    assert_int_equal(result, LEDGER_NEW);
}

/* One by one: what memory was lacking for is not there, and comes in when there is some. */
static void a_record_that_lacks_memory_is_not_there(void **state)
{
    struct constellation *world = *state;
    fill(world);
    struct ledger *ledger = ledger_new(leap_builtin());
    const struct record_public_key key = forge_public(1);
    assert_non_null(ledger);
    size_t refused = 0;
    for (size_t i = 0; i < 2 * world->count; i++) { /* each record, and a signature on it */
        const struct record *record = world->record[i / 2];
        enum ledger_result result = LEDGER_NO_MEMORY;
        for (long at = 1; result == LEDGER_NO_MEMORY; at++) {
            struct ledger_refusal why;
            refuse(at, false);
            result = i % 2 == 0 ? ledger_put_record(ledger, record->bytes, record->size, NULL, &why)
                                : ledger_put_signer(ledger, &record->id, &key);
            refuse_none();
            const struct view_entry *entry = ledger_find(ledger, &record->id);
            assert_int_equal(entry != NULL && entry->signer_count == i % 2, result == LEDGER_NEW);
            refused += result == LEDGER_NO_MEMORY;
        }
        assert_int_equal(result, LEDGER_NEW);
    }
    assert_true(refused > world->count);
    ledger_free(ledger);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_view_is_whole_or_not_there),
        TEST(within_a_lock_the_view_is_whole_or_not_there),
        TEST(a_view_from_elsewhere_is_whole_or_not_there),
        TEST(without_memory_an_alert_is_told_twice),
        TEST(a_merge_that_lacks_memory_says_so),
        TEST(a_record_that_lacks_memory_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
