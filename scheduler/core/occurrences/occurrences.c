/* occurrences.c -- a day that was selected becomes what happens on it: an instant, each place its
 * own, or whole days. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "occurrences/context.h"
#include "text/text.h"
#include "words/words.h"

static void set_zone(struct rule_occurrence *o, const struct zone *zone)
{
    if (zone == NULL) {
        o->zone[0] = '\0';
    } else {
        memcpy(o->zone, zone_name(zone), strlen(zone_name(zone)) + 1);
    }
}

/* A clock on a day in a zone, with a note where the zone's clocks jump. */
static utc clock_in(const struct zone *zone, int32_t day, struct civil_time clock,
                    struct rule_occurrence *o)
{
    struct civil at = {civil_from_day_number(day), clock};
    if (zone == NULL) {
        return civil_to_utc(at);
    }
    struct zone_answer answer = zone_from_civil(zone, at);
    if (answer.kind == ZONE_NONE && o != NULL) {
        text_join(o->note, sizeof o->note, "; ",
                  "the clocks jump over this time: the first instant after");
    } else if (answer.kind == ZONE_TWO && o != NULL) {
        text_join(o->note, sizeof o->note, "; ", "the clocks show this time twice: the earlier");
    }
    return answer.earlier;
}

static void set_civil_certainty(const struct context *s, struct rule_occurrence *o)
{
    /* what people mean by UTC on a day is certain, whatever the Earth does by then */
    o->certainty = o->start.ns < s->leaps->entry[0].from_utc_s * NS_PER_S ? BEFORE_UTC : CERTAIN;
}

static bool finish(const struct context *s, struct rule_occurrence *o, context_emit *emit,
                   void *context)
{
    o->end.ns = o->start.ns + s->rule->duration.ns;
    set_civil_certainty(s, o);
    return emit(context, o);
}

/* --- days ----------------------------------------------------------------------------------- */

static bool whole_days(const struct context *s, const struct match *match,
                       struct rule_occurrence *o, context_emit *emit, void *context)
{
    int32_t days =
        s->rule->is_duration_days ? (int32_t)(s->rule->duration.ns / NS_PER_DAY) : match->days;
    o->start = clock_in(s->zone, match->day, (struct civil_time){0}, NULL);
    o->end = clock_in(s->zone, match->day + days, (struct civil_time){0}, NULL);
    o->days = days;
    set_zone(o, s->zone);
    set_civil_certainty(s, o);
    return emit(context, o);
}

static bool own_instant(const struct context *s, const struct match *match,
                        struct rule_occurrence *o, context_emit *emit, void *context)
{
    o->start = match->at;
    o->end.ns = match->at.ns + s->rule->duration.ns;
    o->error_s = match->error_s;
    o->certainty = match->certainty;
    set_zone(o, s->zone);
    return emit(context, o);
}

/* --- clocks --------------------------------------------------------------------------------- */

/* Each place at its own clock. */
static bool clock_at_places(struct context *s, int32_t day, struct rule_occurrence *o,
                            context_emit *emit, void *context)
{
    char note[RULE_NOTE_SIZE];
    memcpy(note, o->note, sizeof note);
    for (size_t i = 0; i < s->place_count; i++) {
        const struct zoned_place *where = &s->place[i];
        memcpy(o->note, note, sizeof note);
        memcpy(o->place, where->place.name, sizeof o->place);
        set_zone(o, where->zone);
        o->start = clock_in(where->zone, day, s->rule->clock, o);
        if (!finish(s, o, emit, context)) {
            return false;
        }
    }
    return true;
}

struct reading {
    utc at;
    const char *zone;
};

static int by_instant(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;
    return x->at.ns != y->at.ns ? (x->at.ns > y->at.ns) - (x->at.ns < y->at.ns)
                                : strcmp(x->zone, y->zone);
}

