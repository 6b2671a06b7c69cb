/* tocsin kit UID DIR: what travels of a window without a server. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/files.h"
#include "places/places.h"
#include "say/say.h"
#include "say/set.h"
#include "site/rule_zone.h"
#include "tocsin/commands/table.h"
#include "tocsin/kit/kit.h"
#include "tocsin/session/address.h"

/* A stick, a chat and a mail take this. */
static const size_t TOLD_BYTES = 1000000;

struct arguments {
    const char *url, *zone, *page;
};

static const struct argp_option options[] = {
    {"url", SAY_SETS(arguments, url), "URL", 0,
     "Where the site stands, for codes and for changes (default: the root's feed line)", 0},
    {"zone", SAY_SETS(arguments, zone), "ZONE", 0,
     "The clock of the posters and announcements (default: the rule's, else this computer's)", 0},
    {"page", SAY_SETS(arguments, page), "FILE", 0,
     "The page for phones (default: the one that came with tocsin)", 0},
    {0}};

const struct command_line line_kit = {
    .options = options,
    .parser = say_set,
    .size = sizeof(struct arguments),
    .words = "UID DIR",
    .missing = "which window, and which folder? give UID DIR",
    .doc = "Writes into DIR what travels of a window by stick, chat, mail and paper, and needs no "
           "server: the page for phones with the records in it, the same as a webxdc app, a "
           "calendar file, announcements and posters in each language of the window, the records, "
           "and a README for whoever finds it.  The same records give the same files all day.",
};

/* Without the page the rest is made, and that is said. */
static int load_phone(const struct arguments *arguments, struct phone_page *page)
{
    int code = phone_load(arguments->page, page);
    if (code == EXIT_DONE && page->bytes == NULL) {
        say_warning("this kit is without the page for phones, as %s is not there: tocsin was "
                    "built without it; --page FILE names one",
                    TOCSIN_PAGE);
    }
    return code;
}

static int save(const struct kit *kit, const char *dir)
{
    struct files_error error;
    size_t total = 0;
    if (!files_make_folder(AT_FDCWD, dir, 0755, &error)) {
        return say_outside("%s", error.message);
    }
    for (size_t i = 0; i < kit->count; i++) {
        char path[PATH_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, kit->file[i].name) >= sizeof path) {
            return say_usage("DIR \"%s\": the path is too long", dir);
        }
        if (!files_replace(path, 0644, kit->file[i].bytes, kit->file[i].size, &error)) {
            return say_outside("%s", error.message);
        }
        total += kit->file[i].size;
    }
    if (total > TOLD_BYTES) {
        say_warning("the kit has %.1f MB: some chats and mails take less", (double)total / 1e6);
    }
    printf("%zu files, %zu kB: %s\n", kit->count, (total + 999) / 1000, dir);
    return EXIT_DONE;
}

/* By whose clock papers tell it: the one asked for, else that of the rule, else this computer's. */
static int set_clock(struct zoneinfo *zones, const char *asked, struct kit_request *request)
{
    const struct view_occurrence *one = request->occurrence;
    const struct record_window *is = &one->record->is.window;
    const struct zone *zone = rule_zone_find(zones, is->wave, is->rule, one->place);
    if (asked != NULL) {
        zone = zoneinfo_is_name(asked) ? zoneinfo_find(zones, asked) : NULL;
        if (zone == NULL) {
            const char *meant = places_zone_like(asked);
            return meant != NULL
                       ? say_usage("--zone \"%s\": there is no such zone; did you mean \"%s\"?",
                                   asked, meant)
                       : say_usage("--zone \"%s\": there is no such zone; zones are named like "
                                   "Europe/Rome",
                                   asked);
        }
    }
    kit_set_clock(request, zone);
    return EXIT_DONE;
}

/* Papers of a title without a language have their other words in English: whether the title has,
 * too, is known only where the same is given as one in English. */
static bool is_title_in_english(const struct record_window *is)
{
    const struct record_prose *plain = NULL, *english = NULL;
    for (size_t i = 0; i < is->title_count; i++) {
        const struct record_prose *title = &is->title[i];
        plain = title->tag.len == 0 ? title : plain;
        english = text_is(title->tag, "en") ? title : english;
    }
    return plain == NULL || (english != NULL && text_equal(plain->value, english->value));
}

/* A kit goes to people who cannot ask back: all that could make it wrong later is refused before a
 * file is written, and a missing address is said. */
int cmd_kit(struct session *session, const struct command_call *call)
{
    static struct kit kit;
    static char url[ADDRESS_SIZE];
    const struct arguments *arguments = call->options;
    int code = session_need(session, NEED_WINDOW, call->word[0]);
    if (code != EXIT_DONE) {
        return code;
    }
    struct phone_page page = {0};
    struct kit_request request = {
        .window = session->window,
        .occurrence = view_next_occurrence(session->window, session->now),
        .here = here_find(call->environment),
        .zones = call->environment->zones,
        .page = &page,
    };
    if (request.window->status == VIEW_CONTESTED) {
        return say_no("two versions claim the same step, and a kit is for others to rely on: "
                      "%s; \"tocsin show %s\"",
                      request.window->record != NULL
                          ? "until that is settled the one before them stays in force"
                          : "neither is in force",
                      call->word[0]);
    }
    if (request.window->status != VIEW_CONFIRMED) {
        return say_no("it is not in force, and a kit is for others to rely on: \"tocsin show %s\"",
                      call->word[0]);
    }
    if (request.occurrence == NULL) {
        return say_no("nothing of this window is to come: there is nothing to hand out");
    }
    if (arguments->url != NULL) {
        if (!address_read(arguments->url, strlen(arguments->url), url)) {
            return say_usage("--url \"%s\": not an address such as https://example.org/feeds/",
                             arguments->url);
        }
        request.url = url;
    } else if (address_of_root(session->view, NULL, url)) {
        request.url = url;
    } else {
        say_note("no --url, and the root names none: the posters have no code, the page no place "
                 "to look for changes");
    }
    if (!is_title_in_english(&request.window->record->is.window)) {
        say_note("the title names no language: poster.svg and announcement.txt have their other "
                 "words in English; with --title.de TEXT (declare, amend) there are papers in "
                 "German throughout");
    }
    code = set_clock(call->environment->zones, arguments->zone, &request);
    code = code == EXIT_DONE ? load_phone(arguments, &page) : code;
    code = code == EXIT_DONE ? kit_make(session, &request, &kit) : code;
    code = code == EXIT_DONE ? save(&kit, call->word[1]) : code;
    kit_free(&kit);
    phone_free(&page);
    return code;
}
