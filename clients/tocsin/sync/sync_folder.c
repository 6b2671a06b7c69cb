/* Union with another store in the file system, both ways; and bundles and records in files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "list/list.h"
#include "say/say.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/merge.h"
#include "tocsin/sync/sync.h"

/* Small enough to show progress and to lose little when interrupted: what has come stays. */
enum { CHUNK = 200, REFUSALS_MAX = 20 /* as many lines as a merge tells */ };

static int by_kind(const void *a, const void *b)
{
    /* Roots first, oldest first: they name the keys of all the rest. */
    const struct record *x = ((const struct view_entry *)a)->record;
    const struct record *y = ((const struct view_entry *)b)->record;
    if ((x->type == RECORD_ROOT) != (y->type == RECORD_ROOT)) {
        return x->type == RECORD_ROOT ? -1 : 1;
    }
    if (x->type == RECORD_ROOT && x->is.root.version != y->is.root.version) {
        return x->is.root.version < y->is.root.version ? -1 : 1;
    }
    return record_id_compare(&x->id, &y->id);
}

static void progress(size_t done, size_t all)
{
    if (isatty(STDERR_FILENO) && all > CHUNK) {
        fprintf(stderr, "\r%zu of %zu records%s", done, all, done == all ? "\n" : "");
    }
}

static bool is_trusted(const struct session *session, const struct record *record)
{
    return view_find_root(session->view, record_root_of(record)) != NULL;
}

static int by_root(const void *a, const void *b)
{
    return record_id_compare(record_root_of(((const struct view_entry *)a)->record),
                             record_root_of(((const struct view_entry *)b)->record));
}

/* Records of constellations that are not trusted here: a line for each constellation. */
static void tell_foreign(struct view_entry *entry, size_t count)
{
    list_sort(entry, count, sizeof *entry, by_root);
    size_t lines = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && by_root(&entry[i], &entry[end]) == 0;) {
            end++;
        }
        if (lines++ == REFUSALS_MAX) {
            say_note("and %zu more refused", count - i);
            return;
        }
        say_note("refused %zu record%s of the constellation %.16s: its root is not trusted here",
                 end - i, text_s(end - i), record_id_text(record_root_of(entry[i].record)).text);
    }
}

/* Everything of the trusted constellations in `set` of store `from` into store `to`.  When it is
 * sent, what we hold besides is nobody's business. */
static int pour(const struct session *session, struct store *from, const struct store_set *set,
                struct store *to, bool is_sent, struct ledger_counts *counts)
{
    struct view_entry *entry = say_memory(calloc(set->entry_count + 1, sizeof *entry));
    size_t count = 0, foreign = 0; /* from the front, and from the back */
    for (size_t i = 0; i < set->entry_count; i++) {
        if (!is_trusted(session, set->entry[i].record)) {
            entry[set->entry_count - ++foreign] = set->entry[i];
        } else if (!is_sent || set->entry[i].signer_count > 0) { /* nobody takes it unsigned */
            entry[count++] = set->entry[i];
        }
    }
    if (!is_sent) {
        counts->refused += foreign;
        tell_foreign(entry + set->entry_count - foreign, foreign);
    }
    list_sort(entry, count, sizeof *entry, by_kind);
    struct merge merge;
    int code = merge_open(&merge, session, to);
    for (size_t done = 0; code == EXIT_DONE && done < count;) {
        size_t now = count - done < CHUNK ? count - done : CHUNK;
        uint8_t *bytes;
        size_t size;
        struct store_error error;
        code =
            merge_exit(store_write_stream(from, entry + done, now, &bytes, &size, &error), &error);
        if (code == EXIT_DONE) {
            code = merge_add(&merge, bytes, size, counts);
            free(bytes);
        }
        done += now;
        progress(done, count);
    }
    merge_close(&merge);
    free(entry);
    return code;
}

/* Whether a store's folders are in it; true also when that cannot be told: then opening it says
 * why. */
static bool is_store(const char *dir)
{
    static const char *const part[] = {"records", "sigs"};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        char path[PATH_MAX];
        struct stat about;
        if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, part[i]) >= sizeof path ||
            (stat(path, &about) == 0 ? S_ISDIR(about.st_mode) : errno != ENOENT)) {
            return true;
        }
    }
    return false;
}

/* A stick with other things on it, or a wrong path, does not become a store unasked. */
static int refuse_folder(const struct sync_request *request)
{
    char inner[PATH_MAX];
    struct stat about;
    const char *dir = request->source, *slash = dir[strlen(dir) - 1] == '/' ? "" : "/";
    bool has_inner =
        (size_t)snprintf(inner, sizeof inner, "%s%sstore", dir, slash) < sizeof inner &&
        stat(inner, &about) == 0 && S_ISDIR(about.st_mode) && is_store(inner);
    return say_usage("%s is no store%s%s%s%s", dir, has_inner ? "; did you mean " : "",
                     has_inner ? inner : "", has_inner ? "?" : "",
                     request->pulls_only ? "" : "; give --create to make a store of it");
}

/* Both ways at once, and either may be what a stick or another's folder allows: a store that cannot
 * be written is read, one that is not there is made on request alone, for a mistyped path would
 * else be a new store with all that we have. */
int sync_folder(struct session *session, const struct sync_request *request,
                struct sync_counts *counts)
{
    struct stat about, mine;
    const char *dir = request->source;
    if (stat(dir, &about) != 0) {
        if (errno != ENOENT || !request->creates) {
            bool may_be_made = errno == ENOENT && !request->pulls_only;
            return say_outside("%s: %s%s", dir, strerror(errno),
                               may_be_made ? " (give --create to make a store there)" : "");
        }
        int code = session_make_dir(dir);
        if (code != EXIT_DONE) {
            return code;
        }
    } else if (stat(session->store_dir, &mine) == 0 && mine.st_dev == about.st_dev &&
               mine.st_ino == about.st_ino) {
        return say_usage("%s is this store itself", dir);
    } else if (S_ISDIR(about.st_mode) && !request->creates && !is_store(dir)) {
        return refuse_folder(request);
    }
    struct store *other;
    struct store_set set = {0};
    struct store_error error;
    enum store_result result = store_open(dir, request->creates, &session->leap, &other, &error);
    if (result != STORE_OK) {
        return merge_exit(result, &error);
    }
    bool is_writable = access(dir, W_OK) == 0;
    if (request->pulls_only || !is_writable) {
        store_leave_as_is(other);
    }
    result = store_load(other, session_note, NULL, &set, &error);
    int code = merge_exit(result, &error);
    if (code == EXIT_DONE) {
        code = pour(session, other, &set, session->store, false, &counts->came);
        store_set_free(&set);
    }
    if (code == EXIT_DONE && !request->pulls_only) {
        if (!is_writable) {
            say_note("%s cannot be written: nothing was sent there", dir);
        } else {
            struct ledger_counts sent = {0};
            code = pour(session, session->store, &session->set, other, true, &sent);
            counts->records_sent = sent.records_new;
            counts->signatures_sent = sent.signatures_new;
        }
    }
    store_close(other);
    return code;
}

int sync_file(struct session *session, const struct sync_request *request,
              struct sync_counts *counts)
{
    return bundle_add_file(session, request->source, &counts->came);
}
