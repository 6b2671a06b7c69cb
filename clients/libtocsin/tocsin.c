/* tocsin.c -- a site is made, given its anchors and its records. */
#include "libtocsin/tocsin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libtocsin/site.h"
#include "records/proquint.h"
#include "stream/armour.h"
#include "stream/stream.h"
#include "ticks/topic.h"

const char *tocsin_version(void)
{
    return TOCSIN_VERSION;
}

_Static_assert((int)TOCSIN_LINE_SIZE == (int)ANCHORS_TEXT_SIZE, "a root's line fits");
_Static_assert((int)TOCSIN_ID_SIZE == (int)RECORD_ID_TEXT_SIZE, "an id fits");
_Static_assert((int)TOCSIN_WORDS_SIZE == (int)PROQUINT_SIZE, "its words fit");
_Static_assert((int)TOCSIN_NEWS_SIZE >= (int)LISTENER_NEWS_SIZE, "news fit");
_Static_assert((int)TOCSIN_TOPIC_SIZE == (int)TICK_TOPIC_SIZE, "a topic fits");
_Static_assert((int)TOCSIN_BROKERS_MAX == (int)LISTENER_LINKS_MAX, "as many brokers");
_Static_assert((int)TOCSIN_KEY_SIZE == (int)RECORD_KEY_ID_TEXT_SIZE, "a key fits");

static bool copy_text(const char *text, char **out)
{
    *out = text != NULL ? strdup(text) : NULL;
    return text == NULL || *out != NULL;
}

static void where_free(struct site_where *where)
{
    zone_free(where->zone);
    free(where->place);
    free(where->languages);
}

static bool where_make(struct site_where *out, const char *place, const void *zone_tzif,
                       size_t zone_size, const char *languages)
{
    *out = (struct site_where){0};
    if (copy_text(place, &out->place) && copy_text(languages, &out->languages) &&
        (zone_tzif == NULL || zone_read("site", zone_tzif, zone_size, &out->zone) == ZONE_READ)) {
        return true;
    }
    where_free(out);
    return false;
}

static void settle(struct tocsin *site, const struct site_where *where)
{
    struct listener_site *here =
        site->has_started ? &site->mind->options.site : &site->options->site;
    here->zone = where->zone;
    here->place = where->place;
    here->languages = where->languages;
    where_free(&site->where);
    site->where = *where;
}

struct tocsin *tocsin_new(const struct tocsin_options *options)
{
    struct tocsin *site = calloc(1, sizeof *site);
    struct site_where where;
    if (site == NULL || !where_make(&where, options->place, options->zone_tzif, options->zone_size,
                                    options->languages)) {
        free(site);
        return NULL;
    }
    anchors_init(&site->anchors, leap_builtin(), LISTENER_CONSTELLATIONS_MAX);
    site->ledger = ledger_new(leap_builtin());
    site->mind = calloc(1, sizeof *site->mind);
    site->update = calloc(1, sizeof *site->update);
    site->options = calloc(1, sizeof *site->options);
    site->keep = calloc(1, sizeof *site->keep);
    if (site->ledger == NULL || site->mind == NULL || site->update == NULL ||
        site->options == NULL || site->keep == NULL) {
        where_free(&where);
        tocsin_free(site);
        return NULL;
    }
    settle(site, &where);
    site->options->site.latency.ns = options->latency_ns;
    site->options->leap = *leap_builtin();
    site->options->no_ask = options->secret == NULL;
    site->options->trust_replay = options->trust_replay;
    if (options->secret != NULL) {
        memcpy(site->options->nonce_seed, options->secret, sizeof site->options->nonce_seed);
    }
    if (options->boot != NULL) {
        memcpy(site->options->boot.bytes, options->boot, sizeof site->options->boot.bytes);
    }
    site->keeps_memory = options->keeps_memory;
    return site;
}

