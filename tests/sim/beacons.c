/* beacons.c -- the shell of a herald: clocks and connections to it, ticks from it. */
#include "sim.h"

static void act(struct sim *sim, size_t which, const struct herald_update *update);

static struct herald_clocks clocks_of(const struct sim *sim, const struct sim_beacon *beacon)
{
    return (struct herald_clocks){
        .utc = {sim_clock_host(sim, &beacon->clock).ns + beacon->lie_ns},
        .has_error = beacon->has_error,
        .error_ns = beacon->clock.bound,
        .has_tai = true,
        .tai_minus_utc_s = 37 + (sim->now >= sim->leap_at),
    };
}

static void step(struct sim *sim, size_t which, struct herald_event event)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    struct herald_update update;
    event.clocks = clocks_of(sim, beacon);
    herald_step(&beacon->herald, &event, &update);
    sim->steps++;
    act(sim, which, &update);
}

static void give_view(struct sim *sim, size_t which)
{
    step(sim, which,
         (struct herald_event){
             .kind = HERALD_VIEW,
             .view = sim_view(sim, sim->beacon[which].known,
                              sim_clock_host(sim, &sim->beacon[which].clock)),
         });
}

static void on_wake(struct sim *sim, const struct sim_event *event)
{
    const struct sim_beacon *beacon = &sim->beacon[event->who];
    if (beacon->is_running && beacon->wake_at == event->at) {
        step(sim, event->who, (struct herald_event){.kind = HERALD_WAKE});
    }
}

static void reach_broker(struct sim *sim, const struct sim_event *event)
{
    if (sim->beacon[event->who].path[event->link].generation == event->generation) {
        sim_publish(sim, event->link, event->message);
    }
}

/* Takes the message over. */
static void send(struct sim *sim, size_t which, size_t broker, struct sim_message *message)
{
    struct sim_path *path = &sim->beacon[which].path[broker];
    sim_schedule(sim, (struct sim_event){.at = sim_carry(sim, &path->up, sim->now),
                                         .run = reach_broker,
                                         .who = which,
                                         .link = broker,
                                         .generation = path->generation,
                                         .message = message});
}

static void send_bytes(struct sim *sim, size_t which, size_t broker, const uint8_t *bytes,
                       size_t size)
{
    struct sim_message *message = sim_message_new(SIM_TICK, which);
    message->size = size;
    memcpy(message->bytes, bytes, size);
    send(sim, which, broker, message);
    sim->ticks++;
}

static void send_answers(struct sim *sim, size_t which, size_t broker, const struct tick_echo *tree,
                         const struct herald_update *update)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    for (size_t i = 0; i < beacon->asked[broker]; i++) {
        struct sim_message *message = sim_message_new(SIM_ANSWER, which);
        message->asker = beacon->asker[broker][i];
        message->size = tick_echo_answer(tree, i, update->tick, update->tick_size, message->bytes);
        send(sim, which, broker, message);
    }
    beacon->asked[broker] = 0;
}

/* The same number signed again over another time. */
static void equivocate(struct sim *sim, size_t which, size_t broker,
                       const struct herald_update *update)
{
    struct tick tick;
    struct record_key_id kid;
    const uint8_t *payload;
    size_t payload_size;
    uint8_t bytes[TICK_SIZE_MAX];
    assert_int_equal(
        tick_read(update->tick, update->tick_size, &tick, &kid, &payload, &payload_size), TICK_OK);
    tick.time.ns += 7 * NS_PER_MS;
    send_bytes(sim, which, broker, bytes, tick_write(&tick, sim->beacon[which].key.secret, bytes));
}

static void stamp(struct sim *sim, size_t which, size_t broker)
{
    static struct tick_echo tree; /* a megabyte */
    struct sim_beacon *beacon = &sim->beacon[which];
    struct sim_path *path = &beacon->path[broker];
    struct herald_event event = {.kind = HERALD_STAMP,
                                 .link = broker,
                                 .clocks = clocks_of(sim, beacon),
                                 .has_path = true,
                                 .path_us = (uint32_t)(path->up.min_rtt_s * 1e6)};
    if (beacon->asked[broker] > 0) {
        tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])beacon->nonce[broker],
                        beacon->asked[broker]);
        event.echo = tick_echo_root(&tree);
    }
    struct herald_update update;
    herald_step(&beacon->herald, &event, &update);
    if (update.tick_size == 0) {
        return;
    }
    send_answers(sim, which, broker, &tree, &update);
    send_bytes(sim, which, broker, update.tick, update.tick_size);
    if (beacon->is_equivocating) {
        equivocate(sim, which, broker, &update);
    }
}

