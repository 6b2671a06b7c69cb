/* The pages of a window whose texts are whatever stdin says (texts_view.h), for
 * test_pages_hostile.py.
 *
 *   ours_site DIR < texts      writes the pages and maps into DIR */
/* links: zoneinfo */
#include <stdio.h>
#include <stdlib.h>

#include "site/site.h"
#include "texts_view.h"

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 16];
    static const char *const zone[] = {"Europe/Rome"};
    size_t size = fread(bytes, 1, sizeof bytes, stdin);
    struct zoneinfo *zones = zoneinfo_open(NULL);
    if (argc != 2 || size == 0 || zones == NULL) {
        fprintf(stderr, "ours_site: DIR, texts on standard input, and time zones are wanted\n");
        return 2;
    }
    struct texts_view of;
    texts_view_init(&of, bytes, size);
    const struct site_request request = {
        .source = of.source,
        .zoneinfo = zones,
        .zone = zone,
        .zone_count = 1,
        .url = "https://example.org/",
    };
    const struct site_saving how = {.is_copied = true};
    struct site site = {0};
    struct site_error error;
    size_t signed_count;
    bool done = site_build(&request, &site, &signed_count, &error) == SITE_OK &&
                site_finish(&site, &error) == SITE_OK &&
                site_save(&site, argv[1], &how, &error) == SITE_OK;
    if (!done) {
        fprintf(stderr, "ours_site: %s\n", error.message);
    }
    site_free(&site);
    zoneinfo_close(zones);
    return done ? 0 : 1;
}
