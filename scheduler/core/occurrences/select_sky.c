/* select_sky.c -- days on which something happens in the sky. */
#include <stdio.h>
#include <string.h>

#include "occurrences/select.h"
#include "words/words.h"

/* One lunation, one season: no gap between events of these kinds is longer. */
enum { MOON_GAP = 31, SEASON_GAP = 367, ECLIPSE_GAP = 20 * 366, ECLIPSE_GAP_AT_A_PLACE = 60 * 366 };

/* select_matches within the days that the sky is known for. */
static bool select_within(struct context *s, int32_t node, int32_t lo, int32_t hi,
                          struct matches *out)
{
    int32_t first = (int32_t)(UTC_EARLIEST_S / 86400), last = (int32_t)(UTC_LATEST_S / 86400);
    return select_matches(s, node, lo < first ? first : lo, hi > last ? last : hi, out);
}

static struct match *add_instant(struct context *s, struct matches *out, instant at, double error_s)
{
    enum certainty certainty;
    utc when = context_utc(s, at, &certainty);
    struct match *match = context_add(s, out, context_day(s, when));
    if (match == NULL) {
        return NULL;
    }
    match->has_instant = true;
    match->at = when;
    match->error_s = error_s;
    match->certainty = certainty;
    return match;
}

/* Drops the last match again if its day lies outside [lo, hi). */
static void keep_within(struct matches *out, int32_t lo, int32_t hi)
{
    const struct match *last = &out->at[out->count - 1];
    if (last->day < lo || last->day >= hi) {
        out->count--;
    }
}

static double degrees(double rad)
{
    return rad * 57.295779513082320877;
}

/* --- series ----------------------------------------------------------------------------------- */

static const double LOWEST_DEG = -50.0 / 60; /* the upper limb, lifted by refraction */

/* The moment of an eclipse at its place; false: not of the rule's kind there, or too little of
 * it. */
static bool look_from_place(struct context *s, const struct node *node,
                            const struct sky_event *event, const struct zoned_place *where,
                            struct match *match)
{
    struct sky_place place = context_sky_place(&where->place);
    struct sky_local_eclipse local;
    if (!context_work(s, 100) || !sky_eclipse_from(event, &place, &local) || !local.is_visible ||
        (node->mask != 0 && (node->mask >> (int)local.type & 1) == 0) ||
        local.magnitude * 100 < node->magnitude_pct ||
        degrees(local.best.altitude_rad) < node->altitude_deg) {
        return false;
    }
    const struct sky_eclipse_phase *const phases[] = {&local.best, &local.first, &local.inner_first,
                                                      &local.inner_last, &local.last};
    const struct sky_eclipse_phase *phase = phases[node->n];
    if (!phase->happens) {
        return false;
    }
    match->at = context_utc(s, phase->at, &match->certainty);
    match->day = context_day(s, match->at);
    if (node->n > 0) {
        match->error_s = phase->error_s;
        if (degrees(phase->altitude_rad) < LOWEST_DEG) {
            struct rule_remark below = {.kind = REMARK_BELOW_HORIZON};
            snprintf(below.name, sizeof below.name, "%.40s", where->place.name);
            context_skip(s, match->day, below);
            return false;
        }
        snprintf(match->note, sizeof match->note, "%s, altitude %.0f degrees",
                 sky_eclipse_type_name(local.type), degrees(phase->altitude_rad));
        return true;
    }
    snprintf(match->note, sizeof match->note, "%s, %.1f%% obscured, altitude %.0f degrees",
             sky_eclipse_type_name(local.type), 100 * local.obscuration,
             degrees(local.best.altitude_rad));
    return true;
}

/* What an eclipse is for the rule; false: not of its kind, or not seen from its place. */
static bool tell_eclipse(struct context *s, const struct node *node, const struct sky_event *event,
                         const struct zoned_place *where, struct match *match)
{
    const struct sky_eclipse *eclipse = &event->eclipse;
    if (node->place != TREE_NONE) {
        return look_from_place(s, node, event, where, match);
    }
    if (node->mask != 0 && (node->mask >> (int)eclipse->type & 1) == 0) {
        return false;
    }
    double magnitude = eclipse->type == SKY_PENUMBRAL ? eclipse->penumbral : eclipse->magnitude;
    snprintf(match->note, sizeof match->note, "%s, magnitude %.3f, saros %d",
             sky_eclipse_type_name(eclipse->type), magnitude, eclipse->saros);
    return true;
}

