#include "tocsin/commands/claims.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/ics.h"
#include "tocsin/print/describe.h"
#include "tocsin/windows/history.h"
#include "words/words.h"

enum { EVENTS_TOLD = 50 };

/* What was forwarded may hold bytes that a terminal would obey. */
static void print_plain(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        putchar((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
    }
}

static void print_verdict(bool is_good, const char *what)
{
    printf("%s%s%s  ", say_colour(is_good ? SAY_GREEN : SAY_RED), is_good ? "good" : "no",
           say_colour(SAY_PLAIN));
    print_plain(what);
    fputs(": ", stdout);
}

static int deny(const char *what)
{
    print_verdict(false, what);
    puts("nobody whom you trust has signed this");
    return EXIT_NO;
}

/* Who signed it, by which root, and what became of it since. */
static int tell_window(const struct session *session, const char *what,
                       const struct view_window *window)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    bool is_good = window->status == VIEW_CONFIRMED;
    char title[DESCRIBE_TITLE_SIZE] = "", name[1024] = "", signers[HISTORY_SIGNERS_SIZE] = "";
    char why[VIEW_SENTENCE_SIZE], start[DESCRIBE_START_SIZE] = "";
    const struct view_occurrence *next = view_next_occurrence(window, session->now);
    view_fact_write(&window->why, why);
    if (root != NULL) {
        record_unescape(root->newest->is.root.name, name, sizeof name);
    }
    if (window->record != NULL) {
        describe_title(&window->record->is.window, title);
        history_signers(session, window->record, signers);
        if (next != NULL) {
            describe_start(session, &window->record->is.window, next, start);
        }
    }
    print_verdict(is_good, what);
    printf("\"%s\" of \"%s\", %s: %s; signed by %s%s%s%s\n", title, name,
           view_status_name(window->status), why, *signers != '\0' ? signers : "nobody",
           *start != '\0' ? "; next " : "", start,
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

static int refuse_event(const char *what, const char *why)
{
    print_verdict(false, what);
    puts(why);
    return EXIT_NO;
}

static bool read_instant(const char start[static ICS_START_SIZE], utc *out)
{
    char stamp[24];
    snprintf(stamp, sizeof stamp, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", start, start + 4, start + 6,
             start + 9, start + 11, start + 13);
    return stamp_read(stamp, strlen(stamp), out);
}

/* Whether an event's start can be that of an occurrence: the very instant; of a wave the hour of
 * some zone, or the date. */
static bool is_start_of(const struct session *session, const struct view_occurrence *one,
                        const struct ics_event *event)
{
    enum { ZONE_STEP_S = 900, EARLIEST_S = 14 * 3600, LATEST_S = 12 * 3600 };
    char date[16];
    snprintf(date, sizeof date, "%04d%02d%02d", one->date.year, one->date.month, one->date.day);
    if (event->kind == ICS_DATE) {
        return !(one->has_start && one->place.len == 0) && strcmp(date, event->start) == 0;
    }
    utc at;
    if (event->kind != ICS_INSTANT || !read_instant(event->start, &at)) {
        return false;
    }
    if (one->has_start) {
        char start[STAMP_TEXT_SIZE];
        write_start(session, one->start, start);
        return strcmp(start, event->start) == 0;
    }
    int64_t apart_s = (at.ns - leap_to_utc(&session->leap, one->start, NULL).ns) / NS_PER_S;
    return one->record->is.window.wave == WAVE_CLOCK && apart_s % ZONE_STEP_S == 0 &&
           apart_s >= -EARLIEST_S && apart_s <= LATEST_S;
}

/* Whether it is called by one of the signed titles; feeds put words before and after them. */
static bool is_called_so(const struct record_window *is, const struct ics_event *event)
{
    for (size_t i = 0; i < is->title_count; i++) {
        char title[DESCRIBE_TITLE_SIZE];
        record_unescape(is->title[i].value, title, sizeof title);
        if (words_has(event->summary, strlen(event->summary), title, strlen(title))) {
            return true;
        }
    }
    return false;
}

static int tell_event(const struct session *session, const char *path,
                      const struct ics_event *event)
{
    char what[512];
    snprintf(what, sizeof what, "%.200s: %.200s", path, *event->key != '\0' ? event->key : "event");
    const struct view_window *window =
        event->has_uid ? view_find_window(session->view, &event->uid) : NULL;
    if (window == NULL) {
        return deny(what);
    }
    if (event->is_odd) {
        return refuse_event(what,
                            "it has two uids, starts or titles, of which readers take either");
    }
    if (event->repeats) {
        return refuse_event(what, "it repeats, and no event of ours does");
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
        return refuse_event(what, "the window has no such occurrence (any more)");
    }
    if (same == NULL && event->kind == ICS_OTHER) {
        return refuse_event(what,
                            "its start is written as no feed of ours writes one, and cannot be "
                            "held against the signed one");
    }
    if (same == NULL) {
        char start[DESCRIBE_START_SIZE];
        describe_start(session, &of_key->record->is.window, of_key, start);
        print_verdict(false, what);
        printf("it says %s, and the occurrence is at %s\n",
               *event->start != '\0' ? event->start : "nothing", start);
        return EXIT_NO;
    }
    if (same->state == OCCURRENCE_OFF) {
        return refuse_event(what, "this occurrence is cancelled");
    }
    if (!is_called_so(&same->record->is.window, event)) {
        char title[DESCRIBE_TITLE_SIZE];
        describe_title(&same->record->is.window, title);
        print_verdict(false, what);
        fputs("it is called \"", stdout);
        print_plain(event->summary);
        printf("\", and what is signed \"%s\"\n", title);
        return EXIT_NO;
    }
    return tell_window(session, what, window);
}

int claims_verify_calendar(struct session *session, const char *path, const uint8_t *bytes,
                           size_t size)
{
    static struct ics_event event;
    struct ics_reader reader = {(const char *)bytes, (const char *)bytes + size};
    int code = EXIT_DONE;
    size_t told = 0;
    while (ics_next(&reader, &event)) {
        if (!event.is_rest && told++ < EVENTS_TOLD) {
            int one = tell_event(session, path, &event);
            code = one > code ? one : code;
        }
    }
    if (told > EVENTS_TOLD) {
        say_warning("only the first %d of %zu events were looked at", EVENTS_TOLD, told);
    }
    if (told == 0) {
        return deny(path);
    }
    if (code == EXIT_DONE) {
        say_note("looked at: uid, start and title; for every word of it verify the feed's .minisig "
                 "with minisign");
    }
    return code;
}

/* An address is judged by what the trusted roots name; who fetches it checks its signature. */
static int verify_address(const struct session *session, const char *address)
{
    const char *rest = strstr(address, "://");
    for (size_t i = 0; rest != NULL && i < session->view->root_count; i++) {
        const struct record_root *is = &session->view->root[i].newest->is.root;
        for (size_t k = 0; k < is->feed_count; k++) {
            char url[1024], id[RECORD_KEY_ID_TEXT_SIZE];
            record_unescape(is->feed[k].name, url, sizeof url);
            const char *host = strstr(url, "://");
            size_t len = host != NULL ? strlen(host) : 0;
            bool is_below = len > 3 && strncmp(host, rest, len) == 0 &&
                            (host[len - 1] == '/' || rest[len] == '/' || rest[len] == '\0');
            if (!is_below) {
                continue;
            }
            record_key_id_write(&is->feed[k].public.id, id);
            print_verdict(true, address);
            printf("the root of \"%.*s\" names this site; what it sends is signed by its key %s\n",
                   (int)is->name.len, is->name.at, id);
            return EXIT_DONE;
        }
    }
    print_verdict(false, address);
    puts("no root that you trust names this site");
    return EXIT_NO;
}

int claims_verify_word(struct session *session, const char *word)
{
    if (strstr(word, "://") != NULL) {
        return verify_address(session, word);
    }
    struct record_uid uid;
    const struct view_window *window;
    if (record_uid_read(word, strlen(word), &uid)) {
        window = view_find_window(session->view, &uid);
        return window != NULL ? tell_window(session, word, window) : deny(word);
    }
    int code = session_find_window(session, word, &window);
    return code == EXIT_DONE ? tell_window(session, word, window) : code;
}
