#include "libtocsin/tocsin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchors/anchors.h"
#include "ledger/ledger.h"
#include "listener/listener.h"
#include "stream/stream.h"

struct tocsin {
    struct anchors anchors;
    struct ledger *ledger;                         /* owned */
    struct view *view;                             /* owned; borrows from both */
    bool is_stale;                                 /* the ledger holds more than the view knows */
    struct listener *mind;                         /* owned */
    struct listener_update *update;                /* owned: too large for a small stack */
    struct listener_options *options;              /* owned, until the mind has started */
    struct listener_mark mark[LISTENER_MARKS_MAX]; /* given before the mind started */
    size_t mark_count;
    bool has_started;
    struct discipline_clocks clocks; /* of the last step */
    struct zone *zone;               /* owned */
    char *place, *languages;         /* owned */
};

const char *tocsin_version(void)
{
    return TOCSIN_VERSION;
}

_Static_assert((int)TOCSIN_ROOT_SIZE == (int)ANCHORS_TEXT_SIZE, "a root's line fits");

static bool copy_text(const char *text, char **out)
{
    *out = text != NULL ? strdup(text) : NULL;
    return text == NULL || *out != NULL;
}

struct tocsin *tocsin_new(const struct tocsin_options *options)
{
    struct tocsin *site = calloc(1, sizeof *site);
    if (site == NULL) {
        return NULL;
    }
    anchors_init(&site->anchors, leap_builtin(), LISTENER_CONSTELLATIONS_MAX);
    site->ledger = ledger_new(leap_builtin());
    site->mind = calloc(1, sizeof *site->mind);
    site->update = calloc(1, sizeof *site->update);
    site->options = calloc(1, sizeof *site->options);
    if (site->ledger == NULL || site->mind == NULL || site->update == NULL ||
        site->options == NULL || !copy_text(options->place, &site->place) ||
        !copy_text(options->languages, &site->languages) ||
        (options->zone_tzif != NULL &&
         zone_read("site", options->zone_tzif, options->zone_size, &site->zone) != ZONE_READ)) {
        tocsin_free(site);
        return NULL;
    }
    site->options->site = (struct listener_site){.zone = site->zone,
                                                 .place = site->place,
                                                 .languages = site->languages,
                                                 .latency = {options->latency_ns}};
    site->options->leap = *leap_builtin();
    site->options->no_ask = true; /* a question needs a socket, and there is none here */
    site->options->trust_replay = options->trust_replay;
    return site;
}

void tocsin_free(struct tocsin *site)
{
    if (site == NULL) {
        return;
    }
    view_free(site->view);
    ledger_free(site->ledger);
    anchors_close(&site->anchors);
    zone_free(site->zone);
    free(site->mind);
    free(site->update);
    free(site->options);
    free(site->place);
    free(site->languages);
    free(site);
}

enum tocsin_result tocsin_anchor(struct tocsin *site, const void *bytes, size_t size,
                                 char why[TOCSIN_WHY_SIZE])
{
    char reason[ANCHORS_WHY_SIZE] = "";
    enum anchors_result taken = anchors_take(&site->anchors, bytes, size, reason);
    snprintf(why, TOCSIN_WHY_SIZE, "%s", reason);
    if (taken != ANCHORS_TAKEN) {
        return taken == ANCHORS_NO_MEMORY ? TOCSIN_NO_MEMORY : TOCSIN_REFUSED;
    }
    site->is_stale = true;
    if (!anchors_put(&site->anchors, site->ledger)) {
        return TOCSIN_NO_MEMORY;
    }
    if (!stream_is_one(bytes, size)) {
        return TOCSIN_OK;
    }
    struct tocsin_counts counts; /* what else is in it is judged as from anywhere */
    return tocsin_records(site, bytes, size, &counts) == TOCSIN_NO_MEMORY ? TOCSIN_NO_MEMORY
                                                                          : TOCSIN_OK;
}

bool tocsin_root(const struct tocsin *site, size_t n, char out[TOCSIN_ROOT_SIZE])
{
    for (size_t i = 0; i < site->anchors.count; i++) {
        if (anchors_is_in_force(&site->anchors, i) && n-- == 0) {
            anchors_describe(site->anchors.record[i], out);
            return true;
        }
    }
    return false;
}

