/* The line through what was heard of a beacon, beside one that tests/golden/offset/reference.py
 * draws through the same points: one floor or two, on either side of where that is decided. */
#include "check.h"

#include "discipline/offset.h"
#include "instants/instant.h"

struct row {
    uint32_t seed;
    size_t ticks, answers, questions;
    int64_t queue_ns, drift_1e9;
    /* what becomes of it */
    int64_t x_ns, y_ns;
    double slope, slope_doubt;
    int64_t found_queue_ns, there_and_back_ns;
};

/* Beside each how much better two floors explain it than one; two are taken from e on. */
static const struct row rows[] = {
    {1, 40, 16, 16, 0, 20000, 45501000168LL, 77944812, 1.970095e-05, 2.9638e-07, 0,
     435387}, /* e^-8.11 */
    {2, 40, 16, 16, 2000000, -35000, 44000000273LL, 75492805, -3.500797e-05, 1.8609e-07, 2003755,
     426926}, /* e^125.78 */
    {3, 60, 8, 8, 150000, 0, 64000000413LL, 77085551, -8.832177e-08, 1.7619e-07, 46735,
     539000}, /* e^5.49 */
    {4, 60, 8, 8, 90000, 0, 64000000413LL, 77040431, 3.018058e-08, 1.3089e-07, 93438,
     429229}, /* e^13.38 */
    {5, 60, 8, 8, 39500, 0, 64000000413LL, 77040239, 8.156529e-08, 1.9760e-07, 39462,
     431327}, /* e^1.08 */
    {5, 60, 8, 8, 38900, 0, 64000000413LL, 77078389, 8.149477e-07, 2.0842e-07, 0,
     434219}, /* e^0.94 */
    {6, 2, 2, 2, 0, 5000, 7701000014LL, 77239406, 6.671438e-05, 3.8837e-05, 0,
     439815}, /* one floor */
    {7, 0, 6, 6, 0, 0, 18501000058LL, 77016102, -3.452872e-06, 1.4709e-06, 0,
     475661}, /* one floor */
    {8, 12, 0, 3, 0, 90000, 16000000077LL, 78473547, 8.943939e-05, 2.9621e-06, 0,
     434941}, /* one floor */
    {9, 5, 3, 3, 700000, 10000, 9000000028LL, 77134528, 3.543379e-06, 8.5934e-06, 700417,
     467088}, /* e^9.18 */
    {10, 200, 33, 33, 30000, -8000, 204000001393LL, 75398778, -8.002446e-06, 9.9644e-09, 38743,
     423978}, /* e^29.96 */
    {11, 4, 4, 4, 5000000, 0, 8000000021LL, 77092584, -3.052029e-05, 1.7452e-05, 5038483,
     234287}, /* e^17.28 */
    {12, 30, 30, 30, 60000, 40000, 34000000203LL, 78393005, 4.003688e-05, 7.1556e-08, 64265,
     427973}, /* e^4.76 */
    {13, 2, 1, 1, 5000000, 0, 6000000007LL, 77004515, 5.215717e-05, 2.8170e-05, 0,
     696825}, /* one floor */
    {14, 3, 1, 1, 5000000, 0, 7000000014LL, 77156983, 6.819883e-05, 1.8791e-05, 0,
     862817}, /* one floor */
    {15, 1, 6, 6, 5000000, 0, 5000000000LL, 77059693, -1.148146e-07, 4.1159e-06, 5151914,
     477763}, /* e^6.88 */
    {16, 40, 16, 16, -200000, 0, 45501000168LL, 76948405, -1.285070e-08, 4.1387e-07, 0,
     234393}, /* one floor */
    {21, 1, 0, 6, 0, 20000, 5000000000LL, 77238263, 2.195901e-05, 1.1305e-05, 0,
     724213}, /* one floor */
    {18, 2, 2, 2, 5000000, 0, 6000000007LL, 77030484, -5.599976e-07, 5.8361e-05, 4990635,
     458288}, /* e^10.20 */
    {20, 7, 1, 5, 900000, 0, 11000000042LL, 77134023, 3.292004e-05, 6.8142e-06, 866735,
     636263}, /* e^10.80 */
    {32, 4, 3, 4, 225000, 0, 8000000021LL, 77034135, 7.374702e-06, 7.1707e-06, 221811,
     464405}, /* e^1.10 */
    {33, 4, 3, 4, 550000, 0, 10401000025LL, 76945041, -2.192778e-05, 1.3475e-06, 0,
     509203}, /* e^0.96 */
};

/* More often little than much. */
static int64_t noise_ns(uint32_t *at, int64_t most)
{
    *at = (*at * 1103515245U + 12345U) % 0x80000000U;
    int64_t u = *at >> 11; /* of 2^20 */
    return u * u / 1048576 * most / 1048576;
}

