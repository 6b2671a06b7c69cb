#include "tocsin/windows/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "lines/lines.h"
#include "list/list.h"
#include "say/say.h"
#include "say/set.h"
#include "tocsin/print/times.h"

enum {
    OPTION_TITLE = 0x200,
    OPTION_TITLE_IN,
    OPTION_ABOUT,
    OPTION_ABOUT_IN,
    OPTION_BEACON,
};

static const struct argp_option option[] = {
    {"title", OPTION_TITLE, "TEXT", 0, "What it is called; --title.it TEXT in Italian", 0},
    {"title-in", OPTION_TITLE_IN, "TAG=TEXT", OPTION_HIDDEN, NULL, 0},
    {"about", OPTION_ABOUT, "TEXT", 0, "What people should know; --about.it TEXT in Italian", 0},
    {"about-in", OPTION_ABOUT_IN, "TAG=TEXT", OPTION_HIDDEN, NULL, 0},
    {"gesture", SAY_SETS(window_options, gesture),
     "silence|candles|noise|mural|march|broadcast|festival|...", 0,
     "What people do (default: silence)", 0},
    {"tone", SAY_SETS(window_options, tone), "mourning|vigil|celebration|reflection", 0,
     "Its tone (default: vigil)", 0},
    {"rule", SAY_SETS(window_options, rule), "RULE", 0,
     "When, e.g. \"25 april at 20:00 in Europe/Rome for 15m\"", 0},
    {"for", SAY_SETS(window_options, duration), "DURATION", 0,
     "How long, if the rule does not say: 90s, 15m, 1h", 0},
    {"rest", SAY_SETS(window_options, rest), "DURATION", 0, "A time of rest that follows: 24h", 0},
    {"url", SAY_SETS(window_options, url), "URL", 0, "Where to read more", 0},
    {"beacon", OPTION_BEACON, "KEYID|NAME", 0, "Only these of the root's beacons tick; repeat", 0},
    {"expires", SAY_SETS(window_options, expires), "INSTANT", 0,
     "When the declaration ends (default: the new year after the last occurrence)", 0},
    {"horizon", SAY_SETS(window_options, horizon), "DATE|Ny|Nd", 0,
     "How far the rule is resolved (default: 2y)", 0},
    {0},
};

static void add_prose(struct argp_state *state, struct window_options *options, bool is_title,
                      const char *tag, const char *value)
{
    struct window_prose *prose = is_title ? options->title : options->about;
    size_t *count = is_title ? &options->title_count : &options->about_count;
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(prose[i].tag, tag) == 0) {
            argp_error(state, "--%s%s%s is given twice", is_title ? "title" : "about",
                       *tag != '\0' ? "." : "", tag);
        }
    }
    if (*count == WINDOW_PROSE_MAX) {
        argp_error(state, "more than %d languages", WINDOW_PROSE_MAX);
        return;
    }
    prose[(*count)++] = (struct window_prose){tag, value};
}

/* Takes the options as they come; what they mean is read by window_apply, which knows the zones. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct window_options *options = state->input;
    switch (key) {
    case OPTION_TITLE:
    case OPTION_ABOUT:
        add_prose(state, options, key == OPTION_TITLE, "", arg);
        return 0;
    case OPTION_TITLE_IN:
    case OPTION_ABOUT_IN: {
        char *sign = strchr(arg, '=');
        if (sign == NULL || sign == arg) {
            argp_error(state, "\"%s\": write --title.it TEXT", arg);
            return 0;
        }
        *sign = '\0'; /* window_rewrite's own copy */
        add_prose(state, options, key == OPTION_TITLE_IN, arg, sign + 1);
        return 0;
    }
    case OPTION_BEACON:
        return options_add(state, arg, options->beacon, &options->beacon_count, WINDOW_BEACONS_MAX,
                           "beacons");
    default:
        return say_set(key, arg, state);
    }
}

const struct argp window_argp = {.options = option, .parser = parse};

