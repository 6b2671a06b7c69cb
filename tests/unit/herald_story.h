/* herald_story.h -- the beacon's mind in a pretend world: real records, real ticks, and a
 * timeline. */
#ifndef UNIT_HERALD_STORY_H
#define UNIT_HERALD_STORY_H

#include "constellation.h"

#include "herald/herald.h"

struct story {
    struct constellation constellation;
    struct trust_secret *secret;
    struct record_public_key key;
    struct herald herald;
    utc now;
    char told[65536];
    size_t told_len;
    utc zero; /* T-0: the timeline is relative to it */
    struct tick last[HERALD_LINKS_MAX];
    int ticks[HERALD_LINKS_MAX];
    int view_requests;
    int64_t set_ns;         /* how far the clock has been set since it began */
    bool is_unsynchronised; /* nobody vouches for this host's clock */
    uint32_t last_expiry_s;
};

static inline void tell(struct story *story, const char *line)
{
    if (line[0] != '\0') {
        story->told_len += (size_t)snprintf(
            story->told + story->told_len, sizeof story->told - story->told_len,
            "[%8.1fs] beacon > %s\n", (double)(story->now.ns - story->zero.ns) / 1e9, line);
        assert_true(story->told_len < sizeof story->told);
    }
}

static inline void story_open(struct story *story, const char *now, const char *zero)
{
    memset(story, 0, sizeof *story);
    static const uint8_t seed[32] = {7}, id[8] = {0xbe, 0xac, 0x07};
    story->secret = trust_secret_new(seed, id);
    trust_secret_public(story->secret, &story->key);
    char base64[RECORD_PUBLIC_KEY_TEXT_SIZE], beacon[200];
    record_public_key_write(&story->key, base64);
    snprintf(beacon, sizeof beacon, "beacon: %s lighthouse\n", base64);
    constellation_init(&story->constellation, "Bologna", beacon);
    herald_init(&story->herald, &story->constellation.record[0]->id, story->secret, leap_builtin(),
                CADENCE_LIVELY);
    story->now = at_utc(now);
    story->zero = at_utc(zero);
}

static inline void story_close(struct story *story)
{
    constellation_free(&story->constellation);
    trust_secret_free(story->secret);
}

/* A minute of silence; `lines` follow the rule, before `for`. */
static inline const struct record *declare(struct story *story, char uid, const char *lines,
                                           size_t signers)
{
    char text[CONSTELLATION_TEXT_MAX];
    char uid_text[33];
    memset(uid_text, uid, 32);
    uid_text[32] = '\0';
    int len = snprintf(text, sizeof text,
                       "tocsin window 1\nroot: %s\nuid: %s\nseq: 0\nmade: 2026-11-01T00:00:00Z\n"
                       "title: A minute\ngesture: silence\ntone: mourning\nrule: once\n%s",
                       story->constellation.root_id, uid_text, lines);
    assert_true(len > 0 && (size_t)len < sizeof text);
    return constellation_add(&story->constellation, text, signers);
}

static inline struct herald_clocks clocks_of(const struct story *story)
{
    if (story->is_unsynchronised) {
        return (struct herald_clocks){.utc = story->now, .mono = {story->now.ns - story->set_ns}};
    }
    return (struct herald_clocks){.utc = story->now,
                                  .mono = {story->now.ns - story->set_ns},
                                  .has_error = true,
                                  .error_ns = 500000,
                                  .has_tai = true,
                                  .tai_minus_utc_s = 37};
}

static inline void tell_news(struct story *story, const struct herald_news *news)
{
    char line[HERALD_LINE_SIZE];
    herald_news_write(news, line);
    tell(story, line);
}

/* Does what an update says, as the daemon does; every tick is verified and checked for its place in
 * the session. */
static inline void act(struct story *story, const struct herald_update *update)
{
    tell_news(story, &update->news);
    story->view_requests += update->wants_view;
    for (size_t link = 0; link < HERALD_LINKS_MAX; link++) {
        if ((update->send >> link & 1) == 0) {
            continue;
        }
        struct herald_update stamped;
        herald_step(
            &story->herald,
            &(struct herald_event){.kind = HERALD_STAMP, .clocks = clocks_of(story), .link = link},
            &stamped);
        tell_news(story, &stamped.news);
        struct tick tick;
        if (story->ticks[link] % 10 == 0) { /* verifying is most of this test's time */
            size_t signer;
            assert_int_equal(
                tick_verify(stamped.tick, stamped.tick_size, &story->key, 1, &tick, &signer),
                TICK_OK);
        }
        struct record_key_id kid;
        const uint8_t *payload;
        size_t payload_size;
        assert_int_equal(
            tick_read(stamped.tick, stamped.tick_size, &tick, &kid, &payload, &payload_size),
            TICK_OK);
        assert_true(tick.time.ns == story->now.ns);
        assert_memory_equal(tick.session, story->herald.link[link].id, 8);
        if (tick.counter > 0) {
            assert_int_equal(tick.counter, story->last[link].counter + 1);
        }
        story->last[link] = tick;
        story->ticks[link]++;
        story->last_expiry_s = stamped.expiry_s;
    }
}

static inline void tell_view(struct story *story)
{
    char now[STAMP_TEXT_SIZE];
    stamp_write(story->now, now);
    struct view *view = constellation_view(&story->constellation, now);
    struct herald_update update;
    herald_step(
        &story->herald,
        &(struct herald_event){.kind = HERALD_VIEW, .clocks = clocks_of(story), .view = view},
        &update);
    act(story, &update);
    view_free(view);
}

static inline void link_up(struct story *story, size_t link, uint8_t number)
{
    struct herald_event event = {
        .kind = HERALD_LINK_UP, .clocks = clocks_of(story), .link = link, .session = {number}};
    struct herald_update update;
    herald_step(&story->herald, &event, &update);
    act(story, &update);
}

static inline void link_down(struct story *story, size_t link)
{
    struct herald_update update;
    herald_step(
        &story->herald,
        &(struct herald_event){.kind = HERALD_LINK_DOWN, .clocks = clocks_of(story), .link = link},
        &update);
    act(story, &update);
}

/* Lives until then, sleeping exactly as long as the herald asks for. */
static inline void live_until(struct story *story, double seconds)
{
    utc end = {story->zero.ns + (int64_t)(seconds * 1e9)};
    for (;;) {
        struct herald_update update;
        herald_step(&story->herald,
                    &(struct herald_event){.kind = HERALD_WAKE, .clocks = clocks_of(story)},
                    &update);
        act(story, &update);
        assert_true(update.wake.ns >= NS_PER_MS && update.wake.ns <= 5 * NS_PER_S);
        if (story->now.ns + update.wake.ns > end.ns) {
            story->now = end;
            return;
        }
        story->now.ns += update.wake.ns;
    }
}

static inline void assert_told(struct story *story, const char *expected)
{
    assert_string_equal(story->told, expected);
    story->told_len = 0;
    story->told[0] = '\0';
}

/* By its key's phase the beacon of these stories ticks 198 ms after the whole periods. */
static const char silence_at_noon[] =
    "at: 2026 2026-11-23T12:00:00Z\nfor: 1m\nexpires: 2027-01-01T00:00:00Z\n";

#endif
