/* atom.c -- the feed for readers of news (RFC 4287). */
#include <stdlib.h>
#include <string.h>

#include "feeds/book.h"
#include "feeds/machine.h"
#include "feeds/rule_said.h"
#include "instants/stamp.h"
#include "list/list.h"
#include "text/draft.h"

enum { ENTRIES_MAX = 100 };

static void add_xml(struct draft *draft, const char *text)
{
    draft_add_escaped(draft, text, strlen(text));
}

/* RFC 9562, version 8: the first bits of a BLAKE2b. */
static void add_id(struct draft *draft, const char *of)
{
    struct record_id hash;
    char hex[RECORD_ID_TEXT_SIZE];
    record_id_of((const uint8_t *)of, strlen(of), &hash);
    record_id_write(&hash, hex);
    draft_print(draft, "<id>urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%.12s</id>", hex, hex + 8, hex + 12,
                hex + 15, hex + 18);
}

static void add_updated(struct draft *draft, utc at)
{
    char stamp[STAMP_TEXT_SIZE];
    stamp_write((utc){at.ns - at.ns % NS_PER_S}, stamp);
    draft_print(draft, "<updated>%s</updated>", stamp);
}

/* "2027-08-02 08:25 UTC · A minute", "2027-04-25 20:00 · Candles", "2027-04-24 · Murals". */
static void add_title(struct draft *draft, const struct feed_entry *entry,
                      const struct feed_event *event)
{
    char date[STAMP_TEXT_SIZE];
    struct civil start = civil_from_utc(event->start);
    stamp_write_date(start.date, date);
    draft_print(draft, "<title>%s", date);
    if (!entry->time.is_date) {
        draft_print(draft, " %02d:%02d UTC · ", start.time.hour, start.time.minute);
    } else {
        draft_add(draft, entry->time.has_clock ? " " : " · ");
    }
    add_xml(draft, event->title);
    draft_add(draft, "</title>");
}

static bool add_entry(struct draft *draft, const struct feed_source *source,
                      const struct feed_request *request, const struct feed_entry *entry)
{
    struct feed_event event;
    char *rule = feed_rule_said(&entry->of->record->is.window, request->language);
    bool whole = rule != NULL && feed_event_build(source, request, entry, rule, &event);
    free(rule);
    if (!whole) {
        return false;
    }
    draft_add(draft, "<entry>");
    add_id(draft, event.uid);
    add_title(draft, entry, &event);
    add_updated(draft, event.changed);
    if (event.gesture != NULL) {
        draft_print(draft, "<category term=\"%s\"/>", event.gesture);
    }
    if (event.url != NULL) {
        draft_add(draft, "<link rel=\"alternate\" href=\"");
        add_xml(draft, event.url);
        draft_add(draft, "\"/>");
    }
    draft_add(draft, "<content type=\"text\">");
    add_xml(draft, event.about);
    draft_add(draft, "</content></entry>\n");
    feed_event_free(&event);
    return true;
}

/* The latest change first, then what comes first. */
static int by_change(const void *left, const void *right)
{
    const struct feed_entry *a = left;
    const struct feed_entry *b = right;
    int order = instant_compare(b->of->revision.changed, a->of->revision.changed);
    if (order == 0) {
        order = (a->time.start.ns > b->time.start.ns) - (a->time.start.ns < b->time.start.ns);
    }
    if (order == 0) {
        order = memcmp(a->of->in->uid.bytes, b->of->in->uid.bytes, RECORD_UID_SIZE);
    }
    return order != 0 ? order : (a->of > b->of) - (a->of < b->of);
}

/* The next of what is to come; rests are no news. */
static size_t keep_news(struct feed_entries *entries, utc now)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count && kept < ENTRIES_MAX; i++) {
        if (!entries->entry[i].is_rest && entries->entry[i].time.end.ns > now.ns) {
            entries->entry[kept++] = entries->entry[i];
        }
    }
    list_sort(entries->entry, kept, sizeof *entries->entry, by_change);
    return kept;
}

/* RFC 4287: an id stays when the feed moves (4.2.6), so it is made of root and language, not of the
 * address; an author here is that of all entries (4.2.1). */
static void add_head(struct draft *draft, const struct feed_request *request, const char *self,
                     utc updated)
{
    const struct view_root *root = request->root;
    char id[RECORD_ID_TEXT_SIZE + FEED_LANGUAGE_SIZE + 8] = "atom ";

    record_id_write(&root->id, id + 5);
    strcat(strcat(id, " "), request->language);
    struct draft name = {0};
    draft_add_clean(&name, root->newest->is.root.name.at, root->newest->is.root.name.len, false);
    draft_trim(&name, "-");
    draft_add(draft, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                     "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    add_id(draft, id);
    draft_add(draft, "<title>");
    add_xml(draft, name.at == NULL ? "" : name.at);
    draft_add(draft, "</title>");
    add_updated(draft, updated);
    draft_add(draft, "<author><name>");
    add_xml(draft, name.at == NULL ? "" : name.at);
    draft_add(draft, "</name></author>");
    if (self != NULL) {
        draft_add(draft, "<link rel=\"self\" href=\"");
        add_xml(draft, self);
        draft_add(draft, "\"/>");
    }
    draft_add(draft, "\n");
    draft->is_short_of_memory = draft->is_short_of_memory || name.is_short_of_memory;
    draft_free(&name);
}

char *machine_atom(struct feed_book *book, const struct feed_request *request, const char *self)
{
    const struct feed_source *source = book->source;
    struct feed_entries entries;
    if (!feed_entries_build(source, &book->items, request, &entries)) {
        return NULL;
    }
    size_t count = keep_news(&entries, leap_to_utc(source->leap, source->horizon.now, NULL));
    struct feed_revision root =
        feed_revision_of(&book->tallies, &request->root->id, NULL, source->horizon.now);
    instant updated = root.changed;
    if (count > 0 && instant_compare(entries.entry[0].of->revision.changed, updated) > 0) {
        updated = entries.entry[0].of->revision.changed;
    }
    struct draft draft = {0};
    add_head(&draft, request, self, leap_to_utc(source->leap, updated, NULL));
    for (size_t i = 0; i < count; i++) {
        draft.is_short_of_memory =
            !add_entry(&draft, source, request, &entries.entry[i]) || draft.is_short_of_memory;
    }
    draft_add(&draft, "</feed>\n");
    feed_entries_free(&entries);
    return draft_take(&draft);
}
