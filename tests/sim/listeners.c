/* listeners.c -- the shell of a listener: its clocks, its disk, its fire thread, its
 * connections. */
#include "sim.h"

static void follow(struct sim *sim, size_t which);

size_t sim_constellation(const struct sim_listener *listener)
{
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        if (listener->mind.constellation[i].in_use &&
            record_id_equal(&listener->mind.constellation[i].root, &listener->root)) {
            return i;
        }
    }
    return 0;
}

const struct discipline_estimate *sim_estimate(const struct sim_listener *listener)
{
    return &listener->mind.constellation[sim_constellation(listener)].estimate;
}

static struct discipline_clocks clocks_of(const struct sim *sim,
                                          const struct sim_listener *listener)
{
    const struct sim_clock *clock = &listener->clock;
    return (struct discipline_clocks){
        .now = sim_clock_mono(sim, clock),
        .raw = sim_clock_raw(sim, clock),
        .host = sim_clock_host(sim, clock),
        .is_synchronised = clock->is_synchronised,
        .bound = {clock->bound},
        .slept = {clock->slept},
    };
}

static void step(struct sim *sim, size_t which, struct listener_event event)
{
    struct sim_listener *listener = &sim->listener[which];
    event.clocks = clocks_of(sim, listener);
    event.arrived = event.arrived.ns != 0 && event.arrived.ns < event.clocks.raw.ns
                        ? event.arrived /* as its ear says */
                        : event.clocks.raw;
    listener_step(&listener->mind, &event, &listener->update);
    sim->steps++;
    sim_mix(sim, (uint64_t)sim_estimate(listener)->best.tai_ns ^ listener->update.shot_count);
    sim_judge_step(sim, which);
    follow(sim, which);
}

static void take_view(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    struct discipline_clocks clocks = clocks_of(sim, listener);
    utc now =
        listener->mind.has_stepped ? listener_now(&listener->mind, &listener->root) : clocks.host;
    listener->view_at = leap_from_utc(&sim->leap, now, NULL);
    listener->viewed_at = clocks.now;
    step(sim, which,
         (struct listener_event){.kind = LISTENER_RECORDS,
                                 .view = sim_view(sim, listener->known, now)});
}

/* While it sleeps, all that concerns it waits. */
static bool is_asleep(struct sim *sim, const struct sim_event *event)
{
    const struct sim_listener *listener = &sim->listener[event->who];
    if (listener->asleep_until <= sim->now) {
        return false;
    }
    struct sim_event later = *event;
    later.at = listener->asleep_until;
    if (later.message != NULL) {
        sim_message_keep(later.message);
    }
    sim_schedule(sim, later);
    return true;
}

static bool has_clock_moved(const struct sim_listener *listener)
{
    const struct discipline_estimate *estimate = sim_estimate(listener);
    int64_t moved = instant_since(estimate->best, listener->view_at).ns -
                    mono_since(estimate->at, listener->viewed_at).ns;
    return moved > NS_PER_S || moved < -NS_PER_S;
}

static void on_wake(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (!listener->is_running || listener->generation != event->generation ||
        listener->wake_at != event->value || is_asleep(sim, event)) {
        return;
    }
    listener->wake_at = 0;
    mono now = sim_clock_mono(sim, &listener->clock);
    if (has_clock_moved(listener) || now.ns - listener->viewed_at.ns > 60 * NS_PER_S) {
        take_view(sim, event->who);
    } else {
        step(sim, event->who, (struct listener_event){.kind = LISTENER_CLOCKS});
    }
}

/* --- the disk --------------------------------------------------------------------------------- */

static void write_mark(struct sim_listener *listener, const struct listener_mark *mark)
{
    size_t at = 0;
    while (at < listener->disk_count &&
           !listener_name_equal(&listener->disk[at].name, &mark->name)) {
        at++;
    }
    assert_true(at < SIM_MARKS_MAX);
    if (at == listener->disk_count) {
        listener->disk[listener->disk_count++] = *mark;
    }
    listener_mark_update(&listener->disk[at], mark);
}

