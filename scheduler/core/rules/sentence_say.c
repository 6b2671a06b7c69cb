#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "rules/calendar.h"
#include "rules/sentence.h"
#include "rules/write.h"
#include "words/words.h"

/* The forms of (a|b) before a date, and what stands in for one that a row does not have: the last
 * but one before it. */
enum { FORM_DATE, FORM_OTHER, FORM_SPECIAL_DAY, FORM_EASTER };

struct speaker {
    const struct rule *rule;
    enum language language;
    const struct language_names *names;
    struct text text;
    size_t article; /* bytes of the name that comes next which its preposition has said */
};

/* What fills the slots of one saying. */
struct slots {
    const struct node *node;
    int32_t n, year;
    const struct node *nested, *events;
    bool is_followed; /* what is nested is not the last */
    char gender;
    struct civil_date date, other;
    const struct bound_date *bounds;
    size_t count;
    const char *name;
    struct civil_time clock;
    span duration;
};

static void say(struct speaker *s, enum saying saying, const struct slots *slots);
static void say_node(struct speaker *s, const struct node *node);

/* NULL: there is none. */
static const struct node *node_at(const struct speaker *s, int32_t index)
{
    return index == TREE_NONE ? NULL : &s->rule->node[index];
}

/* A node that its parent always has. */
static const struct node *child_of(const struct speaker *s, int32_t index)
{
    assert(index >= 0);
    return &s->rule->node[index];
}

/* Whether what is written of a node needs its parentheses: as in write.c. */
static bool is_open(const struct speaker *s, const struct node *node, bool is_followed)
{
    enum node_kind kind = node->kind;
    return (is_followed && write_ends_in_working(s->rule, (int32_t)(node - s->rule->node))) ||
           kind == NODE_SET || kind == NODE_IF || kind == NODE_WHILE || kind == NODE_SKIP ||
           kind == NODE_ONLY;
}

static void say_nested(struct speaker *s, const struct node *node, bool is_followed)
{
    bool has_parentheses = is_open(s, node, is_followed);
    text_add(&s->text, has_parentheses ? "(" : "");
    say_node(s, node);
    text_add(&s->text, has_parentheses ? ")" : "");
}

static void say_ordinal(struct speaker *s, int32_t n, char gender)
{
    static const char *const arabic[] = {"أول",  "ثاني", "ثالث", "رابع", "خامس",
                                         "سادس", "سابع", "ثامن", "تاسع", "عاشر"};
    switch (s->language) {
    case LANGUAGE_EN:
        text_add(&s->text, "%d%s", n, write_ordinal_ending(n));
        return;
    case LANGUAGE_IT:
        text_add(&s->text, "%d%s", n, gender == 'f' ? "ª" : "º");
        return;
    case LANGUAGE_ES: /* primer, tercer before a noun */
        text_add(&s->text, "%d.%s", n,
                 gender == 'f'                                   ? "ª"
                 : n % 10 == 3 || (n % 10 == 1 && n % 100 != 11) ? "er"
                                                                 : "º");
        return;
    case LANGUAGE_PT:
        text_add(&s->text, "%d.%s", n, gender == 'f' ? "ª" : "º");
        return;
    case LANGUAGE_FR:
        text_add(&s->text, "%d%s", n, n > 1 ? "e" : gender == 'f' ? "re" : "er");
        return;
    case LANGUAGE_DE:
    case LANGUAGE_PL:
        text_add(&s->text, "%d.", n);
        return;
    case LANGUAGE_UK:
        text_add(&s->text, "%d-%s", n,
                 gender == 'm'                  ? "й"
                 : n % 10 == 3 && n % 100 != 13 ? gender == 'f' ? "я" : "є"
                 : gender == 'f'                ? "а"
                                                : "е");
        return;
    case LANGUAGE_AR:
        if (n >= 1 && n <= 10) {
            text_add(&s->text, "%s", arabic[n - 1]);
        } else {
            text_add(&s->text, "الـ%d", n);
        }
        return;
    case LANGUAGE_EL:
        text_add(&s->text, "%d%s", n, gender == 'f' ? "η" : gender == 'n' ? "ο" : "ος");
        return;
    case LANGUAGES:
        return;
    }
}

