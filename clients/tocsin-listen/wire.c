/* wire.c -- brokers and topics: what arrives is handed to the replica or the mind as it is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "instants/civil.h"
#include "instants/stamp.h"
#include "ticks/status.h"
#include "ticks/topic.h"
#include "tocsin-listen/internal.h"

enum { RECORDS_MAX = 256 * 1024 };
/* Turns of judging, and the rest after each; a view at least so often. */
enum { TURN_NS = 5 * NS_PER_MS, REST = 4, LEAST_REST_MS = 5, VIEW_WITHIN_NS = NS_PER_S / 4 };
static const int64_t NEAR_NS = 900 * NS_PER_S;

static void on_connected(void *context, struct ear *ear)
{
    struct link *link = context;
    link->was_up = true;
    link->was_told = false;
    link->up_since = uv_hrtime();
    link->denied = link->told_denied = 0;
    listen_note(link->listen, "broker", "broker %.300s: connected", ear_url(ear));
    listen_step(link->listen, &(struct listener_event){
                                  .kind = LISTENER_LINK, .link = link->index, .is_up = true});
}

static void on_lost(void *context, struct ear *ear, const char *why)
{
    struct link *link = context;
    snprintf(link->why, sizeof link->why, "%s", why);
    if (!link->was_told) { /* once, not at every try */
        listen_note(
            link->listen, "broker",
            "broker %.300s: %.160s: the countdown goes on without it, and it is tried again",
            ear_url(ear), why);
        link->was_told = true;
    }
    link->was_up = false;
    listen_step(link->listen, &(struct listener_event){
                                  .kind = LISTENER_LINK, .link = link->index, .is_up = false});
}

static void on_denied(void *context, struct ear *ear, const char *topic)
{
    (void)ear;
    struct link *link = context;
    link->denied++;
    snprintf(link->denied_topic, sizeof link->denied_topic, "%s", topic);
}

/* A stranger may send as many as a broker lets through. */
static void note_refusal(struct listen *listen, uint64_t *counter, const char *what)
{
    if (listener_is_worth_telling(++*counter)) {
        listen_note(listen, "refused", "%.320s (%" PRIu64 " so far)", what, *counter);
    }
}

/* An intake_judge. */
static bool judge_records(void *context, const uint8_t *bytes, size_t size)
{
    struct listen *listen = context;
    struct replica_counts counts;
    struct store_error error;
    enum store_result heard = replica_hear(&listen->replica, bytes, size, &counts, &error);
    const struct ledger_counts *merged = &counts.merged;
    if (heard == STORE_NO_MEMORY) {
        note_refusal(listen, &listen->unheld, "too little memory for a broker's records");
    } else if (merged->refused > 0) {
        note_refusal(listen, &listen->refused, counts.first_refusal);
    }
    if (heard == STORE_FAILED) {
        listen_note(listen, "store", "%s", error.message);
    }
    bool is_new = merged->records_new + merged->signatures_new > 0;
    listen->has_unviewed = listen->has_unviewed || is_new;
    return is_new;
}

static void end_records(void *context, bool is_malformed)
{
    struct listen *listen = context;
    if (is_malformed) {
        note_refusal(listen, &listen->broken_off,
                     "a broker's records break off: what is whole was taken");
    }
}

static bool is_start_near(const struct listen *listen)
{
    const struct listener_occurrence *next = listener_next(&listen->listener);
    return next != NULL &&
           instant_since(next->starts, listener_estimate(&listen->listener, &next->name.root)->best)
                   .ns < NEAR_NS;
}

static void on_intake(uv_timer_t *timer)
{
    struct listen *listen = timer->loop->data;
    uint64_t begun = uv_hrtime();
    bool is_more = intake_step(&listen->intake, begun, TURN_NS, is_start_near(listen));
    if (listen->has_unviewed && (!is_more || begun - listen->unviewed_since > VIEW_WITHIN_NS)) {
        listen->has_unviewed = false;
        listen->unviewed_since = begun;
        listen_view(listen);
    }
    if (is_more) {
        uint64_t rest_ms = REST * (uv_hrtime() - begun) / NS_PER_MS;
        uv_timer_start(timer, on_intake, rest_ms > LEAST_REST_MS ? rest_ms : LEAST_REST_MS, 0);
    }
}

static void hear_records(struct link *link, const struct listener_beacon *beacon,
                         const struct ear_message *message)
{
    struct listen *listen = link->listen;
    if (message->size > RECORDS_MAX ||
        !intake_put(&listen->intake, link->index, beacon->constellation, message->payload,
                    message->size)) {
        note_refusal(listen, &listen->unjudged, "a broker sends more records than can be judged");
    } else if (!uv_is_active((uv_handle_t *)&listen->judging)) {
        on_intake(&listen->judging);
    }
}

