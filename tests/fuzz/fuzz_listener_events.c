/* Any sequence of events keeps the mind's promises: no shot early, none twice, no forged effect;
 * and nothing it reads overflows.  links: ticks view trust records */
#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "listener/listener.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct listener listener;
static _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE];
static struct listener_update update;

static uint8_t take(const uint8_t **at, const uint8_t *end)
{
    return *at < end ? *(*at)++ : 0;
}

static int64_t take_number(const uint8_t **at, const uint8_t *end)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | take(at, end);
    }
    /* mostly near, sometimes absurd */
    int64_t number = (int64_t)(value >> 1) - (INT64_MAX >> 1);
    return (value & 1) != 0 ? number / 2 : number >> 24;
}

static struct record_key BEACON;
static struct record ROOT, WINDOW;
static struct record_at AT;
static struct view_occurrence OCCURRENCE;
static struct view_window VIEW_WINDOW;
static struct view_root VIEW_ROOT;
static struct record_prose TITLE;

static void build_view(struct view *view, int64_t start_ns, bool is_in_force)
{
    memset(&BEACON.public.id, 7, sizeof BEACON.public.id);
    memset(BEACON.public.key, 8, sizeof BEACON.public.key);
    ROOT = (struct record){.type = RECORD_ROOT};
    ROOT.is.root.beacon = &BEACON;
    ROOT.is.root.beacon_count = 1;
    ROOT.is.root.expires.tai_ns = INT64_MAX / 2;
    TITLE = (struct record_prose){.value = {.at = "\\\\title\\", .len = 8}};
    WINDOW = (struct record){.type = RECORD_WINDOW};
    WINDOW.is.window.title = &TITLE;
    WINDOW.is.window.title_count = 1;
    WINDOW.is.window.gesture = (struct text){"silence", 7};
    WINDOW.is.window.duration.ns = 60 * NS_PER_S;
    WINDOW.is.window.expires.tai_ns = INT64_MAX / 2;
    AT.key = (struct text){"one", 3};
    OCCURRENCE =
        (struct view_occurrence){.key = AT.key,
                                 .has_start = true,
                                 .start = {start_ns},
                                 .record = &WINDOW,
                                 .expires = WINDOW.is.window.expires,
                                 .state = is_in_force ? OCCURRENCE_IN_FORCE : OCCURRENCE_CANCELLED};
    VIEW_ROOT = (struct view_root){.newest = &ROOT};
    VIEW_WINDOW =
        (struct view_window){.record = &WINDOW, .occurrence = &OCCURRENCE, .occurrence_count = 1};
    *view = (struct view){
        .root = &VIEW_ROOT, .root_count = 1, .window = &VIEW_WINDOW, .window_count = 1};
}

