/* where_page.c -- cities by country, to choose a clock from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "places/show.h"
#include "site/addresses.h"
#include "site/parts.h"
#include "site/tell.h"

/* A zone that people find by its country. */
struct listed {
    const char *zone, *country, *code; /* the country as the page's language has it */
};

static int by_country(const void *left, const void *right)
{
    const struct listed *a = left;
    const struct listed *b = right;
    int order = strcmp(a->country, b->country);
    return order != 0 ? order : strcmp(a->zone, b->zone);
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
    addresses_set(city, "address", page->request->url, top, path);
    tell_city(page, name, shown);
    pages_set(city, "zone", name);
    pages_set(city, "city_name", shown);
}

char *page_where(const struct page *page)
{
    char top[SITE_PATH_SIZE];
    struct pages_values *in = page_begin(page, "where.html", top);
    struct listed *list = malloc((page->readers->count + 1) * sizeof *list);
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
            const char *code = known == NULL ? "" : known->country;
            const char *country = places_show_country(code, pages_language(in));
            list[count++] = (struct listed){reader->name, country == NULL ? code : country, code};
        }
    }
    list_sort(list, count, sizeof *list, by_country);
    struct pages_values *country = NULL;
    for (size_t i = 0; i < count && page->root_count > 0; i++) {
        if (country == NULL || strcmp(list[i].code, list[i - 1].code) != 0) {
            country = pages_add(in, "country");
            pages_set(country, "country_name", list[i].country);
        }
        add_city(country, page, list[i].zone, top);
    }
    free(list);
    return page_end(in, "where.html");
}
