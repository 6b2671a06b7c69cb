/* root.c -- whether a root can be used: its threshold can be met, and each key has one task. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "records/record.h"
#include "trust/trust.h"

/* The n-th of a root's keys, over its organizer, beacon and feed lines; NULL past the last. */
static const struct record_key *key_at(const struct record_root *root, size_t n)
{
    if (n < root->organizer_count) {
        return &root->organizer[n];
    }
    n -= root->organizer_count;
    if (n < root->beacon_count) {
        return &root->beacon[n];
    }
    n -= root->beacon_count;
    return n < root->feed_count ? &root->feed[n] : NULL;
}

static bool complain(char error[static TRUST_ERROR_SIZE], const char *what,
                     const struct record_key *key)
{
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&key->public.id, id);
    snprintf(error, TRUST_ERROR_SIZE,
             "two lines of the root have the same %s (key %s): each key has one task", what, id);
    return false;
}

bool trust_root_is_sound(const struct record_root *root, char error[TRUST_ERROR_SIZE])
{
    char unread[TRUST_ERROR_SIZE];
    if (error == NULL) {
        error = unread;
    }
    if (root->threshold < 1 || root->threshold > root->organizer_count) {
        snprintf(error, TRUST_ERROR_SIZE, "a threshold of %lu cannot be met by %zu organizer%s",
                 (unsigned long)root->threshold, root->organizer_count,
                 text_s(root->organizer_count));
        return false;
    }
    const struct record_key *a, *b;
    for (size_t i = 1; (a = key_at(root, i)) != NULL; i++) {
        for (size_t j = 0; j < i; j++) {
            b = key_at(root, j);
            assert(b != NULL); /* as j < i */
            if (record_key_id_equal(&a->public.id, &b->public.id)) {
                return complain(error, "key id", a);
            }
            if (memcmp(a->public.key, b->public.key, sizeof a->public.key) == 0) {
                return complain(error, "public key", a);
            }
        }
    }
    return true;
}
