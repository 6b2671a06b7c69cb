#include "discipline/discipline.h"

#include <math.h>
#include <string.h>

#include "discipline/source.h"

static const int64_t CORRECTION_MAX_NS = 2 * NS_PER_S;
static const double LEARNED_MAX = 500e-6; /* what a kernel slews by */
static const int64_t SLEEP_NOTICED_NS = 2 * NS_PER_MS;
/* A bound this wide is none: it contradicts nothing, and has no vote.  Beyond, sums with a stamp
 * would not fit. */
static const int64_t ERROR_MAX_NS = NS_PER_DAY;

void discipline_init(struct discipline *discipline, const struct discipline_options *options,
                     const struct discipline_memory *memory)
{
    memset(discipline, 0, sizeof *discipline);
    discipline->options = *options;
    discipline->memory = discipline->before = *memory;
}

void discipline_hear(struct discipline *discipline, size_t source, size_t link,
                     const struct discipline_sample *sample)
{
    if (source < DISCIPLINE_SOURCES_MAX && link < DISCIPLINE_LINKS_MAX) {
        struct discipline_sample heard = *sample;
        heard.has_error = sample->has_error && sample->error.ns <= ERROR_MAX_NS;
        source_hear(&discipline->source[source], link, &heard, &discipline->before);
    }
}

void discipline_set_fan_out(struct discipline *discipline, size_t source, span fan_out)
{
    if (source < DISCIPLINE_SOURCES_MAX && fan_out.ns >= 0) {
        discipline->source[source].has_fan_out = true;
        discipline->source[source].fan_out = fan_out;
    }
}

void discipline_vouch(struct discipline *discipline, size_t source, size_t link, mono asked,
                      mono answered, utc sent, span error)
{
    if (source >= DISCIPLINE_SOURCES_MAX || link >= DISCIPLINE_LINKS_MAX ||
        answered.ns < asked.ns) {
        return;
    }
    error.ns = error.ns < ERROR_MAX_NS ? error.ns : ERROR_MAX_NS;
    struct discipline_source *vouched = &discipline->source[source];
    vouched->is_vouched = true;
    vouched->vouch_at = answered;
    vouched->vouch_earliest.ns = sent.ns - error.ns;
    vouched->vouch_latest.ns = sent.ns + (answered.ns - asked.ns) + error.ns;
    source_answer(vouched, link, answered, sent);
}

void discipline_leap(struct discipline *discipline, span step)
{
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
        struct discipline_source *source = &discipline->source[i];
        for (size_t j = 0; j < DISCIPLINE_LINKS_MAX; j++) {
            struct discipline_link *link = &source->link[j];
            link->line.y0_ns += step.ns;
            link->likely.y0_ns += step.ns;
            link->answer.y_ns += step.ns;
            for (size_t k = 0; k < DISCIPLINE_SAMPLES_MAX; k++) {
                link->point[k].y_ns += step.ns;
            }
        }
        source->vouch_earliest.ns -= step.ns;
        source->vouch_latest.ns -= step.ns;
    }
    if (step.ns > 0) {
        discipline->memory.floor.ns -= step.ns;
    }
}

void discipline_drop(struct discipline *discipline, size_t source)
{
    if (source < DISCIPLINE_SOURCES_MAX) {
        memset(&discipline->source[source], 0, sizeof discipline->source[source]);
    }
}

bool discipline_notice_sleep(struct discipline *discipline, const struct discipline_clocks *clocks)
{
    int64_t change = clocks->slept.ns - discipline->slept.ns;
    bool has_slept =
        discipline->has_slept && (change > SLEEP_NOTICED_NS || change < -SLEEP_NOTICED_NS);
    discipline->slept = clocks->slept;
    discipline->has_slept = true;
    if (has_slept) {
        for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
            discipline_drop(discipline, i);
        }
        discipline->before = discipline->memory;
    }
    return has_slept;
}

/* The sources that vote: up to one host and all beacons. */
struct panel {
    struct discipline_interval interval[DISCIPLINE_SOURCES_MAX + 1];
    size_t beacon[DISCIPLINE_SOURCES_MAX + 1]; /* its index; the host's place is `host` */
    size_t count;
    bool has_host;
    size_t host;
};

static bool contains(const struct discipline_interval *interval, int64_t at)
{
    return interval->earliest.ns <= at && at <= interval->latest.ns;
}

static size_t votes_for(const struct panel *panel, int64_t at)
{
    size_t votes = 0;
    for (size_t i = 0; i < panel->count; i++) {
        votes += contains(&panel->interval[i], at);
    }
    return votes;
}

