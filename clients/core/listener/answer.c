/* answer.c -- answers of beacons to what they were asked. */
#include <string.h>

#include "listener/internal.h"

static const int64_t PATIENCE_NS = 5 * NS_PER_S; /* older answers are refused by their shape, too */

/* The question that this is the answer to; NULL: none of those that may still be answered. */
static struct listener_question *find_question(struct listener_asking *asking,
                                               const struct tick_answer *answer,
                                               const struct listener_event *event)
{
    for (size_t i = 0; i < LISTENER_OPEN_MAX; i++) {
        struct listener_question *question = &asking->question[i];
        if (question->is_open && question->link == event->link &&
            event->arrived.ns - question->asked.ns <= PATIENCE_NS &&
            tick_answer_proves(answer, question->nonce)) {
            return question;
        }
    }
    return NULL;
}

void answer_hear(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update)
{
    struct listener_beacon *beacon = find_beacon(listener, event->root.bytes, &event->beacon);
    struct tick_answer answer;
    if (beacon == NULL || beacon->is_liar || event->is_retained) {
        return;
    }
    /* The cheap questions first: a signature costs 40 us. */
    struct listener_question *question = NULL;
    if (tick_answer_read(event->bytes, event->size, &answer) &&
        memcmp(answer.tick.root, event->root.bytes, sizeof answer.tick.root) == 0) {
        question = find_question(&beacon->asking, &answer, event);
    }
    struct tick tick;
    if (question == NULL) {
        listener->counts.unasked++;
        return;
    }
    if (!hear_verifies(listener, beacon, TICK_IN_AN_ANSWER, answer.tick_bytes, answer.tick_size,
                       event, update, &tick)) {
        return;
    }
    question->is_open = false; /* it counts once */
    beacon->asking.unanswered = 0;
    if (hear_answering(listener, beacon, &answer, event, update)) {
        return;
    }
    size_t which = number_of(listener, beacon);
    bool is_first = !listener->discipline.source[which].latest.is_known;
    instant sent = leaps_of_tick(listener, beacon->constellation, &tick, event->arrived);
    struct discipline_answer stamps = {
        .asked = question->asked,
        .received = {sent.tai_ns - (tick.time.ns - answer.received.ns)},
        .sent = sent,
        .arrived = hear_read_at(event),
        .waited = {hear_read_at(event).ns - event->arrived.ns},
        .error = {tick.error_ns},
    };
    enum discipline_heard heard = discipline_hear_answer(&listener->discipline, which, &stamps);
    if (beacon->has_newest && tick.time.ns < beacon->newest.ns) {
        beacon->newest = tick.time; /* proved to be fresh, whatever it signed before */
    }
    if (is_first && heard == HEARD_GOOD) {
        tell_of_beacon(update, SAID_ANSWERED, beacon);
    }
    hear_judge(listener, beacon, heard, event->arrived, update);
}
