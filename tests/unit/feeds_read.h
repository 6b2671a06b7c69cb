/* feeds_read.h -- feeds of a constellation, and their text with the folds undone. */
#ifndef FEEDS_READ_H
#define FEEDS_READ_H

#include "constellation.h"

#include "feeds/feed.h"
#include "zoneinfo/zoneinfo.h"

static const char *const now = "2026-11-23T09:30:00Z";

/* A window's text: lines is what comes between the titles and `expires`. */
static inline const char *window_text(const struct constellation *of, unsigned uid, const char *seq,
                                      const char *titles, const char *times, const char *length)
{
    static char text[CONSTELLATION_TEXT_MAX];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\n%smade: 2026-11-20T12:00:00Z\n%s"
             "gesture: silence\ntone: mourning\nrule: 2 august at 10:25 in Europe/Rome for 1m\n%s"
             "for: %s\nexpires: 2035-01-01T00:00:00Z\n",
             of->root_id, uid, seq, titles, times, length);
    return text;
}

/* The source of all feeds of a constellation, on the day of now unless another is given. */
static inline struct feed_source source_of(const struct constellation *of, const struct view *view)
{
    return (struct feed_source){
        .view = view,
        .entry = of->entry,
        .entry_count = of->count,
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), at_utc(now)),
        .now = at_instant(now),
        .zones_version = "2026f",
    };
}

static inline struct feed_source source_on(const struct constellation *of, const struct view *view,
                                           const char *day)
{
    struct feed_source source = source_of(of, view);
    source.horizon = feed_horizon_at(leap_builtin(), at_utc(day));
    source.now = at_instant(day);
    return source;
}

static inline struct feed_request request_of(const struct view *view, const char *language)
{
    return (struct feed_request){.root = &view->root[0], .language = language};
}

static inline struct feed_list written(const struct feed_source *source,
                                       const struct feed_request *request)
{
    struct feed_list list;
    char error[FEED_ERROR_SIZE];
    struct feed_book *book = feed_book_new(source);
    assert_non_null(book);
    enum feed_result result = feed_write(book, request, &list, error);
    if (result != FEED_OK) {
        print_error("feed_write: %d %s\n", (int)result, error);
        fail();
    }
    feed_book_free(book);
    return list;
}

static inline char *only_text(const struct feed_source *source, const struct feed_request *request)
{
    struct feed_list list = written(source, request);
    assert_int_equal(list.count, 1);
    char *text = (char *)list.feed[0].bytes;
    list.feed[0].bytes = NULL;
    feed_list_free(&list);
    return text;
}

static inline char *only_feed(const struct constellation *of, const struct view *view,
                              const char *language)
{
    struct feed_source source = source_of(of, view);
    struct feed_request request = request_of(view, language);
    return only_text(&source, &request);
}

/* The text with its folds undone: RFC 5545 section 3.1. */
static inline char *unfolded(const char *text)
{
    char *out = malloc(strlen(text) + 1);
    size_t len = 0;
    assert_non_null(out);
    while (*text != '\0') {
        if (strncmp(text, "\r\n ", 3) == 0) {
            text += 3;
        } else {
            out[len++] = *text++;
        }
    }
    out[len] = '\0';
    return out;
}

static inline void assert_line(const char *feed, const char *line)
{
    char *flat = unfolded(feed);
    char wanted[2048];
    snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
    if (strstr(flat, wanted) == NULL) {
        print_error("no line \"%s\" in\n%s\n", line, flat);
        fail();
    }
    free(flat);
}

static inline size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        count++;
    }
    return count;
}

static const char bologna_titles[] =
    "title: A minute for Bologna\n"
    "title.it: Un minuto per Bologna\n"
    "about: At the station, 1980.\\nQuietly; together, \\\\ please\n"
    "about.it: Alla stazione.\n";
static const char bologna_times[] =
    "at: 2027 2027-08-02T08:25:00Z\nat: 2028 2028-08-02T08:25:00Z\n";

#endif