/* Marks become durable in the order in which they were asked for. */
static void on_durable(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (listener->generation != event->generation || is_asleep(sim, event)) {
        return;
    }
    struct sim_pending_mark done = listener->pending[0];
    listener->pending_count--;
    memmove(&listener->pending[0], &listener->pending[1], listener->pending_count * sizeof done);
    write_mark(listener, &done.mark);
    if (done.id != 0) {
        step(sim, event->who, (struct listener_event){.kind = LISTENER_MARKED, .id = done.id});
    }
}

static void keep_memory(struct sim_listener *listener)
{
    listener->memory_count = listener_memories(&listener->mind, listener->memory);
    listener->newest_count = listener_newest_stamps(&listener->mind, listener->newest);
}

/* --- the fire thread -------------------------------------------------------------------------- */

static bool is_released(const struct sim_listener *listener, uint64_t id)
{
    for (size_t i = 0; i < listener->released_count; i++) {
        if (listener->released[i] == id) {
            return true;
        }
    }
    return false;
}

static void on_fired(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (listener->generation == event->generation && !is_asleep(sim, event)) {
        step(sim, event->who,
             (struct listener_event){.kind = LISTENER_FIRED,
                                     .id = (uint64_t)event->value,
                                     .released = sim_clock_mono(sim, &listener->clock)});
    }
}

static void set_timer(struct sim *sim, size_t which);

static void on_timer(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (listener->fire_generation != event->generation || is_asleep(sim, event)) {
        return;
    }
    mono now = sim_clock_mono(sim, &listener->clock);
    for (size_t i = 0; i < listener->update.shot_count; i++) {
        const struct listener_shot *shot = &listener->update.shot[i];
        if (shot->is_held || shot->target.ns > now.ns || is_released(listener, shot->id)) {
            continue;
        }
        assert_true(listener->released_count < 32);
        listener->released[listener->released_count++] = shot->id;
        sim_judge_release(sim, event->who, shot);
        sim_schedule(sim, (struct sim_event){.at = sim->now + listener->report_ns,
                                             .run = on_fired,
                                             .who = event->who,
                                             .generation = listener->generation,
                                             .value = (int64_t)shot->id});
    }
    set_timer(sim, event->who);
}

static void set_timer(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    listener->fire_generation++;
    mono next = {INT64_MAX};
    for (size_t i = 0; i < listener->update.shot_count; i++) {
        const struct listener_shot *shot = &listener->update.shot[i];
        if (!shot->is_held && !is_released(listener, shot->id) && shot->target.ns < next.ns) {
            next = shot->target;
        }
    }
    if (next.ns != INT64_MAX) {
        sim_schedule(sim, (struct sim_event){.at = sim_clock_when(sim, &listener->clock, next),
                                             .run = on_timer,
                                             .who = which,
                                             .generation = listener->fire_generation});
    }
}

/* An id once released is ignored until it has been left out of a set. */
static void forget_released(struct sim_listener *listener)
{
    size_t kept = 0;
    for (size_t i = 0; i < listener->released_count; i++) {
        for (size_t j = 0; j < listener->update.shot_count; j++) {
            if (!listener->update.shot[j].is_held &&
                listener->update.shot[j].id == listener->released[i]) {
                listener->released[kept++] = listener->released[i];
                break;
            }
        }
    }
    listener->released_count = kept;
}

/* --- following an update ---------------------------------------------------------------------- */

static void reach_broker(struct sim *sim, const struct sim_event *event)
{
    if (sim->listener[event->who].path[event->link].generation == event->generation) {
        sim_publish(sim, event->link, event->message);
    }
}

static void ask(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    const struct listener_update *update = &listener->update;
    struct sim_path *path = &listener->path[update->ask_link];
    listener->asks++;
    for (size_t i = 0; i < sim->beacon_count && path->is_up; i++) {
        if (record_key_id_equal(&sim->beacon[i].key.public.id, &update->ask_beacon)) {
            struct sim_message *message = sim_message_new(SIM_ASK, i);
            message->asker = which;
            message->size = TICK_NONCE_SIZE;
            memcpy(message->bytes, update->ask_nonce, TICK_NONCE_SIZE);
            sim_schedule(sim, (struct sim_event){.at = sim_carry(sim, &path->up, sim->now),
                                                 .run = reach_broker,
                                                 .who = which,
                                                 .link = update->ask_link,
                                                 .generation = path->generation,
                                                 .message = message});
        }
    }
}