static void forget_views(struct tocsin *site)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        view_free(site->view[i]);
        site->view[i] = NULL;
    }
    view_seen_free(&site->seen);
    site->window_count = 0;
    site->is_stale = true;
}

void tocsin_free(struct tocsin *site)
{
    if (site == NULL) {
        return;
    }
    forget_views(site);
    free(site->window);
    ledger_free(site->ledger);
    anchors_close(&site->anchors);
    where_free(&site->where);
    free(site->mind);
    free(site->room);
    free(site->update);
    free(site->options);
    free(site->keep);
    free(site->mark);
    draft_free(&site->lies);
    free(site);
}

bool tocsin_move(struct tocsin *site, const char *place, const void *zone_tzif, size_t zone_size,
                 const char *languages)
{
    struct site_where where;
    if (!where_make(&where, place, zone_tzif, zone_size, languages)) {
        return false;
    }
    settle(site, &where);
    site->is_stale = true;
    return true;
}

/* Bytes as they are, or those that a text holds; *owned, when not NULL, is the caller's to free. */
static enum tocsin_result unwrap(const void **bytes, size_t *size, uint8_t **owned)
{
    *owned = NULL;
    if (stream_is_one(*bytes, *size) || record_says_root(*bytes, *size)) {
        return TOCSIN_OK;
    }
    switch (armour_read(*bytes, *size, owned, size)) {
    case ARMOUR_OK:
        *bytes = *owned;
        return TOCSIN_OK;
    case ARMOUR_NO_MEMORY:
        return TOCSIN_NO_MEMORY;
    case ARMOUR_NONE: /* whoever reads them will say what they are not */
    case ARMOUR_CUT:
    case ARMOUR_DAMAGED:
        return TOCSIN_OK;
    }
    return TOCSIN_OK;
}

enum tocsin_result tocsin_anchor(struct tocsin *site, const void *bytes, size_t size,
                                 char why[TOCSIN_WHY_SIZE])
{
    char reason[ANCHORS_WHY_SIZE] = "no memory";
    uint8_t *owned;
    enum tocsin_result result = unwrap(&bytes, &size, &owned);
    if (result == TOCSIN_OK) {
        enum anchors_result taken = anchors_take(&site->anchors, bytes, size, reason);
        if (taken != ANCHORS_TAKEN) {
            result = taken == ANCHORS_NO_MEMORY ? TOCSIN_NO_MEMORY : TOCSIN_REFUSED;
        } else {
            reason[0] = '\0';
            forget_views(site); /* their order may be another one now */
            result = anchors_put(&site->anchors, site->ledger) ? TOCSIN_OK : TOCSIN_NO_MEMORY;
        }
    }
    if (result == TOCSIN_OK && stream_is_one(bytes, size)) {
        /* what else is in it is judged as from anywhere */
        if (tocsin_records(site, bytes, size, NULL) == TOCSIN_NO_MEMORY) {
            result = TOCSIN_NO_MEMORY;
        }
    }
    free(owned);
    snprintf(why, TOCSIN_WHY_SIZE, "%s", reason);
    return result;
}

/* The record of this id among those of a stream or alone; NULL: none. */
static const uint8_t *find_record(const struct record_id *id, const uint8_t *bytes, size_t size,
                                  size_t *record_size)
{
    struct record_id found;
    if (!stream_is_one(bytes, size)) {
        record_id_of(bytes, size, &found);
        *record_size = size;
        return record_id_equal(&found, id) ? bytes : NULL;
    }
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        record_id_of(item.record, item.record_size, &found);
        if (record_id_equal(&found, id)) {
            *record_size = item.record_size;
            return item.record;
        }
    }
    return NULL;
}

