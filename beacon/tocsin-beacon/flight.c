#include "tocsin-beacon/flight.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"

static const char run_line[] = "begin";
static const char *const kinds[] = {"view", "up", "down", "wake", "stamp"};
enum { KINDS = sizeof kinds / sizeof *kinds, COLUMNS = 7 };

static void put_number(char out[static 24], bool is_there, int64_t number)
{
    if (is_there) {
        snprintf(out, 24, "%" PRId64, number);
    } else {
        snprintf(out, 24, "-");
    }
}

FILE *flight_open(const char *path)
{
    FILE *file = fopen(path, "a+e");
    if (file == NULL) {
        return NULL;
    }
    /* Nothing to look at in an empty file or a pipe. */
    bool is_broken = fseek(file, -1, SEEK_END) == 0 && getc(file) != '\n';
    (void)!fseek(file, 0, SEEK_END);
    if (fprintf(file, "%s%s\n", is_broken ? "~\n" : "", run_line) < 0 || fflush(file) != 0) {
        int code = errno;
        fclose(file);
        errno = code;
        return NULL;
    }
    return file;
}

bool flight_write(FILE *file, const struct herald_event *event, const uint8_t *data, size_t size)
{
    char error[24], tai[24], session[17], hex[2 * FLIGHT_DATA_MAX + 1] = "-";
    put_number(error, event->clocks.has_error, event->clocks.error_ns);
    put_number(tai, event->clocks.has_tai, event->clocks.tai_minus_utc_s);
    sodium_bin2hex(session, sizeof session, event->session, sizeof event->session);
    if (size > 0) {
        sodium_bin2hex(hex, sizeof hex, data, size);
    }
    return fprintf(file, "%s\t%" PRId64 "\t%s\t%s\t%zu\t%s\t%s\n", kinds[event->kind],
                   event->clocks.utc.ns, error, tai, event->link, session, hex) > 0 &&
           fflush(file) == 0;
}

static bool get_number(const char *text, int64_t low, int64_t high, bool *is_there, int64_t *out)
{
    *is_there = strcmp(text, "-") != 0;
    *out = 0;
    if (!*is_there) {
        return true;
    }
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *out >= low && *out <= high;
}

/* A line is seven columns, of which the last is an event's bytes in hexadecimal; "-" is none.
 * Judged as strictly as bytes from outside: a log may have been cut short by a full disk, or
 * edited. */
bool flight_read(const char *line, struct herald_event *event, uint8_t *data, size_t *size)
{
    char copy[FLIGHT_LINE_MAX];
    char *column[COLUMNS];
    if (strlen(line) >= sizeof copy) {
        return false;
    }
    memcpy(copy, line, strlen(line) + 1);
    char *at = copy;
    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = at;
        at = strchr(at, '\t');
        if ((at == NULL) != (i == COLUMNS - 1)) {
            return false;
        }
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    *event = (struct herald_event){0};
    size_t kind = 0;
    while (kind < KINDS && strcmp(column[0], kinds[kind]) != 0) {
        kind++;
    }
    bool has_utc, has_link;
    int64_t utc_ns, tai, link;
    size_t session_size;
    if (kind == KINDS ||
        !get_number(column[1], UTC_EARLIEST_S * NS_PER_S, UTC_LATEST_S * NS_PER_S - 1, &has_utc,
                    &utc_ns) ||
        !get_number(column[2], 0, INT64_MAX, &event->clocks.has_error, &event->clocks.error_ns) ||
        !get_number(column[3], INT32_MIN, INT32_MAX, &event->clocks.has_tai, &tai) ||
        !get_number(column[4], 0, HERALD_LINKS_MAX - 1, &has_link, &link) ||
        sodium_hex2bin(event->session, sizeof event->session, column[5], strlen(column[5]), NULL,
                       &session_size, NULL) != 0 ||
        session_size != sizeof event->session || !has_utc || !has_link) {
        return false;
    }
    event->kind = (enum herald_event_kind)kind;
    event->clocks.utc.ns = utc_ns;
    event->clocks.tai_minus_utc_s = (int32_t)tai;
    event->link = (size_t)link;
    *size = 0;
    return strcmp(column[6], "-") == 0 ||
           (strlen(column[6]) % 2 == 0 && sodium_hex2bin(data, FLIGHT_DATA_MAX, column[6],
                                                         strlen(column[6]), NULL, size, NULL) == 0);
}

struct replay {
    struct herald herald;
    struct records *records;
    size_t line, ticks, different;
    bool has_changed; /* the store says something else now than then */
};

static void tell(utc at, const struct herald_news *news)
{
    char stamp[STAMP_TEXT_SIZE], line[HERALD_LINE_SIZE];
    if (news->kind != HERALD_QUIET) {
        stamp_write(at, stamp);
        herald_news_write(news, line);
        printf("%s beacon > %s\n", stamp, line);
    }
}

static bool replay_line(struct replay *replay, const char *line)
{
    struct herald_event event;
    struct herald_update update;
    uint8_t data[FLIGHT_DATA_MAX];
    size_t size;
    if (!flight_read(line, &event, data, &size)) {
        return false;
    }
    if (event.kind == HERALD_VIEW) {
        event.view = records_view(replay->records, event.clocks.utc);
        if (event.view == NULL) {
            return false;
        }
        replay->has_changed = replay->has_changed || size != sizeof event.view->digest ||
                              memcmp(data, event.view->digest, sizeof event.view->digest) != 0;
    }
    herald_step(&replay->herald, &event, &update);
    tell(event.clocks.utc, &update.news);
    if (event.kind == HERALD_STAMP) {
        replay->ticks++;
        if (update.tick_size != size || memcmp(update.tick, data, size) != 0) {
            replay->different++;
        }
    }
    return true;
}

int flight_replay(const struct options *options, const struct leap_table *leap,
                  struct records *records, const struct trust_secret *secret)
{
    FILE *file = fopen(options->replay, "re");
    if (file == NULL) {
        return say_usage("--replay %s: %s", options->replay, strerror(errno));
    }
    static struct replay replay;
    replay = (struct replay){.records = records};
    herald_init(&replay.herald, &records->root, secret, leap, options->cadence);
    char line[FLIGHT_LINE_MAX];
    int exit_code = EXIT_DONE;
    while (exit_code == EXIT_DONE && fgets(line, sizeof line, file) != NULL) {
        replay.line++;
        size_t length = strcspn(line, "\n");
        bool is_cut = line[length] == '\0' && feof(file); /* though it may look whole */
        if (is_cut || (length > 0 && line[length - 1] == '~')) {
            say_error("%s:%zu: the log breaks off in this line, as when the power fails: it is "
                      "passed over",
                      options->replay, replay.line);
            continue;
        }
        line[length] = '\0';
        if (strcmp(line, run_line) == 0) {
            herald_init(&replay.herald, &records->root, secret, leap, options->cadence);
        } else if (!replay_line(&replay, line)) {
            exit_code =
                say_usage("%s:%zu: not a line of a flight log", options->replay, replay.line);
        }
    }
    fclose(file);
    if (exit_code != EXIT_DONE) {
        return exit_code;
    }
    if (replay.has_changed) {
        printf("the store means something else now than it did then\n");
    }
    printf("%zu ticks, %zu of them different from the recorded ones\n", replay.ticks,
           replay.different);
    return replay.different > 0 ? EXIT_NO : EXIT_DONE;
}
