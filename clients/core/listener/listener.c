#include "listener/listener.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "listener/mind.h"

static const int64_t BEAT_NS = NS_PER_S;
static const int64_t SAVE_EVERY_NS = 300 * NS_PER_S;
/* Status messages, which anybody may send, move a verdict to and fro. */
static const int64_t JUDGE_EVERY_NS = 10 * NS_PER_S;

void tell(struct listener_update *update, enum listener_news_kind kind,
          const struct listener_occurrence *occurrence, const char *format, ...)
{
    if (update->news_count == LISTENER_NEWS_MAX) {
        return; /* one step cannot say more; what matters is also in the state */
    }
    struct listener_news *news = &update->news[update->news_count++];
    news->kind = kind;
    news->has_occurrence = occurrence != NULL;
    if (occurrence != NULL) {
        news->occurrence = *occurrence;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(news->text, sizeof news->text, format, arguments);
    va_end(arguments);
}

void wake_by(struct listener_update *update, mono at)
{
    if (at.ns < update->wake.ns) {
        update->wake = at;
    }
}

void listener_init(struct listener *listener, const struct listener_options *options,
                   const struct listener_mark *mark, size_t mark_count,
                   const struct listener_newest *newest, size_t newest_count)
{
    memset(listener, 0, sizeof *listener);
    listener->options = *options;
    discipline_init(&listener->discipline,
                    &(struct discipline_options){.trust_replay = options->trust_replay},
                    &options->memory);
    for (size_t i = 0; i < mark_count && i < LISTENER_MARKS_MAX; i++) {
        listener->mark[listener->mark_count++] = mark[i];
    }
    for (size_t i = 0; i < newest_count && i < LISTENER_BEACONS_MAX; i++) {
        listener->newest[listener->newest_count++] = newest[i];
    }
}

bool listener_is_worth_telling(uint64_t count)
{
    while (count >= 10 && count % 10 == 0) {
        count /= 10;
    }
    return count == 1;
}

const char *listener_doubt_text(enum discipline_doubt doubt)
{
    switch (doubt) {
    case DOUBT_NONE:
        return "the clock is known within the bound shown";
    case DOUBT_NOTHING_KNOWN:
        return "this host's clock is not synchronised and no beacon knows better: the doubt is "
               "unknown; start "
               "a time service (chrony, systemd-timesyncd)";
    case DOUBT_NO_MAJORITY:
        return "the clocks contradict one another and none has a majority: nothing was corrected";
    case DOUBT_UNASKED:
        return "beacons are more than 2 s away from this host's unsynchronised clock and none has "
               "answered a "
               "fresh question: not corrected; set the clock, or allow --trust-replay";
    case DOUBT_CAPPED:
        return "the beacons contradict this host's synchronised clock: corrected by 2 s and no "
               "more";
    case DOUBT_BELOW_FLOOR:
        return "this host's clock shows a date that has passed: nothing starts until it is set or "
               "a beacon is "
               "heard";
    }
    return "";
}

static void tell_doubt(struct listener *listener, struct listener_update *update)
{
    enum discipline_doubt doubt = listener->estimate.doubt;
    if (listener->has_told_doubt ? doubt != listener->told_doubt : doubt != DOUBT_NONE) {
        tell(update, NEWS_CLOCK, NULL, "%s", listener_doubt_text(doubt));
    }
    listener->told_doubt = doubt;
    listener->has_told_doubt = true;
}

/* Beacons that a majority of the clocks contradicts are named to people, and again when they agree.
 */
static void tell_verdicts(struct listener *listener, struct listener_update *update)
{
    const struct discipline_estimate *estimate = &listener->estimate;
    if (estimate->doubt == DOUBT_NO_MAJORITY || leaps_are_near(listener)) {
        return; /* nobody can say who is wrong; or all count differently for a moment, and none is
                 */
    }
    /* What the others agree on, whether or not the estimate follows them. */
    double agreed_ns =
        (double)estimate->best.ns - (double)estimate->correction.ns + (double)estimate->wanted.ns;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        struct listener_beacon *beacon = &listener->beacon[i];
        enum discipline_verdict verdict = estimate->verdict[i];
        bool is_contrary = verdict == VERDICT_DISAGREES;
        if (!beacon->in_use || is_contrary == beacon->was_contrary ||
            (!is_contrary && verdict != VERDICT_AGREES) ||
            (beacon->judged.ns != 0 && estimate->at.ns - beacon->judged.ns < JUDGE_EVERY_NS)) {
            continue;
        }
        beacon->was_contrary = is_contrary;
        beacon->judged = estimate->at;
        char key[RECORD_KEY_ID_TEXT_SIZE];
        record_key_id_write(&beacon->key.id, key);
        if (is_contrary) {
            double off_s = ((double)estimate->source[i].best.ns - agreed_ns) / 1e9;
            tell(update, NEWS_BEACON, NULL,
                 "beacon %s %s contradicts the other clocks, by %+.3f s: it is not followed", key,
                 beacon->name, off_s);
        } else {
            tell(update, NEWS_BEACON, NULL, "beacon %s %s agrees with the other clocks again", key,
                 beacon->name);
        }
    }
}

