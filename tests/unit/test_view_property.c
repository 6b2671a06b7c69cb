/* links: records trust */
/* Random histories seen by replicas in random orders, with duplicates and with losses that a later
 * exchange heals: one digest for all.  And what a thief of one key of several adds changes nothing
 * that is in force.  TOCSIN_HISTORIES says how many (2,000 unless told), TOCSIN_SEED where to
 * begin. */
#include "deep.h"
#include "view_scene.h"

enum { ITEMS_MAX = 96, SIGNERS_MAX = 8 };

#ifdef __SANITIZE_ADDRESS__
enum { DEEP = 10000 }; /* the tests' deadline holds there too */
#else
enum { DEEP = 100000 };
#endif

struct history {
    struct record *record[ITEMS_MAX];
    struct record_public_key signer[ITEMS_MAX][SIGNERS_MAX];
    size_t signers[ITEMS_MAX];
    size_t count;
    unsigned organizers, threshold;
};

static uint64_t dice_state;

static uint64_t dice(void)
{
    uint64_t z = (dice_state += 0x9E3779B97F4A7C15u); /* splitmix64 (Steele, Lea, Flood 2014) */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
    return (unsigned)(dice() % n);
}

/* Signs record i with each key of 1..of, more or less often, and rarely a stranger or a beacon. */
static void sign_some(struct history *history, size_t i, unsigned of, unsigned in_ten)
{
    for (unsigned key = 1; key <= of && history->signers[i] < SIGNERS_MAX; key++) {
        if (below(10) < in_ten) {
            history->signer[i][history->signers[i]++] = forge_public(key);
        }
    }
    if (below(12) == 0 && history->signers[i] < SIGNERS_MAX) {
        history->signer[i][history->signers[i]++] = forge_public(20 + below(4));
    }
}

static size_t keep(struct history *history, struct record *record)
{
    for (size_t i = 0; i < history->count; i++) {
        if (record_id_equal(&history->record[i]->id, &record->id)) {
            record_free(record); /* the same by chance */
            return i;
        }
    }
    history->record[history->count] = record;
    history->signers[history->count] = 0;
    return history->count++;
}

static const struct record *any(const struct history *history, enum record_type type)
{
    for (int attempt = 0; attempt < 20; attempt++) {
        const struct record *record = history->record[below((unsigned)history->count)];
        if (record->type == type) {
            return record;
        }
    }
    return NULL;
}

static size_t some_ids(const struct history *history, struct record_id *out, unsigned max)
{
    size_t count = 0;
    for (unsigned i = below(max + 1); i > 0; i--) {
        const struct record_id *id = &history->record[below((unsigned)history->count)]->id;
        bool is_there = false;
        for (size_t k = 0; k < count; k++) {
            is_there = is_there || record_id_equal(&out[k], id);
        }
        if (!is_there) {
            out[count++] = *id;
        }
    }
    return count;
}

static void add_root(struct history *history)
{
    struct record_id ids[4];
    struct forge_root of = {.prev = any(history, RECORD_ROOT)};
    unsigned organizers = 0, first = 1 + below(3);
    for (unsigned key = first; key <= 6 && organizers < 5; key++) {
        if (below(4) != 0) {
            of.organizer[organizers++] = key;
        }
    }
    if (organizers == 0) {
        of.organizer[organizers++] = 1;
    }
    of.threshold = 1 + below(organizers);
    of.beacon[0] = 20 + below(2);
    of.lock_s = below(2) == 0 ? 86400 : 0;
    of.keep = ids;
    of.keep_count = some_ids(history, ids, 4);
    of.expires = below(4) == 0 ? "2027-03-01T00:00:00Z" : NULL;
    sign_some(history, keep(history, forge_make_root(of)), 6, 8);
}

static const char *const stamps[] = {"a 2027-01-10T10:00:00Z", "a 2027-02-10T10:00:00Z",
                                     "b 2027-03-10T10:00:00Z", "b 2027-04-10T10:00:00Z",
                                     "c 2027-05-10T10:00:00Z"};

