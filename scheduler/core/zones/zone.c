#include <stdlib.h>
#include <string.h>

#include "zones/table.h"

const char *zone_result_text(enum zone_result result)
{
    switch (result) {
    case ZONE_READ:
        return "read";
    case ZONE_TOO_LARGE:
        return "larger than any zone file";
    case ZONE_NOT_TZIF:
        return "not a TZif file";
    case ZONE_CUT_SHORT:
        return "cut short";
    case ZONE_BAD_DATA:
        return "malformed zone data";
    case ZONE_HAS_LEAP_SECONDS:
        return "counts leap seconds; use the zone outside right/";
    case ZONE_BAD_FOOTER:
        return "malformed footer";
    case ZONE_NO_MEMORY:
        return "out of memory";
    }
    return "unknown result";
}

struct zone *zone_fixed(const char *name, int32_t offset_s)
{
    struct zone *zone = calloc(1, sizeof *zone);
    if (zone == NULL) {
        return NULL;
    }
    strncpy(zone->name, name, sizeof zone->name - 1);
    strncpy(zone->abbreviations, name, ZONE_FOOTER_SIZE - 1);
    zone->type[0].offset_s = offset_s;
    return zone;
}

void zone_free(struct zone *zone)
{
    if (zone != NULL) {
        free(zone->from_s);
        free(zone->type_of);
        free(zone);
    }
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

const char *zone_footer(const struct zone *zone)
{
    return zone->footer;
}

/* How many transitions lie at or before s. */
static size_t transitions_until(const struct zone *zone, int64_t s)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->from_s[middle] <= s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The type that holds when until transitions have passed. */
static const struct zone_type *type_after(const struct zone *zone, size_t until)
{
    return &zone->type[until == 0 ? zone->before : zone->type_of[until - 1]];
}

static int64_t floor_seconds(int64_t ns)
{
    return ns / NS_PER_S - (ns % NS_PER_S < 0 ? 1 : 0);
}

struct zone_local zone_at(const struct zone *zone, utc at)
{
    const struct zone_type *type = type_after(zone, transitions_until(zone, floor_seconds(at.ns)));
    return (struct zone_local){type->offset_s, type->is_dst,
                               zone->abbreviations + type->abbreviation};
}

struct civil zone_to_civil(const struct zone *zone, utc at)
{
    return civil_from_ns(at.ns + zone_at(zone, at).offset_s * NS_PER_S);
}

struct zone_answer zone_from_civil(const struct zone *zone, struct civil at)
{
    int64_t local_s = INT64_C(86400) * civil_day_number(at.date) + at.time.hour * 3600 +
                      at.time.minute * 60 + at.time.second;
    /* Offsets lie within -25 h .. +26 h, so only what holds near the same UTC reading matters. */
    size_t until = transitions_until(zone, local_s - 94000);
    bool found = false;
    int64_t first = 0, last = 0, after_gap = 0;
    for (;; until++) {
        const struct zone_type *type = type_after(zone, until);
        int64_t here = local_s - type->offset_s;
        int64_t begins = until == 0 ? INT64_MIN : zone->from_s[until - 1];
        int64_t ends = until == zone->count ? INT64_MAX : zone->from_s[until];
        if (here >= begins && here < ends) {
            first = found ? first : here;
            last = here;
            found = true;
        }
        if (ends == INT64_MAX || ends > local_s + 94000) {
            break;
        }
        int64_t next_offset = type_after(zone, until + 1)->offset_s;
        if (local_s >= ends + type->offset_s && local_s < ends + next_offset) {
            after_gap = ends;
        }
    }
    if (!found) {
        utc answer = {after_gap * NS_PER_S};
        return (struct zone_answer){ZONE_NONE, answer, answer};
    }
    return (struct zone_answer){first == last ? ZONE_ONE : ZONE_TWO,
                                {first * NS_PER_S + at.time.ns},
                                {last * NS_PER_S + at.time.ns}};
}

utc zone_start_of(const struct zone *zone, struct civil at)
{
    return zone_from_civil(zone, at).earlier;
}

/* Whether the i-th transition changes anything: some files hold ones that do not. */
static bool changes_something(const struct zone *zone, size_t i)
{
    const struct zone_type *a = type_after(zone, i), *b = type_after(zone, i + 1);
    return a->offset_s != b->offset_s || a->is_dst != b->is_dst ||
           strcmp(zone->abbreviations + a->abbreviation, zone->abbreviations + b->abbreviation) !=
               0;
}

bool zone_next_transition(const struct zone *zone, utc after, utc *out)
{
    size_t i = transitions_until(zone, floor_seconds(after.ns));
    while (i < zone->count && !changes_something(zone, i)) {
        i++;
    }
    if (i == zone->count || zone->from_s[i] >= UTC_LATEST_S) {
        return false;
    }
    out->ns = zone->from_s[i] * NS_PER_S;
    return true;
}

bool zone_previous_transition(const struct zone *zone, utc at, utc *out)
{
    size_t i = transitions_until(zone, floor_seconds(at.ns));
    while (i > 0 && !changes_something(zone, i - 1)) {
        i--;
    }
    if (i == 0 || zone->from_s[i - 1] < UTC_EARLIEST_S) {
        return false;
    }
    out->ns = zone->from_s[i - 1] * NS_PER_S;
    return true;
}
