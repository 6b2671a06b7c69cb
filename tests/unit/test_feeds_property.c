/* links: records trust */
/* Random histories, held in part by random stores, united in random orders: SEQUENCE and
 * LAST-MODIFIED never fall by a union, where an event differs its SEQUENCE has risen, and what
 * stands in a feed stays there, if only to say that it is gone.
 * TOCSIN_SEED says where to begin. */
#include "forge.h"
#include "seed.h"

#include "feeds/feed.h"

enum { RECORDS_MAX = 24, KEYS = 4, HISTORIES = 400, EVENTS_MAX = 128, UID_SIZE = 120 };

struct history {
    struct record *record[RECORDS_MAX];
    bool is_signed[RECORDS_MAX][KEYS];
    size_t count;
};

/* What one store holds of a history: for each record the keys whose signatures it has. */
struct held {
    bool has[RECORDS_MAX][KEYS];
};

static const char *const stamps[] = {"a 2027-01-10T10:00:00Z", "a 2027-02-10T10:00:00Z",
                                     "b 2027-03-10T10:00:00Z", "b 2027-04-10T10:00:00Z"};
static const char *const dates[] = {"2026-11-02T00:00:00Z", "2026-11-05T00:00:00Z",
                                    "2026-11-09T00:00:00Z", "2199-01-01T00:00:00Z"};

static const struct record *any(struct seed *seed, const struct history *history,
                                enum record_type type)
{
    for (int attempt = 0; attempt < 12; attempt++) {
        const struct record *record = history->record[seed_below(seed, (uint32_t)history->count)];
        if (record->type == type) {
            return record;
        }
    }
    return NULL;
}

static void keep(struct seed *seed, struct history *history, struct record *record)
{
    for (size_t i = 0; i < history->count; i++) {
        if (record_id_equal(&history->record[i]->id, &record->id)) {
            record_free(record);
            return;
        }
    }
    for (unsigned key = 0; key < KEYS; key++) {
        history->is_signed[history->count][key] = seed_below(seed, 10) < 6;
    }
    history->record[history->count++] = record;
}

static struct record *a_window(struct seed *seed, const struct history *history)
{
    const struct record *before =
        seed_below(seed, 3) != 0 ? any(seed, history, RECORD_WINDOW) : NULL;
    struct forge_window of = {.root = history->record[0], .uid = 1 + seed_below(seed, 3)};
    if (before != NULL) {
        of.uid = before->is.window.uid.bytes[3];
        of.seq = before->is.window.seq + 1;
        of.prev[0] = before;
    }
    of.at[0] = stamps[seed_below(seed, 2)];
    of.at[1] = seed_below(seed, 3) != 0 ? stamps[2 + seed_below(seed, 2)] : NULL;
    of.off[0] = seed_below(seed, 4) == 0 ? "a" : NULL;
    of.gesture = seed_below(seed, 3) == 0 ? "noise" : "silence";
    of.rest_s = seed_below(seed, 2) * INT64_C(3600);
    of.title = seed_below(seed, 2) == 0 ? "One" : "Two";
    of.made = dates[seed_below(seed, 4)];
    return forge_make_window(of);
}

static void live(struct seed *seed, struct history *history)
{
    *history = (struct history){0};
    keep(seed, history,
         forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3, 4}}));
    memset(history->is_signed[0], true, sizeof history->is_signed[0]);
    uint32_t acts = 4 + seed_below(seed, RECORDS_MAX - 6);
    for (uint32_t i = 0; i < acts; i++) {
        uint32_t roll = seed_below(seed, 20);
        const struct record *window = any(seed, history, RECORD_WINDOW);
        if (roll < 14 || window == NULL) {
            keep(seed, history, a_window(seed, history));
        } else if (roll < 17) {
            keep(seed, history, forge_make_cancel(window, "rain"));
        } else if (roll < 18) {
            keep(seed, history,
                 forge_make_revoke(history->record[0], 1 + seed_below(seed, 4), NULL, 0));
        } else {
            keep(seed, history,
                 forge_make_root((struct forge_root){
                     .prev = any(seed, history, RECORD_ROOT) != NULL
                                 ? any(seed, history, RECORD_ROOT)
                                 : history->record[0],
                     .threshold = 2,
                     .organizer = {1, 2, 3, 4},
                     .expires = seed_below(seed, 2) == 0 ? "2027-02-20T00:00:00Z" : NULL,
                     .name = seed_below(seed, 2) == 0 ? "Bell" : "Gong"}));
        }
    }
}

