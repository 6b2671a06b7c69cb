/* faults.c -- what can go wrong in a random story, and how often. */
#include "faults.h"

enum { UID = 1, WINDOW = 1 };

static uint64_t below(struct sim *sim, uint64_t most)
{
    return chance_bits(&sim->chance) % most;
}

static double between(struct sim *sim, double least, double most)
{
    return chance_between(&sim->chance, least, most);
}

/* Of either sign, any size between the two, small ones as often as large ones. */
static double spread(struct sim *sim, double least, double most)
{
    double size = exp(between(sim, log(least), log(most)));
    return below(sim, 2) == 0 ? size : -size;
}

/* --- to listeners ----------------------------------------------------------------------------- */

static void start_again(struct sim *sim, const struct sim_event *event)
{
    if (!sim->listener[event->who].is_running) {
        sim_listener_start(sim, event->who);
    }
}

static void come_back(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    int64_t dead_ns = (int64_t)(exp(between(sim, -2, 4)) * 1e9);
    if (!listener->clock.is_synchronised && below(sim, 3) == 0) {
        sim_clock_step(sim, &listener->clock, (int64_t)(spread(sim, 0.01, 86400) * 1e9));
    }
    sim_schedule(
        sim, (struct sim_event){.at = sim->now + dead_ns, .run = start_again, .who = event->who});
}

static void crash(struct sim *sim, const struct sim_event *event)
{
    sim_listener_crash(sim, event->who);
    come_back(sim, event);
}

static void power_cut(struct sim *sim, const struct sim_event *event)
{
    sim_listener_power_cut(sim, event->who);
    come_back(sim, event);
}

static void step_clock(struct sim *sim, const struct sim_event *event)
{
    struct sim_clock *clock = &sim->listener[event->who].clock;
    if (clock->is_synchronised) { /* its time service gave up, or lies from now on */
        clock->is_synchronised = below(sim, 2) == 0;
        clock->is_honest = false;
    }
    sim_listener_step_clock(sim, event->who, (int64_t)(spread(sim, 0.001, 86400) * 1e9));
}

static void fall_asleep(struct sim *sim, const struct sim_event *event)
{
    sim_listener_sleep(sim, event->who, (int64_t)(exp(between(sim, -1, 5)) * 1e9));
}

/* Its process alone: the clocks go on, and what arrives waits unread. */
static void freeze(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (listener->is_running && listener->asleep_until <= sim->now) {
        listener->asleep_until = sim->now + (int64_t)(exp(between(sim, -3, 4)) * 1e9);
        listener->disturbed_at = listener->asleep_until;
    }
}

/* A virtual machine that is moved to another host. */
static void pause_machine(struct sim *sim, const struct sim_event *event)
{
    struct sim_listener *listener = &sim->listener[event->who];
    if (listener->is_running && listener->asleep_until <= sim->now) {
        int64_t for_ns = (int64_t)(exp(between(sim, -3, 5)) * 1e9);
        sim_clock_pause(sim, &listener->clock, for_ns);
        listener->clock.is_honest = false;
        listener->asleep_until = listener->disturbed_at = sim->now + for_ns;
    }
}

static void slewn(struct sim *sim, const struct sim_event *event)
{
    sim_clock_slew(sim, &sim->listener[event->who].clock, 0);
    sim->listener[event->who].disturbed_at = sim->now;
}

/* As chrony does it, or timesyncd, which calls the clock synchronised to 0 us meanwhile. */
static void slew(struct sim *sim, const struct sim_event *event)
{
    static const double ppm[] = {500, 50000, 83333};
    struct sim_clock *clock = &sim->listener[event->who].clock;
    if (sim->listener[event->who].asleep_until > sim->now) {
        return;
    }
    clock->is_honest = false;
    if (below(sim, 3) == 0) {
        clock->is_synchronised = true;
        clock->bound = 0;
    }
    sim_clock_slew(sim, clock, ppm[below(sim, 3)] * (below(sim, 2) == 0 ? 1e-6 : -1e-6));
    sim->listener[event->who].disturbed_at = sim->now;
    sim_schedule(sim, (struct sim_event){.at = sim->now + (int64_t)(exp(between(sim, 0, 4)) * 1e9),
                                         .run = slewn,
                                         .who = event->who});
}

