/* texts_view.h -- a view of one window whose texts hold whatever bytes say, even what no record
 * may: what feeds and pages must stand.  The bytes: one that chooses the wave and the state, then
 * root name, title, title.it, about, place, gesture and URL, each ended by a NUL. */
#ifndef TEXTS_VIEW_H
#define TEXTS_VIEW_H

#include <string.h>

#include "feeds/feed.h"

struct texts_view {
    struct record root, window;
    struct record_prose title[2], about;
    struct view_occurrence occurrence;
    struct view_root of;
    struct view_window in;
    struct view view;
    struct feed_source source;
};

static inline struct text texts_take(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *stop = memchr(*at, '\0', (size_t)(end - *at));
    stop = stop == NULL ? end : stop;
    struct text text = {(const char *)*at, (size_t)(stop - *at)};
    *at = stop < end ? stop + 1 : end;
    return text;
}

/* Points into bytes, of which there is at least one. */
static inline void texts_view_init(struct texts_view *out, const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes + 1;
    const uint8_t *end = bytes + size;
    memset(out, 0, sizeof *out);
    out->root = (struct record){.type = RECORD_ROOT, .is.root.name = texts_take(&at, end)};
    out->title[0].value = texts_take(&at, end);
    out->title[1] = (struct record_prose){.tag = {"it", 2}, .value = texts_take(&at, end)};
    out->about.value = texts_take(&at, end);
    struct text place = texts_take(&at, end);
    bool is_place = (bytes[0] & 4) != 0;
    out->window = (struct record){
        .type = RECORD_WINDOW,
        .is.window = {.title = out->title,
                      .title_count = 2,
                      .about = &out->about,
                      .about_count = 1,
                      .gesture = texts_take(&at, end),
                      .url = texts_take(&at, end),
                      .rule = place,
                      .wave = is_place ? WAVE_PLACE : WAVE_NONE,
                      .duration = {60 * NS_PER_S}},
    };
    utc start = civil_to_utc((struct civil){.date = {2027, 8, 2}, .time = {8, 25, 0, 0}});
    out->occurrence = (struct view_occurrence){
        .key = {"2027", 4},
        .has_start = true,
        .start = leap_from_utc(leap_builtin(), start, NULL),
        .place = place,
        .record = &out->window,
        .state = (bytes[0] & 8) != 0 ? OCCURRENCE_NOT_YET : OCCURRENCE_IN_FORCE,
    };
    out->of = (struct view_root){.anchor = &out->root, .newest = &out->root};
    out->in = (struct view_window){.record = &out->window,
                                   .threshold = 2,
                                   .occurrence = &out->occurrence,
                                   .occurrence_count = 1};
    out->view =
        (struct view){.root = &out->of, .root_count = 1, .window = &out->in, .window_count = 1};
    out->source = (struct feed_source){
        .view = &out->view,
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), start),
        .now = out->occurrence.start,
    };
}

#endif
