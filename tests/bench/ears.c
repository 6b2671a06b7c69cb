/* ears -- many listeners in one process, for bench_fanout.py: each a connection, a wrong clock and
 * a discipline of its own.  While the countdown runs only arrivals are noted; afterwards every
 * ear's discipline is fed with its own, and says when it would have begun.
 *
 *   ears PORT ROOT_HEX KEYID_HEX PUBLIC_HEX T0_NS COUNT
 *
 * No host is synchronised, all ears ask: eight questions in three seconds, eight more within a
 * minute, then spaced by the time that is left, as the listener does.  One line for each: how it
 * knows the time, its error, and the interval's edges, in us; answers; how long after its stamp the
 * last tick came, in us.
 */
#include <math.h>
#include <mosquitto.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "discipline/discipline.h"
#include "mqtt/mqtt.h"
#include "ticks/answer.h"
#include "ticks/tick.h"
#include "ticks/topic.h"

enum { SAMPLES_MAX = 192, QUESTIONS_MAX = 48, ARRIVALS_MAX = 1024, BURST = 8 };

struct ear {
    struct mqtt *mqtt;
    double gain; /* how much faster its monotonic clock runs */
    uint8_t seed[32];
    bool is_up;
    mono_raw joined, due;
    int asked, answered;
    mono_raw asked_at[QUESTIONS_MAX];
    struct discipline_answer answer[QUESTIONS_MAX]; /* of those answered, in their order */
    int count;
    struct {
        mono_raw arrived;
        int tick;
    } sample[SAMPLES_MAX];
};

static struct {
    uv_loop_t loop;
    uv_timer_t opener, end, asker;
    struct ear *ear;
    int count, opened, up;
    struct record_id root;
    struct record_public_key key;
    char tick_topic[TICK_TOPIC_SIZE], ask_topic[TICK_TOPIC_SIZE];
    int port;
    int64_t t0_ns, raw_to_utc_ns;
    /* every tick once: verified once, its number looked up by its bytes */
    struct tick tick[ARRIVALS_MAX];
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size;
    int tick_count;
} room;

static mono_raw now_raw(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (mono_raw){now.tv_sec * NS_PER_S + now.tv_nsec};
}

static mono_raw seen_by(const struct ear *ear, mono_raw real)
{
    return (mono_raw){real.ns + (int64_t)((double)real.ns * ear->gain)};
}

static double draw(void)
{
    return (double)randombytes_uniform(1000001) / 1e6;
}

static int number_of(const struct mqtt_message *message)
{
    if (message->size == room.size && memcmp(message->payload, room.bytes, room.size) == 0) {
        return room.tick_count - 1;
    }
    size_t signer;
    if (room.tick_count == ARRIVALS_MAX || message->size > sizeof room.bytes ||
        tick_verify(message->payload, message->size, &room.key, 1, &room.tick[room.tick_count],
                    &signer) != TICK_OK) {
        return -1;
    }
    memcpy(room.bytes, message->payload, message->size);
    room.size = message->size;
    return room.tick_count++;
}

static instant tai(utc at)
{
    return leap_from_utc(leap_builtin(), at, NULL);
}

static void take_answer(struct ear *ear, const struct mqtt_message *message)
{
    struct tick_answer answer;
    struct tick tick;
    size_t signer;
    mono_raw arrived = now_raw();
    if (!tick_answer_read(message->payload, message->size, &answer)) {
        return;
    }
    for (int i = ear->asked - 1; i >= 0; i--) {
        uint8_t nonce[TICK_NONCE_SIZE];
        tick_question_make(ear->seed, (uint64_t)(i / BURST), (uint32_t)(i % BURST), nonce);
        if (tick_answer_proves(&answer, nonce) && ear->answered < QUESTIONS_MAX &&
            tick_verify(answer.tick_bytes, answer.tick_size, &room.key, 1, &tick, &signer) ==
                TICK_OK) {
            ear->answer[ear->answered++] =
                (struct discipline_answer){.asked = seen_by(ear, ear->asked_at[i]),
                                           .received = tai(answer.received),
                                           .sent = tai(tick.time),
                                           .arrived = seen_by(ear, arrived),
                                           .error = {tick.error_ns}};
            return;
        }
    }
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct ear *ear = context;
    if (message->is_retained) {
        return;
    }
    if (strcmp(message->topic, room.tick_topic) != 0) {
        take_answer(ear, message);
        return;
    }
    mono_raw arrived = now_raw();
    int tick = number_of(message);
    if (tick >= 0 && ear->count < SAMPLES_MAX) {
        ear->sample[ear->count].arrived = arrived;
        ear->sample[ear->count++].tick = tick;
    }
}

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)mqtt;
    struct ear *ear = context;
    room.up++;
    ear->is_up = true;
    ear->joined = ear->due = now_raw();
}

