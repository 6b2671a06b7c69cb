/* What a person sees before signing a window. */
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/windows/catalogue.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/window.h"

enum { VALUE = 15 }; /* where an occurrence's time begins */
enum { DATES_SHOWN = 12, CLOCKS_SHOWN = 3, CLASHES_SHOWN = 8, CLASHES_FULL = 200 };

/* The rule's own clock at a moment; for a wave the date and clock of each place. */
static void put_dates(const struct session *session, const struct environment *environment,
                      const struct window_draft *draft)
{
    const struct plan *plan = draft->plan;
    const struct here here = here_find(environment);
    size_t off = draft->record.is.window.off_count;
    fprintf(stderr, "\n%zu occurrence%s%s:\n", plan->occurrence_count,
            text_s(plan->occurrence_count),
            plan->was_cut ? " (the rule has more: amend the window later)" : "");
    size_t shown = session->options->full ? SIZE_MAX : DATES_SHOWN;
    for (size_t i = 0; i < plan->occurrence_count && i < shown; i++) {
        const struct rule_occurrence *at = &plan->occurrence[i];
        char when[TIMES_LOCAL_SIZE + STAMP_TEXT_SIZE + 48];
        if (plan->wave == WAVE_CLOCK || plan->wave == WAVE_DAY) {
            size_t len = stamp_write_date(at->date, when);
            if (plan->wave == WAVE_CLOCK) {
                snprintf(when + len, sizeof when - len, " %02d:%02d:%02d on each place's own clock",
                         plan->wave_time.hour, plan->wave_time.minute, plan->wave_time.second);
            }
        } else {
            char local[TIMES_LOCAL_SIZE];
            bool is_here = *at->zone == '\0' && !here.is_utc; /* the sky's, and UTC's */
            const char *name = is_here ? here.name : at->zone;
            const struct zone *zone =
                *name != '\0' ? zoneinfo_find(environment->zones, name) : NULL;
            if (zone != NULL) {
                times_local(zone, name, leap_to_utc(&session->leap, plan->at[i].at, NULL), local);
            }
            snprintf(when, sizeof when, "%s%s%s", session_stamp(session, plan->at[i].at).text,
                     zone != NULL ? "  " : "", zone != NULL ? local : "");
        }
        bool is_off = record_is_off(&draft->record.is.window, text_of(at->key));
        say_wrapped(stderr, 0, VALUE, "  %-12s %s%s%s%s%s%s", at->key, when,
                    *at->place != '\0' ? "  " : "", at->place, *at->note != '\0' ? "  " : "",
                    at->note, is_off ? "  cancelled" : "");
    }
    if (plan->occurrence_count > shown) {
        fprintf(stderr, "  ... and %zu more; --full shows them\n", plan->occurrence_count - shown);
    }
    if (off > 0) {
        fprintf(stderr, "  %zu of them cancelled\n", off);
    }
    if (plan->error_s > 0) {
        fprintf(stderr, "  computed from the sky, each good to %.1f s\n", plan->error_s);
    }
    if (plan->certainty == BEYOND_LEAP_TABLE) {
        say_wrapped(stderr, 0, 4,
                    "  beyond the leap-second table: a leap second announced later would move "
                    "what is counted in UTC by a second");
    }
}

/* The occurrences from `from` until before `to`, side by side. */
static void put_clocks_of(const struct plan *plan, struct plan_clock clock[][PLAN_PLACES],
                          size_t from, size_t to)
{
    fprintf(stderr, "\n%-12s", "elsewhere");
    for (size_t i = from; i < to; i++) {
        fprintf(stderr, "  %-*s", i + 1 < to ? 29 : 0, plan->occurrence[i].key);
    }
    fputc('\n', stderr);
    for (size_t p = 0; p < PLAN_PLACES; p++) {
        const char *place = clock[0][p].place;
        fprintf(stderr, "%s%*s", place, 12 - say_width(place, strlen(place)), "");
        for (size_t i = from; i < to; i++) {
            const struct plan_clock *c = &clock[i][p];
            if (!c->is_known) {
                fprintf(stderr, "  %-29s", "(no such zone here)");
                continue;
            }
            char day[TIMES_DAY_SIZE];
            fprintf(stderr, "  %s %02d:%02d %-*s", times_day(c->local.date, day),
                    c->local.time.hour, c->local.time.minute, i + 1 < to ? 8 : 0,
                    plan_light_name(c->light));
        }
        fputc('\n', stderr);
    }
}