/* A wave round the world: one occurrence for each different instant. */
static bool clock_everywhere(struct context *s, int32_t day, struct rule_occurrence *o,
                             context_emit *emit, void *context)
{
    const struct rule_world *world = s->world;
    struct reading *reading = NULL;
    size_t count = 0, room = 0;
    bool ok = true;
    for (const char *name; ok && (name = world->zone_list(world->zones, count)) != NULL;) {
        if (!LIST_ROOM(reading, count, room)) {
            ok = context_fail(s, RULE_NO_MEMORY, "out of memory");
            break;
        }
        const struct zone *zone = world->zone_find(world->zones, name);
        if (zone == NULL) {
            ok = context_fail(s, RULE_NO_ZONE, "zone \"%s\" cannot be read", name);
            break;
        }
        reading[count++] = (struct reading){clock_in(zone, day, s->rule->clock, NULL), name};
    }
    list_sort(reading, count, sizeof *reading, by_instant);
    char note[RULE_NOTE_SIZE];
    memcpy(note, o->note, sizeof note);
    for (size_t i = 0, same; ok && i < count; i += same) {
        for (same = 1; i + same < count && reading[i + same].at.ns == reading[i].at.ns; same++) {
        }
        memcpy(o->note, note, sizeof note);
        text_join(o->note, sizeof o->note, "; ", "%zu zone%s, e.g. %s", same, text_s(same),
                  reading[i].zone);
        snprintf(o->zone, sizeof o->zone, "%s", reading[i].zone);
        o->start = reading[i].at;
        ok = finish(s, o, emit, context);
    }
    free(reading);
    return ok;
}

/* --- the sun -------------------------------------------------------------------------------- */

enum { SUN_WORK = 50, MOON_WORK = 80 }; /* matches that are as much to compute */

/* Where the Sun of an evening sets after midnight, as in the far north in June, people gather on
 * the evening, not on the date of the clock: sunset and dusk are looked for from the day's solar
 * noon to the next, sunrise and dawn from the one before.  Solar noon is within 17 minutes of the
 * mean Sun's; a window that begins, or ends, 20 minutes off has one evening, or morning, only. */
static void bound_half_day(const struct zoned_place *where, int32_t day, bool is_evening, utc *from,
                           utc *to)
{
    const int64_t slack = 20 * 60 * NS_PER_S;
    utc noon = context_instant(where->zone, day, (struct civil_time){12, 0, 0, 0});
    int64_t mean = (int64_t)day * NS_PER_DAY + NS_PER_DAY / 2 -
                   (int64_t)(where->place.longitude_deg / 360 * 86400) * NS_PER_S;
    while (mean < noon.ns - NS_PER_DAY / 2) {
        mean += NS_PER_DAY;
    }
    while (mean > noon.ns + NS_PER_DAY / 2) {
        mean -= NS_PER_DAY;
    }
    from->ns = is_evening ? mean - slack : mean + slack - NS_PER_DAY;
    to->ns = from->ns + NS_PER_DAY;
}