static void add_window(struct history *history)
{
    struct forge_window of = {.root = history->record[0], .uid = 1 + below(9)};
    const struct record *before = below(3) != 0 ? any(history, RECORD_WINDOW) : NULL;
    if (before != NULL) {
        of.uid = before->is.window.uid.bytes[3];
        of.seq = before->is.window.seq + 1;
        of.prev[0] = before;
        for (size_t i = 0, n = 1; i < history->count && n < 4; i++) { /* sometimes it settles */
            const struct record *other = history->record[i];
            if (other != before && other->type == RECORD_WINDOW &&
                record_uid_equal(&other->is.window.uid, &before->is.window.uid) &&
                other->is.window.seq == before->is.window.seq && below(2) == 0) {
                of.prev[n++] = other;
            }
        }
    }
    of.at[0] = stamps[below(2)];
    of.at[1] = below(2) == 0 ? stamps[2 + below(2)] : NULL;
    of.off[0] = below(5) == 0 ? "a" : NULL;
    of.title = below(2) == 0 ? "One" : "Two";
    of.expires = below(6) == 0 ? "2027-03-15T00:00:00Z" : NULL;
    sign_some(history, keep(history, forge_make_window(of)), history->organizers, 7);
}

static void add_cancel(struct history *history)
{
    const struct record *window = any(history, RECORD_WINDOW);
    if (window != NULL) {
        sign_some(history, keep(history, forge_make_cancel(window, below(2) == 0 ? "x" : "y")),
                  history->organizers, 6);
    }
}

static void add_revoke(struct history *history)
{
    struct record_id ids[4];
    size_t count = some_ids(history, ids, 4);
    sign_some(history,
              keep(history, forge_make_revoke(history->record[0], 1 + below(6), ids, count)),
              history->organizers, 7);
}

static void add_heartbeat(struct history *history)
{
    struct record_id ids[4];
    size_t count = some_ids(history, ids, 4);
    unsigned beacon = 20 + below(2);
    size_t i = keep(history, forge_make_heartbeat(history->record[0], beacon,
                                                  below(2) == 0 ? "2027-01-01T00:00:00Z"
                                                                : "2027-02-09T00:00:00Z",
                                                  ids, count));
    history->signer[i][0] = forge_public(below(4) == 0 ? 1 : beacon);
    history->signers[i] = 1;
}

static void live(struct history *history)
{
    struct forge_root of = {.beacon = {20}, .lock_s = below(2) == 0 ? 86400 : 0};
    history->count = 0;
    history->organizers = 1 + below(5);
    for (unsigned i = 0; i < history->organizers; i++) {
        of.organizer[i] = i + 1;
    }
    history->threshold = of.threshold = 1 + below(history->organizers);
    keep(history, forge_make_root(of));
    for (unsigned i = 0; i < history->organizers; i++) {
        history->signer[0][i] = forge_public(i + 1);
    }
    history->signers[0] = history->organizers;
    unsigned acts = 5 + below(50);
    unsigned flavour = below(4); /* some histories are all cancels, some all quarrels */
    for (unsigned i = 0; i < acts; i++) {
        unsigned roll = below(20);
        if (roll < 10) {
            add_window(history);
        } else if (roll < (flavour == 0 ? 18u : 13u)) {
            add_cancel(history);
        } else if (roll < 15) {
            add_root(history);
        } else if (roll < 17) {
            add_revoke(history);
        } else {
            add_heartbeat(history);
        }
    }
}

/* One replica: entries that may say the same thing in pieces. */
struct replica {
    struct view_entry entry[ITEMS_MAX * (SIGNERS_MAX + 2)];
    size_t count;
};

static void tell(struct replica *replica, const struct history *history, size_t i, size_t from,
                 size_t count)
{
    replica->entry[replica->count++] = (struct view_entry){
        .record = history->record[i], .signer = &history->signer[i][from], .signer_count = count};
}

/* Every (record, key) pair that reaches the replica with the chance of in_ten; whole and in
 * pieces. */
static void receive(struct replica *replica, const struct history *history, unsigned in_ten)
{
    for (size_t i = 0; i < history->count; i++) {
        if (in_ten == 10 && below(2) == 0) {
            tell(replica, history, i, 0, history->signers[i]);
            continue;
        }
        if (in_ten == 10 || below(10) < in_ten) {
            tell(replica, history, i, 0, 0);
            for (size_t k = 0; k < history->signers[i]; k++) {
                if (in_ten == 10 || below(10) < in_ten) {
                    tell(replica, history, i, k, 1);
                }
            }
        }
    }
}

