#include "feeds/book.h"

#include <stdlib.h>
#include <string.h>

#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "feeds/rule_said.h"
#include "list/index.h"
#include "list/list.h"
#include "text/draft.h"

/* What decides every word of an event besides its item and the language. */
struct look {
    const struct feed_item *of;
    bool is_rest, is_date, is_utc, has_alarms;
    int64_t start;
    int32_t shift_s, end_shift_s;
};

struct slot {
    struct look look;
    struct feed_rendered text; /* owned; bytes NULL: free */
};

enum { RULES_KEPT = 256 };

struct feed_page {
    char language[FEED_LANGUAGE_SIZE];
    struct {
        const struct record *of;
        char *said;     /* owned */
    } rule[RULES_KEPT]; /* by the record's id: as many rules as a feed may hold at once */
    struct slot **slot; /* owned: open addressing, each slot of its own so that texts stay put */
    size_t room, used;
};

/* Hashes of words that were read back: as written, with what they mean. */
struct feed_words_read {
    struct record_id *hash; /* owned */
    size_t count, room;
    struct list_index by_hash;
};

struct feed_book *feed_book_new(const struct feed_source *source)
{
    struct feed_book *book = calloc(1, sizeof *book);
    struct feed_source *kept = malloc(sizeof *kept);
    if (book == NULL || kept == NULL) {
        free(book);
        free(kept);
        return NULL;
    }
    *kept = *source;
    book->source = kept;
    book->words = calloc(1, sizeof *book->words);
    if (book->words == NULL || !feed_tallies_build(source, &book->tallies) ||
        !feed_items_build(source, &book->tallies, &book->items)) {
        feed_book_free(book);
        return NULL;
    }
    return book;
}

static void page_free(struct feed_page *page)
{
    if (page == NULL) {
        return;
    }
    for (size_t i = 0; i < page->room; i++) {
        if (page->slot[i] != NULL) {
            free((char *)(uintptr_t)page->slot[i]->text.bytes);
            free(page->slot[i]);
        }
    }
    for (size_t i = 0; i < RULES_KEPT; i++) {
        free(page->rule[i].said);
    }
    free(page->slot);
    free(page);
}

void feed_book_free(struct feed_book *book)
{
    if (book == NULL) {
        return;
    }
    page_free(book->page);
    if (book->words != NULL) {
        free(book->words->hash);
        list_index_free(&book->words->by_hash);
    }
    free(book->words);
    feed_items_free(&book->items);
    feed_tallies_free(&book->tallies);
    free((struct feed_source *)(uintptr_t)book->source);
    free(book);
}

static bool turn_to(struct feed_book *book, const char *language)
{
    if (book->page != NULL && strcmp(book->page->language, language) == 0) {
        return true;
    }
    page_free(book->page);
    book->page = calloc(1, sizeof *book->page);
    if (book->page == NULL || strlen(language) >= sizeof book->page->language) {
        return false;
    }
    strcpy(book->page->language, language);
    return true;
}

static bool is_same(const struct look *a, const struct look *b)
{
    return a->of == b->of && a->is_rest == b->is_rest && a->is_date == b->is_date &&
           a->is_utc == b->is_utc && a->has_alarms == b->has_alarms && a->start == b->start &&
           a->shift_s == b->shift_s && a->end_shift_s == b->end_shift_s;
}

static size_t hash_of(const struct look *look)
{
    uint64_t z = (uint64_t)(uintptr_t)look->of ^ (uint64_t)look->start * 0x9E3779B97F4A7C15u ^
                 (uint64_t)(uint32_t)look->shift_s << 20 ^ (look->is_rest ? 1u : 0u) ^
                 (look->is_utc ? 2u : 0u) ^ (look->has_alarms ? 4u : 0u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u; /* splitmix64 (Steele, Lea, Flood 2014) */
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)(z ^ (z >> 31));
}

static struct slot **find(struct slot **slot, size_t room, const struct look *look)
{
    size_t i = hash_of(look) & (room - 1);
    while (slot[i] != NULL && !is_same(&slot[i]->look, look)) {
        i = (i + 1) & (room - 1);
    }
    return &slot[i];
}

/* Keeps a quarter of the slots free. */
static bool make_room(struct feed_page *page)
{
    if (page->used * 4 < page->room * 3) {
        return true;
    }
    size_t room = page->room == 0 ? 256 : 2 * page->room;
    struct slot **grown = calloc(room, sizeof(struct slot *));
    if (grown == NULL) {
        return false;
    }
    for (size_t i = 0; i < page->room; i++) {
        if (page->slot[i] != NULL) {
            *find(grown, room, &page->slot[i]->look) = page->slot[i];
        }
    }
    free(page->slot);
    page->slot = grown;
    page->room = room;
    return true;
}

/* The hash of what an event says besides its numbers, and of what is written for it.  False for
 * want of memory. */