static bool add_event(struct context *s, const struct node *node, const struct sky_event *event,
                      const struct zoned_place *where, int32_t lo, int32_t hi, struct matches *out)
{
    struct match *match = add_instant(s, out, event->at, event->error_s);
    if (match == NULL) {
        return false;
    }
    if (node->kind == NODE_ECLIPSE && !tell_eclipse(s, node, event, where, match)) {
        out->count--;
        return true;
    }
    if (node->kind == NODE_APSIS) {
        snprintf(match->note, sizeof match->note, "%.0f km", event->distance_km);
    }
    if (event->kind == SKY_NEW_MOON) {
        match->has_lunation = true;
        match->lunation = event->lunation;
    }
    keep_within(out, lo, hi);
    return true;
}

static bool select_series(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                          struct matches *out)
{
    int32_t first = civil_from_day_number(lo - 2).year, last = civil_from_day_number(hi + 2).year;
    struct zoned_place where = {0};
    if (node->kind == NODE_ECLIPSE && node->place != TREE_NONE &&
        !context_place(s, s->rule->place[node->place], &where)) {
        return false;
    }
    for (int32_t year = first; year <= last; year++) {
        const struct sky_event *events;
        size_t count;
        if (!almanac_year(s->almanac, s->leaps, (enum sky_kind)node->event, year, &events,
                          &count)) {
            return context_fail(s, RULE_NO_MEMORY, "out of memory");
        }
        if (!context_work(s, count + 1)) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            int64_t rough = events[i].at.tai_ns / NS_PER_DAY; /* TAI - UTC is far below a day */
            if (rough >= lo - 2 && rough <= hi + 2 &&
                !add_event(s, node, &events[i], &where, lo, hi, out)) {
                return false;
            }
        }
    }
    return context_sort(s, out); /* a place sees eclipses at its own times */
}

static bool select_term(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                        struct matches *out)
{
    instant at = leap_from_utc(s->leaps, (utc){(lo - 2) * NS_PER_DAY}, NULL);
    double error_s;
    while (sky_next_solar_longitude(node->degrees / 57.295779513082320877, at, &at, &error_s)) {
        struct match *match = add_instant(s, out, at, error_s);
        if (match == NULL) {
            return false;
        }
        if (match->day >= hi) {
            out->count--;
            return true;
        }
        snprintf(match->note, sizeof match->note, "the Sun's longitude is %d degrees",
                 node->degrees);
        keep_within(out, lo, hi);
    }
    return true;
}

static bool select_lunations(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                             struct matches *out)
{
    struct node moons = *node;
    moons.kind = NODE_MOON;
    moons.event = EVENT_NEW_MOON;
    if (!select_series(s, &moons, lo, hi, out)) {
        return false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        struct match *match = &out->at[i];
        bool keep =
            node->kind == NODE_LUNATION
                ? match->lunation == node->n
                : node->from == TREE_NONE || (match->lunation >= node->from &&
                                              (match->lunation - node->from) % node->n == 0);
        if (keep) {
            snprintf(match->note, sizeof match->note, "lunation %d", match->lunation);
            out->at[kept++] = *match;
        }
    }
    out->count = kept;
    return true;
}

/* --- the n-th of a year, a month, a season ---------------------------------------------------- */

struct slice {
    int32_t from, to; /* days */
    utc begins, ends; /* of a season: its very instants; of a year or month: unused */
    bool is_season;
    char name[40];
};

static bool is_in_slice(const struct slice *slice, const struct match *match)
{
    if (slice->is_season) {
        return match->at.ns >= slice->begins.ns && match->at.ns < slice->ends.ns;
    }
    return match->day >= slice->from && match->day < slice->to;
}

