/* Whatever people's texts hold, even what no record may, the feed reads back as meant: feed_write
 * compares every property with libical's reading and refuses otherwise.  Input: a byte that chooses
 * the language and part, then root name, title, title.it, about, place, gesture and URL, each ended
 * by a NUL. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/feed.h"

static struct text take(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *stop = memchr(*at, '\0', (size_t)(end - *at));
    stop = stop == NULL ? end : stop;
    struct text text = {(const char *)*at, (size_t)(stop - *at)};
    *at = stop < end ? stop + 1 : end;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const language[] = {"", "it", FEED_MANY_LANGUAGES, "ar"};
    if (size == 0) {
        return 0;
    }
    const uint8_t *at = bytes + 1;
    const uint8_t *end = bytes + size;
    struct record root = {.type = RECORD_ROOT, .is.root.name = take(&at, end)};
    struct record_prose title[2] = {{.value = take(&at, end)},
                                    {.tag = {"it", 2}, .value = take(&at, end)}};
    struct record_prose about = {.value = take(&at, end)};
    struct text place = take(&at, end);
    bool is_place = (bytes[0] & 4) != 0;
    struct record window = {
        .type = RECORD_WINDOW,
        .is.window = {.title = title,
                      .title_count = 2,
                      .about = &about,
                      .about_count = 1,
                      .gesture = take(&at, end),
                      .url = take(&at, end),
                      .rule = place,
                      .wave = is_place ? WAVE_PLACE : WAVE_NONE,
                      .duration = {60 * NS_PER_S}},
    };
    utc start = civil_to_utc((struct civil){.date = {2027, 8, 2}, .time = {8, 25, 0, 0}});
    struct view_occurrence occurrence = {
        .key = {"2027", 4},
        .has_start = true,
        .start = leap_from_utc(leap_builtin(), start, NULL),
        .place = place,
        .record = &window,
        .state = (bytes[0] & 8) != 0 ? OCCURRENCE_NOT_YET : OCCURRENCE_IN_FORCE,
    };
    struct view_root of = {.newest = &root};
    struct view_window in = {
        .record = &window, .threshold = 2, .occurrence = &occurrence, .occurrence_count = 1};
    struct view view = {.root = &of, .root_count = 1, .window = &in, .window_count = 1};
    struct feed_source source = {
        .view = &view,
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), start),
        .now = occurrence.start,
    };
    struct feed_request request = {
        .root = &of,
        .language = language[bytes[0] & 3],
        .is_tentative = (bytes[0] & 8) != 0,
        .has_alarms = (bytes[0] & 16) != 0,
    };
    struct feed_list list;
    char error[FEED_ERROR_SIZE];
    struct feed_book *book = feed_book_new(&source);
    assert(book != NULL);
    enum feed_result result = feed_write(book, &request, &list, error);
    if (result != FEED_OK) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    assert(list.count == 1 && list.feed[0].event_count == 1);
    feed_list_free(&list);
    feed_book_free(book);
    return 0;
}
