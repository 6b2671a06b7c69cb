/* links: ticks view trust records */
/* What a listener keeps on disk, as text; and what a mark found there means. */
#include "constellation.h"
#include "listener/keep.h"

#define ROOT "0303030303030303030303030303030303030303030303030303030303030303"
#define UID  "05000000000000000000000000000000"
#define BOOT "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
#define MARK " " ROOT " " UID " 2027-spring-dawn 2027-08-02T08:25:00Z"

static struct listener_mark mark_of(enum listener_mark_kind kind)
{
    struct listener_mark mark = {.kind = kind, .start = forge_utc("2027-08-02T08:25:00Z")};
    memset(&mark.name.root, 3, sizeof mark.name.root);
    mark.name.uid.bytes[0] = 5;
    strcpy(mark.name.key, "2027-spring-dawn"); /* none is longer */
    if (kind == MARK_FIRING) {
        memset(&mark.boot, 0xb0, sizeof mark.boot);
        mark.not_before.ns = -12345;
    }
    return mark;
}

static bool read_mark(const char *line, struct listener_mark *out)
{
    return keep_read_mark(line, strlen(line), out);
}

static void a_mark_is_a_line_and_is_read_again(void **state)
{
    (void)state;
    static const char *const lines[] = {[MARK_ARMED] = "armed" MARK "\n",
                                        [MARK_FIRING] = "firing" MARK " " BOOT " -12345\n",
                                        [MARK_FIRED] = "fired" MARK "\n"};
    for (int kind = MARK_ARMED; kind <= MARK_FIRED; kind++) {
        struct listener_mark mark = mark_of((enum listener_mark_kind)kind), read;
        char text[KEEP_MARK_SIZE + 1] = "";
        size_t length = keep_write_mark(&mark, text);
        text[length] = '\0';
        assert_string_equal(text, lines[kind]);
        memset(&read, 0xEE, sizeof read);
        assert_true(keep_read_mark(text, length - 1, &read));
        assert_int_equal(read.kind, mark.kind);
        assert_true(listener_name_equal(&read.name, &mark.name));
        assert_int_equal(read.start.ns, mark.start.ns);
        assert_int_equal(read.not_before.ns, mark.not_before.ns);
        assert_memory_equal(&read.boot, &mark.boot, sizeof read.boot);
    }
}

static void what_is_no_mark_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "armed",
        "armed ",
        "Armed" MARK,
        "armed" MARK " ",
        "armed" MARK " " BOOT,
        "armed" MARK " " BOOT " 5",
        "fired" MARK " " BOOT " 5",
        "firing" MARK,
        "firing" MARK " " BOOT,
        "firing" MARK " " BOOT " ",
        "firing" MARK " " BOOT " five",
        "firing" MARK " " BOOT " 5x",
        "firing" MARK " " BOOT " 5 ",
        "firing" MARK " " BOOT " 5 6",
        "firing" MARK " b0 5",
        "armed " ROOT " " UID " 2027-spring-dawn",
        "armed " ROOT " " UID " 2027-spring-dawn 2027-08-02",
        "armed " ROOT " 05 2027-spring-dawn 2027-08-02T08:25:00Z",
        "armed 03 " UID " 2027-spring-dawn 2027-08-02T08:25:00Z",
        "armed " ROOT " " UID " 2027-spring-dawns 2027-08-02T08:25:00Z",
    };
    struct listener_mark mark;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (read_mark(bad[i], &mark)) {
            fail_msg("%s", bad[i]);
        }
    }
    static const char hidden[] = "armed" MARK "\0 and more";
    assert_false(keep_read_mark(hidden, sizeof hidden - 1, &mark));
    static char endless[100000];
    memset(endless, 'a', sizeof endless);
    assert_false(keep_read_mark(endless, sizeof endless, &mark));
    struct keep *keep = calloc(1, sizeof *keep);
    assert_false(keep_read_line(keep, endless, sizeof endless));
    free(keep);
}

static const char MEMORY[] =
    "tocsin listener memory 1\n"
    "root: " ROOT "\n"
    "skew_ppb: -20000\n"
    "skew_doubt_ppb: 300\n"
    "floor: 2027-01-01T00:00:00Z\n"
    "newest: 0000000000000007 2027-08-02T08:25:00Z\n"
    "newest: 0000000000000008 2027-08-02T08:26:00Z\n"
    "root: 0404040404040404040404040404040404040404040404040404040404040404\n"
    "floor: 1970-01-01T00:00:00Z\n";

