#include "feeds/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/prose.h"
#include "feeds/words.h"
#include "instants/stamp.h"
#include "text/draft.h"

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

/* Where in a language's row one of our words stands. */
#define WORD(member) offsetof(struct feed_words, member)

static const char *word_in(const char *language, size_t word)
{
    const char *said;
    memcpy(&said, (const char *)feed_words_for(language) + word, sizeof said);
    return said;
}

static void copy_tag(struct text tag, char out[static FEED_LANGUAGE_SIZE])
{
    snprintf(out, FEED_LANGUAGE_SIZE, "%.*s", (int)tag.len, tag.len > 0 ? tag.at : "");
}

static const char *word_of_title(const struct record_window *window, size_t title, size_t word)
{
    char tag[FEED_LANGUAGE_SIZE];
    copy_tag(window->title[title].tag, tag);
    return word_in(tag, word);
}

/* One of our words in the feed's language; in a feed of many languages, in all of the window's. */
static void add_word(struct draft *draft, const struct record_window *window, const char *language,
                     size_t word)
{
    if (!is_many(language)) {
        draft_add(draft, word_in(language, word));
        return;
    }
    for (size_t i = 0; i < window->title_count; i++) {
        const char *said = word_of_title(window, i, word);
        bool is_new = true;
        for (size_t before = 0; before < i && is_new; before++) {
            is_new = strcmp(word_of_title(window, before, word), said) != 0;
        }
        if (is_new) {
            draft_add(draft, i == 0 ? "" : " / ");
            draft_add(draft, said);
        }
    }
}

/* The place in the feed's language; in a feed of many languages, each of its names once. */
static void add_place(struct draft *draft, const struct feed_request *request,
                      const struct feed_item *of)
{
    const struct record_window *window = &of->record->is.window;
    if (!is_many(request->language)) {
        draft_add_place(draft, of->place, request->language);
        return;
    }
    struct draft said = {0}; /* a line each */
    draft_add(&said, "\n");
    for (size_t i = 0; i < window->title_count; i++) {
        char tag[FEED_LANGUAGE_SIZE];
        struct draft name = {0};
        copy_tag(window->title[i].tag, tag);
        draft_add(&name, "\n");
        draft_add_place(&name, of->place, tag);
        draft_add(&name, "\n");
        bool is_whole = !said.is_short_of_memory && !name.is_short_of_memory;
        if (is_whole && memmem(said.at, said.len, name.at, name.len) == NULL) {
            draft_add(draft, i == 0 ? "" : " / ");
            draft_add_bytes(draft, name.at + 1, name.len - 2);
            draft_add_bytes(&said, name.at + 1, name.len - 1);
        }
        draft->is_short_of_memory |= !is_whole;
        draft_free(&name);
    }
    draft_free(&said);
}

/* "20:00", "20:00:30". */
static void add_hour(struct draft *draft, utc at, int32_t shift_s)
{
    char hour[STAMP_TEXT_SIZE];
    at.ns += (int64_t)shift_s * NS_PER_S;
    stamp_write_time(civil_from_utc(at).time, hour);
    draft_add(draft, hour);
}

static void add_title_words(struct draft *draft, const struct feed_request *request,
                            const struct record_window *window, struct feed_event *event)
{
    if (is_many(request->language)) {
        for (size_t i = 0; i < window->title_count; i++) {
            if (!text_in(window->title, window->title_count, i)) {
                draft_add(draft, i == 0 ? "" : BETWEEN_TITLES);
                draft_add_prose(draft, window->title[i].value, false);
            }
        }
    } else if (window->title_count > 0) {
        size_t i = prose_for(window->title, window->title_count, request->language);
        draft_add_prose(draft, window->title[i].value, false);
        copy_tag(window->title[i].tag, event->language);
    }
}

/* "20:00 · Cancelled: Candles", "Sunset · Rome". */
static char *write_title(const struct feed_request *request, const struct feed_entry *entry,
                         struct feed_event *event)
{
    const struct feed_item *of = entry->of;
    const struct record_window *window = &of->record->is.window;
    struct draft draft = {0};
    if (entry->time.is_date && entry->time.has_clock) {
        add_hour(&draft, entry->time.exact_start, 0);
        draft_add(&draft, BETWEEN_TITLES);
    }
    if (of->status != FEED_CONFIRMED) {
        bool is_cancelled = of->status == FEED_CANCELLED;
        bool is_confirmed = of->left == LEFT_PROPOSALS && of->elsewhere != NULL;
        add_word(&draft, window, request->language,
                 is_confirmed   ? WORD(confirmed)
                 : is_cancelled ? WORD(cancelled)
                                : WORD(tentative));
        if (!is_cancelled) {
            draft_print(&draft, " (%zu/%u)", of->in->signature_count, of->in->threshold);
        }
        draft_add(&draft, ": ");
    }
    if (entry->is_rest) {
        add_word(&draft, window, request->language, WORD(rest));
        draft_add(&draft, ": ");
    }
    add_title_words(&draft, request, window, event);
    if (of->place.len > 0) {
        draft_add(&draft, BETWEEN_TITLES);
        add_place(&draft, request, of);
    }
    draft_trim(&draft, "-");
    return draft_take(&draft);
}

