#include "show/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "instants/civil.h"
#include "instants/stamp.h"
#include "text/json.h"

static const char *const NEWS_NAMES[] = {
    [NEWS_ARMED] = "armed",   [NEWS_JOINED] = "joined",       [NEWS_MISSED] = "missed",
    [NEWS_BEFORE] = "before", [NEWS_STARTED] = "begun",       [NEWS_ENDED] = "ended",
    [NEWS_MOVED] = "moved",   [NEWS_WITHDRAWN] = "withdrawn", [NEWS_BEACON] = "beacon",
    [NEWS_LIAR] = "liar",     [NEWS_REFUSED] = "refused",     [NEWS_CLOCK] = "clock",
};

const char *show_rest(const struct discipline_estimate *estimate)
{
    return !estimate->is_bounded ? "nothing" : estimate->is_proved ? "proved" : "assumed";
}

enum { SOURCES_SIZE = 200 };

/* "clock +-2.1 ms, proved  beacons 2/3  brokers 1/1": of all that the root names. */
static void write_sources(const struct discipline_estimate *estimate, size_t links_up, size_t links,
                          char out[static SOURCES_SIZE])
{
    char doubt[40];
    show_doubt(estimate, doubt);
    snprintf(out, SOURCES_SIZE, "clock %s%s%s  beacons %zu/%zu  brokers %zu/%zu", doubt,
             estimate->is_bounded ? ", " : "", estimate->is_bounded ? show_rest(estimate) : "",
             estimate->agreeing, estimate->beacons, links_up, links);
}

static const char *basis_name(enum discipline_basis basis)
{
    switch (basis) {
    case BASIS_HOST:
        return "host";
    case BASIS_BEACONS:
        return "beacons";
    case BASIS_HOST_UNKNOWN:
        return "unsynchronised-host";
    }
    return "";
}

static struct stamp_text exact_stamp(utc at)
{
    return utc_is_in_range(at) ? stamp_text(at) : (struct stamp_text){"unknown"};
}

/* To the millisecond, which is what a person can use. */
static struct stamp_text stamp(utc at)
{
    int64_t ns = utc_is_in_range(at) ? at.ns % NS_PER_MS : 0;
    return exact_stamp((utc){at.ns - (ns < 0 ? ns + NS_PER_MS : ns)});
}

void show_init(struct show *show, FILE *out, int descriptor, const struct show_options *options)
{
    *show = (struct show){
        .out = out, .descriptor = descriptor, .told_left_s = INT64_MAX, .zone = options->zone};
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool is_screen = isatty(descriptor) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
    show->has_colour = none == NULL || none[0] == '\0';
    show->format = options->json                  ? SHOW_JSON
                   : is_screen && options->is_big ? SHOW_BIG
                   : is_screen                    ? SHOW_SCREEN
                                                  : SHOW_LINES;
}

struct show_local show_local(utc at, const struct zone *zone)
{
    struct show_local out = {"unknown"};
    if (!utc_is_in_range(at)) {
        return out;
    }
    struct civil civil = zone != NULL ? zone_to_civil(zone, at) : civil_from_utc(at);
    snprintf(out.text, sizeof out.text, "%s %.64s", stamp_civil_text(civil).text,
             zone != NULL ? zone_name(zone) : "UTC");
    return out;
}

/* A line for the foot of a big screen, and for the terminal afterwards. */
static void keep(struct show *show, const char *text, size_t size)
{
    char *line = show->kept[show->kept_count++ % SHOW_KEPT_MAX];
    size = size < BIG_LINE_SIZE - 1 ? size : BIG_LINE_SIZE - 1;
    while (size > 0 && text_is_inside(text[size])) {
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        line[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i];
    }
    line[size] = '\0';
}

static void clear_countdown(struct show *show)
{
    if (show->is_drawn) {
        fputs("\r\033[K", show->out);
        show->is_drawn = false;
    }
}

