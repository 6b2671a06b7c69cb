/* What a record does, in titles, names and times. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"
#include "words/words.h"

enum { LINES_SHOWN = 12, VALUE = 12 }; /* where what is told of something begins */

static size_t shown(const struct session *session)
{
    return session->options->full ? SIZE_MAX : LINES_SHOWN;
}

/* A change_sink: two lines. */
static void tell_value(void *context, const char *what, const char *before, const char *after)
{
    (void)context;
    say_wrapped(stderr, 0, VALUE + 4, "  %-9s was %s", what, before != NULL ? before : "nothing");
    say_wrapped(stderr, 0, VALUE + 4, "  %-9s is  %s", "", after != NULL ? after : "nothing");
}

/* A change_sink: what is off is told with the dates. */
static void tell_but_off(void *context, const char *what, const char *before, const char *after)
{
    if (strcmp(what, "off") != 0) {
        tell_value(context, what, before, after);
    }
}

/* Whoever reads it in another language goes on reading what was not changed with it. */
static void warn_of_translations(const char *what, const struct record_prose *before,
                                 size_t before_count, const struct record_prose *after,
                                 size_t after_count)
{
    bool has_both = before_count > 0 && before[0].tag.len == 0 && after_count > 0 &&
                    after[0].tag.len == 0; /* the text without a language stands first */
    if (!has_both || text_equal(before[0].value, after[0].value)) {
        return;
    }
    for (size_t i = 1; i < after_count; i++) {
        for (size_t k = 1; k < before_count; k++) {
            if (text_equal(after[i].tag, before[k].tag) &&
                text_equal(after[i].value, before[k].value)) {
                say_warning("%s.%.*s stays as it was: %.*s", what, (int)after[i].tag.len,
                            after[i].tag.at, (int)after[i].value.len, after[i].value.at);
            }
        }
    }
}

bool review_tell_change(const struct session *session, const struct environment *environment,
                        const struct record_window *before, const struct window_draft *draft)
{
    const struct record_window *is = &draft->record.is.window;
    fputs("Against what is in force:\n", stderr);
    change_of_window(session, before, is, tell_but_off, NULL);
    warn_of_translations("title", before->title, before->title_count, is->title, is->title_count);
    warn_of_translations("about", before->about, before->about_count, is->about, is->about_count);
    bool moves = window_preview_changes(session, environment, before, draft);
    return moves || !view_says_same(before, is);
}

static void tell_prev(const struct session *session, const struct record_id *prev, size_t count,
                      const struct record *in_force)
{
    bool names_it = false;
    for (size_t i = 0; i < count; i++) {
        names_it |= record_id_equal(&prev[i], &in_force->id);
        if (session_entry_of(session, &prev[i]) == NULL) {
            say_warning("it follows on %.16s, which is not here", record_id_text(&prev[i]).text);
        }
    }
    if (!names_it && record_step_of(in_force) > 0) {
        say_warning("it does not follow on the version that is in force");
    }
}

void review_tell_step(const struct session *session, const struct record *record)
{
    const struct view_window *window = view_window_of(session->view, record);
    const struct record *last =
        window != NULL && window->held_count > 0 ? window->held[window->held_count - 1] : NULL;
    uint32_t step = record_step_of(record);
    bool is_cancel = record->type == RECORD_CANCEL;
    if (last == NULL || record == last || step == 0) {
        if (last == NULL && step > (is_cancel ? 1U : 0U)) {
            say_warning("it is step %u of a window whose steps before are not in force here", step);
        }
        return;
    }
    if (step > record_step_of(last) + 1) {
        say_warning("it is step %u, and the last one in force here is %u: what lies between is not "
                    "here",
                    step, record_step_of(last));
    } else if (!is_cancel && step < record_step_of(last)) {
        say_warning("it is step %u, and step %u is in force already", step, record_step_of(last));
        return;
    }
    tell_prev(session, is_cancel ? record->is.cancel.prev : record->is.window.prev,
              is_cancel ? record->is.cancel.prev_count : record->is.window.prev_count, last);
}

/* The occurrences of a window that are still to come, in UTC and at this computer's clock. */
static void tell_ahead(const struct session *session, const struct environment *environment,
                       const struct view_window *window)
{
    char name[ZONE_NAME_SIZE] = "UTC";
    const struct zone *zone =
        zoneinfo_host(environment->zones, name) ? zoneinfo_find(environment->zones, name) : NULL;
    size_t count = 0;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->is_off || instant_compare(one->end, session->now) <= 0) {
            continue;
        }
        if (count++ < shown(session)) {
            char local[TIMES_LOCAL_SIZE] = "";
            if (one->has_start && zone != NULL) {
                times_local(zone, name, leap_to_utc(&session->leap, one->start, NULL), local);
            }
            say_wrapped(stderr, 0, VALUE + 3, "  %-12.*s %s  %s%s%.*s", (int)one->key.len,
                        one->key.at, describe_start(session, &window->record->is.window, one).text,
                        local, one->place.len > 0 ? "  " : "", (int)one->place.len, one->place.at);
        }
    }
    if (count > shown(session)) {
        fprintf(stderr, "  ... and %zu more; --full shows them\n", count - shown(session));
    }
}

