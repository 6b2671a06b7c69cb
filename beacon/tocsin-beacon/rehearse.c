#include "tocsin-beacon/rehearse.h"

#include <stdio.h>

#include "cadence/cadence.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "ticks/topic.h"
#include "tocsin-beacon/clocks.h"

static const int64_t lead_ns = 30 * NS_PER_S;
static const int64_t tail_ns = 10 * NS_PER_S + CADENCE_SHORTEST_NS; /* and the beacon's phase */
/* With --at far from any moment, this much is enough to see what happens. */
static const int64_t most_ns = 3600 * NS_PER_S;

/* The next moment after now that the herald counts down to. */
static bool next_moment(const struct herald *herald, utc now, utc *out)
{
    for (size_t i = 0; i < herald->occurrence_count; i++) {
        const struct herald_occurrence *one = &herald->occurrence[i];
        if (one->has_t0 && !one->is_cancelled && one->t0.ns > now.ns) {
            *out = one->t0;
            return true;
        }
    }
    return false;
}

struct stage {
    struct herald herald;
    struct records *records;
    const struct leap_table *leap;
    utc now, zero;
    size_t ticks, bytes;
};

static struct herald_clocks pretend(const struct stage *stage)
{
    enum certainty certainty;
    struct herald_clocks clocks = {.utc = stage->now, .has_error = true, .error_ns = NS_PER_MS};
    clocks.tai_minus_utc_s = leap_tai_minus_utc(stage->leap, stage->now, &certainty);
    clocks.has_tai = certainty == CERTAIN;
    return clocks;
}

static void tell(const struct stage *stage, const char *line, size_t size)
{
    char bytes[32] = "";
    if (size > 0) {
        snprintf(bytes, sizeof bytes, " (%zu bytes)", size);
    }
    printf("[%9.1fs] beacon > %s%s\n", (double)(stage->now.ns - stage->zero.ns) / 1e9, line, bytes);
}

static void tell_news(const struct stage *stage, const struct herald_news *news, size_t size)
{
    char line[HERALD_LINE_SIZE];
    herald_news_write(news, line);
    tell(stage, line, size);
}

static void step(struct stage *stage, struct herald_event event, struct herald_update *update)
{
    event.clocks = pretend(stage);
    herald_step(&stage->herald, &event, update);
    size_t size = 0;
    if (update->send != 0) {
        struct herald_update stamped;
        herald_step(&stage->herald,
                    &(struct herald_event){.kind = HERALD_STAMP, .clocks = event.clocks}, &stamped);
        size = stamped.tick_size;
        stage->ticks++;
        stage->bytes += size;
    }
    if (update->news.kind != HERALD_QUIET) {
        tell_news(stage, &update->news, size);
    } else if (update->send != 0) { /* the herald has no line for it, but it is sent and counted */
        tell(stage, "tick to the new link", size);
    }
}

/* The herald itself, by a clock that goes from one of its wakes to the next: what is printed is
 * what it would send.  It runs twice, since the moment has to be known before the countdown to it.
 */
int rehearse(const struct options *options, const struct leap_table *leap, struct records *records,
             const struct trust_secret *secret)
{
    static struct stage stage;
    struct herald_update update;
    stage = (struct stage){.records = records, .leap = leap};
    herald_init(&stage.herald, &records->root, secret, leap, options->cadence);
    stage.now = options->has_at ? options->at : clocks_read(leap).utc;
    stage.zero = stage.now;
    const struct view *view = records_view(records, stage.now);
    if (view == NULL) {
        return say_outside("out of memory");
    }
    struct herald_event event = {.kind = HERALD_VIEW, .view = view, .clocks = {.utc = stage.now}};
    herald_step(&stage.herald, &event, &update);
    bool has_moment = next_moment(&stage.herald, stage.now, &stage.zero);
    if (!stage.herald.is_beacon) {
        return say_no("this key is not among the root's beacons: nothing would be sent");
    }
    if (!has_moment && !options->has_at) {
        tell_news(&stage, &update.news, 0);
        return say_no("no moment to come: bring its bundle into the store with \"tocsin sync "
                      "FILE\", declare one, or give --at");
    }
    if (!options->has_at && stage.zero.ns - lead_ns > stage.now.ns) {
        stage.now.ns = stage.zero.ns - lead_ns;
    }
    utc end = {has_moment ? stage.zero.ns + tail_ns : stage.now.ns + most_ns};
    char topic[TICK_TOPIC_SIZE];
    tick_topic_write(TICK_TOPIC_TICK, &records->root, &stage.herald.key, topic);
    printf("rehearsal from %s by a pretend clock; would be sent to %s\n",
           stamp_text(stage.now).text, topic);
    herald_init(&stage.herald, &records->root, secret, leap, options->cadence);
    view = records_view(records, stage.now);
    if (view == NULL) {
        return say_outside("out of memory");
    }
    step(&stage, (struct herald_event){.kind = HERALD_VIEW, .view = view}, &update);
    step(&stage, (struct herald_event){.kind = HERALD_LINK_UP, .session = "pretend"}, &update);
    while (stage.now.ns <= end.ns) {
        step(&stage, (struct herald_event){.kind = HERALD_WAKE}, &update);
        if (update.wants_view && (view = records_view(records, stage.now)) != NULL) {
            step(&stage, (struct herald_event){.kind = HERALD_VIEW, .view = view}, &update);
        }
        stage.now.ns += update.wake.ns;
    }
    printf("%zu tick%s, %zu bytes\n", stage.ticks, text_s(stage.ticks), stage.bytes);
    return EXIT_DONE;
}
