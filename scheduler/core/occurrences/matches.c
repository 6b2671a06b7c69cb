#include "occurrences/matches.h"

#include <stdlib.h>
#include <string.h>

#include "list/list.h"

void matches_close(struct matches *matches)
{
    free(matches->at);
    *matches = (struct matches){0};
}

struct match *matches_add(struct matches *matches, int32_t day)
{
    if (!LIST_ROOM(matches->at, matches->count, matches->room)) {
        return NULL;
    }
    struct match *match = &matches->at[matches->count++];
    match->day = day;
    match->days = 1;
    match->has_instant = match->has_lunation = false;
    match->at.ns = 0;
    match->error_s = 0;
    match->certainty = CERTAIN;
    match->lunation = 0;
    match->note[0] = '\0';
    return match;
}

static bool is_before(const struct match *a, const struct match *b)
{
    if (a->day != b->day) {
        return a->day < b->day;
    }
    return a->has_instant && b->has_instant && a->at.ns < b->at.ns;
}

/* Where the ascending run that begins at from ends. */
static size_t run_end(const struct matches *matches, size_t from)
{
    size_t end = from + 1;
    while (end < matches->count && !is_before(&matches->at[end], &matches->at[end - 1])) {
        end++;
    }
    return end < matches->count ? end : matches->count;
}

static void merge(const struct match *a, size_t a_count, const struct match *b, size_t b_count,
                  struct match *out)
{
    while (a_count > 0 && b_count > 0) {
        bool takes_b = is_before(b, a);
        *out++ = takes_b ? *b : *a;
        b += takes_b ? 1 : 0;
        b_count -= takes_b ? 1 : 0;
        a += takes_b ? 0 : 1;
        a_count -= takes_b ? 0 : 1;
    }
    memcpy(out, a_count > 0 ? a : b, (a_count + b_count) * sizeof *out);
}

/* Natural merge sort: matches come sorted, or as a few sorted runs. */
bool matches_sort(struct matches *matches)
{
    if (matches->count < 2 || run_end(matches, 0) == matches->count) {
        return true;
    }
    struct match *sorted = reallocarray(NULL, matches->room, sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    while (run_end(matches, 0) < matches->count) {
        for (size_t from = 0; from < matches->count;) {
            size_t middle = run_end(matches, from);
            size_t end = middle < matches->count ? run_end(matches, middle) : middle;
            merge(&matches->at[from], middle - from, &matches->at[middle], end - middle,
                  &sorted[from]);
            from = end;
        }
        struct match *other = matches->at;
        matches->at = sorted;
        sorted = other;
    }
    free(sorted);
    return true;
}

size_t matches_from(const struct matches *matches, int32_t day)
{
    size_t low = 0, high = matches->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (matches->at[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool matches_has_day(const struct matches *matches, int32_t day)
{
    size_t i = matches_from(matches, day);
    return i < matches->count && matches->at[i].day == day;
}

static bool is_same(const struct match *a, const struct match *b)
{
    return a->day == b->day && a->has_instant == b->has_instant &&
           (!a->has_instant || a->at.ns == b->at.ns);
}

void matches_drop_twins(struct matches *matches)
{
    size_t kept = 0;
    for (size_t i = 0; i < matches->count; i++) {
        if (kept == 0 || !is_same(&matches->at[kept - 1], &matches->at[i])) {
            matches->at[kept++] = matches->at[i];
        }
    }
    matches->count = kept;
}