static void put_clocks(const struct session *session, const struct environment *environment,
                       const struct plan *plan)
{
    static struct plan_clock clock[CLOCKS_SHOWN][PLAN_PLACES];
    size_t count = plan->at_count < CLOCKS_SHOWN ? plan->at_count : CLOCKS_SHOWN;
    if (plan->wave != WAVE_NONE) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        plan_clocks(&environment->rules, &session->leap,
                    leap_to_utc(&session->leap, plan->at[i].at, NULL), clock[i]);
    }
    enum { PLACE_WIDTH = 12, CLOCK_WIDTH = 31 };
    int room = rows_room(stderr);
    size_t fit = room == 0 ? CLOCKS_SHOWN
                 : room > PLACE_WIDTH + 2 * CLOCK_WIDTH
                     ? (size_t)((room - PLACE_WIDTH) / CLOCK_WIDTH)
                     : 1;
    for (size_t from = 0; from < count; from += fit) {
        put_clocks_of(plan, clock, from, from + fit < count ? from + fit : count);
    }
}

static void put_clashes(const struct session *session, const struct window_draft *draft)
{
    static const char *const words[] = {
        "at the same time as",
        "in the rest after",
        "its rest runs into",
    };
    const struct record_window *is = &draft->record.is.window;
    static struct plan_clash clash[CLASHES_FULL];
    size_t shown = session->options->full ? CLASHES_FULL : CLASHES_SHOWN;
    size_t count = plan_clashes(draft->plan, is->has_rest ? is->rest : (span){0}, session->view, is,
                                &session->leap, clash, shown);
    for (size_t i = 0; i < count && i < shown; i++) {
        const struct record_window *theirs = &clash[i].theirs->record->is.window;
        say_warning("%s: %s \"%s\" (%s, %s)", draft->plan->occurrence[clash[i].ours].key,
                    words[clash[i].kind], describe_title(theirs).text,
                    describe_start(session, theirs, clash[i].their_occurrence).text,
                    view_status_name(clash[i].theirs->status));
    }
    if (count > shown) {
        say_warning("... and %zu more clashes; --full shows them", count - shown);
    }
    if (count == 0) {
        fputs("\nno clash with another window or its rest\n", stderr);
    }
}

static void put_tone(const struct environment *environment, const struct window_draft *draft)
{
    if (draft->record.is.window.tone != TONE_CELEBRATION) {
        return;
    }
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        struct dates_entry memory;
        size_t ours;
        while (plan_tone_clash(draft->plan, &reader, &environment->rules, &ours, &memory)) {
            say_warning("%s is a day of %s, and this is a celebration: %.*s (tocsin dates %.*s)",
                        draft->plan->occurrence[ours].key, record_tone_name(memory.tone),
                        (int)memory.name.len, memory.name.at, (int)memory.id.len, memory.id.at);
        }
    }
}

void window_preview(const struct session *session, const struct environment *environment,
                    const struct window_draft *draft)
{
    if (draft->plan == NULL) {
        fputs("the dates stay as they are\n", stderr);
        return;
    }
    put_dates(session, environment, draft);
    put_clocks(session, environment, draft->plan);
    put_clashes(session, draft);
    put_tone(environment, draft);
    fputc('\n', stderr);
}

/* Over everywhere: a wave's last zone is half a day behind UTC. */
static bool is_over(const struct session *session, const struct record_window *is,
                    const struct view_occurrence *one)
{
    span lasts = {is->duration.ns + (one->has_start ? 0 : 12 * 3600 * NS_PER_S)};
    instant end;
    return instant_add(one->start, lasts, &end) && instant_compare(end, session->now) <= 0;
}

/* The lines of a change, of which the first are told. */
struct changes {
    const struct session *session;
    struct here here;
    size_t count;
};

