/* bench_sim_clock [LISTENERS [SEED [CASE]]] -- the clock part of the start error, through the real
 * minds in the simulated world of tests/sim: listeners whose clocks are off by up to a day and 100
 * ppm hear and ask real heralds over brokers, and start.  The beacons have no error of their own,
 * though they state 1 ms: it would only be added; but where one lies. */
#include "crowd.h"

static struct sim sim;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct figures {
    double *error_ms, *width_ms;
    size_t count, silent, unproved, named, falsely;
    uint64_t asks;
};

static void take(struct figures *figures, const struct crowd_outcome *one)
{
    figures->silent += !one->has_started;
    figures->unproved += !one->is_proved;
    figures->named += one->names_liar;
    figures->falsely += one->names_honest;
    figures->asks += one->asks;
    if (one->has_started) {
        figures->error_ms[figures->count] = fabs((double)one->error_ns / 1e6);
        figures->width_ms[figures->count++] = (double)one->width_ns / 1e6;
    }
}

struct table {
    const char *what;
    struct crowd_world world;
    struct crowd_member like;
    double goal_ms; /* of p99; 0: none */
};

static const char *only; /* cases whose names hold this; NULL: all */

/* Returns p99. */
static double measure(const struct table *table, size_t profile, uint64_t seed, size_t listeners)
{
    if (only != NULL && strstr(table->what, only) == NULL) {
        return 0;
    }
    struct figures figures = {.error_ms = calloc(listeners, sizeof(double)),
                              .width_ms = calloc(listeners, sizeof(double))};
    if (figures.error_ms == NULL || figures.width_ms == NULL) {
        exit(1);
    }
    struct chance chance = {seed};
    for (size_t done = 0; done < listeners; done += CROWD_AT_ONCE) {
        struct crowd_member member[CROWD_AT_ONCE];
        struct crowd_outcome one[CROWD_AT_ONCE];
        size_t count = listeners - done < CROWD_AT_ONCE ? listeners - done : CROWD_AT_ONCE;
        for (size_t i = 0; i < count; i++) {
            member[i] = table->like;
            member[i].profile = &PROFILES[profile];
            member[i].off_ns = (int64_t)chance_between(&chance, -86400e9, 86400e9);
            member[i].rate = chance_between(&chance, -99e-6, 99e-6);
            member[i].join_s += chance_between(&chance, -0.5, 0.5);
        }
        crowd_listen(&sim, chance_bits(&chance), &table->world, member, count, one);
        if (sim.violation[0] != '\0') {
            printf("VIOLATION: %s\n", sim.violation);
        }
        for (size_t i = 0; i < count; i++) {
            take(&figures, &one[i]);
        }
    }
    qsort(figures.error_ms, figures.count, sizeof(double), by_value);
    qsort(figures.width_ms, figures.count, sizeof(double), by_value);
    double p99 = figures.count > 0 ? figures.error_ms[figures.count * 99 / 100] : 0;
    if (figures.count > 0) {
        char goal[16] = "-";
        if (table->goal_ms > 0) {
            snprintf(goal, sizeof goal, "%.2f", table->goal_ms);
        }
        printf("%-34s %-28s %8.3f %8.3f %6s%s %8.3f %8.1f %8.1f %6.1f %6zu %8zu", table->what,
               PROFILES[profile].name, figures.error_ms[figures.count / 2], p99, goal,
               table->goal_ms > 0 && p99 > table->goal_ms ? "!" : " ",
               figures.error_ms[figures.count - 1], figures.width_ms[figures.count / 2],
               figures.width_ms[figures.count * 99 / 100], (double)figures.asks / (double)listeners,
               figures.silent, figures.unproved);
        if (table->world.lie_ns != 0) {
            printf("  liar named by %zu, others by %zu", figures.named, figures.falsely);
        }
        printf("\n");
        fflush(stdout);
    }
    free(figures.error_ms);
    free(figures.width_ms);
    return p99;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        return 1;
    }
    size_t listeners = argc > 1 ? (size_t)atoi(argv[1]) : 240;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    only = argc > 3 ? argv[3] : NULL;
    printf("seed %llu, %zu listeners each\n%-34s %-28s %8s %8s %7s %8s %8s %8s %6s %6s %8s\n",
           (unsigned long long)seed, listeners, "case", "path", "p50 ms", "p99 ms", "goal",
           "max ms", "w50 ms", "w99 ms", "asked", "silent", "unproved");
    /* LAN, Wi-Fi, Internet, bad, mobile, outages */
    static const double joined[3][PROFILES_DAILY] = {
        {0.2, 0.3, 0.8, 4, 2.5, 1.5}, {0.3, 0.6, 1.6, 7}, {0.4, 1, 1.6, 7}};
    static const double before_s[] = {900, 90, 10};
    static const char *const names[] = {"joined T-15 min", "joined T-90 s", "joined T-10 s"};
    for (size_t j = 0; j < 3; j++) {
        struct table table = {
            .what = names[j],
            .world = {.before_s = before_s[j] + 1, .is_exact = true, .is_beside = true},
            .like = {.beacons = 1, .brokers = 1, .join_s = -before_s[j]}};
        double direct_ms[4] = {0};
        for (size_t p = 0; p < (j == 0 ? 14 : PROFILES_DAILY); p++) {
            table.goal_ms = p < PROFILES_DAILY ? joined[j][p]
                            : p < 10           ? 1.25 * direct_ms[p - PROFILES_DAILY]
                                               : 0;
            double p99 = measure(&table, p, seed, listeners);
            if (p < 4) {
                direct_ms[p] = p99;
            }
        }
    }
    for (size_t j = 0; j < 3; j++) {
        char what[64];
        snprintf(what, sizeof what, "%s, beacon a LAN away", names[j]);
        struct table far = {.what = what,
                            .world = {.before_s = before_s[j] + 1, .is_exact = true},
                            .like = {.beacons = 1, .brokers = 1, .join_s = -before_s[j]}};
        measure(&far, 0, seed, listeners);
    }
    struct table table = {.what = "joined T-60 min",
                          .world = {.before_s = 3601, .is_exact = true, .is_beside = true},
                          .like = {.beacons = 1, .brokers = 1, .join_s = -3600}};
    static const double may_add_ms[] = {0.8, 1, 1.5};
    for (size_t p = 0; p < 3; p++) {
        double p99 = measure(&table, p, seed, listeners);
        struct table held = table;
        held.what = "T-60 min, the last 600 s without";
        held.world.silent_s = 600;
        held.goal_ms = p99 + may_add_ms[p];
        measure(&held, p, seed, listeners);
    }
    static const int64_t lies[] = {0,           NS_PER_S,       -NS_PER_S,      NS_PER_DAY,
                                   -NS_PER_DAY, 20 * NS_PER_MS, -20 * NS_PER_MS};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        char what[64];
        snprintf(what, sizeof what, "3 beacons, one off by %+.2f s", (double)lies[i] / 1e9);
        table = (struct table){.what = what,
                               .world = {.before_s = 301, .lie_ns = lies[i]},
                               .like = {.beacons = 3, .brokers = 2, .join_s = -300}};
        for (size_t p = 0; p < 3; p++) {
            table.goal_ms = p < 2 ? 1.5 : 0;
            measure(&table, p, seed, listeners);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        table = (struct table){
            .what = i == 0 ? "synchronised +-2 ms, 3 beacons" : "the same, one lies",
            .world = {.before_s = 121,
                      .lie_ns = i == 0   ? 0
                                : i == 1 ? 3 * NS_PER_S
                                         : -3 * NS_PER_S},
            .like = {.beacons = 3, .brokers = 2, .join_s = -120, .bound_ns = 2 * NS_PER_MS},
            .goal_ms = 2};
        for (size_t p = 0; p < 14; p++) {
            measure(&table, p, seed, listeners / 2);
        }
    }
    return 0;
}
