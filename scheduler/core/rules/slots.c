#include "rules/slots.h"

#include <stdarg.h>
#include <stdio.h>

void line_ask(struct line *line, const char *format, ...)
{
    if (line->question[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(line->question, sizeof line->question, format, args);
        va_end(args);
    }
}

/* --- time and place -----------------------------------------------------------------------------
 */

/* Whether a number after "at" is an hour and not a day. */
static bool is_hour(const struct line *line, size_t at)
{
    const struct piece *piece = &line->piece[at], *next = piece + 1;
    if (piece->kind != PIECE_NUMBER || piece->is_article || piece->n > 24) {
        return false;
    }
    bool is_day = next->kind == PIECE_MONTH || is_day_unit(next) || is_year(next) ||
                  next->kind == PIECE_ORDINAL || next->kind == PIECE_WEEKDAY ||
                  next->kind == PIECE_NUMBER || is_word(next, "of") || is_word(next, "month") ||
                  is_word(next, "minute") || is_word(next, "second unit");
    return !is_day;
}

/* A clock or an hour, with what may follow it.  after_at: a bare number is an hour. */
static bool take_time(struct line *line, bool after_at)
{
    const struct piece *piece = here(line);
    bool is_clear = piece->kind == PIECE_CLOCK, is_hours = false;
    int32_t clock;
    if (line->has_clock || line->sun != NULL) {
        return false;
    }
    if (piece->kind == PIECE_CLOCK) {
        clock = piece->seconds;
    } else if (piece->kind == PIECE_NUMBER && piece->n <= 24) {
        clock = piece->n * 3600;
    } else {
        return false;
    }
    size_t at = line->at + 1;
    if (is_word(&line->piece[at], "h24")) {
        is_clear = is_hours = true;
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
    if (is_word(&line->piece[at], "am") || is_word(&line->piece[at], "pm")) {
        bool is_pm = is_word(&line->piece[at], "pm");
        if (clock >= 13 * 3600 ? !is_pm : clock < 3600 && is_pm) {
            return false;
        }
        if (clock <= 12 * 3600 + 3599) {
            clock = clock % (12 * 3600) + (is_pm ? 12 * 3600 : 0);
        }
        is_clear = is_hours = true;
        at++;
    } else if (!is_clear && is_word(&line->piece[at], "utc")) {
        is_clear = is_hours = true;
    }
    if (!is_clear && !is_hours && !after_at) {
        return false;
    }
    if (clock == 24 * 3600 && !is_clear) {
        return false; /* whose midnight? */
    }
    if (clock >= 24 * 3600) {
        return false;
    }
    line->has_clock = true;
    line->clock = clock;
    line->has_two_clocks = !is_clear && clock >= 3600 && clock <= 12 * 3600;
    line->at = at;
    const struct piece *next = here(line);
    if ((is_sign(next, '-') || is_word(next, "to") || is_word(next, "until")) &&
        next[1].kind == PIECE_CLOCK) {
        line->until = next[1].seconds;
        line->at += 2;
        next = here(line);
        if (is_word(next, "pm") || is_word(next, "am")) {
            return false;
        }
    }
    if (line->has_two_clocks) {
        line_ask(line, "%d in the morning or in the evening?  Write %02d:00 or %02d:00",
                 clock / 3600, clock / 3600 % 12, clock / 3600 % 12 + 12);
    }
    return true;
}

static bool take_named_time(struct line *line)
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
    line->at++;
    return true;
}

static bool is_where(const struct piece *piece)
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
        line->at = next;
        return take_wheres(line, true);
    }
    return true;
}

static bool take_where(struct line *line)
{
    return take_wheres(line, false);
}

/* --- how long and since when --------------------------------------------------------------------
 */

static bool take_span(struct line *line, bool after_for)
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
    bool is_before = is_word(&line->piece[at], "before");
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

static void skip_joints(struct line *line)
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
static bool take_bound(struct line *line, const char *word)
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

/* --- into slots ---------------------------------------------------------------------------------
 */

static void keep(struct line *line, struct piece piece)
{
    if (line->selects + 1 < PIECES_MAX) {
        line->select[line->selects++] = piece;
    }
}

static struct piece word_piece(const char *word)
{
    return (struct piece){.kind = PIECE_WORD, .word = word};
}

static const struct piece *last_kept(const struct line *line)
{
    static const struct piece none = {.kind = PIECE_END};
    return line->selects > 0 ? &line->select[line->selects - 1] : &none;
}

/* Whether an "every 2 weeks" waits for the date it begins at. */
static bool waits_for_date(const struct line *line)
{
    bool is_every = false;
    for (size_t i = 0; i < line->selects; i++) {
        const struct piece *piece = &line->select[i];
        is_every = is_every || is_word(piece, "every");
        if (is_every && (is_word(piece, "other") || piece->kind == PIECE_NUMBER ||
                         piece->kind == PIECE_ORDINAL)) {
            return true;
        }
    }
    return false;
}