/* "full moons" for a sentence. */
static void events_name(const struct node *events, char out[static 48])
{
    if (events->kind == NODE_TERM) {
        snprintf(out, 48, "solar term");
    } else {
        snprintf(out, 48, "%s", words_name(WORD_EVENT, (int32_t)events->event));
    }
}

/* Adds the n-th match of a slice (of those in `all`); from the end for TREE_LAST. */
static bool add_nth(struct context *s, const struct node *node, const struct slice *slice,
                    const struct matches *all, int32_t lo, int32_t hi, struct matches *out)
{
    size_t first = 0;
    while (first < all->count && !is_in_slice(slice, &all->at[first])) {
        first++;
    }
    size_t count = 0;
    while (first + count < all->count && is_in_slice(slice, &all->at[first + count])) {
        count++;
    }
    struct rule_remark has = {.kind = REMARK_HAS, .count = count};
    events_name(&s->rule->node[node->a], has.name);
    memcpy(has.of, slice->name, sizeof slice->name);
    if (count == 0 || (node->n != TREE_LAST && (size_t)node->n > count)) {
        has.kind = REMARK_TOO_FEW;
        has.n = node->n == TREE_LAST ? 0 : node->n;
        context_skip(
            s, slice->from < s->first_day && slice->to > s->first_day ? s->first_day : slice->from,
            has);
        return true;
    }
    const struct match *chosen =
        &all->at[first + (node->n == TREE_LAST ? count : (size_t)node->n) - 1];
    context_trace(s, chosen->day, has);
    if (chosen->day < lo || chosen->day >= hi) {
        return true;
    }
    return context_add_copy(s, out, chosen);
}

/* Counted from the beginning of each month or year that the days asked for touch, so that "second"
 * is the same whichever part of it is looked at. */
static bool select_nth_of_civil(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                                struct matches *out)
{
    struct matches all = {0};
    struct civil_date at = civil_from_day_number(lo), end = civil_from_day_number(hi);
    bool by_year = node->unit == UNIT_YEAR;
    int32_t from = civil_day_number((struct civil_date){at.year, by_year ? 1 : at.month, 1});
    int32_t to = civil_day_number((struct civil_date){end.year + (by_year ? 1 : 0),
                                                      by_year ? 1 : end.month, 1}) +
                 31;
    bool ok = select_within(s, node->a, from, to, &all);
    at.day = 1;
    at.month = by_year ? 1 : at.month;
    while (ok && civil_day_number(at) < hi) {
        struct slice slice = {.from = civil_day_number(at)};
        if (by_year) {
            snprintf(slice.name, sizeof slice.name, "%d", at.year);
            at.year++;
        } else {
            snprintf(slice.name, sizeof slice.name, "%s %d", words_name(WORD_MONTH, at.month),
                     at.year);
            at.year += at.month == 12;
            at.month = at.month == 12 ? 1 : at.month + 1;
        }
        slice.to = civil_day_number(at);
        int32_t month = civil_from_day_number(slice.from).month;
        if (by_year || node->month == 0 || node->month == month) {
            ok = add_nth(s, node, &slice, &all, lo, hi, out);
        }
    }
    matches_close(&all);
    return ok;
}

/* The instants of every equinox and solstice, in order. */
static bool all_seasons(struct context *s, int32_t lo, int32_t hi, struct matches *out)
{
    for (int event = EVENT_MARCH_EQUINOX; event <= EVENT_DECEMBER_SOLSTICE; event++) {
        struct node season = {.kind = NODE_SEASON, .event = (enum event)event, .place = TREE_NONE};
        struct matches one = {0};
        bool ok = select_series(s, &season, lo, hi, &one);
        for (size_t i = 0; ok && i < one.count; i++) {
            one.at[i].lunation = event; /* which season begins */
            ok = context_add_copy(s, out, &one.at[i]);
        }
        matches_close(&one);
        if (!ok) {
            return false;
        }
    }
    return context_sort(s, out);
}