static void shuffle(struct replica *replica)
{
    for (size_t i = replica->count; i > 1; i--) {
        size_t k = below((unsigned)i);
        struct view_entry held = replica->entry[i - 1];
        replica->entry[i - 1] = replica->entry[k];
        replica->entry[k] = held;
    }
}

static instant now; /* of the history at hand */

static struct view *see(const struct replica *replica, const struct record *anchor)
{
    struct view_anchor anchors[] = {{anchor}, {anchor}};
    struct view *view;
    assert_true(view_build(replica->entry, replica->count, anchors, 1 + below(2), now, &view));
    return view;
}

/* How often each thing was met, so that a generator that has gone dull is noticed. */
static struct {
    size_t rotated, frozen, contested, cancelled, alerted, tentative, confirmed, expired;
} met;

static void count_met(const struct view *view)
{
    const struct view_root *root = &view->root[0];
    met.rotated += root->newest->is.root.version > 1;
    met.frozen += root->is_frozen;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        met.contested += window->status == VIEW_CONTESTED;
        met.cancelled += window->status == VIEW_CANCELLED;
        met.tentative += window->status == VIEW_TENTATIVE;
        met.confirmed += window->status == VIEW_CONFIRMED;
        met.expired += window->status == VIEW_EXPIRED;
        for (size_t k = 0; k < window->occurrence_count; k++) {
            met.alerted += window->occurrence[k].alerted;
        }
    }
}

/* What is said of each record's signatures is what the view made of them. */
static void standings_agree(const struct view *view, const struct history *history)
{
    const struct view_root *root = &view->root[0];
    for (size_t i = 0; i < history->count; i++) {
        struct record_public_key signer[SIGNERS_MAX];
        struct view_entry entry = {.record = history->record[i], .signer = signer};
        for (size_t k = 0; k < history->signers[i]; k++) {
            bool is_again = false;
            for (size_t n = 0; n < entry.signer_count; n++) {
                is_again = is_again || trust_public_key_equal(&signer[n], &history->signer[i][k]);
            }
            if (!is_again) {
                signer[entry.signer_count++] = history->signer[i][k];
            }
        }
        struct view_standing standing;
        if (!view_standing(view, &entry, &standing)) {
            assert_false(record_id_equal(record_root_of(entry.record), &root->id));
            continue;
        }
        bool is_effective = bsearch(&entry.record->id, root->effective, root->effective_count,
                                    sizeof entry.record->id, record_by_id) != NULL;
        if (entry.record->type != RECORD_HEARTBEAT) {
            assert_int_equal(standing.is_enough, is_effective);
        }
        assert_true(standing.count <= entry.signer_count && standing.before <= entry.signer_count);
    }
}

static void all_replicas_agree(const struct history *history)
{
    static struct replica replica;
    uint8_t digest[32];
    for (int i = 0; i < 5; i++) {
        replica.count = 0;
        if (i >= 3) { /* this one heard only part, looked, and was healed by an exchange */
            receive(&replica, history, 6);
            shuffle(&replica);
            view_free(see(&replica, history->record[0]));
        }
        if (i > 0) {
            receive(&replica, history, 10);
            shuffle(&replica);
        } else {
            for (size_t k = 0; k < history->count; k++) {
                tell(&replica, history, k, 0, history->signers[k]);
            }
        }
        struct view *view = see(&replica, history->record[0]);
        if (i == 0) {
            memcpy(digest, view->digest, sizeof digest);
            count_met(view);
            standings_agree(view, history);
        }
        assert_memory_equal(view->digest, digest, sizeof digest);
        view_free(view);
    }
}

/* Whether somebody who counts has put anything of this window in force: what is merely tentative
 * may look different after one more signature. */
static bool is_settled(const struct view_window *window)
{
    return window->held_count > 0 || window->cancel != NULL;
}

