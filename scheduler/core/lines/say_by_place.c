/* Feasts and seasons by their names: their readings, by the land the line speaks of, and the day of
 * one in a year. */
#include <stdio.h>
#include <string.h>

#include "lines/selected.h"
#include "occurrences/occurrences.h"
#include "pieces/cutter.h"
#include "text/text.h"

/* Where the line is: the code of its country, "" where it is not said, and N or S of the tropics'
 * middle, '\0' where it may be either. */
static char where_is(const struct line *line, char country[static 3])
{
    struct place place;
    size_t cursor = 0;
    int32_t north = 0, south = 0;
    country[0] = '\0';
    if (line->places == 1 &&
        places_find(line->place[0].name, strlen(line->place[0].name), &place) == PLACES_FOUND) {
        memcpy(country, place.country, 3);
        return place.latitude_deg > 5 ? 'N' : place.latitude_deg < -5 ? 'S' : '\0';
    }
    if (line->country == NULL) {
        return '\0';
    }
    memcpy(country, line->country->name, 3);
    while (places_next(&cursor, &place)) {
        if (strcmp(place.country, country) == 0) {
            north += place.latitude_deg > -5 ? 1 : 0;
            south += place.latitude_deg < 5 ? 1 : 0;
        }
    }
    return south == 0 && north > 0 ? 'N' : north == 0 && south > 0 ? 'S' : '\0';
}

/* Whether every code is one of those that stand between at and end. */
static bool has_codes(const char *at, const char *end, const char *codes)
{
    for (; *codes != '\0'; codes += strcspn(codes, " "), codes += strspn(codes, " ")) {
        size_t len = strcspn(codes, " ");
        const char *found = at;
        while (found + len <= end &&
               (memcmp(found, codes, len) != 0 || (found > at && found[-1] != ' '))) {
            found++;
        }
        if (found + len > end) {
            return false;
        }
    }
    return true;
}

/* Whether a place of the line, its country or its clock is in one of the countries between codes
 * and end. */
static bool is_in_lands(const struct line *line, const char *codes, const char *end)
{
    struct place place;
    size_t cursor = 0;
    for (size_t i = 0; i < line->places; i++) {
        if (places_find(line->place[i].name, strlen(line->place[i].name), &place) == PLACES_FOUND &&
            place.country[0] != '\0' && has_codes(codes, end, place.country)) {
            return true;
        }
    }
    if (line->country != NULL) {
        return has_codes(codes, end, line->country->name);
    }
    while (line->zone != NULL && line->zone->zone[0] != '\0' && places_next(&cursor, &place)) {
        if (strcmp(place.zone, line->zone->zone) == 0) {
            return place.country[0] != '\0' && has_codes(codes, end, place.country);
        }
    }
    return false;
}

/* Each sentence is the key of a row in words/asks.tsv: changed here alone it is asked in English,
 * whatever the reader's language. */
static void ask_days(struct line *line, enum days_ask ask)
{
    switch (ask) {
    case ASK_NOTHING:
        break;
    case ASK_WHICH:
        line_ask(line, "which of them?");
        break;
    case ASK_HEMISPHERE:
        line_ask(line, "north or south of the equator?");
        break;
    case ASK_COUNTRY:
        line_ask(line, "in which country?  Its day differs: add the country, or write the day");
        break;
    case ASK_EASTER:
        line_ask(line, "the western or the orthodox easter?");
        break;
    case ASK_CALENDAR:
        line_ask(line, "by which calendar?");
        break;
    case ASK_WEEKEND:
        line_ask(line, "which days are the weekend there?  Write the weekdays");
        break;
    case ASK_SATURDAY:
        line_ask(line, "monday to friday, or saturday too?  Write the weekdays");
        break;
    case ASK_MONTH:
        line_ask(line, "its first day, or each of its days?");
        break;
    case ASK_WEEKS:
        line_ask(line, "so many days, or whole weeks?");
        break;
    }
}

/* The reading of all countries, after * -- asked, where in some another may be meant, after ?. */
static bool choose_common(struct line *line, const struct piece *piece)
{
    const char *word = piece->word;
    const char *common = NULL, *other = NULL;
    for (const char *at = word; *at != '\0';) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        common = text < len && at[text + 1] == '*' ? at : common;
        if (text < len && at[text + 1] == '?' && is_in_lands(line, at + text + 2, at + len)) {
            other = at;
        }
        at += len + (at[len] == '|' ? 1 : 0);
    }
    if (common == NULL) {
        return false;
    }
    char readings[SELECT_SIZE];
    snprintf(readings, sizeof readings, "%.*s%s%.*s", (int)strcspn(common, ":"), common,
             other != NULL ? "|" : "", other != NULL ? (int)strcspn(other, ":") : 0,
             other != NULL ? other : "");
    if (other != NULL) {
        ask_days(line, piece->ask);
    }
    choices_fork(&line->selected, readings);
    return true;
}

