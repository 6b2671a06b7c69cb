/* hear.c -- what beacons say, held against what they signed before and what the roots say. */
#include <math.h>
#include <sodium.h>
#include <string.h>

#include "listener/internal.h"

/* Sessions of several brokers interleave: a stamp this far behind what is proved is still the
 * present. */
static const int64_t BEHIND_NS = 10 * NS_PER_S;
/* What people are told of one beacon's clock, at most so often: anybody can hold messages back. */
static const int64_t TELL_EVERY_NS = 10 * NS_PER_S;
/* Wrong signatures a second of one kind, by one broker for one constellation: of all of these 192,
 * less than a hundredth of a processor. */
static const double FORGED_PER_S = 16;
/* Nobody is called lost sooner. */
static const int64_t SILENCE_NS = 30 * NS_PER_S;

/* Whether any root names it. */
static bool is_key_known(const struct listener *listener, const struct record_key_id *key)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (record_key_id_equal(&beacon->key.id, key)) {
            return true;
        }
    }
    return false;
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

static void refuse(struct listener_update *update, uint64_t *counter, enum listener_fact fact)
{
    (*counter)++;
    if (listener_is_worth_telling(*counter)) {
        tell(update, fact)->number = (int64_t)*counter;
    }
}

static bool may_be_forged(struct listener_trust *trust, mono_raw at)
{
    double since_s = trust->has_begun ? (double)(at.ns - trust->at.ns) / 1e9 : 1;
    double left = trust->left + FORGED_PER_S * fmax(since_s, 0);
    *trust = (struct listener_trust){true, at, left < FORGED_PER_S ? left : FORGED_PER_S};
    return trust->left >= 1;
}

bool hear_verifies(struct listener *listener, const struct listener_beacon *beacon,
                   enum listener_kind_of_tick kind, const uint8_t *bytes, size_t size,
                   const struct listener_event *event, struct listener_update *update,
                   struct tick *out)
{
    struct listener_trust *trust = &listener->trust[event->link][beacon->constellation][kind];
    if (!may_be_forged(trust, event->clocks.raw)) {
        refuse(update, &listener->counts.unjudged, SAID_UNJUDGED);
        return false;
    }
    size_t signer;
    if (tick_verify(bytes, size, &beacon->key, 1, out, &signer) != TICK_OK) {
        trust->left -= 1;
        refuse(update, &listener->counts.bad_signature, SAID_BAD_SIGNATURE);
        return false;
    }
    return true;
}

static void call_liar(struct listener *listener, struct listener_beacon *beacon,
                      const struct listener_session *session, const uint8_t *bytes, size_t size,
                      struct listener_update *update)
{
    beacon->is_liar = true;
    discipline_drop(&listener->discipline, number_of(listener, beacon));
    update->has_proof = true;
    update->proof_beacon = beacon->key.id;
    update->proof_root = listener->constellation[beacon->constellation].root;
    update->proof[0] = session->bytes;
    update->proof_size[0] = session->size;
    update->proof[1] = bytes;
    update->proof_size[1] = size;
    proof_keep(
        listener,
        &(struct listener_event){
            .bytes = session->bytes, .size = session->size, .second = bytes, .second_size = size},
        &beacon->key.id);
    tell_of_beacon(update, SAID_LIES, beacon)->number = session->counter;
}

/* What a tick proves together with the last one that was kept of its session. */
static enum tick_lie lie_of(const struct listener_session *session, const struct tick *tick,
                            const uint8_t *bytes, size_t size)
{
    const struct tick kept = {.counter = session->counter};
    struct tick_hashed before = {.tick = &kept}, now = {.tick = tick};
    tick_hash(session->bytes, session->size, before.hash);
    tick_hash(bytes, size, now.hash);
    return tick_lie(&before, &now);
}

/* A tick whose counter was heard before: the same bytes over another way, a replay, or a proof. */
static void hear_again(struct listener *listener, struct listener_beacon *beacon,
                       const struct listener_session *session, const struct tick *tick,
                       const struct listener_event *event, struct listener_update *update)
{
    if (tick->counter < session->counter) {
        refuse(update, &listener->counts.replayed, SAID_OLDER_TICK);
        return;
    }
    if (lie_of(session, tick, event->bytes, event->size) == TICK_NO_LIE) {
        listener->counts.duplicate++;
        return;
    }
    struct tick verified;
    if (hear_verifies(listener, beacon, TICK_OF_A_KNOWN_ONE, event->bytes, event->size, event,
                      update, &verified)) {
        call_liar(listener, beacon, session, event->bytes, event->size, update);
    }
}

