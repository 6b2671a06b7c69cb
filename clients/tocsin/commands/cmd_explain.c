/* tocsin explain: what a rule means, and how its first occurrence in a span came about; for a
 * window also whether its signed instants are what the rule says on this system. */
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "lines/lines.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/windows/review.h"
#include "tocsin/windows/rule_request.h"

/* What is told: sentences for people; for scripts and programs rows of kind, text and, of the first
 * occurrence, its start. */
struct telling {
    struct rows rows;
    const char *kind; /* of what `tell_line` is given */
};

static void tell(struct telling *telling, const char *kind, const char *text, const char *start)
{
    if (telling->rows.format == ROWS_TABLE) {
        say_wrapped(stdout, 0, 2, "%s", text);
    } else {
        rows_add(&telling->rows, (const char *[]){kind, text, start});
    }
}

/* For rule_explain: its first line is the rule. */
static void tell_line(void *context, const char *line)
{
    struct telling *telling = context;
    tell(telling, telling->kind, line, "");
    telling->kind = "why";
}

struct first {
    struct rule_occurrence is;
    bool is_found;
};

static bool keep_first(void *context, const struct rule_occurrence *o)
{
    struct first *first = context;
    *first = (struct first){*o, true};
    return false;
}

/* The first occurrence in the span, or why there is none. */
static enum rule_result tell_first(const struct rule_request *request,
                                   const struct environment *environment, const struct rule *rule,
                                   struct telling *telling, struct rule_error *error)
{
    struct first first = {.is_found = false};
    struct rule_world world = environment->rules;
    world.zone_list = NULL; /* of a wave the date is enough */
    enum rule_result result =
        rule_evaluate(rule, &world, request->from, request->to, keep_first, &first, error);
    if (result == RULE_OK && first.is_found) {
        struct rule_request_day day;
        char text[sizeof day.local + sizeof day.where + 8], start[STAMP_TEXT_SIZE];
        rule_request_write_day(request, environment, rule_shape(rule), &first.is, &day);
        snprintf(text, sizeof text, "%s%s%s%s", telling->rows.format == ROWS_TABLE ? "→ " : "",
                 day.local, *day.where != '\0' ? " " : "", day.where);
        stamp_write(first.is.start, start);
        if (rule_shape(rule) != RULE_MOMENT) {
            stamp_write_date(first.is.date, start);
        }
        tell(telling, "first", text, start);
    } else if (result == RULE_OK) {
        rule_request_say_none(request, environment, rule);
    }
    return result;
}

/* In a person's language: the rule, its canonical line, and the first of its occurrences. */
static enum rule_result say_in(const struct rule_request *request,
                               const struct environment *environment, const struct rule *rule,
                               struct telling *telling, struct rule_error *error)
{
    static char said[SENTENCE_SIZE], line[RULE_TEXT_SIZE];
    sentence_say(rule, request->language, said);
    rule_write(rule, line);
    tell(telling, "said", said, "");
    tell(telling, "rule", line, "");
    return tell_first(request, environment, rule, telling, error);
}

/* Why it lies where it does; people read of the first occurrence in the last of these lines. */
static enum rule_result explain_in_steps(const struct rule_request *request,
                                         const struct environment *environment,
                                         const struct rule *rule, struct telling *telling,
                                         struct rule_error *error)
{
    enum rule_result result = rule_explain(rule, &environment->rules, request->from, request->to,
                                           tell_line, telling, error);
    return result == RULE_OK && telling->rows.format != ROWS_TABLE
               ? tell_first(request, environment, rule, telling, error)
               : result;
}

static bool is_uid(const char *text)
{
    return session_may_be_id(text) && strlen(text) < RECORD_UID_TEXT_SIZE;
}

