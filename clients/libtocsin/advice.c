/* advice.c -- clocks and messages become events, updates become advice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libtocsin/site.h"
#include "ticks/status.h"
#include "ticks/topic.h"

/* A view is of a time: what expires, or is locked, does so on its own. */
static const int64_t VIEW_EVERY_NS = 60 * NS_PER_S;

static void tell(struct tocsin *site, enum tocsin_news_kind kind, const struct listener_name *name,
                 const char *text)
{
    if (site->news_count == SITE_NEWS_MAX) {
        site->news_first = (site->news_first + 1) % SITE_NEWS_MAX;
        site->news_count--;
    }
    struct tocsin_news *news = &site->news[(site->news_first + site->news_count++) % SITE_NEWS_MAX];
    *news = (struct tocsin_news){.kind = kind};
    snprintf(news->text, sizeof news->text, "%s", text);
    if (name != NULL) {
        site_write_mark(name, news->mark);
    }
}

bool tocsin_news(struct tocsin *site, struct tocsin_news *out)
{
    if (site->news_count == 0) {
        return false;
    }
    *out = site->news[site->news_first];
    site->news_first = (site->news_first + 1) % SITE_NEWS_MAX;
    site->news_count--;
    return true;
}

static enum tocsin_news_kind news_kind(enum listener_news_kind kind)
{
    switch (kind) {
        CALLED(NEWS_ARMED, TOCSIN_NEWS_ARMED);
        CALLED(NEWS_JOINED, TOCSIN_NEWS_JOINED);
        CALLED(NEWS_MISSED, TOCSIN_NEWS_MISSED);
        CALLED(NEWS_BEFORE, TOCSIN_NEWS_BEFORE);
        CALLED(NEWS_STARTED, TOCSIN_NEWS_STARTED);
        CALLED(NEWS_ENDED, TOCSIN_NEWS_ENDED);
        CALLED(NEWS_MOVED, TOCSIN_NEWS_MOVED);
        CALLED(NEWS_WITHDRAWN, TOCSIN_NEWS_WITHDRAWN);
        CALLED(NEWS_BEACON, TOCSIN_NEWS_BEACON);
        CALLED(NEWS_LIAR, TOCSIN_NEWS_LIAR);
        CALLED(NEWS_REFUSED, TOCSIN_NEWS_REFUSED);
        CALLED(NEWS_CLOCK, TOCSIN_NEWS_CLOCK);
    }
    return TOCSIN_NEWS_REFUSED;
}

static void take_question(struct tocsin *site)
{
    const struct listener_update *update = site->update;
    if (site->question_count == SITE_QUESTIONS_MAX) {
        site->question_first = (site->question_first + 1) % SITE_QUESTIONS_MAX;
        site->question_count--;
    }
    struct site_question *question =
        &site->question[(site->question_first + site->question_count++) % SITE_QUESTIONS_MAX];
    *question = (struct site_question){
        .link = update->ask_link, .root = update->ask_root, .beacon = update->ask_beacon};
    memcpy(question->nonce, update->ask_nonce, sizeof question->nonce);
}

bool tocsin_question(struct tocsin *site, struct tocsin_question *out)
{
    if (site->question_count == 0) {
        return false;
    }
    const struct site_question *question = &site->question[site->question_first];
    out->broker = (unsigned)question->link;
    tick_topic_write(TICK_TOPIC_ASK, &question->root, &question->beacon, out->topic);
    tick_topic_write_answer(&question->root, &question->beacon, question->nonce, out->answer);
    memcpy(out->bytes, question->nonce, sizeof out->bytes);
    site->question_first = (site->question_first + 1) % SITE_QUESTIONS_MAX;
    site->question_count--;
    return true;
}

void tocsin_sent(struct tocsin *site, const uint8_t question[TOCSIN_QUESTION_SIZE], int64_t mono_ns)
{
    if (site->has_started) {
        listener_sent(site->mind, question, (mono_raw){mono_ns});
    }
}

