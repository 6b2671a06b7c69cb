#include "tocsin/kit/kit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/feed.h"
#include "feeds/prose.h"
#include "feeds/words.h"
#include "instants/civil.h"
#include "places/places.h"
#include "records/proquint.h"
#include "say/say.h"
#include "site/rule_zone.h"
#include "tocsin/kit/paper.h"
#include "tocsin/kit/zip.h"
#include "tocsin/session/bundle.h"

enum { TEXT_SIZE = RECORD_SIZE_MAX, TITLE_SIZE = 1024, ADDRESS_OF_PAGE_SIZE = 1200 };

/* Gives the draft's text away. */
static void add(struct kit *kit, const char *name, struct draft *draft)
{
    assert(kit->count < KIT_FILES_MAX); /* kit_make sees to it */
    struct kit_file *file = &kit->file[kit->count++];
    snprintf(file->name, sizeof file->name, "%s", name);
    file->size = draft->len;
    file->bytes = say_memory(draft_take(draft));
}

/* --- the records, the page and the app for chats ---------------------------------------------- */

static int add_records(struct session *session, const struct kit_request *request, struct kit *kit)
{
    const struct bundle_about about = {
        .root = request->window->root, .has_uid = true, .uid = request->window->uid};
    uint8_t *bytes = NULL;
    size_t size = 0;
    int code = bundle_make(session, &about, &bytes, &size);
    if (code == EXIT_DONE) {
        struct draft draft = {0};
        draft_add_bytes(&draft, bytes, size);
        add(kit, "records.tocsin", &draft);
    }
    free(bytes);
    return code;
}

/* The constellation's first root where it is at hand, else the one that is trusted here. */
static const struct record_id *root_of(const struct session *session,
                                       const struct view_window *window)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    return session_entry_of(session, &window->root) != NULL || root == NULL ? &window->root
                                                                            : &root->anchor->id;
}

static void add_page(struct session *session, const struct kit_request *request, const char *title,
                     struct kit *kit)
{
    struct draft page = {0}, app = {0};
    phone_write(request->page,
                &(struct phone_kit){.root = root_of(session, request->window),
                                    .records = kit->file[0].bytes,
                                    .records_size = kit->file[0].size,
                                    .now = session->now_utc,
                                    .url = request->url},
                &page);
    phone_pack(&page, title, &app);
    add(kit, "tocsin.xdc", &app);
    add(kit, "tocsin.html", &page);
}

/* --- the calendar ----------------------------------------------------------------------------- */

struct feed_source kit_feed_source(const struct session *session, const struct zoneinfo *zones)
{
    return (struct feed_source){
        .view = session->view,
        .entry = session->set.entry,
        .entry_count = session->set.entry_count,
        .leap = &session->leap,
        .horizon = feed_horizon_at(&session->leap, session->now_utc),
        .now = session->now,
        .zones_version = zoneinfo_version(zones),
    };
}

static int add_calendar(const struct session *session, const struct kit_request *request,
                        struct kit *kit)
{
    const struct feed_source source = kit_feed_source(session, request->zones);
    const struct feed_request feed = {
        .root = view_find_root(session->view, &request->window->root),
        .language = FEED_MANY_LANGUAGES,
        .has_alarms = true,
        .window = request->window,
    };
    struct feed_book *book = say_memory(feed_book_new(&source));
    struct feed_list list = {0};
    char error[FEED_ERROR_SIZE] = "out of memory";
    int code = EXIT_DONE;
    if (feed_write(book, &feed, &list, error) != FEED_OK) {
        code = say_outside("%s", error);
    } else {
        struct draft draft = {0};
        draft_add_bytes(&draft, list.feed[0].bytes, list.feed[0].size);
        add(kit, "window.ics", &draft);
    }
    feed_list_free(&list);
    feed_book_free(book);
    return code;
}

/* --- what people read ------------------------------------------------------------------------- */

static const struct record_prose *in_language(const struct record_prose *list, size_t count,
                                              struct text tag)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(list[i].tag, tag)) {
            return &list[i];
        }
    }
    return NULL;
}

static void write_date(enum interface_language language, enum interface_date kind,
                       struct civil_date day, char out[static INTERFACE_DATE_SIZE])
{
    interface_write_date(language, kind, day.year, day.month, day.day,
                         (int)civil_weekday(civil_day_number(day)) - 1, out);
}

enum { CLOCK_SIZE = 2 * STAMP_TEXT_SIZE + ZONE_NAME_SIZE + 8 };

