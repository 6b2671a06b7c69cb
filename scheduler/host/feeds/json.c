#include "feeds/book.h"
#include "feeds/machine.h"
#include "feeds/prose.h"
#include "instants/stamp.h"
#include "text/draft.h"

static void add_string(struct draft *draft, const char *text, size_t len)
{
    char room[8];
    draft_add(draft, "\"");
    for (size_t i = 0; i < len; i++) {
        draft_add(draft, text_json(text[i], room));
    }
    draft_add(draft, "\"");
}

static void add_text(struct draft *draft, struct text value, bool is_prose, bool lines)
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
        add_string(draft, plain.at, plain.len);
    }
    draft_free(&plain);
}

static void add_stamp(struct draft *draft, const char *name, const struct feed_source *source,
                      instant at)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write(leap_to_utc(source->leap, at, NULL), stamp);
    draft_print(draft, ",\"%s\":\"%s\"", name, stamp);
}

static void add_date(struct draft *draft, const char *name, struct civil_date date)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write_date(date, stamp);
    draft_print(draft, ",\"%s\":\"%s\"", name, stamp);
}

/* "title": ..., and by tag "titles": {...}. */
static void add_prose(struct draft *draft, const char *name, const struct record_prose *prose,
                      size_t count, bool lines)
{
    if (count == 0) {
        return;
    }
    draft_print(draft, ",\"%s\":", name);
    add_text(draft, prose[0].value, true, lines);
    if (count > 1) {
        draft_print(draft, ",\"%ss\":{", name);
        for (size_t i = 1; i < count; i++) {
            draft_add(draft, i > 1 ? "," : "");
            add_text(draft, prose[i].tag, false, false);
            draft_add(draft, ":");
            add_text(draft, prose[i].value, true, lines);
        }
        draft_add(draft, "}");
    }
}

static void add_when(struct draft *draft, const struct feed_source *source,
                     const struct feed_item *of)
{
    const struct record_window *times = of->times;
    instant end;
    switch (times->wave) {
    case WAVE_CLOCK:
        draft_add(draft, ",\"kind\":\"wave\"");
        add_date(draft, "date", of->date);
        draft_print(draft, ",\"time\":\"%02d:%02d:%02d\"", times->wave_time.hour,
                    times->wave_time.minute, times->wave_time.second);
        break;
    case WAVE_DAY: {
        int32_t days = (int32_t)((times->duration.ns + NS_PER_DAY - 1) / NS_PER_DAY);
        draft_add(draft, ",\"kind\":\"days\"");
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
        draft_print(draft, ",\"kind\":\"%s\"", times->wave == WAVE_PLACE ? "place" : "moment");
        add_stamp(draft, "start", source, of->start);
        add_stamp(draft, "end", source, end);
        break;
    }
    if (of->place.len > 0) {
        draft_add(draft, ",\"place\":");
        add_text(draft, of->place, false, false);
    }
    draft_print(draft, ",\"for_s\":%lld", (long long)(times->duration.ns / NS_PER_S));
    if (times->has_rest) {
        draft_print(draft, ",\"rest_s\":%lld", (long long)(times->rest.ns / NS_PER_S));
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
    draft_print(draft, "{\"uid\":\"%s\",\"key\":\"%.*s\",\"record\":\"%s\",\"status\":\"%s\"", uid,
                (int)of->key.len, of->key.at, record,
                of->status == FEED_CANCELLED ? "cancelled" : "confirmed");
    draft_add(draft, of->is_disputed ? ",\"disputed\":true" : "");
    add_when(draft, source, of);
    add_prose(draft, "title", window->title, window->title_count, false);
    add_prose(draft, "about", window->about, window->about_count, true);
    draft_add(draft, ",\"gesture\":");
    add_text(draft, window->gesture, false, false);
    draft_print(draft, ",\"tone\":\"%s\"", record_tone_name(window->tone));
    if (window->url.len > 0) {
        draft_add(draft, ",\"url\":");
        add_text(draft, window->url, false, false);
    }
    draft_print(draft, ",\"sequence\":%u", of->revision.sequence);
    add_stamp(draft, "changed", source, of->revision.changed);
    draft_add(draft, "}");
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
    draft_print(&draft, "{\"version\":1,\"root\":\"%s\",\"name\":", id);
    add_text(&draft, root->newest->is.root.name, false, false);
    draft_add(&draft, ",\"events\":[");
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
