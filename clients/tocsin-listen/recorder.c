/* recorder.c -- the flight log of a listener, written and gone through again: what each line holds
 * stands here twice, side by side, and in tocsin-flight(5). */
#include <stdlib.h>
#include <string.h>

#include "tocsin-listen/internal.h"

static const char *const event_words[] = {"clocks", "records", "link",  "tick", "answer",
                                          "status", "marked",  "fired", "proof"};
static const char *const mark_words[] = {"armed", "firing", "fired"};
enum {
    EVENT_WORDS = sizeof event_words / sizeof *event_words,
    MARK_WORDS = sizeof mark_words / sizeof *mark_words,
    MESSAGE_MAX = 256 * 1024, /* as brokers hand them on, whatever they are */
};
_Static_assert(EVENT_WORDS == LISTENER_PROOF + 1, "a word for each kind of event");
enum { FLAG_UP = 1, FLAG_RETAINED = 2, FLAG_ROOT = 4 };

/* --- settings: what the mind begins with ------------------------------------------------------ */

static void begin_setting(struct flight *flight, const char *name)
{
    flight_text(flight, "set");
    flight_text(flight, name);
}

static void set_text(struct flight *flight, const char *name, const char *text)
{
    if (text != NULL) {
        begin_setting(flight, name);
        flight_text(flight, text);
        flight_end(flight);
    }
}

static void set_number(struct flight *flight, const char *name, int64_t number)
{
    begin_setting(flight, name);
    flight_number(flight, number);
    flight_end(flight);
}

static void set_bytes(struct flight *flight, const char *name, const uint8_t *bytes, size_t size)
{
    begin_setting(flight, name);
    flight_bytes(flight, bytes, size);
    flight_end(flight);
}

static void set_mark(struct flight *flight, const struct listener_mark *mark)
{
    begin_setting(flight, "mark");
    flight_text(flight, mark_words[mark->kind]);
    flight_bytes(flight, mark->name.root.bytes, sizeof mark->name.root.bytes);
    flight_bytes(flight, mark->name.uid.bytes, sizeof mark->name.uid.bytes);
    flight_text(flight, mark->name.key);
    flight_number(flight, mark->start.ns);
    flight_number(flight, mark->not_before.ns);
    flight_bytes(flight, mark->boot.bytes, sizeof mark->boot.bytes);
    flight_end(flight);
}

static bool take_mark(struct flight_line *line, struct listener_mark *mark)
{
    mark->kind = (enum listener_mark_kind)flight_take_word(line, mark_words, MARK_WORDS);
    flight_take_exactly(line, mark->name.root.bytes, sizeof mark->name.root.bytes);
    flight_take_exactly(line, mark->name.uid.bytes, sizeof mark->name.uid.bytes);
    strcpy(mark->name.key, flight_take_text(line, sizeof mark->name.key));
    mark->start.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    mark->not_before.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    flight_take_exactly(line, mark->boot.bytes, sizeof mark->boot.bytes);
    return true;
}

static void set_memory(struct flight *flight, const struct listener_memory *memory)
{
    char skew[2][32];
    snprintf(skew[0], sizeof skew[0], "%a", memory->skew);
    snprintf(skew[1], sizeof skew[1], "%a", memory->skew_doubt);
    begin_setting(flight, "memory");
    flight_bytes(flight, memory->root.bytes, sizeof memory->root.bytes);
    flight_number(flight, memory->floor.ns);
    flight_text(flight, memory->has_skew ? skew[0] : NULL);
    flight_text(flight, memory->has_skew ? skew[1] : NULL);
    flight_end(flight);
}

static bool take_memory(struct flight_line *line, struct listener_memory *memory)
{
    flight_take_exactly(line, memory->root.bytes, sizeof memory->root.bytes);
    memory->floor.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    const char *skew = flight_take_text(line, 32), *doubt = flight_take_text(line, 32);
    memory->has_skew = *skew != '\0';
    memory->skew = strtod(skew, NULL);
    memory->skew_doubt = strtod(doubt, NULL);
    return memory->skew > -1e-3 && memory->skew < 1e-3 && memory->skew_doubt >= 0 &&
           memory->skew_doubt < 1e-3;
}

