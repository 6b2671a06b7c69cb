#include "feeds/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "feeds/memory_words.h"
#include "feeds/split.h"
#include "feeds/words.h"
#include "lines/lines.h"
#include "list/list.h"

enum { YEARS_AHEAD = 3, FIRST_YEAR = 2026 };

/* The days rendered in one language, each where it stands among all of them. */
struct memory_told {
    char language[FEED_LANGUAGE_SIZE];
    struct draft text;
    size_t *from; /* owned: one more than there are days */
};

static utc month_start(int32_t months)
{
    struct civil_date first = {months / 12, months % 12 + 1, 1};
    return civil_to_utc((struct civil){first, {0}});
}

static struct memory_months months_at(utc now)
{
    struct civil_date date = civil_from_utc(now).date;
    int32_t month = date.year * 12 + date.month - 1;
    return (struct memory_months){
        .from = month_start(month - 1),
        .to = month_start(month + 12 * YEARS_AHEAD),
        .changed = month_start(month),
        .number = month > 12 * FIRST_YEAR ? (uint32_t)(month - 12 * FIRST_YEAR) : 0,
    };
}

/* --- days ------------------------------------------------------------------------------------ */

struct gathering {
    struct memory *memory;
    size_t room;
    const struct dates_entry *entry;
    bool is_date, has_clock;
    struct civil_time clock;
    bool is_short_of_memory;
};

static utc midnight(struct civil_date date)
{
    return civil_to_utc((struct civil){date, {0}});
}

static bool take_day(void *context, const struct rule_occurrence *occurrence)
{
    struct gathering *into = context;
    struct memory *memory = into->memory;
    if (!LIST_ROOM(memory->day, memory->day_count, into->room)) {
        into->is_short_of_memory = true;
        return false;
    }
    struct memory_day day = {.of = into->entry,
                             .date = occurrence->date,
                             .is_date = into->is_date,
                             .has_clock = into->has_clock,
                             .clock = into->clock};
    memcpy(day.key, occurrence->key, sizeof day.key);
    if (day.is_date) {
        day.start = midnight(occurrence->date);
        day.end.ns = day.start.ns + (occurrence->days > 1 ? occurrence->days : 1) * NS_PER_DAY;
    } else {
        day.start.ns = occurrence->start.ns - occurrence->start.ns % NS_PER_S;
        day.end.ns = occurrence->end.ns - occurrence->end.ns % NS_PER_S;
        if (day.end.ns < day.start.ns + 60 * NS_PER_S) {
            day.end.ns = day.start.ns + 60 * NS_PER_S;
        }
    }
    assert(memory->day != NULL);
    const struct memory_day *last =
        memory->day_count > 0 ? &memory->day[memory->day_count - 1] : NULL;
    bool is_there = last != NULL && last->of == day.of && strcmp(last->key, day.key) == 0;
    if (!is_there) { /* a wave by place is there for each of its places */
        memory->day[memory->day_count++] = day;
    }
    return true;
}

/* A rule that cannot be evaluated here refuses all feeds, lest a day stay away unnoticed.  Memory
 * is asked for before the result: an evaluation that its sink has stopped is RULE_OK. */
static enum feed_result gather(struct gathering *into, char error[static FEED_ERROR_SIZE])
{
    const struct memory *memory = into->memory;
    const struct text text = into->entry->rule;
    struct rule *rule;
    struct rule_error why = {0};
    enum rule_result result = lines_read(text.at, text.len, &rule, &why);
    if (result == RULE_OK) {
        span length;
        enum rule_shape shape = rule_shape(rule);
        into->is_date = shape != RULE_MOMENT || !rule_duration(rule, &length);
        into->has_clock = shape == RULE_WAVE_BY_CLOCK;
        rule_wave_clock(rule, &into->clock);
        result = rule_evaluate(rule, memory->source.rules, memory->months.from, memory->months.to,
                               take_day, into, &why);
        rule_free(rule);
    }
    if (result == RULE_NO_MEMORY || into->is_short_of_memory) {
        return FEED_NO_MEMORY;
    }
    if (result != RULE_OK) {
        snprintf(error, FEED_ERROR_SIZE, "%.*s: %.200s", (int)into->entry->id.len,
                 into->entry->id.at,
                 why.message[0] != '\0' ? why.message : "its rule cannot be evaluated here");
        return FEED_UNSOUND;
    }
    return FEED_OK;
}