/* The process between it and a broker: hangs, gets no processor, or lies. */
static void spoil_ear(struct sim *sim, const struct sim_event *event)
{
    size_t broker = below(sim, sim->broker_count);
    int is = EAR_HANGS + (int)below(sim, 3);
    int64_t for_ns = (int64_t)(exp(between(sim, 0, 5)) * 1e9);
    if (sim->listener[event->who].ear[broker].is == EAR_GOOD) {
        sim_ear(sim, event->who, broker, is, for_ns);
    }
}

static void cut(struct sim *sim, const struct sim_event *event)
{
    sim_cut(sim, event->who, below(sim, sim->broker_count),
            (int64_t)(exp(between(sim, -1, 5)) * 1e9));
}

/* --- to beacons ------------------------------------------------------------------------------- */

static void beacon_again(struct sim *sim, const struct sim_event *event)
{
    if (!sim->beacon[event->who].is_running) {
        sim_beacon_start(sim, event->who);
    }
}

static void beacon_crash(struct sim *sim, const struct sim_event *event)
{
    sim_beacon_stop(sim, event->who);
    sim_schedule(sim, (struct sim_event){.at = sim->now + (int64_t)(exp(between(sim, -1, 5)) * 1e9),
                                         .run = beacon_again,
                                         .who = event->who});
}

static void beacon_lies(struct sim *sim, const struct sim_event *event)
{
    sim->beacon[event->who].is_honest = false;
    sim->beacon[event->who].lie_ns = (int64_t)(spread(sim, 0.002, 86400) * 1e9);
}

static void beacon_equivocates(struct sim *sim, const struct sim_event *event)
{
    sim->beacon[event->who].is_honest = false;
    sim->beacon[event->who].is_equivocating = true;
}

/* --- to brokers ------------------------------------------------------------------------------- */

static void broker_again(struct sim *sim, const struct sim_event *event)
{
    struct sim_broker *broker = &sim->broker[event->who];
    sim_broker_up(sim, event->who);
    broker->hold_ns = broker->hold_answers_ns = 0;
    broker->drop = broker->duplicate = broker->reorder = 0;
}

static void later_again(struct sim *sim, size_t broker)
{
    sim_schedule(sim, (struct sim_event){.at = sim->now + (int64_t)(exp(between(sim, 0, 5)) * 1e9),
                                         .run = broker_again,
                                         .who = broker});
}

static void broker_dies(struct sim *sim, const struct sim_event *event)
{
    if (sim->broker[event->who].is_up) {
        sim_broker_down(sim, event->who);
        later_again(sim, event->who);
    }
}

static void broker_holds(struct sim *sim, const struct sim_event *event)
{
    sim->broker[event->who].hold_ns = (int64_t)(exp(between(sim, -1, 4)) * 1e9);
    later_again(sim, event->who);
}

static void broker_holds_answers(struct sim *sim, const struct sim_event *event)
{
    sim->broker[event->who].hold_answers_ns = (int64_t)(exp(between(sim, -2, 3)) * 1e9);
    later_again(sim, event->who);
}

static void broker_muddles(struct sim *sim, const struct sim_event *event)
{
    struct sim_broker *broker = &sim->broker[event->who];
    broker->drop = between(sim, 0, 0.5);
    broker->duplicate = between(sim, 0, 0.5);
    broker->reorder = between(sim, 0, 0.5);
    later_again(sim, event->who);
}

static void bridge_again(struct sim *sim, const struct sim_event *event)
{
    if (event->who < sim->bridge_count) {
        sim_bridge_again(sim, event->who);
    }
}

/* --- by strangers ----------------------------------------------------------------------------- */

static void replay(struct sim *sim, const struct sim_event *event)
{
    for (int i = 0; i < 20 && sim->heard_count > 0; i++) {
        const struct sim_message *old = sim->heard[below(sim, sim->heard_count)];
        sim_inject(sim, event->who, old->bytes, old->size, below(sim, 4) == 0);
    }
}

