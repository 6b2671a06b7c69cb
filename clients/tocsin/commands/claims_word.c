/* claims_word.c -- a word, a link or a text held against the records. */
#include "tocsin/commands/claims.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/address.h"
#include "tocsin/windows/review.h"
#include "words/words.h"

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
    int code = claims_tell_window(session, what, window, but, false);
    review_warn_of_rule(session, environment, window->record);
    return code;
}

/* The page or feed of a window. */
static int verify_page(const struct session *session, const struct environment *environment,
                       const char *address, const struct address_names *names)
{
    enum address_place place = ADDRESS_ELSEWHERE;
    const struct view_window *window = NULL;
    bool is_here = false;
    for (size_t i = 0; i < session->view->root_count && window == NULL; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct view_window *one =
            *names->root == '\0' || is_named(root, names->root)
                ? view_find_window(session->view, &root->id, &names->uid)
                : NULL;
        is_here = is_here || one != NULL;
        window = one != NULL && site_of(root, address, &place) != NULL ? one : NULL;
    }
    if (!is_here) {
        return claims_deny(address);
    }
    if (window == NULL) {
        return claims_refuse(address,
                             "the root of the window that it names does not name this site");
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
        if (one != NULL && (site == NULL || (fits && !is_meant))) {
            named = root;
            site = one;
            is_meant = fits;
        }
    }
    if (site == NULL) {
        return claims_refuse(address, place_text[place]);
    }
    if (!is_meant) {
        return claims_refuse(address,
                             "a root that you trust names this site, but the address leads "
                             "to another constellation");
    }
    if (names.has_uid) {
        return verify_page(session, environment, address, &names);
    }
    claims_print(true, address,
                 "the root of \"%s\" names this site; what it shows was not looked at: verify a "
                 "calendar of it (signed by its key %s) as a file, a window by its page's address",
                 describe_root(session, named).text, record_key_id_text(&site->public.id).text);
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
        const struct describe_root of = describe_root(session, root);
        for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
            const struct record_key *found = record_key_find(part[k].list, part[k].count, key.key);
            if (found == NULL) {
                continue;
            }
            bool is_good = session_find_revoke(session, root, &key) == NULL;
            char name[1024];
            record_unescape(found->name, name, sizeof name);
            claims_print(is_good, what, "the key of %s, %s of \"%s\"%s", name, part[k].role,
                         of.text, is_good ? "" : ", is revoked: nothing that it signs counts");
            *code = is_good ? EXIT_DONE : EXIT_NO;
            return true;
        }
        struct text once = history_organizer_once(session, root, &key);
        if (once.len > 0) {
            claims_print(false, what, "the key of %.*s, who is no organizer of \"%s\" any more",
                         (int)once.len, once.at, of.text);
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
            is_one |= text_has_scheme(at, scheme[i]);
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
    (void)claims_deny(path);
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
    return is_key(word) || is_text(word) || is_link(word) || session_is_full_name(word);
}

/* Of a whole uid what each constellation says that has a window of it. */
static int tell_all_of(const struct session *session, const struct environment *environment,
                       const char *word, const struct record_uid *uid)
{
    int code = EXIT_DONE;
    size_t count = 0;
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_window *window =
            view_find_window(session->view, &session->view->root[i].id, uid);
        if (window != NULL) {
            int one = tell_named(session, environment, word, window, "");
            code = one > code ? one : code;
            count++;
        }
    }
    return count > 0 ? code : claims_deny(word);
}

/* From what can be nothing else to what may be anything: a key, a text, a link, an address, a root,
 * a uid, and a window's name last.  A word that looks like a file's name and is none is said to be
 * none before it is searched for among titles. */
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
        claims_print(true, word, "this is the root of \"%s\", which is trusted here",
                     describe_root(session, root).text);
        return EXIT_DONE;
    }
    struct record_uid uid;
    const struct view_window *window;
    if (record_uid_read(word, strlen(word), &uid)) {
        return tell_all_of(session, environment, word, &uid);
    }
    if (strpbrk(word, "./") != NULL && !session_names_window(session, word)) {
        return say_no("%s: no such file, and no window here goes by that name", word);
    }
    code = session_find_window(session, word, &window);
    return code == EXIT_DONE ? tell_named(session, environment, word, window, "") : code;
}