static void write_clock(const struct session *session, const struct kit_request *request,
                        struct civil_date *date, char out[static CLOCK_SIZE])
{
    const struct record_window *is = &request->window->record->is.window;
    const struct view_occurrence *one = request->occurrence;
    struct civil universal = civil_from_utc(leap_to_utc(&session->leap, one->start, NULL));
    char hour[STAMP_TEXT_SIZE], universal_hour[STAMP_TEXT_SIZE];
    stamp_write_time(universal.time, universal_hour);
    *date = universal.date;
    *out = '\0';
    if (is->wave == WAVE_DAY) {
        *date = one->date;
    } else if (!one->has_start) {
        snprintf(out, CLOCK_SIZE, "%s", universal_hour);
    } else if (request->here.is_utc) {
        snprintf(out, CLOCK_SIZE, "%s UTC", universal_hour);
    } else {
        struct civil at =
            zone_to_civil(request->here.zone, here_start(session, &request->here, one));
        *date = at.date;
        stamp_write_time(at.time, hour);
        snprintf(out, CLOCK_SIZE, "%s %s (%s UTC)", hour, request->here.name, universal_hour);
    }
}

/* One place of a window by places, as people there tell the hour; *date: the day of the first. */
static void tell_place(const struct session *session, const struct kit_request *request,
                       const struct view_occurrence *one, enum interface_language language,
                       bool is_first, struct civil_date *date, struct paper_place *out)
{
    const struct zone *zone =
        rule_zone_find(request->zones, WAVE_PLACE, (struct text){0}, one->place);
    utc at = leap_to_utc(&session->leap, one->start, NULL);
    struct civil universal = civil_from_utc(at);
    struct civil there = zone != NULL ? zone_to_civil(zone, at) : universal;
    char name[PLACE_NAME_SIZE] = "", day[INTERFACE_DATE_SIZE] = "", hour[STAMP_TEXT_SIZE];
    struct draft place = draft_in(name, sizeof name);
    draft_add_place(&place, one->place, interface_calendar(language)->code);
    if (is_first) {
        *date = there.date;
    } else if (civil_date_compare(there.date, *date) != 0) {
        write_date(language, DATE_DAY, there.date, day);
    }
    stamp_write_time(there.time, hour);
    snprintf(out->told, sizeof out->told, "%s %s%s%s%s", name, day, *day != '\0' ? " " : "", hour,
             zone != NULL ? "" : " UTC");
    if (zone != NULL) {
        stamp_write_time(universal.time, out->utc);
    }
}

/* All places of one time; the caller frees them. */
static struct paper_place *tell_places(const struct session *session,
                                       const struct kit_request *request,
                                       enum interface_language language, struct civil_date *date,
                                       size_t *count)
{
    const struct view_window *window = request->window;
    struct paper_place *place = say_memory(calloc(window->occurrence_count, sizeof *place));
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (text_equal(one->key, request->occurrence->key) &&
            one->state == request->occurrence->state) {
            size_t n = (*count)++;
            tell_place(session, request, one, language, n == 0, date, &place[n]);
        }
    }
    return place;
}

enum { GESTURE_SIZE = 200 };

static void write_gesture(const char *tag, struct text gesture, char out[static GESTURE_SIZE])
{
    size_t known = feed_gesture_index(gesture);
    if (known < FEED_GESTURES) {
        snprintf(out, GESTURE_SIZE, "%s", feed_words_for(tag)->gesture[known]);
    } else {
        snprintf(out, GESTURE_SIZE, "%.*s", (int)gesture.len, gesture.at);
    }
}

/* Announcement and poster in one language.  All that either shows is put together first: what hangs
 * on a wall cannot be mended, so both say the same words, and paper.c knows neither records nor
 * zones. */
