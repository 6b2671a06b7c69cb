#include "listener/mind.h"

/* A leap second makes every stamp after it smaller by a second, and the lines under the beacons'
 * stamps know nothing of it.  So the listener keeps the number of leap seconds by which its
 * estimate counts, and moves lines and plans by the difference when it changes. */

static const int64_t NEAR_NS = 60 * NS_PER_S;

static int64_t from_ns(const struct leap_table *table, size_t entry)
{
    return table->entry[entry].from_utc_s * NS_PER_S;
}

static span step_of(const struct leap_table *table, size_t entry)
{
    int64_t before = entry > 0 ? table->entry[entry - 1].tai_minus_utc_s : 0;
    return (span){(table->entry[entry].tai_minus_utc_s - before) * NS_PER_S};
}

bool leaps_follow(struct listener *listener, const struct discipline_clocks *clocks,
                  struct listener_update *update)
{
    const struct leap_table *table = &listener->options.leap;
    int64_t now = listener->estimate.best.ns;
    bool has_moved = false;
    if (!listener->has_leaps) {
        listener->has_leaps = true;
        while (listener->leaps < table->count && from_ns(table, listener->leaps) <= now) {
            listener->leaps++;
        }
    }
    /* Back only when the clock was far ahead: a second ago is where a leap leads. */
    while (listener->leaps > 0 && now < from_ns(table, listener->leaps - 1) - NEAR_NS) {
        listener->leaps--;
        discipline_leap(&listener->discipline, (span){-step_of(table, listener->leaps).ns});
        has_moved = true;
    }
    while (listener->leaps < table->count && from_ns(table, listener->leaps) <= now) {
        discipline_leap(&listener->discipline, step_of(table, listener->leaps));
        listener->leaps++;
        has_moved = true;
    }
    if (listener->leaps < table->count && from_ns(table, listener->leaps) - now < NEAR_NS) {
        wake_by(update, (mono){clocks->now.ns + from_ns(table, listener->leaps) - now + 1});
    }
    return has_moved;
}

span leaps_ahead(const struct listener *listener, utc at)
{
    const struct leap_table *table = &listener->options.leap;
    span sum = {0};
    for (size_t i = listener->leaps; i < table->count && from_ns(table, i) <= at.ns; i++) {
        sum.ns += step_of(table, i).ns;
    }
    return sum;
}

/* The entry that begins within a minute of now, or the table's count. */
static size_t find_near(const struct listener *listener)
{
    const struct leap_table *table = &listener->options.leap;
    for (size_t i = listener->leaps > 0 ? listener->leaps - 1 : 0;
         i < table->count && i <= listener->leaps; i++) {
        int64_t away = from_ns(table, i) - listener->estimate.best.ns;
        if (away > -NEAR_NS && away < NEAR_NS) {
            return i;
        }
    }
    return table->count;
}

bool leaps_are_near(const struct listener *listener)
{
    return find_near(listener) < listener->options.leap.count;
}

utc leaps_count_alike(const struct listener *listener, const struct tick *tick)
{
    const struct leap_table *table = &listener->options.leap;
    size_t near = find_near(listener);
    if (near == table->count || !tick->has_tai) {
        return tick->time;
    }
    bool is_counted = listener->leaps > near;
    bool is_after = tick->tai_minus_utc_s == table->entry[near].tai_minus_utc_s;
    int64_t step = step_of(table, near).ns;
    return (utc){tick->time.ns + (is_after && !is_counted ? step : 0) -
                 (!is_after && is_counted ? step : 0)};
}
