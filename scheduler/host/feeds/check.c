#include "feeds/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/fold.h"

/* RFC 5545 section 3.1. */
static bool lines_are_sound(const char *bytes, size_t size, char error[static FEED_ERROR_SIZE])
{
    size_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < size;) {
        if (bytes[i] == '\r' && i + 1 < size && bytes[i + 1] == '\n') {
            if (i - start > FOLD_OCTETS || i == start) {
                snprintf(error, FEED_ERROR_SIZE, "line %zu has %zu octets", line, i - start);
                return false;
            }
            i += 2;
            start = i;
            line++;
            continue;
        }
        if (bytes[i] >= 0x20 && bytes[i] < 0x7f) {
            i++;
            continue;
        }
        uint32_t point = 0;
        size_t length = text_decode(bytes + i, size - i, &point);
        if (length == 0 || !draft_is_clean(point)) {
            snprintf(error, FEED_ERROR_SIZE, "line %zu holds a byte that no feed may hold", line);
            return false;
        }
        i += length;
    }
    if (start != size) {
        snprintf(error, FEED_ERROR_SIZE, "line %zu has no end", line);
        return false;
    }
    return true;
}

static bool time_is(icaltimetype time, utc at, bool is_date)
{
    struct civil meant = civil_from_utc(at);
    if (time.year != meant.date.year || time.month != meant.date.month ||
        time.day != meant.date.day || (time.is_date != 0) != is_date) {
        return false;
    }
    return is_date || (time.hour == meant.time.hour && time.minute == meant.time.minute &&
                       time.second == meant.time.second && icaltime_is_utc(time) != 0);
}

/* No TZID, whatever the time is. */
static bool edge_is(icalproperty *property, icaltimetype time, const struct feed_event *event,
                    utc at)
{
    return icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER) == NULL &&
           time_is(time, at, event->is_date);
}

static bool same(const char *read, const char *meant)
{
    return read != NULL && meant != NULL && strcmp(read, meant) == 0;
}

/* Which of our properties this is, as a bit; 0 for any other.  *as_meant tells whether its value is
 * the event's. */
static unsigned judge(icalproperty *property, const struct feed_event *event, bool *as_meant)
{
    switch ((int)icalproperty_isa(property)) {
    case ICAL_UID_PROPERTY:
        *as_meant = same(icalproperty_get_uid(property), event->uid);
        return 1U << 0;
    case ICAL_DTSTAMP_PROPERTY:
        *as_meant = time_is(icalproperty_get_dtstamp(property), event->changed, false);
        return 1U << 1;
    case ICAL_LASTMODIFIED_PROPERTY:
        *as_meant = time_is(icalproperty_get_lastmodified(property), event->changed, false);
        return 1U << 2;
    case ICAL_SEQUENCE_PROPERTY:
        *as_meant = icalproperty_get_sequence(property) == (int)event->sequence;
        return 1U << 3;
    case ICAL_DTSTART_PROPERTY:
        *as_meant = edge_is(property, icalproperty_get_dtstart(property), event, event->start);
        return 1U << 4;
    case ICAL_DTEND_PROPERTY:
        *as_meant = edge_is(property, icalproperty_get_dtend(property), event, event->end);
        return 1U << 5;
    case ICAL_SUMMARY_PROPERTY:
        *as_meant = same(icalproperty_get_summary(property), event->title);
        return 1U << 6;
    case ICAL_DESCRIPTION_PROPERTY:
        *as_meant = same(icalproperty_get_description(property), event->about);
        return 1U << 7;
    case ICAL_STATUS_PROPERTY: {
        static const enum icalproperty_status meant[] = {
            [FEED_TENTATIVE] = ICAL_STATUS_TENTATIVE,
            [FEED_CONFIRMED] = ICAL_STATUS_CONFIRMED,
            [FEED_CANCELLED] = ICAL_STATUS_CANCELLED,
        };
        *as_meant = icalproperty_get_status(property) == meant[event->status];
        return 1U << 8;
    }
    case ICAL_TRANSP_PROPERTY:
        *as_meant = icalproperty_get_transp(property) == ICAL_TRANSP_TRANSPARENT;
        return 1U << 9;
    case ICAL_X_PROPERTY:
        if (same(icalproperty_get_x_name(property), "X-TOCSIN-RECORD")) {
            char id[RECORD_ID_TEXT_SIZE];
            record_id_write(&event->record, id);
            *as_meant = same(icalproperty_get_x(property), id);
            return 1U << 10;
        }
        *as_meant = same(icalproperty_get_x(property), "FREE");
        return same(icalproperty_get_x_name(property), "X-MICROSOFT-CDO-BUSYSTATUS") ? 1U << 11 : 0;
    case ICAL_LOCATION_PROPERTY:
        *as_meant = same(icalproperty_get_location(property), event->place);
        return 1U << 12;
    case ICAL_URL_PROPERTY:
        *as_meant = same(icalproperty_get_url(property), event->url);
        return 1U << 13;
    case ICAL_CATEGORIES_PROPERTY:
        *as_meant = same(icalproperty_get_categories(property), event->gesture);
        return 1U << 14;
    default:
        return 0;
    }
}

/* A reminder with our words and nothing else. */
static bool alarm_is(icalcomponent *alarm, const struct feed_event *event)
{
    return icalcomponent_isa(alarm) == ICAL_VALARM_COMPONENT &&
           icalcomponent_count_properties(alarm, ICAL_ANY_PROPERTY) == 3 &&
           icalcomponent_count_properties(alarm, ICAL_ACTION_PROPERTY) == 1 &&
           icalcomponent_count_properties(alarm, ICAL_TRIGGER_PROPERTY) == 1 &&
           same(icalcomponent_get_description(alarm), event->title);
}

