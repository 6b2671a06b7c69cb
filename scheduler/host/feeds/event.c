#include "feeds/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/draft.h"
#include "feeds/words.h"
#include "instants/stamp.h"

/* A cancelled occurrence stays in sight so long after its cancellation, then goes. */
static const int64_t CANCELLED_STAYS_NS = 30 * NS_PER_DAY;

static const char *const BETWEEN_TITLES = " · ";

static bool is_many(const char *language)
{
    return strcmp(language, FEED_MANY_LANGUAGES) == 0;
}

static bool text_in(const struct record_prose *prose, size_t count, size_t before)
{
    for (size_t i = 0; i < before && i < count; i++) {
        if (text_equal(prose[i].value, prose[before].value)) {
            return true;
        }
    }
    return false;
}

/* The window's own word for a language tag: its index, or that of the plain text. */
static size_t prose_for(const struct record_prose *prose, size_t count, const char *language)
{
    for (size_t i = 0; i < count; i++) {
        if (prose[i].tag.len > 0 && text_is(prose[i].tag, language)) {
            return i;
        }
    }
    return 0;
}

/* One of our words in the feed's language; in a feed of many languages, in all of the window's. */
static void add_word(struct draft *draft, const struct record_window *window, const char *language,
                     const char *(*word)(const struct feed_words *))
{
    if (!is_many(language)) {
        draft_add(draft, word(feed_words_for(language)));
        return;
    }
    for (size_t i = 0; i < window->title_count; i++) {
        char tag[FEED_LANGUAGE_SIZE];
        snprintf(tag, sizeof tag, "%.*s", (int)window->title[i].tag.len, window->title[i].tag.at);
        const char *said = word(feed_words_for(tag));
        bool is_new = true;
        for (size_t before = 0; before < i && is_new; before++) {
            char other[FEED_LANGUAGE_SIZE];
            snprintf(other, sizeof other, "%.*s", (int)window->title[before].tag.len,
                     window->title[before].tag.at);
            is_new = word(feed_words_for(other)) != said;
        }
        if (is_new) {
            draft_add(draft, i == 0 ? "" : " / ");
            draft_add(draft, said);
        }
    }
}

static const char *word_cancelled(const struct feed_words *words)
{
    return words->cancelled;
}

static const char *word_tentative(const struct feed_words *words)
{
    return words->tentative;
}

static const char *word_rest(const struct feed_words *words)
{
    return words->rest;
}

static char *write_title(const struct feed_request *request, const struct record_window *window,
                         struct feed_event *event)
{
    struct draft draft = {0};
    if (event->status == FEED_CANCELLED) {
        add_word(&draft, window, request->language, word_cancelled);
        draft_add(&draft, ": ");
    }
    if (request->part == FEED_REST) {
        add_word(&draft, window, request->language, word_rest);
        draft_add(&draft, ": ");
    }
    if (is_many(request->language)) {
        for (size_t i = 0; i < window->title_count; i++) {
            if (!text_in(window->title, window->title_count, i)) {
                draft_add(&draft, i == 0 ? "" : BETWEEN_TITLES);
                draft_add_prose(&draft, window->title[i].value, false);
            }
        }
    } else if (window->title_count > 0) {
        size_t i = prose_for(window->title, window->title_count, request->language);
        draft_add_prose(&draft, window->title[i].value, false);
        snprintf(event->language, sizeof event->language, "%.*s", (int)window->title[i].tag.len,
                 window->title[i].tag.at);
    }
    draft_trim(&draft, "-");
    return draft_take(&draft);
}

static void add_stamp(struct draft *draft, utc at)
{
    char text[STAMP_TEXT_SIZE];
    stamp_write(at, text);
    draft_add(draft, text);
}