/* The hull of all points that a majority of the sources allows: while fewer than half are wrong,
 * the truth is one of these points, whatever the wrong ones say.  (The points that most sources
 * allow would be narrower, and a liar could choose them.) */
static bool join(const struct panel *panel, struct discipline_interval *out)
{
    size_t needed = panel->count / 2 + 1;
    bool found = false;
    for (size_t i = 0; i < panel->count; i++) {
        int64_t low = panel->interval[i].earliest.ns, high = panel->interval[i].latest.ns;
        if (votes_for(panel, low) >= needed) {
            out->earliest.ns = !found || low < out->earliest.ns ? low : out->earliest.ns;
            out->latest.ns = !found || low > out->latest.ns ? low : out->latest.ns;
            found = true;
        }
        if (votes_for(panel, high) >= needed) {
            out->earliest.ns = !found || high < out->earliest.ns ? high : out->earliest.ns;
            out->latest.ns = !found || high > out->latest.ns ? high : out->latest.ns;
            found = true;
        }
    }
    if (!found && panel->has_host && panel->count == 2) {
        /* One against one: the host's own clock wins the tie. */
        *out = panel->interval[panel->host];
        found = true;
    }
    return found;
}

static bool overlaps(const struct discipline_interval *a, const struct discipline_interval *b)
{
    return a->earliest.ns <= b->latest.ns && b->earliest.ns <= a->latest.ns;
}

/* Where the truth is if nothing waited in a broker or for a retry: as far after the best point as
 * it may be before it. */
static struct discipline_interval core_of(const struct discipline_interval *interval)
{
    return (struct discipline_interval){
        .earliest = interval->earliest,
        .latest = {interval->best.ns + (interval->best.ns - interval->earliest.ns)},
        .best = interval->best,
    };
}

/* The member whose core meets most others' cores, the narrowest of equals: a liar hides easily
 * among intervals that are wide because little is known yet, less easily among cores. */
static size_t most_met(const struct panel *panel,
                       const bool agrees[static DISCIPLINE_SOURCES_MAX + 1])
{
    size_t best = panel->count, best_votes = 0;
    int64_t best_width = 0;
    for (size_t i = 0; i < panel->count; i++) {
        if (!agrees[i]) {
            continue;
        }
        struct discipline_interval core = core_of(&panel->interval[i]);
        size_t votes = 0;
        for (size_t j = 0; j < panel->count; j++) {
            struct discipline_interval other = core_of(&panel->interval[j]);
            votes += agrees[j] && overlaps(&core, &other);
        }
        int64_t width = core.latest.ns - core.earliest.ns;
        if (best == panel->count || votes > best_votes ||
            (votes == best_votes && width < best_width)) {
            best = i;
            best_votes = votes;
            best_width = width;
        }
    }
    return best;
}

/* Of what is put in one by one, the member in the middle; of an even number the later one. */
struct ranking {
    double value[DISCIPLINE_SOURCES_MAX + 1]; /* ascending */
    size_t member[DISCIPLINE_SOURCES_MAX + 1];
    size_t count;
};

static void rank(struct ranking *ranking, double value, size_t member)
{
    size_t at = ranking->count++;
    for (; at > 0 && ranking->value[at - 1] > value; at--) {
        ranking->value[at] = ranking->value[at - 1];
        ranking->member[at] = ranking->member[at - 1];
    }
    ranking->value[at] = value;
    ranking->member[at] = member;
}

static size_t median_of(const struct ranking *ranking)
{
    return ranking->member[ranking->count / 2];
}

/* The member whose point is taken: the host if it agrees, else the median of the beacons whose
 * cores meet.  While most of them are honest, the median lies among the honest ones' points,
 * whatever the others say. */
static size_t choose(const struct panel *panel, const struct discipline_interval *joined)
{
    if (panel->has_host && overlaps(&panel->interval[panel->host], joined)) {
        return panel->host;
    }
    bool agrees[DISCIPLINE_SOURCES_MAX + 1];
    for (size_t i = 0; i < panel->count; i++) {
        agrees[i] = overlaps(&panel->interval[i], joined);
    }
    size_t met = most_met(panel, agrees);
    struct discipline_interval middle = core_of(&panel->interval[met]);
    struct ranking ranking = {.count = 0};
    for (size_t i = 0; i < panel->count; i++) {
        struct discipline_interval core = core_of(&panel->interval[i]);
        if (agrees[i] && overlaps(&core, &middle)) {
            rank(&ranking, (double)(panel->interval[i].best.ns - middle.best.ns), i);
        }
    }
    return median_of(&ranking);
}

