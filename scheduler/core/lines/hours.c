/* Hours as people say them: 20:00, 8 pm, half past eight, zehn vor acht, las ocho y diez. */
#include "lines/hours.h"

#include "lines/clauses.h"

bool is_part_of_day(const struct piece *piece)
{
    return IS_ONE_OF(piece, "am", "pm", "morning", "evening", "late", "small hours", "midday",
                     "noon", "midnight", "daytime");
}

/* Of the parts of a day those that can be said before the hour. */
static bool is_part_alone(const struct piece *piece)
{
    return is_part_of_day(piece) && !IS_ONE_OF(piece, "noon", "midnight");
}

/* "half past seven": what the words before an hour add to it; 0: they are no such words. */
int32_t minutes_before(const struct piece *piece)
{
    return IS_ONE_OF(piece, "half past", "half by") ? 30
           : is_word(piece, "quarter past")         ? 15
           : is_word(piece, "quarter to")           ? -15
           : is_word(piece, "half to")              ? -30
           : is_word(piece, "three quarters to")    ? -15
           : is_word(piece, "one quarter to")       ? -45
                                                    : 0;
}

/* "las siete y media" */
static int32_t minutes_after(const struct piece *piece)
{
    return is_word(piece, "and half")             ? 30
           : is_word(piece, "and quarter")        ? 15
           : is_word(piece, "and third")          ? 20
           : is_word(piece, "and three quarters") ? 45
           : is_word(piece, "less quarter")       ? -15
           : is_word(piece, "less third")         ? -20
                                                  : 0;
}

/* What may follow an hour that is said as a word is: what cannot be named by it. */
bool may_follow_hour(const struct piece *next)
{
    bool is_day = (next->kind == PIECE_NUMBER || next->kind == PIECE_ORDINAL) && !next->is_article;
    return next->kind == PIECE_END || next->kind == PIECE_PLACE || next->kind == PIECE_ZONE ||
           next->kind == PIECE_COUNTRY || next->kind == PIECE_DATE || is_sign(next, ',') ||
           is_part_of_day(next) || minutes_after(next) != 0 || is_joint(next) ||
           (is_day && (next[1].kind == PIECE_MONTH || is_word(&next[1], "of"))) ||
           (next->kind == PIECE_WEEKDAY && next->is_plural) ||
           (next->kind == PIECE_RULE && next->weekdays != 0) ||
           IS_ONE_OF(next, "utc", "everywhere", "local time", "h24", "oclock", "every", "for",
                     "until", "since", "yearly", "except", "and", "today", "venue");
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
    if (piece->kind == PIECE_ORDINAL) { /* о восьмій, o dwudziestej, الساعة الثامنة */
        return piece->n <= 24 && at > 0 && is_word(&line->piece[at - 1], "at") &&
               (next->kind == PIECE_END || next->kind == PIECE_PLACE || next->kind == PIECE_ZONE ||
                is_sign(next, ',') || is_part_of_day(next) || minutes_after(next) != 0 ||
                (next->is_spelled && may_follow_hour(&next[1])) ||
                IS_ONE_OF(next, "utc", "in", "everywhere", "local time", "h24", "and", "less"));
    }
    if (is_one_oclock(line, at)) {
        return true;
    }
    if (piece->kind != PIECE_NUMBER || piece->is_article || piece->n > 24) {
        return false;
    }
    bool has_minutes = next->is_spelled && piece->is_spelled && next[1].kind != PIECE_MONTH;
    bool is_day = next->kind == PIECE_MONTH || is_day_unit(next) || is_year(next) ||
                  next->kind == PIECE_ORDINAL || next->kind == PIECE_WEEKDAY ||
                  (next->kind == PIECE_NUMBER && !has_minutes) ||
                  IS_ONE_OF(next, "of", "month", "monthly") || is_word(next, "minute") ||
                  is_word(next, "second unit");
    return !is_day;
}

/* Minutes that are said: a number in words, or a quarter; with "minutes" after it or without.  Its
 * length, 0 for none. */
