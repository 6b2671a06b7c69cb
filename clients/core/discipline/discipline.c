#include "discipline/discipline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "discipline/source.h"

static const int64_t CORRECTION_MAX_NS = 2 * NS_PER_S; /* of a synchronised host */
/* What waited longer there and back says less of the middle than the host's clock. */
static const int64_t WIDE_NS = 2 * NS_PER_S;
static const int64_t FAR_NS = 3600 * NS_PER_S;
static const int64_t SLEEP_NOTICED_NS = 2 * NS_PER_MS;
/* Ticks come a minute apart; all beacons of a host that stood still notice within two. */
static const int64_t AHEAD_TOGETHER_NS = 120 * NS_PER_S;
static const int64_t BEHIND_NS = NS_PER_S, RECENT_NS = 180 * NS_PER_S;
static const int64_t PAIR_NS = NS_PER_S / 2; /* shorter ones are read too coarsely */

void discipline_init(struct discipline *discipline, const struct discipline_options *options,
                     struct discipline_source *source, size_t sources)
{
    memset(discipline, 0, sizeof *discipline);
    for (size_t i = 0; i < sources; i++) {
        memset(&source[i], 0, sizeof source[i]);
    }
    discipline->source = source;
    discipline->sources = sources;
    discipline->options = *options;
    discipline->mono_per_raw = 1;
}

void discipline_join(struct discipline *discipline, size_t constellation, size_t beacons,
                     instant expires, const struct discipline_memory *memory)
{
    struct discipline_constellation *joined = &discipline->constellation[constellation];
    if (!joined->in_use) {
        joined->in_use = true;
        joined->memory = *memory;
    }
    joined->beacons = beacons;
    joined->expires = expires;
}

void discipline_drop(struct discipline *discipline, size_t source)
{
    memset(&discipline->source[source], 0, sizeof discipline->source[source]);
}

void discipline_add(struct discipline *discipline, size_t source, size_t constellation)
{
    discipline_drop(discipline, source);
    discipline->source[source].in_use = true;
    discipline->source[source].constellation = constellation;
}

void discipline_await(struct discipline *discipline, size_t source, mono_raw until)
{
    discipline->source[source].is_awaited = true;
    discipline->source[source].awaited_until = until;
}

static bool is_of(const struct discipline_source *source, size_t constellation)
{
    return source->in_use && source->constellation == constellation;
}

/* Of n sources f = (n - 1) / 2, rounded down, may be wrong: of f + 1 one is right. */
static size_t right_among(size_t sources)
{
    return (sources + 1) / 2;
}

/* More than half of them, and two at least. */
static size_t most_of(size_t sources)
{
    return sources < 2 ? 2 : sources / 2 + 1;
}

/* One beacon that reads ahead may be at fault itself; when more than f do, the host stood still and
 * the edges of those that were not heard since are as wrong. */
static enum discipline_heard judge(struct discipline *discipline, struct discipline_source *source,
                                   mono_raw at, enum discipline_heard heard)
{
    if (heard != HEARD_AHEAD) {
        return heard;
    }
    source->was_ahead = true;
    source->ahead_at = at;
    size_t sources = 0, ahead = 0;
    for (size_t i = 0; i < discipline->sources; i++) {
        struct discipline_source *other = &discipline->source[i];
        if (is_of(other, source->constellation) && other->earliest.is_known) {
            other->was_ahead = other->was_ahead && at.ns - other->ahead_at.ns <= AHEAD_TOGETHER_NS;
            ahead += other->was_ahead;
            sources++;
        }
    }
    if (ahead < right_among(sources)) {
        return HEARD_AHEAD;
    }
    for (size_t i = 0; i < discipline->sources; i++) {
        struct discipline_source *other = &discipline->source[i];
        if (is_of(other, source->constellation)) {
            if (!other->was_ahead) {
                source_void(other);
            }
            other->was_ahead = false;
        }
    }
    return HEARD_AFTER_STANDSTILL;
}

enum discipline_heard discipline_hear(struct discipline *discipline, size_t source,
                                      const struct discipline_sample *sample)
{
    struct discipline_source *heard = &discipline->source[source];
    return judge(discipline, heard, sample->arrived, source_hear(heard, sample));
}

