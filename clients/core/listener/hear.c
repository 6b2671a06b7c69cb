#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "listener/mind.h"

/* Sessions of several brokers interleave: a stamp this far behind the newest is still the present.
 */
static const int64_t BEHIND_NS = 10 * NS_PER_S;
/* Nobody is called lost sooner. */
static const int64_t SILENCE_NS = 30 * NS_PER_S;

struct listener_beacon *hear_find_beacon(struct listener *listener, const struct record_key_id *key)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (listener->beacon[i].in_use && record_key_id_equal(&listener->beacon[i].key.id, key)) {
            return &listener->beacon[i];
        }
    }
    return NULL;
}

static struct listener_session *find_session(struct listener_beacon *beacon,
                                             const uint8_t id[static 8])
{
    for (size_t i = 0; i < LISTENER_SESSIONS_MAX; i++) {
        if (beacon->session[i].in_use && memcmp(beacon->session[i].id, id, 8) == 0) {
            return &beacon->session[i];
        }
    }
    return NULL;
}

/* A free place, or that of the session heard longest ago. */
static struct listener_session *place_for_session(struct listener_beacon *beacon)
{
    struct listener_session *oldest = &beacon->session[0];
    for (size_t i = 0; i < LISTENER_SESSIONS_MAX; i++) {
        if (!beacon->session[i].in_use) {
            return &beacon->session[i];
        }
        if (beacon->session[i].heard.ns < oldest->heard.ns) {
            oldest = &beacon->session[i];
        }
    }
    return oldest;
}

static void refuse(struct listener_update *update, uint64_t *counter, const char *what)
{
    (*counter)++;
    if (listener_is_worth_telling(*counter)) {
        tell(update, NEWS_REFUSED, NULL, "%s (%llu so far): ignored", what,
             (unsigned long long)*counter);
    }
}

static const char *name_of(const struct listener_beacon *beacon,
                           char out[static RECORD_KEY_ID_TEXT_SIZE])
{
    record_key_id_write(&beacon->key.id, out);
    return out;
}

static void call_liar(struct listener *listener, struct listener_beacon *beacon,
                      const struct listener_session *session, const struct listener_event *event,
                      struct listener_update *update)
{
    char key[RECORD_KEY_ID_TEXT_SIZE];
    beacon->is_liar = true;
    discipline_drop(&listener->discipline, (size_t)(beacon - listener->beacon));
    update->has_proof = true;
    update->proof_beacon = beacon->key.id;
    update->proof[0] = session->bytes;
    update->proof_size[0] = session->size;
    update->proof[1] = event->bytes;
    update->proof_size[1] = event->size;
    proof_keep(listener,
               &(struct listener_event){.bytes = session->bytes,
                                        .size = session->size,
                                        .second = event->bytes,
                                        .second_size = event->size},
               &beacon->key.id);
    tell(update, NEWS_LIAR, NULL,
         "beacon %s %s signed two different ticks %u of one session: it lies and is ignored from "
         "now on",
         name_of(beacon, key), beacon->name, (unsigned)session->counter);
}

/* A tick whose counter was heard before: the same bytes over another way, a replay, or a proof. */
static void hear_again(struct listener *listener, struct listener_beacon *beacon,
                       const struct listener_session *session, const struct tick *tick,
                       const struct listener_event *event, struct listener_update *update)
{
    if (tick->counter < session->counter) {
        refuse(update, &listener->counts.replayed, "a tick older than one heard before");
        return;
    }
    uint8_t before[TICK_PREVIOUS_SIZE], now[TICK_PREVIOUS_SIZE];
    tick_hash(session->bytes, session->size, before);
    tick_hash(event->bytes, event->size, now);
    if (memcmp(before, now, sizeof now) == 0) {
        listener->counts.duplicate++;
        return;
    }
    struct tick verified;
    size_t signer;
    if (tick_verify(event->bytes, event->size, &beacon->key, 1, &verified, &signer) == TICK_OK) {
        call_liar(listener, beacon, session, event, update);
    } else {
        refuse(update, &listener->counts.bad_signature, "a tick with a wrong signature");
    }
}