static void say_list(struct speaker *s, uint32_t mask, const char *const names[], int32_t first,
                     int32_t last)
{
    const char *joint = "";
    for (int32_t i = first; i <= last; i++) {
        if ((mask >> i & 1) != 0) {
            text_add(&s->text, "%s%s", joint, names[i]);
            joint = s->language == LANGUAGE_AR ? "، " : ", ";
        }
    }
}

static void say_month_of(struct speaker *s, const struct node *node)
{
    int32_t month = node->date.month;
    if (node->calendar == RULE_JULIAN) {
        text_add(&s->text, "%s", s->names->month_of[month - 1]);
    } else if (node->calendar == RULE_CHINESE || node->calendar == RULE_DANGI) {
        say(s, node->date.is_leap ? SAY_LEAP_MONTH : SAY_MONTH_NUMBER,
            &(struct slots){.n = month % 100});
    } else {
        char name[48];
        calendar_month_name(node->calendar, month, node->date.is_leap, name);
        text_add(&s->text, "%s", name);
    }
}

static void say_types(struct speaker *s, uint32_t mask)
{
    const char *joint = "";
    for (int i = 0; i < 5; i++) {
        if ((mask >> i & 1) != 0) {
            text_add(&s->text, "%s%s", joint, s->names->eclipse[i]);
            joint = " / ";
        }
    }
}

static void say_visible(struct speaker *s, const struct node *node)
{
    if (node->place == TREE_NONE) {
        return;
    }
    bool is_big = node->magnitude_pct > 0, is_high = node->altitude_deg > 0;
    say(s,
        is_big && is_high ? SAY_VISIBLE_BOTH
        : is_big          ? SAY_VISIBLE_MAGNITUDE
        : is_high         ? SAY_VISIBLE_ALTITUDE
                          : SAY_VISIBLE,
        &(struct slots){
            .node = node, .n = node->altitude_deg, .name = s->rule->place[node->place]});
}

static void say_eclipse(struct speaker *s, const struct node *node)
{
    say(s, node->mask != 0 ? SAY_ECLIPSE_OF_TYPE : SAY_ECLIPSE, &(struct slots){.node = node});
}

/* A series of events, without "every". */
static void say_events(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .n = node->degrees};
    if (node->kind == NODE_TERM) {
        bool has_name = *words_name(WORD_TERM, node->degrees) != '\0';
        say(s, has_name ? SAY_TERM : SAY_LONGITUDE, &slots);
    } else if (node->kind == NODE_ECLIPSE && node->n > 0) {
        say(s, (enum saying)((int)SAY_FIRST_CONTACT + node->n - 1), &slots);
    } else if (node->kind == NODE_ECLIPSE) {
        say_eclipse(s, node);
    } else {
        say(s, SAY_EVENT, &slots);
    }
}

static char gender_of_events(const struct speaker *s, const struct node *node)
{
    return node->kind == NODE_TERM || (node->kind == NODE_ECLIPSE && node->n > 0)
               ? 'm'
               : s->names->event_gender[node->event];
}

static void say_working_tail(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .nested = node_at(s, node->b), .is_followed = true};
    if (node->b == TREE_NONE && node->mask == 0) {
        return;
    }
    say(s,
        node->b == TREE_NONE ? SAY_WORKING_DAYS
        : node->mask == 0    ? SAY_WORKING_WITH
                             : SAY_WORKING_DAYS_WITH,
        &slots);
}

static void say_direction(struct speaker *s, const struct node *node)
{
    say(s,
        node->relation == REL_AFTER    ? SAY_NEXT
        : node->relation == REL_BEFORE ? SAY_PREVIOUS
                                       : SAY_NEAREST,
        &(struct slots){.node = node, .gender = s->names->weekday_gender[node->weekday]});
}

static void say_clock(struct speaker *s, struct civil_time clock)
{
    text_add(&s->text, "%02d:%02d", clock.hour, clock.minute);
    if (clock.second != 0) {
        text_add(&s->text, ":%02d", clock.second);
    }
}

static void say_date(struct speaker *s, struct civil_date date)
{
    struct node node = {.date = {date.year, date.month, date.day, false}};
    say(s, SAY_FULL_DATE, &(struct slots){.node = &node, .year = date.year});
}

static void say_bound(struct speaker *s, const struct bound_date *bound)
{
    if (bound->date.month == 0) {
        text_add(&s->text, "%d", bound->date.year);
    } else {
        say_date(s, bound->date);
    }
}