static void ask(struct ear *ear)
{
    uint8_t nonce[TICK_NONCE_SIZE];
    tick_question_make(ear->seed, (uint64_t)(ear->asked / BURST), (uint32_t)(ear->asked % BURST),
                       nonce);
    if (ear->asked % BURST == 0) {
        char topic[TICK_TOPIC_SIZE];
        tick_topic_write_answer(&room.root, &room.key.id, nonce, topic);
        mqtt_subscribe(ear->mqtt, topic, 0);
    }
    mono_raw now = ear->asked_at[ear->asked++] = now_raw();
    (void)mqtt_publish(ear->mqtt, room.ask_topic, nonce, sizeof nonce, 0, false, 0);
    double left_s = (double)(room.t0_ns - room.raw_to_utc_ns - now.ns) / 1e9;
    if (ear->asked < BURST) {
        ear->due.ns = ear->joined.ns + (int64_t)(3e9 * (ear->asked + draw()) / BURST);
    } else {
        bool is_few = ear->asked < 16;
        double gap_s = is_few ? fmin(fmax(left_s / 8, 0.4), 8) : fmax(left_s / 8, 10);
        gap_s *= 0.7 + 0.6 * draw();
        bool is_over = left_s - gap_s < (is_few ? 3.5 : 8);
        ear->due.ns = is_over ? INT64_MAX : now.ns + (int64_t)(gap_s * 1e9);
    }
}

static void on_ask(uv_timer_t *timer)
{
    (void)timer;
    mono_raw now = now_raw();
    for (int i = 0; i < room.count; i++) {
        struct ear *ear = &room.ear[i];
        if (ear->is_up && ear->due.ns <= now.ns && ear->asked < QUESTIONS_MAX &&
            mqtt_is_connected(ear->mqtt)) {
            ask(ear);
        }
    }
}

static void on_open(uv_timer_t *timer)
{
    if (room.opened == room.count) {
        uv_timer_stop(timer);
        return;
    }
    struct ear *ear = &room.ear[room.opened++];
    char url[64];
    snprintf(url, sizeof url, "mqtt://127.0.0.1:%d", room.port);
    const char *why = "";
    ear->mqtt = mqtt_new(
        &room.loop, &(struct mqtt_options){.url = url, .keepalive_s = 60},
        &(struct mqtt_handlers){.connected = on_connected, .message = on_message, .context = ear},
        &why);
    if (ear->mqtt == NULL || !mqtt_subscribe(ear->mqtt, room.tick_topic, 0)) {
        fprintf(stderr, "ears: %s\n", why);
        exit(3);
    }
}

static void on_end(uv_timer_t *timer)
{
    (void)timer;
    uv_stop(&room.loop);
}

