/* The policy of anchors, as a table and then in what follows from it. */
/* links: records trust stream view ledger */
#include "forge.h"

#include "anchors/anchors.h"
#include "records/proquint.h"
#include "seed.h"
#include "stream/stream.h"

struct file {
    uint8_t bytes[65536];
    size_t size;
};

static void put(struct file *file, const void *bytes, size_t size)
{
    file->size += stream_write_netstring(bytes, size, file->bytes + file->size);
}

/* The records of all tests, by a name each, and as they stand in a bundle, signed. */
enum { RECORDS = 10 };
static struct {
    const char *name;
    struct record *record;
    struct file bundled;
} all[RECORDS];

static struct record *keep(size_t at, const char *name, struct record *record, const unsigned *by)
{
    struct file *bundled = &all[at].bundled;
    all[at].name = name;
    all[at].record = record;
    put(bundled, record->bytes, record->size);
    size_t count = 0;
    while (by[count] != 0) {
        count++;
    }
    char digits[4];
    put(bundled, digits, (size_t)snprintf(digits, sizeof digits, "%zu", count));
    for (size_t i = 0; i < count; i++) {
        struct trust_signature signature = forge_sign(record, by[i]);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        put(bundled, text, trust_signature_write(&signature, text));
    }
    return record;
}

static int make_all(void **state)
{
    (void)state;
    static const unsigned one_two[] = {1, 2, 0}, two_three[] = {2, 3, 0}, eleven[] = {11, 12, 0},
                          five[] = {5, 6, 0};
    struct record *a1 = keep(
        0, "a1",
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}}),
        one_two);
    struct record *a2 = keep(
        1, "a2",
        forge_make_root((struct forge_root){.prev = a1, .threshold = 2, .organizer = {2, 3, 4, 1}}),
        one_two);
    keep(2, "a3",
         forge_make_root((struct forge_root){.prev = a2, .threshold = 2, .organizer = {2, 3, 4}}),
         two_three);
    /* whoever wants to be a2: it claims the same constellation, and is signed by its own alone */
    keep(3, "x2",
         forge_make_root((struct forge_root){.prev = a1, .threshold = 2, .organizer = {11, 12}}),
         eleven);
    struct record *b1 = keep(
        4, "b1",
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {5, 6}, .name = "Other"}),
        five);
    keep(5, "b2",
         forge_make_root((struct forge_root){.prev = b1, .threshold = 1, .organizer = {6}}), five);
    keep(6, "u1", forge_make_root((struct forge_root){.threshold = 3, .organizer = {7, 8}}),
         one_two);
    keep(7, "u2",
         forge_make_root((struct forge_root){.prev = a1, .threshold = 1, .organizer = {1, 1}}),
         one_two);
    keep(8, "w",
         forge_make_window(
             (struct forge_window){.root = a1, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}}),
         one_two);
    keep(9, "wx",
         forge_make_window(
             (struct forge_window){.root = a1, .uid = 6, .at = {"2027 2027-08-02T07:30:00Z"}}),
         eleven);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECORDS; i++) {
        record_free(all[i].record);
    }
    return 0;
}

static size_t find(const char *name, size_t len)
{
    for (size_t i = 0; i < RECORDS; i++) {
        if (strlen(all[i].name) == len && memcmp(all[i].name, name, len) == 0) {
            return i;
        }
    }
    fail_msg("no record %.*s", (int)len, name);
    return 0;
}

static const struct record *the(const char *name)
{
    return all[find(name, strlen(name))].record;
}

/* "=a1": the raw record.  "a1 w": a bundle of these, signed. */
static void write_file(const char *names, struct file *file)
{
    file->size = 0;
    if (*names == '=') {
        const struct record *record = the(names + 1);
        memcpy(file->bytes, record->bytes, record->size);
        file->size = record->size;
        return;
    }
    for (const char *at = names; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        const struct file *bundled = &all[find(at, len)].bundled;
        memcpy(file->bytes + file->size, bundled->bytes, bundled->size);
        file->size += bundled->size;
        at += len;
    }
}

static enum anchors_result take(struct anchors *anchors, const char *names,
                                char why[static ANCHORS_WHY_SIZE])
{
    static struct file file;
    write_file(names, &file);
    return anchors_take(anchors, file.bytes, file.size, why);
}

