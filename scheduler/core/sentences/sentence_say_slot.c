/* What fills the slots of a saying: numbers, names, dates, places, what is nested. */
#include <stdio.h>
#include <string.h>

#include "calendars/calendar.h"
#include "instants/stamp.h"
#include "sentences/speaker.h"

void speak_nested(struct speaker *s, const struct node *node, bool is_followed)
{
    bool has_parentheses =
        write_needs_parentheses(s->rule, (int32_t)(node - s->rule->node), is_followed);
    draft_add(&s->text, has_parentheses ? "(" : "");
    speak_node(s, node);
    draft_add(&s->text, has_parentheses ? ")" : "");
}

/* As it stands before a noun, of that gender where the language has it in the ending; in digits,
 * but for Arabic, whose first ten are words. */
static void speak_ordinal(struct speaker *s, int32_t n, char gender)
{
    switch (s->language) {
    case LANGUAGE_EN:
        draft_print(&s->text, "%d%s", n, write_ordinal_ending(n));
        return;
    case LANGUAGE_IT:
        draft_print(&s->text, "%d%s", n, gender == 'f' ? "ª" : "º");
        return;
    case LANGUAGE_ES: /* primer, tercer before a noun */
        draft_print(&s->text, "%d.%s", n,
                    gender == 'f'                                   ? "ª"
                    : n % 10 == 3 || (n % 10 == 1 && n % 100 != 11) ? "er"
                                                                    : "º");
        return;
    case LANGUAGE_PT:
        draft_print(&s->text, "%d.%s", n, gender == 'f' ? "ª" : "º");
        return;
    case LANGUAGE_FR:
        draft_print(&s->text, "%d%s", n, n > 1 ? "e" : gender == 'f' ? "re" : "er");
        return;
    case LANGUAGE_DE:
    case LANGUAGE_PL:
        draft_print(&s->text, "%d.", n);
        return;
    case LANGUAGE_UK:
        draft_print(&s->text, "%d-%s", n,
                    gender == 'm'                  ? "й"
                    : n % 10 == 3 && n % 100 != 13 ? gender == 'f' ? "я" : "є"
                    : gender == 'f'                ? "а"
                                                   : "е");
        return;
    case LANGUAGE_AR:
        if (n >= 1 && n <= 10) {
            draft_add(&s->text, sentence_arabic_ordinals[n - 1]);
        } else {
            draft_print(&s->text, "الـ%d", n);
        }
        return;
    case LANGUAGE_EL:
        draft_print(&s->text, "%d%s", n, gender == 'f' ? "η" : gender == 'n' ? "ο" : "ος");
        return;
    case LANGUAGES:
        return;
    }
}

/* The names whose bits are set. */
static void speak_list(struct speaker *s, uint32_t mask, const char *const names[],
                       const char *joint)
{
    const char *before = "";
    for (int32_t i = 0; mask >> i != 0; i++) {
        if ((mask >> i & 1) != 0) {
            draft_print(&s->text, "%s%s", before, names[i]);
            before = joint;
        }
    }
}

static void speak_month_of(struct speaker *s, const struct node *node)
{
    int32_t month = node->date.month;
    if (node->calendar == CALENDAR_JULIAN) {
        draft_add(&s->text, s->names->month_of[month - 1]);
    } else if (node->calendar == CALENDAR_CHINESE || node->calendar == CALENDAR_DANGI) {
        speak(s, node->date.is_leap ? SAY_LEAP_MONTH : SAY_MONTH_NUMBER,
              &(struct slots){.n = month % 100});
    } else {
        char name[48];
        calendar_month_name(node->calendar, month, node->date.is_leap, name);
        draft_add(&s->text, name);
    }
}

static void speak_visible(struct speaker *s, const struct node *node)
{
    if (node->place == TREE_NONE) {
        return;
    }
    bool is_big = node->magnitude_pct > 0, is_high = node->altitude_deg > 0;
    speak(s,
          is_big && is_high ? SAY_VISIBLE_BOTH
          : is_big          ? SAY_VISIBLE_MAGNITUDE
          : is_high         ? SAY_VISIBLE_ALTITUDE
                            : SAY_VISIBLE,
          &(struct slots){
              .node = node, .n = node->altitude_deg, .name = s->rule->place[node->place]});
}

static void speak_eclipse(struct speaker *s, const struct node *node)
{
    speak(s, node->mask != 0 ? SAY_ECLIPSE_OF_TYPE : SAY_ECLIPSE, &(struct slots){.node = node});
}

