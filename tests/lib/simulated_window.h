/* simulated_window.h -- a listener with wrong clocks hears and asks beacons until a start: the
 * discipline alone, without records, signatures and brokers' sessions.  One path for all beacons.
 * Times are seconds relative to the start. */
#ifndef SIMULATED_WINDOW_H
#define SIMULATED_WINDOW_H

#include <stdlib.h>
#include <string.h>

#include "discipline/discipline.h"
#include "instants/instant.h"
#include "simulated_link.h"

enum { WINDOW_BEACONS_MAX = 5, WINDOW_EVENTS_MAX = 6000, WINDOW_QUESTIONS_MAX = 128 };

struct window_options {
    const struct profile *profile;
    double join_s;         /* negative */
    double hold_s;         /* no broker for so long before the start */
    double known_ppm;      /* the skew was learned before, to within this; 0: it was not */
    double wander_ppm;     /* amplitude; 0: 1 ppm */
    size_t beacons, liars; /* the last ones lie */
    double lie_s;          /* what their clocks are off by */
    bool has_narrow_lie;   /* and they make their round trips look like none */
    bool crosses_bridge;   /* one more broker either way */
    double outage_s;       /* held answers: each comes back up to so much later */
    bool is_synchronised;  /* the host's clock, within sync_s of UTC */
    double sync_s;
};

struct window_outcome {
    double error_s;     /* the estimate at the start, less the truth */
    double own_error_s; /* the first beacon's */
    double width_s;
    bool is_bounded, is_inside; /* both edges proved (or assumed) */
    size_t heard,
        liars_heard; /* beacons that have an edge at the start: who never came does not vote */
    bool names_liars, names_honest;
    size_t questions;
};

struct window_beacon {
    double off_s, wobble_s, wobble_per_s, wobble_phase;
    double lie_s, squeeze_s;
    double tick_s, answer_s, ask_s; /* in the broker, on the way */
};

struct window_clock {
    double gain, wander, wander_per_s, wander_phase;
    int64_t raw_ns, utc_ns; /* at the start */
};

struct window_event {
    double at_s;
    size_t beacon;
    bool is_answer;
    double asked_s;
    instant received, sent;
};

static struct discipline window_discipline;
static struct discipline_source window_sources[DISCIPLINE_SOURCES_MAX];

static const int64_t WINDOW_START_NS = INT64_C(1800000000) * NS_PER_S; /* TAI */

static inline instant window_true(double at_s)
{
    return (instant){WINDOW_START_NS + (int64_t)llround(at_s * 1e9)};
}

static inline mono_raw window_raw(const struct window_clock *clock, double at_s)
{
    double wander =
        clock->wander / clock->wander_per_s *
        (cos(clock->wander_phase) - cos(clock->wander_per_s * at_s + clock->wander_phase));
    return (mono_raw){clock->raw_ns + (int64_t)llround((at_s * (1 + clock->gain) + wander) * 1e9)};
}

static inline instant window_stamp(const struct window_beacon *beacon, double at_s, double lie_s)
{
    double wobble = beacon->wobble_s * sin(beacon->wobble_per_s * at_s + beacon->wobble_phase);
    return window_true(at_s + beacon->off_s + wobble + lie_s);
}

static inline int window_by_time(const void *a, const void *b)
{
    double x = ((const struct window_event *)a)->at_s, y = ((const struct window_event *)b)->at_s;
    return (x > y) - (x < y);
}

/* By tocsin-listen(1): eight in three seconds, eight within a minute, then by the time left. */
static inline size_t window_questions(struct chance *chance, double join_s, double end_s,
                                      double out[static WINDOW_QUESTIONS_MAX])
{
    size_t count = 0;
    for (int i = 0; i < 8; i++) {
        double at = join_s + 3 * (i + (i > 0 ? chance_real(chance) : 0)) / 8;
        if (at < end_s) {
            out[count++] = at;
        }
    }
    double at = join_s + 3;
    while (count < WINDOW_QUESTIONS_MAX) {
        double gap = count < 16 ? fmin(fmax(-at / 8, 0.4), 8) : fmax(-at / 8, 10);
        at += gap * chance_between(chance, 0.7, 1.3);
        if (at > (count < 16 ? -3.5 : -8) || at > end_s) {
            break;
        }
        out[count++] = at;
    }
    return count;
}

/* TCP from a beacon, one more queue, and what the broker itself takes. */
static inline double window_hop_s(struct chance *chance, double broker_s)
{
    return 60e-6 - 20e-6 * log(chance_real(chance)) + broker_s;
}