static size_t minutes_at(const struct piece *piece, bool must_be_spelled, int32_t *minutes)
{
    if (is_word(piece, "quarter hour")) {
        *minutes = 15;
        return 1;
    }
    size_t article = piece->is_article ? 1 : 0; /* un quart */
    if (article > 0 && is_word(&piece[1], "quarter hour")) {
        *minutes = 15;
        return 2;
    }
    bool has_unit = piece->kind == PIECE_NUMBER && is_word(&piece[1], "minute");
    if (piece->kind != PIECE_NUMBER || piece->n < 1 || piece->n > 59 || piece->is_article ||
        (must_be_spelled && !piece->is_spelled && !has_unit)) {
        return 0;
    }
    *minutes = piece->n;
    return has_unit ? 2 : 1;
}

/* An hour by its number or name, and nothing else; 0: none. */
static size_t bare_hour_at(const struct line *line, size_t at, struct hour *out)
{
    const struct piece *piece = &line->piece[at];
    if (piece->kind == PIECE_CLOCK) {
        out->clock = piece->seconds;
        out->is_clear = !piece->is_spoken;
        out->is_hours = piece->is_spoken || piece->is_half;
        out->is_exact = piece->seconds % HOUR == 0 && !piece->is_spoken;
        out->is_padded = piece->is_padded;
        out->has_part = out->is_twelfth = out->is_half = piece->is_half;
        return 1;
    }
    if ((piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL) && piece->n <= 24) {
        out->clock = piece->n * HOUR;
        out->is_exact = true;
        return 1;
    }
    return 0;
}

static bool is_article_before(const struct piece *piece)
{
    return is_joint(piece) && IS_ONE_OF(piece, "at", "on");
}

/* Ten to eight, fünf nach halb acht, dez para as oito, za dziesięć ósma. */
static size_t minutes_and_hour_at(const struct line *line, size_t at, struct hour *out)
{
    const struct piece *piece = &line->piece[at];
    int32_t minutes = 0, sign = 0;
    size_t used = 0;
    if (is_word(piece, "less before")) {
        used = minutes_at(&piece[1], false, &minutes);
        sign = used > 0 ? -1 : 0;
        used += used > 0 ? 1 : 0;
    } else if ((used = minutes_at(piece, true, &minutes)) > 0) {
        const struct piece *joint = &piece[used];
        bool is_to =
            is_word(joint, "to hour") || (is_word(joint, "to") && line->language == LANGUAGE_EN);
        sign = is_to || is_word(joint, "before") ? -1 : IS_ONE_OF(joint, "past", "after") ? 1 : 0;
        used++;
        used += sign != 0 && is_article_before(&piece[used]) ? 1 : 0;
    }
    if (sign == 0) {
        return 0;
    }
    const struct piece *hour = &piece[used];
    int32_t half = minutes_before(hour);
    used += half != 0 ? 1 : 0;
    if (half == 0 && IS_ONE_OF(hour, "noon", "midnight")) {
        out->clock = is_word(hour, "noon") ? HALF_DAY : DAY;
        out->is_clear = true;
        used++;
    } else {
        size_t more = bare_hour_at(line, at + used, out);
        const struct piece *next = &piece[used + more];
        if (more == 0 || out->clock > HALF_DAY || next->kind == PIECE_MONTH || is_day_unit(next)) {
            return 0;
        }
        used += more;
        out->is_clear = false;
    }
    out->clock += (half + sign * minutes) * 60;
    out->clock += out->clock < HOUR && !out->is_clear ? HALF_DAY : 0; /* ten to one */
    out->is_hours = true;
    out->is_exact = false;
    return out->clock >= 0 ? used : 0;
}

