/* Reading and writing records, beside the hash that any reader has to compute. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "records_random.h"

enum { RECORDS = 2000, ROUNDS = 11 };

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
    char *text;
    size_t size;
    struct record *record;
} held[RECORDS];

int main(void)
{
    static struct random_record made;
    static char text[RECORD_SIZE_MAX];
    struct seed seed = {42};
    struct record_error error;
    size_t total = 0, failures = 0, size;
    for (size_t i = 0; i < RECORDS; i++) {
        random_record(&made, &seed);
        if (!record_write(&made.record, leap_builtin(), text, &size, &error) ||
            (held[i].text = malloc(size)) == NULL) {
            return EXIT_FAILURE;
        }
        memcpy(held[i].text, text, size);
        held[i].size = size;
        total += size;
    }
    double read_s[ROUNDS], write_s[ROUNDS], hash_s[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_s();
        for (size_t i = 0; i < RECORDS; i++) {
            failures += !record_read((const uint8_t *)held[i].text, held[i].size, leap_builtin(),
                                     &held[i].record, &error);
        }
        read_s[round] = now_s() - start;
        start = now_s();
        for (size_t i = 0; i < RECORDS; i++) {
            failures += !record_write(held[i].record, leap_builtin(), text, &size, &error);
        }
        write_s[round] = now_s() - start;
        start = now_s();
        for (size_t i = 0; i < RECORDS; i++) {
            struct record_id id;
            record_id_of((const uint8_t *)held[i].text, held[i].size, &id);
            failures += !record_id_equal(&id, &held[i].record->id);
        }
        hash_s[round] = now_s() - start;
        for (size_t i = 0; i < RECORDS; i++) {
            record_free(held[i].record);
        }
    }
    qsort(read_s, ROUNDS, sizeof *read_s, compare);
    qsort(write_s, ROUNDS, sizeof *write_s, compare);
    qsort(hash_s, ROUNDS, sizeof *hash_s, compare);
    printf(
        "records: %.0f read/s (%.1f MB/s, %.2f x the hash alone), %.0f written/s; mean %zu bytes, "
        "median of %d\n",
        RECORDS / read_s[ROUNDS / 2], 1e-6 * (double)total / read_s[ROUNDS / 2],
        read_s[ROUNDS / 2] / hash_s[ROUNDS / 2], RECORDS / write_s[ROUNDS / 2], total / RECORDS,
        ROUNDS);
    for (size_t i = 0; i < RECORDS; i++) {
        free(held[i].text);
    }
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