enum tocsin_result tocsin_anchor_by_id(struct tocsin *site, const char *id, const void *bytes,
                                       size_t size, char why[TOCSIN_WHY_SIZE])
{
    struct record_id wanted;
    if (!record_id_read(id, strlen(id), &wanted)) {
        snprintf(why, TOCSIN_WHY_SIZE, "the id of a root is 64 hexadecimal digits");
        return TOCSIN_REFUSED;
    }
    uint8_t *owned;
    enum tocsin_result result = unwrap(&bytes, &size, &owned);
    snprintf(why, TOCSIN_WHY_SIZE, "no memory");
    if (result == TOCSIN_OK) {
        size_t record_size;
        const uint8_t *record = find_record(&wanted, bytes, size, &record_size);
        result = record != NULL ? tocsin_anchor(site, record, record_size, why) : TOCSIN_REFUSED;
        if (record == NULL) {
            snprintf(why, TOCSIN_WHY_SIZE, "the root of id %.16s is not in it", id);
        } else if (result == TOCSIN_OK) { /* and its signatures */
            result = tocsin_records(site, bytes, size, NULL) == TOCSIN_NO_MEMORY ? TOCSIN_NO_MEMORY
                                                                                 : TOCSIN_OK;
        }
    }
    free(owned);
    return result;
}

bool tocsin_root(const struct tocsin *site, size_t n, struct tocsin_root *out)
{
    const struct record *anchor = site_anchor(site, n);
    if (anchor == NULL) {
        return false;
    }
    const struct record_root *is = &anchor->is.root;
    *out = (struct tocsin_root){
        .version = is->version, .threshold = is->threshold, .organizers = is->organizer_count};
    record_id_write(&anchor->id, out->id);
    proquint_write(anchor->id.bytes, out->words);
    record_unescape(is->name, out->name, sizeof out->name);
    anchors_describe(anchor, out->line);
    return true;
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
    uint8_t *owned;
    if (unwrap(&bytes, &size, &owned) == TOCSIN_NO_MEMORY) {
        return TOCSIN_NO_MEMORY;
    }
    struct ledger_policy policy = anchors_policy(&site->anchors);
    struct ledger_counts merged = {0};
    enum ledger_result result = ledger_merge(site->ledger, bytes, size, &policy, &merged);
    free(owned);
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

/* The newest that was accepted; NULL: there is no n-th constellation. */
static const struct record_root *newest_root(const struct tocsin *site, size_t n,
                                             const struct record_id **id)
{
    const struct record *anchor = site_anchor(site, n);
    if (anchor == NULL) {
        return NULL;
    }
    *id = record_root_of(anchor);
    const struct view_root *root =
        site->view[n] != NULL ? view_find_root(site->view[n], *id) : NULL;
    return &(root != NULL ? root->newest : anchor)->is.root;
}

bool tocsin_broker(const struct tocsin *site, size_t n, char out[TOCSIN_URL_SIZE])
{
    const struct record_id *id;
    const struct record_root *root;
    for (size_t i = 0; (root = newest_root(site, i, &id)) != NULL; i++) {
        for (size_t j = 0; j < root->broker_count; j++) {
            if (root->broker[j].len < TOCSIN_URL_SIZE && n-- == 0) {
                memcpy(out, root->broker[j].at, root->broker[j].len);
                out[root->broker[j].len] = '\0';
                return true;
            }
        }
    }
    return false;
}

bool tocsin_topic(const struct tocsin *site, size_t n, struct tocsin_topic *out)
{
    static const struct {
        enum tick_topic topic;
        int qos;
    } wanted[] = {{TICK_TOPIC_RECORDS, 1}, {TICK_TOPIC_STATUS, 0}, {TICK_TOPIC_TICK, 0}};
    enum { EACH = sizeof wanted / sizeof *wanted };
    size_t beacon = n / EACH;
    const struct record_id *id;
    const struct record_root *root;
    for (size_t i = 0; (root = newest_root(site, i, &id)) != NULL; i++) {
        if (beacon < root->beacon_count) {
            tick_topic_write(wanted[n % EACH].topic, id, &root->beacon[beacon].public.id,
                             out->name);
            out->qos = wanted[n % EACH].qos;
            return true;
        }
        beacon -= root->beacon_count;
    }
    return false;
}