/* ... y media, e dieci, moins le quart, тридцять: minutes after an hour; their length. */
static size_t add_minutes(const struct line *line, size_t at, struct hour *out)
{
    const struct piece *piece = &line->piece[at];
    int32_t minutes = minutes_after(piece), sign = 1;
    size_t used = minutes != 0 ? 1 : 0;
    if (used > 0 && seconds_of_unit(&piece[1]) > 0) {
        return 0; /* two and a half hours */
    }
    if (used == 0) {
        bool is_less = is_word(piece, "less") ||
                       (is_word(piece, "except") &&
                        (line->language == LANGUAGE_ES || line->language == LANGUAGE_PT ||
                         line->language == LANGUAGE_AR));
        size_t joint = is_less || is_word(piece, "and") ? 1 : 0;
        size_t more = minutes_at(&piece[joint], true, &minutes);
        const struct piece *next = &piece[joint + more];
        bool has_unit = more > 0 && is_word(&next[-1], "minute");
        if (more == 0 || next->kind == PIECE_MONTH || is_day_unit(next) ||
            (!has_unit && !may_follow_hour(next)) || seconds_of_unit(next) > 0 ||
            (joint == 0 && (has_unit || minutes < 10))) {
            return 0;
        }
        sign = is_less ? -1 : 1;
        used = joint + more;
    }
    if (sign * minutes < 0 && out->clock == 0) {
        return 0;
    }
    out->clock += sign * minutes * 60;
    out->is_hours = true;
    return used;
}

bool use_part_of_day(const struct piece *piece, struct hour *h)
{
    int32_t hour = h->clock / HOUR;
    bool is_afternoon = false;
    h->is_clear = h->is_hours = h->has_part = true;
    h->is_twelfth = hour <= 12;
    h->is_half = IS_ONE_OF(piece, "am", "pm");
    h->is_night = is_word(piece, "late");
    if (h->is_half) {
        is_afternoon = is_word(piece, "pm");
        if (hour > 12 ? !is_afternoon : hour == 0 && is_afternoon) {
            return false;
        }
        h->clock = hour > 12 ? h->clock : h->clock % HALF_DAY + (is_afternoon ? HALF_DAY : 0);
        return true;
    }
    if (hour == 12) {
        bool is_night = IS_ONE_OF(piece, "evening", "late", "small hours", "midnight");
        h->is_asked = is_word(piece, "morning");
        h->clock -= is_night ? HALF_DAY : 0;
        h->is_midnight = is_night && h->clock < HOUR;
        return true;
    }
    if (hour > 12) {
        return !IS_ONE_OF(piece, "morning", "small hours", "midnight") &&
               (!is_word(piece, "late") || hour >= 18);
    }
    if (IS_ONE_OF(piece, "midday", "noon")) {
        is_afternoon = hour >= 1 && hour <= 4;
        h->clock += is_afternoon ? HALF_DAY : 0;
        return is_afternoon || hour == 11;
    }
    if (is_word(piece, "daytime")) { /* о другій дня, о пів на першу дня, об
                                        одинадцятій дня */
        h->clock += hour <= 6 ? HALF_DAY : 0;
        return hour <= 6 || hour >= 9;
    }
    is_afternoon = is_word(piece, "evening") || (is_word(piece, "late") && hour >= 6);
    h->clock += is_afternoon ? HALF_DAY : 0;
    return !is_word(piece, "midnight") && (!is_word(piece, "evening") || hour > 0);
}