/* 1d 02:03:04, or 00:00:12 under a day; "in" and "ago" are the caller's. */
static void write_span(span of, char out[static 40])
{
    int64_t seconds = of.ns < 0 ? -(of.ns / NS_PER_S) : of.ns / NS_PER_S;
    int64_t days = seconds / 86400;
    int length = days > 0 ? snprintf(out, 40, "%" PRId64 "d ", days) : 0;
    snprintf(out + length, 40 - (size_t)length, "%02d:%02d:%02d", (int)(seconds / 3600 % 24),
             (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* Three figures and a unit. */
static void amount(int64_t ns, char out[static 40])
{
    double value = (double)ns;
    const char *unit = "ns";
    if (value >= 1e9) {
        value /= 1e9;
        unit = "s";
    } else if (value >= 1e6) {
        value /= 1e6;
        unit = "ms";
    } else if (value >= 1e3) {
        value /= 1e3;
        unit = "us";
    }
    snprintf(out, 40, "%.*f %s", value < 10 && ns >= 1000 ? 1 : 0, value, unit);
}

void show_doubt(const struct discipline_estimate *estimate, char out[static 40])
{
    if (!estimate->is_bounded) {
        strcpy(out, "unknown");
        return;
    }
    char early[40], late[40];
    amount(instant_since(estimate->best, estimate->earliest).ns, early);
    amount(instant_since(estimate->latest, estimate->best).ns, late);
    if (strcmp(early, late) == 0) {
        snprintf(out, 40, "+-%.30s", early);
    } else {
        snprintf(out, 40, "-%.17s +%.17s", early, late);
    }
}

/* One line, newline included. */
static void put_line(struct show *show, const char *line)
{
    if (show->format == SHOW_BIG) {
        keep(show, line, strlen(line) - 1);
        return;
    }
    clear_countdown(show);
    fputs(line, show->out);
    fflush(show->out);
}

static void put_occurrence(struct draft *json, const struct listener_occurrence *occurrence)
{
    json_text(json, "uid", record_uid_text(&occurrence->name.uid).text);
    json_text(json, "key", occurrence->name.key);
    json_text(json, "t0", exact_stamp(occurrence->start).text);
    json_text(json, "end", exact_stamp(occurrence->end).text);
    json_text(json, "title", occurrence->title);
    json_text(json, "gesture", occurrence->gesture);
    json_text(json, "tone", record_tone_name(occurrence->tone));
}

/* A line lies in a buffer: what does not fit is cut at a member, and the line stays JSON. */
static struct draft begin_json(char line[static SHOW_LINE_SIZE])
{
    struct draft json = draft_in(line, SHOW_LINE_SIZE - 1);
    json_open(&json, NULL, '{');
    return json;
}

static size_t end_json(struct draft *json)
{
    json_close(json, '}');
    json->room++; /* for the line's end */
    draft_add(json, "\n");
    return json->len;
}

static void write_json(struct show *show, struct draft *json)
{
    fwrite(json->at, 1, end_json(json), show->out);
    fflush(show->out);
}

static void say(struct show *show, utc now, const char *event,
                const struct listener_occurrence *occurrence, const char *text)
{
    char line[SHOW_LINE_SIZE];
    const struct stamp_text at = stamp(now);
    if (show->format == SHOW_JSON) {
        struct draft json = begin_json(line);
        json_text(&json, "event", event);
        json_text(&json, "at", at.text);
        if (occurrence != NULL) {
            put_occurrence(&json, occurrence);
        }
        json_text(&json, "text", text);
        write_json(show, &json);
        return;
    }
    snprintf(line, sizeof line, "%s  %.1500s%s%s%s\n", at.text, text,
             occurrence != NULL ? " (T-0 " : "",
             occurrence != NULL ? exact_stamp(occurrence->start).text : "",
             occurrence != NULL ? ")" : "");
    put_line(show, line);
}

/* How far a clock may be off, either way; null where nobody knows. */
static void put_bounds(struct draft *json, bool is_bounded, const char *early_name, span early,
                       const char *late_name, span late)
{
    if (is_bounded) {
        json_decimal(json, early_name, early.ns, 3);
        json_decimal(json, late_name, late.ns, 3);
    } else {
        json_null(json, early_name);
        json_null(json, late_name);
    }
}

void show_news(struct show *show, utc now, const struct listener_news *news)
{
    char text[LISTENER_NEWS_SIZE];
    listener_news_write(news, text);
    say(show, now, NEWS_NAMES[news->kind], news->has_occurrence ? &news->occurrence : NULL, text);
}

void show_note(struct show *show, utc now, const char *event, const char *text)
{
    say(show, now, event, NULL, text);
}

/* Planned and actual are both shown with all their digits: the difference is what a site is
 * measured by, and the bound says how much of it its clock may have hidden. */
void show_started(struct show *show, const struct show_start *start)
{
    const struct stamp_text planned = exact_stamp(start->planned);
    const struct stamp_text actual = exact_stamp(start->actual);
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct draft json = begin_json(line);
        json_text(&json, "event", "started");
        put_occurrence(&json, &start->occurrence);
        json_text(&json, "planned", planned.text);
        json_text(&json, "actual", actual.text);
        json_decimal(&json, "late_us", start->late.ns, 3);
        json_decimal(&json, "host_error_us", start->host_error.ns, 3);
        put_bounds(&json, start->is_bounded, "bound_earliest_us", start->earliest_error,
                   "bound_latest_us", start->latest_error);
        json_text(&json, "bound_is", start->rests);
        json_text(&json, "clock", basis_name(start->basis));
        json_number(&json, "beacons", (int64_t)start->beacons);
        write_json(show, &json);
        return;
    }
    char late[40], line[SHOW_LINE_SIZE];
    amount(start->late.ns < 0 ? 0 : start->late.ns, late);
    snprintf(line, sizeof line, "%s  started %s: planned %s, %s late%s\n", actual.text,
             start->occurrence.title, planned.text, late,
             start->is_bounded ? "" : "; the clock's own doubt is unknown");
    put_line(show, line);
}

/* In a pipe: the last ten seconds, then the last minutes, then every hour. */
static bool is_worth_a_line(int64_t left_s)
{
    return left_s <= 10 || (left_s <= 60 && left_s % 10 == 0) ||
           (left_s <= 600 && left_s % 60 == 0) || left_s % 3600 == 0;
}

/* As large as terminals once were, where nobody says. */
static struct winsize size_of(const struct show *show)
{
    struct winsize window;
    bool is_known = ioctl(show->descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
    return is_known ? window : (struct winsize){.ws_row = 24, .ws_col = 80};
}

static void draw(struct show *show, const char *text)
{
    size_t columns = size_of(show).ws_col, bytes = 0, seen = 0; /* cut at a character */
    while (text[bytes] != '\0' && seen < columns - 1) {
        bytes++;
        while (text_is_inside(text[bytes])) {
            bytes++;
        }
        seen++;
    }
    fprintf(show->out, "\r\033[K%.*s", (int)bytes, text);
    fflush(show->out);
    show->is_drawn = true;
}

static enum big_state big_state_of(const struct listener_occurrence *next, span to_go)
{
    static const int64_t NEAR_NS = 10 * NS_PER_S;
    return to_go.ns <= 0                     ? BIG_NOW
           : next->state == LISTENER_WAITING ? BIG_WAITING
           : to_go.ns <= NEAR_NS             ? BIG_NEAR
                                             : BIG_ARMED;
}

static const char *state_word(const struct listener_occurrence *next, enum big_state state)
{
    return next->state == LISTENER_JOINED   ? "it had begun before: not started here"
           : next->state == LISTENER_BEFORE ? "was started here before"
           : state == BIG_NOW               ? "now"
           : state == BIG_WAITING           ? "waiting"
                                            : "armed";
}

/* The whole screen, each second: whatever else writes to the terminal is gone then. */
static void draw_big(struct show *show, const struct discipline_estimate *estimate,
                     const struct listener_occurrence *next, size_t links_up, size_t links)
{
    static char picture[BIG_SIZE];
    const struct winsize window = size_of(show);
    struct big_scene scene = {
        .rows = window.ws_row, .columns = window.ws_col, .has_colour = show->has_colour};
    char sources[SOURCES_SIZE], when[sizeof(struct show_local) + 20], foot[300];
    if (!show->is_drawn) {
        fputs("\033[?1049h\033[?25l", show->out); /* a screen of its own, without a cursor */
    }
    if (show->rows != scene.rows || show->columns != scene.columns) {
        fputs("\033[2J", show->out);
        show->rows = scene.rows;
        show->columns = scene.columns;
    }
    scene.title = "nothing ahead";
    scene.when = "";
    if (next != NULL) {
        scene.title = next->title;
        span to_go = instant_since(next->starts, estimate->best);
        scene.state = big_state_of(next, to_go);
        bool is_now = scene.state == BIG_NOW;
        scene.left = is_now ? instant_since(next->ends, estimate->best) : to_go;
        snprintf(when, sizeof when, "%s%s", is_now ? "until " : "",
                 show_local(is_now ? next->end : next->start, show->zone).text);
        scene.when = when;
    }
    write_sources(estimate, links_up, links, sources);
    snprintf(foot, sizeof foot, "%s%s%s", next != NULL ? state_word(next, scene.state) : "",
             next != NULL ? "  " : "", sources);
    scene.foot = foot;
    size_t have = show->kept_count < BIG_NEWS_MAX ? show->kept_count : BIG_NEWS_MAX;
    for (size_t i = 0; i < have; i++) {
        scene.news[i] = show->kept[(show->kept_count - have + i) % SHOW_KEPT_MAX];
    }
    fwrite(picture, 1, big_draw(&scene, picture), show->out);
    fflush(show->out);
    show->is_drawn = true;
}

/* A screen is drawn anew each time; lines and JSON are kept by somebody, so they come at instants
 * that are worth one.  Seconds left are rounded up, so that "0" is the start and never before
 * it. */
void show_countdown(struct show *show, const struct discipline_estimate *estimate,
                    const struct listener_occurrence *next, size_t links_up, size_t links)
{
    char sources[SOURCES_SIZE], left[40], text[SHOW_LINE_SIZE];
    if (show->format == SHOW_BIG) {
        draw_big(show, estimate, next, links_up, links);
        return;
    }
    write_sources(estimate, links_up, links, sources);
    if (next == NULL) {
        if (show->format == SHOW_SCREEN) {
            snprintf(text, sizeof text, "nothing ahead  %s", sources);
            draw(show, text);
        }
        return;
    }
    span to_go = instant_since(next->starts, estimate->best);
    int64_t left_s = to_go.ns > 0 ? (to_go.ns + NS_PER_S - 1) / NS_PER_S : -(-to_go.ns / NS_PER_S);
    if (show->format != SHOW_SCREEN &&
        (left_s == show->told_left_s || left_s < 0 || !is_worth_a_line(left_s))) {
        return;
    }
    show->told_left_s = left_s;
    write_span((span){left_s * NS_PER_S}, left);
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct draft json = begin_json(line);
        json_text(&json, "event", "countdown");
        json_number(&json, "left_s", left_s);
        put_occurrence(&json, next);
        put_bounds(&json, estimate->is_bounded, "doubt_early_us",
                   instant_since(estimate->best, estimate->earliest), "doubt_late_us",
                   instant_since(estimate->latest, estimate->best));
        json_text(&json, "doubt_is", show_rest(estimate));
        json_text(&json, "clock", basis_name(estimate->basis));
        json_number(&json, "beacons", (int64_t)estimate->agreeing);
        json_number(&json, "root_beacons", (int64_t)estimate->beacons);
        write_json(show, &json);
        return;
    }
    const char *state = next->state == LISTENER_ARMED     ? "armed"
                        : next->state == LISTENER_WAITING ? "waiting"
                                                          : "now";
    snprintf(text, sizeof text, "T%c%s  %s  [%s]  %s", to_go.ns > 0 ? '-' : '+', left, next->title,
             state, sources);
    if (show->format == SHOW_SCREEN) {
        draw(show, text);
    } else {
        fprintf(show->out, "%s\n", text);
        fflush(show->out);
    }
}

/* "would fire  Mon 2027-08-02 10:25:00 Europe/Rome   in 245d 18:33:35  A minute" */
static void put_row(struct show *show, const char *what, const char *when, const char *left,
                    const char *title)
{
    fprintf(show->out, "%-11s %-37s %-16s  %s\n", what, when, left, title);
}

/* Says what would happen and why not, in the order in which reasons exclude each other: too late
 * comes before rung already. */
void show_check(struct show *show, const struct discipline_estimate *estimate,
                const struct listener_occurrence *occurrence, span latency, const char *commands)
{
    span to_go = {instant_since(occurrence->starts, estimate->best).ns - latency.ns};
    bool is_ahead = occurrence->starts.tai_ns > estimate->best.tai_ns;
    const char *why = to_go.ns <= 0 && is_ahead ? "nearer than its latency: would join quietly"
                      : to_go.ns <= 0           ? "began before now: would join quietly"
                      : occurrence->state == LISTENER_BEFORE ? "was started here before"
                                                             : NULL;
    const struct show_local local = show_local(occurrence->start, show->zone);
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct draft json = begin_json(line);
        json_text(&json, "event", "would-fire");
        put_occurrence(&json, occurrence);
        json_text(&json, "local", local.text);
        json_decimal(&json, "left_s", to_go.ns / NS_PER_MS, 3);
        json_flag(&json, "would_fire", why == NULL);
        json_text(&json, why == NULL ? "starts" : "why", why == NULL ? commands : why);
        json_text(&json, "clock", basis_name(estimate->basis));
        write_json(show, &json);
        return;
    }
    char left[40], in[48];
    write_span(to_go, left);
    snprintf(in, sizeof in, "%s%s", to_go.ns <= 0 ? "-" : "in ", left);
    put_row(show, why == NULL ? "would fire" : "would not", local.text, in, occurrence->title);
    fprintf(show->out, "%-11s %s\n", "",
            why != NULL           ? why
            : commands[0] != '\0' ? commands
                                  : "nothing would be started: it would only be shown");
}

void show_check_not(struct show *show, const struct record_uid *uid, bool has_start, utc start,
                    struct text title, const char *why)
{
    char name[LISTENER_TITLE_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)(title.len < 200 ? title.len : 200), title.at);
    const struct show_local local =
        has_start ? show_local(start, show->zone) : (struct show_local){""};
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct draft json = begin_json(line);
        json_text(&json, "event", "would-fire");
        json_text(&json, "uid", record_uid_text(uid).text);
        json_text(&json, "title", name);
        json_text(&json, "local", local.text);
        json_flag(&json, "would_fire", false);
        json_text(&json, "why", why);
        write_json(show, &json);
        return;
    }
    put_row(show, "would not", local.text, "", name);
    fprintf(show->out, "%-11s %s\n", "", why);
}

