#include "occurrences/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "list/list.h"
#include "words/asks.h"

bool context_fail(struct context *s, enum rule_result result, const char *format, ...)
{
    if (s->result == RULE_OK) {
        va_list args;
        va_start(args, format);
        const char *english = format;
        format = asks_in(s->world->reader, format);
        s->error->language = format == english ? LANGUAGE_EN : s->world->reader;
        vsnprintf(s->error->message, sizeof s->error->message, format, args);
        va_end(args);
        s->result = result;
    }
    return false;
}

/* Ordinary rules need some hundreds a year.  A match costs some 0.13 us of processor, one of the
 * sun's times fifty, of the moon's eighty; each year pays for one a day, so that five centuries of
 * sunsets fit. */
static const int64_t most_work = 5000000, most_work_of_all = 6000000, work_of_year = 20000;

void context_begin_year(struct context *s)
{
    s->work = 0;
    s->work_of_all = s->work_of_all > work_of_year ? s->work_of_all - work_of_year : 0;
}

bool context_work(struct context *s, size_t matches)
{
    s->work += (int64_t)matches;
    s->work_of_all += (int64_t)matches;
    if (s->work > most_work) {
        return context_fail(s, RULE_TOO_MUCH,
                            "the parts of this rule multiply to more than can be computed");
    }
    return s->work_of_all <= most_work_of_all ||
           context_fail(s, RULE_TOO_MUCH,
                        "more than can be computed at once: ask for fewer years, or fewer places");
}

struct match *context_add(struct context *s, struct matches *matches, int32_t day)
{
    struct match *match = matches_add(matches, day);
    if (match == NULL) {
        (void)context_fail(s, RULE_NO_MEMORY, "out of memory");
    }
    return match;
}

bool context_add_copy(struct context *s, struct matches *matches, const struct match *match)
{
    struct match *added = context_add(s, matches, match->day);
    if (added != NULL) {
        *added = *match;
    }
    return added != NULL;
}

bool context_add_moved(struct context *s, struct matches *matches, const struct match *match,
                       int32_t day, int32_t lo, int32_t hi)
{
    if (day < lo || day >= hi) {
        return true;
    }
    struct match *added = context_add(s, matches, day);
    if (added != NULL) {
        added->days = match->days;
        memcpy(added->note, match->note, sizeof added->note);
    }
    return added != NULL;
}

bool context_sort(struct context *s, struct matches *matches)
{
    return matches_sort(matches) || context_fail(s, RULE_NO_MEMORY, "out of memory");
}

bool context_settle(struct context *s, bool ok, struct matches *matches, struct matches *a,
                    struct matches *b)
{
    ok = ok && context_sort(s, matches);
    matches_drop_twins(matches);
    matches_close(a);
    if (b != NULL) {
        matches_close(b);
    }
    return ok;
}

void context_skip(const struct context *s, int32_t day, struct rule_remark why)
{
    if (s->world->skipped != NULL && day >= s->first_day && day < s->last_day) {
        s->world->skipped(s->world->skipped_context, civil_from_day_number(day), &why);
    }
}

void context_trace(const struct context *s, int32_t day, struct rule_remark how)
{
    if (s->trace != NULL) {
        s->trace(s->trace_context, day, &how);
    }
}

utc context_utc(const struct context *s, instant at, enum certainty *certainty)
{
    int64_t ns = leap_to_utc(s->leaps, at, certainty).ns + NS_PER_MS / 2;
    return (utc){ns - (ns % NS_PER_MS + NS_PER_MS) % NS_PER_MS};
}

int32_t context_day(const struct context *s, utc at)
{
    struct civil civil = s->zone != NULL ? zone_to_civil(s->zone, at) : civil_from_utc(at);
    return civil_day_number(civil.date);
}

utc context_instant(const struct zone *zone, int32_t day, struct civil_time clock)
{
    struct civil at = {civil_from_day_number(day), clock};
    return zone != NULL ? zone_start_of(zone, at) : civil_to_utc(at);
}

void context_date_text(int32_t day, char out[static 16])
{
    struct civil_date date = civil_from_day_number(day);
    snprintf(out, 16, "%04d-%02d-%02d", date.year % 10000, date.month % 100, date.day % 100);
}