/* What people read when they open the event: the organizers' own words, then the plain facts. */
static char *write_about(const struct feed_request *request, const struct view_window *in,
                         const struct view_occurrence *occurrence, utc exact_start,
                         const struct feed_event *event)
{
    const struct record_window *window = &in->record->is.window;
    struct draft draft = {0};
    if (event->status == FEED_CANCELLED && in->cancel != NULL) {
        struct text reason = in->cancel->is.cancel.reason;
        draft_add_clean(&draft, reason.at, reason.len, false);
        draft_add(&draft, "\n\n");
    }
    if (event->status == FEED_TENTATIVE) {
        add_word(&draft, window, request->language, word_tentative);
        draft_print(&draft, " (%zu/%u)\n\n", in->signature_count, in->threshold);
    }
    if (occurrence->alerted) {
        draft_add(&draft, "A change to this is disputed: it is still in force.\n\n");
    }
    if (is_many(request->language)) {
        for (size_t i = 0; i < window->about_count; i++) {
            if (!text_in(window->about, window->about_count, i)) {
                draft_add_prose(&draft, window->about[i].value, true);
                draft_add(&draft, "\n\n");
            }
        }
    } else if (window->about_count > 0) {
        size_t i = prose_for(window->about, window->about_count, request->language);
        draft_add_prose(&draft, window->about[i].value, true);
        draft_add(&draft, "\n\n");
    }
    draft_add_clean(&draft, window->gesture.at, window->gesture.len, false);
    draft_add(&draft, BETWEEN_TITLES);
    draft_add(&draft, record_tone_name(window->tone));
    if (event->clock != FEED_DATE) {
        draft_add(&draft, BETWEEN_TITLES);
        add_stamp(&draft, exact_start);
    }
    draft_add(&draft, "\n");
    draft_add_clean(&draft, window->rule.at, window->rule.len, false);
    draft_add(&draft, "\n");
    struct text name = request->root->newest->is.root.name;
    draft_add_clean(&draft, name.at, name.len, false);
    draft_trim(&draft, "-");
    return draft_take(&draft);
}

/* A URL that every reader takes: http or https, printable ASCII without quotes and spaces. */
static bool is_plain_url(struct text url)
{
    if (url.len < 8 || url.len > 1024 ||
        (memcmp(url.at, "http://", 7) != 0 && memcmp(url.at, "https://", 8) != 0)) {
        return false;
    }
    for (size_t i = 0; i < url.len; i++) {
        if (url.at[i] <= 0x20 || url.at[i] >= 0x7f || strchr("\"<>\\^`{|}", url.at[i]) != NULL) {
            return false;
        }
    }
    return true;
}

/* A word that stands as one category: no comma to make it two. */
static bool is_plain_word(struct text word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return word.len > 0 && word.len <= 64;
}

static char *copy_text(struct text text)
{
    struct draft draft = {0};
    draft_add_clean(&draft, text.at, text.len, false);
    draft_trim(&draft, "");
    return draft_take(&draft);
}

static int64_t floor_second(int64_t ns)
{
    int64_t rest = ns % NS_PER_S;
    return ns - (rest < 0 ? rest + NS_PER_S : rest);
}

/* When the occurrence is, in this feed.  False: it has no place in it. */
static bool place_in_time(const struct feed_request *request, const struct record_window *window,
                          const struct view_occurrence *occurrence, struct feed_event *event,
                          utc *exact_start)
{
    utc start;
    int64_t length_ns = window->duration.ns;
    switch (window->wave) {
    case WAVE_NONE:
        if ((request->part != FEED_SHARED && request->part != FEED_REST) ||
            !occurrence->has_start) {
            return false;
        }
        start = leap_to_utc(request->leap, occurrence->start, NULL);
        event->clock = FEED_UTC;
        break;
    case WAVE_CLOCK:
        if (request->part != FEED_ZONE) {
            return false;
        }
        start = zone_start_of(request->zone, (struct civil){occurrence->date, window->wave_time});
        event->clock = FEED_LOCAL;
        break;
    case WAVE_PLACE:
        if (request->part != FEED_PLACE || !occurrence->has_start ||
            !text_equal(occurrence->place, request->place)) {
            return false;
        }
        start = leap_to_utc(request->leap, occurrence->start, NULL);
        event->clock = FEED_UTC;
        break;
    case WAVE_DAY:
    default:
        if (request->part != FEED_SHARED) {
            return false;
        }
        start = civil_to_utc((struct civil){.date = occurrence->date});
        event->clock = FEED_DATE;
        break;
    }
    if (request->part == FEED_REST) {
        if (!window->has_rest) {
            return false;
        }
        start.ns += length_ns;
        length_ns = window->rest.ns;
    }
    *exact_start = start;
    event->start.ns = floor_second(start.ns);
    event->end.ns = floor_second(start.ns + length_ns);
    if (event->end.ns <= event->start.ns) {
        event->end.ns = event->start.ns + NS_PER_S;
    }
    if (event->clock == FEED_LOCAL) {
        event->local_start = zone_to_civil(request->zone, event->start);
        event->local_end = zone_to_civil(request->zone, event->end);
        /* A local time that readers would take for another instant (the second pass of a repeated
         * hour) is written in UTC instead. */
        if (zone_start_of(request->zone, event->local_start).ns != event->start.ns ||
            zone_start_of(request->zone, event->local_end).ns != event->end.ns) {
            event->clock = FEED_UTC;
        }
    }
    return true;
}

