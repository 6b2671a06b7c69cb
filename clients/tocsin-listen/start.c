/* start.c -- from the command line to a listen that can run, be checked or be rehearsed. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "instants/stamp.h"
#include "mqtt/url.h"
#include "places/places.h"
#include "tocsin-listen/internal.h"
#include "zoneinfo/zoneinfo.h"

static const int64_t BELL_PATIENCE_NS = 15 * NS_PER_S;

static void tell_note(void *context, const struct store_note *note)
{
    (void)context;
    char sentence[STORE_NOTE_SIZE];
    store_note_write(note, sentence);
    say_note("%s", sentence);
}

/* A check comes before the service has ever run, and makes no store: there is nothing in it yet. */
static int open_store(struct listen *listen)
{
    const struct options *options = listen->options;
    struct store_error error;
    if (options->check && options->store != NULL && access(options->store, F_OK) != 0 &&
        errno == ENOENT) {
        say_note("--store %s is not there yet: the first start makes it", options->store);
        return EXIT_DONE;
    }
    bool may_write = !options->check && !options->rehearse && options->replay == NULL;
    if (options->store == NULL ||
        replica_open_store(&listen->replica, options->store, may_write, &error)) {
        return EXIT_DONE;
    }
    bool is_services =
        options->has_file && access(options->store, R_OK | X_OK) != 0 && errno == EACCES;
    return say_outside("--store %s%s", error.message,
                       is_services ? ": it is the service's, try it with sudo" : "");
}

/* Takes a file of records, read once: the anchors of a root file first, then all that is in it. */
static int hear_file(struct listen *listen, bool is_root, const char *path,
                     struct replica_counts *counts)
{
    const char *option = is_root ? "--root" : "--bundle";
    uint8_t *bytes;
    size_t size;
    struct store_error error;
    char why[ANCHORS_WHY_SIZE];
    if (store_read_file(path, &bytes, &size, &error) != STORE_OK) {
        return say_usage("%s %s", option, error.message);
    }
    int code = EXIT_DONE;
    enum store_result heard = STORE_OK;
    if (is_root && !replica_take_root(&listen->replica, bytes, size, why)) {
        code = say_usage("%s %s: %s", option, path, why);
    } else {
        heard = replica_hear(&listen->replica, bytes, size, counts, &error);
    }
    if (heard == STORE_NO_MEMORY) {
        code = say_outside("%s %s: too little memory", option, path);
    } else if (heard == STORE_FAILED) {
        say_note("--store %s; what is in %s is used all the same", error.message, path);
    }
    free(bytes);
    return code;
}

/* Says what is wrong with a bundle. */
static int judge_bundle(const char *path, const struct replica_counts *counts)
{
    const struct ledger_counts *merged = &counts->merged;
    const char *what = merged->is_cut_off    ? "it breaks off: fetch it again"
                       : merged->refused > 0 ? counts->first_refusal
                                             : NULL;
    if (merged->records_new + merged->signatures_new + merged->records_known == 0) {
        return say_no("--bundle %s: %s", path,
                      what != NULL ? what : "no record of the constellations given with --root");
    }
    if (what != NULL) {
        say_note("--bundle %s: %s; what is good in it is used", path, what);
    }
    return EXIT_DONE;
}

/* The roots first: what they name is judged by them, in whatever order it is given. */
static int load_records(struct listen *listen)
{
    const struct options *options = listen->options;
    struct replica_counts counts = {0};
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->root_count && code == EXIT_DONE; i++) {
        code = hear_file(listen, true, options->root[i], &counts);
    }
    for (size_t i = 0; i < options->bundle_count && code == EXIT_DONE; i++) {
        code = hear_file(listen, false, options->bundle[i], &counts);
        if (code == EXIT_DONE) {
            code = judge_bundle(options->bundle[i], &counts);
        }
    }
    return code;
}

/* ROOT8/UID, or a UID whosever it is. */
static bool read_wanted(const char *text, struct listener_wanted *out)
{
    enum { ROOT8 = 2 * sizeof out->root };
    const char *uid = text;
    size_t size = 0;
    if (strlen(text) > ROOT8 && text[ROOT8] == '/') {
        uid += ROOT8 + 1;
        if (sodium_hex2bin(out->root, sizeof out->root, text, ROOT8, NULL, &size, NULL) != 0 ||
            size != sizeof out->root) {
            return false;
        }
    }
    return record_uid_read(uid, strlen(uid), &out->uid);
}

/* Only a zone that somebody asked for is refused: without any all starts but what goes by the
 * site's clock.  The zones stay open as long as the listener, which has the site's from them. */
static int choose_zone(struct listen *listen, struct listener_site *site)
{
    const struct options *options = listen->options;
    char name[ZONE_NAME_SIZE];
    listen->zones = zoneinfo_open(NULL);
    if (listen->zones == NULL) {
        if (options->zone != NULL) {
            return say_outside("--zone: /usr/share/zoneinfo: %s: install tzdata", strerror(errno));
        }
        return EXIT_DONE;
    }
    if (options->zone != NULL) {
        site->zone = zoneinfo_find(listen->zones, options->zone);
        if (site->zone == NULL) {
            const char *meant = places_zone_like(options->zone);
            return meant != NULL ? say_usage("--zone %s: %s; did you mean %s?", options->zone,
                                             zoneinfo_why(listen->zones), meant)
                                 : say_usage("--zone %s: %s; zones are named like Europe/Rome",
                                             options->zone, zoneinfo_why(listen->zones));
        }
    } else if (zoneinfo_host(listen->zones, name)) {
        site->zone = zoneinfo_find(listen->zones, name);
    }
    return EXIT_DONE;
}