static int add_papers(const struct session *session, const struct kit_request *request,
                      const struct record_prose *title, struct kit *kit)
{
    static char shown[TITLE_SIZE], about[TEXT_SIZE], name[TITLE_SIZE];
    const struct record_window *is = &request->window->record->is.window;
    const struct view_root *root = view_find_root(session->view, &request->window->root);
    char tag[FEED_LANGUAGE_SIZE], date[INTERFACE_DATE_SIZE], clock[CLOCK_SIZE];
    char length[INTERFACE_LENGTH_SIZE], gesture[GESTURE_SIZE];
    char words[PROQUINT_SIZE], url[ADDRESS_OF_PAGE_SIZE] = "";
    snprintf(tag, sizeof tag, "%.*s", (int)title->tag.len, title->tag.at);
    const struct record_prose *story = in_language(is->about, is->about_count, title->tag);
    record_unescape(title->value, shown, sizeof shown);
    *about = '\0';
    if (story != NULL) {
        record_unescape(story->value, about, sizeof about);
    }
    snprintf(name, sizeof name, "%.*s", (int)root->newest->is.root.name.len,
             root->newest->is.root.name.at);
    enum interface_language language = interface_find(tag);
    language = language == INTERFACE_LANGUAGES ? INTERFACE_EN : language;
    write_gesture(tag, is->gesture, gesture);
    interface_write_length(language, (uint64_t)(is->duration.ns / NS_PER_S), length);
    proquint_write(root_of(session, request->window)->bytes, words);
    if (request->url != NULL) {
        snprintf(url, sizeof url, "%s%s/%.16s/window/%s.html", request->url,
                 *tag != '\0' ? tag : "plain", record_id_text(&request->window->root).text,
                 record_uid_text(&request->window->uid).text);
    }
    struct paper paper = {
        .tag = tag,
        .language = language,
        .name = name,
        .title = shown,
        .about = about,
        .date = date,
        .clock = clock,
        .gesture = gesture,
        .length = is->wave == WAVE_DAY ? interface_say(language, "all_day") : length,
        .how = interface_say(language, is->wave == WAVE_NONE ? "same_instant" : "own_clock"),
        .words = words,
        .url = request->url != NULL ? url : NULL,
    };
    struct paper_place *place = NULL;
    struct civil_date day;
    if (is->wave == WAVE_PLACE) {
        place = tell_places(session, request, language, &day, &paper.place_count);
        paper.place = place;
    } else {
        write_clock(session, request, &day, clock);
    }
    write_date(language, DATE_FULL, day, date);
    char file[KIT_NAME_SIZE];
    struct draft text = {0}, poster = {0};
    paper_announce(&paper, &text);
    snprintf(file, sizeof file, "announcement%s%s.txt", *tag != '\0' ? "-" : "", tag);
    add(kit, file, &text);
    bool is_whole = paper_poster(&paper, &poster);
    free(place);
    if (!is_whole) {
        draft_free(&poster);
        return say_usage("the address %s is too long for a code", url);
    }
    snprintf(file, sizeof file, "poster%s%s.svg", *tag != '\0' ? "-" : "", tag);
    add(kit, file, &poster);
    return EXIT_DONE;
}

/* For people who have nothing but these files: it names what the functions above have added, and
 * changes with them.  Nobody has signed it, so for the words of the root it sends its reader to a
 * person. */
static void add_readme(const struct session *session, const struct kit_request *request,
                       const char *title, struct kit *kit)
{
    char words[PROQUINT_SIZE];
    struct draft text = {0};
    proquint_write(root_of(session, request->window)->bytes, words);
    draft_print(
        &text,
        "%s\n\nThese files tell when it begins. They need no server, and no file here runs by "
        "itself.\n\n",
        title);
    if (request->page->bytes != NULL) {
        draft_add(&text,
                  "tocsin.html       open it in a phone's or computer's browser: it counts down "
                  "and rings in step\n"
                  "tocsin.xdc        the same for chats that take webxdc apps: send it there\n");
    }
    draft_print(&text,
                "window.ics        for a calendar\n"
                "announcement*.txt to send or read aloud, by language\n"
                "poster*.svg       to print on A4, by language\n"
                "records.tocsin    the signed records themselves, for tocsin and tocsin-listen\n\n"
                "Whom to believe: ask somebody whom you trust whether these are the words:\n"
                "    %s\n",
                words);
    if (request->url != NULL) {
        draft_print(&text, "Whether anything has changed since is said here:\n    %s\n",
                    request->url);
    }
    draft_add(&text, "Copy this folder for others as it is.\n");
    add(kit, "README.txt", &text);
}

void kit_set_clock(struct kit_request *request, const struct zone *zone)
{
    if (zone != NULL) {
        request->here.zone = zone;
        snprintf(request->here.name, sizeof request->here.name, "%s", zone_name(zone));
        request->here.is_utc = strcmp(request->here.name, "UTC") == 0;
    }
}

int kit_make(struct session *session, const struct kit_request *request, struct kit *out)
{
    static char title[TITLE_SIZE];
    const struct record_window *is = &request->window->record->is.window;
    record_unescape(is->title[0].value, title, sizeof title);
    int code = add_records(session, request, out);
    if (code == EXIT_DONE && request->page->bytes != NULL) {
        add_page(session, request, title, out);
    }
    code = code == EXIT_DONE ? add_calendar(session, request, out) : code;
    /* A record has room for more titles than anybody would put up papers of: two files for each, as
     * long as there is room for the last one, too. */
    for (size_t i = 0; code == EXIT_DONE && i < is->title_count && out->count + 3 <= KIT_FILES_MAX;
         i++) {
        code = add_papers(session, request, &is->title[i], out);
    }
    if (code == EXIT_DONE) {
        add_readme(session, request, title, out);
    }
    return code;
}

void kit_pack(const struct kit *kit, struct draft *out)
{
    struct zip zip = {0};
    for (size_t i = 0; i < kit->count; i++) {
        zip_add(&zip, kit->file[i].name, kit->file[i].bytes, kit->file[i].size);
    }
    zip_end(&zip, out);
}

void kit_free(struct kit *kit)
{
    for (size_t i = 0; i < kit->count; i++) {
        free(kit->file[i].bytes);
    }
}
