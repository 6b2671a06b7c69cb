/* A rule as a sentence: its rows with their forms, and its clauses one after another. */
#include <stdio.h>
#include <string.h>

#include "sentences/sentences.h"
#include "sentences/speaker.h"

/* The forms of (a|b) before a date, and what stands in for one that a row does not have: the last
 * but one before it. */
enum { FORM_DATE, FORM_OTHER, FORM_SPECIAL_DAY, FORM_EASTER };

/* What a preposition becomes before a date of that day: dall'8 maggio, την 1 Μαΐου. */
static size_t form_before_day(const struct speaker *s, int32_t day)
{
    bool is_special = s->language == LANGUAGE_IT   ? day == 8 || day == 11
                      : s->language == LANGUAGE_EL ? day == 1
                                                   : false;
    return is_special ? FORM_SPECIAL_DAY : FORM_DATE;
}

static size_t form_before_nested(const struct speaker *s, const struct node *nested)
{
    bool is_date = nested->kind == NODE_DATE || nested->kind == NODE_ANNUAL;
    return nested->kind == NODE_EASTER ? FORM_EASTER
           : is_date                   ? form_before_day(s, nested->date.day)
                                       : FORM_OTHER;
}

static size_t form_before_name(struct speaker *s, char slot, const struct slots *slots)
{
    char said[PLACE_NAME_SIZE] = "";
    if (slot == 'j') {
        sentence_zone(slots->name, s->language, said);
    } else if (slot == 'p' || !s->rule->is_all_places) {
        speak_place_name(s, slot == 'p' ? slots->name : s->rule->place[0], said);
    }
    return sentence_form_before(said, s->language, &s->article);
}

/* (a|b): by what follows, the slot next or what the row is about. */
static size_t form_before(struct speaker *s, char next, const struct slots *slots)
{
    if (next == 'j' || next == 'p' || next == 'Q') {
        return form_before_name(s, next, slots);
    }
    if (next == 'd' || next == 'G') {
        return form_before_day(s, next == 'd' ? slots->date.day : slots->other.day);
    }
    if (slots->bounds != NULL) {
        return slots->bounds->date.month != 0 ? form_before_day(s, slots->bounds->date.day)
                                              : FORM_OTHER;
    }
    if (slots->nested != NULL) {
        return form_before_nested(s, slots->nested);
    }
    assert(slots->node != NULL);
    return strchr("ao", *s->names->month_of[month_of(slots->node) - 1]) != NULL ? 1 : 0;
}

/* The form that a noun's gender, a number or what follows asks for. */
static size_t choose(struct speaker *s, char kind, char next, const struct slots *slots)
{
    if (kind == '<') {
        return sayings_plural(s->language, slots->n);
    }
    if (kind == '[') {
        return slots->gender == 'f' ? 1 : slots->gender == 'n' ? 2 : 0;
    }
    return form_before(s, next, slots);
}

static size_t count_forms(const char *from, const char *last)
{
    size_t count = 1;
    for (; from < last; from++) {
        count += *from == '|';
    }
    return count;
}

void speak(struct speaker *s, enum saying saying, const struct slots *slots)
{
    for (const char *at = sayings_of(saying, (int)s->language); *at != '\0'; at++) {
        if (*at == '{') {
            bool is_in_noun = sentence_counts_without_number(s->language, slots->n) &&
                              strncmp(at, "{n} <", 5) == 0;
            if (!is_in_noun) {
                speak_slot(s, at[1], slots);
            }
            at += is_in_noun ? 3 : 2; /* and no blank */
        } else if (*at == '<' || (*at == '[' && at[1] != '{') || *at == '(') {
            char end = *at == '<' ? '>' : *at == '[' ? ']' : ')';
            const char *form = at + 1, *last = strchr(at, end);
            size_t which = choose(s, *at, last[1] == '{' ? last[2] : '\0', slots);
            size_t forms = count_forms(form, last);
            while (which >= forms) { /* what is special is of its kind */
                which = end == ')' ? which - 2 : forms - 1;
            }
            for (; which > 0; which--) {
                form += strcspn(form, "|") + 1;
            }
            size_t len = strcspn(form, "|");
            len = len < (size_t)(last - form) ? len : (size_t)(last - form);
            draft_print(&s->text, "%.*s", (int)len, form);
            at = last;
        } else {
            draft_print(&s->text, "%c", *at);
        }
    }
}

