/* tocsin-beacon/run.h -- the beacon at work: turns the loop's callbacks into the herald's events
 * and its updates into calls.  Decides nothing. */
#ifndef DAEMON_RUN_H
#define DAEMON_RUN_H

#include <uv.h>

#include "broker/broker.h"
#include "herald/herald.h"
#include "inbox/inbox.h"
#include "mqtt/mqtt.h"
#include "ticks/questions.h"
#include "ticks/status.h"
#include "ticks/topic.h"
#include "tocsin-beacon/options.h"
#include "tocsin-beacon/recorder.h"
#include "watch/watch.h"

struct beacon;

struct answers; /* ear.c */

/* One broker, over two connections: the voice, which ticks, and the ear, which hears our own ticks
 * come back, and questions, which it answers: answers never wait behind a tick that the broker
 * passes on to thousands. */
struct link {
    struct beacon *beacon;
    size_t number;
    struct mqtt *voice, *ear; /* NULL: not there (yet) */
    bool was_told_lost;       /* the present outage has been said */
    uint64_t lost_ms;         /* by the loop's clock; 0: up, or never tried */
    bool was_told_deaf;       /* and that of the ear */
    bool is_unheard;          /* a tick was sent since the last one that came back */
    bool was_told_unheard;
    mono unheard_since;
    struct answers *answers; /* owned; NULL before the first question */
    uv_timer_t turn;         /* the rest of a round of answers */
};

struct beacon {
    /* gives the herald an event and does what it says; whether it means to answer something */
    bool (*step)(struct beacon *beacon, struct herald_event *event);
    void (*take_up)(struct beacon *beacon); /* there are new records */
    uv_loop_t loop;
    const struct options *options;
    const struct leap_table *leap;
    struct records *records;
    struct herald herald;
    struct broker *broker;   /* NULL: none of our own */
    struct mqtt_login login; /* at that one */
    char least_s[MQTT_SECONDS_SIZE];
    struct mqtt_login abroad; /* at the others */
    struct link link[HERALD_LINKS_MAX];
    size_t link_count;
    char topic[4][TICK_TOPIC_SIZE]; /* by enum tick_topic */
    uint8_t *stream;                /* owned: what the records topic holds; NULL: not yet */
    size_t stream_size;
    uint32_t omitted;
    bool is_synchronised;
    bool was_clock_told;
    bool is_stopping;
    int exit_code;
    int closing; /* connections and the broker that are still to end */
    struct watch *watch;
    struct inbox *inbox; /* owned; NULL: none */
    uv_timer_t wake, attend, status, inbox_look, alive, last_resort;
    uv_signal_t interrupt, terminate;
    struct flight *flight; /* NULL: none */
    utc kept_tick;         /* the latest that --state tells of */
    bool has_kept_one;     /* in this run */
    struct view_seen seen;
    struct herald_beat beat;
    bool is_beat_bad;    /* the last heartbeat could not be kept */
    bool is_keeping_bad; /* the last try failed */
};

/* Runs until a signal; returns the exit code. */
int run(const struct options *options, const struct leap_table *leap, struct records *records,
        const struct trust_secret *secret, struct flight *flight);

/* link.c */
bool link_open(struct link *link, const char *url, const struct mqtt_login *login);
void link_close(struct link *link, void (*done)(void *context), void *context);
void link_send_status(struct link *link, enum tick_status_state state);
void link_send_records(struct link *link);
void link_send_tick(struct link *link);

/* ear.c */
void ear_open(struct link *link, const struct mqtt_options *options);
/* A tick was sent, or kept for us by the broker: it should come back.  look says so when it does
 * not. */
void ear_expect_tick(struct link *link);
void ear_look(struct link *link);
/* Answers what waits, unless the last round is still being written. */
void ear_answer(struct link *link);

/* last_tick.c: with --state.  keep, after every step, saves the first tick and then about one a
 * minute; wake is the time until the next step. */
void last_tick_load(struct beacon *beacon);
void last_tick_keep(struct beacon *beacon, span wake);
void last_tick_save(struct beacon *beacon);

/* beat.c: writes this beacon's heartbeat into the store when one is due; whether it did. */
bool beat_if_due(struct beacon *beacon);

/* supervision.c: the inbox, and what the supervisor hears.  begin needs the loop and its timers. */
bool supervision_begin(struct beacon *beacon);
void supervision_tell(struct beacon *beacon, const struct herald_clocks *clocks);

/* tell.c: writes a step to the flight log, if there is one; and says what it brought. */
void beacon_record(struct beacon *beacon, const struct herald_event *event,
                   const struct herald_update *update);
void beacon_tell(const struct herald_news *news);

#endif
