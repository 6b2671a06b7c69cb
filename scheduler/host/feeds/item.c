#include "feeds/item.h"

#include <stdlib.h>
#include <string.h>

/* A cancelled occurrence stays in sight at least so long after it was called off... */
static const span CALLED_OFF_STAYS = {30 * NS_PER_DAY};
/* ...and of one window at most so many do. */
enum { CALLED_OFF_MAX = 12 };

/* Behind UTC, the last clocks on Earth come to an hour so much later. */
static const span LAST_CLOCK = {12 * 3600 * NS_PER_S};

/* A cancelled occurrence on its way into the list. */
struct called_off {
    struct feed_item is;
    instant end;
};

struct telling {
    const struct feed_source *source;
    const struct view_window *in;
    struct feed_revision revision;
    struct called_off *gone; /* owned */
    size_t gone_count;
};

static bool is_alone_at_its_seq(const struct view_window *in, size_t i)
{
    uint32_t seq = in->held[i]->is.window.seq;
    return (i == 0 || in->held[i - 1]->is.window.seq != seq) &&
           (i + 1 == in->held_count || in->held[i + 1]->is.window.seq != seq);
}

static bool has_key(const struct record_window *window, struct text key)
{
    for (size_t i = 0; i < window->at_count; i++) {
        if (text_equal(window->at[i].key, key)) {
            return true;
        }
    }
    for (size_t i = 0; i < window->on_count; i++) {
        if (text_equal(window->on[i].key, key)) {
            return true;
        }
    }
    return false;
}

/* When the KEY was called off for the last time: by the oldest of the records up to the one in
 * force that all, one after the other, do without it. */
static instant called_off_at(const struct view_window *in, struct text key)
{
    const struct record_window *now = &in->record->is.window;
    instant at = now->made;
    for (size_t i = in->held_count; i-- > 0;) {
        const struct record_window *window = &in->held[i]->is.window;
        if (window->seq >= now->seq) {
            continue;
        }
        if (has_key(window, key) && !record_is_off(window, key)) {
            break;
        }
        at = window->made;
    }
    return at;
}

static instant end_of(const struct record_window *times, instant start)
{
    instant end = start;
    if (!instant_add(start, times->duration, &end)) {
        return start;
    }
    bool is_instant = times->wave == WAVE_NONE || times->wave == WAVE_PLACE;
    instant last;
    return !is_instant && instant_add(end, LAST_CLOCK, &last) ? last : end;
}

static void add_gone(struct telling *telling, const struct feed_item *is, instant called_off)
{
    const struct feed_source *source = telling->source;
    instant end = end_of(is->times, is->start);
    instant until;
    bool is_fresh = !instant_add(called_off, CALLED_OFF_STAYS, &until) ||
                    instant_compare(until, source->horizon.now) >= 0;
    bool is_to_come = instant_compare(end, source->horizon.now) > 0;
    bool took_place = instant_compare(end, called_off) <= 0;
    if (!took_place && (is_fresh || is_to_come)) {
        telling->gone[telling->gone_count++] = (struct called_off){.is = *is, .end = end};
    }
}

static void add(struct feed_items *out, const struct feed_item *is)
{
    out->list[out->count++] = *is; /* there is room: see room_for */
}

/* What was once in people's calendars must be told as gone, or it stays there; what never was must
 * not appear at all, not even as cancelled. */
static void tell_occurrence(struct telling *telling, const struct view_occurrence *occurrence,
                            bool is_effective, struct feed_items *out)
{
    const struct view_window *in = telling->in;
    struct feed_item is = {
        .in = in,
        .record = in->record,
        .times = &in->record->is.window,
        .key = occurrence->key,
        .place = occurrence->place,
        .start = occurrence->start,
        .date = occurrence->date,
        .is_disputed = occurrence->alerted || in->status == VIEW_CONTESTED,
        .revision = telling->revision,
    };
    switch (occurrence->state) {
    case OCCURRENCE_IN_FORCE:
        is.status = FEED_CONFIRMED;
        add(out, &is);
        break;
    case OCCURRENCE_NOT_YET:
        is.status = FEED_TENTATIVE;
        if (!occurrence->is_off) {
            add(out, &is);
        }
        break;
    case OCCURRENCE_CANCELLED:
    case OCCURRENCE_OFF:
        /* what was never in force was in nobody's calendar */
        is.status = FEED_CANCELLED;
        is.is_disputed = false;
        if (is_effective) {
            add_gone(telling, &is,
                     occurrence->state == OCCURRENCE_CANCELLED && in->cancel != NULL
                         ? in->cancel->is.cancel.made
                         : called_off_at(in, occurrence->key));
        }
        break;
    case OCCURRENCE_EXPIRED:
    default:
        break;
    }
}

/* One that the window's end now comes before is not: who had it has to hear. */
static bool is_told(const struct telling *telling, struct text key, struct text place)
{
    for (size_t i = 0; i < telling->in->occurrence_count; i++) {
        const struct view_occurrence *one = &telling->in->occurrence[i];
        if (one->state != OCCURRENCE_EXPIRED && text_equal(one->key, key) &&
            text_equal(one->place, place)) {
            return true;
        }
    }
    for (size_t i = 0; i < telling->gone_count; i++) {
        if (text_equal(telling->gone[i].is.key, key) &&
            text_equal(telling->gone[i].is.place, place)) {
            return true;
        }
    }
    return false;
}