/* "--title.it" or "--title.it=TEXT" -> "--title-in=it=TEXT". */
static char *rewrite_one(const char *word, const char *next, bool *took_next)
{
    const char *tag = word + strlen("--title.");
    const char *sign = strchr(tag, '=');
    int tag_len = sign != NULL ? (int)(sign - tag) : (int)strlen(tag);
    const char *value = sign != NULL ? sign + 1 : next != NULL ? next : "";
    *took_next = sign == NULL && next != NULL;
    size_t size = strlen(word) + strlen(value) + 16;
    char *out = proposal_keep(malloc(size));
    snprintf(out, size, "%.7s-in=%.*s=%s", word, tag_len, tag, value);
    return out;
}

char **window_rewrite(const struct argp *argp, int *argc, char **argv)
{
    (void)argp;
    char **out = proposal_keep(calloc((size_t)*argc + 1, sizeof *out));
    int count = 0;
    for (int i = 0; i < *argc; i++) {
        if (strncmp(argv[i], "--title.", 8) != 0 && strncmp(argv[i], "--about.", 8) != 0) {
            out[count++] = argv[i];
            continue;
        }
        bool took_next;
        out[count++] = rewrite_one(argv[i], i + 1 < *argc ? argv[i + 1] : NULL, &took_next);
        i += took_next;
    }
    *argc = count;
    return out;
}

static int by_tag(const void *a, const void *b)
{
    const struct record_prose *x = a, *y = b;
    return text_compare(x->tag, y->tag);
}

/* The given languages replace those of before, the others stay. */
static int apply_prose(const char *option_name, bool newlines, const struct window_prose *given,
                       size_t count, struct record_prose *prose, const struct record_prose **out,
                       size_t *out_count)
{
    size_t have = 0;
    for (size_t i = 0; i < *out_count && have < WINDOW_PROSE_MAX; i++) {
        prose[have++] = (*out)[i];
    }
    for (size_t i = 0; i < count; i++) {
        struct record_prose one = {.tag = proposal_text(given[i].tag)};
        char name[64];
        snprintf(name, sizeof name, "%s%s%s", option_name, *given[i].tag != '\0' ? "." : "",
                 given[i].tag);
        int code = proposal_prose(name, given[i].value, newlines, &one.value);
        if (code != EXIT_DONE) {
            return code;
        }
        size_t at = 0;
        while (at < have && by_tag(&prose[at], &one) != 0) {
            at++;
        }
        if (at == WINDOW_PROSE_MAX) {
            return say_usage("%s: more than %d languages", option_name, WINDOW_PROSE_MAX);
        }
        prose[at] = one;
        have = at == have ? have + 1 : have;
    }
    list_sort(prose, have, sizeof *prose, by_tag);
    *out = prose;
    *out_count = have;
    return EXIT_DONE;
}

static int read_duration(const char *option_name, const char *text, bool whole_days, span *out)
{
    if (!duration_read(text, strlen(text), whole_days, out)) {
        return say_usage("%s \"%s\": not a duration; write 90s, 15m or 24h in the largest exact "
                         "unit, 1s to 720h",
                         option_name, text);
    }
    return EXIT_DONE;
}

/* A beacon of the root by its key id or its name. */
static int read_beacon(const struct view_root *root, const char *which, struct record_key_id *out)
{
    const struct record_root *is = &root->newest->is.root;
    for (size_t i = 0; i < is->beacon_count; i++) {
        struct text name = is->beacon[i].name;
        if (strcmp(which, record_key_id_text(&is->beacon[i].public.id).text) == 0 ||
            text_is(name, which)) {
            *out = is->beacon[i].public.id;
            return EXIT_DONE;
        }
    }
    return say_usage(
        "--beacon \"%s\": the root has no such beacon; \"tocsin root show\" lists them", which);
}

static bool ask_duration(span *out)
{
    const char *typed = proposal_ask("How long (e.g. 1m, 15m, 2h)");
    bool in_days = typed != NULL && *typed != '\0' && typed[strlen(typed) - 1] == 'd';
    return typed != NULL && read_duration("how long", typed, in_days, out) == EXIT_DONE;
}

