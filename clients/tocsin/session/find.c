/* The many ways in which people name a window. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/session/session.h"
#include "words/words.h"

enum {
    UID_DIGITS = 4, /* at least */
    NAME_DIGITS = 8,
    ROOT_DIGITS_MIN = 8,
    ROOT_DIGITS = 16,
    TITLE_SIZE = 1024,
    FITTING_SHOWN = 8
};

struct place_in_list {
    const struct view_window *window;
    const struct view_occurrence *next;
};

static int by_start(const void *a, const void *b)
{
    const struct place_in_list *x = a, *y = b;
    if ((x->next == NULL) != (y->next == NULL)) {
        return x->next == NULL ? 1 : -1;
    }
    int order = x->next != NULL ? instant_compare(x->next->start, y->next->start) : 0;
    if (order == 0) {
        order = memcmp(&x->window->uid, &y->window->uid, sizeof x->window->uid);
    }
    return order != 0 ? order : record_id_compare(&x->window->root, &y->window->root);
}

const struct view_window **session_order_windows(const struct session *session)
{
    size_t count = session->view->window_count;
    struct place_in_list *place = say_memory(calloc(count + 1, sizeof *place));
    const struct view_window **list = say_memory(calloc(count + 1, sizeof *list));
    for (size_t i = 0; i < count; i++) {
        const struct view_window *window = &session->view->window[i];
        place[i].window = window;
        place[i].next = window->record != NULL ? view_next_occurrence(window, session->now) : NULL;
    }
    qsort(place, count, sizeof *place, by_start);
    for (size_t i = 0; i < count; i++) {
        list[i] = place[i].window;
    }
    free(place);
    return list;
}

bool session_uid_matches(const struct record_id *root, const struct record_uid *uid,
                         const char *name)
{
    const char *slash = strchr(name, '/'), *digits = slash != NULL ? slash + 1 : name;
    char text[RECORD_UID_TEXT_SIZE], of[RECORD_ID_TEXT_SIZE] = "";
    size_t len = strlen(digits), of_len = slash != NULL ? (size_t)(slash - name) : 0;
    record_uid_write(uid, text);
    record_id_write(root, of);
    return (slash == NULL || of_len >= ROOT_DIGITS_MIN) && of_len < sizeof of &&
           memcmp(of, name, of_len) == 0 && len >= UID_DIGITS && len < sizeof text &&
           memcmp(text, digits, len) == 0;
}

bool session_is_full_name(const char *word)
{
    static const char hex[] = "0123456789abcdef";
    size_t root = strspn(word, hex);
    if (root < ROOT_DIGITS_MIN || word[root] != '/') {
        return false;
    }
    const char *uid = word + root + 1;
    size_t len = strspn(uid, hex);
    return len >= UID_DIGITS && uid[len] == '\0';
}

/* How many hex digits, from the first, two uids that differ have in common. */
static size_t digits_in_common(const struct record_uid *a, const struct record_uid *b)
{
    size_t i = 0;
    while (i + 1 < sizeof a->bytes && a->bytes[i] == b->bytes[i]) {
        i++;
    }
    return 2 * i + ((a->bytes[i] ^ b->bytes[i]) < 0x10);
}

struct session_name_window session_name_window(const struct session *session,
                                               const struct record_id *root,
                                               const struct record_uid *uid)
{
    struct session_name_window out;
    size_t digits = NAME_DIGITS;
    bool has_namesake = false;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        const struct record_uid *other = record_uid_of(record);
        if (other == NULL) {
            continue;
        }
        bool is_same = record_uid_equal(other, uid);
        size_t common = is_same ? 0 : digits_in_common(other, uid);
        has_namesake = has_namesake || (is_same && !record_id_equal(record_root_of(record), root));
        digits = common >= digits ? common + 1 : digits;
    }
    snprintf(out.text, sizeof out.text, "%.*s%s%.*s", has_namesake ? ROOT_DIGITS : 0,
             record_id_text(root).text, has_namesake ? "/" : "", (int)digits,
             record_uid_text(uid).text);
    return out;
}

static bool has_digits(const struct session *session, const struct view_window *window,
                       const char *digits)
{
    if (session_uid_matches(&window->root, &window->uid, digits)) {
        return true;
    }
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        if (session_id_matches(&record->id, digits) &&
            record_belongs_to(record, &window->root, &window->uid) &&
            record_uid_of(record) != NULL) {
            return true;
        }
    }
    return false;
}

static bool has_words(const struct session *session, const struct view_window *window,
                      const char *name)
{
    (void)session;
    return proquint_is(window->uid.bytes, name);
}

static bool has_in_title(const struct session *session, const struct view_window *window,
                         const char *name)
{
    (void)session;
    const struct record_window *is = window->record != NULL ? &window->record->is.window : NULL;
    for (size_t i = 0; is != NULL && i < is->title_count; i++) {
        char title[TITLE_SIZE];
        record_unescape(is->title[i].value, title, sizeof title);
        if (*name != '\0' && words_has(title, strlen(title), name, strlen(name))) {
            return true;
        }
    }
    return false;
}