static bool hash_words(const struct feed_event *event, const char *words, struct record_id *out)
{
    const char *const said[] = {event->title, event->about,   event->place,
                                event->url,   event->gesture, event->language};
    struct draft draft = {0};
    draft_add(&draft, words);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        draft_add_bytes(&draft, "", 1);
        draft_add(&draft, said[i] != NULL ? said[i] : "\1");
    }
    draft_print(&draft, "%d %d %d", event->status, event->has_alarm, event->is_date);
    draft_add_bytes(&draft, event->record.bytes, sizeof event->record.bytes);
    bool done = !draft.is_short_of_memory;
    if (done) {
        record_id_of((const uint8_t *)draft.at, draft.len, out);
    }
    draft_free(&draft);
    return done;
}

static const uint8_t *hash_at(const void *list, size_t i)
{
    const struct record_id *hash = list;
    return hash[i].bytes;
}

/* Reads an event back: whole where its words are new, else its numbers. */
static enum feed_result check(struct feed_book *book, const char *bytes, size_t size,
                              size_t words_at, const struct feed_event *event,
                              char error[static FEED_ERROR_SIZE])
{
    struct record_id hash;
    struct feed_words_read *read = book->words;
    if (!hash_words(event, bytes + words_at, &hash) ||
        !LIST_ROOM(read->hash, read->count, read->room) ||
        !list_index_room(&read->by_hash, read->hash, read->count, hash_at)) {
        return FEED_NO_MEMORY;
    }
    uint32_t *known = list_index_find(&read->by_hash, read->hash, hash_at, hash.bytes);
    if (*known != 0) {
        return feed_check_numbers(bytes, words_at, event, error) ? FEED_OK : FEED_UNSOUND;
    }
    if (!feed_check_event(bytes, size, event, error)) {
        return FEED_UNSOUND;
    }
    read->hash[read->count++] = hash;
    *known = (uint32_t)read->count;
    return FEED_OK;
}

/* A gesture of every night tells its rule in no event: the feeds would weigh a seventh more
 * (tocsin-feeds(5) has the figure). */
enum { OFTEN = 100 };

/* The rule of a record in the page's language: to read and say it takes longer than all the rest
 * of an event.  NULL: no memory. */
static const char *rule_of(struct feed_page *page, const struct record *record)
{
    size_t i = record->id.bytes[0] % RULES_KEPT;
    if (page->rule[i].of != record) {
        free(page->rule[i].said);
        bool is_often = record->is.window.on_count + record->is.window.at_count > OFTEN;
        page->rule[i].said =
            is_often ? strdup("") : feed_rule_said(&record->is.window, page->language);
        page->rule[i].of = page->rule[i].said != NULL ? record : NULL;
    }
    return page->rule[i].said;
}

static enum feed_result render(struct feed_book *book, const struct feed_request *request,
                               const struct feed_entry *entry, struct feed_rendered *out,
                               char error[static FEED_ERROR_SIZE])
{
    struct feed_event event;
    const char *rule = rule_of(book->page, entry->of->record);
    if (rule == NULL || !feed_event_build(book->source, request, entry, rule, &event)) {
        return FEED_NO_MEMORY;
    }
    struct draft draft = {0};
    size_t words_at = feed_calendar_event(&draft, &event);
    size_t size = draft.len;
    char *bytes = draft_take(&draft);
    enum feed_result result =
        bytes == NULL ? FEED_NO_MEMORY : check(book, bytes, size, words_at, &event, error);
    feed_event_free(&event);
    if (result != FEED_OK) {
        free(bytes);
        return result;
    }
    *out = (struct feed_rendered){bytes, size};
    return FEED_OK;
}

enum feed_result feed_book_render(struct feed_book *book, const struct feed_request *request,
                                  const struct feed_entry *entry, const struct feed_rendered **out,
                                  char error[static FEED_ERROR_SIZE])
{
    if (!turn_to(book, request->language) || !make_room(book->page)) {
        return FEED_NO_MEMORY;
    }
    struct look look = {
        .of = entry->of,
        .is_rest = entry->is_rest,
        .is_date = entry->time.is_date,
        .is_utc = entry->time.is_utc,
        .has_alarms = request->has_alarms,
        .start = entry->time.exact_start.ns,
        .shift_s = entry->time.shift_s,
        .end_shift_s = entry->time.end_shift_s,
    };
    struct slot **slot = find(book->page->slot, book->page->room, &look);
    if (*slot == NULL) {
        struct slot *new = malloc(sizeof *new);
        if (new == NULL) {
            return FEED_NO_MEMORY;
        }
        new->look = look;
        enum feed_result result = render(book, request, entry, &new->text, error);
        if (result != FEED_OK) {
            free(new);
            return result;
        }
        *slot = new;
        book->page->used++;
    }
    *out = &(*slot)->text;
    return FEED_OK;
}