mono_raw hear_read_at(const struct listener_event *event)
{
    return event->clocks.raw.ns > event->arrived.ns ? event->clocks.raw : event->arrived;
}

void hear_judge(struct listener *listener, struct listener_beacon *beacon,
                enum discipline_heard heard, mono_raw at, struct listener_update *update)
{
    switch (heard) {
    case HEARD_GOOD:
        return;
    case HEARD_AFTER_STANDSTILL:
        tell(update, SAID_STOOD_STILL);
        ask_anew(listener, beacon->constellation);
        return;
    case HEARD_AHEAD:
    case HEARD_AGAINST_ITSELF:
        break;
    }
    ask_soon(listener, beacon->constellation);
    if (!beacon->has_told || at.ns - beacon->told.ns >= TELL_EVERY_NS) {
        beacon->has_told = true;
        beacon->told = at;
        tell_of_beacon(update, heard == HEARD_AHEAD ? SAID_READS_AHEAD : SAID_AGAINST_ITSELF,
                       beacon);
    }
}

/* How long it may say nothing. */
static int64_t patience_with(const struct listener_beacon *beacon)
{
    int64_t patience = 3 * (int64_t)beacon->next_ms * NS_PER_MS;
    return patience > SILENCE_NS ? patience : SILENCE_NS;
}

static void keep_in_session(struct listener_beacon *beacon, struct listener_session *session,
                            const struct tick *tick, instant time, const uint8_t *bytes,
                            size_t size, mono_raw arrived)
{
    if (session == NULL) {
        session = place_for_session(beacon);
        session->in_use = true;
        memcpy(session->id, tick->session, sizeof session->id);
    }
    session->counter = tick->counter;
    session->time = time;
    session->heard = arrived;
    session->size = size;
    memcpy(session->bytes, bytes, size);
}

bool hear_answering(struct listener *listener, struct listener_beacon *beacon,
                    const struct tick_answer *answer, const struct listener_event *event,
                    struct listener_update *update)
{
    struct listener_session *session = find_session(beacon, answer->tick.session);
    const uint8_t *bytes = answer->tick_bytes;
    size_t size = answer->tick_size;
    if (session != NULL && lie_of(session, &answer->tick, bytes, size) != TICK_NO_LIE) {
        call_liar(listener, beacon, session, bytes, size, update);
    } else if (session == NULL || answer->tick.counter > session->counter) {
        instant time =
            leaps_of_tick(listener, beacon->constellation, &answer->tick, event->arrived);
        keep_in_session(beacon, session, &answer->tick, time, bytes, size, event->arrived);
    }
    return beacon->is_liar;
}

static void accept(struct listener *listener, struct listener_beacon *beacon,
                   struct listener_session *session, const struct tick *tick, instant time,
                   const struct listener_event *event, struct listener_update *update)
{
    keep_in_session(beacon, session, tick, time, event->bytes, event->size, event->arrived);
    beacon->tick = *tick;
    if (!beacon->was_heard || beacon->is_silent) {
        tell_of_beacon(update,
                       tick->has_error     ? (beacon->was_heard ? SAID_BACK : SAID_HEARD)
                       : beacon->was_heard ? SAID_BACK_UNSYNCHRONISED
                                           : SAID_HEARD_UNSYNCHRONISED,
                       beacon);
    }
    if (event->arrived.ns - beacon->heard.ns > patience_with(beacon)) {
        beacon->called_lost = 0; /* who said so was right */
    }
    beacon->was_heard = true;
    beacon->is_silent = false;
    beacon->heard = event->arrived;
    beacon->link = event->link;
    beacon->next_ms = tick->next_ms;
    listener->counts.heard++;
    struct discipline_sample sample = {
        .arrived = hear_read_at(event),
        .waited = {hear_read_at(event).ns - event->arrived.ns},
        .sent = time,
        .has_error = tick->has_error,
        .error = {tick->error_ns},
    };
    size_t which = number_of(listener, beacon);
    hear_judge(listener, beacon, discipline_hear(&listener->discipline, which, &sample),
               event->arrived, update);
}