void recorder_begin(struct flight *flight, const struct listener_options *options,
                    const struct state *state)
{
    if (flight == NULL) {
        return;
    }
    const struct listener_site *site = &options->site;
    set_number(flight, "no-ask", options->no_ask);
    set_number(flight, "trust-replay", options->trust_replay);
    set_number(flight, "latency", site->latency.ns);
    set_number(flight, "floor", options->floor.ns);
    set_text(flight, "zone", site->zone != NULL ? zone_name(site->zone) : NULL);
    set_text(flight, "place", site->place);
    set_text(flight, "languages", site->languages);
    set_bytes(flight, "seed", options->nonce_seed, sizeof options->nonce_seed);
    set_bytes(flight, "boot", options->boot.bytes, sizeof options->boot.bytes);
    for (size_t i = 0; i < site->wanted_count; i++) {
        set_bytes(flight, "uid", (const uint8_t *)&site->wanted[i], sizeof site->wanted[i]);
    }
    for (size_t i = 0; i < options->memory_count; i++) {
        set_memory(flight, &options->memory[i]);
    }
    for (size_t i = 0; i < state->mark_count; i++) {
        set_mark(flight, &state->mark[i]);
    }
    for (size_t i = 0; i < state->keep.newest_count; i++) {
        begin_setting(flight, "newest");
        flight_bytes(flight, state->keep.newest[i].root.bytes,
                     sizeof state->keep.newest[i].root.bytes);
        flight_bytes(flight, state->keep.newest[i].key.bytes,
                     sizeof state->keep.newest[i].key.bytes);
        flight_number(flight, state->keep.newest[i].time.ns);
        flight_end(flight);
    }
}

/* Going through a log. */
struct player {
    struct listen *listen;
    bool has_begun; /* the mind of this run */
    struct listener_options options;
    char place[256], languages[256];
    struct listener_mark mark[LISTENER_MARKS_MAX];
    size_t mark_count;
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t newest_count;
};

/* All by which a run decides is in its log, so that a replay needs no option, no file and no zone
 * of the machine where it is played.  A name that is not known spoils the log: with a setting left
 * out another listener would be replayed. */
static bool take_setting(void *context, const char *name, struct flight_line *line)
{
    struct player *player = context;
    struct listener_options *options = &player->options;
    struct listener_site *site = &options->site;
    if (strcmp(name, "no-ask") == 0) {
        options->no_ask = flight_take_number(line, 0, 1) == 1;
    } else if (strcmp(name, "trust-replay") == 0) {
        options->trust_replay = flight_take_number(line, 0, 1) == 1;
    } else if (strcmp(name, "latency") == 0) {
        site->latency.ns = flight_take_number(line, 0, 60 * NS_PER_S);
    } else if (strcmp(name, "floor") == 0) {
        options->floor.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    } else if (strcmp(name, "zone") == 0) {
        struct zoneinfo *zones = player->listen->zones;
        site->zone = zones != NULL ? zoneinfo_find(zones, flight_take_text(line, 64)) : NULL;
        return site->zone != NULL;
    } else if (strcmp(name, "place") == 0) {
        site->place = strcpy(player->place, flight_take_text(line, sizeof player->place));
    } else if (strcmp(name, "languages") == 0) {
        site->languages =
            strcpy(player->languages, flight_take_text(line, sizeof player->languages));
    } else if (strcmp(name, "seed") == 0) {
        flight_take_exactly(line, options->nonce_seed, sizeof options->nonce_seed);
    } else if (strcmp(name, "boot") == 0) {
        flight_take_exactly(line, options->boot.bytes, sizeof options->boot.bytes);
    } else if (strcmp(name, "uid") == 0 && site->wanted_count < LISTENER_UIDS_MAX) {
        struct listener_wanted *wanted = &site->wanted[site->wanted_count++];
        flight_take_exactly(line, (uint8_t *)wanted, sizeof *wanted);
    } else if (strcmp(name, "memory") == 0 && options->memory_count < LISTENER_CONSTELLATIONS_MAX) {
        return take_memory(line, &options->memory[options->memory_count++]);
    } else if (strcmp(name, "mark") == 0 && player->mark_count < LISTENER_MARKS_MAX) {
        return take_mark(line, &player->mark[player->mark_count++]);
    } else if (strcmp(name, "newest") == 0 && player->newest_count < LISTENER_BEACONS_MAX) {
        struct listener_newest *newest = &player->newest[player->newest_count++];
        flight_take_exactly(line, newest->root.bytes, sizeof newest->root.bytes);
        flight_take_exactly(line, newest->key.bytes, sizeof newest->key.bytes);
        newest->time.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    } else {
        return false;
    }
    return true;
}

/* --- steps ------------------------------------------------------------------------------------ */