/* The names of the anchors in force, in the order given. */
static void name_anchors(const struct anchors *anchors, char out[static 64])
{
    out[0] = '\0';
    for (size_t i = 0; i < anchors->count; i++) {
        assert_ptr_equal(anchors->anchor[i].root, anchors->record[i]);
        assert_true(record_id_equal(&anchors->id[i], &anchors->record[i]->id));
        assert_true(record_id_equal(&anchors->root[i], record_root_of(anchors->record[i])));
        for (size_t k = 0; k < i; k++) { /* each once */
            assert_false(record_id_equal(&anchors->id[k], &anchors->id[i]));
        }
        if (!anchors_is_in_force(anchors, i)) {
            continue;
        }
        for (size_t k = 0; k < RECORDS; k++) {
            if (record_id_equal(&all[k].record->id, &anchors->id[i])) {
                size_t len = strlen(out);
                snprintf(out + len, 64 - len, "%s%s", len > 0 ? " " : "", all[k].name);
            }
        }
    }
}

/* --- the table ------------------------------------------------------------------------------ */

enum { FILES_MAX = 3 };

static const struct {
    const char *file[FILES_MAX]; /* given one after another */
    const char *anchors;         /* in force in the end */
    const char *refused;         /* in the last file's why; NULL: all are taken */
} table[] = {
    /* a record by its own content, at whatever version */
    {{"=a1"}, "a1", NULL},
    {{"=a3"}, "a3", NULL},
    {{"=x2"}, "x2", NULL},
    {{"a1"}, "a1", NULL},
    /* of a file the oldest, wherever it stands: newer ones come by the chain */
    {{"a1 a2 a3"}, "a1", NULL},
    {{"a3 a2 a1"}, "a1", NULL},
    {{"a2 w a3"}, "a2", NULL},
    {{"a1 x2"}, "a1", NULL},
    {{"x2 wx a1 w"}, "a1", NULL},
    {{"a2 a1 x2"}, "a1", NULL}, /* two successors: the chain's to judge */
    {{"a2 x2 a1"}, "a1", NULL},
    {{"a1 a1"}, "a1", NULL},
    /* several constellations: each its own */
    {{"a1 b1"}, "a1 b1", NULL},
    {{"b2 a2 b1 a1 w"}, "b1 a1", NULL},
    {{"=a1", "=b1"}, "a1 b1", NULL},
    {{"a1 b1", "b1 a2 a1"}, "a1 b1", NULL},
    /* of several files the newest: somebody gave it by hand */
    {{"=a1", "=a2"}, "a2", NULL},
    {{"=a2", "=a1"}, "a2", NULL},
    {{"=a3", "a1 a2", "b1"}, "a3 b1", NULL},
    {{"=a2", "a1 x2"}, "a2", NULL},
    /* what stands below others and is not in their past was put there to be the anchor */
    {{"x2 a3"}, "", "do not follow on that of version 2"},
    {{"a3 w x2"}, "", "do not follow on that of version 2"},
    {{"b1 a3 x2"}, "", "do not follow on that of version 2"},
    {{"=a1", "a3 x2"}, "a1", "do not follow on that of version 2"},
    {{"b2 a2 a3"}, "b2 a2", NULL},
    {{"a1 a3 x2"}, "a1", NULL},
    /* two of one version are refused, in any order */
    {{"a2 x2"}, "", "two different roots of version 2"},
    {{"x2 a2 a3"}, "", "two different roots of version 2"},
    {{"=a2", "=x2"}, "a2", "two different roots of version 2"},
    {{"=x2", "=a2"}, "x2", "two different roots of version 2"},
    {{"=a3", "=a2", "=x2"}, "a3", "two different roots of version 2"},
    {{"=a2", "=a3", "=x2"}, "a3", "two different roots of version 2"},
    {{"=a2", "b1 x2"}, "a2", "two different roots of version 2"}, /* whole or not at all */
    /* an anchor is sound; what is newer is the chain's to judge */
    {{"=u1"}, "", "a threshold of 3 cannot be met by 2 organizers"},
    {{"a1 u1"}, "", "a threshold of 3"},
    {{"=u2"}, "", "the same key id"},
    {{"a1 u2"}, "a1", NULL},
    /* what is no root */
    {{"=w"}, "", "this is a window, not a root"},
    {{"w wx"}, "", "no root in this file"},
};

static void the_policy_is_this_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct anchors anchors;
        anchors_init(&anchors, leap_builtin(), 16);
        const char *last = NULL;
        char why[ANCHORS_WHY_SIZE] = "", got[64];
        enum anchors_result result = ANCHORS_TAKEN;
        for (size_t k = 0; k < FILES_MAX && table[i].file[k] != NULL; k++) {
            assert_int_equal(result, ANCHORS_TAKEN); /* the last file alone is refused */
            last = table[i].file[k];
            result = take(&anchors, last, why);
        }
        name_anchors(&anchors, got);
        const char *refused = table[i].refused;
        if (strcmp(got, table[i].anchors) != 0 ||
            result != (refused != NULL ? ANCHORS_REFUSED : ANCHORS_TAKEN) ||
            (refused != NULL && strstr(why, refused) == NULL)) {
            fail_msg("row %zu, \"%s\": anchors \"%s\", why \"%s\"", i + 1, last, got, why);
        }
        anchors_close(&anchors);
    }
}