static bool is_topic(const struct listen *listen, const char *topic,
                     const struct listener_beacon *beacon, enum tick_topic which)
{
    char expected[TICK_TOPIC_SIZE];
    tick_topic_write(which, links_root(listen, beacon), &beacon->key.id, expected);
    return strcmp(topic, expected) == 0;
}

static void hear_status(struct link *link, const struct listener_beacon *beacon,
                        const struct ear_message *message)
{
    struct tick_status status;
    if (!tick_status_read((const char *)message->payload, message->size, &status)) {
        return; /* unsigned, for display: not worth a word */
    }
    link->listen->is_there[beacon - link->listen->listener.beacon] = status.state == TICK_STATUS_UP;
    listen_step(link->listen, &(struct listener_event){
                                  .kind = LISTENER_STATUS,
                                  .link = link->index,
                                  .root = *links_root(link->listen, beacon),
                                  .beacon = beacon->key.id,
                                  .is_retained = message->is_retained,
                                  .is_up = status.state == TICK_STATUS_UP,
                              });
}

/* Whether it is an answer to what was asked of this beacon: its topic ends in a burst's first
 * bytes.
 */
static bool is_answer(const struct listen *listen, const char *topic,
                      const struct listener_beacon *beacon)
{
    char ask[TICK_TOPIC_SIZE];
    tick_topic_write(TICK_TOPIC_ASK, links_root(listen, beacon), &beacon->key.id, ask);
    size_t length = strlen(ask);
    return strncmp(topic, ask, length) == 0 && strncmp(topic + length, "/answer/", 8) == 0;
}

/* A message is told by its topic alone, as subscribed to: what it says of itself is for the mind to
 * judge. */
static void on_message(void *context, struct ear *ear, const struct ear_message *message)
{
    (void)ear;
    struct link *link = context;
    struct listen *listen = link->listen;
    struct listener_event event = {
        .link = link->index,
        .bytes = message->payload,
        .size = message->size,
        .is_retained = message->is_retained,
        .arrived = clock_raw_seen(&listen->clock, message->arrived),
    };
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        const struct listener_beacon *beacon = &listen->listener.beacon[i];
        if (!beacon->in_use) {
            continue;
        }
        if (is_topic(listen, message->topic, beacon, TICK_TOPIC_TICK)) {
            link->has_heard |= !message->is_retained;
            event.kind = LISTENER_TICK;
            listen_step(listen, &event);
            return;
        }
        if (is_answer(listen, message->topic, beacon)) {
            event.kind = LISTENER_ANSWER;
            event.root = *links_root(listen, beacon);
            event.beacon = beacon->key.id;
            listen_step(listen, &event);
            return;
        }
        if (is_topic(listen, message->topic, beacon, TICK_TOPIC_RECORDS)) {
            hear_records(link, beacon, message);
            return;
        }
        if (is_topic(listen, message->topic, beacon, TICK_TOPIC_STATUS)) {
            hear_status(link, beacon, message);
            return;
        }
    }
}

static size_t subscriptions_of(const struct link *link)
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        count += 3 * (size_t)link->is_subscribed[i];
    }
    return count;
}

/* Questions go out and nothing comes back, though the beacon is heard; one that does not know the
 * time itself answers none. */
static const struct listener_beacon *find_unanswering(const struct link *link)
{
    enum { ASKED_MIN = 8 };
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        const struct listener_beacon *beacon = &link->listen->listener.beacon[i];
        if (beacon->in_use && beacon->was_heard && beacon->tick.has_error &&
            beacon->link == link->index && beacon->asking.asked >= ASKED_MIN &&
            beacon->asking.unanswered >= beacon->asking.asked) {
            return beacon;
        }
    }
    return NULL;
}

/* What a broker keeps from us it does not say: it is seen by what does not come. */
static void look_at(struct link *link)
{
    static const uint64_t QUIET_NS = UINT64_C(120) * NS_PER_S;
    const struct listener_beacon *beacon;
    if (!ear_is_connected(link->ear)) {
        return;
    }
    if (link->denied > link->told_denied) {
        link->told_denied = link->denied;
        listen_note(link->listen, "broker", "broker %.300s: it grants %s%s: may this user read it?",
                    ear_url(link->ear),
                    link->denied >= subscriptions_of(link) ? "none of the topics, such as "
                                                           : "no subscription to ",
                    link->denied_topic);
    }
    if (!link->has_heard && !link->was_told_unheard && uv_hrtime() - link->up_since > QUIET_NS) {
        link->was_told_unheard = true;
        listen_note(link->listen, "broker",
                    "broker %.300s: connected for 2 min, and no beacon is heard there: do beacons "
                    "use it, and may this user read their topics?",
                    ear_url(link->ear));
    }
    if (!link->was_told_unanswered && (beacon = find_unanswering(link)) != NULL) {
        char topic[TICK_TOPIC_SIZE];
        link->was_told_unanswered = true;
        tick_topic_write(TICK_TOPIC_ASK, links_root(link->listen, beacon), &beacon->key.id, topic);
        listen_note(link->listen, "broker",
                    "broker %.300s: %.60s answers no question: may this user publish to %s?",
                    ear_url(link->ear), beacon->name, topic);
    }
}

