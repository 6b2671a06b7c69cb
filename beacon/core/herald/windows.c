/* windows.c -- what a tick tells of: the moment that comes next, and what else is near. */
#include "herald/internal.h"

#include <string.h>

/* A window that has ended, or would have begun but for its cancel, is shown for this long. */
static const int64_t afterglow_ns = 60 * NS_PER_S;
/* Places keep clocks from 14 hours before UTC to 12 hours after it. */
static const int64_t first_place_ns = INT64_C(-14) * 3600 * NS_PER_S;
static const int64_t last_place_ns = INT64_C(12) * 3600 * NS_PER_S;
/* Further windows than the nearest are of interest this far ahead. */
static const int64_t near_ns = 2 * NS_PER_DAY;

static bool may_tick_for(const struct herald *herald, const struct record_window *window)
{
    if (window->beacon_count == 0) {
        return true;
    }
    for (size_t i = 0; i < window->beacon_count; i++) {
        if (record_key_id_equal(&window->beacon[i], &herald->key)) {
            return true;
        }
    }
    return false;
}

static bool is_over(const struct herald_occurrence *occurrence, utc now)
{
    utc last = occurrence->is_cancelled && occurrence->has_t0 ? occurrence->t0 : occurrence->end;
    return utc_since(now, last).ns >= afterglow_ns;
}

/* Places of one wave on one day are one entry, from the first to the last. */
static bool join_wave(struct herald *herald, const struct herald_occurrence *one)
{
    for (size_t i = 0; i < herald->occurrence_count && !one->has_t0; i++) {
        struct herald_occurrence *held = &herald->occurrence[i];
        if (!held->has_t0 && held->day == one->day && record_uid_equal(&held->uid, &one->uid)) {
            held->t0.ns = one->t0.ns < held->t0.ns ? one->t0.ns : held->t0.ns;
            held->end.ns = one->end.ns > held->end.ns ? one->end.ns : held->end.ns;
            held->is_cancelled = held->is_cancelled && one->is_cancelled;
            return true;
        }
    }
    return false;
}

/* Keeps the list ascending by start; what is farthest ahead falls out when it is full. */
static void insert(struct herald *herald, const struct herald_occurrence *one)
{
    if (join_wave(herald, one)) {
        return;
    }
    size_t at = herald->occurrence_count;
    while (at > 0 && herald->occurrence[at - 1].t0.ns > one->t0.ns) {
        at--;
    }
    if (herald->occurrence_count == HERALD_OCCURRENCES_MAX) {
        herald->is_cut = true;
        if (at == HERALD_OCCURRENCES_MAX) {
            return;
        }
        herald->occurrence_count--;
    }
    memmove(&herald->occurrence[at + 1], &herald->occurrence[at],
            (herald->occurrence_count - at) * sizeof *one);
    herald->occurrence[at] = *one;
    herald->occurrence_count++;
}

static void take_window(struct herald *herald, const struct view_window *window, utc now)
{
    bool is_in_force = false;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *from = &window->occurrence[i];
        bool is_cancelled = from->state == OCCURRENCE_CANCELLED || from->state == OCCURRENCE_OFF;
        const struct record_window *record = &from->record->is.window;
        if ((from->state != OCCURRENCE_IN_FORCE && !is_cancelled) ||
            !may_tick_for(herald, record)) {
            continue;
        }
        struct herald_occurrence one = {
            .uid = window->uid,
            .has_t0 = record->wave == WAVE_NONE,
            .t0 = leap_to_utc(herald->leap, from->start, NULL),
            .end = leap_to_utc(herald->leap, from->end, NULL),
            .duration_ms = (uint32_t)(record->duration.ns / NS_PER_MS),
            .is_cancelled = is_cancelled,
        };
        if (record->wave != WAVE_NONE) {
            one.day = civil_day_number(from->date);
        }
        if (!from->has_start) {
            one.t0.ns += first_place_ns;
            one.end.ns += last_place_ns;
        }
        memcpy(one.record, from->record->id.bytes, sizeof one.record);
        /* A place whose hour is past still says when the wave began. */
        int64_t kept_ns = one.has_t0 ? 0 : NS_PER_DAY;
        if (!is_over(&one, (utc){now.ns - kept_ns})) {
            insert(herald, &one);
            is_in_force = is_in_force || (!is_cancelled && !is_over(&one, now));
        }
    }
    herald->in_force += is_in_force;
}