static void step_once(struct tocsin *site, struct listener_event *event)
{
    event->clocks = site->clocks;
    listener_step(site->mind, event, site->update);
    const struct listener_update *update = site->update;
    for (size_t i = 0; i < update->news_count; i++) {
        const struct listener_news *news = &update->news[i];
        char text[LISTENER_NEWS_SIZE];
        listener_news_write(news, text);
        tell(site, news_kind(news->kind), news->has_occurrence ? &news->occurrence.name : NULL,
             text);
    }
    if (update->has_ask) {
        take_question(site);
    }
    site->is_unsaved |= update->mark_count > 0 || update->save_memory || update->has_proof;
}

/* The marks that the mind waits for, up to an id, are durable; or nothing here is meant to last. */
static void confirm(struct tocsin *site, uint64_t upto)
{
    for (size_t i = 0; i < site->mind->occurrence_count; i++) {
        uint64_t id = site->mind->occurrence[i].asked_id;
        if (id != 0 && id <= upto) {
            step_once(site, &(struct listener_event){.kind = LISTENER_MARKED, .id = id});
        }
    }
}

void site_step(struct tocsin *site, struct listener_event *event)
{
    step_once(site, event);
    if (!site->keeps_memory) {
        confirm(site, UINT64_MAX);
        site->is_unsaved = false;
    }
}

void tocsin_saved(struct tocsin *site)
{
    if (site->has_started) {
        confirm(site, site->written_upto);
    }
}

static void tell_alert(void *context, const struct view_alert *alert)
{
    char text[VIEW_SENTENCE_SIZE];
    view_alert_write(alert, text);
    tell(context, TOCSIN_NEWS_ALERT, NULL, text);
}

/* The time of a constellation, when it is known by now. */
static instant time_of(const struct tocsin *site, const struct record_id *root)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        if (site->mind->constellation[i].in_use &&
            record_id_equal(&site->mind->constellation[i].root, root)) {
            return listener_estimate(site->mind, root)->best;
        }
    }
    return leap_from_utc(leap_builtin(), site->clocks.host, NULL);
}

/* Each constellation's records by its own time: what another's beacons say of it decides nothing.
 * False for want of memory: an old view stays. */
static bool build_views(struct tocsin *site)
{
    size_t count;
    const struct view_entry *entry = ledger_entries(site->ledger, &count);
    const struct record_id *root;
    bool is_done = true;
    for (size_t i = 0; (root = site_root(site, i)) != NULL; i++) {
        instant now = time_of(site, root);
        struct view *view;
        if (!view_build(entry, count, site->anchors.anchor, site->anchors.count, now, &view)) {
            is_done = false;
            continue;
        }
        view_free(site->view[i]);
        site->view[i] = view;
        site->viewed[i] = now;
    }
    return is_done;
}

/* Of an earlier run, once there is room for them: there is for as many as there are beacons. */
static void tell_lies(struct tocsin *site)
{
    struct site_lie lie;
    while (site->mind->room.beacons > 0 && site_take_lie(site, &lie)) {
        site_step(site, &(struct listener_event){.kind = LISTENER_PROOF,
                                                 .bytes = lie.tick[0],
                                                 .size = lie.size[0],
                                                 .second = lie.tick[1],
                                                 .second_size = lie.size[1],
                                                 .where = "what an earlier run heard"});
    }
}

static void view_records(struct tocsin *site)
{
    const struct record_id *root;
    bool is_done = build_views(site);
    is_done &= site_make_room(site);
    struct listener_occurrence *lent =
        calloc(site->mind->room.occurrences + 1, sizeof *lent); /* some, whatever they are */
    site->mind->room.gathered = lent;
    for (size_t i = 0; (root = site_root(site, i)) != NULL; i++) {
        if (site->view[i] != NULL && lent != NULL) {
            site_step(site, &(struct listener_event){.kind = LISTENER_RECORDS,
                                                     .view = site->view[i],
                                                     .has_root = true,
                                                     .root = *root});
            view_tell_new(&site->seen, site->view[i], root, tell_alert, site);
        }
    }
    tell_lies(site);
    site->mind->room.gathered = NULL;
    free(lent);
    site->is_stale = !is_done || lent == NULL;
    site->has_changed = true;
    site_list(site);
}

