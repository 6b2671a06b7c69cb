/* bench_listener_flood -- what one message costs the listener's mind, in microseconds of one core,
 * beside a bare signature check by libsodium in the same run: a good tick, a forged one (right key
 * id, wrong signature, of which 16 a second are judged), a replayed one, one of another
 * constellation, junk.  links: ticks view trust records */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "listener/listener.h"

enum { ROUNDS = 4000 };

static struct listener listener;
static _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE];
static struct listener_update update;
static struct discipline_clocks clocks = {.now = {NS_PER_S},
                                          .host = {INT64_C(1800000000) * NS_PER_S}};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void hear(const uint8_t *bytes, size_t size)
{
    clocks.now.ns += NS_PER_MS;
    clocks.raw.ns += NS_PER_MS;
    clocks.host.ns += NS_PER_MS;
    struct listener_event event = {.kind = LISTENER_TICK,
                                   .clocks = clocks,
                                   .bytes = bytes,
                                   .size = size,
                                   .arrived = clocks.raw};
    listener_step(&listener, &event, &update);
}

static void report(const char *what, double began_us)
{
    double each = (now_us() - began_us) / ROUNDS;
    printf("  %-44s %8.1f us   20,000 a second take %5.1f %% of a core\n", what, each, each * 2);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    uint8_t seed[32] = {1}, id[8] = {2};
    struct trust_secret *secret = trust_secret_new(seed, id);
    struct record_public_key key;
    trust_secret_public(secret, &key);
    struct record_key beacon = {.public = key};
    struct record root = {.type = RECORD_ROOT};
    root.is.root.beacon = &beacon;
    root.is.root.beacon_count = 1;
    struct view_root view_root = {.newest = &root};
    struct view view = {.root = &view_root, .root_count = 1};
    struct listener_options options = {.leap = *leap_builtin(), .no_ask = true};
    struct listener_room room = listener_room_for_all(block);
    listener_init(&listener, &room, &options, NULL, 0, NULL, 0);
    listener_step(
        &listener,
        &(struct listener_event){.kind = LISTENER_RECORDS, .clocks = clocks, .view = &view},
        &update);

    static uint8_t tick[ROUNDS][TICK_SIZE_MAX];
    static size_t size[ROUNDS];
    uint8_t previous[TICK_PREVIOUS_SIZE] = {0};
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct tick one = {.counter = i,
                           .time = {clocks.host.ns + i * NS_PER_MS},
                           .has_error = true,
                           .error_ns = NS_PER_MS,
                           .has_previous = i > 0,
                           .next_ms = 1000};
        memcpy(one.previous, previous, sizeof previous);
        size[i] = tick_write(&one, secret, tick[i]);
        tick_hash(tick[i], size[i], previous);
    }
    double began = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        hear(tick[i], size[i]);
    }
    report("a good tick", began);
    began = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        hear(tick[i], size[i]);
    }
    report("a replayed one", began);
    struct tick forged = {.counter = 0, .time = {clocks.host.ns + 100 * NS_PER_S}, .session = {9}};
    size_t forged_size = tick_write(&forged, secret, tick[0]);
    tick[0][forged_size - 1] ^= 1;
    began = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        hear(tick[0], forged_size);
    }
    report("a forged one", began);
    uint64_t refused = listener.counts.bad_signature, unjudged = listener.counts.unjudged;
    forged.root[0] = 1;
    forged_size = tick_write(&forged, secret, tick[1]);
    began = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        hear(tick[1], forged_size);
    }
    report("one of another constellation", began);
    began = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        hear((const uint8_t *)"\xd2\x84 this is no tick", 18);
    }
    report("junk", began);
    uint8_t message[150] = {0}, signature[64];
    trust_sign_raw(secret, message, sizeof message, signature);
    signature[63] ^= 1;
    began = now_us();
    int good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        good +=
            crypto_sign_ed25519_verify_detached(signature, message, sizeof message, key.key) == 0;
    }
    report("bare libsodium, a wrong signature", began);
    printf("  heard %llu, refused for their signature %llu, unjudged %llu, bare checks passed %d\n",
           (unsigned long long)listener.counts.heard, (unsigned long long)refused,
           (unsigned long long)unjudged, good);
    trust_secret_free(secret);
    return 0;
}