void herald_take_view(struct herald *herald, const struct view *view, utc now)
{
    herald->occurrence_count = 0;
    herald->is_cut = false;
    herald->in_force = 0;
    herald->is_beacon = false;
    const struct view_root *root = view_find_root(view, &herald->root);
    if (root == NULL || root->newest == NULL) {
        return;
    }
    struct record_public_key ours;
    trust_secret_public(herald->secret, &ours);
    const struct record_root *newest = &root->newest->is.root;
    const struct record_key *named =
        record_key_find(newest->beacon, newest->beacon_count, ours.key);
    herald->is_beacon = named != NULL && record_key_id_equal(&named->public.id, &ours.id);
    for (size_t i = 0; i < view->window_count && herald->is_beacon; i++) {
        const struct view_window *window = &view->window[i];
        if (record_id_equal(&window->root, &herald->root)) {
            take_window(herald, window, now);
        }
    }
}

/* This beacon's own place within the shortest period, mixed from the key's id. */
static int64_t phase_ns(const struct record_key_id *key)
{
    uint64_t mixed = 0;
    for (size_t i = 0; i < sizeof key->bytes; i++) {
        mixed = mixed << 8 | key->bytes[i];
    }
    mixed *= UINT64_C(0x9E3779B97F4A7C15); /* 2^64 over the golden ratio: spreads neighbours */
    return (int64_t)((mixed >> 32) * CADENCE_SHORTEST_NS >> 32);
}

size_t herald_starts(const struct herald *herald, utc out[static HERALD_OCCURRENCES_MAX])
{
    size_t count = 0;
    int64_t phase = phase_ns(&herald->key);
    for (size_t i = 0; i < herald->occurrence_count; i++) {
        if (herald->occurrence[i].has_t0 && !herald->occurrence[i].is_cancelled) {
            out[count++].ns = herald->occurrence[i].t0.ns + phase;
        }
    }
    return count;
}

/* How far from now a window's start is; a wave under way is here. */
static int64_t distance(const struct herald_occurrence *occurrence, utc now)
{
    int64_t ahead = utc_since(occurrence->t0, now).ns;
    if (ahead >= 0) {
        return ahead;
    }
    if (occurrence->has_t0) {
        return -ahead;
    }
    int64_t behind = utc_since(now, occurrence->end).ns;
    return behind > 0 ? behind : 0;
}

static enum tick_state state_at(const struct herald_occurrence *occurrence, utc now)
{
    if (occurrence->is_cancelled) {
        return TICK_CANCELLED;
    }
    if (now.ns < occurrence->t0.ns) {
        return TICK_COMING;
    }
    return now.ns < occurrence->end.ns ? TICK_BEGUN : TICK_ENDED;
}

/* By insertion into the eight places that a tick has: the list is short, and sorting all would take
 * room that a mind does not have. */
size_t herald_nearest(const struct herald *herald, utc now,
                      struct tick_window out[static TICK_WINDOWS_MAX])
{
    const struct herald_occurrence *nearest[TICK_WINDOWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < herald->occurrence_count; i++) {
        const struct herald_occurrence *one = &herald->occurrence[i];
        if (is_over(one, now)) {
            continue;
        }
        size_t at = count;
        while (at > 0 && distance(nearest[at - 1], now) > distance(one, now)) {
            at--;
        }
        if (at == TICK_WINDOWS_MAX) {
            continue;
        }
        count -= count == TICK_WINDOWS_MAX;
        memmove(&nearest[at + 1], &nearest[at],
                (count - at) * sizeof(const struct herald_occurrence *));
        nearest[at] = one;
        count++;
    }
    while (count > 1 && distance(nearest[count - 1], now) > near_ns) {
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct tick_window){
            .uid = nearest[i]->uid,
            .has_t0 = nearest[i]->has_t0,
            .t0 = nearest[i]->has_t0 ? nearest[i]->t0 : (utc){0},
            .duration_ms = nearest[i]->duration_ms,
            .state = state_at(nearest[i], now),
        };
        memcpy(out[i].record, nearest[i]->record, sizeof out[i].record);
    }
    return count;
}

struct herald_news herald_awaited(const struct herald *herald, utc now, enum herald_news_kind kind)
{
    struct herald_news news = {.kind = kind, .in_force = herald->in_force};
    for (size_t i = 0; i < herald->occurrence_count && !news.has_t0; i++) {
        const struct herald_occurrence *one = &herald->occurrence[i];
        span left = utc_since(one->t0, now);
        if (one->has_t0 && !one->is_cancelled && left.ns >= -10 * NS_PER_S) {
            news.has_t0 = true;
            news.t0 = one->t0;
            news.left = left;
        }
    }
    return news;
}
