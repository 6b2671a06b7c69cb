/* listener_world.h -- a simulated world of one listener for stories: true time, its clocks, its
 * records, a fire thread, and beacons that speak when told.  What happens is written down as a
 * timeline. */
#ifndef LISTENER_WORLD_H
#define LISTENER_WORLD_H

#include <stdarg.h>
#include <unistd.h>

#include "constellation.h"
#include "listener/listener.h"
#include "ticks/answer.h"

enum { WORLD_BEACONS = 4 };

/* A world of one listener: true time, its clocks, its records, and beacons that speak when told.
 * What it does is written down as a timeline relative to T-0. */
static struct listener_world {
    struct constellation constellation;
    struct listener listener;
    _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE];
    struct listener_update update;
    struct trust_secret *secret[WORLD_BEACONS]; /* the beacons' */
    uint8_t session[WORLD_BEACONS];
    uint32_t answered;
    uint8_t answered_previous[TICK_PREVIOUS_SIZE];
    uint8_t nonce[WORLD_BEACONS][TICK_NONCE_SIZE]; /* the last question to each */
    unsigned asks[WORLD_BEACONS];
    char asked[4096]; /* all of them: when, whom, over which link */
    uint32_t counter[WORLD_BEACONS];
    uint8_t previous[WORLD_BEACONS][TICK_PREVIOUS_SIZE];
    utc t0, now;
    int64_t host_off_ns;
    int64_t received_off_ns; /* of the next answers: a lie about when the question came */
    bool is_synchronised, is_disk_slow;
    char marks[4096]; /* that were asked for: when, and what they promise */
    span slept;
    uint64_t released[16]; /* what the fire thread has let go */
    size_t released_count;
    char window[2048];
    char timeline[16384];
} world;

static size_t world_beacons = 3; /* that the root names */
static const char *world_name[WORLD_BEACONS] = {"lamp", "lamp", "lamp", "lamp"};
static bool hears_again; /* the same records at each step in time */

static const char UID[] = "00112233445566778899aabbccddeeff";

