/* open.c -- from the command line to a house that can run, be checked or be rehearsed. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "instants/stamp.h"
#include "tocsin-listen/house.h"
#include "zoneinfo/zoneinfo.h"

static struct zoneinfo *zones; /* the site's zone points into it */

static int load_records(struct house *house)
{
    const struct options *options = house->options;
    char why[400];
    for (size_t i = 0; i < options->root_count; i++) {
        if (!files_load_root(house->shelf, options->root[i], why)) {
            return say_usage("--root %s", why);
        }
    }
    for (size_t i = 0; i < options->bundle_count; i++) {
        struct shelf_counts counts;
        if (!files_load_bundle(house->shelf, options->bundle[i], &counts, why)) {
            return say_usage("--bundle %s", why);
        }
        const char *what = counts.is_malformed  ? "it breaks off: fetch it again"
                           : counts.refused > 0 ? counts.first_refusal
                                                : NULL;
        if (counts.records_new + counts.signatures_new + counts.known == 0) {
            return say_no("--bundle %s: %s", options->bundle[i],
                          what != NULL ? what
                                       : "no record of the constellations given with --root");
        }
        if (what != NULL) {
            say_note("--bundle %s: %s; what is good in it is used", options->bundle[i], what);
        }
    }
    return EXIT_DONE;
}

static int choose_site(const struct options *options, struct listener_site *site)
{
    for (size_t i = 0; i < options->uid_count; i++) {
        if (!record_uid_read(options->uid[i], strlen(options->uid[i]), &site->uid[i])) {
            return say_usage("--uid %s: give the 32 hexadecimal digits that tocsin list shows",
                             options->uid[i]);
        }
    }
    site->uid_count = options->uid_count;
    site->place = options->place;
    site->languages = options->languages;
    site->latency = options->latency;
    zones = zoneinfo_open(NULL);
    char name[ZONE_NAME_SIZE];
    if (zones == NULL) {
        if (options->zone != NULL) {
            return say_outside("--zone: /usr/share/zoneinfo: %s: install tzdata", strerror(errno));
        }
        return EXIT_DONE;
    }
    if (options->zone != NULL) {
        site->zone = zoneinfo_find(zones, options->zone);
        if (site->zone == NULL) {
            return say_usage("--zone %s: %s", options->zone, zoneinfo_why(zones));
        }
    } else if (zoneinfo_host(zones, name)) {
        site->zone = zoneinfo_find(zones, name);
    }
    return EXIT_DONE;
}

static int open_state(struct house *house)
{
    const struct options *options = house->options;
    char dir[3072], why[300];
    bool is_looking = options->check || options->rehearse || options->replay != NULL;
    if (options->state == NULL && !state_default_dir(dir, sizeof dir)) {
        if (is_looking) {
            return EXIT_DONE;
        }
        return say_usage(
            "no home folder: say with --state where fired gestures are to be remembered");
    }
    const char *chosen = options->state != NULL ? options->state : dir;
    if (is_looking) {
        state_look(&house->state, chosen);
        return EXIT_DONE;
    }
    if (!state_open(&house->state, chosen, why)) {
        return say_outside("%s", why);
    }
    return EXIT_DONE;
}

/* No clock that reads earlier is right.  A constant, moved on at each release, so that two builds
 * of one tree are alike. */
static utc release_date(void)
{
    static const char made[] = "2026-11-01";
    struct civil_date date;
    if (!stamp_read_date(made, strlen(made), &date)) {
        return (utc){0};
    }
    return civil_to_utc((struct civil){.date = date});
}

static void record_added(void *context, const char *kind, const uint8_t *bytes, size_t size)
{
    struct house *house = context;
    recorder_note_bytes(&house->recorder, kind, bytes, size);
}

int house_open(struct house *house, const struct options *options)
{
    memset(house, 0, sizeof *house);
    house->options = options;
    house->state.lock = house->state.marks = -1;
    if (sodium_init() < 0) {
        return say_outside("libsodium does not start: no random numbers");
    }
    if (!clock_init(&house->clock)) {
        return say_usage("%s", house->clock.pretence);
    }
    house->leap = *clock_leap();
    house->shelf = shelf_new(&house->leap);
    if (house->shelf == NULL) {
        return say_outside("no memory for the records");
    }
    if (options->log != NULL && !recorder_open(&house->recorder, options->log)) {
        return say_usage("--log %s: %s", options->log, strerror(errno));
    }
    shelf_watch(house->shelf, record_added, house);
    static struct listener_options mind;
    int code = load_records(house);
    code = code != EXIT_DONE ? code : kept_open(house);
    code = code != EXIT_DONE ? code : choose_site(options, &mind.site);
    code = code != EXIT_DONE ? code : open_state(house);
    if (code != EXIT_DONE) {
        return code;
    }
    mind.leap = house->leap;
    mind.no_ask = options->no_ask;
    mind.trust_replay = options->trust_replay;
    mind.memory = house->state.memory;
    mind.boot = options->has_at ? (struct listener_boot){{0}} : house->state.boot;
    if (mind.memory.floor.ns < release_date().ns) {
        mind.memory.floor = release_date();
    }
    randombytes_buf(mind.nonce_seed, sizeof mind.nonce_seed);
    recorder_begin(&house->recorder, &mind,
                   mind.site.zone != NULL ? zone_name(mind.site.zone) : NULL, house->state.mark,
                   house->state.mark_count, house->state.newest, house->state.newest_count);
    listener_init(&house->listener, &mind, house->state.mark, house->state.mark_count,
                  house->state.newest, house->state.newest_count);
    show_init(&house->show, stdout, options->json);
    return EXIT_DONE;
}

void house_close(struct house *house)
{
    state_close(&house->state);
    kept_close(house);
    if (!recorder_close(&house->recorder)) {
        say_error("--log %s: the end of it could not be written", house->options->log);
    }
    view_told_free(&house->told);
    shelf_free(house->shelf);
    zoneinfo_close(zones);
    zones = NULL;
}

const struct zone *house_find_zone(const char *name)
{
    return zones != NULL ? zoneinfo_find(zones, name) : NULL;
}
