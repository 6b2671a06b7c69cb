/* Whatever people's texts hold, the pages have no more tags than we wrote, say UTF-8 without
 * controls, and are there.  (test_pages_hostile.py holds a real HTML parser against the corpus.)
 * Input: as texts_view.h takes it. */
/* links: zoneinfo */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "site/page.h"
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
    size_t is_window = strstr(path, "/window/") != NULL; /* which has its event as data, too */
    assert(scripts == count_of(text, "</script") && scripts <= (is_page ? 2 + is_window : 0));
    assert(count_of(text, "<img") == is_window);
    assert(count_of(text, "<iframe") + count_of(text, "<style") == (is_page ? 0 : 1));
    assert(!is_page || count_of(text, "<body") == 1);
}

static void judge_and_free(const char *path, char *text)
{
    assert(text != NULL);
    judge(path, text, strlen(text));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const language[] = {"", "it", "ja", "ar"};
    static struct zoneinfo *zones;
    if (size == 0) {
        return 0;
    }
    zones = zones != NULL ? zones : zoneinfo_open(NULL);
    assert(zones != NULL);
    struct texts_view of;
    texts_view_init(&of, bytes, size);
    struct feed_book *book = feed_book_new(&of.source);
    struct page_news news;
    assert(book != NULL && page_news_build(&news, book, &of.of.id));
    const struct site_request request = {
        .source = of.source,
        .zoneinfo = zones,
        .url = (bytes[0] & 16) != 0 ? "https://example.org/" : NULL,
    };
    const struct page_root root = {
        .root = &of.of,
        .news = &news,
        .root8 = "0000000000000000",
        .feed = "plain/0000000000000000",
        .bundle = "0000000000000000.tocsin",
    };
    const struct readers readers = {0};
    const struct page page = {
        .request = &request,
        .readers = &readers,
        .language = language[bytes[0] & 3],
        .titles = (bytes[0] & 2) != 0 ? "" : language[bytes[0] & 3],
        .root = &root,
        .root_count = 1,
    };
    judge_and_free("index.html", page_index(&page));
    if (page_has_window(&root, &of.in)) {
        judge_and_free("x/window/x.html", page_window(&page, &root, &of.in));
    }
    if (page_has_map(&root, &of.in)) {
        judge_and_free("x.svg", page_map(&request, &root, &of.in));
    }
    page_news_free(&news);
    feed_book_free(book);
    return 0;
}
