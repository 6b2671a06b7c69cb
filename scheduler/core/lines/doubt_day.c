/* Which day's midnight, and which day's evening. */
#include <stdio.h>

#include "lines/line.h"
#include "text/text.h"
#include "words/words.h"

/* From this hour on "the evening of" a Jewish feast may be that before its day. */
enum { LATE_S = 15 * 3600 };

/* The day after what is selected, or the day before.  False: it is too much to be said so. */
static bool say_neighbour(const char *text, bool is_after, char out[static SELECT_SIZE])
{
    static const char *const joints[] = {" if ", " skip ",  " only ", " and ",
                                         " or ", " minus ", ",",      "("};
    int32_t day, year = 0;
    char word[32];
    int used = 0;
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        if (strstr(text, joints[i]) != NULL) {
            return false;
        }
    }
    snprintf(out, SELECT_SIZE, "1 day %s %s", is_after ? "after" : "before", text);
    const struct word *found;
    if (sscanf(text, "every %31[a-z]%n", word, &used) == 1 && text[used] == '\0' &&
        (found = words_find(WORD_WEEKDAY, word, strlen(word), NULL)) != NULL) {
        day = (found->value - 1 + (is_after ? 1 : 6)) % 7 + 1;
        snprintf(out, SELECT_SIZE, "every %s", words_name(WORD_WEEKDAY, day));
    } else if (is_after &&
               sscanf(text, "%d %31[a-z]%n %d%n", &day, word, &used, &year, &used) >= 2 &&
               text[used] == '\0' &&
               (found = words_find(WORD_MONTH, word, strlen(word), NULL)) != NULL &&
               (year != 0 || day < 28 || found->value != 2)) {
        struct civil_date next = {year != 0 ? year : COMMON_YEAR, found->value, day};
        if (civil_date_is_valid(next)) {
            next = civil_from_day_number(civil_day_number(next) + 1);
            snprintf(out, SELECT_SIZE, "%d %s", next.day, words_name(WORD_MONTH, next.month));
            if (year != 0) {
                text_join(out, SELECT_SIZE, " ", "%d", next.year);
            }
        }
    }
    return true;
}

/* "15 nisan hebrew", and nothing more. */
static bool is_hebrew_date(const char *text)
{
    static const char calendar[] = " hebrew";
    const char *month = text + strspn(text, "0123456789 ");
    const char *end = month + strspn(month, "abcdefghijklmnopqrstuvwxyz");
    end += strcmp(end, calendar) == 0 ? 0 : strspn(end, " i"); /* adar i */
    return month > text && (strcmp(end, calendar) == 0 || strcmp(end, calendar + 1) == 0);
}

void line_doubt_day(struct line *line)
{
    bool is_evening = line->sun != NULL &&
                      (strstr(line->sun, "dusk") != NULL || strcmp(line->sun, "sunset") == 0);
    bool is_late = line->has_clock && line->clock >= LATE_S && line->clock < 86400;
    struct choices before = line->selected;
    line->selected.count = 0;
    for (size_t i = 0; i < before.count; i++) {
        const char *text = before.text[i];
        char other[SELECT_SIZE] = "";
        bool is_hebrew = strstr(text, " hebrew") != NULL;
        bool begins_at_dusk = ((is_evening && (is_hebrew || strstr(text, " hijri") != NULL)) ||
                               (is_late && is_hebrew_date(text))) &&
                              strstr(text, "day before ") == NULL;
        bool is_bounded_end = line->is_day_end && line->bounds.count > 0; /* of the last day too? */
        bool is_midnight = (line->is_midnight || line->is_night_hour) &&
                           (strcmp(text, "every day") != 0 || is_bounded_end);
        bool is_said = (begins_at_dusk || is_midnight) && say_neighbour(text, is_midnight, other);
        if (is_said && line->is_day_end && !is_bounded_end) { /* 24:00 is that of the day's end */
            snprintf(line->selected.text[line->selected.count++], SELECT_SIZE, "%s", other);
            continue;
        }
        if (begins_at_dusk) {
            line_ask(line, "which evening?  That day begins at the sunset before it");
        } else if (is_midnight && line->is_night_hour && !line->is_midnight) {
            line_ask(line, "which night, the one before that day or the one after it?  Write the "
                           "day that it is at that hour");
        } else if (is_midnight) {
            line_ask(line, "which midnight?  Write 00:00, and the day that begins then");
        }
        for (size_t k = 0; k < (is_said ? 2U : 1U) && line->selected.count < CHOICES_MAX; k++) {
            snprintf(line->selected.text[line->selected.count++], SELECT_SIZE, "%s",
                     (k == 0) == begins_at_dusk && is_said ? other : text);
        }
    }
}
