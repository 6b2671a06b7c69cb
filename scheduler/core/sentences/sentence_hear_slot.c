/* What fills the slots of a saying, understood. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/write.h"
#include "sentences/hearer.h"

bool hear_put(struct hearer *h, const char *text, size_t len)
{
    if (len > ARENA_SIZE - h->used) {
        return false;
    }
    memcpy(h->arena + h->used, text, len);
    h->used += len;
    return true;
}

bool hear_put_text(struct hearer *h, const char *text)
{
    return hear_put(h, text, strlen(text));
}

const char *hear_skip(const char *at, const char *end, const char *part, size_t len)
{
    const char *part_end = part + len;
    assert(at != NULL);
    while (part < part_end) {
        if (*part == ' ') {
            if (at == end || *at != ' ') {
                return NULL;
            }
            while (at < end && *at == ' ') {
                at++;
            }
            part++;
            continue;
        }
        uint32_t wanted = words_fold(&part, part_end);
        if (wanted == 0) {
            break;
        }
        if (words_fold(&at, end) != (wanted == 0x60c ? ',' : wanted)) {
            return NULL;
        }
    }
    return at;
}

/* The longest of the names that stands here as a word of its own. */
static const char *skip_name(const struct hearer *h, const char *at, const char *const names[],
                             int32_t count, int32_t *which)
{
    const char *best = NULL;
    for (int32_t i = 0; i < count; i++) {
        const char *to = hear_skip(at, h->end, names[i], strlen(names[i]));
        if (to != NULL && !letter_at(to, h->end) && (best == NULL || to > best)) {
            best = to;
            *which = i;
        }
    }
    return best;
}

/* The longest word of a kind. */
static const char *skip_word(const struct hearer *h, const char *at, enum word_kind kind,
                             const char **word)
{
    size_t count;
    const struct word *words = words_of(kind, &count);
    const char *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *to = hear_skip(at, h->end, words[i].text, strlen(words[i].text));
        if (to != NULL && !letter_at(to, h->end) && (best == NULL || to > best)) {
            best = to;
            *word = words[i].text;
        }
    }
    return best;
}

static const char *hear_number(struct hearer *h, const char *at, int32_t *out)
{
    const char *from = at;
    *out = 0;
    while (at < h->end && is_digit(*at) && at - from < 7) {
        *out = *out * 10 + (*at++ - '0');
    }
    return at > from && hear_put(h, from, (size_t)(at - from)) ? at : NULL;
}

/* What speak_ordinal says, whatever the language and gender, so its endings must all be here.
 * Arabic has its first ten in words and figures after an article, where the stroke that joins them
 * (U+0640) may be missing. */
static const char *hear_ordinal(struct hearer *h, const char *at)
{
    static const char *const endings[] = {"st", "nd", "rd",  "th", "º", "ª",  ".º",
                                          ".ª", "er", ".er", "re", "e", ".",  "-й",
                                          "-я", "-є", "-а",  "-е", "η", "ος", "ο"};
    const char *to;
    int32_t n = 0, which = 0;
    char text[16];
    if (h->language == LANGUAGE_AR) {
        to = skip_name(h, at, sentence_arabic_ordinals, 10, &n);
        n++;
        const char *number = to == NULL ? hear_skip(at, h->end, "ال", strlen("ال")) : NULL;
        if (number != NULL) {
            number += h->end - number > 2 && memcmp(number, "\xd9\x80", 2) == 0 ? 2 : 0;
            n = (int32_t)strtol(number, NULL, 10);
            for (to = number; to < h->end && is_digit(*to); to++) {
            }
        }
    } else {
        for (to = at; to < h->end && is_digit(*to); to++) {
        }
        if (to == at || to - at > 4) {
            return NULL;
        }
        n = (int32_t)strtol(at, NULL, 10);
        to = skip_name(h, to, endings, sizeof endings / sizeof *endings, &which);
    }
    snprintf(text, sizeof text, "%d%s", n, write_ordinal_ending(n));
    return to != NULL && hear_put_text(h, text) ? to : NULL;
}