void review_tell_cancel(const struct session *session, const struct environment *environment,
                        const struct record *record)
{
    const struct view_window *window = view_window_of(session->view, record);
    char title[DESCRIBE_TITLE_SIZE] = "a window that is not here", reason[RECORD_SIZE_MAX];
    record_unescape(record->is.cancel.reason, reason, sizeof reason);
    if (window != NULL && window->record != NULL) {
        strcpy(title, describe_title(&window->record->is.window).text);
    }
    fputc('\n', stderr);
    say_wrapped(stderr, 0, VALUE, "Cancels for good: %s", title);
    say_wrapped(stderr, 0, VALUE, "  reason: %s", reason);
    review_tell_step(session, record);
    if (window != NULL && window->record != NULL) {
        tell_ahead(session, environment, window);
    }
}

/* "amendment of "A minute"": what the record of an id is. */
static void name_record(const struct session *session, const struct record_id *id, char *out,
                        size_t size)
{
    const struct view_entry *entry = session_entry_of(session, id);
    char text[RECORD_ID_TEXT_SIZE], title[DESCRIBE_TITLE_SIZE] = "";
    record_id_write(id, text);
    if (entry == NULL) {
        snprintf(out, size, "%.16s, which is not here", text);
        return;
    }
    const struct record *record = entry->record;
    const struct view_window *window = view_window_of(session->view, record);
    if (record->type == RECORD_WINDOW) {
        strcpy(title, describe_title(&record->is.window).text);
    } else if (window != NULL && window->record != NULL) {
        strcpy(title, describe_title(&window->record->is.window).text);
    }
    const char *what = record->type == RECORD_WINDOW && record->is.window.seq > 0 ? "amendment of "
                       : record->type == RECORD_CANCEL ? "cancellation of "
                       : record->type == RECORD_ROOT   ? "a version of the root"
                       : record->type == RECORD_REVOKE ? "a revocation"
                                                       : "";
    snprintf(out, size, "%s%s%s%s  (%.16s)", what, *title != '\0' ? "\"" : "", title,
             *title != '\0' ? "\"" : "", text);
}

static void tell_ids(const struct session *session, const char *what, const struct record_id *id,
                     size_t count)
{
    for (size_t i = 0; i < count && i < shown(session); i++) {
        char name[DESCRIBE_TITLE_SIZE + 80];
        name_record(session, &id[i], name, sizeof name);
        say_wrapped(stderr, 0, VALUE, "  %-9s %s", what, name);
    }
    if (count > shown(session)) {
        fprintf(stderr, "  ... and %zu more; --full shows them\n", count - shown(session));
    }
}

/* What would lose its effect without a key: what depends on it and is not kept. */
static void tell_lost(const struct session *session, const struct record_id *root,
                      const struct record_public_key *key, const struct record_id *keep,
                      size_t keep_count)
{
    enum { MOST = 1000 };
    struct record_id *depends = calloc(MOST, sizeof *depends);
    if (depends == NULL) {
        return; /* a list less, and nothing worse */
    }
    size_t count = view_depending_on(session->view, root, key->key, depends, MOST);
    size_t lost = 0;
    for (size_t i = 0; i < count && i < MOST; i++) {
        if (!record_id_is_among(keep, keep_count, &depends[i])) {
            depends[lost++] = depends[i];
        }
    }
    tell_ids(session, "loses", depends, lost);
    free(depends);
}

void review_tell_revoke(const struct session *session, const struct record_revoke *is)
{
    const struct view_root *root = view_find_root(session->view, &is->root);
    char name[1024] = "";
    if (root != NULL) {
        struct text owner = history_organizer(root, &is->key);
        owner = owner.len > 0 ? owner : history_organizer_once(session, root, &is->key);
        record_unescape(owner, name, sizeof name);
    }
    fputc('\n', stderr);
    say_wrapped(stderr, 0, 2,
                "Revokes the key of %s (%s): everything that it signed becomes void, but for %zu "
                "records kept",
                *name != '\0' ? name : "nobody who ever was an organizer",
                record_key_id_text(&is->key.id).text, is->keep_count);
    tell_ids(session, "keeps", is->keep, is->keep_count);
    tell_lost(session, &is->root, &is->key, is->keep, is->keep_count);
    if (root != NULL) {
        const struct record_root *of = &root->newest->is.root;
        const struct history_names left = history_organizers(session, root, false, &is->key, 1);
        say_wrapped(stderr, 0, VALUE, "  %-9s %s, of whom %u must sign", "left",
                    *left.text != '\0' ? left.text : "nobody", of->threshold);
        size_t count = 0;
        for (size_t i = 0; i < of->organizer_count; i++) {
            const struct record_public_key *key = &of->organizer[i].public;
            count += session_find_revoke(session, root, key) == NULL &&
                     !trust_public_key_equal(key, &is->key);
        }
        if (count < of->threshold) {
            say_warning("too few are left: with it the constellation is frozen, and nothing new "
                        "counts: \"tocsin root rotate --add PUB\" first");
        }
    }
}