/* A proof has to convince somebody who knows nothing but the beacon's key. */
static void check_proof(struct sim *sim, struct sim_listener *listener)
{
    const struct listener_update *update = &listener->update;
    struct tick tick[2];
    listener->proofs++;
    for (size_t i = 0; i < sim->beacon_count; i++) {
        size_t signer;
        if (record_key_id_equal(&sim->beacon[i].key.public.id, &update->proof_beacon) &&
            tick_verify(update->proof[0], update->proof_size[0], &sim->beacon[i].key.public, 1,
                        &tick[0], &signer) == TICK_OK &&
            tick_verify(update->proof[1], update->proof_size[1], &sim->beacon[i].key.public, 1,
                        &tick[1], &signer) == TICK_OK &&
            memcmp(tick[0].session, tick[1].session, 8) == 0 &&
            tick[1].counter - tick[0].counter <= 1) {
            if (sim->beacon[i].is_honest) {
                sim_violate(sim, "%s calls an honest beacon a liar", listener->name);
            }
            return;
        }
    }
    sim_violate(sim, "%s keeps a proof that proves nothing", listener->name);
}

static void follow(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    const struct listener_update *update = &listener->update;
    for (size_t i = 0; i < update->news_count; i++) {
        listener->news[update->news[i].kind]++;
        if ((sim->told_news >> update->news[i].kind & 1) != 0) {
            char text[LISTENER_NEWS_SIZE];
            listener_news_write(&update->news[i], text);
            sim_tell(sim, listener->name, "%s", text);
        }
    }
    for (size_t i = 0; i < update->mark_count; i++) {
        assert_true(listener->pending_count < SIM_MARKS_MAX);
        listener->pending[listener->pending_count++] =
            (struct sim_pending_mark){update->mark[i], update->mark_id[i]};
        sim_schedule(sim, (struct sim_event){.at = sim->now + listener->sync_ns,
                                             .run = on_durable,
                                             .who = which,
                                             .generation = listener->generation});
    }
    if (update->has_ask) {
        ask(sim, which);
    }
    if (update->has_proof) {
        check_proof(sim, listener);
    }
    if (update->save_memory) {
        keep_memory(listener);
    }
    forget_released(listener);
    set_timer(sim, which);
    int64_t wake = sim_clock_when(sim, &listener->clock, update->wake);
    wake = wake <= sim->now ? sim->now + 1 : wake;
    if (listener->wake_at == 0 || wake < listener->wake_at) { /* never put off */
        listener->wake_at = wake;
        sim_schedule(sim, (struct sim_event){.at = wake,
                                             .run = on_wake,
                                             .who = which,
                                             .generation = listener->generation,
                                             .value = wake});
    }
}

/* --- its ears --------------------------------------------------------------------------------- */

static void ear_again(struct sim *sim, const struct sim_event *event)
{
    sim->listener[event->who].ear[event->link] = (struct sim_ear){.is = EAR_GOOD};
    sim_cut(sim, event->who, event->link, NS_PER_S / 2);
}

void sim_ear(struct sim *sim, size_t which, size_t broker, int is, int64_t for_ns)
{
    for_ns = is == EAR_HANGS && for_ns > 10 * NS_PER_S ? 10 * NS_PER_S : for_ns;
    struct sim_ear *ear = &sim->listener[which].ear[broker];
    ear->is = is;
    ear->until = sim->now + for_ns;
    sim_schedule(
        sim, (struct sim_event){.at = ear->until, .run = ear_again, .who = which, .link = broker});
}

/* Hands a message over later, or never; false: not now.  When it came is remembered in its value,
 * as the ear says it. */
static bool pass_ear(struct sim *sim, struct sim_event *event)
{
    enum { CLAIM_MAX_MS = 100 }; /* an earlier one is not believed (ear.c) */
    struct sim_listener *listener = &sim->listener[event->who];
    struct sim_ear *ear = &listener->ear[event->link];
    int64_t raw = sim_clock_raw(sim, &listener->clock).ns;
    if (event->value != 0) { /* it has waited */
        int64_t least = raw - CLAIM_MAX_MS * NS_PER_MS;
        event->value = event->value < least ? least : event->value;
        return true;
    }
    event->value = raw;
    if (ear->is == EAR_LIES) {
        event->value -= (int64_t)chance_between(&listener->chance, 0, CLAIM_MAX_MS * 1e6);
    } else if (ear->is == EAR_STARVES) {
        int64_t at = sim->now + (int64_t)chance_between(&listener->chance, 0, 2e9);
        ear->last = at > ear->last ? at : ear->last + 1;
        struct sim_event later = *event;
        later.at = ear->last;
        sim_message_keep(later.message);
        sim_schedule(sim, later);
    }
    return ear->is == EAR_GOOD || ear->is == EAR_LIES;
}

