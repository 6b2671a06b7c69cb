/* beacons.c -- the shell of a herald: clocks and connections to it, ticks from it. */
#include "sim.h"

static void act(struct sim *sim, size_t which, const struct herald_event *event,
                const struct herald_update *update);

static struct herald_clocks clocks_of(const struct sim *sim, const struct sim_beacon *beacon)
{
    return (struct herald_clocks){
        .utc = {sim_clock_host(sim, &beacon->clock).ns + beacon->lie_ns},
        .mono = sim_clock_mono(sim, &beacon->clock),
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
    act(sim, which, &event, &update);
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

static void forget_questions(struct sim_beacon *beacon, size_t broker)
{
    tick_questions_begin(&beacon->questions[broker], chance_bits(&beacon->chance));
    beacon->asked[broker] = 0;
}

/* Each to the listener who asked: the nonce tells whose it was, as its topic does outside. */
static void answer(struct sim *sim, size_t which, size_t broker)
{
    static struct tick_tree tree; /* a megabyte */
    struct sim_beacon *beacon = &sim->beacon[which];
    struct tick_questions *questions = &beacon->questions[broker];
    tick_questions_draw(questions);
    tick_tree_build(&tree, questions->question, questions->count);
    struct herald_update update;
    herald_step(&beacon->herald,
                &(struct herald_event){.kind = HERALD_ANSWER,
                                       .link = broker,
                                       .clocks = clocks_of(sim, beacon),
                                       .echo = tick_tree_root(&tree)},
                &update);
    for (size_t i = 0; update.tick_size > 0 && i < questions->count; i++) {
        struct sim_message *message = sim_message_new(SIM_ANSWER, which);
        for (size_t j = 0; j < beacon->asked[broker]; j++) {
            if (memcmp(beacon->nonce[broker][j], questions->question[i].nonce, TICK_NONCE_SIZE) ==
                0) {
                message->asker = beacon->asker[broker][j];
            }
        }
        message->size = tick_answer_write(&tree, i, &questions->question[i], update.tick,
                                          update.tick_size, message->bytes);
        send(sim, which, broker, message);
    }
    forget_questions(beacon, broker);
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
    struct sim_beacon *beacon = &sim->beacon[which];
    struct herald_update update;
    herald_step(&beacon->herald,
                &(struct herald_event){
                    .kind = HERALD_STAMP, .link = broker, .clocks = clocks_of(sim, beacon)},
                &update);
    if (update.tick_size == 0) {
        return;
    }
    send_bytes(sim, which, broker, update.tick, update.tick_size);
    if (beacon->is_equivocating) {
        equivocate(sim, which, broker, &update);
    }
}

static void on_attend(struct sim *sim, const struct sim_event *event)
{
    const struct sim_beacon *beacon = &sim->beacon[event->who];
    if (beacon->is_running && beacon->attend_at == event->at) {
        step(sim, event->who, (struct herald_event){.kind = HERALD_ATTEND});
    }
}

static bool is_of_an_ear(const struct herald_event *event)
{
    return event->kind >= HERALD_EAR_UP;
}

static void act(struct sim *sim, size_t which, const struct herald_event *event,
                const struct herald_update *update)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    for (size_t i = 0; i < SIM_BROKERS_MAX; i++) {
        if ((update->send >> i & 1) != 0) {
            stamp(sim, which, i);
        }
        if ((update->answer >> i & 1) != 0) {
            answer(sim, which, i);
        }
    }
    if (update->has_attend) {
        beacon->attend_at = sim->now + update->attend.ns;
        sim_schedule(sim,
                     (struct sim_event){.at = beacon->attend_at, .run = on_attend, .who = which});
    }
    if (is_of_an_ear(event)) {
        return;
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
    forget_questions(beacon, broker);
    struct sim_message *status = sim_message_new(SIM_STATUS, which);
    status->is_up = is_up;
    if (is_up) {
        struct herald_event event = {.kind = HERALD_LINK_UP, .link = broker};
        uint64_t session = chance_bits(&beacon->chance);
        memcpy(event.session, &session, sizeof session);
        step(sim, which, event);
        event.kind = HERALD_EAR_UP;
        session = chance_bits(&beacon->chance);
        memcpy(event.session, &session, sizeof session);
        step(sim, which, event);
        send(sim, which, broker, status);
        send_records(sim, which, broker);
        return;
    }
    if (beacon->is_running) {
        step(sim, which, (struct herald_event){.kind = HERALD_LINK_DOWN, .link = broker});
        step(sim, which, (struct herald_event){.kind = HERALD_EAR_DOWN, .link = broker});
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
    tick_questions_add(&beacon->questions[event->link], event->message->bytes,
                       clocks_of(sim, beacon).utc);
    if (beacon->questions[event->link].count == 1) {
        step(sim, event->who, (struct herald_event){.kind = HERALD_ASKED, .link = event->link});
    }
}

void sim_beacon_start(struct sim *sim, size_t which)
{
    struct sim_beacon *beacon = &sim->beacon[which];
    beacon->is_running = true;
    herald_init(&beacon->herald, sim_root_of(sim, beacon), beacon->key.secret, &sim->leap,
                sim->cadence);
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

const struct record_id *sim_root_of(const struct sim *sim, const struct sim_beacon *beacon)
{
    return beacon->is_neighbour ? &sim->neighbours.root->id : &sim->records.anchor.root->id;
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
        beacon->questions[i].question = beacon->question[i];
    }
    return which;
}