static inline double window_read_s(struct chance *chance)
{
    double late = chance_between(chance, 20e-6, 120e-6);
    return chance_real(chance) < 0.01 ? late + chance_between(chance, 0, 2e-3) : late;
}

static inline struct window_outcome window_live(struct chance *chance,
                                                const struct window_options *options)
{
    static struct window_event event[WINDOW_EVENTS_MAX];
    size_t events = 0;
    double wander = (options->wander_ppm > 0 ? options->wander_ppm : 1) * 1e-6;
    struct window_clock clock = {
        .gain = chance_between(chance, -99e-6, 99e-6),
        .wander = chance_between(chance, 0, wander),
        .wander_per_s = 6.283185307 / chance_between(chance, 600, 3600),
        .wander_phase = chance_between(chance, 0, 6.283185307),
        .raw_ns = (int64_t)chance_between(chance, 1e13, 1e15),
    };
    clock.gain *= 1 - clock.wander / 99e-6; /* all of it within 100 ppm */
    double join_s = options->join_s - chance_real(chance), end_s = -options->hold_s;
    struct simulated_path path;
    struct simulated_link up, down;
    path_begin(&path, options->profile, chance, join_s);
    link_begin(&up, &path, true, join_s);
    link_begin(&down, &path, false, join_s);

    struct window_beacon beacon[WINDOW_BEACONS_MAX];
    double question[WINDOW_QUESTIONS_MAX];
    size_t questions = window_questions(chance, join_s, end_s, question);
    for (size_t b = 0; b < options->beacons; b++) {
        beacon[b] = (struct window_beacon){
            .off_s = chance_between(chance, -0.95e-3, 0.95e-3),
            .wobble_s = chance_between(chance, 0, 0.05e-3),
            .wobble_per_s = 6.283185307 / chance_between(chance, 600, 3600),
            .wobble_phase = chance_between(chance, 0, 6.283185307),
            .tick_s = chance_between(chance, 20e-6, 300e-6),
            .answer_s = chance_between(chance, 20e-6, 150e-6),
            .ask_s = chance_between(chance, 20e-6, 150e-6),
        };
        if (options->crosses_bridge) {
            beacon[b].tick_s += chance_between(chance, 20e-6, 300e-6);
            beacon[b].answer_s += chance_between(chance, 20e-6, 150e-6);
            beacon[b].ask_s += chance_between(chance, 20e-6, 150e-6);
        }
        if (b + options->liars >= options->beacons) {
            beacon[b].lie_s = options->lie_s;
            beacon[b].squeeze_s =
                options->has_narrow_lie
                    ? (options->profile->down_ms + options->profile->relay_ms) / 1e3
                    : 0;
        }
        double at = floor(join_s / 60) * 60 - 60 + (double)b * 0.31;
        for (; at <= end_s; at += at < -600 ? 60 : at < -30 ? 10 : 1) {
            if (at >= join_s && events < WINDOW_EVENTS_MAX) {
                double left = at + chance_between(chance, 5e-6, 30e-6) +
                              window_hop_s(chance, beacon[b].tick_s) + path_turn_s(&path);
                event[events++] = (struct window_event){
                    .at_s = left,
                    .beacon = b,
                    .sent = window_stamp(&beacon[b], at, beacon[b].lie_s + beacon[b].squeeze_s)};
            }
        }
    }
    for (size_t i = 0; i < questions; i++) {
        for (size_t b = 0; b < options->beacons && events < WINDOW_EVENTS_MAX; b++) {
            double asked = question[i] + (double)b * 0.02;
            double came = link_carry(&up, asked + chance_between(chance, 5e-6, 30e-6));
            double received = came + window_hop_s(chance, beacon[b].ask_s) + window_read_s(chance);
            double answered = received + chance_between(chance, 50e-6, 500e-6);
            double left = answered + chance_between(chance, 20e-6, 200e-6) +
                          window_hop_s(chance, beacon[b].answer_s);
            left += options->outage_s > 0 ? chance_between(chance, 0, options->outage_s) : 0;
            event[events++] = (struct window_event){
                .at_s = left,
                .beacon = b,
                .is_answer = true,
                .asked_s = asked,
                .received =
                    window_stamp(&beacon[b], received, beacon[b].lie_s - beacon[b].squeeze_s),
                .sent = window_stamp(&beacon[b], answered, beacon[b].lie_s + beacon[b].squeeze_s),
            };
        }
    }
    /* Everything comes down one TCP connection in the order in which it left. */
    qsort(event, events, sizeof *event, window_by_time);
    double read_s = -1e9;
    for (size_t i = 0; i < events; i++) {
        read_s = fmax(link_carry(&down, event[i].at_s) + window_read_s(chance), read_s);
        event[i].at_s = read_s;
    }

    struct discipline_memory memory = {.floor = window_true(-86400)};
    if (options->known_ppm > 0) {
        memory.has_skew = true;
        memory.skew = clock.gain + chance_between(chance, -1, 1) * options->known_ppm * 1e-6;
        memory.skew_doubt = options->known_ppm * 1e-6 / 3;
    }
    discipline_init(&window_discipline, &(struct discipline_options){.trust_replay = false},
                    window_sources, DISCIPLINE_SOURCES_MAX);
    discipline_join(&window_discipline, 0, options->beacons, window_true(86400 * 365), &memory);
    for (size_t b = 0; b < options->beacons; b++) {
        discipline_add(&window_discipline, b, 0);
    }
    struct window_outcome out = {.own_error_s = beacon[0].off_s};
    for (size_t i = 0; i < events; i++) {
        const struct window_event *one = &event[i];
        if (one->at_s >= end_s) {
            break;
        }
        if (one->is_answer && one->at_s - one->asked_s < 5) {
            out.questions++;
            discipline_hear_answer(&window_discipline, one->beacon,
                                   &(struct discipline_answer){
                                       .asked = window_raw(&clock, one->asked_s),
                                       .received = one->received,
                                       .sent = one->sent,
                                       .arrived = window_raw(&clock, one->at_s),
                                       .error = {NS_PER_MS},
                                   });
        } else if (!one->is_answer) {
            discipline_hear(&window_discipline, one->beacon,
                            &(struct discipline_sample){.arrived = window_raw(&clock, one->at_s),
                                                        .sent = one->sent,
                                                        .has_error = true,
                                                        .error = {NS_PER_MS}});
        }
    }
    mono_raw raw = window_raw(&clock, 0);
    double host_off_s = options->is_synchronised
                            ? chance_between(chance, -options->sync_s, options->sync_s)
                            : chance_between(chance, -86400, 86400);
    struct discipline_clocks clocks = {.now = {raw.ns},
                                       .raw = raw,
                                       .is_synchronised = options->is_synchronised,
                                       .bound = {(int64_t)(options->sync_s * 1e9)}};
    struct discipline_estimate estimate;
    (void)discipline_notice(&window_discipline, &clocks);
    discipline_estimate(&window_discipline, 0, &clocks, window_true(host_off_s), &estimate);
    out.error_s = (double)(estimate.best.tai_ns - WINDOW_START_NS) / 1e9;
    out.is_bounded = estimate.is_bounded;
    out.is_inside =
        estimate.earliest.tai_ns <= WINDOW_START_NS && WINDOW_START_NS <= estimate.latest.tai_ns;
    out.width_s = (double)instant_since(estimate.latest, estimate.earliest).ns / 1e9;
    out.names_liars = true;
    for (size_t b = 0; b < options->beacons; b++) {
        bool is_liar = b + options->liars >= options->beacons;
        bool is_named = estimate.verdict[b] == VERDICT_DISAGREES;
        bool is_heard = window_discipline.source[b].earliest.is_known;
        out.heard += is_heard;
        out.liars_heard += is_heard && is_liar;
        out.names_liars = out.names_liars && (!is_liar || is_named);
        out.names_honest = out.names_honest || (!is_liar && is_named);
    }
    return out;
}

/* Anything goes: random joins and holds, any path, answers held, a minority that lies. */
static inline struct window_options window_draw(struct chance *chance)
{
    size_t beacons = 1 + 2 * (chance_bits(chance) % 3);
    return (struct window_options){
        .profile = &PROFILES[chance_bits(chance) % PROFILES_COUNT],
        .join_s = -exp(chance_between(chance, 1.5, 8)),
        .hold_s = chance_bits(chance) % 3 == 0 ? exp(chance_between(chance, 0, 7)) : 0,
        .beacons = beacons,
        .liars = chance_bits(chance) % ((beacons + 1) / 2),
        .lie_s = chance_between(chance, -1, 1) * exp(chance_between(chance, -6, 11)),
        .has_narrow_lie = chance_bits(chance) % 2 == 0,
        .outage_s = chance_bits(chance) % 4 == 0 ? 4 : 0,
        .wander_ppm = 3,
    };
}

#endif
