#include "discipline/source.h"

#include <math.h>
#include <string.h>

static const double DRIFT = 100e-6;  /* quartz is good to this, and no learned rate narrows it */
static const double QUARTZ = 101e-6; /* the same for a slope, which noise may tilt a little */
static const double WANDER = 3e-6;   /* with temperature, from one run to the next */
static const double LEARNED_DOUBT = 15e-6;
enum { LEARNED_COUNT = 20 };
/* A bound this wide is none. */
static const int64_t ERROR_MAX_NS = NS_PER_DAY;
static const int64_t ROUNDING_NS = 1;

/* What a clock may have drifted by, either way. */
static int64_t drift(int64_t age_ns)
{
    return (int64_t)ceil(fabs((double)age_ns) * DRIFT) + ROUNDING_NS;
}

instant edge_earliest(const struct discipline_edge *edge, mono_raw at)
{
    int64_t age = at.ns - edge->at.ns;
    return (instant){edge->value.tai_ns + age - drift(age)};
}

instant edge_latest(const struct discipline_edge *edge, mono_raw at)
{
    int64_t age = at.ns - edge->at.ns;
    return (instant){edge->value.tai_ns + age + drift(age)};
}

static void raise_edge(struct discipline_edge *edge, mono_raw at, instant value)
{
    if (!edge->is_known || value.tai_ns > edge_earliest(edge, at).tai_ns) {
        *edge = (struct discipline_edge){true, at, value};
    }
}

static void lower_edge(struct discipline_edge *edge, mono_raw at, instant value)
{
    if (!edge->is_known || value.tai_ns < edge_latest(edge, at).tai_ns) {
        *edge = (struct discipline_edge){true, at, value};
    }
}

void source_void(struct discipline_source *source)
{
    source->earliest.is_known = source->latest.is_known = source->reads.is_known = false;
    source->points.ticks = source->points.answers = source->points.questions = 0;
}

static struct offset_point point_of(mono_raw at, instant stamp)
{
    return (struct offset_point){at.ns, at.ns - stamp.tai_ns};
}

/* Where a wrong word can do no harm. */
static mono_raw came(mono_raw arrived, span waited)
{
    return (mono_raw){arrived.ns - waited.ns};
}

enum discipline_heard source_hear(struct discipline_source *source,
                                  const struct discipline_sample *sample)
{
    bool has_error = sample->has_error && sample->error.ns <= ERROR_MAX_NS;
    instant proved = {sample->sent.tai_ns - sample->error.ns};
    bool is_beyond = has_error && source->latest.is_known &&
                     proved.tai_ns > edge_latest(&source->latest, sample->arrived).tai_ns;
    if (is_beyond) {
        source_void(source);
    }
    source->heard = sample->arrived;
    source->has_error = has_error;
    source->is_fitted = false;
    raise_edge(&source->reads, sample->arrived, sample->sent);
    if (has_error) {
        raise_edge(&source->earliest, sample->arrived, proved);
    }
    offset_add_tick(&source->points, point_of(came(sample->arrived, sample->waited), sample->sent));
    return is_beyond ? HEARD_AHEAD : HEARD_GOOD;
}

enum discipline_heard source_hear_answer(struct discipline_source *source,
                                         const struct discipline_answer *answer)
{
    if (answer->error.ns > ERROR_MAX_NS) {
        return HEARD_GOOD; /* it says nothing */
    }
    int64_t asked_for = answer->arrived.ns - answer->asked.ns;
    int64_t inside = instant_since(answer->sent, answer->received).ns;
    if (inside > asked_for + drift(asked_for) + 2 * answer->error.ns) {
        source_void(source);
        return HEARD_AGAINST_ITSELF;
    }
    const instant earliest = {answer->sent.tai_ns - answer->error.ns};
    const struct discipline_edge latest = {.at = answer->asked,
                                           .value = {answer->received.tai_ns + answer->error.ns}};
    enum discipline_heard heard = HEARD_GOOD;
    if (source->earliest.is_known && edge_earliest(&source->earliest, answer->arrived).tai_ns >
                                         edge_latest(&latest, answer->arrived).tai_ns) {
        source_void(source); /* its stamps of before were ahead */
        heard = HEARD_AGAINST_ITSELF;
    } else if (source->latest.is_known &&
               earliest.tai_ns > edge_latest(&source->latest, answer->arrived).tai_ns) {
        source_void(source);
        heard = HEARD_AHEAD;
    }
    source->has_error = true;
    source->heard = answer->arrived;
    source->is_fitted = false;
    raise_edge(&source->reads, answer->arrived, answer->sent);
    raise_edge(&source->earliest, answer->arrived, earliest);
    lower_edge(&source->latest, latest.at, latest.value);
    offset_add_answer(&source->points,
                      point_of(came(answer->arrived, answer->waited), answer->sent));
    offset_add_question(&source->points, point_of(answer->asked, answer->received));
    return heard;
}

bool source_interval(const struct discipline_source *source, mono_raw at,
                     struct discipline_interval *out)
{
    *out = (struct discipline_interval){{INT64_MIN}, {INT64_MAX}};
    if (source->earliest.is_known) {
        out->earliest = edge_earliest(&source->earliest, at);
    }
    if (source->latest.is_known) {
        out->latest = edge_latest(&source->latest, at);
    }
    return source->earliest.is_known;
}

bool source_fit(struct discipline_source *source, const struct discipline_memory *memory)
{
    if (source->is_fitted) {
        return source->has_offset;
    }
    source->is_fitted = true;
    struct offset_prior any = {-QUARTZ, QUARTZ}, known = any;
    if (memory->has_skew) {
        double half = 3 * memory->skew_doubt + WANDER;
        known.least = fmax(any.least, memory->skew - half);
        known.most = fmin(any.most, memory->skew + half);
    }
    source->has_offset =
        offset_fit(&source->points, known.least < known.most ? &known : &any, &source->offset);
    /* The mean of the likely slopes lies this near to a bound only where the points are sure, and
     * would go on beyond it: of few points the likely ones reach far inside. */
    double slope = source->offset.slope, margin = (known.most - known.least) / 10;
    if (source->has_offset && memory->has_skew &&
        (slope < known.least + margin || slope > known.most - margin)) {
        (void)offset_fit(&source->points, &any, &source->offset); /* it is not so any more */
    }
    return source->has_offset;
}

instant source_best(const struct discipline_source *source, mono_raw at)
{
    return (instant){at.ns - offset_at(&source->offset, at.ns)};
}

bool source_has_rate(const struct discipline_source *source)
{
    return source->is_fitted && source->has_offset &&
           source->points.ticks + source->points.questions >= LEARNED_COUNT &&
           source->offset.slope_doubt + WANDER <= LEARNED_DOUBT;
}