static bool is_named(const struct record_key *list, size_t count, struct text name)
{
    for (size_t i = 0; i < count; i++) {
        if (words_equal(list[i].name.at, list[i].name.len, name.at, name.len)) {
            return true;
        }
    }
    return false;
}

static void tell_brokers(const char *what, const struct record_root *list,
                         const struct record_root *other)
{
    for (size_t i = 0; i < list->broker_count; i++) {
        bool is_there = false;
        for (size_t k = 0; k < other->broker_count; k++) {
            is_there |= text_equal(list->broker[i], other->broker[k]);
        }
        if (!is_there) {
            say_wrapped(stderr, 0, VALUE, "  %-9s broker %.*s", what, (int)list->broker[i].len,
                        list->broker[i].at);
        }
    }
}

static void tell_keys(const struct session *session, const struct view_root *root, const char *role,
                      const struct record_key *before, size_t before_count,
                      const struct record_key *after, size_t after_count)
{
    for (size_t side = 0; side < 2; side++) {
        const struct record_key *list = side == 0 ? before : after;
        const struct record_key *other = side == 0 ? after : before;
        size_t count = side == 0 ? before_count : after_count;
        size_t other_count = side == 0 ? after_count : before_count;
        for (size_t i = 0; i < count; i++) {
            bool is_revoked = session_find_revoke(session, root, &list[i].public) != NULL;
            char id[RECORD_KEY_ID_TEXT_SIZE], name[1024];
            record_key_id_write(&list[i].public.id, id);
            record_unescape(list[i].name, name, sizeof name);
            if (record_key_find(other, other_count, list[i].public.key) == NULL) {
                say_wrapped(stderr, 0, VALUE, "  %-9s %s %s (%s)", side == 0 ? "leaves" : "joins",
                            role, name, id);
                if (side == 1 && is_named(other, other_count, list[i].name)) {
                    say_warning("another key under the name of the %s %s: ask %s in person", role,
                                name, name);
                }
            }
            if (side == 1 && is_revoked) {
                say_warning("the key of the %s %s (%s) is revoked: it does not count", role, name,
                            id);
            }
        }
    }
}

void review_tell_root(const struct session *session, const struct record_root *is)
{
    const struct view_root *root = is->has_root ? view_find_root(session->view, &is->root) : NULL;
    if (root == NULL || root->newest->is.root.version >= is->version) {
        return; /* its text says it all */
    }
    const struct record_root *before = &root->newest->is.root;
    char was[48], now[48];
    fprintf(stderr, "\nVersion %u of the root, after version %u in force:\n", is->version,
            before->version);
    change_of_text("name", before->name, is->name, tell_value, NULL);
    tell_keys(session, root, "organizer", before->organizer, before->organizer_count, is->organizer,
              is->organizer_count);
    tell_keys(session, root, "beacon", before->beacon, before->beacon_count, is->beacon,
              is->beacon_count);
    tell_keys(session, root, "feed", before->feed, before->feed_count, is->feed, is->feed_count);
    tell_brokers("leaves", before, is);
    tell_brokers("joins", is, before);
    snprintf(was, sizeof was, "%u of %zu", before->threshold, before->organizer_count);
    snprintf(now, sizeof now, "%u of %zu", is->threshold, is->organizer_count);
    if (strcmp(was, now) != 0) {
        tell_value(NULL, "threshold", was, now);
    }
    if (is->threshold < before->threshold) {
        say_warning("%u signature%s decide%s from then on, not %u", is->threshold,
                    text_s(is->threshold), is->threshold == 1 ? "s" : "", before->threshold);
    }
    change_of_span("lock", before->has_lock ? &before->lock : NULL, is->has_lock ? &is->lock : NULL,
                   tell_value, NULL);
    change_of_instant(session, "expires", before->expires, is->expires, tell_value, NULL);
    tell_ids(session, "keeps", is->keep, is->keep_count);
    for (size_t i = 0; i < before->organizer_count; i++) {
        if (!record_is_organizer(is, before->organizer[i].public.key)) {
            tell_lost(session, &root->id, &before->organizer[i].public, is->keep, is->keep_count);
        }
    }
}