static void hold_some(struct seed *seed, const struct history *history, struct held *out)
{
    *out = (struct held){0};
    for (size_t i = 0; i < history->count; i++) {
        bool is_here = i == 0 || seed_below(seed, 4) != 0;
        for (unsigned key = 0; key < KEYS; key++) {
            out->has[i][key] =
                is_here && history->is_signed[i][key] && (i == 0 || seed_below(seed, 5) != 0);
        }
    }
}

static struct held united(const struct held *a, const struct held *b)
{
    struct held out = {{{0}}};
    for (size_t i = 0; i < RECORDS_MAX; i++) {
        for (unsigned key = 0; key < KEYS; key++) {
            out.has[i][key] = a->has[i][key] || b->has[i][key];
        }
    }
    return out;
}

/* The feeds that a store makes, as one text: what is in force, of all and of each gesture, and what
 * is not yet.  The entries come in a random order, a record's signatures now together and now each
 * alone. */
static const struct {
    struct text gesture;
    bool is_tentative;
} feeds[] = {{{"", 0}, false}, {{"", 0}, true}, {{"noise", 5}, false}, {{"silence", 7}, false}};
enum { FEEDS = sizeof feeds / sizeof *feeds };

static char *feeds_of(struct seed *seed, const struct history *history, const struct held *held)
{
    static struct record_public_key signer[RECORDS_MAX][KEYS];
    struct view_entry entry[RECORDS_MAX * (KEYS + 1)];
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        size_t signers = 0;
        for (unsigned key = 0; key < KEYS; key++) {
            if (held->has[i][key]) {
                signer[i][signers++] = forge_public(key + 1);
            }
        }
        bool is_whole = seed_below(seed, 2) == 0;
        for (size_t k = 0; signers > 0 && k < (is_whole ? 1 : signers); k++) {
            entry[count++] = (struct view_entry){.record = history->record[i],
                                                 .signer = &signer[i][k],
                                                 .signer_count = is_whole ? signers : 1};
        }
    }
    for (size_t i = count; i > 1; i--) {
        size_t k = seed_below(seed, (uint32_t)i);
        struct view_entry other = entry[i - 1];
        entry[i - 1] = entry[k];
        entry[k] = other;
    }
    instant now = forge_instant("2026-11-23T09:30:00Z");
    struct view_anchor anchor = {history->record[0]};
    struct view *view;
    assert_true(view_build(entry, count, &anchor, 1, now, &view));
    struct feed_source source = {
        .view = view,
        .entry = entry,
        .entry_count = count,
        .leap = leap_builtin(),
        .horizon = feed_horizon_at(leap_builtin(), leap_to_utc(leap_builtin(), now, NULL)),
        .now = now,
    };
    struct feed_book *book = feed_book_new(&source);
    assert_non_null(book);
    char *text = test_calloc(1, 1);
    for (size_t i = 0; i < FEEDS; i++) {
        struct feed_request request = {.root = &view->root[0],
                                       .language = "",
                                       .gesture = feeds[i].gesture,
                                       .is_tentative = feeds[i].is_tentative};
        struct feed_list list;
        char error[FEED_ERROR_SIZE];
        assert_int_equal(feed_write(book, &request, &list, error), FEED_OK);
        assert_int_equal(list.count, 1);
        text = test_realloc(text, strlen(text) + list.feed[0].size + 1);
        strcat(text, (const char *)list.feed[0].bytes);
        feed_list_free(&list);
    }
    feed_book_free(book);
    view_free(view);
    return text;
}

struct event {
    int feed; /* of the text's, from 1 on */
    char uid[UID_SIZE];
    long sequence;
    char changed[20];
    const char *text;
    size_t size;
};

