/* Views that differ in anything that they mean have different digests; words about it have none. */
#include "forge.h"

#include "view/internal.h"

enum { SEEN_MAX = 4000 };

static struct {
    uint8_t seen[SEEN_MAX][32];
    size_t count;
} digests;

static struct record record = {.id = {{1}}}, other = {.id = {{2}}};
static struct record_id effective[] = {{{3}}, {{4}}};
static struct view_pending pending[] = {{&record, 1}, {&other, 2}};
static struct view_occurrence occurrence[] = {
    {.key = {"ab", 2}, .place = {"c", 1}, .has_start = true, .record = &record},
    {.key = {"ab", 2}, .date = {2027, 8, 2}, .record = &record},
};
static const struct record *beating[] = {&other, &record};
static struct view_root root[] = {
    {.newest = &record, .pending = pending, .pending_count = 2, .effective = effective},
    {.id = {{5}}, .newest = &record, .heartbeat = &other, .beating = beating, .beating_count = 2},
};
static struct view_window window[] = {
    {.record = &record, .occurrence = occurrence, .occurrence_count = 2, .pending = pending},
    {.uid = {{6}}, .cancel = &other, .pending = pending, .pending_count = 1},
};
static const struct view view = {
    .root = root, .root_count = 2, .window = window, .window_count = 2};

/* The digest of the view as it is now is none that was seen before. */
static void is_new(void)
{
    uint8_t *out = digests.seen[digests.count];
    digest_build(&view, out);
    for (size_t i = 0; i < digests.count; i++) {
        assert_memory_not_equal(digests.seen[i], out, 32);
    }
    assert_true(++digests.count < SEEN_MAX);
}

static void each_bit_of(void *at, size_t size)
{
    uint8_t *byte = at;
    for (size_t i = 0; i < 8 * size; i++) {
        byte[i / 8] ^= (uint8_t)(1U << i % 8);
        is_new();
        byte[i / 8] ^= (uint8_t)(1U << i % 8);
    }
}

#define EACH_BIT(of) each_bit_of(&(of), sizeof(of))
#define WITH(of, value)                                                                            \
    do {                                                                                           \
        __typeof__(of) was = (of);                                                                 \
        (of) = (value);                                                                            \
        is_new();                                                                                  \
        (of) = was;                                                                                \
    } while (0)

static void whatever_a_view_means_is_in_its_digest(void **state)
{
    (void)state;
    is_new();
    for (size_t i = 0; i < 2; i++) {
        EACH_BIT(root[i].id);
        WITH(root[i].newest, NULL);
        WITH(root[i].is_tentative, true);
        WITH(root[i].is_frozen, true);
        EACH_BIT(root[i].effective_digest);
        WITH(root[i].heartbeat, &record);
        EACH_BIT(window[i].root);
        EACH_BIT(window[i].uid);
        WITH(window[i].record, i == 0 ? NULL : &record);
        WITH(window[i].cancel, &record);
        WITH(window[i].status, VIEW_EXPIRED);
        WITH(window[i].signature_count, 9);
        WITH(window[i].threshold, 9);
        WITH(window[i].pending_count, 2);
        WITH(pending[i].record, NULL);
        EACH_BIT(pending[i].signature_count);
        WITH(occurrence[i].key, ((struct text){"a", 1}));
        WITH(occurrence[i].key, ((struct text){"ax", 2}));
        WITH(occurrence[i].record, &other);
        WITH(occurrence[i].lock, LOCK_ON);
        WITH(occurrence[i].state, OCCURRENCE_OFF);
        WITH(occurrence[i].is_off, true);
        WITH(occurrence[i].alerted, true);
        WITH(occurrence[i].has_start, i != 0);
    }
    WITH(root[0].pending_count, 1);
    WITH(root[0].heartbeat, &other);
    WITH(root[1].beating_count, 1);
    WITH(beating[0], &record);
    WITH(window[0].occurrence_count, 1);
    EACH_BIT(record.id);
    EACH_BIT(other.id);
    EACH_BIT(occurrence[0].start);
    EACH_BIT(occurrence[0].end);
    WITH(occurrence[1].date.year, 2028);
    WITH(occurrence[1].date.month, 9);
    WITH(occurrence[1].date.day, 3);
    occurrence[0].key = (struct text){"a", 1}; /* where one text ends and the next begins */
    WITH(occurrence[0].place, ((struct text){"bc", 2}));
    occurrence[0].key = (struct text){"ab", 2};
    uint8_t last = 0;
    for (size_t i = 0; i < digests.count; i++) {
        last |= digests.seen[i][31];
    }
    assert_int_equal(last, 0xFF); /* it has all its bytes */
}

static void what_is_said_about_it_is_not(void **state)
{
    (void)state;
    uint8_t before[32], after[32];
    digest_build(&view, before);
    root[0].why.kind = FACT_ROOT_FORKED;
    window[0].why.kind = FACT_NO_WINDOW;
    occurrence[0].date.day = 9; /* of a start, the instant alone */
    digest_build(&view, after);
    assert_memory_equal(after, before, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_view_means_is_in_its_digest),
        cmocka_unit_test(what_is_said_about_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
