#include "tocsin/print/times.h"

#include <stdio.h>

#include "instants/stamp.h"

const char *times_day(struct civil_date date, char out[static TIMES_DAY_SIZE])
{
    snprintf(out, TIMES_DAY_SIZE, "%s %s", stamp_weekday(date), stamp_date_text(date).text);
    return out;
}

const char *times_local(const struct zone *zone, const char *name, utc at, char *out)
{
    snprintf(out, TIMES_LOCAL_SIZE, "%s %s", stamp_civil_text(zone_to_civil(zone, at)).text, name);
    return out;
}

const char *times_until(span ahead, char *out)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } unit[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
    int64_t s = (ahead.ns < 0 ? -ahead.ns : ahead.ns) / NS_PER_S;
    const char *before = ahead.ns < 0 ? "" : "in ", *after = ahead.ns < 0 ? " ago" : "";
    size_t i = 0;
    while (i < 3 && s < unit[i].seconds) {
        i++;
    }
    int64_t first = s / unit[i].seconds, rest = s % unit[i].seconds;
    int64_t second = i < 3 ? rest / unit[i + 1].seconds : 0;
    if (s == 0) {
        snprintf(out, TIMES_UNTIL_SIZE, "now");
    } else if (second == 0 || first >= 30) {
        snprintf(out, TIMES_UNTIL_SIZE, "%s%lld %s%s", before, (long long)first, unit[i].unit,
                 after);
    } else {
        snprintf(out, TIMES_UNTIL_SIZE, "%s%lld %s %lld %s%s", before, (long long)first,
                 unit[i].unit, (long long)second, unit[i + 1].unit, after);
    }
    return out;
}
