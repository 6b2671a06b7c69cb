/* records_random.h -- random records as values, of every type and shape that the format allows. */
#ifndef RECORDS_RANDOM_H
#define RECORDS_RANDOM_H

#include <string.h>

#include "records/record.h"
#include "seed.h"

enum { RANDOM_LIST_MAX = 40, RANDOM_LETTERS = 65536 };

/* A record and all that it points into; big, so make it static. */
struct random_record {
    struct record record;
    struct record_id id[RANDOM_LIST_MAX];
    struct record_prose title[8], about[8];
    struct record_at at[RANDOM_LIST_MAX];
    struct record_on on[RANDOM_LIST_MAX];
    struct text text[RANDOM_LIST_MAX];
    struct record_key_id key_id[8];
    struct record_key key[3][8];
    struct record_extra extra[4];
    char letters[RANDOM_LETTERS];
    size_t used;
};

static inline void random_bytes(struct seed *seed, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)seed_next(seed);
    }
}

static inline struct text random_keep(struct random_record *r, const char *text, size_t len)
{
    char *at = r->letters + r->used;
    memcpy(at, text, len);
    r->used += len;
    return (struct text){at, len};
}

/* One to fifteen pieces, no space at either end. */
static inline struct text random_text(struct random_record *r, struct seed *seed, bool newlines)
{
    static const char *const pieces[] = {
        "a",
        "Z",
        "7",
        " ",
        ": ",
        "-",
        "\\\\",
        "\xC3\xA8",
        "\xE2\x98\xBD",
        "\xD7\x90",
        "\xF0\x9F\x95\xAF",
        "x-",
        "at: ",
        "tocsin",
        "@",
        ".",
        "%",
    };
    char text[256] = "";
    uint32_t count = 1 + seed_below(seed, 15);
    for (uint32_t i = 0; i < count; i++) {
        strcat(text, pieces[seed_below(seed, sizeof pieces / sizeof *pieces)]);
        if (newlines && seed_below(seed, 8) == 0) {
            strcat(text, "\\n");
        }
    }
    char *start = text + strspn(text, " ");
    size_t len = strlen(start);
    while (len > 0 && start[len - 1] == ' ') {
        len--;
    }
    return len > 0 ? random_keep(r, start, len) : random_keep(r, "o", 1);
}

static inline instant random_instant(struct seed *seed)
{
    /* 1972 to 2250; before, UTC is UT1 and not every nanosecond has an instant of its own */
    utc at = {
        (INT64_C(63072000) + (int64_t)(seed_next(seed) % (uint64_t)(UTC_LATEST_S - 63072000))) *
        NS_PER_S};
    uint32_t kind = seed_below(seed, 3);
    at.ns += kind == 0 ? 0 : kind == 1 ? seed_below(seed, 1000000000) : 500000000;
    return leap_from_utc(leap_builtin(), at, NULL);
}

static inline span random_duration(struct seed *seed)
{
    static const int64_t unit[] = {1, 60, 3600};
    uint32_t kind = seed_below(seed, 3);
    return (span){(1 + (int64_t)seed_below(seed, 720)) * unit[kind] * NS_PER_S};
}

