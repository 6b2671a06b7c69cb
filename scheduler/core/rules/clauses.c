#include "rules/clauses.h"

#include <stdio.h>

#include "words/words.h"

/* --- time and place -----------------------------------------------------------------------------
 */

bool is_part_of_day(const struct piece *piece)
{
    return IS_ONE_OF(piece, "am", "pm", "morning", "evening", "late", "midday", "noon", "midnight",
                     "daytime");
}

/* "half past seven": what the words before an hour add to it; 0: they are no such words. */
int32_t minutes_before(const struct piece *piece)
{
    return is_word(piece, "half past")      ? 30
           : is_word(piece, "quarter past") ? 15
           : is_word(piece, "quarter to")   ? -15
           : is_word(piece, "half to")      ? -30
                                            : 0;
}

/* "las siete y media" */
static int32_t minutes_after(const struct piece *piece)
{
    return is_word(piece, "and half")       ? 30
           : is_word(piece, "and quarter")  ? 15
           : is_word(piece, "less quarter") ? -15
                                            : 0;
}

/* Which half of the day: the clock, in seconds, by the word after it.  False: they do not go
 * together.  *is_asked: noon or midnight. */
static bool use_part_of_day(const struct piece *piece, int32_t *clock, bool *is_asked)
{
    const int32_t noon = 12 * 3600;
    int32_t hour = *clock / 3600;
    bool is_afternoon = false;
    if (IS_ONE_OF(piece, "am", "pm")) {
        is_afternoon = is_word(piece, "pm");
        if (hour > 12 ? !is_afternoon : hour == 0 && is_afternoon) {
            return false;
        }
        *clock = hour > 12 ? *clock : *clock % noon + (is_afternoon ? noon : 0);
        return true;
    }
    if (hour == 12) {
        *is_asked = IS_ONE_OF(piece, "morning", "evening", "late");
        *clock -= is_word(piece, "midnight") ? noon : 0;
        return true;
    }
    if (hour > 12) {
        return !IS_ONE_OF(piece, "morning", "midnight") && (!is_word(piece, "late") || hour >= 18);
    }
    if (IS_ONE_OF(piece, "midday", "noon")) {
        is_afternoon = hour >= 1 && hour <= 4;
        *clock += is_afternoon ? noon : 0;
        return is_afternoon || hour == 11;
    }
    if (is_word(piece, "daytime")) { /* о другій дня, о пів на першу дня, об одинадцятій дня */
        *clock += hour <= 6 ? noon : 0;
        return hour <= 6 || hour >= 9;
    }
    is_afternoon = is_word(piece, "evening") || (is_word(piece, "late") && hour >= 6);
    *clock += is_afternoon ? noon : 0;
    return !is_word(piece, "midnight") && (!is_word(piece, "evening") || hour > 0);
}

/* What may follow an hour that is said as a word is: what cannot be named by it. */
bool may_follow_hour(const struct piece *next)
{
    bool is_day = (next->kind == PIECE_NUMBER || next->kind == PIECE_ORDINAL) && !next->is_article;
    return next->kind == PIECE_END || next->kind == PIECE_PLACE || next->kind == PIECE_ZONE ||
           next->kind == PIECE_DATE || is_sign(next, ',') || is_part_of_day(next) ||
           minutes_after(next) != 0 || is_joint(next) || (is_day && next[1].kind == PIECE_MONTH) ||
           (next->kind == PIECE_WEEKDAY && next->is_plural) ||
           (next->kind == PIECE_RULE && strncmp(next->word, "every", 5) == 0) ||
           IS_ONE_OF(next, "utc", "everywhere", "local time", "h24", "oclock", "every", "for",
                     "until", "since", "yearly");
}

/* all'una, a la una, à uma, στη μία, um ein Uhr: the article is the hour. */
bool is_one_oclock(const struct line *line, size_t at)
{
    const struct piece *piece = &line->piece[at], *next = piece + 1;
    if (piece->kind != PIECE_NUMBER || !piece->is_article || at == 0) {
        return false;
    }
    enum language language = line->language;
    bool has_unit = IS_ONE_OF(next, "oclock", "h24"), is_at = is_word(&line->piece[at - 1], "at");
    if (language == LANGUAGE_EN || language == LANGUAGE_PL || language == LANGUAGE_UK ||
        language == LANGUAGE_AR ||
        (has_unit && !may_follow_hour(&next[1]) && next[1].kind != PIECE_NUMBER)) {
        return false; /* "на одну годину" says how long */
    }
    return (is_at && may_follow_hour(next)) || (has_unit && language == LANGUAGE_DE);
}