/* Whether a view is of a time that is past, or never was. */
static bool is_view_old(const struct tocsin *site)
{
    const struct record_id *root;
    for (size_t i = 0; (root = site_root(site, i)) != NULL; i++) {
        span age = instant_since(listener_estimate(site->mind, root)->best, site->viewed[i]);
        if (age.ns > VIEW_EVERY_NS || age.ns < -NS_PER_S) {
            return true;
        }
    }
    return false;
}

static void start(struct tocsin *site)
{
    /* for want of memory: as many marks as there is room for, the last ones */
    (void)!site_make_room_for_marks(site, site->mark_count);
    struct listener_room room = site->mind->room;
    if (site->keep != NULL) {
        memcpy(site->options->memory, site->keep->memory, sizeof site->options->memory);
        site->options->memory_count = site->keep->memory_count;
    }
    listener_init(site->mind, &room, site->options, site->mark, site->mark_count,
                  site->keep != NULL ? site->keep->newest : NULL,
                  site->keep != NULL ? site->keep->newest_count : 0);
    free(site->keep);
    free(site->mark);
    free(site->options);
    site->keep = NULL;
    site->mark = NULL;
    site->options = NULL;
    site->has_started = true;
}

/* Starts the mind on first use, and tells it the records where they, or their time, have
 * changed. */
static void look(struct tocsin *site, const struct tocsin_clocks *clocks)
{
    site->clocks = (struct discipline_clocks){.now = {clocks->mono_ns},
                                              .raw = {clocks->mono_ns},
                                              .host = {clocks->utc_ns},
                                              .is_synchronised = clocks->is_synchronised,
                                              .bound = {clocks->bound_ns},
                                              .slept = {clocks->slept_ns}};
    if (!site->has_started) {
        start(site);
    }
    if (site->anchors.count > 0 && (site->is_stale || is_view_old(site))) {
        view_records(site);
    }
}

void tocsin_link(struct tocsin *site, const struct tocsin_clocks *clocks, unsigned broker,
                 bool is_up)
{
    look(site, clocks);
    site_step(site,
              &(struct listener_event){.kind = LISTENER_LINK, .link = broker, .is_up = is_up});
}

/* What a topic says of a message: of which beacon it is, and what. */
static bool read_topic(const struct tocsin *site, const char *topic, struct listener_event *out)
{
    for (size_t i = 0; i < site->mind->room.beacons; i++) {
        const struct listener_beacon *beacon = &site->mind->beacon[i];
        if (!beacon->in_use) {
            continue;
        }
        static const struct {
            enum tick_topic topic;
            enum listener_event_kind kind;
        } known[] = {{TICK_TOPIC_TICK, LISTENER_TICK},
                     {TICK_TOPIC_RECORDS, LISTENER_RECORDS},
                     {TICK_TOPIC_STATUS, LISTENER_STATUS},
                     {TICK_TOPIC_ASK, LISTENER_ANSWER}};
        out->root = site->mind->constellation[beacon->constellation].root;
        out->beacon = beacon->key.id;
        for (size_t j = 0; j < sizeof known / sizeof *known; j++) {
            char name[TICK_TOPIC_SIZE];
            tick_topic_write(known[j].topic, &out->root, &out->beacon, name);
            size_t length = strlen(name);
            bool is_answer = known[j].kind == LISTENER_ANSWER;
            if (strncmp(topic, name, length) == 0 &&
                strncmp(topic + length, is_answer ? "/answer/" : "", is_answer ? 8 : 1) == 0) {
                out->kind = known[j].kind;
                return true;
            }
        }
    }
    return false;
}

static enum tocsin_result hear_status(struct tocsin *site, struct listener_event *event)
{
    struct tick_status status;
    if (!tick_status_read((const char *)event->bytes, event->size, &status)) {
        return TOCSIN_REFUSED;
    }
    event->is_up = status.state == TICK_STATUS_UP;
    site_step(site, event);
    return TOCSIN_OK;
}

