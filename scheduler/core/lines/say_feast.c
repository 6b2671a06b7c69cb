/* A feast and its date: christmas, 25 december; good friday 26 march 2027; easter 2028. */
#include <stdio.h>
#include <string.h>

#include "lines/selected.h"

/* The feast that begins or ends what is selected. */
static size_t find_feast(const struct line *line)
{
    return line->selects > 1 && is_feast(&line->select[0]) ? 0 : line->selects - 1;
}

/* Says the pieces as a whole; what is asked on the way is forgotten. */
static bool say_apart(struct line *line, const struct piece *piece, size_t count)
{
    char question[sizeof line->question];
    const struct bounds bounds = line->bounds;
    memcpy(question, line->question, sizeof question);
    memcpy(line->select, piece, count * sizeof *piece);
    line->selects = count;
    bool is_said = say_pieces(line);
    memcpy(line->question, question, sizeof question);
    line->bounds = bounds;
    return is_said;
}

static bool is_same(struct civil_date a, struct civil_date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Of the readings of a feast the one that the date is of, without a year that of each; of none that
 * is, the first, in *is. */
static bool find_reading(const struct choices *feast, const char *day, struct civil_date date,
                         struct civil_date *is)
{
    for (size_t i = feast->count; i-- > 0;) {
        if (date.year == 0 && strcmp(feast->text[i], day) == 0) {
            *is = date;
            return true;
        }
        if (date.year != 0 &&
            (!feast_in_year(feast->text[i], date.year, is) || is_same(*is, date))) {
            return is_same(*is, date);
        }
    }
    return date.year != 0;
}

/* Good friday, 26 march: of which year? */
static bool ask_year_of(struct line *line, struct civil_date date)
{
    enum { YEARS = 12 };
    struct civil_date is;
    for (int32_t year = line->today.year;
         line->selected.count == 1 && year > 0 && year < line->today.year + YEARS; year++) {
        date.year = year;
        if (feast_in_year(line->selected.text[0], year, &is) && is_same(is, date)) {
            char feast[SELECT_SIZE], readings[2 * SELECT_SIZE];
            snprintf(feast, sizeof feast, "%s", line->selected.text[0]);
            snprintf(readings, sizeof readings, "%s|%04d-%02d-%02d", feast, year, date.month,
                     date.day);
            line->selected = (struct choices){.count = 1};
            choices_fork(&line->selected, readings);
            line_ask(line, "that feast of every year, or that day?  Name its year");
            return true;
        }
    }
    return false;
}

bool say_feast_and_date(struct line *line)
{
    struct piece kept[PIECES_MAX], date_of[PIECES_MAX];
    size_t count = line->selects, at = find_feast(line), dates = 0;
    if (count < 2 || !is_feast(&line->select[at])) {
        return false;
    }
    memcpy(kept, line->select, count * sizeof *kept);
    for (size_t i = 0; i < count; i++) {
        if (i != at && !(is_word(&kept[i], "of") && (dates == 0 || i + 1 == at))) {
            date_of[dates++] = kept[i];
        }
    }
    char day[80];
    struct civil_date date = {0}, is = {0};
    size_t weekday = dates > 1 && date_of[0].kind == PIECE_WEEKDAY ? 1 : 0;
    bool is_read = dates > 0 && say_apart(line, date_of, dates) && line->selected.count == 1 &&
                   date_at(line, weekday, day, &date) == dates - weekday && date.month > 0 &&
                   (date.year == 0 ? weekday == 0 : civil_date_is_valid(date));
    is_read = is_read && say_apart(line, &kept[at], 1);
    bool is_of_feast = is_read && find_reading(&line->selected, day, date, &is);
    if (is_read && !is_of_feast && date.year == 0 && ask_year_of(line, date)) {
        return true;
    }
    is_read = is_read && is_of_feast;
    if (!is_read) {
        memcpy(line->select, kept, count * sizeof *kept);
        line->selects = count;
        return false;
    }
    if (date.year != 0 && !is_same(is, date)) {
        line_refuse(line, "that day is not on %04d-%02d-%02d but on %04d-%02d-%02d", date.year,
                    date.month, date.day, is.year, is.month, is.day);
    }
    line->selected = (struct choices){.count = 1};
    choices_say(&line->selected, "%s", day);
    return true;
}