static bool select_nth_of_season(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                                 struct matches *out)
{
    struct matches all = {0}, seasons = {0};
    bool ok = select_within(s, node->a, lo - 100, hi + 100, &all) &&
              all_seasons(s, lo - 100, hi + 100, &seasons);
    for (size_t i = 0; ok && i + 1 < seasons.count; i++) {
        struct slice slice = {.is_season = true,
                              .from = seasons.at[i].day,
                              .begins = seasons.at[i].at,
                              .ends = seasons.at[i + 1].at};
        char date[16];
        context_date_text(slice.from, date);
        snprintf(slice.name, sizeof slice.name, "season of %s", date);
        bool is_wanted = node->from == TREE_NONE || node->from == seasons.at[i].lunation;
        if (is_wanted && seasons.at[i + 1].day >= lo && slice.from < hi) {
            ok = add_nth(s, node, &slice, &all, lo, hi, out);
        }
    }
    matches_close(&all);
    matches_close(&seasons);
    return ok;
}

/* The second full moon of a civil month, or the third of a season that has four. */
static bool select_blue(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                        struct matches *out)
{
    struct matches moons = {0}, seasons = {0};
    struct node full = {.kind = NODE_MOON, .event = EVENT_FULL_MOON, .place = TREE_NONE};
    bool ok = select_series(s, &full, lo - 100, hi + 100, &moons) &&
              (!node->is_seasonal || all_seasons(s, lo - 100, hi + 100, &seasons));
    for (size_t i = 1; ok && i < moons.count; i++) {
        const struct match *moon = &moons.at[i];
        bool is_blue = civil_from_day_number(moon->day).month ==
                       civil_from_day_number(moons.at[i - 1].day).month;
        if (node->is_seasonal) {
            is_blue = false;
            for (size_t k = 0; k + 1 < seasons.count && i >= 2 && i + 1 < moons.count; k++) {
                /* the two before and the one after it lie in its season */
                is_blue = is_blue || (moons.at[i - 2].at.ns >= seasons.at[k].at.ns &&
                                      moons.at[i + 1].at.ns < seasons.at[k + 1].at.ns);
            }
        }
        if (is_blue && moon->day >= lo && moon->day < hi) {
            ok = context_add_copy(s, out, moon);
        }
    }
    matches_close(&moons);
    matches_close(&seasons);
    return ok;
}

/* --- events relative to days ------------------------------------------------------------------ */

static int32_t gap_of(const struct context *s, int32_t index)
{
    const struct node *node = &s->rule->node[index];
    return node->kind == NODE_MOON || node->kind == NODE_APSIS    ? MOON_GAP
           : node->kind == NODE_SEASON || node->kind == NODE_TERM ? SEASON_GAP
           : node->place != TREE_NONE                             ? ECLIPSE_GAP_AT_A_PLACE
                                                                  : ECLIPSE_GAP;
}

/* Noon of a day in the rule's zone, or the anchor's own instant. */
static utc measured_from(const struct context *s, const struct match *anchor)
{
    return anchor->has_instant
               ? anchor->at
               : context_instant(s->zone, anchor->day, (struct civil_time){.hour = 12});
}

/* The first match at or after an instant, or count. */
static size_t from_instant(const struct matches *all, utc at)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->at[middle].at.ns < at.ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct match *nearest_of(const struct matches *all, utc from)
{
    size_t after = from_instant(all, from);
    if (after == 0 || after == all->count) {
        return all->count == 0 ? NULL : &all->at[after == 0 ? 0 : after - 1];
    }
    const struct match *a = &all->at[after - 1], *b = &all->at[after];
    return from.ns - a->at.ns <= b->at.ns - from.ns ? a : b; /* a tie goes to the earlier */
}

static const struct match *counted(const struct matches *all, const struct node *node, int32_t day)
{
    bool is_back = node->relation == REL_BEFORE || node->relation == REL_ON_OR_BEFORE;
    int32_t n = node->n;
    if (is_back) {
        size_t end = matches_from(all, node->relation == REL_BEFORE ? day : day + 1);
        return end >= (size_t)n ? &all->at[end - (size_t)n] : NULL;
    }
    size_t from = matches_from(all, node->relation == REL_AFTER ? day + 1 : day);
    return from + (size_t)n <= all->count ? &all->at[from + (size_t)n - 1] : NULL;
}

