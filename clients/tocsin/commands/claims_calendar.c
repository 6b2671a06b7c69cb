/* claims_calendar.c -- a calendar file held against the records, event by event. */
#include "tocsin/commands/claims.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "feeds/feed.h"
#include "files/files.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/ics.h"
#include "tocsin/commands/ics_match.h"
#include "tocsin/print/describe.h"
#include "trust/trust.h"

/* More are held against what is signed and told only where they are not so; no feed of ours has
 * more than FEED_EVENTS_MAX. */
enum { EVENTS_TOLD = 50 };

/* "20270802T082500Z" of an instant: its stamp without the signs between. */
static void write_start(const struct session *session, instant at, char out[static STAMP_TEXT_SIZE])
{
    struct stamp_text stamp = session_stamp(session, at);
    for (const char *c = stamp.text; *c != '\0'; c++) {
        if (*c != '-' && *c != ':') {
            *out++ = *c;
        }
    }
    *out = '\0';
}

/* Whether an event's start can be that of an occurrence: the very instant; of a wave the hour of
 * some zone, or the date. */
static bool is_start_of(const struct session *session, const struct view_occurrence *one,
                        const struct ics_event *event)
{
    char date[16];
    snprintf(date, sizeof date, "%04d%02d%02d", one->date.year, one->date.month, one->date.day);
    if (event->kind == ICS_DATE) {
        return !(one->has_start && one->place.len == 0) && strcmp(date, event->start) == 0;
    }
    utc at;
    if (event->kind != ICS_INSTANT || !ics_read_time(event->kind, event->start, &at)) {
        return false;
    }
    if (one->has_start) {
        char start[STAMP_TEXT_SIZE];
        write_start(session, one->start, start);
        return strcmp(start, event->start) == 0;
    }
    return one->record->is.window.wave == WAVE_CLOCK &&
           ics_match_is_of_a_zone(at, leap_to_utc(&session->leap, one->start, NULL));
}

/* The window that an event names, by its uid and its constellation; NULL: nobody's here. */
static const struct view_window *window_of(const struct session *session,
                                           const struct ics_event *event)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct record_id *root = &session->view->root[i].id;
        const struct view_window *window = session_id_matches(root, event->root)
                                               ? view_find_window(session->view, root, &event->uid)
                                               : NULL;
        if (window != NULL) {
            return window;
        }
    }
    return NULL;
}

/* EXIT_DONE where a feed of ours could have written it. */
static int hold_against_feeds(const struct session *session, const char *what,
                              const struct view_window *window, const struct ics_event *event)
{
    enum ics_match match = ics_match_of(session, window, event);
    if (match == UNLIKE_TITLE && window->record != NULL) {
        claims_print(false, what, "it is called \"%s\", and what is signed \"%s\"", event->summary,
                     describe_title(&window->record->is.window).text);
        return EXIT_NO;
    }
    return match == ALIKE ? EXIT_DONE : claims_refuse(what, ics_match_text(match));
}

/* is_brief: only where it is not as signed. */
static int tell_event(const struct session *session, const char *path,
                      const struct ics_event *event, bool is_brief)
{
    char what[512];
    snprintf(what, sizeof what, "%.200s: %.200s", path, *event->key != '\0' ? event->key : "event");
    const struct view_window *window = window_of(session, event);
    if (window == NULL) {
        return claims_deny(what);
    }
    if (event->is_odd) {
        return claims_refuse(what,
                             "it has two uids, starts or titles, of which readers take either");
    }
    if (event->repeats) {
        return claims_refuse(what, "it repeats, and no event of ours does");
    }
    const struct view_occurrence *same = NULL, *of_key = NULL;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (text_is(one->key, event->key)) {
            of_key = of_key == NULL ? one : of_key;
            same = same == NULL && is_start_of(session, one, event) ? one : same;
        }
    }
    if (of_key == NULL) {
        return claims_refuse(what, "the window has no such occurrence (any more)");
    }
    if (same == NULL && event->kind == ICS_OTHER) {
        return claims_refuse(what,
                             "its start is written as no feed of ours writes one, and cannot be "
                             "held against the signed one");
    }
    if (same == NULL) {
        claims_print(false, what, "it says %s, and the occurrence is at %s",
                     *event->start != '\0' ? event->start : "nothing",
                     describe_start(session, &of_key->record->is.window, of_key).text);
        return EXIT_NO;
    }
    bool says_so = strcasecmp(event->status, "CANCELLED") == 0;
    bool is_off = same->state == OCCURRENCE_OFF;
    if (is_off && !says_so) {
        return claims_refuse(what, "this occurrence is cancelled");
    }
    bool is_as_meant =
        window->status == VIEW_CONFIRMED || (window->status == VIEW_CANCELLED && says_so);
    int code = is_as_meant ? hold_against_feeds(session, what, window, event) : EXIT_DONE;
    if (code != EXIT_DONE || (is_brief && is_as_meant)) {
        return code;
    }
    return claims_tell_window(session, what, window,
                              is_off ? "; this date is called off, as the file says"
                              : event->has_description
                                  ? "; its description is not signed by the organizers"
                                  : "",
                              says_so);
}

