#include "feeds/revision.h"

#include <stdlib.h>
#include <string.h>

/* One verified signature over one record. */
struct pair {
    struct feed_tally of;
    const struct record *record;
    const struct record_public_key *key;
};

/* Whom a record counts for: its window, or its constellation's keys.  False: nobody. */
static bool belongs(const struct record *record, struct feed_tally *of)
{
    const struct record_uid *uid = record_uid_of(record);
    *of = (struct feed_tally){.root = *record_root_of(record),
                              .has_uid = uid != NULL,
                              .has_made = true,
                              .made = record_made(record)};
    if (uid != NULL) {
        of->uid = *uid;
    }
    return record_subject_of(record) != RECORD_OF_STORE;
}

static int by_owner(const void *left, const void *right)
{
    const struct feed_tally *a = left;
    const struct feed_tally *b = right;
    int order = record_id_compare(&a->root, &b->root);
    if (order == 0) {
        order = (int)a->has_uid - (int)b->has_uid;
    }
    return order != 0 ? order : memcmp(a->uid.bytes, b->uid.bytes, sizeof a->uid.bytes);
}

/* Entries may say the same pair twice. */
static int by_pair(const void *left, const void *right)
{
    const struct pair *a = left;
    const struct pair *b = right;
    int order = by_owner(&a->of, &b->of);
    if (order == 0) {
        order = record_id_compare(&a->record->id, &b->record->id);
    }
    return order != 0 ? order : memcmp(a->key->key, b->key->key, sizeof a->key->key);
}

static void count_pair(struct feed_tallies *tallies, const struct pair *pair, instant now)
{
    if (tallies->count == 0 || by_owner(&tallies->list[tallies->count - 1], &pair->of) != 0) {
        struct feed_tally *next = &tallies->list[tallies->count++];
        *next = pair->of;
        next->has_made = false;
    }
    struct feed_tally *tally = &tallies->list[tallies->count - 1];
    tally->pairs++;
    if (instant_compare(pair->of.made, now) <= 0 &&
        (!tally->has_made || instant_compare(pair->of.made, tally->made) > 0)) {
        tally->has_made = true;
        tally->made = pair->of.made;
    }
}

bool feed_tallies_build(const struct feed_source *source, struct feed_tallies *out)
{
    size_t room = 1;
    for (size_t i = 0; i < source->entry_count; i++) {
        room += source->entry[i].signer_count;
    }
    struct pair *pair = malloc(room * sizeof *pair);
    struct feed_tallies tallies = {.list = malloc(room * sizeof *tallies.list)};
    if (pair == NULL || tallies.list == NULL) {
        free(pair);
        free(tallies.list);
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < source->entry_count; i++) {
        const struct view_entry *entry = &source->entry[i];
        struct feed_tally of;
        for (size_t k = 0; belongs(entry->record, &of) && k < entry->signer_count; k++) {
            pair[count++] = (struct pair){of, entry->record, &entry->signer[k]};
        }
    }
    qsort(pair, count, sizeof *pair, by_pair);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || by_pair(&pair[i - 1], &pair[i]) != 0) {
            count_pair(&tallies, &pair[i], source->now);
        }
    }
    free(pair);
    *out = tallies;
    return true;
}

void feed_tallies_free(struct feed_tallies *tallies)
{
    free(tallies->list);
    *tallies = (struct feed_tallies){0};
}

static void take(const struct feed_tallies *tallies, const struct feed_tally *wanted, size_t *pairs,
                 bool *has_made, instant *made)
{
    const struct feed_tally *found =
        tallies->count == 0
            ? NULL
            : bsearch(wanted, tallies->list, tallies->count, sizeof *tallies->list, by_owner);
    if (found == NULL) {
        return;
    }
    *pairs += found->pairs;
    if (found->has_made && (!*has_made || instant_compare(found->made, *made) > 0)) {
        *has_made = true;
        *made = found->made;
    }
}

struct feed_revision feed_revision_of(const struct feed_tallies *tallies,
                                      const struct record_id *root, const struct record_uid *uid,
                                      instant otherwise)
{
    size_t pairs = 0;
    bool has_made = false;
    instant made = otherwise;
    struct feed_tally wanted = {.root = *root};
    take(tallies, &wanted, &pairs, &has_made, &made);
    if (uid != NULL) {
        wanted.has_uid = true;
        wanted.uid = *uid;
        take(tallies, &wanted, &pairs, &has_made, &made);
    }
    return (struct feed_revision){
        .sequence = pairs < RECORD_NUMBER_MAX ? (uint32_t)pairs : RECORD_NUMBER_MAX,
        .changed = made,
    };
}
