/* Verifying a signed record against bare libsodium doing the least that must be done: one
 * BLAKE2b-512 of the record and two Ed25519 verifications.  Goal: within 1.3 x. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "records_random.h"
#include "trust/trust.h"

enum { RECORDS = 200, ROUNDS = 15 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct {
    char text[RECORD_SIZE_MAX];
    size_t size;
    char file[TRUST_SIGNATURE_TEXT_MAX];
    size_t file_size;
    struct trust_signature signature;
} held[RECORDS];

static size_t failures;

static void bare(const struct record_public_key *key)
{
    for (size_t i = 0; i < RECORDS; i++) {
        uint8_t hash[64], covered[64 + TRUST_COMMENT_MAX];
        crypto_generichash(hash, sizeof hash, (const uint8_t *)held[i].text, held[i].size, NULL, 0);
        failures +=
            crypto_sign_verify_detached(held[i].signature.signature, hash, 64, key->key) != 0;
        size_t len = held[i].signature.comment_len;
        memcpy(covered, held[i].signature.signature, 64);
        memcpy(covered + 64, held[i].signature.comment, len);
        failures +=
            crypto_sign_verify_detached(held[i].signature.global, covered, 64 + len, key->key) != 0;
    }
}

/* The whole of what a store does with one signature: its file read, then verified. */
static void ours(const struct record_public_key *key)
{
    static struct trust_signature signature;
    for (size_t i = 0; i < RECORDS; i++) {
        failures += trust_signature_read((const uint8_t *)held[i].file, held[i].file_size,
                                         &signature) != TRUST_OK;
        failures +=
            trust_verify(&signature, key, (const uint8_t *)held[i].text, held[i].size) != TRUST_OK;
    }
}

int main(void)
{
    static const uint8_t bytes[32] = {1}, id[8] = {2};
    static struct random_record made;
    struct seed seed = {42};
    struct record_public_key key;
    struct record_error error;
    struct trust_secret *secret = sodium_init() < 0 ? NULL : trust_secret_new(bytes, id);
    if (secret == NULL) {
        return EXIT_FAILURE;
    }
    trust_secret_public(secret, &key);
    for (size_t i = 0; i < RECORDS; i++) {
        random_record(&made, &seed);
        if (!record_write(&made.record, leap_builtin(), held[i].text, &held[i].size, &error) ||
            trust_sign(secret, (const uint8_t *)held[i].text, held[i].size, "tocsin window",
                       &held[i].signature) != TRUST_OK) {
            return EXIT_FAILURE;
        }
        held[i].file_size = trust_signature_write(&held[i].signature, held[i].file);
    }
    trust_secret_free(secret);
    double ratio[ROUNDS], rate[ROUNDS]; /* in turn, so that both see the same machine */
    for (int i = 0; i < ROUNDS; i++) {
        double start = now_s();
        bare(&key);
        double between = now_s();
        ours(&key);
        double end = now_s();
        ratio[i] = (end - between) / (between - start);
        rate[i] = RECORDS / (end - between);
    }
    qsort(ratio, ROUNDS, sizeof *ratio, compare);
    qsort(rate, ROUNDS, sizeof *rate, compare);
    printf("verify: %.0f signed records/s, %.3f x bare libsodium (median of %d; goal <= 1.3): %s\n",
           rate[ROUNDS / 2], ratio[ROUNDS / 2], ROUNDS,
           ratio[ROUNDS / 2] <= 1.3 && failures == 0 ? "reached" : "MISSED");
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
