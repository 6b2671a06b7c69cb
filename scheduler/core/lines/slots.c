/* slots.c -- puts each piece of a line where it belongs. */
#include "lines/clauses.h"
#include "lines/line.h"

static const struct piece *last_kept(const struct line *line)
{
    static const struct piece none = {.kind = PIECE_END};
    const struct piece *kept = line->is_excepting ? line->except : line->select;
    size_t count = line->is_excepting ? line->excepts : line->selects;
    return count > 0 ? &kept[count - 1] : &none;
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

/* The first new moon from 1 september on. */
static bool is_first_kept(const struct line *line)
{
    const struct piece *last = last_kept(line);
    return line->selects > 1 && !line->is_excepting &&
           (last->kind == PIECE_EVENT || last->kind == PIECE_WEEKDAY) &&
           last[-1].kind == PIECE_ORDINAL && last[-1].n == 1;
}

/* "At", "in", "on", "from" and their kin in ten languages stand before nearly everything, so they
 * decide nothing: what follows them does.  Hours come first, as they are the narrowest; "from"
 * begins a bound only where no series waits for its own first day. */
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
    if (is_word(follower, "venue")) {
        line->at = next;
        return true;
    }
    if (take_hours(line)) {
        return true;
    }
    if (follower->kind == PIECE_CLOCK || begins_hour(line, next) ||
        (is_hour(line, next) && (is_word(piece, "at") || is_word(&line->piece[next - 1], "at"))) ||
        (follower->kind == PIECE_NUMBER && follower->n <= 24 && !follower->is_article &&
         (is_part_of_day(follower + 1) || IS_ONE_OF(follower + 1, "oclock", "h24")))) {
        line->at = next;
        return take_time(line, true);
    }
    if (is_part_of_day(follower) && !IS_ONE_OF(follower, "noon", "midnight")) {
        line->at = next; /* am Abend um acht */
        return take_part(line);
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
    if (is_word(piece, "at") && follower->kind == PIECE_SPAN && line->language != LANGUAGE_UK) {
        return false; /* at an hour and a half */
    }
    bool is_from = is_word(piece, "from");
    if (is_from && is_first_kept(line)) {
        line_keep(line, word_piece("on or after"));
        line->at = next;
        return true;
    }
    if (is_from && !waits_for_date(line) &&
        (take_bound(line, BOUND_SINCE) || ask_year(line, BOUND_SINCE))) {
        return true;
    }
    line_keep(line, word_piece(is_from ? "from" : "of"));
    line->at = next;
    return true;
}

/* h 15 */
static bool begins_with_h(const struct line *line)
{
    const struct piece *piece = here(line);
    return is_word(piece, "h24") && (line->at == 0 || piece[-1].kind != PIECE_NUMBER) &&
           (piece[1].kind == PIECE_CLOCK || piece[1].kind == PIECE_NUMBER);
}

static bool pass(struct line *line)
{
    line->at++;
    return true;
}

static bool select_as(struct line *line, struct piece piece)
{
    line_keep(line, piece);
    return pass(line);
}

static bool take_sign(struct line *line)
{
    const struct piece *piece = here(line), *last = last_kept(line), *next = piece + 1;
    if (piece->n == '.') {
        return pass(line);
    }
    if (piece->n == ';') {
        return false;
    }
    if (piece->n != ',') {
        return select_as(line, *piece);
    }
    bool is_list = last->kind == next->kind && !is_year(last) && seconds_of_unit(&next[1]) == 0 &&
                   !is_part_of_day(&next[1]) && !IS_ONE_OF(&next[1], "h24", "oclock") &&
                   (next->kind == PIECE_WEEKDAY || next->kind == PIECE_DATE ||
                    next->kind == PIECE_RULE || next->kind == PIECE_NUMBER);
    if (is_list || (last->kind == PIECE_MONTH && next->kind == PIECE_NUMBER && !is_year(next) &&
                    next[1].kind == PIECE_MONTH)) {
        line_keep(line, word_piece("or"));
    }
    return pass(line);
}

/* What becomes of a piece: it has a slot, it makes no sense where it stands, or it is of what is
 * selected, unless somebody else wants it. */
enum fate { TAKEN, NONSENSE, OPEN };

static enum fate fate_of(bool is_taken)
{
    return is_taken ? TAKEN : NONSENSE;
}

static enum fate take_number(struct line *line)
{
    const struct piece *piece = here(line);
    if (take_days(line) || take_hours(line)) {
        return TAKEN;
    }
    if (seconds_of_unit(&piece[1]) > 0 && IS_ONE_OF(&piece[2], "before", "after", "until") &&
        piece[3].kind == PIECE_SUN) { /* dos horas antes de la puesta de sol */
        return fate_of(take_span(line, false));
    }
    if (is_one_oclock(line, line->at) ||
        (begins_hour(line, line->at) && seconds_of_unit(&piece[1]) == 0)) {
        return fate_of(take_time(line, false));
    }
    if (piece->n <= 24 && !piece->is_article &&
        (is_part_of_day(&piece[1]) || IS_ONE_OF(&piece[1], "oclock", "h24", "utc"))) {
        return fate_of(take_time(line, false));
    }
    if (take_span(line, false)) {
        return TAKEN;
    }
    if (piece->is_article && !is_day_unit(&piece[1])) {
        line->at++; /* a full moon; but what is no article of a word is left to nobody */
        return fate_of(!may_follow_hour(&piece[1]) || is_part_of_day(&piece[1]));
    }
    return OPEN;
}

/* Words of the time, the place and how long. */
static enum fate take_word_of_time(struct line *line)
{
    const struct piece *piece = here(line);
    if (take_days(line) || take_hours(line)) {
        return TAKEN;
    }
    if (is_joint(piece)) {
        return fate_of(take_joint(line));
    }
    if (minutes_before(piece) != 0 || is_word(piece, "less before")) {
        return fate_of(begins_hour(line, line->at) ? take_time(line, true)
                                                   : pass(line) && is_word(piece, "less before"));
    }
    if (IS_ONE_OF(piece, "quarter hour") && begins_hour(line, line->at)) {
        return fate_of(take_time(line, true));
    }
    if (begins_with_h(line)) {
        return fate_of(pass(line) && take_time(line, true));
    }
    if (IS_ONE_OF(piece, "noon", "midnight")) {
        return fate_of(take_named_time(line));
    }
    if (IS_ONE_OF(piece, "utc", "everywhere", "local time")) {
        return fate_of(take_where(line));
    }
    if (is_word(piece, "in zone of")) {
        line->at++;
        skip_joints(line);
        return fate_of(is_where(here(line)) && take_where(line));
    }
    if (IS_ONE_OF(piece, "half hour", "quarter hour")) {
        return fate_of(take_span(line, false));
    }
    if (is_word(piece, "for") && line->seconds != 0) { /* eine Stunde lang */
        return fate_of(pass(line));
    }
    if (is_word(piece, "for")) {
        line->at++;
        while (here(line)->kind == PIECE_NUMBER && here(line)->is_article &&
               IS_ONE_OF(&here(line)[1], "half hour", "quarter hour")) {
            line->at++;
        }
        return fate_of(take_span(line, true));
    }
    if (is_word(piece, "minute") && line->seconds == 0 &&
        (line->at == 0 || line->has_clock || is_sign(&piece[-1], ','))) {
        return fate_of(take_span(line, true)); /* хвилина мовчання */
    }
    if (seconds_of_unit(piece) > 0 &&
        (IS_ONE_OF(&piece[1], "before", "after", "for") ||
         (is_word(&piece[1], "until") && piece[2].kind == PIECE_SUN))) {
        return fate_of(take_span(line, is_word(&piece[1], "for")));
    }
    return OPEN;
}

/* Words that begin a bound, or what is left out. */
static enum fate take_word_of_bound(struct line *line)
{
    const struct piece *piece = here(line);
    if (is_word(piece, "since")) {
        bool is_first = is_first_kept(line);
        if (!is_first && !waits_for_date(line) &&
            (take_bound(line, BOUND_SINCE) || ask_year(line, BOUND_SINCE))) {
            return TAKEN;
        }
        return fate_of(select_as(line, word_piece(is_first ? "on or after" : "from")));
    }
    if (is_word(piece, "until") && is_word(last_kept(line), "nearest")) {
        return fate_of(select_as(line, word_piece("of"))); /* найближчий до 1 листопада молодик */
    }
    if (is_word(piece, "until")) {
        return fate_of(take_bound(line, BOUND_UNTIL) || ask_year(line, BOUND_UNTIL) ||
                       /* "2 дні до Великодня" */
                       (select_as(line, word_piece("before")) &&
                        is_day_unit(&line->select[line->selects > 1 ? line->selects - 2 : 0])));
    }
    if (is_word(piece, "except")) {
        if (take_bound(line, BOUND_EXCEPT)) {
            return TAKEN;
        }
        line->at++;
        skip_joints(line);
        bool is_first = !line->is_excepting;
        line->is_excepting = true;
        return fate_of(is_first);
    }
    return is_word(piece, "on or after") ? fate_of(take_bound(line, BOUND_SINCE)) : OPEN;
}

/* Words that say something of the whole line, and are part of nothing. */
static enum fate take_word_of_all(struct line *line)
{
    const struct piece *piece = here(line), *last = last_kept(line);
    if (piece->word[0] == '!') {
        line_refuse(line,
                    "the day of %.60s is set by almanacs or by sight, and is not reckoned "
                    "here: write its date, like 29 october 2027",
                    piece->word + 1);
    } else if (is_word(piece, "venue")) {
        line->notice = "a rule knows cities and no squares or buildings: it keeps the city's "
                       "clock";
    } else if (is_word(piece, "holidays")) {
        line_refuse(line, "which days are holidays differs from place to place and is not "
                          "reckoned: name them, as in \"except 25 december, easter\"");
    } else if (is_word(piece, "yearly")) {
        if (is_word(last, "of")) {
            line_keep(line, word_piece("year"));
        }
    } else if (is_word(piece, "monthly")) {
        *(line->is_excepting ? &line->is_monthly_except : &line->is_monthly) = true;
        *(line->is_excepting ? &line->excepts : &line->selects) -= is_word(last, "of") ? 1 : 0;
    } else if (is_word(piece, "night")) {
        line->is_night = true;
    } else if (is_word(piece, "today")) {
        line_ask(line, "a rule is read alike on every day: write the date");
    } else if (!is_word(piece, "year") ||
               !(is_year(last) || last->kind == PIECE_DATE ||
                 (line->at > 0 && is_year(&piece[-1])))) { /* 24 лютого 2027 року */
        return OPEN;
    }
    return fate_of(pass(line));
}

static enum fate take_word(struct line *line)
{
    enum fate fate = take_word_of_time(line);
    fate = fate == OPEN ? take_word_of_bound(line) : fate;
    fate = fate == OPEN ? take_word_of_all(line) : fate;
    if (fate == OPEN && is_part_of_day(here(line))) {
        return fate_of(take_part(line));
    }
    return fate == OPEN && is_word(here(line), "time") ? NONSENSE : fate;
}

/* Which slot a piece belongs to is said by the piece and at most by its neighbours, and the
 * narrower meaning is tried first: "1 may" before a length, a length before a bare number.  What no
 * slot wants is kept as selected, where it is said or refused later; so nothing of a line is ever
 * dropped but fillers that mean nothing. */
static bool take_piece(struct line *line)
{
    const struct piece *piece = here(line);
    enum fate fate = OPEN;
    switch ((int)piece->kind) {
    case PIECE_CLOCK:
        return take_hours(line) || take_time(line, false);
    case PIECE_SUN:
        return take_named_time(line);
    case PIECE_PLACE:
        return is_word(last_kept(line), "visible from") ? select_as(line, *piece)
                                                        : take_where(line);
    case PIECE_COUNTRY:
    case PIECE_ZONE:
        return take_where(line);
    case PIECE_SPAN:
        return take_span(line, false);
    case PIECE_SIGN:
        return take_sign(line);
    case PIECE_NUMBER:
        fate = take_number(line);
        break;
    case PIECE_ORDINAL:
        if (begins_hour(line, line->at) && !is_word(&piece[1], "hour")) {
            return take_time(line, true);
        }
        fate = take_days(line) ? TAKEN : OPEN;
        break;
    case PIECE_MONTH:
        fate = take_days(line) ? TAKEN : OPEN;
        break;
    case PIECE_WORD:
        fate = take_word(line);
        break;
    default:
        break;
    }
    return fate == OPEN ? select_as(line, *piece) : fate == TAKEN;
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
    if (line->is_excepting && line->excepts == 0) {
        return false; /* but what? */
    }
    line->is_excepting = false;
    use_season(line);
    if (line->part != NULL && !line->has_clock && line->sun == NULL &&
        !is_word(line->part, "daytime")) {
        line_ask(line, "at which hour?  Write it, like 20:00");
    }
    line_doubt_hour(line);
    use_weekdays_as_ordinals(line);
    /* London, Ontario: a comma alone is no list */
    if (line->places > 1 && (line->has_region || !line->has_joint)) {
        line_ask(line,
                 "%.40s and %.40s, or one place?  For both write \"and\" between them; for one, a "
                 "country or region that is known, or its position",
                 line->place[0].name, line->place[1].name);
        line->is_unsaid = line->is_unsaid || line->has_region; /* both are hardly meant */
    }
    return true;
}
