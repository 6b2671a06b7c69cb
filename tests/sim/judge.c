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

/* Whether more than half of the sources that vote in this listener's estimate tell the truth within
 * the bounds that they state, over brokers that forward within the stated allowance. */
static bool has_honest_majority(const struct sim *sim, const struct sim_listener *listener)
{
    const struct listener *mind = &listener->mind;
    size_t sources = listener->clock.is_synchronised;
    size_t honest = listener->clock.is_synchronised && listener->clock.is_honest;
    bool is_prompt = true;
    for (size_t i = 0; i < sim->broker_count; i++) {
        is_prompt = is_prompt && (!listener->path[i].is_used || sim->broker[i].is_prompt);
    }
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (!mind->beacon[i].in_use || mind->estimate.verdict[i] == VERDICT_SILENT ||
            !mind->discipline.source[i].has_error) {
            continue;
        }
        sources++;
        for (size_t j = 0; j < sim->beacon_count; j++) {
            honest += is_prompt && sim->beacon[j].is_honest &&
                      record_key_id_equal(&mind->beacon[i].key.id, &sim->beacon[j].key.public.id);
        }
    }
    return 2 * honest > sources;
}

static void note_jumps(struct sim *sim, struct sim_listener *listener)
{
    const struct discipline_estimate *estimate = &listener->mind.estimate;
    int64_t jump =
        (estimate->best.ns - listener->last_best.ns) - (estimate->at.ns - listener->last_at.ns);
    if (listener->last_at.ns == 0 || jump > NS_PER_S / 2 || jump < -NS_PER_S / 2 ||
        estimate->doubt != listener->last_doubt) {
        listener->disturbed_at = sim->now;
    }
    listener->last_at = estimate->at;
    listener->last_best = estimate->best;
    listener->last_doubt = estimate->doubt;
}

/* The delay lines and the answered question behind what a source said. */
static void tell_links(struct sim *sim, const struct sim_listener *listener, size_t source)
{
    const struct discipline_source *said = &listener->mind.discipline.source[source];
    mono now = sim_clock_mono(sim, &listener->clock);
    if (said->is_vouched) {
        int64_t age = now.ns - said->vouch_at.ns, truth = sim_utc(sim).ns;
        sim_tell(sim, listener->name, "  answered %.1f s ago: %+.6f %+.6f s without drift",
                 (double)age / 1e9, (double)(said->vouch_earliest.ns + age - truth) / 1e9,
                 (double)(said->vouch_latest.ns + age - truth) / 1e9);
    }
    for (size_t i = 0; i < DISCIPLINE_LINKS_MAX; i++) {
        const struct discipline_link *link = &said->link[i];
        if (link->count > 0) {
            sim_tell(sim, listener->name,
                     "  over broker %zu (%s): %zu points, without delay %+.6f s, smallest round "
                     "trip %.6f s, slope %+.1f +- %.1f ppm, touched %.1f s ago, gaps %.6f s, the "
                     "fourth %.6f s",
                     i, listener->path[i].back.name, link->count,
                     (double)(now.ns - line_at(&link->line, now.ns) - sim_utc(sim).ns) / 1e9,
                     (double)link->rtt.ns / 1e9, link->line.slope * 1e6, link->slope_doubt * 1e6,
                     (double)(now.ns - link->line.touch_x_ns) / 1e9, link->line.mean_gap_ns / 1e9,
                     (double)link->line.fourth_gap_ns / 1e9);
        }
    }
}