void recorder_step(struct flight *flight, const struct listener_event *event, utc view_at)
{
    if (flight == NULL) {
        return;
    }
    const struct discipline_clocks *clocks = &event->clocks;
    bool has_bytes = event->kind == LISTENER_TICK || event->kind == LISTENER_ANSWER ||
                     event->kind == LISTENER_PROOF;
    bool is_proof = event->kind == LISTENER_PROOF;
    flight_text(flight, "step");
    flight_text(flight, event_words[event->kind]);
    flight_number(flight, clocks->now.ns);
    flight_number(flight, clocks->raw.ns);
    flight_number(flight, clocks->host.ns);
    if (clocks->is_synchronised) {
        flight_number(flight, clocks->bound.ns);
    } else {
        flight_absent(flight);
    }
    flight_number(flight, clocks->slept.ns);
    flight_number(flight, (int64_t)event->link);
    flight_number(flight, (event->is_up ? FLAG_UP : 0) | (event->is_retained ? FLAG_RETAINED : 0) |
                              (event->has_root ? FLAG_ROOT : 0));
    flight_number(flight, event->arrived.ns);
    flight_number(flight, (int64_t)event->id);
    flight_number(flight, event->released.ns);
    flight_number(flight, view_at.ns);
    flight_bytes(flight, event->root.bytes, sizeof event->root.bytes);
    flight_bytes(flight, event->beacon.bytes, sizeof event->beacon.bytes);
    flight_bytes(flight, event->bytes, has_bytes ? event->size : 0);
    flight_bytes(flight, event->second, is_proof ? event->second_size : 0);
    flight_text(flight, is_proof ? event->where : NULL);
    flight_end(flight);
}

static bool take_step(struct flight_line *line, struct listener_event *event, utc *view_at)
{
    struct discipline_clocks *clocks = &event->clocks;
    *event = (struct listener_event){
        .kind = (enum listener_event_kind)flight_take_word(line, event_words, EVENT_WORDS)};
    clocks->now.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    clocks->raw.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    clocks->host.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    clocks->bound.ns = flight_take_if(line, 0, INT64_MAX, &clocks->is_synchronised);
    clocks->slept.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    event->link = (size_t)flight_take_number(line, 0, LISTENER_LINKS_MAX - 1);
    int64_t flags = flight_take_number(line, 0, FLAG_UP | FLAG_RETAINED | FLAG_ROOT);
    event->is_up = (flags & FLAG_UP) != 0;
    event->is_retained = (flags & FLAG_RETAINED) != 0;
    event->has_root = (flags & FLAG_ROOT) != 0;
    event->arrived.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    event->id = (uint64_t)flight_take_number(line, INT64_MIN, INT64_MAX);
    event->released.ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    view_at->ns = flight_take_number(line, INT64_MIN, INT64_MAX);
    flight_take_exactly(line, event->root.bytes, sizeof event->root.bytes);
    flight_take_exactly(line, event->beacon.bytes, sizeof event->beacon.bytes);
    event->bytes = flight_take_bytes(line, MESSAGE_MAX, &event->size);
    event->second = flight_take_bytes(line, MESSAGE_MAX, &event->second_size);
    event->where = flight_take_text(line, SIZE_MAX);
    return flight_took_all(line);
}

/* The mind begins with the first step, once the settings before it are known.  A view is made anew
 * from the records of the log, as of the time at which the run had made its own. */
static bool play_step(void *context, struct flight_line *line)
{
    struct player *player = context;
    struct listen *listen = player->listen;
    struct listener_event event;
    struct view *view = NULL;
    utc view_at;
    if (!take_step(line, &event, &view_at)) {
        return false;
    }
    if (!player->has_begun) {
        player->has_begun = true;
        struct listener_room room = listener_room_for_all(listen->block);
        listener_init(&listen->listener, &room, &player->options, player->mark, player->mark_count,
                      player->newest, player->newest_count);
    }
    if (event.kind == LISTENER_RECORDS) {
        if (!utc_is_in_range(view_at) ||
            !replica_view(&listen->replica, leap_from_utc(&listen->leap, view_at, NULL), &view)) {
            return false;
        }
        event.view = view;
    }
    listener_step(&listen->listener, &event, &listen->update);
    view_free(view);
    listen_show_news(listen);
    show_countdown(&listen->show, listener_estimate(&listen->listener, NULL),
                   listener_next(&listen->listener), 0, 0);
    return true;
}

static bool begin_run(void *context)
{
    struct player *player = context;
    struct listen *listen = player->listen;
    *player = (struct player){.listen = listen, .options.leap = listen->leap};
    replica_close(&listen->replica);
    return replica_open(&listen->replica, &listen->leap, LISTENER_CONSTELLATIONS_MAX);
}

static bool play_bytes(void *context, bool is_anchor, const uint8_t *bytes, size_t size)
{
    const struct player *player = context;
    return replica_came(&player->listen->replica, is_anchor, bytes, size);
}

struct flight_player recorder_player(struct listen *listen)
{
    static struct player player; /* large */
    player.listen = listen;
    return (struct flight_player){.program = "tocsin-listen",
                                  .context = &player,
                                  .begin = begin_run,
                                  .set = take_setting,
                                  .came = play_bytes,
                                  .step = play_step};
}

int listen_replay(struct listen *listen)
{
    struct flight_player player = recorder_player(listen);
    int code = flight_replay(listen->options->replay, &player);
    show_finish(&listen->show);
    return code;
}