static void say_duration(struct speaker *s, span duration)
{
    int64_t seconds = duration.ns / NS_PER_S;
    bool is_days = s->rule->is_duration_days && seconds % 86400 == 0;
    int64_t unit = is_days ? 86400 : seconds % 3600 == 0 ? 3600 : seconds % 60 == 0 ? 60 : 1;
    say(s,
        unit == 86400  ? SAY_DAYS
        : unit == 3600 ? SAY_HOURS
        : unit == 60   ? SAY_MINUTES
                       : SAY_SECONDS,
        &(struct slots){.n = (int32_t)(seconds / unit)});
}

static void name_place(const struct speaker *s, const char *name, char out[static PLACE_NAME_SIZE])
{
    *out = '\0';
    if (write_is_plain_place(name)) {
        places_write_in(name, s->language, out);
        if (strchr(out, '.') != NULL) {
            snprintf(out, PLACE_NAME_SIZE, "%s", name);
        }
    }
}

static void say_name(struct speaker *s, const char *name)
{
    text_add(&s->text, "%s", name + s->article);
    s->article = 0;
}

static void say_place(struct speaker *s, const char *name)
{
    char said[PLACE_NAME_SIZE];
    name_place(s, name, said);
    if (*said != '\0') {
        say_name(s, said);
    } else {
        text_add(&s->text, "\"%s\"", name);
    }
}

static void say_zone(struct speaker *s, const char *zone)
{
    char said[PLACE_NAME_SIZE];
    sentence_zone(zone, s->language, said);
    say_name(s, said);
}

static void say_places(struct speaker *s)
{
    const struct rule *rule = s->rule;
    if (rule->is_all_places) {
        say(s, rule->country[0] != '\0' ? SAY_ALL_IN : SAY_ALL,
            &(struct slots){.name = rule->country});
        return;
    }
    for (size_t i = 0; i < rule->places; i++) {
        text_add(&s->text, i > 0 ? ", " : "");
        if (i > 0 && write_is_region_of(rule->place[i - 1], rule->place[i])) {
            text_add(&s->text, "\"%s\"", rule->place[i]);
        } else {
            say_place(s, rule->place[i]);
        }
    }
}

static void say_else(struct speaker *s)
{
    if (s->rule->has_else) {
        say(s, s->rule->is_else_skip ? SAY_ELSE_SKIP : SAY_ELSE_CLOCK,
            &(struct slots){.clock = s->rule->else_clock});
    }
}

static void say_when(struct speaker *s)
{
    const struct rule *rule = s->rule;
    struct slots slots = {.clock = rule->clock, .name = rule->zone};
    enum saying saying = SAY_SUN;
    switch (rule->time) {
    case TIME_UTC:
        saying = SAY_CLOCK_UTC;
        break;
    case TIME_ZONE:
        saying = SAY_CLOCK_ZONE;
        break;
    case TIME_PLACES:
        saying = SAY_CLOCK_PLACES;
        break;
    case TIME_EVERYWHERE:
        saying = SAY_CLOCK_EVERYWHERE;
        break;
    case TIME_SUN:
        slots.duration.ns = rule->sun_offset.ns < 0 ? -rule->sun_offset.ns : rule->sun_offset.ns;
        saying = rule->sun_offset.ns == 0  ? SAY_SUN
                 : rule->sun_offset.ns < 0 ? SAY_SUN_BEFORE
                                           : SAY_SUN_AFTER;
        break;
    case TIME_NONE:
    case TIME_MINUTE:
        return;
    }
    say(s, saying, &slots);
}

static void say_turns(struct speaker *s)
{
    for (size_t i = 0; i < s->rule->turns; i++) {
        text_add(&s->text, i > 0 ? ", " : "");
        write_name(&s->text, s->rule->turn[i]);
    }
}

static void say_bounds(struct speaker *s, const struct slots *slots)
{
    for (size_t i = 0; i < slots->count; i++) {
        text_add(&s->text, i > 0 ? ", " : "");
        say_bound(s, &slots->bounds[i]);
    }
}

static int32_t month_of(const struct node *node)
{
    return node->month != 0 ? node->month : node->date.month;
}

static void say_instead(struct speaker *s, enum saying saying, const struct node *node)
{
    say(s, saying, &(struct slots){.node = &s->rule->node[node->b]});
}

