/* tocsin-listen/internal.h -- the parts of a running listener, and what joins them: callbacks
 * become events, updates become calls; it decides nothing. */
#ifndef LISTEN_INTERNAL_H
#define LISTEN_INTERNAL_H

#include <uv.h>

#include "clock/clock.h"
#include "ear/ear.h"
#include "flight/flight.h"
#include "inbox/inbox.h"
#include "replica/replica.h"
#include "report/report.h"
#include "say/say.h"
#include "show/show.h"
#include "ticks/topic.h"
#include "tocsin-listen/actions.h"
#include "tocsin-listen/disk.h"
#include "tocsin-listen/intake.h"
#include "tocsin-listen/options.h"
#include "tocsin-listen/state.h"
#include "watch/watch.h"
#include "zoneinfo/zoneinfo.h"

enum { LISTEN_MARKS_MAX = 2 * LISTENER_OCCURRENCES_MAX };

struct listen;

/* Two of each beacon that is asked, and more: answers to the last question of one may come when the
 * next has begun. */
enum { LINK_BURSTS_MAX = 16 };

/* One broker. */
struct link {
    struct listen *listen;
    size_t index;
    struct ear *ear;
    bool was_up, was_told;
    char why[200];     /* not up: the last reason */
    uint64_t up_since; /* uv_hrtime */
    bool has_heard;    /* a tick, not a retained one, since the listener began */
    bool was_told_unheard, was_told_unanswered;
    size_t denied, told_denied; /* subscriptions, of this connection */
    char denied_topic[TICK_TOPIC_SIZE];
    bool is_subscribed[LISTENER_BEACONS_MAX];
    struct {
        struct record_id root;
        struct record_key_id key;
    } subscribed[LISTENER_BEACONS_MAX];
    /* Where answers are awaited: the topics of the last bursts asked over it, a ring. */
    char answers[LINK_BURSTS_MAX][TICK_TOPIC_SIZE];
    size_t next_answers;
};

struct listen {
    const struct options *options;
    struct leap_table leap;
    struct zoneinfo *zones; /* owned; NULL: none.  The site's zone points into it */
    struct clock clock;
    struct replica replica;
    struct inbox *inbox; /* owned; NULL: none */
    mono inbox_at;       /* when it was last looked at */
    struct watch *watch; /* NULL: the store is only looked at now and then */
    uint64_t rest_until; /* uv_hrtime: the store is not looked at before */
    struct state state;
    struct disk disk; /* open while the loop runs, where the state is */
    bool has_disk;
    struct show show;
    struct actions actions;
    struct report *report;  /* NULL: none */
    struct bell_news tried; /* what the bell said beforehand */
    struct flight *flight;  /* NULL: nothing is recorded */
    utc view_at;            /* of the last RECORDS event */
    struct {
        instant best;
        mono at;
    } viewed[LISTENER_CONSTELLATIONS_MAX]; /* each constellation's time when it was viewed */
    struct view_seen seen;
    bool is_stale[LISTENER_CONSTELLATIONS_MAX]; /* told of each root of the view */
    struct listener listener;
    _Alignas(max_align_t) uint8_t block[LISTENER_ROOM_SIZE]; /* its room */
    struct listener_update update;
    struct link link[LISTENER_LINKS_MAX];
    size_t link_count;
    uv_loop_t loop;
    uv_timer_t wake, look, output_rest, judging;
    uv_poll_t fired, hook, output, clock_set;
    uv_signal_t interrupt, terminate, child, hangup;
    int clock_set_timer;
    mono viewed_at, reloaded_at;
    bool has_started_one, has_missed_one, has_failed_one; /* --once */
    char bell_wants[BELL_TEXT_SIZE]; /* what was last said to be wanting; "": nothing is */
    struct listener_mark mark[LISTEN_MARKS_MAX]; /* to be kept */
    uint64_t mark_id[LISTEN_MARKS_MAX];          /* 0: nobody waits for it */
    size_t mark_count;
    struct intake intake;
    bool was_told_dates;
    utc least; /* that it can be */
    char least_s[MQTT_SECONDS_SIZE];
    struct mqtt_login login; /* the owner's, and what this host's clock is worth */
    uint64_t looking_since;
    bool is_looking; /* --check: nothing is set, kept or told but what it says at the end */
    struct {
        struct record_id root;
        struct record_uid uid;
    } told_place[LISTENER_UIDS_MAX]; /* windows whose places were told */
    size_t told_places;
    bool is_there[LISTENER_BEACONS_MAX]; /* as its status says, unsigned */
    bool has_unviewed;
    uint64_t unviewed_since;                        /* uv_hrtime, of the last view of such */
    uint64_t broken_off, refused, unheld, unjudged; /* messages with records */
    int exit_code;
};

