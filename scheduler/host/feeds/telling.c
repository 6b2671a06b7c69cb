/* telling.c -- what was called off, how long it is told, and what records had. */
#include "feeds/telling.h"

#include "list/list.h"

/* A cancelled occurrence stays in sight at least so long after it was called off... */
static const span CALLED_OFF_STAYS = {30 * NS_PER_DAY};
/* ...and of one window at most so many do. */
enum { CALLED_OFF_MAX = 12 };

/* Behind UTC, the last clocks on Earth come to an hour so much later. */
static const span LAST_CLOCK = {12 * 3600 * NS_PER_S};

static bool has_line(const struct record_window *window, struct text key, struct text place)
{
    for (size_t i = 0; i < window->at_count; i++) {
        if (text_equal(window->at[i].key, key) && text_equal(window->at[i].place, place)) {
            return true;
        }
    }
    return place.len == 0 && window->wave != WAVE_PLACE && record_on_find(window, key) != NULL;
}

static bool has(const struct record_window *window, const struct had *had)
{
    return has_line(window, had->key, had->place) && !record_is_off(window, had->key) &&
           (had->gesture.len == 0 || text_equal(window->gesture, had->gesture)) &&
           (!had->is_rest || window->has_rest);
}

static bool ever_had(const struct telling *telling, const struct had *had)
{
    for (size_t i = 0; i < telling->in->held_count; i++) {
        if (has(&telling->in->held[i]->is.window, had)) {
            return true;
        }
    }
    return false;
}

instant telling_called_off_at(const struct telling *telling, const struct had *had)
{
    const struct view_window *in = telling->in;
    instant at = in->held[in->held_count - 1]->is.window.made;
    for (size_t i = in->held_count; i-- > 0;) {
        const struct record_window *window = &in->held[i]->is.window;
        if (window->seq >= telling->said->is.window.seq) {
            continue;
        }
        if (has(window, had)) {
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

void telling_add(struct telling *telling, const struct feed_item *is, instant called_off)
{
    const struct feed_source *source = telling->source;
    instant end = end_of(is->times, is->start);
    instant until;
    if (instant_compare(called_off, source->horizon.now) > 0) {
        called_off = source->horizon.now; /* whatever date the record gives itself */
    }
    bool is_fresh = !instant_add(called_off, CALLED_OFF_STAYS, &until) ||
                    instant_compare(until, source->horizon.now) >= 0;
    bool is_to_come = instant_compare(end, source->horizon.now) > 0;
    bool took_place = instant_compare(end, called_off) <= 0;
    if (took_place || (!is_fresh && !is_to_come)) {
        return;
    }
    if (!LIST_ROOM(telling->gone, telling->gone_count, telling->gone_room)) {
        telling->is_short_of_memory = true;
        return;
    }
    struct called_off *gone = &telling->gone[telling->gone_count++];
    *gone = (struct called_off){.is = *is, .end = end};
    const struct had had = {is->key, is->place, is->gesture, is->is_rest_alone};
    if (is->left != LEFT_PROPOSALS && !ever_had(telling, &had)) {
        gone->is.gesture = (struct text){0};
    }
}

bool telling_has(const struct telling *telling, struct text key, struct text place)
{
    for (size_t i = 0; i < telling->gone_count; i++) {
        if (text_equal(telling->gone[i].is.key, key) &&
            text_equal(telling->gone[i].is.place, place)) {
            return true;
        }
    }
    return false;
}

static bool counts(const struct view_root *root, const struct record *record)
{
    return record_id_is_among(root->effective, root->effective_count, &record->id);
}

instant telling_root_end(const struct feed_source *source, const struct view_root *root)
{
    instant end = root->newest->is.root.expires;
    for (size_t i = 0; i < source->entry_count; i++) {
        const struct record *record = source->entry[i].record;
        if (record->type == RECORD_ROOT && record_id_equal(record_root_of(record), &root->id) &&
            instant_compare(record->is.root.expires, end) > 0 && counts(root, record)) {
            end = record->is.root.expires;
        }
    }
    return end;
}

bool telling_is_beyond_end(const struct telling *telling, const struct record_window *times,
                           instant start)
{
    return instant_compare(start, times->expires) >= 0 ||
           instant_compare(start, telling->root_end) >= 0;
}

static int by_end(const void *left, const void *right)
{
    const struct called_off *a = left;
    const struct called_off *b = right;
    int order = instant_compare(a->end, b->end);
    return order != 0 ? order : text_compare(a->is.key, b->is.key);
}

void telling_put(struct telling *telling, struct item_list *out, const struct feed_item *is)
{
    if (!LIST_ROOM(out->item, out->count, out->room)) {
        telling->is_short_of_memory = true;
        return;
    }
    out->item[out->count++] = *is;
}

void telling_give(struct telling *telling, struct item_list *out)
{
    size_t count = telling->gone_count;
    list_sort(telling->gone, count, sizeof *telling->gone, by_end);
    size_t first = 0;
    while (first < count &&
           instant_compare(telling->gone[first].end, telling->source->horizon.now) <= 0) {
        first++;
    }
    if (count - first < CALLED_OFF_MAX) {
        first = count > CALLED_OFF_MAX ? count - CALLED_OFF_MAX : 0;
    }
    for (size_t i = first; i < count && i < first + CALLED_OFF_MAX; i++) {
        telling_put(telling, out, &telling->gone[i].is);
    }
    telling->gone_count = 0;
}