static void give_sample(struct listener *listener, const struct listener_beacon *beacon,
                        const struct tick *tick, const struct listener_event *event)
{
    struct discipline_sample sample = {
        .arrived = event->arrived,
        .sent = leaps_count_alike(listener, tick),
        .has_error = tick->has_error,
        .error = {tick->has_error ? tick->error_ns : 0},
        .has_rtt = false, /* of the beacon's own way nothing is known any more */
        .listener_rtt = event->rtt,
    };
    discipline_hear(&listener->discipline, (size_t)(beacon - listener->beacon), event->link,
                    &sample);
}

/* How long it may say nothing. */
static int64_t patience_with(const struct listener_beacon *beacon)
{
    int64_t patience = 3 * (int64_t)beacon->next_ms * NS_PER_MS;
    return patience > SILENCE_NS ? patience : SILENCE_NS;
}

static void accept(struct listener *listener, struct listener_beacon *beacon,
                   struct listener_session *session, const struct tick *tick,
                   const struct listener_event *event, struct listener_update *update)
{
    if (session == NULL) {
        session = place_for_session(beacon);
        memset(session, 0, sizeof *session);
        session->in_use = true;
        memcpy(session->id, tick->session, sizeof session->id);
    }
    session->counter = tick->counter;
    session->time = tick->time;
    session->heard = event->arrived;
    session->size = event->size;
    memcpy(session->bytes, event->bytes, event->size);
    if (!beacon->has_newest || tick->time.ns > beacon->newest.ns) {
        beacon->newest = tick->time;
        beacon->has_newest = true;
        beacon->tick = *tick;
    }
    char key[RECORD_KEY_ID_TEXT_SIZE];
    if (!beacon->was_heard || beacon->is_silent) {
        tell(update, NEWS_BEACON, NULL, "beacon %s %s %s%s", name_of(beacon, key), beacon->name,
             beacon->was_heard ? "is back" : "is heard",
             tick->has_error ? "" : "; its own clock is not synchronised");
    }
    if (event->arrived.ns - beacon->heard.ns > patience_with(beacon)) {
        beacon->called_lost = 0; /* who said so was right */
    }
    beacon->was_heard = true;
    beacon->is_silent = false;
    beacon->heard = event->arrived;
    beacon->next_ms = tick->next_ms;
    listener->counts.heard++;
    give_sample(listener, beacon, tick, event);
    ask_plan(listener, (size_t)(beacon - listener->beacon), event->link, event->arrived,
             tick->next_ms);
}

void hear_tick(struct listener *listener, const struct listener_event *event,
               struct listener_update *update)
{
    if (event->is_retained) {
        listener->counts.retained++; /* nobody knows how long it lay there */
        return;
    }
    struct tick tick;
    struct record_key_id kid;
    const uint8_t *payload;
    size_t payload_size;
    if (event->size > TICK_SIZE_MAX || event->link >= LISTENER_LINKS_MAX ||
        tick_read(event->bytes, event->size, &tick, &kid, &payload, &payload_size) != TICK_OK) {
        refuse(update, &listener->counts.malformed, "a message that is not a tick");
        return;
    }
    /* The cheap questions first: a signature costs 40 us. */
    struct listener_beacon *beacon = hear_find_beacon(listener, &kid);
    if (beacon == NULL) {
        refuse(update, &listener->counts.unknown_key,
               "a tick by a key that no root given here names");
        return;
    }
    if (memcmp(tick.root, beacon->root.bytes, sizeof tick.root) != 0) {
        refuse(update, &listener->counts.foreign, "a tick of another constellation");
        return;
    }
    if (beacon->is_liar) {
        listener->counts.by_liars++;
        return;
    }
    struct listener_session *session = find_session(beacon, tick.session);
    if (session != NULL && tick.counter <= session->counter) {
        hear_again(listener, beacon, session, &tick, event, update);
        return;
    }
    int64_t leap_ns = leaps_are_near(listener) ? NS_PER_S : 0; /* time itself goes back */
    if ((session != NULL && tick.time.ns < session->time.ns - leap_ns) ||
        (beacon->has_newest && tick.time.ns < beacon->newest.ns - BEHIND_NS)) {
        refuse(update, &listener->counts.replayed, "a tick that goes back in time");
        return;
    }
    size_t signer;
    if (tick_verify(event->bytes, event->size, &beacon->key, 1, &tick, &signer) != TICK_OK) {
        refuse(update, &listener->counts.bad_signature, "a tick with a wrong signature");
        return;
    }
    if (session != NULL && tick.counter == session->counter + 1 && tick.has_previous) {
        uint8_t before[TICK_PREVIOUS_SIZE];
        tick_hash(session->bytes, session->size, before);
        if (memcmp(before, tick.previous, sizeof before) != 0) {
            call_liar(listener, beacon, session, event, update);
            return;
        }
    }
    accept(listener, beacon, session, &tick, event, update);
}

