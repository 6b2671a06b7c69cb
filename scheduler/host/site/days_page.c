#include "site/days_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/memory_words.h"
#include "feeds/words.h"
#include "instants/stamp.h"
#include "site/addresses.h"
#include "site/page.h"
#include "site/parts.h"

static bool is_first(const char *language)
{
    return strcmp(language, memory_language(0)) == 0;
}

void days_page_path(const char *language, char out[static SITE_PATH_SIZE])
{
    page_path(is_first(language) ? "" : language, "index.html", out);
}

static void set_languages(struct days_page *page)
{
    pages_set(page->values, "has_languages", "1");
    pages_set(page->values, "own_name", interface_own_name(page->language));
    for (size_t i = 0; memory_language(i) != NULL; i++) {
        struct pages_values *one = pages_add(page->values, "language");
        char path[SITE_PATH_SIZE];
        days_page_path(memory_language(i), path);
        pages_set(one, "file", path);
        pages_set(one, "tag", memory_language(i));
        pages_set(one, "label", interface_own_name(memory_language(i)));
        pages_set(one, "current", strcmp(memory_language(i), page->language) == 0 ? "1" : "");
    }
}

/* The feed of all days, for every kind of calendar. */
static void set_subscribe(struct days_page *page)
{
    const struct memory_words *say = memory_words_for(page->language);
    const char *url = page->memory->source.url;
    char feed[SITE_PATH_SIZE];
    snprintf(feed, sizeof feed, "%s/all.ics", page->language);
    pages_set(page->values, "subscribe_word", say->subscribe);
    addresses_set_all(page->values, url, page->top, feed);
    struct pages_values *alternate = pages_add(page->values, "alternate");
    pages_set(alternate, "feed", feed);
    pages_set(alternate, "feed_title", say->title);
    if (url != NULL) {
        char address[ADDRESS_SIZE];
        addresses_write(url, feed, address);
        page_set_code(page->values, address);
    }
}

bool days_page_init(struct days_page *out, const struct memory *memory, const char *language)
{
    const struct memory_words *say = memory_words_for(language);
    *out = (struct days_page){.memory = memory,
                              .language = language,
                              .top = is_first(language) ? "" : "../",
                              .values = pages_new(language)};
    if (out->values == NULL) {
        return false;
    }
    /* the words around the days are in more languages than those of other pages */
    pages_set(out->values, "lang", language);
    pages_set(out->values, "dir", interface_is_right_to_left(language) ? "rtl" : "");
    pages_set(out->values, "top", out->top);
    pages_set(out->values, "name", say->title);
    pages_set(out->values, "title", say->title);
    pages_set(out->values, "note", say->note);
    pages_set(out->values, "all_days", say->all);
    pages_set(out->values, "since_word", say->since);
    pages_set(out->values, "sources_word", say->sources);
    if (memory->source.url != NULL) {
        char path[SITE_PATH_SIZE];
        days_page_path(language, path);
        pages_set(out->values, "site", memory->source.url);
        pages_print(out->values, "url", "%s%s", memory->source.url, path);
    }
    set_languages(out);
    set_subscribe(out);
    return true;
}

struct pages_values *days_page_add_group(struct days_page *page, const char *heading)
{
    struct pages_values *group = pages_add(page->values, "group");
    pages_set(group, "heading", heading);
    return group;
}

void days_page_add_feed(struct days_page *page, struct pages_values *group, const char *path,
                        const char *label, const char *language, size_t count)
{
    struct pages_values *feed = pages_add(group, "feed");
    addresses_set(feed, "address", page->memory->source.url, page->top, path);
    pages_set(feed, "label", label);
    pages_set(feed, "label_lang", language);
    pages_set(feed, "count", "");
    if (count > 0) {
        pages_print(feed, "count", "%zu", count);
    }
}

/* --- days ------------------------------------------------------------------------------------ */

static void add_part(struct pages_values *in, const char *word, struct text text, bool is_dispute)
{
    if (text.len > 0) {
        struct pages_values *part = pages_add(in, "part");
        pages_set(part, "part_word", word);
        pages_set_text(part, "part_text", text);
        pages_set(part, "is_dispute", is_dispute ? "1" : "");
    }
}

