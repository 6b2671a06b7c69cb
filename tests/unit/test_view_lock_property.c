/* links: records trust */
/* Random constellations live for some days, their beacons write heartbeats, and then a thief who
 * holds exactly m keys, and now and then as many beacons as are no majority, does what he likes.
 * What was locked stays, nothing is added beside it, every attempt that would have told is told;
 * and the view says what the model says, which was written from its description alone.
 * TOCSIN_HISTORIES says how many (3,000 unless told, 1,000 under the sanitizers), TOCSIN_SEED where
 * to begin. */
#include "deep.h"
#include "lock_model.h"
#include "seed.h"

enum { RECORDS = MODEL_RECORDS, SIGNERS = 8, HOUR = 3600, DAY = 24 * HOUR };

#ifdef __SANITIZE_ADDRESS__
enum { DAILY = 1000, DEEP = 20000 };
#else
enum { DAILY = 3000, DEEP = 150000 };
#endif

struct history {
    struct record *record[RECORDS];
    struct record_public_key signer[RECORDS][SIGNERS];
    struct view_entry entry[RECORDS];
    size_t count;
    unsigned organizers, threshold, beacons;
    instant now;
};

static struct seed seed;
static struct history history;

static unsigned below(unsigned n)
{
    return seed_below(&seed, n);
}

/* Takes the record, signed by these keys; one that is there already is dropped. */
static const struct record *keep(struct record *record, const unsigned *key, size_t keys)
{
    for (size_t i = 0; i < history.count; i++) {
        if (record_id_equal(&history.record[i]->id, &record->id)) {
            record_free(record);
            return history.record[i];
        }
    }
    size_t at = history.count++;
    assert_true(at < RECORDS && keys <= SIGNERS);
    history.record[at] = record;
    for (size_t i = 0; i < keys; i++) {
        history.signer[at][i] = forge_public(key[i]);
    }
    history.entry[at] =
        (struct view_entry){.record = record, .signer = history.signer[at], .signer_count = keys};
    return record;
}

/* Some of the organizers, so many. */
static size_t choose(unsigned *out, size_t count)
{
    size_t chosen = 0;
    unsigned first = below(history.organizers);
    for (unsigned i = 0; i < history.organizers && chosen < count; i++) {
        out[chosen++] = 1 + (first + i) % history.organizers;
    }
    return chosen;
}

/* Now and then everybody signs, mostly m do. */
static size_t choose_honest(unsigned *out)
{
    return choose(out, history.threshold + (below(3) == 0 ? below(history.organizers) : 0));
}

static const struct record *any(enum record_type type)
{
    for (int attempt = 0; attempt < 30; attempt++) {
        const struct record *record = history.record[below((unsigned)history.count)];
        if (record->type == type) {
            return record;
        }
    }
    return NULL;
}

static const char *stamp_of(instant at, char out[static STAMP_TEXT_SIZE])
{
    stamp_write(leap_to_utc(leap_builtin(), at, NULL), out);
    return out;
}

static struct record *make_root(const struct record *prev, bool is_honest)
{
    char expires[STAMP_TEXT_SIZE];
    struct record_id keep_id[6];
    struct forge_root of = {.prev = prev, .keep = keep_id};
    unsigned organizers = 0;
    for (unsigned i = 1; i <= history.organizers; i++) {
        if (prev == NULL || is_honest || below(4) != 0) {
            of.organizer[organizers++] = i;
        }
    }
    if (!is_honest && below(2) == 0) {
        of.organizer[organizers++] = 15;
    }
    of.threshold =
        is_honest || history.threshold > organizers ? history.threshold : 1 + below(organizers);
    of.threshold = of.threshold > organizers ? organizers : of.threshold;
    if (organizers == 0) {
        of.organizer[0] = 15;
        of.threshold = 1;
    }
    unsigned beacons = 0;
    for (unsigned i = 0; i < history.beacons; i++) {
        if (is_honest || below(3) != 0) {
            of.beacon[beacons++] = 20 + i;
        }
    }
    of.beacon[beacons] = beacons < 3 && !is_honest ? 30 : of.beacon[beacons];
    static const int64_t lock[] = {HOUR, DAY, 3 * DAY};
    of.lock_s = prev != NULL && below(3) == 0 ? 0 : lock[below(3)];
    for (unsigned i = below(4); i > 0 && prev != NULL; i--) {
        const struct record_id *id = &history.record[below((unsigned)history.count)]->id;
        if (!model_has(keep_id, of.keep_count, id)) {
            keep_id[of.keep_count++] = *id;
        }
    }
    if (prev != NULL && below(3) == 0) {
        of.expires =
            stamp_of(forge_later(history.now, ((int64_t)below(96) - 24) * HOUR / 2), expires);
    }
    return forge_make_root(of);
}