enum discipline_heard discipline_hear_answer(struct discipline *discipline, size_t source,
                                             const struct discipline_answer *answer)
{
    struct discipline_source *heard = &discipline->source[source];
    return judge(discipline, heard, answer->arrived, source_hear_answer(heard, answer));
}

/* --- clocks --------------------------------------------------------------------------------- */

bool discipline_notice(struct discipline *discipline, const struct discipline_clocks *clocks)
{
    int64_t change = clocks->slept.ns - discipline->slept.ns;
    bool has_slept = discipline->has_slept && llabs(change) > SLEEP_NOTICED_NS;
    discipline->slept = clocks->slept;
    discipline->has_slept = true;
    if (has_slept) {
        for (size_t i = 0; i < discipline->sources; i++) {
            source_void(&discipline->source[i]);
        }
        discipline->has_pair = false;
    }
    int64_t passed = clocks->raw.ns - discipline->pair_raw.ns; /* < 0: a caller's clock went back */
    if (!discipline->has_pair || llabs(passed) >= PAIR_NS) {
        if (discipline->has_pair) {
            double ratio = (double)(clocks->now.ns - discipline->pair_now.ns) / (double)passed;
            discipline->mono_per_raw = fmin(fmax(ratio, 0.8), 1.2); /* the kernel slews by 0.1 */
        }
        discipline->has_pair = true;
        discipline->pair_now = clocks->now;
        discipline->pair_raw = clocks->raw;
    }
    return has_slept;
}

/* --- many sources ----------------------------------------------------------------------------- */

enum { VOTERS_MAX = DISCIPLINE_SOURCES_MAX + 1 };

/* Edges of those that vote, each side ascending. */
struct votes {
    int64_t earliest[VOTERS_MAX], latest[VOTERS_MAX];
    size_t count;
};

/* Into a list that ascends. */
static void insert(int64_t *list, size_t count, int64_t value)
{
    for (; count > 0 && list[count - 1] > value; count--) {
        list[count] = list[count - 1];
    }
    list[count] = value;
}

static void vote(struct votes *votes, const struct discipline_interval *interval)
{
    insert(votes->earliest, votes->count, interval->earliest.tai_ns);
    insert(votes->latest, votes->count, interval->latest.tai_ns);
    votes->count++;
}

/* What at least `backing` of them say, on each side. */
static struct discipline_interval backed_by(const struct votes *votes, size_t backing)
{
    struct discipline_interval out = {{INT64_MIN}, {INT64_MAX}};
    if (backing > 0 && backing <= votes->count) {
        out.earliest.tai_ns = votes->earliest[votes->count - backing];
        out.latest.tai_ns = votes->latest[backing - 1];
    }
    return out;
}

static bool overlap(const struct discipline_interval *a, const struct discipline_interval *b)
{
    return a->earliest.tai_ns <= b->latest.tai_ns && b->earliest.tai_ns <= a->latest.tai_ns;
}

static bool is_empty(const struct discipline_interval *interval)
{
    return interval->earliest.tai_ns > interval->latest.tai_ns;
}

static instant clamp(instant at, const struct discipline_interval *into)
{
    return instant_earlier(instant_later(at, into->earliest), into->latest);
}

/* The middle of the values put in, of an even number the mean of the two. */
struct middle {
    int64_t value[DISCIPLINE_SOURCES_MAX];
    double rate[DISCIPLINE_SOURCES_MAX];
    size_t count;
};

static void put(struct middle *middle, int64_t value, double rate)
{
    size_t at = middle->count++;
    for (; at > 0 && middle->value[at - 1] > value; at--) {
        middle->value[at] = middle->value[at - 1];
        middle->rate[at] = middle->rate[at - 1];
    }
    middle->value[at] = value;
    middle->rate[at] = rate;
}

static int64_t middle_of(const struct middle *middle, double *rate)
{
    size_t low = (middle->count - 1) / 2, high = middle->count / 2;
    *rate = (middle->rate[low] + middle->rate[high]) / 2;
    return middle->value[low] + (middle->value[high] - middle->value[low]) / 2;
}

/* --- the estimate ----------------------------------------------------------------------------- */

static struct discipline_interval interval_of_host(const struct discipline_clocks *clocks,
                                                   instant host)
{
    return (struct discipline_interval){{host.tai_ns - clocks->bound.ns},
                                        {host.tai_ns + clocks->bound.ns}};
}

