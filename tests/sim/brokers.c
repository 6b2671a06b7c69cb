/* brokers.c -- connections and brokers: paths with delay, jitter, loss and outages, TCP's order,
 * retained messages, fan-out one subscriber after another, wills, and brokers that mean harm. */
#include "sim.h"

static double seconds(const struct sim *sim, int64_t at)
{
    return (double)(at - sim->begin) / 1e9;
}

void sim_path_use(struct sim_path *path, const struct profile *profile)
{
    path->is_used = true;
    path->profile = *profile;
}

int64_t sim_carry(struct sim *sim, struct simulated_link *link, int64_t at)
{
    double arrival = link_carry(link, seconds(sim, at));
    return sim->begin + (int64_t)llround(arrival * 1e9);
}

/* --- connecting ------------------------------------------------------------------------------- */

static struct sim_path *path_of(struct sim *sim, bool is_beacon, size_t who, size_t broker)
{
    return is_beacon ? &sim->beacon[who].path[broker] : &sim->listener[who].path[broker];
}

static void deliver(struct sim *sim, size_t listener, size_t broker, struct sim_message *message,
                    bool retained, int64_t at)
{
    struct sim_path *path = &sim->listener[listener].path[broker];
    sim_schedule(sim, (struct sim_event){.at = at,
                                         .run = sim_listener_hear,
                                         .who = listener,
                                         .link = broker,
                                         .generation = path->generation,
                                         .flag = retained,
                                         .message = sim_message_keep(message)});
}

static void send_retained(struct sim *sim, size_t listener, size_t b)
{
    struct sim_broker *broker = &sim->broker[b];
    struct sim_path *path = &sim->listener[listener].path[b];
    for (size_t i = 0; i < SIM_BEACONS_MAX; i++) {
        if (broker->retained_tick[i] != NULL) {
            deliver(sim, listener, b, broker->retained_tick[i], true,
                    sim_carry(sim, &path->down, sim->now));
        }
    }
    if (broker->retained_records != NULL) {
        deliver(sim, listener, b, broker->retained_records, true,
                sim_carry(sim, &path->down, sim->now));
    }
}

static void try_connect(struct sim *sim, const struct sim_event *event)
{
    struct sim_path *path = path_of(sim, event->flag, event->who, event->link);
    bool is_running =
        event->flag ? sim->beacon[event->who].is_running : sim->listener[event->who].is_running;
    if (!is_running || path->is_up || path->generation != event->generation) {
        return;
    }
    if (!event->flag && sim->listener[event->who].asleep_until > sim->now) {
        sim_connect(sim, false, event->who, event->link,
                    sim->listener[event->who].asleep_until - sim->now);
        return;
    }
    struct chance *chance =
        event->flag ? &sim->beacon[event->who].chance : &sim->listener[event->who].chance;
    path_begin(&path->road, &path->profile, chance, seconds(sim, sim->now));
    link_begin(&path->up, &path->road, true, seconds(sim, sim->now));
    link_begin(&path->down, &path->road, false, seconds(sim, sim->now));
    if (!sim->broker[event->link].is_up || path_is_out(&path->road, seconds(sim, sim->now))) {
        unsigned shift = path->tries < 6 ? path->tries : 6;
        path->tries++;
        double wait_s = 0.5 * (double)(1U << shift) * chance_between(chance, 0.5, 1.5);
        sim_connect(sim, event->flag, event->who, event->link, (int64_t)(wait_s * 1e9));
        return;
    }
    path->is_up = true;
    path->tries = 0;
    if (event->flag) {
        sim_beacon_link(sim, event->who, event->link, true);
    } else {
        sim_listener_link(sim, event->who, event->link, true);
        send_retained(sim, event->who, event->link);
    }
}

void sim_connect(struct sim *sim, bool is_beacon, size_t who, size_t broker, int64_t after_ns)
{
    struct sim_path *path = path_of(sim, is_beacon, who, broker);
    path->generation++;
    sim_schedule(sim, (struct sim_event){.at = sim->now + after_ns,
                                         .run = try_connect,
                                         .who = who,
                                         .link = broker,
                                         .flag = is_beacon,
                                         .generation = path->generation});
}

void sim_broker_down(struct sim *sim, size_t b)
{
    struct sim_broker *broker = &sim->broker[b];
    broker->is_up = false;
    for (size_t i = 0; i < SIM_BEACONS_MAX; i++) {
        sim_message_drop(broker->retained_tick[i]);
        broker->retained_tick[i] = NULL;
    }
    sim_message_drop(broker->retained_records);
    broker->retained_records = NULL;
    for (size_t i = 0; i < sim->beacon_count; i++) {
        if (sim->beacon[i].path[b].is_up) {
            sim_beacon_link(sim, i, b, false);
        }
    }
    for (size_t i = 0; i < sim->listener_count; i++) {
        if (sim->listener[i].path[b].is_up) {
            sim_listener_link(sim, i, b, false);
        }
    }
}

void sim_broker_up(struct sim *sim, size_t b)
{
    sim->broker[b].is_up = true;
}

/* --- passing on ------------------------------------------------------------------------------- */

static void retain(struct sim_message **place, struct sim_message *message)
{
    sim_message_drop(*place);
    *place = sim_message_keep(message);
}

