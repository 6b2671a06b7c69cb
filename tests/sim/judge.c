/* judge.c -- what must hold in every story, whatever happens in it. */
#include "sim.h"

void sim_violate(struct sim *sim, const char *format, ...)
{
    if (sim->violation[0] != '\0') {
        return;
    }
    int size = snprintf(sim->violation, sizeof sim->violation, "[%.3fs] ",
                        (double)(sim_utc(sim).ns - sim->zero.ns) / 1e9);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sim->violation + size, sizeof sim->violation - (size_t)size, format, arguments);
    va_end(arguments);
}

static const struct sim_beacon *beacon_of(const struct sim *sim, const struct listener *mind,
                                          size_t which)
{
    for (size_t i = 0; i < sim->beacon_count; i++) {
        if (record_key_id_equal(&mind->beacon[which].key.id, &sim->beacon[i].key.public.id)) {
            return &sim->beacon[i];
        }
    }
    return NULL;
}

/* Whether more than half of the beacons that vote in this listener's estimate tell the truth within
 * the errors that they state, over whatever paths. */
static bool has_honest_majority(const struct sim *sim, const struct sim_listener *listener)
{
    const struct listener *mind = &listener->mind;
    size_t sources = 0, honest = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (mind->beacon[i].in_use &&
            mind->beacon[i].constellation == sim_constellation(listener) &&
            mind->discipline.source[i].earliest.is_known) {
            const struct sim_beacon *beacon = beacon_of(sim, mind, i);
            sources++;
            honest += beacon != NULL && beacon->is_honest;
        }
    }
    return 2 * honest > sources;
}

/* Whether more than half of all that the root names do. */
static bool has_honest_root(const struct sim *sim)
{
    size_t honest = 0, named = 0;
    for (size_t i = 0; i < sim->beacon_count; i++) {
        named += !sim->beacon[i].is_neighbour;
        honest += !sim->beacon[i].is_neighbour && sim->beacon[i].is_honest;
    }
    return 2 * honest > named;
}

/* Whether what the estimate rests on is true.  What is called proved has to hold by the root alone,
 * whoever of it is kept from this listener. */
static bool rests_on_truth(const struct sim *sim, const struct sim_listener *listener)
{
    const struct discipline_estimate *estimate = sim_estimate(listener);
    return estimate->basis == BASIS_HOST ? listener->clock.is_honest && has_honest_root(sim)
           : estimate->is_proved         ? has_honest_root(sim)
                                         : has_honest_majority(sim, listener);
}

/* Whether it stood still, no clock shows it, and an edge of before is still believed. */
static bool is_excused(const struct sim_listener *listener)
{
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX && listener->clock.has_paused; i++) {
        const struct discipline_source *source = &listener->mind.discipline.source[i];
        if (source->latest.is_known && source->latest.at.ns <= listener->clock.paused_at) {
            return true;
        }
    }
    return false;
}

static void note_jumps(struct sim *sim, struct sim_listener *listener)
{
    const struct discipline_estimate *estimate = sim_estimate(listener);
    int64_t jump = instant_since(estimate->best, listener->last_best).ns -
                   mono_since(estimate->at, listener->last_at).ns;
    if (listener->last_at.ns == 0 || jump > NS_PER_S / 2 || jump < -NS_PER_S / 2 ||
        estimate->doubt != listener->last_doubt) {
        listener->disturbed_at = sim->now;
    }
    listener->last_at = estimate->at;
    listener->last_best = estimate->best;
    listener->last_doubt = estimate->doubt;
}

static double off_s(instant at, instant truth)
{
    return (double)instant_since(at, truth).ns / 1e9;
}

