/* kept.c -- the store on disk beside the shelf in memory: read at the start, at every change and
 * every few seconds, and given what brokers bring. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tocsin-listen/house.h"

/* Everything in the store onto the shelf, which verifies it again under the roots given by hand. */
static bool read_all(struct house *house, struct store_error *error, bool *is_new)
{
    struct store_set set;
    if (store_load(house->store, NULL, NULL, &set, error) != STORE_OK) {
        return false;
    }
    uint8_t *bytes;
    size_t size;
    bool done = store_write_stream(house->store, set.entry, set.entry_count, &bytes, &size,
                                   error) == STORE_OK;
    if (done) {
        struct shelf_counts counts;
        (void)shelf_add_stream(house->shelf, bytes, size, &counts);
        *is_new = counts.records_new + counts.signatures_new > 0;
        free(bytes);
    }
    store_set_free(&set);
    return done;
}

int kept_open(struct house *house)
{
    const struct options *options = house->options;
    if (options->store == NULL) {
        return EXIT_DONE;
    }
    struct store_error error;
    bool is_new;
    bool may_write = !options->check && !options->rehearse && options->replay == NULL;
    if (store_open(options->store, may_write, &house->leap, &house->store, &error) != STORE_OK ||
        !read_all(house, &error, &is_new)) {
        return say_outside("--store %s", error.message);
    }
    return EXIT_DONE;
}

/* Each look is followed by a rest this many times as long: files that come without end leave the
 * loop most of its time. */
enum { REST = 4 };

bool kept_reload(struct house *house)
{
    struct store_error error;
    bool is_new = false;
    if (house->store == NULL) {
        return false;
    }
    uint64_t begun = uv_hrtime();
    bool done = read_all(house, &error, &is_new);
    uint64_t ended = uv_hrtime();
    house->rest_until = ended + REST * (ended - begun);
    return done && is_new;
}

static void on_look(uv_timer_t *timer)
{
    struct house *house = timer->data;
    if (kept_reload(house)) {
        house_view(house);
    }
}

static void on_changed(void *context, bool is_rescan)
{
    struct house *house = context;
    if (is_rescan || uv_is_active((uv_handle_t *)&house->look)) {
        return; /* there is a rescan of our own */
    }
    uint64_t now = uv_hrtime();
    if (now >= house->rest_until) {
        on_look(&house->look);
    } else {
        uv_timer_start(&house->look, on_look, (house->rest_until - now) / NS_PER_MS + 1, 0);
    }
}

void kept_watch(struct house *house)
{
    if (house->store == NULL ||
        watch_start(&house->loop, house->options->store, on_changed, house, &house->watch)) {
        return;
    }
    char text[200];
    snprintf(text, sizeof text,
             "changes are noticed only every ten seconds (%s): raise fs.inotify.max_user_watches "
             "and start again",
             strerror(errno));
    show_note(&house->show, house->listener.estimate.best, "store", text);
}

static void tell_note(void *context, const struct store_note *note)
{
    char sentence[STORE_NOTE_SIZE];
    store_note_write(note, sentence);
    say_line(context, sentence);
}

void kept_add(struct house *house, const uint8_t *bytes, size_t size)
{
    if (house->store == NULL) {
        return;
    }
    struct record_id root[SHELF_ROOTS_MAX];
    size_t count = shelf_anchor_count(house->shelf);
    for (size_t i = 0; i < count; i++) {
        root[i] = *shelf_anchor_root(house->shelf, i);
    }
    const struct store_source source = {.root = root, .root_count = count, .note = tell_note};
    struct ledger_counts counts;
    struct store_error error;
    enum store_result result =
        store_add_stream(house->store, bytes, size, &source, &counts, &error);
    if (result == STORE_FAILED || result == STORE_NO_MEMORY) {
        show_note(&house->show, house->listener.estimate.best, "store", error.message);
    }
}

void kept_close(struct house *house)
{
    if (house->store != NULL) {
        store_close(house->store);
        house->store = NULL;
    }
}