static void speak_time(struct speaker *s)
{
    const struct rule *rule = s->rule;
    struct slots slots = {.name = rule->zone};
    if (rule->time == TIME_MINUTE) {
        speak(s, rule->zone[0] != '\0' ? SAY_MINUTE_IN : SAY_MINUTE, &slots);
    } else if (rule->time != TIME_NONE) {
        speak(s, rule->is_day_start ? SAY_DAY_FROM : SAY_AT, &slots);
    } else if (rule->zone[0] != '\0') {
        speak(s, SAY_IN_ZONE, &slots);
    }
    if (rule->duration.ns != 0) {
        slots.duration = rule->duration;
        speak(s, SAY_FOR, &slots);
    }
}

/* In the order in which rule_write has them: people hold a sentence against its line. */
static void speak_clauses(struct speaker *s)
{
    const struct rule *rule = s->rule;
    struct slots slots = {.n = rule->times};
    if (rule->since.is_given) {
        slots.bounds = &rule->since;
        speak(s, SAY_SINCE, &slots);
    }
    if (rule->until.is_given) {
        slots.bounds = &rule->until;
        speak(s, SAY_UNTIL, &slots);
    }
    if (rule->times > 0) {
        speak(s, SAY_TIMES, &slots);
    }
    slots.n = rule->every_years;
    slots.year = rule->every_years_from;
    if (rule->every_years > 0) {
        speak(s, slots.year != 0 ? SAY_EVERY_YEARS_FROM : SAY_EVERY_YEARS, &slots);
    }
    slots.bounds = rule->exception;
    slots.count = rule->exceptions;
    if (slots.count > 0) {
        speak(s, SAY_EXCEPT, &slots);
    }
    for (size_t i = 0; i < rule->moves; i++) {
        slots.date = rule->move[i].from;
        slots.other = rule->move[i].to;
        speak(s, SAY_MOVE, &slots);
    }
    slots.bounds = rule->addition;
    slots.count = rule->additions;
    if (slots.count > 0) {
        speak(s, SAY_ADD, &slots);
    }
    slots.date = rule->anniversary;
    slots.clock = rule->minute;
    if (rule->is_anniversary) {
        speak(s, rule->has_minute ? SAY_ANNIVERSARY_AT : SAY_ANNIVERSARY, &slots);
        if (rule->is_round) {
            speak(s, SAY_ROUND, &slots);
        }
    }
    slots.bounds = &rule->turn_from;
    slots.n = rule->turn_lunation;
    if (rule->turns > 0) {
        speak(s,
              rule->turn_by == TURN_BY_YEAR    ? SAY_ROTATE_YEAR
              : rule->turn_by == TURN_BY_MONTH ? SAY_ROTATE_MONTH
                                               : SAY_ROTATE_LUNATION,
              &slots);
    }
}

size_t sentence_say(const struct rule *rule, enum language language, char out[static SENTENCE_SIZE])
{
    struct speaker s = {.rule = rule,
                        .language = language,
                        .names = &language_names[language],
                        .text = draft_in(out, SENTENCE_SIZE)};
    speak_node(&s, &rule->node[rule->root]);
    speak_time(&s);
    speak_clauses(&s);
    return s.text.len;
}

size_t sentence_say_date(struct civil_date date, enum language language,
                         char out[static SENTENCE_DATE_SIZE])
{
    static const struct rule none = {0};
    struct speaker s = {.rule = &none,
                        .language = language,
                        .names = &language_names[language],
                        .text = draft_in(out, SENTENCE_DATE_SIZE)};
    bool has_comma = language != LANGUAGE_IT && language != LANGUAGE_FR; /* CLDR 42, full dates */
    draft_print(&s.text, "%s%s ", s.names->weekday[civil_weekday(civil_day_number(date))],
                !has_comma                ? ""
                : language == LANGUAGE_AR ? "،"
                                          : ",");
    speak_date(&s, date);
    return s.text.len;
}