/* When this ear would have begun, less T-0; and the edges of its interval about the truth. */
static void judge(const struct ear *ear)
{
    static struct discipline discipline;
    static struct discipline_source source;
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = false}, &source, 1);
    instant t0 = tai((utc){room.t0_ns});
    discipline_join(&discipline, 0, 1, (instant){t0.tai_ns + NS_PER_DAY},
                    &(struct discipline_memory){.has_skew = false});
    discipline_add(&discipline, 0, 0);
    for (int i = 0; i < ear->count; i++) {
        const struct tick *tick = &room.tick[ear->sample[i].tick];
        (void)discipline_hear(&discipline, 0,
                              &(struct discipline_sample){
                                  .arrived = seen_by(ear, ear->sample[i].arrived),
                                  .sent = tai(tick->time),
                                  .has_error = tick->has_error,
                                  .error = {tick->error_ns},
                              });
    }
    for (int i = 0; i < ear->answered; i++) {
        (void)discipline_hear_answer(&discipline, 0, &ear->answer[i]);
    }
    mono_raw at = {room.t0_ns - room.raw_to_utc_ns};
    struct discipline_clocks clocks = {.now = {seen_by(ear, at).ns}, .raw = seen_by(ear, at)};
    struct discipline_estimate estimate;
    (void)discipline_notice(&discipline, &clocks);
    discipline_estimate(&discipline, 0, &clocks, (instant){t0.tai_ns + NS_PER_S}, &estimate);
    int64_t late_ns = 0;
    if (ear->count > 0) {
        const struct tick *last = &room.tick[ear->sample[ear->count - 1].tick];
        late_ns = ear->sample[ear->count - 1].arrived.ns + room.raw_to_utc_ns - last->time.ns;
    }
    printf("%s %.1f %.1f %.1f %d %.1f\n",
           ear->count == 0      ? "deaf"
           : ear->answered == 0 ? "unanswered"
                                : "asked",
           -(double)instant_since(estimate.best, t0).ns / 1e3,
           -(double)instant_since(estimate.latest, t0).ns / 1e3,
           -(double)instant_since(estimate.earliest, t0).ns / 1e3, ear->answered,
           (double)late_ns / 1e3);
}

static bool read_hex(const char *text, uint8_t *out, size_t size)
{
    size_t got;
    return sodium_hex2bin(out, size, text, strlen(text), NULL, &got, NULL) == 0 && got == size;
}

int main(int argc, char **argv)
{
    if (argc != 7 || sodium_init() < 0 || !read_hex(argv[2], room.root.bytes, 32) ||
        !read_hex(argv[3], room.key.id.bytes, 8) || !read_hex(argv[4], room.key.key, 32)) {
        fprintf(stderr, "usage: ears PORT ROOT_HEX KEYID_HEX PUBLIC_HEX T0_NS COUNT\n");
        return 2;
    }
    room.port = atoi(argv[1]);
    room.t0_ns = atoll(argv[5]);
    room.count = atoi(argv[6]);
    room.ear = calloc((size_t)room.count, sizeof *room.ear);
    if (room.ear == NULL) {
        return 3;
    }
    struct timespec utc_now;
    clock_gettime(CLOCK_REALTIME, &utc_now);
    int64_t now_ns = utc_now.tv_sec * NS_PER_S + utc_now.tv_nsec;
    room.raw_to_utc_ns = now_ns - now_raw().ns;
    tick_topic_write(TICK_TOPIC_TICK, &room.root, &room.key.id, room.tick_topic);
    tick_topic_write(TICK_TOPIC_ASK, &room.root, &room.key.id, room.ask_topic);
    for (int i = 0; i < room.count; i++) {
        struct ear *ear = &room.ear[i];
        ear->gain = (draw() - 0.5) * 100e-6;
        randombytes_buf(ear->seed, sizeof ear->seed);
    }
    uv_loop_init(&room.loop);
    uv_timer_init(&room.loop, &room.opener);
    uv_timer_init(&room.loop, &room.asker);
    uv_timer_init(&room.loop, &room.end);
    uv_timer_start(&room.opener, on_open, 0, 3);
    uv_timer_start(&room.asker, on_ask, 0, 10);
    uv_timer_start(&room.end, on_end, (uint64_t)((room.t0_ns - now_ns) / NS_PER_MS), 0);
    uv_run(&room.loop, UV_RUN_DEFAULT);
    fprintf(stderr, "%d connected\n", room.up);
    for (int i = 0; i < room.count; i++) {
        judge(&room.ear[i]);
    }
    fflush(stdout);
    _exit(0); /* the broker is about to go, too */
}
