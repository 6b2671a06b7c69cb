#include "feeds/icalendar.h"

#include <string.h>

#include "feeds/fold.h"
#include "feeds/prose.h"
#include "feeds/words.h"

const char *const FEED_CALENDAR_CLOSE = "END:VCALENDAR\r\n";

/* Folds what was added since `from`, a line without its end. */
static void end_line(struct draft *draft, size_t from)
{
    if (draft->len - from <= FOLD_OCTETS) {
        draft_add(draft, "\r\n");
        return;
    }
    struct draft line = {0};
    draft_add_bytes(&line, draft->at + from, draft->len - from);
    draft->len = from;
    fold_add_line(draft, line.at == NULL ? "" : line.at, line.len);
    draft->is_short_of_memory = draft->is_short_of_memory || line.is_short_of_memory;
    draft_free(&line);
}

/* Adds the line "NAME:VALUE", the value as it is. */
static void put(struct draft *draft, const char *name, const char *value)
{
    size_t from = draft->len;
    draft_add(draft, name);
    draft_add(draft, ":");
    draft_add(draft, value);
    end_line(draft, from);
}

/* The same for text: RFC 5545 3.3.11. */
static void put_text(struct draft *draft, const char *name, const char *value)
{
    size_t from = draft->len;
    draft_add(draft, name);
    draft_add(draft, ":");
    while (*value != '\0') {
        size_t plain = strcspn(value, "\\;,\n");
        draft_add_bytes(draft, value, plain);
        value += plain;
        if (*value != '\0') {
            draft_add(draft, "\\");
            draft_add_bytes(draft, *value == '\n' ? "n" : value, 1);
            value++;
        }
    }
    end_line(draft, from);
}

static void put_date(struct draft *draft, const char *name, utc at)
{
    struct civil_date date = civil_from_utc(at).date;
    draft_print(draft, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, date.year, date.month, date.day);
}

static void put_utc(struct draft *draft, const char *name, utc at)
{
    struct civil civil = civil_from_utc(at);
    draft_print(draft, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, civil.date.year, civil.date.month,
                civil.date.day, civil.time.hour, civil.time.minute, civil.time.second);
}

static const char *status_of(const struct feed_event *event)
{
    switch (event->status) {
    case FEED_TENTATIVE:
        return "TENTATIVE";
    case FEED_CANCELLED:
        return "CANCELLED";
    case FEED_CONFIRMED:
    default:
        return "CONFIRMED";
    }
}

static void add_alarm(struct draft *draft, const char *trigger, const char *title)
{
    draft_print(draft, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:%s\r\n", trigger);
    put_text(draft, "DESCRIPTION", title);
    draft_add(draft, "END:VALARM\r\n");
}

size_t feed_calendar_event(struct draft *draft, const struct feed_event *event)
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&event->record, id);
    draft_add(draft, "BEGIN:VEVENT\r\n");
    put(draft, "UID", event->uid);
    put_utc(draft, "DTSTAMP", event->changed);
    put_utc(draft, "LAST-MODIFIED", event->changed);
    draft_print(draft, "SEQUENCE:%u\r\n", event->sequence);
    (event->is_date ? put_date : put_utc)(draft, "DTSTART", event->start);
    (event->is_date ? put_date : put_utc)(draft, "DTEND", event->end);
    size_t words_at = draft->len;
    char summary[FEED_LANGUAGE_SIZE + 32] = "SUMMARY";
    if (event->language[0] != '\0') {
        strcat(strcat(summary, ";LANGUAGE="), event->language);
    }
    put_text(draft, summary, event->title);
    put_text(draft, "DESCRIPTION", event->about);
    if (event->place != NULL) {
        put_text(draft, "LOCATION", event->place);
    }
    if (event->url != NULL) {
        put(draft, "URL", event->url);
    }
    if (event->gesture != NULL) {
        put(draft, "CATEGORIES", event->gesture);
    }
    draft_print(draft, "STATUS:%s\r\nTRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n",
                status_of(event));
    if (!event->is_of_sky) {
        put(draft, "X-TOCSIN-RECORD", id);
    }
    if (event->has_alarm && event->is_date) {
        add_alarm(draft, "-PT12H", event->title);
    } else if (event->has_alarm) {
        add_alarm(draft, "-P1D", event->title);
        add_alarm(draft, "-PT15M", event->title);
    }
    draft_add(draft, "END:VEVENT\r\n");
    return words_at;
}

/* "Bologna remembers · it", "... · silence", "... · not yet confirmed"; of a feed that one zone's
 * clock has nothing says so: it serves all zones that are equal. */
static void add_name(struct draft *draft, const struct feed_source *source,
                     const struct feed_request *request)
{
    for (size_t i = 0; i < source->view->root_count; i++) {
        const struct view_root *root = &source->view->root[i];
        if (request->root == NULL || request->root == root) {
            struct text name = root->newest->is.root.name;
            draft_add(draft, draft->len == 0 ? "" : ", ");
            draft_add_clean(draft, name.at, name.len, false);
        }
    }
    draft_trim(draft, "tocsin");
    const struct feed_words *say = feed_words_for(request->language);
    if (request->is_tentative) {
        draft_print(draft, " · %s", say->tentative);
    }
    size_t gesture = feed_gesture_index(request->gesture);
    if (gesture < FEED_GESTURES) {
        draft_print(draft, " · %s", say->gesture[gesture]);
    } else if (request->gesture.len > 0) {
        draft_add(draft, " · ");
        draft_add_clean(draft, request->gesture.at, request->gesture.len, false);
    }
    if (request->window != NULL && request->window->record != NULL) {
        const struct record_window *window = &request->window->record->is.window;
        const struct record_prose *title =
            record_prose_find(window->title, window->title_count, request->language);
        if (title != NULL) {
            draft_add(draft, " · ");
            draft_add_prose(draft, title->value, false);
        }
    }
    if (request->language[0] != '\0') {
        draft_print(draft, " · %s", request->language);
    }
    draft_trim(draft, "tocsin");
}

void feed_calendar_open_named(struct draft *draft, const char *name)
{
    draft_add(draft, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tocsin//feeds 1//EN\r\n"
                     "CALSCALE:GREGORIAN\r\n");
    put_text(draft, "NAME", name);
    put_text(draft, "X-WR-CALNAME", name);
    draft_add(draft, "COLOR:indigo\r\nX-APPLE-CALENDAR-COLOR:#4B0082\r\n"
                     "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n");
}

void feed_calendar_open(struct draft *draft, const struct feed_source *source,
                        const struct feed_request *request)
{
    struct draft name = {0};
    add_name(&name, source, request);
    feed_calendar_open_named(draft, name.at == NULL ? "" : name.at);
    for (size_t i = 0; i < source->view->root_count; i++) {
        const struct view_root *root = &source->view->root[i];
        if (request->root == NULL || request->root == root) {
            char id[RECORD_ID_TEXT_SIZE];
            record_id_write(&root->id, id);
            put(draft, "X-TOCSIN-ROOT", id);
        }
    }
    if (request->zone != NULL && source->zones_version != NULL) {
        put_text(draft, "X-TOCSIN-ZONES", source->zones_version);
    }
    draft->is_short_of_memory = draft->is_short_of_memory || name.is_short_of_memory;
    draft_free(&name);
}
