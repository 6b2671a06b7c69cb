/* queue.c -- what is to happen, in order; messages; the world's beginning, course and end. */
#include "sim.h"

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

void sim_schedule(struct sim *sim, struct sim_event event)
{
    struct sim_queue *queue = &sim->queue;
    event.at = event.at < sim->now ? sim->now : event.at;
    event.order = queue->next_order++;
    if (queue->count == queue->size) {
        queue->size = queue->size == 0 ? 1024 : 2 * queue->size;
        queue->event = realloc(queue->event, queue->size * sizeof *queue->event);
        if (queue->event == NULL) {
            abort();
        }
    }
    size_t at = queue->count++;
    while (at > 0 && is_before(&event, &queue->event[(at - 1) / 2])) {
        queue->event[at] = queue->event[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->event[at] = event;
}

bool sim_pop(struct sim *sim, struct sim_event *out)
{
    struct sim_queue *queue = &sim->queue;
    if (queue->count == 0) {
        return false;
    }
    *out = queue->event[0];
    struct sim_event last = queue->event[--queue->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < queue->count && is_before(&queue->event[child + 1], &queue->event[child])) {
            child++;
        }
        if (child >= queue->count || !is_before(&queue->event[child], &last)) {
            break;
        }
        queue->event[at] = queue->event[child];
        at = child;
    }
    queue->event[at] = last;
    return true;
}

struct sim_message *sim_message_new(enum sim_message_kind kind, size_t beacon)
{
    struct sim_message *message = malloc(sizeof *message);
    if (message == NULL) {
        abort();
    }
    memset(message, 0, offsetof(struct sim_message, bytes));
    message->references = 1;
    message->kind = kind;
    message->beacon = beacon;
    return message;
}

struct sim_message *sim_message_keep(struct sim_message *message)
{
    message->references++;
    return message;
}

void sim_message_drop(struct sim_message *message)
{
    if (message != NULL && --message->references == 0) {
        free(message);
    }
}

void sim_mix(struct sim *sim, uint64_t value)
{
    struct chance mixer = {sim->digest ^ value};
    sim->digest = chance_bits(&mixer);
}

struct chance sim_chance(uint64_t seed, unsigned kind, size_t number)
{
    struct chance chance = {seed ^ (UINT64_C(0xd1342543de82ef95) * kind) ^
                            (UINT64_C(0xaf251af3b0f025b5) * (number + 1))};
    (void)chance_bits(&chance);
    return (struct chance){chance_bits(&chance)};
}

utc sim_utc_at(const struct sim *sim, int64_t at)
{
    return (utc){at >= sim->leap_at ? at - NS_PER_S : at};
}

instant sim_tai(const struct sim *sim)
{
    int64_t offset_s = leap_tai_minus_utc(&sim->leap, (utc){sim->begin}, NULL);
    return (instant){sim->now + offset_s * NS_PER_S};
}

int64_t sim_true_at(const struct sim *sim, double at_s)
{
    int64_t at = sim->zero.ns + (int64_t)llround(at_s * 1e9);
    return at >= sim->leap_at ? at + NS_PER_S : at;
}

void sim_at(struct sim *sim, double at_s, void (*run)(struct sim *, const struct sim_event *),
            size_t who, int64_t value)
{
    sim_schedule(sim, (struct sim_event){
                          .at = sim_true_at(sim, at_s), .run = run, .who = who, .value = value});
}

void sim_run(struct sim *sim, double until_s)
{
    int64_t until = sim_true_at(sim, until_s);
    while (sim->queue.count > 0 && sim->queue.event[0].at <= until && sim->violation[0] == '\0') {
        struct sim_event event;
        if (!sim_pop(sim, &event)) {
            break;
        }
        sim->now = event.at;
        sim_mix(sim, (uint64_t)event.at ^ event.order << 40 ^ event.who);
        event.run(sim, &event);
        sim_message_drop(event.message);
    }
    sim->now = sim->now < until ? until : sim->now;
}

void sim_tell(struct sim *sim, const char *who, const char *format, ...)
{
    double left = (double)(sim_utc(sim).ns - sim->zero.ns) / 1e9;
    char *at = sim->timeline + sim->timeline_size;
    size_t room = sizeof sim->timeline - sim->timeline_size;
    if (room < 600) {
        return;
    }
    left = left > -0.05 && left < 0 ? 0 : left;
    int size = snprintf(at, room, "[%8.1fs] %s > ", left, who);
    va_list arguments;
    va_start(arguments, format);
    size += vsnprintf(at + size, room - (size_t)size - 1, format, arguments);
    va_end(arguments);
    at[size++] = '\n';
    at[size] = '\0';
    sim->timeline_size += (size_t)size;
}

static void each_period(struct sim *sim, const struct sim_event *event)
{
    for (size_t i = 0; i < sim->beacon_count; i++) {
        sim_clock_wander(sim, &sim->beacon[i].clock, &sim->beacon[i].chance);
    }
    for (size_t i = 0; i < sim->listener_count; i++) {
        struct sim_listener *listener = &sim->listener[i];
        if (listener->asleep_until <= sim->now) {
            sim_clock_wander(sim, &listener->clock, &listener->chance);
        }
    }
    struct sim_event next = *event;
    next.message = NULL;
    next.at += SIM_CLOCK_PERIOD_S * NS_PER_S;
    sim_schedule(sim, next);
}

void sim_open(struct sim *sim, uint64_t seed, const char *zero, double before_s, size_t beacons,
              size_t brokers)
{
    struct sim_event *events = sim->queue.event; /* the room is kept from world to world */
    size_t size = sim->queue.size;
    size_t listeners = sim->listener_count;
    memset(sim, 0, offsetof(struct sim, listener));
    memset(sim->listener, 0, listeners * sizeof *sim->listener);
    size_t rest = offsetof(struct sim, listener) + sizeof sim->listener;
    memset((char *)sim + rest, 0, sizeof *sim - rest);
    sim->queue.event = events;
    sim->queue.size = size;
    sim->seed = sim->digest = seed;
    sim->chance = sim_chance(seed, 0, 0);
    sim->leap = *leap_builtin();
    sim->leap_at = INT64_MAX;
    sim->cadence = CADENCE_LIVELY;
    assert_true(stamp_read(zero, strlen(zero), &sim->zero));
    sim->begin = sim->now = sim->zero.ns - (int64_t)(before_s * 1e9);
    sim->judges_truth = true;

    sim->records.now = leap_from_utc(&sim->leap, (utc){sim->begin}, NULL);
    struct forge_root root = {.threshold = 2, .organizer = {1, 2, 3}, .name = "The World"};
    for (unsigned i = 0; i < beacons; i++) {
        root.beacon[i] = 11 + i;
    }
    sim_put(sim, forge_make_root(root), BY(1, 2), (struct sim_truth){.is_true = true});
    sim->records.anchor.root = sim->records.record[0];

    for (size_t i = 0; i < brokers; i++) {
        struct sim_broker *broker = &sim->broker[sim->broker_count++];
        broker->is_up = true;
        broker->chance = sim_chance(seed, 2, i);
        broker->forward_ns = (int64_t)chance_between(&broker->chance, 100e3, 300e3);
        broker->each_ns = 15 * NS_PER_US;
    }
    for (size_t i = 0; i < beacons; i++) {
        sim_add_beacon(sim, &PROFILES[0]);
    }
    sim_schedule(sim, (struct sim_event){.at = sim->begin + SIM_CLOCK_PERIOD_S * NS_PER_S,
                                         .run = each_period});
}

void sim_close(struct sim *sim)
{
    for (size_t i = 0; i < sim->queue.count; i++) {
        sim_message_drop(sim->queue.event[i].message);
    }
    sim->queue.count = 0;
    for (size_t i = 0; i < sim->broker_count; i++) {
        for (size_t j = 0; j < SIM_BEACONS_MAX; j++) {
            sim_message_drop(sim->broker[i].retained_tick[j]);
        }
        sim_message_drop(sim->broker[i].retained_records);
    }
    for (size_t i = 0; i < sim->heard_count; i++) {
        sim_message_drop(sim->heard[i]);
    }
    for (size_t i = 0; i < SIM_VIEWS_MAX; i++) {
        view_free(sim->view[i].view);
    }
    for (size_t i = 0; i < sim->beacon_count; i++) {
        trust_secret_free(sim->beacon[i].key.secret);
    }
    for (size_t i = 0; i < sim->records.count; i++) {
        record_free(sim->records.record[i]);
    }
}
