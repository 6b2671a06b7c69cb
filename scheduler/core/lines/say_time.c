/* say_time.c -- the time and the place of a line, in words of a rule. */
#include <stdarg.h>
#include <stdio.h>

#include "lines/selected.h"
#include "rules/write.h"
#include "text/text.h"

void choices_say(struct choices *choices, const char *format, ...)
{
    char text[SELECT_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < choices->count; i++) {
        text_join(choices->text[i], SELECT_SIZE, " ", "%s", text);
    }
}

void choices_fork(struct choices *choices, const char *readings)
{
    struct choices before = *choices;
    choices->count = 0;
    for (const char *at = readings; *at != '\0';) {
        size_t len = strcspn(at, "|");
        for (size_t i = 0; i < before.count && choices->count < CHOICES_MAX; i++) {
            char *line = choices->text[choices->count++];
            memcpy(line, before.text[i], SELECT_SIZE);
            text_join(line, SELECT_SIZE, " ", "%.*s", (int)len, at);
        }
        at += len + (at[len] == '|' ? 1 : 0);
    }
}

static void say_place(const struct piece *place, bool is_quoted, char out[static SELECT_SIZE])
{
    bool has_zone = place->n == 1 && place->zone[0] != '\0' && strstr(place->name, " in ") == NULL;
    text_join(out, SELECT_SIZE, ", ", "%s%s%s%s%s", is_quoted ? "\"" : "", place->name,
              is_quoted ? "\"" : "", has_zone ? " in " : "", has_zone ? place->zone : "");
}

static void say_places(struct line *line)
{
    char places[SELECT_SIZE] = "";
    for (size_t i = 0; i < line->places; i++) {
        bool is_one = i > 0 && write_is_region_of(line->place[i - 1].name, line->place[i].name);
        say_place(&line->place[i], is_one, places);
    }
    choices_say(&line->times, "%s", places);
}

/* Some words for a light are said of two. */
static void fork_sun(struct line *line, const char *offset)
{
    char readings[120] = "";
    for (const char *at = line->sun->word; *at != '\0';) {
        size_t len = strcspn(at, "|");
        text_join(readings, sizeof readings, "|", "at %.*s%s at", (int)len, at, offset);
        at += len + (at[len] == '|' ? 1 : 0);
    }
    choices_fork(&line->times, readings);
    if (strchr(line->sun->word, '|') != NULL) {
        line_ask(line, "at first light, or when the sun rises?");
    }
}

static void fork_clock(struct line *line)
{
    char readings[120] = "";
    int32_t hour = line->clock / 3600, minute = line->clock / 60 % 60, second = line->clock % 60;
    if (line->is_half_by) {
        for (int32_t clock = line->clock - 3600; clock <= line->clock; clock += 3600) {
            int32_t h = (clock / 3600 + 24) % 24, last = line->has_two_clocks ? h % 12 + 12 : h;
            for (h = line->has_two_clocks ? h % 12 : h; h <= last; h += 12) {
                text_join(readings, sizeof readings, "|", "at %02d:%02d", h, minute);
            }
        }
    } else if (line->has_two_clocks) {
        snprintf(readings, sizeof readings, "at %02d:%02d|at %02d:%02d", hour % 12, minute,
                 hour % 12 + 12, minute);
    } else if (second != 0) {
        snprintf(readings, sizeof readings, "at %02d:%02d:%02d", hour, minute, second);
    } else {
        snprintf(readings, sizeof readings, "at %02d:%02d", hour, minute);
    }
    choices_fork(&line->times, readings);
}

/* The zones that CET may mean, as words of a rule. */
static void fork_zones(struct line *line)
{
    char readings[200] = "";
    for (const char *at = line->zone->word; *at != '\0';) {
        size_t len = strcspn(at, "|");
        bool is_utc = len == 3 && memcmp(at, "UTC", 3) == 0;
        text_join(readings, sizeof readings, "|", "%s%.*s", is_utc ? "" : "in ", (int)len, at);
        at += len + (at[len] == '|' ? 1 : 0);
    }
    choices_fork(&line->times, readings);
    line_ask(line, "which clock?  Name the city, or UTC and the hour there");
}

