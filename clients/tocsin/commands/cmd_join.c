/* tocsin join: what an invited person does with the one thing that they were sent: look at the
 * root and compare its words, trust it, review what waits, sign it, and send one thing back. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "stream/stream.h"
#include "tocsin/commands/cosign.h"
#include "tocsin/commands/root_trust.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/session/signer.h"
#include "tocsin/sync/sync.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/news.h"

/* Whether there is a key to sign with; says so where there is none. */
static bool has_key(const struct session *session)
{
    char **names;
    size_t count = 0;
    if (session->options->key != NULL) {
        return true;
    }
    if (signer_list_keys(session, &names, &count) != EXIT_DONE) {
        return false;
    }
    signer_free_keys(names, count);
    if (count == 0) {
        say_note("no key is here, so nothing was signed; an organizer makes one with \"tocsin key "
                 "new NAME\" and gives its public half to the others");
    }
    return count > 0;
}

enum { URL_SIZE = 2048, ROOT8 = 16 };

/* "https://SITE/#ROOT" as the bundle of that root there; any other address as it is. */
static int address_of(const char *link, char out[static URL_SIZE])
{
    const char *root = strchr(link, '#');
    int site = root != NULL ? (int)(root - link) : (int)strlen(link);
    size_t digits = root != NULL ? strspn(root + 1, "0123456789abcdef") : 0;
    if (root != NULL && (digits < ROOT8 || root[1 + digits] != '\0')) {
        return say_usage("%s: after # stands the id of a root, %d hex digits or more", link, ROOT8);
    }
    const char *slash = site > 0 && link[site - 1] == '/' ? "" : "/";
    int len = root != NULL
                  ? snprintf(out, URL_SIZE, "%.*s%s%.16s.tocsin", site, link, slash, root + 1)
                  : snprintf(out, URL_SIZE, "%s", link);
    return len < URL_SIZE ? EXIT_DONE : say_usage("%s: this address is too long", link);
}

/* The root that a link names is in what came by it: a site cannot hand out another. */
static int check_root(const char *link)
{
    static struct stream_item item;
    const char *root = strchr(link, '#');
    uint8_t *bytes = NULL;
    size_t size = 0;
    int code = root != NULL ? incoming_load(link, &bytes, &size) : EXIT_DONE;
    if (root == NULL || code != EXIT_DONE) {
        return code;
    }
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed, is_there = false;
    while (stream_next(&stream, &item, &malformed)) {
        struct record_id id;
        record_id_of(item.record, item.record_size, &id);
        is_there |=
            record_says_root(item.record, item.record_size) && session_id_matches(&id, root + 1);
    }
    free(bytes);
    return is_there ? EXIT_DONE
                    : say_no("%s: what is there is not the root that the link names", link);
}

static int fetch(const char *link)
{
    char url[URL_SIZE];
    uint8_t *bytes = NULL;
    size_t size = 0;
    int code = address_of(link, url);
    if (code == EXIT_DONE) {
        code = sync_fetch(url, &bytes, &size);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    code = incoming_keep(link, bytes, size);
    free(bytes);
    return code == EXIT_DONE ? check_root(link) : code;
}

static int sign_all(struct session *session, const struct command_call *call)
{
    static struct cosigning cosigning;
    cosigning = (struct cosigning){.environment = call->environment};
    int code = cosign_as(session);
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = cosign_file(session, &cosigning, call->word[i]);
    }
    if (code == EXIT_DONE && cosigning.signed_count + cosigning.declined == 0) {
        say_note("nothing in it waits for a signature of this key");
        agenda_tell(session);
    }
    int one = cosign_conclude(session, &cosigning);
    return one > code ? one : code;
}

const struct command_line line_join = {
    .words = "FILE|URL...",
    .missing = "which FILE or URL? the one that an organizer sent you; - reads what you paste",
    .doc =
        "Shows the root and the windows of a FILE that an organizer sent, trusts the root once "
        "its words are compared, reviews and signs all that waits for your signature, and "
        "writes what goes back with --out.\vFILE is a bundle, as a file or as text copied from "
        "a letter or a chat; a URL is that of a file, or SITE#ROOT as \"tocsin root show\" tells "
        "it.  One passphrase, however much is signed.",
};

/* Whoever looks for the windows should not take it that there are none. */
static void tell_bare_roots(const struct session *session)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        bool is_bare = !root->is_tentative;
        for (size_t k = 0; k < session->view->window_count; k++) {
            is_bare = is_bare && !record_id_equal(&session->view->window[k].root, &root->id);
        }
        if (is_bare) {
            say_note("no window of \"%s\" came with it: \"tocsin sync SOURCE\" brings them, from "
                     "its site, a broker or an organizer's copy",
                     describe_root(session, root).text);
        }
    }
}

int cmd_join(struct session *session, const struct command_call *call)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = text_is_web(text_of(call->word[i])) ? fetch(call->word[i]) : EXIT_DONE;
    }
    struct news news = {0};
    if (code == EXIT_DONE) {
        code = session_load(session, false);
    }
    if (code == EXIT_DONE) {
        news = news_begin(session);
    }
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = root_trust_take(session, call->word[i]);
    }
    if (code == EXIT_DONE && session_load(session, false) == EXIT_DONE) {
        news_tell(session, &news, "since");
        tell_bare_roots(session);
    }
    news_end(&news);
    if (code == EXIT_DONE && has_key(session)) {
        code = sign_all(session, call);
    } else if (code == EXIT_DONE) {
        agenda_tell(session);
    }
    return code;
}