/* What each source said, for whoever has to find out. */
static void tell_sources(struct sim *sim, const struct sim_listener *listener)
{
    const struct listener *mind = &listener->mind;
    const struct discipline_estimate *estimate = sim_estimate(listener);
    instant truth = sim_tai(sim);
    sim_tell(sim, listener->name, "host %s and %s, off by %+.6f s, bound %.6f s",
             listener->clock.is_synchronised ? "synchronised" : "free",
             listener->clock.is_honest ? "honest" : "wrong", off_s(estimate->host, truth),
             (double)listener->clock.bound / 1e9);
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        const struct sim_beacon *beacon = beacon_of(sim, mind, i);
        const struct discipline_source *source = &mind->discipline.source[i];
        if (estimate->verdict[i] == VERDICT_SILENT || beacon == NULL) {
            continue;
        }
        sim_tell(
            sim, listener->name,
            "beacon %zu %s, off by %+.6f s, error %.6f s, says %+.6f s (heard %.1f s ago) to "
            "%+.6f s (asked %.1f s ago), %zu ticks, %zu answers",
            (size_t)(beacon - sim->beacon), beacon->is_honest ? "honest" : "wrong",
            (double)(sim_clock_host(sim, &beacon->clock).ns + beacon->lie_ns - sim_utc(sim).ns) /
                1e9,
            (double)beacon->clock.bound / 1e9, off_s(estimate->source[i].earliest, truth),
            (double)(estimate->raw.ns - source->earliest.at.ns) / 1e9,
            off_s(estimate->source[i].latest, truth),
            (double)(estimate->raw.ns - source->latest.at.ns) / 1e9, source->points.ticks,
            source->points.questions);
    }
}

/* The floor is meant to stay, so what a false majority of earlier on made of it is no fault. */
static void judge_floor(struct sim *sim, struct sim_listener *listener)
{
    instant floor =
        listener->mind.discipline.constellation[sim_constellation(listener)].memory.floor;
    bool was_raised = floor.tai_ns > listener->last_floor.tai_ns;
    listener->last_floor = floor;
    if (was_raised && floor.tai_ns > sim_tai(sim).tai_ns) {
        sim_violate(sim, "%s: the floor was raised above the truth by %.6f s", listener->name,
                    off_s(floor, sim_tai(sim)));
    }
}

/* A host that is right to within its bound is not made worse. */
static void judge_host(struct sim *sim, const struct sim_listener *listener)
{
    const struct discipline_estimate *estimate = sim_estimate(listener);
    instant truth = sim_tai(sim);
    sim->hosts_judged++;
    if (fabs(off_s(estimate->best, truth)) > fabs(off_s(estimate->host, truth)) + 1e-6) {
        tell_sources(sim, listener);
        sim_violate(sim, "%s: its host was off by %+.6f s, and with beacons it is by %+.6f s",
                    listener->name, off_s(estimate->host, truth), off_s(estimate->best, truth));
    }
}

void sim_judge_step(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    const struct discipline_estimate *estimate = sim_estimate(listener);
    note_jumps(sim, listener);
    bool is_host = estimate->basis == BASIS_HOST;
    bool is_leaping = sim->now >= sim->leap_at - NS_PER_S && sim->now < sim->leap_at + NS_PER_S;
    if (!sim->judges_truth || is_leaping || !estimate->is_bounded || is_excused(listener) ||
        !rests_on_truth(sim, listener)) {
        listener->last_floor =
            listener->mind.discipline.constellation[sim_constellation(listener)].memory.floor;
        return;
    }
    judge_floor(sim, listener);
    if (is_host) {
        judge_host(sim, listener);
    }
    sim->truths_judged++;
    instant truth = sim_tai(sim);
    if (truth.tai_ns < estimate->earliest.tai_ns || truth.tai_ns > estimate->latest.tai_ns) {
        tell_sources(sim, listener);
        sim_violate(sim,
                    "%s: the truth is outside: earliest %+.6f s, best %+.6f s, latest %+.6f s of "
                    "it, %zu beacons heard, host %s",
                    listener->name, off_s(estimate->earliest, truth), off_s(estimate->best, truth),
                    off_s(estimate->latest, truth), estimate->heard,
                    listener->clock.is_synchronised ? "synchronised" : "free");
    }
}

static void judge_early(struct sim *sim, struct sim_listener *listener,
                        const struct listener_occurrence *occurrence,
                        const struct listener_shot *shot, utc start)
{
    mono now = sim_clock_mono(sim, &listener->clock);
    const struct discipline_estimate *estimate =
        listener_estimate(&listener->mind, &occurrence->name.root);
    instant release = {leap_from_utc(&sim->leap, start, NULL).tai_ns -
                       listener->options.site.latency.ns};
    if (now.ns < shot->target.ns) {
        sim_violate(sim, "%s: early on its own clock", listener->name);
    }
    int64_t after_best = instant_since(estimate->latest, estimate->best).ns;
    if (estimate->is_bounded &&
        instant_since(release, discipline_at(estimate, now)).ns > after_best) {
        sim_violate(sim, "%s: released while its latest was before the start", listener->name);
    }
}

