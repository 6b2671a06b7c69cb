#include "tocsin/commands/claims.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "feeds/feed.h"
#include "files/files.h"
#include "instants/stamp.h"
#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/commands/ics.h"
#include "tocsin/commands/likeness.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/address.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"
#include "trust/trust.h"
#include "words/words.h"

/* More are held against what is signed and told only where they are not so; no feed of ours has
 * more than FEED_EVENTS_MAX. */
enum { EVENTS_TOLD = 50 };

void claims_print(bool is_good, const char *what, const char *format, ...)
{
    enum { INDENT = 4 };
    const char *verdict = is_good ? "good" : "no";
    char shown[PATH_MAX], *why;
    snprintf(shown, sizeof shown, "%s", what);
    text_hide_passwords(shown);
    for (char *c = shown; *c != '\0'; c++) {
        *c = *c == '\n' ? '?' : *c; /* a name of one line */
    }
    va_list args;
    va_start(args, format);
    if (vasprintf(&why, format, args) >= 0) {
        printf("%s%s%s", say_colour(is_good ? SAY_GREEN : SAY_RED), verdict, say_colour(SAY_PLAIN));
        say_wrapped(stdout, (int)strlen(verdict), INDENT, "  %s: %s", shown, why);
        free(why);
    }
    va_end(args);
}

static int deny(const char *what)
{
    claims_print(false, what, "nobody whom you trust has signed this");
    return EXIT_NO;
}

/* Who called it off, and why. */
enum { OFF_SIZE = RECORD_SIZE_MAX + HISTORY_SIGNERS_SIZE + 32 };
static void write_cancel(const struct session *session, const struct record *cancel,
                         char out[static OFF_SIZE])
{
    static char reason[RECORD_SIZE_MAX];
    char signers[HISTORY_SIGNERS_SIZE];
    history_signers(session, cancel, signers);
    record_unescape(cancel->is.cancel.reason, reason, sizeof reason);
    snprintf(out, OFF_SIZE, "; called off by %s: %s", *signers != '\0' ? signers : "nobody",
             reason);
}

/* Who signed it, or called it off, by which root, and what became of it since; `but`: what that is
 * not said of.  says_so: what was forwarded says itself that it is called off. */
static int tell_window(const struct session *session, const char *what,
                       const struct view_window *window, const char *but, bool says_so)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    bool is_cancelled = window->status == VIEW_CANCELLED && window->cancel != NULL;
    bool is_good = window->status == VIEW_CONFIRMED || (is_cancelled && says_so);
    char title[DESCRIBE_TITLE_SIZE] = "", name[DESCRIBE_ROOT_SIZE] = "",
         signers[HISTORY_SIGNERS_SIZE] = "";
    char why[VIEW_SENTENCE_SIZE], start[HERE_SENTENCE_SIZE] = "";
    const struct view_occurrence *next = view_next_occurrence(window, session->now);
    view_fact_write(&window->why, why);
    if (root != NULL) {
        describe_root(session, root, name);
    }
    if (window->record != NULL) {
        describe_title(&window->record->is.window, title);
        history_signers(session, window->record, signers);
        if (next != NULL) {
            here_sentence(session, &window->record->is.window, next, start);
        }
    }
    const char *status = view_status_name(window->status);
    if (is_cancelled) {
        static char off[OFF_SIZE];
        write_cancel(session, window->cancel, off);
        claims_print(is_good, what, "\"%s\" of \"%s\", %s: %s%s%s", title, name, status, why, off,
                     says_so ? "; called off, as the file says" : "");
        return is_good ? EXIT_DONE : EXIT_NO;
    }
    claims_print(
        is_good, what, "\"%s\" of \"%s\", %s: %s; signed by %s%s%s%s%s", title, name, status, why,
        *signers != '\0' ? signers : "nobody", *start != '\0' ? "; next " : "", start, but,
        window->pending_count > 0 && is_good ? "; a change of it waits for signatures" : "");
    return is_good ? EXIT_DONE : EXIT_NO;
}

