/* tocsin dates: the catalogue of memory: listed, searched, explained and checked. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "files/files.h"
#include "instants/stamp.h"
#include "lines/lines.h"
#include "places/places.h"
#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/dates_choices.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/rows.h"
#include "tocsin/print/unicode.h"
#include "tocsin/windows/catalogue.h"

enum {
    KEY_FROM = 0x20000,
    KEY_TO,
    KEY_TONE,
    KEY_NEAR,
    DAYS_AHEAD = 366,
    NEAR_KM = 300,
    LINE_WIDTH = 78,
};

struct request {
    bool has_from, has_to, checks, counts;
    utc from, to;
    struct dates_query query;
    struct place near;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;
    switch (key) {
    case KEY_FROM:
    case KEY_TO:
        options_read_span(state, key == KEY_TO, arg, key == KEY_TO ? &request->to : &request->from);
        *(key == KEY_FROM ? &request->has_from : &request->has_to) = true;
        return 0;
    case KEY_TONE:
        request->query.has_tone = record_tone_read(text_of(arg), &request->query.tone);
        if (!request->query.has_tone) {
            argp_error(state, "--tone \"%s\": mourning, vigil, celebration or reflection", arg);
        }
        return 0;
    case KEY_NEAR:
        if (places_find(arg, strlen(arg), &request->near) != PLACES_FOUND) {
            char doubt[PLACE_DOUBT_SIZE];
            places_doubt(arg, strlen(arg), doubt);
            argp_error(state, "--near: %s", doubt);
        }
        request->query.near_km = NEAR_KM;
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

static const struct argp_option options[] = {
    {"tag", SAY_SETS(request, query.tag), "TAG", 0,
     "with this tag: genocide, women, workers, indigenous ...", 0},
    {"tone", KEY_TONE, "mourning|vigil|celebration|reflection", 0, "of this tone", 0},
    {"place", SAY_SETS(request, query.place), "TEXT", 0,
     "whose place has this in it, or of this continent", 0},
    {"near", KEY_NEAR, "PLACE", 0, "whose place is within 300 km of this one", 0},
    {"lang", SAY_SETS(request, query.language), "TAG", 0,
     "with a name in this language, and show it", 0},
    {"from", KEY_FROM, "D", 0, "the first day (today)", 0},
    {"to", KEY_TO, "D", 0, "the day at which to stop (a year later)", 0},
    {"tags", SAY_SETS(request, counts), NULL, 0,
     "list tags, continents and languages, with how many dates each has", 0},
    {"check", SAY_SETS(request, checks), NULL, 0,
     "check the words as files, else the program's own catalogue", 0},
    {0}};

const struct command_line line_dates = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct request),
    .words = "[WORD...]",
    .doc = "Days that people keep, the next ones first: those that have all the words, anywhere.  "
           "The one of an ID: its story, what is disputed, and its sources.\v"
           "How to propose a date: calendars/README.md.  Exit status 1: none is found, or --check "
           "finds fault.",
};

/* --- checking -------------------------------------------------------------------------------- */

static void tell_fault(void *context, const char *file, const struct dates_error *error)
{
    (void)context;
    say_error("%s:%zu:%zu: %s", file, error->line, error->column, error->message);
}

static int tell_totals(struct dates_totals totals)
{
    if (totals.faults > 0) {
        return say_no("%zu fault%s", totals.faults, text_s(totals.faults));
    }
    printf("%zu date%s with %zu sources and names in %zu language%s\n", totals.dates,
           text_s(totals.dates), totals.sources, totals.languages, text_s(totals.languages));
    for (int i = 0; i < DATES_CONTINENTS; i++) {
        printf("%s%s %zu", i > 0 ? ", " : "", dates_continent_name((enum dates_continent)i),
               totals.of_continent[i]);
    }
    putchar('\n');
    for (enum record_tone tone = TONE_MOURNING; tone <= TONE_REFLECTION; tone++) {
        printf("%s%s %zu", tone > 0 ? ", " : "", record_tone_name(tone), totals.of_tone[tone]);
    }
    putchar('\n');
    return EXIT_DONE;
}

