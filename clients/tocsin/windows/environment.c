#include "tocsin/windows/environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/almanac.h"
#include "lines/lines.h"
#include "say/say.h"
#include "sentences/sentences.h"
#include "text/text.h"
#include "tocsin/print/rows.h"
#include "words/interface.h"

static const struct zone *find_zone(void *context, const char *name)
{
    return zoneinfo_find(context, name);
}

int environment_open(struct environment *environment, const struct leap_table *leap)
{
    *environment = (struct environment){.zones = zoneinfo_open(NULL)};
    if (environment->zones == NULL) {
        return say_outside("/usr/share/zoneinfo: %s; install the package tzdata", strerror(errno));
    }
    environment->rules = (struct rule_world){
        .zone_find = find_zone,
        .zones = environment->zones,
        .leaps = leap,
        .almanac = almanac_new(),
    };
    return EXIT_DONE;
}

void environment_close(struct environment *environment)
{
    almanac_free(environment->rules.almanac);
    if (environment->zones != NULL) {
        zoneinfo_close(environment->zones);
        environment->zones = NULL;
    }
}

bool environment_read_horizon(const char *text, utc from, utc *out)
{
    if (stamp_read_given(text, out)) {
        return true;
    }
    char *end;
    long count = strtol(text, &end, 10);
    if (end == text || count < 1 || end[0] == '\0' || end[1] != '\0') {
        return false;
    }
    /* Compared before it is added: a sum beyond 2262 would wrap around. */
    if (*end == 'y') {
        struct civil at = civil_from_utc(from);
        if (count > 2249 - at.date.year) {
            return false;
        }
        at.date.year += (int32_t)count;
        at.date.day = at.date.month == 2 && at.date.day == 29 ? 28 : at.date.day;
        *out = civil_to_utc(at);
    } else if (*end == 'd') {
        if (count > (UTC_LATEST_S * NS_PER_S - from.ns) / NS_PER_DAY) {
            return false;
        }
        out->ns = from.ns + count * NS_PER_DAY;
    } else {
        return false;
    }
    return utc_is_in_range(*out);
}

/* Where the rule names what the environment does not know; 0: nowhere, it is spelled otherwise. */
static size_t column_of(const char *rule, const char *unknown)
{
    const char *at = *unknown != '\0' ? strcasestr(rule, unknown) : NULL;
    return at != NULL ? 1 + text_characters(rule, (size_t)(at - rule)) : 0;
}

enum { SHORT_EXPECTATION = 60 }; /* bytes; longer, examples say more */

const char *environment_say(enum language language, const char *phrase)
{
    return interface_say((enum interface_language)language, phrase); /* the same ten come first */
}

/* A line as the language says it, and below it the line itself. */
static void tell_line(const char *before, const char *line, enum language language)
{
    static char said[SENTENCE_SIZE];
    struct rule *rule;
    if (language == LANGUAGE_EN || lines_read(line, strlen(line), &rule, NULL) != RULE_OK) {
        say_note("%s \"%s\"", before, line);
        return;
    }
    sentence_say(rule, language, said);
    rule_free(rule);
    say_note("%s \"%s\"", before, said);
    say_note("%*s = %s", say_width(before, strlen(before)), "", line);
}

/* What is wrong, in the language, and what exactly, in English. */
static void say_detail(const struct rule_error *error, enum language language)
{
    if (language != LANGUAGE_EN && error->language != language) {
        say_note("en: %s", error->message);
    }
}

static void say_reading(const char *line, bool is_first, enum language language)
{
    const char *first = environment_say(language, "rule_could"),
               *other = environment_say(language, "rule_or");
    char before[120];
    snprintf(before, sizeof before, "%*s%s",
             is_first ? 0 : say_width(first, strlen(first)) - say_width(other, strlen(other)), "",
             is_first ? first : other);
    tell_line(before, line, language);
}

static void say_examples(enum language language)
{
    static const char *const examples[] = {"25 april at 20:00 in Europe/Rome",
                                           "1st sunday of may at 12:00 in Europe/Berlin",
                                           "every full moon"};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        tell_line(environment_say(language, i == 0 ? "rule_like" : "rule_or"), examples[i],
                  language);
    }
}

int environment_refuse_rule(const char *rule, const struct rule_error *error,
                            enum language language)
{
    const char *message =
        language == LANGUAGE_EN || error->language == language
            ? error->message
            : environment_say(language, error->is_question ? "rule_asked" : "rule_unread");
    int code;
    size_t column = error->column > 0 ? error->column : column_of(rule, error->unknown);
    if (column > 0) {
        code = say_usage("rule:%zu:%zu: %s", error->column > 0 ? error->line : 1, column, message);
        say_note("  %s", rule);
        /* The caret stands under the character: columns count characters, the terminal counts
         * cells, and for what rules are written in these are the same. */
        say_note("  %*s^", (int)column - 1, "");
    } else {
        code = say_usage("rule: %s", message);
    }
    say_detail(error, language);
    for (size_t i = 0; i < error->readings; i++) {
        say_reading(error->reading[i], i == 0, language);
    }
    if (*error->nearest != '\0' && language == LANGUAGE_EN) {
        say_note("did you mean \"%s\"?", error->nearest);
    } else if (*error->nearest != '\0') {
        tell_line(environment_say(language, "rule_nearest"), error->nearest, language);
    } else if (*error->example[0] != '\0') {
        for (size_t i = 0; i < 3; i++) {
            say_note("%s \"%s\"", environment_say(language, i == 0 ? "rule_like" : "rule_or"),
                     error->example[i]);
        }
    } else if (*error->expected != '\0' && strlen(error->expected) <= SHORT_EXPECTATION &&
               language == LANGUAGE_EN) {
        say_note("expected %s", error->expected);
    } else if (language != LANGUAGE_EN && error->readings == 0) {
        say_examples(language);
    } else if (*error->expected != '\0') {
        say_note(
            "rules are written like \"25 april at 20:00 in Rome\", \"1st sunday of may at noon "
            "in Berlin\" or \"every full moon\"; see tocsin-rules(5)");
    }
    return code;
}

static bool keep_last(void *context, const struct rule_occurrence *o)
{
    utc *last = context;
    *last = last->ns > o->start.ns ? *last : o->start;
    return true;
}

bool environment_last(const struct environment *environment, const struct rule *rule, utc before,
                      char out[static STAMP_TEXT_SIZE])
{
    utc last = {INT64_MIN};
    for (int years = 1; years <= 200 && last.ns == INT64_MIN; years *= 2) {
        utc begin = {before.ns - years * 366 * NS_PER_DAY};
        struct rule_error error;
        if (!utc_is_in_range(begin) || rule_evaluate(rule, &environment->rules, begin, before,
                                                     keep_last, &last, &error) != RULE_OK) {
            return false;
        }
    }
    if (last.ns == INT64_MIN) {
        return false;
    }
    stamp_write(last, out);
    return true;
}