/* Whether it tells of a time that the beacon itself has proved to be past, or that a majority once
 * stood behind: an old one of a session that nobody remembers. */
static bool is_past(const struct listener *listener, const struct listener_beacon *beacon,
                    const struct tick *tick, instant time, mono_raw arrived)
{
    const struct discipline_source *source =
        &listener->discipline.source[number_of(listener, beacon)];
    return (beacon->has_newest && tick->time.ns < beacon->newest.ns - BEHIND_NS) ||
           (source->earliest.is_known &&
            instant_since(source->earliest.value, time).ns + (arrived.ns - source->earliest.at.ns) >
                BEHIND_NS);
}

/* The cheap questions first, as a signature costs 40 us: whoever floods us with what no beacon of
 * ours has just sent gets no more than a look at its bytes.  What contradicts itself is asked last,
 * since only what is signed proves that its beacon lies. */
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
    if (event->link >= LISTENER_LINKS_MAX ||
        tick_read(event->bytes, event->size, &tick, &kid, &payload, &payload_size) != TICK_OK) {
        refuse(update, &listener->counts.malformed, SAID_NO_TICK);
        return;
    }
    struct listener_beacon *beacon = find_beacon(listener, tick.root, &kid);
    if (beacon == NULL) {
        bool is_foreign = is_key_known(listener, &kid);
        refuse(update, is_foreign ? &listener->counts.foreign : &listener->counts.unknown_key,
               is_foreign ? SAID_FOREIGN_TICK : SAID_UNKNOWN_KEY);
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
    instant time = leaps_of_tick(listener, beacon->constellation, &tick, event->arrived);
    if ((session != NULL && time.tai_ns < session->time.tai_ns) ||
        is_past(listener, beacon, &tick, time, event->arrived)) {
        refuse(update, &listener->counts.replayed, SAID_BACK_IN_TIME);
        return;
    }
    if (!hear_verifies(listener, beacon,
                       session != NULL ? TICK_OF_A_KNOWN_ONE : TICK_OF_A_NEW_SESSION, event->bytes,
                       event->size, event, update, &tick)) {
        return;
    }
    if (session != NULL && lie_of(session, &tick, event->bytes, event->size) != TICK_NO_LIE) {
        call_liar(listener, beacon, session, event->bytes, event->size, update);
        return;
    }
    accept(listener, beacon, session, &tick, time, event, update);
}

void hear_status(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update)
{
    struct listener_beacon *beacon = find_beacon(listener, event->root.bytes, &event->beacon);
    if (beacon == NULL) {
        return;
    }
    if (!event->is_up && !event->is_retained && !beacon->is_silent) {
        if (!listener_is_worth_telling(++beacon->called_lost)) {
            return; /* anybody can say so, again and again; if it is true, silence will tell */
        }
        beacon->is_silent = true;
        tell_of_beacon(update, SAID_GONE, beacon);
    }
}

void hear_silence(struct listener *listener, mono_raw now, struct listener_update *update)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (beacon->was_heard && !beacon->is_silent && !beacon->is_liar &&
            now.ns - beacon->heard.ns > patience_with(beacon)) {
            beacon->is_silent = true;
            tell_of_beacon(update, SAID_SILENT, beacon)->number =
                (now.ns - beacon->heard.ns) / NS_PER_S;
        }
    }
}

/* Its place, a free one when it is new; LISTENER_CONSTELLATIONS_MAX when there is none. */
static size_t place_for_root(struct listener *listener, const struct record_id *root)
{
    size_t i = find_constellation(listener, root);
    if (i < LISTENER_CONSTELLATIONS_MAX) {
        return i;
    }
    for (i = 0; i < LISTENER_CONSTELLATIONS_MAX && listener->constellation[i].in_use; i++) {
    }
    return i;
}

