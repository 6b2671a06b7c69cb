#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dates/dates.h"
#include "lines/lines.h"
#include "records/letters.h"
#include "text/text.h"

enum key {
    KEY_ID,
    KEY_NAME,
    KEY_RULE,
    KEY_SINCE,
    KEY_TONE,
    KEY_CONTINENT,
    KEY_PLACE,
    KEY_TAG,
    KEY_WHAT,
    KEY_KEPT,
    KEY_ALSO,
    KEY_DISPUTE,
    KEY_SOURCE,
    KEY_SAYS,
    KEYS,
};

/* In the order in which they stand; only says may be followed by one before it, source. */
static const struct {
    const char *word;
    bool is_needed, repeats;
} keys[KEYS] = {
    [KEY_ID] = {"id", true, false},        [KEY_NAME] = {"name", true, false},
    [KEY_RULE] = {"rule", true, false},    [KEY_SINCE] = {"since", true, false},
    [KEY_TONE] = {"tone", true, false},    [KEY_CONTINENT] = {"continent", true, true},
    [KEY_PLACE] = {"place", false, false}, [KEY_TAG] = {"tag", true, true},
    [KEY_WHAT] = {"what", true, false},    [KEY_KEPT] = {"kept", true, false},
    [KEY_ALSO] = {"also", false, false},   [KEY_DISPUTE] = {"dispute", false, false},
    [KEY_SOURCE] = {"source", true, true}, [KEY_SAYS] = {"says", true, true},
};

static const char *const source_kinds[DATES_SOURCE_KINDS] = {
    [DATES_STATUTE] = "statute",
    [DATES_UN] = "un",
    [DATES_ARCHIVE] = "archive",
    [DATES_COURT] = "court",
    [DATES_MUSEUM] = "museum",
    [DATES_SCHOLARLY] = "scholarly",
    [DATES_GOVERNMENT] = "government",
    [DATES_PRESS] = "press",
    [DATES_ENCYCLOPAEDIA] = "encyclopaedia",
    [DATES_REFERENCE] = "reference",
    [DATES_ORGANISATION] = "organisation",
};

static const char *const continents[DATES_CONTINENTS] = {
    [DATES_WORLD] = "world",
    [DATES_AFRICA] = "africa",
    [DATES_ASIA] = "asia",
    [DATES_EUROPE] = "europe",
    [DATES_NORTH_AMERICA] = "north-america",
    [DATES_SOUTH_AMERICA] = "south-america",
    [DATES_OCEANIA] = "oceania",
};

const char *dates_source_kind_name(enum dates_source_kind kind)
{
    return source_kinds[kind];
}

const char *dates_continent_name(enum dates_continent continent)
{
    return continents[continent];
}

struct block {
    struct dates_entry *entry;
    struct dates_error *error;
    size_t number;    /* of the line at hand */
    struct text line; /* it */
    enum key last;
    bool has[KEYS];
};

/* Tells a fault of the line at hand, at this byte of it.  Returns false. */
__attribute__((format(printf, 3, 4))) static bool refuse(struct block *block, const char *at,
                                                         const char *format, ...)
{
    block->error->line = block->number;
    block->error->column = 1 + text_characters(block->line.at, (size_t)(at - block->line.at));
    va_list rest;
    va_start(rest, format);
    vsnprintf(block->error->message, sizeof block->error->message, format, rest);
    va_end(rest);
    return false;
}

/* a-z, digits and hyphens, a letter first, no hyphen last. */
static bool is_name(struct text text)
{
    if (text.len == 0 || text.len > 48 || !text_is_lower(text.at[0])) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(text_is_lower(c) || text_is_digit(c) ||
              (c == '-' && i + 1 < text.len && text.at[i + 1] != '-'))) {
            return false;
        }
    }
    return true;
}

/* A line without its line feed; what is left begins after it. */
static struct text cut_line(struct text *left)
{
    const char *end = memchr(left->at, '\n', left->len);
    size_t len = end != NULL ? (size_t)(end - left->at) : left->len;
    struct text line = {left->at, len};
    left->at += len + (end != NULL);
    left->len -= len + (end != NULL);
    return line;
}

/* Who does not know the first year says so: a line that is only missing tells nobody why. */
static bool read_since(struct block *block, struct text value)
{
    int32_t year = 0;
    bool is_year = value.len == 4 && value.at[0] != '0';
    for (size_t i = 0; is_year && i < value.len; i++) {
        is_year = text_is_digit(value.at[i]);
        year = year * 10 + (value.at[i] - '0');
    }
    block->entry->since = is_year ? year : 0;
    return is_year || text_is(value, "not known") ||
           refuse(block, value.at, "since: a year of four digits, as in 1946, or \"not known\"");
}

