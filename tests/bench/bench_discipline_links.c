/* bench_discipline_links [WINDOWS [SEED]] -- the clock part of the start error: a listener whose
 * clock is wrong by up to a day and 100 ppm hears a beacon's ticks and asks it, as the schedule has
 * it, until the start; the discipline alone.  Errors without the beacon's own, but with several
 * beacons.  How wide the proved interval is, and how often the truth lay inside.  links: instants
 */
#include <stdio.h>
#include <stdlib.h>

#include "simulated_window.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct {
    long windows, by_liars, inside, bounded;
} sum;

struct figures {
    double p50_ms, p99_ms, max_ms, width_p50_ms, width_p99_ms;
    int unbounded, outside, named, falsely, questions;
};

static struct figures measure(struct chance *chance, const struct window_options *options,
                              int windows)
{
    struct figures out = {0};
    double *error = calloc((size_t)windows, sizeof *error);
    double *width = calloc((size_t)windows, sizeof *width);
    if (error == NULL || width == NULL) {
        exit(1);
    }
    size_t count = 0;
    long questions = 0;
    for (int i = 0; i < windows; i++) {
        struct window_outcome one = window_live(chance, options);
        questions += (long)one.questions;
        if (!one.is_bounded) {
            out.unbounded++;
            continue;
        }
        double own_s = options->beacons == 1 && !options->is_synchronised ? one.own_error_s : 0;
        error[count] = fabs(one.error_s - own_s) * 1e3;
        width[count++] = one.width_s * 1e3;
        out.outside += !one.is_inside;
        out.named += one.names_liars;
        out.falsely += one.names_honest;
    }
    sum.windows += windows;
    sum.bounded += (long)count;
    sum.inside += (long)count - out.outside;
    qsort(error, count, sizeof *error, by_size);
    qsort(width, count, sizeof *width, by_size);
    if (count > 0) {
        out.p50_ms = error[count / 2];
        out.p99_ms = error[count * 99 / 100];
        out.max_ms = error[count - 1];
        out.width_p50_ms = width[count / 2];
        out.width_p99_ms = width[count * 99 / 100];
    }
    out.questions = (int)(questions / windows);
    free(error);
    free(width);
    return out;
}

static void print(const char *profile, const char *what, const struct figures *f, double goal_ms)
{
    char goal[16] = "-";
    if (goal_ms > 0) {
        snprintf(goal, sizeof goal, "%.2f", goal_ms);
    }
    printf("%-28s %-26s %8.3f %8.3f %6s%s %9.3f  %7.1f %7.1f %7d %6d %5d\n", profile, what,
           f->p50_ms, f->p99_ms, goal, goal_ms > 0 && f->p99_ms > goal_ms ? "!" : " ", f->max_ms,
           f->width_p50_ms, f->width_p99_ms, f->outside, f->unbounded, f->questions);
    fflush(stdout);
}

/* p99, in the order of PROFILES; 0: none.  A relay may add a quarter. */
static const double JOINED_15_MIN[PROFILES_COUNT] = {0.2, 0.3, 0.8, 4, 2.5, 1.5},
                    JOINED_90_S[PROFILES_COUNT] = {0.3, 0.6, 1.6, 7},
                    JOINED_10_S[PROFILES_COUNT] = {0.4, 1, 1.6, 7};