/* Ticks that somebody without the beacon's secret can make. */
static void forge_ticks(struct sim *sim, const struct sim_event *event)
{
    for (int i = 0; i < 20 && sim->heard_count > 0; i++) {
        const struct sim_message *old = sim->heard[below(sim, sim->heard_count)];
        struct tick tick;
        struct record_key_id kid;
        const uint8_t *payload;
        size_t payload_size, size = old->size;
        uint8_t bytes[TICK_SIZE_MAX];
        if (tick_read(old->bytes, old->size, &tick, &kid, &payload, &payload_size) != TICK_OK) {
            continue;
        }
        memcpy(bytes, old->bytes, old->size);
        tick.time.ns += (int64_t)(spread(sim, 0.001, 86400) * 1e9);
        tick.counter += 1 + (uint32_t)below(sim, 3);
        tick.has_previous = true;
        uint8_t seed[32] = {(uint8_t)below(sim, 256), 0xff};
        struct trust_secret *stranger = trust_secret_new(seed, kid.bytes); /* under her id */
        switch (below(sim, 3)) {
        case 0:
            size = tick_write(&tick, stranger, bytes);
            break;
        case 1:
            bytes[below(sim, size)] ^= (uint8_t)(1 + below(sim, 255));
            break;
        default:
            tick.session[3] ^= 0x55;
            size = tick_write(&tick, stranger, bytes);
            break;
        }
        trust_secret_free(stranger);
        sim_inject(sim, event->who, bytes, size, false);
    }
}

/* --- records ---------------------------------------------------------------------------------- */

static void spread_record(struct sim *sim, size_t number)
{
    uint64_t bit = UINT64_C(1) << number;
    for (size_t i = 0; i < sim->beacon_count; i++) {
        if (below(sim, 3) > 0) {
            sim_beacon_learn(sim, i, bit);
        }
    }
    for (size_t i = 0; i < sim->listener_count; i++) {
        if (below(sim, 3) == 0) {
            sim_listener_learn(sim, i, bit); /* by hand */
        }
    }
}

static void learn_record(struct sim *sim, const struct sim_event *event)
{
    spread_record(sim, event->who);
}

/* --- a story ---------------------------------------------------------------------------------- */

static void add_listener(struct sim *sim, size_t number)
{
    static const char *const names[] = {"oslo", "porto", "quito"};
    const struct profile *profile = &PROFILES[below(sim, PROFILES_COUNT)];
    size_t which = sim_add_listener(sim, names[number], profile);
    struct sim_listener *listener = &sim->listener[which];
    switch (below(sim, 5)) {
    case 0: /* as it was added: held within 5 ms */
        break;
    case 1:
        sim_clock_held(sim, &listener->clock, (int64_t)(between(sim, 0.1, 60) * 1e6),
                       between(sim, -0.9, 0.9));
        break;
    case 2:
        sim_clock_free(sim, &listener->clock, (int64_t)(spread(sim, 0.001, 1.9) * 1e9),
                       between(sim, -100e-6, 100e-6), 0.3e-6);
        break;
    case 3:
        sim_clock_free(sim, &listener->clock, (int64_t)(spread(sim, 1, 86400) * 1e9),
                       between(sim, -100e-6, 100e-6), 0.3e-6);
        break;
    default: /* born in another year */
        sim_clock_free(sim, &listener->clock,
                       (int64_t)below(sim, 70 * 366) * NS_PER_DAY - sim_utc(sim).ns,
                       between(sim, -100e-6, 100e-6), 0.3e-6);
        break;
    }
    if (below(sim, 4) == 0) {
        listener->options.trust_replay = listener->options.no_ask = true;
    }
    if (below(sim, 4) == 0) {
        listener->options.site.latency.ns = (int64_t)(between(sim, 0, 0.5) * 1e9);
    }
    if (below(sim, 8) == 0) {
        listener->sync_ns = (int64_t)(between(sim, 0.1, 8) * 1e9); /* a dying card */
    }
    sim_listener_learn(sim, which, below(sim, 3) == 0 ? 1 : 3);
    sim_listener_start(sim, which);
}

static void change_records(struct sim *sim, double before_s)
{
    double at_s = between(sim, -before_s, 5);
    if (below(sim, 3) == 0) {
        utc start = {sim->zero.ns + (int64_t)(spread(sim, 1, 120) * 1e9)};
        sim_at(sim, at_s, learn_record, sim_add_window(sim, UID, WINDOW, start, 60, 2), 0);
    } else if (below(sim, 5) == 0) {
        sim_at(sim, at_s, learn_record, sim_add_cancel(sim, WINDOW, 2), 0);
    }
    while (below(sim, 3) == 0 && sim->records.count < 10) { /* one key is not enough */
        utc start = {sim->zero.ns + (int64_t)(spread(sim, 1, 120) * 1e9)};
        size_t number = below(sim, 2) == 0 ? sim_add_cancel(sim, WINDOW, below(sim, 2))
                                           : sim_add_window(sim, UID, WINDOW, start, 60, 1);
        sim_at(sim, between(sim, -before_s, 5), learn_record, number, 0);
    }
}

