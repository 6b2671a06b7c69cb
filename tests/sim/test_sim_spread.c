/* How far apart a crowd begins: listeners all over the world, with the clocks and the paths that
 * people have, one by one.  2,000 of them; 100,000 with TOCSIN_DEEP=1.  Prints the spread. */
#include <inttypes.h>

#include "crowd.h"
#include "deep.h"
#include "seed.h"

static struct sim sim;

enum { GROUPS = 2 * PROFILES_DAILY + 1, ALL = 2 * PROFILES_DAILY };

struct group {
    double *error_ms;
    size_t count;
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_share(const struct group *group, double share)
{
    size_t at = (size_t)(share * (double)group->count);
    return group->error_ms[at < group->count ? at : group->count - 1];
}

/* Of a hundred: a LAN, Wi-Fi, the Internet, bad paths, mobile ones, one with long outages. */
static size_t draw_profile(struct chance *chance)
{
    static const unsigned weight[PROFILES_DAILY] = {15, 40, 30, 3, 10, 2};
    uint64_t drawn = chance_bits(chance) % 100;
    size_t which = 0;
    while (drawn >= weight[which]) {
        drawn -= weight[which++];
    }
    return which;
}

static void print_group(const char *name, const char *clock, struct group *group)
{
    if (group->count == 0) {
        return;
    }
    qsort(group->error_ms, group->count, sizeof *group->error_ms, by_value);
    double middle = at_share(group, 0.5);
    for (size_t i = 0; i < group->count; i++) {
        group->error_ms[i] = fabs(group->error_ms[i] - middle);
    }
    qsort(group->error_ms, group->count, sizeof *group->error_ms, by_value);
    printf("  %-28s %-13s %7zu  median %+8.3f ms of T-0; from it p50 %8.3f  p99 %8.3f  max %8.3f "
           "ms\n",
           name, clock, group->count, middle, at_share(group, 0.5), at_share(group, 0.99),
           group->error_ms[group->count - 1]);
}

static void the_world_begins_together(void **state)
{
    (void)state;
    size_t members = is_deep() ? 100000 : 2000;
    if (!is_deep()) {
        setenv("TOCSIN_SEED", "1", 0); /* every day the same crowd */
    }
    struct seed seed = seed_take("a crowd");
    struct chance chance = {seed_next(&seed)};
    static struct group group[GROUPS];
    for (size_t i = 0; i < GROUPS; i++) {
        group[i].error_ms = calloc(members, sizeof(double));
        assert_non_null(group[i].error_ms);
    }
    for (size_t done = 0; done < members;) {
        struct crowd_member member[CROWD_AT_ONCE];
        struct crowd_outcome one[CROWD_AT_ONCE];
        size_t which[CROWD_AT_ONCE], count = 0;
        for (; count < CROWD_AT_ONCE && done + count < members; count++) {
            which[count] = draw_profile(&chance);
            member[count] = (struct crowd_member){
                .profile = &PROFILES[which[count]],
                .beacons = 1 + chance_bits(&chance) % CROWD_BEACONS,
                .brokers = 1 + chance_bits(&chance) % CROWD_BROKERS,
                .join_s = chance_between(&chance, -150, -70),
                .bound_ns = chance_bits(&chance) % 2 == 0 ? 5 * NS_PER_MS : 0,
                .off_ns = (int64_t)chance_between(&chance, -86400e9, 86400e9),
                .rate = chance_between(&chance, -99e-6, 99e-6),
            };
        }
        crowd_listen(&sim, chance_bits(&chance), &(struct crowd_world){.before_s = 150}, member,
                     count, one);
        for (size_t i = 0; i < count; i++) {
            if (sim.violation[0] != '\0' || !one[i].has_started) {
                fail_msg("listener %zu, %s: %s", done + i, member[i].profile->name,
                         one[i].has_started ? sim.violation : "did not start");
            }
            struct group *mine = &group[2 * which[i] + (member[i].bound_ns > 0)];
            mine->error_ms[mine->count++] = (double)one[i].error_ns / 1e6;
            group[ALL].error_ms[group[ALL].count++] = (double)one[i].error_ns / 1e6;
        }
        done += count;
    }
    printf("%zu listeners\n", members);
    for (size_t i = 0; i < ALL; i++) {
        print_group(PROFILES[i / 2].name, i % 2 == 0 ? "free" : "synchronised", &group[i]);
    }
    print_group("all", "", &group[ALL]);
    assert_true(at_share(&group[ALL], 0.99) <= 10);
    for (size_t i = 0; i < GROUPS; i++) {
        free(group[i].error_ms);
    }
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_world_begins_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
