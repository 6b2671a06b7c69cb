#include "tocsin/commands/claims.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/windows/history.h"

enum { UID_DIGITS = RECORD_UID_TEXT_SIZE - 1, EVENTS_TOLD = 50, INSTANT_SIZE = 16 };

/* What was forwarded may hold bytes that a terminal would obey. */
static void print_verdict(bool is_good, const char *what)
{
    printf("%s%s%s  ", say_colour(is_good ? SAY_GREEN : SAY_RED), is_good ? "good" : "no",
           say_colour(SAY_PLAIN));
    for (const char *c = what; *c != '\0'; c++) {
        putchar((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
    }
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

bool claims_is_calendar(const uint8_t *bytes, size_t size)
{
    static const char begins[] = "BEGIN:VCALENDAR";
    return size >= sizeof begins - 1 && memcmp(bytes, begins, sizeof begins - 1) == 0;
}

/* One event of a calendar, as far as it is of interest here. */
struct event {
    struct record_uid uid;
    bool has_uid;
    char key[32];                 /* of the occurrence */
    char start[INSTANT_SIZE + 1]; /* 20270802T082500Z; empty: a day, or a floating time */
};

/* "UID:1234...cdef.2027.ROOT8" */
static void read_uid(const char *value, size_t len, struct event *event)
{
    event->has_uid = len > UID_DIGITS && value[UID_DIGITS] == '.' &&
                     record_uid_read(value, UID_DIGITS, &event->uid);
    if (!event->has_uid) {
        return;
    }
    const char *key = value + UID_DIGITS + 1;
    const char *dot = memchr(key, '.', len - UID_DIGITS - 1);
    if (dot != NULL && (size_t)(dot - key) < sizeof event->key) {
        memcpy(event->key, key, (size_t)(dot - key));
    }
}

/* "20270802T082500Z" */
static bool is_instant(const char *text)
{
    for (size_t i = 0; i < INSTANT_SIZE; i++) {
        char wanted = i == 8 ? 'T' : i == 15 ? 'Z' : '\0';
        if (wanted != '\0' ? text[i] != wanted : text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

static void read_line(const char *line, size_t len, struct event *event)
{
    if (len > 4 && memcmp(line, "UID:", 4) == 0) {
        read_uid(line + 4, len - 4, event);
    } else if (len == 8 + INSTANT_SIZE && memcmp(line, "DTSTART:", 8) == 0 &&
               is_instant(line + 8)) {
        memcpy(event->start, line + 8, INSTANT_SIZE);
        event->start[INSTANT_SIZE] = '\0';
    }
}

static bool is_rest(const char *line, size_t len)
{
    return len > 5 && memcmp(line + len - 5, ".rest", 5) == 0;
}

/* "20270802T082500Z" of an occurrence: its stamp without the signs between. */
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

static int tell_event(const struct session *session, const char *path, const struct event *event)
{
    char what[512];
    snprintf(what, sizeof what, "%.200s: %.200s", path, *event->key != '\0' ? event->key : "event");
    const struct view_window *window =
        event->has_uid ? view_find_window(session->view, &event->uid) : NULL;
    if (window == NULL) {
        return deny(what);
    }
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        char start[STAMP_TEXT_SIZE], stamp[STAMP_TEXT_SIZE];
        if (!text_is(one->key, event->key) || !one->has_start || one->place.len > 0 ||
            *event->start == '\0') {
            continue;
        }
        write_start(session, one->start, start);
        if (strcmp(start, event->start) != 0) {
            print_verdict(false, what);
            printf("it says %s, and the occurrence is at %s\n", event->start,
                   session_stamp(session, one->start, stamp));
            return EXIT_NO;
        }
        if (one->state == OCCURRENCE_OFF) {
            print_verdict(false, what);
            puts("this occurrence is cancelled");
            return EXIT_NO;
        }
        return tell_window(session, what, window);
    }
    bool is_there = false;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        is_there |= text_is(window->occurrence[i].key, event->key);
    }
    if (!is_there) {
        print_verdict(false, what);
        puts("the window has no such occurrence (any more)");
        return EXIT_NO;
    }
    return tell_window(session, what, window);
}

int claims_verify_calendar(struct session *session, const char *path, const uint8_t *bytes,
                           size_t size)
{
    const char *at = (const char *)bytes, *end = at + size;
    struct event event = {0};
    int code = EXIT_DONE;
    size_t told = 0;
    bool is_of_rest = false;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t len = line_end != NULL ? (size_t)(line_end - at) : (size_t)(end - at);
        size_t whole = len + (line_end != NULL);
        len -= len > 0 && at[len - 1] == '\r';
        if (len == 12 && memcmp(at, "BEGIN:VEVENT", 12) == 0) {
            event = (struct event){0};
            is_of_rest = false;
        } else if (len == 10 && memcmp(at, "END:VEVENT", 10) == 0) {
            if (!is_of_rest && told++ < EVENTS_TOLD) {
                int one = tell_event(session, path, &event);
                code = one > code ? one : code;
            }
        } else {
            read_line(at, len, &event);
            is_of_rest |= len > 4 && memcmp(at, "UID:", 4) == 0 && is_rest(at, len);
        }
        at += whole;
    }
    if (told > EVENTS_TOLD) {
        say_warning("only the first %d of %zu events were looked at", EVENTS_TOLD, told);
    }
    return told > 0 ? code : deny(path);
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
