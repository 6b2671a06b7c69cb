/* where_page.c -- cities by country, to choose a clock from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "places/places.h"
#include "site/addresses.h"
#include "site/parts.h"
#include "site/tell.h"

static int by_country(const void *left, const void *right)
{
    const struct zoneinfo_name *a = left;
    const struct zoneinfo_name *b = right;
    const char *a_name = places_country_name(a->country);
    const char *b_name = places_country_name(b->country);
    int order = strcmp(a_name == NULL ? "" : a_name, b_name == NULL ? "" : b_name);
    order = order != 0 ? order : strcmp(a->country, b->country);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static void add_city(struct pages_values *country, const struct page *page, const char *name,
                     const char *top)
{
    struct pages_values *city = pages_add(country, "city");
    char path[2 * SITE_PATH_SIZE];
    char shown[PLACE_NAME_SIZE];
    /* of several constellations all in one */
    const char *feed = page->root[0].feed;
    bool is_one = page->root_count == 1;
    snprintf(path, sizeof path, "%.*s%s/%s.ics", (int)(is_one ? strlen(feed) : strcspn(feed, "/")),
             feed, is_one ? "" : "/all", name);
    if (page->request->url != NULL) {
        struct addresses at;
        addresses_write(page->request->url, path, &at);
        pages_set(city, "address", at.webcal);
    } else {
        pages_print(city, "address", "%s%s", top, path);
    }
    tell_city(page, name, shown);
    pages_set(city, "zone", name);
    pages_set(city, "city_name", shown);
}

char *page_where(const struct page *page)
{
    char top[SITE_PATH_SIZE];
    struct pages_values *in = page_begin(page, "where.html", top);
    struct zoneinfo_name *list = malloc((page->readers->count + 1) * sizeof *list);
    if (in == NULL || list == NULL) {
        pages_free(in);
        free(list);
        return NULL;
    }
    page_set_home(in, page, top);
    pages_set(in, "title", interface_say(pages_language(in), "where"));
    size_t count = 0;
    for (size_t i = 0; i < page->readers->count; i++) {
        const struct reader *reader = &page->readers->list[i];
        const struct zoneinfo_name *known =
            zoneinfo_name_find(page->request->zoneinfo, reader->name);
        if (reader->is_listed) {
            list[count++] = (struct zoneinfo_name){.name = reader->name,
                                                   .country = known == NULL ? "" : known->country};
        }
    }
    if (count > 0) {
        qsort(list, count, sizeof *list, by_country);
    }
    struct pages_values *country = NULL;
    for (size_t i = 0; i < count && page->root_count > 0; i++) {
        if (country == NULL || strcmp(list[i].country, list[i - 1].country) != 0) {
            const char *name = places_country_name(list[i].country);
            country = pages_add(in, "country");
            pages_set(country, "code", list[i].country);
            pages_set(country, "country_name", name == NULL ? list[i].country : name);
        }
        add_city(country, page, list[i].name, top);
    }
    free(list);
    return page_end(in, "where.html");
}