static void rest_on_host(struct discipline_estimate *out, enum discipline_basis basis,
                         enum discipline_doubt doubt)
{
    out->best = out->host;
    out->rate = 1;
    out->basis = basis;
    out->doubt = doubt;
}

static void set_edges(struct discipline_estimate *out, const struct discipline_interval *interval,
                      enum discipline_rest rest)
{
    out->earliest = interval->earliest;
    out->latest = interval->latest;
    out->earliest_rests = interval->earliest.tai_ns != INT64_MIN ? rest : REST_NOTHING;
    out->latest_rests = interval->latest.tai_ns != INT64_MAX ? rest : REST_NOTHING;
}

/* What is proved, on each side; where that is nothing, what the few that are heard say.  The latter
 * lies inside the former, so that one side of each is no less than an interval. */
static void set_edges_of_beacons(struct discipline_estimate *out,
                                 const struct discipline_interval *proved)
{
    set_edges(out, &out->joint, REST_FEW);
    if (proved->earliest.tai_ns != INT64_MIN) {
        out->earliest = proved->earliest;
        out->earliest_rests = REST_BEACONS;
    }
    if (proved->latest.tai_ns != INT64_MAX) {
        out->latest = proved->latest;
        out->latest_rests = REST_BEACONS;
    }
}

/* Whether the newest ticks of so many beacons all read more than a second behind the host. */
static bool may_be_ahead(const struct discipline *discipline, size_t constellation, size_t needed,
                         mono_raw at, instant host)
{
    size_t behind = 0;
    for (size_t i = 0; i < discipline->sources; i++) {
        const struct discipline_source *source = &discipline->source[i];
        behind += is_of(source, constellation) && source->has_error && source->reads.is_known &&
                  at.ns - source->heard.ns < RECENT_NS &&
                  instant_since(host, edge_earliest(&source->reads, at)).ns > BEHIND_NS;
    }
    return behind >= needed;
}

/* A synchronised host is right until more than half of all its root's beacons, two at least, prove
 * that it is not. */
static void settle_synchronised(const struct discipline_clocks *clocks,
                                struct discipline_interval proved, struct discipline_estimate *out)
{
    struct discipline_interval host = interval_of_host(clocks, out->host);
    rest_on_host(out, BASIS_HOST, DOUBT_NONE);
    set_edges(out, &host, REST_HOST);
    out->wanted = instant_since(clamp(out->host, &proved), out->host);
    bool is_far = out->wanted.ns > CORRECTION_MAX_NS || out->wanted.ns < -CORRECTION_MAX_NS;
    int64_t moved = out->wanted.ns > CORRECTION_MAX_NS    ? CORRECTION_MAX_NS
                    : out->wanted.ns < -CORRECTION_MAX_NS ? -CORRECTION_MAX_NS
                                                          : out->wanted.ns;
    out->best.tai_ns += moved;
    if (is_far) { /* nobody can say which is right: the interval holds both */
        out->doubt = DOUBT_CAPPED;
        host.earliest = instant_earlier(host.earliest, proved.earliest);
        host.latest = instant_later(host.latest, proved.latest);
        set_edges(out, &host, REST_HOST);
        return;
    }
    if (!overlap(&host, &proved)) { /* what it assumed of itself is refuted */
        set_edges(out, &proved, REST_BEACONS);
    }
    if (proved.earliest.tai_ns > host.earliest.tai_ns) {
        out->earliest = proved.earliest;
        out->earliest_rests = REST_BEACONS;
    }
    if (proved.latest.tai_ns < host.latest.tai_ns) {
        out->latest = proved.latest;
        out->latest_rests = REST_BEACONS;
    }
    if (out->may_be_ahead && proved.latest.tai_ns == INT64_MAX) {
        out->doubt = DOUBT_MAY_BE_AHEAD;
    }
}

/* Ticks alone: they prove that the host is late, and cannot prove that it is early. */
static void settle_unanswered(const struct discipline *discipline,
                              const struct discipline_interval *proved,
                              struct discipline_estimate *out)
{
    rest_on_host(out, BASIS_HOST_UNKNOWN, DOUBT_NOT_VOUCHED);
    if (out->joint.earliest.tai_ns == INT64_MIN) {
        return; /* others are asked and have not answered yet */
    }
    int64_t late = instant_since(out->joint.earliest, out->host).ns;
    out->wanted.ns = late;
    if (late > FAR_NS && !discipline->options.trust_replay) {
        out->doubt = DOUBT_FAR_BEHIND;
        return;
    }
    set_edges_of_beacons(out, proved);
    if (late > 0) {
        out->best = out->joint.earliest;
        out->basis = BASIS_BEACONS;
    }
}