static struct keep *read_keep(const char *text)
{
    struct keep *keep = calloc(1, sizeof *keep);
    assert_non_null(keep);
    for (size_t len; *text != '\0'; text += len + 1) {
        len = strcspn(text, "\n");
        assert_true(keep_read_line(keep, text, len));
    }
    return keep;
}

static void what_was_learned_is_read_again(void **state)
{
    (void)state;
    struct keep *keep = read_keep(MEMORY);
    assert_int_equal(keep->memory_count, 2);
    assert_int_equal(keep->newest_count, 2);
    assert_true(keep->memory[0].has_skew);
    assert_false(keep->memory[1].has_skew);
    assert_within(keep->memory[0].skew, -20e-6, 1e-12);
    assert_within(keep->memory[0].skew_doubt, 300e-9, 1e-12);
    assert_int_equal(keep->memory[0].floor.ns, forge_utc("2027-01-01T00:00:00Z").ns);
    assert_memory_equal(&keep->newest[1].root, &keep->memory[0].root, sizeof keep->newest[1].root);
    assert_int_equal(keep->newest[1].time.ns, forge_utc("2027-08-02T08:26:00Z").ns);
    char text[KEEP_SIZE_MAX];
    for (size_t size = 0; size <= sizeof MEMORY; size++) { /* however little fits */
        memset(text, '#', sizeof text);
        assert_int_equal(keep_write(keep, size > 0 ? text : NULL, size), sizeof MEMORY - 1);
        if (size > 0) {
            size_t fits = size < sizeof MEMORY ? size - 1 : sizeof MEMORY - 1;
            assert_memory_equal(text, MEMORY, fits);
            assert_int_equal(text[fits], '\0');
        }
        assert_int_equal(text[size], '#');
    }
    /* no skew is kept as better known than it can be trusted for, nor worse than none */
    keep->memory[0].skew_doubt = 1;
    keep->memory[1].floor.ns = INT64_MAX;
    keep_write(keep, text, sizeof text);
    assert_non_null(strstr(text, "skew_doubt_ppb: 15000\n"));
    assert_null(strstr(text, "1970"));
    assert_int_equal(strlen(text), sizeof MEMORY - 1 + 2 - strlen("floor: 1970-01-01T00:00:00Z\n"));
    free(keep);
}

/* Said of the root before it, whatever else there is. */
static void a_line_that_says_nothing_is_passed_over(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "root",
        "root: ",
        ("root:" ROOT),
        ("root: " ROOT "0"),
        "skew_ppb: ",
        "skew_ppb: 5x",
        "skew_ppb: 500000",
        "skew_ppb: -500000",
        "skew_doubt_ppb: -1",
        "skew_doubt_ppb: 500000",
        "floor: today",
        "floor:x2027-01-01T00:00:00Z",
        "newest: 0000000000000007",
        "newest: 07 2027-08-02T08:25:00Z",
        "newest: 0000000000000007 today",
        "oldest: 0000000000000007 2027-08-02T08:25:00Z",
        "tocsin listener memory 2",
    };
    struct keep *keep = read_keep("tocsin listener memory 1\nroot: " ROOT "\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (keep_read_line(keep, bad[i], strlen(bad[i]))) {
            fail_msg("%s", bad[i]);
        }
    }
    static const char hidden[] = "floor: 2027-01-01T00:00:00Z\0 and more";
    assert_false(keep_read_line(keep, hidden, sizeof hidden - 1));
    assert_false(keep->memory[0].has_skew);
    assert_int_equal(keep->memory_count, 1);
    assert_int_equal(keep->newest_count, 0);
    free(keep);
    keep = read_keep("root: " ROOT "\nskew_ppb: 499999\nskew_doubt_ppb: 0\nskew_ppb: -499999\n");
    assert_false(keep_read_line(keep, "skew_ppb: 5x", 12)); /* nor is what was good forgotten */
    assert_false(keep_read_line(keep, "skew_doubt_ppb: 5x", 18));
    assert_within(keep->memory[0].skew, -499999e-9, 1e-12);
    assert_within(keep->memory[0].skew_doubt, 15e-6, 1e-12); /* of the new one nothing was said */
    free(keep);
    keep = calloc(1, sizeof *keep); /* of no root: nobody's */
    assert_false(keep_read_line(keep, "skew_ppb: 5", 11));
    assert_false(keep_read_line(keep, "newest: 0000000000000007 2027-08-02T08:25:00Z", 45));
    free(keep);
}