/* What must hold after every step. */
static void judge(const struct discipline_clocks *clocks, bool has_fired)
{
    assert(update.news_count <= LISTENER_NEWS_MAX && update.shot_count <= LISTENER_SHOTS_MAX &&
           update.mark_count <= LISTENER_SHOTS_MAX);
    for (size_t i = 0; i < update.shot_count; i++) {
        const struct listener_occurrence *occurrence = listener_find(&listener, update.shot[i].id);
        assert(occurrence != NULL);
        assert(occurrence->state == LISTENER_ARMED || occurrence->state == LISTENER_RELEASED);
        /* durable before it is set */
        assert(update.shot[i].is_held ||
               (occurrence->is_marked && occurrence->marked.kind == MARK_FIRING &&
                occurrence->marked.start.ns == occurrence->start.ns &&
                occurrence->marked.not_before.ns <= update.shot[i].target.ns));
        assert(!has_fired || update.shot[i].is_held);
        /* never while even the latest possible time is before T-0 */
        const struct discipline_estimate *estimate =
            listener_estimate(&listener, &occurrence->name.root);
        if (occurrence->state == LISTENER_ARMED && estimate->is_bounded &&
            update.shot[i].target.ns <= clocks->now.ns) {
            assert(estimate->latest.tai_ns >= occurrence->starts.tai_ns - 1000);
        }
    }
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        const struct discipline_estimate *estimate = &listener.constellation[i].estimate;
        assert(estimate->earliest.tai_ns <= estimate->best.tai_ns);
        assert(estimate->best.tai_ns <= estimate->latest.tai_ns);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static bool is_ready;
    if (!is_ready && sodium_init() < 0) {
        abort();
    }
    is_ready = true;
    const uint8_t *at = bytes, *end = bytes + size;
    struct listener_options options = {.leap = *leap_builtin(),
                                       .no_ask = (take(&at, end) & 1) != 0};
    struct listener_room room = listener_room_for_all(block);
    listener_init(&listener, &room, &options, NULL, 0, NULL, 0);
    memset(&update, 0, sizeof update); /* nothing of an earlier input */
    struct discipline_clocks clocks = {.now = {1000 * NS_PER_S},
                                       .host = {INT64_C(1800000000) * NS_PER_S}};
    bool has_fired = false;
    for (int steps = 0; at < end && steps < 200; steps++) {
        uint8_t what = take(&at, end);
        enum listener_event_kind kind = what % 8;
        if (kind == LISTENER_CLOCKS && (what & 0x10) != 0) {
            kind = LISTENER_PROOF;
        }
        struct listener_event event = {.kind = kind, .link = take(&at, end) % 6};
        clocks.now.ns += (take(&at, end) * NS_PER_S) / 8;
        clocks.raw.ns = clocks.now.ns + clocks.now.ns / 13;
        clocks.host.ns += (take(&at, end) * NS_PER_S) / 8;
        clocks.is_synchronised = (what & 0x40) != 0;
        clocks.bound.ns = take(&at, end) * NS_PER_MS;
        if ((what & 0x80) != 0) {
            int64_t moved = take_number(&at, end) >> 16;
            clocks.host.ns += moved;
            if (!utc_is_in_range(clocks.host)) {
                clocks.host.ns -= moved;
            }
        }
        event.clocks = clocks;
        event.is_up = (what & 0x20) != 0;
        struct view view;
        uint8_t *exact = NULL;
        switch (event.kind) {
        case LISTENER_RECORDS: {
            instant now = leap_from_utc(leap_builtin(), clocks.host, NULL);
            build_view(&view, now.tai_ns + (take(&at, end) - 64) * 4 * NS_PER_S,
                       (what & 0x10) == 0);
            event.view = &view;
            break;
        }
        case LISTENER_TICK:
        case LISTENER_ANSWER:
        case LISTENER_PROOF: {
            size_t length = take(&at, end) * 2u;
            length = length < (size_t)(end - at) ? length : (size_t)(end - at);
            exact = malloc(length + 1);
            assert(exact != NULL);
            memcpy(exact, at, length);
            at += length;
            event.bytes = exact;
            event.size = length;
            event.second = exact;
            event.second_size = take(&at, end) < length ? length / 2 : length;
            event.arrived = clocks.raw;
            memset(&event.beacon, 7, sizeof event.beacon);
            event.is_retained = (what & 0x10) != 0;
            break;
        }
        case LISTENER_STATUS:
            memset(&event.beacon, 7, sizeof event.beacon);
            break;
        case LISTENER_MARKED:
            event.id = update.mark_count > 0 ? update.mark_id[0] : take(&at, end);
            break;
        case LISTENER_FIRED: {
            event.released = clocks.now;
            event.id = 0;
            if (update.shot_count > 0 && !update.shot[0].is_held &&
                update.shot[0].target.ns <= clocks.now.ns) {
                event.id = update.shot[0].id;
                has_fired = true;
            }
            break;
        }
        case LISTENER_CLOCKS:
        case LISTENER_LINK:
            break;
        }
        listener_step(&listener, &event, &update);
        judge(&clocks, has_fired);
        assert(listener.counts.heard == 0); /* nobody here can sign */
        free(exact);
    }
    return 0;
}