static void say_slot(struct speaker *s, char slot, const struct slots *slots)
{
    struct text *t = &s->text;
    const struct node *node = slots->node;
    char stamp[STAMP_TEXT_SIZE];
    switch (slot) {
    case 'n':
        text_add(t, "%d", slots->n);
        return;
    case 'Y':
        text_add(t, "%d", slots->year);
        return;
    case 'D':
        text_add(t, s->language == LANGUAGE_FR && node->date.day == 1 ? "%der" : "%d",
                 node->date.day);
        return;
    case 'o':
        say_ordinal(s, slots->n, slots->gender);
        return;
    case 'w':
        text_add(t, "%s", s->names->weekday[node->weekday]);
        return;
    case 'm':
        text_add(t, "%s", s->names->month_of[month_of(node) - 1]);
        return;
    case 'l':
        say_list(s, node->mask, s->names->weekday, 1, 7);
        return;
    case 'M':
        say_list(s, node->mask >> 1, s->names->month, 0, 11);
        return;
    case 'd':
        say_date(s, slots->date);
        return;
    case 'G':
        say_date(s, slots->other);
        return;
    case 'E':
        say_instead(s, SAY_DAY_MONTH, node);
        return;
    case 'F':
        say_instead(s, SAY_CAL_DAY, node);
        return;
    case 'k':
        say_month_of(s, node);
        return;
    case 'c':
        text_add(t, "%s", s->names->calendar[node->calendar]);
        return;
    case 'e':
        text_add(t, "%s",
                 s->names->event[node->kind == NODE_NTH_EVENT ? node->from : (int32_t)node->event]);
        return;
    case 'u':
        assert(slots->events != NULL);
        say_events(s, slots->events);
        return;
    case 'y':
        say_eclipse(s, node);
        return;
    case 'x':
        say_types(s, node->mask);
        return;
    case 'q':
        text_add(t, "%s", words_name(WORD_TERM, node->degrees));
        return;
    case 'V':
        say_visible(s, node);
        return;
    case 'f':
        text_add(t, "%d.%02d", node->magnitude_pct / 100, node->magnitude_pct % 100);
        return;
    case 's':
    case 'S':
        assert(slots->nested != NULL);
        say_nested(s, slots->nested, slots->is_followed);
        return;
    case 'W':
        say_working_tail(s, node);
        return;
    case 'z':
        say_direction(s, node);
        return;
    case 't':
        say_clock(s, slots->clock);
        return;
    case 'j':
        say_zone(s, slots->name);
        return;
    case 'g':
        text_add(t, "%s", slots->name);
        return;
    case 'p':
        say_place(s, slots->name);
        return;
    case 'Q':
        say_places(s);
        return;
    case 'L':
        say_else(s);
        return;
    case 'h':
        text_add(t, "%s", s->names->sun[s->rule->sun]);
        return;
    case 'r':
        say_duration(s, slots->duration);
        return;
    case 'b':
        assert(slots->bounds != NULL);
        say_bound(s, slots->bounds);
        return;
    case 'v':
        say_bounds(s, slots);
        return;
    case 'N':
        say_turns(s);
        return;
    case 'T':
        say_when(s);
        return;
    case 'i':
        stamp_write(node->at, stamp);
        text_add(t, "%s", stamp);
        return;
    default:
        return;
    }
}

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
        name_place(s, slot == 'p' ? slots->name : s->rule->place[0], said);
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

static void say(struct speaker *s, enum saying saying, const struct slots *slots)
{
    for (const char *at = sayings_of(saying, (int)s->language); *at != '\0'; at++) {
        if (*at == '{') {
            bool is_in_noun = sentence_counts_without_number(s->language, slots->n) &&
                              strncmp(at, "{n} <", 5) == 0;
            if (!is_in_noun) {
                say_slot(s, at[1], slots);
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
            text_add(&s->text, "%.*s", (int)len, form);
            at = last;
        } else {
            text_add(&s->text, "%c", *at);
        }
    }
}

/* --- what is selected ------------------------------------------------------------------------- */

static void say_date_node(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .year = node->date.year};
    bool is_ours = node->calendar == RULE_GREGORIAN;
    enum saying saying = node->kind == NODE_DATE ? is_ours ? SAY_FULL_DATE : SAY_CAL_DATE
                         : node->b != TREE_NONE  ? is_ours ? SAY_DAY_ELSE : SAY_CAL_ELSE
                         : is_ours               ? SAY_DAY_MONTH
                                                 : SAY_CAL_DAY;
    say(s, saying, &slots);
}