/* --- and what follows ----------------------------------------------------------------------- */

/* Which anchors stand, and whether anything is refused, is the set's matter, not the order's. */
static void the_order_of_files_and_records_means_nothing(void **state)
{
    (void)state;
    struct seed dice = seed_take("anchors in any order");
    for (int round = 0; round < 300; round++) {
        const struct record *in_force[2][RECORDS] = {{NULL}};
        bool is_refused[2] = {false, false};
        char file[4][32];
        size_t files = 1 + seed_below(&dice, 4);
        for (size_t i = 0; i < files; i++) {
            static const char *const root[] = {"a1", "a2", "a3", "x2", "b1", "b2"};
            file[i][0] = '\0';
            for (size_t k = 0, count = 1 + seed_below(&dice, 3); k < count; k++) {
                strcat(file[i], k > 0 ? " " : "");
                strcat(file[i], root[seed_below(&dice, 6)]);
            }
        }
        for (int way = 0; way < 2; way++) {
            struct anchors anchors;
            anchors_init(&anchors, leap_builtin(), 16);
            for (size_t i = 0; i < files; i++) {
                char why[ANCHORS_WHY_SIZE], names[32] = "", *word[3];
                size_t words = 0, at = way == 0 ? i : files - 1 - i;
                char copy[32], *rest = copy;
                memcpy(copy, file[at], sizeof copy);
                while (rest != NULL) {
                    word[words++] = strsep(&rest, " ");
                }
                for (size_t k = 0; k < words; k++) {
                    strcat(names, k > 0 ? " " : "");
                    strcat(names, word[way == 0 ? k : words - 1 - k]);
                }
                is_refused[way] |= take(&anchors, names, why) == ANCHORS_REFUSED;
            }
            for (size_t i = 0; i < RECORDS; i++) {
                const struct record *found = anchors_find(&anchors, record_root_of(all[i].record));
                for (size_t k = 0; found != NULL && k < RECORDS; k++) {
                    if (record_id_equal(&all[k].record->id, &found->id)) {
                        in_force[way][i] = all[k].record;
                    }
                }
            }
            anchors_close(&anchors);
        }
        assert_int_equal(is_refused[0], is_refused[1]);
        if (!is_refused[0]) { /* a program ends there */
            assert_memory_equal(in_force[0], in_force[1], sizeof in_force[0]);
        }
    }
}

static void more_constellations_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    struct anchors anchors;
    char why[ANCHORS_WHY_SIZE];
    anchors_init(&anchors, leap_builtin(), 1);
    assert_int_equal(take(&anchors, "a1 b1", why), ANCHORS_REFUSED);
    assert_non_null(strstr(why, "more than 1 constellation"));
    assert_int_equal(anchors.count, 0);
    assert_int_equal(take(&anchors, "a1", why), ANCHORS_TAKEN);
    assert_int_equal(take(&anchors, "=a2", why), ANCHORS_TAKEN); /* of the same one */
    assert_int_equal(take(&anchors, "b1", why), ANCHORS_REFUSED);
    assert_int_equal(anchors.count, 2);
    anchors_close(&anchors);
}

static void a_file_that_is_cut_or_does_not_read_is_refused(void **state)
{
    (void)state;
    static struct file file;
    struct anchors anchors;
    char why[ANCHORS_WHY_SIZE];
    anchors_init(&anchors, leap_builtin(), 16);
    write_file("a1 w", &file);
    static uint8_t first[RECORD_SIZE_MAX + 10];
    size_t whole = stream_write_netstring(the("a1")->bytes, the("a1")->size, first);
    for (size_t size = 0; size < file.size; size += 7) {
        enum anchors_result result = anchors_take(&anchors, file.bytes, size, why);
        assert_int_equal(result, ANCHORS_REFUSED);
        if (size > whole) {
            assert_non_null(strstr(why, "damaged or cut short"));
        }
    }
    write_file("=a1", &file);
    file.bytes[the("a1")->size - 2] ^= 1;
    assert_int_equal(anchors_take(&anchors, file.bytes, file.size, why), ANCHORS_REFUSED);
    assert_non_null(strstr(why, "line 10, column"));
    assert_int_equal(anchors.count, 0);
    anchors_close(&anchors);
}

static struct view *see(const struct anchors *anchors, const struct ledger *ledger)
{
    size_t count;
    struct view *view;
    const struct view_entry *entry = ledger_entries(ledger, &count);
    assert_true(view_build(entry, count, anchors->anchor, anchors->count,
                           forge_instant("2027-01-01T00:00:00Z"), &view));
    return view;
}

