/* Any text as a file of the catalogue: read, checked, searched.
 * links: rules records words places zones sky instants */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/almanac.h"
#include "dates/dates.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const struct zone *find_zone(void *context, const char *name)
{
    return strlen(name) > 4 ? context : NULL;
}

static bool any(const char *text, size_t len)
{
    (void)text;
    return len % 7 != 6;
}

static bool is_inside(struct text text, const char *start, size_t size)
{
    return text.len == 0 || (text.at >= start && text.at + text.len <= start + size);
}

static void count(void *context, const char *file, const struct dates_error *error)
{
    size_t *faults = context;
    must(strcmp(file, "file") == 0 && error->line > 0 && error->column > 0);
    must(error->message[0] != '\0' && strchr(error->message, '\n') == NULL);
    ++*faults;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct zone *zone;
    static struct almanac *almanac;
    if (zone == NULL) {
        zone = zone_fixed("Test/Zone", 5400);
        almanac = almanac_new();
        must(zone != NULL && almanac != NULL);
    }
    const char *text = (const char *)bytes;
    struct dates_reader reader = {.left = {text, size}};
    struct dates_entry entry;
    struct dates_error error;
    enum dates_result result;
    size_t good = 0, bad = 0, last = 0;
    while ((result = dates_next(&reader, &entry, &error)) != DATES_END) {
        must(reader.line > last);
        last = reader.line;
        good += result == DATES_ENTRY;
        bad += result == DATES_BAD;
        if (result == DATES_BAD) {
            must(error.line > 0 && error.line <= reader.line && error.column > 0);
            must(error.message[0] != '\0');
            continue;
        }
        must(entry.source_count >= 2 && entry.continents != 0 && entry.tag_count > 0);
        must(is_inside(entry.id, text, size) && is_inside(entry.what, text, size));
        must(is_inside(dates_name_in(&entry, "pt-br"), text, size));
        static const char *const words[] = {"a", "\xd1\x81"};
        (void)dates_match(&(struct dates_query){.word = words, .word_count = 2}, &entry);
        (void)dates_match(&(struct dates_query){.tag = "x", .place = "asia", .language = "it"},
                          &entry);
    }
    must(reader.left.len == 0);

    struct rule_world world = {.zone_find = find_zone, .zones = zone, .almanac = almanac};
    static const struct dates_letters letters = {any, any};
    utc from = {INT64_C(1798761600) * NS_PER_S};
    size_t faults = 0;
    struct dates_check *check = dates_check_new(&world, &letters, from, count, &faults);
    must(check != NULL && dates_check_file(check, "file", text, size));
    struct dates_totals totals = dates_check_totals(check);
    must(totals.faults == faults && faults >= bad && totals.dates <= good);
    dates_check_free(check);
    return 0;
}