/* --- what comes from outside ------------------------------------------------------------------ */

void sim_listener_hear(struct sim *sim, const struct sim_event *arrival)
{
    struct sim_listener *listener = &sim->listener[arrival->who];
    const struct sim_path *path = &listener->path[arrival->link];
    const struct sim_message *message = arrival->message;
    struct sim_event now = *arrival, *event = &now;
    if (!listener->is_running || path->generation != event->generation) {
        return;
    }
    bool has_waited = event->value != 0;
    if (!has_waited && listener->asleep_until > sim->now) {
        event->value = sim_clock_raw(sim, &listener->clock).ns; /* the ear goes on meanwhile */
    }
    if (is_asleep(sim, event) || !pass_ear(sim, event)) {
        return;
    }
    struct listener_event heard = {
        .link = event->link,
        .is_retained = event->flag,
        .arrived = {event->value},
        .bytes = message->bytes,
        .size = message->size,
        .is_up = message->is_up,
        .root = *sim_root_of(sim, &sim->beacon[message->beacon]),
        .beacon = sim->beacon[message->beacon].key.public.id,
    };
    switch (message->kind) {
    case SIM_TICK:
        heard.kind = LISTENER_TICK;
        break;
    case SIM_ANSWER:
        heard.kind = LISTENER_ANSWER;
        break;
    case SIM_STATUS:
        heard.kind = LISTENER_STATUS;
        break;
    case SIM_RECORDS:
        sim_listener_learn(sim, event->who, message->records);
        return;
    case SIM_ASK:
        return;
    }
    step(sim, event->who, heard);
}

static void learn_later(struct sim *sim, const struct sim_event *event)
{
    sim_listener_learn(sim, event->who, (uint64_t)event->value);
}

void sim_listener_learn(struct sim *sim, size_t which, uint64_t records)
{
    struct sim_listener *listener = &sim->listener[which];
    if (listener->asleep_until > sim->now) {
        sim_schedule(sim, (struct sim_event){.at = listener->asleep_until,
                                             .run = learn_later,
                                             .who = which,
                                             .value = (int64_t)records});
        return;
    }
    if ((records & ~listener->known) == 0) {
        return;
    }
    listener->known |= records;
    listener->knows_since = sim->now;
    if (listener->is_running) {
        take_view(sim, which);
    }
}

void sim_listener_link(struct sim *sim, size_t which, size_t broker, bool is_up)
{
    struct sim_listener *listener = &sim->listener[which];
    listener->path[broker].is_up = is_up;
    if (!is_up) {
        sim_connect(sim, false, which, broker,
                    (int64_t)chance_between(&listener->chance, 0.2e9, 2e9));
    }
    if (listener->asleep_until <= sim->now) {
        step(sim, which,
             (struct listener_event){.kind = LISTENER_LINK, .link = broker, .is_up = is_up});
    }
}

static void reconnect(struct sim *sim, const struct sim_event *event)
{
    struct sim_path *path = &sim->listener[event->who].path[event->link];
    if (path->generation == event->generation && !path->is_up) {
        sim_connect(sim, false, event->who, event->link, 0);
    }
}

void sim_cut(struct sim *sim, size_t which, size_t broker, int64_t for_ns)
{
    struct sim_path *path = &sim->listener[which].path[broker];
    if (!path->is_up) {
        return;
    }
    sim_listener_link(sim, which, broker, false);
    path->generation++; /* not so soon */
    sim_schedule(sim, (struct sim_event){.at = sim->now + for_ns,
                                         .run = reconnect,
                                         .who = which,
                                         .link = broker,
                                         .generation = path->generation});
}