static int refuse_plan(enum plan_result result, const char *rule, const struct rule_error *error,
                       bool horizon_given)
{
    switch (result) {
    case PLAN_BAD_RULE:
        return environment_refuse_rule(rule, error, environment_language());
    case PLAN_NO_OCCURRENCE:
        return say_no("\"%s\" has no occurrence %s", rule,
                      horizon_given ? "before the horizon" : "from now on");
    case PLAN_NO_DURATION:
        return say_usage("how long? add \"for 15m\" to the rule, or give --for");
    case PLAN_TWO_DURATIONS:
        return say_usage(
            "the rule and --for say different durations: leave one of them out, or give a "
            "rule of whole days an hour with \"at\"");
    case PLAN_BAD_DURATION:
        return say_usage("the duration must be whole seconds, 1s to 720h (whole days for a wave of "
                         "days)");
    case PLAN_TOO_MANY_PLACES:
        return say_usage("one occurrence has more places than a record may hold (%d lines): name "
                         "fewer, or declare several windows",
                         RECORD_OCCURRENCES_MAX);
    case PLAN_NO_MEMORY:
    case PLAN_OK:
        break;
    }
    say_no_memory();
}

/* The first and the last of what was announced, held against the two that are there. */
static void widen(const struct session *session, const struct record_window *before, utc *first,
                  utc *last)
{
    for (size_t i = 0; before != NULL && i < before->at_count + before->on_count; i++) {
        utc at = i < before->at_count
                     ? leap_to_utc(&session->leap, before->at[i].at, NULL)
                     : civil_to_utc((struct civil){.date = before->on[i - before->at_count].date});
        *first = at.ns < first->ns ? at : *first;
        *last = at.ns > last->ns ? at : *last;
    }
}

/* Two years; an amendment reaches at least to the end of the year of the last date that was
 * announced, so that changing the hour calls no year off. */
static utc default_horizon(const struct session *session, const struct record_window *before)
{
    utc end = {UTC_LATEST_S * NS_PER_S - NS_PER_S};
    utc first = session->now_utc, last = session->now_utc;
    widen(session, before, &first, &last);
    utc new_year = civil_to_utc((struct civil){.date = {civil_from_utc(last).date.year + 1, 1, 1}});
    utc to;
    if (!environment_read_horizon("2y", session->now_utc, &to)) {
        to = end;
    }
    to = new_year.ns > to.ns ? new_year : to;
    return to.ns < end.ns ? to : end;
}

/* One occurrence alone, when the default horizon holds none: an eclipse, a day in the far
 * future. */
static enum plan_result resolve_next(const struct rule *rule, const struct environment *environment,
                                     utc from, const span *duration, struct plan **out,
                                     struct rule_error *error)
{
    utc end = {UTC_LATEST_S * NS_PER_S - NS_PER_S};
    enum plan_result result = PLAN_NO_OCCURRENCE;
    while (result == PLAN_NO_OCCURRENCE && from.ns < end.ns) {
        utc to;
        to = environment_read_horizon("5y", from, &to) ? to : end;
        result = plan_resolve(rule, &environment->rules, from, to, duration, out, error);
        from = to;
    }
    return result;
}

/* Where resolving begins: now; for an amendment a year earlier, so that what was keeps its
 * place. */
static utc resolve_from(const struct session *session, const struct record_window *before)
{
    utc first = session->now_utc, last = session->now_utc;
    widen(session, before, &first, &last);
    utc year_ago = {session->now_utc.ns - 366 * NS_PER_DAY};
    return first.ns > year_ago.ns ? first : year_ago;
}

/* From words to instants.  Where the usual span holds none, the next one alone is sought as far as
 * the tables reach, for an eclipse is no mistake; only a rule whose last date is past is refused as
 * such.  What is missing is asked for at a terminal rather than refused. */