typedef bool way_to_name(const struct session *session, const struct view_window *window,
                         const char *name);

/* How many of the list go by a name; the first of them in *out. */
static size_t count_named(const struct session *session, const struct view_window *const *list,
                          way_to_name *goes_by, const char *name, const struct view_window **out)
{
    size_t count = 0;
    for (size_t i = 0; i < session->view->window_count; i++) {
        if (goes_by(session, list[i], name)) {
            *out = count++ == 0 ? list[i] : *out;
        }
    }
    return count;
}

static int refuse_several(const struct session *session, const struct view_window *const *list,
                          way_to_name *goes_by, const char *name)
{
    int code = say_usage("\"%s\" fits several windows; say which:", name);
    size_t count = 0;
    for (size_t i = 0; i < session->view->window_count; i++) {
        if (!goes_by(session, list[i], name) || count++ >= FITTING_SHOWN) {
            continue;
        }
        char title[TITLE_SIZE] = "";
        if (list[i]->record != NULL) {
            record_unescape(list[i]->record->is.window.title[0].value, title, sizeof title);
        }
        say_note("  %s  %s  %s", session_name_window(session, &list[i]->root, &list[i]->uid).text,
                 view_status_name(list[i]->status), title);
    }
    if (count > FITTING_SHOWN) {
        say_note("  ... and %zu more", count - FITTING_SHOWN);
    }
    return code;
}

/* "3" of `tocsin list`; NULL: it is no such number. */
static const struct view_window *numbered(const struct session *session,
                                          const struct view_window *const *list, const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    bool is_number = *name >= '1' && *name <= '9' && *end == '\0';
    return is_number && number <= session->view->window_count ? list[number - 1] : NULL;
}

/* The nearest title, or word of one, in any language, to what may be a slip of the finger. */
static const struct view_window *nearest(const struct session *session,
                                         const struct view_window *const *list, const char *name)
{
    const struct view_window *found = NULL;
    char best[TITLE_SIZE] = "";
    for (size_t i = 0; i < session->view->window_count; i++) {
        const struct record_window *is =
            list[i]->record != NULL ? &list[i]->record->is.window : NULL;
        for (size_t t = 0; is != NULL && t < is->title_count; t++) {
            char title[TITLE_SIZE], whole[TITLE_SIZE], *rest = NULL;
            record_unescape(is->title[t].value, title, sizeof title);
            memcpy(whole, title, sizeof whole);
            for (char *word = whole; word != NULL;) {
                if (words_nearer(name, strlen(name), *best != '\0' ? best : NULL, word) == word) {
                    snprintf(best, sizeof best, "%s", word);
                    found = list[i];
                }
                word = word == whole ? strtok_r(title, " ", &rest) : strtok_r(NULL, " ", &rest);
            }
        }
    }
    return found;
}

static int refuse_unknown(const struct session *session, const struct view_window *const *list,
                          const char *name)
{
    const struct view_window *meant = nearest(session, list, name);
    if (session->anchors.count == 0) {
        return say_no("no window \"%s\": " SESSION_NO_ROOT, name);
    }
    if (session->set.entry_count == 0) {
        return say_no(
            "no window \"%s\": nothing is in the store %s; where it was lost, \"tocsin sync "
            "SOURCE\" with any copy brings all back",
            name, session->store_dir);
    }
    if (meant == NULL) {
        return say_no("no window \"%s\" in %s; \"tocsin list\" shows what is there", name,
                      session->store_dir);
    }
    char title[TITLE_SIZE];
    record_unescape(meant->record->is.window.title[0].value, title, sizeof title);
    return say_no(
        "no window \"%s\": did you mean \"%s\" (%s)?  \"tocsin list\" shows what is there", name,
        title, session_name_window(session, &meant->root, &meant->uid).text);
}

static int find(const struct session *session, const struct view_window *const *list,
                const char *name, const struct view_window **out)
{
    static way_to_name *const way[] = {has_digits, has_words, has_in_title};
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        size_t count = count_named(session, list, way[i], name, out);
        if (count == 1) {
            return EXIT_DONE;
        }
        const struct view_window *by_number = i == 0 ? numbered(session, list, name) : NULL;
        if (count == 0 && by_number != NULL) {
            *out = by_number;
            return EXIT_DONE;
        }
        if (count > 1) {
            return refuse_several(session, list, way[i], name);
        }
    }
    return refuse_unknown(session, list, name);
}

bool session_names_window(const struct session *session, const char *name)
{
    static way_to_name *const way[] = {has_digits, has_words, has_in_title};
    for (size_t i = 0; i < session->view->window_count; i++) {
        for (size_t w = 0; w < sizeof way / sizeof *way; w++) {
            if (way[w](session, &session->view->window[i], name)) {
                return true;
            }
        }
    }
    return false;
}

int session_find_window(struct session *session, const char *name, const struct view_window **out)
{
    const struct view_window **list = session_order_windows(session), *found = NULL;
    int code = find(session, list, name, &found);
    if (code == EXIT_DONE) {
        *out = found;
    }
    free(list);
    return code;
}
