/* leaps.c -- one table turns the stamps of every clock into instants, the records' as well.  Only
 * around a leap second it takes more: there one reading may mean two instants. */
#include "listener/internal.h"

/* Clocks that are a little off, and those that put the second in a little late. */
static const int64_t NEAR_NS = 1500 * NS_PER_MS;

/* The leap second, if any, that is about to be or has just been put in at this reading. */
static bool find_leap(const struct leap_table *table, utc at, size_t *out)
{
    for (size_t i = 1; i < table->count; i++) {
        int64_t away = at.ns - table->entry[i].from_utc_s * NS_PER_S;
        if (away > -NEAR_NS && away < NEAR_NS) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Of the two that a reading near a leap second may mean, the one nearer to what is expected. */
static instant nearer(const struct leap_table *table, utc at, instant expected)
{
    size_t leap;
    if (!find_leap(table, at, &leap)) {
        return leap_from_utc(table, at, NULL);
    }
    instant before = {at.ns + table->entry[leap - 1].tai_minus_utc_s * NS_PER_S};
    instant after = {at.ns + table->entry[leap].tai_minus_utc_s * NS_PER_S};
    int64_t middle = before.tai_ns + instant_since(after, before).ns / 2;
    return (expected.tai_ns > middle) == (after.tai_ns > before.tai_ns) ? after : before;
}

instant leaps_of_host(const struct listener *listener, const struct discipline_clocks *clocks)
{
    const struct leap_table *table = &listener->options.leap;
    if (!listener->has_stepped) {
        return leap_from_utc(table, clocks->host, NULL);
    }
    int64_t passed = mono_since(clocks->now, listener->at).ns;
    return nearer(table, clocks->host, (instant){listener->host.tai_ns + passed});
}

instant leaps_of_tick(const struct listener *listener, size_t constellation,
                      const struct tick *tick, mono_raw arrived)
{
    const struct leap_table *table = &listener->options.leap;
    size_t leap;
    if (tick->has_tai && find_leap(table, tick->time, &leap) &&
        (tick->tai_minus_utc_s == table->entry[leap - 1].tai_minus_utc_s ||
         tick->tai_minus_utc_s == table->entry[leap].tai_minus_utc_s)) {
        return (instant){tick->time.ns + tick->tai_minus_utc_s * NS_PER_S};
    }
    const struct discipline_estimate *estimate = &listener->constellation[constellation].estimate;
    return nearer(table, tick->time,
                  (instant){estimate->best.tai_ns + (arrived.ns - estimate->raw.ns)});
}
