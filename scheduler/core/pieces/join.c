/* join.c -- pieces that mean one thing together become one. */
#include <stdio.h>

#include "pieces/pieces.h"
#include "text/text.h"
#include "words/words.h"

static void take_out(struct piece *at, size_t count)
{
    size_t rest = 1;
    while (at[count + rest - 1].kind != PIECE_END) {
        rest++;
    }
    memmove(at, at + count, rest * sizeof *at);
}

/* Between monday and friday: from one to the other. */
static void join_between(struct piece *piece)
{
    if (!is_word(piece, "between")) {
        return;
    }
    piece->word = "from";
    for (size_t i = 1; i < 8 && piece[i].kind != PIECE_END; i++) {
        if (is_word(&piece[i], "and")) {
            piece[i].word = "to";
            return;
        }
    }
}

static void put_in(struct piece *at, const struct piece *one)
{
    size_t rest = 1;
    while (at[rest - 1].kind != PIECE_END) {
        rest++;
    }
    memmove(at + 1, at, rest * sizeof *at);
    *at = *one;
}

/* From may to september: each of these months. */
static void join_months(struct piece *piece)
{
    const struct piece and = {.kind = PIECE_WORD, .word = "and"};
    const struct piece *to = &piece[2], *last;
    size_t count = 0;
    if (!IS_ONE_OF(piece, "from", "since", "of", "in", "at", "on") ||
        piece[1].kind != PIECE_MONTH || piece[1].n <= 0 ||
        !(is_sign(to, '-') || IS_ONE_OF(to, "to", "until", "at"))) {
        return;
    }
    while (piece[count].kind != PIECE_END) {
        count++;
    }
    last = to + 1;
    last += is_joint(last) ? 1 : 0;
    if (last->kind != PIECE_MONTH || last->n <= 0 || last->n == piece[1].n ||
        last[1].kind == PIECE_NUMBER || last[1].kind == PIECE_ORDINAL || count + 24 > PIECES_MAX) {
        return;
    }
    int32_t months = (last->n - piece[1].n + 12) % 12;
    take_out(&piece[2], (size_t)(last - to));
    piece->word = "in";
    for (int32_t n = 1; n < months; n++) {
        struct piece month = piece[1];
        month.n = (piece[1].n - 1 + months - n) % 12 + 1;
        put_in(&piece[2], &month);
        put_in(&piece[2], &and);
    }
    put_in(&piece[2 * months], &and);
}

/* Every week on wednesday, weekly on wednesdays: every wednesday. */
static void join_weekly(struct piece *piece)
{
    size_t at = is_word(piece, "weekly")                                  ? 1
                : is_word(piece, "every") && IS_ONE_OF(&piece[1], "week") ? 2
                                                                          : 0;
    size_t weekday = at;
    while (at > 0 && (is_joint(&piece[weekday]) || is_sign(&piece[weekday], ','))) {
        weekday++;
    }
    if (at > 0 && piece[weekday].kind == PIECE_WEEKDAY) {
        piece->word = "every";
        take_out(&piece[1], weekday - 1);
    }
}

/* 25 april 2027, sunday; 25 april (sunday): the weekday is put before its date. */
static void join_day_of_date(struct piece *piece)
{
    size_t at = 1;
    bool has_year = piece->kind == PIECE_DATE && piece->date.year != 0;
    if (piece->kind == PIECE_MONTH || piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL) {
        bool is_month_first = piece->kind == PIECE_MONTH;
        at += !is_month_first && is_word(&piece[at], "of") ? 1 : 0;
        if (is_month_first ? piece[at].kind != PIECE_NUMBER && piece[at].kind != PIECE_ORDINAL
                           : piece[at].kind != PIECE_MONTH || piece[at].n <= 0) {
            return;
        }
        at++;
        size_t year = at;
        while (is_word(&piece[year], "of") || is_sign(&piece[year], ',')) {
            year++;
        }
        has_year = is_year(&piece[year]);
        at = has_year ? year + 1 : at;
    } else if (piece->kind != PIECE_DATE) {
        return;
    }
    bool is_open = is_sign(&piece[at], '(');
    if (!is_open && !(has_year && is_sign(&piece[at], ','))) {
        return;
    }
    struct piece weekday = piece[at + 1];
    const struct piece *next = &piece[at + 2];
    if (weekday.kind != PIECE_WEEKDAY || weekday.is_plural || (is_open && !is_sign(next, ')'))) {
        return;
    }
    bool is_of_next = next->kind == PIECE_MONTH || next->kind == PIECE_DATE ||
                      (next->kind == PIECE_NUMBER && next[1].kind == PIECE_MONTH) ||
                      IS_ONE_OF(next, "and", "or");
    if (!is_open && is_of_next) {
        return;
    }
    take_out(&piece[at], is_open ? 3 : 2);
    put_in(piece, &weekday);
}