static void joins(struct chance *chance, int windows)
{
    static const struct {
        const char *what;
        double join_s;
        const double *goal_ms;
    } join[] = {{"joined T-15 min", -900, JOINED_15_MIN},
                {"joined T-90 s", -90, JOINED_90_S},
                {"joined T-10 s", -10, JOINED_10_S}};
    double early_ms[4] = {0};
    for (size_t j = 0; j < 3; j++) {
        double direct_ms[4] = {0};
        for (size_t p = 0; p < PROFILES_COUNT; p++) {
            struct window_options options = {
                .profile = &PROFILES[p], .join_s = join[j].join_s, .beacons = 1};
            struct figures f = measure(chance, &options, windows);
            double goal_ms = join[j].goal_ms[p];
            if (p < 4) {
                direct_ms[p] = f.p99_ms;
                early_ms[p] = j == 0 ? f.p99_ms : early_ms[p];
            } else if (p >= 6 && p < 10) {
                goal_ms = 1.25 * direct_ms[p - 6];
            }
            print(PROFILES[p].name, join[j].what, &f, goal_ms);
        }
    }
    for (size_t p = 0; p < 4; p++) {
        struct window_options options = {
            .profile = &PROFILES[p + 6], .join_s = -900, .beacons = 1, .crosses_bridge = true};
        struct figures f = measure(chance, &options, windows);
        print(options.profile->name, "T-15 min, over a bridge", &f, 1.25 * early_ms[p]);
    }
}

static void holds(struct chance *chance, int windows)
{
    static const double may_add_ms[] = {0.8, 1, 1.5, 0, 0};
    for (size_t p = 0; p < 5; p++) {
        struct window_options options = {.profile = &PROFILES[p], .join_s = -3600, .beacons = 1};
        struct figures f = measure(chance, &options, windows);
        print(PROFILES[p].name, "joined T-60 min", &f, 0);
        double goal_ms = may_add_ms[p] > 0 ? f.p99_ms + may_add_ms[p] : 0;
        options.hold_s = 600;
        f = measure(chance, &options, windows);
        print(PROFILES[p].name, "T-60 min, 600 s without", &f, goal_ms);
        options.join_s = -900;
        f = measure(chance, &options, windows);
        print(PROFILES[p].name, "T-15 min, 600 s without", &f, 0);
        options.known_ppm = 2;
        f = measure(chance, &options, windows);
        print(PROFILES[p].name, "the same, skew known +-2", &f, 0);
    }
    for (size_t p = 0; p < 5; p++) {
        struct window_options options = {
            .profile = &PROFILES[p], .join_s = -900, .beacons = 1, .wander_ppm = 3};
        struct figures f = measure(chance, &options, windows);
        print(PROFILES[p].name, "T-15 min, wander 3 ppm", &f, 0);
    }
}

static void lies(struct chance *chance, int windows)
{
    static const struct {
        double lie_s;
        bool is_narrow;
    } lie[] = {{0, false},    {1, false},     {-1, false},  {86400, false}, {-86400, false},
               {0.02, false}, {-0.02, false}, {0.02, true}, {0.2, true}};
    static const size_t which[] = {0, 1, 2, 3, 11};
    for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
        for (size_t l = 0; l < sizeof lie / sizeof *lie; l++) {
            struct window_options options = {.profile = &PROFILES[which[i]],
                                             .join_s = -900,
                                             .beacons = 3,
                                             .liars = l > 0,
                                             .lie_s = lie[l].lie_s,
                                             .has_narrow_lie = lie[l].is_narrow};
            struct figures f = measure(chance, &options, windows);
            char what[80];
            snprintf(what, sizeof what, "1 of 3 off %+.2f s%s", lie[l].lie_s,
                     lie[l].is_narrow ? ", narrow" : "");
            print(options.profile->name, what, &f, which[i] < 2 ? 1.5 : 0);
            if (options.liars > 0) {
                printf("%-28s   named in %d of %d, honest ones in %d\n", "", f.named, windows,
                       f.falsely);
            }
        }
    }
}

/* A synchronised host, its bound honest: 0 to 5 beacons, the minority lying, on any path. */
static void synchronised(struct chance *chance, int windows)
{
    int worse = 0;
    double largest_ms = 0;
    for (int i = 0; i < windows; i++) {
        size_t beacons = chance_bits(chance) % 6;
        struct window_options options = {
            .profile = &PROFILES[chance_bits(chance) % PROFILES_COUNT],
            .join_s = -exp(chance_between(chance, 2, 6.8)),
            .beacons = beacons,
            .liars = beacons > 0 ? chance_bits(chance) % ((beacons + 1) / 2) : 0,
            .lie_s = chance_between(chance, -1, 1) * exp(chance_between(chance, -6, 11)),
            .is_synchronised = true,
            .sync_s = 0.002,
        };
        struct window_outcome one = window_live(chance, &options);
        double error_ms = fabs(one.error_s) * 1e3;
        largest_ms = fmax(largest_ms, error_ms);
        worse += error_ms > 2 || !one.is_inside;
    }
    printf("synchronised within 2 ms: %d of %d worse than without beacons, largest error %.3f ms\n",
           worse, windows, largest_ms);
}

