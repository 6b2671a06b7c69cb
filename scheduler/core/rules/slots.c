#include "rules/slots.h"

#include <stdarg.h>
#include <stdio.h>

#include "words/words.h"

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

static bool is_part_of_day(const struct piece *piece)
{
    return IS_ONE_OF(piece, "am", "pm", "morning", "evening", "late", "midday", "noon", "midnight",
                     "daytime");
}

/* "half past seven": what the words before an hour add to it; 0: they are no such words. */
static int32_t minutes_before(const struct piece *piece)
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
static bool may_follow_hour(const struct piece *next)
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
static bool is_one_oclock(const struct line *line, size_t at)
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
static bool is_hour(const struct line *line, size_t at)
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
static bool take_time(struct line *line, bool after_at)
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
    line->is_midnight = !is_noon;
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

/* An hour of a range, 18:00 or 18 or 18 Uhr; its length, 0 for none. */
static size_t hour_at(const struct line *line, size_t at, int32_t *seconds, bool *is_clear)
{
    const struct piece *piece = &line->piece[at];
    bool is_number = piece->kind == PIECE_NUMBER && piece->n <= 23 && !piece->is_article;
    if (piece->kind != PIECE_CLOCK && !is_number) {
        return 0;
    }
    bool has_unit = is_word(&piece[1], "h24") || is_word(&piece[1], "oclock");
    *seconds = is_number ? piece->n * 3600 : piece->seconds;
    *is_clear = *is_clear || !is_number || is_word(&piece[1], "h24");
    return has_unit ? 2 : 1;
}

/* From 18:00 to 20:00, dalle 18 alle 20, von 18 bis 20 Uhr. */
static bool take_hours(struct line *line)
{
    size_t at = line->at, used;
    int32_t from, until;
    bool is_clear = false, has_at = is_word(here(line), "at");
    if (line->has_clock || line->sun != NULL || line->seconds != 0 ||
        !(has_at || IS_ONE_OF(here(line), "from", "of", "since"))) {
        return false;
    }
    while (is_joint(&line->piece[at]) || is_word(&line->piece[at], "since")) {
        at++;
    }
    if ((used = hour_at(line, at, &from, &is_clear)) == 0) {
        return false;
    }
    at += used;
    if (!IS_ONE_OF(&line->piece[at], "to", "until", "at")) {
        return false;
    }
    do {
        at++;
    } while (is_joint(&line->piece[at]));
    if ((used = hour_at(line, at, &until, &is_clear)) == 0) {
        return false;
    }
    at += used;
    is_clear = is_clear || (has_at && from >= 13 * 3600 && until >= 13 * 3600);
    if (!is_clear || line->piece[at].kind == PIECE_MONTH || is_part_of_day(&line->piece[at])) {
        return false;
    }
    line->has_clock = true;
    line->clock = from;
    line->until = until;
    line->at = at;
    return true;
}

/* A day, with or without its month, at `at`; its length, 0 for none. */
static size_t day_at(const struct line *line, size_t at, int32_t *day, int32_t *month)
{
    const struct piece *piece = &line->piece[at];
    size_t gap = 0;
    if ((piece->kind != PIECE_NUMBER && piece->kind != PIECE_ORDINAL) || piece->is_article ||
        piece->n < 1 || piece->n > 31) {
        return 0;
    }
    while (is_joint(&piece[1 + gap])) {
        gap++;
    }
    bool has_month = piece[1 + gap].kind == PIECE_MONTH && piece[1 + gap].n > 0;
    *day = piece->n;
    *month = has_month ? piece[1 + gap].n : 0;
    return has_month ? 2 + gap : 1;
}

static void keep(struct line *line, struct piece piece);

