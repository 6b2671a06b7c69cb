#include "ledger/candidate.h"

#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "trust/trust.h"

static int by_selection(const struct candidate *a, const struct candidate *b)
{
    int order = memcmp(a->key.id.bytes, b->key.id.bytes, sizeof a->key.id.bytes);
    if (order == 0) {
        order = record_id_compare(&a->root, &b->root);
    }
    return order != 0 ? order : (int)a->role - (int)b->role;
}

/* The first place whose candidate does not come before the wanted one. */
static size_t place_of(const struct candidates *candidates, const struct candidate *wanted)
{
    size_t low = 0, high = candidates->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_selection(&candidates->list[middle], wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool add(struct candidates *candidates, const struct candidate *one)
{
    size_t place = place_of(candidates, one);
    for (; place < candidates->count && by_selection(&candidates->list[place], one) == 0; place++) {
        if (memcmp(candidates->list[place].key.key, one->key.key, sizeof one->key.key) == 0) {
            return true;
        }
    }
    if (!LIST_ROOM(candidates->list, candidates->count, candidates->room)) {
        return false;
    }
    struct candidate *at = candidates->list + place;
    memmove(at + 1, at, (candidates->count - place) * sizeof *at);
    *at = *one;
    candidates->count++;
    return true;
}

static bool add_keys(struct candidates *candidates, const struct record_id *root,
                     enum candidate_role role, const struct record_key *key, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct candidate one = {.key = key[i].public, .root = *root, .role = role};
        if (!add(candidates, &one)) {
            return false;
        }
    }
    return true;
}

bool candidates_add(struct candidates *candidates, const struct record *root)
{
    const struct record_root *is = &root->is.root;
    const struct record_id *id = record_root_of(root);
    return !trust_root_is_sound(is, NULL) ||
           (add_keys(candidates, id, CANDIDATE_ORGANIZER, is->organizer, is->organizer_count) &&
            add_keys(candidates, id, CANDIDATE_BEACON, is->beacon, is->beacon_count));
}

void candidates_free(struct candidates *candidates)
{
    free(candidates->list);
}

enum candidate_role candidates_role_for(const struct record *record)
{
    return record_subject_of(record) == RECORD_OF_STORE ? CANDIDATE_BEACON : CANDIDATE_ORGANIZER;
}

void candidates_find(const struct candidates *candidates, const struct record_key_id *id,
                     const struct record_id *root, enum candidate_role role,
                     struct candidate **first, size_t *count)
{
    struct candidate wanted = {.key.id = *id, .root = *root, .role = role};
    size_t start = place_of(candidates, &wanted), end = start;
    while (end < candidates->count && by_selection(&candidates->list[end], &wanted) == 0) {
        end++;
    }
    *first = candidates->list + start;
    *count = end - start;
}

void candidates_prefer(struct candidate *first, struct candidate *one)
{
    struct candidate was = *first;
    *first = *one;
    *one = was;
}