/* The rule's sun event of a day of a place; *out has no instant when the day has none. */
static bool sun_at(struct context *s, const struct zoned_place *where, int32_t day,
                   struct match *out)
{
    static const struct {
        enum sky_kind kind;
        enum { HALF_NONE, HALF_MORNING, HALF_EVENING } half;
    } of[SUN_EVENTS] = {
        [SUN_SUNRISE] = {SKY_SUNRISE, HALF_MORNING},
        [SUN_SUNSET] = {SKY_SUNSET, HALF_EVENING},
        [SUN_NOON] = {SKY_NOON, HALF_NONE},
        [SUN_CIVIL_DAWN] = {SKY_CIVIL_DAWN, HALF_MORNING},
        [SUN_CIVIL_DUSK] = {SKY_CIVIL_DUSK, HALF_EVENING},
        [SUN_NAUTICAL_DAWN] = {SKY_NAUTICAL_DAWN, HALF_MORNING},
        [SUN_NAUTICAL_DUSK] = {SKY_NAUTICAL_DUSK, HALF_EVENING},
        [SUN_ASTRONOMICAL_DAWN] = {SKY_ASTRONOMICAL_DAWN, HALF_MORNING},
        [SUN_ASTRONOMICAL_DUSK] = {SKY_ASTRONOMICAL_DUSK, HALF_EVENING},
        [SUN_MOONRISE] = {SKY_MOONRISE, HALF_NONE},
        [SUN_MOONSET] = {SKY_MOONSET, HALF_NONE},
    };
    bool is_moon = s->rule->sun == SUN_MOONRISE || s->rule->sun == SUN_MOONSET;
    s->work_of_all +=
        is_moon ? MOON_WORK : SUN_WORK; /* many places in one year are no multiplied parts */
    if (!context_work(s, 0)) {
        return false;
    }
    struct sky_place place = context_sky_place(&where->place);
    utc from = context_instant(where->zone, day, (struct civil_time){0});
    utc to = context_instant(where->zone, day + 1, (struct civil_time){0});
    if (of[s->rule->sun].half != HALF_NONE) {
        bound_half_day(where, day, of[s->rule->sun].half == HALF_EVENING, &from, &to);
    }
    struct sky_search search;
    struct sky_event event;
    enum sky_status status =
        sky_search_init(&search, SKY_SET(of[s->rule->sun].kind), &place,
                        leap_from_utc(s->leaps, from, NULL), leap_from_utc(s->leaps, to, NULL));
    if (status == SKY_OUT_OF_RANGE) {
        return true; /* the last day of the range */
    }
    if (status != SKY_OK) {
        return context_fail(s, RULE_NO_PLACE, "%s: %s", where->place.name, sky_status_text(status));
    }
    if (sky_search_next(&search, &event)) {
        out->has_instant = true;
        out->at = context_utc(s, event.at, &out->certainty);
        out->error_s = event.error_s;
    }
    return true;
}

/* Each place has its own, or none: far north the sun may not set on that day.  What to do then is
 * the rule's ("else"), and that it was done is told with the occurrence, for whoever signs the
 * dates did not choose it day by day. */
static bool sun_at_places(struct context *s, int32_t day, struct rule_occurrence *o,
                          context_emit *emit, void *context)
{
    char note[RULE_NOTE_SIZE];
    memcpy(note, o->note, sizeof note);
    for (size_t i = 0; i < s->place_count; i++) {
        const struct zoned_place *where = &s->place[i];
        struct match found = {0};
        memcpy(o->note, note, sizeof note);
        memcpy(o->place, where->place.name, sizeof o->place);
        set_zone(o, where->zone);
        if (!sun_at(s, where, day, &found)) {
            return false;
        }
        if (found.has_instant) {
            o->start.ns = found.at.ns + s->rule->sun_offset.ns;
            o->error_s = found.error_s;
            o->end.ns = o->start.ns + s->rule->duration.ns;
            o->certainty = found.certainty;
            struct civil local = where->zone != NULL ? zone_to_civil(where->zone, found.at)
                                                     : civil_from_utc(found.at);
            int32_t on = civil_day_number(local.date);
            if (on != day) {
                text_join(o->note, sizeof o->note, "; ", "%s",
                          on > day ? "after midnight, the evening of the day before"
                                   : "before midnight, the morning of the day after");
            }
            if (!emit(context, o)) {
                return false;
            }
            continue;
        }
        struct rule_remark none = {
            .kind = REMARK_NO_SUN, .n = (int32_t)s->rule->sun, .which = s->rule->has_else};
        snprintf(none.name, sizeof none.name, "%.40s", where->place.name);
        if (!s->rule->has_else || s->rule->is_else_skip) {
            context_skip(s, day, none);
            continue;
        }
        char why[RULE_REMARK_SIZE];
        rule_remark_write(&none, LANGUAGE_EN, why);
        text_join(o->note, sizeof o->note, "; ", "%s: %02d:%02d instead", why,
                  s->rule->else_clock.hour, s->rule->else_clock.minute);
        o->error_s = 0;
        o->start = clock_in(where->zone, day, s->rule->else_clock, o);
        if (!finish(s, o, emit, context)) {
            return false;
        }
    }
    return true;
}