static struct record *make_window(void)
{
    char text[4][STAMP_TEXT_SIZE + 4], at[STAMP_TEXT_SIZE], expires[STAMP_TEXT_SIZE];
    struct forge_window of = {.root = history.record[0], .uid = 1 + below(3)};
    const struct record *before = below(4) != 0 ? any(RECORD_WINDOW) : NULL;
    if (before != NULL) {
        of.uid = before->is.window.uid.bytes[3];
        of.seq = before->is.window.seq + (below(6) != 0);
        if (of.seq > 0) {
            of.prev[0] = before;
        }
        for (size_t i = 0, n = 1; i < history.count && n < 4 && of.seq > 0; i++) { /* may settle */
            const struct record *other = history.record[i];
            if (other != before && other->type == RECORD_WINDOW &&
                record_uid_equal(&other->is.window.uid, &before->is.window.uid) &&
                other->is.window.seq == before->is.window.seq && below(2) == 0) {
                of.prev[n++] = other;
            }
        }
    }
    unsigned count = 1 + below(3);
    for (unsigned i = 0; i < count; i++) {
        instant start = forge_later(history.now, ((int64_t)below(192) - 24) * HOUR / 2);
        if (before != NULL && i < before->is.window.at_count && below(2) == 0) {
            start = before->is.window.at[i].at;
        }
        snprintf(text[i], sizeof text[i], "%c %s", "abc"[i], stamp_of(start, at));
        of.at[i] = text[i];
    }
    of.off[0] = below(5) == 0 ? "a" : NULL;
    of.title = below(2) == 0 ? "Another" : NULL;
    of.for_s = below(3) == 0 ? 60 : 3 * HOUR;
    if (below(4) == 0) {
        of.expires =
            stamp_of(forge_later(history.now, ((int64_t)below(192) - 24) * HOUR / 2), expires);
    }
    return forge_make_window(of);
}

static struct record *make_cancel(void)
{
    const struct record *window = any(RECORD_WINDOW);
    return window != NULL ? forge_make_cancel(window, below(2) == 0 ? "x" : "y") : NULL;
}

static struct record *make_revoke(void)
{
    struct record_id keep_id[4];
    size_t count = 0;
    for (unsigned i = below(4); i > 0; i--) {
        const struct record_id *id = &history.record[below((unsigned)history.count)]->id;
        if (!model_has(keep_id, count, id)) {
            keep_id[count++] = *id;
        }
    }
    return forge_make_revoke(history.record[0],
                             below(4) == 0 ? 20 + below(history.beacons)
                                           : 1 + below(history.organizers),
                             keep_id, count);
}

static struct record *make_any(bool is_honest)
{
    switch (below(is_honest ? 12 : 8)) {
    case 0:
        return make_root(any(RECORD_ROOT), is_honest);
    case 1:
        return make_revoke();
    case 2:
    case 3:
        return make_cancel();
    default:
        return make_window();
    }
}

static struct view *see(size_t count, instant now)
{
    const struct view_anchor anchor = {history.record[0]};
    struct view *view;
    assert_true(view_build(history.entry, count, &anchor, 1, now, &view));
    return view;
}

/* What a beacon that holds all this says at `made`. */
static void beat(unsigned beacon, instant made)
{
    char at[STAMP_TEXT_SIZE];
    struct view *view = see(history.count, made);
    if (history.count < RECORDS - 1) {
        keep(forge_make_heartbeat(history.record[0], beacon, stamp_of(made, at),
                                  view->root[0].effective, view->root[0].effective_count),
             &beacon, 1);
    }
    view_free(view);
}

/* Days in which people agree, seldom quarrel, and beacons tell what is there. */
static void live(void)
{
    unsigned by[SIGNERS];
    history.count = 0;
    history.organizers = 2 + below(4);
    history.threshold = 1 + below(history.organizers - (below(8) != 0 ? 1 : 0));
    history.beacons = 1 + below(3);
    history.now = forge_instant("2027-08-02T00:00:00Z");
    keep(make_root(NULL, true), by, choose(by, history.organizers));
    for (int hour = -7 * 24; hour < 0; hour += 12) {
        if (below(3) != 0 && history.count < RECORDS / 2) {
            struct record *record = make_any(true);
            if (record != NULL) {
                keep(record, by, choose_honest(by));
            }
        }
        for (unsigned i = 0; i < history.beacons && history.count < RECORDS / 2; i++) {
            if (below(4) != 0) {
                beat(20 + i, forge_later(history.now, (int64_t)hour * HOUR + below(HOUR)));
            }
        }
    }
}

