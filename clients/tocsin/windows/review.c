/* A signed window held against its rule, told to a person. */
#include "tocsin/windows/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"

enum { DIFFERENCES_SHOWN = 12 };

/* A difference that a land's change of its clock makes: whole quarters of an hour, three at
 * most. */
static bool zones_may_explain(const struct environment *environment, const struct record_window *is,
                              const struct plan_difference *one)
{
    const char *version = zoneinfo_version(environment->zones);
    int64_t apart = llabs(one->is_signed.ns - one->by_rule.ns);
    return one->kind == PLAN_MOVED && !one->is_date && one->occurrence->error_s <= 0 &&
           *one->occurrence->zone != '\0' && is->zones.len > 0 && version != NULL &&
           !text_is(is->zones, version) && apart % (900 * NS_PER_S) == 0 &&
           apart <= 3 * 3600 * NS_PER_S;
}

static void write_side(const struct environment *environment, const struct plan_difference *one,
                       utc at, char *out, size_t size)
{
    char local[TIMES_LOCAL_SIZE];
    if (one->is_date) {
        char day[TIMES_DAY_SIZE];
        snprintf(out, size, "%s", times_day(civil_from_utc(at).date, day));
        return;
    }
    const char *name =
        one->occurrence != NULL && *one->occurrence->zone != '\0' ? one->occurrence->zone : "UTC";
    const struct zone *zone = zoneinfo_find(environment->zones, name);
    snprintf(out, size, "%s%s%s", stamp_text(at).text, zone != NULL ? "  " : "",
             zone != NULL ? times_local(zone, name, at, local) : "");
}

static void tell_difference(const struct environment *environment,
                            const struct plan_difference *one)
{
    char is_signed[STAMP_TEXT_SIZE + TIMES_LOCAL_SIZE + 2] = "nothing";
    char by_rule[STAMP_TEXT_SIZE + TIMES_LOCAL_SIZE + 2] = "no such date";
    if (one->kind != PLAN_NOT_SIGNED) {
        write_side(environment, one, one->is_signed, is_signed, sizeof is_signed);
    }
    if (one->kind != PLAN_NOT_BY_RULE) {
        write_side(environment, one, one->by_rule, by_rule, sizeof by_rule);
    }
    static const char *const kind[] = {"moved", "extra", "missing"};
    enum { VALUE = 32 };
    say_wrapped(stderr, 0, VALUE, "  %-8s %-12.*s signed  %s%s%.*s", kind[one->kind],
                (int)one->key.len, one->key.at, is_signed, one->place.len > 0 ? "  " : "",
                (int)one->place.len, one->place.at);
    say_wrapped(stderr, 0, VALUE, "  %-8s %-12s by rule %s", "", "", by_rule);
}

static void tell_of_duration(const struct record_window *is, const struct plan_review *review)
{
    char is_signed[DURATION_TEXT_SIZE], by_rule[DURATION_TEXT_SIZE];
    duration_write(is->duration, is->wave == WAVE_DAY, is_signed);
    duration_write(review->duration, is->wave == WAVE_DAY, by_rule);
    say_warning("signed for %s; the rule says %s", is_signed, by_rule);
}

static void tell_of_kind(const struct record_window *is, const struct plan_review *review)
{
    static const char *const kind[] = {
        [WAVE_NONE] = "the same instant everywhere",
        [WAVE_CLOCK] = "each place's own clock",
        [WAVE_PLACE] = "each place's own sky",
        [WAVE_DAY] = "whole days",
    };
    say_warning("signed for %s; the rule says %s", kind[is->wave], kind[review->wave]);
}

static void count_kinds(const struct plan_review *review, size_t count[static 3])
{
    count[0] = count[1] = count[2] = 0;
    for (size_t i = 0; i < review->difference_count; i++) {
        count[review->difference[i].kind]++;
    }
}

/* For whoever is about to sign what another wrote.  What is signed decides and not the rule, so
 * each way in which the two may differ is said apart, and zone data only where they may explain it.
 */
void review_tell_dates(const struct session *session, const struct environment *environment,
                       const struct record_window *is, const struct plan_review *review)
{
    if (review->verdict == PLAN_NOT_CHECKED) {
        say_warning("not checked here whether its dates are what its rule says: %s",
                    review->error.message);
        return;
    }
    if (!review->is_canonical) {
        say_note("the rule reads: %s", review->canonical);
    }
    if (review->difference_count > 0) {
        fputs("\nwhat is signed, and what the rule says here:\n", stderr);
    }
    bool is_of_zones = false;
    size_t shown = session->options->full ? SIZE_MAX : DIFFERENCES_SHOWN;
    for (size_t i = 0; i < review->difference_count; i++) {
        is_of_zones |= zones_may_explain(environment, is, &review->difference[i]);
        if (i < shown) {
            tell_difference(environment, &review->difference[i]);
        }
    }
    if (review->difference_count > shown) {
        fprintf(stderr, "  ... and %zu more; --full shows them\n",
                review->difference_count - shown);
    }
    if (review->kind_differs) {
        tell_of_kind(is, review);
    }
    if (review->clock_differs) {
        say_warning("signed for %02d:%02d:%02d; the rule says %02d:%02d:%02d", is->wave_time.hour,
                    is->wave_time.minute, is->wave_time.second, review->wave_time.hour,
                    review->wave_time.minute, review->wave_time.second);
    }
    if (review->duration_differs) {
        tell_of_duration(is, review);
    }
    if (is_of_zones) {
        say_warning("signed with the zone data %.*s, here they are %s: a land that changed its "
                    "clock may explain it",
                    (int)is->zones.len, is->zones.at, zoneinfo_version(environment->zones));
    }
    if (review->renamed > 0 && is->seq == 0) {
        say_warning(
            "%zu of its dates go by another KEY than the rule gives them; nothing but a key "
            "of its own tells an occurrence from others",
            review->renamed);
    }
    if (review->difference_count > 0) {
        size_t count[3];
        count_kinds(review, count);
        say_warning("the signed dates contradict the rule: %zu moved, %zu extra, %zu missing; what "
                    "is signed decides, not the rule",
                    count[PLAN_MOVED], count[PLAN_NOT_BY_RULE], count[PLAN_NOT_SIGNED]);
    }
}

void review_warn_of_rule(const struct session *session, const struct environment *environment,
                         const struct record *record)
{
    if (record == NULL || record->type != RECORD_WINDOW) {
        return;
    }
    const struct record_window *is = &record->is.window;
    struct plan_review *review = say_memory(plan_review(is, &environment->rules, session->now_utc));
    if (review->verdict == PLAN_CONTRADICTS) {
        size_t count[3];
        count_kinds(review, count);
        say_warning("\"%s\": what is signed contradicts its rule (dates: %zu moved, %zu extra, "
                    "%zu missing), and what is signed decides: \"tocsin explain %s\" shows both",
                    describe_title(is).text, count[PLAN_MOVED], count[PLAN_NOT_BY_RULE],
                    count[PLAN_NOT_SIGNED], session_name_window(session, &is->root, &is->uid).text);
    }
    plan_review_free(review);
}
