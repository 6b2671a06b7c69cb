#include "feeds/sky_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "feeds/sky_words.h"
#include "sky/sky.h"

static const sky_kinds KINDS[] = {
    [SKY_FEED_MOONS] = SKY_PHASE_KINDS,
    [SKY_FEED_SEASONS] = SKY_SEASON_KINDS,
    [SKY_FEED_ECLIPSES] = SKY_ECLIPSE_KINDS,
    [SKY_FEED_WHOLE] = SKY_PHASE_KINDS | SKY_SEASON_KINDS | SKY_ECLIPSE_KINDS,
};

/* 2026-01-01: nobody declares the sky; the date is that of this feed's form. */
static const utc MADE = {INT64_C(1767225600) * NS_PER_S};

/* By what the event is called among its kind, never by the instant that was computed. */
static void write_uid(const struct sky_event *event, int32_t year, char out[static FEED_UID_SIZE])
{
    bool is_phase = (SKY_SET(event->kind) & SKY_PHASE_KINDS) != 0;
    bool is_eclipse = (SKY_SET(event->kind) & SKY_ECLIPSE_KINDS) != 0;
    const char *kind = sky_kind_name(event->kind);
    if (is_phase) {
        snprintf(out, FEED_UID_SIZE, "%s.%d.sky", kind, (int)event->lunation);
    } else if (is_eclipse) {
        snprintf(out, FEED_UID_SIZE, "%s.%d-%d.sky", kind, (int)event->eclipse.saros, (int)year);
    } else {
        snprintf(out, FEED_UID_SIZE, "%s.%d.sky", kind, (int)year);
    }
}

/* It lasts a minute for the reason that when.c gives.  One date for every change (MADE) lets a feed
 * that is made again have the same bytes. */
static enum feed_result add_event(struct draft *draft, const struct feed_source *source,
                                  const struct sky_words *say, const struct sky_event *of,
                                  char error[static FEED_ERROR_SIZE])
{
    char about[32];
    char title[128];
    utc at = leap_to_utc(source->leap, of->at, NULL);
    at.ns -= at.ns % NS_PER_S;
    struct civil civil = civil_from_utc(at);
    snprintf(about, sizeof about, "%02d:%02d:%02d UTC", civil.time.hour, civil.time.minute,
             civil.time.second);
    snprintf(title, sizeof title, "%s", say->of[of->kind]);
    struct feed_event event = {
        .is_of_sky = true,
        .start = at,
        .end = {at.ns + 60 * NS_PER_S},
        .status = FEED_CONFIRMED,
        .changed = MADE,
        .title = title,
        .about = about,
    };
    snprintf(event.language, sizeof event.language, "%s", say->language);
    write_uid(of, civil.date.year, event.uid);
    size_t from = draft->len;
    (void)feed_calendar_event(draft, &event);
    if (draft->is_short_of_memory) {
        return FEED_NO_MEMORY;
    }
    return feed_check_event(draft->at + from, draft->len - from, &event, error) ? FEED_OK
                                                                                : FEED_UNSOUND;
}

const char *sky_feed_name(const char *language, enum sky_feed_part part)
{
    const struct sky_words *say = sky_words_for(language);
    return part == SKY_FEED_WHOLE ? say->sky : say->part[part];
}

enum feed_result sky_feed_write(const struct feed_source *source, const char *language,
                                enum sky_feed_part part, struct feed *out,
                                char error[static FEED_ERROR_SIZE])
{
    error[0] = '\0';
    const struct sky_words *say = sky_words_for(language);
    struct sky_search search;
    enum sky_status status =
        sky_search_init(&search, KINDS[part], NULL, source->horizon.from, source->horizon.to);
    if (status != SKY_OK) {
        snprintf(error, FEED_ERROR_SIZE, "%s", sky_status_text(status));
        return FEED_UNSOUND;
    }
    struct draft draft = {0};
    feed_calendar_open_named(&draft, sky_feed_name(language, part));
    enum feed_result result = draft.is_short_of_memory ? FEED_NO_MEMORY : FEED_OK;
    if (result == FEED_OK && !feed_check_around(draft.at, FEED_CALENDAR_CLOSE, error)) {
        result = FEED_UNSOUND;
    }
    struct sky_event event;
    while (result == FEED_OK && sky_search_next(&search, &event)) {
        result = add_event(&draft, source, say, &event, error);
        out->event_count++;
    }
    feed_check_end();
    draft_add(&draft, FEED_CALENDAR_CLOSE);
    if (result == FEED_OK) {
        out->size = draft.len;
        out->bytes = (uint8_t *)draft_take(&draft);
        result = out->bytes == NULL ? FEED_NO_MEMORY : FEED_OK;
    }
    draft_free(&draft);
    return result;
}