static void add_host(struct panel *panel, const struct discipline_clocks *clocks)
{
    if (clocks->is_synchronised) {
        panel->has_host = true;
        panel->host = panel->count;
        panel->interval[panel->count++] = (struct discipline_interval){
            .earliest = {clocks->host.ns - clocks->bound.ns},
            .latest = {clocks->host.ns + clocks->bound.ns},
            .best = clocks->host,
        };
    }
}

static void add_beacons(struct panel *panel, const struct discipline *discipline,
                        const struct discipline_estimate *estimate, bool with_error)
{
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
        if (estimate->verdict[i] != VERDICT_SILENT &&
            discipline->source[i].has_error == with_error) {
            panel->beacon[panel->count] = i;
            panel->interval[panel->count++] = estimate->source[i];
        }
    }
}

/* Whether following the beacons beyond 2 s is allowed: one of those that agree answered a question.
 */
static bool may_leap(const struct discipline *discipline, const struct panel *panel,
                     const struct discipline_interval *joined)
{
    if (discipline->options.trust_replay) {
        return true;
    }
    for (size_t i = 0; i < panel->count; i++) {
        if (!(panel->has_host && i == panel->host) && overlaps(&panel->interval[i], joined) &&
            discipline->source[panel->beacon[i]].is_vouched) {
            return true;
        }
    }
    return false;
}

static void keep_host(struct discipline_estimate *out, const struct discipline_clocks *clocks,
                      enum discipline_doubt doubt)
{
    out->best = clocks->host;
    out->rate = 1;
    out->basis = clocks->is_synchronised ? BASIS_HOST : BASIS_HOST_UNKNOWN;
    out->doubt = doubt;
    out->is_bounded = false;
    out->earliest.ns = INT64_MIN;
    out->latest.ns = INT64_MAX;
}

/* Fills best, interval, basis and doubt from a panel that has been joined. */
static void settle(const struct discipline *discipline, const struct discipline_clocks *clocks,
                   const struct panel *panel, const struct discipline_interval *joined,
                   const struct source_slope slope[static DISCIPLINE_SOURCES_MAX],
                   struct discipline_estimate *out)
{
    size_t chosen = choose(panel, joined);
    int64_t best = panel->interval[chosen].best.ns;
    best = best < joined->earliest.ns ? joined->earliest.ns : best;
    best = best > joined->latest.ns ? joined->latest.ns : best;
    bool is_host = panel->has_host && chosen == panel->host;
    out->wanted = utc_since((utc){best}, clocks->host);
    bool is_far = out->wanted.ns > CORRECTION_MAX_NS || out->wanted.ns < -CORRECTION_MAX_NS;
    if (is_far && !clocks->is_synchronised && !may_leap(discipline, panel, joined)) {
        keep_host(out, clocks, DOUBT_UNASKED);
        return;
    }
    out->best.ns = best;
    out->earliest = joined->earliest;
    out->latest = joined->latest;
    out->is_bounded = true;
    out->doubt = DOUBT_NONE;
    out->basis = clocks->is_synchronised ? BASIS_HOST : BASIS_BEACONS;
    out->rate = is_host ? 1 : 1 - slope[panel->beacon[chosen]].value;
    if (is_far && clocks->is_synchronised) {
        out->doubt = DOUBT_CAPPED;
        out->rate = 1;
        out->best.ns =
            clocks->host.ns + (out->wanted.ns > 0 ? CORRECTION_MAX_NS : -CORRECTION_MAX_NS);
        /* Nobody can say which is right: the interval holds both. */
        if (out->earliest.ns > clocks->host.ns - clocks->bound.ns) {
            out->earliest.ns = clocks->host.ns - clocks->bound.ns;
        }
        if (out->latest.ns < clocks->host.ns + clocks->bound.ns) {
            out->latest.ns = clocks->host.ns + clocks->bound.ns;
        }
    }
}

static void apply_floor(struct discipline *discipline, struct discipline_estimate *out)
{
    utc floor = discipline->memory.floor;
    if (out->best.ns < floor.ns && out->basis == BASIS_HOST_UNKNOWN) {
        out->doubt = DOUBT_BELOW_FLOOR;
    }
    if (out->is_bounded && out->earliest.ns < floor.ns && floor.ns <= out->best.ns) {
        out->earliest = floor;
    }
}

/* What a majority of the sources, and never one alone, says that it is not earlier than: while most
 * are honest, one of those that say so is.  (The joined interval would not do: beside a beacon
 * whose own interval is wide, a host that is wrong would raise it by itself.) */
