#include "show/show.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "instants/stamp.h"
#include "show/json.h"

static const char *const NEWS_NAMES[] = {
    [NEWS_ARMED] = "armed",   [NEWS_JOINED] = "joined",       [NEWS_MISSED] = "missed",
    [NEWS_BEFORE] = "before", [NEWS_STARTED] = "begun",       [NEWS_ENDED] = "ended",
    [NEWS_MOVED] = "moved",   [NEWS_WITHDRAWN] = "withdrawn", [NEWS_BEACON] = "beacon",
    [NEWS_LIAR] = "liar",     [NEWS_REFUSED] = "refused",     [NEWS_CLOCK] = "clock",
};

/* What the doubt rests on. */
static const char *rest_name(const struct discipline_estimate *estimate)
{
    return !estimate->is_bounded ? "nothing" : estimate->is_proved ? "proved" : "assumed";
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

/* To the millisecond, which is what a person can use. */
static void stamp(utc at, char out[static STAMP_TEXT_SIZE])
{
    if (!utc_is_in_range(at)) {
        strcpy(out, "unknown");
        return;
    }
    int64_t ns = at.ns % NS_PER_MS;
    stamp_write((utc){at.ns - (ns < 0 ? ns + NS_PER_MS : ns)}, out);
}

static void exact_stamp(utc at, char out[static STAMP_TEXT_SIZE])
{
    if (utc_is_in_range(at)) {
        stamp_write(at, out);
    } else {
        strcpy(out, "unknown");
    }
}

void show_init(struct show *show, FILE *out, int descriptor, bool json)
{
    *show = (struct show){.out = out, .descriptor = descriptor, .told_left_s = INT64_MAX};
    show->format = json ? SHOW_JSON : isatty(descriptor) ? SHOW_SCREEN : SHOW_LINES;
}

static void clear_countdown(struct show *show)
{
    if (show->is_drawn) {
        fputs("\r\033[K", show->out);
        show->is_drawn = false;
    }
}

void show_span(span of, char out[static 40])
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

static void put_occurrence(struct json *json, const struct listener_occurrence *occurrence)
{
    char uid[RECORD_UID_TEXT_SIZE], t0[STAMP_TEXT_SIZE], end[STAMP_TEXT_SIZE];
    record_uid_write(&occurrence->name.uid, uid);
    exact_stamp(occurrence->start, t0);
    exact_stamp(occurrence->end, end);
    json_text(json, "uid", uid);
    json_text(json, "key", occurrence->name.key);
    json_text(json, "t0", t0);
    json_text(json, "end", end);
    json_text(json, "title", occurrence->title);
    json_text(json, "gesture", occurrence->gesture);
    json_text(json, "tone", record_tone_name(occurrence->tone));
}

static void write_json(struct show *show, struct json *json)
{
    size_t length = json_end(json);
    fwrite(json->at, 1, length, show->out);
    fflush(show->out);
}

static void say(struct show *show, utc now, const char *event,
                const struct listener_occurrence *occurrence, const char *text)
{
    char line[SHOW_LINE_SIZE], at[STAMP_TEXT_SIZE];
    stamp(now, at);
    if (show->format == SHOW_JSON) {
        struct json json;
        json_begin(&json, line, sizeof line);
        json_text(&json, "event", event);
        json_text(&json, "at", at);
        if (occurrence != NULL) {
            put_occurrence(&json, occurrence);
        }
        json_text(&json, "text", text);
        write_json(show, &json);
        return;
    }
    clear_countdown(show);
    if (occurrence != NULL) {
        exact_stamp(occurrence->start, line);
        fprintf(show->out, "%s  %s (T-0 %s)\n", at, text, line);
    } else {
        fprintf(show->out, "%s  %s\n", at, text);
    }
    fflush(show->out);
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
    char planned[STAMP_TEXT_SIZE], actual[STAMP_TEXT_SIZE];
    exact_stamp(start->planned, planned);
    exact_stamp(start->actual, actual);
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct json json;
        json_begin(&json, line, sizeof line);
        json_text(&json, "event", "started");
        put_occurrence(&json, &start->occurrence);
        json_text(&json, "planned", planned);
        json_text(&json, "actual", actual);
        json_thousandths(&json, "late_us", start->late.ns);
        json_thousandths(&json, "host_error_us", start->host_error.ns);
        if (start->is_bounded) {
            json_thousandths(&json, "bound_earliest_us", start->earliest_error.ns);
            json_thousandths(&json, "bound_latest_us", start->latest_error.ns);
        } else {
            json_null(&json, "bound_earliest_us");
            json_null(&json, "bound_latest_us");
        }
        json_text(&json, "clock", basis_name(start->basis));
        json_number(&json, "beacons", (int64_t)start->beacons);
        write_json(show, &json);
        return;
    }
    clear_countdown(show);
    char late[40];
    amount(start->late.ns < 0 ? 0 : start->late.ns, late);
    fprintf(show->out, "%s  started %s: planned %s, %s late%s\n", actual, start->occurrence.title,
            planned, late, start->is_bounded ? "" : "; the clock's own doubt is unknown");
    fflush(show->out);
}