/* A series of events, without "every". */
static void speak_events(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .n = node->degrees};
    if (node->kind == NODE_TERM) {
        bool has_name = *words_name(WORD_TERM, node->degrees) != '\0';
        speak(s, has_name ? SAY_TERM : SAY_LONGITUDE, &slots);
    } else if (node->kind == NODE_ECLIPSE && node->n > 0) {
        speak(s, (enum saying)((int)SAY_FIRST_CONTACT + node->n - 1), &slots);
    } else if (node->kind == NODE_ECLIPSE) {
        speak_eclipse(s, node);
    } else {
        speak(s, SAY_EVENT, &slots);
    }
}

char gender_of_events(const struct speaker *s, const struct node *node)
{
    return node->kind == NODE_TERM || (node->kind == NODE_ECLIPSE && node->n > 0)
               ? 'm'
               : s->names->event_gender[node->event];
}

static void speak_working_tail(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .nested = node_at(s, node->b), .is_followed = true};
    if (node->b == TREE_NONE && node->mask == 0) {
        return;
    }
    speak(s,
          node->b == TREE_NONE ? SAY_WORKING_DAYS
          : node->mask == 0    ? SAY_WORKING_WITH
                               : SAY_WORKING_DAYS_WITH,
          &slots);
}

static void speak_direction(struct speaker *s, const struct node *node)
{
    speak(s,
          node->relation == REL_AFTER    ? SAY_NEXT
          : node->relation == REL_BEFORE ? SAY_PREVIOUS
                                         : SAY_NEAREST,
          &(struct slots){.node = node, .gender = s->names->weekday_gender[node->weekday]});
}

void speak_date(struct speaker *s, struct civil_date date)
{
    struct node node = {.date = {date.year, date.month, date.day, false}};
    speak(s, SAY_FULL_DATE, &(struct slots){.node = &node, .year = date.year});
}

static void speak_bound(struct speaker *s, const struct bound_date *bound)
{
    if (bound->date.month == 0) {
        draft_print(&s->text, "%d", bound->date.year);
    } else {
        speak_date(s, bound->date);
    }
}

static void speak_duration(struct speaker *s, span duration)
{
    int64_t seconds = duration.ns / NS_PER_S;
    bool is_days = s->rule->is_duration_days && seconds % 86400 == 0;
    int64_t unit = is_days ? 86400 : seconds % 3600 == 0 ? 3600 : seconds % 60 == 0 ? 60 : 1;
    speak(s,
          unit == 86400  ? SAY_DAYS
          : unit == 3600 ? SAY_HOURS
          : unit == 60   ? SAY_MINUTES
                         : SAY_SECONDS,
          &(struct slots){.n = (int32_t)(seconds / unit)});
}

void speak_place_name(const struct speaker *s, const char *name, char out[static PLACE_NAME_SIZE])
{
    *out = '\0';
    if (write_is_plain_place(name)) {
        places_write_in(name, s->language, out);
        if (strchr(out, '.') != NULL) {
            snprintf(out, PLACE_NAME_SIZE, "%s", name);
        }
    }
}

static void speak_name(struct speaker *s, const char *name)
{
    draft_add(&s->text, name + s->article);
    s->article = 0;
}

static void speak_place(struct speaker *s, const char *name)
{
    char said[PLACE_NAME_SIZE];
    speak_place_name(s, name, said);
    if (*said != '\0') {
        speak_name(s, said);
    } else {
        draft_print(&s->text, "\"%s\"", name);
    }
}

static void speak_zone(struct speaker *s, const char *zone)
{
    char said[PLACE_NAME_SIZE];
    sentence_zone(zone, s->language, said);
    speak_name(s, said);
}

static void speak_places(struct speaker *s)
{
    const struct rule *rule = s->rule;
    if (rule->is_all_places) {
        speak(s, rule->country[0] != '\0' ? SAY_ALL_IN : SAY_ALL,
              &(struct slots){.name = rule->country});
        return;
    }
    for (size_t i = 0; i < rule->places; i++) {
        draft_add(&s->text, i > 0 ? ", " : "");
        if (i > 0 && write_is_region_of(rule->place[i - 1], rule->place[i])) {
            draft_print(&s->text, "\"%s\"", rule->place[i]);
        } else {
            speak_place(s, rule->place[i]);
        }
    }
}

static void speak_else(struct speaker *s)
{
    if (s->rule->has_else) {
        speak(s, s->rule->is_else_skip ? SAY_ELSE_SKIP : SAY_ELSE_CLOCK,
              &(struct slots){.clock = s->rule->else_clock});
    }
}