/* Of a country whose clocks differ: which of them? */
static bool doubt_country(struct line *line)
{
    line_ask(line, "%s has several clocks: write a city in it",
             places_country_name(line->country->name));
    line->is_unsaid = true;
    return true;
}

static void ask_where(struct line *line)
{
    line_ask(line, "%.*s where?  Add a city or a position", (int)strcspn(line->sun->word, "|"),
             line->sun->word);
}

/* The clock that the line names; false: it names none. */
static bool say_zone(struct line *line)
{
    if (line->zone == NULL) {
        return false;
    }
    if (line->zone->word != NULL) {
        fork_zones(line);
    } else {
        choices_say(&line->times, "in %s", line->zone->zone);
    }
    return true;
}

static bool say_sun_time(struct line *line)
{
    char offset[32] = "";
    int32_t minutes = (line->sun_offset < 0 ? -line->sun_offset : line->sun_offset) / 60;
    if (line->sun_offset != 0) {
        snprintf(offset, sizeof offset, " %c %dm", line->sun_offset < 0 ? '-' : '+', minutes);
    }
    if (line->country != NULL && line->places == 0) { /* sunset in Italy: where there? */
        ask_where(line);
        line->is_unsaid = true;
        return true;
    }
    if (line->zone != NULL || line->is_utc || line->sun_offset % 60 != 0) {
        return false;
    }
    fork_sun(line, offset);
    if (line->places == 0) {
        ask_where(line);
        choices_say(&line->times, "all");
    } else {
        say_places(line);
    }
    return true;
}

/* A line with a date alone. */
static bool say_no_time(struct line *line)
{
    if (line->places > 1 || line->is_everywhere) {
        return false;
    }
    if (line->is_where_used) {
        return true;
    }
    if (line->country != NULL && line->zone == NULL && line->places == 0) {
        return doubt_country(line);
    }
    if (say_zone(line)) {
        return true;
    }
    if (line->is_utc) {
        choices_say(&line->times, "in UTC");
    } else if (line->places == 1 && line->place[0].zone[0] != '\0') {
        choices_say(&line->times, "in %s", line->place[0].zone);
    }
    return true;
}

bool line_say_time(struct line *line)
{
    line->times = (struct choices){.count = 1};
    if (line->sun != NULL) {
        return say_sun_time(line);
    }
    if (!line->has_clock) {
        return say_no_time(line);
    }
    fork_clock(line);
    if (line->country != NULL && line->zone == NULL && line->places == 0) {
        return doubt_country(line);
    }
    if (say_zone(line)) {
        return true;
    }
    if (line->is_utc) {
        choices_say(&line->times, "UTC");
    } else if (line->is_everywhere) {
        choices_say(&line->times, "everywhere");
    } else if (line->places > 1 || (line->places == 1 && line->place[0].n == 1)) {
        choices_say(&line->times, "at");
        say_places(line);
    } else if (line->places == 1) {
        choices_say(&line->times, "in %s", line->place[0].zone);
    } else {
        choices_fork(&line->times, "everywhere|UTC");
        line_ask(line,
                 "whose clock?  Add a city (in Rome), UTC, or everywhere for each place's own");
    }
    return true;
}

void line_say_length(const struct line *line, char out[static 40])
{
    int32_t seconds = line->seconds;
    if (seconds == 0 && line->until >= 0) {
        seconds = line->until - line->clock;
        seconds += seconds <= 0 ? 86400 : 0;
    }
    *out = '\0';
    if (line->days > 0) {
        snprintf(out, 40, " for %dd", line->days);
    } else if (seconds > 0) {
        snprintf(out, 40, seconds % 60 == 0 ? " for %dm" : " for %ds",
                 seconds % 60 == 0 ? seconds / 60 : seconds);
    }
}