/* Whether the root ended before it, or the window itself: it was never in force, and is in nobody's
 * calendar. */
static bool is_beyond_end(const struct telling *telling, const struct record_window *times,
                          instant start)
{
    const struct view_root *root = view_find_root(telling->source->view, &telling->in->root);
    return instant_compare(start, times->expires) >= 0 ||
           instant_compare(start, root->newest->is.root.expires) >= 0;
}

static void tell_dropped_line(struct telling *telling, const struct record_window *times,
                              struct text key, struct text place, instant start,
                              struct civil_date date)
{
    if (is_told(telling, key, place) || is_beyond_end(telling, times, start)) {
        return;
    }
    struct feed_item is = {
        .in = telling->in,
        .record = telling->in->record,
        .times = times,
        .key = key,
        .place = place,
        .start = start,
        .date = date,
        .status = FEED_CANCELLED,
        .revision = telling->revision,
    };
    add_gone(telling, &is, called_off_at(telling->in, key));
}

/* KEYs that stood in a record once in force, and that the one in force has dropped. */
static void tell_dropped(struct telling *telling)
{
    const struct view_window *in = telling->in;
    for (size_t i = in->held_count; i-- > 0;) {
        const struct record_window *window = &in->held[i]->is.window;
        if (window->seq >= in->record->is.window.seq || !is_alone_at_its_seq(in, i)) {
            continue;
        }
        bool has_instants = window->wave == WAVE_NONE || window->wave == WAVE_PLACE;
        for (size_t k = 0; has_instants && k < window->at_count; k++) {
            tell_dropped_line(telling, window, window->at[k].key, window->at[k].place,
                              window->at[k].at, (struct civil_date){0});
        }
        for (size_t k = 0; !has_instants && k < window->on_count; k++) {
            struct civil nominal = {.date = window->on[k].date};
            if (window->wave == WAVE_CLOCK) {
                nominal.time = window->wave_time;
            }
            tell_dropped_line(telling, window, window->on[k].key, (struct text){0},
                              leap_from_utc(telling->source->leap, civil_to_utc(nominal), NULL),
                              nominal.date);
        }
    }
}

static int by_end(const void *left, const void *right)
{
    const struct called_off *a = left;
    const struct called_off *b = right;
    int order = instant_compare(a->end, b->end);
    if (order == 0) {
        size_t least = a->is.key.len < b->is.key.len ? a->is.key.len : b->is.key.len;
        order = memcmp(a->is.key.at, b->is.key.at, least);
    }
    return order;
}

/* The next twelve; of those that are over, the latest, where fewer are to come. */
static void tell_gone(struct telling *telling, struct feed_items *out)
{
    size_t count = telling->gone_count;
    if (count > 0) {
        qsort(telling->gone, count, sizeof *telling->gone, by_end);
    }
    size_t first = 0;
    while (first < count &&
           instant_compare(telling->gone[first].end, telling->source->horizon.now) <= 0) {
        first++;
    }
    if (count - first < CALLED_OFF_MAX) {
        first = count > CALLED_OFF_MAX ? count - CALLED_OFF_MAX : 0;
    }
    for (size_t i = first; i < count && i < first + CALLED_OFF_MAX; i++) {
        add(out, &telling->gone[i].is);
    }
}

/* How many items a window can have at most. */
static size_t room_for(const struct view_window *in)
{
    size_t room = in->occurrence_count;
    for (size_t i = 0; i < in->held_count; i++) {
        room += in->held[i]->is.window.at_count + in->held[i]->is.window.on_count;
    }
    return room;
}

static bool tell_window(const struct feed_source *source, const struct feed_tallies *tallies,
                        const struct view_window *in, struct feed_items *out)
{
    bool is_effective = false;
    for (size_t i = 0; i < in->held_count; i++) {
        is_effective = is_effective || in->held[i] == in->record;
    }
    struct telling telling = {
        .source = source,
        .in = in,
        .revision = feed_revision_of(tallies, &in->root, &in->uid, source->horizon.now),
        .gone = malloc((room_for(in) + 1) * sizeof *telling.gone),
    };
    if (telling.gone == NULL) {
        return false;
    }
    for (size_t i = 0; i < in->occurrence_count; i++) {
        tell_occurrence(&telling, &in->occurrence[i], is_effective, out);
    }
    if (is_effective) {
        tell_dropped(&telling);
    }
    tell_gone(&telling, out);
    free(telling.gone);
    return true;
}

bool feed_items_build(const struct feed_source *source, const struct feed_tallies *tallies,
                      struct feed_items *out)
{
    const struct view *view = source->view;
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        room += room_for(&view->window[i]);
    }
    struct feed_items built = {.list = malloc(room * sizeof *built.list)};
    if (built.list == NULL) {
        return false;
    }
    for (size_t i = 0; i < view->window_count; i++) {
        if (view->window[i].record != NULL &&
            !tell_window(source, tallies, &view->window[i], &built)) {
            feed_items_free(&built);
            return false;
        }
    }
    *out = built;
    return true;
}

void feed_items_free(struct feed_items *items)
{
    free(items->list);
    *items = (struct feed_items){0};
}