/* The files stay in memory as long as the check. */
static int check_files(struct dates_check *check, const struct command_call *call, uint8_t **loaded)
{
    for (size_t i = 0; i < call->count; i++) {
        struct files_error error;
        size_t size;
        if (files_load_at(AT_FDCWD, call->word[i], FILES_ANY, DATES_FILE_MAX, &loaded[i], &size,
                          &error) != FILES_OK) {
            return say_outside("%s", error.message);
        }
        if (!dates_check_file(check, call->word[i], (const char *)loaded[i], size)) {
            say_no_memory();
        }
    }
    return EXIT_DONE;
}

static void check_own(struct dates_check *check)
{
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct text text = catalogue_text(i);
        if (!dates_check_file(check, catalogue_file[i].name, text.at, text.len)) {
            say_no_memory();
        }
    }
}

static int check(const struct session *session, const struct command_call *call)
{
    static const struct dates_letters letters = {unicode_is_language, unicode_is_nfc};
    struct dates_check *check = say_memory(
        dates_check_new(&call->environment->rules, &letters, session->now_utc, tell_fault, NULL));
    uint8_t **loaded = say_memory(calloc(call->count + 1, sizeof *loaded));
    int code = check_files(check, call, loaded);
    if (call->count == 0) {
        check_own(check);
    }
    if (code == EXIT_DONE) {
        code = tell_totals(dates_check_totals(check));
    }
    dates_check_free(check);
    for (size_t i = 0; i < call->count; i++) {
        free(loaded[i]);
    }
    free(loaded);
    return code;
}

/* --- one date -------------------------------------------------------------------------------- */

static bool keep_first(void *context, const struct rule_occurrence *occurrence)
{
    *(struct civil_date *)context = occurrence->date;
    return false;
}

/* Its first day in [from, to); false: none, or a rule that cannot be evaluated here. */
static bool first_day(const struct environment *environment, const struct dates_entry *entry,
                      utc from, utc to, struct civil_date *out)
{
    struct rule *rule;
    if (lines_read(entry->rule.at, entry->rule.len, &rule, NULL) != RULE_OK) {
        return false;
    }
    *out = (struct civil_date){0};
    enum rule_result result =
        rule_evaluate(rule, &environment->rules, from, to, keep_first, out, NULL);
    rule_free(rule);
    return result == RULE_OK && out->month > 0;
}

/* Words in lines of LINE_WIDTH columns, or those of a narrower terminal, each indented. */
static void put_prose(const char *indent, struct text text)
{
    int room = rows_room(stdout), used = 0;
    room = room > 0 && room < LINE_WIDTH ? room : LINE_WIDTH;
    while (text.len > 0) {
        const char *space = memchr(text.at, ' ', text.len);
        size_t len = space != NULL ? (size_t)(space - text.at) : text.len;
        char word[DATES_VALUE_MAX + 1];
        snprintf(word, sizeof word, "%.*s", (int)len, text.at);
        int width = say_width(word, strlen(word));
        if (used > 0 && used + 1 + width > room) {
            putchar('\n');
            used = 0;
        }
        used += used == 0 ? printf("%s", indent) : printf(" ") > 0;
        fputs(word, stdout);
        used += width;
        len += space != NULL;
        text = (struct text){text.at + len, text.len - len};
    }
    putchar('\n');
}

enum { KEY_WIDTH = 11 };

static void put_line(struct text key, struct text value)
{
    if (value.len > 0) {
        int pad = KEY_WIDTH - 1 - say_width(key.at, key.len);
        printf("%.*s%*s ", (int)key.len, key.at, pad > 0 ? pad : 0, "");
        say_wrapped(stdout, KEY_WIDTH, KEY_WIDTH, "%.*s", (int)value.len, value.at);
    }
}

static void put_block(const char *head, struct text text)
{
    if (text.len > 0) {
        printf("\n%s%s%s\n", say_colour(SAY_BOLD), head, say_colour(SAY_PLAIN));
        put_prose("  ", text);
    }
}