static bool read_tone(struct block *block, struct text value)
{
    return record_tone_read(value, &block->entry->tone) ||
           refuse(block, value.at, "tone: mourning, vigil, celebration or reflection");
}

static bool read_continent(struct block *block, struct text value)
{
    for (int i = 0; i < DATES_CONTINENTS; i++) {
        if (text_is(value, continents[i])) {
            if (block->entry->continents & 1U << i) {
                return refuse(block, value.at, "%s stands here twice", continents[i]);
            }
            block->entry->continents |= 1U << i;
            return true;
        }
    }
    return refuse(block, value.at,
                  "continent: world, africa, asia, europe, north-america, south-america or "
                  "oceania");
}

static bool read_tag(struct block *block, struct text value)
{
    struct dates_entry *entry = block->entry;
    if (!is_name(value)) {
        return refuse(block, value.at, "tag: small letters, digits and hyphens, as in genocide");
    }
    for (size_t i = 0; i < entry->tag_count; i++) {
        if (text_equal(entry->tag[i], value)) {
            return refuse(block, value.at, "this tag stands here twice");
        }
    }
    if (entry->tag_count == DATES_TAGS_MAX) {
        return refuse(block, value.at, "a date has at most %d tags", DATES_TAGS_MAX);
    }
    entry->tag[entry->tag_count++] = value;
    return true;
}

/* "Dangriga, Belize (16.97,-88.23)": a name for people, and where that is if no gazetteer tells. */
static bool read_place(struct block *block, struct text value)
{
    struct dates_entry *entry = block->entry;
    const char *end = value.at + value.len;
    const char *open = memchr(value.at, '(', value.len);
    bool is_bare = text_is_digit(value.at[0]) || value.at[0] == '-';
    entry->place = entry->position = value;
    if (is_bare || (open != NULL &&
                    (end[-1] != ')' || open < value.at + 2 || open[-1] != ' ' || end - open < 3))) {
        return refuse(block, value.at,
                      "place: a name, and a position in parentheses behind it if it is one that "
                      "tocsin does not know: Dangriga, Belize (16.97,-88.23)");
    }
    if (open != NULL) {
        entry->place.len = (size_t)(open - 1 - value.at);
        entry->position = (struct text){open + 1, (size_t)(end - 1 - (open + 1))};
    }
    return true;
}

static bool read_rule(struct block *block, struct text value)
{
    struct rule *rule;
    struct rule_error why;
    block->entry->rule = value;
    block->entry->rule_line = block->number;
    enum rule_result result = lines_read(value.at, value.len, &rule, &why);
    if (result == RULE_OK) {
        rule_free(rule);
        return true;
    }
    refuse(block, value.at, "%s%s%s", why.message, *why.expected != '\0' ? "; expected " : "",
           why.expected);
    block->error->column += why.column > 0 ? why.column - 1 : 0;
    return false;
}

/* An address counts once, whatever is said of it: two lines of it would pass for the two sources
 * that judge_whole wants. */
static bool read_source(struct block *block, struct text value)
{
    struct dates_entry *entry = block->entry;
    const char *space = memchr(value.at, ' ', value.len);
    struct text kind = {value.at, space != NULL ? (size_t)(space - value.at) : value.len};
    int at = 0;
    while (at < DATES_SOURCE_KINDS && !text_is(kind, source_kinds[at])) {
        at++;
    }
    if (at == DATES_SOURCE_KINDS) {
        return refuse(block, value.at,
                      "source: first its kind: statute, un, archive, court, museum, scholarly, "
                      "government, press, encyclopaedia, reference or organisation");
    }
    if (space == NULL) {
        return refuse(block, value.at + value.len, "source: where? an address or exact reference");
    }
    struct text where = {space + 1, value.len - kind.len - 1};
    for (size_t i = 0; i < entry->source_count; i++) {
        if (text_equal(entry->source[i].where, where)) {
            return refuse(block, where.at, "this source stands here twice");
        }
    }
    if (entry->source_count == DATES_SOURCES_MAX) {
        return refuse(block, value.at, "a date has at most %d sources", DATES_SOURCES_MAX);
    }
    entry->source[entry->source_count++] =
        (struct dates_source){.kind = (enum dates_source_kind)at, .where = where};
    return true;
}