/* In a pipe: the last ten seconds, then the last minutes, then every hour. */
static bool is_worth_a_line(int64_t left_s)
{
    return left_s <= 10 || (left_s <= 60 && left_s % 10 == 0) ||
           (left_s <= 600 && left_s % 60 == 0) || left_s % 3600 == 0;
}

static void draw(struct show *show, const char *text)
{
    struct winsize window;
    size_t columns = 80;
    if (ioctl(show->descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
        columns = window.ws_col;
    }
    size_t bytes = 0, seen = 0; /* cut at a character */
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

/* A screen is drawn anew each time; lines and JSON are kept by somebody, so they come at instants
 * that are worth one.  Seconds left are rounded up, so that "0" is the start and never before it.
 */
void show_countdown(struct show *show, const struct discipline_estimate *estimate,
                    const struct listener_occurrence *next, size_t links_up, size_t links)
{
    char doubt[40], left[40], text[SHOW_LINE_SIZE];
    show_doubt(estimate, doubt);
    if (next == NULL) {
        if (show->format == SHOW_SCREEN) {
            snprintf(text, sizeof text, "nothing ahead  clock %s  beacons %zu/%zu  brokers %zu/%zu",
                     doubt, estimate->agreeing, estimate->heard, links_up, links);
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
    show_span((span){left_s * NS_PER_S}, left);
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct json json;
        json_begin(&json, line, sizeof line);
        json_text(&json, "event", "countdown");
        json_number(&json, "left_s", left_s);
        put_occurrence(&json, next);
        if (estimate->is_bounded) {
            json_thousandths(&json, "doubt_early_us",
                             instant_since(estimate->best, estimate->earliest).ns);
            json_thousandths(&json, "doubt_late_us",
                             instant_since(estimate->latest, estimate->best).ns);
        } else {
            json_null(&json, "doubt_early_us");
            json_null(&json, "doubt_late_us");
        }
        json_text(&json, "doubt_is", rest_name(estimate));
        json_text(&json, "clock", basis_name(estimate->basis));
        json_number(&json, "beacons", (int64_t)estimate->agreeing);
        write_json(show, &json);
        return;
    }
    const char *state = next->state == LISTENER_ARMED     ? "armed"
                        : next->state == LISTENER_WAITING ? "waiting"
                                                          : "now";
    snprintf(text, sizeof text, "T%c%s  %s  [%s]  clock %s  beacons %zu/%zu  brokers %zu/%zu",
             to_go.ns > 0 ? '-' : '+', left, next->title, state, doubt, estimate->agreeing,
             estimate->heard, links_up, links);
    if (show->format == SHOW_SCREEN) {
        draw(show, text);
    } else {
        fprintf(show->out, "%s\n", text);
        fflush(show->out);
    }
}

/* Says what would happen and why not, in the order in which reasons exclude each other: too late
 * comes before rung already. */
void show_check(struct show *show, const struct discipline_estimate *estimate,
                const struct listener_occurrence *occurrence, span latency)
{
    char doubt[40], left[40], uid[RECORD_UID_TEXT_SIZE], t0[STAMP_TEXT_SIZE];
    span to_go = {instant_since(occurrence->starts, estimate->best).ns - latency.ns};
    if (show->format == SHOW_JSON) {
        char line[SHOW_LINE_SIZE];
        struct json json;
        json_begin(&json, line, sizeof line);
        json_text(&json, "event", "would-fire");
        put_occurrence(&json, occurrence);
        json_thousandths(&json, "left_s", to_go.ns / NS_PER_MS);
        json_flag(&json, "would_fire", to_go.ns > 0 && occurrence->state != LISTENER_BEFORE);
        json_text(&json, "clock", basis_name(estimate->basis));
        write_json(show, &json);
        return;
    }
    show_doubt(estimate, doubt);
    show_span(to_go, left);
    record_uid_write(&occurrence->name.uid, uid);
    exact_stamp(occurrence->start, t0);
    bool is_ahead = occurrence->starts.tai_ns > estimate->best.tai_ns;
    const char *what = to_go.ns <= 0 && is_ahead ? "nearer than its latency: would join quietly"
                       : to_go.ns <= 0           ? "began before now: would join quietly"
                       : occurrence->state == LISTENER_BEFORE
                           ? "was started here before: would not fire"
                           : "would fire";
    fprintf(show->out, "%s\t%s\t%s\t%s%s\t%s\tclock %s\n", t0, uid, occurrence->name.key,
            to_go.ns <= 0 ? "-" : "in ", left, what, doubt);
}

size_t show_occasion(const struct listener_occurrence *occurrence, const char *state, span left,
                     char out[static SHOW_LINE_SIZE])
{
    struct json json;
    json_begin(&json, out, SHOW_LINE_SIZE);
    json_text(&json, "state", state);
    json_thousandths(&json, "left_s", left.ns / NS_PER_MS);
    put_occurrence(&json, occurrence);
    json_number(&json, "for_s", (occurrence->end.ns - occurrence->start.ns) / NS_PER_S);
    return json_end(&json);
}

void show_finish(struct show *show)
{
    if (show->is_drawn) {
        fputs("\n", show->out);
        show->is_drawn = false;
    }
    fflush(show->out);
}