static void add_about_words(struct draft *draft, const struct feed_request *request,
                            const struct record_window *window)
{
    if (is_many(request->language)) {
        for (size_t i = 0; i < window->about_count; i++) {
            if (!text_in(window->about, window->about_count, i)) {
                draft_add_prose(draft, window->about[i].value, true);
                draft_add(draft, "\n\n");
            }
        }
    } else if (window->about_count > 0) {
        size_t i = prose_for(window->about, window->about_count, request->language);
        draft_add_prose(draft, window->about[i].value, true);
        draft_add(draft, "\n\n");
    }
}

/* "20:00–20:15", "08:25–08:26 UTC"; the end only where it is within a day. */
static void add_hours(struct draft *draft, const struct feed_time *time)
{
    add_hour(draft, time->exact_start, time->shift_s);
    if (utc_since(time->exact_end, time->exact_start).ns < NS_PER_DAY) {
        draft_add(draft, "–");
        add_hour(draft, time->exact_end, time->end_shift_s);
    }
    draft_add(draft, time->is_utc ? " UTC" : "");
}

static void add_gesture(struct draft *draft, const struct feed_request *request,
                        const struct record_window *window)
{
    size_t gesture = feed_gesture_index(window->gesture);
    if (gesture < FEED_GESTURES) {
        add_word(draft, window, request->language, WORD(gesture) + gesture * sizeof(char *));
    } else {
        draft_add_clean(draft, window->gesture.at, window->gesture.len, false);
    }
}

/* What people read when they open the event: the organizers' own words, then the plain facts. */
static char *write_about(const struct feed_source *source, const struct feed_request *request,
                         const struct feed_entry *entry, const char *rule,
                         const struct feed_event *event)
{
    const struct feed_item *of = entry->of;
    const struct record_window *window = &of->record->is.window;
    struct draft draft = {0};
    if (of->status == FEED_CANCELLED && of->in->cancel != NULL) {
        struct text reason = of->in->cancel->is.cancel.reason;
        draft_add_clean(&draft, reason.at, reason.len, false);
        draft_add(&draft, "\n\n");
    }
    if (of->is_disputed) {
        add_word(&draft, window, request->language, WORD(disputed));
        draft_add(&draft, "\n\n");
    }
    if (of->left == LEFT_GESTURE && of->elsewhere != NULL) {
        add_word(&draft, window, request->language, WORD(instead));
        draft_add(&draft, ": ");
        add_gesture(&draft, request, window);
        draft_add(&draft, "\n\n");
    }
    add_about_words(&draft, request, window);
    add_gesture(&draft, request, window);
    draft_add(&draft, BETWEEN_TITLES);
    _Static_assert(FEED_TONES == TONE_REFLECTION + 1, "a word for each tone");
    add_word(&draft, window, request->language, WORD(tone) + (size_t)window->tone * sizeof(char *));
    if (entry->time.has_clock) {
        draft_add(&draft, BETWEEN_TITLES);
        add_hours(&draft, &entry->time);
    }
    if (*rule != '\0' && !entry->is_rest) {
        draft_add(&draft, "\n");
        draft_add(&draft, rule);
    }
    const struct view_root *root = view_find_root(source->view, &of->in->root);
    if (root != NULL) {
        draft_add(&draft, "\n");
        draft_add_clean(&draft, root->newest->is.root.name.at, root->newest->is.root.name.len,
                        false);
    }
    if (event->url != NULL) {
        draft_print(&draft, "\n%s", event->url);
    }
    draft_trim(&draft, "-");
    return draft_take(&draft);
}