/* Whether a number after "at" is an hour and not a day. */
bool is_hour(const struct line *line, size_t at)
{
    const struct piece *piece = &line->piece[at], *next = piece + 1;
    if (piece->kind == PIECE_ORDINAL) { /* о восьмій, الساعة الثامنة */
        return piece->n <= 12 && at > 0 && is_word(&line->piece[at - 1], "at") &&
               (next->kind == PIECE_END || next->kind == PIECE_PLACE || next->kind == PIECE_ZONE ||
                is_sign(next, ',') || is_part_of_day(next) || minutes_after(next) != 0 ||
                IS_ONE_OF(next, "utc", "in", "everywhere", "local time", "h24"));
    }
    if (is_one_oclock(line, at)) {
        return true;
    }
    if (piece->kind != PIECE_NUMBER || piece->is_article || piece->n > 24) {
        return false;
    }
    bool is_day = next->kind == PIECE_MONTH || is_day_unit(next) || is_year(next) ||
                  next->kind == PIECE_ORDINAL || next->kind == PIECE_WEEKDAY ||
                  next->kind == PIECE_NUMBER || IS_ONE_OF(next, "of", "month", "monthly") ||
                  is_word(next, "minute") || is_word(next, "second unit");
    return !is_day;
}

/* A clock or an hour, with what may follow it.  after_at: a bare number is an hour. */
bool take_time(struct line *line, bool after_at)
{
    int32_t minutes = minutes_before(here(line));
    size_t at = line->at + (minutes != 0 ? 1 : 0);
    const struct piece *piece = &line->piece[at++];
    bool is_clear = piece->kind == PIECE_CLOCK, is_hours = false, is_asked = false;
    int32_t clock;
    if (line->has_clock || line->sun != NULL) {
        return false;
    }
    if (piece->kind == PIECE_CLOCK) {
        clock = piece->seconds;
    } else if ((piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL) && piece->n <= 24) {
        clock = piece->n * 3600;
    } else {
        return false;
    }
    if (is_word(&line->piece[at], "h24")) {
        is_clear = !piece->is_article; /* 1 Uhr, but ein Uhr */
        is_hours = true;
        at++;
        if (line->piece[at].kind == PIECE_NUMBER && line->piece[at].n < 60 &&
            line->piece[at + 1].kind != PIECE_MONTH) {
            clock += line->piece[at++].n * 60;
        }
    } else if (is_word(&line->piece[at], "oclock") ||
               (after_at && is_word(&line->piece[at], "hour"))) {
        is_hours = true;
        at++;
    }
    if (minutes == 0 && clock % 3600 == 0 && minutes_after(&line->piece[at]) != 0) {
        minutes = minutes_after(&line->piece[at++]);
        is_hours = true;
    }
    if (minutes < 0 && clock == 0) {
        return false;
    }
    clock += minutes * 60;
    if (is_part_of_day(&line->piece[at])) {
        if (!use_part_of_day(&line->piece[at], &clock, &is_asked)) {
            return false;
        }
        line->is_midnight = is_word(&line->piece[at], "midnight") && clock < 3600;
        is_clear = is_hours = true;
        at++;
    } else if (!is_clear && is_word(&line->piece[at], "utc")) {
        is_clear = is_hours = true;
    }
    is_clear =
        is_clear && (minutes == 0 || clock >= 13 * 3600 || is_part_of_day(&line->piece[at - 1]));
    if (!is_clear && !is_hours && !after_at) {
        return false;
    }
    if (clock >= 24 * 3600) {
        return false; /* whose midnight? */
    }
    line->has_clock = true;
    line->clock = clock;
    line->has_two_clocks = is_asked || (!is_clear && clock >= 3600 && clock < 13 * 3600);
    line->at = at;
    const struct piece *next = here(line);
    if ((is_sign(next, '-') || is_word(next, "to") || is_word(next, "until")) &&
        next[1].kind == PIECE_CLOCK) {
        line->until = next[1].seconds;
        line->at += 2;
        next = here(line);
        if (is_part_of_day(next)) {
            return false;
        }
    }
    if (line->has_two_clocks && clock / 3600 == 12) {
        line_ask(line, "noon or midnight?  Write 12:00, or 00:00 and the day that begins then");
    } else if (line->has_two_clocks) {
        line_ask(line, "%d in the morning or in the evening?  Write %02d:%02d or %02d:%02d",
                 clock / 3600, clock / 3600 % 12, clock / 60 % 60, clock / 3600 % 12 + 12,
                 clock / 60 % 60);
    }
    return true;
}