void wire_look(struct listen *listen)
{
    for (size_t i = 0; i < listen->link_count; i++) {
        look_at(&listen->link[i]);
    }
}

static void tell_foreign(struct listen *listen, struct text url)
{
    listen_note(listen, "broker",
                "the root's broker %.*s is for browsers: give its mqtt:// or mqtts:// URL with "
                "--broker",
                (int)(url.len < 200 ? url.len : 200), url.at);
}

/* What may be said of certificates by a host whose clock nothing vouches for. */
static void judge_own_clock(struct listen *listen, const struct discipline_clocks *clocks)
{
    listen->login = listen->options->login;
    utc least = clock_least();
    for (size_t i = 0; i < listen->state.keep.memory_count; i++) {
        utc floor = listen->state.keep.memory[i].floor;
        least = floor.ns > least.ns ? floor : least;
    }
    listen->least = clocks->host.ns > least.ns ? clocks->host : least;
    snprintf(listen->least_s, sizeof listen->least_s, "%" PRId64, listen->least.ns / NS_PER_S);
    listen->login.least_s = clocks->is_synchronised ? NULL : listen->least_s;
}

/* Both said, once, where it matters. */
static void tell_own_clock(struct listen *listen, const char *url)
{
    if (!text_has_scheme(url, "mqtts:") || listen->login.least_s == NULL ||
        listen->was_told_dates) {
        return;
    }
    listen->was_told_dates = true;
    listen_note(listen, "clock",
                "nothing vouches for this host's clock: from when a broker's certificate is valid "
                "is not judged, and its end by %s, the least that it can be",
                stamp_date_text(civil_from_utc(listen->least).date).text);
}

/* Brokers given by hand are all there are; else those that the roots name, by their newest
 * versions.  A URL that cannot be used ends the program here: a listener that hears nobody must not
 * seem to run. */
bool wire_open(struct listen *listen)
{
    intake_open(&listen->intake, judge_records, end_records, listen);
    const struct options *options = listen->options;
    const char *url[OPTIONS_BROKERS_MAX];
    char named[OPTIONS_BROKERS_MAX][512];
    size_t count = 0;
    for (; count < options->broker_count; count++) {
        url[count] = options->broker[count];
    }
    struct view *view;
    struct discipline_clocks clocks = listen_read_clocks(listen);
    judge_own_clock(listen, &clocks);
    if (count == 0 && !options->offline &&
        replica_view(&listen->replica, leap_from_utc(&listen->leap, clocks.host, NULL), &view)) {
        for (size_t i = 0; i < view->root_count; i++) {
            const struct record *root = view->root[i].newest;
            for (size_t j = 0;
                 root != NULL && j < root->is.root.broker_count && count < OPTIONS_BROKERS_MAX;
                 j++) {
                struct text text = root->is.root.broker[j];
                bool is_ours = text.len < sizeof named[0] && (strncmp(text.at, "mqtt", 4) == 0);
                if (is_ours) {
                    snprintf(named[count], sizeof named[count], "%.*s", (int)text.len, text.at);
                    url[count] = named[count];
                    count++;
                } else {
                    tell_foreign(listen, text);
                }
            }
        }
        view_free(view);
    }
    for (size_t i = 0; i < count; i++) {
        struct link *link = &listen->link[i];
        link->listen = listen;
        link->index = i;
        struct ear_handlers handlers = {.connected = on_connected,
                                        .lost = on_lost,
                                        .message = on_message,
                                        .denied = on_denied,
                                        .context = link};
        const char *why = "";
        link->ear = ear_new(&listen->loop, url[i], &listen->login, &handlers, &why);
        if (link->ear == NULL) {
            say_error("--broker %.300s: %s", url[i], why);
            listen->exit_code = EXIT_USAGE;
            return false;
        }
        listen->link_count = i + 1;
        tell_own_clock(listen, url[i]);
    }
    links_subscribe(listen);
    return true;
}

void wire_close(struct listen *listen)
{
    for (size_t i = 0; i < listen->link_count; i++) {
        ear_close(listen->link[i].ear);
    }
    listen->link_count = 0;
    intake_close(&listen->intake);
}
