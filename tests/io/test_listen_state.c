#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "instants/stamp.h"
#include "tocsin-listen/state.h"

static char folder[64];
static char why[300];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tocsin-state-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"lock",
                                        "marks",
                                        "memory",
                                        "proof-0200000000000000-0000000000000005-1.tick",
                                        "proof-0200000000000000-0000000000000005-2.tick",
                                        "proof-0100000000000000-0000000000000005-1.tick",
                                        "proof-0100000000000000-0000000000000005-2.tick"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(path_of(names[i]));
    }
    return rmdir(folder);
}

static struct listener_mark mark_of(uint8_t number, enum listener_mark_kind kind)
{
    struct listener_mark mark = {.kind = kind, .start = {INT64_C(1800000000) * NS_PER_S + number}};
    memset(&mark.name.root, 3, sizeof mark.name.root);
    mark.name.uid.bytes[0] = number;
    strcpy(mark.name.key, "2027-spring");
    return mark;
}

static void append(const char *text)
{
    FILE *file = fopen(path_of("marks"), "ab");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct state state_held; /* large */

static void marks_survive_and_fired_is_never_taken_back(void **unused)
{
    (void)unused;
    assert_true(state_open(&state_held, folder, why));
    struct listener_mark armed = mark_of(1, MARK_ARMED), fired = mark_of(1, MARK_FIRED),
                         other = mark_of(2, MARK_FIRING);
    memset(other.boot.bytes, 0xb0, sizeof other.boot.bytes);
    other.not_before.ns = INT64_C(123456789012345);
    assert_true(state_add_marks(&state_held, &armed, 1, why));
    assert_true(state_add_marks(&state_held, &fired, 1, why));
    assert_true(state_add_marks(&state_held, &other, 1, why));
    assert_true(state_add_marks(&state_held, &armed, 1, why));
    state_close(&state_held);
    append("armed 0303"); /* torn by a power cut */
    assert_true(state_open(&state_held, folder, why));
    assert_int_equal(state_held.mark_count, 2);
    assert_int_equal(state_held.mark[0].kind, MARK_FIRED);
    assert_int_equal(state_held.mark[0].start.ns, armed.start.ns);
    assert_int_equal(state_held.mark[1].kind, MARK_FIRING);
    assert_memory_equal(&state_held.mark[1].boot, &other.boot, sizeof other.boot);
    assert_int_equal(state_held.mark[1].not_before.ns, other.not_before.ns);
    other.kind = MARK_FIRED;
    assert_true(
        state_add_marks(&state_held, &other, 1, why)); /* the torn line does not swallow the next */
    state_close(&state_held);
    assert_true(state_open(&state_held, folder, why));
    assert_int_equal(state_held.mark_count, 2);
    assert_int_equal(state_held.mark[1].kind, MARK_FIRED);
    state_close(&state_held);
}

static off_t size_of(const char *name)
{
    struct stat status;
    assert_int_equal(stat(path_of(name), &status), 0);
    return status.st_size;
}

static void room_is_set_aside_and_no_reader_sees_it(void **unused)
{
    (void)unused;
    assert_true(state_open(&state_held, folder, why));
    struct listener_mark mark = mark_of(1, MARK_FIRED);
    assert_true(state_add_marks(&state_held, &mark, 1, why));
    off_t size = size_of("marks");
    assert_true(state_keep_room(&state_held, why));
    assert_int_equal(size_of("marks"), size);
    for (uint8_t i = 2; i < 200; i++) { /* more than was set aside */
        mark = mark_of(i, MARK_ARMED);
        assert_true(state_add_marks(&state_held, &mark, 1, why));
        assert_true(state_keep_room(&state_held, why));
    }
    assert_true(state_held.room_end == 0 || state_held.room_end > size_of("marks"));
    size = size_of("marks");
    state_close(&state_held);
    append("armed 0303"); /* torn by a power cut */
    assert_true(state_open(&state_held, folder, why));
    assert_int_equal(state_held.mark_count, 199);
    assert_int_equal(size_of("marks"), size);
    state_close(&state_held);
}

static void a_spoilt_line_is_refused_by_file_and_line(void **unused)
{
    (void)unused;
    assert_true(state_open(&state_held, folder, why));
    struct listener_mark mark = mark_of(1, MARK_FIRED);
    assert_true(state_add_marks(&state_held, &mark, 1, why));
    state_close(&state_held);
    append("gibberish\n");
    assert_false(state_open(&state_held, folder, why));
    assert_non_null(strstr(why, "marks:2: not a mark"));
    unlink(path_of("marks"));
    mark.kind = MARK_FIRING;
    assert_true(state_open(&state_held, folder, why));
    assert_true(state_add_marks(&state_held, &mark, 1, why));
    state_close(&state_held);
    char line[512];
    FILE *file = fopen(path_of("marks"), "rb");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    static const char *const kinds[] = {"firing", "armed"}; /* a field too few, two too many */
    for (size_t i = 0; i < 2; i++) {
        char *last = i == 0 ? strrchr(line, ' ') : NULL;
        file = fopen(path_of("marks"), "wb");
        assert_non_null(file);
        fprintf(file, "%s%.*s\n", kinds[i],
                (int)(last != NULL ? (size_t)(last - line) : strcspn(line, "\n")) - 6, line + 6);
        fclose(file);
        assert_false(state_open(&state_held, folder, why));
        assert_non_null(strstr(why, "marks:1: not a mark"));
    }
}

static void the_boot_is_known_and_the_same_at_every_look(void **unused)
{
    (void)unused;
    static const struct listener_boot unknown;
    assert_true(state_open(&state_held, folder, why));
    struct listener_boot first = state_held.boot;
    state_close(&state_held);
    assert_true(memcmp(&first, &unknown, sizeof first) != 0);
    state_look(&state_held, folder);
    assert_memory_equal(&state_held.boot, &first, sizeof first);
}

static void the_file_does_not_grow_for_ever(void **unused)
{
    (void)unused;
    assert_true(state_open(&state_held, folder, why));
    for (int i = 0; i < 400; i++) {
        struct listener_mark mark = mark_of((uint8_t)(i % 4), MARK_ARMED);
        assert_true(state_add_marks(&state_held, &mark, 1, why));
    }
    state_close(&state_held);
    assert_true(state_open(&state_held, folder, why));
    struct stat status;
    assert_int_equal(stat(path_of("marks"), &status), 0);
    assert_true(status.st_size < 4 * 256);
    assert_int_equal(state_held.mark_count, 4);
    state_close(&state_held);
}

static void two_cannot_hold_it(void **unused)
{
    (void)unused;
    static struct state second;
    assert_true(state_open(&state_held, folder, why));
    assert_false(state_open(&second, folder, why));
    assert_non_null(strstr(why, "--state"));
    state_look(&second, folder); /* looking is allowed */
    state_close(&state_held);
}

static struct state_proof last_proof;
static int proof_count;

static void note_proof(void *context, const struct state_proof *proof)
{
    (void)context;
    last_proof = *proof;
    proof_count++;
}

static void memory_and_proofs_are_kept(void **unused)
{
    (void)unused;
    assert_true(state_open(&state_held, folder, why));
    struct keep keep = {
        .memory = {{.root = {{1}}, .floor = {INT64_C(1790000000) * NS_PER_S}},
                   {.root = {{2}},
                    .has_skew = true,
                    .skew = -41.25e-6,
                    .skew_doubt = 0.75e-6,
                    .floor = {INT64_C(1800000000) * NS_PER_S + 17}}},
        .memory_count = 2,
        .newest = {{.root = {{2}}, .key = {{5}}, .time = {INT64_C(1800000001) * NS_PER_S + 3}}},
        .newest_count = 1};
    assert_true(state_save_memory(&state_held, &keep, why));
    const uint8_t first[3] = {1, 2, 3}, second[2] = {4, 5};
    const uint8_t *const ticks[2] = {first, second};
    const size_t sizes[2] = {3, 2};
    assert_true(state_save_proof(&state_held, &keep.newest[0].root, &keep.newest[0].key, ticks,
                                 sizes, why));
    state_close(&state_held);
    assert_true(state_open(&state_held, folder, why));
    assert_int_equal(state_held.keep.memory_count, 2);
    for (size_t i = 0; i < 2; i++) { /* each root's own */
        const struct listener_memory *held = &state_held.keep.memory[i];
        assert_true(record_id_equal(&held->root, &keep.memory[i].root));
        assert_int_equal(held->has_skew, keep.memory[i].has_skew);
        assert_within(held->skew * 1e6, keep.memory[i].skew * 1e6, 0.001);
        assert_within(held->skew_doubt * 1e6, keep.memory[i].skew_doubt * 1e6, 0.001);
        assert_int_equal(held->floor.ns, keep.memory[i].floor.ns);
    }
    assert_int_equal(state_held.keep.newest_count, 1);
    assert_true(record_id_equal(&state_held.keep.newest[0].root, &keep.newest[0].root));
    assert_int_equal(state_held.keep.newest[0].time.ns, keep.newest[0].time.ns);
    struct stat status;
    assert_int_equal(stat(path_of("proof-0200000000000000-0000000000000005-1.tick"), &status), 0);
    assert_int_equal(status.st_size, 3);
    state_load_proofs(&state_held, note_proof, NULL);
    assert_int_equal(proof_count, 1);
    assert_true(last_proof.is_read);
    assert_int_equal(last_proof.size[0], 3);
    assert_int_equal(last_proof.size[1], 2);
    assert_memory_equal(last_proof.tick[1], second, 2);
    assert_non_null(strstr(last_proof.where, folder));
    assert_non_null(
        strstr(last_proof.where, "/proof-0200000000000000-0000000000000005-1.tick and -2.tick"));
    unlink(path_of("proof-0200000000000000-0000000000000005-2.tick"));
    state_load_proofs(&state_held, note_proof, NULL);
    assert_int_equal(proof_count, 2);
    assert_false(last_proof.is_read);
    assert_non_null(strstr(last_proof.why, "passed over"));
    unlink(path_of("proof-0200000000000000-0000000000000005-1.tick"));
    /* Another constellation's beacon with that key id lies, too: neither proof is in place of the
     * other. */
    for (size_t i = 0; i < 2; i++) {
        assert_true(state_save_proof(&state_held, &keep.memory[i].root, &keep.newest[0].key, ticks,
                                     sizes, why));
    }
    proof_count = 0;
    state_load_proofs(&state_held, note_proof, NULL);
    assert_int_equal(proof_count, 2);
    state_close(&state_held);

    FILE *file = fopen(path_of("memory"), "w"); /* of no root that is named */
    assert_non_null(file);
    fputs("tocsin listener memory 1\nskew_ppb: 12000\n", file);
    fclose(file);
    assert_true(state_open(&state_held, folder, why));
    assert_int_equal(state_held.keep.memory_count, 0);
    state_close(&state_held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(marks_survive_and_fired_is_never_taken_back, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(room_is_set_aside_and_no_reader_sees_it, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_spoilt_line_is_refused_by_file_and_line, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(the_boot_is_known_and_the_same_at_every_look, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(the_file_does_not_grow_for_ever, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(two_cannot_hold_it, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(memory_and_proofs_are_kept, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