void show_finding(struct show *show, utc now, const char *event, const char *text)
{
    if (show->format == SHOW_JSON) {
        show_note(show, now, event, text);
    } else {
        fprintf(show->out, "%-11s %s\n", event, text);
    }
}

size_t show_occasion(const struct listener_occurrence *occurrence, bool is_drill, const char *state,
                     span left, char out[static SHOW_LINE_SIZE])
{
    struct draft json = begin_json(out);
    json_text(&json, "state", state);
    if (is_drill) {
        json_flag(&json, "drill", true);
    }
    json_decimal(&json, "left_s", left.ns / NS_PER_MS, 3);
    put_occurrence(&json, occurrence);
    json_number(&json, "for_s", (occurrence->end.ns - occurrence->start.ns) / NS_PER_S);
    return end_json(&json);
}

bool show_is_same_occasion(const struct listener_occurrence *a, const struct listener_occurrence *b)
{
    char of_a[SHOW_LINE_SIZE], of_b[SHOW_LINE_SIZE];
    size_t size = show_occasion(a, false, "", (span){0}, of_a);
    return size == show_occasion(b, false, "", (span){0}, of_b) && memcmp(of_a, of_b, size) == 0;
}

void show_output(struct show *show, const char *text, size_t size)
{
    if (show->format == SHOW_BIG) {
        for (const char *end; size > 0; size -= (size_t)(end - text), text = end) {
            const char *newline = memchr(text, '\n', size);
            end = newline != NULL ? newline + 1 : text + size;
            keep(show, text, (size_t)((newline != NULL ? newline : end) - text));
        }
    } else if (show->format == SHOW_SCREEN && isatty(STDERR_FILENO)) {
        clear_countdown(show);
        fwrite(text, 1, size, show->out);
        fflush(show->out);
    } else {
        fwrite(text, 1, size, stderr);
        fflush(stderr);
    }
}

void show_finish(struct show *show)
{
    if (show->is_drawn && show->format == SHOW_BIG) {
        fputs("\033[?25h\033[?1049l", show->out);
        size_t have = show->kept_count < SHOW_KEPT_MAX ? show->kept_count : SHOW_KEPT_MAX;
        for (size_t i = 0; i < have; i++) {
            fprintf(show->out, "%s\n", show->kept[(show->kept_count - have + i) % SHOW_KEPT_MAX]);
        }
        show->is_drawn = false;
    }
    if (show->is_drawn) {
        fputs("\n", show->out);
        show->is_drawn = false;
    }
    fflush(show->out);
}