/* The signed instants decide; the rule is only asked whether it still says the same. */
static void cross_check(const struct session *session, const struct environment *environment,
                        const struct record_window *is, struct telling *telling)
{
    static const char *const kind[] = {
        [PLAN_AGREES] = "agrees",
        [PLAN_CONTRADICTS] = "contradicts",
        [PLAN_NOT_CHECKED] = "unchecked",
    };
    char text[160];
    struct plan_review *review = say_memory(plan_review(is, &environment->rules, session->now_utc));
    if (review->verdict == PLAN_AGREES) {
        snprintf(text, sizeof text, "All %zu signed %s are what the rule says here.",
                 review->agreed, is->wave == WAVE_NONE ? "instants" : "dates and instants");
        tell(telling, kind[PLAN_AGREES], text, "");
    } else if (telling->rows.format != ROWS_TABLE) { /* people read it below */
        snprintf(text, sizeof text, "%zu of the signed dates are what the rule says here, %zu not",
                 review->agreed, review->difference_count);
        tell(telling, kind[review->verdict], text, "");
    }
    review_tell_dates(session, environment, is, review);
    plan_review_free(review);
}

static int explain(struct rule_request *request, const struct session *session,
                   struct environment *environment, const char *text,
                   const struct record_window *window)
{
    static const struct rows_column column[] = {{"kind", false}, {"text", false}, {"start", false}};
    struct telling telling = {.kind = "rule"};
    struct rule *rule;
    struct rule_error error;
    int code = rule_request_open(request, session, text, environment, &rule);
    if (code != EXIT_DONE) {
        return code;
    }
    rows_begin(&telling.rows, session->options->format, column, 3, stdout);
    enum rule_result result = request->has_language
                                  ? say_in(request, environment, rule, &telling, &error)
                                  : explain_in_steps(request, environment, rule, &telling, &error);
    if (result != RULE_OK) {
        code = rule_request_refuse(request, result, &error);
    } else if (window != NULL) {
        cross_check(session, environment, window, &telling);
    }
    rows_end(&telling.rows);
    rule_free(rule);
    return code;
}

static int explain_window(struct rule_request *request, struct session *session,
                          struct environment *environment, const char *uid)
{
    int code = session_need(session, NEED_WINDOW, uid);
    if (code != EXIT_DONE) {
        return code;
    }
    if (session->window->record == NULL) {
        return say_no("this window has no declaration in force");
    }
    const struct record_window *is = &session->window->record->is.window;
    char rule[RULE_TEXT_SIZE];
    if ((size_t)snprintf(rule, sizeof rule, "%.*s", (int)is->rule.len, is->rule.at) >=
        sizeof rule) {
        return say_usage("the rule of this window is too long to be one");
    }
    char line[RULE_TEXT_SIZE];
    if (!request->has_language && session->options->format == ROWS_TABLE &&
        lines_spell(is->rule.at, is->rule.len, line) != LINES_CANONICAL) {
        say_wrapped(stdout, 0, 2, "%s", rule); /* as it was signed */
    }
    return explain(request, session, environment, rule, is);
}

/* Whether it is no rule, and a part of the title of a window here. */
static bool is_title(struct session *session, const char *word)
{
    struct rule_error error;
    struct rule *rule;
    if (lines_read(word, strlen(word), &rule, &error) == RULE_OK) {
        rule_free(rule);
        return false;
    }
    return session_need(session, NEED_VIEW, NULL) == EXIT_DONE &&
           session_names_window(session, word);
}

const struct command_line line_explain = {
    .options = rule_request_options,
    .parser = rule_request_parse,
    .size = sizeof(struct rule_request),
    .words = "RULE|UID",
    .missing = "a rule is needed, as in \"25 april at 20:00 in Europe/Rome\"",
    .surplus = "put the whole rule between quotes",
    .doc =
        "What a rule means, and why its first occurrence lies where it does; for a window (by "
        "its uid, or a part of its title) also whether its signed instants are what its rule says "
        "here.\vThe language of rules: tocsin-rules(5).",
};

int cmd_explain(struct session *session, const struct command_call *call)
{
    struct rule_request request = *(const struct rule_request *)call->options;
    const char *word = call->word[0];
    return is_uid(word) || is_title(session, word)
               ? explain_window(&request, session, call->environment, word)
               : explain(&request, session, call->environment, word, NULL);
}