static size_t events_of(const char *feed, struct event *out)
{
    size_t count = 0;
    for (const char *at = feed; (at = strstr(at, "BEGIN:VEVENT")) != NULL; count++) {
        const char *end = strstr(at, "END:VEVENT");
        assert_true(count < EVENTS_MAX && end != NULL);
        struct event *event = &out[count];
        event->feed = 0;
        for (const char *of = feed; of != NULL && of < at; event->feed++) {
            of = strstr(of + 1, "BEGIN:VCALENDAR");
        }
        event->text = at;
        event->size = (size_t)(end - at);
        assert_int_equal(sscanf(strstr(at, "\nUID:"), "\nUID:%119s", event->uid), 1);
        assert_int_equal(sscanf(strstr(at, "\nSEQUENCE:"), "\nSEQUENCE:%ld", &event->sequence), 1);
        assert_int_equal(
            sscanf(strstr(at, "\nLAST-MODIFIED:"), "\nLAST-MODIFIED:%19s", event->changed), 1);
        at = end;
    }
    return count;
}

/* What holds of every event that two stores show, where one of them holds all that the other
 * does. */
static size_t compare(const char *less, const char *more, bool must_stay)
{
    static struct event before[EVENTS_MAX];
    static struct event after[EVENTS_MAX];
    size_t before_count = events_of(less, before);
    size_t after_count = events_of(more, after);
    size_t differing = 0;
    for (size_t i = 0; i < before_count; i++) {
        /* an amendment known before what it amends is a proposal no more once that is known */
        bool is_there = feeds[before[i].feed - 1].is_tentative ||
                        strncmp(before[i].uid, "nothing.", 8) == 0 ||
                        memmem(before[i].text, before[i].size, "CANCELLED", 9) != NULL;
        for (size_t k = 0; k < after_count; k++) {
            if (before[i].feed != after[k].feed || strcmp(before[i].uid, after[k].uid) != 0) {
                continue;
            }
            is_there = true;
            bool same = before[i].size == after[k].size &&
                        memcmp(before[i].text, after[k].text, before[i].size) == 0;
            differing += !same;
            if (after[k].sequence < before[i].sequence ||
                strcmp(after[k].changed, before[i].changed) < 0 ||
                (!same && after[k].sequence == before[i].sequence)) {
                print_error("before\n%.*s\nafter\n%.*s\n", (int)before[i].size, before[i].text,
                            (int)after[k].size, after[k].text);
                fail();
            }
        }
        if (must_stay && !is_there) {
            print_error("in feed %d no longer\n%.*s\nof\n%s\nbut\n%s\n", before[i].feed,
                        (int)before[i].size, before[i].text, less, more);
            fail();
        }
    }
    return differing;
}

/* Whether no signature ever loses its weight. */
static bool keys_stay(const struct history *history)
{
    for (size_t i = 1; i < history->count; i++) {
        if (history->record[i]->type == RECORD_REVOKE) {
            return false;
        }
    }
    return true;
}

static void neither_falls_when_stores_are_united(void **state)
{
    (void)state;
    struct seed seed = seed_take("feeds");
    size_t differing = 0;
    for (int round = 0; round < HISTORIES; round++) {
        struct history history;
        live(&seed, &history);
        struct held one;
        struct held two;
        hold_some(&seed, &history, &one);
        hold_some(&seed, &history, &two);
        struct held both = united(&one, &two);
        char *of_one = feeds_of(&seed, &history, &one);
        char *of_two = feeds_of(&seed, &history, &two);
        char *of_both = feeds_of(&seed, &history, &both);
        char *again = feeds_of(&seed, &history, &both);
        assert_string_equal(of_both, again);
        bool must_stay = keys_stay(&history);
        differing += compare(of_one, of_both, must_stay) + compare(of_two, of_both, must_stay);
        test_free(of_one);
        test_free(of_two);
        test_free(of_both);
        test_free(again);
        for (size_t i = 0; i < history.count; i++) {
            record_free(history.record[i]);
        }
    }
    assert_true(differing > HISTORIES / 4); /* unions change what is shown */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_falls_when_stores_are_united),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