void sim_judge_release(struct sim *sim, size_t which, const struct listener_shot *shot)
{
    struct sim_listener *listener = &sim->listener[which];
    const struct listener_occurrence *occurrence = listener_find(&listener->mind, shot->id);
    sim_mix(sim, (uint64_t)sim->now ^ shot->id);
    if (occurrence == NULL) {
        sim_violate(sim, "%s: a shot for nothing", listener->name);
        return;
    }
    unsigned uid = 0;
    for (unsigned i = 0; i < 4; i++) {
        uid = uid << 8 | occurrence->name.uid.bytes[i];
    }
    utc start;
    if (!sim_truth(sim, listener->known | sim->neighbours_known, uid, &start)) {
        sim_violate(sim, "%s: started what nobody declared, or what was cancelled", listener->name);
        return;
    }
    if (start.ns != occurrence->start.ns) {
        sim_violate(sim, "%s: started at another time than declared", listener->name);
    }
    for (size_t i = 0; i < listener->start_count; i++) {
        if (listener_name_equal(&listener->start[i].name, &occurrence->name)) {
            sim_violate(sim, "%s: started twice", listener->name);
        }
    }
    judge_early(sim, listener, occurrence, shot, start);
    if (listener->start_count < SIM_STARTS_MAX) {
        listener->start[listener->start_count++] = (struct sim_start){
            .name = occurrence->name,
            .at = sim->now,
            .start = start,
            .error = sim_utc(sim).ns + listener->options.site.latency.ns - start.ns,
        };
    }
    if ((sim->told_news >> NEWS_STARTED & 1) != 0) {
        sim_tell(sim, listener->name, "GO");
    }
}

/* Whether a mark of an earlier run keeps it quiet. */
static bool was_found_rung(const struct sim_listener *listener, unsigned uid)
{
    struct record_uid name = forge_uid(uid);
    for (size_t i = 0; i < listener->found_count; i++) {
        if (record_uid_equal(&listener->found[i].name.uid, &name) &&
            listener_mark_is_rung(&listener->found[i], &listener->options.boot,
                                  listener->found_at)) {
            return true;
        }
    }
    return false;
}

static void judge_one(struct sim *sim, struct sim_listener *listener, unsigned uid)
{
    struct record_uid name = forge_uid(uid);
    size_t starts = 0;
    for (size_t i = 0; i < listener->start_count; i++) {
        starts += record_uid_equal(&listener->start[i].name.uid, &name);
    }
    utc start;
    if (starts > 0 || !listener->is_running || !sim_truth(sim, listener->known, uid, &start) ||
        was_found_rung(listener, uid)) {
        return;
    }
    int64_t due = start.ns >= sim->leap_at ? start.ns + NS_PER_S : start.ns;
    /* Nothing is released before its marks are durable. */
    int64_t in_time = due - 5 * NS_PER_S - 2 * listener->sync_ns;
    if (due + 3 * NS_PER_S < sim->now && listener->disturbed_at < due - 15 * NS_PER_S &&
        listener->knows_since < in_time && sim_estimate(listener)->doubt == DOUBT_NONE &&
        rests_on_truth(sim, listener)) {
        sim_violate(sim, "%s: did not start, and had every reason to", listener->name);
    }
}

void sim_judge_end(struct sim *sim)
{
    for (size_t i = 0; i < sim->listener_count; i++) {
        for (size_t j = 1; j < sim->records.count; j++) {
            if (sim->truth[j].is_true && !sim->truth[j].is_cancel && sim->truth[j].seq == 0) {
                judge_one(sim, &sim->listener[i], sim->truth[j].uid);
            }
        }
        for (size_t j = 0; j < sim->listener[i].start_count; j++) {
            if (!record_id_equal(&sim->listener[i].start[j].name.root, &sim->listener[i].root)) {
                continue;
            }
            int64_t error = sim->listener[i].start[j].error;
            error = error < 0 ? -error : error;
            sim->largest_error = error > sim->largest_error ? error : sim->largest_error;
        }
    }
}