/* "friday, saturday", the names of months likewise. */
static const char *hear_list(struct hearer *h, const char *at, const char *const names[],
                             int32_t count, enum word_kind kind)
{
    int32_t which;
    const char *to = skip_name(h, at, names, count, &which);
    if (to == NULL || !hear_put_text(h, words_name(kind, which + 1))) {
        return NULL;
    }
    for (;;) {
        const char *next = hear_skip(to, h->end, ", ", 2);
        next = next != NULL ? skip_name(h, next, names, count, &which) : NULL;
        if (next == NULL) {
            return to;
        }
        if (!hear_put_text(h, ", ") || !hear_put_text(h, words_name(kind, which + 1))) {
            return NULL;
        }
        to = next;
    }
}

static const char *hear_date(struct hearer *h, const char *at)
{
    return hear_row(h, at, SAY_FULL_DATE);
}

static const char *hear_bound(struct hearer *h, const char *at)
{
    size_t used = h->used;
    int32_t year;
    const char *to = hear_date(h, at);
    if (to == NULL) {
        h->used = used;
        to = hear_number(h, at, &year);
    }
    return to;
}

static const char *hear_bounds(struct hearer *h, const char *at)
{
    const char *to = hear_bound(h, at);
    while (to != NULL) {
        size_t used = h->used;
        const char *next = hear_skip(to, h->end, ", ", 2);
        next = next != NULL && hear_put_text(h, ", ") ? hear_bound(h, next) : NULL;
        if (next == NULL) {
            h->used = used;
            break;
        }
        to = next;
    }
    return to;
}

/* The name of a month of another calendar. */
static const char *hear_month_of(struct hearer *h, const char *at)
{
    const char *word = NULL, *month;
    size_t used = h->used;
    int32_t which;
    if ((month = hear_group(h, at, SAY_MONTH_NUMBER, SAY_LEAP_MONTH)) != NULL) {
        return month;
    }
    h->used = used;
    const char *to = skip_word(h, at, WORD_MONTH_OF, &word);
    month = skip_name(h, at, h->names->month_of, 12, &which);
    if (month != NULL && (to == NULL || month >= to)) {
        to = month;
        word = words_name(WORD_MONTH, which + 1);
    }
    return to != NULL && hear_put_text(h, word) ? to : NULL;
}

static const char *hear_types(struct hearer *h, const char *at)
{
    for (const char *joint = "";; joint = " or ", at = hear_skip(at, h->end, " ", 1)) {
        int32_t which = 0;
        const char *to = at != NULL ? skip_name(h, at, h->names->eclipse, 5, &which) : NULL;
        if (to == NULL || !hear_put_text(h, joint) ||
            !hear_put_text(h, write_eclipse_types[which])) {
            return NULL;
        }
        at = hear_skip(to, h->end, " /", 2);
        if (at == NULL) {
            return to;
        }
    }
}

/* Where a word, or a number of a position, ends. */
static const char *end_of_part(const char *from, const char *at, const char *end)
{
    while (at < end && *at != ' ' && *at != ')' && *at != ':' &&
           (*at != ',' || (at + 1 < end && at[1] != ' ' && at > from))) {
        at++;
    }
    return at;
}

/* The letters of which a slot is made, as they stand. */
static const char *hear_letters(struct hearer *h, const char *at, const char *letters)
{
    const char *to = at;
    while (to < h->end && (is_digit(*to) || strchr(letters, *to) != NULL ||
                           (strchr(letters, 'a') != NULL && text_is_letter(*to)))) {
        to++;
    }
    return to > at && hear_put(h, at, (size_t)(to - at)) ? to : NULL;
}

/* A name between quotation marks, a position, or a city by any of its names. */
static const char *hear_place(struct hearer *h, const char *at)
{
    const char *to = at;
    struct place place;
    char known[PLACE_NAME_SIZE];
    if (at < h->end && *at == '"') {
        do {
            to++;
        } while (to < h->end && *to != '"');
        to = to < h->end ? to + 1 : NULL;
        return to != NULL && hear_put(h, at, (size_t)(to - at)) ? to : NULL;
    }
    const char *best = NULL;
    for (int words = 0; words < 8 && to < h->end; words++) {
        to = end_of_part(at, to, h->end);
        if (sentence_place_heard(at, (size_t)(to - at), h->language, &place)) {
            places_write(&place, known);
            best = to;
        }
        while (to < h->end && (*to == ' ' || *to == ',')) {
            to++;
        }
    }
    return best != NULL && hear_put_text(h, known) ? best : NULL;
}

