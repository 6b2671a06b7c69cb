/* when.c -- when items are by a feed's clock, and which of them a request wants. */
#include <stdlib.h>
#include <string.h>

#include "feeds/event.h"
#include "list/list.h"

/* calcurse and others count in minutes, and refuse what ends as it begins. */
static const int64_t SHORTEST_NS = 60 * NS_PER_S;

static int64_t floor_to(int64_t ns, int64_t unit)
{
    int64_t rest = ns % unit;
    return ns - (rest < 0 ? rest + unit : rest);
}

static int64_t whole_days(int64_t ns)
{
    return ns <= NS_PER_DAY ? NS_PER_DAY : (ns + NS_PER_DAY - 1) / NS_PER_DAY * NS_PER_DAY;
}

static struct feed_time in_utc(const struct feed_request *request, utc start, int64_t length_ns)
{
    struct feed_time time = {.has_clock = true, .exact_start = start, .exact_end = start};
    time.exact_end.ns += length_ns;
    time.start.ns = floor_to(start.ns, NS_PER_S);
    time.end.ns = floor_to(time.exact_end.ns, NS_PER_S);
    if (time.end.ns < time.start.ns + SHORTEST_NS) {
        time.end.ns = time.start.ns + SHORTEST_NS;
    }
    if (request->zone != NULL) {
        time.shift_s = zone_at(request->zone, start).offset_s;
        time.end_shift_s = zone_at(request->zone, time.exact_end).offset_s;
    } else {
        time.is_utc = true;
    }
    return time;
}

/* At a civil time of whatever clock the reader has: a whole day that tells the hour. */
static struct feed_time on_any_clock(struct civil at, int64_t length_ns)
{
    utc start = civil_to_utc(at);
    struct feed_time time = {.is_date = true, .has_clock = true, .exact_start = start};
    time.exact_end.ns = start.ns + length_ns;
    time.start.ns = floor_to(start.ns, NS_PER_DAY);
    time.end.ns = time.start.ns + whole_days(length_ns);
    return time;
}

static struct feed_time on_dates(struct civil_date date, int64_t length_ns)
{
    struct feed_time time = {.is_date = true, .start = civil_to_utc((struct civil){.date = date})};
    time.end.ns = time.start.ns + whole_days(length_ns);
    time.exact_start = time.start;
    time.exact_end = time.end;
    return time;
}

static bool has_place(const struct feed_request *request, struct text place)
{
    for (size_t i = 0; i < request->place_count; i++) {
        if (text_equal(request->place[i], place)) {
            return true;
        }
    }
    return request->zone == NULL;
}

/* What left one feed and is in force all the same stands where it is now: an event has one UID in
 * all of them, and "Instead" and "Confirmed" name that hour.  False: the reader's clock never meets
 * it. */
static bool happens(const struct feed_source *source, const struct feed_request *request,
                    const struct feed_item *of, struct feed_time *out)
{
    const struct view_occurrence *now = of->is_rest_alone ? NULL : of->elsewhere;
    const struct record_window *times = now != NULL ? &now->record->is.window : of->times;
    utc start = leap_to_utc(source->leap, now != NULL ? now->start : of->start, NULL);
    struct civil_date date = now != NULL ? now->date : of->date;
    int64_t length_ns = times->duration.ns;
    switch (times->wave) {
    case WAVE_PLACE:
        if (!has_place(request, of->place)) {
            return false;
        }
        *out = in_utc(request, start, length_ns);
        return true;
    case WAVE_CLOCK: {
        struct civil at = {date, times->wave_time};
        *out = request->zone != NULL ? in_utc(request, zone_start_of(request->zone, at), length_ns)
                                     : on_any_clock(at, length_ns);
        return true;
    }
    case WAVE_DAY:
        *out = on_dates(date, length_ns);
        return true;
    case WAVE_NONE:
    default:
        *out = in_utc(request, start, length_ns);
        return true;
    }
}

/* The rest begins where the occurrence ends, on the same kind of clock. */
static struct feed_time rest_after(const struct feed_request *request,
                                   const struct record_window *times, const struct feed_time *of)
{
    int64_t rest_ns = times->rest.ns;
    if (!of->is_date) {
        return in_utc(request, of->exact_end, rest_ns);
    }
    struct civil end = civil_from_utc(of->exact_end);
    if (times->wave == WAVE_DAY && rest_ns % NS_PER_DAY == 0) {
        return on_dates(end.date, rest_ns);
    }
    if (request->zone != NULL) {
        return in_utc(request, zone_start_of(request->zone, end), rest_ns);
    }
    return on_any_clock(end, rest_ns);
}

static bool is_wanted(const struct feed_request *request, const struct feed_item *of)
{
    bool is_tentative = of->status == FEED_TENTATIVE || of->left == LEFT_PROPOSALS;
    bool is_of_gesture = request->gesture.len == 0 ? of->left != LEFT_GESTURE
                                                   : text_equal(request->gesture, of->gesture);
    return !request->is_empty && is_of_gesture && is_tentative == request->is_tentative &&
           (request->root == NULL || record_id_equal(&of->in->root, &request->root->id)) &&
           (request->window == NULL || request->window == of->in);
}

static int by_start(const void *left, const void *right)
{
    const struct feed_entry *a = left;
    const struct feed_entry *b = right;
    if (a->time.start.ns != b->time.start.ns) {
        return a->time.start.ns < b->time.start.ns ? -1 : 1;
    }
    int order = memcmp(a->of->in->uid.bytes, b->of->in->uid.bytes, RECORD_UID_SIZE);
    order = order != 0 ? order : record_id_compare(&a->of->in->root, &b->of->in->root);
    order = order != 0 ? order : text_compare(a->of->key, b->of->key);
    order = order != 0 ? order : text_compare(a->of->place, b->of->place);
    return order != 0 ? order : (int)a->is_rest - (int)b->is_rest;
}

static void add(const struct feed_source *source, struct feed_entries *out,
                const struct feed_entry *entry)
{
    if (entry->time.start.ns < leap_to_utc(source->leap, source->horizon.to, NULL).ns &&
        entry->time.end.ns > leap_to_utc(source->leap, source->horizon.from, NULL).ns) {
        out->entry[out->count++] = *entry;
    }
}

/* What is not in force yet has no rest; what is called off takes its rest with it. */
static bool has_rest(const struct feed_item *of)
{
    return of->times->has_rest && of->status != FEED_TENTATIVE &&
           (of->left == LEFT_NOTHING || of->is_rest_alone);
}

bool feed_entries_build(const struct feed_source *source, const struct feed_items *items,
                        const struct feed_request *request, struct feed_entries *out)
{
    size_t count = items->count + items->left_count;
    struct feed_entries built = {.entry = malloc((2 * count + 1) * sizeof *built.entry)};
    if (built.entry == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct feed_entry entry = {.of = &items->list[i]};
        if (!is_wanted(request, entry.of) || !happens(source, request, entry.of, &entry.time)) {
            continue;
        }
        if (!entry.of->is_rest_alone) {
            add(source, &built, &entry);
        }
        if (has_rest(entry.of)) {
            struct feed_entry rest = {.of = entry.of, .is_rest = true};
            rest.time = rest_after(request, entry.of->times, &entry.time);
            add(source, &built, &rest);
        }
    }
    list_sort(built.entry, built.count, sizeof *built.entry, by_start);
    *out = built;
    return true;
}

void feed_entries_free(struct feed_entries *entries)
{
    free(entries->entry);
    *entries = (struct feed_entries){0};
}