static enum saying of_relation(const struct node *node, enum saying on_after, enum saying after,
                               enum saying on_before, enum saying before, enum saying nearest)
{
    switch (node->relation) {
    case REL_ON_OR_AFTER:
        return on_after;
    case REL_AFTER:
        return after;
    case REL_ON_OR_BEFORE:
        return on_before;
    case REL_BEFORE:
        return before;
    case REL_NEAREST:
    case REL_CONTAINING:
        break;
    }
    return nearest;
}

static enum saying saying_of_weekend(const struct node *node)
{
    return node->relation == REL_CONTAINING ? SAY_WEEKEND_CONTAINING
           : node->relation == REL_AFTER    ? SAY_WEEKEND_AFTER
           : node->relation == REL_BEFORE   ? SAY_WEEKEND_BEFORE
                                            : SAY_WEEKEND_NEAREST;
}

static enum saying saying_of_nth_event(const struct node *node)
{
    bool is_last = node->n == TREE_LAST;
    if (node->unit == UNIT_YEAR) {
        return is_last ? SAY_LAST_EVENT_OF_YEAR : SAY_NTH_EVENT_OF_YEAR;
    }
    if (node->unit == UNIT_SEASON && node->from == TREE_NONE) {
        return is_last ? SAY_LAST_EVENT_OF_SEASON : SAY_NTH_EVENT_OF_SEASON;
    }
    if (node->unit == UNIT_SEASON) {
        return is_last ? SAY_LAST_EVENT_OF_A_SEASON : SAY_NTH_EVENT_OF_A_SEASON;
    }
    if (node->month == 0) {
        return is_last ? SAY_LAST_EVENT_OF_EVERY : SAY_NTH_EVENT_OF_EVERY;
    }
    return is_last ? SAY_LAST_EVENT_OF_MONTH : SAY_NTH_EVENT_OF_MONTH;
}

static enum saying saying_of_event(const struct node *node)
{
    if (node->n != 1) {
        return of_relation(node, SAY_NTH_EVENT_ON_AFTER, SAY_NTH_EVENT_AFTER,
                           SAY_NTH_EVENT_ON_BEFORE, SAY_NTH_EVENT_BEFORE, SAY_EVENT_NEAREST);
    }
    return of_relation(node, SAY_FIRST_EVENT_ON_AFTER, SAY_FIRST_EVENT_AFTER,
                       SAY_LAST_EVENT_ON_BEFORE, SAY_LAST_EVENT_BEFORE, SAY_EVENT_NEAREST);
}

static enum saying saying_of_weekday(const struct node *node)
{
    if (node->n > 1) {
        return of_relation(node, SAY_NTH_DAY_ON_AFTER, SAY_NTH_DAY_AFTER, SAY_NTH_DAY_ON_BEFORE,
                           SAY_NTH_DAY_BEFORE, SAY_DAY_NEAREST);
    }
    return of_relation(node, SAY_DAY_ON_AFTER, SAY_DAY_AFTER, SAY_DAY_ON_BEFORE, SAY_DAY_BEFORE,
                       SAY_DAY_NEAREST);
}

static enum saying saying_of_nth_weekday(const struct node *node)
{
    if (node->n == TREE_LAST) {
        return node->month == 0 ? SAY_LAST_OF_EVERY : SAY_LAST_OF_MONTH;
    }
    return node->month == 0 ? SAY_NTH_OF_EVERY : SAY_NTH_OF_MONTH;
}

static enum saying saying_of_only(const struct node *node)
{
    switch (node->only) {
    case ONLY_ODD_YEARS:
        return SAY_ODD_YEARS;
    case ONLY_EVEN_YEARS:
        return SAY_EVEN_YEARS;
    case ONLY_LEAP_YEARS:
        return SAY_LEAP_YEARS;
    case ONLY_WAXING:
        return SAY_WAXING;
    case ONLY_WANING:
        return SAY_WANING;
    case ONLY_WEEKDAYS:
        return SAY_ONLY_ON;
    case ONLY_MONTHS:
        break;
    }
    return SAY_ONLY_IN;
}