/* A zone by its city, by its hours from UTC, or by its name. */
static const char *hear_zone(struct hearer *h, const char *at)
{
    const char *best = NULL, *to = at;
    char zone[PLACE_NAME_SIZE];
    for (int words = 0; words < 8 && to < h->end; words++) {
        to = end_of_part(at, to, h->end);
        best = sentence_zone_heard(at, (size_t)(to - at), h->language, zone) ? to : best;
        while (to < h->end && (*to == ' ' || *to == ',')) {
            to++;
        }
    }
    return best != NULL && hear_put_text(h, zone) ? best
           : best == NULL                         ? hear_letters(h, at, "a/_+-")
                                                  : NULL;
}

static bool is_city_of(const char *text, size_t len)
{
    struct place place;
    return places_find(text, len, &place) == PLACES_FOUND && !place.is_position;
}

static bool begins_clause(struct hearer *h, const char *at)
{
    size_t used = h->used;
    bool begins = hear_group(h, at, SAY_ELSE_SKIP, SAY_ELSE_CLOCK) != NULL ||
                  hear_group(h, at, SAY_SINCE, SAY_ROTATE_LUNATION) != NULL;
    h->used = used;
    return begins;
}

static const char *hear_places(struct hearer *h, const char *at)
{
    size_t used = h->used;
    const char *all = hear_group(h, at, SAY_ALL, SAY_ALL_IN);
    if (all != NULL) {
        return all;
    }
    h->used = used;
    const char *to = hear_place(h, at);
    while (to != NULL) {
        used = h->used;
        const char *next = hear_skip(to, h->end, ", ", 2), *name = next;
        next = next != NULL && hear_put_text(h, ", ") ? hear_place(h, next) : NULL;
        if (next != NULL && (places_is_region(name, (size_t)(next - name)) ||
                             is_city_of(at, (size_t)(next - at)))) {
            return NULL; /* Campinas, São Paulo: one place or two? */
        }
        if (next == NULL || begins_clause(h, to)) { /* Yanqul is the Arabic for "moved" */
            h->used = used;
            break;
        }
        to = next;
    }
    return to;
}

const char *hear_nested(struct hearer *h, const char *at)
{
    for (size_t i = 0; i < h->keeps; i++) {
        if (h->kept[i].at == at) {
            return h->kept[i].end != NULL && hear_put(h, h->keep + h->kept[i].from, h->kept[i].len)
                       ? h->kept[i].end
                       : NULL;
        }
    }
    size_t from = h->used;
    const char *to = NULL;
    if (++h->depth <= NESTED_MAX && at < h->end && *at == '(') {
        to = hear_put_text(h, "(") ? hear_selected(h, at + 1) : NULL;
        to = to != NULL && to < h->end && *to == ')' && hear_put_text(h, ")") ? to + 1 : NULL;
    } else if (h->depth <= NESTED_MAX) {
        to = hear_group(h, at, SAY_FULL_DATE, SAY_EVERY_LUNATIONS_FROM);
    }
    h->depth--;
    size_t len = to != NULL ? h->used - from : 0;
    if (h->keeps < KEPT_MAX && len <= ARENA_SIZE - h->keep_used) {
        memcpy(h->keep + h->keep_used, h->arena + from, len);
        h->kept[h->keeps].at = at;
        h->kept[h->keeps].end = to;
        h->kept[h->keeps].from = h->keep_used;
        h->kept[h->keeps++].len = len;
        h->keep_used += len;
    }
    return to;
}

static const char *hear_names(struct hearer *h, const char *at)
{
    const char *to = memchr(at, ']', (size_t)(h->end - at));
    return to != NULL && hear_put(h, at, (size_t)(to - at)) ? to : NULL;
}