/* What an earlier run has learned, or what the build knows. */
static struct discipline_memory memory_of(const struct listener *listener,
                                          const struct record_id *root)
{
    const struct leap_table *leap = &listener->options.leap;
    for (size_t i = 0; i < listener->options.memory_count; i++) {
        const struct listener_memory *kept = &listener->options.memory[i];
        if (record_id_equal(&kept->root, root)) {
            utc floor =
                kept->floor.ns > listener->options.floor.ns ? kept->floor : listener->options.floor;
            return (struct discipline_memory){kept->has_skew, kept->skew, kept->skew_doubt,
                                              leap_from_utc(leap, floor, NULL)};
        }
    }
    return (struct discipline_memory){.floor = leap_from_utc(leap, listener->options.floor, NULL)};
}

static void join_root(struct listener *listener, const struct view_root *root)
{
    size_t which = place_for_root(listener, &root->id);
    if (which == LISTENER_CONSTELLATIONS_MAX) {
        return;
    }
    const struct record_root *record = &root->newest->is.root;
    struct listener_constellation *constellation = &listener->constellation[which];
    if (!constellation->in_use) {
        *constellation = (struct listener_constellation){.in_use = true, .root = root->id};
    }
    record_unescape(record->name, constellation->name, sizeof constellation->name);
    struct discipline_memory memory = memory_of(listener, &root->id);
    discipline_join(&listener->discipline, which, record->beacon_count, record->expires, &memory);
}

/* Roots share the places for beacons fairly, whoever came first.  A free one is empty. */
static struct listener_beacon *place_for_beacon(struct listener *listener, size_t constellation,
                                                size_t roots)
{
    size_t quota = LISTENER_BEACONS_MAX / (roots > 2 ? roots : 2), taken = 0;
    struct listener_beacon *place = NULL;
    for (size_t i = listener->room.beacons; i-- > 0;) {
        if (!listener->beacon[i].in_use) {
            place = &listener->beacon[i];
        }
        taken += listener->beacon[i].in_use && listener->beacon[i].constellation == constellation;
    }
    return taken < quota ? place : NULL;
}

static void add_beacon(struct listener *listener, size_t constellation, size_t roots,
                       const struct record_key *key, struct listener_update *update)
{
    struct listener_beacon *beacon = place_for_beacon(listener, constellation, roots);
    if (beacon == NULL) {
        return; /* more beacons than places: the first ones will do */
    }
    discipline_add(&listener->discipline, number_of(listener, beacon), constellation);
    beacon->in_use = true;
    beacon->constellation = constellation;
    beacon->key = key->public;
    record_unescape(key->name, beacon->name, sizeof beacon->name);
    for (size_t i = 0; i < listener->newest_count; i++) {
        const struct listener_newest *newest = &listener->newest[i];
        if (record_key_id_equal(&newest->key, &key->public.id) &&
            record_id_equal(&newest->root, &listener->constellation[constellation].root)) {
            beacon->newest = newest->time;
            beacon->has_newest = true;
        }
    }
    (void)proof_judge(listener, beacon, update);
}

static bool is_named(const struct view *view, const struct record_id *id,
                     const struct listener_beacon *beacon)
{
    const struct view_root *root = view_find_root(view, id);
    if (root == NULL) {
        return false;
    }
    const struct record_root *record = &root->newest->is.root;
    const struct record_key *named =
        record_key_find(record->beacon, record->beacon_count, beacon->key.key);
    return named != NULL && record_key_id_equal(&named->public.id, &beacon->key.id);
}

void hear_roots(struct listener *listener, const struct listener_event *event,
                struct listener_update *update)
{
    const struct view *view = event->view;
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        const struct record_id *root = &listener->constellation[beacon->constellation].root;
        if (counts_for(event, root) && !is_named(view, root, beacon)) {
            memset(beacon, 0, sizeof *beacon);
            discipline_drop(&listener->discipline, number_of(listener, beacon));
        }
    }
    for (size_t i = 0; i < view->root_count; i++) {
        if (!counts_for(event, &view->root[i].id)) {
            continue;
        }
        join_root(listener, &view->root[i]);
        size_t constellation = find_constellation(listener, &view->root[i].id);
        const struct record_root *record = &view->root[i].newest->is.root;
        for (size_t j = 0; constellation < LISTENER_CONSTELLATIONS_MAX && j < record->beacon_count;
             j++) {
            if (find_beacon(listener, view->root[i].id.bytes, &record->beacon[j].public.id) ==
                NULL) {
                add_beacon(listener, constellation, view->root_count, &record->beacon[j], update);
            }
        }
    }
}
