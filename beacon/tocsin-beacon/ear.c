/* ear.c -- a link's second connection: hears whether our own ticks come back, takes questions in,
 * and answers them. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "say/say.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

enum {
    /* Written between two looks at what else is due: a millisecond's worth. */
    ANSWERS_A_TURN = 128,
    BACKED_UP_MS = 10,
};
/* Whoever asks waits no longer; what this connection cannot take by then is dropped. */
static const int64_t PATIENCE_NS = TICK_ANSWER_AGE_MAX_S * NS_PER_S;
/* A tick that has not come back by now does not. */
static const int64_t UNHEARD_NS = 5 * NS_PER_S;

struct answers {
    struct tick_question waiting[TICK_LEAVES_MAX], drawn[TICK_LEAVES_MAX];
    struct tick_questions questions;
    /* the round that is being written */
    struct tick_tree tree;
    size_t count, next;
    mono signed_at;
    uint8_t tick[TICK_SIZE_MAX];
    size_t tick_size;
};

static bool tell_herald(struct link *link, enum herald_event_kind kind)
{
    struct herald_event event = {.kind = kind, .link = link->number};
    if (kind == HERALD_EAR_UP) {
        randombytes_buf(event.session, sizeof event.session);
    }
    return link->beacon->step(link->beacon, &event);
}

/* ---- our own ticks ---- */

void ear_expect_tick(struct link *link)
{
    if (!link->is_unheard && link->ear != NULL && mqtt_is_connected(link->ear)) {
        link->is_unheard = true;
        link->unheard_since = clock_mono();
    }
}

void ear_look(struct link *link)
{
    if (link->is_unheard && !link->was_told_unheard &&
        mono_since(clock_mono(), link->unheard_since).ns > UNHEARD_NS) {
        link->was_told_unheard = true;
        say_news(
            "our own ticks do not come back from %s: may this user publish to %s, and read it?",
            mqtt_url(link->ear), link->beacon->topic[TICK_TOPIC_TICK]);
    }
}

static void hear_own_tick(struct link *link, const struct mqtt_message *message)
{
    struct tick tick;
    struct record_key_id kid;
    const uint8_t *payload;
    size_t payload_size;
    if (tick_read(message->payload, message->size, &tick, &kid, &payload, &payload_size) !=
            TICK_OK ||
        memcmp(tick.session, link->beacon->herald.link[link->number].id, 8) != 0) {
        return;
    }
    link->is_unheard = false;
    if (link->was_told_unheard) {
        link->was_told_unheard = false;
        say_news("our own ticks come back from %s", mqtt_url(link->ear));
    }
}

/* ---- questions ---- */

static void begin_round(struct answers *answers)
{
    uint64_t random;
    randombytes_buf(&random, sizeof random);
    tick_questions_begin(&answers->questions, random);
}

static bool has_room(struct link *link)
{
    if (link->answers == NULL) { /* pages that no question touches take no memory */
        link->answers = calloc(1, sizeof *link->answers);
        if (link->answers != NULL) {
            link->answers->questions.question = link->answers->waiting;
            begin_round(link->answers);
        }
    }
    return link->answers != NULL;
}

static void take_question(struct link *link, const struct mqtt_message *message)
{
    if (message->size != TICK_NONCE_SIZE || message->is_retained || !has_room(link)) {
        return;
    }
    /* After it was read: never too early. */
    utc received = clocks_read(link->beacon->leap).utc;
    if (received.ns < 0) {
        return;
    }
    struct tick_questions *questions = &link->answers->questions;
    tick_questions_add(questions, message->payload, received);
    if (questions->count == 1 && !tell_herald(link, HERALD_ASKED)) {
        begin_round(link->answers);
    }
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct link *link = context;
    if (strcmp(message->topic, link->beacon->topic[TICK_TOPIC_ASK]) == 0) {
        take_question(link, message);
    } else {
        hear_own_tick(link, message);
    }
}

/* ---- answers ---- */

