/* date_code.c -- a date as a code that telephones keep, for a page that has no address. */
#include <string.h>

#include "feeds/prose.h"
#include "instants/stamp.h"
#include "site/parts.h"

enum { TITLE_LEN = 120 };

/* The title as RFC 5545, 3.3.11 has texts. */
static void add_summary(struct draft *out, const struct page *page, const struct feed_item *of)
{
    const struct record_window *window = &of->record->is.window;
    const struct record_prose *title =
        record_prose_find(window->title, window->title_count, page->titles);
    struct draft plain = {0};
    draft_add(&plain, "");
    if (title != NULL) {
        draft_add_prose(&plain, title->value, false);
    }
    if (of->times->wave == WAVE_PLACE) { /* the hour is that of this place alone */
        draft_add(&plain, " (");
        draft_add_clean(&plain, of->place.at, of->place.len, false);
        draft_add(&plain, ")");
    }
    size_t len = plain.at == NULL ? 0 : text_cut(plain.at, plain.len, TITLE_LEN);
    draft_add(out, "SUMMARY:");
    for (size_t i = 0; i < len; i++) {
        draft_print(out, strchr("\\;,", plain.at[i]) != NULL ? "\\%c" : "%c", plain.at[i]);
    }
    draft_add(out, "\r\n");
    out->is_short_of_memory |= plain.is_short_of_memory;
    draft_free(&plain);
}

/* "DTSTART:20270802T082500Z"; a day without an hour, an hour of whatever clock without the Z. */
static void add_time(struct draft *out, const char *name, utc at, enum record_wave wave)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write((utc){at.ns - at.ns % NS_PER_S}, stamp);
    stamp[wave == WAVE_DAY ? 10 : strlen(stamp) - (wave == WAVE_CLOCK ? 1 : 0)] = '\0';
    draft_print(out, "%s%s:", name, wave == WAVE_DAY ? ";VALUE=DATE" : "");
    for (const char *c = stamp; *c != '\0'; c++) {
        if (*c != '-' && *c != ':') {
            draft_print(out, "%c", *c);
        }
    }
    draft_add(out, "\r\n");
}

void page_set_date_code(struct pages_values *in, const struct page *page, const struct occasion *of)
{
    const struct feed_item *first = of->at[0];
    const struct record_window *times = first->times;
    utc from = leap_to_utc(page->request->source.leap, first->start, NULL);
    if (times->wave == WAVE_DAY) {
        from.ns = (int64_t)civil_day_number(first->date) * NS_PER_DAY;
    }
    struct draft event = {0};
    draft_add(&event, "BEGIN:VEVENT\r\n");
    add_summary(&event, page, first);
    add_time(&event, "DTSTART", from, times->wave);
    add_time(&event, "DTEND", (utc){from.ns + times->duration.ns}, times->wave);
    draft_add(&event, "END:VEVENT\r\n");
    if (event.at != NULL && !event.is_short_of_memory) {
        page_set_code(in, event.at);
    }
    draft_free(&event);
}