static bool read_other_name(struct block *block, struct text tag, struct text value)
{
    struct dates_entry *entry = block->entry;
    if (!is_name(tag) || text_is(tag, "en")) {
        return refuse(block, tag.at,
                      "name: English without a tag, others as in name.it, in small letters");
    }
    if (entry->other_count > 0) {
        struct text before = entry->other[entry->other_count - 1].tag;
        size_t len = before.len < tag.len ? before.len : tag.len;
        int order = memcmp(before.at, tag.at, len);
        if (order > 0 || (order == 0 && before.len >= tag.len)) {
            return refuse(block, tag.at, "names go by their tags, each once");
        }
    }
    if (entry->other_count == DATES_NAMES_MAX) {
        return refuse(block, tag.at, "a date has names in at most %d languages", DATES_NAMES_MAX);
    }
    entry->other[entry->other_count++] = (struct dates_name){tag, value};
    return true;
}

/* By key, in any order: the file is written by people.  Who must have what is judged when the block
 * ends. */
static bool keep(struct block *block, enum key key, struct text value)
{
    struct dates_entry *entry = block->entry;
    switch (key) {
    case KEY_ID:
        entry->id = value;
        entry->line = block->number;
        return is_name(value) ||
               refuse(block, value.at, "id: small letters, digits and hyphens, as in srebrenica");
    case KEY_NAME:
        entry->name = value;
        return true;
    case KEY_RULE:
        return read_rule(block, value);
    case KEY_SINCE:
        return read_since(block, value);
    case KEY_TONE:
        return read_tone(block, value);
    case KEY_CONTINENT:
        return read_continent(block, value);
    case KEY_PLACE:
        return read_place(block, value);
    case KEY_TAG:
        return read_tag(block, value);
    case KEY_WHAT:
        entry->what = value;
        return true;
    case KEY_KEPT:
        entry->kept = value;
        return true;
    case KEY_ALSO:
        entry->also = value;
        return true;
    case KEY_DISPUTE:
        entry->dispute = value;
        return true;
    case KEY_SOURCE:
        return read_source(block, value);
    case KEY_SAYS:
        entry->source[entry->source_count - 1].says = value;
        return true;
    case KEYS:
        break;
    }
    return false;
}

static bool judge_order(struct block *block, enum key key)
{
    const char *at = block->line.at, *word = keys[key].word;
    if (!block->has[KEY_ID] && key != KEY_ID) {
        return refuse(block, at, "a date begins with its id");
    }
    if (key == KEY_SOURCE && block->last == KEY_SOURCE) {
        return refuse(block, at, "after a source a line \"says: \", in your own words");
    }
    if (key == KEY_SAYS && block->last != KEY_SOURCE) {
        return refuse(block, at, "\"says\" stands after its source");
    }
    if (block->has[key] && !keys[key].repeats) {
        return refuse(block, at, "\"%s\" stands here twice", word);
    }
    if (key < block->last && !(key == KEY_SOURCE && block->last == KEY_SAYS)) {
        return refuse(block, at, "\"%s\" stands before \"%s\"", word, keys[block->last].word);
    }
    return true;
}

static bool judge_value(struct block *block, struct text value)
{
    if (value.len > DATES_VALUE_MAX) {
        return refuse(block, value.at, "more than %d bytes", DATES_VALUE_MAX);
    }
    if (value.len == 0 || value.at[0] == ' ' || value.at[value.len - 1] == ' ') {
        return refuse(block,
                      value.len > 0 && value.at[0] != ' ' ? value.at + value.len - 1 : value.at,
                      "a value begins and ends with a letter or sign, after one space");
    }
    for (size_t i = 0; i + 1 < value.len; i++) {
        if (value.at[i] == ' ' && value.at[i + 1] == ' ') {
            return refuse(block, value.at + i, "two spaces");
        }
    }
    return true;
}

/* One order of keys for all, so that two people who add the same day write the same lines, and a
 * reviewer sees at a glance which is missing. */
