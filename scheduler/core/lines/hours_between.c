/* From one hour to another: from 7 to 9 in the evening, dalle 18 alle 20, 7-9 pm. */
#include "lines/clauses.h"
#include "lines/hours.h"

static bool is_day_of_month(const struct line *line, size_t at)
{
    const struct piece *next = &line->piece[at];
    return next->kind == PIECE_MONTH || is_year(next) ||
           (is_word(next, "of") && (next[1].kind == PIECE_MONTH || is_word(&next[1], "month"))) ||
           IS_ONE_OF(next, "month", "monthly") || seconds_of_unit(next) > 0;
}

/* The half of the day of the first hour as the later one has it: 7-9 pm, 7:30-9 pm, from 11 to 1
 * pm. */
static void use_later_part(struct hour *from, const struct hour *until)
{
    int32_t first = from->clock % HALF_DAY, last = until->clock % HALF_DAY;
    bool is_same_half = first < last, is_late = until->clock >= HALF_DAY;
    from->clock = first + ((is_late == is_same_half) ? HALF_DAY : 0);
    from->is_clear = true;
    from->is_night = until->is_night;
}

/* Whether an hour may be of either half of the day. */
static bool has_open_half(const struct hour *h)
{
    return !h->has_part && h->clock >= HOUR && h->clock < 13 * HOUR;
}

/* Where one of two hours has a half of the day, that of the other: 7:30-9 pm, 10am-1.  The hour
 * that is to be asked for since 07:30-9 pm may be by either clock, NULL: none. */
static const struct hour *share_part(struct hour *from, struct hour *until)
{
    struct hour *open = has_open_half(from) ? from : until;
    int32_t written = open->clock;
    if (open == until) {
        int32_t length = (until->clock - from->clock + DAY) % HALF_DAY;
        until->clock = from->clock + (length == 0 ? HALF_DAY : length);
        until->is_clear = true;
    } else if (until->is_half && until->clock % HALF_DAY == 0) { /* 9-12 am: which twelve? */
        from->is_asked = from->is_clear = true;
        until->clock = from->clock / HALF_DAY * HALF_DAY + HALF_DAY;
    } else {
        use_later_part(from, until);
    }
    return open->is_padded && open->clock % DAY != written ? open : NULL;
}

/* How long it is from one hour to the other, *asked the one whose half of the day must be asked
 * for, NULL: none. */
static int32_t length_between(struct hour *from, struct hour *until, const struct hour **asked)
{
    bool is_one_told = from->has_part != until->has_part;
    *asked = NULL;
    if ((until->is_twelfth && has_open_half(from)) || (from->is_twelfth && has_open_half(until))) {
        *asked = share_part(from, until);
    }
    from->is_clear = from->is_clear || from->clock >= 13 * HOUR;
    until->is_clear = until->is_clear || until->clock >= 13 * HOUR;
    from->is_clear =
        from->is_clear || until->is_clear; /* from 8 to 20 Uhr: both by the clock of 24 hours */
    int32_t length = until->clock - from->clock;
    length += length <= 0 ? (from->is_clear ? DAY : HALF_DAY) : 0;
    if (is_one_told && length > HALF_DAY && *asked == NULL) {
        bool is_first = has_open_half(until) ? false : has_open_half(from) || from->has_part;
        *asked = is_first ? from : until;
    }
    return length;
}

/* From 18:00 to 20:00, dalle 18 alle 20, von 18 bis 20 Uhr, 7-9 pm. */
bool take_hours(struct line *line)
{
    size_t at = line->at;
    struct hour from, until;
    const struct piece *last = line->selects > 0 ? &line->select[line->selects - 1] : NULL;
    bool has_at = is_word(here(line), "at"), has_from = IS_ONE_OF(here(line), "from", "since");
    if (line->has_clock || line->sun != NULL || line->seconds != 0 || line->until >= 0 ||
        (last != NULL && last->kind == PIECE_MONTH && !has_at &&
         (line->selects < 2 || (last[-1].kind != PIECE_NUMBER && last[-1].kind != PIECE_ORDINAL &&
                                !is_word(&last[-1], "of"))))) {
        return false;
    }
    while (is_joint(&line->piece[at]) || is_word(&line->piece[at], "since")) {
        has_at = has_at || is_word(&line->piece[at], "at");
        at++;
    }
    if (line->piece[at].is_article || !hear_hour(line, at, has_at, &from)) {
        return false;
    }
    at = from.end;
    if (is_part_of_day(&line->piece[at])) {
        if (!use_part_of_day(&line->piece[at], &from)) {
            return false;
        }
        at++;
    }
    const struct piece *to = &line->piece[at];
    bool is_begun = is_joint(here(line)) || is_word(here(line), "since"); /* dalle 18 alle 20 */
    bool has_joint =
        is_sign(to, '-') || IS_ONE_OF(to, "to", "until") || (is_begun && is_word(to, "at"));
    if (!has_joint && !(is_begun && line->language == LANGUAGE_PT)) { /* das 18 as 20 */
        return false;
    }
    at += has_joint ? 1 : 0;
    while (is_joint(&line->piece[at])) {
        at++;
    }
    if (line->piece[at].is_article || !hear_hour(line, at, true, &until)) {
        return false;
    }
    bool is_said = from.is_clear || until.is_clear || from.is_hours || until.is_hours;
    if (!use_part(line, &until) || is_day_of_month(line, until.end)) {
        return false;
    }
    is_said = is_said || until.is_hours || (has_at && has_from) || (has_at && is_word(to, "at")) ||
              from.clock >= 13 * HOUR ||
              (from.clock != until.clock && (has_at || has_from || is_sign(to, '-')) &&
               until.clock >= 13 * HOUR);
    if (!is_said || from.clock > DAY || until.clock > DAY ||
        (!may_follow_hour(&line->piece[until.end]))) {
        return false;
    }
    if (from.is_half_by || until.is_half_by) {
        return false;
    }
    const struct hour *asked;
    int32_t length = length_between(&from, &until, &asked);
    if (length <= 0) {
        return false;
    }
    from.end = until.end;
    keep_hour(line, &from);
    line->seconds = length;
    if (asked != NULL) {
        line->is_unsaid = true;
        ask_half(line, asked->clock);
    }
    return true;
}
