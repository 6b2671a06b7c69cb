/* tocsin-beacon/run.h -- the beacon at work: turns the loop's callbacks into the herald's events
 * and its updates into calls.  Decides nothing. */
#ifndef DAEMON_RUN_H
#define DAEMON_RUN_H

#include <stdio.h>

#include <uv.h>

#include "broker/broker.h"
#include "herald/herald.h"
#include "mqtt/mqtt.h"
#include "ticks/echo.h"
#include "ticks/status.h"
#include "ticks/topic.h"
#include "tocsin-beacon/options.h"
#include "tocsin-beacon/records.h"
#include "watch/watch.h"

struct beacon;

/* One broker: the connection that speaks, and a second that only hears, to learn how long the
 * broker takes to tell the last of its subscribers. */
struct link {
    struct beacon *beacon;
    size_t number;
    char url[300];
    struct mqtt *voice, *ear; /* NULL: not there (yet) */
    bool was_told_lost;       /* the present outage has been said */
    /* the last tick sent, while the ear has not heard it */
    bool is_awaited;
    uint32_t awaited_counter;
    mono sent;
    uint32_t delay_us[16]; /* of the last ticks */
    size_t delay_count;
    /* questions since the last tick, in order of arrival; owned, NULL before the first */
    uint8_t (*nonce)[TICK_NONCE_SIZE];
    size_t nonce_count;
};

struct beacon {
    /* gives the herald an event and does what it says */
    void (*step)(struct beacon *beacon, struct herald_event *event);
    uv_loop_t loop;
    const struct options *options;
    const struct leap_table *leap;
    struct records *records;
    struct herald herald;
    struct broker *broker;   /* NULL: none of our own */
    struct mqtt_login login; /* at that one */
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
    uv_timer_t wake, status, last_resort;
    uv_signal_t interrupt, terminate;
    FILE *log;         /* NULL: none */
    utc kept_tick;     /* the latest that --state tells of */
    bool has_kept_one; /* in this run */
    struct view_told told;
    bool is_keeping_bad; /* the last try failed */
};

/* Runs until a signal; returns the exit code. */
int run(const struct options *options, const struct leap_table *leap, struct records *records,
        const struct trust_secret *secret);

/* link.c */
bool link_open(struct link *link, struct beacon *beacon, const char *url,
               const struct mqtt_login *login);
void link_close(struct link *link, void (*done)(void *context), void *context);
void link_send_status(struct link *link, enum tick_status_state state);
void link_send_records(struct link *link);
void link_send_tick(struct link *link);
bool link_fanout_us(const struct link *link, uint32_t *out);

/* last_tick.c: with --state.  keep, after every step, saves the first tick and then about one a
 * minute; wake is the time until the next step. */
void last_tick_load(struct beacon *beacon);
void last_tick_keep(struct beacon *beacon, span wake);
void last_tick_save(struct beacon *beacon);

/* log.c: writes it to the flight log, if there is one. */
void beacon_record(struct beacon *beacon, const struct herald_event *event, const uint8_t *data,
                   size_t size);

#endif
