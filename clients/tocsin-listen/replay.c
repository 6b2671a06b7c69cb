/* replay.c -- the other half of the flight recorder: living through a log again. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin-listen/recorder.h"

enum { FLAG_UP = 1, FLAG_RETAINED = 2, FLAG_ROOT = 4, STEP_NUMBERS = 13 };

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Turns hex digits into bytes where they stand. */
static bool read_hex(char *text, uint8_t **bytes, size_t *size)
{
    *bytes = (uint8_t *)text;
    *size = 0;
    if (strcmp(text, "-") == 0) {
        return true;
    }
    for (const char *at = text; *at != '\0'; at += 2) {
        int high = nibble(at[0]), low = at[0] != '\0' ? nibble(at[1]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        (*bytes)[(*size)++] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_bytes(char *text, uint8_t *out, size_t wanted)
{
    uint8_t *bytes;
    size_t size;
    if (!read_hex(text, &bytes, &size) || size != wanted) {
        return false;
    }
    memcpy(out, bytes, wanted);
    return true;
}

static bool read_number(const char *text, int64_t *out)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

static bool copy(const char *value, char *out, size_t size)
{
    if (strlen(value) >= size) {
        return false;
    }
    strcpy(out, value);
    return true;
}

static bool set_mark(struct recorder_beginning *beginning, char *value)
{
    char *field[7], *rest = value;
    for (size_t i = 0; i < 7; i++) {
        field[i] = strsep(&rest, " ");
        if (field[i] == NULL) {
            return false;
        }
    }
    if (beginning->mark_count == LISTENER_MARKS_MAX) {
        return false;
    }
    struct listener_mark *mark = &beginning->mark[beginning->mark_count++];
    int64_t kind;
    if (!read_number(field[0], &kind) || kind < MARK_ARMED || kind > MARK_FIRED) {
        return false;
    }
    mark->kind = (enum listener_mark_kind)kind;
    return record_id_read(field[1], strlen(field[1]), &mark->name.root) &&
           record_uid_read(field[2], strlen(field[2]), &mark->name.uid) &&
           copy(field[3], mark->name.key, sizeof mark->name.key) &&
           read_number(field[4], &mark->start.ns) && read_number(field[5], &mark->not_before.ns) &&
           read_bytes(field[6], mark->boot.bytes, sizeof mark->boot.bytes);
}

static bool set_newest(struct recorder_beginning *beginning, char *value)
{
    char *root = strsep(&value, " "), *key = value != NULL ? strsep(&value, " ") : NULL;
    if (value == NULL || beginning->newest_count == LISTENER_BEACONS_MAX) {
        return false;
    }
    struct listener_newest *newest = &beginning->newest[beginning->newest_count++];
    return record_id_read(root, strlen(root), &newest->root) &&
           record_key_id_read(key, strlen(key), &newest->key) &&
           read_number(value, &newest->time.ns);
}

static bool set_memory(struct listener_options *options, char *value)
{
    char *field[5], *rest = value;
    for (size_t i = 0; i < 5; i++) {
        field[i] = strsep(&rest, " ");
        if (field[i] == NULL) {
            return false;
        }
    }
    if (options->memory_count == LISTENER_CONSTELLATIONS_MAX) {
        return false;
    }
    struct listener_memory *memory = &options->memory[options->memory_count++];
    memory->has_skew = strcmp(field[2], "1") == 0;
    memory->skew = strtod(field[3], NULL);
    memory->skew_doubt = strtod(field[4], NULL);
    return record_id_read(field[0], strlen(field[0]), &memory->root) &&
           read_number(field[1], &memory->floor.ns) && memory->skew > -1e-3 &&
           memory->skew < 1e-3 && memory->skew_doubt >= 0 && memory->skew_doubt < 1e-3;
}

static bool set(struct recorder_beginning *beginning, const char *name, char *value)
{
    struct listener_options *options = &beginning->options;
    if (strcmp(name, "no_ask") == 0) {
        options->no_ask = strcmp(value, "1") == 0;
        return true;
    }
    if (strcmp(name, "trust_replay") == 0) {
        options->trust_replay = strcmp(value, "1") == 0;
        return true;
    }
    if (strcmp(name, "latency") == 0) {
        return read_number(value, &options->site.latency.ns);
    }
    if (strcmp(name, "floor") == 0) {
        return read_number(value, &options->floor.ns);
    }
    if (strcmp(name, "memory") == 0) {
        return set_memory(options, value);
    }
    if (strcmp(name, "zone") == 0) {
        return copy(value, beginning->zone, sizeof beginning->zone);
    }
    if (strcmp(name, "place") == 0) {
        options->site.place = beginning->place;
        return copy(value, beginning->place, sizeof beginning->place);
    }
    if (strcmp(name, "languages") == 0) {
        options->site.languages = beginning->languages;
        return copy(value, beginning->languages, sizeof beginning->languages);
    }
    if (strcmp(name, "uid") == 0) {
        return options->site.uid_count < LISTENER_UIDS_MAX &&
               record_uid_read(value, strlen(value), &options->site.uid[options->site.uid_count++]);
    }
    if (strcmp(name, "seed") == 0) {
        return read_bytes(value, options->nonce_seed, sizeof options->nonce_seed);
    }
    if (strcmp(name, "boot") == 0) {
        return read_bytes(value, options->boot.bytes, sizeof options->boot.bytes);
    }
    return strcmp(name, "mark") == 0 ? set_mark(beginning, value)
                                     : strcmp(name, "newest") == 0 && set_newest(beginning, value);
}

/* What a proof has more: its second tick, and where it was kept (blanks and all). */
static bool read_second(char *rest, struct listener_event *event)
{
    char *hex = strsep(&rest, " ");
    uint8_t *bytes;
    if (rest == NULL || !read_hex(hex, &bytes, &event->second_size)) {
        return false;
    }
    event->second = bytes;
    event->where = rest;
    return true;
}

/* The fields of a step after its name. */
static bool read_step(char *line, struct listener_event *event, utc *view_at)
{
    int64_t number[STEP_NUMBERS];
    char *rest = line, *field;
    for (size_t i = 0; i < STEP_NUMBERS; i++) {
        field = strsep(&rest, " ");
        if (field == NULL || !read_number(field, &number[i])) {
            return false;
        }
    }
    char *root = strsep(&rest, " ");
    char *beacon = strsep(&rest, " ");
    char *hex = strsep(&rest, " ");
    uint8_t *bytes;
    if (root == NULL || beacon == NULL || hex == NULL ||
        !record_id_read(root, strlen(root), &event->root) ||
        !record_key_id_read(beacon, strlen(beacon), &event->beacon) ||
        !read_hex(hex, &bytes, &event->size) || number[0] < LISTENER_CLOCKS ||
        number[0] > LISTENER_PROOF || number[7] < 0) {
        return false;
    }
    event->bytes = bytes;
    event->kind = (enum listener_event_kind)number[0];
    if ((event->kind == LISTENER_PROOF) != (rest != NULL) ||
        (rest != NULL && !read_second(rest, event))) {
        return false;
    }
    event->clocks = (struct discipline_clocks){.now = {number[1]},
                                               .raw = {number[2]},
                                               .host = {number[3]},
                                               .is_synchronised = number[4] != 0,
                                               .bound = {number[5]},
                                               .slept = {number[6]}};
    event->link = (size_t)number[7];
    event->is_up = (number[8] & FLAG_UP) != 0;
    event->is_retained = (number[8] & FLAG_RETAINED) != 0;
    event->has_root = (number[8] & FLAG_ROOT) != 0;
    event->arrived.ns = number[9];
    event->id = (uint64_t)number[10];
    event->released.ns = number[11];
    view_at->ns = number[12];
    return true;
}

static bool play_step(struct recorder_player *player, char *line, const char **reason)
{
    struct listener_event event = {.kind = LISTENER_CLOCKS};
    utc view_at;
    struct view *view = NULL;
    if (!read_step(line, &event, &view_at)) {
        *reason = "not a step";
        return false;
    }
    if (event.kind == LISTENER_RECORDS) {
        if (!utc_is_in_range(view_at) ||
            !replica_view(player->replica, leap_from_utc(player->leap, view_at, NULL), &view)) {
            *reason = "no view at this time";
            return false;
        }
        event.view = view;
    }
    listener_step(player->listener, &event, player->update);
    player->stepped(player->context, &event);
    if (view != NULL) {
        view_free(view);
    }
    return true;
}

static bool play_bytes(struct recorder_player *player, bool is_anchor, char *text,
                       const char **reason)
{
    uint8_t *bytes;
    size_t size;
    char why[ANCHORS_WHY_SIZE];
    struct replica_counts ignored;
    struct store_error error;
    if (!read_hex(text, &bytes, &size)) {
        *reason = "not hexadecimal";
        return false;
    }
    *reason = "these bytes were good once and are not now";
    return is_anchor ? replica_take_root(player->replica, bytes, size, why)
                     : replica_hear(player->replica, bytes, size, &ignored, &error) == STORE_OK;
}

bool recorder_replay(FILE *file, struct recorder_player *player, char why[static 300])
{
    static struct recorder_beginning beginning; /* large */
    memset(&beginning, 0, sizeof beginning);
    beginning.options.leap = *player->leap;
    char *line = NULL;
    size_t room = 0, number = 0;
    bool has_begun = false, good = true;
    ssize_t length;
    while (good && (length = getline(&line, &room, file)) > 0) {
        const char *reason = "not a line of a log";
        number++;
        if (line[length - 1] != '\n') {
            break; /* the recorder was cut off here */
        }
        line[length - 1] = '\0';
        char *value = line, *word = strsep(&value, " ");
        if (number == 1) {
            good =
                value != NULL && strcmp(word, "tocsin") == 0 && strcmp(value, "listen log 1") == 0;
            reason = "not a log of tocsin-listen";
        } else if (value == NULL) {
            good = false;
        } else if (strcmp(word, "set") == 0) {
            char *name = strsep(&value, " ");
            good = value != NULL && set(&beginning, name, value);
            reason = "not a setting";
        } else if (strcmp(word, "anchor") == 0 || strcmp(word, "records") == 0) {
            good = play_bytes(player, word[0] == 'a', value, &reason);
        } else if (strcmp(word, "step") == 0) {
            if (!has_begun) {
                has_begun = true;
                good = player->begin(player->context, &beginning);
                reason = "it cannot begin like this here";
            }
            good = good && play_step(player, value, &reason);
        } else {
            good = false;
        }
        if (!good) {
            snprintf(why, 300, "line %zu: %s", number, reason);
        }
    }
    if (good && !has_begun) {
        snprintf(why, 300, "there is no step in it");
        good = false;
    }
    free(line);
    return good;
}
