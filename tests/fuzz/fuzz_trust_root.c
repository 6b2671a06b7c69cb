/* A root record judged: sound means what it says, by another route. */
#include <stdlib.h>
#include <string.h>

#include "records/record.h"
#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, RECORD_PUBLIC_KEY_SIZE);
}

/* Whether two of the n rows of 32 bytes are equal. */
static bool has_twins(uint8_t (*rows)[RECORD_PUBLIC_KEY_SIZE], size_t n)
{
    qsort(rows, n, sizeof *rows, compare);
    for (size_t i = 1; i < n; i++) {
        if (memcmp(rows[i - 1], rows[i], sizeof *rows) == 0) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct record *record;
    struct record_error error;
    if (!record_read(bytes, size, leap_builtin(), &record, &error)) {
        return 0;
    }
    if (record->type == RECORD_ROOT) {
        static uint8_t keys[RECORD_SIZE_MAX / 56][RECORD_PUBLIC_KEY_SIZE];
        static uint8_t ids[RECORD_SIZE_MAX / 56][RECORD_PUBLIC_KEY_SIZE];
        const struct record_root *root = &record->is.root;
        const struct record_key *list[] = {root->organizer, root->beacon, root->feed};
        size_t count[] = {root->organizer_count, root->beacon_count, root->feed_count}, n = 0;
        memset(ids, 0, sizeof ids);
        for (int i = 0; i < 3; i++) {
            for (size_t j = 0; j < count[i]; j++, n++) {
                memcpy(keys[n], list[i][j].public.key, sizeof keys[n]);
                memcpy(ids[n], list[i][j].public.id.bytes, sizeof list[i][j].public.id.bytes);
            }
        }
        bool expected = root->threshold >= 1 && root->threshold <= root->organizer_count &&
                        !has_twins(keys, n) && !has_twins(ids, n);
        char why[160] = "";
        if (trust_root_is_sound(root, why) != expected || (expected != (why[0] == '\0'))) {
            abort();
        }
    }
    record_free(record);
    return 0;
}