static void settle_free(struct discipline *discipline, size_t constellation,
                        const struct discipline_interval *proved, struct discipline_estimate *out)
{
    if (is_empty(&out->joint)) {
        rest_on_host(out, BASIS_HOST_UNKNOWN, DOUBT_NO_MAJORITY);
        return;
    }
    if (out->joint.latest.tai_ns == INT64_MAX) {
        settle_unanswered(discipline, proved, out);
        return;
    }
    struct middle middle = {.count = 0};
    const struct discipline_memory *memory = &discipline->constellation[constellation].memory;
    for (size_t i = 0; i < discipline->sources; i++) {
        struct discipline_source *source = &discipline->source[i];
        if (out->verdict[i] == VERDICT_AGREES && source_fit(source, memory) &&
            source->offset.there_and_back_ns <= WIDE_NS) {
            put(&middle, source_best(source, out->raw).tai_ns, 1 - source->offset.slope);
        }
    }
    out->basis = BASIS_BEACONS;
    out->best = out->host;
    out->rate = 1;
    /* Where nobody is named yet, two that differ have no middle. */
    if (middle.count > 0 && middle.value[middle.count - 1] - middle.value[0] <= WIDE_NS) {
        out->best.tai_ns = middle_of(&middle, &out->rate);
        out->rate /= discipline->mono_per_raw;
    }
    out->best = clamp(out->best, &out->joint);
    out->wanted = instant_since(out->best, out->host);
    set_edges_of_beacons(out, proved);
}

/* Where nobody knows the time, people can still begin together: by the beacons that all hear. */
static void settle_together(const struct discipline *discipline, size_t constellation,
                            struct discipline_estimate *out)
{
    rest_on_host(out, BASIS_HOST_UNKNOWN, DOUBT_NOTHING_KNOWN);
    struct middle middle = {.count = 0};
    for (size_t i = 0; i < discipline->sources; i++) {
        const struct discipline_source *source = &discipline->source[i];
        if (is_of(source, constellation) && source->reads.is_known) {
            put(&middle, source->reads.value.tai_ns + (out->raw.ns - source->reads.at.ns), 1);
        }
    }
    double rate;
    if (middle.count > 0 &&
        middle_of(&middle, &rate) >= discipline->constellation[constellation].memory.floor.tai_ns) {
        out->best.tai_ns = middle_of(&middle, &rate);
        out->rate = rate / discipline->mono_per_raw;
        out->basis = BASIS_BEACONS;
        out->doubt = DOUBT_TOGETHER;
        out->wanted = instant_since(out->best, out->host);
        out->agreeing = middle.count;
    }
}

/* Keeps the median of the rates of the beacons that agree: a liar's may lie within the doubt,
 * too. */
static void learn_skew(struct discipline *discipline, struct discipline_memory *memory,
                       const struct discipline_estimate *out)
{
    struct middle middle = {.count = 0};
    double doubt = 0;
    for (size_t i = 0; i < discipline->sources; i++) {
        const struct discipline_source *source = &discipline->source[i];
        if (out->verdict[i] == VERDICT_AGREES && source_has_rate(source)) {
            put(&middle, llround(source->offset.slope * 1e15), 0);
            doubt = fmax(doubt, source->offset.slope_doubt);
        }
    }
    if (middle.count > 0) {
        double rate;
        memory->has_skew = true;
        memory->skew = (double)middle_of(&middle, &rate) / 1e15;
        memory->skew_doubt = doubt;
    }
}

/* What more than half of all the sources that there are, and never one alone, say that it is not
 * earlier than. */
static void raise_floor(struct discipline_constellation *constellation, const struct votes *all,
                        bool has_host, const struct discipline_estimate *out)
{
    size_t needed = most_of(constellation->beacons + has_host);
    instant floor = instant_earlier(backed_by(all, needed).earliest, out->earliest);
    constellation->memory.floor =
        instant_later(constellation->memory.floor, instant_earlier(floor, constellation->expires));
}

/* What the beacons say, and that some who were just asked have said nothing yet.  Whether any has
 * an edge. */