static void put_tags(const struct dates_entry *entry)
{
    char tags[DATES_VALUE_MAX + 1] = "";
    size_t used = 0;
    for (size_t i = 0; i < entry->tag_count && used < sizeof tags; i++) {
        used += (size_t)snprintf(tags + used, sizeof tags - used, "%s%.*s", i > 0 ? " " : "",
                                 (int)entry->tag[i].len, entry->tag[i].at);
    }
    put_line(text_of("tags"), text_of(tags));
}

/* Ten years are looked through for the next day, since some fall only every few years.  Without a
 * position of its own an entry has there the very text of its place (read_place in dates/read.c),
 * which is not shown twice. */
static void tell(const struct session *session, const struct environment *environment,
                 const struct dates_entry *entry)
{
    struct civil_date date;
    printf("%s%.*s%s\n", say_colour(SAY_BOLD), (int)entry->name.len, entry->name.at,
           say_colour(SAY_PLAIN));
    for (size_t i = 0; i < entry->other_count; i++) {
        put_line(entry->other[i].tag, entry->other[i].value);
    }
    putchar('\n');
    put_line(text_of("rule"), entry->rule);
    utc to = {session->now_utc.ns + 10 * DAYS_AHEAD * NS_PER_DAY};
    if (first_day(environment, entry, session->now_utc, to, &date)) {
        printf("%-10s %s\n", "next", stamp_date_text(date).text);
    }
    if (entry->since > 0) {
        printf("%-10s %d\n", "kept since", entry->since);
    } else {
        printf("%-10s not known to us\n", "kept since");
    }
    printf("%-10s %s\n", "tone", record_tone_name(entry->tone));
    put_line(text_of("place"), entry->place);
    if (entry->position.at != entry->place.at) {
        put_line(text_of("position"), entry->position);
    }
    put_tags(entry);
    put_block("What happened", entry->what);
    put_block("How it is kept", entry->kept);
    put_block("What else falls on the day", entry->also);
    put_block("What is disputed", entry->dispute);
    printf("\n%sSources%s\n", say_colour(SAY_BOLD), say_colour(SAY_PLAIN));
    for (size_t i = 0; i < entry->source_count; i++) {
        const struct dates_source *source = &entry->source[i];
        say_wrapped(stdout, 0, 4, "  %s: %.*s", dates_source_kind_name(source->kind),
                    (int)source->where.len, source->where.at);
        put_prose("    ", source->says);
    }
}

static int tell_as_row(const struct dates_entry *entry, enum rows_format format)
{
    static const struct rows_column columns[] = {
        {"kind", false}, {"where", false}, {"says", false}};
    struct rows rows;
    rows_begin(&rows, format, columns, 3, stdout);
    for (size_t i = 0; i < entry->source_count; i++) {
        const struct dates_source *source = &entry->source[i];
        char where[DATES_VALUE_MAX + 1], says[DATES_VALUE_MAX + 1];
        snprintf(where, sizeof where, "%.*s", (int)source->where.len, source->where.at);
        snprintf(says, sizeof says, "%.*s", (int)source->says.len, source->says.at);
        rows_add(&rows, (const char *[]){dates_source_kind_name(source->kind), where, says});
    }
    rows_end(&rows);
    return EXIT_DONE;
}

/* --- many ------------------------------------------------------------------------------------ */

struct found {
    struct civil_date date;
    const struct dates_entry *entry;
};

static int by_date(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = civil_date_compare(x->date, y->date);
    size_t len = x->entry->id.len < y->entry->id.len ? x->entry->id.len : y->entry->id.len;
    return order != 0 ? order : memcmp(x->entry->id.at, y->entry->id.at, len);
}