/* "20270802T082500Z" of an instant: its stamp without the signs between. */
static void write_start(const struct session *session, instant at, char out[static STAMP_TEXT_SIZE])
{
    char stamp[STAMP_TEXT_SIZE];
    session_stamp(session, at, stamp);
    for (const char *c = stamp; *c != '\0'; c++) {
        if (*c != '-' && *c != ':') {
            *out++ = *c;
        }
    }
    *out = '\0';
}

static int refuse(const char *what, const char *why)
{
    claims_print(false, what, "%s", why);
    return EXIT_NO;
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
           likeness_is_of_a_zone(at, leap_to_utc(&session->leap, one->start, NULL));
}

/* EXIT_DONE where a feed of ours could have written it. */
static int hold_against_feeds(const struct session *session, const char *what,
                              const struct view_window *window, const struct ics_event *event)
{
    enum likeness likeness;
    if (!likeness_of(session, window, event, &likeness)) {
        return say_outside("out of memory");
    }
    if (likeness == UNLIKE_TITLE && window->record != NULL) {
        char title[DESCRIBE_TITLE_SIZE];
        describe_title(&window->record->is.window, title);
        claims_print(false, what, "it is called \"%s\", and what is signed \"%s\"", event->summary,
                     title);
        return EXIT_NO;
    }
    return likeness == ALIKE ? EXIT_DONE : refuse(what, likeness_text(likeness));
}

