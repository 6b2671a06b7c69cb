#include "site/tell.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/prose.h"
#include "feeds/words.h"
#include "instants/stamp.h"
#include "places/show.h"
#include "site/rule_zone.h"

enum {
    THEN_SHOWN = 3,
    THEN_ON_PAPER = 11, /* where nothing can be opened */
    THEN_PLACES = 4,    /* of more, all hours of each date would weigh too much */
};

void tell_text(struct pages_values *in, const char *name, struct text value, bool is_prose)
{
    struct draft plain = {0};
    if (is_prose) {
        draft_add_prose(&plain, value, false);
    } else {
        draft_add_clean(&plain, value.at, value.len, false);
    }
    draft_trim(&plain, "-");
    pages_set_draft(in, name, &plain);
}

/* The zone whose clock a moment is told by: that of its rule; NULL: UTC. */
static const struct zone *zone_of(const struct page *page, const struct feed_item *of)
{
    return rule_zone_find(page->request->zoneinfo, of->times->wave, of->record->is.window.rule,
                          of->place);
}

/* An occasion on the clock that the page tells it by before any script. */
struct shown {
    struct civil at;
    const struct zone *zone; /* NULL: UTC, or whatever clock */
    utc exact;
};

static struct shown show(const struct page *page, const struct feed_item *of)
{
    struct shown shown = {.zone = zone_of(page, of)};
    switch (of->times->wave) {
    case WAVE_CLOCK:
        shown.at = (struct civil){of->date, of->times->wave_time};
        break;
    case WAVE_DAY:
        shown.at = (struct civil){.date = of->date};
        break;
    case WAVE_NONE:
    case WAVE_PLACE:
    default:
        shown.exact = leap_to_utc(page->request->source.leap, of->start, NULL);
        shown.at = civil_from_utc(shown.exact);
        if (shown.zone != NULL) {
            utc there = shown.exact;
            there.ns += (int64_t)zone_at(shown.zone, shown.exact).offset_s * NS_PER_S;
            shown.at = civil_from_utc(there);
        }
        break;
    }
    return shown;
}

static enum interface_language language_of(const struct page *page)
{
    enum interface_language language = interface_find(page->language);
    return language < INTERFACE_LANGUAGES ? language : INTERFACE_EN;
}

static void write_date(const struct page *page, enum interface_date kind, struct civil_date date,
                       char out[static INTERFACE_DATE_SIZE])
{
    int weekday = (int)civil_weekday(civil_day_number(date)) - 1;
    interface_write_date(language_of(page), kind, date.year, date.month, date.day, weekday, out);
}

void tell_city(const struct page *page, const char *zone, char out[static PLACE_NAME_SIZE])
{
    places_show_zone(zone, language_of(page), out);
}

void tell_place(struct pages_values *in, const struct page *page, const char *name,
                struct text place)
{
    struct draft shown = {0};
    draft_add_place(&shown, place, page->language);
    draft_trim(&shown, "-");
    pages_set_draft(in, name, &shown);
}

/* "Roma" of Europe/Rome in Italian, "UTC" */
static void write_clock(const struct page *page, const struct zone *zone,
                        char out[static PLACE_NAME_SIZE])
{
    tell_city(page, zone == NULL ? "UTC" : zone_name(zone), out);
}

static void tell_utc(struct pages_values *in, const struct page *page, const struct shown *shown)
{
    struct civil at = civil_from_utc(shown->exact);
    char hour[STAMP_TEXT_SIZE];
    char date[INTERFACE_DATE_SIZE] = "";
    stamp_write_time(at.time, hour);
    if (civil_day_number(at.date) != civil_day_number(shown->at.date)) {
        write_date(page, DATE_DAY, at.date, date);
    }
    pages_print(in, "utc", "%s%s%s UTC", date, date[0] != '\0' ? " " : "", hour);
}

/* Each place of an occasion, with its zone and when it happens there. */
static void tell_places(struct pages_values *in, const char *name, const struct page *page,
                        const struct occasion *of)
{
    struct draft lines = {0};
    for (size_t i = 0; i < of->count; i++) {
        const struct zone *zone =
            rule_zone_find(page->request->zoneinfo, WAVE_PLACE, (struct text){0}, of->at[i]->place);
        char stamp[STAMP_TEXT_SIZE];
        stamp_write(leap_to_utc(page->request->source.leap, of->at[i]->start, NULL), stamp);
        draft_print(&lines, "%s%s %s ", i > 0 ? "\n" : "", zone == NULL ? "-" : zone_name(zone),
                    stamp);
        draft_add_place(&lines, of->at[i]->place, page->language);
    }
    pages_set_draft(in, name, &lines);
}