bool take_named_time(struct line *line)
{
    const struct piece *piece = here(line);
    if (line->has_clock || line->sun != NULL) {
        return false;
    }
    if (piece->kind == PIECE_SUN) {
        line->sun = piece->word;
        line->at++;
        const struct piece *sign = here(line);
        bool is_signed = is_sign(sign, '+') || is_sign(sign, '-');
        if (is_signed && sign[1].kind == PIECE_SPAN) {
            line->sun_offset = (sign->n == '-' ? -1 : 1) * sign[1].seconds;
            line->at += 2;
        } else if (is_signed && sign[1].kind == PIECE_NUMBER && seconds_of_unit(&sign[2]) > 0) {
            line->sun_offset = (sign->n == '-' ? -1 : 1) * sign[1].n * seconds_of_unit(&sign[2]);
            line->at += 3;
        }
        return true;
    }
    bool is_noon = is_word(piece, "noon");
    if (!is_noon && !is_word(piece, "midnight")) {
        return false;
    }
    line->has_clock = true;
    line->clock = is_noon ? 12 * 3600 : 0;
    line->is_midnight = !is_noon;
    line->at++;
    return true;
}

bool is_where(const struct piece *piece)
{
    return piece->kind == PIECE_PLACE || piece->kind == PIECE_ZONE ||
           IS_ONE_OF(piece, "utc", "everywhere", "local time");
}

/* is_next: after a place and a comma. */
static bool take_wheres(struct line *line, bool is_next)
{
    const struct piece *piece = here(line);
    bool is_taken = line->zone != NULL || line->is_utc || line->is_everywhere;
    if (is_word(piece, "local time") && (line->places > 0 || line->zone != NULL)) {
        line->at++; /* local time at that place */
        return true;
    }
    if (line->is_everywhere && IS_ONE_OF(piece, "everywhere", "local time")) {
        line->at++; /* local time everywhere */
        return true;
    }
    if (is_taken) {
        return false;
    }
    if (piece->kind == PIECE_PLACE) {
        if (line->places == PLACES_MAX || (line->places > 0) != is_next) {
            return false;
        }
        if (piece->is_doubtful && line->refusal[0] == '\0') {
            char doubt[PLACE_DOUBT_SIZE];
            places_doubt(piece->name, strlen(piece->name), doubt);
            snprintf(line->refusal, sizeof line->refusal, "%s", doubt);
        }
        line->place[line->places] = *piece;
        line->at++;
        const struct piece *in = here(line);
        if (piece->n == 1 && is_word(in, "in") && in[1].kind == PIECE_ZONE && in[1].word == NULL) {
            memcpy(line->place[line->places].zone, in[1].zone, sizeof in[1].zone);
            line->at += 2;
        }
        line->places++;
    } else if (piece->kind == PIECE_ZONE) {
        if (line->places > 0) {
            return false;
        }
        line->zone = piece;
        line->at++;
    } else {
        if (line->places > 0) {
            return false;
        }
        line->is_utc = is_word(piece, "utc"); /* or everywhere, or local time */
        line->is_everywhere = !line->is_utc;
        line->at++;
    }
    if (is_word(here(line), "time")) {
        line->at++;
    }
    /* Rome, Lisbon and Athens */
    size_t next = line->at;
    while (is_sign(&line->piece[next], ',') || is_word(&line->piece[next], "and") ||
           (next > line->at && is_joint(&line->piece[next]))) {
        next++;
    }
    if (piece->kind == PIECE_PLACE && next > line->at && line->piece[next].kind == PIECE_PLACE) {
        bool is_bare = next == line->at + 1 && is_sign(here(line), ',');
        const char *name = line->piece[next].name;
        line->has_joint = line->has_joint || !is_bare;
        line->has_region = line->has_region || (is_bare && places_is_region(name, strlen(name)));
        line->at = next;
        return take_wheres(line, true);
    }
    return true;
}

bool take_where(struct line *line)
{
    return take_wheres(line, false);
}

/* --- how long and since when --------------------------------------------------------------------
 */

