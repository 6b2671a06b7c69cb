/* recorder.c -- the flight log of a beacon, written and gone through again: what each line holds
 * stands here twice, side by side, and in tocsin-flight(5).  Questions and answers leave no line:
 * strangers could fill the disk with them. */
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin-beacon/recorder.h"

static const char *const cadences[] = {"calm", "lively"};
static const char *const kinds[] = {"view", "up", "down", "wake", "stamp"};
enum { KINDS = sizeof kinds / sizeof *kinds };
_Static_assert(KINDS == (int)HERALD_EAR_UP, "a word for each kind of event that is kept");

void recorder_begin(struct flight *flight, const struct record_id *root, enum cadence cadence)
{
    flight_text(flight, "set");
    flight_text(flight, "root");
    flight_bytes(flight, root->bytes, sizeof root->bytes);
    flight_end(flight);
    flight_text(flight, "set");
    flight_text(flight, "cadence");
    flight_text(flight, cadences[cadence]);
    flight_end(flight);
}

static void put_if(struct flight *flight, bool is_there, int64_t number)
{
    if (is_there) {
        flight_number(flight, number);
    } else {
        flight_absent(flight);
    }
}

void recorder_step(struct flight *flight, const struct herald_event *event,
                   const struct herald_update *update)
{
    if (flight == NULL || event->kind >= HERALD_EAR_UP) {
        return;
    }
    const uint8_t *data = event->view != NULL ? event->view->digest : update->tick;
    size_t size = event->view != NULL           ? sizeof event->view->digest
                  : event->kind == HERALD_STAMP ? update->tick_size
                                                : 0;
    flight_text(flight, "step");
    flight_text(flight, kinds[event->kind]);
    flight_number(flight, event->clocks.utc.ns);
    put_if(flight, event->clocks.has_error, event->clocks.error_ns);
    put_if(flight, event->clocks.has_tai, event->clocks.tai_minus_utc_s);
    flight_number(flight, (int64_t)event->link);
    flight_bytes(flight, event->session, sizeof event->session);
    flight_bytes(flight, data, size);
    flight_end(flight);
}

static void take_step(struct flight_line *line, struct herald_event *event, const uint8_t **data,
                      size_t *size)
{
    *event =
        (struct herald_event){.kind = (enum herald_event_kind)flight_take_word(line, kinds, KINDS)};
    event->clocks.utc.ns =
        flight_take_number(line, UTC_EARLIEST_S * NS_PER_S, UTC_LATEST_S * NS_PER_S - 1);
    event->clocks.error_ns = flight_take_if(line, 0, INT64_MAX, &event->clocks.has_error);
    event->clocks.tai_minus_utc_s =
        (int32_t)flight_take_if(line, INT32_MIN, INT32_MAX, &event->clocks.has_tai);
    event->link = (size_t)flight_take_number(line, 0, HERALD_LINKS_MAX - 1);
    flight_take_exactly(line, event->session, sizeof event->session);
    *data = flight_take_bytes(line, TICK_SIZE_MAX, size);
}

struct player {
    const struct leap_table *leap;
    const struct trust_secret *secret;
    struct records *records;
    struct herald herald;
    enum cadence cadence;
    bool has_begun; /* the herald of this run */
    size_t ticks, different;
    bool has_changed; /* the records say something else now than then */
};

static bool begin_run(void *context)
{
    struct player *player = context;
    player->has_begun = false;
    records_close(player->records);
    return records_init(player->records, player->leap);
}

static bool take_setting(void *context, const char *name, struct flight_line *line)
{
    struct player *player = context;
    if (strcmp(name, "root") == 0) {
        flight_take_exactly(line, player->records->root.bytes, sizeof player->records->root.bytes);
        return true;
    }
    player->cadence = (enum cadence)flight_take_word(line, cadences, 2);
    return strcmp(name, "cadence") == 0;
}

static bool play_bytes(void *context, bool is_anchor, const uint8_t *bytes, size_t size)
{
    struct player *player = context;
    return replica_came(&player->records->replica, is_anchor, bytes, size);
}

static void tell(utc at, const struct herald_news *news)
{
    char line[HERALD_LINE_SIZE];
    if (news->kind != HERALD_QUIET) {
        herald_news_write(news, line);
        printf("%s beacon > %s\n", stamp_text(at).text, line);
    }
}

/* The herald begins with the first step, once the settings before it are known.  A view is made
 * anew from the records of the log, of which the step has only the digest: where that differs, this
 * program understands the same records otherwise, and its ticks may differ for that alone. */
static bool play_step(void *context, struct flight_line *line)
{
    struct player *player = context;
    struct herald_event event;
    struct herald_update update;
    const uint8_t *data;
    size_t size;
    take_step(line, &event, &data, &size);
    if (!flight_took_all(line)) {
        return false;
    }
    if (!player->has_begun) {
        player->has_begun = true;
        herald_init(&player->herald, &player->records->root, player->secret, player->leap,
                    player->cadence);
    }
    if (event.kind == HERALD_VIEW) {
        event.view = records_view(player->records, event.clocks.utc);
        if (event.view == NULL) {
            return false;
        }
        player->has_changed = player->has_changed || size != sizeof event.view->digest ||
                              memcmp(data, event.view->digest, size) != 0;
    }
    herald_step(&player->herald, &event, &update);
    tell(event.clocks.utc, &update.news);
    if (event.kind == HERALD_STAMP) {
        player->ticks++;
        player->different += update.tick_size != size || memcmp(update.tick, data, size) != 0;
    }
    return true;
}

int recorder_replay(const char *path, const struct leap_table *leap, struct records *records,
                    const struct trust_secret *secret)
{
    static struct player player; /* large */
    player = (struct player){.leap = leap, .secret = secret, .records = records};
    int exit_code = flight_replay(path, &(struct flight_player){.program = RECORDER_PROGRAM,
                                                                .context = &player,
                                                                .begin = begin_run,
                                                                .set = take_setting,
                                                                .came = play_bytes,
                                                                .step = play_step});
    if (exit_code != EXIT_DONE) {
        return exit_code;
    }
    if (player.has_changed) {
        printf("the records mean something else to this version of the program\n");
    }
    printf("%zu tick%s, %zu of them different from the recorded ones\n", player.ticks,
           text_s(player.ticks), player.different);
    return player.different > 0 ? EXIT_NO : EXIT_DONE;
}
