/* Whatever people's texts hold, the pages have no more tags than we wrote, say UTF-8 without
 * controls, and are there.  (test_pages_hostile.py holds a real HTML parser against the corpus.)
 * Input: as texts_view.h takes it. */
/* links: zoneinfo */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "site/site.h"
#include "text/draft.h"
#include "texts_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
        count++;
    }
    return count;
}

static void judge(const char *path, const char *text, size_t size)
{
    assert(strlen(text) == size);
    for (size_t i = 0; i < size;) {
        uint32_t point = 0;
        size_t len = text_decode(text + i, size - i, &point);
        assert(len > 0 && (point == '\n' || draft_is_clean(point)));
        i += len;
    }
    bool is_page = strstr(path, ".html") != NULL;
    size_t scripts = count_of(text, "<script");
    assert(scripts == count_of(text, "</script") && scripts <= (is_page ? 2 : 0));
    assert(count_of(text, "<img") == (strstr(path, "/window/") != NULL));
    assert(count_of(text, "<iframe") + count_of(text, "<style") == (is_page ? 0 : 1));
    assert(!is_page || count_of(text, "<body") == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const zone[] = {"Europe/Rome"};
    static struct zoneinfo *zones;
    if (size == 0) {
        return 0;
    }
    zones = zones != NULL ? zones : zoneinfo_open(NULL);
    assert(zones != NULL);
    struct texts_view of;
    texts_view_init(&of, bytes, size);
    const struct site_request request = {
        .source = of.source,
        .zoneinfo = zones,
        .zone = zone,
        .zone_count = 1,
        .url = (bytes[0] & 16) != 0 ? "https://example.org/" : NULL,
    };
    struct site site = {0};
    struct site_error error;
    size_t signed_count;
    if (site_build(&request, &site, &signed_count, &error) != SITE_OK) {
        fprintf(stderr, "%s\n", error.message);
        abort();
    }
    for (size_t i = 0; i < site.count; i++) {
        const char *path = site.file[i].path;
        size_t len = strlen(path);
        bool is_ours =
            (len > 5 && strcmp(path + len - 5, ".html") == 0) ||
            (len > 4 && strcmp(path + len - 4, ".svg") == 0 && strchr(path, '/') != NULL);
        if (is_ours) {
            const struct site_content *content = &site.content[site.file[i].content];
            judge(path, (const char *)content->bytes, content->size);
        }
    }
    site_free(&site);
    return 0;
}