static void tell_kind(struct pages_values *in, enum record_wave wave)
{
    pages_set(in, "is_moment", wave == WAVE_NONE ? "1" : "");
    pages_set(in, "is_place", wave == WAVE_PLACE ? "1" : "");
    pages_set(in, "is_clock", wave == WAVE_CLOCK ? "1" : "");
    pages_set(in, "is_day", wave == WAVE_DAY ? "1" : "");
    pages_set(in, "is_wave", wave == WAVE_CLOCK || wave == WAVE_PLACE ? "1" : "");
}

/* For the script: a date, a date and an hour on whatever clock, or an instant. */
static void tell_at(struct pages_values *in, const char *name, const struct shown *shown,
                    enum record_wave wave)
{
    char stamp[STAMP_TEXT_SIZE];
    struct civil_time time = shown->at.time;
    stamp_write_date(shown->at.date, stamp);
    if (wave == WAVE_CLOCK) {
        pages_print(in, name, "%sT%02d:%02d:%02d", stamp, time.hour, time.minute, time.second);
        return;
    }
    if (wave != WAVE_DAY) {
        stamp_write(shown->exact, stamp);
    }
    pages_set(in, name, stamp);
}

/* Of several whole days the first and the last. */
static void tell_date(struct pages_values *in, const struct page *page, const struct shown *shown,
                      const struct record_window *times)
{
    char date[INTERFACE_DATE_SIZE];
    char last[INTERFACE_DATE_SIZE];
    write_date(page, DATE_FULL, shown->at.date, date);
    int64_t days = (times->duration.ns + NS_PER_DAY - 1) / NS_PER_DAY;
    if (times->wave == WAVE_DAY && days > 1) {
        int32_t end = civil_day_number(shown->at.date) + (int32_t)days - 1;
        write_date(page, DATE_FULL, civil_from_day_number(end), last);
        pages_print(in, "date", "%s – %s", date, last);
    } else {
        pages_set(in, "date", date);
    }
}

void tell_when(struct pages_values *in, const struct page *page, const struct occasion *of)
{
    const struct feed_item *first = of->at[0];
    const struct record_window *times = first->times;
    struct shown shown = show(page, first);
    char hour[STAMP_TEXT_SIZE];
    char clock[PLACE_NAME_SIZE] = "";
    tell_kind(in, times->wave);
    pages_set(in, "is_there", times->wave == WAVE_PLACE && shown.zone != NULL ? "1" : "");
    tell_date(in, page, &shown, times);
    stamp_write_time(shown.at.time, hour);
    pages_set(in, "hour", times->wave == WAVE_DAY ? "" : hour);
    tell_at(in, "at", &shown, times->wave);
    if (times->wave == WAVE_NONE || times->wave == WAVE_PLACE) {
        write_clock(page, shown.zone, clock);
        tell_utc(in, page, &shown);
    }
    pages_set(in, "clock", clock);
    pages_set(in, "clock_zone",
              clock[0] == '\0' || shown.zone == NULL ? "" : zone_name(shown.zone));
    pages_set(in, "is_utc", strcmp(clock, "UTC") == 0 ? "1" : "");
    pages_print(in, "for_s", "%lld", (long long)((times->duration.ns + NS_PER_S - 1) / NS_PER_S));
    pages_print(in, "tile_day", "%d", shown.at.date.day);
    enum interface_language language = pages_language(in);
    pages_set(in, "tile_month", interface_calendar(language)->month_short[shown.at.date.month - 1]);
    pages_set(in, "place", "");
    pages_set(in, "places", "");
    if (times->wave == WAVE_PLACE) {
        tell_place(in, page, "place", first->place);
        tell_places(in, "places", page, of);
    }
}

static void tell_gesture(struct pages_values *in, const char *language, struct text gesture)
{
    size_t known = feed_gesture_index(gesture);
    if (known < FEED_GESTURES) {
        pages_set(in, "gesture", feed_words_for(language)->gesture[known]);
        pages_set_text(in, "icon", gesture); /* one of ours: a plain word */
    } else {
        tell_text(in, "gesture", gesture, false);
        pages_set(in, "icon", "bell");
    }
}

static void tell_length(struct pages_values *in, const char *name, span length)
{
    char text[INTERFACE_LENGTH_SIZE];
    uint64_t seconds = length.ns <= 0 ? 0 : (uint64_t)length.ns / (uint64_t)NS_PER_S;
    interface_write_length(pages_language(in), seconds, text);
    pages_set(in, name, text);
}

