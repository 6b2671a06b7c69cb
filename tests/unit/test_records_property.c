/* Properties on random records; TOCSIN_SEED repeats a run, TOCSIN_ROUNDS makes it longer. */
#include "check.h"

#include "deep.h"
#include "records/schema.h"
#include "records_random.h"

static struct random_record made;
static struct random_record other;

static int rounds(int usual)
{
    const char *wanted = getenv("TOCSIN_ROUNDS");
    return wanted != NULL ? atoi(wanted) : is_deep() ? usual : usual / 5;
}

static struct record *read_back(const char *text, size_t size)
{
    struct record *record;
    struct record_error error;
    if (!record_read((const uint8_t *)text, size, leap_builtin(), &record, &error)) {
        print_error("%.*s\n%d:%d: %s\n", (int)size, text, error.line, error.column, error.message);
        fail();
    }
    return record;
}

static size_t write_text(const struct record *record, char text[static RECORD_SIZE_MAX])
{
    size_t size = 0;
    struct record_error error;
    if (!record_write(record, leap_builtin(), text, &size, &error)) {
        print_error("%.*s\n%d:%d: %s\n", (int)size, text, error.line, error.column, error.message);
        fail();
    }
    return size;
}

static bool has_line(const char *text, size_t size, const char *key)
{
    char plain[40], tagged[40];
    snprintf(plain, sizeof plain, "\n%s: ", key);
    snprintf(tagged, sizeof tagged, "\n%s.", key);
    return memmem(text, size, plain, strlen(plain)) != NULL ||
           memmem(text, size, tagged, strlen(tagged)) != NULL;
}

static void every_line_that_is_written_reads_back_and_writes_the_same(void **state)
{
    (void)state;
    struct seed seed = seed_take("records written and read");
    bool is_tried[RECORD_TYPES][SCHEMA_FIELDS_MAX] = {{false}};
    int waves[4] = {0};
    for (int i = 0; i < rounds(20000); i++) {
        random_record(&made, &seed);
        waves[made.record.type == RECORD_WINDOW ? made.record.is.window.wave : 0]++;
        static char text[RECORD_SIZE_MAX], again[RECORD_SIZE_MAX];
        size_t size = write_text(&made.record, text); /* itself compares every value */
        struct record *record = read_back(text, size);
        struct record_id id;
        record_id_of((const uint8_t *)text, size, &id);
        assert_true(record_id_equal(&id, &record->id));
        assert_int_equal(write_text(record, again), size);
        assert_memory_equal(text, again, size);
        record_free(record);
        const struct schema *schema = schema_of(made.record.type);
        for (int k = 0; k < schema->count; k++) {
            bool *is_one = &is_tried[made.record.type][k];
            *is_one = *is_one || has_line(text, size, schema->field[k].key);
        }
    }
    for (int type = 0; type < RECORD_TYPES; type++) {
        const struct schema *schema = schema_of((enum record_type)type);
        for (int k = 0; k < schema->count; k++) {
            if (!is_tried[type][k]) {
                fail_msg("no %s with a %s line was made", schema->word, schema->field[k].key);
            }
        }
    }
    for (int i = 0; i < 4; i++) {
        assert_true(waves[i] > 0);
    }
}

/* Reads bytes of their own size, so that sanitizers see a step over the edge.  NULL when
 * refused. */
static struct record *read_exact(const char *text, size_t size)
{
    struct record *record = NULL;
    struct record_error error = {0};
    uint8_t *exact = malloc(size + 1);
    memcpy(exact, text, size);
    bool is_read = record_read(exact, size, leap_builtin(), &record, &error);
    assert_int_equal(is_read, record != NULL);
    assert_true(is_read || error.message[0] != '\0');
    free(exact);
    return record;
}

static void every_flipped_bit_is_refused_or_another_record(void **state)
{
    (void)state;
    struct seed seed = seed_take("records with one bit flipped");
    size_t refused = 0, others = 0;
    for (int i = 0; i < rounds(40); i++) {
        static char text[RECORD_SIZE_MAX], again[RECORD_SIZE_MAX];
        random_record(&made, &seed);
        size_t size = write_text(&made.record, text);
        struct record *record = read_back(text, size);
        for (size_t bit = 0; bit < size * 8; bit++) {
            text[bit / 8] ^= (char)(1 << bit % 8);
            struct record *changed = read_exact(text, size);
            if (changed != NULL) {
                assert_false(record_id_equal(&changed->id, &record->id));
                assert_int_equal(write_text(changed, again), size);
                assert_memory_equal(again, text, size);
                others++;
            } else {
                refused++;
            }
            record_free(changed);
            text[bit / 8] ^= (char)(1 << bit % 8);
        }
        record_free(record);
    }
    printf("%zu refused, %zu other records\n", refused, others);
    assert_true(refused > others);
}

static void every_truncation_is_refused_or_another_record(void **state)
{
    (void)state;
    struct seed seed = seed_take("records cut short");
    for (int i = 0; i < rounds(200); i++) {
        static char text[RECORD_SIZE_MAX];
        random_record(&made, &seed);
        made.record.extra_count = 0; /* a record less its last x- line is another good record */
        size_t size = write_text(&made.record, text);
        struct record *record = read_back(text, size);
        for (size_t len = 0; len < size; len++) {
            struct record *cut = read_exact(text, len);
            if (cut != NULL) { /* as is one less its last keep or holds line */
                assert_true(cut->type == RECORD_REVOKE || cut->type == RECORD_HEARTBEAT);
                assert_false(record_id_equal(&cut->id, &record->id));
            }
            record_free(cut);
        }
        record_free(record);
    }
}

/* Lines swapped, doubled, dropped, bytes changed: read only what would be written just so. */
static void mutated_records_are_refused_or_canonical(void **state)
{
    (void)state;
    struct seed seed = seed_take("records mutated");
    size_t taken = 0;
    for (int i = 0; i < rounds(30000); i++) {
        static char text[2 * RECORD_SIZE_MAX], again[RECORD_SIZE_MAX], from[RECORD_SIZE_MAX];
        random_record(&made, &seed);
        random_record(&other, &seed);
        size_t size = write_text(&made.record, text), from_size = write_text(&other.record, from);
        for (uint32_t n = 1 + seed_below(&seed, 3); n > 0 && size > 0; n--) {
            size_t at = seed_below(&seed, (uint32_t)size);
            size_t len = 1 + seed_below(&seed, 40), to = seed_below(&seed, (uint32_t)from_size);
            len = len < size - at ? len : size - at;
            len = len < from_size - to ? len : from_size - to;
            switch (seed_below(&seed, 4)) {
            case 0:
                text[at] = (char)seed_next(&seed);
                break;
            case 1: /* drop */
                memmove(text + at, text + at + len, size - at - len);
                size -= len;
                break;
            case 2: /* overwrite with a piece of another */
                memcpy(text + at, from + to, len);
                break;
            default: /* insert one */
                if (size + len < RECORD_SIZE_MAX) {
                    memmove(text + at + len, text + at, size - at);
                    memcpy(text + at, from + to, len);
                    size += len;
                }
                break;
            }
        }
        struct record *record = read_exact(text, size);
        if (record != NULL) {
            taken++;
            assert_int_equal(write_text(record, again), size);
            assert_memory_equal(again, text, size);
            record_free(record);
        }
    }
    printf("%zu read\n", taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_that_is_written_reads_back_and_writes_the_same),
        cmocka_unit_test(every_flipped_bit_is_refused_or_another_record),
        cmocka_unit_test(every_truncation_is_refused_or_another_record),
        cmocka_unit_test(mutated_records_are_refused_or_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