/* An offset loses its sign here, for the row says before or after.  Days without a time and the
 * minute it happened are said by rows that have no {T} (speak_time in sentence_say.c). */
static void speak_when(struct speaker *s)
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
    speak(s, saying, &slots);
}

static void speak_turns(struct speaker *s)
{
    for (size_t i = 0; i < s->rule->turns; i++) {
        draft_add(&s->text, i > 0 ? ", " : "");
        write_name(&s->text, s->rule->turn[i]);
    }
}

static void speak_bounds(struct speaker *s, const struct slots *slots)
{
    for (size_t i = 0; i < slots->count; i++) {
        draft_add(&s->text, i > 0 ? ", " : "");
        speak_bound(s, &slots->bounds[i]);
    }
}

static void speak_instead(struct speaker *s, enum saying saying, const struct node *node)
{
    speak(s, saying, &(struct slots){.node = &s->rule->node[node->b]});
}

/* One letter of a template in sayings.def; the letters are told there.  Languages differ in where a
 * slot stands, seldom in what it says: what only one of them does is asked for here, so that no
 * template needs a condition. */
void speak_slot(struct speaker *s, char slot, const struct slots *slots)
{
    struct draft *t = &s->text;
    const struct node *node = slots->node;
    const char *comma = s->language == LANGUAGE_AR ? "، " : ", ";
    char stamp[STAMP_TEXT_SIZE];
    switch (slot) {
    case 'n':
        draft_print(t, "%d", slots->n);
        return;
    case 'Y':
        draft_print(t, "%d", slots->year);
        return;
    case 'D':
        draft_print(t, s->language == LANGUAGE_FR && node->date.day == 1 ? "%der" : "%d",
                    node->date.day);
        return;
    case 'o':
        speak_ordinal(s, slots->n, slots->gender);
        return;
    case 'w':
        draft_add(t, s->names->weekday[node->weekday]);
        return;
    case 'm':
        draft_add(t, s->names->month_of[month_of(node) - 1]);
        return;
    case 'l':
        speak_list(s, node->mask, s->names->weekday, comma);
        return;
    case 'M':
        speak_list(s, node->mask >> 1, s->names->month, comma);
        return;
    case 'd':
        speak_date(s, slots->date);
        return;
    case 'G':
        speak_date(s, slots->other);
        return;
    case 'E':
        speak_instead(s, SAY_DAY_MONTH, node);
        return;
    case 'F':
        speak_instead(s, SAY_CAL_DAY, node);
        return;
    case 'k':
        speak_month_of(s, node);
        return;
    case 'c':
        draft_add(t, s->names->calendar[node->calendar]);
        return;
    case 'e':
        draft_add(
            t, s->names->event[node->kind == NODE_NTH_EVENT ? node->from : (int32_t)node->event]);
        return;
    case 'u':
        assert(slots->events != NULL);
        speak_events(s, slots->events);
        return;
    case 'y':
        speak_eclipse(s, node);
        return;
    case 'x':
        speak_list(s, node->mask, s->names->eclipse, " / ");
        return;
    case 'q':
        draft_add(t, words_name(WORD_TERM, node->degrees));
        return;
    case 'V':
        speak_visible(s, node);
        return;
    case 'f':
        draft_print(t, "%d.%02d", node->magnitude_pct / 100, node->magnitude_pct % 100);
        return;
    case 's':
    case 'S':
        assert(slots->nested != NULL);
        speak_nested(s, slots->nested, slots->is_followed);
        return;
    case 'W':
        speak_working_tail(s, node);
        return;
    case 'z':
        speak_direction(s, node);
        return;
    case 't':
        write_clock(t, slots->clock);
        return;
    case 'j':
        speak_zone(s, slots->name);
        return;
    case 'g':
        draft_add(t, slots->name);
        return;
    case 'p':
        speak_place(s, slots->name);
        return;
    case 'Q':
        speak_places(s);
        return;
    case 'L':
        speak_else(s);
        return;
    case 'h':
        draft_add(t, s->names->sun[s->rule->sun]);
        return;
    case 'r':
        speak_duration(s, slots->duration);
        return;
    case 'b':
        assert(slots->bounds != NULL);
        speak_bound(s, slots->bounds);
        return;
    case 'v':
        speak_bounds(s, slots);
        return;
    case 'N':
        speak_turns(s);
        return;
    case 'T':
        speak_when(s);
        return;
    case 'i':
        stamp_write(node->at, stamp);
        draft_add(t, stamp);
        return;
    default:
        return;
    }
}