/* What differs from place to place, by where the line is, or by where its language is spoken;
 * false: it is asked. */
static bool choose_by_place(struct line *line, const struct piece *piece)
{
    char country[3], hemisphere[2] = {where_is(line, country), '\0'};
    const char *codes = piece->ask == ASK_HEMISPHERE ? hemisphere
                        : country[0] != '\0'         ? country
                                                     : language_countries(line->language);
    for (const char *at = piece->word; *codes != '\0' && *at != '\0';) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        if (text < len && strchr("*?", at[text + 1]) == NULL &&
            has_codes(at + text + 1, at + len, codes)) {
            choices_say(&line->selected, "%.*s", (int)text, at);
            line->is_where_used = country[0] != '\0';
            return true;
        }
        at += len + (at[len] == '|' ? 1 : 0);
    }
    return choose_common(line, piece);
}

/* The readings, without the places that they hold for. */
static void fork_by_place(struct line *line, const char *word)
{
    char readings[SELECT_SIZE] = "";
    size_t count = 0;
    for (const char *at = word; *at != '\0' && count < CHOICES_MAX; count++) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        text = text < len ? text : len;
        text_join(readings, sizeof readings, "|", "%.*s", (int)text, at);
        at += len + (at[len] == '|' ? 1 : 0);
    }
    choices_fork(&line->selected, readings);
}

/* Every day in may, on weekdays in june and july. */
static size_t say_only_in(struct line *line, const struct piece *next)
{
    char months[MONTHS_SIZE];
    size_t gap = is_word(next, "of") ? 1 : 0; /* κάθε μέρα τον Αύγουστο */
    size_t count = months_at(next + gap, months);
    if (count > 0) {
        choices_say(&line->selected, "only in %s", months);
    }
    return count > 0 ? gap + count : 0;
}

static size_t say_one_rule(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    if (piece->kind != PIECE_RULE) {
        return 0;
    }
    const char *word = piece->word;
    if (strstr(word, " hijri umalqura") != NULL) {
        line->notice = "by the published table of Umm al-Qura; what is announced after the new "
                       "moon is seen can differ by a day";
    }
    if (strchr(word, ':') != NULL && choose_by_place(line, piece)) {
        return 1;
    }
    if (strchr(word, '|') != NULL) {
        ask_days(line, piece->ask);
    }
    fork_by_place(line, word);
    return 1;
}

size_t say_rule(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    size_t used = say_one_rule(line, i);
    return used == 1 && piece->weekdays != 0 ? used + say_only_in(line, &piece[1]) : used;
}

static bool keep_date(void *context, const struct rule_occurrence *occurrence)
{
    *(struct civil_date *)context = occurrence->date;
    return false;
}

bool feast_in_year(const char *words, int32_t year, struct civil_date *out)
{
    const struct rule_world world = {0};
    struct rule *rule;
    if (rule_parse(words, strlen(words), &rule) != RULE_OK) {
        return false;
    }
    out->year = 0;
    enum rule_result result =
        rule_evaluate(rule, &world, civil_to_utc((struct civil){.date = {year, 1, 1}}),
                      civil_to_utc((struct civil){.date = {year + 1, 1, 1}}), keep_date, out, NULL);
    rule_free(rule);
    return result == RULE_OK && out->year == year;
}

bool is_feast(const struct piece *piece)
{
    return piece->kind == PIECE_RULE && !piece->is_stretch && *piece->word != '\0' &&
           piece->weekdays == 0;
}

size_t say_feast_of_year(struct line *line, size_t i)
{
    const struct piece *feast = &line->select[i];
    size_t gap = is_word(&feast[1], "of") ? 1 : 0, used = strlen(line->selected.text[0]);
    if (!line->is_excepting || !is_feast(feast) || !is_year(&feast[1 + gap]) ||
        line->selected.count != 1 || say_rule(line, i) != 1) {
        return 0;
    }
    for (size_t k = 0; k < line->selected.count; k++) {
        char *words = line->selected.text[k] + used + (used > 0 ? 1 : 0);
        struct civil_date date;
        if (!feast_in_year(words, feast[1 + gap].n, &date)) {
            return 0;
        }
        snprintf(words, (size_t)(line->selected.text[k] + SELECT_SIZE - words), "%04d-%02d-%02d",
                 date.year, date.month, date.day);
    }
    return 2 + gap;
}
