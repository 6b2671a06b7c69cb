/* links: trust */
/* Signing and verifying a tick beside bare libsodium over the same bytes. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ticks/tick.h"

enum { ROUNDS = 7, BATCH = 2000 };

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

int main(void)
{
    if (sodium_init() < 0) {
        return EXIT_FAILURE;
    }
    static const uint8_t seed[32] = {1}, id[8] = {2};
    uint8_t public_key[32], secret_key[64];
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    struct trust_secret *secret = trust_secret_new(seed, id);
    struct record_public_key key;
    if (secret == NULL) {
        return EXIT_FAILURE;
    }
    trust_secret_public(secret, &key);
    struct tick tick = {.time = {INT64_C(1795435200123456789)},
                        .has_error = true,
                        .error_ns = 250000,
                        .next_ms = 1000,
                        .window_count = 1,
                        .window[0] = {.has_t0 = true, .t0 = {INT64_C(1795435220000000000)}}};
    uint8_t bytes[TICK_SIZE_MAX], message[TICK_SIZE_MAX] = {0}, signature[64];
    size_t size = tick_write(&tick, secret, bytes);
    size_t message_size = size - 64 + 2; /* about what is signed */
    double us[4][ROUNDS];
    size_t good = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_us();
        for (int i = 0; i < BATCH; i++) {
            message[0] = (uint8_t)i;
            crypto_sign_detached(signature, NULL, message, message_size, secret_key);
        }
        us[0][round] = (now_us() - start) / BATCH;
        start = now_us();
        for (int i = 0; i < BATCH; i++) {
            tick.time.ns++;
            size = tick_write(&tick, secret, bytes);
        }
        us[1][round] = (now_us() - start) / BATCH;
        start = now_us();
        for (int i = 0; i < BATCH; i++) {
            good += crypto_sign_verify_detached(signature, message, message_size, public_key) == 0;
        }
        us[2][round] = (now_us() - start) / BATCH;
        start = now_us();
        for (int i = 0; i < BATCH; i++) {
            struct tick out;
            size_t signer;
            good += tick_verify(bytes, size, &key, 1, &out, &signer) == TICK_OK;
        }
        us[3][round] = (now_us() - start) / BATCH;
    }
    if (good != (size_t)2 * ROUNDS * BATCH) {
        fprintf(stderr, "bench_ticks: a signature failed\n");
        return EXIT_FAILURE;
    }
    double sign_bare = median(us[0]), sign_tick = median(us[1]);
    double verify_bare = median(us[2]), verify_tick = median(us[3]);
    printf("tick of one window: %zu bytes (goal: at most 222)\n", size);
    printf("sign:   bare libsodium %6.1f us, tick %6.1f us, ratio %.2f (goal: at most 1.3)\n",
           sign_bare, sign_tick, sign_tick / sign_bare);
    printf("verify: bare libsodium %6.1f us, tick %6.1f us, ratio %.2f (goal: at most 1.3)\n",
           verify_bare, verify_tick, verify_tick / verify_bare);
    trust_secret_free(secret);
    return EXIT_SUCCESS;
}
