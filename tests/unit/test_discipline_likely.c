#include "check.h"

#include "discipline/likely.h"
#include "simulated_link.h"

enum { ROUNDS = 400 };

static const struct slope_prior within_500_ppm = {-500e-6, 500e-6, .usual_half = 100e-6};
static const struct slope_prior within_100_ppm = {-100e-6, 100e-6, .usual_half = 100e-6};

/* Delays of a path in ns: a floor of 40 ms and noise above it, of mean 10 ms. */
static double delay_ns(struct chance *chance, int law)
{
    double u = chance_real(chance);
    return 40e6 + 10e6 * (law == 0   ? -log(u) /* exponential */
                          : law == 1 ? 2 * u   /* uniform */
                                     : 2 * (pow(u, -1 / 3.0) - 1)) /* Pareto */;
}

static size_t fill(struct chance *chance, int law, size_t count, double slope,
                   struct line_point point[])
{
    for (size_t i = 0; i < count; i++) {
        int64_t x = (int64_t)i * NS_PER_S;
        point[i] = (struct line_point){x, INT64_C(7000000000000) +
                                              (int64_t)(slope * (double)x + delay_ns(chance, law))};
    }
    return count;
}

static double error_ms(int64_t said_ns, double slope, int64_t at_ns)
{
    return (double)(said_ns - INT64_C(7000000000000) - (int64_t)(slope * (double)at_ns)) / 1e6 - 40;
}

/* Paired: the same points to both. */
static void it_is_nearer_than_the_lowest_line_whatever_the_noise(void **state)
{
    (void)state;
    struct chance chance = {5};
    printf("seed %llu\n", (unsigned long long)chance.state);
    for (int law = 0; law < 3; law++) {
        double mean = 0, likely_square = 0, lowest_square = 0;
        for (int i = 0; i < ROUNDS; i++) {
            struct line_point point[64];
            double slope = chance_between(&chance, -90e-6, 90e-6);
            size_t count = fill(&chance, law, 60, slope, point);
            struct line lowest;
            struct likely likely;
            line_under(point, count, -500e-6, 500e-6, &lowest);
            line_likely(point, count, &within_500_ppm, &lowest, &likely);
            int64_t at = 70 * NS_PER_S;
            double off = error_ms(likely_at(&likely, at), slope, at);
            mean += off / ROUNDS;
            likely_square += off * off;
            off = error_ms(line_at(&lowest, at), slope, at);
            lowest_square += off * off;
        }
        assert_within(mean, 0, 0.15);
        assert_true(likely_square < 0.8 * lowest_square);
    }
}

static void the_excess_of_the_smallest_round_trip_is_foreseen(void **state)
{
    (void)state;
    struct chance chance = {6};
    printf("seed %llu\n", (unsigned long long)chance.state);
    static const int samples[] = {3, 10, 60};
    for (int law = 0; law < 3; law++) {
        for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) {
            double foreseen = 0, real = 0;
            for (int i = 0; i < ROUNDS; i++) {
                struct line_point point[64];
                size_t count = fill(&chance, law, 60, 0, point);
                struct line lowest;
                struct likely likely;
                line_under(point, count, -500e-6, 500e-6, &lowest);
                line_likely(point, count, &within_500_ppm, &lowest, &likely);
                foreseen += likely_round_trip_excess(&likely, samples[k]) / 1e6 / ROUNDS;
                double least = HUGE_VAL;
                for (int j = 0; j < samples[k]; j++) {
                    least = fmin(least, delay_ns(&chance, law) + delay_ns(&chance, law) - 80e6);
                }
                real += least / 1e6 / ROUNDS;
            }
            assert_within(foreseen, real, 0.15 * real + 0.1);
        }
    }
}

static void with_few_points_or_none_that_differ_it_is_the_lowest_line(void **state)
{
    (void)state;
    struct line_point point[256];
    for (size_t count = 1; count <= 256; count *= 2) {
        for (size_t i = 0; i < count; i++) {
            point[i] = (struct line_point){(int64_t)i * NS_PER_S, 5 * NS_PER_S};
        }
        struct line lowest;
        struct likely likely;
        line_under(point, count, -100e-6, 100e-6, &lowest);
        line_likely(point, count, &within_100_ppm, &lowest, &likely);
        assert_within((double)likely_at(&likely, point[count - 1].x_ns), 5e9, 2e3);
        assert_within(likely_round_trip_excess(&likely, 10), 0, 2e3);
    }
    for (size_t i = 0; i < 20; i++) { /* all at one instant */
        point[i] = (struct line_point){NS_PER_S, (int64_t)(5 + i % 3) * NS_PER_S};
    }
    struct line lowest;
    struct likely likely;
    line_under(point, 20, -100e-6, 100e-6, &lowest);
    line_likely(point, 20, &within_100_ppm, &lowest, &likely);
    assert_true(isfinite(likely.slope) && fabs(likely.slope) <= 100e-6);
}

/* What was known decides while points are few or noisy; when they speak clearly, they do. */
static void a_known_slope_gives_way_to_what_is_seen(void **state)
{
    (void)state;
    struct chance chance = {8};
    printf("seed %llu\n", (unsigned long long)chance.state);
    struct slope_prior known = {-500e-6,       500e-6,        .is_known = true,
                                .mean = 20e-6, .doubt = 3e-6, .usual_half = 100e-6};
    static const struct {
        size_t count;
        double slope, off_ppm, doubt_ppm;
    } cases[] = {
        {2, 20e-6, 1e-3, 3.01}, {10, 20e-6, 3, 40}, {200, 20e-6, 3, 2.5}, {200, 80e-6, 5, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct line_point point[256];
        size_t count = fill(&chance, 0, cases[i].count, cases[i].slope, point);
        struct line lowest;
        struct likely likely;
        line_under(point, count, known.least, known.most, &lowest);
        line_likely(point, count, &known, &lowest, &likely);
        assert_within(likely.slope * 1e6, cases[i].slope * 1e6, cases[i].off_ppm);
        assert_true(likely.slope_doubt > 0 && likely.slope_doubt * 1e6 <= cases[i].doubt_ppm);
        for (size_t k = 0; k < count && count < 4; k++) { /* still under all points */
            assert_true(likely_at(&likely, point[k].x_ns) <= point[k].y_ns + 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_nearer_than_the_lowest_line_whatever_the_noise),
        cmocka_unit_test(the_excess_of_the_smallest_round_trip_is_foreseen),
        cmocka_unit_test(a_known_slope_gives_way_to_what_is_seen),
        cmocka_unit_test(with_few_points_or_none_that_differ_it_is_the_lowest_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