/* Runs a listener until it is done; returns the exit code. */
int listen_run(struct listen *listen);

/* Reads roots, bundles and store, and makes the mind; marks only where the state is open. */
int listen_open(struct listen *listen, const struct options *options);
void listen_close(struct listen *listen);

/* note.c: a line about the program itself, whose event names it in JSON; one of the view's alerts;
 * the news of the last step; whom this listener believes, each anchor by its own content. */
void listen_note(struct listen *listen, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void listen_alert(void *context, const struct view_alert *alert);
void listen_show_news(struct listen *listen);
void listen_introduce_anchors(struct listen *listen);

/* recorder.c: what the mind began with, and each step; view_at: for LISTENER_RECORDS, the time for
 * which the view was made. */
void recorder_begin(struct flight *flight, const struct listener_options *options,
                    const struct state *state);
void recorder_step(struct flight *flight, const struct listener_event *event, utc view_at);
/* Goes through a log with this replica, mind and screen; one at a time. */
struct flight_player recorder_player(struct listen *listen);

void listen_tell_hook(void *context, const char *text, bool is_failure); /* an actions_tell */
void listen_keep_memory(struct listen *listen);
void listen_stop(struct listen *listen, int code); /* the loop */

/* clocks.c: the host's clocks as the mind wants them; those of somebody who stands at an instant
 * and waits, through leap seconds too. */
struct discipline_clocks listen_read_clocks(const struct listen *listen);
struct discipline_clocks listen_stand_at(const struct listen *listen, utc at, int64_t passed_ns);

/* step.c: one step of the mind with the clocks as they are, and all that follows from it. */
void listen_step(struct listen *listen, struct listener_event *event);

/* These marks are durable, or nobody waits for them: a disk_handlers' marked, of a listen. */
void listen_marked(void *context, const uint64_t *id, size_t count);

/* Tells the mind what the records now mean. */
void listen_view(struct listen *listen);
bool listen_has_clock_moved(const struct listen *listen); /* since that was told */

/* --check, --rehearse and --replay: the real mind, no gesture. */
int listen_check(struct listen *listen);
int listen_rehearse(struct listen *listen);
int listen_replay(struct listen *listen);

/* report.c: what its owner hears in their own house. */
struct report_options report_options_of(const struct options *options);
bool report_open(struct listen *listen);
void report_look(struct listen *listen);
void report_started(struct listen *listen, const struct show_start *start);
void report_news(struct listen *listen, const struct listener_news *news);
void report_failure(struct listen *listen, const char *text);

/* drill.c: the records of a drill, instead of any others. */
int listen_take_drill(struct listen *listen);

/* check.c: what the records mean by the event's clocks. */
bool listen_tell_view(struct listen *listen, struct listener_event *event);

/* follow.c: the store's folder.  follow_start needs the loop; from then on what comes into it is
 * viewed.  follow_look returns whether something is new. */
void follow_start(struct listen *listen);
bool follow_look(struct listen *listen);

/* supervision.c: the inbox, and what the supervisor hears.  open looks into the inbox for the first
 * time, false for want of memory; look, from time to time, says whether something is new; turn is
 * for each turn of the loop. */
bool supervision_open(struct listen *listen);
bool supervision_look(struct listen *listen, mono now);
void supervision_turn(struct listen *listen, mono now);

/* wire.c: the brokers, and what they bring. */
bool wire_open(struct listen *listen);
void wire_close(struct listen *listen);
void wire_look(struct listen *listen); /* once a second: says what brokers keep from us */

/* links.c: what goes out to them. */
void links_subscribe(struct listen *listen);
void links_ask(struct listen *listen); /* what the last step asks for */
size_t links_up_count(const struct listen *listen);
const struct record_id *links_root(const struct listen *listen,
                                   const struct listener_beacon *beacon);

#endif