void context_utc_text(utc at, char out[static 32])
{
    struct civil civil = civil_from_utc(at);
    snprintf(out, 32, "%04d-%02d-%02d %02d:%02d UTC", civil.date.year % 10000,
             civil.date.month % 100, civil.date.day % 100, civil.time.hour % 100,
             civil.time.minute % 100);
}

static bool find_zone(struct context *s, const char *name, const struct zone **out)
{
    *out = s->world->zone_find != NULL ? s->world->zone_find(s->world->zones, name) : NULL;
    if (*out != NULL || strcmp(name, "UTC") == 0) {
        return true;
    }
    snprintf(s->error->unknown, sizeof s->error->unknown, "%s", name);
    const char *meant = places_zone_like(name);
    return meant != NULL && s->world->zone_find != NULL &&
                   s->world->zone_find(s->world->zones, meant) != NULL
               ? context_fail(s, RULE_NO_ZONE, "no zone \"%s\": did you mean \"%s\"?", name, meant)
               : context_fail(s, RULE_NO_ZONE, "no zone \"%s\": zones are named like Europe/Rome",
                              name);
}

bool context_place(struct context *s, const char *name, struct zoned_place *out)
{
    const struct rule_world *world = s->world;
    *out = (struct zoned_place){0};
    if (!(world->place_find != NULL && world->place_find(world->places, name, &out->place)) &&
        places_find(name, strlen(name), &out->place) != PLACES_FOUND) {
        char doubt[PLACE_DOUBT_SIZE];
        places_doubt(name, strlen(name), doubt);
        snprintf(s->error->unknown, sizeof s->error->unknown, "%s", name);
        return context_fail(s, RULE_NO_PLACE, "%s", doubt);
    }
    return out->place.zone[0] == '\0' || find_zone(s, out->place.zone, &out->zone);
}

struct sky_place context_sky_place(const struct place *place)
{
    static const double degree_rad = 0.017453292519943295769;
    return (struct sky_place){place->latitude_deg * degree_rad, place->longitude_deg * degree_rad,
                              place->height_m};
}

static bool add_place(struct context *s, const struct zoned_place *where)
{
    if (!LIST_EXACTLY(s->place, s->place_count + 1)) {
        return context_fail(s, RULE_NO_MEMORY, "out of memory");
    }
    s->place[s->place_count++] = *where;
    return true;
}

/* A place without a zone is refused even where the Sun is the clock: days are those of its zone.
 * "all" means the places of the table, never those that only the world knows (place_find). */
static bool find_spots(struct context *s)
{
    const struct rule *rule = s->rule;
    struct zoned_place where;
    for (size_t i = 0; i < rule->places; i++) {
        if (!context_place(s, rule->place[i], &where)) {
            return false;
        }
        if (where.place.zone[0] == '\0') {
            snprintf(s->error->unknown, sizeof s->error->unknown, "%s", rule->place[i]);
            return context_fail(s, RULE_NO_ZONE, "no zone is known for \"%s\", so it has no clock",
                                rule->place[i]);
        }
        if (!add_place(s, &where)) {
            return false;
        }
    }
    size_t cursor = 0;
    while (rule->is_all_places && places_next(&cursor, &where.place)) {
        if ((rule->country[0] == '\0' || strcmp(rule->country, where.place.country) == 0) &&
            (!find_zone(s, where.place.zone, &where.zone) || !add_place(s, &where))) {
            return false;
        }
    }
    if (rule->is_all_places && s->place_count == 0) {
        return context_fail(s, RULE_NO_PLACE, "no place is known in %s", rule->country);
    }
    return true;
}

bool context_init(struct context *s, const struct rule *rule, const struct rule_world *world,
                  struct rule_error *error)
{
    *s = (struct context){.rule = rule, .world = world, .error = error};
    s->leaps = world->leaps != NULL ? world->leaps : leap_builtin();
    s->almanac = world->almanac;
    if (s->almanac == NULL) {
        s->almanac = almanac_new();
        s->owns_almanac = true;
        if (s->almanac == NULL) {
            return context_fail(s, RULE_NO_MEMORY, "out of memory");
        }
    }
    if (rule->zone[0] != '\0' && !find_zone(s, rule->zone, &s->zone)) {
        return false;
    }
    if (!find_spots(s)) {
        return false;
    }
    if (s->place_count == 1) {
        s->zone = s->place[0].zone;
    }
    return true;
}

void context_close(struct context *s)
{
    free(s->place);
    if (s->owns_almanac) {
        almanac_free(s->almanac);
    }
}
