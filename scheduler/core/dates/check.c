/* check.c -- all that is wrong with a catalogue, told one fault after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dates/dates.h"
#include "lines/lines.h"
#include "list/list.h"
#include "records/letters.h"
#include "text/text.h"

enum { YEARS = 50, LANGUAGES_MAX = 512 };

struct kept {
    struct text id, name, rule;
    const char *file;
    size_t line;
    enum record_tone tone;
    int32_t *day; /* ascending; owned */
    size_t day_count, day_room;
};

struct dates_check {
    const struct rule_world *world;
    const struct dates_letters *letters;
    utc from, to;
    dates_fault *fault;
    void *context;
    struct kept *kept; /* owned */
    size_t count, room;
    struct text language[LANGUAGES_MAX];
    struct dates_totals totals;
};

struct dates_check *dates_check_new(const struct rule_world *world,
                                    const struct dates_letters *letters, utc from,
                                    dates_fault *fault, void *context)
{
    struct dates_check *check = calloc(1, sizeof *check);
    if (check != NULL) {
        *check = (struct dates_check){.world = world,
                                      .letters = letters,
                                      .from = from,
                                      .to = {from.ns + INT64_C(365) * YEARS * NS_PER_DAY},
                                      .fault = fault,
                                      .context = context};
    }
    return check;
}

void dates_check_free(struct dates_check *check)
{
    if (check == NULL) {
        return;
    }
    for (size_t i = 0; i < check->count; i++) {
        free(check->kept[i].day);
    }
    free(check->kept);
    free(check);
}

struct dates_totals dates_check_totals(const struct dates_check *check)
{
    return check->totals;
}

static void tell(struct dates_check *check, const char *file, const struct dates_error *error)
{
    check->totals.faults++;
    check->fault(check->context, file, error);
}

/* --- letters --------------------------------------------------------------------------------- */

/* Where in a file's text this byte stands. */
static struct dates_error error_at(const char *text, const char *at)
{
    struct dates_error error = {0};
    text_locate(text, at, &error.line, &error.column);
    return error;
}

/* The letter with which a line that is not composed stops being so. */
static const char *first_uncomposed(const struct dates_check *check, const char *line, size_t len)
{
    size_t begin = 0, end = 0;
    do {
        begin = end++;
        while (end < len && text_is_inside(line[end])) {
            end++;
        }
    } while (end < len && check->letters->is_nfc(line, end));
    return line + begin;
}

/* Lines that are UTF-8 but not in its composed form; what is no UTF-8 the reader tells. */
static void judge_letters(struct dates_check *check, const char *file, struct text left)
{
    const char *why;
    for (size_t number = 1; left.len > 0; number++) {
        const char *end = memchr(left.at, '\n', left.len);
        size_t len = end != NULL ? (size_t)(end - left.at) : left.len;
        if (letters_judge(left.at, len, &why) == NULL && !check->letters->is_nfc(left.at, len)) {
            struct dates_error error = error_at(left.at, first_uncomposed(check, left.at, len));
            error.line = number;
            snprintf(error.message, sizeof error.message, "not in Unicode's composed form, NFC");
            tell(check, file, &error);
        }
        len += end != NULL;
        left = (struct text){left.at + len, left.len - len};
    }
}

static bool judge_languages(struct dates_check *check, const char *file, const char *text,
                            const struct dates_entry *entry)
{
    for (size_t i = 0; i < entry->other_count; i++) {
        struct text tag = entry->other[i].tag;
        if (!check->letters->is_language(tag.at, tag.len)) {
            struct dates_error error = error_at(text, tag.at);
            snprintf(error.message, sizeof error.message,
                     "name.%.*s: no language that anybody knows", (int)tag.len, tag.at);
            tell(check, file, &error);
            return false;
        }
    }
    return true;
}

static bool judge_place(struct dates_check *check, const char *file, const char *text,
                        const struct dates_entry *entry)
{
    struct place place;
    if (entry->place.len == 0 ||
        places_find(entry->position.at, entry->position.len, &place) == PLACES_FOUND) {
        return true;
    }
    struct dates_error error = error_at(text, entry->position.at);
    char doubt[PLACE_DOUBT_SIZE];
    places_doubt(entry->position.at, entry->position.len, doubt);
    snprintf(error.message, sizeof error.message, "place: %s", doubt);
    tell(check, file, &error);
    return false;
}

/* --- sources --------------------------------------------------------------------------------- */

/* Whether a piece of an address is one of these words, in small letters as sites write them. */
static bool is_one_of(struct text piece, const char *const *word)
{
    while (*word != NULL && !text_is(piece, *word)) {
        word++;
    }
    return *word != NULL;
}