bool take_span(struct line *line, bool after_for)
{
    const struct piece *piece = here(line);
    int32_t seconds = 0;
    size_t at = line->at;
    if (piece->kind == PIECE_SPAN ||
        (after_for && piece->kind == PIECE_CLOCK && piece->is_h_clock)) {
        seconds = piece->seconds;
        at++;
    } else if (IS_ONE_OF(piece, "half hour", "quarter hour")) {
        seconds = is_word(piece, "half hour") ? 1800 : 900;
        at++;
    } else {
        while (line->piece[at].kind == PIECE_NUMBER && seconds_of_unit(&line->piece[at + 1]) > 0) {
            seconds += line->piece[at].n * seconds_of_unit(&line->piece[at + 1]);
            at += 2;
            if (is_word(&line->piece[at], "and") && line->piece[at + 1].kind == PIECE_NUMBER &&
                seconds_of_unit(&line->piece[at + 2]) > 0) {
                at++;
            }
        }
        bool is_unit = seconds_of_unit(piece) > 0 && !is_word(piece, "second unit");
        bool is_before_sun =
            IS_ONE_OF(&piece[1], "before", "after", "until") && piece[2].kind == PIECE_SUN;
        if (seconds == 0 && is_unit && (after_for || is_before_sun)) {
            seconds = seconds_of_unit(piece); /* godzinę po zachodzie słońca: one */
            at++;
        }
        if (seconds == 0 && after_for && piece->kind == PIECE_NUMBER &&
            IS_ONE_OF(&piece[1], "day", "days") && line->days == 0) {
            line->days = piece->n;
            line->at += 2;
            return true;
        }
    }
    if (seconds == 0) {
        return false;
    }
    /* half an hour before sunset */
    bool is_before = IS_ONE_OF(&line->piece[at], "before", "until"); /* "до заходу" */
    if ((is_before || is_word(&line->piece[at], "after")) &&
        line->piece[at + 1].kind == PIECE_SUN && line->sun == NULL && !line->has_clock) {
        line->sun = line->piece[at + 1].word;
        line->sun_offset = is_before ? -seconds : seconds;
        line->at = at + 2;
        return true;
    }
    if (line->seconds != 0) {
        return false;
    }
    line->seconds = seconds;
    line->at = at;
    return true;
}

void skip_joints(struct line *line)
{
    while (is_joint(here(line)) || is_sign(here(line), ',')) {
        line->at++;
    }
}

/* A date with its year, or a year. */
static bool take_bound_date(struct line *line, char out[static 16])
{
    const struct piece *piece = here(line);
    size_t used = 0;
    struct civil_date date = {0};
    if (piece->kind == PIECE_DATE && piece->date.year != 0) {
        date = piece->date;
        used = 1;
    } else if (is_year(piece)) {
        snprintf(out, 16, "%d", piece->n);
        line->at++;
        return true;
    } else {
        bool is_day_first = piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL;
        size_t gap = is_day_first && is_word(&piece[1], "of") ? 1 : 0;
        const struct piece *month = is_day_first ? &piece[1 + gap] : piece;
        const struct piece *day = is_day_first ? piece : &piece[1];
        used = 2 + gap;
        while (is_word(&piece[used], "of") || is_sign(&piece[used], ',')) {
            used++;
        }
        if (month->kind != PIECE_MONTH || month->n <= 0 ||
            (day->kind != PIECE_NUMBER && day->kind != PIECE_ORDINAL) || !is_year(&piece[used])) {
            return false;
        }
        date = (struct civil_date){piece[used++].n, month->n, day->n};
    }
    if (!civil_date_is_valid(date)) {
        return false;
    }
    snprintf(out, 16, "%04d-%02d-%02d", date.year, date.month, date.day);
    line->at += used;
    return true;
}

/* since, until and except with their dates. */
bool take_bound(struct line *line, const char *word)
{
    size_t from = line->at++;
    char date[16];
    skip_joints(line);
    if (!take_bound_date(line, date)) {
        line->at = from;
        return false;
    }
    size_t used = strlen(line->bounds);
    snprintf(line->bounds + used, sizeof line->bounds - used, " %s %s", word, date);
    while (strcmp(word, "except") == 0 &&
           (is_sign(here(line), ',') || is_word(here(line), "and"))) {
        size_t comma = line->at++;
        if (!take_bound_date(line, date)) {
            line->at = comma;
            break;
        }
        used = strlen(line->bounds);
        snprintf(line->bounds + used, sizeof line->bounds - used, ", %s", date);
    }
    return true;
}