static int by_start(const void *left, const void *right)
{
    const struct memory_day *a = left;
    const struct memory_day *b = right;
    if (a->start.ns != b->start.ns) {
        return a->start.ns < b->start.ns ? -1 : 1;
    }
    return text_compare(a->of->id, b->of->id);
}

enum feed_result memory_open(const struct memory_source *source, struct memory *out,
                             char error[static FEED_ERROR_SIZE])
{
    error[0] = '\0';
    *out = (struct memory){.source = *source, .months = months_at(source->now)};
    struct gathering into = {.memory = out};
    enum feed_result result = FEED_OK;
    for (size_t i = 0; result == FEED_OK && i < source->entry_count; i++) {
        into.entry = &source->entry[i];
        result = gather(&into, error);
    }
    if (result != FEED_OK) {
        memory_close(out);
        return result;
    }
    list_sort(out->day, out->day_count, sizeof *out->day, by_start);
    return FEED_OK;
}

static void told_free(struct memory_told *told)
{
    if (told != NULL) {
        draft_free(&told->text);
        free(told->from);
        free(told);
    }
}

void memory_close(struct memory *memory)
{
    told_free(memory->told);
    free(memory->day);
    *memory = (struct memory){0};
}

const struct memory_day *memory_next(const struct memory *memory, const struct dates_entry *entry)
{
    struct civil_date today = civil_from_utc(memory->source.now).date;
    for (size_t i = 0; i < memory->day_count; i++) {
        if (memory->day[i].of == entry && civil_date_compare(memory->day[i].date, today) >= 0) {
            return &memory->day[i];
        }
    }
    return NULL;
}

/* --- words ----------------------------------------------------------------------------------- */

bool memory_name(const struct dates_entry *entry, const char *language, struct dates_name *out)
{
    size_t len = strlen(language);
    for (size_t i = 0; i < entry->other_count; i++) {
        struct text tag = entry->other[i].tag;
        if (tag.len >= len && memcmp(tag.at, language, len) == 0 &&
            (tag.len == len || tag.at[len] == '-')) {
            *out = entry->other[i]; /* by tag: the wider one comes first */
            return true;
        }
    }
    *out = (struct dates_name){{"en", 2}, entry->name};
    return len == 2 && memcmp(language, "en", 2) == 0;
}

static void add_labelled(struct draft *draft, const char *label, struct text text)
{
    if (text.len > 0) {
        draft_print(draft, "\n\n%s: ", label);
        draft_add_clean(draft, text.at, text.len, false);
    }
}

static void add_about(struct draft *draft, const struct dates_entry *entry, const char *language)
{
    const struct memory_words *say = memory_words_for(language);
    struct dates_name name;
    if (memory_name(entry, language, &name) && !text_equal(name.value, entry->name)) {
        draft_add_clean(draft, entry->name.at, entry->name.len, false);
        draft_add(draft, " · ");
    }
    draft_add(draft, feed_words_for(language)->tone[entry->tone]);
    draft_add(draft, "\n\n");
    draft_add_clean(draft, entry->what.at, entry->what.len, false);
    add_labelled(draft, say->kept, entry->kept);
    add_labelled(draft, say->also, entry->also);
    add_labelled(draft, say->disputed, entry->dispute);
    draft_print(draft, "\n\n%s:", say->sources);
    for (size_t i = 0; i < entry->source_count; i++) {
        draft_add(draft, "\n");
        draft_add_clean(draft, entry->source[i].where.at, entry->source[i].where.len, false);
    }
}