static const struct {
    const char *name;
    void (*run)(struct sim *, const struct sim_event *);
    enum { TO_LISTENER, TO_BEACON, TO_BROKER } to;
} menu[] = {
    {"crash of listener", crash, TO_LISTENER},
    {"power cut of listener", power_cut, TO_LISTENER},
    {"step of the clock of listener", step_clock, TO_LISTENER},
    {"sleep of listener", fall_asleep, TO_LISTENER},
    {"cut of a path of listener", cut, TO_LISTENER},
    {"freeze of listener", freeze, TO_LISTENER},
    {"pause of the machine of listener", pause_machine, TO_LISTENER},
    {"slewing of the clock of listener", slew, TO_LISTENER},
    {"spoiling of an ear of listener", spoil_ear, TO_LISTENER},
    {"crash of beacon", beacon_crash, TO_BEACON},
    {"lie of beacon", beacon_lies, TO_BEACON},
    {"equivocation of beacon", beacon_equivocates, TO_BEACON},
    {"death of broker", broker_dies, TO_BROKER},
    {"holding by broker", broker_holds, TO_BROKER},
    {"holding of answers by broker", broker_holds_answers, TO_BROKER},
    {"muddle of broker", broker_muddles, TO_BROKER},
    {"return of a bridge", bridge_again, TO_BROKER},
    {"replay at broker", replay, TO_BROKER},
    {"forgery at broker", forge_ticks, TO_BROKER},
};

static void on_fault(struct sim *sim, const struct sim_event *event)
{
    if (sim->told_news != 0) {
        sim_tell(sim, "fault", "%s %zu", menu[event->value].name, event->who);
    }
    menu[event->value].run(sim, event);
}

static void plan_fault(struct sim *sim, double before_s)
{
    size_t which = below(sim, sizeof menu / sizeof *menu);
    size_t count = menu[which].to == TO_LISTENER ? sim->listener_count
                   : menu[which].to == TO_BEACON ? sim->beacon_count
                                                 : sim->broker_count;
    /* Most of what matters happens near the start. */
    double at_s = below(sim, 2) == 0 ? between(sim, -before_s, 20) : spread(sim, 0.001, 15);
    sim_at(sim, at_s < -before_s ? -before_s : at_s, on_fault, below(sim, count), (int64_t)which);
}

void faults_story(struct sim *sim, uint64_t seed, bool is_told)
{
    struct chance shape = sim_chance(seed, 9, 0);
    double before_s = chance_between(&shape, 60, 260);
    if (chance_real(&shape) < 0.15) {
        before_s = chance_between(&shape, 500, 1500);
    }
    sim_open(sim, seed, "2027-08-02T08:25:00Z", before_s, 1 + chance_bits(&shape) % 4,
             1 + chance_bits(&shape) % 3);
    sim->keeps_heard = true;
    sim->told_news = is_told ? ~UINT64_C(0) : 0;
    sim_add_window(sim, UID, 0, sim->zero, 60, 2);
    if (below(sim, 4) == 0) {
        sim_add_neighbours(sim, 1 + below(sim, 2),
                           (utc){sim->zero.ns + (int64_t)(spread(sim, 1, 120) * 1e9)});
    }
    for (size_t i = 0; i < sim->beacon_count; i++) {
        struct sim_beacon *beacon = &sim->beacon[i];
        const struct profile *profile = &PROFILES[below(sim, PROFILES_COUNT)];
        for (size_t j = 0; j < sim->broker_count; j++) {
            sim_path_use(&beacon->path[j], profile);
        }
        sim_clock_held(sim, &beacon->clock, (int64_t)(between(sim, 0.05, 20) * 1e6),
                       between(sim, -0.9, 0.9));
        beacon->has_error = below(sim, 10) > 0;
    }
    for (size_t i = 1; i < sim->broker_count && below(sim, 2) == 0; i++) { /* a tree, or a chain */
        sim_bridge(sim, below(sim, i), i, &PROFILES[below(sim, PROFILES_COUNT)]);
    }
    for (size_t i = 0; i < sim->beacon_count; i++) {
        sim_beacon_learn(sim, i, 3);
        sim_beacon_start(sim, i);
    }
    size_t listeners = 1 + below(sim, 3);
    for (size_t i = 0; i < listeners; i++) {
        add_listener(sim, i);
    }
    change_records(sim, before_s);
    for (uint64_t faults = below(sim, 10); faults > 0; faults--) {
        plan_fault(sim, before_s);
    }
    sim_run(sim, between(sim, 20, 100));
    sim_judge_end(sim);
}