bool hear_hour(const struct line *line, size_t at, bool after_at, struct hour *out)
{
    *out = (struct hour){0};
    size_t used = minutes_and_hour_at(line, at, out);
    if (used > 0) {
        at += used;
        at += IS_ONE_OF(&line->piece[at], "oclock", "h24") ? 1 : 0;
        out->end = at;
        return true;
    }
    int32_t minutes = minutes_before(&line->piece[at]);
    out->is_half_by = is_word(&line->piece[at], "half by");
    at += minutes != 0 ? 1 : 0;
    const struct piece *piece = &line->piece[at];
    if (minutes != 0 && !out->is_half_by && IS_ONE_OF(piece, "noon", "midnight")) {
        bool is_noon = is_word(piece, "noon");
        out->clock = (is_noon ? HALF_DAY : minutes < 0 ? DAY : 0) + minutes * 60;
        out->is_clear = out->is_hours = true;
        out->is_night = !is_noon && minutes > 0;
        out->end = at + 1;
        return true;
    }
    if ((used = bare_hour_at(line, at, out)) == 0) {
        return false;
    }
    at += used;
    if (is_word(&line->piece[at], "h24")) {
        out->is_clear = !piece->is_article; /* 1 Uhr, but ein Uhr */
        out->is_hours = true;
        at++;
        const struct piece *more = &line->piece[at];
        if (more->kind == PIECE_NUMBER && more->n < 60 && more[1].kind != PIECE_MONTH &&
            !is_day_unit(&more[1]) && out->is_exact && minutes == 0) {
            out->clock += more->n * 60;
            out->is_exact = false;
            at += is_word(&more[1], "minute") ? 2 : 1;
        }
    } else if (is_word(&line->piece[at], "oclock") ||
               (after_at && is_word(&line->piece[at], "hour"))) {
        out->is_hours = true;
        at++;
    }
    if (minutes < 0 && out->clock == 0) {
        return false;
    }
    if (minutes == 0 && out->is_exact && (used = add_minutes(line, at, out)) > 0) {
        at += used;
        minutes = 1;
    } else {
        out->clock += minutes * 60;
        out->clock += minutes < 0 && out->clock < HOUR ? HALF_DAY : 0; /* halb eins */
    }
    /* acht Uhr dreißig, las ocho y media: of which half is open below 13 */
    out->is_clear = out->is_clear && (minutes == 0 || out->clock >= 13 * HOUR);
    out->end = at;
    return true;
}

/* Whether an hour begins here that can be nothing else: it has a unit, minutes or a part of the
 * day. */
bool begins_hour(const struct line *line, size_t at)
{
    struct hour h;
    const struct piece *piece = &line->piece[at];
    if (piece->is_article || !hear_hour(line, at, false, &h)) {
        return false;
    }
    const struct piece *next = &line->piece[h.end];
    return h.is_hours || minutes_before(piece) != 0 || is_part_of_day(next) ||
           (piece->kind != PIECE_CLOCK && h.is_clear) ||
           (piece->kind == PIECE_NUMBER && is_word(next, "utc"));
}

bool use_part(struct line *line, struct hour *h)
{
    const struct piece *next = &line->piece[h->end];
    if (is_sign(next, ',') && is_part_alone(&next[1]) && !h->is_clear) {
        next++;
    }
    if (is_part_of_day(next)) {
        h->end = (size_t)(next - line->piece) + 1;
        line->part = NULL;
        return use_part_of_day(next, h);
    }
    if (line->part != NULL) {
        const struct piece *part = line->part;
        line->part = NULL;
        return use_part_of_day(part, h);
    }
    if (!h->is_clear && is_word(next, "utc")) {
        h->is_clear = h->is_hours = true;
    }
    return true;
}

void keep_hour(struct line *line, const struct hour *h)
{
    line->has_clock = true;
    line->is_day_end = h->clock == DAY;
    line->is_midnight = h->is_midnight || line->is_day_end;
    line->clock = h->clock % DAY;
    line->is_night_hour = h->is_night && line->clock < NIGHT_END;
    line->is_half_by = h->is_half_by;
    line->has_two_clocks =
        h->is_asked || (!h->is_clear && h->clock >= HOUR && h->clock < 13 * HOUR);
    line->at = h->end;
}

void ask_half(struct line *line, int32_t clock)
{
    int32_t hour = clock / HOUR % 12, minute = clock / 60 % 60;
    line_ask(line, "%d in the morning or in the evening?  Write %02d:%02d or %02d:%02d",
             hour == 0 ? 12 : hour, hour, minute, hour + 12, minute);
}

void line_doubt_hour(struct line *line)
{
    if (line->is_half_by) {
        line_ask(line, "half an hour before that hour, or after it?  Write it, like 18:30");
    } else if (line->has_two_clocks && line->clock / HOUR == 12) {
        line_ask(line, "noon or midnight?  Write 12:00, or 00:00 and the day that begins then");
    } else if (line->has_two_clocks) {
        ask_half(line, line->clock);
    }
}