static utc floor_of(const struct panel *panel, const struct discipline_estimate *out)
{
    size_t needed = panel->count / 2 + 1 < 2 ? 2 : panel->count / 2 + 1;
    utc floor = {INT64_MIN};
    for (size_t i = 0; i < panel->count; i++) {
        utc candidate = panel->interval[i].earliest;
        size_t votes = 0;
        for (size_t j = 0; j < panel->count; j++) {
            votes += panel->interval[j].earliest.ns >= candidate.ns;
        }
        if (votes >= needed && candidate.ns > floor.ns) {
            floor = candidate;
        }
    }
    return floor.ns < out->earliest.ns ? floor : out->earliest;
}

/* Keeps the median of the slopes to the beacons that agree: a liar's rate may lie within the doubt,
 * too. */
static void learn_skew(struct discipline *discipline,
                       const struct source_slope slope[static DISCIPLINE_SOURCES_MAX],
                       const struct discipline_estimate *out)
{
    struct ranking ranking = {.count = 0};
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
        if (out->verdict[i] == VERDICT_AGREES && slope[i].is_learned &&
            fabs(slope[i].value) <= LEARNED_MAX) {
            rank(&ranking, slope[i].value, i);
        }
    }
    if (ranking.count > 0 && out->doubt == DOUBT_NONE) {
        const struct source_slope *middle = &slope[median_of(&ranking)];
        discipline->memory.has_skew = true;
        discipline->memory.skew = middle->value;
        discipline->memory.skew_doubt = middle->doubt;
    }
}

static void learn(struct discipline *discipline, const struct panel *panel,
                  const struct source_slope slope[static DISCIPLINE_SOURCES_MAX],
                  const struct discipline_estimate *out)
{
    learn_skew(discipline, slope, out);
    if (out->is_bounded && out->doubt == DOUBT_NONE) {
        utc floor = floor_of(panel, out);
        if (floor.ns > discipline->memory.floor.ns) {
            discipline->memory.floor = floor;
        }
    }
}

void discipline_estimate(struct discipline *discipline, const struct discipline_clocks *clocks,
                         struct discipline_estimate *out)
{
    memset(out, 0, sizeof *out);
    out->at = clocks->now;
    struct source_slope slope[DISCIPLINE_SOURCES_MAX] = {{0}};
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
        const struct discipline_source *source = &discipline->source[i];
        if (source->is_known && source_interval(source, clocks->now, &out->source[i], &slope[i])) {
            out->verdict[i] = source->has_error ? VERDICT_DISAGREES : VERDICT_UNBOUNDED;
            out->heard++;
        }
    }

    struct panel panel = {.count = 0};
    add_host(&panel, clocks);
    add_beacons(&panel, discipline, out, true);
    /* Where nobody knows the time, people can still begin together: by the beacon that all hear. */
    bool knows_nothing = panel.count == 0;
    if (knows_nothing) {
        add_beacons(&panel, discipline, out, false);
    }
    struct discipline_interval joined = {{0}, {0}, {0}};
    if (panel.count == 0) {
        keep_host(out, clocks, DOUBT_NOTHING_KNOWN);
    } else if (!join(&panel, &joined)) {
        keep_host(out, clocks, DOUBT_NO_MAJORITY);
    } else {
        settle(discipline, clocks, &panel, &joined, slope, out);
        for (size_t i = 0; i < panel.count; i++) {
            if (!(panel.has_host && i == panel.host) && overlaps(&panel.interval[i], &joined)) {
                out->agreeing++;
                if (!knows_nothing) {
                    out->verdict[panel.beacon[i]] = VERDICT_AGREES;
                }
            }
        }
    }
    if (knows_nothing) {
        out->is_bounded = false;
        out->earliest.ns = INT64_MIN;
        out->latest.ns = INT64_MAX;
        if (out->doubt == DOUBT_NONE) {
            out->doubt = DOUBT_NOTHING_KNOWN;
        }
    }
    out->correction = utc_since(out->best, clocks->host);
    apply_floor(discipline, out);
    learn(discipline, &panel, slope, out);
}

mono discipline_when(const struct discipline_estimate *estimate, utc at)
{
    /* Rounded up: never before. */
    double ahead = (double)(at.ns - estimate->best.ns);
    int64_t gained = (int64_t)ceil(ahead * (1 / estimate->rate - 1));
    return (mono){estimate->at.ns + (at.ns - estimate->best.ns) + gained};
}

utc discipline_utc_at(const struct discipline_estimate *estimate, mono at)
{
    int64_t passed = at.ns - estimate->at.ns;
    return (utc){estimate->best.ns + passed +
                 (int64_t)llround((double)passed * (estimate->rate - 1))};
}