/* The event of a day; what it points at is in title, about, place and url. */
static bool build_event(const struct memory *memory, const struct memory_day *day,
                        const char *language, struct feed_event *out)
{
    struct dates_name name;
    struct draft title = {0};
    struct draft about = {0};
    struct draft place = {0};
    struct draft url = {0};
    (void)memory_name(day->of, language, &name);
    if (day->has_clock) {
        draft_print(&title, "%02d:%02d · ", day->clock.hour, day->clock.minute);
    }
    draft_add_clean(&title, name.value.at, name.value.len, false);
    add_about(&about, day->of, language);
    draft_add_clean(&place, day->of->place.at, day->of->place.len, false);
    if (memory->source.url != NULL) {
        bool has_page = memory_speaks(language) && strcmp(language, "en") != 0;
        draft_print(&url, "%s%s%sindex.html#%.*s", memory->source.url, has_page ? language : "",
                    has_page ? "/" : "", (int)day->of->id.len, day->of->id.at);
    }
    *out = (struct feed_event){
        .is_of_sky = true,
        .is_date = day->is_date,
        .start = day->start,
        .end = day->end,
        .status = FEED_CONFIRMED,
        .sequence = memory->months.number,
        .changed = memory->months.changed,
        .title = draft_take(&title),
        .about = draft_take(&about),
        .place = draft_take(&place),
        .url = draft_take(&url),
        .gesture = strdup(record_tone_name(day->of->tone)),
    };
    snprintf(out->uid, sizeof out->uid, "%.*s.%s.dates", (int)day->of->id.len, day->of->id.at,
             day->key);
    snprintf(out->language, sizeof out->language, "%.*s", (int)name.tag.len, name.tag.at);
    bool done = out->title != NULL && out->about != NULL && out->place != NULL &&
                out->url != NULL && out->gesture != NULL;
    if (done && out->place[0] == '\0') {
        free(out->place);
        out->place = NULL;
    }
    if (done && out->url[0] == '\0') {
        free(out->url);
        out->url = NULL;
    }
    return done;
}

/* Renders one day at the draft's end and reads it back: its words once for every entry, whose other
 * days have the same.  words: where those stand; 0: nowhere yet. */
static enum feed_result tell_day(const struct memory *memory, struct memory_told *told,
                                 const struct memory_day *day, size_t *words,
                                 char error[static FEED_ERROR_SIZE])
{
    struct feed_event event;
    if (!build_event(memory, day, told->language, &event)) {
        feed_event_free(&event);
        return FEED_NO_MEMORY;
    }
    struct draft *draft = &told->text;
    size_t from = draft->len;
    size_t words_at = feed_calendar_event(draft, &event);
    enum feed_result result = FEED_NO_MEMORY;
    if (!draft->is_short_of_memory) {
        const char *own = draft->at + words_at;
        size_t len = draft->len - words_at;
        bool is_read = *words > 0 && memcmp(own, draft->at + *words, len) == 0;
        bool sound = is_read ? feed_check_numbers(draft->at + from, words_at - from, &event, error)
                             : feed_check_event(draft->at + from, draft->len - from, &event, error);
        result = sound ? FEED_OK : FEED_UNSOUND;
        *words = words_at;
    }
    feed_event_free(&event);
    return result;
}