static void more_than_there_is_room_for_is_about_nobody_else(void **state)
{
    (void)state;
    struct keep *keep = calloc(1, sizeof *keep);
    for (unsigned i = 0; i <= LISTENER_CONSTELLATIONS_MAX; i++) {
        char line[128];
        int len = snprintf(line, sizeof line, "root: %02x%.62s", i, ROOT);
        assert_true(keep_read_line(keep, line, (size_t)len));
        len = snprintf(line, sizeof line, "floor: 2027-01-%02uT00:00:00Z", i + 1);
        assert_true(keep_read_line(keep, line, (size_t)len));
        for (unsigned k = 0; k < 2; k++) {
            len = snprintf(line, sizeof line, "newest: 00000000000000%02x 2027-08-02T08:25:00Z", i);
            assert_true(keep_read_line(keep, line, (size_t)len));
        }
    }
    assert_int_equal(keep->memory_count, LISTENER_CONSTELLATIONS_MAX);
    assert_int_equal(keep->newest_count, LISTENER_BEACONS_MAX);
    for (size_t i = 0; i < keep->memory_count;
         i++) { /* the last takes the place of the one before */
        size_t said = i + (i == LISTENER_CONSTELLATIONS_MAX - 1);
        assert_int_equal(keep->memory[i].root.bytes[0], said);
        assert_int_equal(keep->memory[i].floor.ns,
                         forge_utc("2027-01-01T00:00:00Z").ns + (int64_t)said * NS_PER_DAY);
    }
    char text[KEEP_SIZE_MAX];
    assert_true(keep_write(keep, text, sizeof text) < sizeof text);
    free(keep);
}

static void a_mark_of_an_earlier_run_tells_what_it_may_have_done(void **state)
{
    (void)state;
    const struct listener_boot same = {{7}}, other = {{8}}, unknown = {{0}};
    struct listener_mark mark = {.kind = MARK_FIRING, .boot = same, .not_before = {100}};
    assert_false(listener_mark_is_rung(&mark, &same, (mono){99}));
    assert_true(listener_mark_is_rung(&mark, &same, (mono){100}));
    assert_true(listener_mark_is_rung(&mark, &other, (mono){99}));
    mark.boot = unknown; /* of which no two are one */
    assert_true(listener_mark_is_rung(&mark, &unknown, (mono){99}));
    mark.kind = MARK_ARMED;
    assert_false(listener_mark_is_rung(&mark, &other, (mono){200}));
    mark.kind = MARK_FIRED;
    assert_true(listener_mark_is_rung(&mark, &same, (mono){0}));
    /* FIRED is never taken back, and the rest goes by the later one */
    struct listener_mark later = {.kind = MARK_ARMED, .start = {5}};
    listener_mark_update(&mark, &later);
    assert_int_equal(mark.kind, MARK_FIRED);
    assert_int_equal(mark.start.ns, 5);
    mark.kind = MARK_FIRING;
    listener_mark_update(&mark, &later);
    assert_int_equal(mark.kind, MARK_ARMED);
}

static void a_name_is_of_a_root_a_uid_and_a_key(void **state)
{
    (void)state;
    struct listener_mark mark = mark_of(MARK_ARMED);
    for (int part = 0; part < 4; part++) {
        struct listener_name other = mark.name;
        other.root.bytes[31] ^= part == 1;
        other.uid.bytes[15] ^= part == 2;
        other.key[15] = part == 3 ? 'x' : other.key[15];
        assert_int_equal(listener_name_equal(&mark.name, &other), part == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_a_line_and_is_read_again),
        cmocka_unit_test(what_is_no_mark_is_refused),
        cmocka_unit_test(what_was_learned_is_read_again),
        cmocka_unit_test(a_line_that_says_nothing_is_passed_over),
        cmocka_unit_test(more_than_there_is_room_for_is_about_nobody_else),
        cmocka_unit_test(a_mark_of_an_earlier_run_tells_what_it_may_have_done),
        cmocka_unit_test(a_name_is_of_a_root_a_uid_and_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