static void think(struct listener *listener, const struct listener_event *event,
                  struct listener_update *update)
{
    if (discipline_notice_sleep(&listener->discipline, &event->clocks)) {
        tell(update, NEWS_CLOCK, NULL, "this host slept: the beacons are listened to anew");
        listener->question.is_planned = listener->question.is_open = false; /* who knows how long */
    }
    discipline_estimate(&listener->discipline, &event->clocks, &listener->estimate);
    if (leaps_follow(listener, &event->clocks, update)) {
        discipline_estimate(&listener->discipline, &event->clocks, &listener->estimate);
    }
}

void listener_step(struct listener *listener, const struct listener_event *event,
                   struct listener_update *update)
{
    memset(update, 0, sizeof *update);
    update->wake.ns = event->clocks.now.ns + BEAT_NS;
    marking_judge(listener, event->clocks.now);
    think(listener, event, update);
    switch (event->kind) {
    case LISTENER_CLOCKS:
        break;
    case LISTENER_RECORDS:
        hear_roots(listener, event->view, update);
        plan_records(listener, event, update);
        break;
    case LISTENER_LINK:
        if (event->link < LISTENER_LINKS_MAX) {
            listener->is_link_up[event->link] = event->is_up;
        }
        break;
    case LISTENER_TICK:
        hear_tick(listener, event, update);
        break;
    case LISTENER_ANSWER:
        ask_hear_answer(listener, event, update);
        break;
    case LISTENER_STATUS:
        hear_status(listener, event, update);
        break;
    case LISTENER_MARKED:
        marking_durable(listener, event->id);
        break;
    case LISTENER_FIRED:
        plan_fired(listener, event, update);
        break;
    case LISTENER_PROOF:
        proof_hear(listener, event, update);
        break;
    }
    /* What was heard counts at once. */
    discipline_estimate(&listener->discipline, &event->clocks, &listener->estimate);
    hear_silence(listener, event->clocks.now, update);
    ask_step(listener, &event->clocks, update);
    plan_step(listener, &event->clocks, update);
    tell_doubt(listener, update);
    tell_verdicts(listener, update);
    if (event->clocks.now.ns - listener->saved_at.ns > SAVE_EVERY_NS) {
        update->save_memory = listener->saved_at.ns != 0;
        listener->saved_at = event->clocks.now;
    }
}

const struct listener_occurrence *listener_next(const struct listener *listener, utc now)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        if (listener->occurrence[i].end.ns > now.ns) {
            return &listener->occurrence[i];
        }
    }
    return NULL;
}

const struct listener_occurrence *listener_find(const struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        if (listener->occurrence[i].id == id) {
            return &listener->occurrence[i];
        }
    }
    return NULL;
}

size_t listener_newest_stamps(const struct listener *listener,
                              struct listener_newest out[static LISTENER_BEACONS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (listener->beacon[i].in_use && listener->beacon[i].has_newest) {
            out[count++] =
                (struct listener_newest){listener->beacon[i].key.id, listener->beacon[i].newest};
        }
    }
    return count;
}