/* All days in a language, unless they are told in it already. */
static enum feed_result tell(struct memory *memory, const char *language,
                             char error[static FEED_ERROR_SIZE])
{
    if (memory->told != NULL && strcmp(memory->told->language, language) == 0) {
        return FEED_OK;
    }
    told_free(memory->told);
    memory->told = NULL;
    struct memory_told *told = calloc(1, sizeof *told);
    size_t *words = calloc(memory->source.entry_count + 1, sizeof *words);
    enum feed_result result = FEED_NO_MEMORY;
    if (told != NULL && words != NULL) {
        snprintf(told->language, sizeof told->language, "%s", language);
        told->from = calloc(memory->day_count + 1, sizeof *told->from);
        result = told->from == NULL ? FEED_NO_MEMORY : FEED_OK;
    }
    for (size_t i = 0; result == FEED_OK && i < memory->day_count; i++) {
        const struct memory_day *day = &memory->day[i];
        result = tell_day(memory, told, day, &words[day->of - memory->source.entry], error);
        told->from[i + 1] = told->text.len;
    }
    feed_check_end();
    free(words);
    if (result != FEED_OK) {
        told_free(told);
        return result;
    }
    memory->told = told;
    return FEED_OK;
}

/* --- feeds ----------------------------------------------------------------------------------- */

bool memory_has(const struct memory_request *request, const struct dates_entry *entry)
{
    struct dates_name name;
    bool has_tag = request->tag.len == 0;
    for (size_t i = 0; !has_tag && i < entry->tag_count; i++) {
        has_tag = text_equal(entry->tag[i], request->tag);
    }
    return has_tag && !request->is_empty &&
           (request->continents == 0 || (entry->continents & request->continents) != 0) &&
           (!request->is_named || memory_name(entry, request->language, &name));
}

/* The one event of a feed that has no other: a whole day, on the first of the month. */
static enum feed_result write_nothing(const struct memory *memory, const char *open,
                                      const char *language, struct feed_list *out,
                                      char error[static FEED_ERROR_SIZE])
{
    struct feed_event event = {
        .uid = "nothing.dates",
        .is_of_sky = true,
        .is_date = true,
        .start = memory->months.changed,
        .end = {memory->months.changed.ns + NS_PER_DAY},
        .status = FEED_CONFIRMED,
        .sequence = memory->months.number,
        .changed = memory->months.changed,
        .title = strdup(feed_words_for(language)->nothing),
        .about = strdup("-"),
    };
    enum feed_result result = event.title != NULL && event.about != NULL
                                  ? feed_write_one(open, &event, out, error)
                                  : FEED_NO_MEMORY;
    feed_event_free(&event);
    return result;
}

static enum feed_result write_days(const struct memory *memory,
                                   const struct memory_request *request, const char *open,
                                   struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    struct feed_slot *slot = calloc(memory->day_count + 1, sizeof *slot);
    if (slot == NULL) {
        return FEED_NO_MEMORY;
    }
    size_t count = 0;
    const struct memory_told *told = memory->told;
    for (size_t i = 0; i < memory->day_count; i++) {
        const struct memory_day *day = &memory->day[i];
        if (memory_has(request, day->of)) {
            slot[count++] = (struct feed_slot){.start = day->start,
                                               .end = day->end,
                                               .series = day->of,
                                               .bytes = told->text.at + told->from[i],
                                               .size = told->from[i + 1] - told->from[i]};
        }
    }
    enum feed_result result =
        count == 0 ? write_nothing(memory, open, request->language, out, error)
                   : feed_split_write(slot, count, open, memory->months.changed, out);
    free(slot);
    return result;
}

enum feed_result memory_write(struct memory *memory, const struct memory_request *request,
                              struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    error[0] = '\0';
    *out = (struct feed_list){0};
    icalerror_set_errors_are_fatal(0);
    struct draft open = {0};
    feed_calendar_open_named(&open, request->name);
    enum feed_result result =
        open.is_short_of_memory ? FEED_NO_MEMORY : tell(memory, request->language, error);
    if (result == FEED_OK && !feed_check_around(open.at, FEED_CALENDAR_CLOSE, error)) {
        result = FEED_UNSOUND;
    }
    if (result == FEED_OK) {
        result = write_days(memory, request, open.at, out, error);
    }
    draft_free(&open);
    return result;
}