/* A clock or an hour, with what may follow it.  after_at: a bare number is an hour. */
bool take_time(struct line *line, bool after_at)
{
    struct hour h;
    if (line->has_clock || line->sun != NULL || !hear_hour(line, line->at, after_at, &h)) {
        return false;
    }
    bool is_number = !h.is_clear && !h.is_hours;
    if (!use_part(line, &h) || (is_number && !h.is_hours && !after_at) || h.clock > DAY) {
        return false;
    }
    keep_hour(line, &h);
    const struct piece *next = here(line);
    if ((is_sign(next, '-') || IS_ONE_OF(next, "to", "until")) && next[1].kind == PIECE_CLOCK) {
        line->until = next[1].seconds;
        line->at += 2;
        next = here(line);
        if (is_part_of_day(next)) {
            return false;
        }
    }
    return true;
}

/* Sunset, noon or midnight, and what is added: "sunset + 30 minutes", "mezzanotte e mezza".  The
 * midnight of a day is at its end to some and at its beginning to others, so it is kept as such and
 * asked about later. */
bool take_named_time(struct line *line)
{
    const struct piece *piece = here(line);
    if (line->has_clock || line->sun != NULL) {
        return false;
    }
    if (piece->kind == PIECE_SUN) {
        line->sun = piece;
        line->at++;
        const struct piece *sign = here(line);
        bool is_minus = is_sign(sign, '-') || IS_ONE_OF(sign, "minus", "less");
        bool is_signed = is_minus || is_sign(sign, '+') || is_word(sign, "plus");
        int32_t seconds = 0;
        if (is_signed && sign[1].kind == PIECE_SPAN) {
            seconds = sign[1].seconds;
            line->at += 2;
        } else if (is_signed && sign[1].kind == PIECE_NUMBER && seconds_of_unit(&sign[2]) > 0) {
            seconds = sign[1].n * seconds_of_unit(&sign[2]);
            line->at += 3;
        } else if (is_signed && IS_ONE_OF(&sign[1], "half hour", "quarter hour")) {
            seconds = is_word(&sign[1], "half hour") ? HOUR / 2 : HOUR / 4;
            line->at += 2;
        }
        line->sun_offset = is_minus ? -seconds : seconds;
        return true;
    }
    bool is_noon = is_word(piece, "noon");
    if (!is_noon && !is_word(piece, "midnight")) {
        return false;
    }
    struct hour h = {.clock = is_noon ? HALF_DAY : DAY, .is_clear = true, .is_exact = true};
    h.end = line->at + 1;
    size_t used = line->piece[h.end].kind == PIECE_NUMBER ? 0 : add_minutes(line, h.end, &h);
    h.end += used;
    h.is_midnight = !is_noon && used == 0;
    h.is_night = h.clock > DAY; /* a mezzanotte e mezza */
    h.clock = h.is_midnight ? 0 : h.clock;
    keep_hour(line, &h);
    /* mezzogiorno alle 12, las 12 del mediodía */
    const struct piece *again = here(line);
    if (is_noon && used == 0 && is_word(again, "at") &&
        ((again[1].kind == PIECE_NUMBER && again[1].n == 12 && may_follow_hour(&again[2])) ||
         (again[1].kind == PIECE_CLOCK && again[1].seconds == HALF_DAY))) {
        line->at += 2;
    }
    return true;
}

/* A part of the day before its hour: la sera alle 9, вечора о восьмій. */
bool take_part(struct line *line)
{
    if (!is_part_alone(here(line)) || line->part != NULL) {
        return false;
    }
    if (line->has_clock) {
        struct hour h = {.clock = line->clock};
        bool is_right = use_part_of_day(here(line), &h);
        if (line->has_two_clocks && is_right && !h.is_asked) {
            line->clock = h.clock;
            line->has_two_clocks = false;
        } else if (!is_right || h.clock != line->clock) {
            return false;
        }
        line->is_night_hour = h.is_night && line->clock < NIGHT_END;
        line->at++;
        return true;
    }
    line->part = here(line);
    line->at++;
    return true;
}