static bool read_line(struct block *block)
{
    struct text line = block->line;
    const char *why;
    const char *bad = letters_judge(line.at, line.len, &why);
    if (bad != NULL) {
        return refuse(block, bad, "%s", why);
    }
    const char *colon = memchr(line.at, ':', line.len);
    if (colon == NULL || (size_t)(colon - line.at) + 2 > line.len || colon[1] != ' ') {
        return refuse(block, line.at, "not a line \"key: value\"; a blank line ends a date");
    }
    struct text word = {line.at, (size_t)(colon - line.at)};
    struct text value = {colon + 2, line.len - word.len - 2};
    const char *dot = memchr(word.at, '.', word.len);
    struct text stem = {word.at, dot != NULL ? (size_t)(dot - word.at) : word.len};
    int key = 0;
    while (key < KEYS && !text_is(stem, keys[key].word)) {
        key++;
    }
    if (key == KEYS || (dot != NULL && key != KEY_NAME)) {
        return refuse(block, line.at,
                      "no such key; id, name, name.TAG, rule, since, tone, continent, place, tag, "
                      "what, kept, also, dispute, source and says, in this order");
    }
    if (dot != NULL) {
        struct text tag = {dot + 1, word.len - stem.len - 1};
        return (block->last == KEY_NAME ||
                refuse(block, line.at, "\"name.%.*s\" stands after \"name\"",
                       (int)(tag.len < 20 ? tag.len : 20), tag.at)) &&
               judge_value(block, value) && read_other_name(block, tag, value);
    }
    if (!judge_order(block, (enum key)key) || !judge_value(block, value) ||
        !keep(block, (enum key)key, value)) {
        return false;
    }
    block->last = (enum key)key;
    block->has[key] = true;
    return true;
}

static bool has_year(struct text text, const char *year)
{
    for (size_t i = 0; i + 4 <= text.len; i++) {
        if (memcmp(text.at + i, year, 4) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether somebody says the year of "since": else it is the law's or the event's, by mistake. */
static bool is_year_said(const struct dates_entry *entry)
{
    char year[16];
    snprintf(year, sizeof year, "%04d", entry->since);
    bool is_said = has_year(entry->kept, year);
    for (size_t i = 0; i < entry->source_count; i++) {
        is_said |= has_year(entry->source[i].says, year);
    }
    return is_said;
}

/* Of a block whose lines are fine: whether it has all that it needs.  Told at its id. */
static bool judge_whole(struct block *block)
{
    const struct dates_entry *entry = block->entry;
    block->number = entry->line;
    block->line = entry->id; /* column 1 */
    for (int key = 0; key < KEYS; key++) {
        if (keys[key].is_needed && !block->has[key]) {
            return refuse(block, block->line.at, "no line \"%s: \"", keys[key].word);
        }
    }
    bool is_strong = false;
    for (size_t i = 0; i < entry->source_count; i++) {
        is_strong |= entry->source[i].kind < DATES_STRONG_KINDS;
    }
    if (entry->source[entry->source_count - 1].says.len == 0) {
        return refuse(block, block->line.at, "the last source lacks its line \"says: \"");
    }
    if (entry->source_count < 2) {
        return refuse(block, block->line.at, "one source: two are needed");
    }
    if (entry->since > 0 && !is_year_said(entry)) {
        return refuse(block, block->line.at,
                      "since: %d stands neither in \"kept\" nor in what a source says",
                      entry->since);
    }
    return is_strong ||
           refuse(block, block->line.at,
                  "no source of the strong kind: statute, un, archive, court, museum or scholarly");
}

enum dates_result dates_next(struct dates_reader *reader, struct dates_entry *out,
                             struct dates_error *error)
{
    struct dates_error ignored;
    struct block block = {.entry = out, .error = error != NULL ? error : &ignored};
    *out = (struct dates_entry){0};
    bool is_good = true, has_begun = false;
    while (reader->left.len > 0) {
        struct text line = cut_line(&reader->left);
        reader->line++;
        if (line.len == 0) {
            if (has_begun) {
                break;
            }
            continue;
        }
        if (line.at[0] == '#' && !has_begun) {
            continue;
        }
        has_begun = true;
        if (is_good) {
            block.number = reader->line;
            block.line = line;
            is_good = read_line(&block);
        }
    }
    if (!has_begun) {
        return DATES_END;
    }
    return is_good && judge_whole(&block) ? DATES_ENTRY : DATES_BAD;
}

struct text dates_name_in(const struct dates_entry *entry, const char *tag)
{
    for (size_t len = strlen(tag); len > 0; len--) {
        if (tag[len] != '\0' && tag[len] != '-') {
            continue;
        }
        for (size_t i = 0; i < entry->other_count; i++) {
            if (text_equal(entry->other[i].tag, (struct text){tag, len})) {
                return entry->other[i].value;
            }
        }
    }
    return entry->name;
}
