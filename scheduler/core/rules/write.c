/* write.c -- the canonical text of a rule: what write_select.c has, and the clauses after it. */
#include "rules/write.h"

#include "instants/stamp.h"
#include "words/words.h"

static void write_next_place(struct draft *t, const char *before, const char *name)
{
    draft_add(t, before != NULL ? ", " : "");
    if (before != NULL && write_is_region_of(before, name)) {
        draft_print(t, "\"%s\"", name);
    } else {
        write_place(t, name);
    }
}

static void write_bound(struct draft *t, struct bound_date bound)
{
    if (bound.date.month == 0) {
        draft_print(t, "%d", bound.date.year);
    } else {
        write_iso(t, bound.date);
    }
}

static void write_duration(struct draft *t, span duration, bool is_days)
{
    char text[DURATION_TEXT_SIZE];
    duration_write(duration, is_days, text);
    draft_add(t, text);
}

static void write_places(struct draft *t, const struct rule *rule)
{
    draft_add(t, " at ");
    if (rule->is_all_places) {
        draft_print(t, rule->country[0] != '\0' ? "all in %s" : "all", rule->country);
        return;
    }
    for (size_t i = 0; i < rule->places; i++) {
        write_next_place(t, i > 0 ? rule->place[i - 1] : NULL, rule->place[i]);
    }
}

/* Read again this must give an equal rule, so nothing is written that was not said: no zone of a
 * minute that is told in UTC, no offset of nothing.  Durations have no sign: that of an offset
 * stands before it. */
static void write_time(struct draft *t, const struct rule *rule)
{
    if (rule->time == TIME_NONE) {
        if (rule->zone[0] != '\0') {
            draft_print(t, " in %s", rule->zone);
        }
        return;
    }
    draft_add(t, rule->is_day_start ? " day from " : " at ");
    if (rule->time == TIME_MINUTE) {
        draft_add(t, "the minute it happened");
        if (rule->zone[0] != '\0') {
            draft_print(t, " in %s", rule->zone);
        }
        return;
    }
    if (rule->time == TIME_SUN) {
        draft_add(t, words_name(WORD_SUN, (int32_t)rule->sun));
        if (rule->sun_offset.ns != 0) {
            bool is_minus = rule->sun_offset.ns < 0;
            draft_add(t, is_minus ? " - " : " + ");
            write_duration(t, (span){is_minus ? -rule->sun_offset.ns : rule->sun_offset.ns}, false);
        }
        write_places(t, rule);
        if (rule->has_else) {
            draft_add(t, rule->is_else_skip ? " else skip" : " else ");
            if (!rule->is_else_skip) {
                write_clock(t, rule->else_clock);
            }
        }
        return;
    }
    write_clock(t, rule->clock);
    if (rule->time == TIME_UTC) {
        draft_add(t, " UTC");
    } else if (rule->time == TIME_ZONE) {
        draft_print(t, " in %s", rule->zone);
    } else if (rule->time == TIME_EVERYWHERE) {
        draft_add(t, " everywhere");
    } else {
        write_places(t, rule);
    }
}

static void write_dates(struct draft *t, const char *word, const struct bound_date *list,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        draft_add(t, i == 0 ? word : ", ");
        write_bound(t, list[i]);
    }
}

static void write_rotation(struct draft *t, const struct rule *rule)
{
    draft_add(t, " rotate [");
    for (size_t i = 0; i < rule->turns; i++) {
        draft_add(t, i > 0 ? ", " : "");
        write_name(t, rule->turn[i]);
    }
    if (rule->turn_by == TURN_BY_LUNATION) {
        draft_print(t, "] by lunation from %d", rule->turn_lunation);
    } else {
        draft_print(t, "] by %s from ", rule->turn_by == TURN_BY_YEAR ? "year" : "month");
        write_bound(t, rule->turn_from);
    }
}

/* The reader takes these in any order; in this one they are signed, in whichever they were typed.
 * Of the two words for exceptions it is "except": a "skip" is known from an adjustment only by what
 * follows it. */
static void write_bounds(struct draft *t, const struct rule *rule)
{
    if (rule->since.is_given) {
        draft_add(t, " since ");
        write_bound(t, rule->since);
    }
    if (rule->until.is_given) {
        draft_add(t, " until ");
        write_bound(t, rule->until);
    }
    if (rule->times > 0) {
        draft_print(t, " for %d times", rule->times);
    }
    if (rule->every_years > 0) {
        draft_print(t, " every %d years", rule->every_years);
        if (rule->every_years_from != 0) {
            draft_print(t, " from %d", rule->every_years_from);
        }
    }
    write_dates(t, " except ", rule->exception, rule->exceptions);
    for (size_t i = 0; i < rule->moves; i++) {
        draft_add(t, " move ");
        write_iso(t, rule->move[i].from);
        draft_add(t, " to ");
        write_iso(t, rule->move[i].to);
    }
    write_dates(t, " add ", rule->addition, rule->additions);
    if (rule->is_anniversary) {
        draft_add(t, " anniversary of ");
        write_iso(t, rule->anniversary);
        if (rule->has_minute) {
            draft_add(t, " ");
            write_clock(t, rule->minute);
        }
        draft_add(t, rule->is_round ? " round" : "");
    }
    if (rule->turns > 0) {
        write_rotation(t, rule);
    }
}

size_t rule_write(const struct rule *rule, char out[static RULE_TEXT_SIZE])
{
    struct draft t = draft_in(out, RULE_TEXT_SIZE);
    write_select(&t, rule, rule->root);
    write_time(&t, rule);
    if (rule->duration.ns != 0) {
        draft_add(&t, " for ");
        write_duration(&t, rule->duration, rule->is_duration_days);
    }
    write_bounds(&t, rule);
    return t.len;
}