void sim_listener_start(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    listener->is_running = true;
    listener->generation++;
    listener->wake_at = 0;
    listener->disturbed_at = sim->now;
    listener->last_at.ns = 0;
    utc floor = listener->options.floor;
    for (size_t i = 0; i < listener->memory_count; i++) {
        floor = record_id_equal(&listener->memory[i].root, &listener->root)
                    ? listener->memory[i].floor
                    : floor;
    }
    listener->last_floor = leap_from_utc(&sim->leap, floor, NULL);
    memcpy(listener->options.memory, listener->memory, sizeof listener->memory);
    listener->options.memory_count = listener->memory_count;
    memcpy(listener->found, listener->disk, sizeof listener->found);
    listener->found_count = listener->disk_count;
    listener->found_at = sim_clock_mono(sim, &listener->clock);
    uint64_t nonce = chance_bits(&listener->chance);
    memcpy(listener->options.nonce_seed, &nonce, sizeof nonce);
    struct listener_room room = listener_room_for_all(listener->block);
    listener_init(&listener->mind, &room, &listener->options, listener->disk, listener->disk_count,
                  listener->newest, listener->newest_count);
    take_view(sim, which);
    for (size_t i = 0; i < sim->broker_count; i++) {
        if (listener->path[i].is_used) {
            sim_connect(sim, false, which, i,
                        (int64_t)chance_between(&listener->chance, 0.05e9, 2e9));
        }
    }
}

void sim_listener_crash(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    if (!listener->is_running) {
        return;
    }
    listener->is_running = false;
    listener->generation++;
    listener->fire_generation++;
    listener->asleep_until = 0;
    listener->disturbed_at = sim->now;
    for (size_t i = 0; i < listener->pending_count; i++) {
        if (chance_real(&listener->chance) < 0.5) {
            break; /* and none after it: they are appended to one file */
        }
        write_mark(listener, &listener->pending[i].mark);
    }
    listener->pending_count = 0;
    listener->released_count = 0;
    listener->update.shot_count = 0;
    for (size_t i = 0; i < sim->broker_count; i++) {
        listener->path[i].is_up = false;
        listener->path[i].generation++;
    }
}

void sim_listener_power_cut(struct sim *sim, size_t which)
{
    struct sim_listener *listener = &sim->listener[which];
    sim_listener_crash(sim, which);
    sim_clock_boot(sim, &listener->clock);
    listener->options.boot.bytes[1]++;
}

void sim_listener_sleep(struct sim *sim, size_t which, int64_t for_ns)
{
    struct sim_listener *listener = &sim->listener[which];
    if (!listener->is_running || listener->asleep_until > sim->now) {
        return;
    }
    sim_clock_sleep(sim, &listener->clock, for_ns);
    listener->asleep_until = sim->now + for_ns;
    listener->disturbed_at = listener->asleep_until;
}

void sim_listener_step_clock(struct sim *sim, size_t which, int64_t by_ns)
{
    struct sim_listener *listener = &sim->listener[which];
    if (listener->asleep_until > sim->now) {
        return;
    }
    sim_clock_step(sim, &listener->clock, by_ns);
    listener->disturbed_at = sim->now;
    if (listener->is_running) {
        step(sim, which, (struct listener_event){.kind = LISTENER_CLOCKS});
    }
}

size_t sim_add_listener(struct sim *sim, const char *name, const struct profile *profile)
{
    assert_true(sim->listener_count < SIM_LISTENERS_MAX);
    size_t which = sim->listener_count++;
    struct sim_listener *listener = &sim->listener[which];
    snprintf(listener->name, sizeof listener->name, "%s", name);
    listener->root = sim->records.anchor.root->id;
    listener->chance = sim_chance(sim->seed, 3, which);
    listener->options.leap = sim->leap;
    listener->options.floor.ns = sim_utc(sim).ns - 10 * NS_PER_DAY; /* the build date */
    listener->known = 1;
    listener->options.boot.bytes[0] = 1;
    listener->sync_ns = (int64_t)chance_between(&listener->chance, 0.2e6, 20e6);
    listener->report_ns = (int64_t)chance_between(&listener->chance, 20e3, 2e6);
    listener->clock.mono = (int64_t)chance_between(&listener->chance, 1e12, 1e15);
    sim_clock_held(sim, &listener->clock, 5 * NS_PER_MS,
                   chance_between(&listener->chance, -0.9, 0.9));
    for (size_t i = 0; i < sim->broker_count; i++) {
        sim_path_use(&listener->path[i], profile);
    }
    return which;
}
