#include "feeds/calendar.h"

#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/draft.h"
#include "feeds/fold.h"
#include "feeds/timezone.h"
#include "feeds/words.h"

const char *const FEED_CALENDAR_CLOSE = "END:VCALENDAR\r\n";

enum { REFRESH_HOURS = 12 };

/* A component that is being filled: once anything is missing it stays incomplete. */
struct filling {
    icalcomponent *in;
    bool is_short_of_memory;
};

static icalproperty *put(struct filling *filling, icalproperty *property)
{
    if (property == NULL) {
        filling->is_short_of_memory = true;
    } else {
        icalcomponent_add_property(filling->in, property);
    }
    return property;
}

/* For plain values only: libical 3.0.16 leaves commas and semicolons of X properties bare. */
static void put_x(struct filling *filling, const char *name, const char *value)
{
    icalproperty *property = put(filling, icalproperty_new_x(value));
    if (property != NULL) {
        icalproperty_set_x_name(property, name);
    }
}

/* An X property whose value is text, written here (RFC 5545 3.1 and 3.3.11) because of the above.
 */
static void add_x_text(struct draft *draft, const char *name, const char *value)
{
    struct draft line = {0};
    draft_print(&line, "%s:", name);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\\' || *at == ';' || *at == ',') {
            draft_add(&line, "\\");
        }
        draft_add_bytes(&line, at, 1);
    }
    fold_add_line(draft, line.at == NULL ? "" : line.at, line.len);
    draft->is_short_of_memory = draft->is_short_of_memory || line.is_short_of_memory;
    draft_free(&line);
}

static icaltimetype date_time(struct civil at, bool is_utc)
{
    icaltimetype time = icaltime_null_time();
    time.year = at.date.year;
    time.month = at.date.month;
    time.day = at.date.day;
    time.hour = at.time.hour;
    time.minute = at.time.minute;
    time.second = at.time.second;
    if (is_utc) {
        time.zone = icaltimezone_get_utc_timezone();
    }
    return time;
}

static icaltimetype utc_time(utc at)
{
    return date_time(civil_from_utc(at), true);
}

static icaltimetype day(utc at)
{
    icaltimetype time = icaltime_null_date();
    struct civil_date date = civil_from_utc(at).date;
    time.year = date.year;
    time.month = date.month;
    time.day = date.day;
    return time;
}

static void put_times(struct filling *filling, const struct feed_event *event,
                      const struct zone *zone)
{
    switch (event->clock) {
    case FEED_DATE:
        put(filling, icalproperty_new_dtstart(day(event->start)));
        put(filling, icalproperty_new_dtend(day(event->end)));
        break;
    case FEED_LOCAL: {
        icalproperty *edge[2] = {
            put(filling, icalproperty_new_dtstart(date_time(event->local_start, false))),
            put(filling, icalproperty_new_dtend(date_time(event->local_end, false))),
        };
        for (size_t i = 0; i < 2; i++) {
            icalparameter *named = icalparameter_new_tzid(zone_name(zone));
            if (edge[i] == NULL || named == NULL) {
                filling->is_short_of_memory = true;
            } else {
                icalproperty_add_parameter(edge[i], named);
            }
        }
        break;
    }
    case FEED_UTC:
    default:
        put(filling, icalproperty_new_dtstart(utc_time(event->start)));
        put(filling, icalproperty_new_dtend(utc_time(event->end)));
        break;
    }
}

static enum icalproperty_status status_of(const struct feed_event *event)
{
    switch (event->status) {
    case FEED_TENTATIVE:
        return ICAL_STATUS_TENTATIVE;
    case FEED_CANCELLED:
        return ICAL_STATUS_CANCELLED;
    case FEED_CONFIRMED:
    default:
        return ICAL_STATUS_CONFIRMED;
    }
}

/* Adds a component as libical writes it, folded anew, less `close` at its end; frees the component.
 */
static void add_component(struct draft *draft, icalcomponent *component, const char *close)
{
    char *text = component == NULL ? NULL : icalcomponent_as_ical_string_r(component);
    size_t len = text == NULL ? 0 : strlen(text);
    size_t cut = strlen(close);
    if (text == NULL || len < cut || strcmp(text + len - cut, close) != 0) {
        draft->is_short_of_memory = true;
    } else {
        text[len - cut] = '\0';
        fold_add_again(draft, text);
    }
    free(text);
    if (component != NULL) {
        icalcomponent_free(component);
    }
}

