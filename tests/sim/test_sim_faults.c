/* Random stories: whatever goes wrong, nobody starts early, twice, or for what was not declared;
 * the truth lies inside the stated interval while most sources are honest; and who had every reason
 * to start has started.  TOCSIN_SEED begins elsewhere, TOCSIN_STORY tells one story alone. */
#include <inttypes.h>
#include <stdlib.h>

#include "deep.h"
#include "faults.h"
#include "seed.h"

static struct sim sim;

static struct {
    uint64_t stories, starts, truths, hosts, steps, forged, proofs, silent;
} sum;

static void tell(uint64_t story, bool is_told)
{
    faults_story(&sim, story, is_told);
    if (sim.violation[0] != '\0') {
        fputs(sim.timeline, stderr);
        fail_msg("TOCSIN_STORY=%" PRIu64 " (number %" PRIu64 "): %s", story, sum.stories,
                 sim.violation);
    }
    for (size_t j = 0; j < sim.listener_count; j++) {
        sum.starts += sim.listener[j].start_count;
        sum.silent += sim.listener[j].start_count == 0;
        sum.proofs += sim.listener[j].proofs;
    }
    sum.truths += sim.truths_judged;
    sum.hosts += sim.hosts_judged;
    sum.steps += sim.steps;
    sum.forged += sim.forged;
    uint64_t digest = sim.digest;
    sim_close(&sim);
    if (sum.stories++ % 50 == 0) { /* the same again, to the last event */
        faults_story(&sim, story, is_told);
        assert_true(sim.digest == digest);
        sim_close(&sim);
    }
}

static void random_stories_keep_what_was_promised(void **state)
{
    (void)state;
    const char *one = getenv("TOCSIN_STORY");
    if (one != NULL) {
        tell(strtoull(one, NULL, 0), true);
        return;
    }
    if (!is_deep()) {
        /* Every day the same hundreds; a deep run goes where nobody has been. */
        setenv("TOCSIN_SEED", "1", 0);
    }
    struct seed seed = seed_take("random stories");
    for (int i = 0; i < (is_deep() ? 12000 : 400); i++) {
        tell(seed_next(&seed), false);
    }
    printf("%" PRIu64 " stories: %" PRIu64 " starts, %" PRIu64 " listeners without one; %" PRIu64
           " steps, in %" PRIu64 " the truth was judged, in %" PRIu64
           " a host that is right; %" PRIu64 " messages forged or replayed, %" PRIu64
           " proofs kept\n",
           sum.stories, sum.starts, sum.silent, sum.steps, sum.truths, sum.hosts, sum.forged,
           sum.proofs);
    assert_true(sum.starts > 0 && sum.truths > sum.hosts && sum.hosts > 0);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_stories_keep_what_was_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