/* is_brief: only where it is not as signed. */
static int tell_event(const struct session *session, const char *path,
                      const struct ics_event *event, bool is_brief)
{
    char what[512];
    snprintf(what, sizeof what, "%.200s: %.200s", path, *event->key != '\0' ? event->key : "event");
    const struct view_window *window =
        event->has_uid ? view_find_window(session->view, &event->uid) : NULL;
    if (window == NULL) {
        return deny(what);
    }
    if (event->is_odd) {
        return refuse(what, "it has two uids, starts or titles, of which readers take either");
    }
    if (event->repeats) {
        return refuse(what, "it repeats, and no event of ours does");
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
        return refuse(what, "the window has no such occurrence (any more)");
    }
    if (same == NULL && event->kind == ICS_OTHER) {
        return refuse(what, "its start is written as no feed of ours writes one, and cannot be "
                            "held against the signed one");
    }
    if (same == NULL) {
        char start[DESCRIBE_START_SIZE];
        describe_start(session, &of_key->record->is.window, of_key, start);
        claims_print(false, what, "it says %s, and the occurrence is at %s",
                     *event->start != '\0' ? event->start : "nothing", start);
        return EXIT_NO;
    }
    bool says_so = strcasecmp(event->status, "CANCELLED") == 0;
    bool is_off = same->state == OCCURRENCE_OFF;
    if (is_off && !says_so) {
        return refuse(what, "this occurrence is cancelled");
    }
    bool is_as_meant =
        window->status == VIEW_CONFIRMED || (window->status == VIEW_CANCELLED && says_so);
    int code = is_as_meant ? hold_against_feeds(session, what, window, event) : EXIT_DONE;
    if (code != EXIT_DONE || (is_brief && is_as_meant)) {
        return code;
    }
    return tell_window(session, what, window,
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
    const struct view_window *window =
        event->has_uid ? view_find_window(session->view, &event->uid) : NULL;
    if (window == NULL) {
        return deny(what);
    }
    if (event->is_odd || event->repeats) {
        return refuse(what, "it is written as no feed of ours writes it");
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
    return *is_signed ? EXIT_DONE
                      : refuse(path, "the signature beside it is not of this file, or by no site "
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
            claims_print(false, path, "%zu event%s %s", count[i], count[i] > 1 ? "s" : "", what[i]);
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
            return refuse(path, "it has more events than any feed of ours, and the rest of "
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
        return deny(path);
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

/* By 16 digits or more: fewer can be made to fit. */
static bool is_named(const struct view_root *root, const char *digits)
{
    return strlen(digits) >= 16 &&
           (session_id_matches(&root->id, digits) || session_id_matches(&root->anchor->id, digits));
}

/* The site of a root that an address belongs to; *place: how near it came to one otherwise. */
static const struct record_key *site_of(const struct view_root *root, const char *address,
                                        enum address_place *place)
{
    const struct record_root *is = &root->newest->is.root;
    for (size_t i = 0; i < is->feed_count; i++) {
        char site[ADDRESS_SIZE];
        record_unescape(is->feed[i].name, site, sizeof site);
        enum address_place one = address_place(address, site);
        *place = one > *place ? one : *place;
        if (one == ADDRESS_BELOW) {
            return &is->feed[i];
        }
    }
    return NULL;
}

static const char *const place_text[] = {
    [ADDRESS_ELSEWHERE] = "no root that you trust names this site",
    [ADDRESS_ODD] = "it is written as no address of ours is, and may lead elsewhere",
    [ADDRESS_OPEN] = "your root names it with https; without, anybody on the way can change it",
};

/* A window that is meant as a whole: also whether its dates are its rule's. */
static int tell_named(const struct session *session, const struct environment *environment,
                      const char *what, const struct view_window *window, const char *but)
{
    int code = tell_window(session, what, window, but, false);
    review_warn_of_rule(session, environment, window->record);
    return code;
}

/* The page or feed of a window. */
static int verify_page(const struct session *session, const struct environment *environment,
                       const char *address, const struct address_names *names)
{
    enum address_place place = ADDRESS_ELSEWHERE;
    const struct view_window *window = view_find_window(session->view, &names->uid);
    if (window == NULL) {
        return deny(address);
    }
    const struct view_root *root = view_find_root(session->view, &window->root);
    if (root == NULL || site_of(root, address, &place) == NULL) {
        return refuse(address, "the root of the window that it names does not name this site");
    }
    return tell_named(session, environment, address, window,
                      "; what the site shows was not looked at");
}

/* An address is judged by what the trusted roots name, and by the window or root that it names
 * itself.  Nothing is fetched. */
static int verify_address(const struct session *session, const struct environment *environment,
                          const char *address)
{
    enum address_place place = ADDRESS_ELSEWHERE;
    const struct view_root *named = NULL;
    const struct record_key *site = NULL;
    struct address_names names;
    bool is_meant = false;
    address_names(address, &names);
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct record_key *one = site_of(root, address, &place);
        bool fits = *names.root == '\0' || is_named(root, names.root);
        if (one != NULL && (named == NULL || (fits && !is_meant))) {
            named = root;
            site = one;
            is_meant = fits;
        }
    }
    if (site == NULL) {
        return refuse(address, place_text[place]);
    }
    if (!is_meant) {
        return refuse(address, "a root that you trust names this site, but the address leads "
                               "to another constellation");
    }
    if (names.has_uid) {
        return verify_page(session, environment, address, &names);
    }
    char name[DESCRIBE_ROOT_SIZE], id[RECORD_KEY_ID_TEXT_SIZE];
    describe_root(session, named, name);
    record_key_id_write(&site->public.id, id);
    claims_print(true, address,
                 "the root of \"%s\" names this site; what it shows was not looked at: verify a "
                 "calendar of it (signed by its key %s) as a file, a window by its page's address",
                 name, id);
    return EXIT_DONE;
}

/* Whether somebody who trusts a root has this key by it, and in which of its roles. */
static bool verify_key(const struct session *session, const char *what, const char *text,
                       size_t size, int *code)
{
    struct record_public_key key;
    if (trust_public_key_read(text, size, &key) != TRUST_OK) {
        return false;
    }
    *code = EXIT_NO;
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct record_root *is = &root->newest->is.root;
        const struct {
            const char *role;
            const struct record_key *list;
            size_t count;
        } part[] = {{"an organizer", is->organizer, is->organizer_count},
                    {"a beacon", is->beacon, is->beacon_count},
                    {"a site", is->feed, is->feed_count}};
        char of[DESCRIBE_ROOT_SIZE];
        describe_root(session, root, of);
        for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
            const struct record_key *found = record_key_find(part[k].list, part[k].count, key.key);
            if (found == NULL) {
                continue;
            }
            bool is_good = session_find_revoke(session, root, &key) == NULL;
            char name[1024];
            record_unescape(found->name, name, sizeof name);
            claims_print(is_good, what, "the key of %s, %s of \"%s\"%s", name, part[k].role, of,
                         is_good ? "" : ", is revoked: nothing that it signs counts");
            *code = is_good ? EXIT_DONE : EXIT_NO;
            return true;
        }
        struct text once = history_organizer_once(session, root, &key);
        if (once.len > 0) {
            claims_print(false, what, "the key of %.*s, who is no organizer of \"%s\" any more",
                         (int)once.len, once.at, of);
            return true;
        }
    }
    claims_print(false, what, "a key that no root which you trust names");
    return true;
}

/* What ends or encloses an address, and a character that no word of a host has. */
static const char around_link[] = " \t\r\n<>\"'`|{}[]()";

/* "example.org/x": a host's name with a top-level domain, and something behind it. */
static bool is_bare_link(const char *text)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    size_t len = strspn(text, host), top = 0;
    while (top < len && isalpha((unsigned char)text[len - 1 - top])) {
        top++;
    }
    bool is_host = top >= 2 && top + 1 < len && text[len - 1 - top] == '.' && *text != '.';
    size_t port = is_host && text[len] == ':' ? 1 + strspn(text + len + 1, "0123456789") : 0;
    const char *behind = text + len + port;
    return is_host && *behind != '\0' && strchr("/?#", *behind) != NULL;
}

/* The names of a document's own languages have the form of addresses, and lead nobody anywhere:
 * xmlns="...", and what a DOCTYPE says. */
static bool is_language(const char *text, const char *at)
{
    const char *open = at;
    while (open > text && *open != '<' && *open != '>') {
        open--;
    }
    if (strncasecmp(open, "<!DOCTYPE", 9) == 0) {
        return true;
    }
    const char *name = at;
    while (name > open && strchr("\"'= \t\r\n", name[-1]) != NULL) {
        name--;
    }
    while (name > open && strchr(" \t\r\n<", name[-1]) == NULL) {
        name--;
    }
    return *open == '<' && strncmp(name, "xmlns", 5) == 0;
}

/* Where the next address begins in a text, from `at` on, or NULL. */
static const char *find_link(const char *text, const char *at)
{
    static const char *const scheme[] = {"http://", "https://", "webcal://", "webcals://"};
    for (; *at != '\0'; at++) {
        bool begins =
            at == text || strchr(around_link, at[-1]) != NULL || strchr(",;:=*_", at[-1]) != NULL;
        bool is_one = begins && is_bare_link(at);
        for (size_t i = 0; i < sizeof scheme / sizeof *scheme; i++) {
            is_one |= strncasecmp(at, scheme[i], strlen(scheme[i])) == 0;
        }
        if (is_one && !is_language(text, at)) {
            return at;
        }
    }
    return NULL;
}

/* An address that may lack its scheme, as chats show it. */
static int verify_link(const struct session *session, const struct environment *environment,
                       const char *link)
{
    char whole[ADDRESS_SIZE + 8];
    snprintf(whole, sizeof whole, "%s%s", strstr(link, "://") == NULL ? "https://" : "", link);
    return verify_address(session, environment, whole);
}

int claims_verify_text(const struct session *session, const struct environment *environment,
                       const char *path, const char *text)
{
    enum { LINKS_TOLD = 50 };
    size_t told = 0;
    int code;
    if (verify_key(session, path, text, strlen(text), &code)) {
        return code;
    }
    (void)deny(path);
    const char *at = find_link(text, text);
    for (; at != NULL && told < LINKS_TOLD; told++) {
        char link[ADDRESS_SIZE];
        size_t len = strcspn(at, around_link);
        size_t kept = len;
        while (kept > 0 && strchr(".,;:!?*_", at[kept - 1]) != NULL) {
            kept--; /* what ends a sentence is no part of it */
        }
        snprintf(link, sizeof link, "%.*s", (int)(kept < sizeof link ? kept : sizeof link - 1), at);
        if (verify_link(session, environment, link) == EXIT_DONE) {
            say_note("that holds of the address, not of the words around it");
        }
        at = find_link(text, at + len);
    }
    if (at != NULL) {
        say_note("the first %d addresses in it are told; the rest was not looked at", LINKS_TOLD);
    }
    return EXIT_NO;
}

/* The words or the id of a root, as people compare them: of the one given by hand, or in force. */
static const struct view_root *find_root(const struct session *session, const char *word)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        if (proquint_is(root->anchor->id.bytes, word) ||
            proquint_is(root->newest->id.bytes, word) || is_named(root, word)) {
            return root;
        }
    }
    return NULL;
}