enum tocsin_result tocsin_records(struct tocsin *site, const void *bytes, size_t size,
                                  struct tocsin_counts *counts)
{
    struct tocsin_counts none;
    struct tocsin_counts *said = counts != NULL ? counts : &none;
    *said = (struct tocsin_counts){0};
    if (site->anchors.count == 0) {
        return TOCSIN_REFUSED; /* without an anchor there is nobody to believe */
    }
    struct ledger_policy policy = anchors_policy(&site->anchors);
    struct ledger_counts merged = {0};
    enum ledger_result result = ledger_merge(site->ledger, bytes, size, &policy, &merged);
    *said = (struct tocsin_counts){.records_new = merged.records_new,
                                   .records_known = merged.records_known,
                                   .signatures_new = merged.signatures_new,
                                   .signatures_known = merged.signatures_known,
                                   .refused = merged.refused};
    site->is_stale |= merged.records_new + merged.signatures_new > 0;
    if (result == LEDGER_NO_MEMORY) {
        return TOCSIN_NO_MEMORY;
    }
    bool is_empty = merged.records_new + merged.records_known == 0;
    return is_empty && (merged.is_cut_off || merged.refused > 0) ? TOCSIN_REFUSED : TOCSIN_OK;
}

static struct discipline_clocks clocks_of(const struct tocsin_clocks *clocks)
{
    return (struct discipline_clocks){.now = {clocks->mono_ns},
                                      .raw = {clocks->mono_ns},
                                      .host = {clocks->utc_ns},
                                      .is_synchronised = clocks->is_synchronised,
                                      .bound = {clocks->bound_ns}};
}

/* Steps the mind, and answers its wish for durable marks at once: keeping them is the caller's
 * part, before it begins. */
static void step(struct tocsin *site, struct listener_event *event)
{
    event->clocks = site->clocks;
    listener_step(site->mind, event, site->update);
    while (site->update->mark_count > 0) {
        uint64_t id[LISTENER_SHOTS_MAX];
        size_t count = site->update->mark_count;
        memcpy(id, site->update->mark_id, count * sizeof *id);
        for (size_t i = 0; i < count; i++) {
            struct listener_event marked = {
                .kind = LISTENER_MARKED, .clocks = site->clocks, .id = id[i]};
            listener_step(site->mind, &marked, site->update);
        }
    }
}

/* Starts the mind on first use; tells it the records when there are new ones. */
static void refresh(struct tocsin *site, const struct tocsin_clocks *clocks)
{
    site->clocks = clocks_of(clocks);
    if (!site->has_started) {
        listener_init(site->mind, site->options, site->mark, site->mark_count, NULL, 0);
        site->has_started = true;
    }
    if (!site->is_stale) {
        return;
    }
    size_t count;
    const struct view_entry *entry = ledger_entries(site->ledger, &count);
    instant now = leap_from_utc(leap_builtin(), site->clocks.host, NULL);
    struct view *view;
    if (!view_build(entry, count, site->anchors.anchor, site->anchors.count, now, &view)) {
        return; /* the old view stays, and this is tried again */
    }
    view_free(site->view);
    site->view = view;
    site->is_stale = false;
    step(site, &(struct listener_event){.kind = LISTENER_RECORDS, .view = view});
}

enum tocsin_result tocsin_tick(struct tocsin *site, const struct tocsin_clocks *clocks,
                               const void *bytes, size_t size, const struct tocsin_arrival *arrival)
{
    refresh(site, clocks);
    uint64_t before = site->mind->counts.heard;
    step(site, &(struct listener_event){.kind = LISTENER_TICK,
                                        .link = arrival->broker % LISTENER_LINKS_MAX,
                                        .bytes = bytes,
                                        .size = size,
                                        .is_retained = arrival->is_retained,
                                        .arrived = {arrival->mono_ns}});
    return site->mind->counts.heard > before ? TOCSIN_OK : TOCSIN_REFUSED;
}

