#include "calendars/almanac.h"

#include <stdlib.h>
#include <string.h>

#include "instants/civil.h"
#include "list/list.h"

enum { FIRST_YEAR = 1700, YEARS = 550, KINDS = SKY_APOGEE + 1 };

struct almanac {
    struct page {
        bool is_known;
        size_t count;
        struct sky_event *event; /* owned */
    } page[KINDS][YEARS];
    struct {
        bool is_known;
        instant at[ALMANAC_TERMS];
    } terms[YEARS];
};

struct almanac *almanac_new(void)
{
    return calloc(1, sizeof(struct almanac));
}

void almanac_free(struct almanac *almanac)
{
    if (almanac == NULL) {
        return;
    }
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (size_t year = 0; year < YEARS; year++) {
            free(almanac->page[kind][year].event);
        }
    }
    free(almanac);
}

static bool fill(struct page *page, const struct leap_table *leaps, enum sky_kind kind,
                 int32_t year)
{
    struct civil first = {.date = {year, 1, 1}}, next = {.date = {year + 1, 1, 1}};
    struct sky_search search;
    instant from = leap_from_utc(leaps, civil_to_utc(first), NULL);
    instant to = leap_from_utc(leaps, civil_to_utc(next), NULL);
    enum sky_status status = sky_search_init(&search, SKY_SET(kind), NULL, from, to);
    page->is_known = true;
    if (status != SKY_OK) {
        return true; /* the edge of the range holds what it can */
    }
    struct sky_event event;
    size_t room = 0;
    while (sky_search_next(&search, &event)) {
        if (!LIST_ROOM(page->event, page->count, room)) {
            page->is_known = false;
            page->count = 0;
            return false;
        }
        page->event[page->count++] = event;
    }
    return true;
}

bool almanac_year(struct almanac *almanac, const struct leap_table *leaps, enum sky_kind kind,
                  int32_t year, const struct sky_event **events, size_t *count)
{
    *count = 0;
    *events = NULL;
    if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS || (int)kind >= (int)KINDS) {
        return true;
    }
    struct page *page = &almanac->page[kind][year - FIRST_YEAR];
    if (!page->is_known && !fill(page, leaps, kind, year)) {
        return false;
    }
    *events = page->event;
    *count = page->count;
    return true;
}

bool almanac_principal_terms(struct almanac *almanac, const struct leap_table *leaps, int32_t year,
                             const instant **out)
{
    static const double twelfth_rad = 0.52359877559829887308;
    if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS) {
        return false;
    }
    instant *term = almanac->terms[year - FIRST_YEAR].at;
    instant at = leap_from_utc(leaps, civil_to_utc((struct civil){.date = {year, 1, 1}}), NULL);
    for (int i = 0; i < ALMANAC_TERMS && !almanac->terms[year - FIRST_YEAR].is_known; i++) {
        double error_s;
        if (!sky_next_solar_longitude((i + 10) % 12 * twelfth_rad, at, &at, &error_s)) {
            return false;
        }
        term[i] = at;
    }
    almanac->terms[year - FIRST_YEAR].is_known = true;
    *out = term;
    return true;
}

/* The last event of a kind at or before an instant. */
static bool last_before(struct almanac *almanac, const struct leap_table *leaps, enum sky_kind kind,
                        utc at, const struct sky_event **out)
{
    int32_t year = civil_from_utc(at).date.year;
    instant when = leap_from_utc(leaps, at, NULL);
    *out = NULL;
    for (int32_t y = year; y >= year - 1; y--) {
        const struct sky_event *events;
        size_t count;
        if (!almanac_year(almanac, leaps, kind, y, &events, &count)) {
            return false;
        }
        for (size_t i = count; i-- > 0;) {
            if (instant_compare(events[i].at, when) <= 0) {
                *out = &events[i];
                return true;
            }
        }
    }
    return true;
}

bool almanac_lunation(struct almanac *almanac, const struct leap_table *leaps, utc at, int32_t *out)
{
    const struct sky_event *event;
    if (!last_before(almanac, leaps, SKY_NEW_MOON, at, &event)) {
        return false;
    }
    *out = event != NULL ? event->lunation : -2758;
    return true;
}

bool almanac_is_waxing(struct almanac *almanac, const struct leap_table *leaps, utc at, bool *out)
{
    const struct sky_event *new_moon, *full_moon;
    if (!last_before(almanac, leaps, SKY_NEW_MOON, at, &new_moon) ||
        !last_before(almanac, leaps, SKY_FULL_MOON, at, &full_moon)) {
        return false;
    }
    *out =
        new_moon != NULL && (full_moon == NULL || instant_compare(new_moon->at, full_moon->at) > 0);
    return true;
}