/* Where a source is, as pieces: what is an address is a link. */
static void add_pieces(struct pages_values *in, struct text where)
{
    while (where.len > 0) {
        size_t len = 0;
        bool is_link = false;
        for (; len < where.len && !is_link; len += is_link ? 0 : 1) {
            is_link = text_is_web((struct text){where.at + len, where.len - len});
        }
        struct pages_values *piece = pages_add(in, "piece");
        pages_set_text(piece, "plain", (struct text){where.at, len});
        pages_set(piece, "link", "");
        where = (struct text){where.at + len, where.len - len};
        if (is_link) {
            const char *space = memchr(where.at, ' ', where.len);
            len = space != NULL ? (size_t)(space - where.at) : where.len;
            piece = pages_add(in, "piece");
            pages_set(piece, "plain", "");
            pages_set_text(piece, "link", (struct text){where.at, len});
            where = (struct text){where.at + len, where.len - len};
        }
    }
}

static void set_date(struct pages_values *in, const struct days_page *page, struct civil_date date)
{
    char at[STAMP_TEXT_SIZE];
    enum interface_language language = interface_find(page->language);
    stamp_write_date(date, at);
    pages_set(in, "at", at);
    pages_print(in, "day", "%d", date.day);
    if (language < INTERFACE_LANGUAGES) {
        pages_print(in, "month", "%s %d", interface_calendar(language)->month_short[date.month - 1],
                    (int)date.year);
    } else {
        pages_print(in, "month", "%d. %d", date.month, (int)date.year);
    }
}

/* Templates look for a name outwards, too (pages.h), so what a day has must not be called "name",
 * "lang" or "title", as the page has it.  A first year that nobody knows is a question mark: left
 * out it would look forgotten. */
static void add_day(struct days_page *page, const struct memory_day *day)
{
    const struct memory_words *say = memory_words_for(page->language);
    const struct dates_entry *entry = day->of;
    struct pages_values *in = pages_add(page->values, "date");
    struct dates_name name;
    (void)memory_name(entry, page->language, &name);
    set_date(in, page, day->date);
    pages_set_text(in, "id", entry->id);
    pages_set_text(in, "day_name", name.value);
    pages_set_text(in, "name_lang", name.tag);
    pages_set(in, "tone", feed_words_for(page->language)->tone[entry->tone]);
    pages_set_text(in, "english", entry->name);
    for (size_t i = 0; i < entry->other_count; i++) {
        struct pages_values *other = pages_add(in, "other");
        pages_set_text(other, "other_lang", entry->other[i].tag);
        pages_set_text(other, "other_name", entry->other[i].value);
    }
    pages_set_text(in, "place", entry->place);
    pages_set(in, "since", "?");
    if (entry->since > 0) {
        pages_print(in, "since", "%d", (int)entry->since);
    }
    pages_set_text(in, "what", entry->what);
    add_part(in, say->kept, entry->kept, false);
    add_part(in, say->also, entry->also, false);
    add_part(in, say->disputed, entry->dispute, true);
    for (size_t i = 0; i < entry->source_count; i++) {
        struct pages_values *source = pages_add(in, "source");
        pages_set(source, "source_kind", memory_source_kind(page->language, entry->source[i].kind));
        pages_set_text(source, "says", entry->source[i].says);
        add_pieces(source, entry->source[i].where);
    }
}

static int by_date(const void *left, const void *right)
{
    const struct memory_day *const *a = left;
    const struct memory_day *const *b = right;
    int order = civil_date_compare((*a)->date, (*b)->date);
    return order != 0 ? order : (*a > *b) - (*a < *b); /* of one array, by id */
}

/* Every entry once, the next one first.  False: no memory. */
static bool add_days(struct days_page *page)
{
    const struct memory *memory = page->memory;
    size_t count = 0;
    const struct memory_day **next = calloc(memory->source.entry_count + 1, sizeof *next);
    if (next == NULL) {
        return false;
    }
    for (size_t i = 0; i < memory->source.entry_count; i++) {
        const struct memory_day *day = memory_next(memory, &memory->source.entry[i]);
        if (day != NULL) {
            next[count++] = day;
        }
    }
    qsort(next, count, sizeof *next, by_date);
    for (size_t i = 0; i < count; i++) {
        add_day(page, next[i]);
    }
    free(next);
    return true;
}

char *days_page_end(struct days_page *page)
{
    char *text = add_days(page) ? pages_write(page->values, "days.html") : NULL;
    pages_free(page->values);
    *page = (struct days_page){0};
    return text;
}