/* (Perugia): a place in parentheses. */
static void join_parentheses(struct piece *piece)
{
    size_t joint = is_joint(&piece[1]) ? 1 : 0;
    const struct piece *place = &piece[1 + joint];
    if (is_sign(piece, '(') && is_sign(&place[1], ')') &&
        (place->kind == PIECE_PLACE || place->kind == PIECE_ZONE)) {
        take_out(&piece[2 + joint], 1);
        take_out(piece, 1);
    }
}

/* Victoria Park, Hong Kong: a square or building is called after the place before it, where the
 * line names another. */
static void join_venue(struct piece *piece)
{
    size_t at = 2;
    if (piece->kind != PIECE_PLACE || piece->n == 1 || !is_word(&piece[1], "venue")) {
        return;
    }
    while (is_joint(&piece[at]) || is_sign(&piece[at], ',')) {
        at++;
    }
    if (piece[at].kind == PIECE_PLACE) {
        take_out(piece, 1);
    }
}

struct piece weekdays_piece(uint32_t weekdays)
{
    enum { LIST_SIZE = 44 }; /* four weekdays at most are written */
    struct piece piece = {.kind = PIECE_RULE, .weekdays = weekdays};
    char left[80] = "", kept[80] = "";
    int32_t days = 0;
    for (int32_t day = 1; day <= 7; day++) {
        bool is_kept = (weekdays >> day & 1) != 0;
        text_join(is_kept ? kept : left, sizeof left, ", ", "%s", words_name(WORD_WEEKDAY, day));
        days += is_kept ? 1 : 0;
    }
    const char *joint = days == 7 ? "" : days > 4 ? " skip " : " only on ";
    snprintf(piece.name, sizeof piece.name, "every day%s%.*s", joint, LIST_SIZE,
             days > 4 ? left : kept);
    return piece;
}

/* From monday to friday, Mon-Fri, dal lunedì al venerdì; perhaps with "every" before it. */
static void join_weekdays(struct piece *piece)
{
    size_t at = 0;
    while (IS_ONE_OF(&piece[at], "from", "since", "every", "of", "on", "in", "at")) {
        at++;
    }
    const struct piece *first = &piece[at], *joint = &piece[at + 1];
    if (first->kind != PIECE_WEEKDAY ||
        (!is_sign(joint, '-') && !IS_ONE_OF(joint, "to", "until", "with") &&
         !(at > 0 && is_word(joint, "at")))) {
        return;
    }
    at += 2;
    while (is_joint(&piece[at]) || is_word(&piece[at], "until")) {
        at++;
    }
    const struct piece *last = &piece[at], *next = &piece[at + 1];
    bool is_day = (next->kind == PIECE_NUMBER || next->kind == PIECE_ORDINAL) &&
                  (next[1].kind == PIECE_MONTH || is_joint(&next[1]));
    if (last->kind != PIECE_WEEKDAY || last->n == first->n || is_day || next->kind == PIECE_DATE ||
        next->kind == PIECE_MONTH) {
        return;
    }
    uint32_t weekdays = 1U << last->n;
    for (int32_t day = first->n; day != last->n; day = day % 7 + 1) {
        weekdays |= 1U << day;
    }
    *piece = weekdays_piece(weekdays);
    take_out(&piece[1], at);
}

/* quinta sim quinta não, un martes sí y otro no, Τρίτη παρά Τρίτη: every other one. */
static void join_alternating(struct piece *piece)
{
    size_t at = 1;
    bool is_day = piece->kind == PIECE_WEEKDAY || is_day_unit(piece);
    if (!is_day || !IS_ONE_OF(&piece[1], "yes", "less")) {
        return;
    }
    if (is_word(&piece[1], "less")) {
        bool is_same = piece[2].kind == piece->kind &&
                       (piece->kind == PIECE_WEEKDAY ? piece[2].n == piece->n
                                                     : strcmp(piece[2].word, piece->word) == 0);
        at = is_same ? 3 : 0;
    } else {
        while (at < 8 && piece[at].kind != PIECE_END && !is_word(&piece[at], "no")) {
            at++;
        }
        at = is_word(&piece[at], "no") ? at + 1 : 0;
    }
    if (at > 0) {
        piece[1] = word_piece("other");
        take_out(&piece[2], at - 2);
    }
}