static void write_mark(const struct listener_name *name, char out[static TOCSIN_MARK_SIZE])
{
    char root[RECORD_ID_TEXT_SIZE], uid[RECORD_UID_TEXT_SIZE];
    record_id_write(&name->root, root);
    record_uid_write(&name->uid, uid);
    snprintf(out, TOCSIN_MARK_SIZE, "%s/%s/%s", root, uid, name->key);
}

static bool read_mark(const char *text, struct listener_name *out)
{
    size_t len = strlen(text);
    enum { ROOT = RECORD_ID_TEXT_SIZE - 1, UID = RECORD_UID_TEXT_SIZE - 1 };
    if (len < ROOT + UID + 3 || len >= ROOT + UID + 2 + LISTENER_KEY_SIZE || text[ROOT] != '/' ||
        text[ROOT + 1 + UID] != '/' || !record_id_read(text, ROOT, &out->root) ||
        !record_uid_read(text + ROOT + 1, UID, &out->uid)) {
        return false;
    }
    memcpy(out->key, text + ROOT + UID + 2, len - ROOT - UID - 1);
    return true;
}

/* What is armed comes first; else what is next in time and not yet begun here. */
static const struct listener_occurrence *choose(const struct listener *mind)
{
    const struct listener_occurrence *first = NULL;
    for (size_t i = 0; i < mind->occurrence_count; i++) {
        const struct listener_occurrence *one = &mind->occurrence[i];
        if (one->state == LISTENER_ARMED) {
            return one;
        }
        if (first == NULL && (one->state == LISTENER_WAITING || one->state == LISTENER_JOINED)) {
            first = one;
        }
    }
    return first;
}

void tocsin_think(struct tocsin *site, const struct tocsin_clocks *clocks,
                  struct tocsin_advice *out)
{
    refresh(site, clocks);
    step(site, &(struct listener_event){.kind = LISTENER_CLOCKS});
    const struct listener_occurrence *next = choose(site->mind);
    const struct discipline_estimate *estimate =
        listener_estimate(site->mind, next != NULL ? &next->name.root : NULL);
    utc best = listener_utc(site->mind, estimate->best);
    *out = (struct tocsin_advice){
        .now_utc_ns = best.ns,
        .is_bounded = estimate->is_bounded,
        .earliest_utc_ns = INT64_MIN,
        .latest_utc_ns = INT64_MAX,
        .doubt = estimate->doubt == DOUBT_NONE ? "" : listener_doubt_text(estimate->doubt),
        .wake_mono_ns = site->update->wake.ns,
    };
    if (estimate->is_bounded) {
        out->earliest_utc_ns = listener_utc(site->mind, estimate->earliest).ns;
        out->latest_utc_ns = listener_utc(site->mind, estimate->latest).ns;
    }
    if (next == NULL) {
        return;
    }
    out->has_next = true;
    out->is_late = next->state == LISTENER_JOINED;
    out->t0_utc_ns = next->start.ns;
    out->end_utc_ns = next->end.ns;
    memcpy(out->title, next->title, sizeof out->title);
    snprintf(out->gesture, sizeof out->gesture, "%s", next->gesture);
    write_mark(&next->name, out->mark);
    instant release = {next->starts.tai_ns - site->options->site.latency.ns};
    out->begin_mono_ns = discipline_when(estimate, release).ns;
    for (size_t i = 0; i < site->update->shot_count; i++) {
        if (site->update->shot[i].id == next->id) {
            out->begin_mono_ns = site->update->shot[i].target.ns;
        }
    }
}

bool tocsin_began(struct tocsin *site, const char *mark)
{
    struct listener_name name;
    if (!read_mark(mark, &name)) {
        return false;
    }
    if (!site->has_started) {
        if (site->mark_count == LISTENER_MARKS_MAX) {
            return false;
        }
        site->mark[site->mark_count++] = (struct listener_mark){.kind = MARK_FIRED, .name = name};
        return true;
    }
    for (size_t i = 0; i < site->mind->occurrence_count; i++) {
        if (listener_name_equal(&site->mind->occurrence[i].name, &name)) {
            step(site, &(struct listener_event){.kind = LISTENER_FIRED,
                                                .id = site->mind->occurrence[i].id,
                                                .released = site->clocks.now});
        }
    }
    return true;
}