void tell_what(struct pages_values *in, const struct page *page, const struct feed_item *of)
{
    const struct record_window *window = &of->record->is.window;
    const struct record_prose *title =
        record_prose_find(window->title, window->title_count, page->titles);
    const char *language = interface_calendar(pages_language(in))->code;
    pages_set(in, "window_title", "-");
    pages_set(in, "has_title_lang", "");
    if (title != NULL) {
        tell_text(in, "window_title", title->value, true);
        if (!text_is(title->tag, page->language) || title->tag.len == 0) {
            pages_set(in, "has_title_lang", "1");
            pages_set_text(in, "title_lang", title->tag);
        }
    }
    pages_set(in, "is_grave", window->tone == TONE_MOURNING ? "1" : "");
    tell_gesture(in, language, window->gesture);
    tell_length(in, "length", of->times->duration);
    pages_set(in, "rest", "");
    if (of->times->has_rest && of->status == FEED_CONFIRMED) {
        tell_length(in, "rest", of->times->rest);
    }
    pages_set(in, "disputed", of->is_disputed ? feed_words_for(language)->disputed : "");
}

void tell_more(struct pages_values *in, const char *name, size_t count)
{
    const char *more = interface_say(pages_language(in), "and_more");
    const char *mark = strchr(more, '#');
    pages_print(in, name, "%.*s%zu%s", (int)(mark - more), more, count, mark + 1);
}

/* "3 Aug"; with the year where it is another than that of the date before, and with the hour where
 * it is not that of the first. */
static void tell_next(struct pages_values *one, const struct page *page, const struct occasion *of,
                      const struct shown *first, int32_t year)
{
    struct shown when = show(page, of->at[0]);
    char date[INTERFACE_DATE_SIZE];
    write_date(page, when.at.date.year == year ? DATE_DAY : DATE_DAY_YEAR, when.at.date, date);
    if (when.at.time.hour != first->at.time.hour || when.at.time.minute != first->at.time.minute) {
        pages_print(one, "then_date", "%s %02d:%02d", date, when.at.time.hour, when.at.time.minute);
    } else {
        pages_set(one, "then_date", date);
    }
    pages_set(one, "then_places", "");
    if (of->at[0]->times->wave == WAVE_PLACE) {
        tell_places(one, "then_places", page, of);
    }
    tell_at(one, "then_at", &when, of->at[0]->times->wave);
}

void tell_then(struct pages_values *in, const struct page *page, const struct told *told,
               size_t first)
{
    const struct occasion *next = &told->occasion[first];
    size_t left = told->count - first - 1;
    size_t shown = left > THEN_SHOWN + 1 ? THEN_SHOWN : left; /* never "and 1 more" */
    size_t paper = left > THEN_ON_PAPER + 1 ? THEN_ON_PAPER : left;
    paper = next->count > THEN_PLACES ? shown : paper;
    const struct shown now = show(page, next->at[0]);
    int32_t year = now.at.date.year;
    pages_set(in, "has_then", left > 0 ? "1" : "");
    for (size_t i = 0; i < paper; i++) {
        struct pages_values *one = pages_add(in, i < shown ? "then" : "on_paper");
        tell_next(one, page, next + 1 + i, &now, year);
        year = show(page, next[1 + i].at[0]).at.date.year;
        pages_set(one, "then_comma",
                  i + 1 < shown ? interface_say(pages_language(in), "comma") : "");
    }
    if (left > shown) {
        tell_more(in, "more", left - shown);
    }
    if (left > paper) {
        tell_more(in, "more_on_paper", left - paper);
    }
}

void tell_line(struct draft *out, const struct page *page, const struct occasion *of)
{
    struct shown shown = show(page, of->at[0]);
    char date[INTERFACE_DATE_SIZE];
    char hour[STAMP_TEXT_SIZE];
    char clock[PLACE_NAME_SIZE];
    write_date(page, DATE_FULL, shown.at.date, date);
    draft_add(out, date);
    enum record_wave wave = of->at[0]->times->wave;
    if (of->count > 1) { /* no place's hour as if it were that of all */
        draft_print(out, "%s%s", interface_say(language_of(page), "comma"),
                    interface_say(language_of(page), "own_clock"));
        return;
    }
    if (wave != WAVE_DAY) {
        stamp_write_time(shown.at.time, hour);
        draft_print(out, "%s%s", interface_say(language_of(page), "comma"), hour);
    }
    if (wave == WAVE_NONE || wave == WAVE_PLACE) {
        write_clock(page, shown.zone, clock);
        draft_print(out, " %s", clock);
    }
}