/* From 7 to 8 november, 7-8 november, november 7-8, 28 april to 3 may. */
static bool take_days(struct line *line)
{
    size_t at = line->at, used;
    int32_t first, last, month = 0, last_month = 0;
    bool is_month_first = line->piece[at].kind == PIECE_MONTH && line->piece[at].n > 0;
    bool has_from = IS_ONE_OF(&line->piece[at], "from", "since", "of", "on or after");
    at += is_month_first || has_from ? 1 : 0;
    bool is_each = line->selects == 1 && line->select[0].kind == PIECE_RULE &&
                   strcmp(line->select[0].word, "every day") == 0;
    if ((line->selects > 0 && !is_each) || (used = day_at(line, at, &first, &month)) == 0) {
        return false;
    }
    at += used;
    int32_t first_year = month != 0 && is_year(&line->piece[at]) ? line->piece[at++].n : 0;
    const struct piece *to = &line->piece[at];
    bool is_stroke = is_sign(to, '-');
    if (!is_stroke && !IS_ONE_OF(to, "to", "until") && !(has_from && is_word(to, "at"))) {
        return false;
    }
    do {
        at++;
    } while (is_joint(&line->piece[at]));
    if ((used = day_at(line, at, &last, &last_month)) == 0 ||
        (is_month_first ? month != 0 || last_month != 0 : last_month == 0)) {
        return false;
    }
    at += used;
    last_month = is_month_first ? line->piece[line->at].n : last_month;
    month = month == 0 ? last_month : month;
    size_t year = at + (is_word(&line->piece[at], "of") || is_sign(&line->piece[at], ',') ? 1 : 0);
    bool has_year = is_year(&line->piece[year]);
    struct civil_date from = {2027, month, first}, until = {2027, last_month, last};
    if (has_year) {
        from.year = until.year = line->piece[year].n;
        at = year + 1;
    }
    if (first_year != 0 && (!has_year || first_year != from.year)) {
        return false;
    }
    bool is_over_new_year = last_month < month, is_over_leap_day = month <= 2 && last_month > 2;
    until.year += is_over_new_year ? 1 : 0;
    if (!civil_date_is_valid(from) || !civil_date_is_valid(until) ||
        (has_year ? is_over_new_year : is_over_leap_day)) {
        return false;
    }
    int32_t days = civil_day_number(until) - civil_day_number(from) + 1;
    if (days < 2 || line->stretch[0] != '\0') {
        return false;
    }
    char year_text[8] = "";
    if (has_year) {
        snprintf(year_text, sizeof year_text, " %d", from.year);
    }
    snprintf(line->stretch, sizeof line->stretch, "%d days from %d %s%s", days, first,
             words_name(WORD_MONTH, month), year_text);
    line->is_each = is_each;
    line->selects = 0;
    keep(line, (struct piece){.kind = PIECE_RULE,
                              .word = line->stretch,
                              .is_stretch = true,
                              .n = days,
                              .date = from});
    line->at = at;
    return true;
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
    if (follower->kind == PIECE_CLOCK || minutes_before(follower) != 0 ||
        (is_hour(line, next) && (is_word(piece, "at") || is_word(&line->piece[next - 1], "at"))) ||
        (follower->kind == PIECE_NUMBER && follower->n <= 24 && !follower->is_article &&
         (is_part_of_day(follower + 1) || IS_ONE_OF(follower + 1, "oclock", "h24")))) {
        line->at = next;
        return take_time(line, true);
    }
    if (seconds_of_unit(follower) > 0 && line->seconds == 0 &&
        !IS_ONE_OF(&follower[1], "before", "after")) { /* на хвилину */
        line->at = next;
        return take_span(line, true);
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
            bool is_list = last->kind == next->kind && !is_year(last) &&
                           !is_part_of_day(&next[1]) && !IS_ONE_OF(&next[1], "h24", "oclock") &&
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
        if (take_days(line)) {
            return true;
        }
        if (seconds_of_unit(&piece[1]) > 0 && IS_ONE_OF(&piece[2], "before", "after", "until") &&
            piece[3].kind == PIECE_SUN) { /* dos horas antes de la puesta de sol */
            return take_span(line, false);
        }
        if (is_one_oclock(line, line->at)) {
            return take_time(line, false);
        }
        if (piece->n <= 24 && !piece->is_article &&
            (is_part_of_day(&piece[1]) || IS_ONE_OF(&piece[1], "oclock", "h24", "utc"))) {
            return take_time(line, false);
        }
        if (take_span(line, false)) {
            return true;
        }
        if (piece->is_article && !is_day_unit(&piece[1])) {
            line->at++; /* a full moon; but what is no article of a word is left to nobody */
            return !may_follow_hour(&piece[1]) || is_part_of_day(&piece[1]);
        }
        break;
    case PIECE_ORDINAL:
    case PIECE_MONTH:
        if (take_days(line)) {
            return true;
        }
        break;
    case PIECE_WORD:
        if (take_days(line) || take_hours(line)) {
            return true;
        }
        if (is_joint(piece)) {
            return take_joint(line);
        }
        if (minutes_before(piece) != 0) {
            return take_time(line, true);
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
        if (is_word(piece, "for") && line->seconds != 0) { /* eine Stunde lang */
            line->at++;
            return true;
        }
        if (is_word(piece, "for")) {
            line->at++;
            while (here(line)->kind == PIECE_NUMBER && here(line)->is_article &&
                   IS_ONE_OF(&here(line)[1], "half hour", "quarter hour")) {
                line->at++;
            }
            return take_span(line, true);
        }
        if (seconds_of_unit(piece) > 0 &&
            (IS_ONE_OF(&piece[1], "before", "after", "for") ||
             (is_word(&piece[1], "until") && piece[2].kind == PIECE_SUN))) {
            return take_span(line, is_word(&piece[1], "for"));
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
        if (is_word(piece, "daytime")) { /* цього дня; but of no hour that is said apart from it */
            line->at++;
            return !line->has_clock || line->clock >= 12 * 3600;
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

/* "segunda sexta-feira", "τρίτη Κυριακή": weekdays that are ordinals too. */
static void use_weekdays_as_ordinals(struct line *line)
{
    for (size_t i = 0; i + 1 < line->selects; i++) {
        struct piece *piece = &line->select[i], *next = &piece[1];
        int32_t n = piece->kind != PIECE_WEEKDAY || piece->is_plural ? 0
                    : line->language == LANGUAGE_PT && piece->n == 1 ? 2
                    : (line->language == LANGUAGE_PT || line->language == LANGUAGE_EL) &&
                            (piece->n == 3 || piece->n == 4)
                        ? piece->n + 1
                    : line->language == LANGUAGE_EL && piece->n == 2 ? 3
                                                                     : 0;
        if (n != 0 && (next->kind == PIECE_WEEKDAY || next->kind == PIECE_EVENT)) {
            *piece = (struct piece){.kind = PIECE_ORDINAL, .n = n};
        }
    }
}

/* Around 20:00, by 20:00: many begin together only at one minute. */
static void doubt_rough_times(struct line *line)
{
    for (size_t i = 0; line->piece[i].kind != PIECE_END; i++) {
        const struct piece *piece = &line->piece[i], *next = piece + 1;
        bool is_by =
            is_word(piece, "by") && (next->kind == PIECE_CLOCK || next->kind == PIECE_SUN ||
                                     IS_ONE_OF(next, "noon", "midnight") ||
                                     (next->kind == PIECE_NUMBER && (may_follow_hour(&next[1]))));
        if (piece->is_rough || is_by) {
            line_ask(line, "a gesture begins at one moment for all: at which?  Write \"at\" and "
                           "the time");
        }
    }
}

bool line_fill(struct line *line)
{
    doubt_rough_times(line);
    while (here(line)->kind != PIECE_END) {
        if (!take_piece(line)) {
            return false;
        }
    }
    use_weekdays_as_ordinals(line);
    /* London, Ontario: a comma alone is no list */
    if (line->places > 1 && (line->has_region || !line->has_joint)) {
        line_ask(line,
                 "%.40s and %.40s, or one place?  For both write \"and\" between them; for one, a "
                 "country or region that is known, or its position",
                 line->place[0].name, line->place[1].name);
    }
    return true;
}