/* What each source said, for whoever has to find out. */
static void tell_sources(struct sim *sim, const struct sim_listener *listener)
{
    const struct listener *mind = &listener->mind;
    int64_t truth = sim_utc(sim).ns;
    if (listener->clock.is_synchronised) {
        sim_tell(sim, listener->name, "host %s, off by %+.6f s, bound %.6f s",
                 listener->clock.is_honest ? "honest" : "wrong",
                 (double)(sim_clock_host(sim, &listener->clock).ns - truth) / 1e9,
                 (double)listener->clock.bound / 1e9);
    }
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        const struct discipline_interval *said = &mind->estimate.source[i];
        if (mind->estimate.verdict[i] == VERDICT_SILENT) {
            continue;
        }
        for (size_t j = 0; j < sim->beacon_count; j++) {
            if (record_key_id_equal(&mind->beacon[i].key.id, &sim->beacon[j].key.public.id)) {
                sim_tell(sim, listener->name,
                         "beacon %zu %s, off by %+.6f s, error %.6f s, says %+.6f %+.6f %+.6f s", j,
                         sim->beacon[j].is_honest ? "honest" : "wrong",
                         (double)(sim_clock_host(sim, &sim->beacon[j].clock).ns +
                                  sim->beacon[j].lie_ns - truth) /
                             1e9,
                         (double)mind->discipline.source[i].error.ns / 1e9,
                         (double)(said->earliest.ns - truth) / 1e9,
                         (double)(said->best.ns - truth) / 1e9,
                         (double)(said->latest.ns - truth) / 1e9);
                tell_links(sim, listener, i);
            }
        }
    }
}

void sim_judge_step(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    const struct discipline_estimate *estimate = &listener->mind.estimate;
    note_jumps(sim, listener);
    utc truth = sim_utc(sim), floor = listener->mind.discipline.memory.floor;
    bool was_raised = floor.ns != listener->last_floor.ns;
    listener->last_floor = floor;
    bool is_leaping = sim->now >= sim->leap_at - NS_PER_S && sim->now < sim->leap_at + NS_PER_S;
    if (!sim->judges_truth || is_leaping || !estimate->is_bounded ||
        !has_honest_majority(sim, listener)) {
        return;
    }
    if (floor.ns >
        truth.ns) { /* a false majority of earlier on raised it, and it is meant to stay */
        if (was_raised) {
            sim_violate(sim, "%s: the floor was raised above the truth by %.6f s", listener->name,
                        (double)(floor.ns - truth.ns) / 1e9);
        }
        return;
    }
    sim->truths_judged++;
    if (truth.ns < estimate->earliest.ns || truth.ns > estimate->latest.ns) {
        tell_sources(sim, listener);
        sim_violate(sim,
                    "%s: the truth is outside: earliest %+.6f s, best %+.6f s, latest %+.6f s of "
                    "it, %zu beacons heard, host %s",
                    listener->name, (double)(estimate->earliest.ns - truth.ns) / 1e9,
                    (double)(estimate->best.ns - truth.ns) / 1e9,
                    (double)(estimate->latest.ns - truth.ns) / 1e9, estimate->heard,
                    listener->clock.is_synchronised ? "synchronised" : "free");
    }
}

static void judge_early(struct sim *sim, struct sim_listener *listener,
                        const struct listener_shot *shot, utc start)
{
    mono now = sim_clock_mono(sim, &listener->clock);
    const struct discipline_estimate *estimate = &listener->mind.estimate;
    utc release = {start.ns - listener->options.site.latency.ns};
    if (now.ns < shot->target.ns) {
        sim_violate(sim, "%s: early on its own clock", listener->name);
    }
    int64_t after_best = estimate->latest.ns - estimate->best.ns;
    if (estimate->is_bounded && discipline_utc_at(estimate, now).ns + after_best < release.ns) {
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
    if (!sim_truth(sim, listener->known, uid, &start)) {
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
    judge_early(sim, listener, shot, start);
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
        listener->knows_since < in_time && listener->mind.estimate.doubt == DOUBT_NONE &&
        has_honest_majority(sim, listener)) {
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
            int64_t error = sim->listener[i].start[j].error;
            error = error < 0 ? -error : error;
            sim->largest_error = error > sim->largest_error ? error : sim->largest_error;
        }
    }
}
