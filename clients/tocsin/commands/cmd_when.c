/* tocsin when: the occurrences of a rule in a span of days. */
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/rows.h"
#include "tocsin/windows/rule_request.h"

enum { NOTES_MAX = 9, NOTE_SIZE = RULE_NOTE_SIZE + 64 };

struct listing {
    struct rows rows;
    const struct rule_request *request;
    const struct environment *environment;
    enum rule_shape shape;
    enum rows_format format;
    size_t count;
    char note[NOTES_MAX][NOTE_SIZE]; /* of a table: below it, once each */
    size_t notes;
};

/* Seconds where civil time is meant, milliseconds where the sky is. */
static void write_start(utc at, bool is_sky, char out[static STAMP_TEXT_SIZE])
{
    if (is_sky) {
        at.ns = (at.ns + NS_PER_MS / 2) / NS_PER_MS * NS_PER_MS;
    }
    stamp_write(utc_is_in_range(at) ? at : (utc){UTC_LATEST_S * NS_PER_S - 1}, out);
}

/* What clocks in the occurrence's zone show, with their offset; of days, the days. */
static void write_local(const struct listing *listing, const struct rule_occurrence *o, char *out,
                        size_t size)
{
    if (listing->shape == RULE_WAVE_OF_DAYS) {
        struct civil_date last = civil_from_day_number(civil_day_number(o->date) + o->days - 1);
        snprintf(out, size, o->days > 1 ? "%s to %s" : "%s", stamp_date_text(o->date).text,
                 stamp_date_text(last).text);
        return;
    }
    const struct rule_world *rules = &listing->environment->rules;
    const struct zone *zone = o->zone[0] != '\0' ? rules->zone_find(rules->zones, o->zone) : NULL;
    struct civil civil = zone != NULL ? zone_to_civil(zone, o->start) : civil_from_utc(o->start);
    int32_t offset = zone != NULL ? zone_at(zone, o->start).offset_s / 60 : 0;
    snprintf(out, size, "%s %02d:%02d:%02d %c%02d:%02d %s%s%s", stamp_date_text(civil.date).text,
             civil.time.hour, civil.time.minute, civil.time.second, offset < 0 ? '-' : '+',
             abs(offset) / 60, abs(offset) % 60, o->zone[0] != '\0' ? o->zone : "UTC",
             o->place[0] != '\0' ? " " : "", o->place);
}

static void begin(struct listing *listing)
{
    static const struct rows_column for_people[] = {
        {"local", false}, {"where", false}, {"utc", false}, {"note", false}};
    static const struct rows_column columns[] = {
        {"start", false}, {"end", false}, {"local", false}, {"note", false}};
    rows_begin(&listing->rows, listing->format,
               listing->format == ROWS_TABLE ? for_people : columns, 4, stdout);
}

/* The number of a note below the table; the note itself where there are too many. */
static void refer(struct listing *listing, const char *note, char out[static NOTE_SIZE])
{
    size_t i = 0;
    while (i < listing->notes && strcmp(listing->note[i], note) != 0) {
        i++;
    }
    if (i == NOTES_MAX || *note == '\0') {
        snprintf(out, NOTE_SIZE, "%s", note);
        return;
    }
    if (i == listing->notes) {
        snprintf(listing->note[listing->notes++], NOTE_SIZE, "%s", note);
    }
    snprintf(out, NOTE_SIZE, "[%zu]", i + 1);
}

static void list_for_people(struct listing *listing, const struct rule_occurrence *o,
                            const char *note)
{
    struct rule_request_day day;
    char reference[NOTE_SIZE];
    refer(listing, note, reference);
    rule_request_write_day(listing->request, listing->environment, listing->shape, o, &day);
    rows_add(&listing->rows,
             (const char *[]){day.local, *day.where != '\0' ? day.where : "-", day.utc, reference});
}

static bool list(void *context, const struct rule_occurrence *o)
{
    struct listing *listing = context;
    char start[STAMP_TEXT_SIZE], end[STAMP_TEXT_SIZE], local[256], note[NOTE_SIZE];
    write_start(o->start, o->error_s > 0, start);
    write_start(o->end, o->error_s > 0, end);
    write_local(listing, o, local, sizeof local);
    snprintf(note, sizeof note, "%s", o->note);
    if (o->certainty != CERTAIN) {
        size_t used = strlen(note);
        snprintf(note + used, sizeof note - used, "%s%s", used > 0 ? "; " : "",
                 o->certainty == BEFORE_UTC ? "before 1972: UT1"
                                            : "leap seconds not yet announced");
    }
    if (listing->count == 0) {
        begin(listing); /* what is refused has no header */
    }
    if (listing->format == ROWS_TABLE) {
        list_for_people(listing, o, note);
    } else {
        rows_add(&listing->rows, (const char *[]){start, end, local, note});
    }
    listing->count++;
    return true;
}

const struct command_line line_when = {
    .options = rule_request_options,
    .parser = rule_request_parse,
    .size = sizeof(struct rule_request),
    .words = "RULE",
    .missing = "a rule is needed, as in \"25 april at 20:00 in Europe/Rome\"",
    .surplus = "put the whole rule between quotes",
    .doc = "When a rule says: its occurrences in a span of days.\v"
           "The language of rules: tocsin-rules(5).  Exit status 1: none in this span.",
};

/* A table waits in memory for its widths until rows_end, so the rule in its canonical words, and in
 * the language asked for, can stand above it; scripts get rows alone.  Where there is no occurrence
 * TSV still has its header, and JSON an empty array. */
static int when(struct rule_request *request, const struct environment *environment,
                const struct rule *rule, enum rows_format format)
{
    struct rule_error error;
    struct listing listing = {.request = request,
                              .environment = environment,
                              .shape = rule_shape(rule),
                              .format = format};
    static char line[SENTENCE_SIZE];
    rule_write(rule, line);
    enum rule_result result = rule_evaluate(rule, &environment->rules, request->from, request->to,
                                            list, &listing, &error);
    if (result != RULE_OK) {
        return rule_request_refuse(request, result, &error);
    }
    if (listing.count == 0) {
        begin(&listing);
        rows_end(&listing.rows);
        if (request->has_language) {
            sentence_say(rule, request->language, line);
        }
        int code = request->has_language
                       ? say_no("%s: \"%s\"", environment_say(request->language, "rule_none"), line)
                       : say_no("no occurrence of \"%s\" from %.10s to %.10s", line,
                                request->from_text, request->to_text);
        rule_request_say_none(request, environment, rule);
        return code;
    }
    if (format == ROWS_TABLE) {
        puts(line);
    }
    if (format == ROWS_TABLE && request->has_language) {
        sentence_say(rule, request->language, line);
        puts(line);
    }
    rows_end(&listing.rows);
    for (size_t i = 0; i < listing.notes; i++) {
        printf("[%zu] %s\n", i + 1, listing.note[i]);
    }
    return EXIT_DONE;
}

int cmd_when(struct session *session, const struct command_call *call)
{
    struct rule_request request = *(const struct rule_request *)call->options;
    struct rule *rule;
    int code = rule_request_open(&request, session, call->word[0], call->environment, &rule);
    if (code == EXIT_DONE) {
        code = when(&request, call->environment, rule, session->options->format);
        rule_free(rule);
    }
    return code;
}
