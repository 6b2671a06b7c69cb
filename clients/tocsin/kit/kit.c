#include "tocsin/kit/kit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/feed.h"
#include "instants/civil.h"
#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/kit/icon.h"
#include "tocsin/kit/paper.h"
#include "tocsin/kit/zip.h"
#include "tocsin/session/bundle.h"

enum { TEXT_SIZE = RECORD_SIZE_MAX, TITLE_SIZE = 1024, ADDRESS_OF_PAGE_SIZE = 1200 };

/* Where the page takes what is built in. */
static const char slot[] = "<!--kit-->";

/* Gives the draft's text away. */
static int add(struct kit *kit, const char *name, struct draft *draft)
{
    if (draft->is_short_of_memory || kit->count == KIT_FILES_MAX) {
        draft_free(draft);
        return say_outside("out of memory");
    }
    struct kit_file *file = &kit->file[kit->count++];
    snprintf(file->name, sizeof file->name, "%s", name);
    file->size = draft->len;
    file->bytes = (uint8_t *)draft_take(draft);
    return EXIT_DONE;
}

/* --- the records, the page and the app for chats ---------------------------------------------- */

static int add_records(struct session *session, const struct kit_request *request, struct kit *kit)
{
    const struct bundle_about about = {
        .root = request->window->root, .has_uid = true, .uid = request->window->uid};
    uint8_t *bytes = NULL;
    size_t size = 0;
    int code = bundle_make(session, &about, 1, &bytes, &size);
    if (code == EXIT_DONE) {
        struct draft draft = {0};
        draft_add_bytes(&draft, bytes, size);
        code = add(kit, "records.tocsin", &draft);
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

/* The page with the root's id and the records in it. */
static bool write_page(const struct session *session, const struct kit_request *request,
                       const struct kit_file *records, struct draft *out)
{
    const char *page = (const char *)request->page;
    const char *at = memmem(page, request->page_size, slot, sizeof slot - 1);
    size_t room = sodium_base64_encoded_len(records->size, sodium_base64_VARIANT_ORIGINAL);
    char *base64 = malloc(room), root[RECORD_ID_TEXT_SIZE];
    if (at == NULL || base64 == NULL) {
        free(base64);
        return false;
    }
    sodium_bin2base64(base64, room, records->bytes, records->size, sodium_base64_VARIANT_ORIGINAL);
    record_id_write(root_of(session, request->window), root);
    struct civil_date day = civil_from_utc(session->now_utc).date; /* of a day all are alike */
    draft_add_bytes(out, page, (size_t)(at - page));
    draft_print(out,
                "<div id=\"kit\" hidden data-root=\"%s\" data-made=\"%04d-%02d-%02dT00:00:00Z\"",
                root, day.year, day.month, day.day);
    if (request->url != NULL) {
        draft_print(out, " data-url=\"%s\"", request->url); /* has no quote: address_read */
    }
    draft_add(out, " data-records=\"");
    draft_add(out, base64);
    draft_add(out, "\"></div>");
    at += sizeof slot - 1;
    draft_add_bytes(out, at, request->page_size - (size_t)(at - page));
    free(base64);
    return true;
}

/* A string of TOML. */
static void add_quoted(struct draft *out, const char *text)
{
    draft_add(out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            draft_add(out, "\\");
        }
        draft_add_bytes(out, *text == '\n' ? " " : text, 1);
    }
    draft_add(out, "\"");
}

/* The same for a chat, whose pages reach no network: without the script that would. */
static void write_chat_page(const struct draft *page, struct draft *out)
{
    static const char wire[] = "<script id=\"wire\">", end[] = "</script>";
    const char *from = memmem(page->at, page->len, wire, sizeof wire - 1);
    const char *stop = page->at + page->len;
    const char *to = from != NULL ? memmem(from, (size_t)(stop - from), end, sizeof end - 1) : NULL;
    if (to == NULL) {
        draft_add_bytes(out, page->at, page->len);
        return;
    }
    draft_add_bytes(out, page->at, (size_t)(from - page->at));
    to += sizeof end - 1;
    draft_add_bytes(out, to, (size_t)(stop - to));
}

static int add_page(struct session *session, const struct kit_request *request, const char *title,
                    struct kit *kit)
{
    struct draft page = {0}, chat = {0}, manifest = {0};
    if (!write_page(session, request, &kit->file[0], &page)) {
        draft_free(&page);
        return say_outside(
            "the page for phones has no place for records: it is not this version's");
    }
    draft_add(&manifest, "name = ");
    add_quoted(&manifest, title);
    draft_add(&manifest, "\n");
    struct zip zip = {0};
    zip_add(&zip, "manifest.toml", manifest.at, manifest.len);
    zip_add(&zip, "icon.png", kit_icon, sizeof kit_icon);
    write_chat_page(&page, &chat);
    zip_add(&zip, "index.html", chat.at, chat.len);
    int code = !chat.is_short_of_memory && zip_end(&zip) ? add(kit, "tocsin.xdc", &zip.out)
                                                         : say_outside("out of memory");
    zip_free(&zip);
    draft_free(&manifest);
    draft_free(&chat);
    if (code == EXIT_DONE) {
        return add(kit, "tocsin.html", &page);
    }
    draft_free(&page);
    return code;
}

/* --- the calendar ------------------------------------------------------------------------------
 */

static int add_calendar(const struct session *session, const struct kit_request *request,
                        struct kit *kit)
{
    const struct feed_source source = {
        .view = session->view,
        .entry = session->set.entry,
        .entry_count = session->set.entry_count,
        .leap = &session->leap,
        .horizon = feed_horizon_at(&session->leap, session->now_utc),
        .now = session->now,
        .zones_version = request->zones_version,
    };
    const struct feed_request feed = {
        .root = view_find_root(session->view, &request->window->root),
        .language = FEED_MANY_LANGUAGES,
        .has_alarms = true,
        .window = request->window,
    };
    struct feed_book *book = feed_book_new(&source);
    struct feed_list list = {0};
    char error[FEED_ERROR_SIZE] = "out of memory";
    int code = EXIT_DONE;
    if (book == NULL || feed_write(book, &feed, &list, error) != FEED_OK) {
        code = say_outside("%s", error);
    } else {
        struct draft draft = {0};
        draft_add_bytes(&draft, list.feed[0].bytes, list.feed[0].size);
        code = add(kit, "window.ics", &draft);
    }
    feed_list_free(&list);
    feed_book_free(book);
    return code;
}

/* --- what people read --------------------------------------------------------------------------
 */

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

static void write_clock(const struct session *session, const struct kit_request *request,
                        struct civil_date *date, char out[static 128])
{
    const struct record_window *is = &request->window->record->is.window;
    const struct view_occurrence *one = request->occurrence;
    struct civil universal = civil_from_utc(leap_to_utc(&session->leap, one->start, NULL));
    *date = universal.date;
    *out = '\0';
    if (is->wave == WAVE_DAY) {
        *date = one->date;
    } else if (!one->has_start) {
        snprintf(out, 128, "%02d:%02d", universal.time.hour, universal.time.minute);
    } else if (request->here.is_utc) {
        snprintf(out, 128, "%02d:%02d UTC", universal.time.hour, universal.time.minute);
    } else {
        struct civil at =
            zone_to_civil(request->here.zone, here_start(session, &request->here, one));
        *date = at.date;
        snprintf(out, 128, "%02d:%02d %s (%02d:%02d UTC)", at.time.hour, at.time.minute,
                 request->here.name, universal.time.hour, universal.time.minute);
    }
}

static int add_papers(const struct session *session, const struct kit_request *request,
                      const struct record_prose *title, struct kit *kit)
{
    static char shown[TITLE_SIZE], about[TEXT_SIZE], name[TITLE_SIZE];
    const struct record_window *is = &request->window->record->is.window;
    const struct view_root *root = view_find_root(session->view, &request->window->root);
    char tag[FEED_LANGUAGE_SIZE], date[INTERFACE_DATE_SIZE], clock[128];
    char length[INTERFACE_LENGTH_SIZE], words[PROQUINT_SIZE], url[ADDRESS_OF_PAGE_SIZE] = "";
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
    struct civil_date day;
    write_clock(session, request, &day, clock);
    interface_write_date(language, DATE_FULL, day.year, day.month, day.day,
                         (int)civil_weekday(civil_day_number(day)) - 1, date);
    interface_write_length(language, (uint64_t)(is->duration.ns / NS_PER_S), length);
    proquint_write(root_of(session, request->window)->bytes, words);
    if (request->url != NULL) {
        char root_text[RECORD_ID_TEXT_SIZE], uid[RECORD_UID_TEXT_SIZE];
        record_id_write(&request->window->root, root_text);
        record_uid_write(&request->window->uid, uid);
        snprintf(url, sizeof url, "%s%s/%.16s/window/%s.html", request->url,
                 *tag != '\0' ? tag : "plain", root_text, uid);
    }
    const struct paper paper = {
        .tag = tag,
        .language = language,
        .name = name,
        .title = shown,
        .about = about,
        .date = date,
        .clock = clock,
        .length = is->wave == WAVE_DAY ? interface_say(language, "all_day") : length,
        .how = interface_say(language, is->wave == WAVE_NONE ? "same_instant" : "own_clock"),
        .words = words,
        .url = request->url != NULL ? url : NULL,
    };
    char file[KIT_NAME_SIZE];
    struct draft text = {0}, poster = {0};
    paper_announce(&paper, &text);
    snprintf(file, sizeof file, "announcement%s%s.txt", *tag != '\0' ? "-" : "", tag);
    int code = add(kit, file, &text);
    if (code == EXIT_DONE && !paper_poster(&paper, &poster)) {
        draft_free(&poster);
        return say_usage("the address %s is too long for a code", url);
    }
    snprintf(file, sizeof file, "poster%s%s.svg", *tag != '\0' ? "-" : "", tag);
    return code == EXIT_DONE ? add(kit, file, &poster) : code;
}

static int add_readme(const struct session *session, const struct kit_request *request,
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
    if (request->page != NULL) {
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
    return add(kit, "README.txt", &text);
}

int kit_make(struct session *session, const struct kit_request *request, struct kit *out)
{
    static char title[TITLE_SIZE];
    const struct record_window *is = &request->window->record->is.window;
    record_unescape(is->title[0].value, title, sizeof title);
    int code = add_records(session, request, out);
    if (code == EXIT_DONE && request->page != NULL) {
        code = add_page(session, request, title, out);
    }
    code = code == EXIT_DONE ? add_calendar(session, request, out) : code;
    for (size_t i = 0; code == EXIT_DONE && i < is->title_count; i++) {
        code = add_papers(session, request, &is->title[i], out);
    }
    return code == EXIT_DONE ? add_readme(session, request, title, out) : code;
}

void kit_free(struct kit *kit)
{
    for (size_t i = 0; i < kit->count; i++) {
        free(kit->file[i].bytes);
    }
}