/* A mirror appends its own version 2, and a window by it, to an honest bundle. */
static void who_appends_to_a_bundle_gains_nothing(void **state)
{
    (void)state;
    static struct file file;
    struct anchors anchors;
    char why[ANCHORS_WHY_SIZE];
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_counts counts;
    anchors_init(&anchors, leap_builtin(), 16);
    write_file("a1 w x2 wx", &file);
    assert_int_equal(anchors_take(&anchors, file.bytes, file.size, why), ANCHORS_TAKEN);
    assert_true(anchors_put(&anchors, ledger));
    struct ledger_policy policy = anchors_policy(&anchors);
    assert_int_equal(ledger_merge(ledger, file.bytes, file.size, &policy, &counts), LEDGER_NEW);
    assert_int_equal(counts.refused, 2);
    struct view *view = see(&anchors, ledger);
    assert_int_equal(view->root_count, 1);
    assert_ptr_not_equal(view->root[0].newest, NULL);
    assert_true(record_id_equal(&view->root[0].newest->id, &the("a1")->id));
    assert_int_equal(view->window_count, 1);
    assert_true(record_id_equal(&view->window[0].record->id, &the("w")->id));
    assert_int_equal(view->window[0].status, VIEW_CONFIRMED);
    view_free(view);
    ledger_free(ledger);
    anchors_close(&anchors);
}

/* What m organizers of the version before signed comes in by the chain, from the same file. */
static void a_true_successor_comes_in_by_the_chain(void **state)
{
    (void)state;
    static struct file file;
    struct anchors anchors;
    char why[ANCHORS_WHY_SIZE];
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_counts counts;
    anchors_init(&anchors, leap_builtin(), 16);
    write_file("a3 a2 a1 w", &file);
    assert_int_equal(anchors_take(&anchors, file.bytes, file.size, why), ANCHORS_TAKEN);
    assert_true(anchors_put(&anchors, ledger));
    struct ledger_policy policy = anchors_policy(&anchors);
    assert_int_equal(ledger_merge(ledger, file.bytes, file.size, &policy, &counts), LEDGER_NEW);
    assert_int_equal(counts.refused, 0);
    struct view *view = see(&anchors, ledger);
    assert_true(record_id_equal(&view->root[0].newest->id, &the("a3")->id));
    view_free(view);
    ledger_free(ledger);
    anchors_close(&anchors);
}

/* The words that two people compare are of the record, not of what it claims. */
static void a_forged_root_has_words_of_its_own(void **state)
{
    (void)state;
    char honest[ANCHORS_TEXT_SIZE], forged[ANCHORS_TEXT_SIZE], words[PROQUINT_SIZE];
    char id[RECORD_ID_TEXT_SIZE];
    anchors_describe(the("a1"), honest);
    anchors_describe(the("x2"), forged);
    proquint_write(the("a1")->id.bytes, words);
    record_id_write(&the("a1")->id, id);
    assert_int_equal(strncmp(honest, "words ", 6), 0);
    assert_int_equal(strncmp(honest + 6, words, strlen(words)), 0);
    assert_non_null(strstr(honest, id));
    assert_non_null(strstr(honest, "version 1, 2 of 3 organizers: Bell"));
    assert_null(strstr(forged, words));
    assert_null(strstr(forged, id));
    record_id_write(&the("x2")->id, id);
    assert_non_null(strstr(forged, id));
    assert_non_null(strstr(forged, "version 2, 2 of 2 organizers: Bell"));
}

static void a_long_name_is_cut_at_a_letter(void **state)
{
    (void)state;
    char name[400] = "", text[ANCHORS_TEXT_SIZE];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(name, 'x', shift);
        for (size_t at = shift; at + 3 < sizeof name; at += 3) {
            memcpy(name + at, "\xE1\xBB\x8C", 4); /* O with dot below */
        }
        struct record *root =
            forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}, .name = name});
        anchors_describe(root, text);
        const char *shown = strstr(text, "organizers: ") + strlen("organizers: ");
        size_t len = strlen(shown);
        assert_in_range(len, 150, 160);
        assert_int_equal((len - shift) % 3, 0);
        assert_memory_equal(shown, name, len);
        record_free(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_is_this_table),
        cmocka_unit_test(the_order_of_files_and_records_means_nothing),
        cmocka_unit_test(more_constellations_than_there_is_room_for_are_refused),
        cmocka_unit_test(a_file_that_is_cut_or_does_not_read_is_refused),
        cmocka_unit_test(who_appends_to_a_bundle_gains_nothing),
        cmocka_unit_test(a_true_successor_comes_in_by_the_chain),
        cmocka_unit_test(a_forged_root_has_words_of_its_own),
        cmocka_unit_test(a_long_name_is_cut_at_a_letter),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}
