#include "site/readers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "places/places.h"

/* A place with the zone whose clock it has. */
struct placed {
    struct text place;
    const char *home;
};

/* The name of the zone whose clock a place has; NULL: not known. */
static const char *home_of(const struct zoneinfo *zoneinfo, struct text text)
{
    struct place place;
    if (places_find(text.at, text.len, &place) != PLACES_FOUND) {
        return NULL;
    }
    const struct zoneinfo_name *known = zoneinfo_name_find(zoneinfo, place.zone);
    return known == NULL ? NULL : known->home;
}

static int by_home(const void *left, const void *right)
{
    return strcmp(((const struct placed *)left)->home, ((const struct placed *)right)->home);
}

/* Puts the places of each home side by side, and tells every reader which are its own. */
static bool place(const struct site_request *request, struct readers *out)
{
    struct text *all;
    size_t count;
    if (!feed_places(request->source.view, &all, &count)) {
        return false;
    }
    struct placed *placed = malloc((count + 1) * sizeof *placed);
    if (placed == NULL) {
        free(all);
        return false;
    }
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        placed[known] = (struct placed){all[i], home_of(request->zoneinfo, all[i])};
        known += placed[known].home != NULL;
    }
    list_sort(placed, known, sizeof *placed, by_home);
    for (size_t i = 0; i < known; i++) {
        all[i] = placed[i].place;
    }
    out->place = all;
    out->place_count = known;
    for (size_t r = 0; r < out->count; r++) {
        struct reader *reader = &out->list[r];
        assert(reader->home != NULL);
        while (reader->place_from < known &&
               strcmp(placed[reader->place_from].home, reader->home) != 0) {
            reader->place_from++;
        }
        while (reader->place_from + reader->place_count < known &&
               strcmp(placed[reader->place_from + reader->place_count].home, reader->home) == 0) {
            reader->place_count++;
        }
    }
    free(placed);
    return true;
}

/* Somebody may have typed the names, in any case: the spelling is zoneinfo's.  A name that is its
 * own home has one and the same text for both there, hence ==.  What was chosen is listed whatever
 * it is. */
static enum site_result list_names(const struct site_request *request, struct readers *out,
                                   struct site_error *error)
{
    bool is_chosen = request->zone_count > 0;
    size_t count = is_chosen ? request->zone_count : zoneinfo_name_count(request->zoneinfo);
    out->list = calloc(count + 1, sizeof *out->list);
    if (out->list == NULL) {
        return SITE_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name =
            is_chosen ? request->zone[i] : zoneinfo_name_get(request->zoneinfo, i).name;
        const struct zone *zone = zoneinfo_find(request->zoneinfo, name);
        if (zone == NULL) {
            snprintf(error->message, sizeof error->message, "zone %.80s: %.120s", name,
                     zoneinfo_why(request->zoneinfo));
            return SITE_UNSOUND;
        }
        const struct zoneinfo_name *known = zoneinfo_name_find(request->zoneinfo, name);
        out->list[out->count++] = (struct reader){
            .name = known != NULL ? known->name : zone_name(zone),
            .home = known != NULL ? known->home : name,
            .is_listed = is_chosen || known == NULL ||
                         (known->home == known->name && known->country[0] != '\0'),
            .zone = zone,
        };
    }
    return SITE_OK;
}

struct feed_request readers_request(const struct readers *readers, size_t index)
{
    const struct reader *reader = &readers->list[index];
    return (struct feed_request){
        .language = "",
        .zone = reader->zone,
        .place = readers->place + reader->place_from,
        .place_count = reader->place_count,
    };
}

/* Which readers have the same feed: in every language, since the shape knows none. */
static bool compare(struct feed_book *book, struct readers *readers)
{
    for (size_t i = 0; i < readers->count; i++) {
        struct feed_request request = readers_request(readers, i);
        struct reader *reader = &readers->list[i];
        if (!feed_shape(book, &request, reader->shape)) {
            return false;
        }
        reader->same_as = 0;
        while (memcmp(readers->list[reader->same_as].shape, reader->shape, FEED_SHAPE_SIZE) != 0) {
            reader->same_as++;
        }
    }
    return true;
}

enum site_result readers_build(const struct site_request *request, struct feed_book *book,
                               struct readers *out, struct site_error *error)
{
    *out = (struct readers){0};
    enum site_result result = list_names(request, out, error);
    if (result == SITE_OK && (!place(request, out) || !compare(book, out))) {
        result = SITE_NO_MEMORY;
    }
    return result;
}

void readers_free(struct readers *readers)
{
    free(readers->list);
    free(readers->place);
    *readers = (struct readers){0};
}