/* Up to the first of these letters, which is left out of what is left. */
static struct text cut(struct text *left, const char *letters)
{
    struct text piece = {left->at, 0};
    while (piece.len < left->len && strchr(letters, left->at[piece.len]) == NULL) {
        piece.len++;
    }
    size_t taken = piece.len + (piece.len < left->len);
    *left = (struct text){left->at + taken, left->len - taken};
    return piece;
}

/* The part of an address, if there is one, that makes it a list which is another one tomorrow: a
 * tag's page, or what a search found. */
static struct text listing_in(struct text where)
{
    static const char *const folder[] = {"tag", "tags", "search", "label", "category", NULL};
    static const char *const key[] = {"search", "query", "tag", NULL};
    struct text left = where;
    while (left.len > 0) {
        struct text query = cut(&left, " ");
        struct text path = cut(&query, "?");
        struct text scheme = cut(&path, ":");
        if (!text_is(scheme, "http") && !text_is(scheme, "https")) {
            continue;
        }
        bool is_folder = path.len > 0 && path.at[path.len - 1] == '/';
        while (path.len > 0) {
            struct text piece = cut(&path, "/");
            if (is_one_of(piece, folder)) {
                return piece;
            }
        }
        while (query.len > 0) {
            struct text pair = cut(&query, "&");
            struct text piece = cut(&pair, "=");
            /* "/?s=" is WordPress's search; elsewhere s is anything */
            if (is_one_of(piece, key) || (is_folder && text_is(piece, "s"))) {
                return piece;
            }
        }
    }
    return (struct text){where.at, 0};
}

static bool judge_sources(struct dates_check *check, const char *file, const char *text,
                          const struct dates_entry *entry)
{
    bool are_good = true;
    for (size_t i = 0; i < entry->source_count; i++) {
        struct text listing = listing_in(entry->source[i].where);
        if (listing.len > 0) {
            struct dates_error error = error_at(text, listing.at);
            snprintf(error.message, sizeof error.message,
                     "source: a page of tags or of a search (\"%.*s\") says something else "
                     "tomorrow: give the page that it led to",
                     (int)listing.len, listing.at);
            tell(check, file, &error);
            are_good = false;
        }
    }
    return are_good;
}

/* --- days ------------------------------------------------------------------------------------ */

struct collecting {
    struct kept *kept;
    bool is_short_of_memory;
};

static bool collect(void *context, const struct rule_occurrence *occurrence)
{
    struct collecting *collecting = context;
    struct kept *kept = collecting->kept;
    if (!LIST_ROOM(kept->day, kept->day_count, kept->day_room)) {
        collecting->is_short_of_memory = true;
        return false;
    }
    kept->day[kept->day_count++] = civil_day_number(occurrence->date);
    return true;
}

/* Fills kept->day.  *is_good: the rule can be evaluated and happens.  False: no memory. */
static bool judge_rule(struct dates_check *check, const struct dates_entry *entry,
                       struct kept *kept, bool *is_good)
{
    struct dates_error error = {.line = entry->rule_line, .column = strlen("rule: ") + 1};
    struct collecting collecting = {.kept = kept};
    struct rule_error why = {0};
    struct rule *rule;
    *is_good = false;
    enum rule_result result = lines_read(entry->rule.at, entry->rule.len, &rule, &why);
    if (result == RULE_OK) {
        result =
            rule_evaluate(rule, check->world, check->from, check->to, collect, &collecting, &why);
        rule_free(rule);
    }
    if (result == RULE_NO_MEMORY || collecting.is_short_of_memory) {
        return false;
    }
    if (result != RULE_OK) {
        error.column += why.column > 0 ? why.column - 1 : 0;
        snprintf(error.message, sizeof error.message, "%s", why.message);
        tell(check, kept->file, &error);
    } else if (kept->day_count == 0) {
        snprintf(error.message, sizeof error.message, "never in the next %d years", YEARS);
        tell(check, kept->file, &error);
    } else {
        *is_good = true;
    }
    return true;
}

/* A day that both have, or false. */
static bool share_day(const struct kept *a, const struct kept *b, int32_t *day)
{
    for (size_t i = 0, j = 0; i < a->day_count && j < b->day_count;) {
        if (a->day[i] == b->day[j]) {
            *day = a->day[i];
            return true;
        }
        if (a->day[i] < b->day[j]) {
            i++;
        } else {
            j++;
        }
    }
    return false;
}

/* --- between dates --------------------------------------------------------------------------- */

