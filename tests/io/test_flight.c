/* links: sink stream say */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include "flight/flight.h"

static char path[] = "/tmp/test_flight.XXXXXX";

static struct flight *run(const char *program)
{
    struct flight *flight;
    char why[FLIGHT_WHY_SIZE];
    assert_true(flight_open(path, program, &flight, why));
    return flight;
}

/* What a player of the tests has met, in a line. */
static char met[4096];

static bool note(const char *text)
{
    snprintf(met + strlen(met), sizeof met - strlen(met), "%s", text);
    return true;
}

static bool begin(void *context)
{
    (void)context;
    return note("run ");
}

static bool set(void *context, const char *name, struct flight_line *line)
{
    (void)context;
    note(name);
    note("=");
    note(flight_take_text(line, 8));
    return note(" ");
}

static bool came(void *context, bool is_anchor, const uint8_t *bytes, size_t size)
{
    (void)context;
    char text[32];
    snprintf(text, sizeof text, "%s:%.*s ", is_anchor ? "anchor" : "records", (int)size,
             (const char *)bytes);
    return note(text);
}

static bool step(void *context, struct flight_line *line)
{
    (void)context;
    static const char *const words[] = {"up", "down"};
    char text[64];
    bool is_there;
    uint8_t two[2];
    size_t word = flight_take_word(line, words, 2);
    int64_t number = flight_take_number(line, -5, 5);
    int64_t maybe = flight_take_if(line, 0, 9, &is_there);
    flight_take_exactly(line, two, 2);
    snprintf(text, sizeof text, "step:%zu:%d:%d%s:%d ", word, (int)number, (int)maybe,
             is_there ? "!" : "", two[0] << 8 | two[1]);
    return flight_took_all(line) && note(text);
}

static size_t torn;

static bool play(const char *program, char why[static FLIGHT_WHY_SIZE])
{
    FILE *file = fopen(path, "r");
    size_t last;
    met[0] = '\0';
    assert_non_null(file);
    bool is_done =
        flight_play(file,
                    &(struct flight_player){
                        .program = program, .begin = begin, .set = set, .came = came, .step = step},
                    &torn, &last, why);
    fclose(file);
    return is_done;
}

static void put_step(struct flight *flight, const char *word, int64_t number)
{
    flight_text(flight, "step");
    flight_text(flight, word);
    flight_number(flight, number);
    flight_absent(flight);
    flight_bytes(flight, (const uint8_t *)"\x01\xff", 2);
    flight_end(flight);
}

static void write_all(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void what_was_written_is_read_again_run_by_run(void **state)
{
    (void)state;
    char why[FLIGHT_WHY_SIZE];
    write_all("");
    struct flight *flight = run("tocsin-x");
    flight_text(flight, "set");
    flight_text(flight, "place");
    flight_text(flight, "a\tb\n");
    flight_end(flight);
    flight_came(flight, "anchor", (const uint8_t *)"root", 4);
    flight_came(flight, "records", NULL, 0);
    put_step(flight, "down", -5);
    assert_true(flight_flush(flight));
    assert_true(flight_close(flight));
    /* the power fails while a second run writes, and a third begins */
    flight = run("tocsin-x");
    put_step(flight, "up", 1);
    put_step(flight, "up", 2);
    assert_true(flight_close(flight));
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftruncate(fileno(file), ftell(file) - 3), 0);
    fclose(file);
    assert_true(play("tocsin-x", why));
    assert_int_equal(torn, 1);
    flight = run("tocsin-x");
    put_step(flight, "up", 3);
    assert_true(flight_close(flight));
    assert_true(play("tocsin-x", why));
    assert_int_equal(torn, 1);
    assert_string_equal(met, "run place=a?b? anchor:root records: step:1:-5:0:511 run "
                             "step:0:1:0:511 run step:0:3:0:511 ");
    assert_false(play("tocsin-y", why));
    assert_string_equal(why, "line 1: a log of another program: give it to that one");
}

static void what_no_recorder_writes_is_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *why;
    } table[] = {
        {"", "there is no step in it"},
        {"tocsin flight 1 p\n", "there is no step in it"},
        {"notes\n", "line 1: not a flight log"},
        {"begin\nwake\t1\n",
         "line 1: a log of an older format: go through it with the version that wrote it"},
        {"tocsin listen log 1\n",
         "line 1: a log of an older format: go through it with the version that wrote it"},
        {"tocsin flight 2 p\n",
         "line 1: a log of a newer format: go through it with a newer version"},
        {"tocsin flight 1 p\n\n", "line 2: not a line of a flight log"},
        {"tocsin flight 1 p\nfly\n", "line 2: not a line of a flight log"},
        {"tocsin flight 1 p\nset\tplace\n", "line 2: not a setting"},
        {"tocsin flight 1 p\nset\tplace\ttoo long a place\n", "line 2: not a setting"},
        {"tocsin flight 1 p\nset\tplace\ta\tb\n", "line 2: not a setting"},
        {"tocsin flight 1 p\nrecords\t0\n", "line 2: not bytes in hexadecimal"},
        {"tocsin flight 1 p\nrecords\tAA\n", "line 2: not bytes in hexadecimal"},
        {"tocsin flight 1 p\nrecords\taa\taa\n", "line 2: not bytes in hexadecimal"},
        {"tocsin flight 1 p\nstep\tleft\t1\t-\t01ff\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t6\t-\t01ff\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t1x\t-\t01ff\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t 1\t-\t01ff\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t1\t10\t01ff\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t1\t-\t01\n", "line 2: not a step"},
        {"tocsin flight 1 p\nstep\tup\t1\t-\t01ff\t1\n", "line 2: not a step"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char why[FLIGHT_WHY_SIZE];
        write_all(table[i].lines);
        assert_false(play("p", why));
        assert_string_equal(why, table[i].why);
    }
}

static void what_is_no_log_is_never_written_to(void **state)
{
    (void)state;
    struct flight *flight;
    char why[FLIGHT_WHY_SIZE];
    write_all("my diary\n");
    assert_false(flight_open(path, "p", &flight, why));
    assert_null(flight);
    assert_non_null(strstr(why, "choose another name"));
    assert_false(flight_open("/nowhere/log", "p", &flight, why));
    assert_string_equal(why, "No such file or directory");
}

static void a_full_disk_is_told_once(void **state)
{
    (void)state;
    struct flight *flight;
    char why[FLIGHT_WHY_SIZE];
    assert_true(flight_open("/dev/full", "p", &flight, why));
    bool was_told = false;
    while (!was_told) { /* its thread has to try first */
        put_step(flight, "up", 1);
        was_told = !flight_flush(flight);
    }
    put_step(flight, "up", 1);
    assert_true(flight_flush(flight));
    assert_true(flight_close(flight));
    flight_text(NULL, "no log is no log");
    assert_true(flight_flush(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again_run_by_run),
        cmocka_unit_test(what_no_recorder_writes_is_refused_by_line),
        cmocka_unit_test(what_is_no_log_is_never_written_to),
        cmocka_unit_test(a_full_disk_is_told_once),
    };
    int descriptor = mkstemp(path);
    if (descriptor < 0) {
        return 1;
    }
    close(descriptor);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