/* wanted has the bits of judge: the sky has no record (bit 10), and place, address and gesture are
 * there only if meant.  A part that is no reminder of ours counts for a hundred, so that no number
 * of parts comes out right with it. */
static bool event_is(icalcomponent *component, const struct feed_event *event,
                     char error[static FEED_ERROR_SIZE])
{
    unsigned wanted = (event->is_of_sky ? 0xbffU : 0xfffU) | (event->place != NULL ? 1U << 12 : 0) |
                      (event->url != NULL ? 1U << 13 : 0) | (event->gesture != NULL ? 1U << 14 : 0);
    unsigned seen = 0;
    for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
         property != NULL;
         property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
        bool as_meant = false;
        unsigned bit = judge(property, event, &as_meant);
        if (bit == 0 || (seen & bit) != 0 || !as_meant) {
            const char *name = icalproperty_get_property_name(property);
            snprintf(error, FEED_ERROR_SIZE, "event %s: %s is not as meant", event->uid,
                     name != NULL ? name : "a property");
            return false;
        }
        seen |= bit;
    }
    int alarms = 0;
    for (icalcomponent *part = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
         part != NULL; part = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        alarms += alarm_is(part, event) ? 1 : 100;
    }
    if (seen != wanted || alarms != (!event->has_alarm ? 0 : event->is_date ? 1 : 2)) {
        snprintf(error, FEED_ERROR_SIZE, "event %s: a property is missing, or a part is too many",
                 event->uid);
        return false;
    }
    return true;
}

bool feed_check_event(const char *bytes, size_t size, const struct feed_event *event,
                      char error[static FEED_ERROR_SIZE])
{
    if (!lines_are_sound(bytes, size, error)) {
        return false;
    }
    icalcomponent *read = icalparser_parse_string(bytes);
    if (read == NULL || icalcomponent_isa(read) != ICAL_VEVENT_COMPONENT ||
        icalcomponent_count_errors(read) != 0) {
        snprintf(error, FEED_ERROR_SIZE, "event %s: libical does not read it without errors",
                 event->uid);
        if (read != NULL) {
            icalcomponent_free(read);
        }
        return false;
    }
    bool sound = event_is(read, event, error);
    icalcomponent_free(read);
    return sound;
}

/* Takes "NAME" and then the value up to the end of the line off *at. */
static bool take_value(const char **at, const char *end, const char *name, char out[static 128])
{
    size_t len = strlen(name);
    if ((size_t)(end - *at) < len || memcmp(*at, name, len) != 0) {
        return false;
    }
    size_t used = 0;
    for (*at += len; *at < end; (*at)++) {
        if (end - *at >= 3 && memcmp(*at, "\r\n ", 3) == 0) {
            *at += 2; /* a fold */
        } else if (end - *at >= 2 && memcmp(*at, "\r\n", 2) == 0) {
            *at += 2;
            out[used] = '\0';
            return true;
        } else if (used + 1 < 128) {
            out[used++] = **at;
        }
    }
    return false;
}

static bool take_time(const char **at, const char *end, const char *name, utc meant, bool is_date)
{
    char value[128];
    return take_value(at, end, name, value) && time_is(icaltime_from_string(value), meant, is_date);
}

bool feed_check_numbers(const char *bytes, size_t words_at, const struct feed_event *event,
                        char error[static FEED_ERROR_SIZE])
{
    const char *at = bytes;
    const char *end = bytes + words_at;
    char value[128];
    char *rest = NULL;
    bool is_date = event->is_date;
    bool sound =
        lines_are_sound(bytes, words_at, error) && take_value(&at, end, "BEGIN:", value) &&
        strcmp(value, "VEVENT") == 0 && take_value(&at, end, "UID:", value) &&
        strcmp(value, event->uid) == 0 && take_time(&at, end, "DTSTAMP:", event->changed, false) &&
        take_time(&at, end, "LAST-MODIFIED:", event->changed, false) &&
        take_value(&at, end, "SEQUENCE:", value) && strtoul(value, &rest, 10) == event->sequence &&
        *rest == '\0' &&
        take_time(&at, end, is_date ? "DTSTART;VALUE=DATE:" : "DTSTART:", event->start, is_date) &&
        take_time(&at, end, is_date ? "DTEND;VALUE=DATE:" : "DTEND:", event->end, is_date) &&
        at == end;
    if (!sound && error[0] == '\0') {
        snprintf(error, FEED_ERROR_SIZE, "event %s: its numbers are not as meant", event->uid);
    }
    return sound;
}

void feed_check_end(void)
{
    icalmemory_free_ring();
}

bool feed_check_around(const char *open, const char *close, char error[static FEED_ERROR_SIZE])
{
    struct draft whole = {0};
    draft_add(&whole, open);
    draft_add(&whole, close);
    bool sound = !whole.is_short_of_memory && lines_are_sound(whole.at, whole.len, error);
    icalcomponent *read = sound ? icalparser_parse_string(whole.at) : NULL;
    sound = read != NULL && icalcomponent_isa(read) == ICAL_VCALENDAR_COMPONENT &&
            icalcomponent_count_errors(read) == 0 &&
            icalcomponent_get_first_component(read, ICAL_ANY_COMPONENT) == NULL;
    if (!sound && error[0] == '\0') {
        snprintf(error, FEED_ERROR_SIZE, "libical does not read it as a calendar without errors");
    }
    if (read != NULL) {
        icalcomponent_free(read);
    }
    draft_free(&whole);
    return sound;
}
