/* tocsin explain: what a rule means, and how its first occurrence in a span came about; for a
 * window also whether its signed instants are what the rule says on this system. */
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "plan/plan.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/windows/rule_request.h"

static void print(void *context, const char *line)
{
    (void)context;
    puts(line);
}

static bool is_uid(const char *text)
{
    return session_may_be_id(text) && strlen(text) < RECORD_UID_TEXT_SIZE;
}

static const struct record_at *find_key(const struct record_at *at, size_t count,
                                        const struct record_at *like)
{
    for (size_t i = 0; i < count; i++) {
        if (at[i].key.len == like->key.len && at[i].place.len == like->place.len &&
            memcmp(at[i].key.at, like->key.at, like->key.len) == 0 &&
            (like->place.len == 0 ||
             memcmp(at[i].place.at, like->place.at, like->place.len) == 0)) {
            return &at[i];
        }
    }
    return NULL;
}

/* The signed instants decide; the rule is only asked whether it still says the same. */
static void cross_check(const struct session *session, const struct environment *environment,
                        const struct rule *rule, const struct record_window *is)
{
    if (is->at_count == 0) {
        return;
    }
    utc from = leap_to_utc(&session->leap, is->at[0].at, NULL), to = from;
    for (size_t i = 0; i < is->at_count; i++) {
        utc at = leap_to_utc(&session->leap, is->at[i].at, NULL);
        from = at.ns < from.ns ? at : from;
        to = at.ns > to.ns ? at : to;
    }
    from.ns -= NS_PER_DAY;
    to.ns += NS_PER_DAY;
    struct plan *plan;
    struct rule_error error;
    if (plan_resolve(rule, &environment->rules, from, to, &is->duration, &plan, &error) !=
        PLAN_OK) {
        say_warning("the rule cannot be resolved here; the signed instants stand all the same");
        return;
    }
    plan_keep_keys(plan, is);
    size_t different = 0;
    for (size_t i = 0; i < is->at_count; i++) {
        const struct record_at *now = find_key(plan->at, plan->at_count, &is->at[i]);
        if (now != NULL && instant_compare(now->at, is->at[i].at) == 0) {
            continue;
        }
        char stamp[STAMP_TEXT_SIZE], other[STAMP_TEXT_SIZE] = "not at all";
        if (now != NULL) {
            session_stamp(session, now->at, other);
        }
        say_warning("%.*s: signed for %s; the rule says %s here today.  What is signed decides",
                    (int)is->at[i].key.len, is->at[i].key.at,
                    session_stamp(session, is->at[i].at, stamp), other);
        different++;
    }
    if (different == 0) {
        printf("All %zu signed instants are what the rule says here.\n", is->at_count);
    }
    plan_free(plan);
}

static int explain(struct rule_request *request, const struct session *session,
                   struct environment *environment, const char *text,
                   const struct record_window *window)
{
    struct rule *rule;
    struct rule_error error;
    int code = rule_request_open(request, session, text, environment, &rule);
    if (code != EXIT_DONE) {
        return code;
    }
    enum rule_result result =
        rule_explain(rule, &environment->rules, request->from, request->to, print, NULL, &error);
    if (result != RULE_OK) {
        code = rule_request_refuse(request, result, &error);
    } else if (window != NULL) {
        cross_check(session, environment, rule, window);
    }
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
    puts(rule);
    return explain(request, session, environment, rule, is);
}

const struct command_line line_explain = {
    .options = rule_request_options,
    .parser = rule_request_parse,
    .size = sizeof(struct rule_request),
    .words = "RULE|UID",
    .least = 1,
    .most = 1,
    .missing = "a rule is needed, as in \"25 april at 20:00 in Europe/Rome\"",
    .surplus = "put the whole rule between quotes",
    .doc = "What a rule means, and why its first occurrence lies where it does; for a window (its "
           "uid, or the first 8 digits) also whether its signed instants are what its rule says "
           "here.\vThe language of rules: tocsin-rules(5).",
};

int cmd_explain(struct session *session, const struct command_call *call)
{
    struct rule_request request = *(const struct rule_request *)call->options;
    const char *word = call->word[0];
    return is_uid(word) ? explain_window(&request, session, call->environment, word)
                        : explain(&request, session, call->environment, word, NULL);
}
