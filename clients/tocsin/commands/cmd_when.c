/* tocsin when: the occurrences of a rule in a span of days. */
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/rows.h"
#include "tocsin/windows/rule_request.h"

struct listing {
    struct rows rows;
    const struct environment *environment;
    enum rule_shape shape;
    enum rows_format format;
    size_t count;
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
    char date[STAMP_TEXT_SIZE];
    stamp_write_date(o->date, date);
    if (listing->shape == RULE_WAVE_OF_DAYS) {
        char last[STAMP_TEXT_SIZE];
        stamp_write_date(civil_from_day_number(civil_day_number(o->date) + o->days - 1), last);
        snprintf(out, size, o->days > 1 ? "%s to %s" : "%s", date, last);
        return;
    }
    const struct rule_world *rules = &listing->environment->rules;
    const struct zone *zone = o->zone[0] != '\0' ? rules->zone_find(rules->zones, o->zone) : NULL;
    struct civil civil = zone != NULL ? zone_to_civil(zone, o->start) : civil_from_utc(o->start);
    int32_t offset = zone != NULL ? zone_at(zone, o->start).offset_s / 60 : 0;
    stamp_write_date(civil.date, date);
    snprintf(out, size, "%s %02d:%02d:%02d %c%02d:%02d %s%s%s", date, civil.time.hour,
             civil.time.minute, civil.time.second, offset < 0 ? '-' : '+', abs(offset) / 60,
             abs(offset) % 60, o->zone[0] != '\0' ? o->zone : "UTC", o->place[0] != '\0' ? " " : "",
             o->place);
}

static void begin(struct listing *listing)
{
    static const struct rows_column columns[] = {
        {"start", false}, {"end", false}, {"local", false}, {"note", false}};
    rows_begin(&listing->rows, listing->format, columns, 4, stdout);
}

static bool list(void *context, const struct rule_occurrence *o)
{
    struct listing *listing = context;
    char start[STAMP_TEXT_SIZE], end[STAMP_TEXT_SIZE], local[256], note[RULE_NOTE_SIZE + 64];
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
    rows_add(&listing->rows, (const char *[]){start, end, local, note});
    listing->count++;
    return !listing->rows.is_short_of_memory;
}

const struct command_line line_when = {
    .options = rule_request_options,
    .parser = rule_request_parse,
    .size = sizeof(struct rule_request),
    .words = "RULE",
    .least = 1,
    .most = 1,
    .missing = "a rule is needed, as in \"25 april at 20:00 in Europe/Rome\"",
    .surplus = "put the whole rule between quotes",
    .doc = "When a rule says: its occurrences in a span of days.\v"
           "The language of rules: tocsin-rules(5).  Exit status 1: none in this span.",
};

static int when(struct rule_request *request, const struct environment *environment,
                const struct rule *rule, enum rows_format format)
{
    struct rule_error error;
    struct listing listing = {
        .environment = environment, .shape = rule_shape(rule), .format = format};
    enum rule_result result = rule_evaluate(rule, &environment->rules, request->from, request->to,
                                            list, &listing, &error);
    if (result != RULE_OK) {
        return rule_request_refuse(request, result, &error);
    }
    if (listing.count > 0) {
        return rows_end(&listing.rows) ? EXIT_DONE : say_outside("out of memory");
    }
    begin(&listing);
    (void)rows_end(&listing.rows);
    int code = say_no("no occurrence from %.10s to %.10s", request->from_text, request->to_text);
    rule_request_say_reasons(request);
    return code;
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