static void on_turn(uv_timer_t *timer)
{
    struct link *link = timer->data;
    struct answers *answers = link->answers;
    const struct herald *herald = &link->beacon->herald;
    if (mqtt_is_backed_up(link->ear)) { /* what a broker does not take must not fill our memory */
        if (mono_since(clock_mono(), answers->signed_at).ns > PATIENCE_NS) {
            answers->next = answers->count;
        }
    } else {
        for (int i = 0; i < ANSWERS_A_TURN && answers->next < answers->count; i++) {
            const struct tick_question *one = &answers->drawn[answers->next];
            uint8_t bytes[TICK_ANSWER_SIZE_MAX];
            char topic[TICK_TOPIC_SIZE];
            size_t size = tick_answer_write(&answers->tree, answers->next, one, answers->tick,
                                            answers->tick_size, bytes);
            tick_topic_write_answer(&herald->root, &herald->key, one->nonce, topic);
            (void)mqtt_publish(link->ear, topic, bytes, size, 0, false, 0);
            answers->next++;
        }
    }
    if (answers->next < answers->count) {
        uv_timer_start(timer, on_turn, mqtt_is_backed_up(link->ear) ? BACKED_UP_MS : 0, 0);
    } else if (answers->questions.count > 0) {
        (void)tell_herald(link, HERALD_ATTEND);
    }
}

void ear_answer(struct link *link)
{
    struct answers *answers = link->answers;
    if (answers == NULL || answers->questions.count == 0 || answers->next < answers->count) {
        return; /* after the round that is being written, then */
    }
    struct beacon *beacon = link->beacon;
    tick_questions_draw(&answers->questions);
    answers->count = answers->questions.count;
    answers->next = 0;
    memcpy(answers->drawn, answers->waiting, answers->count * sizeof *answers->drawn);
    tick_tree_build(&answers->tree, answers->drawn, answers->count);
    begin_round(answers);
    struct herald_event event = {
        .kind = HERALD_ANSWER, .link = link->number, .echo = tick_tree_root(&answers->tree)};
    struct herald_update update;
    /* The last thing before the writes, but for the signature itself. */
    event.clocks = clocks_read(beacon->leap);
    herald_step(&beacon->herald, &event, &update);
    if (update.tick_size == 0) {
        answers->count = 0;
        return;
    }
    memcpy(answers->tick, update.tick, update.tick_size);
    answers->tick_size = update.tick_size;
    answers->signed_at = clock_mono();
    on_turn(&link->turn);
}

/* ---- its life ---- */

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)mqtt;
    struct link *link = context;
    link->was_told_deaf = false;
    (void)tell_herald(link, HERALD_EAR_UP);
    if (link->beacon->herald.link[link->number].counter > 0) {
        ear_expect_tick(link); /* the broker kept the last one for us */
    }
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    struct link *link = context;
    if (!link->was_told_deaf && mqtt_is_connected(link->voice)) {
        say_news("the second connection to %s is down: %s; no questions are answered there",
                 mqtt_url(mqtt), why);
        link->was_told_deaf = true;
    }
    link->is_unheard = false;
    uv_timer_stop(&link->turn);
    if (link->answers != NULL) {
        link->answers->count = link->answers->next = 0;
        begin_round(link->answers);
    }
    (void)tell_herald(link, HERALD_EAR_DOWN);
}

void ear_open(struct link *link, const struct mqtt_options *options)
{
    const char *why;
    link->ear = mqtt_new(
        &link->beacon->loop, options,
        &(struct mqtt_handlers){
            .connected = on_connected, .lost = on_lost, .message = on_message, .context = link},
        &why);
    if (link->ear == NULL) {
        say_news("%s: no second connection (%s): no questions are answered there", options->url,
                 why);
        return;
    }
    mqtt_subscribe(link->ear, link->beacon->topic[TICK_TOPIC_TICK], 0);
    mqtt_subscribe(link->ear, link->beacon->topic[TICK_TOPIC_ASK], 0);
}