static void pass_to_listeners(struct sim *sim, size_t b, struct sim_message *message)
{
    struct sim_broker *broker = &sim->broker[b];
    int64_t at = sim->now + broker->forward_ns;
    if (message->kind == SIM_TICK) { /* an answer goes to one alone */
        at += broker->ahead * broker->each_ns;
    }
    for (size_t i = 0; i < sim->listener_count; i++) {
        struct sim_path *path = &sim->listener[i].path[b];
        bool is_deaf = (sim->listener[i].deaf >> message->beacon & 1) != 0;
        if (!path->is_up || (message->kind == SIM_ANSWER && message->asker != i) ||
            (is_deaf && message->kind != SIM_RECORDS)) {
            continue;
        }
        double turn_s = message->kind == SIM_TICK ? path_turn_s(&path->road) : 0;
        int64_t arrival = sim_carry(sim, &path->down, at + (int64_t)(turn_s * 1e9));
        at += broker->each_ns;
        if (broker->reorder > 0 && chance_real(&broker->chance) < broker->reorder) {
            arrival += (int64_t)chance_between(&broker->chance, 0, 90e6);
        }
        deliver(sim, i, b, message, false, arrival);
        if (broker->duplicate > 0 && chance_real(&broker->chance) < broker->duplicate) {
            deliver(sim, i, b, message, false,
                    arrival + (int64_t)chance_between(&broker->chance, 0, 2e9));
        }
    }
}

/* --- bridges ---------------------------------------------------------------------------------- */

static void pass_on(struct sim *sim, const struct sim_event *event);

static void cross(struct sim *sim, struct simulated_link *way, size_t to,
                  struct sim_message *message)
{
    sim_schedule(sim, (struct sim_event){.at = sim_carry(sim, way, sim->now),
                                         .run = pass_on,
                                         .link = to,
                                         .message = sim_message_keep(message)});
}

static void hand_on(struct sim *sim, size_t b, struct sim_message *message)
{
    for (size_t i = 0; i < sim->bridge_count; i++) {
        struct sim_bridge *bridge = &sim->bridge[i];
        if (message->kind != SIM_ASK && bridge->from == b) {
            cross(sim, &bridge->down, bridge->to, message);
        } else if (message->kind == SIM_ASK && bridge->to == b) {
            cross(sim, &bridge->up, bridge->from, message);
        }
    }
}

void sim_bridge(struct sim *sim, size_t from, size_t to, const struct profile *profile)
{
    struct sim_bridge *bridge = &sim->bridge[sim->bridge_count++];
    bridge->profile = *profile;
    bridge->from = from;
    bridge->to = to;
    double at = seconds(sim, sim->now);
    path_begin(&bridge->road, &bridge->profile, &sim->broker[from].chance, at);
    link_begin(&bridge->up, &bridge->road, true, at);
    link_begin(&bridge->down, &bridge->road, false, at);
    for (size_t i = 0; i < sim->beacon_count; i++) {
        sim->beacon[i].path[to].is_used = false;
    }
}

void sim_bridge_again(struct sim *sim, size_t which)
{
    struct sim_bridge *bridge = &sim->bridge[which];
    struct sim_broker *from = &sim->broker[bridge->from];
    for (size_t i = 0; from->is_up && i < SIM_BEACONS_MAX; i++) {
        if (from->retained_tick[i] != NULL) {
            cross(sim, &bridge->down, bridge->to, from->retained_tick[i]);
        }
    }
}

static void pass_on(struct sim *sim, const struct sim_event *event)
{
    size_t b = event->link;
    struct sim_broker *broker = &sim->broker[b];
    struct sim_message *message = event->message;
    if (!broker->is_up || (broker->drop > 0 && chance_real(&broker->chance) < broker->drop)) {
        return;
    }
    hand_on(sim, b, message);
    if (message->kind == SIM_ASK) {
        struct sim_path *path = &sim->beacon[message->beacon].path[b];
        if (path->is_up) {
            int64_t at = sim_carry(sim, &path->down, sim->now + broker->forward_ns);
            sim_schedule(sim, (struct sim_event){.at = at,
                                                 .run = sim_beacon_hear,
                                                 .who = message->beacon,
                                                 .link = b,
                                                 .generation = path->generation,
                                                 .message = sim_message_keep(message)});
        }
        return;
    }
    if (message->kind == SIM_TICK) {
        retain(&broker->retained_tick[message->beacon], message);
        if (sim->keeps_heard && sim->heard_count < SIM_HEARD_MAX) {
            sim->heard[sim->heard_count++] = sim_message_keep(message);
        }
    } else if (message->kind == SIM_RECORDS) {
        retain(&broker->retained_records, message);
    }
    pass_to_listeners(sim, b, message);
}

void sim_publish(struct sim *sim, size_t broker, struct sim_message *message)
{
    sim_mix(sim, message->size);
    struct sim_event event = {.at = sim->now, .run = pass_on, .link = broker, .message = message};
    int64_t hold_ns = sim->broker[broker].hold_ns +
                      (message->kind == SIM_ANSWER ? sim->broker[broker].hold_answers_ns : 0);
    if (hold_ns > 0) {
        event.at += hold_ns;
        event.message = sim_message_keep(message);
        sim_schedule(sim, event);
    } else {
        pass_on(sim, &event);
    }
}

void sim_inject(struct sim *sim, size_t b, const uint8_t *bytes, size_t size, bool retained)
{
    struct sim_message *message = sim_message_new(SIM_TICK, 0);
    message->size = size < sizeof message->bytes ? size : sizeof message->bytes;
    memcpy(message->bytes, bytes, message->size);
    for (size_t i = 0; i < sim->listener_count; i++) {
        struct sim_path *path = &sim->listener[i].path[b];
        if (path->is_up) {
            deliver(sim, i, b, message, retained, sim_carry(sim, &path->down, sim->now));
        }
    }
    sim_message_drop(message);
    sim->forged++;
}