static inline int random_compare_ids(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

static inline size_t random_ids(struct random_record *r, struct seed *seed, size_t least)
{
    size_t count = least + seed_below(seed, 5);
    random_bytes(seed, r->id[0].bytes, count * sizeof r->id[0]);
    qsort(r->id, count, sizeof r->id[0], random_compare_ids);
    return count;
}

static inline size_t random_prose(struct random_record *r, struct seed *seed,
                                  struct record_prose *out, bool newlines)
{
    static const char *const tags[] = {"", "de", "en", "en-gb", "gsw", "it", "zh-hant-tw"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (i == 0 || seed_below(seed, 3) == 0) {
            out[count++] = (struct record_prose){random_keep(r, tags[i], strlen(tags[i])),
                                                 random_text(r, seed, newlines)};
        }
    }
    return count;
}

static inline struct text random_url(struct random_record *r, struct seed *seed)
{
    static const char *const urls[] = {"https://example.org/a%20b?c=d#e",
                                       "http://[::1]:8080/",
                                       "mqtts://broker.example:8883",
                                       "ws://10.0.0.1",
                                       "wss://a_b.c/mqtt",
                                       "mqtt://localhost:1"};
    const char *url = urls[seed_below(seed, sizeof urls / sizeof *urls)];
    return random_keep(r, url, strlen(url));
}

static inline size_t random_keys(struct random_record *r, struct seed *seed, int list, size_t least,
                                 bool urls)
{
    size_t count = least + seed_below(seed, 4);
    for (size_t i = 0; i < count; i++) {
        struct record_key *key = &r->key[list][i];
        random_bytes(seed, key->public.id.bytes, sizeof key->public.id.bytes);
        random_bytes(seed, key->public.key, sizeof key->public.key);
        key->name = urls ? random_url(r, seed) : random_text(r, seed, false);
    }
    return count;
}

static inline struct text random_occurrence_key(struct random_record *r, size_t n)
{
    char key[17];
    int len = snprintf(key, sizeof key, n % 3 == 0 ? "%zu" : n % 3 == 1 ? "k-%zu" : "%zu-", n);
    return random_keep(r, key, (size_t)len);
}

static inline void random_occurrences(struct random_record *r, struct seed *seed,
                                      struct record_window *window)
{
    size_t count = 1 + seed_below(seed, 10), places = 1 + seed_below(seed, 3);
    window->wave = (enum record_wave)seed_below(seed, 4);
    window->wave_time =
        (struct civil_time){(int32_t)seed_below(seed, 24), (int32_t)seed_below(seed, 60),
                            seed_below(seed, 2) ? (int32_t)seed_below(seed, 60) : 0, 0};
    for (size_t i = 0; i < count; i++) {
        struct text key = random_occurrence_key(r, i);
        if (window->wave != WAVE_NONE) {
            int32_t day = (int32_t)seed_below(seed, 100000);
            r->on[window->on_count++] = (struct record_on){key, civil_from_day_number(day)};
        }
        if (window->wave == WAVE_NONE) {
            r->at[window->at_count++] = (struct record_at){key, random_instant(seed), {NULL, 0}};
        }
        for (size_t j = 0; window->wave == WAVE_PLACE && j < places; j++) {
            static const char *const names[] = {"Roma", "New York", "K\xC3\xB6ln"};
            r->at[window->at_count++] = (struct record_at){
                key, random_instant(seed), random_keep(r, names[j], strlen(names[j]))};
        }
        if (seed_below(seed, 5) == 0) {
            r->text[window->off_count++] = key;
        }
    }
    window->at = r->at;
    window->on = r->on;
    window->off = r->text;
}

static inline void random_window(struct random_record *r, struct seed *seed)
{
    struct record_window *window = &r->record.is.window;
    random_bytes(seed, window->root.bytes, sizeof window->root.bytes);
    random_bytes(seed, window->uid.bytes, sizeof window->uid.bytes);
    window->seq = seed_below(seed, 2) ? seed_below(seed, UINT32_C(1) << 31) : 0;
    window->prev_count = window->seq == 0 ? 0 : random_ids(r, seed, 1);
    window->prev = r->id;
    window->made = random_instant(seed);
    window->title_count = random_prose(r, seed, r->title, false);
    window->title = r->title;
    window->about_count = seed_below(seed, 2) ? random_prose(r, seed, r->about, true) : 0;
    window->about = r->about;
    window->gesture = random_text(r, seed, false);
    window->tone = (enum record_tone)seed_below(seed, 4);
    window->rule = random_text(r, seed, false);
    window->zones = seed_below(seed, 2) ? random_text(r, seed, false) : (struct text){NULL, 0};
    random_occurrences(r, seed, window);
    window->duration = window->wave == WAVE_DAY
                           ? (span){(1 + (int64_t)seed_below(seed, 30)) * NS_PER_DAY}
                           : random_duration(seed);
    window->has_rest = seed_below(seed, 2);
    window->rest = random_duration(seed);
    window->url = seed_below(seed, 2) ? random_url(r, seed) : (struct text){NULL, 0};
    window->beacon_count = seed_below(seed, 4);
    random_bytes(seed, r->key_id[0].bytes, sizeof r->key_id);
    window->beacon = r->key_id;
    window->expires = random_instant(seed);
}

static inline void random_root(struct random_record *r, struct seed *seed)
{
    struct record_root *root = &r->record.is.root;
    root->name = random_text(r, seed, false);
    root->version = seed_below(seed, 2) ? 1 : 1 + seed_below(seed, (UINT32_C(1) << 31) - 1);
    root->has_root = root->has_prev = root->version > 1;
    random_bytes(seed, root->root.bytes, sizeof root->root.bytes);
    random_bytes(seed, root->prev.bytes, sizeof root->prev.bytes);
    root->threshold = 1 + seed_below(seed, 5);
    root->organizer_count = random_keys(r, seed, 0, 1, false);
    root->organizer = r->key[0];
    root->beacon_count = random_keys(r, seed, 1, 0, false);
    root->beacon = r->key[1];
    root->feed_count = random_keys(r, seed, 2, 0, true);
    root->feed = r->key[2];
    root->broker_count = seed_below(seed, 4);
    for (size_t i = 0; i < root->broker_count; i++) {
        r->text[i] = random_url(r, seed);
    }
    root->broker = r->text;
    root->has_lock = seed_below(seed, 2);
    root->lock = random_duration(seed);
    root->keep_count = random_ids(r, seed, 0);
    root->keep = r->id;
    root->made = random_instant(seed);
    root->expires = random_instant(seed);
}

static inline void random_other(struct random_record *r, struct seed *seed)
{
    struct record_cancel *cancel = &r->record.is.cancel;
    struct record_revoke *revoke = &r->record.is.revoke;
    struct record_heartbeat *heartbeat = &r->record.is.heartbeat;
    size_t ids = random_ids(r, seed, 1);
    switch (r->record.type) {
    case RECORD_CANCEL:
        random_bytes(seed, cancel->root.bytes, sizeof cancel->root.bytes);
        random_bytes(seed, cancel->uid.bytes, sizeof cancel->uid.bytes);
        cancel->seq = 1 + seed_below(seed, 100);
        cancel->prev = r->id;
        cancel->prev_count = ids;
        cancel->made = random_instant(seed);
        cancel->reason = random_text(r, seed, false);
        break;
    case RECORD_REVOKE:
        random_bytes(seed, revoke->root.bytes, sizeof revoke->root.bytes);
        random_keys(r, seed, 0, 1, false);
        revoke->key = r->key[0][0].public;
        revoke->made = random_instant(seed);
        revoke->keep = r->id;
        revoke->keep_count = ids;
        break;
    case RECORD_HEARTBEAT:
        random_bytes(seed, heartbeat->root.bytes, sizeof heartbeat->root.bytes);
        random_bytes(seed, heartbeat->by.bytes, sizeof heartbeat->by.bytes);
        heartbeat->made = random_instant(seed);
        heartbeat->next = random_instant(seed);
        heartbeat->count = seed_below(seed, UINT32_C(1) << 31);
        random_bytes(seed, heartbeat->digest, sizeof heartbeat->digest);
        heartbeat->holds = r->id;
        heartbeat->holds_count = ids;
        break;
    case RECORD_ROOT:
    case RECORD_WINDOW:
        break;
    }
}

static inline void random_record(struct random_record *r, struct seed *seed)
{
    memset(r, 0, sizeof *r);
    r->record.type = (enum record_type)seed_below(seed, RECORD_TYPES);
    if (r->record.type == RECORD_WINDOW) {
        random_window(r, seed);
    } else if (r->record.type == RECORD_ROOT) {
        random_root(r, seed);
    } else {
        random_other(r, seed);
    }
    static const char *const keys[] = {"x-a", "x-a-b", "x-a.b", "x-zz9"};
    for (size_t i = 0; i < 4; i++) {
        if (seed_below(seed, 4) == 0) {
            r->extra[r->record.extra_count++] = (struct record_extra){
                random_keep(r, keys[i], strlen(keys[i])), random_text(r, seed, false)};
        }
    }
    r->record.extra = r->extra;
}

#endif