static void everything(struct chance *chance, int windows)
{
    for (int i = 0; i < windows; i++) {
        struct window_options options = window_draw(chance);
        struct window_outcome one = window_live(chance, &options);
        sum.windows++;
        if (one.liars_heard > 0 && 2 * one.liars_heard >= one.heard) {
            sum.by_liars++; /* the honest ones never came through: nothing is promised */
            continue;
        }
        sum.bounded += one.is_bounded;
        sum.inside += one.is_bounded && one.is_inside;
        if (one.is_bounded && !one.is_inside) {
            printf("outside: %s, joined %.0f s, %zu beacons, %zu lie by %.3f s, width %.3f ms\n",
                   options.profile->name, options.join_s, options.beacons, options.liars,
                   options.lie_s, one.width_s * 1e3);
        }
    }
}

/* One beacon of three lies; the two ways differ by up to ten to one, and the way down grows or
 * shrinks by up to 30 ms in ten minutes, over whatever jitter, loss, relay and queue there is. */
static void proofs(struct chance *chance, int windows)
{
    long bounded = 0, inside = 0;
    double *width = calloc((size_t)windows, sizeof *width);
    if (width == NULL) {
        exit(1);
    }
    for (int i = 0; i < windows; i++) {
        struct profile profile = PROFILES[chance_bits(chance) % PROFILES_COUNT];
        double shorter_ms = exp(chance_between(chance, 0, 4)),
               longer = chance_between(chance, 1, 10);
        bool is_up = chance_bits(chance) % 2 == 0;
        profile.up_ms = shorter_ms * (is_up ? longer : 1);
        profile.down_ms = shorter_ms * (is_up ? 1 : longer);
        profile.creep_ms = chance_between(chance, -30, 30);
        struct window_options options = window_draw(chance);
        options.profile = &profile;
        options.beacons = 3;
        options.liars = 1;
        struct window_outcome one = window_live(chance, &options);
        if (one.liars_heard > 0 && 2 * one.liars_heard >= one.heard) {
            sum.by_liars++;
            continue;
        }
        if (one.is_bounded) {
            width[bounded++] = one.width_s * 1e3;
            inside += one.is_inside;
        }
    }
    qsort(width, (size_t)bounded, sizeof *width, by_size);
    printf(
        "1 of 3 lies, ways of up to 10:1, creeping by up to 30 ms in ten minutes: truth inside in "
        "%ld of %ld, width p50 %.1f, p99 %.1f ms\n",
        inside, bounded, bounded > 0 ? width[bounded / 2] : 0,
        bounded > 0 ? width[bounded * 99 / 100] : 0);
    free(width);
}

int main(int argc, char **argv)
{
    int windows = argc > 1 ? atoi(argv[1]) : 2000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    printf("seed %llu, %d windows each\n%-28s %-26s %8s %8s %7s %9s  %7s %7s %7s %6s %5s\n",
           (unsigned long long)seed, windows, "profile", "case", "p50 ms", "p99 ms", "goal",
           "max ms", "w50 ms", "w99 ms", "outside", "no edge", "asked");
    struct chance chance = {seed};
    joins(&chance, windows);
    holds(&chance, windows);
    lies(&chance, windows / 2);
    synchronised(&chance, 5 * windows);
    everything(&chance, 40 * windows);
    proofs(&chance, 120 * windows);
    printf("truth inside [earliest, latest] where both are known: %ld of %ld (%ld windows, "
           "in %ld no majority of those heard was honest)\n",
           sum.inside, sum.bounded, sum.windows, sum.by_liars);
    return 0;
}
