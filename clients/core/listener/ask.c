#include <sodium.h>
#include <string.h>

#include "listener/mind.h"
#include "ticks/answer.h"

/* A question costs a beacon work and tells a broker that somebody is there: at most this many. */
enum { TRIES_MAX = 5 };
static const int64_t PATIENCE_NS = 5 * NS_PER_S;
static const int64_t EARLIEST_NS = 200 * NS_PER_MS, SPREAD_NS = 150 * NS_PER_MS;

static bool is_needed(const struct listener *listener, size_t beacon)
{
    return !listener->options.no_ask && !listener->discipline.source[beacon].is_vouched &&
           listener->question.tries < TRIES_MAX;
}

/* Remembers to ask 50 to 200 ms before the tick that was announced; which moment of these, and
 * which nonce, follows from the secret seed. */
void ask_plan(struct listener *listener, size_t beacon, size_t link, mono arrived, uint32_t next_ms)
{
    struct listener_question *question = &listener->question;
    if (question->is_planned || question->is_open || !is_needed(listener, beacon)) {
        return;
    }
    uint64_t number = listener->questions_asked++;
    crypto_generichash(question->nonce, sizeof question->nonce, (const uint8_t *)&number,
                       sizeof number, listener->options.nonce_seed,
                       sizeof listener->options.nonce_seed);
    int64_t spread = (question->nonce[0] ^ question->nonce[17]) * SPREAD_NS / 256;
    question->is_planned = true;
    question->beacon = beacon;
    question->link = link;
    question->at.ns = arrived.ns + (int64_t)next_ms * NS_PER_MS - EARLIEST_NS + spread;
    if (question->at.ns < arrived.ns) {
        question->at = arrived;
    }
}

void ask_step(struct listener *listener, const struct discipline_clocks *clocks,
              struct listener_update *update)
{
    struct listener_question *question = &listener->question;
    if (question->is_open && clocks->now.ns - question->at.ns > PATIENCE_NS) {
        question->is_open = false; /* the next tick plans another try */
    }
    if (!question->is_planned) {
        return;
    }
    /* A synchronised host has a clock to trust: nobody needs to know that it is there. */
    if (clocks->is_synchronised || !is_needed(listener, question->beacon) ||
        !listener->beacon[question->beacon].in_use || !listener->is_link_up[question->link]) {
        question->is_planned = false;
        return;
    }
    if (clocks->now.ns < question->at.ns) {
        wake_by(update, question->at);
        return;
    }
    question->is_planned = false;
    question->is_open = true;
    question->at = clocks->now;
    question->tries++;
    const struct listener_beacon *beacon = &listener->beacon[question->beacon];
    update->has_ask = true;
    update->ask_link = question->link;
    update->ask_beacon = beacon->key.id;
    update->ask_root = beacon->root;
    memcpy(update->ask_nonce, question->nonce, sizeof update->ask_nonce);
}

void ask_hear_answer(struct listener *listener, const struct listener_event *event,
                     struct listener_update *update)
{
    struct listener_question *question = &listener->question;
    if (!question->is_open || event->is_retained || question->link != event->link) {
        return;
    }
    const struct listener_beacon *beacon = &listener->beacon[question->beacon];
    struct tick_answer answer;
    struct tick tick;
    size_t signer;
    if (!beacon->in_use || beacon->is_liar ||
        !tick_answer_read(event->bytes, event->size, &answer) ||
        memcmp(answer.tick.root, beacon->root.bytes, sizeof answer.tick.root) != 0 ||
        !tick_answer_proves(&answer, question->nonce) ||
        tick_verify(answer.tick_bytes, answer.tick_size, &beacon->key, 1, &tick, &signer) !=
            TICK_OK) {
        listener->counts.malformed++;
        return;
    }
    question->is_open = false;
    discipline_vouch(&listener->discipline, question->beacon, event->link, question->at,
                     event->arrived, leaps_count_alike(listener, &tick),
                     (span){tick.has_error ? tick.error_ns : 0});
    char key[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&beacon->key.id, key);
    tell(update, NEWS_CLOCK, NULL,
         "beacon %s %s answered a fresh question: its ticks are not held back", key, beacon->name);
}