static void hear(struct offset_points *points, const struct row *row)
{
    static const int64_t step_ns[] = {1000000007, 2700000011, 2700000011};
    const size_t count[] = {row->ticks, row->answers, row->questions};
    uint32_t at = row->seed;
    for (size_t kind = 0; kind < 3; kind++) {
        for (size_t i = 0; i < count[kind]; i++) {
            int64_t x = 5000000000 + (int64_t)i * step_ns[kind] + (int64_t)kind * 1000003;
            int64_t delay = kind == 0   ? 250000 + row->queue_ns + noise_ns(&at, 400000)
                            : kind == 1 ? 250000 + noise_ns(&at, 400000)
                                        : -180000 - noise_ns(&at, 300000);
            int64_t drift = x / 1000000 * row->drift_1e9;
            drift = drift / 1000 - (drift % 1000 < 0); /* rounded down */
            struct offset_point point = {x, 77000000 + delay + drift};
            (kind == 0   ? offset_add_tick
             : kind == 1 ? offset_add_answer
                         : offset_add_question)(points, point);
        }
    }
}

static void the_line_is_the_references(void **state)
{
    (void)state;
    const struct offset_prior prior = {-100e-6, 100e-6};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static struct offset_points points;
        struct offset offset;
        points = (struct offset_points){.ticks = 0};
        hear(&points, &rows[i]);
        assert_true(offset_fit(&points, &prior, &offset));
        assert_within((double)offset.x_ns, (double)rows[i].x_ns, 1);
        assert_within((double)offset.y_ns, (double)rows[i].y_ns, 100);
        assert_within(offset.slope, rows[i].slope, 2e-9 + 1e-3 * rows[i].slope_doubt);
        assert_within(offset.slope_doubt, rows[i].slope_doubt, 1e-3 * rows[i].slope_doubt + 1e-10);
        assert_within((double)offset.queue_ns, (double)rows[i].found_queue_ns, 100);
        assert_within((double)offset.there_and_back_ns, (double)rows[i].there_and_back_ns, 100);
    }
}

/* Whichever of its copies comes first. */
static void an_answering_tick_counts_once_at_its_earliest_arrival(void **state)
{
    (void)state;
    static struct offset_points points;
    offset_add_answer(&points, (struct offset_point){5000, 1000});
    offset_add_answer(&points, (struct offset_point){4500, 500});
    offset_add_answer(&points, (struct offset_point){4800, 800});
    assert_int_equal(points.answers, 1);
    assert_int_equal(points.answer[0].x_ns, 4500);
    assert_int_equal(points.answer[0].y_ns, 500);
    offset_add_answer(&points, (struct offset_point){5000, 999}); /* another's stamp */
    assert_int_equal(points.answers, 2);
}

static void the_newest_are_kept_and_none_an_hour_older(void **state)
{
    (void)state;
    static struct offset_points points;
    offset_add_answer(&points, (struct offset_point){1, 2});
    offset_add_answer(&points, (struct offset_point){3, 7});
    for (int64_t i = 0; i <= OFFSET_TICKS_MAX; i++) {
        offset_add_tick(&points, (struct offset_point){i, 0});
    }
    assert_int_equal(points.ticks, OFFSET_TICKS_MAX);
    assert_int_equal(points.tick[0].x_ns, 1);
    assert_int_equal(points.tick[OFFSET_TICKS_MAX - 1].x_ns, OFFSET_TICKS_MAX);
    assert_int_equal(points.answer[0].y_ns, 2); /* the other lists are as they were */
    points.answers = 0;
    const int64_t hour = 3600 * NS_PER_S;
    points.ticks = 0;
    offset_add_question(&points, (struct offset_point){0, 0});
    offset_add_question(&points, (struct offset_point){1, 0});
    offset_add_question(&points, (struct offset_point){hour, 0});
    assert_int_equal(points.questions, 3);
    offset_add_question(&points, (struct offset_point){hour + 1, 0});
    assert_int_equal(points.questions, 3);
    assert_int_equal(points.question[0].x_ns, 1);
    struct offset offset;
    assert_false(
        offset_fit(&points, &(struct offset_prior){-1e-4, 1e-4}, &offset)); /* nothing came */
    offset_add_answer(&points, (struct offset_point){hour, 0});
    points.questions = 0;
    assert_false(offset_fit(&points, &(struct offset_prior){-1e-4, 1e-4}, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_the_references),
        cmocka_unit_test(an_answering_tick_counts_once_at_its_earliest_arrival),
        cmocka_unit_test(the_newest_are_kept_and_none_an_hour_older),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