/* The uids of a drill are judged and then left out: its window is none of them. */
static int choose_site(struct listen *listen, struct listener_site *site)
{
    const struct options *options = listen->options;
    for (size_t i = 0; i < options->uid_count; i++) {
        if (!read_wanted(options->uid[i], &site->wanted[i])) {
            return say_usage("--uid %s: give the 32 hexadecimal digits that tocsin list shows, and "
                             "before them the first 16 of its root's id and a / where there are "
                             "several roots",
                             options->uid[i]);
        }
    }
    site->wanted_count = options->is_drill ? 0 : options->uid_count;
    site->place = options->place;
    site->languages = options->languages;
    site->latency = options->latency;
    return choose_zone(listen, site);
}

static int open_state(struct listen *listen)
{
    const struct options *options = listen->options;
    char dir[3072], why[300];
    bool is_looking = options->check || options->rehearse || options->replay != NULL;
    if (options->state == NULL && !state_default_dir(dir, sizeof dir)) {
        return is_looking
                   ? EXIT_DONE
                   : say_usage("no home folder: say with --state where fired gestures are to be "
                               "remembered");
    }
    const char *chosen = options->state != NULL ? options->state : dir;
    if (is_looking) {
        state_look(&listen->state, chosen);
        return EXIT_DONE;
    }
    return state_open(&listen->state, chosen, why) ? EXIT_DONE : say_outside("%s", why);
}

/* All that can be judged by looking at it, before anything is armed, written or sent. */
static int judge_arguments(struct listen *listen)
{
    const struct options *options = listen->options;
    struct mqtt_url url;
    const char *why;
    for (size_t i = 0; i < options->broker_count; i++) {
        if (!mqtt_url_read(options->broker[i], &url, &why)) {
            return say_usage("--broker %.300s: %s", options->broker[i], why);
        }
    }
    struct report_options report = report_options_of(options);
    if (options->report != NULL && !report_is_sound(&report, &why)) {
        return say_usage("--report %.300s: %s", options->report, why);
    }
    char wrong[300]; /* a command that cannot be started is found out now, not at T-0 */
    if (!actions_read(&listen->actions, options, wrong)) {
        return say_usage("%s", wrong);
    }
    if (options_has_bell(options) && !options->rehearse && options->replay == NULL) {
        listen->tried = bell_try(&options->ring, (span){BELL_PATIENCE_NS});
        if (listen->tried.kind == BELL_UNUSABLE) {
            return say_usage("%s", listen->tried.text);
        }
    }
    return EXIT_DONE;
}

/* Everything that can be refused is refused here, before anything waits or rings; the order is that
 * in which one part needs the other: records before the mind that is told of them. */
int listen_open(struct listen *listen, const struct options *options)
{
    memset(listen, 0, sizeof *listen);
    listen->options = options;
    listen->state.lock = listen->state.marks = -1;
    if (sodium_init() < 0) {
        return say_outside("libsodium does not start: no random numbers");
    }
    if (!clock_init(&listen->clock)) {
        return say_usage("%s", listen->clock.pretence);
    }
    int code = judge_arguments(listen);
    if (code != EXIT_DONE) {
        return code;
    }
    listen->leap = *clock_leap();
    if (!replica_open(&listen->replica, &listen->leap, LISTENER_CONSTELLATIONS_MAX)) {
        return say_outside("no memory for the records");
    }
    listen->replica.note = tell_note;
    char why[FLIGHT_WHY_SIZE];
    if (options->log != NULL && !flight_open(options->log, "tocsin-listen", &listen->flight, why)) {
        return say_usage("--log %s: %s", options->log, why);
    }
    static struct listener_options mind;
    if (options->is_drill) {
        code = listen_take_drill(listen);
    } else {
        code = open_store(listen);
    }
    listen->replica.tell = options->log != NULL ? flight_came : NULL;
    listen->replica.tell_context = listen->flight;
    code = code != EXIT_DONE || options->is_drill ? code : load_records(listen);
    if (code == EXIT_DONE && !supervision_open(listen)) {
        code = say_outside("no memory for the inbox");
    }
    replica_tell_store(&listen->replica);
    code = code != EXIT_DONE ? code : choose_site(listen, &mind.site);
    code = code != EXIT_DONE || options->is_drill ? code : open_state(listen);
    if (code != EXIT_DONE) {
        return code;
    }
    mind.leap = listen->leap;
    mind.no_ask = options->no_ask;
    mind.trust_replay = options->trust_replay;
    memcpy(mind.memory, listen->state.keep.memory, sizeof mind.memory);
    mind.memory_count = listen->state.keep.memory_count;
    mind.floor = clock_least();
    mind.boot = options->has_at ? (struct listener_boot){{0}} : listen->state.boot;
    randombytes_buf(mind.nonce_seed, sizeof mind.nonce_seed);
    recorder_begin(listen->flight, &mind, &listen->state);
    struct listener_room room = listener_room_for_all(listen->block);
    listener_init(&listen->listener, &room, &mind, listen->state.mark, listen->state.mark_count,
                  listen->state.keep.newest, listen->state.keep.newest_count);
    show_init(&listen->show, stdout, STDOUT_FILENO,
              &(struct show_options){
                  .json = options->json, .is_big = options->big, .zone = mind.site.zone});
    return EXIT_DONE;
}

void listen_close(struct listen *listen)
{
    state_close(&listen->state);
    if (!flight_close(listen->flight)) {
        say_error("--log %s: the end of it could not be written", listen->options->log);
    }
    view_seen_free(&listen->seen);
    inbox_free(listen->inbox);
    replica_close(&listen->replica);
    zoneinfo_close(listen->zones);
}