static void say_set(struct speaker *s, const struct node *node)
{
    static const enum saying sayings[] = {
        [SET_AND] = SAY_AND, [SET_OR] = SAY_OR, [SET_MINUS] = SAY_MINUS};
    const struct node *left = child_of(s, node->a);
    if (left->kind == NODE_SET) { /* a chain leans to the left */
        say_node(s, left);
    } else {
        say_nested(s, left, true);
    }
    say(s, sayings[node->set], &(struct slots){0});
    say_nested(s, child_of(s, node->b), true);
}

static void say_node(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node,
                          .n = node->n < 0 ? -node->n : node->n,
                          .year = node->from,
                          .date = {node->date.year, node->date.month, node->date.day},
                          .nested = node_at(s, node->a),
                          .events = node_at(s, node->a),
                          .gender = s->names->weekday_gender[node->weekday]};
    switch (node->kind) {
    case NODE_DATE:
    case NODE_ANNUAL:
        say_date_node(s, node);
        return;
    case NODE_INSTANT:
        say(s, SAY_INSTANT, &slots);
        return;
    case NODE_EASTER:
        say(s, node->is_orthodox ? SAY_ORTHODOX_EASTER : SAY_EASTER, &slots);
        return;
    case NODE_NTH_WEEKDAY:
        say(s, saying_of_nth_weekday(node), &slots);
        return;
    case NODE_SHIFT:
        say(s,
            node->unit == UNIT_WEEK ? node->n < 0 ? SAY_WEEKS_BEFORE : SAY_WEEKS_AFTER
            : node->n < 0           ? SAY_DAYS_BEFORE
                                    : SAY_DAYS_AFTER,
            &slots);
        return;
    case NODE_WORKING:
        slots.is_followed = true;
        say(s, node->n < 0 ? SAY_WORKING_BEFORE : SAY_WORKING_AFTER, &slots);
        return;
    case NODE_SPAN:
        say(s, SAY_DAYS_FROM, &slots);
        return;
    case NODE_WEEKDAY_REL:
        say(s, saying_of_weekday(node), &slots);
        return;
    case NODE_WEEKEND:
        say(s, saying_of_weekend(node), &slots);
        return;
    case NODE_WEEK:
        say(s, SAY_WEEK, &slots);
        return;
    case NODE_EVERY_WEEKDAY:
        say(s, SAY_EVERY_WEEKDAY, &slots);
        return;
    case NODE_EVERY_DAYS:
        say(s, node->unit == UNIT_WEEK ? SAY_EVERY_WEEKS : SAY_EVERY_DAYS, &slots);
        return;
    case NODE_MOON:
    case NODE_APSIS:
    case NODE_SEASON:
    case NODE_TERM:
    case NODE_ECLIPSE:
        slots.events = node;
        slots.gender = gender_of_events(s, node);
        say(s, node->kind == NODE_MOON || node->kind == NODE_APSIS ? SAY_EVERY_EVENT : SAY_EVENTS,
            &slots);
        return;
    case NODE_BLUE_MOON:
        say(s, node->is_seasonal ? SAY_SEASONAL_BLUE_MOON : SAY_BLUE_MOON, &slots);
        return;
    case NODE_NTH_EVENT:
        slots.gender = gender_of_events(s, child_of(s, node->a));
        slots.nested = NULL;
        say(s, saying_of_nth_event(node), &slots);
        return;
    case NODE_EVENT_REL:
        slots.gender = gender_of_events(s, child_of(s, node->a));
        slots.nested = node_at(s, node->b);
        say(s, saying_of_event(node), &slots);
        return;
    case NODE_LUNATION:
        say(s, SAY_LUNATION, &slots);
        return;
    case NODE_EVERY_LUNATIONS:
        say(s,
            node->n == 1 ? node->from == TREE_NONE ? SAY_EVERY_LUNATION : SAY_EVERY_LUNATION_FROM
            : node->from == TREE_NONE ? SAY_EVERY_LUNATIONS
                                      : SAY_EVERY_LUNATIONS_FROM,
            &slots);
        return;
    case NODE_SET:
        say_set(s, node);
        return;
    case NODE_IF:
        say_node(s, child_of(s, node->a));
        say(s, node->is_also ? SAY_ALSO_IF : SAY_IF, &slots);
        return;
    case NODE_WHILE:
        say_node(s, child_of(s, node->a));
        slots.nested = child_of(s, node->b);
        say(s, SAY_WHILE, &slots);
        return;
    case NODE_SKIP:
        say_node(s, child_of(s, node->a));
        say(s, SAY_SKIP, &slots);
        return;
    case NODE_ONLY:
        say_node(s, child_of(s, node->a));
        say(s, saying_of_only(node), &slots);
        return;
    }
}

