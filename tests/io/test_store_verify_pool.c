/* links: ledger records trust view stream */
/* Verdicts worked out beforehand are the ones that trust_verify gives, and no peer can order more
 * of them than the merge would have made. */
#include "store_scene.h"

#include "store/verify_pool.h"

enum { WINDOWS = 2 * VERIFY_POOL_MIN };

struct paper {
    uint8_t bytes[1 << 20];
    size_t size;
    struct record *window[WINDOWS];
};

static struct paper *begin(const struct scene *scene, bool has_root)
{
    struct paper *paper = test_calloc(1, sizeof *paper);
    for (unsigned i = 0; i < WINDOWS; i++) {
        paper->window[i] = forge_make_window((struct forge_window){
            .root = scene->root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
    }
    if (has_root) {
        paper->size = stream_write_netstring(scene->root->bytes, scene->root->size, paper->bytes);
        paper->size += stream_write_netstring((const uint8_t *)"0", 1, paper->bytes + paper->size);
    }
    return paper;
}

static void put(struct paper *paper, const struct record *record,
                const struct trust_signature *signature)
{
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t length = trust_signature_write(signature, text);
    paper->size += stream_write_netstring(record->bytes, record->size, paper->bytes + paper->size);
    paper->size += stream_write_netstring((const uint8_t *)"2", 1, paper->bytes + paper->size);
    paper->size +=
        stream_write_netstring((const uint8_t *)text, length, paper->bytes + paper->size);
    paper->size += stream_write_netstring((const uint8_t *)"junk", 4, paper->bytes + paper->size);
}

static void end(struct paper *paper)
{
    for (unsigned i = 0; i < WINDOWS; i++) {
        record_free(paper->window[i]);
    }
    test_free(paper);
}

static struct ledger *ledger_with(const struct record *root)
{
    struct ledger_refusal why;
    struct ledger *ledger = ledger_new(leap_builtin());
    assert_non_null(ledger);
    if (root != NULL) {
        assert_int_equal(ledger_put_record(ledger, root->bytes, root->size, NULL, &why),
                         LEDGER_NEW);
    }
    return ledger;
}

/* Good ones, and each way of being wrong: the record, the signature, the comment, the key. */
static void what_is_foreseen_is_what_is_so(void **state)
{
    struct scene *scene = *state;
    struct paper *paper = begin(scene, true);
    struct ledger *ledger = ledger_with(NULL);
    static struct trust_signature signature[WINDOWS];
    struct record_public_key one = forge_public(1), two = forge_public(2);
    for (unsigned i = 0; i < WINDOWS; i++) {
        signature[i] = forge_sign(paper->window[i % 5 == 1 ? (i + 1) % WINDOWS : i], 1);
        signature[i].signature[40] ^= i % 5 == 2;
        signature[i].comment[0] ^= i % 5 == 3;
        put(paper, paper->window[i], &signature[i]);
    }
    put(paper, paper->window[0], &signature[0]); /* the same again has the same verdict */
    struct verify_pool *pool =
        verify_pool_begin(ledger, paper->bytes, paper->size, true, leap_builtin());
    assert_non_null(pool);
    assert_int_equal(verify_pool_count(pool), WINDOWS + 1);
    size_t good = 0;
    for (unsigned i = 0; i < WINDOWS; i++) {
        for (unsigned k = 0; k < 2; k++) { /* also what nobody asked before */
            const struct record *record = paper->window[(i + k) % WINDOWS];
            enum trust_result is = trust_verify(&signature[i], &one, record->bytes, record->size);
            assert_int_equal(
                verify_pool_verify(pool, &signature[i], &one, record->bytes, record->size), is);
            good += k == 0 && is == TRUST_OK;
        }
        assert_int_equal(verify_pool_verify(pool, &signature[i], &two, paper->window[i]->bytes,
                                            paper->window[i]->size),
                         TRUST_WRONG_KEY);
    }
    assert_int_equal(good, (WINDOWS + 4) / 5 + WINDOWS / 5); /* every fifth, and another fifth */
    verify_pool_free(pool);
    ledger_free(ledger);
    end(paper);
}

/* A merge comes to the same with it and without. */
static void a_merge_comes_to_the_same(void **state)
{
    struct scene *scene = *state;
    struct paper *paper = begin(scene, true);
    for (unsigned i = 0; i < WINDOWS; i++) {
        struct trust_signature signature = forge_sign(paper->window[i], 1 + i % 4);
        signature.global[3] ^= i % 7 == 0;
        put(paper, paper->window[i], &signature); /* the fourth is a stranger */
    }
    struct ledger_counts counts[2];
    for (int way = 0; way < 2; way++) {
        struct ledger *ledger = ledger_with(scene->root);
        struct verify_pool *pool =
            verify_pool_begin(ledger, paper->bytes, paper->size, false, leap_builtin());
        assert_non_null(pool);
        struct ledger_policy policy = {.root = &scene->root->id, .root_count = 1};
        ledger_verify_with(ledger, way == 1 ? verify_pool_verify : NULL, pool);
        assert_int_equal(ledger_merge(ledger, paper->bytes, paper->size, &policy, &counts[way]),
                         LEDGER_NEW);
        verify_pool_free(pool);
        ledger_free(ledger);
    }
    assert_memory_equal(&counts[0], &counts[1], sizeof counts[0]);
    assert_true(counts[0].records_new > WINDOWS / 2 && counts[0].refused > WINDOWS / 4);
    end(paper);
}

static void nothing_is_foreseen_that_would_not_be_asked(void **state)
{
    struct scene *scene = *state;
    struct paper *paper = begin(scene, true);
    for (unsigned i = 0; i < WINDOWS; i++) {
        struct trust_signature signature = forge_sign(paper->window[i], i < WINDOWS / 2 ? 1 : 7);
        put(paper, paper->window[i], &signature);
    }
    /* a peer brings a root of his own and its windows: its keys are not ours */
    struct ledger *ledger = ledger_with(NULL);
    assert_null(verify_pool_begin(ledger, paper->bytes, paper->size, false, leap_builtin()));
    ledger_free(ledger);
    /* by hand half of them could count, by a root that is here as well; a stranger's never */
    ledger = ledger_with(scene->root);
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        struct verify_pool *pool =
            verify_pool_begin(ledger, paper->bytes, paper->size, by_hand == 1, leap_builtin());
        assert_non_null(pool);
        assert_int_equal(verify_pool_count(pool), WINDOWS / 2);
        verify_pool_free(pool);
    }
    /* what is known is not verified again */
    struct ledger_counts counts;
    struct ledger_policy policy = {.is_by_hand = true};
    assert_int_equal(ledger_merge(ledger, paper->bytes, paper->size, &policy, &counts), LEDGER_NEW);
    assert_int_equal(counts.records_new, WINDOWS / 2);
    assert_null(verify_pool_begin(ledger, paper->bytes, paper->size, true, leap_builtin()));
    ledger_free(ledger);
    end(paper);
}

static void few_signatures_are_left_to_the_merge(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_with(scene->root);
    struct paper *paper = begin(scene, false);
    for (unsigned i = 0; i < VERIFY_POOL_MIN; i++) {
        assert_null(verify_pool_begin(ledger, paper->bytes, paper->size, true, leap_builtin()));
        struct trust_signature signature = forge_sign(paper->window[i], 1);
        put(paper, paper->window[i], &signature);
    }
    struct verify_pool *pool =
        verify_pool_begin(ledger, paper->bytes, paper->size, true, leap_builtin());
    assert_non_null(pool);
    verify_pool_free(pool);
    ledger_free(ledger);
    end(paper);
}

/* More than are verified at a time; the one that is another record's is put aside, by its name. */
static void a_large_store_is_read_in_parts(void **state)
{
    enum { MANY = 600 }; /* with two signatures each one part and a rest */
    struct scene *scene = *state;
    static uint8_t bytes[MANY * 2000];
    size_t size = stream_write_netstring(scene->root->bytes, scene->root->size, bytes);
    size += stream_write_netstring((const uint8_t *)"0", 1, bytes + size);
    char spoilt[900];
    for (unsigned i = 0; i < MANY; i++) {
        struct record *window = forge_make_window((struct forge_window){
            .root = scene->root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
        size += stream_write_netstring(window->bytes, window->size, bytes + size);
        size += stream_write_netstring((const uint8_t *)"2", 1, bytes + size);
        for (unsigned by = 1; by <= 2; by++) {
            struct trust_signature signature = forge_sign(window, by);
            char text[TRUST_SIGNATURE_TEXT_MAX];
            size_t length = trust_signature_write(&signature, text);
            size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
        }
        if (i == MANY / 2) {
            path_of(scene, "sigs", window, ".c000000000000001.minisig", spoilt);
        }
        record_free(window);
    }
    assert_int_equal(add(scene, scene->root), STORE_OK);
    struct ledger_counts synced;
    assert_int_equal(add_stream(scene->store, bytes, size, &scene->anybody, &synced, &scene->error),
                     STORE_OK);
    assert_int_equal(synced.records_new, MANY);
    put_signature(scene->root, 1, spoilt);
    struct store_check_counts counts;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
        assert_int_equal(counts.records, MANY + 1);
        assert_int_equal(counts.signatures, 2 * MANY - 1);
        assert_int_equal(counts.quarantined, again == 0);
        assert_int_equal(counts.arriving + counts.unverified, 0);
    }
    assert_non_null(strstr(scene->path, strrchr(spoilt, '/') + 1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_foreseen_is_what_is_so),
        TEST(a_merge_comes_to_the_same),
        TEST(nothing_is_foreseen_that_would_not_be_asked),
        TEST(few_signatures_are_left_to_the_merge),
        TEST(a_large_store_is_read_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
