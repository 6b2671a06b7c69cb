/* days.c -- the pages and feeds of the catalogue of days. */
#include "site/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/memory.h"
#include "feeds/memory_words.h"
#include "feeds/sky_feed.h"
#include "list/list.h"
#include "pages/look.h"
#include "site/days_page.h"
#include "site/parts.h"
#include "site/sign.h"
#include "text/draft.h"

enum { WORD_SIZE = 64 };

/* Tags, or languages: ascending, once each. */
struct words {
    char (*word)[WORD_SIZE]; /* owned */
    size_t count;
};

struct building {
    const struct site_days *days;
    struct memory memory;
    struct site *site;
    struct site_error *error;
    size_t signed_count;
    struct words tag, language;
};

static int by_word(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void keep_distinct(struct words *words)
{
    words->count = list_sort_distinct(words->word, words->count, sizeof *words->word, by_word);
}

static void add_word(struct words *words, struct text word)
{
    snprintf(words->word[words->count++], WORD_SIZE, "%.*s", (int)word.len, word.at);
}

/* All tags, and the languages of the names, each by its primary subtag. */
static bool collect(struct building *building)
{
    const struct site_days *days = building->days;
    size_t tags = 1, names = 1;
    for (size_t i = 0; i < days->entry_count; i++) {
        tags += days->entry[i].tag_count;
        names += days->entry[i].other_count;
    }
    building->tag.word = calloc(tags, sizeof *building->tag.word);
    building->language.word = calloc(names, sizeof *building->language.word);
    if (building->tag.word == NULL || building->language.word == NULL) {
        return false;
    }
    for (size_t i = 0; i < days->entry_count; i++) {
        const struct dates_entry *entry = &days->entry[i];
        for (size_t k = 0; k < entry->tag_count; k++) {
            add_word(&building->tag, entry->tag[k]);
        }
        for (size_t k = 0; k < entry->other_count; k++) {
            struct text tag = entry->other[k].tag;
            const char *dash = memchr(tag.at, '-', tag.len);
            tag.len = dash != NULL ? (size_t)(dash - tag.at) : tag.len;
            add_word(&building->language, tag);
        }
    }
    keep_distinct(&building->tag);
    keep_distinct(&building->language);
    return true;
}

static enum site_result publish(struct building *building, const char *path, uint8_t *bytes,
                                size_t size)
{
    enum site_result result = site_take(building->site, path, bytes, size, building->error);
    if (result != SITE_OK || building->days->key == NULL) {
        return result;
    }
    building->signed_count++;
    return sign_beside(building->site, path, building->site->content_count - 1, building->days->key,
                       building->error);
}

/* base.ics, and base-2029.ics where that is not enough. */
static enum site_result add_feed(struct building *building, const struct memory_request *request,
                                 const char *base)
{
    struct feed_list list;
    char why[FEED_ERROR_SIZE];
    enum feed_result written = memory_write(&building->memory, request, &list, why);
    if (written != FEED_OK) {
        return sign_no_feed(written, base, why, building->error);
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < list.count; i++) {
        char path[SITE_PATH_SIZE + FEED_NAME_SIZE];
        snprintf(path, sizeof path, "%s%s.ics", base, list.feed[i].name);
        result = publish(building, path, list.feed[i].bytes, list.feed[i].size);
        list.feed[i].bytes = NULL;
    }
    feed_list_free(&list);
    return result;
}

/* How many entries a feed has, and whether any has a name in its language. */
static size_t count_entries(const struct building *building, const struct memory_request *request,
                            bool *is_named)
{
    size_t count = 0;
    *is_named = false;
    for (size_t i = 0; i < building->days->entry_count; i++) {
        const struct dates_entry *entry = &building->days->entry[i];
        struct dates_name name;
        if (memory_has(request, entry)) {
            count++;
            *is_named = *is_named || memory_name(entry, request->language, &name);
        }
    }
    return count;
}

/* "it/tag/women.ics" where that has an Italian name in it; else there is "en/tag/women.ics" alone.
 * The page's link leads to whichever there is. */
static enum site_result add_choice(struct building *building, const struct memory_request *request,
                                   const char *kind, const char *word, const char *label,
                                   const char *label_language, struct days_page *page,
                                   struct pages_values *group)
{
    bool is_named;
    char base[SITE_PATH_SIZE - 4];
    char path[SITE_PATH_SIZE];
    size_t count = count_entries(building, request, &is_named);
    if (count == 0) {
        return SITE_OK;
    }
    snprintf(base, sizeof base, "%s/%s/%s", is_named ? request->language : "en", kind, word);
    snprintf(path, sizeof path, "%s.ics", base);
    days_page_add_feed(page, group, path, label, label_language, count);
    return is_named ? add_feed(building, request, base) : SITE_OK;
}

/* The calendar's name: "A calendar of memory · women". */
static const char *name_with(const char *language, const char *what,
                             char out[static FEED_ERROR_SIZE])
{
    snprintf(out, FEED_ERROR_SIZE, "%s · %s", memory_words_for(language)->title, what);
    return out;
}

struct subject {
    const char *tag, *label, *language; /* of the label: English where the tag has no words yet */
};

static int by_label(const void *left, const void *right)
{
    return strcmp(((const struct subject *)left)->label, ((const struct subject *)right)->label);
}

/* By label, since people look for a word of their own language; addresses have the tag, which all
 * languages share.  A tag that has no words yet is its own label, in English. */
static enum site_result add_tags(struct building *building, struct days_page *page)
{
    const char *language = page->language;
    struct pages_values *group = days_page_add_group(page, memory_words_for(language)->by_subject);
    size_t count = building->tag.count;
    struct subject *subject = calloc(count + 1, sizeof *subject);
    if (subject == NULL) {
        return SITE_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const char *tag = building->tag.word[i];
        const char *label = memory_subject(language, tag);
        subject[i] =
            (struct subject){tag, label != NULL ? label : tag, label != NULL ? language : "en"};
    }
    qsort(subject, count, sizeof *subject, by_label);
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        char name[FEED_ERROR_SIZE];
        const char *tag = subject[i].tag;
        struct memory_request request = {.language = language,
                                         .name = name_with(language, subject[i].label, name),
                                         .tag = text_of(tag)};
        result = add_choice(building, &request, "tag", tag, subject[i].label, subject[i].language,
                            page, group);
    }
    free(subject);
    return result;
}