static bool take_joint(struct line *line)
{
    const struct piece *piece = here(line);
    size_t next = line->at + 1;
    while (is_joint(&line->piece[next])) {
        next++;
    }
    const struct piece *follower = &line->piece[next];
    if (is_word(last_kept(line), "visible from") ||
        (is_where(follower) && is_word(last_kept(line), "nearest"))) {
        return false;
    }
    if (follower->kind == PIECE_CLOCK ||
        (is_hour(line, next) && (is_word(piece, "at") || is_word(&line->piece[next - 1], "at"))) ||
        (follower->kind == PIECE_NUMBER && follower->n <= 24 && !follower->is_article &&
         IS_ONE_OF(follower + 1, "oclock", "h24", "am", "pm"))) {
        line->at = next;
        return take_time(line, true);
    }
    if (follower->kind == PIECE_SUN || IS_ONE_OF(follower, "noon", "midnight")) {
        line->at = next;
        return take_named_time(line);
    }
    if (is_where(follower)) {
        line->at = next;
        return take_where(line);
    }
    if (IS_ONE_OF(piece, "from") && !waits_for_date(line) && take_bound(line, "since")) {
        return true;
    }
    keep(line, word_piece(IS_ONE_OF(piece, "from") ? "from" : "of"));
    line->at = next;
    return true;
}

static bool take_piece(struct line *line)
{
    const struct piece *piece = here(line);
    switch ((int)piece->kind) {
    case PIECE_CLOCK:
        return take_time(line, false);
    case PIECE_SUN:
        return take_named_time(line);
    case PIECE_PLACE:
        if (is_word(last_kept(line), "visible from")) {
            keep(line, *piece);
            line->at++;
            return true;
        }
        return take_where(line);
    case PIECE_ZONE:
        return take_where(line);
    case PIECE_SPAN:
        return take_span(line, false);
    case PIECE_SIGN:
        if (piece->n == '.') {
            line->at++;
            return true;
        }
        if (piece->n == ';') {
            return false;
        }
        if (piece->n == ',') {
            const struct piece *last = last_kept(line), *next = piece + 1;
            bool is_list = last->kind == next->kind &&
                           (next->kind == PIECE_WEEKDAY || next->kind == PIECE_DATE ||
                            next->kind == PIECE_RULE || next->kind == PIECE_NUMBER);
            if (is_list || (last->kind == PIECE_MONTH && next->kind == PIECE_NUMBER &&
                            !is_year(next) && next[1].kind == PIECE_MONTH)) {
                keep(line, word_piece("or"));
            }
            line->at++;
            return true;
        }
        keep(line, *piece);
        line->at++;
        return true;
    case PIECE_NUMBER:
        if (piece->n <= 24 && !piece->is_article &&
            IS_ONE_OF(&piece[1], "oclock", "h24", "am", "pm", "utc")) {
            return take_time(line, false);
        }
        if (take_span(line, false)) {
            return true;
        }
        if (piece->is_article && !is_day_unit(&piece[1])) {
            line->at++;
            return true;
        }
        break;
    case PIECE_WORD:
        if (is_joint(piece)) {
            return take_joint(line);
        }
        if (IS_ONE_OF(piece, "noon", "midnight")) {
            return take_named_time(line);
        }
        if (IS_ONE_OF(piece, "utc", "everywhere", "local time")) {
            return take_where(line);
        }
        if (is_word(piece, "in zone of")) {
            line->at++;
            skip_joints(line);
            return is_where(here(line)) && take_where(line);
        }
        if (IS_ONE_OF(piece, "half hour", "quarter hour")) {
            return take_span(line, false);
        }
        if (is_word(piece, "for")) {
            line->at++;
            return take_span(line, true);
        }
        if (is_word(piece, "since") && !waits_for_date(line) && take_bound(line, "since")) {
            return true;
        }
        if (is_word(piece, "since")) {
            keep(line, word_piece("from"));
            line->at++;
            return true;
        }
        if (is_word(piece, "until")) {
            if (take_bound(line, "until")) {
                return true;
            }
            keep(line, word_piece("before")); /* "2 дні до Великодня" */
            line->at++;
            return is_day_unit(&line->select[line->selects > 1 ? line->selects - 2 : 0]);
        }
        if (is_word(piece, "except")) {
            return take_bound(line, "except");
        }
        if (is_word(piece, "yearly")) {
            line->at++;
            if (is_word(last_kept(line), "of")) {
                keep(line, word_piece("year"));
            }
            return true;
        }
        if (is_word(piece, "monthly")) {
            line->at++;
            line->is_monthly = true;
            if (is_word(last_kept(line), "of")) {
                line->selects--;
            }
            return true;
        }
        if (is_word(piece, "night")) {
            line->is_night = true;
            line->at++;
            return true;
        }
        if (is_word(piece, "today")) {
            line_ask(line, "a rule is read alike on every day: write the date");
            line->at++;
            return true;
        }
        if (is_word(piece, "year") &&
            ((last_kept(line)->kind == PIECE_NUMBER && is_year(last_kept(line))) ||
             last_kept(line)->kind == PIECE_DATE)) {
            line->at++; /* 24 лютого 2027 року */
            return true;
        }
        if (is_word(piece, "time")) {
            return false;
        }
        if (is_word(piece, "on or after")) {
            return take_bound(line, "since");
        }
        break;
    default:
        break;
    }
    keep(line, *piece);
    line->at++;
    return true;
}

bool line_fill(struct line *line)
{
    while (here(line)->kind != PIECE_END) {
        if (!take_piece(line)) {
            return false;
        }
    }
    return true;
}
