#include "lines/clauses.h"

#include "rules/tree.h"
#include "words/words.h"

/* --- time and place --------------------------------------------------------------------------- */

bool is_where(const struct piece *piece)
{
    return piece->kind == PIECE_PLACE || piece->kind == PIECE_ZONE ||
           piece->kind == PIECE_COUNTRY || IS_ONE_OF(piece, "utc", "everywhere", "local time");
}

static bool is_in(const struct piece *piece, const char *country)
{
    struct place place;
    return places_find(piece->name, strlen(piece->name), &place) == PLACES_FOUND &&
           strcmp(place.country, country) == 0;
}

/* "Local time" behind the place whose time it is, and "everywhere" a second time. */
static bool is_where_said(const struct line *line)
{
    return (is_word(here(line), "local time") && (line->places > 0 || line->zone != NULL)) ||
           (line->is_everywhere && IS_ONE_OF(here(line), "everywhere", "local time"));
}

static void refuse_namesake(struct line *line, const struct piece *place)
{
    char doubt[PLACE_DOUBT_SIZE];
    line->namesake = place;
    if (place->word != NULL) {
        line_refuse(line, "\"%s\" are several: write %s", place->name, place->word);
        return;
    }
    places_doubt_in(place->name, strlen(place->name), line->reader, doubt);
    line_refuse(line, "%s", doubt);
}

static void take_place(struct line *line)
{
    const struct piece *place = here(line), *in = &place[1];
    if (line->places == PLACES_MAX) {
        line_refuse(line,
                    "no more than %d places are read here: up to %d can stand in a rule that "
                    "says them with \"at\", as in \"21 june at sunset at Rome, Lisbon, Athens\"",
                    PLACES_MAX, TREE_PLACES_MAX);
        line->places--; /* refused, whatever its places are: the last gives way */
    }
    if (place->is_doubtful && line->refusal[0] == '\0') {
        refuse_namesake(line, place);
    }
    struct piece *kept = &line->place[line->places++];
    *kept = *place;
    line->at++;
    if (place->n == 1 && is_word(in, "in") && in[1].kind == PIECE_ZONE &&
        in[1].word == NULL) { /* 44.49,11.34 in Europe/Rome */
        memcpy(kept->zone, in[1].zone, sizeof in[1].zone);
        line->at += 2;
    }
}

/* The clock that people go by wherever they are: of a zone or a country, UTC, or each their own. */
static void take_clock(struct line *line)
{
    const struct piece *piece = here(line);
    bool is_country = piece->kind == PIECE_COUNTRY;
    if (piece->kind == PIECE_ZONE || is_country) {
        line->zone = piece->zone[0] != '\0' || piece->word != NULL ? piece : NULL;
        line->country = is_country ? piece : NULL;
    } else {
        line->is_utc = is_word(piece, "utc"); /* or everywhere, or local time */
        line->is_everywhere = !line->is_utc;
    }
    line->at++;
}

/* Rome, Lisbon and Athens: goes to the next of them; false: that was the last. */
static bool find_next_place(struct line *line)
{
    const struct piece *next = here(line);
    while (is_sign(next, ',') || is_word(next, "and") || (next > here(line) && is_joint(next))) {
        next++;
    }
    if (next == here(line) || next->kind != PIECE_PLACE) {
        return false;
    }
    bool is_bare = next == here(line) + 1 && is_sign(here(line), ',');
    line->has_joint = line->has_joint || !is_bare;
    line->has_region =
        line->has_region || (is_bare && places_is_region(next->name, strlen(next->name)));
    line->at = (size_t)(next - line->piece);
    return true;
}

/* Where it is: places, or one clock and no place, but for a city of the country that was named. */
bool take_where(struct line *line)
{
    const struct piece *first = here(line);
    bool has_clock =
        line->zone != NULL || line->country != NULL || line->is_utc || line->is_everywhere;
    bool is_place = first->kind == PIECE_PLACE;
    if (is_where_said(line)) {
        line->at++;
        return true;
    }
    bool is_there = is_place && line->country != NULL && line->country->kind == PIECE_COUNTRY &&
                    is_in(first, line->country->name); /* no Brasil, em Recife */
    if (line->places > 0 || (has_clock && !is_there)) {
        return false;
    }
    line->zone = NULL;
    do {
        if (is_place) {
            take_place(line);
        } else {
            take_clock(line);
        }
        line->at += is_word(here(line), "time") ? 1 : 0;
    } while (is_place && !is_there && find_next_place(line));
    return true;
}

/* --- how long and since when ------------------------------------------------------------------ */

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
        line->sun = &line->piece[at + 1];
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
static bool take_bound_date(struct line *line, struct civil_date *out)
{
    size_t weekday = here(line)->kind == PIECE_WEEKDAY ? 1 : 0; /* from thursday 6 may 2027 */
    weekday += weekday > 0 && is_word(&here(line)[1], "of") ? 1 : 0;
    const struct piece *piece = here(line) + weekday;
    size_t used = 0;
    struct civil_date date = {0};
    if (piece->kind == PIECE_DATE && piece->date.year != 0) {
        date = piece->date;
        used = 1;
    } else if (is_year(piece) && weekday == 0) {
        *out = (struct civil_date){.year = piece->n};
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
    int32_t is = (int32_t)civil_weekday(civil_day_number(date));
    if (weekday > 0 && here(line)->n != is) {
        line_refuse(line, "%04d-%02d-%02d is a %s, not a %s", date.year, date.month, date.day,
                    line_weekday(line, is), line_weekday(line, here(line)->n));
    }
    *out = date;
    line->at += weekday + used;
    return true;
}

void add_bound(struct line *line, enum bound_kind kind, struct civil_date date)
{
    struct bounds *bounds = &line->bounds;
    if (bounds->count < PIECES_MAX) {
        bounds->bound[bounds->count++] = (struct bound){kind, date};
    }
}

/* since, until and except with their dates. */
bool take_bound(struct line *line, enum bound_kind kind)
{
    size_t from = line->at++;
    struct civil_date date;
    skip_joints(line);
    if (!take_bound_date(line, &date)) {
        line->at = from;
        return false;
    }
    add_bound(line, kind, date);
    while (kind == BOUND_EXCEPT && (is_sign(here(line), ',') || is_word(here(line), "and"))) {
        size_t comma = line->at++;
        if (!take_bound_date(line, &date)) {
            line->at = comma;
            break;
        }
        add_bound(line, kind, date);
    }
    return true;
}
