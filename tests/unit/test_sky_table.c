/* Every event of tests/golden/sky/sky-2000-2049.tsv is found, in order, at its instant. */
#include "check.h"

#include <math.h>

#include "sky/sky.h"

struct worst {
    double max, square;
    int count;
};

static void note(struct worst *w, double error_s)
{
    w->max = fmax(w->max, fabs(error_s));
    w->square += error_s * error_s;
    w->count++;
}

static void say(const char *what, const struct worst *w)
{
    print_message("%s: %d, max %.4f s, rms %.4f s\n", what, w->count, w->max,
                  sqrt(w->square / w->count));
}

struct row {
    enum sky_kind kind;
    double tt_jd;
    char detail[40];
};

enum { ROWS_MAX = 5000 };

static struct row rows[ROWS_MAX];
static size_t row_count;

static int load(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/golden/sky/sky-2000-2049.tsv", "r");
    assert_non_null(file);
    char line[200];
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') {
            continue;
        }
        struct row *row = &rows[row_count++];
        assert_true(row_count < ROWS_MAX);
        char kind[32];
        assert_int_equal(
            sscanf(line, "%31s %lf %*s %*s %*s %39[^\n]", kind, &row->tt_jd, row->detail), 3);
        for (char *c = kind; *c != '\0'; c++) {
            *c = *c == '_' ? '-' : *c;
        }
        assert_true(sky_kind_find(kind, strlen(kind), &row->kind));
    }
    assert_int_equal(fclose(file), 0);
    return 0;
}

/* 2000-01-01 and 2050-01-01, TT */
static instant at_2000(void)
{
    return (instant){INT64_C(946684800) * NS_PER_S};
}

static instant at_2050(void)
{
    return (instant){INT64_C(2524608000) * NS_PER_S};
}

static void check_detail(const struct row *row, const struct sky_event *event)
{
    char type = '?';
    double gamma = 0, magnitude = 0;
    if (row->kind == SKY_PERIGEE || row->kind == SKY_APOGEE) {
        assert_within(event->distance_km, strtod(row->detail, NULL), 0.07);
    }
    if (row->kind == SKY_SOLAR_ECLIPSE || row->kind == SKY_LUNAR_ECLIPSE) {
        assert_true(sscanf(row->detail, "%c %lf", &type, &gamma) == 2);
        assert_within(event->eclipse.gamma, gamma, 0.00011);
        static const char letters[] = {'N', 'P', 'A', 'H', 'T'};
        if (letters[event->eclipse.type] != type) {
            print_error("%.6f: %c is not %c\n", row->tt_jd, letters[event->eclipse.type], type);
            fail();
        }
    }
    if (row->kind == SKY_LUNAR_ECLIPSE && type != 'N') {
        assert_int_equal(sscanf(row->detail, "%*c %*f %lf", &magnitude), 1);
        assert_within(event->eclipse.magnitude, magnitude, 0.002);
    }
}

static struct worst compare(sky_kinds kinds)
{
    struct worst w = {0};
    struct sky_search search;
    assert_int_equal(sky_search_init(&search, kinds, NULL, at_2000(), at_2050()), SKY_OK);
    for (size_t i = 0; i < row_count; i++) {
        if ((SKY_SET(rows[i].kind) & kinds) == 0) {
            continue;
        }
        struct sky_event event;
        assert_true(sky_search_next(&search, &event));
        assert_int_equal(event.kind, rows[i].kind);
        check_detail(&rows[i], &event);
        note(&w, (event.tt_jd - rows[i].tt_jd) * 86400);
    }
    struct sky_event extra;
    assert_false(sky_search_next(&search, &extra));
    return w;
}

static void phases_agree_to_a_tenth_of_a_second(void **state)
{
    (void)state;
    struct worst w = compare(SKY_PHASE_KINDS);
    say("phases", &w);
    assert_int_equal(w.count, 2474);
    assert_within(w.max, 0, 0.1);
}

static void seasons_agree(void **state)
{
    (void)state;
    struct worst w = compare(SKY_SEASON_KINDS);
    say("seasons", &w);
    assert_int_equal(w.count, 200);
    assert_within(w.max, 0, 0.1);
}

static void apsides_agree_to_some_seconds(void **state)
{
    (void)state;
    struct worst w = compare(SKY_SET(SKY_PERIGEE) | SKY_SET(SKY_APOGEE));
    say("apsides", &w);
    assert_int_equal(w.count, 1326);
    assert_within(w.max, 0, 5);
    assert_within(sqrt(w.square / w.count), 0, 1);
}

static void eclipses_are_all_there_and_on_time(void **state)
{
    (void)state;
    struct worst w = compare(SKY_SET(SKY_SOLAR_ECLIPSE));
    say("solar eclipses", &w);
    assert_int_equal(w.count, 112);
    assert_within(w.max, 0, 0.15);
    w = compare(SKY_SET(SKY_LUNAR_ECLIPSE));
    say("lunar eclipses", &w);
    assert_int_equal(w.count, 114);
    assert_within(w.max, 0, 0.15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_agree_to_a_tenth_of_a_second),
        cmocka_unit_test(seasons_agree),
        cmocka_unit_test(apsides_agree_to_some_seconds),
        cmocka_unit_test(eclipses_are_all_there_and_on_time),
    };
    return cmocka_run_group_tests_name("sky table", tests, load, NULL);
}
