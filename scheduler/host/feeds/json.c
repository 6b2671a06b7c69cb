/* json.c -- the feed for programs. */
#include <stdio.h>

#include "feeds/book.h"
#include "feeds/machine.h"
#include "feeds/prose.h"
#include "instants/stamp.h"
#include "text/json.h"

static void add_text(struct draft *draft, const char *name, struct text value, bool is_prose,
                     bool lines)
{
    struct draft plain = {0};
    draft_add(&plain, "");
    if (is_prose) {
        draft_add_prose(&plain, value, lines);
    } else {
        draft_add_clean(&plain, value.at, value.len, lines);
    }
    draft->is_short_of_memory = draft->is_short_of_memory || plain.is_short_of_memory;
    if (!plain.is_short_of_memory) {
        json_text_of(draft, name, (struct text){plain.at, plain.len});
    }
    draft_free(&plain);
}

static void add_stamp(struct draft *draft, const char *name, const struct feed_source *source,
                      instant at)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write(leap_to_utc(source->leap, at, NULL), stamp);
    json_text(draft, name, stamp);
}

static void add_date(struct draft *draft, const char *name, struct civil_date date)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write_date(date, stamp);
    json_text(draft, name, stamp);
}

/* "title": ..., and by tag "titles": {...}. */
static void add_prose(struct draft *draft, const char *name, const char *names,
                      const struct record_prose *prose, size_t count, bool lines)
{
    if (count == 0) {
        return;
    }
    add_text(draft, name, prose[0].value, true, lines);
    if (count > 1) {
        json_open(draft, names, '{');
        for (size_t i = 1; i < count; i++) {
            char tag[FEED_LANGUAGE_SIZE];
            snprintf(tag, sizeof tag, "%.*s", (int)prose[i].tag.len, prose[i].tag.at);
            add_text(draft, tag, prose[i].value, true, lines);
        }
        json_close(draft, '}');
    }
}

/* The fields of each kind are those of events.schema.json.  No reader's clock is known here, so a
 * wave is told as date and hour, for the reader to resolve.  Like DTEND (RFC 5545 3.6.1) end_date
 * is the day after the last. */
static void add_when(struct draft *draft, const struct feed_source *source,
                     const struct feed_item *of)
{
    const struct record_window *times = of->times;
    instant end;
    char time[40];
    switch (times->wave) {
    case WAVE_CLOCK:
        json_text(draft, "kind", "wave");
        add_date(draft, "date", of->date);
        snprintf(time, sizeof time, "%02d:%02d:%02d", times->wave_time.hour,
                 times->wave_time.minute, times->wave_time.second);
        json_text(draft, "time", time);
        break;
    case WAVE_DAY: {
        int32_t days = (int32_t)((times->duration.ns + NS_PER_DAY - 1) / NS_PER_DAY);
        json_text(draft, "kind", "days");
        add_date(draft, "date", of->date);
        add_date(draft, "end_date", civil_from_day_number(civil_day_number(of->date) + days));
        break;
    }
    case WAVE_PLACE:
    case WAVE_NONE:
    default:
        if (!instant_add(of->start, times->duration, &end)) {
            end = of->start;
        }
        json_text(draft, "kind", times->wave == WAVE_PLACE ? "place" : "moment");
        add_stamp(draft, "start", source, of->start);
        add_stamp(draft, "end", source, end);
        break;
    }
    if (of->place.len > 0) {
        add_text(draft, "place", of->place, false, false);
    }
    json_number(draft, "for_s", times->duration.ns / NS_PER_S);
    if (times->has_rest) {
        json_number(draft, "rest_s", times->rest.ns / NS_PER_S);
    }
}

static void add_event(struct draft *draft, const struct feed_source *source,
                      const struct feed_item *of)
{
    const struct record_window *window = &of->record->is.window;
    char uid[RECORD_UID_TEXT_SIZE];
    char record[RECORD_ID_TEXT_SIZE];
    record_uid_write(&of->in->uid, uid);
    record_id_write(&of->record->id, record);
    json_open(draft, NULL, '{');
    json_text(draft, "uid", uid);
    json_text_of(draft, "key", of->key);
    json_text(draft, "record", record);
    json_text(draft, "status", of->status == FEED_CANCELLED ? "cancelled" : "confirmed");
    if (of->is_disputed) {
        json_flag(draft, "disputed", true);
    }
    add_when(draft, source, of);
    add_prose(draft, "title", "titles", window->title, window->title_count, false);
    add_prose(draft, "about", "abouts", window->about, window->about_count, true);
    add_text(draft, "gesture", window->gesture, false, false);
    json_text(draft, "tone", record_tone_name(window->tone));
    if (window->url.len > 0) {
        add_text(draft, "url", window->url, false, false);
    }
    json_number(draft, "sequence", of->revision.sequence);
    add_stamp(draft, "changed", source, of->revision.changed);
    json_close(draft, '}');
}

/* From the horizon's beginning to its end, as the feeds have it. */
static bool is_within(const struct feed_source *source, const struct feed_item *of)
{
    return instant_compare(of->start, source->horizon.to) < 0 &&
           instant_compare(of->start, source->horizon.from) >= 0;
}

char *machine_json(struct feed_book *book, const struct view_root *root)
{
    const struct feed_source *source = book->source;
    struct draft draft = {0};
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&root->id, id);
    json_open(&draft, NULL, '{');
    json_number(&draft, "version", 1);
    json_text(&draft, "root", id);
    add_text(&draft, "name", root->newest->is.root.name, false, false);
    json_open(&draft, "events", '[');
    bool is_first = true;
    for (size_t i = 0; i < book->items.count; i++) {
        const struct feed_item *of = &book->items.list[i];
        if (of->status == FEED_TENTATIVE || !record_id_equal(&of->in->root, &root->id) ||
            !is_within(source, of)) {
            continue;
        }
        draft_add(&draft, is_first ? "\n" : ",\n");
        add_event(&draft, source, of);
        is_first = false;
    }
    draft_add(&draft, "]}\n");
    return draft_take(&draft);
}