static int resolve(const struct session *session, const struct environment *environment,
                   const struct window_options *options, const struct record_window *before,
                   const char *text, const span *duration, char canonical[static RULE_TEXT_SIZE],
                   struct plan **out)
{
    struct rule_error error = {0};
    struct rule *rule;
    enum rule_result read = lines_read_for(text, strlen(text), environment_language(),
                                           civil_from_utc(session->now_utc).date, &rule, &error);
    if (read == RULE_NO_MEMORY) {
        say_no_memory();
    }
    if (read != RULE_OK) {
        return environment_refuse_rule(text, &error, environment_language());
    }
    if (rule_notice(rule) != NULL) {
        say_note("%s", rule_notice(rule));
    }
    (void)rule_write(rule, canonical);
    enum rule_shape shape = rule_shape(rule);
    utc from = resolve_from(session, before);
    utc last_zone = {session->now_utc.ns - 12 * 3600 * NS_PER_S};
    if ((shape == RULE_WAVE_BY_CLOCK || shape == RULE_WAVE_OF_DAYS) && from.ns > last_zone.ns) {
        from = last_zone; /* told as if in UTC: at UTC-12 it is still to come */
    }
    utc to = default_horizon(session, before);
    if (options->horizon != NULL &&
        (!environment_read_horizon(options->horizon, session->now_utc, &to) || to.ns < from.ns)) {
        rule_free(rule);
        return say_usage(
            "--horizon \"%s\": write a date to come, 5y or 90d; nothing is resolved beyond 2249",
            options->horizon);
    }
    enum plan_result result =
        plan_resolve(rule, &environment->rules, from, to, duration, out, &error);
    span asked;
    if (result == PLAN_NO_DURATION && ask_duration(&asked)) {
        duration = &asked;
        result = plan_resolve(rule, &environment->rules, from, to, duration, out, &error);
    }
    if (result == PLAN_NO_OCCURRENCE && options->horizon == NULL) {
        result = resolve_next(rule, environment, from, duration, out, &error);
    }
    char last[STAMP_TEXT_SIZE];
    if (result == PLAN_NO_OCCURRENCE && environment_last(environment, rule, from, last)) {
        rule_free(rule);
        return say_no("\"%s\" is past: its last date was %s", text, last);
    }
    rule_free(rule);
    return result == PLAN_OK ? EXIT_DONE
                             : refuse_plan(result, text, &error, options->horizon != NULL);
}

/* An amendment that says nothing of the rule has the one before resolved anew, as zones may have
 * changed since; its keys are kept for the dates that stay, for by them people's calendars move an
 * entry rather than add another. */
static int apply_dates(const struct session *session, const struct environment *environment,
                       const struct window_options *options, const struct record_window *before,
                       struct window_draft *draft)
{
    struct record_window *is = &draft->record.is.window;
    char rule[RULE_TEXT_MAX + 1], canonical[RULE_TEXT_SIZE];
    const char *given = options->rule;
    if (given == NULL) {
        snprintf(rule, sizeof rule, "%.*s", (int)is->rule.len, is->rule.at);
    } else if ((size_t)snprintf(rule, sizeof rule, "%s", given) >= sizeof rule) {
        return say_usage("--rule: longer than %d bytes", RULE_TEXT_MAX);
    }
    span duration;
    bool has_duration = false;
    if (options->duration != NULL) {
        bool in_days =
            options->duration[0] != '\0' && options->duration[strlen(options->duration) - 1] == 'd';
        int code = read_duration("--for", options->duration, in_days, &duration);
        if (code != EXIT_DONE) {
            return code;
        }
        has_duration = true;
    } else if (given == NULL && before != NULL) {
        duration = before->duration;
        has_duration = true;
    }
    int code = resolve(session, environment, options, before, rule, has_duration ? &duration : NULL,
                       canonical, &draft->plan);
    if (code != EXIT_DONE) {
        return code;
    }
    if (before != NULL) {
        plan_keep_keys(draft->plan, before);
    }
    plan_fill(draft->plan, is);
    if (given != NULL) { /* in one spelling, whatever was typed */
        memcpy(draft->rule, canonical, sizeof draft->rule);
        if (strlen(canonical) > RULE_TEXT_MAX) {
            return say_usage("--rule: longer than %d bytes when written out", RULE_TEXT_MAX);
        }
        code = proposal_prose("--rule", draft->rule, false, &is->rule);
    }
    const char *version = zoneinfo_version(environment->zones);
    is->zones = version != NULL ? proposal_text(version) : (struct text){NULL, 0};
    if (options->expires == NULL) {
        is->expires = plan_expiry(draft->plan, is->has_rest ? is->rest : (span){0}, &session->leap);
    }
    return code;
}

/* A window that ends before its first date would never ring. */
static int refuse_early_expiry(const struct session *session, const struct record_window *is)
{
    for (size_t i = 0; i < is->at_count; i++) {
        if (instant_compare(is->at[i].at, is->expires) < 0) {
            return EXIT_DONE;
        }
    }
    return is->at_count == 0
               ? EXIT_DONE
               : say_usage("--expires %s: before the first date, %s, so that nothing would ring",
                           session_stamp(session, is->expires).text,
                           session_stamp(session, is->at[0].at).text);
}