static void put_found(struct found *found, size_t count, const struct request *request,
                      enum rows_format format)
{
    static const struct rows_column columns[] = {
        {"date", false}, {"id", false}, {"tone", false}, {"place", false}, {"name", false}};
    struct rows rows;
    rows_begin(&rows, format, columns, 5, stdout);
    rows.extra = 1U << 3 | 1U << 2; /* tone and place, which the date alone tells too */
    rows.cut = 5;
    for (size_t i = 0; i < count; i++) {
        const struct dates_entry *entry = found[i].entry;
        struct text shown = request->query.language != NULL
                                ? dates_name_in(entry, request->query.language)
                                : entry->name;
        char date[STAMP_TEXT_SIZE], id[64], place[DATES_VALUE_MAX + 1], name[DATES_VALUE_MAX + 1];
        stamp_write_date(found[i].date, date);
        snprintf(id, sizeof id, "%.*s", (int)entry->id.len, entry->id.at);
        snprintf(place, sizeof place, "%.*s", (int)entry->place.len, entry->place.at);
        snprintf(name, sizeof name, "%.*s", (int)shown.len, shown.at);
        rows_add(&rows, (const char *[]){date, id, record_tone_name(entry->tone), place, name});
    }
    rows_end(&rows);
}

/* Nothing has all these words: of a single one the date whose id it may have been meant for. */
static int refuse_words(const struct dates_query *query)
{
    char meant[CATALOGUE_NEAR_SIZE] = "";
    if (query->word_count == 1) {
        catalogue_near(query->word[0], meant);
        return say_no("no date for \"%s\" in the catalogue; \"tocsin dates\" lists them all%s",
                      query->word[0], meant);
    }
    return say_no("no date has all of this; \"tocsin dates\" lists them all");
}

static int list(const struct request *request, const struct environment *environment,
                enum rows_format format)
{
    struct dates_entry *entry;
    size_t all, count = 0;
    catalogue_load(&entry, &all);
    if (request->counts) {
        dates_choices_list(entry, all, format);
        free(entry);
        return EXIT_DONE;
    }
    int code = dates_choices_check(&request->query, entry, all);
    if (code != EXIT_DONE) {
        free(entry);
        return code;
    }
    struct found *found = say_memory(calloc(all + 1, sizeof *found));
    for (size_t i = 0; i < all; i++) {
        found[count].entry = &entry[i];
        count += dates_match(&request->query, &entry[i]) &&
                 first_day(environment, &entry[i], request->from, request->to, &found[count].date);
    }
    qsort(found, count, sizeof *found, by_date);
    put_found(found, count, request, format);
    free(found);
    free(entry);
    return count == 0 ? refuse_words(&request->query) : EXIT_DONE;
}

static bool chooses(const struct request *request)
{
    const struct dates_query *query = &request->query;
    return query->tag != NULL || query->place != NULL || query->language != NULL ||
           query->has_tone || query->near_km > 0 || request->has_from || request->has_to;
}

int cmd_dates(struct session *session, const struct command_call *call)
{
    struct request request = *(const struct request *)call->options;
    enum rows_format format = session->options->format;
    struct dates_entry entry;
    if ((request.counts || request.checks) &&
        (chooses(&request) || (request.counts && (request.checks || call->count > 0)))) {
        return say_usage("%s is of all dates: it goes with nothing that chooses some",
                         request.counts ? "--tags" : "--check");
    }
    if (request.checks) {
        return check(session, call);
    }
    if (call->count == 1 && catalogue_find(call->word[0], &entry)) {
        if (format != ROWS_TABLE) {
            return tell_as_row(&entry, format);
        }
        tell(session, call->environment, &entry);
        return EXIT_DONE;
    }
    request.query.word = (const char *const *)call->word;
    request.query.word_count = call->count;
    request.query.near = request.query.near_km > 0 ? &request.near : NULL;
    if (!request.has_from) {
        request.from.ns = session->now_utc.ns / NS_PER_DAY * NS_PER_DAY;
    }
    if (!request.has_to) {
        request.to.ns = request.from.ns + DAYS_AHEAD * NS_PER_DAY;
    }
    if (request.to.ns < request.from.ns) {
        return say_usage("--to lies before --from");
    }
    return list(&request, call->environment, format);
}