enum tocsin_result tocsin_heard(struct tocsin *site, const struct tocsin_clocks *clocks,
                                const struct tocsin_message *message)
{
    look(site, clocks);
    struct listener_event event = {.link = message->broker,
                                   .bytes = message->bytes,
                                   .size = message->size,
                                   .is_retained = message->is_retained,
                                   .arrived = {message->mono_ns}};
    if (message->broker >= LISTENER_LINKS_MAX || !read_topic(site, message->topic, &event)) {
        return TOCSIN_REFUSED;
    }
    const struct listener_counts *counts = &site->mind->counts, before = *counts;
    switch (event.kind) {
    case LISTENER_TICK:
        site_step(site, &event);
        return counts->heard > before.heard ? TOCSIN_OK : TOCSIN_REFUSED;
    case LISTENER_ANSWER:
        site_step(site, &event);
        return counts->unasked == before.unasked && counts->bad_signature == before.bad_signature &&
                       counts->unjudged == before.unjudged
                   ? TOCSIN_OK
                   : TOCSIN_REFUSED;
    case LISTENER_STATUS:
        return hear_status(site, &event);
    case LISTENER_RECORDS:
        return tocsin_records(site, message->bytes, message->size, NULL);
    case LISTENER_CLOCKS:
    case LISTENER_LINK:
    case LISTENER_MARKED:
    case LISTENER_FIRED:
    case LISTENER_PROOF:
        break; /* no topic has these */
    }
    return TOCSIN_REFUSED;
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

static enum tocsin_doubt doubt_kind(enum discipline_doubt doubt)
{
    switch (doubt) {
        CALLED(DOUBT_NONE, TOCSIN_DOUBT_NONE);
        CALLED(DOUBT_NOTHING_KNOWN, TOCSIN_DOUBT_NOTHING_KNOWN);
        CALLED(DOUBT_NOT_VOUCHED, TOCSIN_DOUBT_NOT_VOUCHED);
        CALLED(DOUBT_FAR_BEHIND, TOCSIN_DOUBT_FAR_BEHIND);
        CALLED(DOUBT_NO_MAJORITY, TOCSIN_DOUBT_NO_MAJORITY);
        CALLED(DOUBT_CAPPED, TOCSIN_DOUBT_CAPPED);
        CALLED(DOUBT_BELOW_FLOOR, TOCSIN_DOUBT_BELOW_FLOOR);
        CALLED(DOUBT_TOGETHER, TOCSIN_DOUBT_TOGETHER);
        CALLED(DOUBT_MAY_BE_AHEAD, TOCSIN_DOUBT_MAY_BE_AHEAD);
    }
    return TOCSIN_DOUBT_NOTHING_KNOWN;
}

static enum tocsin_rest rest_of(enum discipline_rest rest)
{
    switch (rest) {
        CALLED(REST_NOTHING, TOCSIN_RESTS_ON_NOTHING);
        CALLED(REST_FEW, TOCSIN_RESTS_ON_FEW);
        CALLED(REST_HOST, TOCSIN_RESTS_ON_HOST);
        CALLED(REST_BEACONS, TOCSIN_RESTS_ON_BEACONS);
    }
    return TOCSIN_RESTS_ON_NOTHING;
}

/* Sends questions until none is due: each step asks one. */
static void think(struct tocsin *site)
{
    size_t most = SITE_QUESTIONS_MAX;
    do {
        site_step(site, &(struct listener_event){.kind = LISTENER_CLOCKS});
    } while (site->update->has_ask && --most > 0);
}

bool tocsin_shot(const struct tocsin *site, size_t n, char mark[TOCSIN_MARK_SIZE],
                 int64_t *begin_mono_ns, bool *may_begin)
{
    for (size_t i = 0; i < site->update->shot_count; i++) {
        const struct listener_shot *shot = &site->update->shot[i];
        const struct listener_occurrence *occurrence = listener_find(site->mind, shot->id);
        if (occurrence != NULL && occurrence->state == LISTENER_ARMED && n-- == 0) {
            site_write_mark(&occurrence->name, mark);
            *begin_mono_ns = shot->target.ns;
            *may_begin = !shot->is_held;
            return true;
        }
    }
    return false;
}

/* Every value is worked out anew: a caller who keeps an old advice has nothing that a later one
 * builds on.  The times are those of the constellation whose window comes next. */
void tocsin_think(struct tocsin *site, const struct tocsin_clocks *clocks,
                  struct tocsin_advice *out)
{
    look(site, clocks);
    think(site);
    const struct listener_occurrence *next = choose(site->mind);
    const struct discipline_estimate *estimate =
        listener_estimate(site->mind, next != NULL ? &next->name.root : NULL);
    utc best = listener_utc(site->mind, estimate->best);
    *out = (struct tocsin_advice){
        .now_utc_ns = best.ns,
        .is_bounded = estimate->is_bounded,
        .earliest_utc_ns = INT64_MIN,
        .latest_utc_ns = INT64_MAX,
        .earliest_rests = rest_of(estimate->earliest_rests),
        .latest_rests = rest_of(estimate->latest_rests),
        .doubt_kind = doubt_kind(estimate->doubt),
        .doubt = estimate->doubt == DOUBT_NONE ? "" : listener_doubt_text(estimate->doubt),
        .must_save = site->keeps_memory && site->is_unsaved,
        .has_changed = site->has_changed,
        .wake_mono_ns = site->update->wake.ns,
    };
    site->has_changed = false;
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
    site_write_mark(&next->name, out->mark);
    instant release = {next->starts.tai_ns - site->mind->options.site.latency.ns};
    out->begin_mono_ns = discipline_when(estimate, release).ns;
    for (size_t i = 0; i < site->update->shot_count; i++) {
        if (site->update->shot[i].id == next->id) {
            out->begin_mono_ns = site->update->shot[i].target.ns;
            out->may_begin = !site->update->shot[i].is_held;
        }
    }
}

bool tocsin_freshness(const struct tocsin *site, size_t n, struct tocsin_freshness *out)
{
    const struct record_id *id = site_root(site, n);
    if (id == NULL) {
        return false;
    }
    *out = (struct tocsin_freshness){0};
    const struct view_root *root = site->view[n] != NULL ? view_find_root(site->view[n], id) : NULL;
    if (root != NULL) {
        struct view_freshness is = view_freshness(root, time_of(site, id));
        *out = (struct tocsin_freshness){.beacons = root->newest->is.root.beacon_count,
                                         .told = is.told,
                                         .needed = is.needed,
                                         .is_stale = is.is_stale,
                                         .has_until = root->beating_count > 0};
        if (out->has_until) {
            out->until_utc_ns = leap_to_utc(leap_builtin(), is.until, NULL).ns;
        }
    }
    return true;
}

bool tocsin_beacon(const struct tocsin *site, size_t n, struct tocsin_beacon *out)
{
    for (size_t i = 0; site->has_started && i < site->mind->room.beacons; i++) {
        const struct listener_beacon *beacon = &site->mind->beacon[i];
        if (!beacon->in_use || n-- > 0) {
            continue;
        }
        const struct listener_constellation *of = &site->mind->constellation[beacon->constellation];
        *out = (struct tocsin_beacon){.is_heard = beacon->was_heard,
                                      .is_lost = beacon->is_silent,
                                      .is_liar = beacon->is_liar,
                                      .agrees = of->estimate.verdict[i] == VERDICT_AGREES};
        record_key_id_write(&beacon->key.id, out->key);
        snprintf(out->name, sizeof out->name, "%s", beacon->name);
        const struct record_id *root;
        for (size_t j = 0; (root = site_root(site, j)) != NULL; j++) {
            out->root = record_id_equal(root, &of->root) ? j : out->root;
        }
        return true;
    }
    return false;
}