char *feed_calendar_event(const struct feed_event *event, const struct zone *zone)
{
    struct filling filling = {.in = icalcomponent_new_vevent()};
    if (filling.in == NULL) {
        return NULL;
    }
    put(&filling, icalproperty_new_uid(event->uid));
    put(&filling, icalproperty_new_dtstamp(utc_time(event->changed)));
    put(&filling, icalproperty_new_lastmodified(utc_time(event->changed)));
    put(&filling, icalproperty_new_sequence((int)event->sequence));
    put_times(&filling, event, zone);
    icalproperty *summary = put(&filling, icalproperty_new_summary(event->title));
    if (summary != NULL && event->language[0] != '\0') {
        icalparameter *language = icalparameter_new_language(event->language);
        if (language == NULL) {
            filling.is_short_of_memory = true;
        } else {
            icalproperty_add_parameter(summary, language);
        }
    }
    put(&filling, icalproperty_new_description(event->about));
    if (event->place != NULL) {
        put(&filling, icalproperty_new_location(event->place));
    }
    if (event->url != NULL) {
        put(&filling, icalproperty_new_url(event->url));
    }
    if (event->gesture != NULL) {
        put(&filling, icalproperty_new_categories(event->gesture));
    }
    put(&filling, icalproperty_new_status(status_of(event)));
    put(&filling, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    put_x(&filling, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&event->record->id, id);
    put_x(&filling, "X-TOCSIN-RECORD", id);

    struct draft draft = {.is_short_of_memory = filling.is_short_of_memory};
    add_component(&draft, filling.in, "");
    return draft_take(&draft);
}

/* "Bologna remembers · it", "... · Europe/Rome", "... · Riposo". */
static char *calendar_name(const struct feed_request *request)
{
    struct draft draft = {0};
    struct text name = request->root->newest->is.root.name;
    draft_add_clean(&draft, name.at, name.len, false);
    draft_trim(&draft, "tocsin");
    switch (request->part) {
    case FEED_ZONE:
        draft_print(&draft, " · %s", zone_name(request->zone));
        break;
    case FEED_PLACE:
        draft_add(&draft, " · ");
        draft_add_clean(&draft, request->place.at, request->place.len, false);
        break;
    case FEED_REST:
        draft_print(&draft, " · %s", feed_words_for(request->language)->rest);
        break;
    case FEED_SHARED:
    default:
        break;
    }
    if (request->language[0] != '\0') {
        draft_print(&draft, " · %s", request->language);
    }
    draft_trim(&draft, "");
    return draft_take(&draft);
}

static void put_head(struct filling *filling, const struct feed_request *request, const char *name,
                     const char *about)
{
    char root[RECORD_ID_TEXT_SIZE];
    record_id_write(&request->root->id, root);
    put(filling, icalproperty_new_version("2.0"));
    put(filling, icalproperty_new_prodid("-//tocsin//feeds 1//EN"));
    put(filling, icalproperty_new_calscale("GREGORIAN"));
    put(filling, icalproperty_new_name(name));
    put(filling, icalproperty_new_description(about));
    put(filling, icalproperty_new_color("indigo"));
    put_x(filling, "X-APPLE-CALENDAR-COLOR", "#4B0082");
    struct icaldurationtype every = {.hours = REFRESH_HOURS};
    put(filling, icalproperty_new_refreshinterval(every));
    put_x(filling, "X-PUBLISHED-TTL", "PT12H");
    put_x(filling, "X-TOCSIN-ROOT", root);
}

char *feed_calendar_open(const struct feed_request *request, utc from, utc to)
{
    char *name = calendar_name(request);
    struct draft about = {0};
    char root[RECORD_ID_TEXT_SIZE];
    record_id_write(&request->root->id, root);
    draft_print(&about, "%s (tocsin %s)", name == NULL ? "" : name, root);
    struct filling filling = {.in = icalcomponent_new_vcalendar()};
    struct draft draft = {.is_short_of_memory = name == NULL || about.is_short_of_memory};
    if (filling.in != NULL && !draft.is_short_of_memory) {
        put_head(&filling, request, name, about.at);
        draft.is_short_of_memory = filling.is_short_of_memory;
        add_component(&draft, filling.in, FEED_CALENDAR_CLOSE);
        add_x_text(&draft, "X-WR-CALNAME", name);
        add_x_text(&draft, "X-WR-CALDESC", about.at);
        if (request->part == FEED_ZONE) {
            add_component(&draft, feed_timezone_new(request->zone, from, to), "");
        }
    } else {
        draft.is_short_of_memory = true;
        if (filling.in != NULL) {
            icalcomponent_free(filling.in);
        }
    }
    free(name);
    draft_free(&about);
    return draft_take(&draft);
}