/* "moves: 2027 2027-08-02T08:25:00Z to 2027-08-02T08:30:00Z", and both on the clock here; after and
 * `is`: of what moves only. */
static void put_change(struct changes *changes, const char *what,
                       const struct record_window *before, const struct view_occurrence *was,
                       const struct record_window *after, const struct view_occurrence *is)
{
    char local[HERE_TEXT_SIZE];
    const struct session *session = changes->session;
    size_t shown = session->options->full ? SIZE_MAX : DATES_SHOWN;
    if (changes->count++ >= shown) {
        return;
    }
    char next[STAMP_TEXT_SIZE] = "", here_next[HERE_TEXT_SIZE] = "";
    bool has_local = was->has_start && !changes->here.is_utc;
    here_write(session, &changes->here, before, was, local);
    if (after != NULL) {
        strcpy(next, describe_start(session, after, is).text);
        if (is->has_start) {
            here_write(session, &changes->here, after, is, here_next);
        }
    }
    say_wrapped(stderr, 0, 4, "  %s %.*s %s%s%s%s%s%s%s%s%.*s", what, (int)was->key.len,
                was->key.at, describe_start(session, before, was).text, *next != '\0' ? " to " : "",
                next, has_local ? "  here " : "", has_local ? local : "",
                has_local && *here_next != '\0' ? " to " : "", has_local ? here_next : "",
                was->place.len > 0 ? "  " : "", (int)was->place.len, was->place.at);
}

/* What an amendment does to people who have planned: each date still to come beside what becomes of
 * it, by its key and place, and the sums, of which a warning is made when something is lost.  Dates
 * that are over are nobody's loss. */
bool window_preview_changes(const struct session *session, const struct environment *environment,
                            const struct record_window *before, const struct window_draft *draft)
{
    struct changes changes = {.session = session, .here = here_find(environment)};
    const struct record_window *after = &draft->record.is.window;
    size_t to_come = 0, dropped = 0, moved = 0, off = 0;
    bool is_other = false;
    for (size_t i = 0; i < view_line_count(before); i++) {
        struct view_occurrence old = view_line(before, i), new = {0};
        if (is_over(session, before, &old)) {
            continue;
        }
        bool is_there = false;
        for (size_t k = 0; k < view_line_count(after) && !is_there; k++) {
            new = view_line(after, k);
            is_there = text_equal(new.key, old.key) && text_equal(new.place, old.place);
        }
        bool is_off = is_there && new.is_off;
        char is[STAMP_TEXT_SIZE] = "";
        if (is_there && is_off != old.is_off) {
            put_change(&changes, is_off ? "cancels:" : "on again:", before, &old, NULL, NULL);
            is_other = true;
            off += is_off;
        }
        if (old.is_off) {
            continue;
        }
        to_come++;
        is_other |= before->duration.ns != after->duration.ns;
        if (is_there) {
            strcpy(is, describe_start(session, after, &new).text);
        }
        if (strcmp(describe_start(session, before, &old).text, is) != 0) {
            put_change(&changes, is_there ? "moves:" : "no longer:", before, &old,
                       is_there ? after : NULL, is_there ? &new : NULL);
            dropped += !is_there;
            moved += is_there;
        }
    }
    if (changes.count > DATES_SHOWN && !session->options->full) {
        fprintf(stderr, "  ... and %zu more; --full shows them\n", changes.count - DATES_SHOWN);
    }
    if (dropped + moved > 0) {
        char drops[40] = "", moves[40] = "";
        if (dropped > 0) {
            snprintf(drops, sizeof drops, " drops %zu%s", dropped, moved > 0 ? " and" : "");
        }
        if (moved > 0) {
            snprintf(moves, sizeof moves, " moves %zu", moved);
        }
        say_warning("of %zu announced occurrences still to come this%s%s", to_come, drops, moves);
    }
    if (off > 0) {
        say_warning("of %zu announced occurrences still to come this cancels %zu", to_come, off);
    }
    if (dropped + moved + off > 0) {
        fputc('\n', stderr);
    }
    return is_other || dropped + moved > 0;
}