static void write_down(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void write_down(const char *format, ...)
{
    size_t used = strlen(world.timeline);
    double left = (double)(world.now.ns - world.t0.ns) / 1e9;
    left = left > -0.05 && left < 0 ? 0 : left;
    used +=
        (size_t)snprintf(world.timeline + used, sizeof world.timeline - used, "[%8.1fs] ", left);
    va_list arguments;
    va_start(arguments, format);
    used +=
        (size_t)vsnprintf(world.timeline + used, sizeof world.timeline - used, format, arguments);
    va_end(arguments);
    snprintf(world.timeline + used, sizeof world.timeline - used, "\n");
}

static struct discipline_clocks clocks(void)
{
    return (struct discipline_clocks){
        .now = {world.now.ns - world.t0.ns + 100000 * NS_PER_S},
        .raw = {world.now.ns - world.t0.ns + 200000 * NS_PER_S},
        .host = {world.now.ns + world.host_off_ns},
        .is_synchronised = world.is_synchronised,
        .bound = {5 * NS_PER_MS},
        .slept = world.slept,
    };
}

static void step(struct listener_event event);

static void follow(void)
{
    struct listener_update update = world.update; /* steps overwrite it */
    for (size_t i = 0; i < update.news_count; i++) {
        char text[LISTENER_NEWS_SIZE];
        listener_news_write(&update.news[i], text);
        write_down("%s", text);
    }
    if (update.has_ask) {
        size_t beacon = (size_t)(update.ask_beacon.bytes[0] - 1), used = strlen(world.asked);
        snprintf(world.asked + used, sizeof world.asked - used, "%.2f:%zu/%zu ",
                 (double)(world.now.ns - world.t0.ns) / 1e9, beacon + 1, update.ask_link);
        if (beacon < WORLD_BEACONS) {
            memcpy(world.nonce[beacon], update.ask_nonce, TICK_NONCE_SIZE);
            world.asks[beacon]++;
        }
    }
    if (update.has_proof) {
        write_down("keeps a proof of %zu and %zu bytes", update.proof_size[0],
                   update.proof_size[1]);
        for (size_t i = 0; i < 2; i++) {
            struct tick tick;
            size_t signer;
            const struct record_public_key *key =
                &world.listener.beacon[update.proof_beacon.bytes[0] - 1].key;
            assert_int_equal(
                tick_verify(update.proof[i], update.proof_size[i], key, 1, &tick, &signer),
                TICK_OK);
        }
    }
    for (size_t i = 0; i < update.mark_count; i++) {
        const struct listener_mark *mark = &update.mark[i];
        assert_int_equal(update.mark_id[i] == 0, mark->kind == MARK_FIRED);
        size_t used = strlen(world.marks);
        double now = (double)(world.now.ns - world.t0.ns) / 1e9;
        if (mark->kind == MARK_FIRING) {
            snprintf(world.marks + used, sizeof world.marks - used, "%.3f:firing from %.3f\n", now,
                     (double)mark->not_before.ns / 1e9 - 100000);
        } else {
            snprintf(world.marks + used, sizeof world.marks - used, "%.3f:%s for %.3f\n", now,
                     mark->kind == MARK_ARMED ? "armed" : "fired",
                     (double)(mark->start.ns - world.t0.ns) / 1e9);
        }
    }
    for (size_t i = 0; i < update.mark_count && !world.is_disk_slow; i++) {
        if (update.mark_id[i] != 0) {
            step((struct listener_event){.kind = LISTENER_MARKED, .id = update.mark_id[i]});
        }
    }
}

static void step(struct listener_event event)
{
    event.clocks = clocks();
    listener_step(&world.listener, &event, &world.update);
    follow();
}

static bool was_released(uint64_t id)
{
    for (size_t i = 0; i < world.released_count; i++) {
        if (world.released[i] == id) {
            return true;
        }
    }
    return false;
}

/* The fire thread: lets go what is due, once. */
static bool fire_due(void)
{
    mono now = clocks().now;
    for (size_t i = 0; i < world.update.shot_count; i++) {
        struct listener_shot shot = world.update.shot[i];
        if (!shot.is_held && shot.target.ns <= now.ns && !was_released(shot.id)) {
            world.released[world.released_count++] = shot.id;
            write_down("GO");
            step((struct listener_event){.kind = LISTENER_FIRED, .id = shot.id, .released = now});
            return true;
        }
    }
    return false;
}

static inline void hear_records(void)
{
    struct view *view;
    assert_true(view_build(world.constellation.entry, world.constellation.count,
                           &world.constellation.anchor, 1,
                           leap_from_utc(leap_builtin(), world.now, NULL), &view));
    step((struct listener_event){.kind = LISTENER_RECORDS, .view = view});
    view_free(view);
}

/* Every root is taken from it. */
static inline void hear_of_no_root(void)
{
    struct view *view;
    assert_true(
        view_build(NULL, 0, NULL, 0, leap_from_utc(leap_builtin(), world.now, NULL), &view));
    step((struct listener_event){.kind = LISTENER_RECORDS, .view = view});
    view_free(view);
}

static inline void link_up(size_t link)
{
    step((struct listener_event){.kind = LISTENER_LINK, .link = link, .is_up = true});
}

/* Lives until `left` seconds relative to T-0, at each wake and each shot. */
static inline void live_until(double left)
{
    utc end = {world.t0.ns + (int64_t)(left * 1e9)};
    while (world.now.ns < end.ns) {
        int64_t next = world.update.wake.ns - clocks().now.ns;
        for (size_t i = 0; i < world.update.shot_count; i++) {
            int64_t due = world.update.shot[i].target.ns - clocks().now.ns;
            if (!world.update.shot[i].is_held && !was_released(world.update.shot[i].id) &&
                due < next) {
                next = due;
            }
        }
        next = next < 1 ? 1 : next;
        next = world.now.ns + next > end.ns ? end.ns - world.now.ns : next;
        world.now.ns += next;
        if (hears_again) {
            hear_records();
        } else {
            step((struct listener_event){.kind = LISTENER_CLOCKS});
        }
        while (fire_due()) {
        }
    }
}

static inline void declare(const char *start, int seq, const char *prev, const char *duration)
{
    snprintf(world.window, sizeof world.window,
             "tocsin window 1\nroot: %s\nuid: %s\nseq: %d\n%smade: 2027-01-01T00:00:00Z\ntitle: "
             "The minute\n"
             "gesture: silence\ntone: vigil\nrule: %s for %s\nat: one %s\nfor: %s\nexpires: "
             "2028-01-01T00:00:00Z\n",
             world.constellation.root_id, UID, seq, prev, start, duration, start, duration);
    constellation_add(&world.constellation, world.window, 2);
}

/* It hears of the minute at T-0. */
static inline void hear_of_the_minute(void)
{
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    hear_records();
}

static inline void amend(const char *start)
{
    char id[RECORD_ID_TEXT_SIZE], prev[128];
    record_id_write(&world.constellation.record[world.constellation.count - 1]->id, id);
    snprintf(prev, sizeof prev, "prev: %s\n", id);
    declare(start, (int)world.constellation.count - 1, prev, "1m");
    hear_records();
}

static void begin_world(double left, bool is_synchronised, const struct listener_mark *mark)
{
    memset(&world, 0, sizeof world);
    world.t0 = at_utc("2027-08-02T08:25:00Z");
    world.now.ns = world.t0.ns + (int64_t)(left * 1e9);
    world.is_synchronised = is_synchronised;
    char beacons[512] = "";
    for (uint8_t i = 0; i < WORLD_BEACONS; i++) {
        uint8_t seed[32] = {(uint8_t)(i + 1)}, id[8] = {(uint8_t)(i + 1)};
        world.secret[i] = trust_secret_new(seed, id);
        assert_non_null(world.secret[i]);
        struct record_public_key key;
        char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
        trust_secret_public(world.secret[i], &key);
        record_public_key_write(&key, text);
        if (i < world_beacons) {
            snprintf(beacons + strlen(beacons), sizeof beacons - strlen(beacons), "beacon: %s %s\n",
                     text, world_name[i]);
        }
    }
    constellation_init(&world.constellation, "Test", beacons);
    struct listener_options options = {.leap = *leap_builtin(), .boot = {{1}}, .nonce_seed = {42}};
    struct listener_room room = listener_room_for_all(world.block);
    listener_init(&world.listener, &room, &options, mark, mark != NULL, NULL, 0);
}

/* The listener begins again, with places for no more than these. */
static inline void begin_in_room(uint8_t *block, size_t occurrences, size_t beacons, size_t marks,
                                 const struct listener_mark *mark)
{
    static struct listener_occurrence gathered[4];
    struct listener_room room = listener_room_in(block, occurrences, beacons, marks);
    room.gathered = gathered + 4 - occurrences; /* behind them stands nothing */
    struct listener_options options = world.listener.options;
    listener_init(&world.listener, &room, &options, mark, mark != NULL, NULL, 0);
}

static void end_world(void)
{
    world_beacons = 3;
    for (size_t i = 0; i < WORLD_BEACONS; i++) {
        trust_secret_free(world.secret[i]);
    }
    constellation_free(&world.constellation);
}

static struct tick tick_of(size_t beacon)
{
    struct tick tick = {
        .counter = world.counter[beacon],
        .time = {world.now.ns - 150 * NS_PER_US}, /* half of both round trips ago */
        .has_error = true,
        .error_ns = NS_PER_MS,
        .has_previous = world.counter[beacon] > 0,
        .next_ms = 1000,
    };
    memcpy(tick.root, world.constellation.record[0]->id.bytes, sizeof tick.root);
    tick.session[0] = (uint8_t)(beacon + 1);
    tick.session[1] = world.session[beacon];
    memcpy(tick.previous, world.previous[beacon], sizeof tick.previous);
    return tick;
}

static inline void deliver_at(mono_raw arrived, size_t link, const uint8_t *bytes, size_t size)
{
    step((struct listener_event){
        .kind = LISTENER_TICK, .link = link, .bytes = bytes, .size = size, .arrived = arrived});
}

static inline void deliver_over(size_t link, const uint8_t *bytes, size_t size)
{
    deliver_at(clocks().raw, link, bytes, size);
}

static void deliver(const uint8_t *bytes, size_t size, bool is_retained)
{
    step((struct listener_event){.kind = LISTENER_TICK,
                                 .bytes = bytes,
                                 .size = size,
                                 .is_retained = is_retained,
                                 .arrived = clocks().raw});
}

static inline const struct discipline_estimate *believed(void)
{
    return listener_estimate(&world.listener, NULL);
}

static size_t sign_tick(size_t beacon, const struct tick *tick, uint8_t out[static TICK_SIZE_MAX])
{
    return tick_write(tick, world.secret[beacon], out);
}

/* An honest tick whose clock is off by off_ns. */
static inline void hear(size_t beacon, int64_t off_ns)
{
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(beacon);
    tick.time.ns += off_ns;
    size_t size = sign_tick(beacon, &tick, bytes);
    tick_hash(bytes, size, world.previous[beacon]);
    world.counter[beacon]++;
    deliver(bytes, size, false);
}

/* Two ticks of one number, or (follows) a second that does not follow the first. */
static inline void sign_a_lie(size_t beacon, bool follows, uint8_t out[static 2][TICK_SIZE_MAX],
                              size_t size[static 2])
{
    struct tick tick = tick_of(beacon);
    size[0] = sign_tick(beacon, &tick, out[0]);
    tick.time.ns += 5;
    tick.counter += follows;
    tick.has_previous = follows;
    size[1] = sign_tick(beacon, &tick, out[1]);
}

static inline void find_proof(uint8_t tick[static 2][TICK_SIZE_MAX], const size_t size[static 2])
{
    step((struct listener_event){.kind = LISTENER_PROOF,
                                 .bytes = tick[0],
                                 .size = size[0],
                                 .second = tick[1],
                                 .second_size = size[1],
                                 .where = "a drawer"});
}

/* The answers of one tick to so many questions, received and answered just now by a clock that is
 * off by off_ns; and how many bytes each. */
static void sign_answers(size_t beacon, int64_t off_ns, size_t count,
                         uint8_t nonce[][TICK_NONCE_SIZE], uint8_t out[][TICK_ANSWER_SIZE_MAX],
                         size_t size[])
{
    static struct tick_tree tree; /* a megabyte */
    struct tick tick = tick_of(beacon);
    tick.time.ns += off_ns;
    tick.session[1] = 100;
    tick.counter = world.answered;
    tick.has_previous = world.answered > 0;
    memcpy(tick.previous, world.answered_previous, sizeof tick.previous);
    tick.next_ms = 0;
    tick.has_echo = true;
    struct tick_question question[4];
    assert_true(count <= 4);
    for (size_t i = 0; i < count; i++) {
        question[i].received.ns = tick.time.ns + world.received_off_ns;
        memcpy(question[i].nonce, nonce[i], sizeof question[i].nonce);
    }
    tick_tree_build(&tree, question, count);
    memcpy(tick.echo, tick_tree_root(&tree), sizeof tick.echo);
    uint8_t bytes[TICK_SIZE_MAX];
    size_t tick_size = sign_tick(beacon, &tick, bytes);
    tick_hash(bytes, tick_size, world.answered_previous);
    world.answered++;
    for (size_t i = 0; i < count; i++) {
        size[i] = tick_answer_write(&tree, i, &question[i], bytes, tick_size, out[i]);
    }
}

/* The answer to the last question. */
static size_t sign_answer(size_t beacon, int64_t off_ns, uint8_t out[static TICK_ANSWER_SIZE_MAX])
{
    uint8_t one[1][TICK_ANSWER_SIZE_MAX];
    size_t size;
    sign_answers(beacon, off_ns, 1, &world.nonce[beacon], one, &size);
    memcpy(out, one[0], size);
    return size;
}

static void deliver_answer(size_t beacon, const uint8_t *bytes, size_t size)
{
    struct listener_event event = {.kind = LISTENER_ANSWER,
                                   .bytes = bytes,
                                   .size = size,
                                   .root = world.constellation.record[0]->id,
                                   .arrived = clocks().raw};
    event.beacon.bytes[0] = (uint8_t)(beacon + 1);
    step(event);
}

static inline void answer(size_t beacon, int64_t off_ns)
{
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    deliver_answer(beacon, bytes, sign_answer(beacon, off_ns, bytes));
}

static inline void assert_timeline(const char *expected)
{
    if (strcmp(world.timeline, expected) != 0) {
        print_error("this happened:\n%s", world.timeline);
    }
    assert_string_equal(world.timeline, expected);
}

#endif