void hear_status(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update)
{
    struct listener_beacon *beacon = hear_find_beacon(listener, &event->beacon);
    if (beacon == NULL) {
        return;
    }
    if (event->has_fan_out) {
        discipline_set_fan_out(&listener->discipline, (size_t)(beacon - listener->beacon),
                               event->fan_out);
    }
    if (!event->is_up && !event->is_retained && !beacon->is_silent) {
        char key[RECORD_KEY_ID_TEXT_SIZE];
        if (!listener_is_worth_telling(++beacon->called_lost)) {
            return; /* anybody can say so, again and again; if it is true, silence will tell */
        }
        beacon->is_silent = true;
        tell(update, NEWS_BEACON, NULL, "beacon %s %s is gone; the countdown goes on without it",
             name_of(beacon, key), beacon->name);
    }
}

void hear_silence(struct listener *listener, mono now, struct listener_update *update)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        struct listener_beacon *beacon = &listener->beacon[i];
        if (beacon->in_use && beacon->was_heard && !beacon->is_silent && !beacon->is_liar &&
            now.ns - beacon->heard.ns > patience_with(beacon)) {
            char key[RECORD_KEY_ID_TEXT_SIZE];
            beacon->is_silent = true;
            tell(update, NEWS_BEACON, NULL,
                 "beacon %s %s: silent for %lld s; the countdown goes on without it",
                 name_of(beacon, key), beacon->name,
                 (long long)((now.ns - beacon->heard.ns) / NS_PER_S));
        }
    }
}

static void add_beacon(struct listener *listener, const struct record_id *root,
                       const struct record_key *key, struct listener_update *update)
{
    struct listener_beacon *beacon = NULL;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX && beacon == NULL; i++) {
        if (!listener->beacon[i].in_use) {
            beacon = &listener->beacon[i];
        }
    }
    if (beacon == NULL) {
        return; /* more beacons than places: the first ones will do */
    }
    size_t index = (size_t)(beacon - listener->beacon);
    memset(beacon, 0, sizeof *beacon);
    discipline_drop(&listener->discipline, index);
    beacon->in_use = true;
    beacon->key = key->public;
    beacon->root = *root;
    snprintf(beacon->name, sizeof beacon->name, "%.*s",
             (int)(key->name.len < 63 ? key->name.len : 63),
             key->name.at != NULL ? key->name.at : "");
    for (size_t i = 0; i < listener->newest_count; i++) {
        if (record_key_id_equal(&listener->newest[i].key, &key->public.id)) {
            beacon->newest = listener->newest[i].time;
            beacon->has_newest = true;
        }
    }
    (void)proof_judge(listener, beacon, update);
}

static bool is_named(const struct view *view, const struct listener_beacon *beacon)
{
    const struct view_root *root = view_find_root(view, &beacon->root);
    if (root == NULL || root->newest == NULL) {
        return false;
    }
    const struct record_root *record = &root->newest->is.root;
    const struct record_key *named =
        record_key_find(record->beacon, record->beacon_count, beacon->key.key);
    return named != NULL && record_key_id_equal(&named->public.id, &beacon->key.id);
}

void hear_roots(struct listener *listener, const struct view *view, struct listener_update *update)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (listener->beacon[i].in_use && !is_named(view, &listener->beacon[i])) {
            memset(&listener->beacon[i], 0, sizeof listener->beacon[i]);
            discipline_drop(&listener->discipline, i);
        }
    }
    for (size_t i = 0; i < view->root_count; i++) {
        if (view->root[i].newest == NULL) {
            continue;
        }
        const struct record_root *record = &view->root[i].newest->is.root;
        for (size_t j = 0; j < record->beacon_count; j++) {
            if (hear_find_beacon(listener, &record->beacon[j].public.id) == NULL) {
                add_beacon(listener, &view->root[i].id, &record->beacon[j], update);
            }
        }
    }
}
