#include "site/occasion.h"

#include <stdlib.h>
#include <string.h>

#include "list/list.h"

/* Behind UTC, the last clocks on Earth come to an hour so much later. */
static const int64_t LAST_CLOCK_NS = 12 * 3600 * NS_PER_S;

static int by_window_key_and_start(const void *left, const void *right)
{
    const struct feed_item *a = *(const struct feed_item *const *)left;
    const struct feed_item *b = *(const struct feed_item *const *)right;
    int order = memcmp(a->in->uid.bytes, b->in->uid.bytes, RECORD_UID_SIZE);
    order = order != 0 ? order : text_compare(a->key, b->key);
    order = order != 0 ? order : instant_compare(a->start, b->start);
    return order != 0 ? order : text_compare(a->place, b->place);
}

static int by_window_and_start(const void *left, const void *right)
{
    const struct occasion *a = left;
    const struct occasion *b = right;
    int order = memcmp(a->at[0]->in->uid.bytes, b->at[0]->in->uid.bytes, RECORD_UID_SIZE);
    order = order != 0 ? order : (a->start_ns > b->start_ns) - (a->start_ns < b->start_ns);
    return order != 0 ? order : text_compare(a->at[0]->key, b->at[0]->key);
}

static int by_what_comes(const void *left, const void *right)
{
    const struct told *a = left;
    const struct told *b = right;
    bool a_comes = a->coming < a->count;
    bool b_comes = b->coming < b->count;
    if (a_comes != b_comes) {
        return a_comes ? -1 : 1;
    }
    /* of what is over the latest first */
    int64_t a_ns = a_comes ? a->occasion[a->coming].start_ns : -a->occasion[a->count - 1].start_ns;
    int64_t b_ns = b_comes ? b->occasion[b->coming].start_ns : -b->occasion[b->count - 1].start_ns;
    int order = (a_ns > b_ns) - (a_ns < b_ns);
    return order != 0 ? order : memcmp(a->in->uid.bytes, b->in->uid.bytes, RECORD_UID_SIZE);
}

static struct occasion occasion_of(const struct feed_source *source,
                                   const struct feed_item *const *at, size_t count)
{
    const struct record_window *times = at[0]->times;
    bool is_clock = times->wave == WAVE_CLOCK || times->wave == WAVE_DAY;
    struct occasion of = {
        .at = at,
        .count = count,
        .start_ns = leap_to_utc(source->leap, at[0]->start, NULL).ns,
        .end_ns = leap_to_utc(source->leap, at[count - 1]->start, NULL).ns + times->duration.ns,
    };
    of.end_ns += is_clock ? LAST_CLOCK_NS : 0;
    return of;
}

static void fill(const struct feed_source *source, size_t count, struct occasions *out)
{
    size_t occasions = 0;
    for (size_t from = 0, to = 0; from < count; from = to) {
        const struct feed_item *const *at = (const struct feed_item *const *)(out->item + from);
        while (to < count && out->item[to]->in == at[0]->in &&
               text_equal(out->item[to]->key, at[0]->key)) {
            to++;
        }
        out->occasion[occasions++] = occasion_of(source, at, to - from);
    }
    list_sort(out->occasion, occasions, sizeof *out->occasion, by_window_and_start);
    int64_t now = leap_to_utc(source->leap, source->horizon.now, NULL).ns;
    for (size_t from = 0, to = 0; from < occasions; from = to) {
        const struct occasion *first = &out->occasion[from];
        struct told *told = &out->told[out->count++];
        *told = (struct told){.in = first->at[0]->in, .occasion = first};
        while (to < occasions && out->occasion[to].at[0]->in == told->in) {
            told->coming += out->occasion[to].end_ns <= now ? 1 : 0;
            to++;
        }
        told->count = to - from;
        out->coming_count += told->coming < told->count ? 1 : 0;
    }
    list_sort(out->told, out->count, sizeof *out->told, by_what_comes);
}

bool occasions_build(const struct feed_source *source, const struct feed_items *items,
                     const struct record_id *root, enum feed_status status, struct occasions *out)
{
    size_t room = items->count + 1;
    *out = (struct occasions){
        .item = malloc(room * sizeof(const struct feed_item *)),
        .occasion = malloc(room * sizeof *out->occasion),
        .told = malloc(room * sizeof *out->told),
    };
    if (out->item == NULL || out->occasion == NULL || out->told == NULL) {
        occasions_free(out);
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < items->count; i++) {
        const struct feed_item *of = &items->list[i];
        if (of->status == status && record_id_equal(&of->in->root, root)) {
            out->item[count++] = of;
        }
    }
    list_sort(out->item, count, sizeof(const struct feed_item *), by_window_key_and_start);
    fill(source, count, out);
    return true;
}

void occasions_free(struct occasions *occasions)
{
    free(occasions->item);
    free(occasions->occasion);
    free(occasions->told);
    *occasions = (struct occasions){0};
}

const struct told *occasions_find(const struct occasions *occasions,
                                  const struct view_window *window)
{
    for (size_t i = 0; i < occasions->count; i++) {
        if (occasions->told[i].in == window) {
            return &occasions->told[i];
        }
    }
    return NULL;
}