/* --- all -------------------------------------------------------------------------------------- */

/* Without the anniversary's minute TIME_MINUTE has instants only: the reader refuses it for days.
 * Where the world lists no zones a wave is one occurrence, as if in UTC: records want it so. */
static bool timed(struct context *s, const struct match *match, int32_t day,
                  struct rule_occurrence *o, context_emit *emit, void *context)
{
    const struct rule *rule = s->rule;
    switch (rule->time) {
    case TIME_NONE:
        return match->has_instant ? own_instant(s, match, o, emit, context)
                                  : whole_days(s, match, o, emit, context);
    case TIME_UTC:
    case TIME_ZONE:
        set_zone(o, s->zone);
        o->start = clock_in(s->zone, day, rule->clock, o);
        return finish(s, o, emit, context);
    case TIME_MINUTE:
        if (!rule->has_minute) {
            return own_instant(s, match, o, emit, context);
        }
        set_zone(o, s->zone);
        o->start = clock_in(s->zone, day, rule->minute, o);
        return finish(s, o, emit, context);
    case TIME_PLACES:
        return clock_at_places(s, day, o, emit, context);
    case TIME_EVERYWHERE:
        if (s->world->zone_list != NULL) {
            return clock_everywhere(s, day, o, emit, context);
        }
        set_zone(o, NULL);
        o->start = clock_in(NULL, day, rule->clock, NULL);
        return finish(s, o, emit, context);
    case TIME_SUN:
        return sun_at_places(s, day, o, emit, context);
    }
    return true;
}

/* The days that begin the evening before: each occurrence lasts until the same on the day
 * itself. */
struct evening {
    context_emit *emit;
    void *context;
    struct rule_occurrence *eve; /* owned: one for each place */
    size_t count, at;
    bool is_morrow, is_stopped;
    bool has_duration;
};

static bool keep_evening(void *context, const struct rule_occurrence *o)
{
    struct evening *evening = context;
    if (!evening->is_morrow) {
        if (!LIST_EXACTLY(evening->eve, evening->count + 1)) {
            return false;
        }
        evening->eve[evening->count++] = *o;
        return true;
    }
    /* the same place's evening; a polar one may be missing on either day */
    for (size_t i = 0; i < evening->count; i++) {
        struct rule_occurrence *eve = &evening->eve[i];
        if (strcmp(eve->place, o->place) == 0) {
            eve->end = evening->has_duration ? eve->end : o->start;
            evening->is_stopped = !evening->emit(evening->context, eve);
            return !evening->is_stopped;
        }
    }
    return true;
}

static bool from_evening(struct context *s, const struct match *match, struct rule_occurrence *o,
                         context_emit *emit, void *context)
{
    struct evening evening = {
        .emit = emit, .context = context, .has_duration = s->rule->duration.ns != 0};
    struct rule_occurrence again = *o;
    bool ok = timed(s, match, match->day - 1, o, keep_evening, &evening);
    evening.is_morrow = true;
    ok = ok && timed(s, match, match->day + match->days - 1, &again, keep_evening, &evening);
    free(evening.eve);
    return ok || (s->result == RULE_OK && !evening.is_stopped &&
                  context_fail(s, RULE_NO_MEMORY, "out of memory"));
}

bool occurrences_of(struct context *s, const struct match *match, struct rule_occurrence *begun,
                    context_emit *emit, void *context)
{
    return s->rule->is_day_start ? from_evening(s, match, begun, emit, context)
                                 : timed(s, match, match->day, begun, emit, context);
}