static bool is_celebration_of(const struct kept *a, const struct kept *b)
{
    return a->tone == TONE_CELEBRATION && b->tone == TONE_MOURNING;
}

/* Told at the later of the two, or at the celebration: one that says what else falls on its day has
 * another tone here. */
static bool judge_pair(struct dates_check *check, const struct kept *kept,
                       const struct kept *before)
{
    struct dates_error error = {.line = kept->line, .column = 1};
    const char *file = kept->file;
    int32_t day;
    if (text_equal(kept->id, before->id)) {
        snprintf(error.message, sizeof error.message, "the id \"%.*s\" is that of %s:%zu",
                 (int)kept->id.len, kept->id.at, before->file, before->line);
    } else if (text_equal(kept->name, before->name) && text_equal(kept->rule, before->rule)) {
        snprintf(error.message, sizeof error.message, "the same name and rule as %s:%zu",
                 before->file, before->line);
    } else if ((is_celebration_of(kept, before) || is_celebration_of(before, kept)) &&
               share_day(kept, before, &day)) {
        const struct kept *feast = kept->tone == TONE_CELEBRATION ? kept : before;
        const struct kept *loss = feast == kept ? before : kept;
        struct civil_date date = civil_from_day_number(day);
        snprintf(
            error.message, sizeof error.message,
            "a celebration on %04d-%02d-%02d, when \"%.*s\" mourns (%s:%zu): a line \"also: \" "
            "must say so",
            date.year, date.month, date.day, (int)loss->id.len, loss->id.at, loss->file,
            loss->line);
        file = feast->file;
        error.line = feast->line;
    } else {
        return true;
    }
    tell(check, file, &error);
    return false;
}

static struct kept *room_for_one(struct dates_check *check)
{
    if (!LIST_ROOM(check->kept, check->count, check->room)) {
        return NULL;
    }
    return &check->kept[check->count];
}

static void count_in(struct dates_check *check, const struct dates_entry *entry)
{
    struct dates_totals *totals = &check->totals;
    totals->dates++;
    totals->sources += entry->source_count;
    totals->of_tone[entry->tone]++;
    for (int i = 0; i < DATES_CONTINENTS; i++) {
        totals->of_continent[i] += entry->continents >> i & 1;
    }
    totals->languages += totals->languages == 0; /* English */
    for (size_t i = 0; i < entry->other_count; i++) {
        size_t at = 1;
        while (at < totals->languages && !text_equal(check->language[at], entry->other[i].tag)) {
            at++;
        }
        if (at == totals->languages && at < LANGUAGES_MAX) {
            check->language[totals->languages++] = entry->other[i].tag;
        }
    }
}

/* False: no memory. */
static bool add(struct dates_check *check, const char *file, const char *text,
                const struct dates_entry *entry)
{
    struct kept *kept = room_for_one(check);
    if (kept == NULL) {
        return false;
    }
    *kept = (struct kept){.id = entry->id,
                          .name = entry->name,
                          .rule = entry->rule,
                          .file = file,
                          .line = entry->line,
                          /* nothing is left to tell of one that says so itself */
                          .tone = entry->tone == TONE_CELEBRATION && entry->also.len > 0
                                      ? TONE_REFLECTION
                                      : entry->tone};
    bool is_good;
    check->count++; /* its days are freed from now on, whatever happens */
    if (!judge_rule(check, entry, kept, &is_good)) {
        return false;
    }
    is_good = judge_languages(check, file, text, entry) && is_good;
    is_good = judge_place(check, file, text, entry) && is_good;
    is_good = judge_sources(check, file, text, entry) && is_good;
    for (size_t i = 0; i + 1 < check->count; i++) {
        is_good = judge_pair(check, kept, &check->kept[i]) && is_good;
    }
    if (is_good) {
        count_in(check, entry);
    }
    return true;
}

bool dates_check_file(struct dates_check *check, const char *file, const char *text, size_t len)
{
    if (len > DATES_FILE_MAX) {
        struct dates_error error = {1, 1, "larger than 1 MiB: make two files of it"};
        tell(check, file, &error);
        return true;
    }
    judge_letters(check, file, (struct text){text, len});
    struct dates_reader reader = {.left = {text, len}};
    struct dates_entry entry;
    struct dates_error error;
    for (;;) {
        switch (dates_next(&reader, &entry, &error)) {
        case DATES_ENTRY:
            if (!add(check, file, text, &entry)) {
                return false;
            }
            break;
        case DATES_BAD:
            tell(check, file, &error);
            break;
        case DATES_END:
            return true;
        }
    }
}