/* m keys, and what is no majority of the beacons: whatever they like, dated as they like. */
static void rob(void)
{
    unsigned by[SIGNERS];
    size_t keys = choose(by, history.threshold), honest = history.count;
    for (unsigned i = 1 + below(6); i > 0; i--) {
        struct record *record = make_any(false);
        if (record != NULL) {
            keep(record, by, keys);
        }
    }
    unsigned stolen = below((history.beacons - 1) / 2 + 1);
    struct record_id id[8];
    size_t count = 0;
    for (size_t i = honest; i < history.count; i++) {
        id[count++] = history.record[i]->id;
    }
    qsort(id, count, sizeof *id, forge_by_id);
    for (unsigned i = 20; i < 20 + stolen && count > 0; i++) {
        for (unsigned k = 0; k < 3; k++) {
            char at[STAMP_TEXT_SIZE];
            stamp_of(forge_later(history.now, -(int64_t)below(6 * DAY)), at);
            keep(forge_make_heartbeat(history.record[0], i, at, id, count), &i, 1);
        }
    }
}

static struct {
    size_t locked, attacked, silenced_else, reworded_else, added_else, cancelled, confirmed, off,
        fresh;
} met;

/* These histories differ in titles alone. */
static bool asks_same(const struct record *a, const struct record *b)
{
    return text_equal(a->is.window.title[0].value, b->is.window.title[0].value);
}

static const struct view_occurrence *find_in(const struct view *view, const struct record_uid *uid,
                                             const struct view_occurrence *wanted)
{
    const struct view_window *window = view_find_window(view, &view->root[0].id, uid);
    for (size_t i = 0; window != NULL && i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->state == OCCURRENCE_IN_FORCE && text_equal(one->key, wanted->key) &&
            instant_compare(one->start, wanted->start) == 0 &&
            instant_compare(one->end, wanted->end) == 0 && asks_same(one->record, wanted->record)) {
            return one;
        }
    }
    return NULL;
}

static bool is_told(const struct view *view)
{
    for (size_t i = 0; i < view->alert_count; i++) {
        if (view->alert[i].fact.kind == FACT_LOCKED ||
            view->alert[i].fact.kind == FACT_SPARED_BY_LOCK) {
            return true;
        }
    }
    return false;
}

static const struct model_start *find_start(const struct model_starts *all,
                                            const struct model_start *wanted)
{
    for (size_t i = 0; i < all->count; i++) {
        if (text_equal(all->list[i].key, wanted->key) &&
            instant_compare(all->list[i].start, wanted->start) == 0 &&
            instant_compare(all->list[i].end, wanted->end) == 0) {
            return &all->list[i];
        }
    }
    return NULL;
}

static bool is_in(const struct model_starts *all, const struct model_start *wanted)
{
    const struct model_start *found = find_start(all, wanted);
    return found != NULL && asks_same(found->record, wanted->record);
}

/* What people read above all is what comes next, whoever else says otherwise. */
static void shows_what_comes_next(const struct view_window *window, instant now)
{
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->state == OCCURRENCE_IN_FORCE && instant_compare(one->end, now) > 0) {
            assert_true(asks_same(window->record, one->record));
            return;
        }
    }
}

/* The view and the model say the same, and what a lock kept from happening is told. */
static void agrees_with_the_model(const struct view *view, instant now)
{
    static struct model_starts expected, unlocked;
    const struct model model = {
        .entry = history.entry, .count = history.count, .anchor = history.record[0], .now = now};
    for (unsigned n = 1; n <= 3; n++) {
        struct record_uid uid = forge_uid(n);
        const struct view_window *window = view_find_window(view, &view->root[0].id, &uid);
        model_in_force(&model, &uid, &expected);
        size_t count = 0;
        for (size_t i = 0; window != NULL && i < window->occurrence_count; i++) {
            const struct view_occurrence *one = &window->occurrence[i];
            const struct model_start start = {
                .key = one->key, .start = one->start, .end = one->end, .record = one->record};
            if (one->state == OCCURRENCE_IN_FORCE) {
                const struct model_start *found = find_start(&expected, &start);
                count++;
                assert_true(found != NULL && found->record == one->record);
            }
        }
        assert_int_equal(count, expected.count);
        model_unlocked(&model, &uid, &unlocked);
        for (size_t i = 0; i < expected.count; i++) {
            if (expected.list[i].is_locked && !is_in(&unlocked, &expected.list[i])) {
                met.silenced_else += find_start(&unlocked, &expected.list[i]) == NULL;
                met.reworded_else += find_start(&unlocked, &expected.list[i]) != NULL;
                assert_true(is_told(view));
            }
        }
        if (window != NULL) {
            shows_what_comes_next(window, now);
        }
        for (size_t i = 0; i < unlocked.count; i++) {
            if (!is_in(&expected, &unlocked.list[i])) {
                met.added_else++;
                assert_true(is_told(view));
            }
        }
    }
}