const char *hear_optional(struct hearer *h, const char *at, enum saying first, enum saying last)
{
    size_t used = h->used;
    const char *to = hear_group(h, at, first, last);
    if (to == NULL) {
        h->used = used;
    }
    return to != NULL ? to : at;
}

static const char *hear_put_name(struct hearer *h, const char *to, const char *name)
{
    return to != NULL && hear_put_text(h, name) ? to : NULL;
}

/* speak_slot backwards: what was said is written again as a rule, and read as one, so that a
 * sentence that means something else than its rule is noticed.  Returns where it ends; NULL: it is
 * not said here, and another template is tried. */
const char *hear_slot(struct hearer *h, const char *at, char slot)
{
    const struct language_names *names = h->names;
    const char *to, *word = NULL;
    int32_t which = 0;
    switch (slot) {
    case 'D':
        to = hear_number(h, at, &which);
        word = to != NULL && h->language == LANGUAGE_FR ? hear_skip(to, h->end, "er", 2) : NULL;
        return word != NULL ? word : to;
    case 'n':
    case 'Y':
        return hear_number(h, at, &which);
    case 'o':
        return hear_ordinal(h, at);
    case 'w':
        to = skip_name(h, at, names->weekday, 8, &which);
        return hear_put_name(h, to, which == 0 ? "day" : words_name(WORD_WEEKDAY, which));
    case 'm':
        to = skip_name(h, at, names->month_of, 12, &which);
        return hear_put_name(h, to, words_name(WORD_MONTH, which + 1));
    case 'l':
        return hear_list(h, at, names->weekday + 1, 7, WORD_WEEKDAY);
    case 'M':
        return hear_list(h, at, names->month, 12, WORD_MONTH);
    case 'd':
    case 'G':
        return hear_date(h, at);
    case 'E':
        return hear_row(h, at, SAY_DAY_MONTH);
    case 'F':
        return hear_row(h, at, SAY_CAL_DAY);
    case 'k':
        return hear_month_of(h, at);
    case 'c':
        to = skip_name(h, at, names->calendar, 12, &which);
        return hear_put_name(h, to, words_name(WORD_CALENDAR, which));
    case 'e':
        to = skip_name(h, at, names->event, 12, &which);
        return hear_put_name(h, to, words_name(WORD_EVENT, which));
    case 'u':
        return hear_group(h, at, SAY_EVENT, SAY_FOURTH_CONTACT);
    case 'y':
        return hear_group(h, at, SAY_ECLIPSE, SAY_ECLIPSE_OF_TYPE);
    case 'x':
        return hear_types(h, at);
    case 'q':
        to = skip_word(h, at, WORD_TERM, &word);
        return hear_put_name(h, to, to != NULL ? word : "");
    case 'V':
        return hear_optional(h, at, SAY_VISIBLE, SAY_VISIBLE_BOTH);
    case 'W':
        return hear_optional(h, at, SAY_WORKING_DAYS, SAY_WORKING_WITH);
    case 'L':
        return hear_optional(h, at, SAY_ELSE_SKIP, SAY_ELSE_CLOCK);
    case 's':
    case 'S':
        return hear_nested(h, at);
    case 'f':
        return hear_letters(h, at, ".");
    case 't':
        return hear_letters(h, at, ":");
    case 'i':
        return hear_letters(h, at, "TZ:.-");
    case 'j':
        return hear_zone(h, at);
    case 'g':
        return hear_letters(h, at, "a");
    case 'z':
        return hear_group(h, at, SAY_NEXT, SAY_NEAREST);
    case 'p':
        return hear_place(h, at);
    case 'Q':
        return hear_places(h, at);
    case 'h':
        to = skip_name(h, at, names->sun, 11, &which);
        return hear_put_name(h, to, words_name(WORD_SUN, which));
    case 'r':
        return hear_group(h, at, SAY_SECONDS, SAY_DAYS);
    case 'b':
        return hear_bound(h, at);
    case 'v':
        return hear_bounds(h, at);
    case 'N':
        return hear_names(h, at);
    case 'T':
        return hear_group(h, at, SAY_CLOCK_UTC, SAY_SUN_BEFORE);
    default:
        return NULL;
    }
}
