#include "tocsin/session/proposal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/signer.h"

enum { PROSE_MAX = 8192, LINES_ALIKE = 12 };
enum { BENEATH = 6 }; /* where a line of a record goes on: no text begins a line of ours */

static struct kept {
    struct kept *next;
    void *block;
} * kept;

static void free_kept(void)
{
    while (kept != NULL) {
        struct kept *next = kept->next;
        free(kept->block);
        free(kept);
        kept = next;
    }
}

void *proposal_keep(void *block)
{
    struct kept *one = say_memory(malloc(sizeof *one));
    if (kept == NULL && atexit(free_kept) != 0) {
        say_no_memory();
    }
    *one = (struct kept){kept, say_memory(block)};
    kept = one;
    return block;
}

char *proposal_ask(const char *what)
{
    char *typed = say_ask(what);
    return typed != NULL ? proposal_keep(typed) : NULL;
}

struct text proposal_text(const char *text)
{
    char *copy = proposal_keep(strdup(text));
    return (struct text){copy, strlen(copy)};
}

/* NFC of UTF-8 text; false when it is not UTF-8 or too long. */
static bool compose(const char *in, char *out, size_t size)
{
    static UChar wide[PROSE_MAX], composed[PROSE_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len;
    u_strFromUTF8(wide, PROSE_MAX, &len, in, -1, &status);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) {
        return false;
    }
    len = unorm2_normalize(nfc, wide, len, composed, PROSE_MAX, &status);
    if (U_FAILURE(status)) {
        return false;
    }
    int32_t bytes;
    u_strToUTF8(out, (int32_t)size, &bytes, composed, len, &status);
    return U_SUCCESS(status) && (size_t)bytes < size;
}

int proposal_prose(const char *option, const char *prose, bool newlines, struct text *out)
{
    static char composed[PROSE_MAX], escaped[PROSE_MAX * 2];
    if (!compose(prose, composed, sizeof composed)) {
        return say_usage("%s: not valid UTF-8, or longer than %d characters", option,
                         PROSE_MAX / 2);
    }
    if (*composed == '\0') {
        return say_usage("%s: nothing stands in it: write some words, or leave it out", option);
    }
    if (*composed == ' ' || composed[strlen(composed) - 1] == ' ') {
        return say_usage("%s \"%s\": take the space at its beginning or end away", option,
                         composed);
    }
    if (!record_escape(composed, newlines, escaped, sizeof escaped)) {
        return say_usage(
            "%s: has a character that no record may hold (control, direction override, "
            "or a line end)",
            option);
    }
    *out = proposal_text(escaped);
    return EXIT_DONE;
}

instant proposal_made(const struct session *session)
{
    int64_t ns = session->now_utc.ns;
    int64_t fraction = ((ns % NS_PER_S) + NS_PER_S) % NS_PER_S;
    return leap_from_utc(&session->leap, (utc){ns - fraction}, NULL);
}

/* "at" of "at: 2027 ...". */
static struct text key_at(const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    return (struct text){line, colon != NULL ? (size_t)(colon - line) : len};
}

/* The keys of lines that an option gives, "--KEY", but for the name of a root. */
static bool is_option(struct text key)
{
    static const char *const name[] = {
        "organizer", "beacon",  "feed", "broker", "threshold", "lock", "title",  "about",
        "rule",      "gesture", "tone", "for",    "rest",      "url",  "reason", "expires"};
    const char *dot = memchr(key.at, '.', key.len); /* title.it */
    struct text plain = {key.at, dot != NULL ? (size_t)(dot - key.at) : key.len};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        if (text_is(plain, name[i])) {
            return true;
        }
    }
    return false;
}

/* Of "feed: KEY URL" the option --feed, and the URL. */
static int refuse_line(const char *text, const struct record_error *error)
{
    const char *line = text, *end;
    for (int i = 1; i < error->line; i++) {
        line = strchr(line, '\n') + 1; /* the writer's text has this line */
    }
    end = strchr(line, '\n');
    struct text key = key_at(line, (size_t)(end - line));
    if (error->line == 1 || !is_option(key)) {
        return say_usage("the record cannot be written: line %d: %s", error->line, error->message);
    }
    const char *value = key.at + key.len + 2;
    bool has_key = text_is(key, "organizer") || text_is(key, "beacon") || text_is(key, "feed");
    const char *blank = has_key ? memchr(value, ' ', (size_t)(end - value)) : NULL;
    value = blank != NULL ? blank + 1 : value;
    const char *dot = memchr(key.at, '.', key.len);
    if (dot != NULL && error->lacks_plain) {
        int plain = (int)(dot - key.at);
        return say_usage(
            "--%.*s: give a --%.*s too, without a language: who has none of the others reads that",
            (int)key.len, key.at, plain, key.at);
    }
    return say_usage("--%.*s \"%.*s\": %s", (int)key.len, key.at, (int)(end - value), value,
                     error->message);
}

int proposal_write(const struct session *session, const struct record *record,
                   char out[static RECORD_SIZE_MAX], size_t *size)
{
    struct record_error error;
    if (!record_write(record, &session->leap, out, size, &error)) {
        return refuse_line(out, &error);
    }
    return EXIT_DONE;
}

int proposal_check(const struct session *session, const struct record *record)
{
    static char out[RECORD_SIZE_MAX];
    size_t size;
    return proposal_write(session, record, out, &size);
}

static void tell_left_out(struct text key, size_t count)
{
    if (count > 0) {
        fprintf(stderr, "  ... and %zu more lines \"%.*s:\"; --full shows them\n", count,
                (int)key.len, key.at);
    }
}

void proposal_show_text(const struct session *session, const char *text, size_t size)
{
    struct text key = {NULL, 0};
    size_t alike = 0, left_out = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t len = end != NULL ? (size_t)(end - (text + at)) : size - at;
        struct text of_line = key_at(text + at, len);
        if (!text_equal(of_line, key)) {
            tell_left_out(key, left_out);
            key = of_line;
            alike = left_out = 0;
        }
        if (alike++ < LINES_ALIKE || session->options->full) {
            say_wrapped(stderr, 0, BENEATH, "  | %.*s", (int)len, text + at);
        } else {
            left_out++;
        }
        at += len + 1;
    }
    tell_left_out(key, left_out);
}

int proposal_sign(struct session *session, struct record *record, const char *question)
{
    char text[RECORD_SIZE_MAX];
    size_t size;
    int code = proposal_write(session, record, text, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    fputs("The text to be signed:\n", stderr);
    proposal_show_text(session, text, size);
    describe_warn(record);
    if (!say_confirm(question, session->options->yes, &code)) {
        return code;
    }
    code = session_open_store(session, true);
    if (code == EXIT_DONE) {
        code = bundle_store_roots(session);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    return signer_sign_and_store(session, record->type, (const uint8_t *)text, size, &record->id);
}