/* Where a lock had spoken when the thief came: what is in force without him is in force with him,
 * and nothing else. */
static void nothing_locked_has_changed(size_t honest, const struct view *before,
                                       const struct view *after, instant now)
{
    static struct model_starts strong;
    const struct model model = {
        .entry = history.entry, .count = honest, .anchor = history.record[0], .now = history.now};
    for (size_t i = 0; i < before->window_count; i++) {
        const struct view_window *window = &before->window[i];
        for (size_t k = 0; k < window->occurrence_count; k++) {
            const struct view_occurrence *one = &window->occurrence[k];
            bool is_to_come = instant_compare(one->end, now) > 0;
            met.off += one->lock == LOCK_OFF;
            met.fresh += one->lock == LOCK_NEW;
            if (one->state == OCCURRENCE_IN_FORCE && is_to_come &&
                model_is_locked(&model, &window->uid, one->start, one->end, &strong)) {
                met.locked++;
                assert_non_null(find_in(after, &window->uid, one));
            }
        }
        const struct view_window *then = view_find_window(after, &window->root, &window->uid);
        for (size_t k = 0; then != NULL && k < then->occurrence_count; k++) {
            const struct view_occurrence *one = &then->occurrence[k];
            if (one->state == OCCURRENCE_IN_FORCE && instant_compare(one->end, now) > 0 &&
                model_is_locked(&model, &window->uid, one->start, one->end, &strong)) {
                assert_non_null(find_in(before, &window->uid, one));
            }
        }
        met.cancelled += then != NULL && then->status == VIEW_CANCELLED;
        met.confirmed += then != NULL && then->status == VIEW_CONFIRMED;
    }
}

static void shuffle(struct view_entry *entry, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = below((unsigned)i);
        struct view_entry held = entry[i - 1];
        entry[i - 1] = entry[k];
        entry[k] = held;
    }
}

static void m_keys_move_nothing_that_is_locked(void **state)
{
    (void)state;
    const char *wanted = getenv("TOCSIN_HISTORIES");
    unsigned long histories = wanted != NULL ? strtoul(wanted, NULL, 10) : is_deep() ? DEEP : DAILY;
    seed = seed_take("locks");
    for (unsigned long i = 0; i < histories; i++) {
        live();
        instant now = history.now;
        struct view *before = see(history.count, now);
        agrees_with_the_model(before, now);
        size_t honest = history.count;
        rob();
        met.attacked++;
        struct view *after = see(history.count, now);
        agrees_with_the_model(after, now);
        nothing_locked_has_changed(honest, before, after, now);
        uint8_t digest[32];
        memcpy(digest, after->digest, sizeof digest);
        view_free(after);
        for (unsigned k = 0; k < history.beacons; k++) { /* they tell of it, too late */
            beat(20 + k, forge_later(now, below(HOUR)));
        }
        instant later = forge_later(now, HOUR + below(12 * HOUR));
        view_free(before);
        before = see(honest, later);
        after = see(history.count, later);
        agrees_with_the_model(after, later);
        nothing_locked_has_changed(honest, before, after, later);
        memcpy(digest, after->digest, sizeof digest);
        view_free(after);
        shuffle(history.entry, history.count);
        after = see(history.count, later);
        assert_memory_equal(after->digest, digest, sizeof digest);
        view_free(after);
        view_free(before);
        for (size_t k = 0; k < history.count; k++) {
            record_free(history.record[k]);
        }
    }
    print_message("met: locked %zu, attacked %zu, kept %zu, of other words %zu, refused %zu, "
                  "cancelled %zu, confirmed %zu, lock off %zu, new %zu\n",
                  met.locked, met.attacked, met.silenced_else, met.reworded_else, met.added_else,
                  met.cancelled, met.confirmed, met.off, met.fresh);
    if (histories >= 1000) {
        assert_true(met.locked > 0 && met.silenced_else > 0 && met.reworded_else > 0 &&
                    met.added_else > 0 && met.cancelled > 0 && met.confirmed > 0 && met.off > 0 &&
                    met.fresh > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m_keys_move_nothing_that_is_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