/* de 15 em 15 dias: every 15 */
static void join_counted(struct piece *piece)
{
    bool is_every = is_word(piece, "of") && piece[1].kind == PIECE_NUMBER &&
                    IS_ONE_OF(&piece[2], "in", "of") && piece[3].kind == PIECE_NUMBER &&
                    piece[3].n == piece[1].n && is_day_unit(&piece[4]);
    if (is_every) {
        piece->word = "every";
        take_out(&piece[2], 2);
    }
}

/* قبل الغروب بنصف ساعة: the length after the sun's hour is put before it. */
static void join_before_sun(struct piece *piece)
{
    struct piece kept[2] = {piece[0], piece[1]};
    if (!IS_ONE_OF(piece, "before", "after") || piece[1].kind != PIECE_SUN) {
        return;
    }
    size_t at = is_word(&piece[2], "in") && piece[3].kind == PIECE_NUMBER ? 3 : 2;
    bool is_one =
        piece[2].kind == PIECE_SPAN || IS_ONE_OF(&piece[2], "half hour", "quarter hour", "hour");
    bool is_counted = piece[at].kind == PIECE_NUMBER && seconds_of_unit(&piece[at + 1]) > 0;
    if (is_one || is_counted) {
        take_out(&piece[2], at - 2);
        memmove(piece, &piece[2], (is_one ? 1 : 2) * sizeof *piece);
        memcpy(&piece[is_one ? 1 : 2], kept, sizeof kept);
    }
}

/* Rosario in Argentina: which of them, where several are called so. */
static void join_country(struct piece *piece)
{
    size_t at = 1;
    char name[PLACE_NAME_SIZE + 8];
    struct place place;
    while (is_joint(&piece[at]) || is_sign(&piece[at], ',')) {
        at++;
    }
    if (piece->kind != PIECE_PLACE || piece[at].kind != PIECE_COUNTRY || piece->n == 1) {
        return;
    }
    int len = snprintf(name, sizeof name, "%.*s, %s", (int)strcspn(piece->name, ","), piece->name,
                       piece[at].name);
    if (places_find(name, (size_t)len, &place) != PLACES_FOUND) {
        return;
    }
    *piece = (struct piece){.kind = PIECE_PLACE};
    places_write(&place, piece->name);
    memcpy(piece->zone, place.zone, sizeof piece->zone);
    take_out(&piece[1], at);
}

/* The words of a rule that was cut or joined. */
static const char *words_of_rule(const struct piece *piece)
{
    return piece->word != NULL ? piece->word : piece->name;
}

/* On weekdays, from monday to friday: the same twice; the one that no place can change stays. */
static void join_twice(struct piece *piece)
{
    size_t at = 1;
    bool is_open = is_sign(&piece[1], '(');
    while (is_sign(&piece[at], ',') || is_sign(&piece[at], '(') || is_joint(&piece[at])) {
        at++;
    }
    if (piece->kind != PIECE_RULE || piece[at].kind != PIECE_RULE) {
        return;
    }
    const char *first = words_of_rule(piece), *second = words_of_rule(&piece[at]);
    size_t len = strcspn(first, ":|");
    if (len == strcspn(second, ":|") && strncmp(first, second, len) == 0) {
        *piece = first[len] != '\0' ? piece[at] : *piece;
        take_out(&piece[1], at + (is_open && is_sign(&piece[at + 1], ')') ? 1 : 0));
    }
}

void pieces_join(struct piece pieces[static PIECES_MAX])
{
    static void (*const joins[])(struct piece *) = {
        join_between,     join_venue,       join_parentheses, join_weekdays,
        join_alternating, join_counted,     join_before_sun,  join_months,
        join_weekly,      join_day_of_date, join_country,     join_twice};
    for (size_t k = 0; k < sizeof joins / sizeof *joins; k++) {
        for (size_t i = 0; pieces[i].kind != PIECE_END; i++) {
            joins[k](&pieces[i]);
        }
    }
    for (size_t i = 0; pieces[i].kind != PIECE_END; i++) { /* they stay where they are now */
        if (pieces[i].kind == PIECE_RULE && pieces[i].word == NULL) {
            pieces[i].word = pieces[i].name;
        }
    }
}