static enum site_result add_continents(struct building *building, struct days_page *page)
{
    const char *language = page->language;
    struct pages_values *group =
        days_page_add_group(page, memory_words_for(language)->by_continent);
    enum site_result result = SITE_OK;
    for (int i = 0; result == SITE_OK && i < DATES_CONTINENTS; i++) {
        char name[FEED_ERROR_SIZE];
        const char *label = memory_words_for(language)->continent[i];
        struct memory_request request = {
            .language = language, .name = name_with(language, label, name), .continents = 1U << i};
        result =
            add_choice(building, &request, "continent",
                       dates_continent_name((enum dates_continent)i), label, language, page, group);
    }
    return result;
}

/* "it/named.ics": the days that have a name in a language. */
static enum site_result add_named(struct building *building)
{
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < building->language.count; i++) {
        char name[FEED_ERROR_SIZE];
        char base[SITE_PATH_SIZE];
        const char *language = building->language.word[i];
        const char *own = interface_own_name(language);
        struct memory_request request = {
            .language = language,
            .name = name_with(language, own != NULL ? own : language, name),
            .is_named = true};
        snprintf(base, sizeof base, "%s/named", language);
        result = add_feed(building, &request, base);
    }
    return result;
}

static void link_named(const struct building *building, struct days_page *page)
{
    struct pages_values *group =
        days_page_add_group(page, memory_words_for(page->language)->by_language);
    for (size_t i = 0; i < building->language.count; i++) {
        const char *language = building->language.word[i];
        const char *own = interface_own_name(language);
        struct memory_request request = {.language = language, .is_named = true};
        bool is_named;
        char path[SITE_PATH_SIZE];
        snprintf(path, sizeof path, "%s/named.ics", language);
        days_page_add_feed(page, group, path, own != NULL ? own : language, language,
                           count_entries(building, &request, &is_named));
    }
}

