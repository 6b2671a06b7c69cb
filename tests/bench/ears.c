/* ears -- many listeners in one process, for bench_fanout.py: each a connection, a wrong clock and
 * a discipline of its own.  While the countdown runs only arrivals are noted; afterwards every
 * ear's discipline is fed with its own, and says when it would have begun.
 *
 *   ears PORT ROOT_HEX KEYID_HEX PUBLIC_HEX T0_NS COUNT
 *
 * Half of the ears have a synchronised host (wrong by up to 0.25 ms, and saying 2 ms), one in
 * eighty asks one question, the others hear ticks alone.  One line for each: kind, error, and the
 * interval's edges, in us. */
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

enum { SAMPLES_MAX = 256, ARRIVALS_MAX = 1024 };

enum kind { HOST, ASKED, TICKS };

struct ear {
    struct mqtt *mqtt;
    enum kind kind;
    double gain; /* how much faster its monotonic clock runs */
    int64_t host_off_ns;
    int ask_at_tick;
    uint8_t nonce[TICK_NONCE_SIZE];
    mono asked, answered;
    utc answer_sent;
    int count;
    struct {
        mono arrived;
        int tick;
        uint32_t rtt_us;
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
    int64_t t0_ns, mono_to_utc_ns;
    /* every tick once: verified once, its number looked up by its bytes */
    struct tick tick[ARRIVALS_MAX];
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size;
    int tick_count;
} room;

static mono now_mono(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (mono){now.tv_sec * NS_PER_S + now.tv_nsec};
}

static mono seen_by(const struct ear *ear, mono real)
{
    return (mono){real.ns + (int64_t)((double)real.ns * ear->gain)};
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

static void take_answer(struct ear *ear, const struct mqtt_message *message)
{
    struct tick_answer answer;
    struct tick tick;
    size_t signer;
    if (tick_answer_read(message->payload, message->size, &answer) &&
        tick_answer_proves(&answer, ear->nonce) &&
        tick_verify(answer.tick_bytes, answer.tick_size, &room.key, 1, &tick, &signer) == TICK_OK) {
        ear->answered = message->arrived;
        ear->answer_sent = tick.time;
    }
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    struct ear *ear = context;
    if (message->is_retained) {
        return;
    }
    if (strcmp(message->topic, room.tick_topic) != 0) {
        take_answer(ear, message);
        return;
    }
    int tick = number_of(message);
    uint32_t rtt_us = 0;
    if (tick >= 0 && ear->count < SAMPLES_MAX) {
        (void)mqtt_min_rtt_us(mqtt, &rtt_us);
        ear->sample[ear->count].arrived = message->arrived;
        ear->sample[ear->count].tick = tick;
        ear->sample[ear->count].rtt_us = rtt_us;
        ear->count++;
    }
}

static void on_connected(void *context, struct mqtt *mqtt)
{
    struct ear *ear = context;
    room.up++;
    if (ear->kind == ASKED) {
        char topic[TICK_TOPIC_SIZE];
        tick_topic_write_answer(&room.root, &room.key.id, ear->nonce, topic);
        mqtt_subscribe(mqtt, topic, 0);
    }
}

/* Some hundred milliseconds before a tick, those ask whose turn it is: one in twelve. */
static void on_ask(uv_timer_t *timer)
{
    (void)timer;
    static int turn;
    turn++;
    for (int i = 0; i < room.count; i++) {
        struct ear *ear = &room.ear[i];
        if (ear->kind == ASKED && ear->answered.ns == 0 && (turn - ear->ask_at_tick) % 12 == 0 &&
            mqtt_is_connected(ear->mqtt)) {
            ear->asked = now_mono();
            (void)mqtt_publish(ear->mqtt, room.ask_topic, ear->nonce, sizeof ear->nonce, 0, false,
                               0);
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
        &(struct mqtt_handlers){.connected = on_connected, .message = on_message, ear}, &why);
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
    static struct discipline discipline; /* large */
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = ear->kind == TICKS},
                    &(struct discipline_memory){.has_skew = false});
    for (int i = 0; i < ear->count; i++) {
        const struct tick *tick = &room.tick[ear->sample[i].tick];
        discipline_hear(&discipline, 0, 0,
                        &(struct discipline_sample){
                            .arrived = seen_by(ear, ear->sample[i].arrived),
                            .sent = tick->time,
                            .has_error = tick->has_error,
                            .error = {tick->error_ns},
                            .has_rtt = ear->sample[i].rtt_us > 0,
                            .listener_rtt = {(int64_t)ear->sample[i].rtt_us * NS_PER_US},
                        });
        if (ear->answered.ns > 0 && ear->sample[i].arrived.ns > ear->answered.ns &&
            (i == 0 || ear->sample[i - 1].arrived.ns <= ear->answered.ns)) {
            discipline_vouch(&discipline, 0, 0, seen_by(ear, ear->asked),
                             seen_by(ear, ear->answered), ear->answer_sent,
                             (span){tick->has_error ? tick->error_ns : 0});
        }
    }
    mono at = {room.t0_ns - room.mono_to_utc_ns - NS_PER_S};
    struct discipline_clocks clocks = {
        .now = seen_by(ear, at),
        .host = {room.t0_ns - NS_PER_S + ear->host_off_ns},
        .is_synchronised = ear->kind == HOST,
        .bound = {2 * NS_PER_MS},
    };
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, &clocks, &estimate);
    mono planned = discipline_when(&estimate, (utc){room.t0_ns});
    double passed = (double)(planned.ns - seen_by(ear, at).ns) / (1 + ear->gain);
    double error_us = (passed - 1e9) / 1e3;
    static const char *const name[] = {"host", "asked", "ticks"};
    bool fits = ear->kind != ASKED || ear->answered.ns > 0;
    printf("%s %.1f %.1f %.1f\n",
           ear->count == 0 ? "deaf"
           : fits          ? name[ear->kind]
                           : "unanswered",
           error_us, -(double)(estimate.best.ns - estimate.earliest.ns) / 1e3,
           (double)(estimate.latest.ns - estimate.best.ns) / 1e3);
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
    room.mono_to_utc_ns = now_ns - now_mono().ns;
    tick_topic_write(TICK_TOPIC_TICK, &room.root, &room.key.id, room.tick_topic);
    tick_topic_write(TICK_TOPIC_ASK, &room.root, &room.key.id, room.ask_topic);
    for (int i = 0; i < room.count; i++) {
        struct ear *ear = &room.ear[i];
        ear->kind = i % 2 == 1 ? HOST : i % 80 == 0 ? ASKED : TICKS;
        ear->gain = (draw() - 0.5) * 100e-6;
        ear->host_off_ns = ear->kind == HOST ? (int64_t)((draw() - 0.5) * 500e3)
                                             : (int64_t)((draw() - 0.5) * 3600e9);
        ear->ask_at_tick = i / 80 % 12;
        randombytes_buf(ear->nonce, sizeof ear->nonce);
    }
    uv_loop_init(&room.loop);
    uv_timer_init(&room.loop, &room.opener);
    uv_timer_init(&room.loop, &room.asker);
    uv_timer_init(&room.loop, &room.end);
    uv_timer_start(&room.opener, on_open, 0, 3);
    /* Ticks come on the second: ask 120 ms before, from 12 s on, when all are there. */
    uint64_t to_second = 1000 - (uint64_t)(now_ns / NS_PER_MS % 1000);
    uv_timer_start(&room.asker, on_ask, 12000 + (to_second + 880) % 1000, 1000);
    uv_timer_start(&room.end, on_end, (uint64_t)((room.t0_ns - now_ns) / NS_PER_MS), 0);
    uv_run(&room.loop, UV_RUN_DEFAULT);
    fprintf(stderr, "%d connected\n", room.up);
    for (int i = 0; i < room.count; i++) {
        judge(&room.ear[i]);
    }
    fflush(stdout);
    _exit(0); /* the broker is about to go, too */
}