/* A file of the folder that a mistyped path leads to; "" where none is near. */
static void find_file_near(const char *path, char out[static NAME_MAX + 1])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash + 1 - path) : 1,
             slash != NULL ? path : ".");
    *out = '\0';
    DIR *dir = opendir(folder);
    struct dirent *file;
    while (dir != NULL && (file = readdir(dir)) != NULL) {
        const char *best = *out != '\0' ? out : NULL;
        if (file->d_name[0] != '.' &&
            words_nearer(name, strlen(name), best, file->d_name) == file->d_name) {
            snprintf(out, NAME_MAX + 1, "%s", file->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

/* A text is one that has words; of what has none a path is told from an address by its folder. */
static bool is_text(const char *word)
{
    return strpbrk(word, " \n") != NULL && find_link(word, word) != NULL;
}

static bool is_key(const char *word)
{
    struct record_public_key key;
    return trust_public_key_read(word, strlen(word), &key) == TRUST_OK;
}

static bool is_link(const char *word)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", (int)strcspn(word, "/"), word);
    return strpbrk(word, " \n") == NULL && is_bare_link(word) && access(folder, F_OK) != 0;
}

bool claims_is_word(const char *word)
{
    return is_key(word) || is_text(word) || is_link(word);
}

int claims_verify_word(struct session *session, const struct environment *environment,
                       const char *word)
{
    char near[NAME_MAX + 1];
    int code;
    if (verify_key(session, word, word, strlen(word), &code)) {
        return code;
    }
    if (is_text(word)) {
        enum { SHOWN = 40 };
        char begins[SHOWN + 4];
        size_t len = text_cut(word, strlen(word), SHOWN);
        snprintf(begins, sizeof begins, "%.*s%s", (int)len, word, word[len] != '\0' ? "..." : "");
        return claims_verify_text(session, environment, begins, word);
    }
    if (is_link(word) && !session_names_window(session, word)) {
        return verify_link(session, environment, word);
    }
    if (strstr(word, "://") == NULL && strpbrk(word, "./") != NULL) {
        find_file_near(word, near);
        if (*near != '\0') {
            return say_no("%s: no such file: did you mean \"%s\"?", word, near);
        }
    }
    if (strstr(word, "://") != NULL) {
        return verify_address(session, environment, word);
    }
    const struct view_root *root = find_root(session, word);
    if (root != NULL && !session_names_window(session, word)) {
        char name[DESCRIBE_ROOT_SIZE];
        describe_root(session, root, name);
        claims_print(true, word, "this is the root of \"%s\", which is trusted here", name);
        return EXIT_DONE;
    }
    struct record_uid uid;
    const struct view_window *window;
    if (record_uid_read(word, strlen(word), &uid)) {
        window = view_find_window(session->view, &uid);
        return window != NULL ? tell_named(session, environment, word, window, "") : deny(word);
    }
    if (strpbrk(word, "./") != NULL && !session_names_window(session, word)) {
        return say_no("%s: no such file, and no window here goes by that name", word);
    }
    code = session_find_window(session, word, &window);
    return code == EXIT_DONE ? tell_named(session, environment, word, window, "") : code;
}