static enum site_result add_sky(struct building *building, struct days_page *page)
{
    const char *language = page->language;
    struct pages_values *group = days_page_add_group(page, sky_feed_name(language, SKY_FEED_WHOLE));
    static const char *const file[] = {[SKY_FEED_MOONS] = "moons",
                                       [SKY_FEED_SEASONS] = "seasons",
                                       [SKY_FEED_ECLIPSES] = "eclipses"};
    const struct memory_months *months = &building->memory.months;
    struct feed_source source = {.leap = building->days->leap};
    source.horizon.from = leap_from_utc(source.leap, months->from, NULL);
    source.horizon.to = leap_from_utc(source.leap, months->to, NULL);
    enum site_result result = SITE_OK;
    for (enum sky_feed_part part = SKY_FEED_MOONS; result == SITE_OK && part < SKY_FEED_WHOLE;
         part++) {
        struct feed sky = {.name = ""};
        char why[FEED_ERROR_SIZE];
        char path[SITE_PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s.ics", language, file[part]);
        enum feed_result written = sky_feed_write(&source, language, part, &sky, why);
        result = written == FEED_OK ? publish(building, path, sky.bytes, sky.size)
                                    : sign_no_feed(written, path, why, building->error);
        days_page_add_feed(page, group, path, sky_feed_name(language, part), language, 0);
    }
    return result;
}

/* Feeds and page of a language that has words. */
static enum site_result add_language(struct building *building, const char *language)
{
    struct days_page page;
    char path[SITE_PATH_SIZE];
    struct memory_request request = {.language = language,
                                     .name = memory_words_for(language)->title};
    if (!days_page_init(&page, &building->memory, language)) {
        return SITE_NO_MEMORY;
    }
    snprintf(path, sizeof path, "%s/all", language);
    enum site_result result = add_feed(building, &request, path);
    result = result == SITE_OK ? add_tags(building, &page) : result;
    result = result == SITE_OK ? add_continents(building, &page) : result;
    result = result == SITE_OK ? add_sky(building, &page) : result;
    link_named(building, &page);
    char *text = days_page_end(&page);
    if (result == SITE_OK) {
        days_page_path(language, path);
        return site_take_text(building->site, path, text, building->error);
    }
    free(text);
    return result;
}

/* Whoever keeps an address keeps a feed, if one without days. */
static enum site_result keep_addresses(struct building *building)
{
    const struct site_days *days = building->days;
    const char **missing;
    size_t count;
    if (!site_missing(building->site, days->keep, days->keep_count, &missing, &count)) {
        return SITE_NO_MEMORY;
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        size_t len = strlen(missing[i]);
        if (len < 4 || strcmp(missing[i] + len - 4, ".ics") != 0) {
            continue;
        }
        char language[FEED_LANGUAGE_SIZE];
        char base[SITE_PATH_SIZE];
        snprintf(language, sizeof language, "%.*s", (int)strcspn(missing[i], "/"), missing[i]);
        snprintf(base, sizeof base, "%.*s", (int)len - 4, missing[i]);
        struct memory_request request = {
            .language = language, .name = memory_words_for(language)->title, .is_empty = true};
        result = add_feed(building, &request, base);
    }
    free(missing);
    return result;
}

static enum site_result take_looks(struct building *building)
{
    static const char *const file[] = {"icon.svg", "icon.png", "card.png"};
    struct draft style = {0};
    draft_print(&style, "%s%s", look_text("style.css"), look_text("days.css"));
    enum site_result result =
        site_take_text(building->site, "style.css", draft_take(&style), building->error);
    for (size_t i = 0; result == SITE_OK && i < sizeof file / sizeof *file; i++) {
        result = page_take_look(building->site, file[i], building->error);
    }
    return result;
}

enum site_result site_build_days(const struct site_days *days, struct site *site,
                                 size_t *signed_count, struct site_error *error)
{
    struct building building = {.days = days, .site = site, .error = error};
    struct memory_source source = {.entry = days->entry,
                                   .entry_count = days->entry_count,
                                   .rules = days->rules,
                                   .now = days->now,
                                   .url = days->url};
    char why[FEED_ERROR_SIZE];
    snprintf(error->message, sizeof error->message, "out of memory");
    enum feed_result opened = memory_open(&source, &building.memory, why);
    if (opened != FEED_OK) {
        return sign_no_feed(opened, "calendars", why, error);
    }
    enum site_result result = collect(&building) ? SITE_OK : SITE_NO_MEMORY;
    for (size_t i = 0; result == SITE_OK && memory_language(i) != NULL; i++) {
        result = add_language(&building, memory_language(i));
    }
    result = result == SITE_OK ? add_named(&building) : result;
    result = result == SITE_OK ? take_looks(&building) : result;
    result = result == SITE_OK ? keep_addresses(&building) : result;
    site->modified = building.memory.months.changed;
    *signed_count = building.signed_count;
    free(building.tag.word);
    free(building.language.word);
    memory_close(&building.memory);
    return result;
}