/* Only what was given is changed, and dates are planned again only where something that they hang
 * on was given: an amendment of a title moves nothing, though zone data have changed since. */
int window_apply(const struct session *session, const struct environment *environment,
                 const struct view_root *root, const struct window_options *options,
                 const struct record_window *before, struct window_draft *draft)
{
    struct record_window *is = &draft->record.is.window;
    int code = apply_prose("--title", false, options->title, options->title_count, draft->title,
                           &is->title, &is->title_count);
    if (code == EXIT_DONE) {
        code = apply_prose("--about", true, options->about, options->about_count, draft->about,
                           &is->about, &is->about_count);
    }
    if (code == EXIT_DONE && options->gesture != NULL) {
        code = proposal_prose("--gesture", options->gesture, false, &is->gesture);
    }
    if (code == EXIT_DONE && options->tone != NULL &&
        !record_tone_read(text_of(options->tone), &is->tone)) {
        code = say_usage("--tone \"%s\": choose mourning, vigil, celebration or reflection",
                         options->tone);
    }
    if (code == EXIT_DONE && options->rest != NULL) {
        is->has_rest = true;
        code = read_duration("--rest", options->rest, false, &is->rest);
    }
    if (code == EXIT_DONE && options->url != NULL && !text_is_web(text_of(options->url))) {
        code = say_usage("--url \"%s\": begin it with https://", options->url);
    }
    if (code == EXIT_DONE && options->url != NULL) {
        code = proposal_prose("--url", options->url, false, &is->url);
    }
    for (size_t i = 0; code == EXIT_DONE && i < options->beacon_count; i++) {
        code = read_beacon(root, options->beacon[i], &draft->beacon[i]);
        is->beacon = draft->beacon;
        is->beacon_count = i + 1;
    }
    if (code == EXIT_DONE && options->expires != NULL) {
        utc expires;
        if (!stamp_read_given(options->expires, &expires)) {
            return say_usage(
                "--expires \"%s\": not an instant from 1700 to 2249; write 2028-01-01T00:00:00Z",
                options->expires);
        }
        is->expires = leap_from_utc(&session->leap, expires, NULL);
    }
    bool dates_change = before == NULL || options->rule != NULL || options->horizon != NULL ||
                        options->duration != NULL;
    if (code == EXIT_DONE && dates_change) {
        code = apply_dates(session, environment, options, before, draft);
    }
    is->made = proposal_made(session);
    return code == EXIT_DONE && options->expires != NULL ? refuse_early_expiry(session, is) : code;
}

enum { SHORT_HOURS = 6 };

/* How many of its dates come only at the end of something, or after it. */
static size_t count_late(const struct record_window *is, instant end)
{
    size_t late = 0;
    for (size_t i = 0; i < view_line_count(is); i++) {
        late += instant_compare(view_line(is, i).start, end) >= 0;
    }
    return late;
}

void window_judge(const struct session *session, const struct view_root *root,
                  const struct window_draft *draft)
{
    const struct record_window *is = &draft->record.is.window;
    const struct record_root *of = &root->newest->is.root;
    size_t late = count_late(is, of->expires), count = view_line_count(is);
    if (late > 0) {
        const char *end = late == 1 ? "s" : "";
        say_warning(
            "%zu of %zu occurrence%s come%s after the root's end (%s) and count%s only once "
            "\"tocsin root rotate\" has prolonged it",
            late, count, text_s(count), end, session_stamp(session, of->expires).text, end);
    }
    instant first = is->expires;
    for (size_t i = 0; i < count; i++) {
        instant start = view_line(is, i).start;
        bool is_ahead = instant_compare(start, session->now) > 0;
        first = is_ahead && instant_compare(start, first) < 0 ? start : first;
    }
    span ahead = instant_since(first, session->now);
    if (count > 0 && of->threshold > 1 && ahead.ns < SHORT_HOURS * 3600 * NS_PER_S) {
        char until[TIMES_UNTIL_SIZE];
        say_warning("it begins %s, and counts only when %u organizers have signed before",
                    times_until(ahead, until), of->threshold);
    }
    late = count_late(is, is->expires);
    if (late > 0) {
        const char *end = late == 1 ? "s" : "";
        say_warning(
            "%zu of the occurrences lie%s after the window's own --expires and never count%s", late,
            end, end);
    }
}