bool feed_url_is_plain(struct text url)
{
    if (url.len > 1024 || !text_is_web(url)) {
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
static bool is_plain_word(struct text of)
{
    for (size_t i = 0; i < of.len; i++) {
        char c = of.at[i];
        if (!(text_is_lower(c) || text_is_digit(c) || c == '-')) {
            return false;
        }
    }
    return of.len > 0 && of.len <= 64;
}

static char *copy_text(struct text text, const char *otherwise)
{
    struct draft draft = {0};
    draft_add_clean(&draft, text.at, text.len, false);
    draft_trim(&draft, otherwise);
    return draft_take(&draft);
}

static void write_uid(const struct feed_entry *entry, char out[static FEED_UID_SIZE])
{
    const struct feed_item *of = entry->of;
    char uid[RECORD_UID_TEXT_SIZE];
    char root[RECORD_ID_TEXT_SIZE];
    char place[RECORD_ID_TEXT_SIZE] = "";
    record_uid_write(&of->in->uid, uid);
    record_id_write(&of->in->root, root);
    if (of->place.len > 0) {
        struct record_id hash;
        record_id_of((const uint8_t *)of->place.at, of->place.len, &hash);
        record_id_write(&hash, place);
    }
    snprintf(out, FEED_UID_SIZE, "%s.%.*s.%.16s%s%.16s%s", uid, (int)of->key.len, of->key.at, root,
             place[0] != '\0' ? "." : "", place, entry->is_rest ? ".rest" : "");
}

/* Whole or not at all: an event that lacked its place for want of memory would go into calendars,
 * and stay there as if it had none. */
bool feed_event_build(const struct feed_source *source, const struct feed_request *request,
                      const struct feed_entry *entry, const char *rule, struct feed_event *out)
{
    const struct feed_item *of = entry->of;
    const struct record_window *window = &of->record->is.window;
    struct feed_event event = {
        .record = of->record->id,
        .is_date = entry->time.is_date,
        .start = entry->time.start,
        .end = entry->time.end,
        .status = of->status,
        .sequence = of->revision.sequence,
        .changed = leap_to_utc(source->leap, of->revision.changed, NULL),
        .has_alarm = request->has_alarms && !entry->is_rest && of->status == FEED_CONFIRMED,
    };
    write_uid(entry, event.uid);
    event.title = write_title(request, entry, &event);
    bool whole = event.title != NULL;
    /* no link where one key alone could have put it */
    bool is_proposal = of->status == FEED_TENTATIVE ||
                       (of->left == LEFT_PROPOSALS && of->record != of->in->record);
    if (whole && !is_proposal && feed_url_is_plain(window->url)) {
        event.url = copy_text(window->url, "");
        whole = event.url != NULL;
    }
    if (whole) {
        event.about = write_about(source, request, entry, rule, &event);
        whole = event.about != NULL;
    }
    if (whole && of->place.len > 0) {
        struct draft place = {0};
        add_place(&place, request, of);
        draft_trim(&place, "");
        event.place = draft_take(&place);
        whole = event.place != NULL;
        if (whole && event.place[0] == '\0') {
            free(event.place);
            event.place = NULL;
        }
    }
    if (whole && is_plain_word(window->gesture)) {
        event.gesture = copy_text(window->gesture, "");
        whole = event.gesture != NULL;
    }
    if (!whole) {
        feed_event_free(&event);
        return false;
    }
    *out = event;
    return true;
}

bool feed_event_build_empty(const struct feed_source *source, const struct feed_tallies *tallies,
                            const struct feed_request *request, struct feed_event *out)
{
    const struct view_root *root = request->root != NULL ? request->root : &source->view->root[0];
    struct feed_revision revision = feed_revision_of(tallies, &root->id, NULL, source->horizon.now);
    struct civil_date day =
        civil_from_utc(leap_to_utc(source->leap, root->newest->is.root.made, NULL)).date;
    struct feed_event event = {
        .record = root->newest->id,
        .is_date = true,
        .start = civil_to_utc((struct civil){.date = day}),
        .status = FEED_CONFIRMED,
        .sequence = revision.sequence,
        .changed = leap_to_utc(source->leap, revision.changed, NULL),
        .title = strdup(feed_words_for(request->language)->nothing),
        .about = copy_text(root->newest->is.root.name, "-"),
    };
    event.end.ns = event.start.ns + NS_PER_DAY;
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&root->id, id);
    snprintf(event.uid, sizeof event.uid, "nothing.%.16s", id);
    if (event.title == NULL || event.about == NULL) {
        feed_event_free(&event);
        return false;
    }
    *out = event;
    return true;
}

void feed_event_free(struct feed_event *event)
{
    free(event->title);
    free(event->about);
    free(event->place);
    free(event->url);
    free(event->gesture);
}