static void trace_choice(struct context *s, const struct node *node, const struct matches *all,
                         const struct match *chosen, const struct match *anchor)
{
    if (s->trace == NULL) {
        return;
    }
    utc from = measured_from(s, anchor);
    size_t index = (size_t)(chosen - all->at);
    if (node->relation == REL_NEAREST) {
        context_trace(
            s, chosen->day,
            (struct rule_remark){.kind = REMARK_MEASURED, .day = anchor->day, .at = from});
    }
    /* of the nearest, the two on both sides of the day; else the chosen and its neighbours */
    bool is_nearest = node->relation == REL_NEAREST;
    size_t first = index > 0 && !(is_nearest && chosen->at.ns <= from.ns) ? index - 1 : index;
    size_t last = is_nearest && chosen->at.ns > from.ns ? index : index + 1;
    for (size_t i = first; i < all->count && i <= last; i++) {
        const struct match *moon = &all->at[i];
        struct rule_remark how = {.kind = i == index   ? REMARK_CHOSEN
                                          : is_nearest ? REMARK_CANDIDATE
                                          : i < index  ? REMARK_ONE_BEFORE
                                                       : REMARK_ONE_AFTER,
                                  .at = moon->at,
                                  .away = {moon->at.ns - from.ns},
                                  .day = anchor->day,
                                  .n = i == index && is_nearest};
        events_name(&s->rule->node[node->a], how.name);
        context_trace(s, chosen->day, how);
    }
}

static bool add_related(struct context *s, const struct node *node, const struct matches *all,
                        const struct match *anchor, int32_t lo, int32_t hi, struct matches *out)
{
    const struct match *chosen = node->relation == REL_NEAREST
                                     ? nearest_of(all, measured_from(s, anchor))
                                     : counted(all, node, anchor->day);
    if (chosen == NULL) {
        struct rule_remark none = {.kind = REMARK_NONE_NEAR};
        events_name(&s->rule->node[node->a], none.name);
        context_skip(s, anchor->day, none);
        return true;
    }
    if (chosen->day < lo || chosen->day >= hi) {
        return true;
    }
    trace_choice(s, node, all, chosen, anchor);
    return context_add_copy(s, out, chosen);
}

static bool select_event_rel(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                             struct matches *out)
{
    int32_t gap = gap_of(s, node->a);
    int32_t reach = node->n > 250000 / gap ? 250000 : gap * node->n; /* no further than the range */
    struct matches anchors = {0}, all = {0};
    bool ok =
        select_matches(s, node->b, lo - reach, hi + reach, &anchors) &&
        (anchors.count == 0 || select_within(s, node->a, anchors.at[0].day - reach - 2,
                                             anchors.at[anchors.count - 1].day + reach + 2, &all));
    for (size_t i = 0; ok && i < anchors.count; i++) {
        ok = add_related(s, node, &all, &anchors.at[i], lo, hi, out);
    }
    return context_settle(s, ok, out, &anchors, &all); /* many days may have the same nearest */
}

static bool select_instant(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                           struct matches *out)
{
    int32_t day = context_day(s, node->at);
    if (day < lo || day >= hi) {
        return true;
    }
    struct match *match = context_add(s, out, day);
    if (match == NULL) {
        return false;
    }
    match->has_instant = true;
    match->at = node->at;
    (void)leap_tai_minus_utc(s->leaps, node->at, &match->certainty);
    return true;
}

bool select_sky(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                struct matches *out)
{
    switch ((int)node->kind) {
    case NODE_INSTANT:
        return select_instant(s, node, lo, hi, out);
    case NODE_TERM:
        return select_term(s, node, lo, hi, out);
    case NODE_LUNATION:
    case NODE_EVERY_LUNATIONS:
        return select_lunations(s, node, lo, hi, out);
    case NODE_BLUE_MOON:
        return select_blue(s, node, lo, hi, out);
    case NODE_NTH_EVENT:
        return node->unit == UNIT_SEASON ? select_nth_of_season(s, node, lo, hi, out)
                                         : select_nth_of_civil(s, node, lo, hi, out);
    case NODE_EVENT_REL:
        return select_event_rel(s, node, lo, hi, out);
    default:
        return select_series(s, node, lo, hi, out);
    }
}