/* --- clauses ---------------------------------------------------------------------------------- */

static void say_time(struct speaker *s)
{
    const struct rule *rule = s->rule;
    struct slots slots = {.name = rule->zone};
    if (rule->time == TIME_MINUTE) {
        say(s, rule->zone[0] != '\0' ? SAY_MINUTE_IN : SAY_MINUTE, &slots);
    } else if (rule->time != TIME_NONE) {
        say(s, rule->is_day_start ? SAY_DAY_FROM : SAY_AT, &slots);
    } else if (rule->zone[0] != '\0') {
        say(s, SAY_IN_ZONE, &slots);
    }
    if (rule->duration.ns != 0) {
        slots.duration = rule->duration;
        say(s, SAY_FOR, &slots);
    }
}

static void say_clauses(struct speaker *s)
{
    const struct rule *rule = s->rule;
    struct slots slots = {.n = rule->times};
    if (rule->since.is_given) {
        slots.bounds = &rule->since;
        say(s, SAY_SINCE, &slots);
    }
    if (rule->until.is_given) {
        slots.bounds = &rule->until;
        say(s, SAY_UNTIL, &slots);
    }
    if (rule->times > 0) {
        say(s, SAY_TIMES, &slots);
    }
    slots.n = rule->every_years;
    slots.year = rule->every_years_from;
    if (rule->every_years > 0) {
        say(s, slots.year != 0 ? SAY_EVERY_YEARS_FROM : SAY_EVERY_YEARS, &slots);
    }
    slots.bounds = rule->exception;
    slots.count = rule->exceptions;
    if (slots.count > 0) {
        say(s, SAY_EXCEPT, &slots);
    }
    for (size_t i = 0; i < rule->moves; i++) {
        slots.date = rule->move[i].from;
        slots.other = rule->move[i].to;
        say(s, SAY_MOVE, &slots);
    }
    slots.bounds = rule->addition;
    slots.count = rule->additions;
    if (slots.count > 0) {
        say(s, SAY_ADD, &slots);
    }
    slots.date = rule->anniversary;
    slots.clock = rule->minute;
    if (rule->is_anniversary) {
        say(s, rule->has_minute ? SAY_ANNIVERSARY_AT : SAY_ANNIVERSARY, &slots);
        if (rule->is_round) {
            say(s, SAY_ROUND, &slots);
        }
    }
    slots.bounds = &rule->turn_from;
    slots.n = rule->turn_lunation;
    if (rule->turns > 0) {
        say(s,
            rule->turn_by == TURN_BY_YEAR    ? SAY_ROTATE_YEAR
            : rule->turn_by == TURN_BY_MONTH ? SAY_ROTATE_MONTH
                                             : SAY_ROTATE_LUNATION,
            &slots);
    }
}

size_t rule_say(const struct rule *rule, enum language language, char out[static RULE_SAID_SIZE])
{
    struct speaker s = {.rule = rule,
                        .language = language,
                        .names = &language_names[language],
                        .text = {out, 0, RULE_SAID_SIZE}};
    *out = '\0';
    say_node(&s, &rule->node[rule->root]);
    say_time(&s);
    say_clauses(&s);
    return s.text.len;
}

size_t rule_say_date(struct civil_date date, enum language language,
                     char out[static RULE_DATE_SIZE])
{
    static const struct rule none = {0};
    struct speaker s = {.rule = &none,
                        .language = language,
                        .names = &language_names[language],
                        .text = {out, 0, RULE_DATE_SIZE}};
    bool has_comma = language != LANGUAGE_IT && language != LANGUAGE_FR; /* CLDR 42, full dates */
    *out = '\0';
    text_add(&s.text, "%s%s ", s.names->weekday[civil_weekday(civil_day_number(date))],
             !has_comma                ? ""
             : language == LANGUAGE_AR ? "،"
                                       : ",");
    say_date(&s, date);
    return s.text.len;
}
