/* chart.c -- the map of a window. */
#include <stdio.h>
#include <stdlib.h>

#include "feeds/prose.h"
#include "map/map.h"
#include "site/page.h"
#include "site/rule_zone.h"

/* What comes next of it, or else what came last. */
static const struct occasion *shown(const struct page_root *root, const struct view_window *window)
{
    const struct told *told = occasions_find(&root->news->coming, window);
    return &told->occasion[told->coming < told->count ? told->coming : told->count - 1];
}

bool page_has_map(const struct page_root *root, const struct view_window *window)
{
    return page_has_window(root, window) && !page_is_called_off(root, window) &&
           shown(root, window)->at[0]->times->wave != WAVE_DAY;
}

static const struct zone *find_zone(void *context, const char *name)
{
    return zoneinfo_find(context, name);
}

static char *write(const struct map_request *request, const struct record_window *window)
{
    struct draft title = {0};
    struct draft draft = {0};
    draft_add(&title, "");
    if (window->title_count > 0) {
        draft_add_prose(&title, window->title[0].value, false);
    }
    struct map_request named = *request;
    named.title = (struct text){title.at, title.len};
    bool done = !title.is_short_of_memory && map_write(&named, &draft);
    draft_free(&title);
    char *text = draft_take(&draft);
    if (!done) {
        free(text);
        return NULL;
    }
    return text;
}

char *page_map(const struct site_request *request, const struct page_root *root,
               const struct view_window *window)
{
    const struct occasion *of = shown(root, window);
    const struct feed_item *first = of->at[0];
    char rule_place[PLACE_NAME_SIZE];
    struct map_place *place = calloc(of->count + 1, sizeof *place);
    if (place == NULL) {
        return NULL;
    }
    static const enum interface_language languages[INTERFACE_LANGUAGES] = {
        INTERFACE_EN, INTERFACE_IT, INTERFACE_ES, INTERFACE_FR, INTERFACE_DE, INTERFACE_PT,
        INTERFACE_PL, INTERFACE_UK, INTERFACE_AR, INTERFACE_EL, INTERFACE_HE, INTERFACE_JA,
    };
    struct map_request map = {
        .language = languages,
        .language_count = INTERFACE_LANGUAGES,
        .at = first->start,
        .at_utc = leap_to_utc(request->source.leap, first->start, NULL),
        .place = place,
        .has_cities = first->times->wave != WAVE_PLACE,
        .has_wave = first->times->wave == WAVE_CLOCK,
        .wave_at = {first->date, first->times->wave_time},
        .wave_lasts = first->times->duration,
        .zone_find = find_zone,
        .context = request->zoneinfo,
    };
    for (size_t i = 0; first->times->wave == WAVE_PLACE && i < of->count; i++) {
        place[map.place_count++] = (struct map_place){
            .name = of->at[i]->place,
            .has_at = true,
            .at = leap_to_utc(request->source.leap, of->at[i]->start, NULL),
        };
    }
    if (first->times->wave == WAVE_NONE &&
        rule_place_find(first->record->is.window.rule, rule_place)) {
        place[map.place_count++] = (struct map_place){.name = text_of(rule_place)};
    }
    char *text = write(&map, &first->record->is.window);
    free(place);
    return text;
}