/* The rest after an occurrence is told only where it is not as signed. */
static int check_rest(const struct session *session, const char *path,
                      const struct ics_event *event)
{
    char what[512];
    snprintf(what, sizeof what, "%.200s: %.200s, rest", path, event->key);
    const struct view_window *window = window_of(session, event);
    if (window == NULL) {
        return claims_deny(what);
    }
    if (event->is_odd || event->repeats) {
        return claims_refuse(what, "it is written as no feed of ours writes it");
    }
    return window->status == VIEW_CONFIRMED ? hold_against_feeds(session, what, window, event)
                                            : EXIT_DONE;
}

static bool is_by_a_site(const struct session *session, const struct trust_signature *signature,
                         const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct record_root *is = &session->view->root[i].newest->is.root;
        for (size_t k = 0; k < is->feed_count; k++) {
            if (trust_verify(signature, &is->feed[k].public, bytes, size) == TRUST_OK) {
                return true;
            }
        }
    }
    return false;
}

/* PATH.minisig, where it is there: whether a site's key of a trusted root signed these bytes. */
static int check_signature_beside(const struct session *session, const char *path,
                                  const uint8_t *bytes, size_t size, bool *is_signed)
{
    char beside[PATH_MAX];
    int len = snprintf(beside, sizeof beside, "%s.minisig", path);
    *is_signed = false;
    if (len < 0 || (size_t)len >= sizeof beside || access(beside, F_OK) != 0) {
        return EXIT_DONE;
    }
    struct files_error error;
    struct trust_signature signature;
    uint8_t *text;
    size_t text_size;
    if (files_load(beside, TRUST_SIGNATURE_TEXT_MAX, &text, &text_size, &error)) {
        *is_signed = trust_signature_read(text, text_size, &signature) == TRUST_OK &&
                     is_by_a_site(session, &signature, bytes, size);
        free(text);
    }
    return *is_signed
               ? EXIT_DONE
               : claims_refuse(path, "the signature beside it is not of this file, or by no site "
                                     "that a trusted root names");
}

/* Events that are of no window, by what our feeds call them. */
enum stray { STRAY_SKY, STRAY_DATES, STRAY_NOTHING, STRAY_FOREIGN, STRAYS };

static enum stray stray_of(const struct ics_event *event)
{
    size_t len = strlen(event->uid_text);
    if (len > 4 && strcmp(event->uid_text + len - 4, ".sky") == 0) {
        return STRAY_SKY;
    }
    if (len > 6 && strcmp(event->uid_text + len - 6, ".dates") == 0) {
        return STRAY_DATES;
    }
    return strncmp(event->uid_text, "nothing.", 8) == 0 ? STRAY_NOTHING : STRAY_FOREIGN;
}

/* A feed of the sky has hundreds: each kind is told once. */
static int tell_strays(const char *path, const size_t count[static STRAYS])
{
    static const char *const what[] = {
        [STRAY_SKY] = "of the sky, which nobody declares or signs; \"tocsin sky\" works them out "
                      "here",
        [STRAY_DATES] = "of the catalogue of days, which no organizer declares or signs; \"tocsin "
                        "dates\" has their sources",
        [STRAY_NOTHING] = "that says only that nothing is declared",
        [STRAY_FOREIGN] = "that nobody whom you trust has signed",
    };
    int code = EXIT_DONE;
    for (enum stray i = 0; i < STRAYS; i++) {
        if (count[i] > 0) {
            claims_print(false, path, "%zu event%s %s", count[i], text_s(count[i]), what[i]);
            code = EXIT_NO;
        }
    }
    return code;
}

int claims_verify_calendar(struct session *session, const char *path, const uint8_t *bytes,
                           size_t size)
{
    static struct ics_event event;
    struct ics_reader reader = {(const char *)bytes, (const char *)bytes + size};
    bool is_signed;
    int code = check_signature_beside(session, path, bytes, size, &is_signed);
    size_t told = 0, seen = 0, stray[STRAYS] = {0};
    while (ics_next(&reader, &event)) {
        if (seen++ == FEED_EVENTS_MAX) {
            return claims_refuse(path, "it has more events than any feed of ours, and the rest of "
                                       "them was not looked at");
        }
        if (!event.has_uid) {
            stray[stray_of(&event)]++;
            continue;
        }
        told += !event.is_rest;
        int one = event.is_rest ? check_rest(session, path, &event)
                                : tell_event(session, path, &event, told > EVENTS_TOLD);
        code = one > code ? one : code;
    }
    if (told > EVENTS_TOLD) {
        say_note("of %zu events the first %d are told, and what is wrong in the others", told,
                 EVENTS_TOLD);
    }
    int one = tell_strays(path, stray);
    code = one > code ? one : code;
    if (told == 0 && one == EXIT_DONE) {
        return claims_deny(path);
    }
    if (is_signed && told == 0) {
        say_note("a site that a trusted root names made this file, and no organizer what it tells");
    } else if (code == EXIT_DONE && is_signed) {
        say_note("a site that the root names signed every word of it");
    } else if (code == EXIT_DONE) {
        say_note("looked at: uid, start, end, status, title, place and link; for every word of it "
                 "lay the feed's .minisig beside it");
    }
    return code;
}