static bool poll(const struct discipline *discipline, size_t constellation, struct votes *votes,
                 struct discipline_estimate *out)
{
    bool is_any = false;
    for (size_t i = 0; i < discipline->sources; i++) {
        const struct discipline_source *source = &discipline->source[i];
        if (!is_of(source, constellation)) {
            continue;
        }
        bool has_edge = source_interval(source, out->raw, &out->source[i]);
        if (has_edge) {
            out->verdict[i] = VERDICT_DISAGREES; /* until it is seen to agree */
            is_any = true;
        } else if (source->reads.is_known) {
            out->verdict[i] = VERDICT_UNBOUNDED;
        }
        out->heard += source->reads.is_known;
        if (has_edge || (!source->reads.is_known && source->is_awaited &&
                         out->raw.ns < source->awaited_until.ns)) {
            vote(votes, &out->source[i]);
        }
    }
    return is_any;
}

static void judge_verdicts(struct discipline_estimate *out)
{
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX && !is_empty(&out->joint); i++) {
        if (out->verdict[i] == VERDICT_DISAGREES && overlap(&out->source[i], &out->joint)) {
            out->verdict[i] = VERDICT_AGREES;
            out->agreeing++;
        }
    }
}

/* Each beacon says an interval, and so does the host's own clock where something vouches for it:
 * what more of them share than may be at fault holds the time.  With the host it is the joint that
 * counts; without it, beacons alone, as far as those of the whole root that agree prove it. */
void discipline_estimate(struct discipline *discipline, size_t constellation,
                         const struct discipline_clocks *clocks, instant host,
                         struct discipline_estimate *out)
{
    struct discipline_constellation *mine = &discipline->constellation[constellation];
    memset(out, 0, sizeof *out);
    out->at = clocks->now;
    out->raw = clocks->raw;
    out->host = host;
    out->earliest.tai_ns = INT64_MIN;
    out->latest.tai_ns = INT64_MAX;
    struct votes all = {.count = 0};
    bool is_any = poll(discipline, constellation, &all, out);
    out->beacons = mine->beacons;
    size_t needed = most_of(mine->beacons);
    struct discipline_interval by_host = interval_of_host(clocks, host);
    struct discipline_interval by_most = backed_by(&all, needed);
    struct discipline_interval proved = backed_by(&all, right_among(mine->beacons));
    if (clocks->is_synchronised) {
        out->may_be_ahead = may_be_ahead(discipline, constellation, needed, clocks->raw, host);
        vote(&all, &by_host);
    }
    out->joined = all.count;
    out->joint = backed_by(&all, right_among(all.count));
    if (clocks->is_synchronised && (is_empty(&out->joint) || overlap(&by_host, &by_most))) {
        out->joint = by_host; /* it wins the tie, and whoever misses it has no majority */
    }
    judge_verdicts(out);
    if (clocks->is_synchronised) {
        settle_synchronised(clocks, by_most, out);
    } else if (is_any) {
        settle_free(discipline, constellation, &proved, out);
    } else {
        settle_together(discipline, constellation, out);
    }
    out->is_bounded = out->earliest_rests != REST_NOTHING && out->latest_rests != REST_NOTHING;
    out->is_proved = out->earliest_rests == REST_BEACONS && out->latest_rests == REST_BEACONS;
    out->correction = instant_since(out->best, host);
    if (out->best.tai_ns < mine->memory.floor.tai_ns && out->basis == BASIS_HOST_UNKNOWN) {
        out->doubt = DOUBT_BELOW_FLOOR;
    }
    if (out->is_bounded && out->doubt == DOUBT_NONE) {
        learn_skew(discipline, &mine->memory, out);
        raise_floor(mine, &all, clocks->is_synchronised, out);
    }
}

mono discipline_when(const struct discipline_estimate *estimate, instant at)
{
    /* Rounded up: never before. */
    int64_t ahead = instant_since(at, estimate->best).ns;
    int64_t gained = (int64_t)ceil((double)ahead * (1 / estimate->rate - 1));
    return (mono){estimate->at.ns + ahead + gained};
}

instant discipline_at(const struct discipline_estimate *estimate, mono at)
{
    int64_t passed = at.ns - estimate->at.ns;
    return (instant){estimate->best.tai_ns + passed +
                     (int64_t)llround((double)passed * (estimate->rate - 1))};
}
