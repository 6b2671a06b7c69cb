#include "feeds/timezone.h"

enum { CHANGES_MAX = 256, SEASON_DAYS_MAX = 300 };

struct change {
    struct civil at; /* on the clock that held before it: RFC 5545 section 3.6.5 */
    int32_t from_s, to_s;
    bool is_daylight;
    const char *name;
};

struct changes {
    struct change change[CHANGES_MAX];
    size_t count;
    int32_t first_s; /* what holds before the first */
    bool first_is_daylight;
    const char *first_name;
};

static utc year_start(int32_t year)
{
    return civil_to_utc((struct civil){.date = {year, 1, 1}});
}

/* Whether the clock that holds at an instant is ahead for a season only.  The zone's own flag does
 * not serve: Ireland's marks the winter, and where a flag stays while the offset changes (Morocco)
 * readers stumble over one name that is both. */
static bool is_ahead_for_a_season(const struct zone *zone, utc at)
{
    utc begin;
    utc end;
    if (!zone_previous_transition(zone, at, &begin) || !zone_next_transition(zone, at, &end) ||
        end.ns - begin.ns > SEASON_DAYS_MAX * NS_PER_DAY) {
        return false;
    }
    int32_t own = zone_at(zone, at).offset_s;
    return own > zone_at(zone, (utc){begin.ns - 1}).offset_s && own > zone_at(zone, end).offset_s;
}

static void collect(const struct zone *zone, utc from, utc to, struct changes *out)
{
    struct zone_local before = zone_at(zone, from);
    *out = (struct changes){.first_s = before.offset_s,
                            .first_is_daylight = is_ahead_for_a_season(zone, from),
                            .first_name = before.abbreviation};
    utc at = from;
    while (out->count < CHANGES_MAX && zone_next_transition(zone, at, &at) && at.ns < to.ns) {
        struct zone_local after = zone_at(zone, at);
        out->change[out->count++] = (struct change){
            .at = civil_from_ns(at.ns + before.offset_s * NS_PER_S),
            .from_s = before.offset_s,
            .to_s = after.offset_s,
            .is_daylight = is_ahead_for_a_season(zone, at),
            .name = after.abbreviation,
        };
        before = after;
    }
}

/* 1 to 5: the nth such weekday of its month; -1: the last.  0 when change does not keep the
 * pattern. */
static int32_t nth_of(struct civil_date date)
{
    return (date.day - 1) / 7 + 1;
}

static bool is_last_of(struct civil_date date)
{
    return date.day + 7 > civil_days_in_month(date.year, date.month);
}

/* Whether every second change, from first on, falls a year after the other by one rule; *nth says
 * which weekday of the month. */
static bool keeps_a_rule(const struct changes *changes, size_t first, int32_t *nth)
{
    const struct change *one = &changes->change[first];
    bool is_last = true;
    bool is_nth = true;
    int32_t year = one->at.date.year;
    for (size_t i = first; i < changes->count; i += 2, year++) {
        const struct change *change = &changes->change[i];
        if (change->at.date.year != year || change->at.date.month != one->at.date.month ||
            change->at.time.hour != one->at.time.hour ||
            change->at.time.minute != one->at.time.minute ||
            change->at.time.second != one->at.time.second || change->from_s != one->from_s ||
            change->to_s != one->to_s || change->is_daylight != one->is_daylight ||
            civil_weekday(civil_day_number(change->at.date)) !=
                civil_weekday(civil_day_number(one->at.date))) {
            return false;
        }
        is_last = is_last && is_last_of(change->at.date);
        is_nth = is_nth && nth_of(change->at.date) == nth_of(one->at.date);
    }
    *nth = is_last ? -1 : nth_of(one->at.date);
    return is_last || is_nth;
}

static icaltimetype local_time(struct civil at)
{
    icaltimetype time = icaltime_null_time();
    time.year = at.date.year;
    time.month = at.date.month;
    time.day = at.date.day;
    time.hour = at.time.hour;
    time.minute = at.time.minute;
    time.second = at.time.second;
    return time;
}

static bool add(icalcomponent *to, icalproperty *property)
{
    if (property == NULL) {
        return false;
    }
    icalcomponent_add_property(to, property);
    return true;
}

static icalcomponent *part_new(const struct change *change, int32_t nth)
{
    icalcomponent *part =
        change->is_daylight ? icalcomponent_new_xdaylight() : icalcomponent_new_xstandard();
    if (part == NULL) {
        return NULL;
    }
    bool whole = add(part, icalproperty_new_dtstart(local_time(change->at))) &&
                 add(part, icalproperty_new_tzoffsetfrom(change->from_s)) &&
                 add(part, icalproperty_new_tzoffsetto(change->to_s)) &&
                 add(part, icalproperty_new_tzname(change->name));
    if (whole && nth != 0) {
        struct icalrecurrencetype rule;
        icalrecurrencetype_clear(&rule);
        rule.freq = ICAL_YEARLY_RECURRENCE;
        rule.by_month[0] = (short)change->at.date.month;
        /* libical counts weekdays from Sunday, 1 (ISO's Sunday is 7), and adds 8 for each place in
         * the month; the whole is negative when counted from its end */
        int day = (int)civil_weekday(civil_day_number(change->at.date)) % 7 + 1;
        rule.by_day[0] = (short)(nth < 0 ? -(day - 8 * (int)nth) : day + 8 * (int)nth);
        whole = add(part, icalproperty_new_rrule(rule));
    }
    if (!whole) {
        icalcomponent_free(part);
        return NULL;
    }
    return part;
}

/* Adds the parts to out: by rule, or the opening offset and each change.  False: no memory. */
static bool add_parts(icalcomponent *out, const struct changes *changes, utc start)
{
    int32_t first_year = civil_from_utc(start).date.year;
    int32_t nth[2] = {0, 0};
    bool by_rule = changes->count >= 6 && changes->change[0].at.date.year == first_year &&
                   changes->change[1].at.date.year == first_year &&
                   keeps_a_rule(changes, 0, &nth[0]) && keeps_a_rule(changes, 1, &nth[1]);
    struct change opening = {
        .at = civil_from_ns(start.ns + changes->first_s * NS_PER_S),
        .from_s = changes->first_s,
        .to_s = changes->first_s,
        .is_daylight = changes->first_is_daylight,
        .name = changes->first_name,
    };
    size_t count = by_rule ? 2 : changes->count + 1;
    for (size_t i = 0; i < count; i++) {
        const struct change *change = by_rule  ? &changes->change[i]
                                      : i == 0 ? &opening
                                               : &changes->change[i - 1];
        icalcomponent *part = part_new(change, by_rule ? nth[i] : 0);
        if (part == NULL) {
            return false;
        }
        icalcomponent_add_component(out, part);
    }
    return true;
}

icalcomponent *feed_timezone_new(const struct zone *zone, utc from, utc to)
{
    utc start = year_start(civil_from_utc(from).date.year - 1);
    utc end = year_start(civil_from_utc(to).date.year + 2);
    struct changes changes;
    collect(zone, start, end, &changes);
    icalcomponent *out = icalcomponent_new_vtimezone();
    if (out == NULL) {
        return NULL;
    }
    if (!add(out, icalproperty_new_tzid(zone_name(zone))) || !add_parts(out, &changes, start)) {
        icalcomponent_free(out);
        return NULL;
    }
    return out;
}