static void act(struct sim *sim, size_t which, const struct herald_update *update)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    for (size_t i = 0; i < SIM_BROKERS_MAX; i++) {
        if ((update->send >> i & 1) != 0) {
            stamp(sim, which, i);
        }
    }
    if (update->wants_view) {
        give_view(sim, which); /* sets the next wake */
        return;
    }
    beacon->wake_at = sim->now + update->wake.ns;
    sim_schedule(sim, (struct sim_event){.at = beacon->wake_at, .run = on_wake, .who = which});
}

static void send_records(struct sim *sim, size_t which, size_t broker)
{
    struct sim_message *message = sim_message_new(SIM_RECORDS, which);
    message->records = sim->beacon[which].known;
    send(sim, which, broker, message);
}

static void publish_will(struct sim *sim, const struct sim_event *event)
{
    if (sim->broker[event->link].is_up && !sim->beacon[event->who].path[event->link].is_up) {
        sim_publish(sim, event->link, event->message);
    }
}

void sim_beacon_link(struct sim *sim, size_t which, size_t broker, bool is_up)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    beacon->path[broker].is_up = is_up;
    beacon->asked[broker] = 0;
    struct sim_message *status = sim_message_new(SIM_STATUS, which);
    status->is_up = is_up;
    if (is_up) {
        struct herald_event event = {.kind = HERALD_LINK_UP, .link = broker};
        uint64_t session = chance_bits(&beacon->chance);
        memcpy(event.session, &session, sizeof session);
        step(sim, which, event);
        status->has_fan_out = beacon->reports_fan_out;
        status->fan_out.ns = sim->broker[broker].forward_ns + 2 * NS_PER_MS;
        send(sim, which, broker, status);
        send_records(sim, which, broker);
        return;
    }
    if (beacon->is_running) {
        step(sim, which, (struct herald_event){.kind = HERALD_LINK_DOWN, .link = broker});
        sim_connect(sim, true, which, broker, (int64_t)chance_between(&beacon->chance, 0.2e9, 2e9));
    } else {
        beacon->path[broker].generation++;
    }
    sim_schedule(sim, (struct sim_event){.at = sim->now + 8 * NS_PER_S,
                                         .run = publish_will,
                                         .who = which,
                                         .link = broker,
                                         .message = status});
}

void sim_beacon_learn(struct sim *sim, size_t which, uint64_t records)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    beacon->known |= records;
    if (!beacon->is_running) {
        return;
    }
    give_view(sim, which);
    for (size_t i = 0; i < sim->broker_count; i++) {
        if (beacon->path[i].is_up) {
            send_records(sim, which, i);
        }
    }
}

void sim_beacon_hear(struct sim *sim, const struct sim_event *event)
{
    struct sim_beacon *beacon = &sim->beacon[event->who];
    size_t at = beacon->asked[event->link];
    if (!beacon->is_running || beacon->path[event->link].generation != event->generation ||
        at == 64) {
        return;
    }
    memcpy(beacon->nonce[event->link][at], event->message->bytes, TICK_NONCE_SIZE);
    beacon->asker[event->link][at] = event->message->asker;
    beacon->asked[event->link]++;
}

void sim_beacon_start(struct sim *sim, size_t which)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    beacon->is_running = true;
    herald_init(&beacon->herald, &sim->records.anchor.root->id, beacon->key.secret, &sim->leap);
    give_view(sim, which);
    for (size_t i = 0; i < sim->broker_count; i++) {
        if (beacon->path[i].is_used) {
            sim_connect(sim, true, which, i,
                        (int64_t)chance_between(&beacon->chance, 0.05e9, 0.5e9));
        }
    }
}

void sim_beacon_stop(struct sim *sim, size_t which)
{
    sim->beacon[which].is_running = false;
    for (size_t i = 0; i < sim->broker_count; i++) {
        if (sim->beacon[which].path[i].is_up) {
            sim_beacon_link(sim, which, i, false);
        }
    }
}

size_t sim_add_beacon(struct sim *sim, const struct profile *profile)
{
    size_t which = sim->beacon_count++;
    struct sim_beacon *beacon = &sim->beacon[which];
    beacon->chance = sim_chance(sim->seed, 1, which);
    beacon->key = forge_key(11 + (unsigned)which);
    beacon->has_error = beacon->is_honest = true;
    beacon->known = 1;
    sim_clock_held(sim, &beacon->clock, NS_PER_MS, chance_between(&beacon->chance, -0.9, 0.9));
    for (size_t i = 0; i < sim->broker_count; i++) {
        sim_path_use(&beacon->path[i], profile);
    }
    return which;
}