static bool take_status(const struct feed_request *request, const struct view_window *in,
                        const struct view_occurrence *occurrence, struct feed_event *event)
{
    const struct record_window *window = &in->record->is.window;
    event->sequence = window->seq;
    event->changed = leap_to_utc(request->leap, window->made, NULL);
    switch (occurrence->state) {
    case OCCURRENCE_IN_FORCE:
        event->status = FEED_CONFIRMED;
        return true;
    case OCCURRENCE_NOT_YET:
        event->status = FEED_TENTATIVE;
        return !occurrence->is_off;
    case OCCURRENCE_CANCELLED:
    case OCCURRENCE_OFF:
        event->status = FEED_CANCELLED;
        if (occurrence->state == OCCURRENCE_CANCELLED && in->cancel != NULL) {
            event->sequence = in->cancel->is.cancel.seq;
            event->changed = leap_to_utc(request->leap, in->cancel->is.cancel.made, NULL);
        }
        return event->changed.ns + CANCELLED_STAYS_NS >=
               leap_to_utc(request->leap, request->horizon.now, NULL).ns;
    case OCCURRENCE_EXPIRED:
    default:
        return false;
    }
}

static void free_event(struct feed_event *event)
{
    free(event->title);
    free(event->about);
    free(event->place);
    free(event->url);
    free(event->gesture);
}

/* 1: event filled; 0: nothing for this feed; -1: no memory. */
static int build_event(const struct feed_request *request, const struct view_window *in,
                       const struct view_occurrence *occurrence, struct feed_event *event)
{
    const struct record_window *window = &in->record->is.window;
    *event = (struct feed_event){.record = in->record};
    utc exact_start;
    if (!take_status(request, in, occurrence, event) ||
        !place_in_time(request, window, occurrence, event, &exact_start) ||
        event->start.ns >= leap_to_utc(request->leap, request->horizon.to, NULL).ns ||
        event->end.ns <= leap_to_utc(request->leap, request->horizon.from, NULL).ns) {
        return 0;
    }
    char uid[RECORD_UID_TEXT_SIZE];
    char root[RECORD_ID_TEXT_SIZE];
    record_uid_write(&in->uid, uid);
    record_id_write(&in->root, root);
    snprintf(event->uid, sizeof event->uid, "%s.%.*s.%.16s%s", uid, (int)occurrence->key.len,
             occurrence->key.at, root, request->part == FEED_REST ? ".rest" : "");

    event->title = write_title(request, window, event);
    event->about = write_about(request, in, occurrence, exact_start, event);
    bool whole = event->title != NULL && event->about != NULL;
    if (whole && request->part == FEED_PLACE) {
        event->place = copy_text(occurrence->place);
        whole = event->place != NULL;
        if (whole && event->place[0] == '\0') {
            free(event->place);
            event->place = NULL;
        }
    }
    if (whole && is_plain_url(window->url)) {
        event->url = copy_text(window->url);
        whole = event->url != NULL;
    }
    if (whole && is_plain_word(window->gesture)) {
        event->gesture = copy_text(window->gesture);
        whole = event->gesture != NULL;
    }
    if (!whole) {
        free_event(event);
        return -1;
    }
    return 1;
}

static int by_start(const void *left, const void *right)
{
    const struct feed_event *a = left;
    const struct feed_event *b = right;
    if (a->start.ns != b->start.ns) {
        return a->start.ns < b->start.ns ? -1 : 1;
    }
    return strcmp(a->uid, b->uid);
}

bool feed_events_build(const struct feed_request *request, struct feed_events *out)
{
    size_t room = 0;
    const struct view *view = request->view;
    for (size_t i = 0; i < view->window_count; i++) {
        room += view->window[i].occurrence_count;
    }
    struct feed_events events = {.event = malloc((room + 1) * sizeof *events.event)};
    if (events.event == NULL) {
        return false;
    }
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        if (in->record == NULL || !record_id_equal(&in->root, &request->root->id)) {
            continue;
        }
        for (size_t k = 0; k < in->occurrence_count; k++) {
            int built = build_event(request, in, &in->occurrence[k], &events.event[events.count]);
            if (built < 0) {
                feed_events_free(&events);
                return false;
            }
            events.count += (size_t)built;
        }
    }
    qsort(events.event, events.count, sizeof *events.event, by_start);
    *out = events;
    return true;
}

void feed_events_free(struct feed_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        free_event(&events->event[i]);
    }
    free(events->event);
    *events = (struct feed_events){0};
}