static void assert_same(const struct view_window *is, const struct view_window *was)
{
    assert_ptr_equal(is->cancel, was->cancel);
    assert_int_equal(is->status, was->status);
    assert_int_equal(is->held_count, was->held_count);
    if (was->held_count == 0) {
        return; /* a cancel of a tentative window */
    }
    assert_ptr_equal(is->record, was->record);
    assert_int_equal(is->occurrence_count, was->occurrence_count);
    for (size_t k = 0; k < was->occurrence_count; k++) {
        assert_int_equal(is->occurrence[k].state, was->occurrence[k].state);
        assert_instant_equal(is->occurrence[k].start, was->occurrence[k].start);
    }
}

/* What is in force before and after a thief with one key signs whatever he likes: the same, record
 * by record and occurrence by occurrence, whenever two keys are needed. */
static void a_thief_changes_nothing(struct history *history)
{
    static struct replica replica;
    replica.count = 0;
    size_t honest = history->count;
    for (size_t k = 0; k < honest; k++) {
        tell(&replica, history, k, 0, history->signers[k]);
    }
    struct view *before = see(&replica, history->record[0]);
    const struct record_root *root = &before->root[0].newest->is.root;
    uint32_t lowest = root->threshold;
    for (size_t i = 0; i < honest; i++) { /* no root on the way was content with one */
        if (history->record[i]->type == RECORD_ROOT &&
            history->record[i]->is.root.threshold < lowest) {
            lowest = history->record[i]->is.root.threshold;
        }
    }
    if (lowest >= 2) {
        struct record_public_key thief = forge_public(1 + below(history->organizers));
        for (int i = 0; i < 12 && history->count < ITEMS_MAX - 1; i++) {
            size_t at = history->count;
            switch (below(4)) {
            case 0:
                add_window(history);
                break;
            case 1:
                add_cancel(history);
                break;
            case 2:
                add_root(history);
                break;
            default:
                add_revoke(history);
                break;
            }
            if (history->count > at) {
                history->signers[at] = 1;
                history->signer[at][0] = thief;
                tell(&replica, history, at, 0, 1);
            }
        }
        struct view *after = see(&replica, history->record[0]);
        assert_memory_equal(after->root[0].effective_digest, before->root[0].effective_digest, 32);
        for (size_t i = 0; i < before->window_count; i++) {
            const struct view_window *was = &before->window[i];
            const struct view_window *is = view_find_window(after, &was->root, &was->uid);
            if (is_settled(was)) {
                assert_non_null(is);
                assert_same(is, was);
            }
        }
        for (size_t i = 0; i < after->window_count; i++) {
            const struct view_window *is = &after->window[i];
            const struct view_window *was = view_find_window(before, &is->root, &is->uid);
            assert_true(was != NULL || !is_settled(is));
        }
        view_free(after);
    }
    view_free(before);
}

static void every_replica_comes_to_one_view(void **state)
{
    (void)state;
    const char *wanted = getenv("TOCSIN_HISTORIES"), *begin = getenv("TOCSIN_SEED");
    unsigned long histories = wanted != NULL ? strtoul(wanted, NULL, 10) : is_deep() ? DEEP : 2000;
    uint64_t seed = begin != NULL ? strtoull(begin, NULL, 10) : 20261123;
    static struct history history;
    print_message("%lu histories from seed %llu\n", histories, (unsigned long long)seed);
    for (unsigned long i = 0; i < histories; i++) {
        dice_state = seed + i;
        static const char *const dates[] = {"2027-01-05T00:00:00Z", "2027-02-10T10:00:30Z",
                                            "2027-03-16T00:00:00Z", "2027-06-01T00:00:00Z"};
        now = forge_instant(dates[below(4)]);
        live(&history);
        all_replicas_agree(&history);
        a_thief_changes_nothing(&history);
        for (size_t k = 0; k < history.count; k++) {
            record_free(history.record[k]);
        }
    }
    print_message(
        "met: rotated %zu, frozen %zu, contested %zu, cancelled %zu, alerted %zu, tentative "
        "%zu, confirmed %zu, expired %zu\n",
        met.rotated, met.frozen, met.contested, met.cancelled, met.alerted, met.tentative,
        met.confirmed, met.expired);
    if (histories >= 500) {
        assert_true(met.rotated > 0 && met.frozen > 0 && met.contested > 0 && met.cancelled > 0 &&
                    met.alerted > 0 && met.tentative > 0 && met.confirmed > 0 && met.expired > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_replica_comes_to_one_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
